//! A blank secret is no secret.

use std::process::{Command, Output, Stdio};

use frontdesk_tests::{AUTH_TOKEN, Host, center, encode, program, twilio_host};

const TOKEN: &str = "FRONTDESK_TWILIO_AUTH_TOKEN";

/// Runs a host that is expected to end by itself.
fn serve(folder: &std::path::Path, config: &str, variables: &[(&str, &str)]) -> Output {
    std::fs::write(folder.join("center.toml"), config).unwrap();
    let mut command = Command::new(program());
    command.args(["serve", "--listen", "127.0.0.1:0", "center.toml"]).current_dir(folder);
    command.env_remove(TOKEN).envs(variables.iter().copied()).stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
fn twilio_without_a_secret_does_not_start_and_a_blank_one_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let (empty, blank) = (file("empty", ""), file("blank", " \n\n"));
    let named = format!("{TOKEN}_FILE");
    for variables in [
        vec![],
        vec![(TOKEN, "")],
        vec![(TOKEN, " \t")],
        vec![(named.as_str(), "")],
        vec![(named.as_str(), empty.as_str())],
        vec![(TOKEN, ""), (named.as_str(), blank.as_str())],
    ] {
        let ended = serve(folder.path(), &twilio_host("https://api.twilio.com"), &variables);
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && told.contains(TOKEN), "{variables:?}: {told}");
    }
}

#[test]
fn a_webhook_that_is_signed_with_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start_with(folder.path(), Some(&center("")), &[(TOKEN, "")]);
    let form = encode(&[
        ("MessageSid", "SM1"),
        ("From", "+12025550123"),
        ("To", "+12025550100"),
        ("Body", "stop"),
    ]);
    // `printf %s "$url$fields" | openssl dgst -sha1 -hmac "" -binary | base64`, made with a key of no bytes.
    let signature = frontdesk_tests::signature_with_key(
        b"",
        &format!("{}/webhooks/twilio/messages", host.url),
        &form,
    );
    let answer = host.webhook("/webhooks/twilio/messages", form.as_bytes(), Some(&signature));
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(host.events().is_empty());
    drop(host);
    // With a blank variable, the file counts.
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{AUTH_TOKEN}\n")).unwrap();
    let named = format!("{TOKEN}_FILE");
    let variables = [(TOKEN, " "), (named.as_str(), file.to_str().unwrap())];
    let host = Host::start_with(folder.path(), Some(&center("")), &variables);
    assert_eq!(host.text("SM1", "+12025550123", "Hi").status, 200);
}

#[test]
fn the_hash_of_a_blank_token_is_a_mistake_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let config = format!("{}\n[[host.tokens]]\nrole = 'admin'\nsha256 = '{empty}'", center(""));
    let told = Host::try_start(folder.path(), Some(&config)).unwrap_err();
    assert!(told.contains("host.tokens[5].sha256") && told.contains("blank"), "{told}");
}
