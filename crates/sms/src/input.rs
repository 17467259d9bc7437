use compact_str::CompactString;
use frontdesk_types::{
    AgentId, Event, Language, Media, PhoneNumber, QueueId, ReturnReason, SessionId, SupportNumber,
};

/// A text from the consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The provider's id of the message.
    pub provider_id: CompactString,
    /// What it says.
    pub body: String,
    /// Pictures and videos.
    pub media: Vec<Media>,
}

impl Text {
    /// A text without media.
    pub fn new(provider_id: &str, body: &str) -> Self {
        Self { provider_id: provider_id.into(), body: body.into(), media: Vec::new() }
    }
}

/// What a session begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: SessionId,
    /// Who wrote.
    pub consumer: PhoneNumber,
    /// To which number.
    pub support_number: SupportNumber,
    /// The menu node that the number belongs to (SMS-8).
    pub home: QueueId,
    /// The language to begin in.
    pub language: Language,
    /// Whether the greeting must carry the opt-in text (SMS-2).
    pub opt_in_text_due: bool,
}

/// What can happen to a session. Complete: a host can build and match every one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The assigned agent writes.
    AgentText {
        /// Who.
        agent: AgentId,
        /// What.
        body: String,
    },
    /// An agent takes the session.
    Assigned {
        /// Who.
        agent: AgentId,
    },
    /// The consumer writes (anything but STOP, START and HELP, which are decided before).
    ConsumerText(Text),
    /// The assigned agent ends the chat.
    EndedByAgent {
        /// Who.
        agent: AgentId,
    },
    /// A supervisor ends the chat.
    EndedBySupervisor,
    /// The consumer revoked consent; the text is kept for the transcript.
    OptedOut(Text),
    /// The assigned agent is gone, or gives the chat back.
    Returned {
        /// Why.
        reason: ReturnReason,
    },
    /// Nothing but time: fires what is due.
    TimePassed,
}

/// What a step led to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the events must be stored and acted upon"]
pub struct Step {
    /// What happened, in order. Timers that were due come first, also when the input was refused.
    pub events: Vec<Event>,
    /// Why the input itself changed nothing, if so.
    pub refused: Option<Refusal>,
}

/// Why an input changes nothing: the caller's mistake, or two who were at it at the same time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Another agent was faster.
    #[error("agent {by} has the session already")]
    AlreadyAssigned {
        /// Who has it.
        by: AgentId,
    },
    /// The message has no text.
    #[error("the message is empty")]
    EmptyMessage,
    /// The session is over. A text from the consumer starts another.
    #[error("the session has ended")]
    Ended,
    /// The session has no agent.
    #[error("no agent has the session")]
    NotAssigned,
    /// The session does not wait in a queue yet.
    #[error("the consumer is still choosing from the menu")]
    NotQueued,
    /// Only the agent who has the session may do this.
    #[error("the session is agent {assigned}'s")]
    NotYours {
        /// Who has it.
        assigned: AgentId,
    },
    /// The message is longer than providers take.
    #[error("the message has {found} characters, at most {max} are allowed")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        max: usize,
    },
}
