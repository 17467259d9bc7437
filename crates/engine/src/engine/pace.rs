//! How fast texts leave (SMS-8, DLC-6). Every host of a center counts in the store, before a text leaves: together they exceed
//! no limit, and a host that dies has counted what it sent. Texts that leave at the same time are counted in one commit, and a
//! commit keeps only those waiting that are counted by the same meters.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::TimeDelta;
use event_listener::Event;
use frontdesk_tendlc::{Counters, Decision, Limit, Meter, Reason, Span, Verdict};
use frontdesk_types::{CenterId, Instant};

use crate::store::{Commit, ItemWrite, Store, StoreError, Version};

use super::TRIES;

/// The kind of the items that counters are kept as.
const THROUGHPUT: &str = "throughput";

/// A clock that goes back by more than this was ahead.
const SET_BACK: TimeDelta = TimeDelta::minutes(5);

/// What has left, and when those that wait are looked at again.
#[derive(Debug, Default)]
pub(super) struct Pace {
    lately: Mutex<Lately>,
    /// A commit of counters is over.
    counted: Event,
}

#[derive(Debug, Default)]
struct Lately {
    /// As this host has seen or written them last, with what is about to be written. Others may have counted since, which the
    /// store tells when it is written to.
    counters: Counters,
    /// The versions of those that are known.
    versions: HashMap<Meter, Version>,
    /// Those whose commit is under way.
    busy: HashSet<Meter>,
    /// The last times that were given out, as many as may leave in the time of a limit.
    planned: BTreeMap<Meter, VecDeque<Instant>>,
    /// Texts that are counted here, and in the store only when their time comes.
    leaving: BTreeMap<u64, Leaving>,
    last: u64,
    /// The instant of the last decision.
    seen: Option<Instant>,
}

/// A text that leaves once it is counted in the store.
#[derive(Debug)]
struct Leaving {
    meters: Vec<Meter>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Waits for a commit.
    Waiting,
    /// Its commit is under way.
    Committing,
    Counted,
    /// Others have counted meanwhile, or the store failed: to be decided again.
    Stale,
}

/// Takes a text out of those that leave, whatever becomes of its caller.
struct Ticket<'a> {
    pace: &'a Pace,
    id: u64,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.pace.lock().leaving.remove(&self.id);
        // It may have been the one that was to write for all.
        self.pace.counted.notify(usize::MAX);
    }
}

/// A commit of counters. If its caller is dropped, nobody knows whether it happened.
struct Flight<'a> {
    pace: &'a Pace,
    meters: Vec<Meter>,
    texts: Vec<u64>,
    landed: bool,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.pace.lock().land(&self.meters, &self.texts, self.landed);
        self.pace.counted.notify(usize::MAX);
    }
}

impl Pace {
    fn lock(&self) -> MutexGuard<'_, Lately> {
        self.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides by what has left, at the instant that `now` tells. What may leave is counted with it, in the store; of what waits
    /// for room, not all is looked at again at the same instant: as many as may leave then.
    pub(super) async fn decide(
        &self,
        (store, center): (&dyn Store, &CenterId),
        limits: &[Limit],
        segments: u32,
        now: impl Fn() -> Instant,
        decide: impl Fn(&Counters, Instant) -> Decision,
    ) -> Result<Decision, StoreError> {
        if limits.is_empty() {
            return Ok(decide(&Counters::default(), now()));
        }
        for _ in 0..TRIES {
            self.know((store, center), limits).await?;
            let at = now();
            let ticket = {
                let mut lately = self.lock();
                if !lately.knows(limits) {
                    continue;
                }
                lately.correct(limits, at);
                let mut decision = decide(&lately.counters, at);
                if decision.verdict != Verdict::Send {
                    lately.spread(&mut decision);
                    return Ok(decision);
                }
                (lately.leave(limits, segments, at), decision)
            };
            let (id, decision) = ticket;
            if self.count((store, center), &Ticket { pace: self, id }).await? {
                return Ok(decision);
            }
        }
        Err(StoreError::Conflict)
    }

    /// Reads the counters that are not known yet, or not any more.
    async fn know(
        &self,
        (store, center): (&dyn Store, &CenterId),
        limits: &[Limit],
    ) -> Result<(), StoreError> {
        for Limit { meter, .. } in limits {
            if self.lock().versions.contains_key(meter) {
                continue;
            }
            let (version, counter) = read(store, center, meter).await?;
            let mut lately = self.lock();
            // Another may have read and counted meanwhile.
            if !lately.versions.contains_key(meter) {
                lately.versions.insert(meter.clone(), version);
                lately.counters.set(meter.clone(), counter);
            }
        }
        Ok(())
    }

    /// Waits until a text is counted in the store; the first that finds its meters free writes for all. False: it is to be
    /// decided again.
    async fn count(
        &self,
        at: (&dyn Store, &CenterId),
        ticket: &Ticket<'_>,
    ) -> Result<bool, StoreError> {
        loop {
            let counted = self.counted.listen();
            let writes = {
                let mut lately = self.lock();
                match lately.leaving.get(&ticket.id).map(|text| text.state) {
                    Some(State::Counted) => return Ok(true),
                    None | Some(State::Stale) => return Ok(false),
                    Some(State::Committing) => None,
                    Some(State::Waiting) => lately.take_off(ticket.id)?,
                }
            };
            let Some((items, meters, texts)) = writes else {
                counted.await;
                continue;
            };
            let mut flight = Flight { pace: self, meters, texts, landed: false };
            let (store, center) = at;
            match store.commit(center, Commit { items, ..Commit::default() }).await {
                Ok(_) => flight.landed = true,
                // It may have happened all the same: what is there is read again.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// How much of a limit is used, by what the store has of all hosts.
    pub(super) async fn used(
        &self,
        (store, center): (&dyn Store, &CenterId),
        limit: &Limit,
        now: Instant,
    ) -> Result<u32, StoreError> {
        let (_, counter) = read(store, center, &limit.meter).await?;
        let mut counters = Counters::default();
        counters.set(limit.meter.clone(), counter);
        Ok(counters.used(limit, now))
    }
}

async fn read(
    store: &dyn Store,
    center: &CenterId,
    meter: &Meter,
) -> Result<(Version, frontdesk_tendlc::Counter), StoreError> {
    match store.item(center, THROUGHPUT, &key(meter)?).await? {
        None => Ok((0, frontdesk_tendlc::Counter::default())),
        Some(item) => Ok((item.version, item.read()?)),
    }
}

/// What a commit of counters writes, by which meters, for which texts.
type Writes = (Vec<ItemWrite>, Vec<Meter>, Vec<u64>);

impl Lately {
    fn knows(&self, limits: &[Limit]) -> bool {
        limits.iter().all(|limit| self.versions.contains_key(&limit.meter))
    }

    /// A clock that was ahead keeps nothing waiting until its own time.
    fn correct(&mut self, limits: &[Limit], at: Instant) {
        self.counters.correct(limits, at);
        if self.seen.is_some_and(|seen| seen > at + SET_BACK) {
            self.planned.clear();
        }
        self.seen = Some(at);
    }

    /// Counts a text here; the store follows.
    fn leave(&mut self, limits: &[Limit], segments: u32, at: Instant) -> u64 {
        self.counters.count(limits, segments, at);
        self.last += 1;
        let meters = limits.iter().map(|limit| limit.meter.clone()).collect();
        self.leaving.insert(self.last, Leaving { meters, state: State::Waiting });
        self.last
    }

    /// What is to be written for a text, and for all that can be written with it; nothing while one of its meters is busy.
    fn take_off(&mut self, id: u64) -> Result<Option<Writes>, StoreError> {
        let is_free = |text: &Leaving| {
            text.state == State::Waiting
                && text.meters.iter().all(|meter| !self.busy.contains(meter))
        };
        if !self.leaving.get(&id).is_some_and(is_free) {
            return Ok(None);
        }
        let mut meters: HashSet<Meter> = HashSet::new();
        let mut texts = Vec::new();
        for (id, text) in self.leaving.iter().filter(|(_, text)| is_free(text)) {
            meters.extend(text.meters.iter().cloned());
            texts.push(*id);
        }
        let meters: Vec<Meter> = meters.into_iter().collect();
        let items = meters.iter().map(|meter| self.write(meter)).collect::<Result<_, _>>()?;
        self.busy.extend(meters.iter().cloned());
        for id in &texts {
            if let Some(text) = self.leaving.get_mut(id) {
                text.state = State::Committing;
            }
        }
        Ok(Some((items, meters, texts)))
    }

    fn write(&self, meter: &Meter) -> Result<ItemWrite, StoreError> {
        let value = self.counters.get(meter).map(serde_json::to_vec).transpose();
        let value = value.map_err(StoreError::backend)?;
        let expected = self.versions.get(meter).copied().unwrap_or(0);
        Ok(ItemWrite { kind: THROUGHPUT, key: key(meter)?, expected, value })
    }

    /// A commit is over.
    fn land(&mut self, meters: &[Meter], texts: &[u64], landed: bool) {
        for meter in meters {
            self.busy.remove(meter);
            if landed {
                *self.versions.entry(meter.clone()).or_insert(0) += 1;
            } else {
                self.versions.remove(meter);
                self.counters.set(meter.clone(), frontdesk_tendlc::Counter::default());
            }
        }
        let state = if landed { State::Counted } else { State::Stale };
        for id in texts {
            if let Some(text) = self.leaving.get_mut(id) {
                text.state = state;
            }
        }
        if !landed {
            // Those that wait were counted in what is forgotten now.
            let forgotten = |text: &Leaving| {
                text.state == State::Waiting
                    && text.meters.iter().any(|meter| meters.contains(meter))
            };
            for text in self.leaving.values_mut().filter(|text| forgotten(text)) {
                text.state = State::Stale;
            }
        }
    }

    /// A text that waits for room is looked at when it is its turn.
    fn spread(&mut self, decision: &mut Decision) {
        let Verdict::Hold { until } = decision.verdict else { return };
        let full = decision.reasons.iter().find_map(|reason| match reason {
            Reason::Throughput { limit, until: room } if *room == until => Some(limit),
            _ => None,
        });
        if let Some(limit) = full {
            decision.verdict = Verdict::Hold { until: self.plan(limit, until) };
        }
    }

    fn plan(&mut self, limit: &Limit, room: Instant) -> Instant {
        let most = usize::try_from(limit.most).unwrap_or(usize::MAX).max(1);
        let span = match limit.span {
            Span::Minute => TimeDelta::minutes(1),
            Span::PacificDay => TimeDelta::days(1),
        };
        let planned = self.planned.entry(limit.meter.clone()).or_default();
        while planned.len() > most {
            planned.pop_front();
        }
        let after = planned.front().filter(|_| planned.len() == most);
        let slot = after.map_or(room, |planned| room.max(*planned + span));
        planned.push_back(slot);
        slot
    }
}

fn key(meter: &Meter) -> Result<String, StoreError> {
    serde_json::to_string(meter).map_err(StoreError::backend)
}

#[cfg(test)]
mod tests;
