//! Another staff: who is there, who works where. What it does not change is not looked at: agents step out of their
//! queues and in again, and sessions stay where they are, except for those that other rules move (see `renewal`).

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{AgentStatus, ReturnReason, SessionId};

use super::{
    Router, RouterEvent,
    agents::Membership,
    benches::Skilled,
    changes::Changes,
    pools::KINDS,
    table::{AgentIx, QueueIx},
};
use crate::{AgentRules, Member, QueueRules, Staff};

/// Which queues agents served before.
type Served = BTreeMap<AgentIx, Vec<Membership>>;

impl Router {
    /// Takes on another staff.
    pub(super) fn reassign(&mut self, staff: Staff) {
        let crowded = self.add_agents(staff.agents.keys());
        for id in staff.queues.keys() {
            self.queue(id);
        }
        let mut changes = self.changes(&staff);
        // Classes that nobody is of any more, and their seats, are thrown away with all others now and then.
        let overgrown = self.classes.len() > 2 * self.agents.len() + 64;
        if crowded || overgrown {
            changes.agents.extend(self.agents.indices());
        }
        let skilled = self.skilled(&changes);
        let served = self.step_out(&changes.agents);
        if crowded {
            self.rank_anew();
        }
        if overgrown {
            self.clear_seats();
        }
        self.take_on(staff, &changes);
        for ix in &changes.agents {
            self.step_in(*ix);
        }
        self.unsettled.queues.extend(&changes.queues);
        for (ix, before) in skilled {
            if self.queues[ix].benches.skilled != before {
                self.rarest_may_differ(ix);
            }
        }
        self.check_offers();
        self.return_removed(&served);
        self.nobody_asks_the_gone(&served);
    }

    /// How many agents have each skill, in queues that may have others then.
    fn skilled(&self, changes: &Changes) -> BTreeMap<QueueIx, Skilled> {
        let serve = |ix: &AgentIx| self.agents[*ix].member_of.iter().map(|member| member.queue);
        let queues = changes.agents.iter().flat_map(serve).chain(changes.queues.iter().copied());
        let queues: BTreeSet<QueueIx> = queues.collect();
        queues.into_iter().map(|ix| (ix, self.queues[ix].benches.skilled.clone())).collect()
    }

    /// Takes agents from the benches and counts of their queues.
    fn step_out(&mut self, agents: &BTreeSet<AgentIx>) -> Served {
        let mut served = Served::new();
        for ix in agents {
            let agent = &self.agents[*ix];
            self.unsettled.note_status(*ix, agent);
            served.insert(*ix, agent.member_of.clone());
            let eligible = KINDS.map(|kind| agent.is_eligible(kind, &self.rules));
            self.seat_at_benches(*ix, eligible, false);
            self.count_agent(*ix, false);
        }
        served
    }

    /// Puts an agent where the new staff has it.
    fn step_in(&mut self, ix: AgentIx) {
        let eligible = KINDS.map(|kind| self.agents[ix].is_eligible(kind, &self.rules));
        self.seat_at_benches(ix, eligible, true);
        self.count_agent(ix, true);
        self.classify(ix);
        self.reseat(ix);
        self.unsettled.agents.insert((self.agents[ix].rank, ix));
    }

    /// Counts an agent in their queues, or no longer: who is there, and who has which skill.
    fn count_agent(&mut self, ix: AgentIx, comes: bool) {
        let change = |count: &mut usize, by: usize| {
            *count = if comes { *count + by } else { count.saturating_sub(by) };
        };
        let agent = &self.agents[ix];
        let active = usize::from(agent.chosen == AgentStatus::Available);
        let logged_in = usize::from(agent.chosen.keeps_sessions());
        for member in &agent.member_of {
            let queue = &mut self.queues[member.queue];
            change(&mut queue.active, active);
            change(queue.logged_in.entry(member.group).or_default(), logged_in);
            for skill in &agent.skills {
                change(queue.benches.skilled.entry(*skill).or_default(), 1);
            }
            self.unsettled.queues.insert(member.queue);
        }
        self.steps += 1 + agent.member_of.len() as u64;
    }

    /// Writes down what has changed. The agents who change are in no queue.
    fn take_on(&mut self, mut staff: Staff, changes: &Changes) {
        if self.rules.offers_at_once != staff.rules.offers_at_once {
            self.unsettled.seats.extend(self.seats.indices());
        }
        self.rules = staff.rules;
        for ix in &changes.queues {
            let (rules, members) = staff.queues.remove(&self.queues[*ix].id).unwrap_or_default();
            self.take_on_queue(*ix, rules, members, &changes.agents);
        }
        for ix in &changes.agents {
            let rules = staff.agents.remove(&self.agents[*ix].id);
            self.take_on_agent(*ix, rules);
        }
    }

    fn take_on_queue(
        &mut self,
        ix: QueueIx,
        rules: QueueRules,
        members: Vec<Member>,
        changed: &BTreeSet<AgentIx>,
    ) {
        for (agent, _) in &self.queues[ix].members {
            if changed.contains(agent) {
                self.agents[*agent].member_of.retain(|member| member.queue != ix);
            }
        }
        let mut seats = Vec::with_capacity(members.len());
        for Member { agent, priority, group } in members {
            let Some(agent) = self.agent_ix.get(&agent).copied() else { continue };
            let membership = Membership { queue: ix, priority, group };
            if changed.contains(&agent) {
                self.agents[agent].member_of.push(membership);
            }
            seats.push((agent, membership));
        }
        let queue = &mut self.queues[ix];
        if queue.configure(rules, seats) {
            self.renewal.begin(ix, queue.line.first());
        }
    }

    fn take_on_agent(&mut self, ix: AgentIx, rules: Option<AgentRules>) {
        let Some(rules) = rules else {
            let agent = &mut self.agents[ix];
            (agent.known, agent.chosen) = (false, AgentStatus::LoggedOut);
            return;
        };
        let mut skills: Vec<_> = rules.skills.iter().map(|skill| self.skill(skill)).collect();
        skills.sort_unstable();
        let agent = &mut self.agents[ix];
        agent.known = true;
        (agent.limit, agent.auto_answer) = (rules.chats, rules.auto_answer);
        agent.skills = skills;
        agent.member_of.sort_unstable();
    }

    /// An offer to one agent stays, if the agent may still take it.
    fn check_offers(&mut self) {
        let offers = self.agents.iter().filter_map(|(ix, agent)| Some((ix, agent.ringing?)));
        let offers: Vec<(AgentIx, SessionId)> = offers.collect();
        for (ix, id) in offers {
            // A session that is to be renewed may be for this agent afterwards.
            if self.may_ring(id, ix) || self.renew(id) {
                continue;
            }
            if self.agents[ix].ringing == Some(id) && !self.may_ring(id, ix) {
                self.stop_ringing(id, false);
                self.looks_for_all(ix);
            }
        }
    }

    /// An agent has nothing alone any more: sessions of all their queues may look.
    pub(super) fn looks_for_all(&mut self, ix: AgentIx) {
        let queues = self.agents[ix].member_of.iter().map(|member| member.queue);
        self.unsettled.queues.extend(queues);
    }

    /// Whether an agent who is asked alone may still be.
    pub(super) fn may_ring(&self, id: SessionId, ix: AgentIx) -> bool {
        let Some(session) = self.sessions.get(&id) else { return false };
        let Some(queue) = session.waits_in() else { return false };
        let agent = &self.agents[ix];
        let key = session.pool_key(queue, &self.queues[queue].rules.groups, self.no_skills);
        let skills = &self.skill_sets[key.skills];
        let asked = |member| key.admits(ix, agent, member, skills);
        agent.membership(queue).is_some_and(asked) && agent.is_eligible(session.kind, &self.rules)
    }

    /// Agents who served a queue and do so no longer may not keep its sessions. Others have sessions of queues
    /// that they never served: somebody gave them to them.
    fn return_removed(&mut self, served: &Served) {
        let mut lost: Vec<(SessionId, AgentIx, ReturnReason)> = Vec::new();
        for (ix, agent) in self.agents.iter().filter(|(_, agent)| !agent.sessions.is_empty()) {
            let gone = self.keeps_none(ix);
            let before = served.get(&ix).map_or(&[][..], Vec::as_slice);
            for id in &agent.sessions {
                let Some(queue) = self.sessions.get(id).map(|session| session.queue) else {
                    continue;
                };
                let removed = before.iter().any(|member| member.queue == queue)
                    && agent.membership(queue).is_none();
                let reason = gone.or(removed.then_some(ReturnReason::Removed));
                lost.extend(reason.map(|reason| (*id, ix, reason)));
            }
        }
        lost.sort_unstable();
        for (session, holder, reason) in lost {
            let agent = self.agents[holder].id.clone();
            self.unsettled.events.push(RouterEvent::Return { session, agent, reason });
        }
    }

    fn nobody_asks_the_gone(&mut self, served: &Served) {
        let gone = served.keys().copied().filter(|ix| !self.agents[*ix].known);
        let mut gone: Vec<AgentIx> = gone.collect();
        gone.sort_by_key(|ix| self.agents[*ix].rank);
        for ix in gone {
            self.nobody_asked(ix);
        }
    }
}
