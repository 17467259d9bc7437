//! What the engine keeps, and where: the traits that a database implements, and the records that pass
//! through them.

#[cfg(doc)]
use frontdesk_tendlc::Link;
use frontdesk_tendlc::{Appended, Programme};
use frontdesk_types::{
    AgentId, AgentStatus, EndReason, Event, Instant, Language, MessageId, Needs, PhoneNumber,
    QueueId, SessionId, SupportNumber,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[cfg(feature = "conformance")]
pub mod conformance;
mod consumer;
mod histories;
mod host;
mod inbox;
mod memory;
mod seals;
mod work;

pub use consumer::{CarrierAnswer, Consumer, Solicitation};
pub use histories::{ConsumerHistories, HistoryQuery};
pub use host::{LedgerStore, SessionStore, SlotStore, Store, StoreError, WorkStore};
pub use inbox::{InboxMark, Source};
pub use memory::MemoryStore;
pub use seals::{EntryMark, Seal, SealWrite, SealedEntry, Unsealed};
pub use work::{
    AutomaticSource, AutomaticText, LONGEST_HOLD, LONGEST_PAUSE, LONGEST_START, Lease, NewWork,
    Outcome, Task, Urgency, Waits, Work, WorkId, WorkKind, WorkRow, WorkState, lease_is_over,
};

/// One consumer and one of the center's numbers: what consent and sessions are about (SMS-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// Who texts.
    pub consumer: PhoneNumber,
    /// To which number.
    pub number: SupportNumber,
}

/// How often a stored value has been written. 0 is a value that is not stored yet.
pub type Version = u64;

/// What is remembered of a consumer on one number, between and across sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The consumer has been told that a queue is closed, until this instant (HRS-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_closed_until: Option<Instant>,
    /// When automatic texts of the platform left in the last hour, in seconds since the epoch (SMS-16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub automatic: Vec<i64>,
    /// When texts of virtual agents left in the last hour, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_programs: Vec<i64>,
    /// Who had the consumer last, and when that ended (RTE-17). Kept where a returning consumer may go to
    /// them first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<(AgentId, Instant)>,
    /// A caller has agreed to go on by text here, and the chat has not begun (SMS-31).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<PromisedChat>,
    /// The last answer to a HELP of a consumer who had opted out (SMS-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helped: Option<Helped>,
    /// The last message to the consumer asks for their opt-in, and they have not answered (SMS-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_in_asked: Option<MessageId>,
}

impl Memory {
    /// The answer to HELP that may leave although the consumer has opted out (SMS-13).
    pub fn help_answer(&self) -> Option<&MessageId> {
        self.helped.as_ref().and_then(|helped| helped.answer.as_ref())
    }
}

/// The answer to a HELP of a consumer who had opted out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helped {
    /// When it was asked for, and once it leaves, when that began: the next one is a day later.
    pub at: Instant,
    /// The message, which may leave; `None` once the consumer has revoked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<MessageId>,
    /// How far it has come.
    #[serde(default)]
    pub state: HelpAnswer,
}

/// How far the answer to a HELP of a consumer who had opted out has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpAnswer {
    /// It is refused, withheld, or failed for good: the next HELP is answered.
    Failed,
    /// It has left, or may have: it does not leave again.
    Left,
    /// It may leave.
    #[default]
    Waiting,
}

/// The chat that a caller has agreed to go on in. It begins when the text that says so is delivered, or when the
/// consumer writes, which proves the delivery (SMS-31).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromisedChat {
    /// The session of the call.
    pub call: SessionId,
    /// The session that the chat will have.
    pub chat: SessionId,
    /// The queue that it will wait in.
    pub queue: QueueId,
    /// The language.
    pub language: Language,
    /// When the caller agreed.
    pub at: Instant,
}

/// A session as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its version.
    pub version: Version,
    /// The machine's state, in its stored form.
    pub state: Vec<u8>,
}

/// What a text needs to be handled: read in one go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// What is known of the consumer and the line.
    pub known: Known,
    /// The session that is open, if one is.
    pub session: Option<StoredSession>,
}

/// What is known of a consumer, and of them on one number, with the versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Whichever number.
    pub consumer: (Version, Consumer),
    /// On that number.
    pub memory: (Version, Memory),
}

/// A session as lists show it, and as the router needs it after a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Consumer and number.
    pub line: Line,
    /// The word of the API (SMS-18).
    pub status: Box<str>,
    /// Where it waits or was taken from.
    pub queue: Option<QueueId>,
    /// Who has it, or had it last.
    pub agent: Option<AgentId>,
    /// Its language.
    pub language: Language,
    /// When it began.
    pub started: Instant,
    /// Its original arrival in the queue.
    pub waiting_since: Option<Instant>,
    /// When and why it ended.
    pub ended: Option<(Instant, EndReason)>,
    /// When it must be called next.
    pub deadline: Option<Instant>,
    /// What was set for it alone (RTE-18).
    pub needs: Option<Needs>,
}

/// What a record of events is about; nothing is the center itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subject {
    /// A session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// Consumer and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
}

/// The events of one step, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The place in the center's log, rising; 0 for what is told but not stored, such as offers.
    pub position: u64,
    /// What they are about.
    pub subject: Subject,
    /// What happened.
    pub events: Vec<Event>,
}

/// Writes of one step: all of them happen, or none.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// Marks an inbound message as taken. If it was already, nothing is written.
    pub inbox: Option<InboxMark>,
    /// The session after the step.
    pub session: Option<SessionWrite>,
    /// What is remembered of the consumer on a number.
    pub memory: Option<MemoryWrite>,
    /// What is known of consumers, and their ledgers.
    pub consumers: Vec<ConsumerWrite>,
    /// Entries of the ledger that get their places in the center's sequence.
    pub seals: Option<SealWrite>,
    /// What agents do.
    pub statuses: Vec<(AgentId, AgentState)>,
    /// What happened; nothing is stored for a record without events.
    pub record: Option<(Subject, Vec<Event>)>,
    /// Work for the outbox, in order. A key that is there already is left as it is.
    pub work: Vec<NewWork>,
    /// What became of a piece of work that the committer holds the lease of.
    pub finished: Option<(WorkId, Lease, Outcome)>,
    /// A duty that must still be the committer's.
    pub duty: Option<(String, Fence)>,
    /// Small things by kind and key: the blocklist, counters.
    pub items: Vec<ItemWrite>,
    /// Places of scheduled calls (HRS-10).
    pub slots: Vec<SlotWrite>,
    /// Lanes whose work is due now, if it is the gate that holds it ([`Waits::Gate`]).
    pub recheck: Vec<String>,
}

/// A place in a slot for scheduled calls: taken for a session, or given back (HRS-10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotWrite {
    /// The queue whose slot it is.
    pub queue: QueueId,
    /// When the slot begins.
    pub from: Instant,
    /// The scheduled call.
    pub session: SessionId,
    /// Whether the place is taken or given back.
    pub change: SlotChange,
}

/// What becomes of a place in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotChange {
    /// It is given back; nothing, if the session has none.
    Freed,
    /// It is taken, if there is one: else nothing of the commit happens ([`StoreError::SlotFull`]). A session that has one
    /// keeps it.
    Taken {
        /// How many there are.
        places: u32,
    },
}

/// What an agent does, as it is kept over a restart (RTE-10, RTE-11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentState {
    /// What was chosen, or set for missing offers.
    pub status: AgentStatus,
    /// The end of a wrap-up.
    pub wrap_up: Option<Instant>,
}

/// A small thing to write, or to take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemWrite {
    /// Its kind: `blocked`, `outreach` …
    pub kind: &'static str,
    /// Which of its kind.
    pub key: String,
    /// The version that was read; 0 if it was not there. Another one in the store is a conflict.
    pub expected: Version,
    /// What it is from now on; `None` takes it away.
    pub value: Option<Vec<u8>>,
}

/// A small thing as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which of its kind.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// What it is.
    pub value: Vec<u8>,
}

impl ItemWrite {
    /// A thing that is written as JSON.
    pub(crate) fn json(
        kind: &'static str,
        key: String,
        expected: Version,
        value: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let value = Some(serde_json::to_vec(value).map_err(StoreError::backend)?);
        Ok(Self { kind, key, expected, value })
    }
}

impl Item {
    /// Reads a thing that was written as JSON.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_slice(&self.value).map_err(StoreError::backend)
    }
}

/// How often a duty has changed hands: rises, so that whoever has lost a duty without knowing is refused.
pub type Fence = u64;

/// A session to write.
#[derive(Debug, Clone)]
pub struct SessionWrite {
    /// The version that was read; 0 for a new session. Another one in the store is a conflict, and so is
    /// a second open session on the line.
    pub expected: Version,
    /// The machine's stored form; never empty.
    pub state: Vec<u8>,
    /// What lists show.
    pub row: SessionRow,
}

/// What to remember of a consumer on a number.
#[derive(Debug, Clone)]
pub struct MemoryWrite {
    /// Whom.
    pub line: Line,
    /// The version that was read. Another one in the store is a conflict.
    pub expected: Version,
    /// What is remembered from now on.
    pub memory: Memory,
}

/// What to know of a consumer. The ledger is appended to, and shortened at its old end by retention; nothing else changes it.
#[derive(Debug, Clone)]
pub struct ConsumerWrite {
    /// Whom.
    pub consumer: PhoneNumber,
    /// The version that was read. Another one in the store is a conflict.
    pub expected: Version,
    /// What is known from now on.
    pub value: Consumer,
    /// The ledger entries that led to it, appended. A number that is there already is a conflict.
    pub entries: Vec<Appended>,
    /// The entries of a programme that go: all up to this number.
    pub dropped: Vec<(Programme, u64)>,
    /// The entries whose personal fields were erased, by programme and number, as they are from now on ([`Link::erase`]).
    pub erased: Vec<Appended>,
}

impl ConsumerWrite {
    /// A write that appends, drops and erases nothing.
    pub fn new(consumer: PhoneNumber, expected: Version, value: Consumer) -> Self {
        let (entries, dropped, erased) = (Vec::new(), Vec::new(), Vec::new());
        Self { consumer, expected, value, entries, dropped, erased }
    }
}

/// Which sessions to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// Only sessions that are open, or only those that are not.
    pub open: Option<bool>,
    /// Only the agent's.
    pub agent: Option<AgentId>,
    /// Only on this line.
    pub line: Option<Line>,
    /// Only sessions with a smaller id: the next page.
    pub before: Option<SessionId>,
    /// At most so many; 0 is no limit.
    pub limit: usize,
}

/// Which records to read, in the order of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventQuery {
    /// Everything after a position, at most so many records: for readers that follow the log.
    After {
        /// The last position that is known.
        position: u64,
        /// At most so many.
        limit: usize,
    },
    /// What happened on a line outside of sessions.
    OfLine(Line),
    /// A session's.
    OfSession(SessionId),
}

/// Whether a commit was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a duplicate has changed nothing"]
pub enum Committed {
    /// Written; the record's position, 0 without one.
    Done {
        /// Where the record stands in the log.
        position: u64,
    },
    /// The inbound message was taken before. Nothing was written.
    Duplicate,
}
