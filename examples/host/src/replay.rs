//! `frontdesk replay`: inputs in, events out, in virtual time, without a database. The same input gives
//! the same output, always.

use std::{
    io::{BufRead, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use frontdesk::{Center, Engine, ManualClock, Observer, Parts, store::Record, types::from_millis};
use futures::executor::block_on;

use crate::{
    inputs::{self, Timed},
    output,
    settings::{self, HostError},
};

/// Writes every record as a line.
#[derive(Debug, Default)]
struct Lines(Mutex<Vec<Record>>);

impl Lines {
    fn take(&self) -> Vec<Record> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Lines {
    fn events(&self, record: &Record) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record.clone());
    }

    fn work_waiting(&self) {}
}

pub(crate) fn run(config: Option<&Path>) -> Result<(), HostError> {
    let (center, _) = settings::load(config)?;
    block_on(replay(center, &mut std::io::stdin().lock(), &mut std::io::stdout().lock()))
}

async fn replay(
    center: Center,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<(), HostError> {
    let clock = Arc::new(ManualClock::new(from_millis(0)));
    let lines = Arc::new(Lines::default());
    let parts =
        Parts { clock: clock.clone(), observer: lines.clone(), ..Parts::in_memory(&center) };
    let engine = Engine::open(center, parts).await?;
    let mut last = None;
    for (number, line) in input.lines().enumerate() {
        let line = line.map_err(HostError::io("standard input"))?;
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |reason: String| HostError::Input { line: number + 1, reason };
        let Timed { at, input } =
            serde_json::from_str(&line).map_err(|error| wrong(error.to_string()))?;
        if last.is_some_and(|last| at < last) {
            return Err(wrong(format!("{at} is before the input above; time does not run back")));
        }
        last = Some(at);
        clock.set(at);
        let refused = inputs::apply(&engine, input).await.err();
        for record in lines.take() {
            let record =
                serde_json::to_string(&record).map_err(|error| wrong(error.to_string()))?;
            writeln!(output, "{record}").map_err(output::cannot)?;
        }
        if let Some(refused) = refused {
            let refusal =
                serde_json::json!({ "at": at, "line": number + 1, "refused": refused.to_string() });
            writeln!(output, "{refusal}").map_err(output::cannot)?;
        }
    }
    output.flush().map_err(output::cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: &str = r#"
        {"at":"2026-11-20T15:00:00Z","input":"status","agent":"ana","status":"available"}
        {"at":"2026-11-20T15:00:01Z","input":"text","id":"SM1","from":"+12025550123","to":"+12025550100","body":"pay"}
        {"at":"2026-11-20T15:00:01Z","input":"text","id":"SM1","from":"+12025550123","to":"+12025550100","body":"pay"}
        {"at":"2026-11-20T15:00:02Z","input":"accept","agent":"ana","session":1}
        {"at":"2026-11-20T15:00:02Z","input":"accept","agent":"ben","session":1}
        {"at":"2026-11-20T15:00:03Z","input":"send","agent":"ana","session":1,"body":"Hi"}
        {"at":"2026-11-20T16:30:00Z","input":"time"}
        {"at":"2026-11-20T16:30:00Z","input":"text","id":"SM2","from":"+12025550123","to":"+12025550100","body":"stop"}
    "#;

    fn replayed(input: &str) -> Result<String, HostError> {
        let center = settings::load(None)?.0;
        let mut output = Vec::new();
        block_on(replay(center, &mut input.as_bytes(), &mut output))?;
        Ok(String::from_utf8(output).unwrap())
    }

    #[test]
    fn the_same_inputs_give_the_same_events() {
        let first = replayed(INPUT).unwrap();
        assert_eq!(first, replayed(INPUT).unwrap());
        assert_eq!(first.matches("\"inbound_message\"").count(), 2, "{first}");
        assert!(
            first.contains(r#""refused":"agent ben is not available but LoggedOut""#)
                || first.contains("already"),
            "{first}"
        );
        assert!(first.contains(r#""at":"2026-11-20T16:00:02Z","type":"ended","reason":"timeout_end_user_no_message""#), "{first}");
        assert!(first.contains("opted_out"), "{first}");
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let error =
            replayed("\n{\"at\":\"2026-11-20T15:00:00Z\",\"input\":\"dance\"}").unwrap_err();
        assert!(error.to_string().starts_with("line 2: unknown variant `dance`"), "{error}");
    }
}
