//! A look at everything: histories, seals, the tree, heads, anchors, and the event log.

mod given;
mod heads;
mod moments;
mod reading;
mod sequence;

use chrono::TimeDelta;
use frontdesk_tendlc::{Account, AnchoredHead, LedgerKey, Link, ProvenHead, SealTree, SignedHead};
use frontdesk_types::{CenterId, Instant};

use super::{
    LedgerNote, LedgerProblem, LedgerReport, checks::HeadChecks, kept_heads, logged::Logged,
    places::Prover, sealer::Sealer,
};
use crate::{
    EngineError, Heads,
    store::{ConsumerHistories, Store},
};

use moments::Moments;

/// Rows that are read at a time.
const PAGE: usize = 1_000;
/// How often the counts are taken again where retention or a text has changed them meanwhile.
const ROUNDS: usize = 3;
/// By so much an entry may say that it is older than the head before it: hosts' clocks differ by less.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// Looks through the whole ledger of a center: each history by its chain and by what is kept of the consumer, each entry by its
/// seal, the seals by the heads, the heads by their signatures and by those who have them, and the event log by the entries.
///
/// It only reads, so that it may run beside a host, or on a copy of the file. Entries that come in meanwhile are left for the next look.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read. What is wrong with the ledger is no error: the report tells it.
pub async fn verify_ledger(
    store: &dyn Store,
    center: &CenterId,
    heads: &Heads,
    now: Instant,
) -> Result<LedgerReport, EngineError> {
    compare_ledger(store, center, heads, &Comparison::default(), now).await
}

/// The comparisons of a look at the ledger beside those with the configured anchors.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Heads that somebody else has kept, each with where it comes from.
    pub heads: Vec<(String, SignedHead)>,
    /// The store is a copy: heads that were made later are no problem.
    pub is_copy: bool,
    /// A configured anchor must have a head that is not older, by a check.
    pub newest_within: Option<TimeDelta>,
}

/// Looks through the whole ledger of a center as [`verify_ledger`] does, and compares it with heads that others have kept.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read. What is wrong with the ledger is no error: the report tells it.
pub async fn compare_ledger(
    store: &dyn Store,
    center: &CenterId,
    heads: &Heads,
    comparison: &Comparison,
    now: Instant,
) -> Result<LedgerReport, EngineError> {
    let checks = HeadChecks::open(heads).await;
    let mut look = Look::new(store, center, heads, checks, now).await?;
    look.histories().await?;
    look.answers().await?;
    look.seals().await?;
    look.coverage().await?;
    look.given(comparison).await?;
    look.log().await?;
    look.unplaced().await?;
    Ok(look.report)
}

struct Look<'a> {
    store: &'a dyn Store,
    center: &'a CenterId,
    settings: &'a Heads,
    /// As many places are looked at.
    size: u64,
    /// The tree over them, as the sealer keeps it.
    tree: SealTree,
    prover: Prover<'a>,
    kept: Vec<AnchoredHead>,
    checks: HeadChecks<'a>,
    /// The heads with their checks, once that is done.
    proven: Vec<ProvenHead>,
    /// Notes on entries whose moment and head do not agree.
    moments: Moments,
    /// So many entries had a place when the look began.
    most_placed: u64,
    /// Places of those in which an entry stands.
    placed: u64,
    /// Whether there are entries that no history has.
    stray: bool,
    report: LedgerReport,
}

impl<'a> Look<'a> {
    async fn new(
        store: &'a dyn Store,
        center: &'a CenterId,
        settings: &'a Heads,
        checks: HeadChecks<'a>,
        now: Instant,
    ) -> Result<Self, EngineError> {
        let mut report = LedgerReport {
            center: center.clone(),
            made: now,
            consumers: 0,
            entries: 0,
            sealed: 0,
            dropped: 0,
            unsealed: 0,
            heads: Vec::new(),
            coverage: Vec::new(),
            anchors: Vec::new(),
            notes: Vec::new(),
            problems: Vec::new(),
            more_problems: 0,
        };
        let mut kept = Vec::new();
        // Heads first: those that are made meanwhile are of entries that are not looked at.
        for head in kept_heads(store, center).await? {
            match head {
                Ok(head) => kept.push(head),
                Err(what) => report.add(LedgerProblem::Unreadable { what }),
            }
        }
        let (_, tree) = Sealer { store, center, heads: settings }.tree().await?;
        let size = tree.size();
        let counted = store.count_entries(center).await?;
        let most_placed = counted.saturating_sub(store.count_unsealed(center).await?);
        Ok(Self {
            store,
            center,
            settings,
            size,
            tree,
            prover: Prover::new(store, center),
            kept,
            checks,
            proven: Vec::new(),
            moments: Moments::new(settings.every),
            most_placed,
            placed: 0,
            stray: false,
            report,
        })
    }

    /// A problem of a head: a note where the operator has explained it.
    fn tell(&mut self, size: u64, problem: LedgerProblem) {
        match self.checks.known(size).cloned() {
            Some(known) => {
                self.report.note(LedgerNote::Known { difference: Box::new(problem), known });
            }
            None => self.report.add(problem),
        }
    }

    fn sealer(&self) -> Sealer<'_> {
        Sealer { store: self.store, center: self.center, heads: self.settings }
    }

    /// Each consumer's histories, by their chains.
    async fn histories(&mut self) -> Result<(), EngineError> {
        let before = self.report.clone();
        for _ in 0..ROUNDS {
            // A text that came in between two reads looks like a change: what is wrong the last time is.
            self.report = before.clone();
            let counted = self.store.count_entries(self.center).await?;
            self.pages().await?;
            // The entries of a history that cannot be read belong to it.
            let unread =
                self.report.problems.len() > before.problems.len() && self.has_unread(&before);
            let stray = counted.checked_sub(self.report.entries).filter(|_| !unread);
            self.stray = stray.is_some_and(|count| count > 0);
            if let Some(count @ 1..) = stray {
                self.report.add(LedgerProblem::Stray { count });
            }
            if self.report.problems.len() == before.problems.len() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// All histories, page by page: while one is looked at the next one is read.
    async fn pages(&mut self) -> Result<(), EngineError> {
        let mut after = None;
        let mut page = self.page(after).await;
        loop {
            let histories = match page {
                Ok(histories) => histories,
                Err(error) => match self.one_by_one(after, &error).await? {
                    None => return Ok(()),
                    last => {
                        after = last;
                        page = self.page(after).await;
                        continue;
                    }
                },
            };
            let Some(last) = histories.last() else { return Ok(()) };
            after = Some(last.consumer);
            let next = self.page(after);
            let look = async {
                for found in histories {
                    self.consumer(found);
                }
            };
            (page, ()) = futures::join!(next, look);
        }
    }

    fn consumer(&mut self, histories: ConsumerHistories) {
        let ConsumerHistories { consumer, known, mut links } = histories;
        let mut has_entries = false;
        for (programme, account) in known.ledger.accounts() {
            has_entries = true;
            let key = LedgerKey { consumer, programme: programme.clone() };
            self.history(key, account, links.remove(programme).unwrap_or_default());
        }
        self.report.consumers += u64::from(has_entries);
    }

    /// A history by its chain, and what is kept of the consumer by the history.
    fn history(&mut self, key: LedgerKey, account: &Account, links: Vec<Link>) {
        self.report.entries += links.len() as u64;
        let history = account.history(key.clone(), links);
        match history.verify(Some(account.head)) {
            Ok(consent) if consent == account.consent => {}
            Ok(_) => self.report.add(LedgerProblem::Standing { key }),
            Err(error) => self.report.add(LedgerProblem::broken(key, &error)),
        }
    }

    /// Revocations and words of consent of the event log that have no entry.
    async fn log(&mut self) -> Result<(), EngineError> {
        let logged = Logged { store: self.store, center: self.center };
        for problem in logged.without_entry().await? {
            self.report.add(problem);
        }
        Ok(())
    }
}
