//! The host's ear: metrics, live notices, and waking the loops.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use frontdesk::{FailedAttempt, Observer, store::Record, types::SessionId};
use metrics::counter;
use serde::Serialize;
use tokio::sync::broadcast;
use tracing::warn;
use utoipa::ToSchema;

/// How many notices a slow reader may be behind before it is told to read everything again.
const BACKLOG: usize = 1_024;

/// How often the same failure is logged.
const LOGGED: Duration = Duration::from_mins(1);
/// How many different failures are told apart.
const FAILURES: usize = 64;

/// That something happened, without saying what anybody wrote: readers fetch what they may see.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Notice {
    /// The place in the log; 0 for what is not stored, such as offers.
    pub(crate) position: u64,
    /// The session, if it is about one.
    #[schema(value_type = Option<u64>)]
    pub(crate) session: Option<SessionId>,
    /// The kinds of the events.
    #[schema(value_type = Vec<String>)]
    pub(crate) kinds: BTreeSet<&'static str>,
}

/// Hears the engine.
#[derive(Debug)]
pub(crate) struct Live {
    notices: broadcast::Sender<Notice>,
    /// When each failure was logged last.
    logged: Mutex<BTreeMap<String, Instant>>,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self { notices: broadcast::Sender::new(BACKLOG), logged: Mutex::default() }
    }

    /// Whether a failure was not logged lately.
    fn is_news(&self, failure: String) -> bool {
        let now = Instant::now();
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.retain(|_, at| now.duration_since(*at) < LOGGED);
        let news = !logged.contains_key(&failure) && logged.len() < FAILURES;
        if news {
            logged.insert(failure, now);
        }
        news
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }
}

impl Observer for Live {
    fn events(&self, record: &Record) {
        for event in &record.events {
            counter!("frontdesk_events_total", "kind" => event.fact.kind()).increment(1);
        }
        if self.notices.receiver_count() > 0 {
            let kinds = record.events.iter().map(|event| event.fact.kind()).collect();
            let notice =
                Notice { position: record.position, session: record.subject.session, kinds };
            // Nobody listening any more is no loss.
            let _ = self.notices.send(notice);
        }
    }

    /// The engine wakes its own loops.
    fn work_waiting(&self) {}

    fn attempt_failed(&self, attempt: &FailedAttempt) {
        let FailedAttempt { kind, reason, misconfigured, attempts } = attempt;
        let labels = [("kind", format!("{kind:?}")), ("misconfigured", misconfigured.to_string())];
        counter!("frontdesk_failed_attempts_total", &labels).increment(1);
        if !self.is_news(format!("{kind:?} {reason}")) {
            return;
        }
        if *misconfigured {
            warn!(?kind, %reason, attempts, "the provider cannot be used as it is set up: look at [host.twilio]; texts wait");
        } else {
            warn!(?kind, %reason, attempts, "an attempt failed; it is repeated");
        }
    }
}
