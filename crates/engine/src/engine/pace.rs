//! How fast texts leave (SMS-8, DLC-6). Every host of a center counts in the store, before a text leaves: together they exceed no limit, and
//! whoever dies has counted what it sent.

use std::collections::{BTreeMap, HashMap, VecDeque};

use async_lock::Mutex;
use chrono::TimeDelta;
use frontdesk_tendlc::{Counters, Decision, Limit, Meter, Reason, Span, Verdict};
use frontdesk_types::{CenterId, Instant};

use crate::store::{Commit, ItemWrite, Store, StoreError, Version};

use super::TRIES;

/// The kind of the items that counters are kept as.
const THROUGHPUT: &str = "throughput";

/// What has left, and when those that wait are looked at again.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<Lately>);

#[derive(Debug, Default)]
struct Lately {
    /// As this host has seen or written them last: others may have counted since, which the store tells when it is written to.
    counters: Counters,
    versions: HashMap<Meter, Version>,
    /// The last times that were given out, as many as may leave in the time of a limit.
    planned: BTreeMap<Meter, VecDeque<Instant>>,
}

impl Pace {
    /// Decides by what has left, at the instant that `now` tells. What may leave is counted with it, in the store; of what waits for room, not
    /// all is looked at again at the same instant: as many as may leave then.
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
        let mut lately = self.0.lock().await;
        for _ in 0..TRIES {
            // What is not known yet, or not any more.
            for limit in limits {
                if !lately.versions.contains_key(&limit.meter) {
                    lately.read(store, center, &limit.meter).await?;
                }
            }
            let at = now();
            let mut decision = decide(&lately.counters, at);
            match decision.verdict {
                Verdict::Send => match lately.count(store, center, limits, segments, at).await {
                    Err(StoreError::Conflict) => continue,
                    counted => counted?,
                },
                Verdict::Hold { until } => {
                    let full = decision.reasons.iter().find_map(|reason| match reason {
                        Reason::Throughput { limit, until: room } if *room == until => Some(limit),
                        _ => None,
                    });
                    if let Some(limit) = full {
                        decision.verdict = Verdict::Hold { until: lately.plan(limit, until) };
                    }
                }
                Verdict::Refuse => {}
            }
            return Ok(decision);
        }
        Err(StoreError::Conflict)
    }

    /// How much of a limit is used, by what the store has of all hosts.
    pub(super) async fn used(
        &self,
        (store, center): (&dyn Store, &CenterId),
        limit: &Limit,
        now: Instant,
    ) -> Result<u32, StoreError> {
        let mut lately = self.0.lock().await;
        lately.read(store, center, &limit.meter).await?;
        Ok(lately.counters.used(limit, now))
    }
}

impl Lately {
    async fn read(
        &mut self,
        store: &dyn Store,
        center: &CenterId,
        meter: &Meter,
    ) -> Result<(), StoreError> {
        let item = store.item(center, THROUGHPUT, &key(meter)?).await?;
        let (version, counter) = match item {
            None => (0, frontdesk_tendlc::Counter::default()),
            Some(item) => {
                let counter = serde_json::from_slice(&item.value).map_err(StoreError::backend)?;
                (item.version, counter)
            }
        };
        self.versions.insert(meter.clone(), version);
        self.counters.set(meter.clone(), counter);
        Ok(())
    }

    /// Counts in the store, and here if that is done.
    async fn count(
        &mut self,
        store: &dyn Store,
        center: &CenterId,
        limits: &[Limit],
        segments: u32,
        at: Instant,
    ) -> Result<(), StoreError> {
        let mut counters = Counters::default();
        let mut items = Vec::new();
        for limit in limits {
            counters.set(
                limit.meter.clone(),
                self.counters.get(&limit.meter).cloned().unwrap_or_default(),
            );
        }
        counters.count(limits, segments, at);
        for Limit { meter, .. } in limits {
            let value = counters.get(meter).map(serde_json::to_vec).transpose();
            let value = value.map_err(StoreError::backend)?;
            let expected = self.versions.get(meter).copied().unwrap_or(0);
            items.push(ItemWrite { kind: THROUGHPUT, key: key(meter)?, expected, value });
        }
        // Without an inbound message there is no duplicate.
        let _ = store.commit(center, Commit { items, ..Commit::default() }).await.inspect_err(
            |_| {
                // It may have happened all the same: what is there is read again.
                self.versions.retain(|meter, _| limits.iter().all(|limit| limit.meter != *meter));
            },
        )?;
        for Limit { meter, .. } in limits {
            *self.versions.entry(meter.clone()).or_insert(0) += 1;
            self.counters.set(meter.clone(), counters.get(meter).cloned().unwrap_or_default());
        }
        Ok(())
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
mod tests {
    use frontdesk_tendlc::{ContentType, Rates, Room};
    use frontdesk_types::SupportNumber;
    use futures::executor::block_on;
    use proptest::prelude::*;

    use super::*;
    use crate::store::MemoryStore;

    fn at(millis: i64) -> Instant {
        frontdesk_types::from_millis(millis)
    }

    /// Two hosts and a third that takes over from one that died, on one store.
    struct Hosts {
        store: MemoryStore,
        paces: [Pace; 2],
        rates: Rates,
        number: SupportNumber,
    }

    impl Hosts {
        fn new(limit: u32) -> Self {
            let number = "+12025550100".parse().unwrap();
            let rates = Rates::of_number(Some(limit));
            Self { store: MemoryStore::new(), paces: Default::default(), rates, number }
        }

        fn leaves(&self, host: usize, now: Instant) -> Verdict {
            let limits = self.rates.limits(self.number, None, false);
            let center = "acme".parse().unwrap();
            let decided = self.paces[host].decide(
                (&self.store, &center),
                &limits,
                1,
                || now,
                |counters, now| match counters.room(
                    &self.rates,
                    &limits,
                    ContentType::Conversational,
                    1,
                    now,
                ) {
                    Room::Now => Decision { verdict: Verdict::Send, reasons: Vec::new() },
                    Room::From { at: until, limit } => {
                        let reasons = vec![Reason::Throughput { limit, until }];
                        Decision { verdict: Verdict::Hold { until }, reasons }
                    }
                    Room::Never { .. } => unreachable!("one segment"),
                },
            );
            block_on(decided).unwrap().verdict
        }
    }

    proptest! {
        /// However the texts come, from whichever host, and whoever dies: no minute has more than the limit, and each leaves in the end.
        #[test]
        fn no_minute_has_more_than_the_limit(
            limit in 1_u32..6,
            arrivals in prop::collection::vec((0_i64..20_000, 0_usize..2, prop::bool::weighted(0.1)), 1..60),
        ) {
            let mut hosts = Hosts::new(limit);
            let mut clock = 0;
            let mut waiting: Vec<(i64, usize, bool)> = arrivals
                .iter()
                .map(|(pause, host, dies)| { clock += pause / 10; (clock, *host, *dies) })
                .collect();
            let (mut left, mut looks) = (Vec::new(), 0);
            while let Some(next) = waiting.iter().copied().min() {
                let place = waiting.iter().position(|time| *time == next).unwrap();
                waiting.remove(place);
                let (time, host, dies) = next;
                if dies {
                    hosts.paces[host] = Pace::default();
                }
                looks += 1;
                match hosts.leaves(host, at(time)) {
                    Verdict::Hold { until } => {
                        prop_assert!(until > at(time));
                        waiting.push((until.timestamp_millis(), host, false));
                    }
                    _ => left.push(time),
                }
            }
            prop_assert_eq!(left.len(), arrivals.len());
            let width = usize::try_from(limit).unwrap();
            for window in left.windows(width + 1) {
                prop_assert!(window[width] - window[0] >= 60_000, "{:?}", window);
            }
            // Two hosts plan by themselves, and look twice where one would look once.
            prop_assert!(looks <= 8 * arrivals.len(), "{} looks", looks);
        }
    }
}
