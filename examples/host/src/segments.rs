//! `frontdesk segments`: what texts cost, as a filter of JSON lines.

use std::io::Write;

use clap::ValueEnum;
use frontdesk::sms::segments::{Count, NationalLanguage, Segmenter, SplitAt, smart_encode};
use serde::Serialize;

use crate::{json_lines, settings::HostError};

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
struct Answer<'a> {
    encoding: String,
    segments: u32,
    units: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<&'a str>>,
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
    json_lines::answer(|text, output| count(options, segmenter, text, output))
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
    json_lines::write(output, &Answer { encoding: encoding.to_string(), segments, units, parts })
}
