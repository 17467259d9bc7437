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

/// A clock that was ahead, by however much, holds texts for a minute and not until its own time.
#[test]
fn a_clock_that_was_ahead_holds_texts_for_a_minute() {
    for ahead in [3_600_000, 7 * 86_400_000, 365 * 86_400_000] {
        let hosts = Hosts::new(2);
        for expected in [true, true, false, false] {
            assert_eq!(hosts.leaves(0, at(ahead)) == Verdict::Send, expected);
        }
        for host in [0, 1] {
            let Verdict::Hold { until } = hosts.leaves(host, at(0)) else { panic!("{ahead}") };
            assert!(until <= at(122_000), "{ahead}: {until}");
        }
        assert_eq!(hosts.leaves(0, at(62_000)), Verdict::Send, "{ahead}");
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
