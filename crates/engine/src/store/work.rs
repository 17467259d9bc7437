//! The outbox: what there is to do outside of the transaction that decided it.

use std::fmt;

use chrono::TimeDelta;
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

/// The longest pause after an attempt that failed. Work that waits after a failure and is due later than this from now was
/// written by a clock that was ahead: it counts as due.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(45);
/// The same for work that was never tried: hosts' clocks differ by less.
pub const LONGEST_START: TimeDelta = TimeDelta::minutes(5);
/// The same for work that the gate holds: no rule looks farther ahead.
pub const LONGEST_HOLD: TimeDelta = TimeDelta::days(40);

/// What is done first (DLC-6): a burst of notices holds no answer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Urgency {
    /// The confirmation of a revocation: before everything else (SMS-11).
    Confirmation,
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
    /// Give a head of the ledger to an anchor (DLC-3).
    AnchorHead {
        /// The number of entries of the head.
        size: u64,
        /// The anchor's name.
        anchor: String,
    },
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
        /// The platform or a virtual agent sends it by itself: it counts against a limit (SMS-16).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<AutomaticText>,
        /// It has the opt-in text: the ledger gets it when it has left (SMS-2, DLC-3).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        opt_in_text: bool,
    },
}

/// How a text that nobody wrote counts (SMS-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutomaticText {
    /// What sends it.
    pub by: AutomaticSource,
    /// When it was counted, in seconds since the epoch. A text that leaves much later counts again, then; so does one that was not
    /// counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<i64>,
}

/// What sends a text by itself (SMS-16). Each has a limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomaticSource {
    /// The platform, in answer to a text.
    Platform,
    /// A virtual agent.
    VirtualAgent,
}

/// Work of one kind uses the same outside service and its own places: a slow service holds no other kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkKind {
    /// Heads of the ledger, to anchors.
    Anchor,
    /// Chats of callers who go on by text.
    Call,
    /// Contacts and posts of the CRM.
    Crm,
    /// Pictures and videos.
    Media,
    /// Texts to consumers.
    Text,
    /// Answers of virtual agents.
    VirtualAgent,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::VirtualAgent, Self::Call, Self::Media, Self::Crm, Self::Anchor];
}

impl Task {
    /// The kind of work that this is.
    pub fn kind(&self) -> WorkKind {
        match self {
            Self::AnchorHead { .. } => WorkKind::Anchor,
            Self::BeginDeflected { .. } => WorkKind::Call,
            Self::FetchMedia { .. } => WorkKind::Media,
            Self::MatchContact { .. } | Self::PostConnected { .. } | Self::PostEnded { .. } => {
                WorkKind::Crm
            }
            Self::VirtualTurn { .. } => WorkKind::VirtualAgent,
            Self::SendText { .. } => WorkKind::Text,
        }
    }
}

/// The reason why pending work is not due yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Waits {
    /// Nobody has tried it yet.
    #[default]
    Start,
    /// An attempt failed ([`Outcome::Retry`]): [`WorkStore::wake_work`](super::WorkStore::wake_work) makes it due.
    Failure,
    /// An attempt failed, or may have succeeded, and is not to be repeated earlier ([`Outcome::Pause`]).
    Pause,
    /// The gate holds it ([`Outcome::Postponed`]).
    Gate,
}

impl Waits {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Start, Self::Failure, Self::Pause, Self::Gate];

    /// The longest wait that a right clock writes. What is due later than that counts as due.
    pub fn longest(self) -> TimeDelta {
        match self {
            Self::Start => LONGEST_START,
            Self::Failure | Self::Pause => LONGEST_PAUSE,
            Self::Gate => LONGEST_HOLD,
        }
    }

    /// Whether work that is due at an instant may be claimed now.
    pub fn is_over(self, due: Instant, now: Instant) -> bool {
        due <= now || now.checked_add_signed(self.longest()).is_some_and(|latest| due > latest)
    }
}

/// Whether a lease has ended at `now`, by the end of one that would be given now: twice as far ahead, it was given by a clock
/// that was ahead.
pub fn lease_is_over(leased_until: Instant, now: Instant, until: Instant) -> bool {
    let longest = until.checked_add_signed(until - now);
    leased_until <= now || longest.is_some_and(|longest| leased_until > longest)
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
    /// Another had the lease and never told the end: its process is gone, or the lease is over. It may have done the work.
    pub interrupted: bool,
    /// What it is.
    pub work: NewWork,
}

/// What became of a piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done: it leaves the outbox.
    Done,
    /// It was tried earlier than it was due ([`WorkStore::wake_work`](super::WorkStore::wake_work)), and failed, or found no
    /// place. Not an attempt;
    /// it goes on waiting after a failure, and its lane with it.
    Early {
        /// Until then.
        at: Instant,
    },
    /// It waits for somebody's decision; its lane waits with it.
    Held,
    /// Given up; kept for an operator. Its lane goes on.
    Dead {
        /// Why, without texts or numbers.
        error: String,
    },
    /// The attempt failed and the service asked for a pause, or nobody knows whether it succeeded. To be tried again, and not
    /// earlier; its lane waits with it.
    Pause {
        /// When.
        at: Instant,
        /// Why, without texts or numbers.
        error: String,
    },
    /// Its time has not come; its lane waits with it. Not an attempt.
    Postponed {
        /// When it is looked at again.
        until: Instant,
    },
    /// The attempt failed. To be tried again, or earlier if it is woken; its lane waits with it.
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

impl Outcome {
    /// The reason why work with this outcome is not due yet; `None` if it does not wait for a time.
    pub fn waits(&self) -> Option<(Waits, Instant)> {
        match self {
            Self::Postponed { until } => Some((Waits::Gate, *until)),
            Self::Pause { at, .. } => Some((Waits::Pause, *at)),
            Self::Early { at } | Self::Retry { at, .. } => Some((Waits::Failure, *at)),
            Self::Done | Self::Held | Self::Dead { .. } => None,
        }
    }
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
