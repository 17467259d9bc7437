//! Agents' statuses (RTE-10, RTE-11).

use frontdesk_types::{AgentId, AgentStatus, Instant, SessionId};

use super::{Millis, Router, RouterEvent, SetBy, table::AgentIx, timers::Owner};
use crate::{Refused, rules::LONGEST_TIME};

impl Router {
    pub(super) fn set_status(
        &mut self,
        agent: &AgentId,
        status: AgentStatus,
        by: SetBy,
    ) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        if !status.is_chosen() {
            return Err(Refused::NotChosen { status });
        }
        if status == AgentStatus::SpecialTask && by == SetBy::Agent {
            return Err(Refused::SupervisorOnly { status });
        }
        let state = &self.agents[ix];
        if status == AgentStatus::Available
            && state.chosen == AgentStatus::Available
            && let Some((until, fixed)) = state.wrap_up
        {
            if fixed && by == SetBy::Agent {
                let until = self.shown(until);
                return Err(Refused::WrapUp { agent: agent.clone(), until });
            }
            self.timers.remove(&(until, Owner::Agent(ix)));
            self.end_wrap_up(ix);
        }
        self.choose(ix, status);
        Ok(())
    }

    pub(super) fn restore(
        &mut self,
        agent: &AgentId,
        status: AgentStatus,
        wrap_up: Option<Instant>,
    ) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        let status = match status {
            // These follow from what the agent has.
            AgentStatus::InCall | AgentStatus::InChat | AgentStatus::WrapUp => {
                AgentStatus::Available
            }
            chosen => chosen,
        };
        self.choose(ix, status);
        if let Some(until) = wrap_up.map(|until| self.own_time(until))
            && until > self.now
        {
            // One that ends later than any that begins now was written by a clock that was ahead.
            let latest = self.now.saturating_add(self.longest_wrap_up(ix));
            self.set_wrap_up(ix, until.min(latest), false);
        }
        Ok(())
    }

    /// The longest wrap-up of an agent's queues; of no queue, the longest that rules allow.
    fn longest_wrap_up(&self, ix: AgentIx) -> Millis {
        let queues = self.agents[ix].member_of.iter().map(|member| &self.queues[member.queue]);
        let longest = queues.filter_map(|queue| queue.rules.wrap_up).map(|rules| rules.time).max();
        longest.unwrap_or(LONGEST_TIME).num_milliseconds()
    }

    /// Sets what an agent does, and returns what they may not keep (RTE-16).
    pub(super) fn choose(&mut self, ix: AgentIx, status: AgentStatus) {
        let now = self.now;
        let before = self.agents[ix].chosen.keeps_sessions();
        if before != status.keeps_sessions() {
            self.log_in(ix, !before);
        }
        let available = |status: &AgentStatus| usize::from(*status == AgentStatus::Available);
        let (was, is) = (available(&self.agents[ix].chosen), available(&status));
        for member in &self.agents[ix].member_of {
            let queue = &mut self.queues[member.queue];
            queue.active = (queue.active + is).saturating_sub(was);
        }
        self.change_agent(ix, |agent| {
            (agent.missed_calls, agent.missed_chats, agent.skipped) = (0, 0, 0);
            let (before, after) = (agent.chosen.takes_sessions(), status.takes_sessions());
            agent.roster.changes(before, after, now);
            agent.chosen = status;
        });
        let agent = &self.agents[ix];
        if let Some(reason) = self.keeps_none(ix) {
            let back = |id: &SessionId| RouterEvent::Return {
                session: *id,
                agent: agent.id.clone(),
                reason,
            };
            self.unsettled.events.extend(agent.sessions.iter().map(back));
        }
        if !agent.chosen.takes_sessions() {
            self.nobody_asked(ix);
        }
    }

    /// An agent logs in or out: a group with nobody logged in gets no share (RTE-8).
    fn log_in(&mut self, ix: AgentIx, logs_in: bool) {
        for member in &self.agents[ix].member_of {
            let queue = &mut self.queues[member.queue];
            let agents = queue.logged_in.entry(member.group).or_default();
            *agents = if logs_in { *agents + 1 } else { agents.saturating_sub(1) };
            if *agents == 0 {
                let pools = queue.cascades.get(&member.group);
                self.unsettled.skips.extend(pools.into_iter().flatten());
            }
        }
    }

    /// Who was to get sessions of others cannot.
    pub(super) fn nobody_asked(&mut self, ix: AgentIx) {
        for (_, session) in std::mem::take(&mut self.agents[ix].asked) {
            self.unsettled.lost.push((session, ix, None));
            self.unsettled.events.push(RouterEvent::Unreachable { session });
        }
        self.reseat(ix);
    }
}
