use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_types::{
    AgentId, Event, Fact, Key, Language, Media, Needs, PhoneNumber, Provider, QueueId,
    ReturnReason, SessionId, SessionType, SupportNumber, TransferFailure, TransferTarget,
};

use crate::Automatic;

/// A text from the consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Who handed it over, where that is known.
    pub provider: Option<Provider>,
    /// The provider's id of the message.
    pub provider_id: CompactString,
    /// What it says.
    pub body: String,
    /// Pictures and videos.
    pub media: Vec<Media>,
}

impl Text {
    /// A text without media, from a provider that has no name here.
    pub fn new(provider_id: &str, body: &str) -> Self {
        let (provider_id, body) = (provider_id.into(), body.into());
        Self { provider: None, provider_id, body, media: Vec::new() }
    }

    /// The event that it came.
    pub fn into_fact(self, automatic: Option<Automatic>) -> Fact {
        let Self { provider, provider_id, body, media } = self;
        let automatic = automatic.map(|automatic| automatic.word().into());
        Fact::InboundMessage { provider_id, provider, body, media, automatic }
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
    /// How it begins (SMS-37).
    pub session_type: SessionType,
    /// The ticket of the CRM that it is about (SMS-33).
    pub ticket: Option<CompactString>,
}

/// The text that the center begins a session with (SMS-32, SMS-33).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outreach {
    /// Whose session it is at once; without one, the answer enters the menu of the number.
    pub agent: Option<AgentId>,
    /// What it says; the opt-in text is added where it is due.
    pub body: String,
}

/// What a virtual agent answers (SMS-28).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualReply {
    /// Its texts, in order; perhaps none.
    pub messages: Vec<VirtualMessage>,
    /// What happens then.
    pub then: AfterReply,
}

/// A text of a virtual agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualMessage {
    /// What it says.
    pub text: String,
    /// What may be chosen: becomes a numbered list below the text.
    pub buttons: Vec<String>,
}

/// What a virtual agent does after its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterReply {
    /// The session is over.
    End,
    /// People go on with it.
    HandOver {
        /// Where it waits for them.
        queue: QueueId,
    },
    /// It waits for what the consumer says.
    Wait,
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
    /// A phone, app or carrier wrote by itself (SMS-16). The text is kept and shown. It is no reply to a menu, no answer for
    /// any timer, and resumes nothing.
    AutomaticText(Text, Automatic),
    /// The agent has the chat before them no longer.
    ChatClosed {
        /// Who.
        agent: AgentId,
    },
    /// The agent has the chat before them: it is not dismissed by itself (SMS-21).
    ChatOpened {
        /// Who.
        agent: AgentId,
    },
    /// The host's clock was set back. Every input notices it; this one says by how much.
    ClockSetBack {
        /// So much; at least 0.
        by: TimeDelta,
    },
    /// The consumer wrote a command that is answered outside of the session: HELP, START (SMS-12, SMS-13). The text is
    /// kept and counts for timers like any other; where the session stands does not change.
    Command(Text),
    /// The consumer writes (anything but STOP, START and HELP, which are decided before).
    ConsumerText(Text),
    /// The assigned agent puts the chat aside (SMS-21).
    Dismissed {
        /// Who.
        agent: AgentId,
    },
    /// The assigned agent ends the chat.
    EndedByAgent {
        /// Who.
        agent: AgentId,
    },
    /// A supervisor ends the chat.
    EndedBySupervisor,
    /// How urgent the session is, and what its agent must be able to do, is set for it alone (RTE-18).
    NeedsChanged {
        /// What it needs from now on; empty is what its queue asks for.
        needs: Needs,
    },
    /// The consumer revoked consent; the text is kept for the transcript.
    OptedOut(Text),
    /// The consumer may not be texted any more, and no text of theirs said so: the carrier has refused, or consent was
    /// revoked elsewhere.
    OptedOutElsewhere,
    /// A dismissed session is to go on without the consumer having written (SMS-21).
    Resumed,
    /// The assigned agent is gone, or gives the chat back.
    Returned {
        /// Why.
        reason: ReturnReason,
    },
    /// Nothing but time: fires what is due.
    TimePassed,
    /// The assigned agent wants somebody else to have it (SMS-27).
    Transfer {
        /// Who.
        agent: AgentId,
        /// To whom.
        to: TransferTarget,
    },
    /// Nobody will take the session that is being transferred.
    TransferFailed {
        /// Why.
        reason: TransferFailure,
    },
    /// The virtual agent that has the session answers (SMS-28).
    VirtualReply {
        /// Who.
        agent: AgentId,
        /// What.
        reply: VirtualReply,
    },
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
    /// It is being transferred already.
    #[error("the session is being transferred already")]
    AlreadyTransferring,
    /// The caller has yet to agree to be texted (SMS-30).
    #[error("no consent of the caller is on record: ask them, and say that they agreed")]
    ConsentNeeded,
    /// The message has no text.
    #[error("the message is empty")]
    EmptyMessage,
    /// The session is over. A text from the consumer starts another.
    #[error("the session has ended")]
    Ended,
    /// The caller has hung up.
    #[error("the caller has hung up")]
    HungUp,
    /// The app has no link, or the caller has not got it (SMS-35).
    #[error("there is no link of the app, or the caller has not got it")]
    NoAppLink,
    /// There is no such queue of the phone menu.
    #[error("there is no queue `{queue}` in the phone menu")]
    NoSuchCallQueue {
        /// The queue.
        queue: QueueId,
    },
    /// The key means nothing here.
    #[error("key {key} has no meaning here; allowed: {allowed}")]
    NoSuchKey {
        /// The key.
        key: Key,
        /// The keys that answer the question.
        allowed: String,
    },
    /// There is no such queue to transfer to, or none that consumers wait in, or it is closed to transfers.
    #[error("sessions cannot be transferred to queue `{queue}`")]
    NoSuchQueue {
        /// The queue.
        queue: QueueId,
    },
    /// The caller's number cannot receive texts.
    #[error("the caller's number cannot receive texts")]
    NoTexts,
    /// The session is a chat.
    #[error("the session is a chat, not a call")]
    NotACall,
    /// The session is a call.
    #[error("the session is a call, not a chat")]
    NotAChat,
    /// The session has no agent.
    #[error("no agent has the session")]
    NotAssigned,
    /// The call has no agent yet.
    #[error("the call is not connected")]
    NotConnected,
    /// The session is not dismissed.
    #[error("the session is not dismissed")]
    NotDismissed,
    /// The session cannot be dismissed now (SMS-21).
    #[error("the session cannot be dismissed: {why}")]
    NotDismissible {
        /// Why.
        why: NotDismissible,
    },
    /// The session does not wait in a queue yet.
    #[error("the consumer is still choosing from the menu")]
    NotQueued,
    /// The call is not one that is to be made at a time of the consumer's choice, or it has been made (HRS-10).
    #[error("the call is not a scheduled one, or it has been made")]
    NotScheduled,
    /// The session is not being transferred.
    #[error("the session is not being transferred")]
    NotTransferring,
    /// The caller has no question before them.
    #[error("the caller is not asked anything now")]
    NothingAsked,
    /// The caller does not wait in a queue.
    #[error("the caller does not wait in a queue")]
    NotWaiting,
    /// Only a virtual agent may do this.
    #[error("agent {agent} is not a virtual agent")]
    NotVirtual {
        /// Who tried.
        agent: AgentId,
    },
    /// Only the agent who has the session may do this.
    #[error("the session is agent {assigned}'s")]
    NotYours {
        /// Who has it.
        assigned: AgentId,
    },
    /// The consumer is on the do-not-contact list.
    #[error("the consumer has opted out: do not contact")]
    OptedOut,
    /// The queue to transfer to is closed, and nobody is there to take the session (HRS-11).
    #[error("queue `{queue}` is closed: nobody is there to take the session")]
    ClosedQueue {
        /// Which.
        queue: QueueId,
    },
    /// The session's queue is closed; the consumer has been told (SMS-21).
    #[error("the session's queue is closed")]
    OutOfHours,
    /// The session has been transferred as often as allowed (SMS-27).
    #[error("the session has been transferred {limit} times, the limit{}", last_transfer(.last_to.as_ref()))]
    TransferLimit {
        /// The limit.
        limit: u8,
        /// One last transfer may go here.
        last_to: Option<QueueId>,
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

fn last_transfer(queue: Option<&QueueId>) -> String {
    queue.map_or_else(String::new, |queue| format!("; one last transfer may go to `{queue}`"))
}

/// Why a session cannot be dismissed (SMS-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDismissible {
    /// Both sides must have written.
    #[error("the agent has not written yet")]
    AgentSilent,
    /// After a dismissal, only when the consumer has written again.
    #[error("the consumer has not written since the last dismissal")]
    ConsumerSilent,
    /// The center began it.
    #[error("sessions that began with a text of ours are not dismissed")]
    Outbound,
    /// Somebody is asked to take it.
    #[error("it is being transferred")]
    Transferring,
}
