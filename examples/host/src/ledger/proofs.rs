//! `frontdesk ledger proof`: for one consumer, a list, or a period.

use std::{collections::BTreeSet, fmt, path::PathBuf, process::ExitCode};

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, ValueEnum};
use frontdesk::{
    Clock, ConsentProofs, SystemClock, consumers_entered,
    tendlc::{Programme, Proof, ProofPage},
    types::{Instant, PhoneNumber},
};
use serde::Serialize;

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
        let consumers = self.consumers(&opened)?;
        if consumers.len() > MOST_CONSUMERS {
            let found = consumers.len();
            return Err(HostError::Refused(format!(
                "{found} consumers; allowed are {MOST_CONSUMERS} at a time: take a shorter list or period"
            )));
        }
        let sections = self.sections(&opened, &consumers)?;
        self.print(&sections, &self.title(&consumers))?;
        let is_whole = !sections.iter().any(|section| matches!(section, Section::Broken { .. }));
        Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(NOT_WHOLE) })
    }

    fn print(&self, sections: &[Section], title: &str) -> Result<(), HostError> {
        match self.format {
            Shape::Json => output::json(&sections),
            Shape::Html => {
                let (mut proofs, mut notes) = (Vec::new(), Vec::new());
                for section in sections {
                    match section {
                        Section::Proof(proof) => proofs.push((**proof).clone()),
                        other => notes.push(other.to_string()),
                    }
                }
                notes.extend(self.nobody(sections));
                let page = ProofPage { title, proofs: &proofs, notes: &notes };
                output::write(format_args!("{page}"))
            }
            Shape::Text => {
                let told = sections.iter().map(ToString::to_string);
                let all: Vec<String> = told.chain(self.nobody(sections)).collect();
                output::line(format_args!("{}", all.join("\n\n")))
            }
        }
    }

    /// The words where nobody is found.
    fn nobody(&self, sections: &[Section]) -> Option<String> {
        let (Some(from), Some(to)) = (self.from, self.to) else { return None };
        let (from, to) = (from.format(MINUTES), to.format(MINUTES));
        sections.is_empty().then(|| format!("No entry was made between {from} and {to}."))
    }

    fn title(&self, consumers: &BTreeSet<PhoneNumber>) -> String {
        match (consumers.first(), consumers.len(), self.from, self.to) {
            (_, _, Some(from), Some(to)) => {
                format!("Consent from {} to {}", from.format(MINUTES), to.format(MINUTES))
            }
            (Some(consumer), 1, ..) => format!("Consent of {consumer}"),
            (_, found, ..) => format!("Consent of {found} consumers"),
        }
    }

    fn consumers(&self, opened: &Opened) -> Result<BTreeSet<PhoneNumber>, HostError> {
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
        if let (Some(from), Some(to)) = (self.from, self.to) {
            let bounds = |at, name: &str| {
                inputs::in_range(at).map_err(|why| HostError::Refused(format!("{name}: {why}")))
            };
            let period = bounds(from, "--from")?..bounds(to, "--to")?;
            let Opened { center, store, runtime, .. } = opened;
            all.extend(runtime.block_on(consumers_entered(store, center.id(), period))?);
        }
        Ok(all)
    }

    /// A section for each proof, and for each consumer without one.
    fn sections(
        &self,
        opened: &Opened,
        consumers: &BTreeSet<PhoneNumber>,
    ) -> Result<Vec<Section>, HostError> {
        let Opened { center, heads, store, runtime } = opened;
        let programme = self.programme.as_deref().map(Programme::from);
        let now = SystemClock.now();
        let mut all = Vec::new();
        let mut proofs = runtime.block_on(ConsentProofs::open(store, center, heads, now))?;
        for consumer in consumers.iter().copied() {
            let broken = |error: frontdesk::EngineError| {
                let error = error.to_string();
                Section::Broken { consumer, error }
            };
            match runtime.block_on(proofs.of(consumer, programme.as_ref())) {
                Ok(found) if found.is_empty() => {
                    all.push(Section::nothing(consumer, programme.as_ref()));
                }
                Ok(found) => all.extend(found.into_iter().map(|found| match found {
                    Ok(proof) => Section::Proof(Box::new(proof)),
                    Err(error) => broken(error),
                })),
                Err(error) => all.push(broken(error)),
            }
        }
        Ok(all)
    }
}

const MINUTES: &str = "%Y-%m-%d %H:%M UTC";

/// A part of the document.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Section {
    /// The proofs of a consumer.
    Proof(Box<Proof>),
    /// A history that is not what was entered, or cannot be read.
    Broken { consumer: PhoneNumber, error: String },
    /// Nothing was ever entered of that consumer, or nothing that tells what holds for the programme that was asked for.
    Nothing { consumer: PhoneNumber, nothing: String },
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proof(proof) => proof.fmt(f),
            Self::Broken { consumer, error } => {
                write!(f, "Consent of {consumer}: NOT what was entered: {error}")
            }
            Self::Nothing { nothing, .. } => f.write_str(nothing),
        }
    }
}

impl Section {
    fn nothing(consumer: PhoneNumber, programme: Option<&Programme>) -> Self {
        let nothing = match programme {
            None => format!("Nothing was ever entered for {consumer}."),
            Some(programme) => format!(
                "Nothing was ever entered for {consumer} that tells what holds for {programme}."
            ),
        };
        Self::Nothing { consumer, nothing }
    }
}

/// An instant, or a day for its beginning in UTC.
fn moment(text: &str) -> Result<Instant, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let wrong = |error| format!("{error}: write `2026-11-01T00:00:00Z` or `2026-11-01`");
    text.parse::<Instant>().map_err(wrong)
}
