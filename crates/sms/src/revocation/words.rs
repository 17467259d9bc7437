//! A text as words that the rules know.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A word of the rules; 0 is any other word.
pub(super) type WordId = u16;

/// The longest word that can be one of the rules', in bytes.
const MAX_WORD: usize = 24;

#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) id: WordId,
    pub(super) start: u32,
    pub(super) end: u32,
    /// The clause ends behind it.
    pub(super) last: bool,
}

/// The words of a text, in order, and what else the rules must know.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) words: SmallVec<[Word; 64]>,
    /// There is Chinese, Japanese or Korean in it.
    pub(super) has_script: bool,
}

/// The words that the rules know.
#[derive(Debug)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Box<[u8]>, WordId>,
    /// By id.
    lengths: Vec<usize>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { ids: FxHashMap::default(), lengths: vec![0] }
    }
}

impl Vocabulary {
    /// The id of a word, a new one for a new word.
    pub(super) fn learn(&mut self, word: &str) -> WordId {
        if let Some(known) = self.ids.get(word.as_bytes()) {
            return *known;
        }
        let id = WordId::try_from(self.lengths.len()).unwrap_or(0);
        self.ids.insert(word.as_bytes().into(), id);
        self.lengths.push(word.len());
        id
    }

    /// One more than the largest id.
    pub(super) fn len(&self) -> usize {
        self.lengths.len()
    }

    /// How long a word is, in bytes.
    pub(super) fn word_len(&self, id: WordId) -> usize {
        self.lengths.get(usize::from(id)).copied().unwrap_or(0)
    }

    fn id(&self, word: &[u8]) -> WordId {
        self.ids.get(word).copied().unwrap_or(0)
    }
}

/// A word in the making: lower case, without accents; a run of three letters or more is one.
#[derive(Default)]
struct Spelling {
    letters: [u8; MAX_WORD],
    len: usize,
    start: usize,
    last: u8,
    /// How often the last letter stood before it in a row.
    run: u8,
    /// It is in the middle of a word, however long.
    open: bool,
}

impl Spelling {
    /// A letter, lower case already.
    #[inline]
    fn push(&mut self, letter: u8, at: usize) {
        if !self.open {
            (self.open, self.start, self.len, self.run, self.last) = (true, at, 0, 0, 0);
        }
        if letter == self.last && letter < 0x80 {
            self.run += 1;
            if self.run >= 2 {
                // The second is taken back: "stoppp" is "stop".
                self.len -= usize::from(self.run == 2);
                self.run = 2;
                return;
            }
        } else {
            (self.last, self.run) = (letter, 0);
        }
        // Past the end, the length alone tells that it is no word of the rules.
        if let Some(place) = self.letters.get_mut(self.len) {
            *place = letter;
        }
        self.len += 1;
    }
}

impl Words {
    pub(super) fn of(text: &str, vocabulary: &Vocabulary) -> Self {
        let mut words = Self::default();
        let mut spelling = Spelling::default();
        let mut at = 0;
        while let Some(&byte) = text.as_bytes().get(at) {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' => spelling.push(byte, at),
                b'A'..=b'Z' => spelling.push(byte | 0x20, at),
                // "don't" is one word.
                b'\'' | b'`' => {}
                b'.' | b'!' | b'?' | b';' | b':' | b',' | b'\n' => {
                    words.finish(&mut spelling, at, vocabulary);
                    words.end_clause();
                }
                ..0x80 => words.finish(&mut spelling, at, vocabulary),
                _ => {
                    let Some(character) = text.get(at..).and_then(|rest| rest.chars().next())
                    else {
                        break;
                    };
                    words.other(character, at, &mut spelling, vocabulary);
                    at += character.len_utf8();
                    continue;
                }
            }
            at += 1;
        }
        words.finish(&mut spelling, text.len(), vocabulary);
        words.end_clause();
        words
    }

    fn other(
        &mut self,
        character: char,
        at: usize,
        spelling: &mut Spelling,
        vocabulary: &Vocabulary,
    ) {
        match character {
            // However an apostrophe is written, it parts no word; and nobody sees the others.
            '’' | '‘' | '´' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {
            }
            '…' | '、' | '。' | '！' | '？' | '，' | '；' | '：' => {
                self.finish(spelling, at, vocabulary);
                self.end_clause();
            }
            _ if character.is_alphanumeric() => {
                self.has_script |= is_script(character);
                decompose_compatible(character, |part| {
                    if !is_combining_mark(part) {
                        for letter in part.to_lowercase() {
                            let mut bytes = [0; 4];
                            letter
                                .encode_utf8(&mut bytes)
                                .bytes()
                                .for_each(|byte| spelling.push(byte, at));
                        }
                    }
                });
            }
            _ if is_combining_mark(character) => {}
            _ => self.finish(spelling, at, vocabulary),
        }
    }

    fn finish(&mut self, spelling: &mut Spelling, end: usize, vocabulary: &Vocabulary) {
        if !spelling.open {
            return;
        }
        let id = spelling.letters.get(..spelling.len).map_or(0, |letters| vocabulary.id(letters));
        // A text is never longer than this can say.
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        self.words.push(Word { id, start: place(spelling.start), end: place(end), last: false });
        spelling.open = false;
    }

    fn end_clause(&mut self) {
        if let Some(word) = self.words.last_mut() {
            word.last = true;
        }
    }
}

/// Hangul, kana, or Han.
fn is_script(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}
