//! `frontdesk ledger verify`: a look at the whole ledger, compared with heads that others have.

use std::{path::PathBuf, process::ExitCode};

use chrono::TimeDelta;
use clap::Args;
use frontdesk::{Clock, Comparison, SystemClock, compare_ledger, tendlc::SignedHead};

use super::{Format, NOT_WHOLE, Opened, Place};
use crate::{output, settings::HostError};

/// Longest file of heads, in bytes.
const LONGEST_FILE: u64 = 64 * 1024 * 1024;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// A file with heads that somebody else has kept: signed notes, or lines of JSON as anchors of the kind `file` have them. Each is
    /// compared with the ledger. Several files may be given.
    #[arg(long, value_name = "FILE")]
    head: Vec<PathBuf>,
    /// The database is a copy: heads that were made after it are told, and are no error.
    #[arg(long)]
    copy: bool,
    /// An error where no configured anchor has a head of the last so many hours, by a check.
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=87_600))]
    require_anchor: Option<u32>,
    /// Text for people, or one JSON document.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Options {
    pub(super) fn run(&self) -> Result<ExitCode, HostError> {
        let comparison = Comparison {
            heads: self.heads()?,
            is_copy: self.copy,
            newest_within: self.require_anchor.map(|hours| TimeDelta::hours(hours.into())),
        };
        let Opened { center, heads, store, runtime } = self.place.to_read()?;
        let now = SystemClock.now();
        let look = compare_ledger(&store, center.id(), &heads, &comparison, now);
        let report = runtime.block_on(look)?;
        match self.format {
            Format::Text => output::line(format_args!("{report}"))?,
            Format::Json => output::json(&report)?,
        }
        Ok(if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(NOT_WHOLE) })
    }

    /// The heads of all files, each with its file.
    fn heads(&self) -> Result<Vec<(String, SignedHead)>, HostError> {
        let mut all = Vec::new();
        for path in &self.head {
            let named = path.display().to_string();
            let size = std::fs::metadata(path).map_err(HostError::io(named.clone()))?.len();
            if size > LONGEST_FILE {
                let told = format!("{named}: it has {size} bytes; allowed are {LONGEST_FILE}");
                return Err(HostError::Refused(told));
            }
            let text = std::fs::read_to_string(path).map_err(HostError::io(named.clone()))?;
            let heads = SignedHead::read_all(&text)
                .map_err(|error| HostError::Refused(format!("{named}, {error}")))?;
            if heads.is_empty() {
                return Err(HostError::Refused(format!("{named} has no head")));
            }
            all.extend(heads.into_iter().map(|head| (named.clone(), head)));
        }
        Ok(all)
    }
}
