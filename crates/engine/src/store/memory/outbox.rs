//! Work in memory, so that claiming looks at nothing that waits behind another.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use frontdesk_types::Instant;

use crate::store::{Lease, NewWork, Outcome, Urgency, Work, WorkId, WorkRow, WorkState};

#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: BTreeMap<WorkId, Item>,
    keys: HashSet<String>,
    /// What is not dead, by lane.
    lanes: BTreeMap<String, BTreeSet<WorkId>>,
    /// The heads of lanes that are pending, in the order in which they are done.
    ready: BTreeSet<Place>,
    last_work: WorkId,
    last_lease: Lease,
}

type Place = (Urgency, Instant, WorkId);

#[derive(Debug)]
struct Item {
    work: NewWork,
    state: WorkState,
    attempts: u32,
    error: Option<String>,
    lease: Option<(Lease, Instant)>,
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
        let item = Item { work, state: WorkState::Pending, attempts: 0, error: None, lease: None };
        self.items.insert(id, item);
        self.change_lane(&lane, |lane| lane.insert(id));
    }

    pub(super) fn has_lease(&self, id: WorkId, lease: Lease) -> bool {
        let item = self.items.get(&id);
        item.and_then(|item| item.lease).is_some_and(|(held, _)| held == lease)
    }

    pub(super) fn claim(&mut self, now: Instant, until: Instant, limit: usize) -> Vec<Work> {
        let due = [Urgency::Answer, Urgency::Notice].into_iter().flat_map(|urgency| {
            let first = (urgency, Instant::MIN_UTC, WorkId::MIN);
            self.ready.range(first..=(urgency, now, WorkId::MAX))
        });
        let free = |id: &WorkId| {
            let item = self.items.get(id);
            item.is_some_and(|item| item.lease.is_none_or(|(_, until)| until <= now))
        };
        let due: Vec<WorkId> = due.map(|(_, _, id)| *id).filter(free).take(limit).collect();
        let mut claimed = Vec::new();
        for id in due {
            let Some(item) = self.items.get_mut(&id) else { continue };
            self.last_lease += 1;
            item.lease = Some((self.last_lease, until));
            let (lease, attempts, work) = (self.last_lease, item.attempts, item.work.clone());
            claimed.push(Work { id, lease, attempts, work });
        }
        claimed
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
        let leaves = matches!(outcome, Outcome::Done | Outcome::Dead { .. });
        self.change_item(id, |item| {
            item.lease = None;
            item.attempts += u32::from(!matches!(outcome, Outcome::Postponed { .. }));
            match outcome {
                Outcome::Done => {}
                Outcome::Postponed { until } => item.work.not_before = until,
                Outcome::Held => item.state = WorkState::Held,
                Outcome::Dead { error } => {
                    item.state = WorkState::Dead;
                    item.error = Some(error);
                }
                Outcome::Retry { at, error } => {
                    item.work.not_before = at;
                    item.error = Some(error);
                }
            }
        });
        if leaves {
            self.change_lane(&lane, |lane| lane.remove(&id));
        }
        if self.items.get(&id).is_some_and(|item| leaves && item.state != WorkState::Dead)
            && let Some(done) = self.items.remove(&id)
        {
            self.keys.remove(&done.work.key);
        }
    }

    /// Dead work takes its old place in the lane again.
    pub(super) fn revive(&mut self, id: WorkId, now: Instant) -> bool {
        let kept = self.items.get(&id).filter(|item| item.state != WorkState::Pending);
        let Some(lane) = kept.map(|item| item.work.lane.clone()) else { return false };
        self.change_item(id, |item| {
            item.state = WorkState::Pending;
            item.attempts = 0;
            item.work.not_before = now;
        });
        self.change_lane(&lane, |lane| lane.insert(id));
        true
    }

    /// Changes a piece of work, and with it its place among what is ready.
    fn change_item(&mut self, id: WorkId, change: impl FnOnce(&mut Item)) {
        let Some(item) = self.items.get_mut(&id) else { return };
        let before = (item.work.urgency, item.work.not_before, id);
        change(item);
        let after = (item.work.urgency, item.work.not_before, id);
        let pending = item.state == WorkState::Pending;
        let lane = self.lanes.get(&item.work.lane);
        self.ready.remove(&before);
        if pending && lane.and_then(BTreeSet::first) == Some(&id) {
            self.ready.insert(after);
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
            let place = (item.work.urgency, item.work.not_before, id);
            if is_head && item.state == WorkState::Pending {
                self.ready.insert(place);
            } else {
                self.ready.remove(&place);
            }
        }
    }
}
