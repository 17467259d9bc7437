use std::collections::BTreeMap;

use chrono::TimeDelta;
use frontdesk::{
    store::{
        Commit, LONGEST_PAUSE, MemoryStore, SessionStore as _, Store, StoreError, Task, Urgency,
        Waits, Work, WorkKind, WorkState, WorkStore as _,
    },
    types::{CenterId, SessionId},
};
use futures::executor::block_on;
use proptest::prelude::*;
use rusqlite::StatementStatus;

use super::*;
use crate::{SqliteStore, claims, store::Key};

/// The kinds that are played with: one with a service that is woken, one without.
const KINDS: [WorkKind; 2] = [WorkKind::Crm, WorkKind::VirtualAgent];
/// How far a clock is ahead: farther than the longest pause, nearer than the longest hold.
const AHEAD: i64 = LONGEST_PAUSE.num_seconds() * 2;

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

fn task(kind: WorkKind) -> Task {
    let session = SessionId(1);
    match kind {
        WorkKind::VirtualAgent => Task::VirtualTurn { session, text: None, provider: None },
        _ => Task::MatchContact { session },
    }
}

#[derive(Debug, Clone)]
enum Act {
    Put { lane: u8, due: i64, urgency: Urgency },
    Claim { kind: WorkKind, limit: usize },
    Renew { which: prop::sample::Index, seconds: i64 },
    Finish { which: prop::sample::Index, outcome: u8, later: i64 },
    Wake { kind: WorkKind, limit: usize },
    Revive { which: prop::sample::Index, dead: bool },
    Pass { seconds: i64 },
}

fn act() -> impl Strategy<Value = Act> {
    let which = any::<prop::sample::Index>;
    let urgency =
        || prop::sample::select(vec![Urgency::Confirmation, Urgency::Answer, Urgency::Notice]);
    let kind = || prop::sample::select(KINDS.to_vec());
    let seconds = prop_oneof![6 => 0_i64..40, 1 => Just(AHEAD), 1 => Just(-AHEAD)];
    prop_oneof![
        5 => (0_u8..4, -5_i64..20, urgency()).prop_map(|(lane, due, urgency)| Act::Put { lane, due, urgency }),
        5 => (kind(), 1_usize..5).prop_map(|(kind, limit)| Act::Claim { kind, limit }),
        1 => (which(), 0_i64..60).prop_map(|(which, seconds)| Act::Renew { which, seconds }),
        6 => (which(), 0_u8..7, 0_i64..20).prop_map(|(which, outcome, later)| Act::Finish { which, outcome, later }),
        1 => (kind(), 1_usize..3).prop_map(|(kind, limit)| Act::Wake { kind, limit }),
        2 => (which(), any::<bool>()).prop_map(|(which, dead)| Act::Revive { which, dead }),
        2 => seconds.prop_map(|seconds| Act::Pass { seconds }),
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
            Act::Put { lane, due, urgency } => {
                self.put += 1;
                // A lane has work of one kind.
                let task = task(KINDS[usize::from(*lane) % KINDS.len()]);
                let lane = format!("lane {lane}");
                let work = work(&self.put.to_string(), &lane, now + due, *urgency);
                let work = vec![NewWork { task, ..work }];
                let done = store.commit(&center, Commit { work, ..Commit::default() });
                format!("{:?}", block_on(done))
            }
            Act::Claim { kind, limit } => {
                let until = at(now + 30);
                let claimed =
                    block_on(store.claim_work(&center, *kind, at(now), until, *limit)).unwrap();
                let told = claimed.iter().map(|work| (&work.work, work.attempts));
                let told = format!("{:?}", told.collect::<Vec<_>>());
                self.claimed.extend(claimed);
                told
            }
            Act::Renew { which, seconds } => {
                let Some(work) = self.claimed(*which) else { return String::new() };
                let held = [(work.id, work.lease)];
                let renewed = store.renew_work(&center, &held, at(now + seconds));
                format!("{:?}", block_on(renewed).unwrap())
            }
            Act::Finish { which, outcome, later } => self.finish(*which, *outcome, at(now + later)),
            Act::Wake { kind, limit } => {
                format!("{}", block_on(store.wake_work(&center, *kind, at(now), *limit)).unwrap())
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

    fn claimed(&self, which: prop::sample::Index) -> Option<&Work> {
        (!self.claimed.is_empty()).then(|| &self.claimed[which.index(self.claimed.len())])
    }

    fn finish(&mut self, which: prop::sample::Index, outcome: u8, then: Instant) -> String {
        let Some(work) = self.claimed(which).cloned() else { return String::new() };
        self.claimed.retain(|of| of.lease != work.lease);
        let error = "no".to_owned();
        let outcome = match outcome {
            0 => Outcome::Done,
            1 => Outcome::Held,
            2 => Outcome::Dead { error },
            3 => Outcome::Postponed { until: then },
            4 => Outcome::Pause { at: then, error },
            5 => Outcome::Early { at: then },
            _ => Outcome::Retry { at: then, error },
        };
        let finished = Some((work.id, work.lease, outcome));
        let commit = Commit { finished, ..Commit::default() };
        let done = block_on(self.store.commit(&center(), commit));
        assert!(matches!(done, Ok(_) | Err(StoreError::LeaseLost)));
        format!("{}", done.is_ok())
    }

    /// Everything that is kept, as it is listed.
    fn rows(&self) -> String {
        let all = [WorkState::Pending, WorkState::Held, WorkState::Dead];
        let list = |state| block_on(self.store.work(&center(), state, 999)).unwrap();
        format!("{:?}", all.map(list))
    }
}

/// The definition: of a lane, what is not dead and has nothing before it that is not dead.
const WRONG_HEADS: &str = "SELECT count(*) FROM work
     WHERE head <> (state < 2 AND NOT EXISTS (
         SELECT 1 FROM work AS earlier
         WHERE earlier.center = work.center AND earlier.lane = work.lane AND earlier.state < 2
           AND earlier.id < work.id))";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

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
            prop_assert_eq!(one.rows(), other.rows(), "{:?}", act);
            let wrong: i64 = beside.query_row(WRONG_HEADS, [], |row| row.get(0)).unwrap();
            prop_assert_eq!(wrong, 0, "{:?}", act);
        }
    }
}

/// A store with a center, and a connection beside it to fill its tables by.
fn begun_beside() -> (tempfile::TempDir, SqliteStore, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.key(&center())).unwrap();
    let beside = Connection::open(&path).unwrap();
    (folder, store, beside)
}

/// A hundred thousand lanes whose heads are held, and as many texts behind them: claiming looks at none of them.
#[test]
fn dlc_6_claiming_does_not_walk_over_what_is_held() {
    let (_folder, store, filled) = begun_beside();
    let lanes = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
        INSERT INTO work (center, key, lane, task, not_before, kind, waits, head)
        SELECT 1, n || '-' || head, n, '{\"task\":\"match_contact\",\"session\":1}', ?1, 2, n % 4, head
        FROM n, (SELECT 1 AS head UNION ALL SELECT 0) ORDER BY n, head DESC";
    // Later than now, and not so late that a clock must have been ahead.
    filled.execute(lanes, [millis(at(200))]).unwrap();
    let wrong: i64 = filled.query_row(WRONG_HEADS, [], |row| row.get(0)).unwrap();
    assert_eq!(wrong, 0);
    let due = vec![work("due", "due", 0, Urgency::Answer)];
    assert!(block_on(store.commit(&center(), Commit { work: due, ..Commit::default() })).is_ok());
    let mut statement = filled.prepare(&claims::claimable()).unwrap();
    for waits in Waits::ALL.map(waits_column) {
        let (from, to, longest) = (i64::MIN, millis(at(0)), i64::MAX);
        let of = (1, to, 64, 2, 0, waits, from, to, longest, 0);
        let due = statement.query_map(of, |row| row.get::<_, String>(1)).unwrap();
        let due: Vec<String> = due.collect::<rusqlite::Result<_>>().unwrap();
        assert_eq!(due, if waits == 0 { vec!["due".to_owned()] } else { Vec::new() });
    }
    let steps = statement.get_status(StatementStatus::VmStep);
    assert!(steps < 400, "{steps} steps");
    let claimed = block_on(store.claim_work(&center(), WorkKind::Crm, at(0), at(9), 64)).unwrap();
    assert_eq!(claimed.iter().map(|work| &*work.work.key).collect::<Vec<_>>(), ["due"]);
}

/// What fails is woken a few at a time: what was woken before is not walked over.
#[test]
fn waking_does_not_walk_over_what_was_woken() {
    let (_folder, _store, filled) = begun_beside();
    let failing = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000)
        INSERT INTO work (center, key, lane, task, not_before, kind, waits, head)
        SELECT 1, n, n, '{\"task\":\"match_contact\",\"session\":1}', ?1, 2, 1, 1 FROM n";
    filled.execute(failing, [millis(at(200))]).unwrap();
    let mut statement = filled.prepare(claims::WAKE).unwrap();
    for _ in 0..20 {
        assert_eq!(statement.execute(params![1, 2, 0, millis(at(0)), 500]).unwrap(), 500);
    }
    assert_eq!(statement.execute(params![1, 2, 0, millis(at(0)), 500]).unwrap(), 0);
    let steps = statement.get_status(StatementStatus::VmStep);
    assert!(steps < 10_000 * 100, "{steps} steps");
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
        let claimed =
            block_on(store.claim_work(&center(), WorkKind::Crm, at(0), at(60), 64)).unwrap();
        assert_eq!(claimed.len(), process + 1);
        assert!(
            block_on(store.clone().claim_work(&center(), WorkKind::Crm, at(1), at(60), 64))
                .unwrap()
                .is_empty()
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
