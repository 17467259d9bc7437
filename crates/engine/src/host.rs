//! What a host gives the engine besides a store and a CRM: a carrier, a clock, an ear, who knows of carriers.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

mod departure;

pub use departure::Departure;

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk_tendlc::Carrier;
use frontdesk_types::{Instant, PhoneNumber, Purpose, TextId, from_millis};

use crate::store::{Line, Record, WorkKind};

/// A text on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingText {
    /// The idempotency key: the same id is the same text, sent again. It names the center, so that centers can share a
    /// transport.
    pub id: TextId,
    /// From the number, to the consumer.
    pub line: Line,
    /// What it is for.
    pub purpose: Purpose,
    /// What it says.
    pub body: String,
}

/// Why a text was not taken, by what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The carrier or provider has the consumer as opted out: recorded, never tried again.
    #[error("the consumer has opted out with the carrier (code {code})")]
    OptedOut {
        /// The provider's code.
        code: String,
    },
    /// The provider cannot be used with these settings: a wrong address or key. An operator must mend them; the text is tried
    /// again until then.
    #[error("the provider cannot be used with these settings: {reason}")]
    Misconfigured {
        /// A short reason, without texts or numbers.
        reason: String,
    },
    /// [`Departure::begin`] said that it is too late: nothing was sent.
    #[error("the request began too late")]
    NotBegun,
    /// It will not work for this text, however often it is tried.
    #[error("the provider refused the text (code {code})")]
    Rejected {
        /// The provider's code or a short reason, without texts or numbers.
        code: String,
    },
    /// It may work later.
    #[error("the provider cannot take the text now: {reason}")]
    Temporary {
        /// A short reason, without texts or numbers.
        reason: String,
        /// How many seconds the provider asked for. The engine waits for a quarter of an hour at most.
        retry_after: Option<u32>,
    },
    /// The request was sent and no answer came: the consumer may have got the text. It is tried again rarely.
    #[error("nobody knows whether the provider took the text: {reason}")]
    Unknown {
        /// A short reason, without texts or numbers.
        reason: String,
    },
}

/// A way to send texts. Called at least once per text; texts of one kind to one consumer from one number one after the other.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync {
    /// Hands a text to the carrier; the answer is the carrier's id of it. The text counts as left when this is called.
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError>;

    /// The same for a transport that needs time before the provider can see the request: for a connection, a place in a
    /// queue. It calls [`Departure::begin`] right before the first byte leaves, and sends nothing if that fails. A revocation
    /// that arrives earlier stops the text.
    async fn depart(
        &self,
        text: &OutgoingText,
        departure: &Departure,
    ) -> Result<String, TransportError> {
        departure.begin()?;
        self.send(text).await
    }
}

#[cfg(feature = "mock")]
mockall::mock! {
    /// A transport for hosts' tests.
    #[derive(Debug)]
    pub Transport {}

    #[async_trait]
    impl Transport for Transport {
        async fn send(&self, text: &OutgoingText) -> Result<String, TransportError>;
    }
}

/// Why nobody could say whose network a consumer is on: without numbers, for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("carriers cannot be looked up now: {reason}")]
pub struct LookupError {
    /// A short reason.
    pub reason: String,
}

/// Knows whose network a consumer is on (DLC-6). The engine remembers what it says for a month, for numbers are taken along to
/// other carriers; what it does not know is asked again after a day.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CarrierLookup: fmt::Debug + Send + Sync {
    /// The carrier of a consumer; `None` if nobody knows. Called before a text leaves: it must answer soon.
    async fn carrier(&self, consumer: PhoneNumber) -> Result<Option<Carrier>, LookupError>;
}

/// Where the engine's instants come from.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The instant now.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        from_millis(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// A clock that is set by hand: for tests, replays and virtual time.
#[derive(Debug)]
pub struct ManualClock(Mutex<Instant>);

impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: Instant) -> Self {
        Self(Mutex::new(at))
    }

    /// Sets it.
    pub fn set(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Sets it forward.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears what happens, as it happens: for live views and for waking the host's loops. Called outside of
/// any lock, after the commit; must return soon.
pub trait Observer: fmt::Debug + Send + Sync {
    /// Events were committed, or offers changed (those have position 0 and are not stored).
    fn events(&self, record: &Record);

    /// Something was put in the outbox.
    fn work_waiting(&self);

    /// An attempt to do a piece of work failed.
    fn attempt_failed(&self, _attempt: &FailedAttempt) {}

    /// An anchor has a head of so many entries of the consent ledger that is not of the entries which are kept, and nobody has
    /// explained it: the ledger was made anew, or a copy goes on that is older.
    fn ledger_differs(&self, _anchor: &str, _size: u64) {}
}

/// An attempt that failed, without texts or numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedAttempt {
    /// The kind of work.
    pub kind: WorkKind,
    /// The reason.
    pub reason: String,
    /// An operator must mend something: settings of the provider.
    pub misconfigured: bool,
    /// How often the work has been tried, this attempt included.
    pub attempts: u32,
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

impl Observer for Silence {
    fn events(&self, _: &Record) {}

    fn work_waiting(&self) {}
}
