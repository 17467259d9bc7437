use frontdesk_types::{AgentId, Instant, QueueId, ReturnReason, SessionId, TransferTarget};

/// Where a session stands, as the router must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: choosing, or over.
    Gone,
    /// An agent has it, and somebody else is asked to take it (SMS-27).
    Transferring {
        /// Who has it.
        agent: AgentId,
        /// The queue it was taken from.
        queue: QueueId,
        /// To whom.
        to: TransferTarget,
        /// Since when it waits there.
        since: Instant,
    },
    /// It waits.
    Waiting {
        /// In which queue.
        queue: QueueId,
        /// Since its original arrival (RTE-16).
        since: Instant,
    },
    /// An agent has it.
    With {
        /// Who.
        agent: AgentId,
        /// From which queue.
        queue: QueueId,
        /// Its original arrival in the queue.
        since: Instant,
    },
}

impl Place {
    /// Who has the session.
    pub(super) fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::With { agent, .. } | Self::Transferring { agent, .. } => Some(agent),
            Self::Gone | Self::Waiting { .. } => None,
        }
    }
}

/// What the router decides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouterEvent {
    /// The agents see the session as theirs to take.
    Offered {
        /// The session.
        session: SessionId,
        /// Its queue.
        queue: QueueId,
        /// Who sees it from now on.
        agents: Vec<AgentId>,
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
}

/// A session's place in its queue (RTE-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1 is first. As many are first as there are active agents, since each of them may be next.
    pub place: usize,
    /// How many wait, this session included.
    pub waiting: usize,
}
