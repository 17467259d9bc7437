//! The host's ear: metrics, live notices, and waking the loops.

use std::{collections::BTreeSet, sync::Arc};

use frontdesk::{FailedAttempt, Observer, store::Record, types::SessionId};
use metrics::counter;
use serde::Serialize;
use tokio::sync::broadcast;
use utoipa::ToSchema;

use crate::telling::Telling;

/// How many notices a slow reader may be behind before it is told to read everything again.
const BACKLOG: usize = 1_024;

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
    /// Tells the operator why nothing happens.
    pub(crate) telling: Arc<Telling>,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self { notices: broadcast::Sender::new(BACKLOG), telling: Arc::default() }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }
}

impl Observer for Live {
    fn events(&self, record: &Record) {
        self.telling.heard(record);
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
        self.telling.attempt_failed(attempt);
    }

    fn ledger_differs(&self, anchor: &str, size: u64) {
        self.telling.ledger_differs(anchor, size);
    }
}
