//! The floor on a simulated day: what happens when.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use chrono::TimeDelta;
use fastrand::Rng;
use frontdesk_types::{AgentId, AgentStatus, QueueId, SessionId, from_millis, to_millis};
use rustc_hash::FxHashMap;

use super::{Day, Report, Tally};
use crate::{
    Input, Place, Router, RouterEvent, SetBy, Wait,
    numbers::{count, seconds},
};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Comes(usize),
    GivesUp(SessionId),
    /// An agent looks at what is offered.
    Looks(usize),
    Ends(usize, SessionId),
    ShiftBegins(usize),
    ShiftEnds(usize),
    /// Whoever has not looked does.
    EverybodyLooks,
}

/// One in so many of those who wait is asked how long they think it takes.
const SAMPLE: u64 = 50;
/// So many agents reach for an offer to many.
const REACH: usize = 3;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Runs a day.
pub(super) fn run(day: &Day) -> Report {
    let mut floor = Floor::new(day);
    floor.open();
    while let Some(Reverse((at, _, event))) = floor.events.pop() {
        floor.now = at;
        floor.happen(event);
    }
    floor.close()
}

struct Arrived {
    queue: usize,
    came: i64,
    /// The seconds that were estimated.
    estimate: Option<f64>,
}

struct Floor<'a> {
    day: &'a Day,
    router: Router,
    rng: Rng,
    now: i64,
    events: BinaryHeap<Reverse<(i64, u64, Event)>>,
    numbered: u64,
    queues: Vec<(QueueId, [f64; 24])>,
    agents: Vec<AgentId>,
    agent_of: FxHashMap<AgentId, usize>,
    looking: Vec<bool>,
    /// How long each agent was there, and how long they had chats, in milliseconds.
    there: Vec<i64>,
    busy: Vec<i64>,
    waiting: FxHashMap<SessionId, Arrived>,
    sessions: u64,
    tallies: Vec<Tally>,
    hours: Vec<Tally>,
    decisions: u64,
    errors: Vec<f64>,
}

impl<'a> Floor<'a> {
    fn new(day: &'a Day) -> Self {
        let agents: Vec<AgentId> = day.staff.agents().map(|(id, _)| id.clone()).collect();
        let queues: Vec<_> = day.arrivals.iter().map(|(id, hours)| (id.clone(), *hours)).collect();
        Self {
            day,
            router: Router::new(day.staff.clone()),
            rng: Rng::with_seed(day.seed),
            now: to_millis(day.begins),
            events: BinaryHeap::new(),
            numbered: 0,
            agent_of: agents.iter().cloned().enumerate().map(|(i, id)| (id, i)).collect(),
            looking: vec![false; agents.len()],
            there: vec![0; agents.len()],
            busy: vec![0; agents.len()],
            agents,
            tallies: vec![Tally::default(); queues.len()],
            hours: vec![Tally::default(); 24],
            queues,
            waiting: FxHashMap::default(),
            sessions: 0,
            decisions: 0,
            errors: Vec::new(),
        }
    }

    fn begins(&self) -> i64 {
        to_millis(self.day.begins)
    }

    fn later(&mut self, at: i64, event: Event) {
        self.numbered += 1;
        self.events.push(Reverse((at, self.numbered, event)));
    }

    fn exponential(&mut self, mean: TimeDelta) -> i64 {
        let mean = mean.as_seconds_f64() * 1000.0;
        millis(-mean * (1.0 - self.rng.f64()).ln())
    }

    /// Lognormal with a spread of 0.8, which is what chats show.
    fn duration(&mut self) -> i64 {
        const SPREAD: f64 = 0.8;
        let (u, v) = (1.0 - self.rng.f64(), self.rng.f64());
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        let mean = self.day.handle.as_seconds_f64() * 1000.0;
        millis(mean * (SPREAD * normal - SPREAD * SPREAD / 2.0).exp()).max(1000)
    }

    fn open(&mut self) {
        let begins = self.begins();
        for i in 0..self.agents.len() {
            let shift = self.agents.get(i).and_then(|id| self.day.shifts.get(id)).copied();
            let (from, to) = shift.unwrap_or((TimeDelta::zero(), TimeDelta::milliseconds(DAY)));
            self.later(begins + from.num_milliseconds(), Event::ShiftBegins(i));
            self.later(begins + to.num_milliseconds(), Event::ShiftEnds(i));
            if let Some(there) = self.there.get_mut(i) {
                *there = (to - from).num_milliseconds().max(0);
            }
        }
        for queue in 0..self.queues.len() {
            self.next_arrival(queue, begins);
        }
        for minute in (2..=DAY / MINUTE).step_by(2) {
            self.later(begins + minute * MINUTE, Event::EverybodyLooks);
        }
    }

    /// The next of a queue's consumers after an instant: a Poisson process whose rate changes every hour.
    fn next_arrival(&mut self, queue: usize, mut from: i64) {
        let begins = self.begins();
        while from < begins + DAY {
            let hour = (from - begins) / (60 * MINUTE);
            let ends = begins + (hour + 1) * 60 * MINUTE;
            let rates = self.queues.get(queue).map_or([0.0; 24], |(_, hours)| *hours);
            let rate = usize::try_from(hour).ok().and_then(|hour| rates.get(hour)).copied();
            let rate = rate.unwrap_or(0.0) / 3_600_000.0;
            if rate > 0.0 {
                let at = from + millis(-(1.0 - self.rng.f64()).ln() / rate);
                if at < ends {
                    return self.later(at, Event::Comes(queue));
                }
            }
            from = ends;
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Comes(queue) => self.comes(queue),
            Event::GivesUp(session) => {
                if let Some(Arrived { queue, came, .. }) = self.waiting.remove(&session) {
                    self.count(queue, came, |tally| tally.abandoned += 1);
                    self.tell(Input::Place { session, place: Place::Gone });
                }
            }
            Event::Looks(agent) => self.looks(agent),
            Event::Ends(agent, session) => {
                self.tell(Input::Place { session, place: Place::Gone });
                self.soon(agent);
            }
            Event::ShiftBegins(agent) => self.status(agent, AgentStatus::Available),
            Event::ShiftEnds(agent) => self.status(agent, AgentStatus::Break),
            Event::EverybodyLooks => {
                self.tell(Input::TimePassed);
                for agent in 0..self.agents.len() {
                    let free =
                        |id| self.router.status(id).is_ok_and(|status| status.takes_sessions());
                    if self.agents.get(agent).is_some_and(free) {
                        self.soon(agent);
                    }
                }
            }
        }
    }

    fn status(&mut self, agent: usize, status: AgentStatus) {
        let Some(id) = self.agents.get(agent).cloned() else { return };
        self.tell(Input::SetStatus { agent: id, status, by: SetBy::Supervisor });
    }

    fn comes(&mut self, queue: usize) {
        let now = self.now;
        self.next_arrival(queue, now);
        let Some((id, _)) = self.queues.get(queue).cloned() else { return };
        self.sessions += 1;
        let session = SessionId(self.sessions);
        self.count(queue, now, |tally| tally.arrived += 1);
        let mut estimate = None;
        if self.sessions.is_multiple_of(SAMPLE) {
            let asks = Wait::chat(id.clone(), from_millis(now));
            let wait = self.router.wait_time(&asks, from_millis(now));
            estimate = wait.ok().map(|wait| wait.likely.as_seconds_f64());
        }
        self.waiting.insert(session, Arrived { queue, came: now, estimate });
        if let Some(patience) = self.day.patience {
            let until = now + self.exponential(patience);
            self.later(until, Event::GivesUp(session));
        }
        let place = Place::Waiting(Wait::chat(id, from_millis(now)));
        self.tell(Input::Place { session, place });
    }

    fn tell(&mut self, input: Input) -> bool {
        self.decisions += 1;
        let step = self.router.handle(input, from_millis(self.now));
        for event in step.events {
            match event {
                RouterEvent::Offered { agents, .. } => {
                    for _ in 0..REACH.min(agents.len()) {
                        let one = self.rng.usize(..agents.len());
                        let one = agents.get(one).and_then(|id| self.agent_of.get(id)).copied();
                        if let Some(agent) = one {
                            self.soon(agent);
                        }
                    }
                }
                RouterEvent::Connect { session, agent, .. } => {
                    if let Some(agent) = self.agent_of.get(&agent).copied() {
                        self.take(agent, session);
                    }
                }
                // Who has missed an offer is back at once: the day is about rules, not about lunch.
                RouterEvent::StatusChanged { agent, status, .. }
                    if !status.is_chosen() && !status.takes_sessions() =>
                {
                    if status != AgentStatus::WrapUp
                        && let Some(agent) = self.agent_of.get(&agent).copied()
                    {
                        self.status(agent, AgentStatus::Available);
                    }
                }
                _ => {}
            }
        }
        step.refused.is_none()
    }

    fn soon(&mut self, agent: usize) {
        if let Some(looking) = self.looking.get_mut(agent).filter(|looking| !**looking) {
            *looking = true;
            let at = self.now + self.exponential(self.day.answer);
            self.later(at, Event::Looks(agent));
        }
    }

    fn looks(&mut self, agent: usize) {
        if let Some(looking) = self.looking.get_mut(agent) {
            *looking = false;
        }
        let Some(id) = self.agents.get(agent).cloned() else { return };
        self.tell(Input::TimePassed);
        let Some(offer) = self.router.offers(&id).into_iter().next() else { return };
        if self.take(agent, offer.session) && !self.router.offers(&id).is_empty() {
            self.soon(agent);
        }
    }

    fn take(&mut self, agent: usize, session: SessionId) -> bool {
        let Some(id) = self.agents.get(agent).cloned() else { return false };
        if !self.tell(Input::Accept { session, agent: id }) {
            return false;
        }
        let Some(Arrived { queue, came, estimate }) = self.waiting.remove(&session) else {
            return false;
        };
        let wait = seconds(self.now - came);
        let in_time = wait <= self.day.threshold.as_seconds_f64();
        self.count(queue, came, |tally| {
            tally.served += 1;
            tally.in_time += u64::from(in_time);
            tally.waits.push(wait);
        });
        self.errors.extend(estimate.map(|estimate| (estimate - wait).abs()));
        let takes = self.duration();
        if let Some(busy) = self.busy.get_mut(agent) {
            *busy += takes;
        }
        self.later(self.now + takes, Event::Ends(agent, session));
        true
    }

    fn count(&mut self, queue: usize, came: i64, change: impl Fn(&mut Tally)) {
        let hour = usize::try_from((came - self.begins()) / (60 * MINUTE)).unwrap_or(0);
        self.tallies.get_mut(queue).into_iter().for_each(&change);
        self.hours.get_mut(hour.min(23)).into_iter().for_each(&change);
    }

    fn close(mut self) -> Report {
        for tally in self.tallies.iter_mut().chain(&mut self.hours) {
            tally.waits.sort_by(f64::total_cmp);
        }
        let mut occupancy = BTreeMap::new();
        for (id, _) in &self.queues {
            let (mut busy, mut there) = (0.0, 0.0);
            for agent in self.day.staff.agents_of(id) {
                let Some(i) = self.agent_of.get(agent).copied() else { continue };
                let places = self.day.staff.agent_rules(agent).map_or(1, |rules| rules.chats);
                busy += seconds(self.busy.get(i).copied().unwrap_or(0));
                there += seconds(self.there.get(i).copied().unwrap_or(0)) * f64::from(places);
            }
            if there > 0.0 {
                occupancy.insert(id.clone(), busy / there);
            }
        }
        let errors = &self.errors;
        let estimate_error =
            (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / count(errors.len()));
        let queues = self.queues.iter().map(|(id, _)| id.clone()).zip(self.tallies).collect();
        let (hours, decisions) = (self.hours, self.decisions);
        Report { queues, hours, occupancy, decisions, estimate_error }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a day in milliseconds")]
fn millis(of: f64) -> i64 {
    of.min(1e12) as i64
}
