//! Messages come in once.

use frontdesk_types::SessionId;

use super::{at, center, commit, mark, queued, session, write};
use crate::store::{Commit, Committed, EventQuery, InboxMark, Source, Store};

/// The second delivery of a message changes nothing, whatever else the commit says.
pub async fn an_inbound_message_is_taken_once(store: &dyn Store) {
    commit(store, Commit { inbox: mark("SM1"), ..session(write(7, 1, 0)) }).await;
    let again =
        Commit { inbox: mark("SM1"), record: queued(Some(7), 1), ..session(write(7, 1, 5)) };
    assert_eq!(store.commit(&center(), again).await.expect("answered"), Committed::Duplicate);
    let records = store.events(&center(), EventQuery::OfSession(SessionId(7))).await.expect("read");
    assert!(records.is_empty());
    let other = InboxMark { source: Source::Provider("other".into()), id: "SM1".into(), at: at(0) };
    commit(store, Commit { inbox: Some(other), ..session(write(7, 1, 1)) }).await;
}

/// An id belongs to its source: providers with the same small counters do not take each other's messages away, whatever they
/// are called, and the engine's own marks are no provider's.
pub async fn a_mark_belongs_to_its_source(store: &dyn Store) {
    let provider = |name: &str| Source::Provider(name.into());
    let names = ["a", "b", "A", "call", "delivery", "notice", "provider:notice", "a b", "ü", ""];
    let sources = names.map(provider).into_iter().chain([Source::Call, Source::Delivery]);
    let long = "\u{1f642}".repeat(1_000);
    for id in ["1", "1 delivered", "", "a/b?c&d#e%f", "\0", long.as_str()] {
        let marks: Vec<InboxMark> =
            sources.clone().map(|source| InboxMark { source, id: id.into(), at: at(0) }).collect();
        for mark in &marks {
            let inbox = Some(mark.clone());
            assert!(
                commit(store, Commit { inbox, record: queued(None, 1), ..Commit::default() }).await
                    > 0,
                "{mark:?}"
            );
        }
        for mark in marks {
            let again = Commit { inbox: Some(mark.clone()), ..Commit::default() };
            let done = store.commit(&center(), again).await.expect("answered");
            assert_eq!(done, Committed::Duplicate, "{mark:?}");
        }
    }
}
