//! `frontdesk revocation`: whether texts revoke consent, as a filter of JSON lines (SMS-16).

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Write};

use frontdesk::sms::{Commands, Keyword, Languages, Revocation, find_revocation};
use serde::Serialize;

use crate::settings::HostError;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The languages whose rules apply: codes with commas between them (`en,ko`), or `all`. English always applies.
    #[arg(long, default_value_t = Languages::ALL)]
    languages: Languages,
    /// An opt-out word besides the fixed ones (`ALTO`); may be given several times.
    #[arg(long = "word")]
    words: Vec<String>,
}

/// A line of output.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<'a> {
    Found {
        level: Option<&'static str>,
        rule: Option<&'static str>,
        phrase: Option<&'a str>,
    },
    /// In the place of a line that is no JSON string, so that the others keep theirs.
    Error {
        error: String,
    },
}

/// Reads every line. A line that is not a JSON string is answered with an error in its place, and told on standard error;
/// the exit code then says so, too. A reader that has read enough ends the command without an error.
pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let mut commands = Commands::default();
    for word in &options.words {
        if !commands.add(word, Keyword::OptOut) {
            let message = format!("--word: `{word}` has no letter or digit");
            return Err(HostError::Refused(message));
        }
    }
    let input = BufReader::new(std::io::stdin().lock());
    let output = BufWriter::new(std::io::stdout().lock());
    match filter(input, output, options.languages, &commands) {
        Err(HostError::Io { source, .. }) if source.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

fn filter(
    mut input: BufReader<impl std::io::Read>,
    mut output: impl Write,
    languages: Languages,
    commands: &Commands,
) -> Result<(), HostError> {
    let (mut line, mut number, mut first_bad) = (Vec::new(), 0, None);
    loop {
        // Whoever writes one line and waits for its answer gets it.
        if input.buffer().is_empty() {
            output.flush().map_err(HostError::io("standard output"))?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(HostError::io("standard input"))? == 0 {
            break;
        }
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<String>(&line) {
            Ok(text) => {
                let found = find_revocation(&text, languages, commands);
                write(&mut output, &answer(&text, found))?;
            }
            Err(error) => {
                let error = format!("line {number}: a JSON string is expected: {error}");
                eprintln!("{error}");
                write(&mut output, &Answer::Error { error })?;
                first_bad.get_or_insert(number);
            }
        }
    }
    output.flush().map_err(HostError::io("standard output"))?;
    match first_bad {
        Some(line) => Err(HostError::Input { line, reason: "is not a JSON string".into() }),
        None => Ok(()),
    }
}

fn answer(text: &str, found: Option<Revocation>) -> Answer<'_> {
    let phrase = found.as_ref().and_then(|found| text.get(found.phrase.clone()));
    let (level, rule) = found.map(|found| (found.level.word(), found.rule)).unzip();
    Answer::Found { level, rule, phrase }
}

fn write(output: &mut impl Write, answer: &Answer<'_>) -> Result<(), HostError> {
    serde_json::to_writer(&mut *output, answer)
        .map_err(std::io::Error::from)
        .and_then(|()| output.write_all(b"\n"))
        .map_err(HostError::io("standard output"))
}
