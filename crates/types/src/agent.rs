use serde::{Deserialize, Serialize};

/// What an agent says of themselves (RTE-10). Being in a chat or a call is not a status that is set: it
/// follows from the sessions the agent has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AgentStatus {
    /// Takes new sessions, up to the agent's limit.
    Available,
    /// Keeps the sessions it has, takes no new ones.
    Break,
    /// Not at work. Every session returns to its queue (RTE-16).
    #[default]
    LoggedOut,
    /// Keeps the sessions it has, takes no new ones.
    Meal,
}

impl AgentStatus {
    /// Whether new sessions may be offered.
    pub fn takes_sessions(self) -> bool {
        self == Self::Available
    }

    /// Whether the agent may keep sessions.
    pub fn keeps_sessions(self) -> bool {
        self != Self::LoggedOut
    }
}
