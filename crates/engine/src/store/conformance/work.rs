//! The checks of [`WorkStore`](crate::store::WorkStore).

use frontdesk_types::{AgentStatus, CenterId, SessionId};

use crate::store::{
    Item, ItemWrite, LONGEST_HOLD, LONGEST_PAUSE, LONGEST_START, NewWork, Task, Urgency, WorkKind,
};

use super::{
    AgentState, Commit, EventQuery, Outcome, Store, StoreError, WorkState, at, center, claim,
    claim_kind, commit, ended, finish, jobs, keys, line, mark, queued, session, work, write,
};

/// Deadlines are claimed at, not before, their instant, once per lease, and anew after a write.
pub async fn timers_are_claimed_when_due(store: &dyn Store) {
    let claim = async |now: i64| {
        store.claim_due(&center(), at(now), at(now + 30), 10).await.expect("claimed")
    };
    let mut late = write(8, 2, 0);
    late.row.deadline = Some(at(90));
    commit(store, session(write(7, 1, 0))).await;
    commit(store, session(late)).await;
    assert!(claim(89).await.is_empty());
    assert_eq!(claim(90).await, [SessionId(8)]);
    assert_eq!(claim(100).await, [SessionId(7)], "the other one is claimed");
    assert_eq!(claim(120).await, [SessionId(8)], "its lease has ended");
    commit(store, session(write(7, 1, 1))).await;
    assert_eq!(claim(121).await, [SessionId(7)], "written since");
    commit(store, session(ended(write(7, 1, 2)))).await;
    commit(store, session(ended(write(8, 2, 1)))).await;
    assert!(claim(1_000).await.is_empty());
}

/// One piece per lane at a time, in order; lanes do not wait for each other.
pub async fn work_is_done_in_order_per_lane(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a"), work("a2", "a"), work("b1", "b")])).await;
    let first = claim(store, 0).await;
    assert_eq!(keys(&first), ["a1", "b1"]);
    assert_eq!(first[0].work, work("a1", "a"));
    assert!(claim(store, 1).await.is_empty());
    finish(store, &first[0], Outcome::Retry { at: at(20), error: "busy".into() }).await;
    finish(store, &first[1], Outcome::Done).await;
    assert!(claim(store, 19).await.is_empty(), "its lane waits with it");
    let again = claim(store, 20).await;
    assert_eq!((keys(&again), again[0].attempts), (vec!["a1"], 1));
    finish(store, &again[0], Outcome::Postponed { until: at(40) }).await;
    assert!(claim(store, 39).await.is_empty(), "its lane waits with it");
    let again = claim(store, 40).await;
    assert_eq!((keys(&again), again[0].attempts), (vec!["a1"], 1), "that was no attempt");
    finish(store, &again[0], Outcome::Done).await;
    assert_eq!(keys(&claim(store, 41).await), ["a2"]);
}

/// Work whose claimer died is given to the next, and the first claimer's word does not count any more.
pub async fn a_lease_ends(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a")])).await;
    let first = claim(store, 0).await;
    assert!(claim(store, 59).await.is_empty());
    let second = claim(store, 60).await;
    assert_eq!(keys(&second), ["a1"]);
    let late = Commit {
        finished: Some((first[0].id, first[0].lease, Outcome::Done)),
        record: queued(Some(7), 1),
        ..Commit::default()
    };
    assert!(matches!(store.commit(&center(), late).await, Err(StoreError::LeaseLost)));
    assert!(
        store
            .events(&center(), EventQuery::OfSession(SessionId(7)))
            .await
            .expect("read")
            .is_empty()
    );
    finish(store, &second[0], Outcome::Done).await;
}

/// Given-up work is kept for an operator, who may revive it; its lane goes on.
pub async fn dead_work_lets_the_lane_go_on(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a"), work("a2", "a")])).await;
    let first = claim(store, 0).await;
    finish(store, &first[0], Outcome::Dead { error: "no".into() }).await;
    let second = claim(store, 1).await;
    assert_eq!(keys(&second), ["a2"]);
    finish(store, &second[0], Outcome::Done).await;
    let dead = store.work(&center(), WorkState::Dead, 9).await.expect("listed");
    assert_eq!((dead.len(), dead[0].error.as_deref(), dead[0].attempts), (1, Some("no"), 1));
    assert!(store.revive(&center(), dead[0].id, at(2)).await.expect("revived"));
    assert!(!store.revive(&center(), dead[0].id, at(2)).await.expect("answered"));
    let again = claim(store, 2).await;
    assert_eq!((keys(&again), again[0].attempts), (vec!["a1"], 0));
}

/// What was given up and is revived is before what has come since, and whoever works on that finishes it all the same.
pub async fn a_revived_piece_takes_its_place_again(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a"), work("a2", "a"), work("a3", "a")])).await;
    let first = claim(store, 0).await;
    finish(store, &first[0], Outcome::Dead { error: "no".into() }).await;
    let second = claim(store, 1).await;
    assert_eq!(keys(&second), ["a2"]);
    assert!(store.revive(&center(), first[0].id, at(2)).await.expect("revived"));
    let again = claim(store, 2).await;
    assert_eq!(keys(&again), ["a1"]);
    finish(store, &second[0], Outcome::Done).await;
    assert!(claim(store, 3).await.is_empty(), "a1 is still being done");
    finish(store, &again[0], Outcome::Postponed { until: at(10) }).await;
    assert!(claim(store, 9).await.is_empty(), "a3 waits behind it");
    let due = claim(store, 10).await;
    assert_eq!(keys(&due), ["a1"]);
    finish(store, &due[0], Outcome::Done).await;
    assert_eq!(keys(&claim(store, 10).await), ["a3"]);
}

/// Held work keeps its lane until it is revived.
pub async fn held_work_keeps_the_lane(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a"), work("a2", "a")])).await;
    let first = claim(store, 0).await;
    finish(store, &first[0], Outcome::Held).await;
    assert!(claim(store, 999).await.is_empty());
    let held = store.work(&center(), WorkState::Held, 9).await.expect("listed");
    assert_eq!(held.len(), 1);
    assert!(store.revive(&center(), held[0].id, at(1_000)).await.expect("revived"));
    assert_eq!(keys(&claim(store, 1_000).await), ["a1"]);
}

/// The same idempotency key is the same work.
pub async fn a_key_is_put_in_once(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a")])).await;
    commit(store, jobs(vec![work("a1", "a"), work("b1", "b")])).await;
    let pending = store.work(&center(), WorkState::Pending, 9).await.expect("listed");
    let keys: Vec<_> = pending.iter().map(|row| row.work.key.as_str()).collect();
    assert_eq!(keys, ["a1", "b1"]);
}

/// The last status of each agent is there.
pub async fn statuses_are_kept(store: &dyn Store) {
    let set = |name: &str, state: &AgentState| Commit {
        statuses: vec![(name.parse().expect("an id"), state.clone())],
        ..Commit::default()
    };
    let state = |status, wrap_up: Option<i64>| AgentState { status, wrap_up: wrap_up.map(at) };
    let custom = AgentStatus::Custom("training".parse().expect("an id"));
    let expected = [
        ("ana", state(AgentStatus::Available, Some(70_000))),
        ("ben", state(custom, None)),
        ("cid", state(AgentStatus::MissedChat, None)),
    ];
    commit(store, set("ana", &state(AgentStatus::Break, None))).await;
    commit(store, set("cid", &state(AgentStatus::Available, Some(5)))).await;
    for (name, state) in &expected {
        commit(store, set(name, state)).await;
    }
    let statuses = store.statuses(&center()).await.expect("read");
    assert_eq!(statuses, expected.map(|(name, state)| (name.parse().expect("an id"), state)));
}

/// A duty has one holder; who has lost it without knowing commits nothing.
pub async fn a_duty_is_one_hosts_at_a_time(store: &dyn Store) {
    let take = async |host: &str, now: i64, until: i64| {
        let taken = store.take_duty(&center(), "routing", host, at(now), at(until)).await;
        taken.expect("an answer")
    };
    let first = take("a", 0, 10).await.expect("nobody has it");
    assert_eq!(take("b", 9, 20).await, None, "it is another's");
    assert_eq!(take("a", 9, 20).await, Some(first), "renewed, it keeps its fence");
    let second = take("b", 20, 30).await.expect("its time is over");
    assert!(second > first);
    assert_eq!(take("a", 25, 40).await, None);

    let with = |id: &str, fence| Commit {
        inbox: mark(id),
        duty: Some(("routing".to_owned(), fence)),
        ..Commit::default()
    };
    let late = store.commit(&center(), with("IN1", first)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
    commit(store, with("IN1", second)).await;
    let other: CenterId = "other".parse().expect("an id");
    let elsewhere = store.take_duty(&other, "routing", "a", at(25), at(40)).await;
    assert!(elsewhere.expect("an answer").is_some(), "another center's duties are its own");
}

/// [`item`](crate::store::SessionStore::item): versions keep writers apart, and kinds and centers too.
pub async fn small_things_are_kept_by_version(store: &dyn Store) {
    let write = |key: &str, expected, value: Option<&[u8]>| Commit {
        items: vec![ItemWrite {
            kind: "test",
            key: key.to_owned(),
            expected,
            value: value.map(<[u8]>::to_vec),
        }],
        ..Commit::default()
    };
    let center = center();
    assert_eq!(store.item(&center, "test", "b").await.expect("the store answers"), None);
    for key in ["b", "a", "c"] {
        let _ =
            store.commit(&center, write(key, 0, Some(b"one"))).await.expect("the store answers");
    }
    let again = store.commit(&center, write("b", 0, Some(b"two"))).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "it is there already");
    let _ = store.commit(&center, write("b", 1, Some(b"two"))).await.expect("the store answers");
    let item = Item { key: "b".into(), version: 2, value: b"two".to_vec() };
    assert_eq!(store.item(&center, "test", "b").await.expect("the store answers"), Some(item));
    assert_eq!(store.item(&center, "other", "b").await.expect("the store answers"), None);
    let keys = |items: Vec<Item>| items.into_iter().map(|item| item.key).collect::<Vec<_>>();
    assert_eq!(
        keys(store.items(&center, "test", None, 9).await.expect("the store answers")),
        ["a", "b", "c"]
    );
    assert_eq!(
        keys(store.items(&center, "test", Some("a"), 1).await.expect("the store answers")),
        ["b"]
    );
    let stale = store.commit(&center, write("b", 1, None)).await;
    assert!(matches!(stale, Err(StoreError::Conflict)), "an old version takes nothing away");
    let _ = store.commit(&center, write("b", 2, None)).await.expect("the store answers");
    assert_eq!(store.item(&center, "test", "b").await.expect("the store answers"), None);
    let _ = store.commit(&center, write("b", 0, Some(b"three"))).await.expect("the store answers");
}

/// A thousand notices hold no answer back; of the equally urgent, what has been due for longest is first.
pub async fn answers_are_done_before_notices(store: &dyn Store) {
    let notice = |key: &str, due: i64| NewWork {
        urgency: Urgency::Notice,
        not_before: at(due),
        ..work(key, key)
    };
    let answer = |key: &str, due: i64| NewWork { not_before: at(due), ..work(key, key) };
    commit(store, jobs(vec![notice("n5", 5), notice("n1", 1), answer("a6", 6), notice("n9", 9)]))
        .await;
    commit(store, jobs(vec![answer("a2", 2), notice("n1b", 1), answer("a8", 8)])).await;
    let first =
        store.claim_work(&center(), WorkKind::Text, at(7), at(60), 3).await.expect("claimed");
    assert_eq!(keys(&first), ["a2", "a6", "n1"]);
    assert_eq!(keys(&claim(store, 7).await), ["n1b", "n5"]);
    assert_eq!(keys(&claim(store, 9).await), ["a8", "n9"]);
}

/// One of each kind, all due.
fn one_of_each_kind() -> Vec<NewWork> {
    let (session, line) = (SessionId(7), line(1));
    let tasks = [
        Task::FetchMedia {
            session: None,
            line,
            message: "SM1".into(),
            provider: None,
            media: Vec::new(),
        },
        Task::VirtualTurn { session, text: None, provider: None },
        Task::MatchContact { session },
        Task::AnchorHead { size: 1, anchor: "vault".into() },
        Task::BeginDeflected {
            chat: SessionId(8),
            call: session,
            line,
            queue: "billing".parse().expect("an id"),
            language: frontdesk_types::Language::ENGLISH,
        },
        work("text", "text").task,
    ];
    let new = |task: Task| {
        let key = format!("{:?}", task.kind());
        NewWork { task, ..work(&key, &key) }
    };
    tasks.map(new).into()
}

/// Work of other kinds is neither given out nor in the way.
pub async fn a_kind_of_work_is_claimed_by_itself(store: &dyn Store) {
    commit(store, jobs(one_of_each_kind())).await;
    commit(store, jobs(vec![NewWork { urgency: Urgency::Confirmation, ..work("first", "b") }]))
        .await;
    for kind in WorkKind::ALL {
        let claimed = claim_kind(store, kind, 0).await;
        let name = format!("{kind:?}");
        let expected = if kind == WorkKind::Text { vec!["first", &name] } else { vec![&*name] };
        assert_eq!(keys(&claimed), expected);
        for work in claimed {
            finish(store, &work, Outcome::Retry { at: at(9), error: "no".into() }).await;
        }
        assert!(claim_kind(store, kind, 8).await.is_empty());
        assert_eq!(keys(&claim_kind(store, kind, 9).await), expected);
    }
}

/// The holder of a lease has it for longer; who has lost it is told, and nobody is given it twice.
pub async fn a_lease_is_renewed_by_its_holder(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a"), work("b1", "b")])).await;
    let first = claim(store, 0).await;
    let held = |work: &[crate::store::Work]| -> Vec<_> {
        work.iter().map(|work| (work.id, work.lease)).collect()
    };
    let renew = async |held: &[_], until| {
        store.renew_work(&center(), held, at(until)).await.expect("an answer")
    };
    assert_eq!(renew(&held(&first), 90).await, [first[0].id, first[1].id]);
    assert!(claim(store, 89).await.is_empty(), "both are still the first's");
    finish(store, &first[1], Outcome::Done).await;
    let second = claim(store, 90).await;
    assert_eq!(keys(&second), ["a1"]);
    assert!(renew(&held(&first), 999).await.is_empty(), "one is another's, one is done");
    assert_eq!(renew(&held(&second), 180).await, [first[0].id]);
    assert!(claim(store, 179).await.is_empty());
    finish(store, &second[0], Outcome::Done).await;
}

/// Work whose lease ended without a word may have been done: the next holder is told so, until an end is told.
pub async fn work_that_was_interrupted_says_so(store: &dyn Store) {
    commit(store, jobs(vec![work("a1", "a"), work("b1", "b")])).await;
    let claimed = async |now| -> Vec<(String, bool)> {
        let claimed = claim(store, now).await;
        claimed.into_iter().map(|work| (work.work.key, work.interrupted)).collect()
    };
    let first = claim(store, 0).await;
    assert!(first.iter().all(|work| !work.interrupted), "nobody had it before");
    finish(store, &first[1], Outcome::Postponed { until: at(1) }).await;
    assert_eq!(claimed(1).await, [("b1".into(), false)], "its end was told");
    assert_eq!(claimed(60).await, [("a1".into(), true)]);
    let third = claim(store, 120).await;
    assert!(third.len() == 2 && third.iter().all(|work| work.interrupted), "{third:?}");
    for work in &third {
        finish(store, work, Outcome::Retry { at: at(121), error: "busy".into() }).await;
    }
    let ended = claimed(121).await;
    assert_eq!(ended, [("a1".into(), false), ("b1".into(), false)], "told again");
}

/// What waits after a failure is due at once when it is woken, in order and before what came later; nothing else is woken.
pub async fn what_failed_is_woken(store: &dyn Store) {
    let keys_of = ["pause", "fails", "first", "held", "later", "other"];
    commit(store, jobs(keys_of.map(|key| work(key, key)).into())).await;
    for work in claim(store, 0).await {
        let (at, error) = (at(600), "busy".to_owned());
        let outcome = match &*work.work.key {
            "pause" => Outcome::Pause { at, error },
            "held" => Outcome::Postponed { until: at },
            _ => Outcome::Retry { at, error },
        };
        finish(store, &work, outcome).await;
    }
    commit(store, jobs(vec![NewWork { not_before: at(1), ..work("new", "new") }])).await;
    let wake = async |limit| {
        store.wake_work(&center(), WorkKind::Text, at(5), limit).await.expect("woken")
    };
    assert_eq!(store.wake_work(&center(), WorkKind::Crm, at(5), 9).await.expect("woken"), 0);
    assert_eq!(wake(2).await, 2);
    let claimed = claim(store, 5).await;
    assert_eq!(keys(&claimed), ["fails", "first", "new"]);
    assert_eq!(claimed[0].attempts, 1, "attempts are counted on");
    finish(store, &claimed[0], Outcome::Early { at: at(700) }).await;
    assert_eq!((wake(9).await, wake(9).await), (3, 0));
    let again = claim(store, 5).await;
    assert_eq!(keys(&again), ["fails", "later", "other"]);
    assert_eq!(again[0].attempts, 1, "tried early: not an attempt");
    assert_eq!(keys(&claim(store, 600).await).len(), 7, "each at its own time");
}

/// What is due later than any right clock would have written counts as due; leases likewise.
pub async fn a_clock_that_was_ahead_holds_no_work(store: &dyn Store) {
    let hour = 3_600;
    let new = NewWork { not_before: at(hour), ..work("new", "new") };
    commit(store, jobs(["busy", "pause", "gate", "lease"].map(|key| work(key, key)).into())).await;
    commit(store, jobs(vec![new, NewWork { not_before: at(9), ..work("soon", "soon") }])).await;
    assert!(LONGEST_START < LONGEST_PAUSE && LONGEST_PAUSE.num_seconds() < hour);
    // An hour ahead.
    for work in claim(store, hour).await {
        let (at, error) = (at(2 * hour), "busy".to_owned());
        let outcome = match &*work.work.key {
            "busy" => Outcome::Retry { at, error },
            "pause" => Outcome::Pause { at, error },
            "gate" => Outcome::Postponed { until: at },
            _ => continue,
        };
        finish(store, &work, outcome).await;
    }
    // And back.
    let claimed = claim(store, 0).await;
    let mut found = keys(&claimed);
    found.sort_unstable();
    assert_eq!(found, ["busy", "lease", "new", "pause"], "the gate's holds, and what is due soon");
    for work in claimed.iter().filter(|work| work.work.key == "busy") {
        let until = at(0) + LONGEST_HOLD;
        finish(store, work, Outcome::Postponed { until }).await;
    }
    assert!(claim(store, 1).await.is_empty());
    let held = claim(store, -1).await;
    assert_eq!(keys(&held), ["busy"], "no rule holds for so long");
}

/// A timer that was claimed by a clock that was ahead is given out again.
pub async fn a_clock_that_was_ahead_holds_no_timer(store: &dyn Store) {
    commit(store, session(write(7, 1, 0))).await;
    let claim = async |now: i64| {
        store.claim_due(&center(), at(now), at(now + 30), 10).await.expect("claimed")
    };
    assert_eq!(claim(4_000).await, [SessionId(7)]);
    assert!(claim(3_990).await.is_empty(), "clocks of hosts differ a little");
    assert_eq!(claim(400).await, [SessionId(7)]);
}
