//! How long a consumer will wait (RTE-12): the method is described in docs/wait-times.md.

use std::collections::VecDeque;

use chrono::TimeDelta;

use crate::numbers::count;

/// What a queue has shown so far of how long its sessions take and how long its consumers wait.
///
/// The longest memory that is bounded: how long sessions take changes slowly, and an hour of it, as other
/// products take, says it to one part in ten only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WaitHistory {
    /// The last durations, in seconds, in their order.
    recent: VecDeque<f32>,
    /// The same, sorted, but for the newest.
    sorted: Vec<f32>,
    /// Those that are not among the sorted yet, and those that are still there though they are forgotten.
    newest: Vec<f32>,
    forgotten: Vec<f32>,
    sum: f64,
    /// How many gave up, and how many seconds all have waited, older ones counted less.
    gave_up: f64,
    waited: f64,
}

/// So many durations are remembered.
const REMEMBERED: usize = 4096;
/// Fewer say nothing: the wait is unknown.
const FEWEST: usize = 5;
/// Fewer who gave up say nothing of how patient consumers are.
const FEWEST_IMPATIENT: f64 = 20.0;
/// When so many have given up, the older half of them counts half.
const IMPATIENT: f64 = 2000.0;

/// What there is when a consumer asks: as many places of agents as sessions can be had at a time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Situation {
    /// How many are served before, which may be a part of one where agents serve other queues too.
    pub ahead: f64,
    /// How long each session that the agents have now has taken so far, in seconds.
    pub busy: Vec<f64>,
    /// How many sessions the agents who are there can have at a time.
    pub places: f64,
    /// When that changes, by the roster: in how many seconds, to how many; in order.
    pub roster: Vec<(f64, f64)>,
}

/// How long a consumer who comes now will wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTime {
    /// As likely more as less: what the consumer is told.
    pub likely: TimeDelta,
    /// Nine of ten wait at least so long.
    pub at_least: TimeDelta,
    /// Nine of ten wait at most so long.
    pub at_most: TimeDelta,
}

/// No estimate is longer (SMS-9).
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(300);

/// Steps in the mean duration of a session.
const STEPS: f64 = 24.0;
/// So many steps are taken with the ages of sessions: ten mean durations.
const EXACT_STEPS: usize = 240;
/// After those, at most so many to the longest wait.
const COARSE_STEPS: f64 = 4000.0;
/// No more ages of sessions are looked at; more stand for others.
const AGES: usize = 64;
/// The normal quantile of nine in ten.
const NINE_IN_TEN: f64 = 1.2816;

impl WaitHistory {
    /// A session has kept its agent for so long, the wrap-up included.
    pub fn handled(&mut self, duration: TimeDelta) {
        let seconds = seconds(duration).max(0.0);
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

    /// A consumer has waited so long and got an agent.
    pub fn served(&mut self, waited: TimeDelta) {
        self.waited += seconds(waited).max(0.0);
    }

    /// A consumer has waited so long and gone.
    pub fn gave_up(&mut self, waited: TimeDelta) {
        self.served(waited);
        self.gave_up += 1.0;
        if self.gave_up >= IMPATIENT {
            self.gave_up /= 2.0;
            self.waited /= 2.0;
        }
    }

    /// How many sessions are remembered.
    pub fn known(&self) -> usize {
        self.recent.len()
    }

    /// How long a session takes; `None` before there were enough.
    pub fn mean(&self) -> Option<TimeDelta> {
        Some(delta(self.mean_seconds()?))
    }

    /// How likely somebody who has said nothing for so long still waits. Who gives up a call hangs up; who
    /// gives up a chat often says nothing.
    pub fn still_there(&self, waited: TimeDelta) -> f64 {
        (-self.impatience() * seconds(waited).max(0.0)).exp()
    }

    /// Which part of those who wait goes in a second; 0 while that is not known.
    fn impatience(&self) -> f64 {
        if self.gave_up < FEWEST_IMPATIENT || self.waited <= 0.0 {
            0.0
        } else {
            self.gave_up / self.waited
        }
    }

    fn mean_seconds(&self) -> Option<f64> {
        if self.recent.len() < FEWEST {
            return None;
        }
        Some((self.sum / count(self.recent.len())).max(0.1))
    }

    /// Which part of sessions takes longer than so many seconds. What takes longer than any that is known
    /// ends at an even rate.
    fn longer(&self, seconds: f64) -> f64 {
        let shorter = self.sorted.partition_point(|known| f64::from(*known) <= seconds);
        let (all, longer) = (count(self.sorted.len()), count(self.sorted.len() - shorter));
        let longest = self.sorted.last().copied().map_or(0.0, f64::from);
        let tail = ((longest - seconds) / self.mean_seconds().unwrap_or(1.0)).min(0.0).exp();
        (longer + 0.5 * tail) / (all + 0.5)
    }

    /// How long a consumer who comes now will wait; `None` when nobody knows: too few sessions were handled
    /// yet, or nobody is there and nobody is expected.
    pub fn wait(&self, situation: &Situation) -> Option<WaitTime> {
        let mean = self.mean_seconds()?;
        let places = situation.places.max(0.0);
        let expected = situation.roster.iter().any(|(_, places)| *places > 0.0);
        if places <= 0.0 && !expected {
            return None;
        }
        if count(situation.busy.len()) + situation.ahead < places {
            let none = TimeDelta::zero();
            return Some(WaitTime { likely: none, at_least: none, at_most: none });
        }
        // As many starts must come as there are before, and the consumer's own. Their number in a given time
        // is nearly Poisson, so that the time of the last is nearly gamma: with the median a third lower.
        let starts = situation.ahead.max(0.0) + 1.0;
        let quantile = |z: f64| {
            // Wilson and Hilferty.
            starts * (1.0 - 1.0 / (9.0 * starts) + z / (3.0 * starts.sqrt())).max(0.0).powi(3)
        };
        let wanted = [quantile(-NINE_IN_TEN), starts - 1.0 / 3.0, quantile(NINE_IN_TEN)];
        let [at_least, likely, at_most] = self.times(situation, mean, wanted);
        Some(WaitTime {
            likely: delta(likely),
            at_least: delta(at_least.min(likely)),
            at_most: delta(at_most.max(likely)),
        })
    }

    /// When so many have gone from the queue, each of three numbers: sessions end as their ages let expect,
    /// agents come and go by the roster, consumers give up. After ten mean durations, ages say nothing any
    /// more, and sessions end at an even rate.
    fn times(&self, situation: &Situation, mean: f64, wanted: [f64; 3]) -> [f64; 3] {
        let mut leaving = Leaving { left: wanted, at: 0.0, times: [seconds(LONGEST_WAIT); 3] };
        let theta = self.impatience();
        let step = mean / STEPS;
        let (ages, weight) = thinned(&situation.busy);
        let alive: Vec<f64> = ages.iter().map(|age| self.longer(*age)).collect();
        let mut busy = count(situation.busy.len());
        let mut places = situation.places;
        let mut roster = situation.roster.iter().peekable();
        // How many sessions began in each step, and which part of one ends in each after its beginning.
        let (mut begun, mut ends) = (vec![0.0_f64], vec![0.0_f64]);
        let (mut ended_before, mut longer_before) = (0.0, self.longer(0.0));
        for j in 1..=EXACT_STEPS {
            let at = count(j) * step;
            while let Some((_, now)) = roster.next_if(|(when, _)| *when < at) {
                places = *now;
            }
            let longer = self.longer(at);
            ends.push(longer_before - longer);
            longer_before = longer;
            let lived = |(age, alive): (&f64, &f64)| 1.0 - self.longer(age + at) / alive;
            let ended = weight * ages.iter().zip(&alive).map(lived).sum::<f64>();
            let new: f64 =
                begun.iter().zip(ends.iter().rev()).map(|(begun, end)| begun * end).sum();
            busy = (busy - (ended - ended_before).max(0.0) - new).max(0.0);
            ended_before = ended;
            let starts = (places - busy).max(0.0);
            busy += starts;
            begun.push(starts);
            if leaving.step(step, starts, theta) {
                return leaving.times;
            }
        }
        let step = step.max(seconds(LONGEST_WAIT) / COARSE_STEPS);
        let ending = 1.0 - (-step / mean).exp();
        while leaving.at < seconds(LONGEST_WAIT) {
            let at = leaving.at + step;
            while let Some((_, now)) = roster.next_if(|(when, _)| *when < at) {
                places = *now;
            }
            let starts = if busy > places {
                // Nobody begins before enough have ended.
                busy -= busy * ending;
                (places - busy).max(0.0)
            } else {
                places * step / mean + (places - busy)
            };
            busy = busy.max(places);
            if leaving.step(step, starts, theta) {
                break;
            }
        }
        leaving.times
    }
}

/// Three consumers on their way out of the queue.
struct Leaving {
    /// How many must still go, each of the three included.
    left: [f64; 3],
    at: f64,
    times: [f64; 3],
}

impl Leaving {
    /// So many were served in a step, and so great a part of the others gave up in each second. Whether all
    /// three are out.
    fn step(&mut self, step: f64, served: f64, theta: f64) -> bool {
        for (left, time) in self.left.iter_mut().zip(&mut self.times) {
            if *left <= 0.0 {
                continue;
            }
            let gone = served + theta * *left * step;
            if gone >= *left {
                *time = self.at + step * *left / gone;
            }
            *left -= gone;
        }
        self.at += step;
        self.left.iter().all(|left| *left <= 0.0)
    }
}

/// At most so many ages, each for as many sessions.
fn thinned(busy: &[f64]) -> (Vec<f64>, f64) {
    let every = busy.len().div_ceil(AGES).max(1);
    let mut sorted = busy.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ages: Vec<f64> = sorted.into_iter().skip(every / 2).step_by(every).collect();
    let weight = if ages.is_empty() { 1.0 } else { count(busy.len()) / count(ages.len()) };
    (ages, weight)
}

fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64()
}

fn delta(seconds: f64) -> TimeDelta {
    #[expect(clippy::cast_possible_truncation, reason = "at most 300 minutes")]
    let millis = (seconds * 1000.0).round() as i64;
    TimeDelta::milliseconds(millis).clamp(TimeDelta::zero(), LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(durations: &[i64]) -> WaitHistory {
        let mut history = WaitHistory::default();
        for duration in durations {
            history.handled(TimeDelta::seconds(*duration));
        }
        history
    }

    fn situation(ahead: f64, busy: usize, places: f64) -> Situation {
        Situation { ahead, busy: vec![0.0; busy], places, roster: Vec::new() }
    }

    #[test]
    fn rte_12_unknown_is_not_a_number() {
        let some = situation(3.0, 2, 2.0);
        assert_eq!(WaitHistory::default().wait(&some), None, "no history");
        assert_eq!(history(&[60; 4]).wait(&some), None, "too little history");
        let known = history(&[60; 100]);
        assert_eq!(known.wait(&situation(3.0, 0, 0.0)), None, "nobody is there");
        assert!(known.wait(&some).is_some());
    }

    #[test]
    fn rte_12_bounded_with_one_agent_and_with_none_until_later() {
        let known = history(&[60; 100]);
        // One agent who has just begun: sessions of a minute each.
        let wait = known.wait(&situation(0.0, 1, 1.0)).unwrap();
        assert!((55..=65).contains(&wait.likely.num_seconds()), "{wait:?}");
        let later = Situation { roster: vec![(600.0, 1.0)], ..situation(0.0, 0, 0.0) };
        let wait = known.wait(&later).unwrap();
        assert!((595..=610).contains(&wait.likely.num_seconds()), "{wait:?}");
        let never = known.wait(&situation(100_000.0, 1, 1.0)).unwrap();
        assert_eq!(never.likely, LONGEST_WAIT);
        let free = known.wait(&situation(0.0, 1, 2.0)).unwrap();
        assert_eq!(free.at_most, TimeDelta::zero());
    }

    #[test]
    fn rte_12_who_gives_up_makes_it_shorter() {
        let mut history = history(&[300; 100]);
        let line = situation(20.0, 10, 10.0);
        let patient = history.wait(&line).unwrap().likely;
        for _ in 0..100 {
            history.gave_up(TimeDelta::seconds(300));
        }
        let impatient = history.wait(&line).unwrap().likely;
        assert!(impatient < patient * 3 / 4, "{impatient} against {patient}");
    }

    #[test]
    fn what_takes_longer_than_any_before_ends_some_time() {
        let known = history(&[300; 6]);
        let line = Situation { busy: vec![600.0, 900.0], ..situation(0.0, 0, 2.0) };
        let wait = known.wait(&line).unwrap();
        assert!((60..=200).contains(&wait.likely.num_seconds()), "{wait:?}");
    }

    #[test]
    fn what_is_forgotten_is_forgotten_whole() {
        let mut durations = vec![10; REMEMBERED];
        durations.extend(vec![20; REMEMBERED]);
        let history = history(&durations);
        assert_eq!(history.mean(), Some(TimeDelta::seconds(20)));
        assert_eq!(history.known(), REMEMBERED);
        assert!(history.sorted.len().abs_diff(REMEMBERED) < 100);
        assert!(history.sorted.iter().filter(|known| **known < 15.0).count() < 100);
    }

    #[test]
    fn the_sorted_are_those_that_are_remembered() {
        let mut history = WaitHistory::default();
        let mut random = 1_u64;
        for _ in 0..3 * REMEMBERED {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            history.handled(TimeDelta::milliseconds(i64::try_from(random >> 45).unwrap()));
        }
        history.sort_in();
        let mut remembered: Vec<f32> = history.recent.iter().copied().collect();
        remembered.sort_unstable_by(f32::total_cmp);
        assert_eq!(history.sorted, remembered);
    }
}
