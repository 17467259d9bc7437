//! `frontdesk`: the reference host. See `frontdesk --help`, and docs/ in the repository.

mod chat;
mod check;
mod connections;
mod ending;
mod holidays;
mod hours;
mod inputs;
mod lint;
mod live;
mod providers;
mod replay;
mod secrets;
mod segments;
mod seldom;
mod serve;
mod settings;
mod simulate;
mod simulator;
mod web;
mod zones;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use frontdesk::Center;

/// An SMS contact center: texts in, agents answer, nothing is lost.
#[derive(Debug, Parser)]
#[command(version)]
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
    },
    /// The holidays of an iCalendar file, as sections of the configuration.
    Holidays(holidays::Options),
    /// Whether a queue is open at an instant, why, and when that changes, as JSON; or a month as a table.
    Hours(hours::Options),
    /// What reviewers of a 10DLC registration will turn down: each finding with its rule, how to mend it, and who says so.
    Lint(lint::Options),
    /// JSON lines of inputs on standard input, JSON lines of events on standard output, in virtual time.
    Replay {
        /// The configuration; the demo center without one.
        config: Option<PathBuf>,
    },
    /// Prints the JSON Schema of the configuration, for editors.
    Schema,
    /// What texts cost: JSON strings on standard input, one a line; encoding, segments and units on standard
    /// output, in order.
    Segments(segments::Options),
    /// Runs the center (the default command).
    Serve(serve::Options),
    /// Runs a day in virtual time with the center's queues and rules: waits, service level, abandonment,
    /// occupancy.
    Simulate(simulate::Options),
    /// Makes a token for the API: prints it once, and the section of the configuration to go with it.
    Token {
        /// `agent`, `supervisor`, `admin`, or `api` for a program that uses the Outbound SMS API.
        role: settings::Role,
        /// Whose token it is, for the role agent.
        #[arg(long)]
        agent: Option<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command.unwrap_or(Command::Serve(serve::Options::default()))
    {
        Command::Check(options) => return ended(check::run(&options)),
        Command::Chat { config, r#virtual } => chat::run(config.as_deref(), r#virtual),
        Command::Holidays(options) => holidays::run(&options),
        Command::Hours(options) => hours::run(&options),
        Command::Lint(options) => lint::run(&options),
        Command::Replay { config } => replay::run(config.as_deref()),
        Command::Schema => {
            println!("{:#}", Center::schema_with_host::<settings::Host>());
            Ok(())
        }
        Command::Segments(options) => segments::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Token { role, agent } => settings::print_new_token(role, agent.as_deref()),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

fn ended(done: Result<ExitCode, settings::HostError>) -> ExitCode {
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}
