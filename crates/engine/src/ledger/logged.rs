//! The event log against the ledger: whoever changes the one by hand has to change the other.

use frontdesk_tendlc::{Act, Entry};
use frontdesk_types::{CenterId, Event, Fact, Instant};

use super::LedgerProblem;
use crate::{
    EngineError,
    store::{Consumer, EventQuery, Line, Record, Store},
};
use frontdesk_tendlc::LedgerKey;

/// Records that are read at a time.
const PAGE: usize = 1_000;

/// A reader of the log.
pub(super) struct Logged<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) center: &'a CenterId,
}

impl Logged<'_> {
    /// Revocations and words of consent of the log that no entry of the consumer has.
    pub(super) async fn without_entry(&self) -> Result<Vec<LedgerProblem>, EngineError> {
        let mut problems = Vec::new();
        let mut position = 0;
        loop {
            let query = EventQuery::After { position, limit: PAGE };
            let page = self.store.events(self.center, query).await?;
            for record in &page {
                position = record.position;
                for event in &record.events {
                    problems.extend(self.problem(record, event).await?);
                }
            }
            if page.len() < PAGE || problems.len() > super::MOST_PROBLEMS {
                return Ok(problems);
            }
        }
    }

    async fn problem(
        &self,
        record: &Record,
        event: &Event,
    ) -> Result<Option<LedgerProblem>, EngineError> {
        let name = event.fact.kind();
        let matches: fn(&Act) -> bool = match &event.fact {
            Fact::OptedOut { .. } => Act::revokes,
            Fact::OptedIn { .. } => |act| matches!(act, Act::OptedIn { .. } | Act::Agreed { .. }),
            _ => return Ok(None),
        };
        let Some(line) = self.line(record).await? else { return Ok(None) };
        // A consumer who cannot be read was told.
        let Ok((_, known)) = self.store.consumer(self.center, line.consumer).await else {
            return Ok(None);
        };
        if self.has(line, &known, event.at, matches).await? {
            return Ok(None);
        }
        let programme = line.number.into();
        let key = LedgerKey { consumer: line.consumer, programme };
        Ok(Some(LedgerProblem::Log { position: record.position, key, event: name }))
    }

    async fn line(&self, record: &Record) -> Result<Option<Line>, EngineError> {
        let Some(session) = record.subject.session else { return Ok(record.subject.line) };
        if record.subject.line.is_some() {
            return Ok(record.subject.line);
        }
        Ok(self.store.load(self.center, session).await?.map(|(line, _, _)| line))
    }

    /// Whether any history of the consumer has such an entry of that moment, or had one that retention dropped.
    async fn has(
        &self,
        line: Line,
        known: &Consumer,
        at: Instant,
        matches: fn(&Act) -> bool,
    ) -> Result<bool, EngineError> {
        for (programme, account) in known.ledger.accounts() {
            let key = LedgerKey { consumer: line.consumer, programme: programme.clone() };
            let history = match self.store.history(self.center, &key).await {
                Ok(Some((_, history))) => history,
                Ok(None) => continue,
                Err(_) => return Ok(true),
            };
            let first = history.links.first().map(|link| link.entry.at);
            let was_dropped = account.before.is_some() && first.is_some_and(|first| at <= first);
            let is_it = |entry: &Entry| entry.at == at && matches(&entry.act);
            if was_dropped || history.links.iter().any(|link| is_it(&link.entry)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
