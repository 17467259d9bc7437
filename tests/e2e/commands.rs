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
    for path in ["queues.main.numbers[0]", "queues.repairs.parent", "queues.billing.agents[1]"] {
        assert!(told.contains(path), "{path} in {told}");
    }
    let host = check(&center("listen = 'nowhere'"));
    assert_eq!(host.status.code(), Some(1));
    assert!(text(&host.stderr).contains("host"), "{host:?}");
    // A host that does not start tells the same lines.
    let serve = |command: &[&str]| {
        let path = [path.to_str().unwrap()];
        run(&[command, &path[..]].concat(), "")
    };
    for command in [&["serve"][..], &["replay"]] {
        let refused = serve(command);
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&host.stderr).starts_with(&text(&refused.stderr)), "{refused:?}");
    }
    let tip = serve(&[]);
    assert_eq!(tip.status.code(), Some(2));
    assert!(text(&tip.stderr).contains("frontdesk serve /"), "{tip:?}");
    let none = run(&["nowhere.toml"], "");
    assert!(none.status.code() == Some(2) && !text(&none.stderr).contains("frontdesk serve"));
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
[after_hours.chat]
web = 'email'
[support]
contact = 'Call us.'
email = 'help@acme.example'
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
    let schedule = &holiday["schedule"];
    assert_eq!(
        (&schedule["zone"], &schedule["of"]),
        (&json!("America/New_York"), &json!("the center"))
    );
    assert_eq!(holiday["answer"], json!({ "is": "closed" }));
    let told =
        json!({ "text": { "en": "Happy Thanksgiving!" }, "voice": { "en": "Closed today." } });
    assert_eq!(holiday["told"], told);
    let web = answer(&["--at", "2026-11-26T10:00", "--entry-point", "web"]);
    assert_eq!(web["answer"]["offers"], json!(["email"]));
    assert_eq!(web["answer"]["email"], "help@acme.example");
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
        (vec!["--lang", "fr"], "--lang: `fr` is not spoken here"),
        (vec!["--channel", "call"], "--entry-point: calls do not come through it"),
    ] {
        let said = ask(&more);
        assert_eq!(said.status.code(), Some(1));
        assert!(text(&said.stderr).contains(words), "{}", text(&said.stderr));
    }
}

#[test]
fn dlc_1_a_registration_is_looked_at_before_it_is_sent() {
    let campaigns = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/tendlc/tests/campaigns");
    let lint = |file: &str, more: &[&str]| {
        let path = format!("{campaigns}/{file}.toml");
        run(&[&["lint", &path], more].concat(), "")
    };
    let clean = lint("clean/harbor-dental", &[]);
    assert_eq!((clean.status.code(), text(&clean.stdout)), (Some(0), String::new()));
    // What one begins with has nothing to mend.
    let sample = tempfile::tempdir().unwrap();
    let path = sample.path().join("campaign.toml");
    std::fs::write(&path, run(&["sample", "campaign"], "").stdout).unwrap();
    let begun = run(&["lint", path.to_str().unwrap(), "--fail-on", "note"], "");
    assert_eq!((begun.status.code(), text(&begun.stdout)), (Some(0), String::new()));
    let defect = lint("defects/sample-shortener", &[]);
    assert_eq!(defect.status.code(), Some(1));
    let told = "error campaign.samples[1]: has a link of `bit.ly`, which is anybody's; use links of a domain of the brand's own [sample-shortener, CTIA 2023, 5.3.2, since 2023-05-01]";
    assert_eq!(text(&defect.stdout).trim(), told);
    assert!(text(&defect.stderr).contains("1 error, 0 warnings, 0 notes"));
    // A warning alone is no failure, unless it is to be one.
    assert_eq!(lint("defects/help-reply", &[]).status.code(), Some(0));
    assert_eq!(lint("defects/help-reply", &["--fail-on", "warning"]).status.code(), Some(1));
    let json: serde_json::Value =
        serde_json::from_str(&text(&lint("defects/pool", &["--format", "json"]).stdout)).unwrap();
    assert_eq!((&json[0]["rule"], &json[0]["path"]), (&json!("pool"), &json!("campaign.numbers")));
    let sarif: serde_json::Value =
        serde_json::from_str(&text(&lint("defects/pool", &["--format", "sarif"]).stdout)).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "pool");
    let folder = tempfile::tempdir().unwrap();
    // Facts of a host's own, and of a day before they held.
    let facts = folder.path().join("facts.toml");
    let row = "[[lint_rules]]\nrule = 'sample-shortener'\nseverity = 'note'\nbasis = { source = 'us', since = '2024-01-01', confidence = 'low' }";
    std::fs::write(&facts, row).unwrap();
    let facts = facts.to_str().unwrap();
    let softer = lint("defects/sample-shortener", &["--facts", facts]);
    assert_eq!(softer.status.code(), Some(0));
    assert!(text(&softer.stdout).starts_with("note campaign.samples[1]"));
    let before = lint("defects/sample-shortener", &["--facts", facts, "--date", "2023-06-01"]);
    assert_eq!(text(&before.stdout), "");
    std::fs::write(folder.path().join("facts.toml"), "[[shorteners]]\ndomains = ['a.b']").unwrap();
    let refused = lint("defects/pool", &["--facts", facts]);
    assert!(text(&refused.stderr).contains("shorteners[0].basis.source: missing"));
    let path = folder.path().join("a.json");
    std::fs::write(&path, r#"{ "brand": { "entity_type": "CLUB" }, "campaign": {} }"#).unwrap();
    let refused = run(&["lint", path.to_str().unwrap()], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("unknown variant `CLUB`"), "{}", text(&refused.stderr));
}

#[test]
fn dlc_1_a_rule_is_explained_on_the_command_line() {
    let explained = run(&["lint", "--explain", "sample-shortener"], "");
    assert_eq!(explained.status.code(), Some(0), "{}", text(&explained.stderr));
    assert!(
        text(&explained.stdout).starts_with("sample-shortener: error\nsource: CTIA 2023, 5.3.2")
    );
    let json = run(&["lint", "--explain", "pool", "--format", "json"], "");
    let json: serde_json::Value = serde_json::from_str(&text(&json.stdout)).unwrap();
    assert_eq!(json["example"], json!({ "field": "campaign.numbers", "bad": "50", "good": "1" }));
    let unknown = run(&["lint", "--explain", "sample-shortner"], "");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("did you mean sample-shortener"));
    // Neither a file nor a rule is a mistake of the command line.
    assert_eq!(run(&["lint"], "").status.code(), Some(2));
}

/// As calendars write holidays: each year, by rule, with a duration, and what is no holiday.
const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Acme//EN
BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Easter Monday\r\nDTSTART;VALUE=DATE:20260406\r\nDURATION:P1D\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Easter Monday\r\nDTSTART;VALUE=DATE:20270329\r\nDURATION:P1D\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Thanksgiving\r\nDTSTART;VALUE=DATE:20201126\r\nDTEND;VALUE=DATE:20201127
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20201225\r\nDURATION:P2D\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:5\r\nSUMMARY:A holiday with a very long name\r\nDTSTART;VALUE=DATE:20270701\r\nDTEND;VALUE=DATE:20270704\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:6\r\nSUMMARY:Party\r\nDTSTART:20270326T180000Z\r\nDTEND:20270326T190000Z\r\nEND:VEVENT
BEGIN:VEVENT\r\nUID:7\r\nSUMMARY:Odd\r\nDTSTART;VALUE=DATE:20270326\r\nRRULE:FREQ=YEARLY;BYWEEKNO=20\r\nEND:VEVENT
END:VCALENDAR\r\n";

#[test]
fn hrs_3_what_closes_nobody_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("us.ics");
    let day = |name: &str, more: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{name}\r\nSUMMARY:{name}\r\nDTSTART;VALUE=DATE:20270214\r\n{more}END:VEVENT\r\n"
        )
    };
    let yearly = "RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20290214\r\n";
    let days = [
        day("New Year", ""),
        day("Moved", "STATUS:CANCELLED\r\n"),
        day("But one", yearly),
        day("But two", &format!("{yearly}EXDATE;VALUE=DATE:20300214\r\n")),
        day("Hug day", "DESCRIPTION:Observance\\nTo hide observances\\, go to settings\r\n"),
        day("Cat day", "CATEGORIES:Holidays,Observance\r\n"),
        day("Valentine's Day", ""),
    ];
    let calendar = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", days.concat());
    std::fs::write(&path, calendar).unwrap();
    let output = run(&["holidays", path.to_str().unwrap()], "");
    let (sections, notes) = (text(&output.stdout), text(&output.stderr));
    let names: Vec<&str> = sections.lines().filter(|line| line.starts_with("name")).collect();
    assert_eq!(names, ["name = \"New Year\"", "name = \"Valentine's Day\""]);
    for note in [
        "`Moved` is left out: it is cancelled",
        "`But one` is left out: its rule has exceptions",
        "`But two` is left out: its rule has exceptions",
        "`Hug day` is left out: it is an observance",
        "`Cat day` is left out: it is an observance",
        "`Valentine's Day` is a day on which most businesses are open",
    ] {
        assert!(notes.contains(note), "{notes}");
    }
}

#[test]
fn holidays_come_from_a_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let calendar = CALENDAR.replace("\r\n", "\n").replace('\n', "\r\n");
    let output = run(&["holidays", &file("us.ics", &calendar), "--folder", "US"], "");
    let sections = text(&output.stdout);
    let dates: Vec<&str> = sections.lines().filter(|line| line.starts_with("dates")).collect();
    let expected = [
        "dates = \"2027-07-01 to 2027-07-03\"",
        "dates = \"12/25-12/26\"",
        "dates = \"2026-04-06, 2027-03-29\"",
        "dates = \"4th Thu Nov\"",
    ];
    assert_eq!(dates, expected);
    let notes = text(&output.stderr);
    for note in
        ["is shortened to `A holiday with a very`", "`Party` is left out", "`Odd` is left out"]
    {
        assert!(notes.contains(note), "{notes}");
    }
    // What it prints is configuration.
    let hours = "[hours]\nzone = 'UTC'\nopen = { daily = '24 hours' }\nholidays = ['US']";
    let config = center("").replacen("[[agents]]", &format!("{hours}\n{sections}\n[[agents]]"), 1);
    let config = file("center.toml", &config);
    let open = |at: &str| {
        let answer = run(&["hours", &config, "--queue", "billing", "--at", at], "");
        let answer: serde_json::Value = serde_json::from_str(&text(&answer.stdout)).unwrap();
        answer["open"].as_bool().unwrap()
    };
    let days = ["2027-03-29T12:00", "2026-11-26T12:00", "2030-12-26T12:00", "2027-07-03T12:00"];
    assert_eq!(days.map(open), [false; 4]);
    assert!(open("2027-07-04T12:00"));
    let later = run(&["holidays", &file("us.ics", &calendar), "--since", "2027"], "");
    assert!(!text(&later.stdout).contains("2026"));
    for (name, content) in [("x.ics", "hello"), ("y.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")] {
        assert_eq!(run(&["holidays", &file(name, content)], "").status.code(), Some(1), "{name}");
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
