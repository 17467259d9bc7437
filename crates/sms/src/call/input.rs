use frontdesk_types::{
    AgentId, Alternative, CallId, Channel, HungUp, Key, Language, MessageId, PhoneNumber, QueueId,
    SessionId, SupportNumber,
};

use chrono::TimeDelta;
use compact_str::CompactString;

use super::{CallSlot, Question};
use crate::{Automatic, Text};

/// What a call begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOpening {
    /// Its session: an agent can read it out, like a chat's.
    pub id: SessionId,
    /// The telephony's id of it.
    pub call: CallId,
    /// Who calls.
    pub consumer: PhoneNumber,
    /// The number that texts beside the call come from and go to. No number of chats (SMS-8).
    pub number: SupportNumber,
    /// The language of the call.
    pub language: Language,
    /// Whether the caller's number can receive texts.
    pub takes_texts: bool,
    /// Whether they have left a voice message that nobody has heard yet: one is enough, where so set (RTE-13).
    pub has_voicemail: bool,
    /// Where it came in: through the phone menu, an app, or a page.
    pub entry_point: Channel,
}

/// What can happen to a call. Complete: a host can build and match every one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallInput {
    /// The consumer has written on the number of the chat that they were promised: the text has arrived, whatever is
    /// reported of it (SMS-31).
    Answered {
        /// The queue of the chat.
        queue: QueueId,
        /// The number that they have written to.
        number: SupportNumber,
        /// The session of the chat.
        chat: SessionId,
    },
    /// The agent who has the call writes (SMS-30).
    AgentText {
        /// Who.
        agent: AgentId,
        /// What.
        body: String,
        /// The caller has told the agent that they may be texted; needed once, where no consent is on
        /// record.
        agreed: bool,
    },
    /// The agent who has the call sends the link of the app (SMS-35).
    AppLink {
        /// Who.
        agent: AgentId,
        /// As in `AgentText`.
        agreed: bool,
    },
    /// The app reports back (SMS-35).
    AppOpened,
    /// An agent has the call now, instead of the one who had it.
    Connected {
        /// Who.
        agent: AgentId,
    },
    /// The consumer does not want the scheduled call any more (HRS-10).
    Cancelled,
    /// The host's clock was set back. Every input notices it; this one says by how much.
    ClockSetBack {
        /// So much; at least 0.
        by: TimeDelta,
    },
    /// The caller texts or sends something, or their phone does so by itself (SMS-16).
    ConsumerText(Text, Option<Automatic>),
    /// A text has reached the caller's device, or never will.
    Delivery {
        /// Which.
        id: MessageId,
        /// It has.
        arrived: bool,
        /// The session of a chat that may begin with it.
        chat: SessionId,
    },
    /// The call is over. Who is to be called back and hangs up keeps their place: nothing changes.
    Ended {
        /// Who hung up.
        by: HungUp,
    },
    /// A supervisor clears it.
    EndedBySupervisor,
    /// The caller presses a key.
    KeyPressed {
        /// The question that they heard.
        question: Question,
        /// Which.
        key: Key,
    },
    /// The caller waits in a queue, or in another one.
    Queued {
        /// Which.
        queue: QueueId,
    },
    /// Who is to be called back calls again: the same session, at its place.
    Returned {
        /// The telephony's id of the new call.
        call: CallId,
    },
    /// The consumer is to be called at a time that they chose: before anything else happens to the call (HRS-10).
    Scheduled {
        /// By whom.
        queue: QueueId,
        /// When.
        slot: CallSlot,
    },
    /// Nothing but time: fires what is due.
    TimePassed,
    /// The telephony has another estimate of the wait.
    WaitEstimated {
        /// In minutes; `None` when it is unknown.
        minutes: Option<u32>,
    },
}

/// What a call needs to know of matters that are not its own, at the instant of the step.
pub trait CallView {
    /// Whether a chat of this caller may begin in the queue: open now, with an agent assigned, no chat under
    /// way on the number, the caller not on its do-not-contact list (SMS-31).
    fn takes_chat(&self, queue: &QueueId, number: SupportNumber) -> bool;

    /// Whether a chat that was promised on the number may still begin: the caller has not opted out of it, and no other
    /// chat is under way there.
    fn may_go_on_at(&self, number: SupportNumber) -> bool;

    /// What becomes of callers who come to a queue now, as its hours are (HRS-5 to HRS-7).
    fn arrival(&self, queue: &QueueId, entry_point: Channel) -> CallArrival;

    /// What is known of the caller's consent to texts of the call's number.
    fn consent(&self) -> TextConsent;
}

/// What becomes of callers who come to a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallArrival {
    /// It is closed.
    Closed {
        /// What is offered instead; nothing, where they are only told. More than one where an app or a page asks them.
        offers: Vec<Alternative>,
        /// The holiday that it is closed for, if it is one.
        holiday: Option<CompactString>,
    },
    /// They wait in this queue instead; it is open.
    Elsewhere(QueueId),
    /// They wait there.
    Here,
}

/// What is known of a caller's consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextConsent {
    /// They are on the do-not-contact list.
    pub opted_out: bool,
    /// They have agreed, in whatever way.
    pub given: bool,
    /// They have yet to be told about rates, HELP and STOP (SMS-2).
    pub opt_in_text_due: bool,
}
