//! Words that are written otherwise than they read: with digits and signs for letters, doubled letters, letters that stand apart.

use smallvec::SmallVec;

use super::{MAX_WORD, Piece, Reader};
use crate::content::lexicon::{UNKNOWN, Word};

impl Reader<'_> {
    /// The words that letters without spaces are made of.
    pub(super) fn segment(&mut self, letters: &[u8]) -> Option<SmallVec<[Word; 4]>> {
        let mut words = SmallVec::new();
        let mut rest = letters;
        while !rest.is_empty() {
            let longest = (3..=rest.len().min(MAX_WORD)).rev().find_map(|length| {
                self.read.steps += 1;
                let (word, _) = self.resolve(rest.get(..length)?, 0);
                (word != UNKNOWN).then_some((word, length))
            });
            let (word, length) = longest?;
            words.push(word);
            rest = rest.get(length..).unwrap_or_default();
        }
        Some(words)
    }

    /// The word of the vocabulary that letters read as, and whether they are spelled otherwise than it is.
    pub(super) fn resolve(&mut self, letters: &[u8], capital_i: u64) -> (Word, bool) {
        if letters.len() > MAX_WORD {
            return (UNKNOWN, false);
        }
        let exact = self.known(letters);
        if exact != UNKNOWN {
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
                return (word, true);
            }
            spelled = SmallVec::from_slice(letters);
        }
        let signs = letters.iter().filter(|byte| !byte.is_ascii_alphabetic()).count();
        if signs > 0 && letters.len() >= 3 && letters.len() - signs >= 1 {
            let word = self.spelled(&mut spelled);
            if word != UNKNOWN {
                return (word, true);
            }
        }
        if signs == 0 && letters.len() >= 4 {
            return self.squeezed(letters);
        }
        (UNKNOWN, false)
    }

    /// A word as it stands, or in the plural.
    fn known(&mut self, letters: &[u8]) -> Word {
        self.read.steps += 1;
        let word = self.lexicon.word(letters);
        match letters.strip_suffix(b"s") {
            Some(single) if word == UNKNOWN && single.len() >= 3 => self.lexicon.word(single),
            _ => word,
        }
    }

    /// With letters for the digits and signs that stand for them.
    fn spelled(&mut self, letters: &mut [u8]) -> Word {
        let ones = letters.iter().any(|byte| matches!(byte, b'1' | b'!' | b'|'));
        let original: SmallVec<[u8; MAX_WORD]> = SmallVec::from_slice(letters);
        for one in [b'i', b'l'] {
            for (letter, written) in letters.iter_mut().zip(&original) {
                *letter = letter_for(*written, one).unwrap_or(*written);
            }
            if (1..=2).contains(&memchr::memchr_iter(b'*', letters).count()) {
                for vowel in *b"aeiou" {
                    let tried: SmallVec<[u8; MAX_WORD]> = letters
                        .iter()
                        .map(|byte| if *byte == b'*' { vowel } else { *byte })
                        .collect();
                    let word = self.known(&tried);
                    if word != UNKNOWN {
                        return word;
                    }
                }
                let bare: SmallVec<[u8; MAX_WORD]> =
                    letters.iter().copied().filter(|byte| *byte != b'*').collect();
                let word = self.known(&bare);
                if word != UNKNOWN && bare.len() >= 3 {
                    return word;
                }
            }
            let word = self.known(letters);
            if word != UNKNOWN || !ones {
                return word;
            }
        }
        UNKNOWN
    }

    /// With letters that are doubled to hide a word once: `caasiino`.
    fn squeezed(&mut self, letters: &[u8]) -> (Word, bool) {
        let mut once: SmallVec<[u8; MAX_WORD]> = SmallVec::from_slice(letters);
        once.dedup();
        if once.len() == letters.len() || once.len() < 3 {
            return (UNKNOWN, false);
        }
        let word = self.known(&once);
        if word != UNKNOWN {
            return (word, letters.len() - once.len() > 1);
        }
        let mut twice: SmallVec<[u8; MAX_WORD]> = SmallVec::new();
        for letter in letters {
            if !twice.ends_with(&[*letter, *letter]) {
                twice.push(*letter);
            }
        }
        if twice.len() == letters.len() {
            return (UNKNOWN, false);
        }
        let word = self.known(&twice);
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

/// A letter that a digit or sign stands for.
fn letter_for(byte: u8, one: u8) -> Option<u8> {
    Some(match byte {
        b'0' => b'o',
        b'1' | b'!' | b'|' => one,
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
    let bytes = text.as_bytes();
    if bytes.len() < 5 || bytes.len() > 2 * MAX_WORD || !text.is_ascii() {
        return None;
    }
    let sign = |byte: &u8| matches!(byte, b'.' | b'-' | b'_' | b'*' | b'~' | b'\'');
    let mut letters = SmallVec::new();
    for (n, byte) in bytes.iter().enumerate() {
        match (n % 2, byte) {
            (0, byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'$' | b'!') => {
                letters.push(byte.to_ascii_lowercase());
            }
            (1, byte) if sign(byte) => {}
            _ => return None,
        }
    }
    letters.iter().any(u8::is_ascii_alphabetic).then_some(letters)
}
