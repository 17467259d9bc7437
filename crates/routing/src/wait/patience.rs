//! How long consumers wait before they give up: seen, when they hang up, or silently, when they only stop
//! looking at their phone.

use serde::{Deserialize, Serialize};

/// Fewer who gave up say nothing of how patient consumers are.
const FEWEST: f64 = 20.0;
/// When so many have given up, or were served, older ones count half.
const MANY: f64 = 2000.0;
/// Bins of waits, each twice as long as the one before, from a second on.
const BINS: usize = 16;

/// What a queue has shown of its consumers' patience.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Patience {
    /// Consumers who were seen to leave, and the seconds that all have waited; older ones count less.
    gave_up: f64,
    waited: f64,
    /// By how long they had waited: those who answered their agent, and those who did not.
    #[serde(default)]
    answered: [Served; BINS],
    #[serde(default)]
    silent: [Served; BINS],
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Served {
    count: f64,
    waited: f64,
}

impl Patience {
    /// A consumer got an agent.
    pub(crate) fn served(&mut self, waited: f64) {
        self.waited += waited.max(0.0);
    }

    /// A consumer was seen to leave.
    pub(crate) fn gave_up(&mut self, waited: f64) {
        self.served(waited);
        self.gave_up += 1.0;
        if self.gave_up >= MANY {
            self.gave_up /= 2.0;
            self.waited /= 2.0;
        }
    }

    /// An agent's session has ended; whether the consumer was there at all.
    pub(crate) fn met(&mut self, waited: f64, there: bool) {
        let all: f64 = self.answered.iter().chain(&self.silent).map(|bin| bin.count).sum();
        if all >= 2.0 * MANY {
            for bin in self.answered.iter_mut().chain(&mut self.silent) {
                (bin.count, bin.waited) = (bin.count / 2.0, bin.waited / 2.0);
            }
        }
        let bins = if there { &mut self.answered } else { &mut self.silent };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bin")]
        let bin = (waited.max(1.0).log2() as usize).min(BINS - 1);
        if let Some(bin) = bins.get_mut(bin) {
            bin.count += 1.0;
            bin.waited += waited.max(0.0);
        }
    }

    /// The part of those who wait that is seen to go in a second; 0 while that is not known.
    pub(crate) fn seen(&self) -> f64 {
        if self.gave_up < FEWEST || self.waited <= 0.0 { 0.0 } else { self.gave_up / self.waited }
    }

    /// The part of those who wait that silently goes in a second: the rate under which those who did not
    /// answer their agent are likeliest, given how long they and the others had waited.
    pub(crate) fn unseen(&self) -> f64 {
        let gone: f64 = self.silent.iter().map(|bin| bin.count).sum();
        if gone < FEWEST {
            return 0.0;
        }
        let stayed: f64 = self.answered.iter().map(|bin| bin.waited).sum();
        let surplus = |rate: f64| {
            let bins = self.silent.iter().filter(|bin| bin.count > 0.0);
            let expected = bins.map(|bin| {
                let mean = (bin.waited / bin.count).max(0.1);
                bin.waited.max(0.1) / (rate * mean).exp_m1().max(1e-12)
            });
            expected.sum::<f64>() - stayed
        };
        let (mut low, mut high) = (1e-7_f64, 1.0_f64);
        for _ in 0..40 {
            let middle = (low * high).sqrt();
            if surplus(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rte_12_silent_impatience_is_learned_from_who_does_not_answer() {
        let mut patience = Patience::default();
        let (mut random, mean) = (7_u64, 300.0);
        let mut draw = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from(u32::try_from(random >> 32).unwrap()) / f64::from(u32::MAX)
        };
        for _ in 0..3000 {
            let waited = 400.0 * draw();
            let gives_up = -mean * (1.0 - draw()).ln();
            patience.met(waited, waited < gives_up);
        }
        let found = 1.0 / patience.unseen();
        assert!((260.0..340.0).contains(&found), "{found}");
        assert!(patience.seen().abs() < 1e-12);
    }
}
