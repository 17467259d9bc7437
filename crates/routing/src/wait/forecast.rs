//! What may happen on the floor from now on, run a few times: agents end what they have, take what is first
//! for them, come and go; consumers come and give up. The outcomes of probes, sessions that wait but take no
//! agent's time, are the forecast.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::{
    LONGEST_WAIT,
    draws::{Draws, For},
    seconds,
    stage::{Line, Person, Scene, Work},
};
use crate::{Kind, numbers::count};

/// Numbers of runs, all of them prime: as many are made as the scene's size allows.
const RUNS: [u64; 6] = [127, 61, 31, 13, 7, 3];
/// Sessions and agents, over all runs.
const WORK: usize = 20_000;
/// What happens in one run at most. What has not come until then is expected at the rate so far.
const EVENTS: usize = 30_000;
/// A queue's durations are off by so much besides chance: agents tire, consumers ask other things.
const DRIFT: f64 = 0.06;
/// A logistic quantile divided by this is nearly a normal one.
const LOGISTIC: f64 = 1.702;

/// How long each probe waits, in seconds, in each run; infinite is never.
pub(crate) fn forecast(scene: &Scene<'_>) -> Vec<Vec<f64>> {
    let waiting: usize = scene.lines.iter().map(|line| line.waiting.len()).sum();
    let busy: usize = scene.people.iter().map(|person| 1 + person.busy.len()).sum();
    let size = (waiting + busy).max(1);
    let runs = RUNS.into_iter().find(|runs| size * usize::try_from(*runs).unwrap_or(1) <= WORK);
    let runs = runs.unwrap_or(3);
    let mut outcomes = vec![Vec::new(); scene.probes];
    let mut served_by: Vec<Vec<u32>> = vec![Vec::new(); scene.lines.len()];
    for (i, person) in scene.people.iter().enumerate() {
        for (_, line) in &person.lines {
            if let Some(by) = served_by.get_mut(*line as usize) {
                by.push(u32::try_from(i).unwrap_or(u32::MAX));
            }
        }
    }
    for run in 0..runs {
        let mut floor = Floor::new(scene, &served_by, Draws::of(run, runs));
        for (outcomes, outcome) in outcomes.iter_mut().zip(floor.play()) {
            outcomes.push(outcome);
        }
    }
    outcomes
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Ends { person: u32, work: u32, kind: Kind },
    WrappedUp { person: u32 },
    Changes { person: u32, comes: bool },
    Comes { line: u32 },
}

#[derive(Clone, Copy)]
struct State {
    chats: u32,
    calls: u32,
    wrap_up: f64,
    there: bool,
}

struct Floor<'a> {
    scene: &'a Scene<'a>,
    served_by: &'a [Vec<u32>],
    draws: Draws,
    factors: Vec<f64>,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    people: Vec<State>,
    heads: Vec<usize>,
    came: Vec<(VecDeque<f64>, usize)>,
    now: f64,
    drawn: usize,
    ended: usize,
    begun: f64,
    outcomes: Vec<f64>,
    open: usize,
}

impl<'a> Floor<'a> {
    fn new(scene: &'a Scene<'a>, served_by: &'a [Vec<u32>], draws: Draws) -> Self {
        let off = |(i, work): (usize, &Work<'_>)| {
            let part = draws.draw(For::Mean(i));
            let error = work.scale.error.hypot(DRIFT);
            work.scale.factor * (error * (part / (1.0 - part)).ln() / LOGISTIC).exp()
        };
        let state = |person: &Person| State {
            chats: person.chats,
            calls: person.calls,
            wrap_up: 0.0,
            there: person.there,
        };
        let mut floor = Self {
            scene,
            served_by,
            draws,
            factors: scene.works.iter().enumerate().map(off).collect(),
            events: BinaryHeap::new(),
            people: scene.people.iter().map(state).collect(),
            heads: vec![0; scene.lines.len()],
            came: vec![(VecDeque::new(), 0); scene.lines.len()],
            now: 0.0,
            drawn: 0,
            ended: 0,
            begun: 0.0,
            outcomes: vec![f64::INFINITY; scene.probes],
            open: scene.probes,
        };
        floor.open();
        floor
    }

    /// What is known to happen.
    fn open(&mut self) {
        let mut first = Vec::new();
        let mut number = 0;
        for (i, person) in self.scene.people.iter().enumerate() {
            let ix = u32::try_from(i).unwrap_or(u32::MAX);
            for busy in &person.busy {
                number += 1;
                let Some(work) = self.scene.works.get(busy.work) else { continue };
                let factor = self.factors.get(busy.work).copied().unwrap_or(1.0).max(1e-6);
                let rank = work.durations.rank(busy.age / factor);
                let part = self.draws.draw(For::Rest(number));
                let rest = (work.durations.quantile(rank, part) * factor - busy.age).max(0.0);
                let kind = busy.kind;
                let work = u32::try_from(busy.work).unwrap_or(0);
                first.push((rest, Event::Ends { person: ix, work, kind }));
            }
            if let Some(wrap_up) = &person.wrap_up {
                let part = self.draws.draw(For::WrapUp(i));
                let of = wrap_up
                    .may_end
                    .and_then(|(work, ago)| Some((self.scene.works.get(work)?, ago)));
                let left = of.map_or(wrap_up.left, |(work, ago)| work.wrap_up(ago, part) - ago);
                let left = left.clamp(0.0, wrap_up.left);
                if let Some(state) = self.people.get_mut(i) {
                    state.wrap_up = left;
                }
                first.push((left, Event::WrappedUp { person: ix }));
            }
            for (n, change) in person.changes.iter().enumerate() {
                let part = self.draws.draw(For::Roster(i, n)) / change.kept.max(1e-9);
                if part < 1.0 {
                    let (at, comes) = (change.at + change.late * (0.5 + part), change.comes);
                    first.push((at, Event::Changes { person: ix, comes }));
                }
            }
        }
        for (i, line) in self.scene.lines.iter().enumerate() {
            if line.stream.is_some() {
                let at = self.next_arrival(i);
                first.push((at, Event::Comes { line: u32::try_from(i).unwrap_or(0) }));
            }
        }
        let ordered = |(at, event): (f64, Event)| Reverse((at.max(0.0).to_bits(), event));
        self.events = first.into_iter().map(ordered).collect();
    }

    fn next_arrival(&self, line: usize) -> f64 {
        let rate = self.scene.lines.get(line).and_then(|line| line.stream.as_ref());
        let rate = rate.map_or(0.0, |stream| stream.rate);
        let number = self.came.get(line).map_or(0, |(_, number)| *number);
        self.now - (1.0 - self.draws.draw(For::Arrival(line, number))).ln() / rate.max(1e-9)
    }

    fn play(&mut self) -> Vec<f64> {
        for i in 0..self.people.len() {
            self.look(i);
        }
        let end = seconds(LONGEST_WAIT);
        let mut left = EVENTS;
        while self.open > 0 {
            let Some(Reverse((at, event))) = self.events.pop() else { break };
            self.now = f64::from_bits(at);
            if self.now > end {
                self.stop(end);
                break;
            }
            if left == 0 {
                self.stop(self.in_proportion().min(end));
                break;
            }
            left -= 1;
            self.happen(event);
        }
        std::mem::take(&mut self.outcomes)
    }

    /// When all who wait will have been served, as fast as it went so far.
    fn in_proportion(&self) -> f64 {
        let ahead = |line: &Line| count(line.waiting.len()) * line.each;
        let waiting: f64 = self.scene.lines.iter().map(ahead).sum();
        self.now * (waiting / self.begun.max(1.0)).max(1.0)
    }

    /// Whoever has not been served is so at an instant.
    fn stop(&mut self, at: f64) {
        for outcome in self.outcomes.iter_mut().filter(|outcome| outcome.is_infinite()) {
            *outcome = at;
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Ends { person, work, kind } => {
                let ix = person as usize;
                self.ended += 1;
                let part = self.draws.draw(For::WrapUps(self.ended));
                let work = self.scene.works.get(work as usize);
                let wrap_up = work.map_or(0.0, |work| work.wrap_up(0.0, part));
                let until = self.now + wrap_up;
                let Some(state) = self.people.get_mut(ix) else { return };
                match kind {
                    Kind::Call => state.calls = state.calls.saturating_sub(1),
                    Kind::Chat => state.chats = state.chats.saturating_sub(1),
                }
                if wrap_up > 0.0 && until > state.wrap_up {
                    state.wrap_up = until;
                    self.later(until, Event::WrappedUp { person });
                }
                self.look(ix);
            }
            Event::WrappedUp { person } => self.look(person as usize),
            Event::Changes { person, comes } => {
                if let Some(state) = self.people.get_mut(person as usize) {
                    state.there = comes;
                }
                self.look(person as usize);
            }
            Event::Comes { line } => self.comes(line as usize),
        }
    }

    fn later(&mut self, at: f64, event: Event) {
        self.events.push(Reverse((at.to_bits(), event)));
    }

    fn comes(&mut self, ix: usize) {
        let Some(line) = self.scene.lines.get(ix) else { return };
        let head_start = line.stream.as_ref().map_or(0.0, |stream| stream.head_start);
        let turn = self.now - head_start;
        if let Some((came, number)) = self.came.get_mut(ix) {
            came.push_back(turn);
            *number += 1;
        }
        let next = self.next_arrival(ix);
        self.later(next, Event::Comes { line: u32::try_from(ix).unwrap_or(0) });
        let by = self.served_by.get(ix).map_or(&[][..], Vec::as_slice);
        if let Some(person) = by.iter().find(|person| self.takes(**person as usize, line.kind)) {
            self.look(*person as usize);
        }
    }

    /// Whether an agent could take one more.
    fn takes(&self, ix: usize, kind: Kind) -> bool {
        let (Some(state), Some(person)) = (self.people.get(ix), self.scene.people.get(ix)) else {
            return false;
        };
        state.there
            && state.wrap_up <= self.now
            && self.scene.rules.has_room(kind, state.chats, state.calls, person.limit)
    }

    fn head(&self, ix: usize) -> Option<f64> {
        let line = self.scene.lines.get(ix)?;
        if line.stream.is_some() {
            return self.came.get(ix)?.0.front().copied();
        }
        line.waiting.get(*self.heads.get(ix)?).map(|(turn, _)| *turn)
    }

    /// An agent takes what is first, as long as there is room.
    fn look(&mut self, ix: usize) {
        let Some(person) = self.scene.people.get(ix) else { return };
        while self.open > 0 {
            let takes = [Kind::Chat, Kind::Call].map(|kind| self.takes(ix, kind));
            if takes == [false, false] {
                return;
            }
            let mut best: Option<(u8, f64, usize)> = None;
            for (priority, line) in &person.lines {
                let line = *line as usize;
                if best.is_some_and(|(first, ..)| *priority > first) {
                    break;
                }
                let kind = self.scene.lines.get(line).map_or(Kind::Chat, |line| line.kind);
                let [chat, call] = takes;
                if !(if kind == Kind::Call { call } else { chat }) {
                    continue;
                }
                let Some(turn) = self.head(line) else { continue };
                if best.is_none_or(|(_, first, _)| turn < first) {
                    best = Some((*priority, turn, line));
                }
            }
            let Some((_, _, line)) = best else { return };
            self.take(ix, line);
        }
    }

    fn take(&mut self, person: usize, ix: usize) {
        let Some(line) = self.scene.lines.get(ix) else { return };
        let waited = if line.stream.is_some() {
            let turn = self.came.get_mut(ix).and_then(|(came, _)| came.pop_front());
            let head_start = line.stream.as_ref().map_or(0.0, |stream| stream.head_start);
            // Nothing of its wait is known yet.
            (0.0, self.now - turn.unwrap_or(self.now) - head_start)
        } else {
            let Some(head) = self.heads.get_mut(ix) else { return };
            let waited = line.waiting.get(*head).map_or(0.0, |(_, waited)| *waited);
            *head += 1;
            (waited, self.now)
        };
        if let Some(probe) = line.probe {
            if let Some(outcome) = self.outcomes.get_mut(probe) {
                *outcome = self.now;
                self.open -= 1;
            }
            return;
        }
        let Some(work) = self.scene.works.get(line.work) else { return };
        self.begun += line.each;
        self.drawn += 1;
        let gone = work.seen * waited.1 + work.unseen * (waited.0 + waited.1);
        let each = if line.each > 1.0 {
            line.each * (-gone).exp()
        } else if gone > 0.0 && self.draws.draw(For::Patience(self.drawn)) > (-gone).exp() {
            return;
        } else {
            1.0
        };
        let part = self.draws.draw(For::Duration(self.drawn));
        let factor = self.factors.get(line.work).copied().unwrap_or(1.0);
        let lasts =
            work.durations.quantile(0, part) * factor * each + work.wrap_up * (each - 1.0).max(0.0);
        if let Some(state) = self.people.get_mut(person) {
            match line.kind {
                Kind::Call => state.calls += 1,
                Kind::Chat => state.chats += 1,
            }
        }
        let (person, kind) = (u32::try_from(person).unwrap_or(u32::MAX), line.kind);
        let work = u32::try_from(line.work).unwrap_or(0);
        self.later(self.now + lasts, Event::Ends { person, work, kind });
    }
}
