use std::collections::BTreeMap;

use chrono::TimeDelta;
use frontdesk::{
    store::{
        Commit, MemoryStore, SessionStore as _, Store, StoreError, Task, Urgency, Work, WorkState,
        WorkStore as _,
    },
    types::{CenterId, SessionId},
};
use futures::executor::block_on;
use proptest::prelude::*;
use rusqlite::StatementStatus;

use super::*;
use crate::{SqliteStore, store::Key};

fn center() -> CenterId {
    "acme".parse().unwrap()
}

fn at(second: i64) -> Instant {
    "2026-11-21T15:00:00Z".parse::<Instant>().unwrap() + TimeDelta::seconds(second)
}

fn work(key: &str, lane: &str, due: i64, urgency: Urgency) -> NewWork {
    let task = Task::MatchContact { session: SessionId(1) };
    NewWork { key: key.into(), lane: lane.into(), task, not_before: at(due), urgency }
}

#[derive(Debug, Clone)]
enum Act {
    Put { lane: u8, due: i64, urgent: bool },
    Claim { limit: usize },
    Finish { which: prop::sample::Index, outcome: u8, later: i64 },
    Revive { which: prop::sample::Index, dead: bool },
    Pass { seconds: i64 },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0_u8..4, -5_i64..20, any::<bool>()).prop_map(|(lane, due, urgent)| Act::Put { lane, due, urgent }),
        4 => (1_usize..5).prop_map(|limit| Act::Claim { limit }),
        5 => (any::<prop::sample::Index>(), 0_u8..5, 0_i64..20)
            .prop_map(|(which, outcome, later)| Act::Finish { which, outcome, later }),
        2 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(which, dead)| Act::Revive { which, dead }),
        2 => (0_i64..40).prop_map(|seconds| Act::Pass { seconds }),
    ]
}

/// One store, what was claimed of it, and what time it is.
struct Played<'a> {
    store: &'a dyn Store,
    claimed: Vec<Work>,
    now: i64,
    put: u32,
}

impl Played<'_> {
    /// What the store answered, as it can be compared.
    fn play(&mut self, act: &Act) -> String {
        let (store, center, now) = (self.store, center(), self.now);
        match act {
            Act::Put { lane, due, urgent } => {
                self.put += 1;
                let urgency = if *urgent { Urgency::Answer } else { Urgency::Notice };
                let lane = format!("lane {lane}");
                let work = vec![work(&self.put.to_string(), &lane, now + due, urgency)];
                let done = store.commit(&center, Commit { work, ..Commit::default() });
                format!("{:?}", block_on(done))
            }
            Act::Claim { limit } => {
                let claimed = store.claim_work(&center, at(now), at(now + 30), *limit);
                let claimed = block_on(claimed).unwrap();
                let told = claimed.iter().map(|work| (&work.work.key, work.attempts));
                let told = format!("{:?}", told.collect::<Vec<_>>());
                self.claimed.extend(claimed);
                told
            }
            Act::Finish { which, outcome, later } => {
                if self.claimed.is_empty() {
                    return String::new();
                }
                let work = self.claimed.remove(which.index(self.claimed.len()));
                let (until, error) = (at(now + later), "no".to_owned());
                let outcome = match outcome {
                    0 => Outcome::Done,
                    1 => Outcome::Held,
                    2 => Outcome::Dead { error },
                    3 => Outcome::Postponed { until },
                    _ => Outcome::Retry { at: until, error },
                };
                let finished = Some((work.id, work.lease, outcome));
                let done =
                    block_on(store.commit(&center, Commit { finished, ..Commit::default() }));
                assert!(matches!(done, Ok(_) | Err(StoreError::LeaseLost)));
                format!("{}", done.is_ok())
            }
            Act::Revive { which, dead } => {
                let state = if *dead { WorkState::Dead } else { WorkState::Held };
                let kept = block_on(store.work(&center, state, 99)).unwrap();
                if kept.is_empty() {
                    return String::new();
                }
                let id = kept[which.index(kept.len())].id;
                format!("{}", block_on(store.revive(&center, id, at(now))).unwrap())
            }
            Act::Pass { seconds } => {
                self.now += seconds;
                String::new()
            }
        }
    }
}

/// The definition: of a lane, what is not dead and has nothing before it that is not dead.
const WRONG_HEADS: &str = "SELECT count(*) FROM work
     WHERE head <> (state < 2 AND NOT EXISTS (
         SELECT 1 FROM work AS earlier
         WHERE earlier.center = work.center AND earlier.lane = work.lane AND earlier.state < 2
           AND earlier.id < work.id))";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens in whichever order: the mark is where the definition says, and both stores give out the same.
    #[test]
    fn the_head_of_a_lane_is_marked_in_every_order(acts in prop::collection::vec(act(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let (sqlite, memory) = (SqliteStore::open(&path).unwrap(), MemoryStore::new());
        let beside = Connection::open(&path).unwrap();
        let begun = |store| Played { store, claimed: Vec::new(), now: 0, put: 0 };
        let (mut one, mut other) = (begun(&sqlite), begun(&memory));
        for act in &acts {
            prop_assert_eq!(one.play(act), other.play(act), "{:?}", act);
            let wrong: i64 = beside.query_row(WRONG_HEADS, [], |row| row.get(0)).unwrap();
            prop_assert_eq!(wrong, 0, "{:?}", act);
        }
    }
}

/// A hundred thousand texts that are held behind others, and as many that are not due: claiming looks at none of them.
#[test]
fn dlc_6_claiming_does_not_walk_over_what_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    let mut texts = Vec::new();
    for lane in 0..20_000 {
        for n in 0..3 {
            texts.push(work(&format!("{lane}-{n}"), &format!("{lane}"), 1_000, Urgency::Answer));
        }
    }
    texts.push(work("due", "due", 0, Urgency::Answer));
    let put = block_on(store.commit(&center(), Commit { work: texts, ..Commit::default() }));
    assert!(put.is_ok());
    let beside = Connection::open(&path).unwrap();
    let mut statement = beside.prepare(&claims::claimable()).unwrap();
    let of = params![1, millis(at(0)), 64, 0, 0];
    let due = statement.query_map(of, |row| row.get::<_, String>(1)).unwrap();
    let due: Vec<String> = due.collect::<rusqlite::Result<_>>().unwrap();
    assert_eq!(due, ["due"]);
    let steps = statement.get_status(StatementStatus::VmStep);
    assert!(steps < 200, "{steps} steps");
    let claimed = block_on(store.claim_work(&center(), at(0), at(9), 64)).unwrap();
    assert_eq!(claimed.iter().map(|work| &*work.work.key).collect::<Vec<_>>(), ["due"]);
}

/// What another process had leased is free at once, what this one has leased is not, however late a second store asks.
#[test]
fn leases_of_before_are_void() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let mut left = BTreeMap::new();
    for process in 0..3 {
        let store = SqliteStore::open(&path).unwrap();
        let put = vec![work(&format!("{process}"), &format!("{process}"), 0, Urgency::Answer)];
        assert!(
            block_on(store.commit(&center(), Commit { work: put, ..Commit::default() })).is_ok()
        );
        let claimed = block_on(store.claim_work(&center(), at(0), at(60), 64)).unwrap();
        assert_eq!(claimed.len(), process + 1);
        assert!(
            block_on(store.clone().claim_work(&center(), at(1), at(60), 64)).unwrap().is_empty()
        );
        for work in claimed {
            let again = left.insert(work.lease, work.id);
            assert_eq!(again, None, "a lease is given out once");
        }
    }
    let store = SqliteStore::open(&path).unwrap();
    let Key { old_leases, .. } = block_on(store.key(&center())).unwrap();
    assert_eq!(Some(old_leases.cast_unsigned()), left.keys().max().copied());
}
