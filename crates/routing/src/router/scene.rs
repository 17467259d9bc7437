//! The floor at present, as a forecast begins with it (RTE-12).

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Kind, Millis, Router, Wait,
    agents::Agent,
    pool::{Pool, PoolKey, Reach},
    queues::Queue,
    roster::Record,
    sessions::Session,
    table::{AgentIx, PoolIx, QueueIx, SkillIx},
};
use crate::{
    Groups, LONGEST_WAIT,
    numbers::{count, seconds},
    wait::{Busy, Durations, Line, Person, Scene, Stream, Work, WrappingUp},
};

/// Agents of other queues who are looked at for one question, besides the queue's own.
const OTHERS: usize = 300;
/// Sessions in line that are looked at one by one, over all lines. More stand for others.
const IN_LINE: usize = 1500;
/// Lines of one queue that are told apart; of more, skills are not looked at.
const LINES: usize = 48;

/// A scene, and which of the questions its probes are.
pub(super) struct Asked<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) probes: Vec<usize>,
}

/// A scene while it is made.
struct Making<'a> {
    router: &'a Router,
    now: Millis,
    agents: Vec<AgentIx>,
    queues: Vec<QueueIx>,
    /// Which part of a queue's agents is looked at.
    parts: FxHashMap<QueueIx, f64>,
    /// By queue and kind: the place of its work.
    works: FxHashMap<QueueIx, usize>,
    scene: Scene<'a>,
    /// Who may take what is in each line: agents with the skills, or anybody.
    keys: Vec<(PoolKey, Option<Box<[SkillIx]>>)>,
    /// The lines of each queue, and those that anybody serves.
    by_queue: FxHashMap<QueueIx, Vec<u32>>,
    of_all: Vec<u32>,
}

impl Router {
    /// The agents of the question's queue, and those with whom they share others, as far as they matter; of
    /// the other open questions those that are about the same queues.
    pub(super) fn scene(
        &self,
        waits: &[Wait],
        open: &[bool],
        first: usize,
        now: Millis,
    ) -> Asked<'_> {
        let all = open.iter().filter(|open| **open).count() > 1;
        let (agents, queues) = self.around(waits.get(first), if all { usize::MAX } else { OTHERS });
        let rules = &self.rules;
        let scene =
            Scene { rules, works: Vec::new(), lines: Vec::new(), people: Vec::new(), probes: 0 };
        let mut making = Making {
            router: self,
            now,
            agents,
            queues,
            parts: FxHashMap::default(),
            works: FxHashMap::default(),
            scene,
            keys: Vec::new(),
            by_queue: FxHashMap::default(),
            of_all: Vec::new(),
        };
        making.count_parts();
        making.lines();
        making.streams();
        let mut probes = Vec::new();
        for (n, (wait, _)) in waits.iter().zip(open).enumerate().filter(|(_, (_, open))| **open) {
            if making.probe(wait) {
                probes.push(n);
            }
        }
        making.people();
        Asked { scene: making.scene, probes }
    }

    /// Agents and queues that hang together with a question's, those of its own queue first.
    fn around(&self, wait: Option<&Wait>, others: usize) -> (Vec<AgentIx>, Vec<QueueIx>) {
        let first = wait.and_then(|wait| self.queue_ix.get(&wait.queue)).copied();
        let mut queues: Vec<QueueIx> = first.into_iter().collect();
        let (mut agents, mut seen) = (Vec::new(), FxHashSet::default());
        let mut known: FxHashSet<QueueIx> = queues.iter().copied().collect();
        let mut next = 0;
        while let Some(queue) = queues.get(next).copied() {
            for (ix, _) in &self.queues[queue].members {
                if next > 0 && agents.len() >= others {
                    return (agents, queues);
                }
                let agent = &self.agents[*ix];
                let comes = agent.chosen.takes_sessions() || agent.roster.comes();
                if (!comes && agent.sessions.is_empty()) || !seen.insert(*ix) {
                    continue;
                }
                agents.push(*ix);
                let of = agent.member_of.iter().map(|member| member.queue);
                queues.extend(of.filter(|queue| known.insert(*queue)));
            }
            next += 1;
        }
        (agents, queues)
    }
}

impl<'a> Making<'a> {
    fn queue(&self, ix: QueueIx) -> &'a Queue {
        &self.router.queues[ix]
    }

    fn count_parts(&mut self) {
        let looked_at: FxHashSet<AgentIx> = self.agents.iter().copied().collect();
        for queue in &self.queues {
            let there = |ix: &AgentIx| self.router.agents[*ix].chosen.takes_sessions();
            let members = self.router.queues[*queue].members.iter().map(|(ix, _)| ix);
            let (mut all, mut some) = (0, 0);
            for ix in members.filter(|ix| there(ix)) {
                all += 1;
                some += usize::from(looked_at.contains(ix));
            }
            let part = if all == 0 { 1.0 } else { count(some) / count(all) };
            self.parts.insert(*queue, part);
        }
    }

    /// How sessions of a queue go. One without a history goes like the first queue's.
    fn work(&mut self, ix: QueueIx) -> usize {
        if let Some(known) = self.works.get(&ix) {
            return *known;
        }
        let queue = self.queue(ix);
        let first = self.queues.first().map_or(queue, |first| self.queue(*first));
        let durations: &Durations = if queue.history.lacks().is_none() {
            &queue.history.durations
        } else {
            &first.history.durations
        };
        let wrap_up = queue.rules.wrap_up.map_or(0.0, |wrap_up| wrap_up.time.as_seconds_f64());
        let ends = queue.rules.wrap_up.is_some_and(|wrap_up| !wrap_up.fixed);
        let wrap_ups = queue.history.wrap_ups().filter(|_| ends);
        let (seen, unseen) = (queue.history.patience.seen(), queue.history.patience.unseen());
        let scale = durations.scale();
        self.scene.works.push(Work { durations, scale, seen, unseen, wrap_up, wrap_ups });
        let place = self.scene.works.len() - 1;
        self.works.insert(ix, place);
        place
    }

    /// One more line, for those who have the skills, or for anybody.
    fn push_line(&mut self, key: PoolKey, skills: Option<Box<[SkillIx]>>, line: Line) {
        let place = u32::try_from(self.scene.lines.len()).unwrap_or(u32::MAX);
        if skills.is_some() {
            self.by_queue.entry(key.queue).or_default().push(place);
        } else {
            self.of_all.push(place);
        }
        self.keys.push((key, skills));
        self.scene.lines.push(line);
    }

    fn skills_of(&self, key: &PoolKey) -> Box<[SkillIx]> {
        self.router.skill_sets[key.skills].clone()
    }

    /// Those who wait.
    fn lines(&mut self) {
        let queues = self.queues.clone();
        let waiting: usize = queues.iter().map(|queue| self.router.waiting_in(*queue)).sum();
        let every = waiting.div_ceil(IN_LINE).max(1);
        for ix in queues {
            let part = self.parts.get(&ix).copied().unwrap_or(1.0);
            let work = self.work(ix);
            let pools = &self.queue(ix).pools;
            if pools.len() <= LINES {
                for pool in pools {
                    let key = self.router.pools[*pool].key;
                    self.line(key, work, &[*pool], part, every);
                }
                continue;
            }
            for kind in [Kind::Call, Kind::Chat] {
                let of = |pool: &&PoolIx| self.router.pools[**pool].key.kind == kind;
                let pools: Vec<PoolIx> = pools.iter().filter(of).copied().collect();
                let skills = self.router.no_skills;
                let key = PoolKey { queue: ix, kind, skills, reach: Reach::All, holder: None };
                self.line(key, work, &pools, part, every);
            }
        }
    }

    fn line(&mut self, key: PoolKey, work: usize, pools: &[PoolIx], part: f64, every: usize) {
        let pools = || pools.iter().map(|pool| &self.router.pools[*pool]);
        let all: usize = pools().map(Pool::len).sum();
        if all == 0 || part <= 0.0 {
            return;
        }
        // At least six stand for a line, so that its length is known to a few in a hundred.
        let every = every.min(all.div_ceil(6)).max(1);
        let mut orders: Vec<_> = pools().flat_map(Pool::orders).collect();
        orders.sort_unstable();
        let kept = count(orders.len().div_ceil(every)) * part;
        let each = count(orders.len()) * part / kept.ceil().max(1.0);
        let step = count(orders.len()) / kept.ceil().max(1.0);
        let mut waiting = Vec::new();
        let mut place = step / 2.0;
        while place < count(orders.len()) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
            let Some((turn, id)) = orders.get(place as usize).copied() else { break };
            let since = self.router.sessions.get(id).map_or(*turn, |session| session.since);
            waiting.push((seconds(turn - self.now), seconds((self.now - since).max(0))));
            place += step;
        }
        let kind = key.kind;
        self.push_line(
            key,
            Some(self.skills_of(&key)),
            Line { kind, work, waiting, each, stream: None, probe: None },
        );
    }

    /// Those who will come and may overtake: somebody's first queue, a higher priority, the telephony's.
    fn streams(&mut self) {
        let now = seconds(self.now);
        let differs = |ix: &AgentIx| {
            let of = &self.router.agents[*ix].member_of;
            of.iter()
                .any(|member| of.first().is_some_and(|first| first.priority != member.priority))
        };
        let some_first = self.agents.iter().any(differs);
        for ix in self.queues.clone() {
            let part = self.parts.get(&ix).copied().unwrap_or(1.0);
            let queue = self.queue(ix);
            let mixed = queue.streams.iter().any(|(asks, _)| asks.priority > 0);
            for (asks, arrivals) in &queue.streams {
                if !some_first && !mixed && !asks.brought {
                    continue;
                }
                let rate = arrivals.rate(now) * part;
                if rate <= 1e-7 {
                    continue;
                }
                let work = self.work(ix);
                let head_start = seconds(queue.head_start(asks.priority));
                let head_start = if asks.brought { 1e9 } else { head_start };
                let reach = Reach::All;
                let (kind, skills) = (asks.kind, asks.skills);
                let key = PoolKey { queue: ix, kind, skills, reach, holder: None };
                let stream = Some(Stream { rate, head_start });
                let waiting = Vec::new();
                let line = Line { kind, work, waiting, each: 1.0, stream, probe: None };
                let anybody = asks.brought && queue.members.is_empty();
                self.push_line(key, (!anybody).then(|| self.skills_of(&key)), line);
            }
        }
    }

    /// One more who waits, if the scene has the queue.
    fn probe(&mut self, wait: &Wait) -> bool {
        let Some(ix) = self.router.queue_ix.get(&wait.queue).copied() else { return false };
        if !self.queues.contains(&ix) {
            return false;
        }
        let queue = self.queue(ix);
        let Some(set) = self.skill_set(wait) else { return false };
        let set = if queue.rules.skills_for.is_some() { Box::default() } else { set };
        let head_start = seconds(queue.head_start(wait.priority));
        let turn = seconds(self.router.own_time(wait.since) - self.now) - head_start;
        let (kind, work) = (wait.kind, self.work(ix));
        let skills = self.router.no_skills;
        let key = PoolKey { queue: ix, kind, skills, reach: Reach::All, holder: None };
        let probe = Some(self.scene.probes);
        self.scene.probes += 1;
        let waiting = vec![(turn, 0.0)];
        let line = Line { kind, work, waiting, each: 1.0, stream: None, probe };
        self.push_line(key, Some(set), line);
        true
    }

    /// The skills that a question asks for, if there is anybody who has each.
    fn skill_set(&self, wait: &Wait) -> Option<Box<[SkillIx]>> {
        wait.skills.iter().map(|skill| self.router.skills.get(skill).copied()).collect()
    }

    fn people(&mut self) {
        let now = self.now;
        let mut all = Record::default();
        for ix in &self.agents {
            let agent = &self.router.agents[*ix];
            all.add(agent.roster.at(agent.chosen.takes_sessions(), now).record());
        }
        for ix in self.agents.clone() {
            let agent = &self.router.agents[ix];
            let there = agent.chosen.takes_sessions();
            let within = LONGEST_WAIT.num_milliseconds();
            let changes = agent.roster.at(there, now).ahead(now, within, &all);
            let busy = self.busy(agent);
            let person = Person {
                limit: agent.limit,
                chats: agent.chats,
                calls: agent.calls,
                wrap_up: self.wrap_up(agent),
                there,
                changes,
                busy,
                lines: self.lines_of(ix, agent),
            };
            self.scene.people.push(person);
        }
    }

    fn busy(&mut self, agent: &Agent) -> Vec<Busy> {
        let sessions = &self.router.sessions;
        let have: Vec<&Session> = agent.sessions.iter().filter_map(|id| sessions.get(id)).collect();
        let busy = |session: &Session| Busy {
            kind: session.kind,
            work: self.work(session.queue),
            age: seconds((self.now - session.taken).max(0)),
        };
        have.into_iter().map(busy).collect()
    }

    fn wrap_up(&mut self, agent: &Agent) -> Option<WrappingUp> {
        let (until, fixed) = agent.wrap_up?;
        let left = seconds((until - self.now).max(0));
        let of = agent.wraps_up.filter(|_| !fixed);
        let may_end = of.map(|(queue, from)| (self.work(queue), seconds(self.now - from)));
        Some(WrappingUp { left, may_end })
    }

    fn lines_of(&self, ix: AgentIx, agent: &Agent) -> Vec<(u8, u32)> {
        let mut lines: Vec<(u8, u32)> = self.of_all.iter().map(|line| (0, *line)).collect();
        for member in &agent.member_of {
            let percent = matches!(self.queue(member.queue).rules.groups, Groups::Percent { .. });
            for line in self.by_queue.get(&member.queue).into_iter().flatten() {
                let Some((key, Some(skills))) = self.keys.get(*line as usize) else { continue };
                // Groups of a cascade join in time.
                let reach = if percent { key.reach } else { Reach::All };
                if (PoolKey { reach, ..*key }).admits(ix, agent, *member, skills) {
                    lines.push((member.priority, *line));
                }
            }
        }
        lines.sort_unstable();
        lines
    }
}
