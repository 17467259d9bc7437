use compact_str::CompactString;
use frontdesk_types::{AgentId, EndReason, Instant, QueueId, TransferTarget};
use serde::{Deserialize, Serialize};

use crate::stored;

/// Where a session stands, and what belongs to that. The stored form counts the variants: new ones go to
/// the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// The center wrote first; the answer enters the menu (SMS-33).
    Invited {
        #[serde(with = "stored::millis")]
        deadline: Instant,
    },
    /// The consumer chooses from the options of a node.
    Selecting {
        node: QueueId,
        tries: u8,
        #[serde(with = "stored::millis")]
        deadline: Instant,
    },
    Queued {
        queue: QueueId,
        #[serde(with = "stored::millis")]
        since: Instant,
        #[serde(with = "stored::optional_millis")]
        deadline: Option<Instant>,
        /// What there was of a chat before the session came back to the queue.
        chat: Option<Chat>,
    },
    Assigned(Held),
    /// The agent has it still; somebody else is asked to take it (SMS-27).
    Transferring {
        held: Held,
        to: TransferTarget,
        /// The arrival in the other queue, or at the other agent.
        #[serde(with = "stored::millis")]
        since: Instant,
        #[serde(with = "stored::millis")]
        deadline: Instant,
    },
    /// Put aside until the consumer writes again (SMS-21).
    Dismissed {
        queue: QueueId,
        by_virtual: bool,
        #[serde(with = "stored::optional_millis")]
        deadline: Option<Instant>,
        chat: Chat,
    },
    Ended {
        reason: EndReason,
    },
}

impl Stage {
    /// What an agent has in hand.
    pub(crate) fn held(&self) -> Option<&Held> {
        match self {
            Self::Assigned(held) | Self::Transferring { held, .. } => Some(held),
            _ => None,
        }
    }

    /// When it first arrived in its queue, in the session's own time.
    pub(crate) fn arrival(&self) -> Option<Instant> {
        match self {
            Self::Queued { since, .. }
            | Self::Transferring { since, to: TransferTarget::Queue(_), .. } => Some(*since),
            Self::Assigned(held) | Self::Transferring { held, .. } => Some(held.since),
            Self::Invited { .. }
            | Self::Selecting { .. }
            | Self::Dismissed { .. }
            | Self::Ended { .. } => None,
        }
    }

    pub(crate) fn held_mut(&mut self) -> Option<&mut Held> {
        match self {
            Self::Assigned(held) | Self::Transferring { held, .. } => Some(held),
            _ => None,
        }
    }
}

/// How often a reply has matched nothing in a menu, and whether the menu is the fallback: one stored byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries(pub(crate) u8);

impl Tries {
    const FELL_BACK: u8 = 1 << 7;

    /// None yet, in the fallback menu.
    pub(crate) const IN_FALLBACK: Self = Self(Self::FELL_BACK);

    /// How many.
    pub(crate) fn made(self) -> u8 {
        self.0 & !Self::FELL_BACK
    }

    /// Whether earlier tries led to this menu.
    pub(crate) fn fell_back(self) -> bool {
        self.0 & Self::FELL_BACK != 0
    }

    /// So many, in the same menu.
    pub(crate) fn with_made(self, made: u8) -> Self {
        Self(self.0 & Self::FELL_BACK | made & !Self::FELL_BACK)
    }
}

/// A session in the hands of an agent, with the timers that run there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) queue: QueueId,
    /// The original arrival in the queue (RTE-16).
    #[serde(with = "stored::millis")]
    pub(crate) since: Instant,
    pub(crate) agent: AgentId,
    pub(crate) chat: Chat,
    /// The chat timeout (SMS-20).
    #[serde(with = "stored::optional_millis")]
    pub(crate) timeout: Option<Instant>,
    /// When the chat is dismissed, unless somebody writes (SMS-21).
    #[serde(with = "stored::optional_millis")]
    pub(crate) dismissal: Option<Instant>,
    /// When the consumer is warned of that (SMS-22).
    #[serde(with = "stored::optional_millis")]
    pub(crate) warning: Option<Instant>,
    /// By when the consumer should have an answer (SMS-24).
    #[serde(with = "stored::optional_millis")]
    pub(crate) response: Option<Instant>,
    /// The agent has it open: it is not dismissed by itself.
    pub(crate) open: bool,
    /// What a virtual agent offered to choose from (SMS-28).
    pub(crate) choices: Vec<CompactString>,
}

/// Who has written since the assignment: decides the reason of a chat timeout (SMS-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub(crate) agent_wrote: bool,
    pub(crate) consumer_wrote: bool,
    pub(crate) last_was_agent: bool,
}

impl Chat {
    /// The agent never wrote; else the consumer never wrote since the assignment; else who wrote last.
    pub(crate) fn timeout_reason(self) -> EndReason {
        if !self.agent_wrote {
            EndReason::TimeoutAgentNoMessage
        } else if !self.consumer_wrote {
            EndReason::TimeoutEndUserNoMessage
        } else if self.last_was_agent {
            EndReason::EndUserStopped
        } else {
            EndReason::TimeoutAgentStopped
        }
    }

    pub(crate) fn consumer_wrote(&mut self) {
        self.consumer_wrote = true;
        self.last_was_agent = false;
    }
}
