//! Who sees what of the sessions that are for all (RTE-5). Agents of the same queues, skills and room share a
//! seat: they see the same sessions, so that what changes is found out once for all of them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    ops::Bound,
};

use frontdesk_types::SessionId;

use super::{
    Kind, Router,
    agents::Membership,
    benches::OPEN,
    pool::{Order, Pool},
    sessions::Session,
    settle::Sight,
    table::{AgentIx, PoolIx, QueueIx, SeatIx, SkillIx},
};

/// Agents who serve the same queues, with the same priorities, groups and skills.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Class {
    pub(super) members: Vec<Membership>,
    pub(super) skills: Vec<SkillIx>,
}

/// What the agents of a seat have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SeatKey {
    class: u32,
    call: bool,
    chat: bool,
    /// Offers that each of them has alone.
    alone: usize,
    /// The only agent, if others may see what this one has.
    holder: Option<AgentIx>,
}

#[derive(Debug)]
pub(super) struct Seat {
    pub(super) key: SeatKey,
    pub(super) agents: BTreeSet<AgentIx>,
    /// The sessions that they were told of, the first first.
    pub(super) view: Vec<SessionId>,
}

/// With more pools of more than one session, all seats of a queue are looked at when an agent comes or goes.
const LONG_POOLS: usize = 64;

impl Router {
    /// Finds those who serve the same queues in the same way as an agent does now.
    pub(super) fn classify(&mut self, ix: AgentIx) {
        let agent = &mut self.agents[ix];
        let class = Class { members: agent.member_of.clone(), skills: agent.skills.clone() };
        let next = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        agent.class = *self.class_ix.entry(class.clone()).or_insert(next);
        if agent.class == next {
            self.classes.push(class);
        }
    }

    fn seat_key(&self, ix: AgentIx) -> Option<SeatKey> {
        let agent = &self.agents[ix];
        let [call, chat] =
            [Kind::Call, Kind::Chat].map(|kind| agent.is_eligible(kind, &self.rules));
        if agent.member_of.is_empty() || !(call || chat) {
            return None;
        }
        let hands_over =
            |id: &SessionId| self.sessions.get(id).is_some_and(|session| session.pool.is_some());
        let holder = agent.sessions.iter().any(hands_over).then_some(ix);
        let alone = usize::from(agent.ringing.is_some()) + agent.asked.len();
        Some(SeatKey { class: agent.class, call, chat, alone, holder })
    }

    /// Puts an agent on the seat that fits now.
    pub(super) fn reseat(&mut self, ix: AgentIx) {
        let key = self.seat_key(ix);
        let before = self.agents[ix].seat;
        if before.map(|seat| self.seats[seat].key) == key {
            return;
        }
        self.unsettled.moved.entry(ix).or_insert(before);
        if let Some(seat) = before {
            self.seats[seat].agents.remove(&ix);
            self.unsettled.seats.insert(seat);
        }
        let seat = key.map(|key| self.seat_of(key));
        if let Some(seat) = seat {
            self.seats[seat].agents.insert(ix);
            self.unsettled.seats.insert(seat);
        }
        self.agents[ix].seat = seat;
        for seat in before.into_iter().chain(seat) {
            self.occupy(seat);
        }
    }

    fn seat_of(&mut self, key: SeatKey) -> SeatIx {
        if let Some(seat) = self.seat_ix.get(&key) {
            return *seat;
        }
        let seat = self.seats.push(Seat { key, agents: BTreeSet::new(), view: Vec::new() });
        self.seat_ix.insert(key, seat);
        seat
    }

    /// A seat that nobody is on is not looked at for its queues.
    fn occupy(&mut self, ix: SeatIx) {
        let seat = &self.seats[ix];
        let empty = seat.agents.is_empty();
        let Some(class) = self.classes.get(seat.key.class as usize) else { return };
        for member in &class.members {
            let seats = &mut self.queues[member.queue].seats;
            if empty {
                seats.remove(&ix);
            } else {
                seats.insert(ix);
            }
        }
    }

    /// One agent more or fewer may take a queue's sessions: as many of each pool are shown as there are agents.
    pub(super) fn count_again(&mut self, ix: AgentIx, member: Membership, kind: Kind) {
        if self.all_seats_look(member.queue) {
            return;
        }
        let queue = &self.queues[member.queue];
        let agent = &self.agents[ix];
        for pool in &queue.benches.long {
            let key = &self.pools[*pool].key;
            self.steps += 1;
            if key.kind == kind && key.admits(ix, agent, member, &self.skill_sets[key.skills]) {
                self.unsettled.pools.insert(*pool);
            }
        }
    }

    /// Where very many pools have more than one open session, all seats of the queue are looked at instead of those.
    fn all_seats_look(&mut self, ix: QueueIx) -> bool {
        let queue = &mut self.queues[ix];
        if queue.benches.long.len() <= LONG_POOLS {
            return false;
        }
        queue.fronts += 1;
        self.steps += queue.seats.len() as u64;
        self.unsettled.seats.extend(&queue.seats);
        true
    }

    /// A queue has other agents: as many of each pool are shown as there are agents.
    pub(super) fn fronts_may_differ(&mut self, ix: QueueIx) {
        if !self.all_seats_look(ix) {
            self.unsettled.pools.extend(&self.queues[ix].benches.long);
        }
    }

    /// How many agents may take a pool's sessions, as far as it matters.
    fn agents_of(&self, pool: &Pool, steps: &mut u64) -> usize {
        let skills = &self.skill_sets[pool.key.skills];
        let benches = &self.queues[pool.key.queue].benches;
        let able = |ix: &&AgentIx| {
            *steps += 1;
            pool.key.holder != Some(**ix) && self.agents[**ix].has_skills(skills)
        };
        let on = benches.of(&pool.key, pool.rarest).flat_map(|bench| &bench.eligible);
        on.filter(able).take(self.rules.most_offers()).count()
    }

    /// Looks whether others of a pool's sessions come first now, and marks whoever may see them.
    pub(super) fn look_at_front(&mut self, ix: PoolIx) {
        let pool = &self.pools[ix];
        let fronts = self.queues[pool.key.queue].fronts;
        let mut steps = 1;
        let agents = if pool.open.len() > 1 { self.agents_of(pool, &mut steps) } else { 1 };
        let front = pool.open.iter().take(agents.max(1)).map(|(_, id)| *id);
        let front: Vec<SessionId> = front.collect();
        self.steps += steps + front.len() as u64;
        if front == pool.front && pool.fronts == fronts {
            return;
        }
        let key = pool.key;
        for seat in &self.queues[key.queue].seats {
            let known = &self.seats[*seat];
            self.steps += 1;
            let Some(class) = self.classes.get(known.key.class as usize) else { continue };
            let skills = &self.skill_sets[key.skills];
            let has = |skill: &SkillIx| class.skills.binary_search(skill).is_ok();
            let kind = if key.kind == Kind::Call { known.key.call } else { known.key.chat };
            let asked =
                |member: &Membership| member.queue == key.queue && key.reach.includes(member.group);
            if kind && class.members.iter().any(asked) && skills.iter().all(has) {
                self.unsettled.seats.insert(*seat);
            }
        }
        let pool = &mut self.pools[ix];
        (pool.front, pool.fronts) = (front, fronts);
    }

    /// The first sessions for the agents of a seat: their queues in their order, of each pool as many as there
    /// are agents.
    fn view(&self, ix: SeatIx, steps: &mut u64) -> Vec<SessionId> {
        let seat = &self.seats[ix];
        let most = self.rules.most_offers().saturating_sub(seat.key.alone);
        let mut view = Vec::new();
        let Some(class) = self.classes.get(seat.key.class as usize) else { return view };
        if seat.agents.is_empty() || most == 0 {
            return view;
        }
        for members in class.members.chunk_by(|a, b| a.priority == b.priority) {
            self.add_first(seat, class, members, most, &mut view, steps);
            if view.len() >= most {
                break;
            }
        }
        view
    }

    /// Adds the first sessions of queues that come one after the other only by their sessions' turns.
    fn add_first(
        &self,
        seat: &Seat,
        class: &Class,
        members: &[Membership],
        most: usize,
        view: &mut Vec<SessionId>,
        steps: &mut u64,
    ) {
        let kinds = [(Kind::Call, seat.key.call), (Kind::Chat, seat.key.chat)];
        let skills = || std::iter::once(None).chain(class.skills.iter().copied().map(Some));
        let mut heads = Vec::new();
        for member in members {
            let benches = &self.queues[member.queue].benches;
            for (kind, _) in kinds.iter().filter(|(_, takes)| *takes) {
                let known = skills().filter_map(|skill| benches.heads(*kind, skill));
                let open = known.filter_map(|heads| heads.first.get(OPEN));
                heads.extend(open.map(|open| (*member, open.iter().peekable())));
            }
        }
        // The next session of pools that have been looked into, and how many of each may still follow.
        let mut next: BinaryHeap<Reverse<(Order, PoolIx, usize)>> = BinaryHeap::new();
        while view.len() < most {
            *steps += 1;
            let order = |(i, (_, pools)): (usize, &mut (_, std::iter::Peekable<_>))| {
                let first: Option<&&(Order, PoolIx)> = pools.peek();
                first.map(|first| (**first, i))
            };
            let head = heads.iter_mut().enumerate().filter_map(order).min();
            let (order, pool, more) = match (head, next.peek()) {
                (Some(((order, _), _)), Some(Reverse((inside, pool, more)))) if *inside < order => {
                    (*inside, *pool, *more)
                }
                (Some(((order, ix), line)), _) => {
                    let Some((member, pools)) = heads.get_mut(line) else { return };
                    pools.next();
                    let pool = &self.pools[ix];
                    if !self.is_for(seat, class, *member, pool) {
                        continue;
                    }
                    let long = pool.open.len() > 1;
                    let agents = if long { self.agents_of(pool, steps) } else { 1 };
                    next.push(Reverse((order, ix, agents.max(1))));
                    continue;
                }
                (None, Some(Reverse((order, pool, more)))) => (*order, *pool, *more),
                (None, None) => return,
            };
            next.pop();
            view.push(order.1);
            if more > 1 {
                let after = (Bound::Excluded(order), Bound::Unbounded);
                let follows = self.pools[pool].open.range(after).next();
                next.extend(follows.map(|order| Reverse((*order, pool, more - 1))));
            }
        }
    }

    fn is_for(&self, seat: &Seat, class: &Class, member: Membership, pool: &Pool) -> bool {
        let skills = &self.skill_sets[pool.key.skills];
        let has = |skill: &SkillIx| class.skills.binary_search(skill).is_ok();
        pool.key.reach.includes(member.group)
            && (seat.key.holder.is_none() || pool.key.holder != seat.key.holder)
            && skills.iter().all(has)
    }

    /// Tells agents of what they see now and did not, and the other way round.
    pub(super) fn show(&mut self) {
        let mut steps = 0;
        let dirty = std::mem::take(&mut self.unsettled.seats);
        let views: BTreeMap<SeatIx, Vec<SessionId>> =
            dirty.into_iter().map(|seat| (seat, self.view(seat, &mut steps))).collect();
        let moved = std::mem::take(&mut self.unsettled.moved);
        let (lost, won) = (&mut self.unsettled.lost, &mut self.unsettled.won);
        let sights = lost.len() + won.len();
        for (agent, before) in &moved {
            let before = before.map_or(&[][..], |seat| &self.seats[seat].view);
            let after = self.agents[*agent].seat;
            let after =
                after.map_or(&[][..], |seat| views.get(&seat).unwrap_or(&self.seats[seat].view));
            differences(before, after, std::iter::once(agent), lost);
            differences(after, before, std::iter::once(agent), won);
        }
        for (ix, view) in views {
            let seat = &mut self.seats[ix];
            let stay = || seat.agents.iter().filter(|agent| !moved.contains_key(agent));
            differences(&seat.view, &view, stay(), lost);
            differences(&view, &seat.view, stay(), won);
            seat.view = view;
        }
        self.steps += steps + (lost.len() + won.len() - sights) as u64;
    }

    /// Nobody sees anything any more, and nobody has a seat.
    pub(super) fn clear_seats(&mut self) {
        self.classes.clear();
        self.class_ix.clear();
        for ix in self.queues.indices() {
            self.queues[ix].seats.clear();
        }
        for ix in self.seats.indices() {
            let seat = &mut self.seats[ix];
            for session in std::mem::take(&mut seat.view) {
                let sights = seat.agents.iter().map(|agent| (session, *agent, None));
                self.unsettled.lost.extend(sights);
            }
        }
        self.seats = super::Table::default();
        self.seat_ix.clear();
        self.unsettled.seats.clear();
        self.unsettled.moved.clear();
        for ix in self.agents.indices() {
            self.agents[ix].seat = None;
        }
    }

    /// Whether an agent sees a session among those for all.
    pub(super) fn is_shown(&self, id: SessionId, session: &Session, agent: AgentIx) -> bool {
        let seat = self.agents[agent].seat;
        session.pool.is_some() && seat.is_some_and(|seat| self.seats[seat].view.contains(&id))
    }
}

/// What agents see on one side, and not on the other.
fn differences<'a>(
    sessions: &[SessionId],
    others: &[SessionId],
    agents: impl Iterator<Item = &'a AgentIx> + Clone,
    out: &mut Vec<Sight>,
) {
    for session in sessions.iter().filter(|session| !others.contains(session)) {
        out.extend(agents.clone().map(|agent| (*session, *agent, None)));
    }
}
