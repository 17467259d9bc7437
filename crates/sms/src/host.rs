//! What a program that takes part in chats implements (SMS-28).

use async_trait::async_trait;
use frontdesk_types::{Language, QueueId, SessionId};

use crate::VirtualReply;

/// Why a virtual agent has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VirtualAgentError {
    /// It will not have one, however often it is asked: people go on with the session.
    #[error("the virtual agent failed: {reason}")]
    Failed {
        /// Why, without texts or numbers.
        reason: String,
    },
    /// It may have one later.
    #[error("the virtual agent cannot be reached: {reason}")]
    Unavailable {
        /// Why, without texts or numbers.
        reason: String,
    },
}

/// Whose turn it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The consumer.
    Consumer,
    /// The virtual agent itself.
    VirtualAgent,
}

/// What a virtual agent answers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualTurn {
    /// The session: the same one asked about again is the same conversation.
    pub session: SessionId,
    /// Where the consumer is.
    pub queue: QueueId,
    /// The session's language.
    pub language: Language,
    /// What was said since the virtual agent has the session, in order; first what the consumer wrote
    /// before.
    pub said: Vec<(Speaker, String)>,
    /// The text to answer: what the consumer wrote last, or the choice that its number stands for. `None`
    /// when the session has just come: time for a greeting.
    pub text: Option<String>,
}

/// A program that takes part in chats like an agent: no pictures, buttons as numbered lists, and it hands
/// over to people or ends. Asked at least once for every text, one text at a time per session.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait VirtualAgent: std::fmt::Debug + Send + Sync {
    /// Answers.
    async fn reply(&self, turn: VirtualTurn) -> Result<VirtualReply, VirtualAgentError>;
}
