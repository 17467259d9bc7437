//! A clean campaign as the provider's request, judged by a strict mock made from the provider's own OpenAPI document.

use std::process::Command;

use frontdesk_tests::{Prism, file};

const BRAND: &str = "BN0123456789abcdef0123456789abcdef";

/// What `frontdesk lint --export twilio` says of a campaign: whether it was exported, and the form or why not.
fn export(campaign: &str, brand: &str) -> (bool, String) {
    let path = file(&format!("../crates/tendlc/tests/campaigns/{campaign}"));
    let output = Command::new(frontdesk_tests::program())
        .args(["lint", path.to_str().unwrap(), "--export", "twilio", "--brand", brand])
        .output()
        .unwrap();
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(said).unwrap().trim().to_owned())
}

#[test]
fn dlc_1_a_clean_campaign_is_the_providers_request() {
    let prism = Prism::start("twilio-a2p-openapi.json");
    let service = "MG0123456789abcdef0123456789abcdef";
    let url = format!("{}/v1/Services/{service}/Compliance/Usa2p", prism.url);
    let post = |form: &str| {
        let request = ureq::post(&url).config().http_status_as_error(false).build();
        let request = request.header("Authorization", "Basic QUM6eA==");
        let request = request.content_type("application/x-www-form-urlencoded");
        request.send(form).unwrap().status().as_u16()
    };
    let clean = file("../crates/tendlc/tests/campaigns/clean");
    let mut sent = 0;
    for entry in std::fs::read_dir(clean).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (exported, form) = export(&format!("clean/{name}"), BRAND);
        assert!(exported, "{name}: {form}");
        assert_eq!(post(&form), 201, "{name}: {form}");
        sent += 1;
    }
    assert!(sent >= 30, "{sent}");
    // The mock is strict.
    let (_, form) = export("clean/harbor-dental.toml", BRAND);
    let without = |field: &str| {
        form.split('&').filter(|part| !part.starts_with(field)).collect::<Vec<_>>().join("&")
    };
    for field in [
        "BrandRegistrationSid",
        "MessageFlow",
        "MessageSamples",
        "UsAppToPersonUsecase",
        "HasEmbeddedLinks",
    ] {
        assert_eq!(post(&without(field)), 422, "{field}");
    }
}

#[test]
fn what_would_be_turned_down_is_not_exported() {
    let (exported, why) = export("defects/sample-shortener.toml", BRAND);
    assert!(!exported && why.contains("sample-shortener"), "{why}");
    let (exported, why) = export("clean/harbor-dental.toml", "BN12");
    assert!(!exported && why.contains("`BN12` is no brand at Twilio"), "{why}");
}
