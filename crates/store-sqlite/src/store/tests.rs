use frontdesk::{
    store::{ConsumerWrite, InboxMark, Source},
    tendlc::{Act, Entry},
    types::to_millis,
};
use futures::executor::block_on;

use super::*;

frontdesk::conformance_tests!(|check| {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("test.sqlite")).unwrap();
    block_on(check(&store));
});

fn mark(id: usize) -> Commit {
    let at = "2026-11-21T15:00:00Z".parse().unwrap();
    assert!(to_millis(at) > 0);
    // Some bulk, so that a limit is reached soon.
    let id = format!("{id}-{}", "x".repeat(2_000));
    Commit {
        inbox: Some(InboxMark { source: Source::Provider("test".into()), id, at }),
        ..Commit::default()
    }
}

/// A full disk refuses; what was acknowledged stays, and room again is room again.
#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full.sqlite");
    let center: CenterId = "acme".parse().unwrap();
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.limit_size(500_000)).unwrap();
    let mut taken = Vec::new();
    for id in 0..500 {
        match block_on(store.commit(&center, mark(id))) {
            Ok(Committed::Done { .. }) => taken.push(id),
            Err(StoreError::Full(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(taken.len() > 20 && taken.len() < 400, "{}", taken.len());
    block_on(store.limit_size(100_000_000)).unwrap();
    for id in 0..500 {
        let again = block_on(store.commit(&center, mark(id))).unwrap();
        assert_eq!(again == Committed::Duplicate, taken.contains(&id), "{id}");
    }
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    for id in 0..500 {
        assert_eq!(block_on(store.commit(&center, mark(id))).unwrap(), Committed::Duplicate);
    }
}

/// Many at once, some of them full: everybody gets the answer that is true for them.
#[test]
fn those_who_share_a_transaction_with_a_failure_are_told_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    let center: CenterId = "acme".parse().unwrap();
    let store = SqliteStore::open(folder.path().join("full.sqlite")).unwrap();
    block_on(store.limit_size(500_000)).unwrap();
    let all =
        block_on(futures::future::join_all((0..500).map(|id| store.commit(&center, mark(id)))));
    let taken: Vec<bool> = all.iter().map(Result::is_ok).collect();
    block_on(store.limit_size(100_000_000)).unwrap();
    for (id, taken) in taken.into_iter().enumerate() {
        let again = block_on(store.commit(&center, mark(id))).unwrap();
        assert_eq!(again == Committed::Duplicate, taken, "{id}");
    }
}

/// The process that had the leases is gone: its successor does not wait for them.
#[test]
fn leases_do_not_outlive_their_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let center: CenterId = "acme".parse().unwrap();
    let at: Instant = "2026-11-21T15:00:00Z".parse().unwrap();
    let until = at + chrono::TimeDelta::hours(1);
    let claim = |store: &SqliteStore| {
        let claimed = store.claim_work(&center, WorkKind::Crm, at, until, 9);
        block_on(claimed).unwrap().len()
    };

    let store = SqliteStore::open(&path).unwrap();
    let task = frontdesk::store::Task::MatchContact { session: SessionId(1) };
    let work = frontdesk::store::NewWork {
        key: "1".into(),
        lane: "1".into(),
        task,
        not_before: at,
        urgency: frontdesk::store::Urgency::Answer,
    };
    let commit = Commit { work: vec![work], ..Commit::default() };
    assert!(block_on(store.commit(&center, commit)).is_ok());
    assert_eq!((claim(&store), claim(&store)), (1, 0));
    drop(store);
    assert_eq!(claim(&SqliteStore::open(&path).unwrap()), 1);
}

/// Whoever changes the file by hand, or takes an entry out of it, is seen (DLC-3).
#[test]
fn dlc_3_a_change_of_the_ledger_by_hand_is_seen() {
    let entry = |second: i64, wording: &str| Entry {
        at: "2026-11-21T15:00:00Z".parse::<Instant>().unwrap() + chrono::TimeDelta::seconds(second),
        act: Act::WroteFirst,
        wording: wording.into(),
        evidence: format!("SM{second}").as_str().into(),
    };
    let center: CenterId = "acme".parse().unwrap();
    let key = LedgerKey { consumer: "+12025550123".parse().unwrap(), programme: "C1".into() };
    for change in [
        "UPDATE entries SET entry = replace(entry, 'Hi', 'Please text me offers')",
        "UPDATE entries SET digest = zeroblob(32) WHERE number = 2",
        "UPDATE entries SET number = 7 - number",
        "DELETE FROM entries WHERE number = 1",
        "DELETE FROM entries WHERE number = 2",
        "DELETE FROM entries WHERE number = 3",
        "DELETE FROM entries",
        "UPDATE entries SET programme = 'C2'",
        "INSERT INTO entries (center, consumer, programme, number, entry, digest)
         SELECT center, consumer, programme, 4, entry, digest FROM entries WHERE number = 3",
        "UPDATE consumers SET known = replace(known, '\"entries\":3', '\"entries\":2')",
        "UPDATE entries SET salt = zeroblob(16) WHERE number = 1",
        "UPDATE entries SET salt = NULL WHERE number = 1",
        "UPDATE entries SET digests = replace(digests, 'a', 'b') WHERE number = 3",
        "UPDATE entries SET digests = NULL WHERE number = 2",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        let mut value = Consumer::default();
        let entries = [entry(0, "Hi"), entry(1, "Hello?"), entry(2, "Hi")]
            .map(|entry| value.ledger.enter(key.consumer, &key.programme, entry, [7; 16].into()));
        let write = ConsumerWrite::new(key.consumer, 0, value);
        let write = ConsumerWrite { entries: entries.to_vec(), ..write };
        let commit = Commit { consumers: vec![write], ..Commit::default() };
        assert!(matches!(block_on(store.commit(&center, commit)), Ok(Committed::Done { .. })));
        let verified = |store: &SqliteStore| {
            let (head, history) = block_on(store.history(&center, &key)).unwrap().unwrap();
            history.verify(Some(head)).map(drop)
        };
        assert_eq!(verified(&store), Ok(()));
        drop(store);
        let changed = rusqlite::Connection::open(&path).unwrap().execute(change, []).unwrap();
        assert!(changed > 0, "{change}");
        let broken = verified(&SqliteStore::open(&path).unwrap());
        assert!(broken.is_err(), "{change}");
    }
}
