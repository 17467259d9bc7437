//! The vocabulary: phrases, each with the tags that it gives to a sentence.

mod forms;
mod tree;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use self::{forms::Forms, tree::Tree};
pub(super) use forms::{Form, SHORT};

/// Number of a word of the vocabulary. [`UNKNOWN`] is every other word.
pub(super) type Word = u32;

/// A word that stands in no phrase.
pub(super) const UNKNOWN: Word = 0;

/// Elements of phrases that stand for a kind of token instead of one word.
pub(super) mod class {
    use super::Word;

    /// `{n}`: a number.
    pub(in crate::content) const NUMBER: Word = 1;
    /// `{$}`: an amount of money.
    pub(in crate::content) const MONEY: Word = 2;
    /// `{%}`: a percentage.
    pub(in crate::content) const PERCENT: Word = 3;
    /// `{link}`: a link.
    pub(in crate::content) const LINK: Word = 4;
    /// `{phone}`: a phone number of ten digits or more.
    pub(in crate::content) const PHONE: Word = 5;
    /// `{email}`: an email address.
    pub(in crate::content) const EMAIL: Word = 6;
    /// `_`: any token.
    pub(in crate::content) const ANY: Word = 7;
    /// The first number of a word.
    pub(super) const WORDS: Word = 8;
}

/// Longest phrase in tokens.
pub(super) const MAX_PHRASE: usize = 8;

/// Number of a tag, as rules name them.
pub(super) type Tag = u16;

/// Most tags of sentences.
pub(super) const MAX_TAGS: Tag = 384;

/// A set of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tags([u64; MAX_TAGS as usize / 64]);

impl Tags {
    pub(super) fn add(&mut self, tag: Tag) {
        if let Some(part) = self.0.get_mut(usize::from(tag >> 6)) {
            *part |= 1 << (tag & 63);
        }
    }

    pub(super) fn has(&self, tag: Tag) -> bool {
        self.0.get(usize::from(tag >> 6)).is_some_and(|part| part >> (tag & 63) & 1 == 1)
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        // All words at once: rules ask this of every text, and mostly for nothing.
        self.0.iter().zip(&other.0).fold(0, |both, (a, b)| both | (a & b)) != 0
    }

    /// The tags that are in both.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= b;
        }
        self
    }

    /// Whether there is a tag that is not in the other set.
    pub(super) fn is_not_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & !b != 0)
    }

    pub(super) fn with(mut self, other: &Self) -> Self {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a |= b;
        }
        self
    }
}

/// Why a vocabulary cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LexiconError {
    pub(super) line: usize,
    pub(super) problem: String,
}

/// Words and phrases. It grows, and is asked once it is [`Lexicon::finish`]ed.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: FxHashMap<Box<[u8]>, Word>,
    forms: Forms,
    tree: Tree,
    tags: Vec<Box<str>>,
    /// The word that another one also reads as.
    aliases: FxHashMap<Word, Word>,
}

impl Lexicon {
    /// Of files in the form that `knowledge/README.md` tells.
    pub(super) fn of(files: &[&str]) -> Result<Self, LexiconError> {
        let mut lexicon = Self::default();
        for file in files {
            let mut tag = None;
            for (n, line) in file.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                let failed = |problem: String| LexiconError { line: n + 1, problem };
                if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                    tag = Some(
                        lexicon
                            .tag(name)
                            .ok_or_else(|| failed(format!("too many tags: {name}")))?,
                    );
                    continue;
                }
                let tag =
                    tag.ok_or_else(|| failed("a phrase before the first [tag]".to_owned()))?;
                for phrase in line.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()) {
                    lexicon.add(phrase, tag).map_err(failed)?;
                }
            }
        }
        Ok(lexicon)
    }

    /// The number of a tag, which is made where it is new.
    pub(super) fn tag(&mut self, name: &str) -> Option<Tag> {
        if let Some(known) = self.tag_named(name) {
            return Some(known);
        }
        let tag = Tag::try_from(self.tags.len()).ok().filter(|tag| *tag < MAX_TAGS)?;
        self.tags.push(name.into());
        Some(tag)
    }

    /// The number of a tag.
    pub(super) fn tag_named(&self, name: &str) -> Option<Tag> {
        self.tags.iter().position(|known| **known == *name).and_then(|at| Tag::try_from(at).ok())
    }

    /// The tags that speak for a text: those that end with `.shield`.
    pub(super) fn shields(&self) -> Tags {
        let mut shields = Tags::default();
        for (name, tag) in self.tags.iter().zip(0..) {
            if name.ends_with(".shield") || matches!(&**name, "recover" | "forbidden" | "warning") {
                shields.add(tag);
            }
        }
        shields
    }

    /// The number of a word in lower case; [`UNKNOWN`] where no phrase has it.
    pub(super) fn word(&self, word: &[u8]) -> Word {
        self.words.get(word).copied().unwrap_or(UNKNOWN)
    }

    /// Adds other ways to write words, of a file in the form `you: u ya`. Words that stand in no phrase are left out.
    pub(super) fn add_aliases(&mut self, file: &str) {
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let Some((word, others)) = line.split_once(':') else { continue };
            let word = self.word(word.trim().as_bytes());
            for other in others.split_whitespace().filter(|_| word != UNKNOWN) {
                let other = self.intern(other);
                self.aliases.entry(other).or_insert(word);
            }
        }
    }

    /// The word that a word also reads as: another way to write it, or the word without its ending. [`UNKNOWN`] where there is none.
    pub(super) fn also(&self, letters: &[u8], word: Word) -> Word {
        if let Some(alias) = self.aliases.get(&word) {
            return *alias;
        }
        let length = letters.len();
        let known = |stem: &[u8], more: &[u8]| {
            let mut whole: SmallVec<[u8; 32]> = SmallVec::from_slice(stem);
            whole.extend_from_slice(more);
            Some(self.word(&whole)).filter(|found| *found != UNKNOWN && *found != word)
        };
        let found = match letters {
            [stem @ .., b'i', b'e', b's'] if length >= 5 => {
                known(stem, b"y").or_else(|| known(stem, b"ie"))
            }
            [stem @ .., b's'] if length >= 4 => known(stem, b"")
                .or_else(|| stem.strip_suffix(b"e").and_then(|stem| known(stem, b""))),
            [stem @ .., b'i', b'n', b'g'] if length >= 6 => known(stem, b"")
                .or_else(|| known(stem, b"e"))
                .or_else(|| undoubled(stem).and_then(|stem| known(stem, b""))),
            [stem @ .., b'e', b'd'] if length >= 5 => known(stem, b"")
                .or_else(|| known(stem, b"e"))
                .or_else(|| undoubled(stem).and_then(|stem| known(stem, b""))),
            _ => None,
        };
        let found = found.unwrap_or(UNKNOWN);
        self.aliases.get(&found).copied().unwrap_or(found)
    }

    /// Adds a phrase with its alternatives: `buy/get (the) gift card`.
    pub(super) fn add(&mut self, phrase: &str, tag: Tag) -> Result<(), String> {
        let mut readings: Vec<Vec<Word>> = vec![Vec::new()];
        for element in phrase.split_whitespace() {
            let (element, optional) =
                match element.strip_prefix('(').and_then(|element| element.strip_suffix(')')) {
                    Some(inner) => (inner, true),
                    None => (element, false),
                };
            let mut longer = if optional { readings.clone() } else { Vec::new() };
            for alternative in element.split('/') {
                for words in self.element(alternative)? {
                    longer.extend(readings.iter().map(|reading| [&reading[..], &words].concat()));
                }
            }
            readings = longer;
            if readings.len() > 512 {
                return Err(format!("`{phrase}` has more than 512 readings"));
            }
        }
        for reading in readings {
            if reading.is_empty() || reading.len() > MAX_PHRASE {
                return Err(format!("`{phrase}` is empty, or longer than {MAX_PHRASE} words"));
            }
            self.tree.grow(&reading, tag);
        }
        Ok(())
    }

    /// The words of an element: `pre-roll` is one word and two.
    fn element(&mut self, element: &str) -> Result<SmallVec<[Vec<Word>; 2]>, String> {
        if let Some(single) = class_named(element) {
            return Ok(SmallVec::from_iter([vec![single]]));
        }
        let bare = element.strip_suffix('+').unwrap_or(element);
        let wrong =
            |c: char| c.is_ascii() && !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-';
        if element.is_empty() || bare.chars().any(wrong) {
            return Err(format!("`{element}` is no word in lower case without signs"));
        }
        if !element.contains('-') {
            return Ok(SmallVec::from_iter([vec![self.intern(element)]]));
        }
        let parts = element.split('-').filter(|part| !part.is_empty());
        let apart = parts.map(|part| self.intern(part)).collect();
        let together = vec![self.intern(&element.replace('-', ""))];
        Ok(SmallVec::from_iter([apart, together]))
    }

    fn intern(&mut self, word: &str) -> Word {
        let new = class::WORDS + u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        *self.words.entry(word.as_bytes().into()).or_insert(new)
    }

    /// Makes the vocabulary ready to be asked.
    pub(super) fn finish(&mut self) {
        let reads = |letters: &[u8]| {
            let exact = self.word(letters);
            let word = match letters {
                // `girlz` is how some write `girls`.
                [single @ .., b's' | b'z'] if exact == UNKNOWN && single.len() >= 3 => {
                    let plural = [single, b"s"].concat();
                    Some(self.word(&plural)).filter(|word| *word != UNKNOWN)
                }
                _ => None,
            };
            let word = word.unwrap_or(exact);
            let single = letters.strip_suffix(b"s").or_else(|| letters.strip_suffix(b"z"));
            let word = match single {
                Some(single) if word == UNKNOWN && single.len() >= 3 => self.word(single),
                _ => word,
            };
            Form { word, also: self.also(letters, word) }
        };
        self.forms = Forms::of(self.words.keys().map(|word| &**word), reads);
        self.tree.finish();
    }

    /// The reading of letters in lower case.
    pub(super) fn form(&self, letters: &[u8]) -> Form {
        self.forms.get(letters)
    }

    /// The same for letters that are filled up with zeros.
    pub(super) fn form_short(&self, letters: [u8; SHORT]) -> Form {
        self.forms.get_short(letters)
    }

    /// The word whose vowels are stars in letters: `c*s*n*`.
    pub(super) fn without_vowels(&self, letters: &[u8]) -> Word {
        self.forms.without_vowels(letters)
    }

    /// The word that letters are once all doubled letters of it stand once: `hokah`.
    pub(super) fn without_doubles(&self, letters: &[u8]) -> Word {
        self.forms.without_doubles(letters)
    }

    /// Tells every phrase that begins at a token, with how many tokens it has; the answer is how many steps it took.
    pub(super) fn beginning(
        &self,
        tokens: &[[Word; 3]],
        tell: &mut impl FnMut(usize, Tag),
    ) -> usize {
        self.tree.beginning(tokens, tell)
    }

    /// Whether a word by itself has a tag.
    pub(super) fn has_tag(&self, word: Word, tag: Tag) -> bool {
        self.tree.has_tag(word, tag)
    }

    /// Whether a phrase begins with any token.
    pub(super) fn begins_with_any(&self) -> bool {
        self.tree.begins_with_any()
    }
}

/// The kind of token that an element stands for.
fn class_named(element: &str) -> Option<Word> {
    Some(match element {
        "{n}" => class::NUMBER,
        "{$}" => class::MONEY,
        "{%}" => class::PERCENT,
        "{link}" => class::LINK,
        "{phone}" => class::PHONE,
        "{email}" => class::EMAIL,
        "_" => class::ANY,
        _ => return None,
    })
}

/// A stem without the last of two letters that are the same: `bett`.
fn undoubled(stem: &[u8]) -> Option<&[u8]> {
    match stem {
        [rest @ .., a, b] if a == b => stem.get(..rest.len() + 1),
        _ => None,
    }
}
