//! Work in memory, so that claiming looks at nothing that waits behind another.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    ops::Bound,
};

use frontdesk_types::Instant;

use crate::store::{
    Lease, NewWork, Outcome, Urgency, Waits, Work, WorkId, WorkKind, WorkRow, WorkState,
    lease_is_over,
};

/// The urgencies, first the most urgent.
const BY_URGENCY: [Urgency; 3] = [Urgency::Confirmation, Urgency::Answer, Urgency::Notice];

#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: BTreeMap<WorkId, Item>,
    keys: HashSet<String>,
    /// What is not dead, by lane.
    lanes: BTreeMap<String, BTreeSet<WorkId>>,
    /// The heads of lanes that are pending, in the order in which they are done.
    ready: BTreeSet<Place>,
    /// What is pending and waits after a failure, oldest first.
    failed: BTreeSet<(WorkKind, Urgency, WorkId)>,
    last_work: WorkId,
    last_lease: Lease,
}

type Place = (WorkKind, Urgency, Waits, Instant, WorkId);

#[derive(Debug)]
struct Item {
    work: NewWork,
    state: WorkState,
    attempts: u32,
    error: Option<String>,
    waits: Waits,
    lease: Option<(Lease, Instant)>,
}

impl Item {
    fn new(work: NewWork) -> Self {
        let (state, waits) = (WorkState::Pending, Waits::Start);
        Self { work, state, attempts: 0, error: None, waits, lease: None }
    }

    fn place(&self, id: WorkId) -> Place {
        (self.work.task.kind(), self.work.urgency, self.waits, self.work.not_before, id)
    }

    /// Done, or waiting for something.
    fn end(&mut self, outcome: Outcome) {
        self.lease = None;
        let tried = !matches!(outcome, Outcome::Postponed { .. } | Outcome::Early { .. });
        self.attempts += u32::from(tried);
        if let Some((waits, until)) = outcome.waits() {
            (self.waits, self.work.not_before) = (waits, until);
        }
        match outcome {
            Outcome::Done | Outcome::Early { .. } | Outcome::Postponed { .. } => {}
            Outcome::Held => {
                self.state = WorkState::Held;
                self.error = None;
            }
            Outcome::Dead { error } => {
                self.state = WorkState::Dead;
                self.error = Some(error);
            }
            Outcome::Pause { error, .. } | Outcome::Retry { error, .. } => self.error = Some(error),
        }
    }
}

impl Outbox {
    /// A key that is there already is left as it is.
    pub(super) fn put_in(&mut self, work: NewWork) {
        if !self.keys.insert(work.key.clone()) {
            return;
        }
        self.last_work += 1;
        let id = self.last_work;
        let lane = work.lane.clone();
        self.items.insert(id, Item::new(work));
        self.change_lane(&lane, |lane| lane.insert(id));
    }

    pub(super) fn has_lease(&self, id: WorkId, lease: Lease) -> bool {
        let item = self.items.get(&id);
        item.and_then(|item| item.lease).is_some_and(|(held, _)| held == lease)
    }

    pub(super) fn claim(
        &mut self,
        kind: WorkKind,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Vec<Work> {
        let mut found = Vec::new();
        for urgency in BY_URGENCY {
            let left = limit.saturating_sub(found.len());
            let mut due: Vec<(Instant, WorkId)> = Vec::new();
            for waits in Waits::ALL {
                let free = |(_, id): &(Instant, WorkId)| {
                    let lease = self.items.get(id).and_then(|item| item.lease);
                    lease.is_none_or(|(_, leased)| lease_is_over(leased, now, until))
                };
                due.extend(self.windows((kind, urgency, waits), now).filter(free).take(left));
            }
            due.sort_unstable();
            due.truncate(left);
            found.extend(due);
        }
        found.into_iter().filter_map(|(_, id)| self.lease(id, until)).collect()
    }

    /// What has come, and what no right clock has written.
    fn windows(
        &self,
        (kind, urgency, waits): (WorkKind, Urgency, Waits),
        now: Instant,
    ) -> impl Iterator<Item = (Instant, WorkId)> {
        let first = (kind, urgency, waits, Instant::MIN_UTC, WorkId::MIN);
        let come = self.ready.range(first..=(kind, urgency, waits, now, WorkId::MAX));
        let latest = now.checked_add_signed(waits.longest()).unwrap_or(Instant::MAX_UTC).max(now);
        let after = Bound::Excluded((kind, urgency, waits, latest, WorkId::MAX));
        let last = Bound::Included((kind, urgency, waits, Instant::MAX_UTC, WorkId::MAX));
        let never = (latest < Instant::MAX_UTC).then(|| self.ready.range((after, last)));
        come.chain(never.into_iter().flatten()).map(|(_, _, _, due, id)| (*due, *id))
    }

    fn lease(&mut self, id: WorkId, until: Instant) -> Option<Work> {
        let item = self.items.get_mut(&id)?;
        self.last_lease += 1;
        let lease = self.last_lease;
        let interrupted = item.lease.replace((lease, until)).is_some();
        Some(Work { id, lease, attempts: item.attempts, interrupted, work: item.work.clone() })
    }

    pub(super) fn renew(&mut self, id: WorkId, lease: Lease, until: Instant) -> bool {
        let held = self.items.get_mut(&id).and_then(|item| item.lease.as_mut());
        match held.filter(|(held, _)| *held == lease) {
            Some((_, end)) => {
                *end = until;
                true
            }
            None => false,
        }
    }

    pub(super) fn wake(&mut self, kind: WorkKind, now: Instant, limit: usize) -> usize {
        let mut woken = Vec::new();
        for urgency in BY_URGENCY {
            let of = (kind, urgency, WorkId::MIN)..=(kind, urgency, WorkId::MAX);
            let sleeps =
                |id: &WorkId| self.items.get(id).is_some_and(|item| item.work.not_before > now);
            let asleep = self.failed.range(of).map(|(_, _, id)| *id).filter(sleeps);
            let left = limit.saturating_sub(woken.len());
            woken.extend(asleep.take(left));
        }
        for id in &woken {
            self.change_item(*id, |item| item.work.not_before = Instant::UNIX_EPOCH);
        }
        woken.len()
    }

    /// Work that the gate holds in a lane is due.
    pub(super) fn recheck(&mut self, lane: &str) {
        let of_lane: Vec<WorkId> = self.lanes.get(lane).into_iter().flatten().copied().collect();
        for id in of_lane {
            self.change_item(id, |item| {
                if item.waits == Waits::Gate && item.state == WorkState::Pending {
                    item.work.not_before = Instant::UNIX_EPOCH;
                }
            });
        }
    }

    pub(super) fn list(&self, state: WorkState, limit: usize) -> Vec<WorkRow> {
        let rows = self.items.iter().filter(|(_, item)| item.state == state).take(limit);
        rows.map(|(id, item)| WorkRow {
            id: *id,
            work: item.work.clone(),
            state: item.state,
            attempts: item.attempts,
            error: item.error.clone(),
        })
        .collect()
    }

    pub(super) fn finish(&mut self, id: WorkId, outcome: Outcome) {
        let Some(lane) = self.items.get(&id).map(|item| item.work.lane.clone()) else { return };
        let done = outcome == Outcome::Done;
        let leaves = done || matches!(outcome, Outcome::Dead { .. });
        self.change_item(id, |item| item.end(outcome));
        if leaves {
            self.change_lane(&lane, |lane| lane.remove(&id));
        }
        if done && let Some(item) = self.items.remove(&id) {
            self.keys.remove(&item.work.key);
            let (kind, urgency, ..) = item.place(id);
            self.failed.remove(&(kind, urgency, id));
        }
    }

    /// Dead work takes its old place in the lane again.
    pub(super) fn revive(&mut self, id: WorkId, now: Instant) -> bool {
        let kept = self.items.get(&id).filter(|item| item.state != WorkState::Pending);
        let Some(lane) = kept.map(|item| item.work.lane.clone()) else { return false };
        self.change_item(id, |item| {
            item.state = WorkState::Pending;
            item.attempts = 0;
            (item.waits, item.work.not_before) = (Waits::Start, now);
        });
        self.change_lane(&lane, |lane| lane.insert(id));
        true
    }

    /// Changes a piece of work, and with it its place among what is ready and what sleeps.
    fn change_item(&mut self, id: WorkId, change: impl FnOnce(&mut Item)) {
        let Some(item) = self.items.get_mut(&id) else { return };
        let before = item.place(id);
        change(item);
        let after = item.place(id);
        let pending = item.state == WorkState::Pending;
        let lane = self.lanes.get(&item.work.lane);
        self.ready.remove(&before);
        if pending && lane.and_then(BTreeSet::first) == Some(&id) {
            self.ready.insert(after);
        }
        let (kind, urgency, waits, ..) = after;
        if pending && waits == Waits::Failure {
            self.failed.insert((kind, urgency, id));
        } else {
            self.failed.remove(&(kind, urgency, id));
        }
    }

    /// Changes who is in a lane, and with it who is at its head. `change` says whether it did.
    fn change_lane(&mut self, name: &str, change: impl FnOnce(&mut BTreeSet<WorkId>) -> bool) {
        let lane = self.lanes.entry(name.to_owned()).or_default();
        let before = lane.first().copied();
        let changed = change(lane);
        let after = lane.first().copied();
        if lane.is_empty() {
            self.lanes.remove(name);
        }
        if !changed || before == after {
            return;
        }
        for (id, is_head) in [(before, false), (after, true)] {
            let Some((id, item)) = id.and_then(|id| Some((id, self.items.get(&id)?))) else {
                continue;
            };
            let place = item.place(id);
            if is_head && item.state == WorkState::Pending {
                self.ready.insert(place);
            } else {
                self.ready.remove(&place);
            }
        }
    }
}
