//! The ledger as a whole: sealed, its heads given to others, looked through by a command beside the host (DLC-3).

use std::{path::Path, process::Output};

use frontdesk_tests::{ADMIN, ANA, Host, SUPERVISOR, center, eventually, filter, program};
use rusqlite::Connection;
use serde_json::{Value, json};

pub(crate) fn config(folder: &Path) -> String {
    let key = folder.join("ledger.key");
    let vault = folder.join("heads.jsonl");
    center(&format!(
        "[host.ledger]\norigin = 'desk.example.com/test'\nkey = '{}'\n[[host.ledger.anchors]]\nkind = 'file'\nname = 'vault'\npath = '{}'",
        key.display(),
        vault.display()
    ))
}

pub(crate) fn ledger(folder: &Path, arguments: &[&str]) -> Output {
    let database = folder.join("frontdesk.sqlite");
    let config = folder.join("center.toml");
    let (first, rest) = arguments.split_first().unwrap();
    let place = [config.to_str().unwrap(), "--database", database.to_str().unwrap()];
    let all = [&["ledger", first][..], &place, rest].concat();
    filter(program(), &all, "")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn report(folder: &Path) -> (Option<i32>, Value) {
    let done = ledger(folder, &["verify", "--format", "json"]);
    let json = serde_json::from_slice(&done.stdout);
    (done.status.code(), json.unwrap_or_else(|_| panic!("{done:?}")))
}

pub(crate) fn new_key(folder: &Path) -> Output {
    let out = folder.join("ledger.key");
    filter(program(), &["ledger", "key", "--name", "test-key", "--out", out.to_str().unwrap()], "")
}

#[test]
fn dlc_3_the_ledger_is_sealed_anchored_and_looked_through_beside_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let made = new_key(folder.path());
    assert!(made.status.success(), "{made:?}");
    let public = text(&made.stdout);
    assert!(public.starts_with("test-key+") && !public.contains("PRIVATE"), "{public}");
    assert_eq!(new_key(folder.path()).status.code(), Some(1), "a key is never written over");

    let host = Host::start(folder.path(), Some(&config(folder.path())));
    for (n, body) in ["Hello?", "START", "STOP"].iter().enumerate() {
        assert_eq!(host.text(&format!("SM{n}"), "+12025550123", body).status, 200);
    }
    assert_eq!(host.call(ANA, "GET", "/ledger/head", None).status, 403);
    assert_eq!(host.call(SUPERVISOR, "POST", "/ledger/heads", None).status, 403);
    let anchored = || {
        let (code, report) = report(folder.path());
        assert_eq!(code, Some(0), "{report}");
        let whole =
            report["coverage"].as_array().unwrap().iter().all(|part| part["anchors"][0] == "vault");
        let sealed = report["unsealed"] == 0 && report["sealed"].as_u64() >= Some(3);
        (whole && sealed).then_some(report)
    };
    let found = eventually("the anchor", || {
        assert_eq!(host.call(ADMIN, "POST", "/ledger/heads", None).status, 200);
        anchored()
    });
    assert_eq!(found["heads"][0]["signed_by"][0], "test-key", "{found}");
    let head = host.call(SUPERVISOR, "GET", "/ledger/head", None);
    assert!(head.body.starts_with("desk.example.com/test\n"), "{head:?}");
    assert_eq!(text(&ledger(folder.path(), &["head"]).stdout), head.body);
    let over_http = host.call(ADMIN, "GET", "/ledger/report", None).json();
    assert_eq!(over_http["sealed"], found["sealed"]);

    // Nobody else writes the file meanwhile.
    let busy = ledger(folder.path(), &["anchor"]);
    assert_eq!(busy.status.code(), Some(1));
    assert!(text(&busy.stderr).contains("in use"), "{busy:?}");

    let proof = ledger(folder.path(), &["proof", "--consumer", "202 555 0123"]);
    let told = text(&proof.stdout);
    assert!(told.contains("covered by a head that an anchor has"), "{told}");
    let page = ledger(
        folder.path(),
        &[
            "proof",
            "--from",
            "2026-01-01T00:00:00Z",
            "--to",
            "2199-01-01T00:00:00Z",
            "--format",
            "html",
        ],
    );
    let page = text(&page.stdout);
    assert!(page.starts_with("<!doctype html>") && page.contains("+12025550123"), "{page}");
    let numbers = folder.path().join("numbers.txt");
    std::fs::write(&numbers, "+12025550123\n\n+12025550199\n").unwrap();
    let list =
        ledger(folder.path(), &["proof", "--list", numbers.to_str().unwrap(), "--format", "json"]);
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2, "each number has its section: {list}");
    assert!(list[1]["nothing"].as_str().unwrap().contains("+12025550199"), "{list}");
    std::fs::write(&numbers, "+12025550123\nhello\n").unwrap();
    let wrong = ledger(folder.path(), &["proof", "--list", numbers.to_str().unwrap()]);
    assert!(text(&wrong.stderr).contains("line 2"), "{wrong:?}");

    let erase =
        |body: Value| host.call(ADMIN, "POST", "/consumers/+12025550123/erasures", Some(&body));
    let long = erase(json!({ "reason": "x".repeat(501) }));
    assert_eq!((long.status, &long.json()["field"]), (400, &json!("reason")), "{long:?}");
    assert!(long.body.contains("501 characters; allowed are 500"), "{long:?}");
    assert_eq!(erase(json!({ "why": "x" })).status, 400);
    let erased = erase(json!({ "reason": "asked for by letter, case 812" })).json();
    assert!(erased["entries"].as_u64() >= Some(3), "{erased}");
    let again = host.call(ADMIN, "POST", "/consumers/+12025550123/erasures", None).json();
    assert_eq!(again, json!({ "entries": 0 }), "the reason stays");
    let page = host.call(SUPERVISOR, "GET", "/consumers/+12025550123/consent?format=html", None);
    assert!(page.body.contains("wording and evidence were erased"), "{page:?}");
    assert!(page.body.contains("reason: asked for by letter, case 812"), "{page:?}");
    assert!(page.body.contains("entered by: credential "), "{page:?}");
    eventually("the next seal", || {
        let (code, report) = report(folder.path());
        assert_eq!(code, Some(0), "{report}");
        (report["unsealed"] == 0).then_some(report)
    });
    host.kill();
}

#[test]
fn dlc_3_d11_a_stop_that_was_taken_out_of_the_file_is_told_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    assert!(new_key(folder.path()).status.success());
    let host = Host::start(folder.path(), Some(&config(folder.path())));
    assert_eq!(host.text("SM1", "+12025550123", "Hello?").status, 200);
    assert_eq!(host.text("SM2", "+12025550123", "STOP").status, 200);
    host.kill();
    let made = ledger(folder.path(), &["anchor"]);
    assert!(text(&made.stdout).contains("vault has it"), "{made:?}");
    assert_eq!(report(folder.path()).0, Some(0));

    let file = Connection::open(folder.path().join("frontdesk.sqlite")).unwrap();
    let gone = file.execute("DELETE FROM entries WHERE entry LIKE '%opted_out%'", []).unwrap();
    assert_eq!(gone, 1);
    drop(file);
    let host = Host::start(folder.path(), Some(&config(folder.path())));
    let (code, found) = report(folder.path());
    assert_eq!(code, Some(1), "{found}");
    assert!(found["problems"].to_string().contains("\"missing\""), "{found}");
    let told = ledger(folder.path(), &["verify"]);
    assert!(text(&told.stdout).contains("was sealed and is not there"), "{told:?}");
    host.kill();
}

#[test]
fn what_is_wrong_with_anchors_is_told_before_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let check = |section: &str| {
        let path = folder.path().join("center.toml");
        std::fs::write(&path, center(section)).unwrap();
        // Errors go to one, warnings to the other.
        let told = filter(program(), &["check", path.to_str().unwrap()], "");
        format!("{}{}", text(&told.stdout), text(&told.stderr))
    };
    let told = check(
        "[host.ledger]\norigin = 'a b'\nminutes = 0\nkey = 'x'\nformer_keys = ['nonsense']\n[[host.ledger.anchors]]\nkind = 'webhook'\nname = 'a b'\nurl = 'ftp://x'\n\
         [[host.ledger.anchors]]\nkind = 'file'\nname = 'a b'\npath = 'x'",
    );
    for path in [
        "host.ledger.origin: `a b` is no name",
        "host.ledger.minutes",
        "host.ledger.former_keys[0]",
        "host.ledger.anchors[0].url",
        "host.ledger.anchors[0].name",
        "host.ledger.anchors[1].name",
        "host.ledger.anchors[1].path",
    ] {
        assert!(told.contains(path), "{path} in {told}");
    }
    // Files of this machine, of which the text alone does not tell.
    let told = check(
        "[host.ledger]\nkey = '/nowhere/a.key'\n[[host.ledger.anchors]]\nkind = 'file'\nname = 'vault'\npath = '/nowhere/heads'",
    );
    for rule in ["[ledger-key]", "[ledger-anchor]", "/nowhere/a.key", "/nowhere: "] {
        assert!(told.contains(rule), "{rule} in {told}");
    }
    let missing =
        Host::try_start(folder.path(), Some(&center("[host.ledger]\nkey = 'nowhere.key'")));
    assert!(missing.unwrap_err().contains("nowhere.key"));
}

/// The person behind a token stays in the ledger when the token is taken out of the configuration, and the document names the legal
/// person of the sender.
#[test]
fn dlc_3_a_proof_names_the_sender_and_the_holder_of_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let config = |name: &str| {
        let person = "[compliance]\nlegal_name = 'Acme Stores LLC'\naddress = '1 Harbor Street, Portland, ME'\n";
        let hours = "[hours]\nzone = 'America/New_York'\nopen = { daily = '24 hours' }\n";
        let named =
            center("").replacen("role = 'supervisor'", &format!("role = 'supervisor'\n{name}"), 1);
        format!("{person}{hours}{named}")
    };
    let host = Host::start(folder.path(), Some(&config("name = 'Jo Diaz, front office'")));
    assert_eq!(host.text("SM1", "+12025550123", "Hello?").status, 200);
    let letter = json!({ "programme": "+12025550100", "channel": "mail", "given": "2026-02-01", "wording": "No more.", "evidence": "letter 7" });
    let path = "/consumers/+12025550123/revocations";
    assert_eq!(host.call(SUPERVISOR, "POST", path, Some(&letter)).status, 200);
    let mut other = letter;
    other["evidence"] = json!({ "reference": "letter 8", "entered_by": "Robin" });
    assert_eq!(host.call(SUPERVISOR, "POST", path, Some(&other)).status, 200);
    host.kill();
    std::fs::write(folder.path().join("center.toml"), config("")).unwrap();
    let told = text(&ledger(folder.path(), &["proof", "--consumer", "+12025550123"]).stdout);
    for expected in [
        "Sender (legal name): Acme Stores LLC\nAddress: 1 Harbor Street, Portland, ME\n",
        "Contact center: Acme (test)\n",
        "Made by: frontdesk ",
        "revoked by letter\n",
        "   given: 2026-02-01\n",
        " America/New_York\n",
        "evidence: letter 7, entered by: Jo Diaz, front office (credential ",
        "evidence: letter 8, entered by: Robin, through Jo Diaz, front office (credential ",
        "WHAT THIS DOCUMENT DOES NOT SHOW",
        "GLOSSARY",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    let none = ["proof", "--from", "2020-01-01", "--to", "2020-02-01"];
    for format in ["text", "html", "json"] {
        let told =
            text(&ledger(folder.path(), &[&none[..], &["--format", format]].concat()).stdout);
        let empty = "No entry was made between 2020-01-01 00:00 UTC and 2020-02-01 00:00 UTC.";
        assert!(told.contains(empty) && !told.contains("Nothing was ever"), "{format}: {told}");
    }
    let wrong = config("name = ' '");
    let wrong = Host::try_start(folder.path(), Some(&wrong)).err().unwrap();
    assert!(wrong.contains("name: found 1 characters; a name has 1 to 64"), "{wrong}");
}
