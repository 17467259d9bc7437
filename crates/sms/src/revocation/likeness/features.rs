//! How a text is spelled, as features: its words and their neighbours, and parts of words. In scripts without spaces these are short
//! and long sequences of characters.

use smallvec::SmallVec;
use unicode_normalization::{
    UnicodeNormalization,
    char::{decompose_compatible, is_combining_mark},
};

use super::view::{BEGIN, END, Role, View, mixed};
use crate::revocation::{
    reading::{NO_SIGNS, STOP_SIGNS},
    spelling::{is_letter, is_unseen, letter_of_digit, look_alike},
    variants::Variants,
};

/// Of a longer word the rest is not looked at.
const LONGEST: usize = 32;
/// Of so many letters of a word parts are taken.
const LETTERS: usize = 16;
/// The letters of a part of a word.
const PART: usize = 4;
/// The longest sequence of characters in a script without spaces.
const SEQUENCE: usize = 4;
/// More clauses, and pairs of words or groups of five characters, are counted as so many.
const CLAUSES: u32 = 6;
const LENGTHS: u32 = 12;
/// Of signs that are no letters so many are looked at.
const OTHERS: usize = 16;
/// The words of the first clause that are one feature together.
const OPENING: usize = 6;
/// A sequence of so many characters and less is a short one.
const SHORT: usize = 2;

/// Any number.
const NUMBER: u32 = 0x11_0003;
/// The end of a question in a script without spaces.
const QUESTION: u32 = 0x11_0004;

/// How a text is spelled, in two views.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    /// Words and their neighbours, or short sequences of characters; and how long the text is.
    pub(crate) words: View,
    /// Parts of words, or long sequences.
    pub(crate) parts: View,
}

impl Spelling {
    /// Of a text in a script with spaces between words.
    fn of_words(text: &str) -> Self {
        let mut features = Self::default();
        let mut reader = Reader::default();
        for sign in text.chars().filter_map(sign) {
            reader.take(sign, &mut features);
        }
        reader.end_clause(false, &mut features);
        features.count(Role::Clauses, reader.clauses.min(CLAUSES));
        features.count(Role::Length, (reader.total / 2).min(LENGTHS));
        features
    }

    /// Of a text in a script without spaces, whose spellings are folded.
    fn of_characters(signs: &[Sign], variants: &Variants) -> Self {
        let mut features = Self::default();
        let (mut clauses, mut total) = (0, 0);
        let mut clause: SmallVec<[u32; 64]> = SmallVec::new();
        for sign in signs.iter().copied().chain([Sign::Break]) {
            match sign {
                Sign::Digit(_) if clause.last() == Some(&NUMBER) => {}
                Sign::Digit(_) => clause.push(NUMBER),
                Sign::Word(word) => clause.extend(word.chars().map(u32::from)),
                Sign::Letter(letter) => clause.push(variants.fold(letter).into()),
                Sign::Other(other) => clause.push(other.into()),
                Sign::Space => {}
                Sign::Break | Sign::Question if clause.is_empty() => {}
                Sign::Break | Sign::Question => {
                    if matches!(sign, Sign::Question) {
                        clause.push(QUESTION);
                    }
                    (clauses, total) = (clauses + 1, total + clause.len());
                    features.sequences(&clause);
                    clause.clear();
                }
            }
        }
        features.count(Role::Clauses, clauses.min(CLAUSES));
        let total = u32::try_from(total / 5).unwrap_or(u32::MAX);
        features.count(Role::Length, total.min(LENGTHS));
        features
    }

    fn count(&mut self, role: Role, count: u32) {
        self.words.add(role, [count]);
    }

    fn sequences(&mut self, clause: &[u32]) {
        let framed: SmallVec<[u32; 64]> =
            [BEGIN].into_iter().chain(clause.iter().copied()).chain([END]).collect();
        for len in 1..=SEQUENCE {
            let view = if len <= SHORT { &mut self.words } else { &mut self.parts };
            // An end by itself is in every clause.
            let among = if len == 1 { clause } else { &framed };
            for sequence in among.windows(len) {
                view.add(Role::Sequence, sequence.iter().copied());
            }
        }
    }
}

/// The spellings of one text: those with words are one, the others differ by language.
pub(crate) struct Spellings<'a> {
    text: &'a str,
    words: Option<Spelling>,
    signs: Option<Vec<Sign>>,
    characters: Spelling,
}

impl<'a> Spellings<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, words: None, signs: None, characters: Spelling::default() }
    }

    /// In a language with words; or without, with its spellings that read alike.
    pub(crate) fn get(&mut self, variants: Option<&Variants>) -> &Spelling {
        let text = self.text;
        let Some(variants) = variants else {
            return self.words.get_or_insert_with(|| Spelling::of_words(text));
        };
        let signs = self.signs.get_or_insert_with(|| {
            // A sign may stand for several characters: no more are looked at than the text has.
            let characters = text.nfkc().flat_map(char::to_lowercase);
            characters.take(text.chars().count()).filter_map(sign).collect()
        });
        self.characters = Spelling::of_characters(signs, variants);
        &self.characters
    }
}

#[derive(Clone, Copy)]
enum Sign {
    Letter(char),
    Digit(char),
    /// A sign that is read as a word.
    Word(&'static str),
    Break,
    Question,
    Space,
    Other(char),
}

/// The reading of a character; none, if it parts no word and nobody sees it.
fn sign(character: char) -> Option<Sign> {
    Some(match character {
        '\'' | '`' => return None,
        _ if is_unseen(character) => return None,
        _ if STOP_SIGNS.contains(&character) => Sign::Word("stop"),
        _ if NO_SIGNS.contains(&character) => Sign::Word("no"),
        '?' | '？' => Sign::Question,
        '.' | '!' | ';' | ',' | '\n' | '…' | '。' | '、' | '，' | '！' | '；' => Sign::Break,
        _ if character.is_numeric() => Sign::Digit(character),
        _ if let Some(letter) = look_alike(character) => Sign::Letter(letter.into()),
        _ if is_letter(character) => Sign::Letter(character),
        _ if character.is_whitespace() => Sign::Space,
        _ => Sign::Other(character),
    })
}

/// A text with spaces, word by word.
#[derive(Default)]
struct Reader {
    word: SmallVec<[u32; 32]>,
    has_digit: bool,
    /// The words of the clause.
    words: SmallVec<[u32; 32]>,
    clauses: u32,
    total: u32,
    /// Signs that are no letters.
    others: usize,
}

impl Reader {
    fn take(&mut self, sign: Sign, features: &mut Spelling) {
        match sign {
            Sign::Letter(letter) if letter.is_ascii() => self.letter(letter.to_ascii_lowercase()),
            Sign::Letter(letter) => decompose_compatible(letter, |part| {
                if !is_combining_mark(part) {
                    part.to_lowercase().for_each(|letter| self.letter(letter));
                }
            }),
            Sign::Digit(digit) => {
                self.has_digit = true;
                self.letter(digit);
            }
            Sign::Word(word) => {
                self.end_word(features);
                word.chars().for_each(|letter| self.letter(letter));
                self.end_word(features);
            }
            Sign::Space => self.end_word(features),
            Sign::Break => self.end_clause(false, features),
            Sign::Question => self.end_clause(true, features),
            Sign::Other(other) => {
                self.end_word(features);
                self.others += 1;
                if self.others <= OTHERS {
                    self.word.push(other.into());
                    self.end_word(features);
                }
            }
        }
    }

    /// Of three equal letters and more two are kept.
    fn letter(&mut self, letter: char) {
        let letter = u32::from(letter);
        let again = self.word.iter().rev().take(2).filter(|last| **last == letter).count();
        if again < 2 && self.word.len() < LONGEST {
            self.word.push(letter);
        }
    }

    /// Numbers are one and the same; digits between letters are read as the letters that they look like.
    fn read_digits(&mut self) {
        if !std::mem::take(&mut self.has_digit) {
            return;
        }
        let is_digit = |letter: &u32| char::from_u32(*letter).is_some_and(char::is_numeric);
        if self.word.iter().all(is_digit) {
            self.word.clear();
            self.word.push(NUMBER);
            return;
        }
        for letter in &mut self.word {
            let plain = u8::try_from(*letter).ok().and_then(|byte| letter_of_digit(byte, b'i'));
            *letter = plain.map_or(*letter, u32::from);
        }
    }

    fn end_word(&mut self, features: &mut Spelling) {
        if self.word.is_empty() {
            return;
        }
        self.read_digits();
        self.words.push(self.word.iter().copied().fold(0, mixed));
        let framed: SmallVec<[u32; LETTERS]> = [BEGIN]
            .into_iter()
            .chain(self.word.iter().copied())
            .chain([END])
            .take(LETTERS)
            .collect();
        for part in framed.windows(PART) {
            features.parts.add(Role::Part, part.iter().copied());
        }
        self.word.clear();
    }

    fn end_clause(&mut self, is_question: bool, features: &mut Spelling) {
        self.end_word(features);
        let words = std::mem::take(&mut self.words);
        let Some(first) = words.first().copied() else { return };
        if self.clauses == 0 {
            features.words.add(Role::First, [first]);
            features.words.add(Role::Opening, words.iter().copied().take(OPENING));
        }
        self.clauses += 1;
        self.total += u32::try_from(words.len()).unwrap_or(u32::MAX);
        for word in &words {
            features.words.add(Role::Word, [*word]);
        }
        let framed: SmallVec<[u32; 32]> =
            [BEGIN].into_iter().chain(words.iter().copied()).chain([END]).collect();
        for pair in framed.windows(2) {
            features.words.add(Role::Pair, pair.iter().copied());
        }
        for triple in framed.windows(3) {
            features.words.add(Role::Triple, triple.iter().copied());
            features.words.add(Role::Around, [triple[0], triple[2]]);
        }
        for between in [2, 3] {
            for (before, after) in words.iter().zip(words.iter().skip(between + 1)) {
                features.words.add(Role::Apart, [*before, *after]);
            }
        }
        if is_question {
            features.words.add(Role::Asked, [first]);
            features.words.add(Role::Asked, words.iter().copied().take(2));
        }
    }
}
