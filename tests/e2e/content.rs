//! The content check as a command (DLC-5).

use frontdesk_tests::{center, filter, program};
use serde_json::{Value, json};

const COMPLIANCE: &str = r#"
[compliance]
domains = ["acme.example"]

[[compliance.content.exceptions]]
category = "tobacco"
reason = "a museum of tobacco; counsel"
since = "2026-01-01"
until = "2026-12-31"
"#;

fn answers(arguments: &[&str], lines: &[Value]) -> (Vec<Value>, Option<i32>, String) {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let input = lines.join("\n") + "\n";
    let output = filter(program(), &[&["content"], arguments].concat(), &input);
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (answers, output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn dlc_5_the_content_command_tells_verdict_category_why_and_words() {
    let text = |kind: &str, body: &str| json!({"kind": kind, "body": body});
    let lines = [
        text("informational", "Your order is ready. Reply STOP to unsubscribe."),
        text("promotional", "THCA flower is back, 1oz from $89"),
        text("conversational", "THCA flower is back, 1oz from $89"),
        json!({"kind": "promo", "body": "x"}),
        json!("Your order is ready."),
        json!({"kind": "promotional", "body": "See bit.ly/x", "first": true}),
    ];
    let (answers, code, told) = answers(&[], &lines);
    assert_eq!(answers.len(), 6);
    assert_eq!(answers[0], json!({"verdict": "send", "findings": []}));
    let cannabis = json!({
        "category": "cannabis",
        "why": "offers cannabis, kratom or products with CBD or THC",
        "words": ["THCA", "from $89"],
        "effect": "refuse",
    });
    assert_eq!(answers[1], json!({"verdict": "refuse", "findings": [cannabis]}));
    assert_eq!(answers[2]["verdict"], "remark");
    let error = answers[3]["error"].as_str().unwrap();
    assert!(error.starts_with("line 4: a JSON object like "), "{error}");
    assert!(error.contains("unknown variant `promo`"), "{error}");
    assert!(answers[4]["error"].as_str().unwrap().starts_with("line 5: "), "{answers:?}");
    let categories: Vec<&str> = answers[5]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["category"].as_str().unwrap())
        .collect();
    assert_eq!(categories, ["deceptive_links", "no_opt_out"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("line 4: is the first of 2 lines that are not JSON objects"), "{told}");
}

#[test]
fn dlc_5_the_content_command_goes_by_a_centers_own_settings_and_exceptions() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("center.toml");
    std::fs::write(&config, center("") + COMPLIANCE).unwrap();
    let config = config.to_str().unwrap();
    let cigars = json!({"kind": "promotional", "body": "Cigars 20% off, see acme.example/x"});
    let on =
        |date: &str| answers(&["--config", config, "--date", date], std::slice::from_ref(&cigars));
    let (told, code, error) = on("2026-11-27");
    assert_eq!((code, error.as_str()), (Some(0), ""));
    assert_eq!(told[0]["verdict"], "send", "{told:?}");
    assert_eq!(told[0]["findings"][0]["excepted"], "a museum of tobacco; counsel", "{told:?}");
    assert_eq!(told[0]["findings"].as_array().unwrap().len(), 1, "{told:?}");
    assert_eq!(on("2027-01-01").0[0]["verdict"], "refuse");
    let (_, code, error) = answers(&["--config", config, "--campaign", "C9"], &[]);
    assert_eq!(code, Some(1));
    assert!(error.contains("`C9` is no campaign of this configuration; it has none"), "{error}");
}
