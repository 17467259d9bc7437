//! How fast texts leave (SMS-8, DLC-6). Counted by this process; what several hosts send together is counted when they share the
//! counters through the store.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;
use frontdesk_tendlc::{Counters, Decision, Limit, Meter, Reason, Span, Verdict};
use frontdesk_types::Instant;

/// What has left, and when those that wait are looked at again.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<Lately>);

#[derive(Debug, Default)]
struct Lately {
    counters: Counters,
    /// The last times that were given out, as many as may leave in the time of a limit.
    planned: BTreeMap<Meter, VecDeque<Instant>>,
}

impl Pace {
    /// Decides by what has left. What may leave is counted with it; of what waits for room, not all is looked at again at the
    /// same instant: as many as may leave then.
    pub(super) fn decide(
        &self,
        limits: &[Limit],
        segments: u32,
        now: Instant,
        decide: impl FnOnce(&Counters) -> Decision,
    ) -> Decision {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut decision = decide(&lately.counters);
        match decision.verdict {
            Verdict::Send => lately.counters.count(limits, segments, now),
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
        decision
    }
}

impl Lately {
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

#[cfg(test)]
mod tests {
    use frontdesk_tendlc::{ContentType, Rates, Room};
    use frontdesk_types::SupportNumber;
    use proptest::prelude::*;

    use super::*;

    fn at(millis: i64) -> Instant {
        frontdesk_types::from_millis(millis)
    }

    proptest! {
        /// However the texts come, no minute has more than the limit, and each leaves in the end.
        #[test]
        fn no_minute_has_more_than_the_limit(
            limit in 1_u32..6,
            arrivals in prop::collection::vec(0_i64..20_000, 1..60),
        ) {
            let pace = Pace::default();
            let number: SupportNumber = "+12025550100".parse().unwrap();
            let rates = Rates::of_number(Some(limit));
            let limits = rates.limits(number, None, false);
            let leaves = |now: Instant| {
                pace.decide(&limits, 1, now, |counters| {
                    match counters.room(&rates, &limits, ContentType::Conversational, 1, now) {
                        Room::Now => Decision { verdict: Verdict::Send, reasons: Vec::new() },
                        Room::From { at: until, limit } => {
                            let reasons = vec![Reason::Throughput { limit, until }];
                            Decision { verdict: Verdict::Hold { until }, reasons }
                        }
                        Room::Never { .. } => unreachable!("one segment"),
                    }
                })
                .verdict
            };
            let mut clock = 0;
            let mut waiting: Vec<i64> = arrivals.iter().map(|pause| { clock += pause / 10; clock }).collect();
            let (mut left, mut looks) = (Vec::new(), 0);
            while let Some(next) = waiting.iter().copied().min() {
                let place = waiting.iter().position(|time| *time == next).unwrap();
                waiting.remove(place);
                looks += 1;
                match leaves(at(next)) {
                    Verdict::Hold { until } => {
                        prop_assert!(until > at(next));
                        waiting.push(until.timestamp_millis());
                    }
                    _ => left.push(next),
                }
            }
            prop_assert_eq!(left.len(), arrivals.len());
            let width = usize::try_from(limit).unwrap();
            for window in left.windows(width + 1) {
                prop_assert!(window[width] - window[0] >= 60_000, "{:?}", window);
            }
            prop_assert!(looks <= 4 * arrivals.len(), "{} looks", looks);
        }
    }
}
