//! Places of scheduled calls.

use frontdesk_types::QueueId;
use futures::future::join_all;

use super::{
    super::{Commit, Committed, SlotChange, SlotWrite, Store, StoreError},
    SessionId, at, center, commit, queued, session, write,
};

fn queue() -> QueueId {
    "billing".parse().expect("an id")
}

fn slot(id: u64, from: i64, change: SlotChange) -> SlotWrite {
    SlotWrite { queue: queue(), from: at(from), session: SessionId(id), change }
}

async fn taken(store: &dyn Store, from: i64, to: i64) -> Vec<u32> {
    let taken = store.slots_taken(&center(), &queue(), at(from), at(to)).await;
    taken.expect("the store answers").into_values().collect()
}

/// [`SlotStore`](crate::store::SlotStore): of forty who want one of three places at the same time three get one, and of the
/// others nothing is there; a place that is given back is taken again.
pub async fn a_slot_is_never_overbooked(store: &dyn Store) {
    let take = SlotChange::Taken { places: 3 };
    let book = |id: u64| Commit {
        slots: vec![slot(id, 900, take)],
        record: queued(Some(id), 1),
        ..session(write(id, u32::try_from(id).unwrap_or(0), 0))
    };
    let center = center();
    let all = join_all((1..=40).map(|id| store.commit(&center, book(id)))).await;
    let ids = |done: bool| {
        let some = (1_u64..).zip(&all).filter(move |(_, answer)| answer.is_ok() == done);
        some.map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(ids(true).len(), 3, "{all:?}");
    for answer in all.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(answer, StoreError::SlotFull { from } if *from == at(900)), "{answer:?}");
    }
    for id in ids(false) {
        assert_eq!(store.load(&center, SessionId(id)).await.expect("loaded"), None);
    }
    assert_eq!(taken(store, 900, 1800).await, [3]);

    // Who has a place keeps it, asked again.
    let mine = ids(true)[0];
    let again = Commit { slots: vec![slot(mine, 900, take)], ..Commit::default() };
    commit(store, again).await;
    assert_eq!(taken(store, 0, 901).await, [3]);
    // Given back twice, it is one place.
    let back = Commit { slots: vec![slot(mine, 900, SlotChange::Freed)], ..Commit::default() };
    commit(store, back.clone()).await;
    commit(store, back).await;
    assert_eq!(taken(store, 900, 901).await, [2]);
    let other = ids(false)[0];
    assert!(matches!(store.commit(&center, book(other)).await, Ok(Committed::Done { .. })));
    let late = store.commit(&center, book(ids(false)[1])).await;
    assert!(matches!(late, Err(StoreError::SlotFull { .. })), "{late:?}");

    // Slots are apart, by instant, queue and center.
    let next = Commit { slots: vec![slot(other, 1800, take)], ..Commit::default() };
    commit(store, next).await;
    assert_eq!(taken(store, 900, 1801).await, [3, 1]);
    assert_eq!(taken(store, 901, 1800).await, [0_u32; 0]);
    let sales = SlotWrite { queue: "sales".parse().expect("an id"), ..slot(other, 900, take) };
    commit(store, Commit { slots: vec![sales], ..Commit::default() }).await;
    let elsewhere = "other".parse().expect("an id");
    let seen = store.slots_taken(&elsewhere, &queue(), at(0), at(9000)).await.expect("answered");
    assert!(seen.is_empty());
}
