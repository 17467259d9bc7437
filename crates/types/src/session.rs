//! The words of a session's life that events and requests share (SMS-18, SMS-21, SMS-27, SMS-37).

use serde::{Deserialize, Serialize};

use crate::{AgentId, QueueId, SkillId};

/// How a consumer got to a menu node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MenuStep {
    /// With BACK (SMS-14).
    Back,
    /// With a queue's keyword.
    Keyword,
    /// With the option's text.
    Name,
    /// With the option's number.
    Number,
    /// The only visible child of its parent: walked through silently (SMS-3).
    OnlyChild,
    /// After too many replies that matched nothing (SMS-4).
    Fallback,
}

/// Why a session went back to its queue (RTE-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReturnReason {
    /// The agent logged out.
    LoggedOut,
    /// The agent is no longer in the configuration, or no longer serves the queue.
    Removed,
    /// The agent gave the session back.
    Returned,
    /// The agent's desk did not answer any more (RTE-10).
    Unresponsive,
}

/// How a session began (SMS-37).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionType {
    /// The consumer texted a support number.
    #[default]
    Inbound,
    /// The consumer texted a number that is one agent's or one queue's own.
    InboundDirect,
    /// An agent texted the consumer (SMS-32).
    Outbound,
    /// A program texted the consumer (SMS-33).
    OutboundApi,
    /// An agent texted from a number that is their own.
    OutboundDirect,
    /// A program texted from a number that is an agent's or a queue's own.
    OutboundDirectApi,
}

impl SessionType {
    /// Whether it is the ordinary kind.
    pub fn is_inbound(&self) -> bool {
        *self == Self::Inbound
    }

    /// Whether the consumer wrote first: only such a session expires unanswered, and is dismissed (SMS-32).
    pub fn is_from_consumer(self) -> bool {
        matches!(self, Self::Inbound | Self::InboundDirect)
    }

    /// As reports and CRMs name it (SMS-37).
    pub fn words(self) -> &'static str {
        match self {
            Self::Inbound => "Messaging Inbound (SMS)",
            Self::InboundDirect => "Messaging Inbound (SMS Direct)",
            Self::Outbound => "Messaging Outbound (SMS)",
            Self::OutboundApi => "Messaging Outbound (SMS via API)",
            Self::OutboundDirect => "Messaging Outbound (SMS Direct)",
            Self::OutboundDirectApi => "Messaging Outbound (SMS Direct via API)",
        }
    }
}

/// What a session needs beside what its queue asks for (RTE-18).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Needs {
    /// How urgent it is, 0 to [`Needs::MOST_URGENT`], instead of the queue's priority; `None` leaves that.
    #[serde(default)]
    pub priority: Option<u8>,
    /// What its agent must be able to do, besides what the queue and its language ask for.
    #[serde(default)]
    pub skills: Vec<SkillId>,
}

impl Needs {
    /// The highest priority.
    pub const MOST_URGENT: u8 = 10;

    /// Nothing of its own.
    pub fn is_empty(&self) -> bool {
        self.priority.is_none() && self.skills.is_empty()
    }
}

/// To whom a session is transferred (SMS-27).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferTarget {
    /// To one agent.
    Agent(AgentId),
    /// To whoever of a queue takes it.
    Queue(QueueId),
}

impl TransferTarget {
    /// The queue, where it is one.
    pub fn queue(&self) -> Option<&QueueId> {
        match self {
            Self::Agent(_) => None,
            Self::Queue(queue) => Some(queue),
        }
    }
}

/// Why a transfer came to nothing (SMS-27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransferFailure {
    /// The agent who has the session took it back.
    Cancelled,
    /// The agent asked for declined.
    Declined,
    /// The session may not be transferred again.
    Limit,
    /// Nobody took it in time.
    TimedOut,
    /// Who was asked is not there.
    Unavailable,
}

/// Who or what dismissed a session (SMS-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DismissedBy {
    /// The agent.
    Agent,
    /// Nobody wrote for long enough.
    Inactivity,
}

/// Who made a dismissed session go on (SMS-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResumedBy {
    /// A call of the API.
    Api,
    /// The consumer, by writing.
    Consumer,
}
