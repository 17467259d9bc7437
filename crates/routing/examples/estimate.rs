//! Estimates waits for a simulator that somebody else wrote: JSON lines in, one estimate for each question.
//!
//! ```json
//! {"handled":301.5}
//! {"served":12.0}
//! {"gave_up":95.0}
//! {"ahead":3,"busy":[12.0,250.0],"places":2,"roster":[[3600.0,1.0]],"silent":[]}
//! ```
//! `silent` are those before who may have given up without a word, by how long they have waited.
//! A question is answered by `[at least, likely, at most]` in seconds, or `null`.

use std::io::{BufRead, Write, stdin, stdout};

use chrono::TimeDelta;
use frontdesk_routing::{Situation, WaitHistory};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Handled { handled: f64 },
    Served { served: f64 },
    GaveUp { gave_up: f64 },
    Question { ahead: f64, busy: Vec<f64>, places: f64, roster: Vec<(f64, f64)>, silent: Vec<f64> },
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[expect(clippy::cast_possible_truncation, reason = "durations of hours")]
    let delta = |seconds: f64| TimeDelta::milliseconds((seconds * 1000.0) as i64);
    let mut history = WaitHistory::default();
    let mut out = std::io::BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        match serde_json::from_str(&line?)? {
            Line::Handled { handled } => history.handled(delta(handled)),
            Line::Served { served } => history.served(delta(served)),
            Line::GaveUp { gave_up } => history.gave_up(delta(gave_up)),
            Line::Question { ahead, busy, places, roster, silent } => {
                let there = silent.into_iter().map(|waited| history.still_there(delta(waited)));
                let ahead = ahead + there.sum::<f64>();
                let situation = Situation { ahead, busy, places, roster };
                let answer = history.wait(&situation).map(|wait| {
                    [wait.at_least, wait.likely, wait.at_most].map(TimeDelta::as_seconds_f64)
                });
                writeln!(out, "{}", serde_json::to_string(&answer)?)?;
            }
        }
    }
    Ok(())
}
