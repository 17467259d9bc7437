//! The features by which a text is compared with others: its words, their neighbours, parts of words, and in scripts without spaces
//! sequences of characters. Each is a number; some share one.

use smallvec::SmallVec;
use unicode_normalization::{
    UnicodeNormalization,
    char::{decompose_compatible, is_combining_mark},
};

use crate::revocation::{
    reading::{NO_SIGNS, STOP_SIGNS},
    spelling::{is_letter, is_unseen, letter_of_digit, look_alike},
    variants::Variants,
};

/// How many features are told apart, as a power of two.
const BITS: u32 = 15;
/// How many features are told apart.
pub(crate) const FEATURES: usize = 1 << BITS;
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

/// The role of letters in a feature: the same letters are another feature in another role.
#[derive(Clone, Copy)]
enum Role {
    Word = 1,
    Pair,
    Triple,
    /// Two words with one between them.
    Around,
    /// Two words with two or three between them: "do not … stop".
    Apart,
    /// The first words of a question.
    Asked,
    Part,
    First,
    Opening,
    Clauses,
    Length,
    Sequence,
}

/// The beginning and the end of a clause, among words and among letters.
const BEGIN: u32 = 0x11_0001;
const END: u32 = 0x11_0002;

/// Any number.
const NUMBER: u32 = 0x11_0003;
/// The end of a question in a script without spaces.
const QUESTION: u32 = 0x11_0004;

/// One step of a hash that is the same on every machine and in every version: weights belong to it.
fn mixed(hash: u32, part: u32) -> u32 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x9e37_79b1)
}

/// The features of a text, each once.
#[derive(Debug)]
pub(crate) struct Features {
    seen: Box<[u64; FEATURES / 64]>,
    numbers: SmallVec<[u16; 512]>,
    /// How many were made, those that were there already too.
    pub(crate) steps: usize,
}

impl Features {
    fn none() -> Self {
        Self { seen: Box::new([0; FEATURES / 64]), numbers: SmallVec::new(), steps: 0 }
    }

    /// Of a text in a script with spaces between words.
    pub(crate) fn of_words(text: &str) -> Self {
        let mut features = Self::none();
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
    pub(crate) fn of_characters(text: &str, variants: &Variants) -> Self {
        let mut features = Self::none();
        let (mut clauses, mut total) = (0, 0);
        let mut clause: SmallVec<[u32; 64]> = SmallVec::new();
        // A sign may stand for several characters: no more are looked at than the text has.
        let characters = text.nfkc().flat_map(char::to_lowercase).take(text.chars().count());
        for sign in characters.filter_map(sign).chain([Sign::Break]) {
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

    /// The numbers of the features, below [`FEATURES`].
    pub(crate) fn numbers(&self) -> &[u16] {
        &self.numbers
    }

    fn count(&mut self, role: Role, count: u32) {
        self.add(role, [count]);
    }

    fn add(&mut self, role: Role, parts: impl IntoIterator<Item = u32>) {
        self.steps += 1;
        let hash = parts.into_iter().fold(mixed(0, role as u32), mixed);
        let number = mixed(hash, hash >> 15) >> (32 - BITS);
        let (Some(block), bit) = (self.seen.get_mut(number as usize / 64), 1 << (number % 64))
        else {
            return;
        };
        if *block & bit == 0 {
            *block |= bit;
            self.numbers.extend(u16::try_from(number));
        }
    }

    fn sequences(&mut self, clause: &[u32]) {
        let framed: SmallVec<[u32; 64]> =
            [BEGIN].into_iter().chain(clause.iter().copied()).chain([END]).collect();
        for len in 1..=SEQUENCE {
            for sequence in framed.windows(len) {
                self.add(Role::Sequence, sequence.iter().copied());
            }
        }
    }
}

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
    fn take(&mut self, sign: Sign, features: &mut Features) {
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

    fn end_word(&mut self, features: &mut Features) {
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
            features.add(Role::Part, part.iter().copied());
        }
        self.word.clear();
    }

    fn end_clause(&mut self, is_question: bool, features: &mut Features) {
        self.end_word(features);
        let words = std::mem::take(&mut self.words);
        let Some(first) = words.first().copied() else { return };
        if self.clauses == 0 {
            features.add(Role::First, [first]);
            features.add(Role::Opening, words.iter().copied().take(OPENING));
        }
        self.clauses += 1;
        self.total += u32::try_from(words.len()).unwrap_or(u32::MAX);
        for word in &words {
            features.add(Role::Word, [*word]);
        }
        let framed: SmallVec<[u32; 32]> =
            [BEGIN].into_iter().chain(words.iter().copied()).chain([END]).collect();
        for pair in framed.windows(2) {
            features.add(Role::Pair, pair.iter().copied());
        }
        for triple in framed.windows(3) {
            features.add(Role::Triple, triple.iter().copied());
            features.add(Role::Around, [triple[0], triple[2]]);
        }
        for between in [2, 3] {
            for (before, after) in words.iter().zip(words.iter().skip(between + 1)) {
                features.add(Role::Apart, [*before, *after]);
            }
        }
        if is_question {
            features.add(Role::Asked, [first]);
            features.add(Role::Asked, words.iter().copied().take(2));
        }
    }
}
