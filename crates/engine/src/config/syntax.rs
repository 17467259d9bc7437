//! Mistakes of TOML's syntax, in words for those who do not know it.

use std::collections::BTreeSet;

use toml::de::Error;

use super::{
    Problems,
    paths::{LINE, is_list_of_blocks},
};

/// The most mistakes of syntax that are told: the later ones follow from the first.
const MOST: usize = 3;
/// The most that are looked at.
const LOOKED_AT: usize = 100;

/// Quotes of word processors, which TOML takes for letters.
const CURLY: [char; 6] = ['“', '”', '„', '‘', '’', '‚'];

/// Tells one bracket that is not closed alone, where it was noticed: it makes a mistake of everything after it. Of others the first ones
/// are told, one a line.
pub(super) fn tell(text: &str, errors: &[Error], problems: &mut Problems) {
    let unclosed = errors.iter().find(|error| error.message().starts_with("unclosed"));
    if let (Some(unclosed), Some(first)) = (unclosed, errors.first()) {
        let message = format!("what begins before this is not closed: {}", unclosed.message());
        problems.add(format!("{LINE}{}", line_of(text, first)), message);
        return;
    }
    let mut told = BTreeSet::new();
    let mut twice = None;
    for error in errors.iter().take(LOOKED_AT) {
        if told.len() == MOST {
            return;
        }
        let line = line_of(text, error);
        let header = header_above(text, line);
        let duplicate = error.message() == "duplicate key";
        // All settings of a section that stands there twice would be duplicates.
        let follows = duplicate && twice.is_some() && twice == header;
        if follows || !told.insert(line) {
            continue;
        }
        if duplicate && header == Some(line) {
            twice = header;
        }
        problems.add(format!("{LINE}{line}"), message(text, error, line));
    }
}

/// The line of a mistake, from 1 on.
pub(super) fn line_of(text: &str, error: &Error) -> usize {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    before.matches('\n').count() + 1
}

/// The line of the section that a line stands in, or begins.
fn header_above(text: &str, line: usize) -> Option<usize> {
    let lines = text.lines().take(line).enumerate();
    let headers = lines.filter(|(_, line)| line.trim_start().starts_with('['));
    headers.last().map(|(before, _)| before + 1)
}

fn message(text: &str, error: &Error, line: usize) -> String {
    let written = text.lines().nth(line - 1).unwrap_or_default().trim();
    let rest = error.span().and_then(|span| text.get(span.start..)).unwrap_or_default();
    let rest = rest.lines().next().unwrap_or_default();
    let quote = rest.chars().find(|c| CURLY.contains(c) || matches!(c, '"' | '\''));
    if let Some(quote) = quote.filter(|quote| CURLY.contains(quote)) {
        return format!("`{quote}` is a curly quote, which TOML does not know: write \" instead");
    }
    if error.message() != "duplicate key" {
        return error.message().to_owned();
    }
    let section = written.strip_prefix('[').and_then(|rest| rest.split(']').next());
    match section.map(|section| section.trim_start_matches('[').trim()) {
        Some(list) if is_list_of_blocks(list) => {
            format!("there are several of these: write `[[{list}]]` above each of them")
        }
        Some(section) => {
            format!("duplicate key: the section `{section}` stands there already, write it once")
        }
        None => error.message().to_owned(),
    }
}
