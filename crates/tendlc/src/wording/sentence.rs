//! Splits a text into sentences of plain words.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::quote::{is_quotation, straight};
use crate::text::hosts;

/// Longest text that is read, in bytes. Fields of a registration end at 4,096 characters; policies are longer.
const MAX_BYTES: usize = 64 * 1024;

/// A full stop behind these words ends no sentence.
const ABBREVIATIONS: [&str; 24] = [
    "avg", "approx", "max", "min", "std", "freq", "frec", "msg", "dr", "mr", "mrs", "ms", "st",
    "inc", "co", "corp", "ltd", "no", "vs", "incl", "est", "dept", "ave", "blvd",
];

/// Words between sentences that part them like a full stop.
const DIVIDERS: [&str; 9] =
    ["-", "--", "\u{2013}", "\u{2014}", "|", "\u{2022}", "\u{b7}", "/", "\u{2192}"];

/// Sentences of lower-case ASCII words with one space between them.
///
/// Links are `url`, addresses `email`, `&` and `+` are `and`; commas, colons, `/`, `=`, `%`, `$` and `#` are words.
/// Accents, apostrophes, brackets and quotation marks fall away. A quotation begins and ends a sentence.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
    let text = straight(text);
    let mut writer = Writer::default();
    for (at, part) in text.split('"').enumerate() {
        let quotation = at % 2 == 1 && is_quotation(part);
        if quotation {
            writer.end();
        }
        for line in part.lines() {
            for chunk in line.split_whitespace() {
                writer.chunk(chunk);
            }
            if part.contains('\n') {
                writer.end();
            }
        }
        if quotation {
            writer.end();
        }
    }
    writer.end();
    writer.sentences
}

#[derive(Debug, Default)]
struct Writer {
    sentences: Vec<String>,
    sentence: String,
    word: String,
}

impl Writer {
    fn word(&mut self, word: &str) {
        if !word.is_empty() {
            if !self.sentence.is_empty() {
                self.sentence.push(' ');
            }
            self.sentence.push_str(word);
        }
    }

    /// Ends the word that is being written.
    fn close(&mut self) {
        let word = std::mem::take(&mut self.word);
        self.word(&word);
    }

    fn end(&mut self) {
        self.close();
        if !self.sentence.is_empty() {
            self.sentences.push(std::mem::take(&mut self.sentence));
        }
    }

    fn chunk(&mut self, chunk: &str) {
        if DIVIDERS.contains(&chunk) {
            return self.end();
        }
        let trimmed = chunk.trim_end_matches(['.', ',', '!', '?', ';', ':', ')', ']']);
        let email = trimmed.contains('@') && trimmed.contains('.');
        if email || !hosts(trimmed).is_empty() {
            self.word(if email { "email" } else { "url" });
            return self.rest(chunk.get(trimmed.len()..).unwrap_or_default());
        }
        match chunk.to_ascii_lowercase().as_str() {
            "w/" => return self.word("with"),
            "w/o" => return self.word("without"),
            // The words behind `but` are a clause of their own: a `not` before it does not reach them.
            "but" | "however" | "however," | "although" | "though" => self.end(),
            _ => {}
        }
        let letters: Vec<char> = chunk.nfd().filter(|letter| !is_combining_mark(*letter)).collect();
        for (at, letter) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
            self.letter(before, *letter, letters.get(at + 1).copied());
        }
        self.close();
    }

    /// The characters behind a link.
    fn rest(&mut self, rest: &str) {
        if rest.contains(['.', '!', '?', ';']) {
            self.end();
        } else if rest.contains(',') {
            self.word(",");
        } else if rest.contains(':') {
            self.word(":");
        }
    }

    fn letter(&mut self, before: Option<char>, letter: char, after: Option<char>) {
        let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        match letter {
            '\'' => {}
            'a'..='z' | 'A'..='Z' | '0'..='9' => {
                let camel = letter.is_ascii_uppercase()
                    && before.is_some_and(|before| before.is_ascii_lowercase());
                let number = before.is_some_and(|before| {
                    before.is_ascii_alphanumeric()
                        && before.is_ascii_digit() != letter.is_ascii_digit()
                });
                if camel || number {
                    self.close();
                }
                self.word.push(letter.to_ascii_lowercase());
            }
            '&' | '+' => self.sign("and"),
            ',' if is_digit(before) && is_digit(after) => {}
            ',' | ':' | '/' | '=' | '%' | '$' | '#' => self.sign(letter.encode_utf8(&mut [0; 4])),
            '-' | '\u{2013}' if is_digit(before) && is_digit(after) => self.sign("to"),
            '.' if is_digit(after) => self.close(),
            '.' => self.full_stop(after),
            '!' | '?' | ';' | '\u{2014}' => self.end(),
            _ => self.close(),
        }
    }

    fn full_stop(&mut self, after: Option<char>) {
        let abbreviation =
            self.word.len() == 1 && self.word != "0" || ABBREVIATIONS.contains(&self.word.as_str());
        self.close();
        if !abbreviation || after.is_some_and(|after| after.is_ascii_uppercase()) {
            self.end();
        }
    }

    fn sign(&mut self, word: &str) {
        self.close();
        self.word(word);
    }
}
