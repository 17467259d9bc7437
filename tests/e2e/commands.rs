//! The command line.

use std::process::Output;

use frontdesk_tests::{center, filter, program};
use serde_json::json;

fn run(arguments: &[&str], input: &str) -> Output {
    filter(program(), arguments, input)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_tells_every_problem_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("center.toml");
    let check = |config: &str| {
        std::fs::write(&path, config).unwrap();
        run(&["check", path.to_str().unwrap()], "")
    };
    let good = check(&center(""));
    assert!(good.status.success() && text(&good.stdout).contains("is valid"), "{good:?}");

    let bad = center("")
        .replace("+12025550100", "+1202555")
        .replace("parent = \"main\"\nname = \"Repairs\"", "parent = \"mian\"\nname = \"Repairs\"")
        .replace("agents = [\"ana\", \"ben\"]", "agents = [\"ana\", \"eve\"]");
    let bad = check(&bad);
    assert_eq!(bad.status.code(), Some(1));
    let told = text(&bad.stderr);
    for path in ["queues[0].numbers[0]", "queues[2].parent", "queues[1].agents[1]"] {
        assert!(told.contains(path), "{path} in {told}");
    }
    let host = check(&center("listen = 'nowhere'"));
    assert_eq!(host.status.code(), Some(1));
    assert!(text(&host.stderr).contains("host"), "{host:?}");
    let missing = run(&["check", "/nowhere.toml"], "");
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("/nowhere.toml"));
}

#[test]
fn replay_is_a_filter_of_json_lines() {
    let input = r#"
        {"at":"2026-11-20T15:00:00Z","input":"text","id":"SM1","from":"+12025550123","to":"+12025550100","body":"Hello"}
        {"at":"2026-11-20T15:00:05Z","input":"text","id":"SM2","from":"+12025550123","to":"+12025550100","body":"3"}
    "#;
    let (first, second) = (run(&["replay"], input), run(&["replay"], input));
    assert!(first.status.success(), "{first:?}");
    assert_eq!(first.stdout, second.stdout);
    let lines = text(&first.stdout);
    let records: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        records.iter().any(|record| record["events"][0]["type"] == "session_started"),
        "{lines}"
    );
    let last = records.iter().flat_map(|record| record["events"].as_array().unwrap());
    assert!(
        last.filter(|event| event["type"] == "queued").any(|event| event["queue"] == "billing"),
        "{lines}"
    );

    let broken = run(&["replay"], "{\"at\":1}");
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stderr).starts_with("line 1"), "{broken:?}");
}

#[test]
fn chat_shows_both_sides() {
    let script = "hello\n3\n/take\n@ Hi, this is Ana\nthanks\n/end\nstop\n/quit\n";
    let chat = run(&["chat", "--virtual"], script);
    assert!(chat.status.success(), "{chat:?}");
    let shown = text(&chat.stdout);
    for expected in [
        "→ hello",
        "3. Billing",
        "[waits in billing]",
        "[ana has it]",
        "← Hi, this is Ana",
        "→ thanks",
        "[ended",
        "[opted out]",
    ] {
        assert!(shown.contains(expected), "{expected} in\n{shown}");
    }
    let waits = text(&run(&["chat", "--virtual"], "hello\n3\n/wait 25h\n").stdout);
    assert!(waits.contains("[ended"), "{waits}");
}

#[test]
fn hours_are_told_and_a_month_is_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("center.toml");
    let config = center("").replacen(
        "[[agents]]",
        "[hours]
zone = 'America/New_York'
open = { mon-fri = '09:00-17:00' }
holidays = ['*']
[[holidays]]
name = 'Thanksgiving'
dates = '4th thu nov'
text = 'Happy Thanksgiving!'
voice = 'Closed today.'
[[agents]]",
        1,
    );
    std::fs::write(&path, config).unwrap();
    let path = path.to_str().unwrap();
    let ask = |more: &[&str]| run(&[&["hours", path, "--queue", "billing"], more].concat(), "");
    let answer = |more: &[&str]| -> serde_json::Value {
        serde_json::from_str(&text(&ask(more).stdout)).unwrap()
    };
    let holiday = answer(&["--at", "2026-11-26T10:00"]);
    assert_eq!(holiday["at"], "2026-11-26T10:00:00-05:00");
    assert_eq!((&holiday["open"], &holiday["why"]), (&json!(false), &json!("a holiday")));
    assert_eq!(holiday["next_opening"], "2026-11-27T09:00:00-05:00");
    assert_eq!(holiday["schedule"], json!({ "zone": "America/New_York", "of": "the center" }));
    let told =
        json!({ "text": { "en": "Happy Thanksgiving!" }, "voice": { "en": "Closed today." } });
    assert_eq!(holiday["told"], told);
    let open = answer(&["--at", "2026-11-25T15:00:00Z", "--zone", "Asia/Tokyo"]);
    assert_eq!((&open["open"], &open["told"]), (&json!(true), &json!(null)));
    assert_eq!(open["next_change"], "2026-11-26T07:00:00+09:00");
    let month = text(&ask(&["--at", "2026-11-25T12:00", "--calendar"]).stdout);
    let lines: Vec<&str> = month.lines().collect();
    assert_eq!((lines.len(), lines[0]), (31, "November 2026 (America/New_York)"));
    assert_eq!(lines[25], "Wed 25  09:00-17:00");
    assert_eq!(lines[26], "Thu 26  closed                         Thanksgiving");
    for (more, words) in [
        (vec!["--at", "2026-03-08T02:30"], "is never on the clock of America/New_York"),
        (vec!["--at", "tomorrow"], "is no instant"),
        (vec!["--zone", "America/New York"], "did you mean America/New_York?"),
    ] {
        let said = ask(&more);
        assert_eq!(said.status.code(), Some(1));
        assert!(text(&said.stderr).contains(words), "{}", text(&said.stderr));
    }
}

#[test]
fn a_token_and_a_schema_are_made() {
    let token = text(&run(&["token", "agent", "--agent", "ana"], "").stdout);
    assert!(token.starts_with("fd_") && token.contains("sha256 = \""), "{token}");
    assert_ne!(token, text(&run(&["token", "agent", "--agent", "ana"], "").stdout));
    assert_eq!(run(&["token", "agent"], "").status.code(), Some(1));
    let schema: serde_json::Value =
        serde_json::from_str(&text(&run(&["schema"], "").stdout)).unwrap();
    assert!(schema["properties"]["queues"].is_object(), "{schema}");
}
