//! Quiet hours asked from outside: places, instants and consents as JSON lines on standard input, answers on standard output.
//! For tests/quiet_hours_oracle.py.
//!
//! ```sh
//! echo '{"number":"+12125550123","state":null,"zone":null,"at":1795662000,"consent":null}' |
//!     cargo run --release -p frontdesk-tendlc --example quiet
//! ```
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test's program ends by panicking")]

use std::io::{BufRead, BufWriter, Write};

use chrono::DateTime;
use frontdesk_tendlc::{Address, ConsentLevel, Facts, Place};
use frontdesk_types::Instant;
use serde::{Deserialize, Serialize};

/// A question: whether a promotion may arrive.
#[derive(Debug, Deserialize)]
struct Question {
    /// The consumer's number.
    number: String,
    /// The state and the zone of their address, where they are known.
    #[serde(flatten)]
    address: Address,
    /// At which second.
    at: i64,
    /// How far their consent goes.
    consent: Option<ConsentLevel>,
}

/// Our answer.
#[derive(Debug, Serialize)]
struct Answer {
    /// Whether it may arrive now.
    open: bool,
    /// Else the first second from which it may; none where it never may.
    until: Option<i64>,
}

/// Reads questions until there are no more.
fn main() {
    let stdin = std::io::stdin().lock();
    let mut stdout = BufWriter::new(std::io::stdout().lock());
    for line in stdin.lines() {
        let question = serde_json::from_str(&line.expect("a line")).expect("a question");
        let answer = serde_json::to_string(&answer(question)).expect("JSON");
        writeln!(stdout, "{answer}").expect("written");
    }
    stdout.flush().expect("written");
}

/// Asks the facts that come with the crate.
fn answer(question: Question) -> Answer {
    let number = question.number.parse().expect("a number");
    let place = Place::of(number, Some(question.address));
    let at: Instant = DateTime::from_timestamp(question.at, 0).expect("an instant");
    match Facts::standard().quiet_with(&place, at, question.consent) {
        None => Answer { open: true, until: None },
        Some(quiet) => Answer { open: false, until: quiet.until.map(|until| until.timestamp()) },
    }
}
