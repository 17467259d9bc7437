//! A day in a contact center, in virtual time: what a staff, its rules and a number of consumers come to.
//! The same day and seed give the same report.

mod floor;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use frontdesk_types::{AgentId, Instant, QueueId};

use crate::{Staff, numbers::count};

/// What a day is like.
#[derive(Debug, Clone)]
pub struct Day {
    /// Who works where, by which rules.
    pub staff: Staff,
    /// How many chats come to each queue in each hour of the day.
    pub arrivals: BTreeMap<QueueId, [f64; 24]>,
    /// When agents are there, from the beginning of the day; who is not named is there all day.
    pub shifts: BTreeMap<AgentId, (TimeDelta, TimeDelta)>,
    /// How long a chat takes, on average. Durations are lognormal.
    pub handle: TimeDelta,
    /// After how long consumers give up, on average (exponential); `None` is never.
    pub patience: Option<TimeDelta>,
    /// How long agents take to accept, on average.
    pub answer: TimeDelta,
    /// Who waits at most so long is within the service level.
    pub threshold: TimeDelta,
    /// The beginning of the day.
    pub begins: Instant,
    /// Another seed is another day of the same kind.
    pub seed: u64,
}

/// What came of a queue's chats, or those of an hour.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// How many came.
    pub arrived: u64,
    /// How many got an agent.
    pub served: u64,
    /// How many gave up.
    pub abandoned: u64,
    /// How many of those who came waited no longer than the threshold, until they got an agent.
    pub in_time: u64,
    /// How long those who got an agent waited, in seconds: sorted at the end of the day.
    pub waits: Vec<f64>,
}

impl Tally {
    /// The mean wait in seconds of those who got an agent.
    pub fn mean_wait(&self) -> Option<f64> {
        (!self.waits.is_empty()).then(|| self.waits.iter().sum::<f64>() / count(self.waits.len()))
    }

    /// The wait in seconds that a part of those who got an agent did not exceed: 0.5 is the median.
    pub fn quantile(&self, part: f64) -> Option<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = (count(self.waits.len()) * part.clamp(0.0, 1.0)) as usize;
        self.waits.get(place.min(self.waits.len().checked_sub(1)?)).copied()
    }

    /// Which part of those who came was served in time.
    pub fn service_level(&self) -> Option<f64> {
        part(self.in_time, self.arrived)
    }

    /// Which part of those who came gave up.
    pub fn abandonment(&self) -> Option<f64> {
        part(self.abandoned, self.arrived)
    }
}

/// What came of the day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// By queue.
    pub queues: BTreeMap<QueueId, Tally>,
    /// By the hour in which chats came.
    pub hours: Vec<Tally>,
    /// Which part of the time that they were there each queue's agents had chats, as many as they may have.
    pub occupancy: BTreeMap<QueueId, f64>,
    /// How many decisions the router made.
    pub decisions: u64,
    /// How far estimates of the wait were off, in seconds, on average over a sample of those who waited.
    pub estimate_error: Option<f64>,
}

/// Runs a day.
pub fn run(day: &Day) -> Report {
    floor::run(day)
}

fn part(some: u64, all: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "chats of a day")]
    let part = some as f64 / all as f64;
    (all > 0).then_some(part)
}

#[cfg(test)]
mod tests {
    use frontdesk_types::from_millis;

    use super::*;
    use crate::{AgentRules, QueueRules};

    fn day(agents: u32, per_hour: f64) -> Day {
        let mut staff = Staff::default();
        let ids: Vec<AgentId> = (0..agents).map(|n| format!("a{n}").parse().unwrap()).collect();
        for id in &ids {
            staff.agent(id.clone(), AgentRules::with_chats(1));
        }
        let queue: QueueId = "billing".parse().unwrap();
        staff.queue(queue.clone(), QueueRules::default(), ids).unwrap();
        Day {
            staff,
            arrivals: [(queue, [per_hour; 24])].into(),
            shifts: BTreeMap::new(),
            handle: TimeDelta::seconds(300),
            patience: Some(TimeDelta::minutes(5)),
            answer: TimeDelta::seconds(1),
            threshold: TimeDelta::seconds(60),
            begins: from_millis(1_763_596_800_000),
            seed: 7,
        }
    }

    #[test]
    fn nobody_is_lost_and_the_same_day_is_the_same() {
        let day = day(10, 110.0);
        let report = run(&day);
        assert_eq!(report, run(&day));
        assert_ne!(report, run(&Day { seed: 8, ..day }));
        let tally = &report.queues[&"billing".parse().unwrap()];
        assert!((2500..2800).contains(&tally.arrived), "{}", tally.arrived);
        assert_eq!(tally.arrived, tally.served + tally.abandoned, "nobody waits for ever");
        assert_eq!(report.hours.iter().map(|hour| hour.arrived).sum::<u64>(), tally.arrived);
        assert!(report.estimate_error.is_some());
    }

    /// Erlang's formula for a queue without impatience: 8 agents, a load of 6.
    #[test]
    fn without_impatience_waits_are_erlangs() {
        let mut day = day(8, 72.0);
        day.patience = None;
        let (mut waited, mut occupancies) = ((0_usize, 0_u64), Vec::new());
        for seed in 0..10 {
            day.seed = seed;
            let report = run(&day);
            let tally = &report.queues[&"billing".parse().unwrap()];
            // The reaction of about a second is no waiting in line.
            waited.0 += tally.waits.iter().filter(|wait| **wait > 8.0).count();
            waited.1 += tally.served;
            occupancies.push(report.occupancy[&"billing".parse().unwrap()]);
        }
        let occupancy = occupancies.iter().sum::<f64>() / count(occupancies.len());
        assert!((0.73..0.77).contains(&occupancy), "{occupancy}");
        // Erlang C for these: 35.7 % wait. Lognormal chats change the probability little.
        #[expect(clippy::cast_precision_loss, reason = "chats of ten days")]
        let part = waited.0 as f64 / waited.1 as f64;
        assert!((0.28..0.40).contains(&part), "{part}");
    }
}
