//! A host that cannot keep its promises does not start, or does not take texts.

use frontdesk_tests::{Host, center, eventually};

fn refused(prepare: impl FnOnce(&std::path::Path), reason: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("frontdesk.sqlite");
    prepare(&file);
    let before = std::fs::read(&file).unwrap();
    let told = Host::try_start(folder.path(), Some(&center(""))).err().unwrap_or_default();
    assert!(told.contains(reason) && told.contains("frontdesk.sqlite"), "{reason} in {told}");
    assert_eq!(std::fs::read(&file).unwrap(), before, "the file is untouched");
}

/// A database that a host has written and left.
fn written(file: &std::path::Path) {
    let host = Host::start(file.parent().unwrap(), Some(&center("")));
    host.text("SM1", "+12025550123", "Hello");
    assert!(host.stop().success());
    // A reader that closes last leaves its journal: everything is to stand in the file itself.
    let file = rusqlite::Connection::open(file).unwrap();
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

#[test]
fn a_damaged_newer_or_foreign_database_is_refused_and_untouched() {
    refused(|file| std::fs::write(file, b"not a database at all".repeat(100)).unwrap(), "damaged");
    refused(
        |file| {
            written(file);
            let mut bytes = std::fs::read(file).unwrap();
            let end = bytes.len();
            bytes[4096..end.min(40_960)].fill(0x5A);
            std::fs::write(file, bytes).unwrap();
        },
        "damaged",
    );
    refused(
        |file| {
            written(file);
            rusqlite::Connection::open(file)
                .unwrap()
                .pragma_update(None, "user_version", 99)
                .unwrap();
        },
        "version 99",
    );
    refused(
        |file| {
            rusqlite::Connection::open(file)
                .unwrap()
                .execute_batch("CREATE TABLE mine (x)")
                .unwrap();
        },
        "not one of frontdesk",
    );
}

#[test]
fn a_database_has_one_host() {
    let folder = tempfile::tempdir().unwrap();
    let _first = Host::start(folder.path(), Some(&center("")));
    let told = Host::try_start(folder.path(), Some(&center(""))).err().unwrap_or_default();
    assert!(told.contains("in use"), "{told}");
}

#[test]
fn a_full_disk_takes_no_texts_and_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("database_limit = 500_000")));
    let mut taken = Vec::new();
    let refused = eventually("a full disk", || {
        let n = host.events().len();
        let sid = format!("SM{n}");
        let answer = host.text(&sid, &format!("+1202555{:04}", n % 10_000), &"x".repeat(1_000));
        (answer.status != 200).then_some((sid, answer))
    });
    assert_eq!(refused.1.status, 503, "{refused:?}");
    assert_eq!(refused.1.json()["error"], "full");
    taken.extend(texts(&host));
    assert!(taken.len() > 10, "{}", taken.len());
    host.kill();

    // With room again, everything that was acknowledged is there, and the refused text is taken.
    let host = Host::start(folder.path(), Some(&center("")));
    assert_eq!(texts(&host), taken);
    assert_eq!(host.text(&refused.0, "+12025559999", "again").status, 200);
    assert_eq!(texts(&host).len(), taken.len() + 1);
}

/// Logs often go to the disk that is full.
#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("log")).unwrap();
    let host = Host::start(folder.path(), Some(&center("database_limit = 500_000")));
    let refused = eventually("a full disk", || {
        let n = host.events().len();
        let answer = host.text(&format!("SM{n}"), &format!("+1202555{n:04}"), &"x".repeat(1_000));
        (answer.status != 200).then_some(answer.status)
    });
    assert_eq!(refused, 503);
    assert!(host.stop().success());
}

fn texts(host: &Host) -> Vec<String> {
    let events = host.events();
    let texts = events.iter().filter(|event| event["type"] == "inbound_message");
    texts.map(|event| event["provider_id"].as_str().unwrap().to_owned()).collect()
}
