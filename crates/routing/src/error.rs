use frontdesk_types::{AgentId, AgentStatus, Instant, SessionId};

/// Why an input changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Another agent was faster.
    #[error("agent {by} has session {session} already")]
    AlreadyTaken {
        /// The session.
        session: SessionId,
        /// Who has it.
        by: AgentId,
    },
    /// The agent has as many sessions as allowed (RTE-9).
    #[error("agent {agent} has no room for another session; the limit is {limit} chats")]
    AtLimit {
        /// Who.
        agent: AgentId,
        /// The limit.
        limit: u32,
    },
    /// The agent's status does not allow new sessions.
    #[error("agent {agent} is not available but {status}")]
    NotAvailable {
        /// Who.
        agent: AgentId,
        /// The status.
        status: AgentStatus,
    },
    /// Such a status follows from what happens; nobody chooses it (RTE-10).
    #[error("the status {status} cannot be chosen")]
    NotChosen {
        /// The status asked for.
        status: AgentStatus,
    },
    /// Only what is offered to one agent alone can be declined (RTE-10).
    #[error("session {session} is offered to others too: there is nothing to decline")]
    NotDeclinable {
        /// The session.
        session: SessionId,
    },
    /// The session is not offered to the agent: another queue's, not its turn yet, or not any more.
    #[error("session {session} is not offered to agent {agent}")]
    NotOffered {
        /// The session.
        session: SessionId,
        /// Who.
        agent: AgentId,
    },
    /// The session does not wait in any queue.
    #[error("session {session} is not waiting")]
    NotWaiting {
        /// The session.
        session: SessionId,
    },
    /// Only a supervisor gives this status (RTE-10).
    #[error("only a supervisor sets the status {status}")]
    SupervisorOnly {
        /// The status asked for.
        status: AgentStatus,
    },
    /// No such agent.
    #[error("no agent `{agent}` is configured")]
    UnknownAgent {
        /// The agent asked for.
        agent: AgentId,
    },
    /// The wrap-up is of a fixed time (RTE-11).
    #[error("the wrap-up of agent {agent} lasts until {until}")]
    WrapUp {
        /// Who.
        agent: AgentId,
        /// Its end.
        until: Instant,
    },
}
