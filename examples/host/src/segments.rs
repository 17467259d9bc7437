//! `frontdesk segments`: what texts cost, as a filter of JSON lines.

use std::io::{BufRead, BufWriter, Write};

use clap::ValueEnum;
use frontdesk::sms::segments::{Count, NationalLanguage, Segmenter, SplitAt, smart_encode};
use serde::Serialize;

use crate::settings::HostError;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Replace typographic characters that would force UCS-2, if the whole text then fits GSM-7.
    #[arg(long)]
    smart: bool,
    /// Where UCS-2 texts may be split.
    #[arg(long, value_enum, default_value_t = Split::Graphemes)]
    split: Split,
    /// National tables that may be used (3GPP TS 23.038 annex A): tr, es, pt, bn, gu, hi, kn, ml, or, pa,
    /// ta, te, ur.
    #[arg(long = "language", value_parser = language)]
    languages: Vec<NationalLanguage>,
    /// Also tell the text of each segment.
    #[arg(long)]
    parts: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Split {
    CodePoints,
    Graphemes,
}

fn language(code: &str) -> Result<NationalLanguage, String> {
    let known = NationalLanguage::ALL.into_iter().find(|language| language.code() == code);
    known.ok_or_else(|| format!("there are no national tables for `{code}`"))
}

/// A line of output.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer<'a> {
    Count {
        encoding: String,
        segments: u32,
        units: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        parts: Option<Vec<&'a str>>,
    },
    /// In the place of a line that is no JSON string, so that the others keep theirs.
    Error { error: String },
}

/// Counts every line. Lines that are not JSON strings are answered with an error in their place; the exit
/// code then says so, too.
pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let mut segmenter = Segmenter::default().splitting_at(match options.split {
        Split::CodePoints => SplitAt::CodePoints,
        Split::Graphemes => SplitAt::Graphemes,
    });
    for language in &options.languages {
        segmenter = segmenter.with_language(*language);
    }
    let mut input = std::io::stdin().lock();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut number, mut first_bad) = (Vec::new(), 0, None);
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(HostError::io("standard input"))? == 0 {
            break;
        }
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<String>(&line) {
            Ok(text) => count(options, segmenter, &text, &mut output)?,
            Err(error) => {
                let error = format!("line {number}: a JSON string is expected: {error}");
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

fn count(
    options: &Options,
    segmenter: Segmenter,
    text: &str,
    output: &mut dyn Write,
) -> Result<(), HostError> {
    let text = if options.smart { smart_encode(text) } else { text.into() };
    let Count { encoding, segments, units, .. } = segmenter.count(&text);
    let parts = options.parts.then(|| segmenter.split(&text).map(|part| part.text).collect());
    write(output, &Answer::Count { encoding: encoding.to_string(), segments, units, parts })
}

fn write(output: &mut dyn Write, answer: &Answer<'_>) -> Result<(), HostError> {
    serde_json::to_writer(&mut *output, answer)
        .map_err(std::io::Error::from)
        .and_then(|()| output.write_all(b"\n"))
        .map_err(HostError::io("standard output"))
}
