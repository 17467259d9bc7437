//! Checks against do-not-call lists, and revocations by letter and phone, over HTTP (DLC-3, DLC-4).

use frontdesk_tests::{ADMIN, ANA, Host, SUPERVISOR};
use serde_json::{Value, json};

use crate::consent::campaigns;

fn config() -> String {
    let scrub =
        "[compliance.scrub]\nlists = ['national_do_not_call']\ndays = 31\n[[compliance.campaigns]]";
    let numbers = "numbers = ['+12025550120', '+12025550121']";
    campaigns().replacen("numbers = ['+12025550120']", numbers, 1).replacen(
        "[[compliance.campaigns]]",
        scrub,
        1,
    )
}

#[test]
fn dlc_4_results_of_checks_are_imported_told_and_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config()));
    let header = "consumer,list,result,checked";
    let good = format!("{header}\n202 555 0123,national_do_not_call,clear,2026-06-20\n");
    let wrong = format!("{good}+12025550124,dnc,listed,2026-06-20\n");
    let refused = host.list(ADMIN, "/scrubs?file=june.csv", &wrong);
    assert_eq!((refused.status, &refused.json()["field"]), (400, &json!("list")));
    assert!(
        refused.body.contains("line 3, list: `dnc`; allowed are deactivated_numbers"),
        "{refused:?}"
    );
    let path = "/consumers/+12025550123/scrubs";
    assert_eq!(host.get(path), json!([]), "nothing of it was taken");
    assert_eq!(host.list(SUPERVISOR, "/scrubs", &good).status, 403);
    let long = format!("/scrubs?file={}", "x".repeat(201));
    assert_eq!(host.list(ADMIN, &long, &good).json()["field"], "file");
    let taken = host.list(ADMIN, "/scrubs?file=june.csv", &good);
    assert_eq!(taken.json(), json!({ "recorded": 1, "known": 0 }), "{taken:?}");
    assert_eq!(
        host.list(ADMIN, "/scrubs?file=june.csv", &good).json(),
        json!({ "recorded": 0, "known": 1 })
    );
    host.kill();

    let host = Host::start(folder.path(), Some(&config()));
    assert_eq!(host.call(ANA, "GET", path, None).status, 403);
    let known = host.call(SUPERVISOR, "GET", path, None).json();
    assert_eq!(known[0]["result"], "clear");
    assert_eq!(
        (&known[0]["list"], &known[0]["checked"]),
        (&json!("national_do_not_call"), &json!("2026-06-20T00:00:00Z"))
    );
    assert!(known[0]["source"].as_str().unwrap().starts_with("june.csv, imported by "), "{known}");
    assert!(!host.log().contains("5550123"), "no number in the log");
}

#[test]
fn dlc_3_a_letter_is_entered_once_with_its_clock_and_a_late_one_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config()));
    let path = "/consumers/202 555 0123/revocations".replace(' ', "%20");
    let revoke = |token: &str, body: &Value| host.call(token, "POST", &path, Some(body));
    let letter = json!({ "programme": "C1", "channel": "mail", "given": "2026-02-02", "wording": "No more texts!", "evidence": "letter 7" });
    let with = |field: &str, value: Value| {
        let mut body = letter.clone();
        body[field] = value;
        body
    };
    assert_eq!(revoke(ANA, &letter).status, 403);
    for (field, value, message) in [
        ("programme", json!("C9"), "`C9` is neither a campaign nor a number"),
        (
            "channel",
            json!("pigeon"),
            "`pigeon`; allowed are email, in_person, list, mail, phone, web",
        ),
        ("given", json!("2199-01-01"), "has not been yet"),
        ("given", json!("soon"), "`soon`; allowed is a date or an instant"),
        ("evidence", json!(""), "is empty"),
        ("evidence", json!({ "form": "web" }), "is empty"),
        ("wording", json!("x".repeat(4_097)), "4097 characters; allowed are 4096"),
    ] {
        let refused = revoke(SUPERVISOR, &with(field, value));
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!(field)), "{refused:?}");
        assert!(refused.body.contains(message), "{refused:?}");
    }
    assert_eq!(host.get(&path), json!([]));
    let entered = revoke(SUPERVISOR, &letter);
    assert_eq!(entered.status, 200, "{entered:?}");
    let entered = &entered.json()[0];
    // Presidents' Day and two weekends do not count.
    assert_eq!(entered["due"], "2026-02-17");
    assert_eq!((&entered["new"], &entered["in_time"]), (&json!(true), &json!(false)));
    assert_eq!(entered["standing"], "opted_out");
    let again = revoke(ADMIN, &letter).json();
    assert_eq!((&again[0]["new"], &again[0]["entered"]), (&json!(false), &entered["entered"]));
    // Without a programme: also the other numbers.
    let mut every = letter.clone();
    every.as_object_mut().unwrap().remove("programme");
    let every = revoke(SUPERVISOR, &every).json();
    assert!(
        every.as_array().unwrap().iter().any(|one| one["programme"] == "+12025550121"),
        "{every}"
    );
    let late = host.get("/compliance/late-revocations");
    let of_campaign = late.as_array().unwrap().iter().find(|one| one["programme"] == "C1").unwrap();
    assert_eq!(of_campaign["days_late"], entered["days_late"]);
    let text = host
        .call(ADMIN, "GET", "/consumers/+12025550123/consent?programme=C1&format=text", None)
        .body;
    assert!(text.contains("to be honoured by 2026-02-17, entered "), "{text}");
    assert!(text.contains("evidence: letter 7, entered by: "), "{text}");
    assert!(!host.log().contains("5550123"), "no number in the log");
}
