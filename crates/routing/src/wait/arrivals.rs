//! How often consumers come.

use serde::{Deserialize, Serialize};

/// Memories of 15 minutes, an hour and four: the longest that contradicts no shorter one counts.
const MEMORIES: [f64; 3] = [900.0, 3600.0, 14_400.0];

/// How often something happens, by its recent past. Times are in seconds, of any beginning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Arrivals {
    counts: [f64; 3],
    first: f64,
    last: f64,
}

impl Arrivals {
    /// Nothing has come until now.
    pub(crate) fn since(now: f64) -> Self {
        Self { counts: [0.0; 3], first: now, last: now }
    }

    /// From when on it was counted.
    pub(crate) fn first(&self) -> f64 {
        self.first
    }

    /// One more comes.
    pub(crate) fn push(&mut self, now: f64) {
        for (count, memory) in self.counts.iter_mut().zip(MEMORIES) {
            *count = *count * ((self.last - now).min(0.0) / memory).exp() + 1.0;
        }
        self.last = self.last.max(now);
    }

    /// How many come in a second.
    pub(crate) fn rate(&self, now: f64) -> f64 {
        let (mut lowest, mut highest, mut rate) = (0.0_f64, f64::INFINITY, 0.0);
        for (count, memory) in self.counts.iter().zip(MEMORIES) {
            let lasted = (now - self.first).max(1.0);
            let weight = memory * (1.0 - (-lasted / memory).exp());
            let seen = count * ((self.last - now).min(0.0) / memory).exp();
            let error = 2.0 / (2.0 * seen + 1.0).sqrt();
            let here = seen / weight;
            lowest = lowest.max(here * (1.0 - error));
            highest = highest.min((here + 0.5 / weight) * (1.0 + error));
            if lowest > highest {
                break;
            }
            rate = here;
        }
        rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_follows_a_change_within_the_hour() {
        let mut arrivals = Arrivals::since(0.0);
        for n in 0..400 {
            arrivals.push(f64::from(n) * 60.0);
        }
        let before = arrivals.rate(24_000.0) * 60.0;
        assert!((0.9..1.1).contains(&before), "{before}");
        for n in 0..60 {
            arrivals.push(24_000.0 + f64::from(n) * 20.0);
        }
        let after = arrivals.rate(25_200.0) * 60.0;
        assert!((1.9..3.3).contains(&after), "{after}");
        assert!(arrivals.rate(90_000.0) * 60.0 < 0.2);
    }
}
