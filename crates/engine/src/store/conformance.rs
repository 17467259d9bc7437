//! What every [`Store`] must do, as plain functions: call them from a database's own tests, each with an
//! empty store. [`conformance_tests`](crate::conformance_tests) makes a test of each.
//!
//! Instants are arguments, so that nothing here waits. Outside of semantic versioning.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a broken promise panics, with its name"
)]

use chrono::TimeDelta;
use frontdesk_tendlc::ContentType;
use frontdesk_types::{
    AgentStatus, CenterId, EndReason, Event, Fact, Instant, Language, MessageId, Needs, Purpose,
    SessionId,
};

mod inbox;
mod ledger;
mod recheck;
mod slots;
mod work;

pub use inbox::*;
pub use ledger::*;
pub use recheck::*;
pub use slots::*;
pub use work::*;

use super::{
    AgentState, Commit, Committed, EventQuery, InboxMark, Line, Memory, MemoryWrite, NewWork,
    Outcome, SessionQuery, SessionRow, SessionWrite, Source, Store, StoreError, Subject, Task,
    Urgency, Version, WorkKind, WorkState,
};

/// Makes a `#[test]` of every check, from an expression that opens an empty store and runs `check(&store)` to its end; or
/// from a function that is given the check.
///
/// ```
/// # use frontdesk::store::MemoryStore;
/// # use futures::executor::block_on;
/// frontdesk::conformance_tests!(|check| {
///     let store = MemoryStore::new();
///     block_on(check(&store));
/// });
/// ```
#[macro_export]
macro_rules! conformance_tests {
    (@all $($how:tt)*) => {
        $crate::conformance_tests!(@ $($how)*;
            a_commit_is_read_back, a_commit_may_be_about_two_lines, versions_keep_writers_apart, an_inbound_message_is_taken_once,
            a_mark_belongs_to_its_source, an_empty_state_is_refused, a_revived_piece_takes_its_place_again,
            a_refused_commit_leaves_nothing, one_session_is_open_per_line, sessions_are_listed,
            events_are_read_in_order, centers_do_not_see_each_other, ids_are_never_given_twice,
            timers_are_claimed_when_due, work_is_done_in_order_per_lane, a_lease_ends,
            dead_work_lets_the_lane_go_on, held_work_keeps_the_lane, a_key_is_put_in_once,
            statuses_are_kept, a_duty_is_one_hosts_at_a_time, small_things_are_kept_by_version,
            a_slot_is_never_overbooked, the_ledger_is_read_back, the_ledger_is_only_appended_to,
            many_consumers_are_one_commit, a_consumer_is_known_on_every_number, old_entries_are_dropped, erased_entries_are_blank, entries_are_sealed_in_order, histories_are_read_together,
            consumers_are_listed, answers_are_done_before_notices,
            a_kind_of_work_is_claimed_by_itself, a_lease_is_renewed_by_its_holder, what_failed_is_woken, what_the_gate_holds_is_judged_anew,
            work_that_was_interrupted_says_so,
            a_clock_that_was_ahead_holds_no_work, a_clock_that_was_ahead_holds_no_timer);
    };
    (@ |$check:ident| $run:expr; $($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                let $check = $crate::store::conformance::$name;
                $run
            }
        )*
    };
    (@ $run:expr; $($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                #[allow(clippy::redundant_closure_call)]
                ($run)(async |store: &dyn $crate::store::Store| {
                    $crate::store::conformance::$name(store).await;
                });
            }
        )*
    };
    (|$check:ident| $run:expr) => {
        $crate::conformance_tests!(@all |$check| $run);
    };
    ($run:expr) => {
        $crate::conformance_tests!(@all $run);
    };
}

fn center() -> CenterId {
    "acme".parse().expect("an id")
}

fn at(seconds: i64) -> Instant {
    "2026-11-21T15:00:00Z".parse::<Instant>().expect("an instant") + TimeDelta::seconds(seconds)
}

fn line(n: u32) -> Line {
    Line {
        consumer: format!("+1202555{n:04}").parse().expect("a number"),
        number: "+12025550100".parse().expect("a number"),
    }
}

fn write(id: u64, n: u32, expected: Version) -> SessionWrite {
    SessionWrite {
        expected,
        state: format!("state {expected}").into_bytes(),
        row: SessionRow {
            id: SessionId(id),
            line: line(n),
            status: "queued".into(),
            queue: Some("billing".parse().expect("an id")),
            agent: None,
            language: Language::ENGLISH,
            started: at(0),
            waiting_since: Some(at(1)),
            ended: None,
            deadline: Some(at(100)),
            needs: (id % 2 == 1)
                .then(|| Needs { priority: Some(5), skills: vec!["vip".parse().expect("an id")] }),
        },
    }
}

fn ended(mut write: SessionWrite) -> SessionWrite {
    write.row.ended = Some((at(50), EndReason::FinishedByAgent));
    write.row.deadline = None;
    write.row.status = "finished".into();
    write.row.agent = Some("ana".parse().expect("an id"));
    write
}

fn session(write: SessionWrite) -> Commit {
    Commit { session: Some(write), ..Commit::default() }
}

#[expect(clippy::unnecessary_wraps, reason = "a field of `Commit`, as it is")]
fn mark(id: &str) -> Option<InboxMark> {
    Some(InboxMark { source: Source::Provider("test".into()), id: id.into(), at: at(0) })
}

#[expect(clippy::unnecessary_wraps, reason = "a field of `Commit`, as it is")]
fn queued(session: Option<u64>, n: u32) -> Option<(Subject, Vec<Event>)> {
    let subject = Subject { session: session.map(SessionId), line: Some(line(n)) };
    let fact = Fact::Queued { queue: format!("q{n}").parse().expect("an id") };
    Some((subject, vec![Event { at: at(0), fact }]))
}

fn work(key: &str, lane: &str) -> NewWork {
    NewWork {
        key: key.into(),
        lane: lane.into(),
        task: Task::SendText {
            id: MessageId::from(key),
            line: line(1),
            purpose: Purpose::AgentReply,
            body: "Hi".into(),
            kind: Some(ContentType::Promotional),
            automatic: None,
            opt_in_text: true,
        },
        not_before: at(0),
        urgency: Urgency::Answer,
    }
}

fn jobs(work: Vec<NewWork>) -> Commit {
    Commit { work, ..Commit::default() }
}

async fn commit(store: &dyn Store, commit: Commit) -> u64 {
    match store.commit(&center(), commit).await {
        Ok(Committed::Done { position }) => position,
        other => panic!("not committed: {other:?}"),
    }
}

async fn claim(store: &dyn Store, now: i64) -> Vec<super::Work> {
    claim_kind(store, WorkKind::Text, now).await
}

async fn claim_kind(store: &dyn Store, kind: WorkKind, now: i64) -> Vec<super::Work> {
    store.claim_work(&center(), kind, at(now), at(now + 60), 10).await.expect("claimed")
}

async fn finish(store: &dyn Store, work: &super::Work, outcome: Outcome) {
    commit(store, Commit { finished: Some((work.id, work.lease, outcome)), ..Commit::default() })
        .await;
}

fn keys(work: &[super::Work]) -> Vec<&str> {
    work.iter().map(|work| work.work.key.as_str()).collect()
}

/// Everything in a commit is there afterwards.
pub async fn a_commit_is_read_back(store: &dyn Store) {
    let center = center();
    assert_eq!(store.find(&center, line(1)).await.expect("found"), super::Found::default());
    assert_eq!(store.load(&center, SessionId(7)).await.expect("loaded"), None);
    let memory =
        Memory { told_closed_until: Some(at(9)), automatic: vec![5, 2], ..Memory::default() };
    let new = write(7, 1, 0);
    let all = Commit {
        inbox: mark("SM1"),
        session: Some(new.clone()),
        memory: Some(MemoryWrite { line: line(1), expected: 0, memory: memory.clone() }),
        record: queued(Some(7), 1),
        ..Commit::default()
    };
    assert!(commit(store, all).await > 0);
    let found = store.find(&center, line(1)).await.expect("found");
    assert_eq!(found.known.memory, (1, memory));
    let stored = found.session.clone().expect("a session");
    assert_eq!((stored.version, stored.state.as_slice()), (1, new.state.as_slice()));
    let loaded = store.load(&center, SessionId(7)).await.expect("loaded");
    assert_eq!(loaded, Some((line(1), found, stored)));
    let rows = store.sessions(&center, SessionQuery::default()).await.expect("listed");
    assert_eq!(rows, [new.row]);
}

/// A write based on an old version is a conflict, for sessions and memories.
pub async fn versions_keep_writers_apart(store: &dyn Store) {
    commit(store, session(write(7, 1, 0))).await;
    commit(store, session(write(7, 1, 1))).await;
    for stale in [0, 1, 3] {
        let error = store.commit(&center(), session(write(7, 1, stale))).await;
        assert!(matches!(error, Err(StoreError::Conflict)), "{stale}: {error:?}");
    }
    let memory = |expected| MemoryWrite { line: line(1), expected, memory: Memory::default() };
    let remember = |expected| Commit { memory: Some(memory(expected)), ..Commit::default() };
    commit(store, remember(0)).await;
    for stale in [0, 2] {
        let error = store.commit(&center(), remember(stale)).await;
        assert!(matches!(error, Err(StoreError::Conflict)), "{stale}: {error:?}");
    }
    commit(store, remember(1)).await;
}

/// A caller agrees to texts of another number than the call's: both are there afterwards, also for those who
/// have read them before.
pub async fn a_commit_may_be_about_two_lines(store: &dyn Store) {
    for version in 0..3 {
        let one = store.find(&center(), line(1)).await.expect("found");
        let other = store.find(&center(), line(2)).await.expect("found");
        assert_eq!((one.known.memory.0, other.known.memory.0), (0, version));
        assert_eq!(one.session.map_or(0, |session| session.version), version);
        assert_eq!(other.session, None);
        let memory = Memory { automatic: vec![1, 7], ..Memory::default() };
        let memory = Some(MemoryWrite { line: line(2), expected: version, memory });
        commit(store, Commit { memory, ..session(write(7, 1, version)) }).await;
    }
    let other = store.find(&center(), line(2)).await.expect("found");
    assert_eq!(other.known.memory.1.automatic, [1, 7]);
}

/// A session without a state cannot be read again: it is an error, and no conflict.
pub async fn an_empty_state_is_refused(store: &dyn Store) {
    let empty = SessionWrite { state: Vec::new(), ..write(7, 1, 0) };
    let empty = Commit { record: queued(Some(7), 1), ..session(empty) };
    let refused = store.commit(&center(), empty).await;
    assert!(matches!(refused, Err(StoreError::Backend(_))), "{refused:?}");
    commit(store, session(write(7, 1, 0))).await;
}

/// A conflict leaves no trace: not the inbox mark, not the events, not the work.
pub async fn a_refused_commit_leaves_nothing(store: &dyn Store) {
    let refused = Commit {
        inbox: mark("SM1"),
        record: queued(Some(7), 1),
        work: vec![work("7-1", "a")],
        statuses: vec![(
            "ana".parse().expect("an id"),
            AgentState { status: AgentStatus::Available, wrap_up: None },
        )],
        ..session(write(7, 1, 3))
    };
    assert!(matches!(store.commit(&center(), refused).await, Err(StoreError::Conflict)));
    assert!(
        store
            .events(&center(), EventQuery::After { position: 0, limit: 9 })
            .await
            .expect("read")
            .is_empty()
    );
    assert!(claim(store, 0).await.is_empty());
    assert!(store.statuses(&center()).await.expect("read").is_empty());
    commit(store, Commit { inbox: mark("SM1"), ..session(write(7, 1, 0)) }).await;
}

/// Two sessions are never open for one consumer and number (chatwoot #10798).
pub async fn one_session_is_open_per_line(store: &dyn Store) {
    commit(store, session(write(7, 1, 0))).await;
    let second = store.commit(&center(), session(write(8, 1, 0))).await;
    assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
    commit(store, session(ended(write(7, 1, 1)))).await;
    assert_eq!(store.find(&center(), line(1)).await.expect("found").session, None);
    commit(store, session(write(8, 1, 0))).await;
    let found = store.find(&center(), line(1)).await.expect("found");
    assert_eq!(found.session.map(|session| session.version), Some(1));
}

/// Lists are newest first, and filters and pages work.
pub async fn sessions_are_listed(store: &dyn Store) {
    for n in 1..=4 {
        commit(store, session(write(u64::from(n), n, 0))).await;
    }
    commit(store, session(ended(write(2, 2, 1)))).await;
    let ids = async |query| {
        let rows = store.sessions(&center(), query).await.expect("listed");
        rows.iter().map(|row| row.id.0).collect::<Vec<_>>()
    };
    let all = SessionQuery::default();
    assert_eq!(ids(all.clone()).await, [4, 3, 2, 1]);
    assert_eq!(ids(SessionQuery { open: Some(true), ..all.clone() }).await, [4, 3, 1]);
    assert_eq!(ids(SessionQuery { open: Some(false), ..all.clone() }).await, [2]);
    assert_eq!(ids(SessionQuery { line: Some(line(3)), ..all.clone() }).await, [3]);
    assert_eq!(
        ids(SessionQuery { agent: Some("ana".parse().expect("an id")), ..all.clone() }).await,
        [2]
    );
    assert_eq!(ids(SessionQuery { before: Some(SessionId(4)), limit: 2, ..all }).await, [3, 2]);
}

/// The log is in the order of commits; each query reads its part.
pub async fn events_are_read_in_order(store: &dyn Store) {
    let first = commit(store, Commit { record: queued(Some(7), 1), ..Commit::default() }).await;
    let second = commit(store, Commit { record: queued(None, 1), ..Commit::default() }).await;
    let third = commit(store, Commit { record: queued(Some(8), 2), ..Commit::default() }).await;
    let empty = Commit { record: Some((Subject::default(), vec![])), ..Commit::default() };
    assert_eq!(commit(store, empty).await, 0);
    assert!(first < second && second < third);
    let positions = async |query| {
        let records = store.events(&center(), query).await.expect("read");
        records.iter().map(|record| record.position).collect::<Vec<_>>()
    };
    assert_eq!(
        positions(EventQuery::After { position: 0, limit: 9 }).await,
        [first, second, third]
    );
    assert_eq!(positions(EventQuery::After { position: first, limit: 1 }).await, [second]);
    assert_eq!(positions(EventQuery::OfSession(SessionId(7))).await, [first]);
    assert_eq!(positions(EventQuery::OfLine(line(1))).await, [second]);
    let records = store.events(&center(), EventQuery::OfLine(line(1))).await.expect("read");
    assert_eq!(Some((records[0].subject, records[0].events.clone())), queued(None, 1));
}

/// Nothing of one center is seen from another.
pub async fn centers_do_not_see_each_other(store: &dyn Store) {
    let other: CenterId = "other".parse().expect("an id");
    let all = Commit {
        inbox: mark("SM1"),
        record: queued(Some(7), 1),
        work: vec![work("7-1", "a")],
        ..session(write(7, 1, 0))
    };
    commit(store, all.clone()).await;
    assert_eq!(store.find(&other, line(1)).await.expect("found"), super::Found::default());
    assert!(store.load(&other, SessionId(7)).await.expect("loaded").is_none());
    assert!(
        store
            .events(&other, EventQuery::After { position: 0, limit: 9 })
            .await
            .expect("read")
            .is_empty()
    );
    for kind in WorkKind::ALL {
        let claimed = store.claim_work(&other, kind, at(0), at(9), 9).await;
        assert!(claimed.expect("claimed").is_empty());
        assert_eq!(store.wake_work(&other, kind, at(0), 9).await.expect("woken"), 0);
    }
    assert!(store.claim_due(&other, at(999), at(1000), 9).await.expect("claimed").is_empty());
    assert!(matches!(store.commit(&other, all).await, Ok(Committed::Done { .. })));
}

/// Ids rise and none comes twice.
pub async fn ids_are_never_given_twice(store: &dyn Store) {
    let first = store.reserve_session_ids(&center(), 10).await.expect("reserved");
    let second = store.reserve_session_ids(&center(), 1).await.expect("reserved");
    let third = store.reserve_session_ids(&center(), 1).await.expect("reserved");
    assert!(first.0 >= 1);
    assert_eq!((second.0, third.0), (first.0 + 10, first.0 + 11));
}
