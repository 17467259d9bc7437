//! The ledger by those who have its heads, and what an auditor does with a copy (DLC-3).

use std::path::Path;

use frontdesk_tests::{Host, center, filter, program};
use rusqlite::Connection;

use crate::ledger::{config, ledger, new_key, report, text};

/// A ledger with a STOP in it and one head, which the vault has; nobody serves it.
fn anchored(folder: &Path) {
    assert!(new_key(folder).status.success());
    let host = Host::start(folder, Some(&config(folder)));
    assert_eq!(host.text("SM1", "+12025550123", "Hello?").status, 200);
    assert_eq!(host.text("SM2", "+12025550123", "STOP").status, 200);
    host.kill();
    let made = ledger(folder, &["anchor"]);
    assert!(text(&made.stdout).contains("vault has it"), "{made:?}");
    assert_eq!(report(folder).0, Some(0));
}

fn file(folder: &Path) -> Connection {
    Connection::open(folder.join("frontdesk.sqlite")).unwrap()
}

fn proof(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let done = ledger(folder, &[&["proof"], arguments].concat());
    (done.status.code(), text(&done.stdout) + &text(&done.stderr))
}

#[test]
fn dlc_3_b3_a_head_that_an_auditor_has_kept_is_compared_with_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    anchored(folder);
    let kept = folder.join("auditor.txt");
    std::fs::write(&kept, ledger(folder, &["head"]).stdout).unwrap();
    let vault = folder.join("heads.jsonl");
    let verify = |more: &[&str]| {
        let done = ledger(folder, &[&["verify"], more].concat());
        (done.status.code(), text(&done.stdout) + &text(&done.stderr))
    };
    let (kept, vault) = (kept.to_str().unwrap(), vault.to_str().unwrap());
    let (code, told) = verify(&["--head", kept, "--head", vault]);
    assert_eq!((code, told.matches("signed by test-key, is of the first").count()), (Some(0), 2));
    assert_eq!(verify(&["--require-anchor", "1"]).0, Some(0));

    // All of it is made anew, and the only anchor forgets.
    let anew = "DELETE FROM entries; DELETE FROM consumers; DELETE FROM log; DELETE FROM seals; DELETE FROM sealed_to;
                DELETE FROM items WHERE kind IN ('sealer', 'seal_node', 'ledger_head', 'ledger_anchor');";
    file(folder).execute_batch(anew).unwrap();
    std::fs::remove_file(vault).unwrap();
    let (code, told) = verify(&[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("anchor `vault`: it has no head"), "{told}");
    let (code, told) = verify(&["--head", kept]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("this copy is older, or entries were taken away"), "{told}");
    let (code, told) = verify(&["--head", kept, "--copy"]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = verify(&["--require-anchor", "1"]);
    assert_eq!(code, Some(1), "{told}");
    let (code, told) = verify(&["--head", "nowhere.txt"]);
    assert!(code != Some(0) && told.contains("nowhere.txt"), "{told}");
}

#[test]
fn dlc_3_b2_a_proof_does_not_vouch_for_a_forged_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    anchored(folder);
    let vouches = "since then none of them was changed";
    let one = ["--consumer", "+12025550123"];
    let (code, told) = proof(folder, &one);
    assert!(code == Some(0) && told.contains(vouches), "{told}");
    // The vault has another ledger's head of that size.
    let vault = folder.join("heads.jsonl");
    let line = std::fs::read_to_string(&vault).unwrap();
    std::fs::write(&vault, "").unwrap();
    let (_, told) = proof(folder, &one);
    assert!(!told.contains(vouches) && told.contains("NOT GOOD: the answer of vault"), "{told}");
    std::fs::write(&vault, line).unwrap();
    let host = Host::start(folder, Some(&config(folder)));
    let path = "/consumers/+12025550123/consent?format=text";
    let page = host.call(frontdesk_tests::SUPERVISOR, "GET", path, None);
    assert!(page.body.contains(vouches), "{page:?}");
    host.kill();
    let forged = "UPDATE items SET value = CAST(replace(CAST(value AS TEXT), 'test-key', 'some-key') AS BLOB) WHERE kind = 'ledger_head'";
    assert_eq!(file(folder).execute(forged, []).unwrap(), 1);
    let (_, told) = proof(folder, &one);
    assert!(!told.contains(vouches), "{told}");
    assert!(told.contains("no good signature of a known key"), "{told}");
}

#[test]
fn dlc_3_proofs_tell_of_each_number_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    anchored(folder);
    let list = folder.join("numbers.txt");
    std::fs::write(&list, "\u{feff}+12025550123\r\n+12025550188\n").unwrap();
    let list = list.to_str().unwrap();
    for format in ["text", "html", "json"] {
        let (code, told) = proof(folder, &["--list", list, "--format", format]);
        assert_eq!(code, Some(0), "{told}");
        let nothing = "Nothing was ever entered for +12025550188";
        assert!(told.contains(nothing) && told.contains("+12025550123"), "{format}: {told}");
    }
    let (_, told) = proof(folder, &["--consumer", "+12025550123", "--programme", "C9"]);
    assert!(told.contains("that tells what holds for C9"), "{told}");
    let (code, told) = proof(folder, &["--from", "2020-01-01", "--to", "2020-02-01"]);
    assert_eq!(code, Some(0), "{told}");
    let none = "No entry was made between 2020-01-01 00:00 UTC and 2020-02-01 00:00 UTC.";
    assert!(told.contains(none), "{told}");
    let (code, told) = proof(folder, &["--from", "2020-13-01", "--to", "2020-02-01"]);
    assert!(code != Some(0) && told.contains("2026-11-01"), "{told}");

    // One history is broken: it is told with its consumer, and the others are there.
    let host = Host::start(folder, Some(&config(folder)));
    assert_eq!(host.text("SM9", "+12025550124", "Hello?").status, 200);
    host.kill();
    let broken = "DELETE FROM entries WHERE consumer = 12025550123 AND number = 1";
    assert_eq!(file(folder).execute(broken, []).unwrap(), 1);
    let both = ["--consumer", "+12025550123", "--consumer", "+12025550124"];
    let (code, told) = proof(folder, &both);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("Consent of +12025550123: NOT what was entered"), "{told}");
    assert!(told.contains("Consent of +12025550124 to"), "{told}");
}

/// One value is damaged, and the look goes on to all others.
#[test]
fn dlc_3_one_unreadable_value_does_not_end_the_look() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    anchored(folder);
    let (database, whole) = (folder.join("frontdesk.sqlite"), folder.join("whole.sqlite"));
    let checkpoint = |connection: Connection| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    };
    checkpoint(file(folder));
    std::fs::copy(&database, &whole).unwrap();
    for (change, named) in [
        ("UPDATE entries SET entry = '{' WHERE number = 1", "number 1 of +12025550123"),
        (
            "UPDATE entries SET salt = x'00' WHERE number = 1",
            "consent of +12025550123 to +12025550100",
        ),
        ("UPDATE entries SET digest = x'00' WHERE number = 1", "number 1 of +12025550123"),
        ("UPDATE consumers SET known = '{'", "what is kept of +12025550123"),
        ("UPDATE consumers SET consumer = 1", "consumers: "),
        ("UPDATE seals SET leaves = x'01'", "places from 1 on"),
        ("UPDATE items SET value = x'7b' WHERE kind = 'ledger_head'", "head 0"),
    ] {
        std::fs::copy(&whole, &database).unwrap();
        let connection = file(folder);
        assert!(connection.execute(change, []).unwrap() > 0, "{change}");
        checkpoint(connection);
        let done = ledger(folder, &["verify"]);
        let told = text(&done.stdout);
        assert_eq!(done.status.code(), Some(1), "{change}: {done:?}");
        assert!(told.contains(named) && told.contains("NOT whole"), "{change}: {told}");
    }
}

#[test]
fn dlc_3_s7_what_is_explained_is_checked_and_a_center_without_a_witness_is_warned() {
    let folder = tempfile::tempdir().unwrap();
    let check = |section: &str| {
        let path = folder.path().join("center.toml");
        std::fs::write(&path, center(section)).unwrap();
        let done = filter(program(), &["check", path.to_str().unwrap()], "");
        text(&done.stdout) + &text(&done.stderr)
    };
    let hook = "[[host.ledger.anchors]]\nkind = 'webhook'\nname = 'auditor'\nurl = 'https://example.com/heads'\n";
    let told = check(hook);
    assert!(told.contains("ledger-witness") && told.contains("verify --head FILE"), "{told}");
    let vault = "[[host.ledger.anchors]]\nkind = 'file'\nname = 'vault'\npath = 'heads.jsonl'\n";
    let known = "[host.ledger]\nknown = [{ size = 84, reason = 'clock was 12 h ahead', on = '2026-11-28' }]\n";
    let told = check(&format!("{known}{vault}"));
    assert!(!told.contains("ledger-witness") && told.contains("0 errors"), "{told}");
    let wrong = "[host.ledger]\nknown = [{ size = 84, reason = ' ', on = '2026-11-28' }, { size = 84, reason = 'x', on = '2026-11-28' }]\n";
    let told = check(wrong);
    for path in ["host.ledger.known[0].reason", "host.ledger.known[1].size"] {
        assert!(told.contains(path), "{path} in {told}");
    }
    let told = check("[host.ledger]\nknown = [{ size = 84, reason = 'x', on = '28.11.2026' }]\n");
    assert!(told.contains("known"), "{told}");
}
