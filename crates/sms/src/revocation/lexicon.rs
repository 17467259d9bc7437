//! Words, and the tags that languages give them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Languages, reading::Word, typos::Typos};

/// A word that some language knows.
pub(super) type WordId = u16;
/// A set of tags: a bit each.
pub(super) type Tags = u128;

/// A word that no language knows.
pub(super) const UNKNOWN: WordId = 0;
/// Digits.
pub(super) const NUMBER: WordId = 1;
/// A passage in quotation marks.
pub(super) const QUOTE: WordId = 2;

/// Maximum words of an entry.
pub(super) const MAX_PHRASE: usize = 6;
/// Lengths of stems and endings, in bytes.
const STEMS: std::ops::RangeInclusive<usize> = 4..=9;
const ENDINGS: std::ops::RangeInclusive<usize> = 2..=5;

/// The words of all languages.
#[derive(Debug)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Box<[u8]>, WordId>,
    /// The same for words of at most eight bytes, by these bytes: most words of a text are looked up here.
    short: FxHashMap<u64, WordId>,
    /// By id: length in bytes.
    lengths: Vec<usize>,
    /// By id: the languages in which the word makes a frame worth looking at.
    triggers: Vec<Languages>,
    /// By id: the languages that know the word.
    known: Vec<Languages>,
    typos: Typos,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let given = usize::from(QUOTE) + 1;
        Self {
            ids: FxHashMap::default(),
            short: FxHashMap::default(),
            lengths: vec![0; given],
            triggers: vec![Languages::none(); given],
            known: vec![Languages::none(); given],
            typos: Typos::default(),
        }
    }
}

impl Vocabulary {
    /// The id of a word of a language, a new one for a new word.
    pub(super) fn learn(&mut self, word: &str, language: Languages) -> WordId {
        let id = self.id_of(word);
        if let Some(known) = self.known.get_mut(usize::from(id)) {
            *known = known.union(language);
        }
        id
    }

    fn id_of(&mut self, word: &str) -> WordId {
        if let Some(known) = self.ids.get(word.as_bytes()) {
            return *known;
        }
        let id = WordId::try_from(self.triggers.len()).unwrap_or(UNKNOWN);
        self.ids.insert(word.as_bytes().into(), id);
        if let Some(key) = short_key(word.as_bytes()) {
            self.short.insert(key, id);
        }
        self.triggers.push(Languages::none());
        self.known.push(Languages::none());
        self.lengths.push(word.len());
        id
    }

    /// How long a word is, in bytes.
    pub(super) fn word_len(&self, id: WordId) -> usize {
        self.lengths.get(usize::from(id)).copied().unwrap_or(0)
    }

    pub(super) fn make_trigger(&mut self, id: WordId, language: Languages) {
        if let Some(known) = self.triggers.get_mut(usize::from(id)) {
            *known = known.union(language);
        }
    }

    pub(super) fn accept_typos(&mut self, word: &str, id: WordId, language: Languages) {
        self.typos.add(word.as_bytes(), id, language);
    }

    #[inline]
    pub(super) fn id(&self, word: &[u8]) -> WordId {
        let known = match short_key(word) {
            Some(key) => self.short.get(&key),
            None => self.ids.get(word),
        };
        known.copied().unwrap_or(UNKNOWN)
    }

    #[inline]
    pub(super) fn mistyped(&self, word: &[u8], languages: Languages) -> WordId {
        self.typos.meant(word, languages)
    }

    #[cfg(test)]
    pub(super) fn most_candidates(&self) -> usize {
        self.typos.most_candidates()
    }

    /// Whether English knows a word.
    pub(super) fn is_english(&self, id: WordId) -> bool {
        self.known.get(usize::from(id)).is_some_and(|known| known.intersects(Languages::ENGLISH))
    }

    /// Whether English knows a word, and another language does not.
    pub(super) fn is_only_english(&self, id: WordId, other: Languages) -> bool {
        let known = self.known.get(usize::from(id)).copied().unwrap_or(Languages::none());
        known.intersects(Languages::ENGLISH) && !known.intersects(other)
    }

    /// The languages that know a word, if English does not.
    #[inline]
    pub(super) fn foreign(&self, id: WordId) -> Languages {
        let known = self.known.get(usize::from(id)).copied().unwrap_or(Languages::none());
        if known.intersects(Languages::ENGLISH) { Languages::none() } else { known }
    }

    #[inline]
    pub(super) fn triggers(&self, id: WordId) -> Languages {
        self.triggers.get(usize::from(id)).copied().unwrap_or(Languages::none())
    }
}

/// The bytes of a word of at most eight, as one number. No word has a zero byte.
#[inline]
fn short_key(word: &[u8]) -> Option<u64> {
    let key = |key: u64, byte: &u8| (key << 8) | u64::from(*byte);
    (word.len() <= 8).then(|| word.iter().fold(0, key))
}

/// The entries of one language that are words with spaces between them.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// Entries as a tree: from a node with a word to the next node; node 0 is the root.
    next: FxHashMap<(u16, WordId), u16>,
    /// By node.
    tags: Vec<Tags>,
    stems: FxHashMap<Box<[u8]>, Tags>,
    endings: FxHashMap<Box<[u8]>, Tags>,
    /// The lengths that stems and endings have: a bit each.
    stem_lengths: u16,
    ending_lengths: u16,
}

impl Lexicon {
    pub(super) fn add(&mut self, words: &[WordId], tags: Tags) {
        let mut node = 0;
        self.tags.resize(self.tags.len().max(1), 0);
        for word in words {
            let new = u16::try_from(self.tags.len()).unwrap_or(0);
            node = *self.next.entry((node, *word)).or_insert(new);
            if node == new {
                self.tags.push(0);
            }
        }
        if let Some(known) = self.tags.get_mut(usize::from(node)) {
            *known |= tags;
        }
    }

    pub(super) fn add_stem(&mut self, stem: &str, tags: Tags) -> bool {
        *self.stems.entry(stem.as_bytes().into()).or_default() |= tags;
        self.stem_lengths |= 1 << stem.len().min(15);
        STEMS.contains(&stem.len())
    }

    pub(super) fn add_ending(&mut self, ending: &str, tags: Tags) -> bool {
        *self.endings.entry(ending.as_bytes().into()).or_default() |= tags;
        self.ending_lengths |= 1 << ending.len().min(15);
        ENDINGS.contains(&ending.len())
    }

    /// The sets of tags that entries have.
    pub(super) fn sets(&self) -> impl Iterator<Item = Tags> + '_ {
        self.tags.iter().chain(self.stems.values()).chain(self.endings.values()).copied()
    }

    /// The tags that a word can have by its form.
    pub(super) fn by_forms(&self) -> Tags {
        self.stems.values().chain(self.endings.values()).fold(0, |all, tags| all | tags)
    }

    /// The longest entry at the beginning of the words, and the number of its words.
    pub(super) fn longest(&self, words: &[Word], steps: &mut usize) -> Option<(Tags, usize)> {
        let (mut node, mut found) = (0, None);
        for (at, word) in words.iter().take(MAX_PHRASE).enumerate() {
            *steps += 1;
            let Some(next) = self.next.get(&(node, word.id)) else { break };
            node = *next;
            match self.tags.get(usize::from(node)) {
                Some(0) | None => {}
                Some(tags) => found = Some((*tags, at + 1)),
            }
            // An entry does not reach over the end of a sentence; people do write "please, stop".
            if word.after > super::reading::Break::Nothing {
                break;
            }
        }
        found
    }

    /// The tags of a word by its stem, else by its ending: the longest that is known.
    pub(super) fn by_form(&self, text: &str, steps: &mut usize) -> Tags {
        if self.stems.is_empty() && self.endings.is_empty() {
            return 0;
        }
        let word = plain(text);
        let known = |forms: &FxHashMap<Box<[u8]>, Tags>, part: Option<&[u8]>| {
            part.and_then(|part| forms.get(part)).copied()
        };
        let lengths = |lengths: u16| move |len: &usize| lengths & (1 << len) != 0;
        for len in STEMS.rev().filter(lengths(self.stem_lengths)) {
            if len > word.len() {
                continue;
            }
            *steps += 1;
            if let Some(tags) = known(&self.stems, word.get(..len)) {
                return tags;
            }
        }
        // A word of one syllable more than its ending is hardly a form of another.
        for len in ENDINGS.rev().filter(lengths(self.ending_lengths)) {
            if len + 2 > word.len() {
                continue;
            }
            *steps += 1;
            if let Some(tags) = known(&self.endings, word.get(word.len() - len..)) {
                return tags;
            }
        }
        0
    }
}

/// A word in lower case, without accents and apostrophes. Letters of Korean, Japanese and Chinese stay as they are: no form has any.
fn plain(text: &str) -> SmallVec<[u8; 32]> {
    use unicode_normalization::char::{decompose_compatible, is_combining_mark};
    let mut word = SmallVec::new();
    for character in text.chars() {
        match character {
            '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => {
                word.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ if character.is_ascii_alphanumeric() => {
                word.extend(u8::try_from(character.to_ascii_lowercase()));
            }
            _ if character.is_ascii() => {}
            _ => decompose_compatible(character, |part| {
                if part.is_alphanumeric() && !is_combining_mark(part) {
                    for letter in part.to_lowercase() {
                        word.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                }
            }),
        }
    }
    word
}
