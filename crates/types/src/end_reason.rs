use serde::{Deserialize, Serialize};

/// Why a session ended (SMS-18). Every session ends with exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndReason {
    /// The consumer left before being helped.
    Abandoned,
    /// The queue was closed; the after-hours message was sent.
    AfterHours,
    /// A supervisor ended it.
    EndedBySupervisor,
    /// The agent wrote last and the consumer stayed silent for the chat timeout.
    EndUserStopped,
    /// Queued and never assigned for the expiration time (SMS-19).
    Expired,
    /// The menu was left unanswered.
    ExpiredMenuSelection,
    /// Something made it impossible to go on: no valid menu choice after the allowed tries and no
    /// fallback queue (SMS-4), for example.
    Failed,
    /// The agent finished it.
    FinishedByAgent,
    /// The consumer finished it, with EXIT (SMS-14).
    FinishedByConsumer,
    /// The consumer opted out (SMS-11).
    OptedOut,
    /// The agent never wrote within the chat timeout.
    TimeoutAgentNoMessage,
    /// The consumer wrote last and the agent stayed silent for the chat timeout.
    TimeoutAgentStopped,
    /// The consumer never wrote since the assignment, for the chat timeout.
    TimeoutEndUserNoMessage,
    // From here on in the order in which they came: the stored form of a session counts the variants.
    /// Too many waited, and the consumer was sent elsewhere.
    OverCapacity,
    /// The queue is no longer there, and nothing stands in for it.
    QueueDeleted,
    /// A caller went on by text (SMS-31).
    DeflectedToText,
    /// The consumer does not want the scheduled call any more (HRS-10).
    Cancelled,
}

impl EndReason {
    /// The source platform's fail code (SMS-18), where the end counts as a failure: 0 is none.
    pub fn fail_code(self) -> u32 {
        match self {
            Self::FinishedByAgent
            | Self::FinishedByConsumer
            | Self::EndedBySupervisor
            | Self::DeflectedToText
            | Self::Cancelled => 0,
            Self::Abandoned | Self::Failed => 1,
            Self::EndUserStopped
            | Self::TimeoutAgentNoMessage
            | Self::TimeoutAgentStopped
            | Self::TimeoutEndUserNoMessage => 2,
            Self::Expired => 3,
            Self::AfterHours => 4,
            Self::ExpiredMenuSelection => 31,
            Self::OptedOut => 41,
            Self::OverCapacity => 50001,
            Self::QueueDeleted => 60001,
        }
    }

    /// The source platform's word for the fail code.
    pub fn fail_reason(self) -> &'static str {
        match self.fail_code() {
            0 => "nothing",
            2 => "no_response",
            3 => "expired",
            4 => "after_hours",
            31 => "expired_menu_selection",
            41 => "end_user_opt_out",
            50001 => "over_cap_email",
            60001 => "group_deleted_no_substitute",
            _ => "unknown",
        }
    }

    /// The reason in words, as a transcript or a list shows it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Abandoned => "abandoned",
            Self::AfterHours => "deflected (after hours)",
            Self::Cancelled => "cancelled",
            Self::DeflectedToText => "deflected (to text)",
            Self::EndedBySupervisor => "ended by supervisor",
            Self::EndUserStopped => "end user stopped",
            Self::Expired => "expired",
            Self::ExpiredMenuSelection => "menu left unanswered",
            Self::Failed => "failed",
            Self::FinishedByAgent => "finished by agent",
            Self::FinishedByConsumer => "finished by consumer",
            Self::OptedOut => "opted out",
            Self::OverCapacity => "deflected (over capacity)",
            Self::QueueDeleted => "queue deleted",
            Self::TimeoutAgentNoMessage => "timeout agent no message",
            Self::TimeoutAgentStopped => "timeout agent stopped",
            Self::TimeoutEndUserNoMessage => "timeout end user no message",
        }
    }
}
