//! Written forms of words: each is looked up once, and tells its word and the word that it also reads as.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{UNKNOWN, Word};

/// A word as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::content) struct Form {
    /// The word of the vocabulary; [`UNKNOWN`] where it is none.
    pub(in crate::content) word: Word,
    /// The word that it also reads as: without its ending, or in another spelling; [`UNKNOWN`] where there is none.
    pub(in crate::content) also: Word,
}

/// Longest form that is one number.
pub(in crate::content) const SHORT: usize = 16;

/// All forms of a vocabulary.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// Forms of at most [`SHORT`] bytes, filled up with zeros.
    short: FxHashMap<u128, Form>,
    long: FxHashMap<Box<[u8]>, Form>,
    /// Words with stars for their vowels: `c*s*n*`.
    starred: FxHashMap<Box<[u8]>, Word>,
    /// Words with doubled letters, each of which stands once: `hokah`.
    squeezed: FxHashMap<Box<[u8]>, Word>,
}

impl Forms {
    /// The forms of words; `reads` tells what a form reads as.
    pub(super) fn of<'a>(
        words: impl Iterator<Item = &'a [u8]>,
        reads: impl Fn(&[u8]) -> Form,
    ) -> Self {
        let mut forms = Self::default();
        for word in words {
            for form in endings(word) {
                let reading = reads(&form);
                forms.note_disguises(&form, reading.word);
                if reading == Form::default() {
                    continue;
                }
                match short(&form) {
                    Some(key) => {
                        forms.short.insert(key, reading);
                    }
                    None => {
                        forms.long.insert(form.as_slice().into(), reading);
                    }
                }
            }
        }
        forms
    }

    /// Notes how a word is hidden from filters: by stars, or by doubled letters.
    fn note_disguises(&mut self, form: &[u8], word: Word) {
        if word == UNKNOWN || form.len() < 4 || !form.iter().all(u8::is_ascii_lowercase) {
            return;
        }
        let vowel = |byte: &u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
        if form.iter().filter(|byte| vowel(byte)).count() >= 3 {
            let starred = form.iter().map(|byte| if vowel(byte) { b'*' } else { *byte }).collect();
            self.starred.entry(starred).or_insert(word);
        }
        let mut once = form.to_vec();
        once.dedup();
        if once.len() < form.len() && once.len() >= 3 {
            self.squeezed.entry(once.into()).or_insert(word);
        }
    }

    pub(super) fn without_vowels(&self, letters: &[u8]) -> Word {
        self.starred.get(letters).copied().unwrap_or(UNKNOWN)
    }

    pub(super) fn without_doubles(&self, letters: &[u8]) -> Word {
        self.squeezed.get(letters).copied().unwrap_or(UNKNOWN)
    }

    /// The reading of letters in lower case.
    pub(super) fn get(&self, letters: &[u8]) -> Form {
        let found = match short(letters) {
            Some(key) => self.short.get(&key),
            None => self.long.get(letters),
        };
        found.copied().unwrap_or_default()
    }

    /// The same for letters that are filled up with zeros already.
    pub(super) fn get_short(&self, letters: [u8; SHORT]) -> Form {
        self.short.get(&u128::from_le_bytes(letters)).copied().unwrap_or_default()
    }
}

fn short(letters: &[u8]) -> Option<u128> {
    let mut filled = [0; SHORT];
    filled.get_mut(..letters.len())?.copy_from_slice(letters);
    Some(u128::from_le_bytes(filled))
}

/// A word with every ending that `Lexicon::also` takes off.
fn endings(word: &[u8]) -> SmallVec<[SmallVec<[u8; 32]>; 16]> {
    let mut forms = SmallVec::new();
    let mut add = |stem: &[u8], ending: &[u8]| {
        let mut form: SmallVec<[u8; 32]> = SmallVec::from_slice(stem);
        form.extend_from_slice(ending);
        forms.push(form);
    };
    add(word, b"");
    if !word.is_ascii() {
        return forms;
    }
    for ending in [b"s".as_slice(), b"z", b"es", b"ing", b"ed"] {
        add(word, ending);
    }
    if let [stem @ .., b's'] = word {
        add(stem, b"z");
    }
    match word {
        [stem @ .., b'y'] => add(stem, b"ies"),
        [stem @ .., b'e'] => {
            add(stem, b"ing");
            add(stem, b"ed");
        }
        [.., last] => {
            add(word, &[*last, b'i', b'n', b'g']);
            add(word, &[*last, b'e', b'd']);
        }
        [] => {}
    }
    forms
}
