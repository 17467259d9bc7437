use frontdesk_types::{
    AgentId, AgentStatus, Instant, QueueId, ReturnReason, SessionId, SkillId, TransferTarget,
};

use crate::Refused;

/// What a session is to an agent: one of several chats, or a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    /// A call: an agent has one at most.
    Call,
    /// A chat, of any channel.
    #[default]
    Chat,
}

/// What a waiting session asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// In which queue.
    pub queue: QueueId,
    /// Since its original arrival (RTE-16).
    pub since: Instant,
    /// Call or chat.
    pub kind: Kind,
    /// 0 is everybody's; each step above is worth the queue's head start (RTE-18).
    pub priority: u8,
    /// What its agent must be able to do (RTE-18).
    pub skills: Vec<SkillId>,
    /// Who had the consumer last, if that is not too long ago (RTE-17).
    pub last_agent: Option<AgentId>,
}

impl Wait {
    /// A chat like any other.
    pub fn chat(queue: QueueId, since: Instant) -> Self {
        let (kind, priority) = (Kind::Chat, 0);
        Self { queue, since, kind, priority, skills: Vec::new(), last_agent: None }
    }

    /// A call like any other.
    pub fn call(queue: QueueId, since: Instant) -> Self {
        Self { kind: Kind::Call, ..Self::chat(queue, since) }
    }
}

/// Where a session stands, as the router must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Put aside until the consumer writes again (SMS-21): no wrap-up follows.
    Dismissed,
    /// Nowhere: choosing, or over.
    Gone,
    /// An agent has it, and somebody else is asked to take it (SMS-27).
    Transferring {
        /// Who has it.
        agent: AgentId,
        /// To whom.
        to: TransferTarget,
        /// What it asks for. The queue is the one it was taken from; it waits in that of `to`.
        wait: Wait,
    },
    /// It waits.
    Waiting(Wait),
    /// An agent has it.
    With {
        /// Who.
        agent: AgentId,
        /// From which queue.
        queue: QueueId,
        /// Its original arrival in the queue.
        since: Instant,
        /// Call or chat.
        kind: Kind,
    },
}

/// Who sets a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// The agent.
    Agent,
    /// Another person, who may give any status that can be chosen.
    Supervisor,
}

/// What the router is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// An agent takes a session that is offered.
    Accept {
        /// Which.
        session: SessionId,
        /// Who.
        agent: AgentId,
    },
    /// The agent's desk shows an offer. What it never shows is skipped, not missed (RTE-10).
    Acknowledge {
        /// Which.
        session: SessionId,
        /// Who.
        agent: AgentId,
    },
    /// An agent begins a session of their own (SMS-32), within the limit.
    Begin {
        /// Which.
        session: SessionId,
        /// Who.
        agent: AgentId,
        /// From which queue.
        queue: QueueId,
    },
    /// An agent does not want a session that is offered to them alone (RTE-10).
    Decline {
        /// Which.
        session: SessionId,
        /// Who.
        agent: AgentId,
    },
    /// Where a session stands now, whatever the router believed: after every step of a session, and for
    /// each stored session after a restart.
    Place {
        /// Which.
        session: SessionId,
        /// Where.
        place: Place,
    },
    /// What an agent did before a restart, as it was stored: any status.
    Restore {
        /// Whose.
        agent: AgentId,
        /// Which. Being in a chat or a call is left to follow from the sessions.
        status: AgentStatus,
        /// The end of a wrap-up. One that a restart has cut through can be ended by hand.
        wrap_up: Option<Instant>,
    },
    /// An agent's status.
    SetStatus {
        /// Whose.
        agent: AgentId,
        /// Which.
        status: AgentStatus,
        /// By whom.
        by: SetBy,
    },
    /// Nothing happened but time. Early, late and twice are harmless.
    TimePassed,
}

/// What came of an input. Timers that were due have fired before it was looked at, so there can be events
/// of theirs beside a refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "the events must be acted upon"]
pub struct Step {
    /// What the router decided, in order.
    pub events: Vec<RouterEvent>,
    /// Why the input changed nothing.
    pub refused: Option<Refused>,
}

/// What the router decides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouterEvent {
    /// The session belongs to a group of its queue (RTE-8).
    Allocated {
        /// The session.
        session: SessionId,
        /// Its queue.
        queue: QueueId,
        /// The group, counted from 0.
        group: u8,
    },
    /// More groups of the queue are asked (RTE-7).
    Cascaded {
        /// The session.
        session: SessionId,
        /// Its queue.
        queue: QueueId,
        /// How many groups are asked now.
        groups: u8,
    },
    /// The agent gets the session without accepting (RTE-9): [`Input::Accept`] is to follow.
    Connect {
        /// The session.
        session: SessionId,
        /// Its queue.
        queue: QueueId,
        /// Who.
        agent: AgentId,
    },
    /// An agent did not want the session.
    Declined {
        /// The session.
        session: SessionId,
        /// Who.
        agent: AgentId,
    },
    /// An agent did not answer an offer that only they had (RTE-10).
    Missed {
        /// The session.
        session: SessionId,
        /// Who.
        agent: AgentId,
        /// Whether the desk showed it. If not, it was skipped.
        seen: bool,
    },
    /// The agents see the session as theirs to take.
    Offered {
        /// The session.
        session: SessionId,
        /// Its queue.
        queue: QueueId,
        /// Who sees it from now on.
        agents: Vec<AgentId>,
        /// Until when it is this one agent's alone; `None` when others may see it too.
        until: Option<Instant>,
    },
    /// The session's agent cannot keep it: it must go back to its queue (RTE-16).
    Return {
        /// The session.
        session: SessionId,
        /// Who has it.
        agent: AgentId,
        /// Why.
        reason: ReturnReason,
    },
    /// An agent's status followed from what happened (RTE-10, RTE-11).
    StatusChanged {
        /// Who.
        agent: AgentId,
        /// What the agent does now.
        status: AgentStatus,
        /// The end of a wrap-up.
        until: Option<Instant>,
    },
    /// The agent whom the session is to go to cannot take it: the transfer fails (SMS-27).
    Unreachable {
        /// The session.
        session: SessionId,
    },
    /// The agents do not see the session any more.
    Withdrawn {
        /// The session.
        session: SessionId,
        /// Who sees it no longer.
        agents: Vec<AgentId>,
    },
}

/// A session that an agent may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The session.
    pub session: SessionId,
    /// Its queue.
    pub queue: QueueId,
    /// Its arrival.
    pub since: Instant,
    /// Call or chat.
    pub kind: Kind,
    /// Until when it is this agent's alone; `None` when others see it too.
    pub until: Option<Instant>,
    /// The agent gets it without accepting.
    pub auto_answer: bool,
}

/// A session's place in its queue (RTE-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1 is first. As many are first as there are active agents, since each of them may be next.
    pub place: usize,
    /// How many wait, this session included.
    pub waiting: usize,
}
