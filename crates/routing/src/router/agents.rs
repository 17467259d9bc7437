//! Agents as the router has them: what they do, what they have, what they may be offered.

use std::collections::BTreeSet;

use frontdesk_types::{AgentId, AgentStatus, SessionId};

use super::{
    Kind, Millis,
    ranks::Rank,
    roster::Roster,
    table::{QueueIx, SeatIx, SkillIx},
};
use crate::StaffRules;

/// An agent in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Membership {
    pub(super) priority: u8,
    pub(super) queue: QueueIx,
    pub(super) group: u8,
}

#[derive(Debug)]
pub(super) struct Agent {
    pub(super) id: AgentId,
    /// Its place in the order of ids.
    pub(super) rank: Rank,
    /// Whether the configuration has them.
    pub(super) known: bool,
    pub(super) limit: u32,
    pub(super) auto_answer: bool,
    /// Sorted.
    pub(super) skills: Vec<SkillIx>,
    pub(super) member_of: Vec<Membership>,
    /// What was chosen, or set for missing offers; what follows from sessions and wrap-up is not in it.
    pub(super) chosen: AgentStatus,
    /// No new session until then, and whether the agent cannot end it.
    pub(super) wrap_up: Option<(Millis, bool)>,
    pub(super) sessions: BTreeSet<SessionId>,
    pub(super) chats: u32,
    pub(super) calls: u32,
    pub(super) chat_ended: Option<Millis>,
    pub(super) chat_received: Option<Millis>,
    pub(super) call_ended: Option<Millis>,
    pub(super) missed_calls: u32,
    pub(super) missed_chats: u32,
    pub(super) skipped: u32,
    /// What is offered to this agent alone.
    pub(super) ringing: Option<SessionId>,
    /// Sessions that others want to give to this agent.
    pub(super) asked: BTreeSet<(Millis, SessionId)>,
    /// Those who serve the same queues in the same way.
    pub(super) class: u32,
    /// Where the agent sees what is for all.
    pub(super) seat: Option<SeatIx>,
    /// The queue whose session the wrap-up is after, and when it began.
    pub(super) wraps_up: Option<(QueueIx, Millis)>,
    /// What the roster says, and whether the agent keeps to it.
    pub(super) roster: Roster,
}

/// Who is asked first where one is asked at a time (RTE-6): the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn {
    group: u8,
    priority: u8,
    /// As how many chats the agent's sessions count.
    load: u32,
    /// `None`, which is lowest, was never.
    since: Option<Millis>,
    chat_received: Option<Millis>,
    rank: Rank,
}

impl Agent {
    pub(super) fn new(id: AgentId, rank: Rank) -> Self {
        Self {
            id,
            rank,
            known: false,
            limit: 0,
            auto_answer: false,
            skills: Vec::new(),
            member_of: Vec::new(),
            chosen: AgentStatus::LoggedOut,
            wrap_up: None,
            sessions: BTreeSet::new(),
            chats: 0,
            calls: 0,
            chat_ended: None,
            chat_received: None,
            call_ended: None,
            missed_calls: 0,
            missed_chats: 0,
            skipped: 0,
            ringing: None,
            asked: BTreeSet::new(),
            class: 0,
            seat: None,
            wraps_up: None,
            roster: Roster::default(),
        }
    }

    /// What the agent does, for people.
    pub(super) fn status(&self) -> AgentStatus {
        if self.chosen != AgentStatus::Available {
            self.chosen.clone()
        } else if self.wrap_up.is_some() {
            AgentStatus::WrapUp
        } else if self.calls > 0 {
            AgentStatus::InCall
        } else if self.chats > 0 {
            AgentStatus::InChat
        } else {
            AgentStatus::Available
        }
    }

    /// As how many chats the agent's sessions count.
    fn load(&self, rules: &StaffRules) -> u32 {
        self.chats.saturating_add(self.calls.saturating_mul(rules.call_weight.max(1)))
    }

    pub(super) fn has_room(&self, kind: Kind, rules: &StaffRules) -> bool {
        rules.has_room(kind, self.chats, self.calls, self.limit)
    }

    pub(super) fn takes_sessions(&self) -> bool {
        self.chosen == AgentStatus::Available && self.wrap_up.is_none()
    }

    pub(super) fn is_eligible(&self, kind: Kind, rules: &StaffRules) -> bool {
        self.takes_sessions() && self.has_room(kind, rules)
    }

    pub(super) fn turn(&self, kind: Kind, member: Membership, rules: &StaffRules) -> Turn {
        let load = self.load(rules);
        let since = match kind {
            Kind::Call => self.call_ended,
            Kind::Chat if load == 0 => self.chat_ended,
            Kind::Chat => self.chat_received,
        };
        let Membership { group, priority, .. } = member;
        let Self { chat_received, rank, .. } = *self;
        Turn { group, priority, load, since, chat_received, rank }
    }

    pub(super) fn membership(&self, queue: QueueIx) -> Option<Membership> {
        self.member_of.iter().find(|member| member.queue == queue).copied()
    }

    pub(super) fn has_skills(&self, skills: &[SkillIx]) -> bool {
        skills.iter().all(|skill| self.skills.binary_search(skill).is_ok())
    }

    /// How many offers of a kind were missed, one after the other.
    pub(super) fn missed(&mut self, kind: Kind) -> &mut u32 {
        match kind {
            Kind::Call => &mut self.missed_calls,
            Kind::Chat => &mut self.missed_chats,
        }
    }

    pub(super) fn take(&mut self, session: SessionId, kind: Kind, now: Millis) {
        if !self.sessions.insert(session) {
            return;
        }
        match kind {
            Kind::Call => self.calls += 1,
            Kind::Chat => {
                self.chats += 1;
                self.chat_received = Some(now);
            }
        }
    }

    pub(super) fn lose(&mut self, session: SessionId, kind: Kind, now: Millis) {
        if !self.sessions.remove(&session) {
            return;
        }
        match kind {
            Kind::Call => {
                self.calls = self.calls.saturating_sub(1);
                self.call_ended = Some(now);
            }
            Kind::Chat => {
                self.chats = self.chats.saturating_sub(1);
                self.chat_ended = Some(now);
            }
        }
    }
}
