//! Chunks of a text between spaces: links, addresses, letters that stand apart.

use smallvec::SmallVec;

use super::{MAX_RUN, Reader};
use crate::content::{
    fold::{Folded, fold},
    lexicon::class,
    links::link,
};

/// The gap between two chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Space,
    Wide,
    Line,
}

/// Characters between spaces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The gap before it.
    pub(super) gap: Gap,
}

/// The chunks of a text.
pub(super) fn chunks(text: &str) -> SmallVec<[Chunk; 32]> {
    let mut chunks = SmallVec::new();
    let (mut from, mut spaces, mut line) = (None, 0_usize, false);
    let mut gap = Gap::Line;
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() {
            if let Some(from) = from.take() {
                chunks.push(Chunk { from, to: at, gap });
                (spaces, line) = (0, false);
            }
            spaces += 1;
            line |= letter == '\n' || letter == '\r';
        } else if from.is_none() {
            from = Some(at);
            gap = match (line || chunks.is_empty(), spaces) {
                (true, _) => Gap::Line,
                (false, 0 | 1) => Gap::Space,
                (false, _) => Gap::Wide,
            };
        }
    }
    if let Some(from) = from {
        chunks.push(Chunk { from, to: text.len(), gap });
    }
    chunks
}

/// How many chunks from the first one on are one character each, with one space between them.
pub(super) fn spaced_run(text: &str, chunks: &[Chunk]) -> usize {
    let single = |chunk: &Chunk| {
        let mut letters = text.get(chunk.from..chunk.to).unwrap_or_default().chars();
        let first = letters.next();
        // A full stop or comma may end the run.
        let rest_is_sign = letters.all(|c| matches!(c, '.' | ',' | '!' | '?' | ':'));
        rest_is_sign
            && first.is_some_and(|c| {
                c.is_ascii_alphanumeric()
                    || matches!(c, '@' | '$' | '!' | '.' | '-' | '/' | '*')
                    || (!c.is_ascii() && c.is_alphanumeric())
            })
    };
    let follows = |chunk: &&Chunk| chunk.gap == Gap::Space && single(chunk);
    match chunks.split_first() {
        Some((first, rest)) if single(first) => {
            1 + rest.iter().take(MAX_RUN).take_while(follows).count()
        }
        _ => 0,
    }
}

impl Reader<'_> {
    /// A link or an email address, with nothing else in its chunk but what stands before and after it.
    pub(super) fn links_in(&mut self, chunk: Chunk, text: &str) -> bool {
        const AROUND: [char; 21] = [
            '(', ')', '<', '>', '"', '\'', ',', ';', ':', '!', '?', '.', '“', '”', '‘', '’', '»',
            '«', '*', '→', '…',
        ];
        let after = text.trim_start_matches(AROUND);
        let inner = after.trim_end_matches(AROUND);
        if !may_be_link(inner) {
            return false;
        }
        let from = chunk.from + text.len() - after.len();
        let to = from + inner.len();
        self.read.steps += inner.len();
        if let Some(found) = link(inner) {
            self.link(from, to, found);
            return true;
        }
        // A link may stand right after other signs: `=>evil.top`, `👉evil.top`, `here:evil.com/x`.
        if let Some(cut) =
            inner.rfind(|c: char| matches!(c, '>' | ':' | '=' | ',') || is_picture(c))
            && !inner.contains("://")
        {
            let after = cut
                + inner.get(cut..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            if let Some(found) = inner.get(after..).and_then(link) {
                self.words(from, inner.get(..cut).unwrap_or_default());
                self.link(from + after, to, found);
                return true;
            }
        }
        if is_email(inner) {
            self.push_class(from, to, class::EMAIL);
            return true;
        }
        false
    }
}

/// Whether a chunk has anything that every link or address has.
fn may_be_link(inner: &str) -> bool {
    let bytes = inner.as_bytes();
    let number = bytes.first().is_some_and(u8::is_ascii_digit) && bytes.contains(&b'/');
    number
        || !inner.is_ascii()
        || bytes.iter().any(|byte| matches!(byte, b'.' | b':' | b'[' | b'(' | b'{'))
}

fn is_picture(letter: char) -> bool {
    !letter.is_ascii() && matches!(fold(letter), Folded::Sign)
}

/// Whether a chunk is an email address.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let part = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+')
            })
    };
    part(name)
        && part(host)
        && host.contains('.')
        && host
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
