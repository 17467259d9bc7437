//! The consent ledger.

use frontdesk_tendlc::{
    Act, Appended, Consent, Entry, Head, LedgerKey, Programme, Retention, Salt,
};
use frontdesk_types::{CenterId, Instant, PhoneNumber};

use super::{
    super::{
        Commit, Consumer, ConsumerWrite, HistoryQuery, Seal, SealWrite, SealedEntry, Store,
        StoreError, Unsealed, Version,
    },
    at, center, commit, line, mark, queued,
};

fn offers() -> Programme {
    "offers".into()
}

fn key(n: u32, programme: Programme) -> LedgerKey {
    LedgerKey { consumer: line(n).consumer, programme }
}

fn entry(seconds: i64, act: Act) -> Entry {
    let evidence = format!("SM{seconds}").as_str().into();
    Entry { at: at(seconds), act, wording: "Hi, \"there\"\n".into(), evidence }
}

fn opted_out() -> Act {
    Act::OptedOut { word: "stop".into(), confirmation: None }
}

/// What is known of a consumer with an entry more.
fn with(
    consumer: PhoneNumber,
    (expected, mut value): (Version, Consumer),
    programme: &Programme,
    entry: Entry,
) -> ConsumerWrite {
    let appended = value.ledger.enter(consumer, programme, entry, Salt::from([7; 16]));
    ConsumerWrite { entries: vec![appended], ..ConsumerWrite::new(consumer, expected, value) }
}

fn of(write: ConsumerWrite) -> Commit {
    Commit { consumers: vec![write], ..Commit::default() }
}

async fn known(store: &dyn Store, n: u32) -> (Version, Consumer) {
    store.consumer(&center(), line(n).consumer).await.expect("read")
}

async fn enter(store: &dyn Store, n: u32, programme: &Programme, entry: Entry) {
    let write = with(line(n).consumer, known(store, n).await, programme, entry);
    commit(store, of(write)).await;
}

/// [`LedgerStore`](crate::store::LedgerStore): what is entered is read back in order, chained, with its head apart; each
/// programme for itself, and the same on every number of the center's.
pub async fn the_ledger_is_read_back(store: &dyn Store) {
    assert_eq!(known(store, 1).await, (0, Consumer::default()));
    let before = store.find(&center(), line(1)).await.expect("found");
    assert_eq!(before, super::super::Found::default());
    let history = store.history(&center(), &key(1, offers())).await.expect("read");
    assert_eq!(history, None);
    let entries = [entry(0, Act::WroteFirst), entry(1, Act::OptInTextShown), entry(2, opted_out())];
    for one in &entries {
        enter(store, 1, &offers(), one.clone()).await;
    }
    let news = "news".into();
    enter(store, 1, &news, entry(3, Act::AgreedInCall)).await;
    let (head, history) =
        store.history(&center(), &key(1, offers())).await.expect("read").expect("a history");
    assert_eq!(history.verify(Some(head)), Ok(Consent::of(&entries)));
    let read: Vec<&Entry> = history.links.iter().map(|link| &link.entry).collect();
    assert_eq!(read, entries.iter().collect::<Vec<_>>());
    let (version, consumer) = known(store, 1).await;
    assert_eq!(version, 4);
    let found = store.find(&center(), line(1)).await.expect("found");
    assert_eq!(found.known.consumer, (version, consumer.clone()));
    assert!(consumer.ledger.consent(&offers(), &[]).is_opted_out());
    let (head, history) =
        store.history(&center(), &key(1, news)).await.expect("read").expect("a history");
    assert_eq!((head.entries, history.links.len()), (1, 1));
}

/// Two who enter at the same time are kept apart, and nobody's entry takes the place of another's.
pub async fn the_ledger_is_only_appended_to(store: &dyn Store) {
    let consumer = line(1).consumer;
    let empty = known(store, 1).await;
    let first = with(consumer, empty.clone(), &offers(), entry(0, Act::WroteFirst));
    let second = with(consumer, empty, &offers(), entry(1, opted_out()));
    commit(store, of(first.clone())).await;
    for mut write in [second, first] {
        for expected in [0, 1, 7] {
            write.expected = expected;
            let late = Commit { inbox: mark("SM9"), record: queued(None, 1), ..of(write.clone()) };
            let refused = store.commit(&center(), late).await;
            assert!(matches!(refused, Err(StoreError::Conflict)), "{expected}: {refused:?}");
        }
    }
    let (head, history) =
        store.history(&center(), &key(1, offers())).await.expect("read").expect("a history");
    assert_eq!((head.entries, history.links.len()), (1, 1));
    assert!(history.verify(Some(head)).is_ok());
    // The mark of what was refused was not kept.
    enter(store, 1, &offers(), entry(2, opted_out())).await;
    let mark = Commit { inbox: mark("SM9"), ..Commit::default() };
    assert!(matches!(
        store.commit(&center(), mark).await,
        Ok(super::super::Committed::Done { .. })
    ));
}

/// A list is taken in whole or not at all.
pub async fn many_consumers_are_one_commit(store: &dyn Store) {
    enter(store, 3, &offers(), entry(0, Act::WroteFirst)).await;
    let fresh = |n: u32| {
        let empty = (0, Consumer::default());
        with(line(n).consumer, empty, &offers(), entry(0, Act::WroteFirst))
    };
    let all = |last| Commit { consumers: (1..=last).map(fresh).collect(), ..Commit::default() };
    assert!(matches!(store.commit(&center(), all(3)).await, Err(StoreError::Conflict)));
    assert_eq!(known(store, 1).await.0, 0);
    commit(store, all(2)).await;
    for n in 1..=3 {
        assert_eq!(known(store, n).await.0, 1, "{n}");
        let history = store.history(&center(), &key(n, offers())).await.expect("read");
        assert_eq!(history.map(|(head, _)| head.entries), Some(1));
    }
}

/// What is known of a consumer is the same whichever number is asked for, also for those who have read it before.
pub async fn a_consumer_is_known_on_every_number(store: &dyn Store) {
    let (one, mut other) = (line(1), line(1));
    other.number = "+12025550199".parse().expect("a number");
    for version in 0..3 {
        for on in [one, other] {
            let found = store.find(&center(), on).await.expect("found");
            assert_eq!(found.known.consumer.0, version);
        }
        let (expected, mut value) = known(store, 1).await;
        value.purchased = Some(at(i64::try_from(version).expect("a small number")));
        commit(store, of(ConsumerWrite::new(one.consumer, expected, value))).await;
    }
}

/// What retention drops is gone, and the rest is proven by what is kept of it.
pub async fn old_entries_are_dropped(store: &dyn Store) {
    let year = 366 * 86_400;
    for (n, act) in
        [Act::WroteFirst, Act::OptInTextShown, opted_out(), opted_out()].into_iter().enumerate()
    {
        enter(store, 1, &offers(), entry(i64::try_from(n).expect("small") * year, act)).await;
    }
    enter(store, 2, &offers(), entry(0, Act::WroteFirst)).await;
    let now: Instant = at(8 * year);
    let (key, others) = (key(1, offers()), key(2, offers()));
    let (head, history) = store.history(&center(), &key).await.expect("read").expect("a history");
    let (expected, mut value) = known(store, 1).await;
    let last =
        value.ledger.prune(history, Retention::default(), now, u64::MAX).expect("something is old");
    let write = ConsumerWrite::new(key.consumer, expected, value);
    commit(store, of(ConsumerWrite { dropped: vec![(offers(), last)], ..write })).await;
    let (kept_head, kept) = store.history(&center(), &key).await.expect("read").expect("a history");
    assert_eq!(kept_head, head);
    assert_eq!((kept.before.entries, kept.links.len() as u64), (last, head.entries - last));
    assert!(kept.verify(Some(head)).expect("whole").is_opted_out());
    enter(store, 1, &offers(), entry(9 * year, opted_out())).await;
    let history = store.history(&center(), &key).await.expect("read");
    let (head, history) = history.expect("a history");
    assert!(history.verify(Some(head)).is_ok());
    let others = store.history(&center(), &others).await.expect("read");
    assert_eq!(others.map(|(_, history)| history.links.len()), Some(1));
}

/// Erased fields are blank when they are read again, without their salt. The chain is whole, and the entries of others stay.
pub async fn erased_entries_are_blank(store: &dyn Store) {
    for n in [1, 2] {
        enter(store, n, &offers(), entry(0, Act::WroteFirst)).await;
        enter(store, n, &offers(), entry(1, opted_out())).await;
    }
    let of_one = key(1, offers());
    let (head, mut history) =
        store.history(&center(), &of_one).await.expect("read").expect("a history");
    let link = history.links.first_mut().expect("an entry");
    assert!(link.erase());
    let erased = Appended { programme: offers(), number: 1, link: link.clone() };
    // The erasure is an entry itself.
    let erasure = entry(2, Act::Erased { through: 1 });
    let write = with(of_one.consumer, known(store, 1).await, &offers(), erasure);
    let told = write.entries.iter().map(|entry| entry.link.clone());
    history.links.extend(told);
    let head = Head { entries: head.entries + 1, digest: history.head().digest };
    commit(store, of(ConsumerWrite { erased: vec![erased], ..write })).await;
    let (kept, read) = store.history(&center(), &of_one).await.expect("read").expect("a history");
    assert_eq!((kept, &read), (head, &history));
    assert!(read.verify(Some(head)).expect("whole").is_opted_out());
    let (head, others) =
        store.history(&center(), &key(2, offers())).await.expect("read").expect("a history");
    assert!(others.verify(Some(head)).is_ok());
    assert!(others.links.iter().all(|link| !link.entry.wording.is_empty()));
}

/// Entries get their places in the order of their commits, once, and keep them when retention drops the entries. Two who seal
/// at the same time are kept apart.
pub async fn entries_are_sealed_in_order(store: &dyn Store) {
    let unsealed = async |limit| store.unsealed(&center(), limit).await.expect("read");
    assert_eq!(unsealed(9).await, []);
    for (n, seconds) in [(1, 0), (2, 1), (1, 2), (3, 3)] {
        enter(store, n, &offers(), entry(seconds, Act::WroteFirst)).await;
    }
    let waiting = unsealed(9).await;
    let entries: Vec<(PhoneNumber, u64)> =
        waiting.iter().map(|row| (row.entry.key.consumer, row.entry.number)).collect();
    let of = |n| line(n).consumer;
    assert_eq!(entries, [(of(1), 1), (of(2), 1), (of(1), 2), (of(3), 1)]);
    assert_eq!(unsealed(2).await, waiting[..2]);
    let other = "other".parse().expect("an id");
    assert_eq!(store.unsealed(&other, 9).await.expect("read"), []);
    assert_eq!(store.count_unsealed(&center()).await.expect("counted"), 4);
    assert_eq!(store.count_unsealed(&other).await.expect("counted"), 0);

    let seal = |first, entries: &[Unsealed]| Commit {
        seals: Some(SealWrite { first, entries: entries.to_vec() }),
        ..Commit::default()
    };
    commit(store, seal(0, &waiting[..3])).await;
    for late in [seal(0, &waiting[..1]), seal(2, &waiting[3..]), seal(3, &waiting[2..])] {
        let refused = store.commit(&center(), late).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    }
    assert_eq!(unsealed(9).await, waiting[3..]);
    assert_eq!(store.count_unsealed(&center()).await.expect("counted"), 1);
    assert_eq!(store.count_entries(&center()).await.expect("counted"), 4);
    let seals = store.seals(&center(), 0, 9).await.expect("read");
    let there = |(sequence, row): (u64, &Unsealed)| Seal {
        sequence,
        entry: row.entry.clone(),
        stored: SealedEntry::There { digest: row.entry.digest, at: at(sequence.cast_signed()) },
    };
    assert_eq!(seals, (0..).zip(&waiting[..3]).map(there).collect::<Vec<_>>());
    assert_eq!(store.seals(&center(), 1, 1).await.expect("read"), seals[1..2]);
    let places = store.sequences(&center(), &key(1, offers())).await.expect("read");
    assert_eq!(places.into_iter().collect::<Vec<_>>(), [(1, 0), (2, 2)]);

    // The entry goes, and its place stays. What is entered then waits for its own.
    let (expected, value) = known(store, 1).await;
    let write = ConsumerWrite::new(of(1), expected, value);
    commit(store, of_dropped(write, 2)).await;
    let (expected, value) = known(store, 3).await;
    let write = ConsumerWrite::new(of(3), expected, value);
    commit(store, of_dropped(write, 1)).await;
    enter(store, 4, &offers(), entry(4, Act::WroteFirst)).await;
    assert_eq!(store.count_entries(&center()).await.expect("counted"), 2);
    let seals = store.seals(&center(), 0, 9).await.expect("read");
    let stored: Vec<bool> = seals.iter().map(|seal| seal.stored == SealedEntry::Missing).collect();
    assert_eq!(stored, [true, false, true]);
    let waiting = unsealed(9).await;
    assert_eq!(waiting.iter().map(|row| row.entry.key.consumer).collect::<Vec<_>>(), [of(4)]);
    commit(store, seal(3, &waiting)).await;
    assert_eq!(unsealed(9).await, []);
    assert_eq!(store.seals(&center(), 3, 9).await.expect("read").len(), 1);
}

fn of_dropped(write: ConsumerWrite, last: u64) -> Commit {
    of(ConsumerWrite { dropped: vec![(offers(), last)], ..write })
}

/// The histories of many are what each of them is by itself, in pages and by name, each center's for themselves.
pub async fn histories_are_read_together(store: &dyn Store) {
    for n in [4, 1, 3, 2, 5] {
        enter(store, n, &offers(), entry(0, Act::WroteFirst)).await;
    }
    for (n, programme) in [(2, "news"), (2, "offers"), (4, "offers"), (4, "news")] {
        enter(store, n, &programme.into(), entry(1, opted_out())).await;
    }
    // Something is known of somebody without entries.
    commit(store, of(ConsumerWrite::new(line(6).consumer, 0, Consumer::default()))).await;
    let read = async |query| store.histories(&center(), query).await.expect("read");
    let after = |n: Option<u32>, limit| HistoryQuery::After {
        consumer: n.map(|n| line(n).consumer),
        limit,
    };
    let all = read(after(None, 99)).await;
    assert_eq!(
        all.iter().map(|found| found.consumer).collect::<Vec<_>>(),
        consumers(&[1, 2, 3, 4, 5, 6])
    );
    assert_eq!(
        all.iter()
            .map(|found| found.links.values().map(Vec::len).sum::<usize>())
            .collect::<Vec<_>>(),
        [1, 3, 1, 3, 1, 0]
    );
    for found in &all {
        assert_eq!(found.known, store.consumer(&center(), found.consumer).await.expect("read").1);
        for (programme, account) in found.known.ledger.accounts() {
            let key = found.key(programme);
            let links = found.links.get(programme).cloned().expect("entries");
            let alone = store.history(&center(), &key).await.expect("read");
            assert_eq!(alone, Some((account.head, account.history(key, links))));
        }
    }

    // A page has at most so many consumers, and ends with the one by whom it has as many entries.
    for (from, limit, expected) in [
        (None, 1, &[1][..]),
        (None, 2, &[1, 2]),
        (None, 3, &[1, 2]),
        (None, 5, &[1, 2, 3]),
        (Some(2), 3, &[3, 4]),
        (Some(4), 2, &[5, 6]),
        (Some(5), 9, &[6]),
        (Some(6), 9, &[]),
    ] {
        let page = read(after(from, limit)).await;
        assert_eq!(
            page.iter().map(|found| found.consumer).collect::<Vec<_>>(),
            consumers(expected),
            "{from:?} {limit}"
        );
        let same = page.iter().all(|found| all.contains(found));
        assert!(same, "{from:?} {limit}");
    }
    let named = read(HistoryQuery::Of(consumers(&[5, 9, 2, 6]))).await;
    assert_eq!(named, [all[4].clone(), all[1].clone(), all[5].clone()]);
    let other = store.histories(&"other".parse().expect("an id"), after(None, 9)).await;
    assert_eq!(other.expect("read"), []);
}

fn consumers(of: &[u32]) -> Vec<PhoneNumber> {
    of.iter().map(|n| line(*n).consumer).collect()
}

/// Consumers are listed in pages, each center's for itself.
pub async fn consumers_are_listed(store: &dyn Store) {
    for n in [4, 1, 3, 2, 5] {
        enter(store, n, &offers(), entry(0, Act::WroteFirst)).await;
    }
    let list = async |after: Option<u32>, limit| {
        let after = after.map(|n| line(n).consumer);
        let known = store.consumers(&center(), after, limit).await.expect("listed");
        known.into_iter().map(|(consumer, _)| consumer).collect::<Vec<_>>()
    };
    let numbers = |from: u32, to: u32| (from..=to).map(|n| line(n).consumer).collect::<Vec<_>>();
    assert_eq!(list(None, 9).await, numbers(1, 5));
    let alone = store.consumer_numbers(&center(), Some(line(2).consumer), 2).await;
    assert_eq!(alone.expect("listed"), numbers(3, 4));
    assert_eq!(list(None, 2).await, numbers(1, 2));
    assert_eq!(list(Some(2), 2).await, numbers(3, 4));
    assert_eq!(list(Some(5), 2).await, numbers(1, 0));
    let other: CenterId = "other".parse().expect("an id");
    assert!(store.consumers(&other, None, 9).await.expect("listed").is_empty());
    assert_eq!(store.history(&other, &key(1, offers())).await.expect("read"), None);
    let nobody = store.consumer(&other, line(1).consumer).await.expect("read");
    assert_eq!(nobody, (0, Consumer::default()));
}
