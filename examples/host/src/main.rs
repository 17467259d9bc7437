//! `frontdesk`: the reference host. See `frontdesk --help`, and docs/ in the repository.

#![deny(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "they panic where nothing can be written; `output` does not"
)]

mod chat;
mod check;
mod config_file;
mod connections;
mod content;
mod ending;
mod holidays;
mod host_review;
mod hours;
mod inputs;
mod json_lines;
mod ledger;
mod lint;
mod live;
mod output;
mod providers;
mod registrations;
mod reload;
mod replay;
mod revocation;
mod sample;
mod secrets;
mod segments;
mod seldom;
mod serve;
mod settings;
mod simulate;
mod simulator;
mod status;
mod telling;
mod token;
mod web;
mod zones;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue},
};
use frontdesk::{Center, config::Plain};
use settings::HostError;
use tikv_jemallocator::Jemalloc;

/// One thread gives back what another has made: with this allocator that takes no lock. docs/performance.md has the figures.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// An SMS contact center: texts in, agents answer, nothing is lost.
#[derive(Debug, Parser)]
#[command(name = "frontdesk", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tells everything about a configuration before it goes live: errors, warnings, notes. Exit code 1 if there is an
    /// error, or what `--deny` names.
    Check(check::Options),
    /// A conversation in the terminal: you are the consumer and the agent.
    Chat {
        /// The configuration; the demo center without one.
        config: Option<PathBuf>,
        /// Virtual time: it passes only when you say `/wait 61m`.
        #[arg(long)]
        r#virtual: bool,
        /// The number of the center that is texted; the first one without.
        #[arg(long)]
        number: Option<frontdesk::types::SupportNumber>,
    },
    /// Whether texts may be sent: JSON objects with `kind` and `body` on standard input, one a line; verdict and findings on
    /// standard output, in order.
    Content(content::Options),
    /// The holidays of an iCalendar file, as sections of the configuration.
    Holidays(holidays::Options),
    /// Whether a queue is open at an instant, why, and when that changes, as JSON; or a month as a table.
    Hours(hours::Options),
    /// The consent ledger as a whole: whether it is what was entered, its signed heads, and proofs for a dispute.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// What reviewers of a 10DLC registration will turn down: each finding with its rule, how to mend it, and who says so.
    Lint(lint::Options),
    /// JSON lines of inputs on standard input, JSON lines of events on standard output, in virtual time.
    Replay {
        /// The configuration; the demo center without one.
        config: Option<PathBuf>,
    },
    /// Whether texts revoke consent: JSON strings on standard input, one a line; level, rule and phrase on standard
    /// output, in order.
    Revocation(revocation::Options),
    /// Prints the JSON Schema of the configuration, for editors.
    Schema,
    /// Prints a file to begin with: a configuration, a unit of systemd, or a reverse proxy.
    Sample {
        /// What to print.
        #[arg(value_enum, default_value_t)]
        what: sample::Sample,
    },
    /// What texts cost: JSON strings on standard input, one a line; encoding, segments and units on standard
    /// output, in order.
    Segments(segments::Options),
    /// Runs the center (the default command).
    Serve(serve::Options),
    /// Runs a day in virtual time with the center's queues and rules: waits, service level, abandonment,
    /// occupancy.
    Simulate(simulate::Options),
    /// Where brands and campaigns stand at the provider, as a table. Exit code 1 if one may not send, or nobody knows.
    Status(status::Options),
    /// Makes a token for the API: prints it once, and the section of the configuration to go with it.
    Token {
        /// `agent`, `supervisor`, `admin`, or `api` for a program that uses the Outbound SMS API.
        role: settings::Role,
        /// Whose token it is, for the role agent. Given several times, each agent gets one.
        #[arg(long)]
        agent: Vec<String>,
        /// The person or program that gets it: the consent ledger names it with what it enters.
        #[arg(long)]
        name: Option<String>,
        /// Until when it is good: a day, `2027-01-31` (its end, UTC), or an instant, `2027-01-31T18:00:00Z`.
        #[arg(long)]
        expires: Option<String>,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    let done = match arguments.command.unwrap_or(Command::Serve(serve::Options::default())) {
        Command::Check(options) => return ended(check::run(&options)),
        Command::Status(options) => return ended(status::run(&options)),
        Command::Chat { config, r#virtual, number } => {
            chat::run(config.as_deref(), r#virtual, number)
        }
        Command::Content(options) => content::run(&options),
        Command::Holidays(options) => holidays::run(&options),
        Command::Hours(options) => hours::run(&options),
        Command::Ledger(command) => return ended(ledger::run(&command)),
        Command::Lint(options) => lint::run(&options),
        Command::Replay { config } => replay::run(config.as_deref()),
        Command::Revocation(options) => revocation::run(&options),
        Command::Schema => {
            output::line(format_args!("{:#}", Center::schema_with_host::<settings::Host>()))
        }
        Command::Segments(options) => segments::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Sample { what } => what.print(),
        Command::Token { role, agent, name, expires } => {
            token::print(role, &agent, name.as_deref(), expires.as_deref())
        }
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

/// The command line is wrong, or asks for help. A configuration in the place of a command is most likely to be served.
fn refused(error: &clap::Error) -> ExitCode {
    // Where nothing can be written, there is nobody to tell.
    drop(error.print());
    let word = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) if Path::new(word).is_file() => Some(Plain(word)),
        _ => None,
    };
    if let Some(word) = word {
        output::aside(format_args!(
            "\n  tip: to run the center of this file: frontdesk serve {word}\n  tip: to check it first: frontdesk check {word}"
        ));
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The exit code of a command whose answer cannot be written, to a full disk for one.
const UNTOLD: u8 = 2;

/// The exit code of a command; its error goes to standard error.
fn ended(done: Result<ExitCode, HostError>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) if output::is_done_with(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::aside(format_args!("{error}"));
            match error {
                HostError::Output { .. } => ExitCode::from(UNTOLD),
                _ => ExitCode::FAILURE,
            }
        }
    }
}
