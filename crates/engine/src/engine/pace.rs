//! How fast texts of each number leave (SMS-8). Counted by this process: what several hosts send together is counted
//! when they share the counters (DLC-6).

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;
use frontdesk_types::{Instant, SupportNumber};

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// When texts of each number have left, and when those that wait are looked at again.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<BTreeMap<SupportNumber, Lately>>);

#[derive(Debug, Default)]
struct Lately {
    /// Within the last minute, oldest first.
    left: VecDeque<Instant>,
    /// The last times that were given out, as many as may leave in a minute.
    planned: VecDeque<Instant>,
}

impl Pace {
    /// Counts a text that leaves now; or says when to look again, since so many have left in the last minute.
    pub(super) fn leaves(
        &self,
        number: SupportNumber,
        per_minute: u32,
        now: Instant,
    ) -> Result<(), Instant> {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = numbers.entry(number).or_default();
        let limit = usize::try_from(per_minute).unwrap_or(usize::MAX).max(1);
        while lately.left.front().is_some_and(|left| *left + MINUTE <= now) {
            lately.left.pop_front();
        }
        if lately.left.len() < limit {
            lately.left.push_back(now);
            return Ok(());
        }
        // Not all of those who wait at the same instant: as many as may leave then.
        while lately.planned.len() > limit {
            lately.planned.pop_front();
        }
        let freed = lately.left.iter().rev().nth(limit - 1).map_or(now, |left| *left + MINUTE);
        let full = lately.planned.len() == limit;
        let after = lately.planned.front().filter(|_| full);
        let slot = after.map_or(freed, |planned| freed.max(*planned + MINUTE));
        lately.planned.push_back(slot);
        Err(slot)
    }

    /// Counts a text that leaves whatever the limit.
    pub(super) fn left(&self, number: SupportNumber, now: Instant) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.entry(number).or_default().left.push_back(now);
    }
}

#[cfg(test)]
mod tests {
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
            let mut clock = 0;
            let mut waiting: Vec<i64> = arrivals.iter().map(|pause| { clock += pause / 10; clock }).collect();
            let (mut left, mut looks) = (Vec::new(), 0);
            while let Some(next) = waiting.iter().copied().min() {
                let place = waiting.iter().position(|time| *time == next).unwrap();
                waiting.remove(place);
                looks += 1;
                match pace.leaves(number, limit, at(next)) {
                    Ok(()) => left.push(next),
                    Err(again) => {
                        prop_assert!(again > at(next));
                        waiting.push(again.timestamp_millis());
                    }
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
