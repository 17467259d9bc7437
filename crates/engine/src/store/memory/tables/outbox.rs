//! Work in memory: claimed, renewed, woken, finished.

use std::{cmp::Reverse, collections::BTreeSet};

use frontdesk_types::Instant;

use super::{Item, Tables};
use crate::store::{
    Lease, NewWork, Outcome, Urgency, Waits, Work, WorkId, WorkKind, WorkState, lease_is_over,
};

impl Item {
    pub(super) fn new(work: NewWork) -> Self {
        let (state, waits) = (WorkState::Pending, Waits::Start);
        Self { work, state, attempts: 0, error: None, waits, lease: None }
    }
}

impl Tables {
    pub(in crate::store) fn claim(
        &mut self,
        kind: WorkKind,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Vec<Work> {
        let mut lanes = BTreeSet::new();
        let mut due = Vec::new();
        for (id, item) in &self.work {
            // Only the first of a lane that is not dead; whatever it waits for, the others do too.
            if item.state == WorkState::Dead || !lanes.insert(&item.work.lane) {
                continue;
            }
            let free = item.lease.is_none_or(|(_, leased)| lease_is_over(leased, now, until));
            let time_has_come = item.waits.is_over(item.work.not_before, now);
            let pending = item.state == WorkState::Pending && item.work.task.kind() == kind;
            if pending && free && time_has_come {
                due.push((item.work.urgency, item.work.not_before, *id));
            }
        }
        due.sort_unstable();
        due.truncate(limit);
        due.into_iter().filter_map(|(_, _, id)| self.lease(id, until)).collect()
    }

    fn lease(&mut self, id: WorkId, until: Instant) -> Option<Work> {
        let item = self.work.get_mut(&id)?;
        self.last_lease += 1;
        let lease = self.last_lease;
        item.lease = Some((lease, until));
        Some(Work { id, lease, attempts: item.attempts, work: item.work.clone() })
    }

    pub(in crate::store) fn renew(&mut self, id: WorkId, lease: Lease, until: Instant) -> bool {
        let held = self.work.get_mut(&id).and_then(|item| item.lease.as_mut());
        match held.filter(|(held, _)| *held == lease) {
            Some((_, end)) => {
                *end = until;
                true
            }
            None => false,
        }
    }

    pub(in crate::store) fn wake(&mut self, kind: WorkKind, now: Instant, limit: usize) -> usize {
        let sleeps = |item: &Item| {
            item.state == WorkState::Pending
                && item.waits == Waits::Failure
                && item.work.not_before > now
                && item.work.task.kind() == kind
        };
        let mut asleep: Vec<(Urgency, WorkId)> = self
            .work
            .iter()
            .filter(|(_, item)| sleeps(item))
            .map(|(id, item)| (item.work.urgency, *id))
            .collect();
        asleep.sort_unstable_by_key(|(urgency, id)| Reverse((*urgency, *id)));
        let woken = asleep.split_off(asleep.len().saturating_sub(limit));
        for (_, id) in &woken {
            if let Some(item) = self.work.get_mut(id) {
                item.work.not_before = Instant::UNIX_EPOCH;
            }
        }
        woken.len()
    }

    pub(super) fn finish(&mut self, id: WorkId, outcome: Outcome) {
        if outcome == Outcome::Done {
            self.work.remove(&id);
            return;
        }
        let Some(item) = self.work.get_mut(&id) else { return };
        item.lease = None;
        item.attempts +=
            u32::from(!matches!(outcome, Outcome::Postponed { .. } | Outcome::Early { .. }));
        if let Some((waits, until)) = outcome.waits() {
            (item.waits, item.work.not_before) = (waits, until);
        }
        match outcome {
            Outcome::Done | Outcome::Early { .. } | Outcome::Postponed { .. } => {}
            Outcome::Held => item.state = WorkState::Held,
            Outcome::Dead { error } => {
                item.state = WorkState::Dead;
                item.error = Some(error);
            }
            Outcome::Doubt { error, .. } | Outcome::Retry { error, .. } => item.error = Some(error),
        }
    }
}
