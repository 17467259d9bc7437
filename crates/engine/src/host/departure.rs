use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU8, Ordering},
};

use chrono::TimeDelta;
use frontdesk_types::Instant;

use super::{Clock, TransportError};

/// How old a decision of the gate may be when the request to the provider begins. An older decision is not used: the text is
/// put back and looked at again.
const DECISION_HOLDS: TimeDelta = TimeDelta::seconds(2);

const PREPARED: u8 = 0;
const BEGUN: u8 = 1;
const WITHDRAWN: u8 = 2;

/// The moment at which a request to the provider begins. From then on the text counts as left; until then a revocation stops
/// it.
#[derive(Debug, Clone)]
pub struct Departure(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: AtomicU8,
    /// When the gate decided.
    decided: Mutex<Option<Instant>>,
    clock: Option<Arc<dyn Clock>>,
}

impl Departure {
    /// A departure that nothing stops: for tests of transports, and for programs that send without an engine.
    pub fn at_any_time() -> Self {
        Self::with(None)
    }

    /// A departure that a revocation has stopped: for tests of transports, which must send nothing then.
    pub fn stopped() -> Self {
        let departure = Self::with(None);
        departure.withdraw();
        departure
    }

    pub(crate) fn by(clock: Arc<dyn Clock>) -> Self {
        Self::with(Some(clock))
    }

    fn with(clock: Option<Arc<dyn Clock>>) -> Self {
        let (state, decided) = (AtomicU8::new(PREPARED), Mutex::default());
        Self(Arc::new(Inner { state, decided, clock }))
    }

    /// Says that the request begins now. After an error nothing may be sent.
    pub fn begin(&self) -> Result<(), TransportError> {
        if self.is_late() {
            self.withdraw();
        }
        let begun =
            self.0.state.compare_exchange(PREPARED, BEGUN, Ordering::SeqCst, Ordering::SeqCst);
        match begun {
            Ok(_) | Err(BEGUN) => Ok(()),
            Err(_) => Err(TransportError::NotBegun),
        }
    }

    /// The gate decides by what it reads from now on.
    pub(crate) fn decide(&self, at: Instant) {
        *self.0.decided.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// Stops it, if it has not begun.
    pub(crate) fn withdraw(&self) {
        // A failure says that it has begun, or was withdrawn before.
        let _ =
            self.0.state.compare_exchange(PREPARED, WITHDRAWN, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Whether both are the same departure.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether the decision is too old. A clock that was set back says nothing about its age.
    pub(crate) fn is_late(&self) -> bool {
        let decided = *self.0.decided.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.0.clock.as_ref().map(|clock| clock.now());
        now.zip(decided).is_some_and(|(now, decided)| {
            now < decided || now.signed_duration_since(decided) > DECISION_HOLDS
        })
    }
}
