use frontdesk_types::{AgentId, AgentStatus, SessionId};

/// No such agent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no agent `{agent}` is configured")]
pub struct UnknownAgent {
    /// The agent asked for.
    pub agent: AgentId,
}

/// Why an agent cannot take a session. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// Another agent was faster.
    #[error("agent {by} has session {session} already")]
    AlreadyTaken {
        /// The session.
        session: SessionId,
        /// Who has it.
        by: AgentId,
    },
    /// The agent has as many sessions as allowed (RTE-9).
    #[error("agent {agent} has {limit} sessions, the limit")]
    AtLimit {
        /// Who.
        agent: AgentId,
        /// The limit.
        limit: u32,
    },
    /// The agent's status does not allow new sessions.
    #[error("agent {agent} is not available but {status:?}")]
    NotAvailable {
        /// Who.
        agent: AgentId,
        /// The status.
        status: AgentStatus,
    },
    /// The session is not offered to the agent: another queue's, or not its turn yet.
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
    /// No such agent.
    #[error(transparent)]
    UnknownAgent(#[from] UnknownAgent),
}
