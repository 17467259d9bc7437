//! `frontdesk ledger proof`: for one consumer, a list, or a period.

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, ValueEnum};
use frontdesk::{
    Clock, ConsentProofs, SystemClock, consumers_entered,
    tendlc::{Programme, ProofDocument, ProofSection},
    types::{Instant, PhoneNumber},
};

use super::{NOT_WHOLE, Opened, Place};
use crate::{inputs, output, settings::HostError};

/// Most consumers of one command: what they agreed to is in memory at once.
const MOST_CONSUMERS: usize = 100_000;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// A consumer's number. Several may be given.
    #[arg(long)]
    consumer: Vec<String>,
    /// A file with consumers' numbers, one a line.
    #[arg(long)]
    list: Option<PathBuf>,
    /// Consumers with an entry from this instant on: `2026-11-01T00:00:00Z`, or `2026-11-01` for the beginning of that day in UTC.
    #[arg(long, requires = "to", value_parser = moment)]
    from: Option<Instant>,
    /// Consumers with an entry before this instant: `2026-12-01T00:00:00Z`, or `2026-12-01` for the beginning of that day in UTC.
    #[arg(long, requires = "from", value_parser = moment)]
    to: Option<Instant>,
    /// Only what tells what holds for this campaign or number.
    #[arg(long)]
    programme: Option<String>,
    /// Text for people, one JSON document, or a page to print (HTML).
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shape {
    Html,
    Json,
    Text,
}

impl Options {
    pub(super) fn run(&self) -> Result<ExitCode, HostError> {
        if self.consumer.is_empty() && self.list.is_none() && self.from.is_none() {
            let told = "name consumers: --consumer +12025550123, --list FILE, or --from and --to";
            return Err(HostError::Refused(told.into()));
        }
        let opened = self.place.to_read()?;
        let (consumers, period) = (self.named(&opened)?, self.entered(&opened)?);
        let is_empty = period.as_ref().is_some_and(Vec::is_empty);
        let consumers: BTreeSet<_> =
            consumers.into_iter().chain(period.into_iter().flatten()).collect();
        if consumers.len() > MOST_CONSUMERS {
            let found = consumers.len();
            return Err(HostError::Refused(format!(
                "{found} consumers; allowed are {MOST_CONSUMERS} at a time: take a shorter list or period"
            )));
        }
        let document = self.document(&opened, (&consumers, is_empty))?;
        self.print(&document)?;
        let is_broken = |section: &ProofSection| matches!(section, ProofSection::Broken { .. });
        let is_whole = !document.sections.iter().any(is_broken);
        Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(NOT_WHOLE) })
    }

    fn print(&self, document: &ProofDocument) -> Result<(), HostError> {
        match self.format {
            Shape::Json => output::json(&document.sections),
            Shape::Html => output::write(format_args!("{}", document.page())),
            Shape::Text => output::write(format_args!("{document}")),
        }
    }

    fn title(&self, consumers: &BTreeSet<PhoneNumber>) -> String {
        match (consumers.first(), consumers.len(), self.from, self.to) {
            (_, _, Some(from), Some(to)) => {
                let (from, to) = (from.format(MINUTES), to.format(MINUTES));
                format!("Consent of consumers with an entry between {from} and {to}")
            }
            (Some(consumer), 1, ..) => format!("Consent of {consumer}"),
            (_, found, ..) => format!("Consent of {found} consumers"),
        }
    }

    fn named(&self, opened: &Opened) -> Result<BTreeSet<PhoneNumber>, HostError> {
        let region = opened.center.region();
        let read = |what: &str, text: &str| {
            PhoneNumber::parse(text, Some(region))
                .map_err(|error| HostError::Refused(format!("{what}: {error}")))
        };
        let mut all = BTreeSet::new();
        for text in &self.consumer {
            all.insert(read("--consumer", text)?);
        }
        if let Some(path) = &self.list {
            let named = path.display();
            let text = std::fs::read_to_string(path)
                .map_err(HostError::io(format!("the list {named}")))?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            for (line, number) in text.lines().zip(1..) {
                if !line.trim().is_empty() {
                    all.insert(read(&format!("{named}, line {number}"), line.trim())?);
                }
            }
        }
        Ok(all)
    }

    /// The consumers with an entry of the period that is asked for; `None` where no period is.
    fn entered(&self, opened: &Opened) -> Result<Option<Vec<PhoneNumber>>, HostError> {
        let (Some(from), Some(to)) = (self.from, self.to) else { return Ok(None) };
        let bounds = |at, name: &str| {
            inputs::in_range(at).map_err(|why| HostError::Refused(format!("{name}: {why}")))
        };
        let period = bounds(from, "--from")?..bounds(to, "--to")?;
        let Opened { center, store, runtime, .. } = opened;
        let programme = self.programme.as_deref().map(Programme::from);
        let found = consumers_entered(store, center, period, programme.as_ref());
        Ok(Some(runtime.block_on(found)?))
    }

    /// The document, with a section for each proof, for each consumer without one, and for a period without entries.
    fn document(
        &self,
        opened: &Opened,
        (consumers, is_empty): (&BTreeSet<PhoneNumber>, bool),
    ) -> Result<ProofDocument, HostError> {
        let Opened { center, heads, store, runtime } = opened;
        let programme = self.programme.as_deref().map(Programme::from);
        let now = SystemClock.now();
        let mut document = center.proof_document(self.title(consumers), now);
        let all = &mut document.sections;
        if let (Some(from), Some(to), true) = (self.from, self.to, is_empty) {
            all.push(ProofSection::no_entry(from, to, programme.as_ref()));
        }
        let mut proofs = runtime.block_on(ConsentProofs::open(store, center, heads, now))?;
        for consumer in consumers.iter().copied() {
            let broken = |error: frontdesk::EngineError| {
                let error = error.to_string();
                ProofSection::Broken { consumer, error }
            };
            match runtime.block_on(proofs.of(consumer, programme.as_ref())) {
                Ok(found) if found.is_empty() => {
                    all.push(ProofSection::nothing(consumer, programme.as_ref()));
                }
                Ok(found) => all.extend(found.into_iter().map(|found| match found {
                    Ok(proof) => ProofSection::Proof(Box::new(proof)),
                    Err(error) => broken(error),
                })),
                Err(error) => all.push(broken(error)),
            }
        }
        Ok(document)
    }
}

const MINUTES: &str = "%Y-%m-%d %H:%M UTC";

/// An instant, or a day for its beginning in UTC.
fn moment(text: &str) -> Result<Instant, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let wrong = |error| format!("{error}: write `2026-11-01T00:00:00Z` or `2026-11-01`");
    text.parse::<Instant>().map_err(wrong)
}
