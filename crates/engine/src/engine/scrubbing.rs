//! Consumers are checked against lists before a promotion leaves, and results of checks are imported (DLC-4).

use chrono::TimeDelta;
use frontdesk_tendlc::{
    Consent, ContentType, ImportError, ImportedScrub, Scrub, ScrubResult, ScrubRules, import_scrubs,
};
use frontdesk_types::{Instant, PhoneNumber};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError, retried};
use crate::{
    ScrubQuestion,
    store::{Consumer, ConsumerWrite, Line},
};

/// The pause before a scrubber that cannot be reached is asked again for a promotion that waits.
const UNREACHED: TimeDelta = TimeDelta::hours(1);
/// The time for which an answer that nobody can tell holds.
const UNKNOWN: TimeDelta = TimeDelta::days(1);
/// Maximum rows per import.
const ROWS: usize = 1_000_000;
/// Consumers per commit of an import: other writers wait for no more than these.
const BATCH: usize = 500;

/// Why a list of results is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScrubImportError {
    /// The list is wrong; nothing of it was taken.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The list is too long; nothing of it was taken.
    #[error("the list has {found} rows; {ROWS} are allowed: divide it")]
    TooLong {
        /// Its rows.
        found: usize,
    },
}

/// The outcome of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScrubReceipt {
    /// Rows that were recorded.
    pub recorded: usize,
    /// Rows that change nothing: the same result, or a newer one of that list, is on record.
    pub known: usize,
}

impl Engine {
    /// The last result of each list that a consumer was checked against.
    pub async fn scrubs(&self, consumer: PhoneNumber) -> Result<Vec<Scrub>, EngineError> {
        let (_, known) = self.parts.store.consumer(&self.id, consumer).await?;
        Ok(known.scrubs.iter().cloned().collect())
    }

    /// Imports results of checks, of the form that [`import_scrubs`] reads, at most 1,000,000 rows. Numbers without a country code
    /// are read in the center's region. `source` is the name of the file, and the person or credential that brings it; each
    /// result keeps both.
    ///
    /// One wrong row, and nothing is recorded. Good rows are recorded in commits of 500 consumers: if the store fails in between,
    /// the first ones are recorded, and the same import again records the others.
    pub async fn import_scrubs(
        &self,
        list: &str,
        (file, by): (&str, &str),
    ) -> Result<ScrubReceipt, EngineError> {
        let region = Some(self.center().region());
        let source = format!("{file}, imported by {by}");
        let imported = import_scrubs(list, &source, region, self.now());
        let mut imported = imported.map_err(ScrubImportError::from)?;
        if imported.len() > ROWS {
            return Err(ScrubImportError::TooLong { found: imported.len() }.into());
        }
        imported.sort_by_key(|row| row.consumer);
        let consumers: Vec<&[ImportedScrub]> =
            imported.chunk_by(|one, other| one.consumer == other.consumer).collect();
        let mut receipt = ScrubReceipt::default();
        for batch in consumers.chunks(BATCH) {
            let recorded = retried(|| self.import_scrubs_of(batch)).await?;
            receipt.recorded += recorded;
            receipt.known += batch.iter().map(|rows| rows.len()).sum::<usize>() - recorded;
        }
        Ok(receipt)
    }

    /// Records the rows of some consumers in one commit; the answer is how many change something.
    async fn import_scrubs_of(&self, batch: &[&[ImportedScrub]]) -> Result<usize, EngineError> {
        let (mut consumers, mut recorded) = (Vec::new(), 0);
        for rows in batch {
            let Some(consumer) = rows.first().map(|row| row.consumer) else { continue };
            let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
            let mut record = |row: &&ImportedScrub| value.scrubs.record(row.scrub.clone());
            let changes = rows.iter().filter(|row| record(row)).count();
            if changes > 0 {
                recorded += changes;
                consumers.push(ConsumerWrite::new(consumer, expected, value));
            }
        }
        if !consumers.is_empty() {
            self.write_consumers(consumers).await?;
        }
        Ok(recorded)
    }

    /// Asks the scrubber before a promotion leaves, where a check that the rules ask for is missing or too old, and remembers the
    /// answer. If it cannot be reached now, the answer is when it is asked again.
    pub(super) async fn ask_scrubber(
        &self,
        line: Line,
        kind: ContentType,
    ) -> Result<Option<Instant>, EngineError> {
        let Some(scrubber) = &self.parts.scrubber else { return Ok(None) };
        if kind != ContentType::Promotional {
            return Ok(None);
        }
        let center = self.center();
        let rules = &center.compliance.rules_of(line.number).scrub;
        if rules.lists.is_empty() {
            return Ok(None);
        }
        let asked = self.now();
        let (_, known) = self.parts.store.consumer(&self.id, line.consumer).await?;
        let question = question(line.consumer, &known, rules, asked);
        if question.lists.is_empty() {
            return Ok(None);
        }
        let Ok(answers) = scrubber.scrub(&question).await else {
            return Ok(Some(asked + UNREACHED));
        };
        let (question, answers) = (&question, &answers);
        self.change_consumer(line.consumer, move |known| {
            for answer in answers {
                // A list of tomorrow is one of today: clocks differ.
                let checked = answer.checked.min(asked);
                known.scrubs.record(Scrub { checked, first: checked, ..answer.clone() });
            }
            let is_answered = |list| answers.iter().any(|answer| answer.list == list);
            for list in question.lists.iter().filter(|list| !is_answered(**list)) {
                known.scrubs.record(Scrub::new(*list, ScrubResult::Unknown, asked, ""));
            }
        })
        .await?;
        Ok(None)
    }
}

/// The question to a scrubber about a consumer: about no list, if every check is fresh, or it was asked lately and could not tell.
fn question(
    consumer: PhoneNumber,
    known: &Consumer,
    rules: &ScrubRules,
    now: Instant,
) -> ScrubQuestion {
    let asked_lately =
        |scrub: &Scrub| scrub.result == ScrubResult::Unknown && now < scrub.checked + UNKNOWN;
    let due = known.scrubs.due(rules, now);
    let lists = due.filter(|list| !known.scrubs.of(*list).is_some_and(asked_lately)).collect();
    let consents = known.ledger.accounts().map(|(_, account)| &account.consent);
    let holding = consents.filter(|consent| consent.level().is_some());
    let consented = holding.filter_map(Consent::since).min();
    ScrubQuestion { consumer, lists, consented }
}
