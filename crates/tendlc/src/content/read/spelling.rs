//! Words that are written otherwise than they read: with digits and signs for letters, doubled letters, letters that stand apart.

use smallvec::SmallVec;

use super::{MAX_WORD, Piece, Reader};
use crate::content::lexicon::{Form, UNKNOWN, Word};

impl Reader<'_> {
    /// The words that letters without spaces are made of.
    pub(super) fn segment(&mut self, letters: &[u8]) -> Option<SmallVec<[Word; 4]>> {
        let mut words = SmallVec::new();
        let mut rest = letters;
        while !rest.is_empty() {
            let longest = (3..=rest.len().min(MAX_WORD)).rev().find_map(|length| {
                self.read.steps += 1;
                let (form, _) = self.resolve(rest.get(..length)?, 0);
                (form.word != UNKNOWN).then_some((form.word, length))
            });
            let (word, length) = longest?;
            words.push(word);
            rest = rest.get(length..).unwrap_or_default();
        }
        Some(words)
    }

    /// The word of the vocabulary that letters read as, and whether they are spelled otherwise than it is.
    pub(super) fn resolve(&mut self, letters: &[u8], capital_i: u64) -> (Form, bool) {
        if letters.len() > MAX_WORD {
            return (Form::default(), false);
        }
        let exact = self.known(letters);
        if exact.word != UNKNOWN {
            return (exact, false);
        }
        let mut spelled: SmallVec<[u8; MAX_WORD]> = SmallVec::from_slice(letters);
        if capital_i != 0 {
            for (n, letter) in spelled.iter_mut().enumerate().take(64) {
                if capital_i >> n & 1 == 1 {
                    *letter = b'l';
                }
            }
            let word = self.spelled(&mut spelled);
            if word != UNKNOWN {
                return (self.bare(word), true);
            }
            spelled = SmallVec::from_slice(letters);
        }
        let signs = letters.iter().filter(|byte| !byte.is_ascii_alphabetic()).count();
        if signs > 0 && letters.len() >= 3 && letters.len() - signs >= 1 {
            let word = self.spelled(&mut spelled);
            if word != UNKNOWN {
                return (self.bare(word), true);
            }
        }
        if signs == 0 && letters.len() >= 4 {
            let (word, spelled) = self.squeezed(letters);
            if word != UNKNOWN {
                return (Form { word, also: self.lexicon.also(letters, word) }, spelled);
            }
        }
        (exact, false)
    }

    /// A word as it stands, or in the plural.
    fn known(&mut self, letters: &[u8]) -> Form {
        self.read.steps += 1;
        self.lexicon.form(letters)
    }

    /// With letters for the digits and signs that stand for them.
    fn spelled(&mut self, letters: &mut [u8]) -> Word {
        let ones: SmallVec<[usize; MAX_WORD]> = letters
            .iter()
            .enumerate()
            .filter(|(_, byte)| matches!(byte, b'1' | b'!' | b'|'))
            .map(|(n, _)| n)
            .collect();
        for letter in letters.iter_mut() {
            *letter = letter_for(*letter).unwrap_or(*letter);
        }
        // Each of the first ones is an i or an l; the others are as the last of them.
        for choice in 0..1_u32 << ones.len().min(MAX_ONES) {
            for (n, at) in ones.iter().enumerate() {
                if let Some(letter) = letters.get_mut(*at) {
                    *letter = if choice >> n.min(MAX_ONES - 1) & 1 == 0 { b'i' } else { b'l' };
                }
            }
            let word = self.starred(letters);
            if word != UNKNOWN {
                return word;
            }
        }
        UNKNOWN
    }

    /// With vowels for stars, or without the stars.
    fn starred(&mut self, letters: &[u8]) -> Word {
        match memchr::memchr_iter(b'*', letters).count() {
            0 => return self.known(letters).word,
            1 | 2 => {}
            _ => {
                self.read.steps += 1;
                return self.lexicon.without_vowels(letters);
            }
        }
        for vowel in *b"aeiou" {
            let tried: SmallVec<[u8; MAX_WORD]> =
                letters.iter().map(|byte| if *byte == b'*' { vowel } else { *byte }).collect();
            let word = self.known(&tried).word;
            if word != UNKNOWN {
                return word;
            }
        }
        let bare: SmallVec<[u8; MAX_WORD]> =
            letters.iter().copied().filter(|byte| *byte != b'*').collect();
        if bare.len() >= 3 { self.known(&bare).word } else { UNKNOWN }
    }

    /// With letters that are doubled to hide a word once: `caasiino`.
    fn squeezed(&mut self, letters: &[u8]) -> (Word, bool) {
        let mut once: SmallVec<[u8; MAX_WORD]> = SmallVec::from_slice(letters);
        once.dedup();
        if once.len() == letters.len() || once.len() < 3 {
            return (UNKNOWN, false);
        }
        let word = self.known(&once).word;
        if word != UNKNOWN {
            return (word, letters.len() - once.len() > 1);
        }
        let mut twice: SmallVec<[u8; MAX_WORD]> = SmallVec::new();
        for letter in letters {
            if !twice.ends_with(&[*letter, *letter]) {
                twice.push(*letter);
            }
        }
        if twice.len() < letters.len() {
            let word = self.known(&twice).word;
            if word != UNKNOWN {
                return (word, true);
            }
        }
        // `mmooonshhine`: the word has doubled letters of its own, or none; several are doubled here.
        if letters.len() - once.len() < 2 {
            return (UNKNOWN, false);
        }
        self.read.steps += 1;
        let word = self.lexicon.without_doubles(&once);
        (word, word != UNKNOWN)
    }
}

/// Whether a sign stands for a letter of the word that it is in.
pub(super) fn stands_for_letter(
    sign: char,
    piece: &Piece,
    before: char,
    next: Option<char>,
) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '@' | '$' | '*' | '!' | '0'..='9');
    let after_letter = !piece.letters.is_empty() && letter(before);
    let before_letter = next.is_some_and(char::is_alphanumeric);
    match sign {
        '$' => {
            (after_letter && next.is_none_or(|c| !c.is_ascii_digit()))
                || next.is_some_and(char::is_alphabetic)
        }
        '@' => after_letter && next.is_none_or(|c| !c.is_whitespace()),
        '*' => after_letter && next.is_some_and(letter),
        '!' => (after_letter || piece.letters.is_empty() && before != '!') && before_letter,
        '+' | '|' => {
            after_letter && next.is_some_and(char::is_alphabetic) && before.is_alphabetic()
        }
        _ => false,
    }
}

/// Most ones of a word that are tried as an i and as an l each.
const MAX_ONES: usize = 3;

/// A letter that a digit or sign stands for. A one may be an i or an l: `spelled` tries both.
fn letter_for(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0' => b'o',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' | b'+' => b't',
        b'8' => b'b',
        b'9' => b'g',
        _ => return None,
    })
}

/// The letters of a chunk that stand apart by signs: `c.a.s.i.n.o`, `p-a-r-c-e-l`, `C*B*D`.
pub(super) fn apart(text: &str) -> Option<SmallVec<[u8; MAX_WORD]>> {
    let text = text.trim_end_matches([',', ':', ';', '!', '?', ')']).trim_start_matches('(');
    if text.len() < 5 || text.len() > 4 * MAX_WORD {
        return None;
    }
    let sign = |c: char| {
        matches!(c, '.' | '-' | '_' | '*' | '~' | '\'' | '/' | '|' | '+' | ',' | '•' | '·' | '=')
    };
    let mut letters = SmallVec::new();
    for (n, letter) in text.chars().enumerate() {
        match n % 2 {
            0 if letter.is_ascii_alphanumeric() || matches!(letter, '@' | '$' | '!') => {
                letters.push(u8::try_from(letter.to_ascii_lowercase()).ok()?);
            }
            1 if sign(letter) => {}
            _ => return None,
        }
    }
    let real = letters.len() >= 3 && letters.iter().any(u8::is_ascii_alphabetic);
    real.then_some(letters)
}
