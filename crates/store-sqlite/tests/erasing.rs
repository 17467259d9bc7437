//! Erased words are in no row any more; and where rows leave something behind in the file, `VACUUM` takes it away (DLC-3).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use std::{collections::BTreeSet, fmt::Write as _, path::Path, sync::Arc};

use chrono::TimeDelta;
use frontdesk::{
    Center, Clock as _, Engine, Heads, Inbound, ManualClock, Parts, tendlc::Erasure, verify_ledger,
};
use frontdesk_store_sqlite::SqliteStore;
use futures::executor::block_on;

use common::CENTER;

const CONSUMERS: u32 = 200;

/// Of a form that a consumer has signed.
fn marker(n: u32) -> String {
    format!("signed-form-{n:04}-of-the-fair")
}

fn consumer(n: u32) -> String {
    format!("+1202555{:04}", 1000 + n)
}

/// The numbers of the forms that stand anywhere in the file, or in what was not written into it yet.
fn forms(folder: &Path) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let numbers = text.split("signed-form-").skip(1);
        found.extend(numbers.filter_map(|text| text.get(..4)?.parse::<u32>().ok()));
    }
    found
}

#[test]
fn dlc_3_erased_evidence_is_nowhere_in_the_file_after_a_vacuum() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let center = Center::load(CENTER).unwrap();
    let clock = Arc::new(ManualClock::new("2026-11-27T15:00:00Z".parse().unwrap()));
    let parts = Parts {
        store: Arc::new(SqliteStore::open(&path).unwrap()),
        clock: Arc::<ManualClock>::clone(&clock),
        ..Parts::in_memory(&center)
    };
    let engine = block_on(Engine::open(center.clone(), parts)).unwrap();
    let text = |n: u32, body: &str| {
        let (from, to) = (consumer(n).parse().unwrap(), "+12025550100".parse().unwrap());
        let text = Inbound::new("test", format!("{n} {body}"), from, to, body);
        let _ = block_on(engine.receive(text)).unwrap();
    };
    // Out of order, and between texts of others, so that pages are split and cells are moved.
    for part in 0..20 {
        let mut list = String::from("consumer,programme,consent,method,given,wording,evidence\n");
        for n in (0..CONSUMERS).filter(|n| n * 7 % 20 == part) {
            let form = marker(n);
            writeln!(list, "{},+12025550100,express,paper,2026-03-01,I agree,{form}", consumer(n))
                .unwrap();
            text(n, "Hello?");
        }
        block_on(engine.import_consent(&list, ("fair.csv", "ana"))).unwrap();
        clock.advance(TimeDelta::seconds(1));
        block_on(engine.tick()).unwrap();
    }
    let all: BTreeSet<u32> = (0..CONSUMERS).collect();
    assert_eq!(forms(folder.path()), all);
    let erased: BTreeSet<u32> = (0..CONSUMERS).step_by(9).collect();
    for n in &erased {
        assert!(
            block_on(engine.erase_evidence(consumer(*n).parse().unwrap(), &Erasure::default()))
                .unwrap()
                > 0
        );
    }
    clock.advance(TimeDelta::seconds(1));
    block_on(engine.tick()).unwrap();
    text(0, "Is anybody there?");
    text(1, "Is anybody there?");
    let before = block_on(engine.verify_ledger()).unwrap();
    drop(engine);
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(file);
    assert_eq!(forms(folder.path()), &all - &erased);

    // Rows have kept their numbers, by which the sealer finds those without a place.
    let store = SqliteStore::open(&path).unwrap();
    let heads = Heads::default();
    let after = block_on(verify_ledger(&store, center.id(), &heads, clock.now())).unwrap();
    assert!(after.is_whole(), "{after}");
    assert_eq!((after.sealed, after.unsealed), (before.sealed, before.unsealed));
}
