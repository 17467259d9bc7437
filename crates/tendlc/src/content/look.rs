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

/// So many letters of a phrase are looked for at first.
const PLACES: usize = 5;

/// How phrases begin. They are dealt to 64 groups; of each byte, the groups with a phrase that has it in the first, second … place
/// are set.
#[derive(Debug, Clone)]
pub(super) struct Begins {
    places: Box<[[u64; 256]; PLACES]>,
    /// Groups of phrases that begin with a sign: inside of words, too.
    signs: u64,
}

impl Begins {
    pub(super) fn of<'a>(phrases: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut begins = Self { places: Box::new([[0; 256]; PLACES]), signs: 0 };
        for phrase in phrases {
            // Short ones, which any byte may follow, are by themselves: a quarter of the groups.
            let hash = three_of(phrase).wrapping_mul(0x9e37_79b1) >> 16;
            let group = 1 << if phrase.len() < PLACES { hash % 16 } else { 16 + hash % 48 };
            for (i, groups) in begins.places.iter_mut().enumerate() {
                match phrase.get(i) {
                    Some(letter) => {
                        groups[usize::from(*letter)] |= group;
                        groups[usize::from(letter.to_ascii_uppercase())] |= group;
                    }
                    None => groups.iter_mut().for_each(|groups| *groups |= group),
                }
            }
            if phrase.first().is_some_and(|first| !first.is_ascii_alphanumeric()) {
                begins.signs |= group;
            }
        }
        begins
    }
}

/// The first three letters of a text, in lower case.
pub(super) fn three_of(text: &[u8]) -> u32 {
    text.iter().take(3).fold(0, |before, byte| before << 8 | u32::from(byte.to_ascii_lowercase()))
}

/// A part of a word: letters of other alphabets have bytes of 0x80 and more.
pub(super) const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte >= 0x80)
}

/// All bits where no word goes on after a byte.
const NO_WORD: [u64; 256] = {
    let mut kinds = [u64::MAX; 256];
    let mut byte = 0_u8;
    loop {
        if is_letter(byte) {
            kinds[byte as usize] = 0;
        }
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kinds
};

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
        let (mut control, mut for_letter, mut digits) = (0_u8, 0_u8, 0_u8);
        for byte in text {
            control |= u8::from(*byte < b' ');
            digits = digits.wrapping_add(u8::from(digit(*byte)));
            for_letter |= u8::from(stands_for_letter(*byte));
        }
        look.many_digits = digits >= 10 || text.len() > 255;
        let [second, third, fifth] = [1, 2, 4].map(|start| text.get(start..).unwrap_or_default());
        let (mut twice, mut apart) = (0_u8, 0_u8);
        for ((a, b), (c, e)) in text.iter().zip(second).zip(third.iter().zip(fifth)) {
            twice |= u8::from((*a == b' ') & (*b == b' '));
            apart |= u8::from((a == c) & (c == e) & !letter(*a) & letter(*b));
        }
        let ends = text.windows(2).rev().take(4).any(|pair| pair == b"  ");
        look.odd_spaces = control + twice > 0 || ends;
        look.spaced_letters = apart > 0;
        look.digits_in_words = for_letter > 0
            && text.windows(3).any(|three| matches!(three, [a, b, c] if stands_for_letter(*b) && letter(*a) && letter(*c)));
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
        let [firsts, seconds, thirds, fourths, fifths] = &*begins.places;
        let (mut first, mut second, mut third, mut fourth, mut outside) = (0, 0, 0, 0, u64::MAX);
        // A phrase may end with the text: then anything may follow it.
        for (at, byte) in text.iter().chain(&[0; PLACES - 1]).enumerate() {
            let byte = usize::from(*byte);
            if fourth & fifths[byte] != 0 {
                self.starts.extend(at.checked_sub(PLACES - 1));
            }
            fourth = third & fourths[byte];
            third = second & thirds[byte];
            second = first & seconds[byte];
            // In the middle of a word nothing begins that begins with a letter.
            first = firsts[byte] & (outside | begins.signs);
            outside = NO_WORD[byte];
        }
    }
}
