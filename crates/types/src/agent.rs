use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{IdError, StatusId};

/// What an agent does (RTE-10). Some statuses are chosen by a person; others follow from what happens.
///
/// As text, a status is its word (`available`, `in_chat`, `missed_call` …); one of the center's own is
/// `custom:` and its id, like `custom:training`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum AgentStatus {
    /// Takes new sessions, up to the agent's limit.
    Available,
    /// Keeps the sessions it has, takes no new ones.
    Break,
    /// One of the center's own: keeps the sessions it has, takes no new ones.
    Custom(StatusId),
    /// Available, and in a call. Follows from the sessions that the agent has.
    InCall,
    /// Available, and in a chat. Follows from the sessions that the agent has.
    InChat,
    /// Not at work. Every session returns to its queue (RTE-16).
    #[default]
    LoggedOut,
    /// Keeps the sessions it has, takes no new ones.
    Meal,
    /// Did not answer calls that were offered to this agent alone.
    MissedCall,
    /// Did not answer chats that were offered to this agent alone.
    MissedChat,
    /// What a supervisor gave the agent to do: takes no new sessions.
    SpecialTask,
    /// The desk did not show offers: nobody seems to be there. Every session returns to its queue (RTE-16).
    Unresponsive,
    /// Writes up what was: takes no new sessions until the timer ends (RTE-11).
    WrapUp,
}

/// The statuses that have no name of their own.
const WORDS: [(&str, AgentStatus); 11] = [
    ("available", AgentStatus::Available),
    ("break", AgentStatus::Break),
    ("in_call", AgentStatus::InCall),
    ("in_chat", AgentStatus::InChat),
    ("logged_out", AgentStatus::LoggedOut),
    ("meal", AgentStatus::Meal),
    ("missed_call", AgentStatus::MissedCall),
    ("missed_chat", AgentStatus::MissedChat),
    ("special_task", AgentStatus::SpecialTask),
    ("unresponsive", AgentStatus::Unresponsive),
    ("wrap_up", AgentStatus::WrapUp),
];

const CUSTOM: &str = "custom:";

/// A text that is no agent's status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// What follows `custom:` is no id.
    #[error(transparent)]
    Id(#[from] IdError),
    /// No such word.
    #[error("`{found}` is not an agent's status: allowed are {} and `custom:` with an id", WORDS.map(|(word, _)| word).join(", "))]
    Unknown {
        /// What was found instead.
        found: String,
    },
}

impl AgentStatus {
    /// Whether new sessions may be offered, as far as the status goes.
    pub fn takes_sessions(&self) -> bool {
        matches!(self, Self::Available | Self::InCall | Self::InChat)
    }

    /// Whether the agent may keep sessions.
    pub fn keeps_sessions(&self) -> bool {
        !matches!(self, Self::LoggedOut | Self::Unresponsive)
    }

    /// Whether a person can choose it; the others follow from what happens (RTE-10).
    pub fn is_chosen(&self) -> bool {
        match self {
            Self::Available
            | Self::Break
            | Self::Custom(_)
            | Self::LoggedOut
            | Self::Meal
            | Self::SpecialTask => true,
            Self::InCall
            | Self::InChat
            | Self::MissedCall
            | Self::MissedChat
            | Self::Unresponsive
            | Self::WrapUp => false,
        }
    }
}

impl fmt::Display for AgentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Custom(id) = self {
            return write!(f, "{CUSTOM}{id}");
        }
        let word = WORDS.iter().find(|(_, status)| status == self);
        f.pad(word.map_or("", |(word, _)| word))
    }
}

impl FromStr for AgentStatus {
    type Err = StatusError;

    fn from_str(text: &str) -> Result<Self, StatusError> {
        if let Some(id) = text.strip_prefix(CUSTOM) {
            return Ok(Self::Custom(id.parse()?));
        }
        let known = WORDS.into_iter().find(|(word, _)| *word == text);
        let unknown = || StatusError::Unknown { found: text.chars().take(80).collect() };
        known.map(|(_, status)| status).ok_or_else(unknown)
    }
}

impl From<AgentStatus> for String {
    fn from(status: AgentStatus) -> Self {
        status.to_string()
    }
}

impl TryFrom<String> for AgentStatus {
    type Error = StatusError;

    fn try_from(text: String) -> Result<Self, StatusError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_word_that_reads_back() {
        let custom = AgentStatus::Custom("training".parse().unwrap());
        for status in WORDS.map(|(_, status)| status).into_iter().chain([custom]) {
            assert_eq!(status.to_string().parse(), Ok(status.clone()));
            let json = serde_json::to_string(&status).unwrap();
            assert_eq!(serde_json::from_str::<AgentStatus>(&json).unwrap(), status);
        }
        let error = "lunch".parse::<AgentStatus>().unwrap_err().to_string();
        assert!(
            error.starts_with("`lunch` is not an agent's status: allowed are available, break")
        );
        assert!("custom:".parse::<AgentStatus>().is_err());
    }

    #[test]
    fn rte_10_what_follows_from_events_cannot_be_chosen() {
        let chosen = |word: &str| word.parse::<AgentStatus>().unwrap().is_chosen();
        for word in ["available", "break", "meal", "logged_out", "special_task", "custom:x"] {
            assert!(chosen(word), "{word}");
        }
        for word in ["in_call", "in_chat", "missed_call", "missed_chat", "unresponsive", "wrap_up"]
        {
            assert!(!chosen(word), "{word}");
        }
    }
}
