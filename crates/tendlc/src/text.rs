//! What rules look for in texts.

use crate::wording::{Meaning, Reading};

/// Lower case, with single spaces and plain punctuation.
pub(crate) fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether one of these phrases stands in a text, as whole words.
pub(crate) fn says(text: &str, phrases: &[&str]) -> bool {
    said(text, phrases).is_some()
}

/// The first of these phrases that stands in a text, as whole words.
pub(crate) fn said<'a>(text: &str, phrases: &[&'a str]) -> Option<&'a str> {
    let text = plain(text);
    phrases.iter().copied().find(|phrase| {
        text.match_indices(phrase).any(|(at, found)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
            let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
            ends(before) && ends(after)
        })
    })
}

/// How often texts come.
pub(crate) fn tells_frequency(text: &str) -> bool {
    Reading::of(text).says(Meaning::Frequency)
}

/// That texts cost.
pub(crate) fn tells_rates(text: &str) -> bool {
    Reading::of(text).says(Meaning::Rates)
}

/// How to get help: with a keyword.
pub(crate) fn tells_help(text: &str) -> bool {
    let reading = Reading::of(text);
    reading.says(Meaning::Help) || (shouts(text, "HELP") && !reading.says(Meaning::HelpDenied))
}

/// How to stop: with a keyword, and what it does.
pub(crate) fn tells_stop(text: &str) -> bool {
    let reading = Reading::of(text);
    reading.says(Meaning::Stop) || (shouts(text, "STOP") && !reading.says(Meaning::StopDenied))
}

/// Whether a keyword stands in capitals before what it does: `STOP ends them`, `HELP for the office`.
fn shouts(text: &str, keyword: &str) -> bool {
    const DOES: [&str; 12] = [
        " for ",
        " to ",
        "=",
        " = ",
        " ends",
        " gets",
        " if you",
        " any time",
        " anytime",
        " at any time",
        " whenever",
        ": ",
    ];
    let cased = text.contains(|letter: char| letter.is_lowercase());
    cased
        && text.match_indices(keyword).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let behind = text.get(at + keyword.len()..).unwrap_or_default();
            before.is_none_or(|letter| !letter.is_alphanumeric())
                && DOES.iter().any(|does| behind.starts_with(does))
        })
}

/// The hosts of the links in a text, without `www.`.
pub(crate) fn hosts(text: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    if !may_link(text) {
        return hosts;
    }
    for word in
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '<' | '>' | '"'))
    {
        let word = word.trim_end_matches(['.', '!', '?', ';', ':']);
        let starts = |scheme: &str| {
            word.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        let link = starts("https://") || starts("http://");
        // Most of what has a full stop inside is no link.
        if !link && !ends_like_a_host(word) {
            continue;
        }
        let word = word.to_lowercase();
        let rest = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
        let bare = rest.is_none();
        let host = rest.unwrap_or(&word).split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.trim_start_matches("www.");
        if is_domain(host) && !(bare && word.contains('@')) {
            hosts.push(host.to_owned());
        }
    }
    hosts
}

/// Endings of links without `https://`: what else has a full stop inside is rarely one.
const BARE: [&str; 14] = [
    "com", "org", "net", "gov", "edu", "io", "co", "us", "ly", "gl", "app", "example", "cc", "link",
];

fn is_bare_ending(top: &[u8]) -> bool {
    BARE.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(top))
}

/// Whether there may be a link in a text. Most full stops inside of words are in none.
fn may_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find(bytes, b"://").is_some()
        || memchr::memchr_iter(b'.', bytes).any(|dot| {
            let after = bytes.get(dot + 1..).unwrap_or_default();
            let other = after.iter().position(|byte| !byte.is_ascii_alphabetic());
            after.get(..other.unwrap_or(after.len())).is_some_and(is_bare_ending)
        })
}

/// Whether a word that is no link by `https://` may be a host.
fn ends_like_a_host(word: &str) -> bool {
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let top = host.rsplit_once('.').map(|(_, top)| top);
    top.is_some_and(|top| is_bare_ending(top.as_bytes()))
}

fn is_domain(host: &str) -> bool {
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    !name.is_empty()
        && !top.is_empty()
        && top.chars().all(|c| c.is_ascii_alphabetic())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// The host of a link.
pub(crate) fn host_of(link: &str) -> Option<String> {
    hosts(link).into_iter().next()
}

/// Whether two hosts belong together: the same, or one below the other.
pub(crate) fn related(host: &str, other: &str) -> bool {
    let below = |a: &str, b: &str| a == b || a.ends_with(&format!(".{b}"));
    below(host, other) || below(other, host)
}

/// Whether there is a number of seven digits, as people write one of their own town: 555-0134.
pub(crate) fn has_local_phone(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    bytes.windows(8).any(|window| {
        let (head, tail) = window.split_at(3);
        digits(head)
            && matches!(tail.first(), Some(b'-' | b'.' | b' '))
            && digits(tail.get(1..).unwrap_or_default())
    })
}

/// Whether there is a phone number in a text: ten digits or more, as people write them.
pub(crate) fn has_phone(text: &str) -> bool {
    let mut digits = 0;
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits += 1,
            ' ' | '-' | '.' | '(' | ')' | '+' if digits > 0 => {}
            _ => digits = 0,
        }
        if digits >= 10 {
            return true;
        }
    }
    false
}
