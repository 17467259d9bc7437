//! One look at a text: what may be in it. Most texts need no closer one.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, a processor looks at many bytes at a time"
)]

use smallvec::SmallVec;

/// What may be in a text. A sign that is not set is not there; one that is may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "signs, each by itself")]
pub(super) struct Look {
    /// Letters of other alphabets, emoji, hidden characters.
    pub(super) other_letters: bool,
    /// More than one space between words, or others than spaces.
    pub(super) odd_spaces: bool,
    /// A digit or sign between two letters.
    pub(super) digits_in_words: bool,
    /// Four letters by themselves, with a sign between them.
    pub(super) spaced_letters: bool,
    /// A full stop inside a word.
    pub(super) dots_in_words: bool,
    /// Ten digits or more.
    pub(super) many_digits: bool,
    /// Where phrases may begin.
    pub(super) starts: SmallVec<[usize; 16]>,
}

/// So many letters of a phrase are looked for at first, of those that have so many.
const LETTERS: usize = 6;
/// The fewest.
const FEWEST: usize = 3;
/// So many bits of a hash are told apart: a table that fits a processor's nearest memory.
const BITS: u32 = 14;
const HASHES: usize = 1 << BITS;

/// How phrases begin: by the hash of the first letters of a word, whether a phrase of three, four, five, or six and more begins with them.
#[derive(Debug, Clone)]
pub(super) struct Begins {
    by_hash: Box<[u8; HASHES]>,
    /// With what phrases begin that begin with a sign: inside of words, too.
    signs: Vec<u8>,
}

impl Begins {
    pub(super) fn of<'a>(phrases: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut begins = Self { by_hash: Box::new([0; HASHES]), signs: Vec::new() };
        for phrase in phrases {
            let letters = phrase.len().clamp(FEWEST, LETTERS);
            let hash = hash(word_at(phrase, 0), letters);
            begins.by_hash[hash] |= 1 << (letters - FEWEST);
            if let Some(first) = phrase.first().filter(|first| !first.is_ascii_alphanumeric())
                && !begins.signs.contains(first)
            {
                begins.signs.push(*first);
            }
        }
        begins
    }

    /// Whether a phrase may begin here.
    fn may_begin(&self, word: u64) -> bool {
        let has = |letters: usize| self.by_hash[hash(word, letters)] & 1 << (letters - FEWEST);
        has(3) | has(4) | has(5) | has(6) != 0
    }
}

/// Eight letters of a text in lower case (and signs made others, alike in texts and phrases); after its end there are spaces.
fn word_at(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    let eight = rest.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut eight = [0; 8];
        eight.iter_mut().zip(rest).for_each(|(byte, letter)| *byte = *letter);
        eight
    });
    u64::from_le_bytes(eight) | 0x2020_2020_2020_2020
}

/// Of the first letters of a word.
fn hash(word: u64, letters: usize) -> usize {
    let first = word << (64 - 8 * letters);
    let mixed = first.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
    usize::try_from(mixed).unwrap_or(0) % HASHES
}

/// The first three letters of a text, in lower case.
pub(super) fn three_of(text: &[u8]) -> u32 {
    text.iter().take(3).fold(0, |before, byte| before << 8 | u32::from(byte.to_ascii_lowercase()))
}

/// A part of a word: letters of other alphabets have bytes of 0x80 and more.
pub(super) const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte >= 0x80)
}

/// Of each byte: whether a word may begin with it (1), and whether one goes on with it (2).
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0_u8;
    loop {
        kinds[byte as usize] = byte.is_ascii_alphanumeric() as u8 | (is_letter(byte) as u8) << 1;
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kinds
};

/// So many bytes are looked at in one go.
const BLOCK: usize = 256;

/// Without branches: done on many bytes at a time.
fn letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
}

fn digit(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10
}

fn stands_for_letter(byte: u8) -> bool {
    digit(byte) | (byte == b'@') | (byte == b'$') | (byte == b'!')
}

impl Look {
    /// Looks at every byte, without branches that a processor could not foresee.
    pub(super) fn at(text: &[u8], begins: &Begins) -> Self {
        let mut look = Self { other_letters: !text.is_ascii(), ..Self::default() };
        let (mut control, mut digits) = (0_u8, 0_u8);
        for byte in text {
            control |= u8::from(*byte < b' ');
            digits = digits.wrapping_add(u8::from(digit(*byte)));
        }
        look.many_digits = digits >= 10 || text.len() > 255;
        let [second, third, fifth] = [1, 2, 4].map(|start| text.get(start..).unwrap_or_default());
        let (mut twice, mut apart, mut in_word) = (0_u8, 0_u8, 0_u8);
        for ((a, b), (c, e)) in text.iter().zip(second).zip(third.iter().zip(fifth)) {
            twice |= u8::from((*a == b' ') & (*b == b' '));
            apart |= u8::from((a == c) & (c == e) & !letter(*a) & letter(*b));
            in_word |= u8::from(stands_for_letter(*b) & letter(*a) & letter(*c));
        }
        // The last few are in no group of five.
        let last = text.get(text.len().saturating_sub(5)..).unwrap_or_default();
        let stands = |three: &[u8]| matches!(three, [a, b, c] if stands_for_letter(*b) && letter(*a) && letter(*c));
        look.odd_spaces = control + twice > 0 || last.windows(2).any(|pair| pair == b"  ");
        look.spaced_letters = apart > 0;
        look.digits_in_words = in_word > 0 || last.windows(3).any(stands);
        look.dots_in_words = memchr::memchr_iter(b'.', text).any(|dot| {
            let beside = |at: Option<usize>| {
                at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric)
            };
            beside(dot.checked_sub(1)) && beside(dot.checked_add(1))
        });
        look.starts(text, begins);
        look
    }

    fn starts(&mut self, text: &[u8], begins: &Begins) {
        let mut outside = 1;
        for (n, block) in text.chunks(BLOCK).enumerate() {
            // The beginnings of words first, without a branch for each byte.
            let (mut words, mut count) = ([0_u8; BLOCK], 0_usize);
            let mut place = 0_u8;
            for byte in block {
                let kind = KINDS[usize::from(*byte)];
                words[count % BLOCK] = place;
                place = place.wrapping_add(1);
                count += usize::from(kind & outside);
                outside = kind >> 1 ^ 1;
            }
            for word in words.get(..count).unwrap_or(&words) {
                let at = n * BLOCK + usize::from(*word);
                if begins.may_begin(word_at(text, at)) {
                    self.starts.push(at);
                }
            }
        }
        let before = self.starts.len();
        for sign in &begins.signs {
            let places = memchr::memchr_iter(*sign, text);
            self.starts.extend(places.filter(|at| begins.may_begin(word_at(text, *at))));
        }
        if self.starts.len() > before {
            self.starts.sort_unstable();
        }
    }
}
