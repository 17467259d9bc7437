//! `frontdesk ledger proof`: for one consumer, a list, or a period.

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use frontdesk::{
    Clock, SystemClock, consent_proofs, consumers_entered,
    tendlc::{Programme, Proof, ProofPage},
    types::{Instant, PhoneNumber},
};

use super::{Opened, Place};
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
    /// Consumers with an entry from this instant on: `2026-11-01T00:00:00Z`.
    #[arg(long, requires = "to")]
    from: Option<Instant>,
    /// Consumers with an entry before this instant.
    #[arg(long, requires = "from")]
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
        let proofs = self.proofs(&opened, &consumers)?;
        match self.format {
            Shape::Json => output::json(&proofs)?,
            Shape::Html => {
                let title = self.title(&consumers);
                output::write(format_args!("{}", ProofPage { title: &title, proofs: &proofs }))?;
            }
            Shape::Text if proofs.is_empty() => {
                output::line(format_args!("Nothing was ever entered for these consumers."))?;
            }
            Shape::Text => {
                let proofs: Vec<String> = proofs.iter().map(ToString::to_string).collect();
                output::line(format_args!("{}", proofs.join("\n\n")))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn title(&self, consumers: &BTreeSet<PhoneNumber>) -> String {
        match (consumers.first(), consumers.len(), self.from, self.to) {
            (_, _, Some(from), Some(to)) => format!(
                "Consent from {} to {}",
                from.format("%Y-%m-%d %H:%M UTC"),
                to.format("%Y-%m-%d %H:%M UTC")
            ),
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

    fn proofs(
        &self,
        opened: &Opened,
        consumers: &BTreeSet<PhoneNumber>,
    ) -> Result<Vec<Proof>, HostError> {
        let Opened { center, store, runtime, .. } = opened;
        let programme = self.programme.as_deref().map(Programme::from);
        let now = SystemClock.now();
        let mut all = Vec::new();
        for consumer in consumers {
            let proofs = consent_proofs(store, center, *consumer, programme.as_ref(), now);
            all.extend(runtime.block_on(proofs)?);
        }
        Ok(all)
    }
}
