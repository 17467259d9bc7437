//! The event log against the ledger: whoever changes the one by hand has to change the other.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_tendlc::{Act, LedgerKey, Link};
use frontdesk_types::{CenterId, Event, Fact, Instant, PhoneNumber};

use super::LedgerProblem;
use crate::{
    EngineError,
    store::{ConsumerHistories, EventQuery, HistoryQuery, Line, Record, Store},
};

/// Records that are read at a time.
const PAGE: usize = 1_000;
/// Consumers whose histories are read at a time.
const CONSUMERS: usize = 100;

/// A reader of the log.
pub(super) struct Logged<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) center: &'a CenterId,
}

/// An event of the log that the ledger has an entry of.
struct Entered {
    line: Line,
    position: u64,
    at: Instant,
    name: &'static str,
    /// Whether an entry is of that kind.
    matches: fn(&Act) -> bool,
}

impl Entered {
    /// The kind of the entry that an event has.
    fn kind(event: &Event) -> Option<fn(&Act) -> bool> {
        match &event.fact {
            Fact::OptedOut { .. } => Some(Act::revokes),
            Fact::OptedIn { .. } => {
                Some(|act| matches!(act, Act::OptedIn { .. } | Act::Agreed { .. }))
            }
            _ => None,
        }
    }

    fn of(event: &Event, position: u64, line: Line) -> Option<Self> {
        let matches = Self::kind(event)?;
        Some(Self { line, position, at: event.at, name: event.fact.kind(), matches })
    }

    /// Whether any history of the consumer has such an entry of that moment, or had one that retention dropped.
    fn is_in(&self, histories: &ConsumerHistories) -> bool {
        let is_it = |link: &Link| link.entry.at == self.at && (self.matches)(&link.entry.act);
        histories.known.ledger.accounts().any(|(programme, account)| {
            let links = histories.links.get(programme).map_or(&[][..], Vec::as_slice);
            let first = links.first().map(|link| link.entry.at);
            let was_dropped =
                account.before.is_some() && first.is_some_and(|first| self.at <= first);
            was_dropped || links.iter().any(is_it)
        })
    }

    fn problem(self) -> LedgerProblem {
        let key = LedgerKey { consumer: self.line.consumer, programme: self.line.number.into() };
        LedgerProblem::Log { position: self.position, key, event: self.name }
    }
}

impl Logged<'_> {
    /// Revocations and words of consent of the log that no entry of the consumer has.
    pub(super) async fn without_entry(&self) -> Result<Vec<LedgerProblem>, EngineError> {
        let mut problems = Vec::new();
        let mut position = 0;
        loop {
            let query = EventQuery::After { position, limit: PAGE };
            let page = self.store.events(self.center, query).await?;
            let mut entered = Vec::new();
            for record in &page {
                position = record.position;
                entered.extend(self.entered(record).await?);
            }
            problems.extend(self.missing(entered).await?);
            if page.len() < PAGE || problems.len() > super::MOST_PROBLEMS {
                return Ok(problems);
            }
        }
    }

    /// The events of a record that have their entries in the ledger.
    async fn entered(&self, record: &Record) -> Result<Vec<Entered>, EngineError> {
        if !record.events.iter().any(|event| Entered::kind(event).is_some()) {
            return Ok(Vec::new());
        }
        let Some(line) = self.line(record).await? else { return Ok(Vec::new()) };
        let entered = |event| Entered::of(event, record.position, line);
        Ok(record.events.iter().filter_map(entered).collect())
    }

    async fn line(&self, record: &Record) -> Result<Option<Line>, EngineError> {
        let Some(session) = record.subject.session else { return Ok(record.subject.line) };
        if record.subject.line.is_some() {
            return Ok(record.subject.line);
        }
        Ok(self.store.load(self.center, session).await?.map(|(line, _, _)| line))
    }

    /// Those that no entry of their consumer is of.
    async fn missing(&self, entered: Vec<Entered>) -> Result<Vec<LedgerProblem>, EngineError> {
        let consumers: BTreeSet<PhoneNumber> =
            entered.iter().map(|entered| entered.line.consumer).collect();
        let consumers: Vec<PhoneNumber> = consumers.into_iter().collect();
        let mut read = BTreeMap::new();
        for some in consumers.chunks(CONSUMERS) {
            read.extend(self.histories(some).await);
        }
        let is_missing = |entered: &Entered| match read.get(&entered.line.consumer) {
            // Nothing is known of the consumer.
            Some(None) => true,
            Some(Some(histories)) => !entered.is_in(histories),
            // The consumer cannot be read, which was told.
            None => false,
        };
        Ok(entered.into_iter().filter(is_missing).map(Entered::problem).collect())
    }

    /// Histories of consumers: of somebody that nothing is known of, nothing. One who cannot be read is left out.
    async fn histories(
        &self,
        consumers: &[PhoneNumber],
    ) -> BTreeMap<PhoneNumber, Option<ConsumerHistories>> {
        let read = async |consumers: &[PhoneNumber]| {
            let found = self
                .store
                .histories(self.center, HistoryQuery::Of(consumers.to_vec()))
                .await
                .ok()?;
            let mut all: BTreeMap<_, _> =
                consumers.iter().map(|consumer| (*consumer, None)).collect();
            all.extend(found.into_iter().map(|found| (found.consumer, Some(found))));
            Some(all)
        };
        if let Some(all) = read(consumers).await {
            return all;
        }
        let mut all = BTreeMap::new();
        for consumer in consumers {
            all.extend(read(std::slice::from_ref(consumer)).await.into_iter().flatten());
        }
        all
    }
}
