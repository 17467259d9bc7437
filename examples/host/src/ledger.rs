//! `frontdesk ledger`: the consent ledger as a whole, its heads, and proofs (DLC-3).

mod parts;
mod proofs;
mod verifying;
mod warnings;

use std::{
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use frontdesk::{
    AnchorError, Center, Clock, Heads, SystemClock, anchor_ledger, newest_head, tendlc::SignedHead,
};
use frontdesk_store_sqlite::SqliteStore;
use tokio::runtime::Runtime;

pub(crate) use parts::{LedgerSection, heads, wrong_meaning};
pub(crate) use warnings::warnings;

use crate::{
    output, providers,
    settings::{self, Host, HostError},
};

/// The exit code of a ledger that is not whole, and of a head that not every anchor has.
const NOT_WHOLE: u8 = 1;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Seals what was entered, makes a head, and gives it to every anchor now. Nobody may serve the database meanwhile: a host does
    /// so by itself, and at once when it is told (`POST /api/v1/ledger/heads`).
    Anchor(Place),
    /// Prints the newest head, with its signature.
    Head(Place),
    /// Makes a key that signs heads: the secret goes into a new file, for its owner alone; the public key is printed.
    Key {
        /// The name of the key, without spaces: `acme-2026`.
        #[arg(long)]
        name: String,
        /// The file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Prints what consumers agreed to and revoked, with digests, heads and anchors: for a dispute.
    Proof(proofs::Options),
    /// Looks through the whole ledger: histories, seals, heads, anchors, and the event log. Exit code 1 if something is not what was
    /// entered. It only reads: a host may serve the database meanwhile.
    Verify(verifying::Options),
}

/// Where the ledger is.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The configuration (TOML); the demo center without one.
    config: Option<PathBuf>,
    /// The database file, instead of `host.database`.
    #[arg(long)]
    database: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Json,
    Text,
}

/// The parts that a command works with.
struct Opened {
    center: Center,
    heads: Heads,
    store: SqliteStore,
    runtime: Runtime,
}

impl Place {
    fn settings(&self) -> Result<(Center, Host, PathBuf), HostError> {
        let (center, host) = settings::load(self.config.as_deref())?;
        let database = host.database_file(self.database.as_deref());
        Ok((center, host, database))
    }

    fn open(
        &self,
        store: impl FnOnce(&Path) -> Result<SqliteStore, HostError>,
    ) -> Result<Opened, HostError> {
        let (center, host, database) = self.settings()?;
        let heads = heads(host.ledger.as_ref())?;
        let runtime = Runtime::new().map_err(HostError::io("the runtime"))?;
        Ok(Opened { center, heads, store: store(&database)?, runtime })
    }

    fn to_read(&self) -> Result<Opened, HostError> {
        self.open(|database| Ok(SqliteStore::open_to_read(database)?))
    }
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, HostError> {
    match command {
        Command::Anchor(place) => anchor(&place.open(providers::store)?),
        Command::Head(place) => head(&place.to_read()?),
        Command::Key { name, out } => parts::new_key(name, out).map(|()| ExitCode::SUCCESS),
        Command::Proof(options) => options.run(),
        Command::Verify(options) => options.run(),
    }
}

fn head(opened: &Opened) -> Result<ExitCode, HostError> {
    let Opened { center, store, runtime, .. } = opened;
    let head = runtime.block_on(newest_head(store, center.id()))?;
    let Some(head) = head else {
        let told = "no head was made yet: a host makes one every hour if it has a key or an anchor, and `frontdesk ledger anchor` at once";
        return Err(HostError::Refused(told.into()));
    };
    output::write(format_args!("{head}"))?;
    Ok(ExitCode::SUCCESS)
}

fn anchor(opened: &Opened) -> Result<ExitCode, HostError> {
    let Opened { center, heads, store, runtime } = opened;
    let made = anchor_ledger(store, center.id(), heads, SystemClock.now());
    let Some((head, answers)) = runtime.block_on(made)? else {
        return Err(HostError::Refused("nothing was ever entered: there is no head".into()));
    };
    output::line(format_args!("{}", Answers { head: &head, answers: &answers }))?;
    let failed = answers.iter().any(|(_, answer)| answer.is_err());
    Ok(if failed { ExitCode::from(NOT_WHOLE) } else { ExitCode::SUCCESS })
}

/// A head, and what anchors answered.
struct Answers<'a> {
    head: &'a SignedHead,
    answers: &'a [(String, Result<(), AnchorError>)],
}

impl fmt::Display for Answers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.head)?;
        if self.answers.is_empty() {
            write!(f, "\nno anchor is configured ([[host.ledger.anchors]])")?;
        }
        for (name, answer) in self.answers {
            match answer {
                Ok(()) => write!(f, "\n{name} has it")?,
                Err(error) => write!(f, "\n{name} does not have it: {error}")?,
            }
        }
        Ok(())
    }
}
