//! How long sessions take: the shape from a long memory, the scale from the recent mean.

use std::collections::VecDeque;

use crate::numbers::count;

/// Maximum durations that are remembered.
pub(super) const REMEMBERED: usize = 4096;
/// Fewer durations do not show a change.
const FEWEST: usize = 15;
/// Twice the logarithm of the likelihood ratio from which on a change is no chance, for exponential durations.
const CERTAIN: f64 = 14.0;
/// No duration counts as more than so many means when changes are looked for.
const OUTLIER: f64 = 4.0;
/// As many durations what was before a change counts.
const BEFORE: f64 = 8.0;

/// Some of the newest durations.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Span {
    count: usize,
    sum: f64,
    clipped: f64,
    squares: f64,
}

impl Span {
    fn mean(&self) -> f64 {
        (self.clipped / count(self.count.max(1))).max(0.1)
    }

    /// The logarithm of the likelihood under one mean, but for its sign and what is common to all.
    fn one_mean(&self) -> f64 {
        count(self.count) * self.mean().ln()
    }
}

/// The span since the likeliest change within a window, if there was one.
fn change(spans: &[Span], window: &Span, certain: f64) -> Option<Span> {
    let gain = |newer: &Span| {
        let older = Span {
            count: window.count - newer.count,
            clipped: window.clipped - newer.clipped,
            ..Span::default()
        };
        window.one_mean() - newer.one_mean() - older.one_mean()
    };
    let inside = spans.iter().take_while(|span| span.count + FEWEST <= window.count);
    let likeliest = inside.map(|span| (gain(span), span)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeliest.0 > certain).then_some(*likeliest.1)
}

/// The durations of a queue's sessions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Durations {
    /// The last durations, in seconds, in their order.
    recent: VecDeque<f32>,
    /// The same, sorted, but for the newest.
    sorted: Vec<f32>,
    /// Durations that are not among the sorted yet.
    newest: Vec<f32>,
    /// Durations that are still among the sorted though they are out of the memory.
    forgotten: Vec<f32>,
    sum: f64,
}

/// What sessions take now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// By how much the long memory's durations are to be multiplied.
    pub(crate) factor: f64,
    /// The relative standard error of the mean.
    pub(crate) error: f64,
    /// The mean, in seconds.
    pub(crate) mean: f64,
}

impl Durations {
    pub(crate) fn len(&self) -> usize {
        self.recent.len()
    }

    pub(crate) fn push(&mut self, seconds: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "a duration to one part in 10 million")]
        let short = seconds as f32;
        if self.recent.len() == REMEMBERED
            && let Some(old) = self.recent.pop_front()
        {
            self.sum -= f64::from(old);
            self.forgotten.push(old);
        }
        self.sum += f64::from(short);
        self.recent.push_back(short);
        self.newest.push(short);
        // One in 64 more changes little, and to sort them in costs a walk through all.
        if self.newest.len() * 64 >= self.sorted.len() {
            self.sort_in();
        }
    }

    /// Takes the newest among the sorted, and the forgotten out.
    fn sort_in(&mut self) {
        self.newest.sort_unstable_by(f32::total_cmp);
        self.forgotten.sort_unstable_by(f32::total_cmp);
        let mut newest = self.newest.drain(..).peekable();
        let mut forgotten = self.forgotten.drain(..).peekable();
        let mut merged = Vec::with_capacity(self.sorted.len() + 1);
        for known in self.sorted.drain(..) {
            while let Some(new) = newest.next_if(|new| *new < known) {
                merged.push(new);
            }
            if forgotten.next_if(|old| old.total_cmp(&known).is_eq()).is_none() {
                merged.push(known);
            }
        }
        merged.extend(newest);
        drop(forgotten);
        self.sorted = merged;
    }

    /// The mean of the long memory, at least a tenth of a second.
    pub(crate) fn long_mean(&self) -> f64 {
        (self.sum / count(self.recent.len().max(1))).max(0.1)
    }

    /// What sessions take now: the mean since the last change that is no chance, by the likelihood ratio of two
    /// exponential means against one. Very long durations count as fewer in that, since one of them is no change.
    pub(crate) fn scale(&self) -> Scale {
        let long = self.long_mean();
        let spans = self.spans(OUTLIER * long);
        let Some(all) = spans.last().copied() else {
            return Scale { factor: 1.0, error: 1.0, mean: long };
        };
        let variance = all.squares / count(all.count) - all.mean().powi(2);
        let spread = (variance.max(0.0).sqrt() / all.mean()).clamp(0.05, 3.0);
        let (mut window, mut before) = (all, None);
        while let Some(newer) = change(&spans, &window, CERTAIN * spread * spread / 2.0) {
            before = Some((window.sum - newer.sum) / count(window.count - newer.count));
            window = newer;
        }
        let now = match before {
            None => long,
            // What was before counts as some more durations: those since the change are few at first.
            Some(before) => {
                let seen = count(window.count);
                let logs = seen * (window.sum / seen).max(0.1).ln() + BEFORE * before.max(0.1).ln();
                (logs / (seen + BEFORE)).exp()
            }
        };
        Scale { factor: now / long, error: spread / count(window.count).sqrt(), mean: now }
    }

    /// The newest durations, in spans that are each an eighth longer than the one before; the last is all.
    fn spans(&self, outlier: f64) -> Vec<Span> {
        let (mut spans, mut span, mut next) = (Vec::new(), Span::default(), FEWEST);
        for duration in self.recent.iter().rev() {
            let seconds = f64::from(*duration);
            let clipped = seconds.min(outlier);
            span.count += 1;
            span.sum += seconds;
            span.clipped += clipped;
            span.squares += clipped * clipped;
            if span.count == next {
                spans.push(span);
                next += next.div_ceil(8);
            }
        }
        if span.count > 0 && spans.last() != Some(&span) {
            spans.push(span);
        }
        spans
    }

    /// The rank among the sorted of a session that has taken so long already.
    pub(crate) fn rank(&self, seconds: f64) -> usize {
        self.sorted.partition_point(|known| f64::from(*known) <= seconds)
    }

    /// A duration of those from a rank on, `part` of the way to the longest. One in twice as many is longer
    /// than any that is known: those end at an even rate.
    pub(crate) fn quantile(&self, rank: usize, part: f64) -> f64 {
        let left = count(self.sorted.len() - rank.min(self.sorted.len()));
        let place = part * (left + 0.5);
        if place < left {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in a list"
            )]
            let (whole, rest) = (place as usize, place.fract());
            let at = |i: usize| self.sorted.get(rank + i).copied().map(f64::from);
            let low = at(whole).unwrap_or(0.0);
            low + rest * (at(whole + 1).unwrap_or(low) - low)
        } else {
            let longest = self.sorted.last().copied().map_or(0.0, f64::from);
            longest - self.long_mean() * (1.0 - (place - left) / 0.5).max(1e-6).ln()
        }
    }

    /// The newest durations, oldest first.
    pub(crate) fn newest(&self, at_most: usize) -> Vec<f32> {
        let skip = self.recent.len().saturating_sub(at_most);
        self.recent.iter().skip(skip).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn durations(of: impl IntoIterator<Item = f64>) -> Durations {
        let mut durations = Durations::default();
        of.into_iter().for_each(|seconds| durations.push(seconds));
        durations
    }

    #[test]
    fn what_is_forgotten_is_forgotten_whole() {
        let known =
            durations((0..2 * REMEMBERED).map(|n| if n < REMEMBERED { 10.0 } else { 20.0 }));
        assert!((known.long_mean() - 20.0).abs() < 1e-6);
        assert_eq!(known.len(), REMEMBERED);
        assert!(known.sorted.len().abs_diff(REMEMBERED) < 100);
        assert!(known.sorted.iter().filter(|known| **known < 15.0).count() < 100);
    }

    #[test]
    fn the_sorted_are_those_that_are_remembered() {
        let mut random = 1_u64;
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from(u32::try_from(random >> 45).unwrap())
        };
        let mut known = durations((0..3 * REMEMBERED).map(|_| next()));
        known.sort_in();
        let mut remembered: Vec<f32> = known.recent.iter().copied().collect();
        remembered.sort_unstable_by(f32::total_cmp);
        assert_eq!(known.sorted, remembered);
    }

    #[test]
    fn rte_12_durations_that_double_are_known_after_sixty_sessions() {
        let alternating = |mean: f64| (0..).map(move |n| mean * f64::from(n % 3 + 1) / 2.0);
        let steady = durations(alternating(300.0).take(2000));
        assert!((0.97..1.03).contains(&steady.scale().factor), "{:?}", steady.scale());
        let doubled = durations(alternating(300.0).take(2000).chain(alternating(600.0).take(60)));
        // What was before counts as eight sessions more.
        assert!((530.0..640.0).contains(&doubled.scale().mean), "{:?}", doubled.scale());
    }
}
