//! The outbox: what there is to do outside of the transaction that decided it.

use std::fmt;

use frontdesk_tendlc::ContentType;
use frontdesk_types::{Instant, Language, Media, MessageId, Provider, Purpose, QueueId, SessionId};
use serde::{Deserialize, Serialize};

use super::Line;

/// The store's number of a piece of work: rising in the order of commits.
pub type WorkId = u64;

/// Proof that a piece of work is the holder's to do, until another claims it after the lease's end.
pub type Lease = u64;

/// Something to do outside of the transaction that decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWork {
    /// The idempotency key.
    pub key: String,
    /// Work of one lane is done one after the other, in order.
    pub lane: String,
    /// What to do.
    pub task: Task,
    /// Not before this instant.
    pub not_before: Instant,
    /// What is done first of what is due.
    pub urgency: Urgency,
}

/// What is done first (DLC-6): a burst of notices holds no answer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody waits for it.
    #[default]
    Answer,
    /// A notice: when nothing that is more urgent is due.
    Notice,
}

/// What there is to do.
///
/// ```json
/// {"task":"send_text","id":"1042-1","line":{"consumer":"+12025550123","number":"+12025550100"},"purpose":"greeting","body":"Welcome"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Task {
    /// Begin the chat of a caller who goes on by text (SMS-31).
    BeginDeflected {
        /// The chat's session.
        chat: SessionId,
        /// The call's.
        call: SessionId,
        /// The caller, and the number of the chat.
        line: Line,
        /// Where the chat waits.
        queue: QueueId,
        /// Its language.
        language: Language,
    },
    /// Fetch the pictures and videos of a message (SMS-7).
    FetchMedia {
        /// The session that the message went to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        /// From whom, to which number.
        line: Line,
        /// The provider's id of the message.
        message: String,
        /// Whose id that is; `None` in work of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// Where they are.
        media: Vec<Media>,
    },
    /// Link the session with a contact (CRM-1).
    MatchContact {
        /// The session.
        session: SessionId,
    },
    /// Tell the CRM that an agent was connected (CRM-2).
    PostConnected {
        /// The session.
        session: SessionId,
    },
    /// Tell the CRM that the session ended, with its transcript (CRM-2).
    PostEnded {
        /// The session.
        session: SessionId,
    },
    /// Ask the virtual agent who has the session for its answer (SMS-28).
    VirtualTurn {
        /// The session.
        session: SessionId,
        /// The text to answer, by the provider's id; `None` is for the greeting.
        text: Option<String>,
        /// Whose id that is; `None` in work of before, and for the greeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
    },
    /// Send a text, if the gate allows it then.
    SendText {
        /// The message, and the idempotency key.
        id: MessageId,
        /// From the number, to the consumer.
        line: Line,
        /// What it is for.
        purpose: Purpose,
        /// What it says.
        body: String,
        /// What kind it is, where its purpose does not tell (DLC-4).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<ContentType>,
    },
}

/// A piece of work that the caller has the lease of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its number.
    pub id: WorkId,
    /// The lease.
    pub lease: Lease,
    /// How often it was tried before.
    pub attempts: u32,
    /// What it is.
    pub work: NewWork,
}

/// What became of a piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done: it leaves the outbox.
    Done,
    /// It waits for somebody's decision; its lane waits with it.
    Held,
    /// Given up; kept for an operator. Its lane goes on.
    Dead {
        /// Why, without texts or numbers.
        error: String,
    },
    /// Its time has not come; its lane waits with it. Not an attempt.
    Postponed {
        /// When it is looked at again.
        until: Instant,
    },
    /// To be tried again; its lane waits with it.
    Retry {
        /// When.
        at: Instant,
        /// Why, without texts or numbers.
        error: String,
    },
}

/// Where a piece of work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// Given up.
    Dead,
    /// Waits for a decision.
    Held,
    /// To be done.
    Pending,
}

/// A piece of work as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRow {
    /// Its number.
    pub id: WorkId,
    /// What it is.
    pub work: NewWork,
    /// Where it stands.
    pub state: WorkState,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub error: Option<String>,
}

impl fmt::Display for WorkState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dead => "dead",
            Self::Held => "held",
            Self::Pending => "pending",
        })
    }
}
