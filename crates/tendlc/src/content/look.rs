//! One look at a text: what may be in it. Most texts need no closer one.

use smallvec::SmallVec;
use wide::u8x64;

use super::phrases::Phrasebook;

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

/// A part of a word: letters of other alphabets have bytes of 0x80 and more.
pub(super) const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// So many bytes are looked at in one go.
const BLOCK: usize = 64;

/// Fills the last block: a character of no kind.
const NOTHING: u8 = 0x7f;

/// Of what kinds the bytes of a block are: the lowest bit tells of the first.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    letters: u64,
    digits: u64,
    spaces: u64,
    dots: u64,
    /// Below the space.
    controls: u64,
    /// Of other characters than ASCII's.
    others: u64,
    /// Digits and signs that may stand for letters.
    stand_for_letters: u64,
    /// With which phrases begin that begin with a sign.
    signs: u64,
}

impl Block {
    fn of(bytes: [u8; BLOCK], signs: &[u8]) -> Self {
        let bytes = u8x64::new(bytes);
        let is = |byte: u8| bytes.simd_eq(u8x64::splat(byte));
        let lower = bytes | u8x64::splat(0x20);
        let within = |bytes: u8x64, first: u8, count: u8| {
            (bytes - u8x64::splat(first)).simd_lt(u8x64::splat(count)).to_bitmask()
        };
        let digits = within(bytes, b'0', 10);
        let signs = signs.iter().fold(u8x64::default(), |found, sign| found | is(*sign));
        let stand = (is(b'@') | is(b'$') | is(b'!')).to_bitmask();
        Self {
            letters: within(lower, b'a', 26),
            digits,
            spaces: is(b' ').to_bitmask(),
            dots: is(b'.').to_bitmask(),
            controls: bytes.simd_lt(u8x64::splat(b' ')).to_bitmask(),
            others: bytes.to_bitmask(),
            stand_for_letters: digits | stand,
            signs: signs.to_bitmask(),
        }
    }

    /// What may begin a word.
    fn alphanumeric(&self) -> u64 {
        self.letters | self.digits
    }

    /// What is part of a word.
    fn words(&self) -> u64 {
        self.alphanumeric() | self.others
    }
}

/// Of each byte, what is told of the byte so many before it (1 to 63).
fn back(this: u64, before: u64, bytes: u32) -> u64 {
    this << bytes | before >> (u64::BITS - bytes)
}

impl Look {
    /// Looks at every byte, without branches that a processor could not foresee.
    pub(super) fn at(text: &[u8], phrasebook: &Phrasebook) -> Self {
        let mut look = Self::default();
        let mut digits = 0;
        let mut before = Block::default();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut last = [NOTHING; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        for (n, bytes) in blocks.iter().chain([&last]).enumerate() {
            let block = Block::of(*bytes, phrasebook.signs());
            digits += block.digits.count_ones();
            look.add(&block, &before);
            let mut starts =
                block.alphanumeric() & !back(block.words(), before.words(), 1) | block.signs;
            while starts != 0 {
                let at = n * BLOCK + starts.trailing_zeros() as usize;
                starts &= starts - 1;
                if phrasebook.may_begin(text, at) {
                    look.starts.push(at);
                }
            }
            before = block;
        }
        look.many_digits = digits >= 10;
        look
    }

    fn add(&mut self, block: &Block, before: &Block) {
        let letters = |bytes| back(block.letters, before.letters, bytes);
        let others = |bytes| !back(block.alphanumeric(), before.alphanumeric(), bytes);
        let twice = block.spaces & back(block.spaces, before.spaces, 1);
        self.other_letters |= block.others != 0;
        self.odd_spaces |= block.controls | twice != 0;
        let stands = back(block.stand_for_letters, before.stand_for_letters, 1);
        self.digits_in_words |= block.letters & stands & letters(2) != 0;
        let (signs, apart) =
            (others(1) & others(3) & others(5) & others(7), letters(2) & letters(4) & letters(6));
        self.spaced_letters |= block.letters & signs & apart != 0;
        let before_dot = back(block.alphanumeric(), before.alphanumeric(), 2);
        let dots = back(block.dots, before.dots, 1);
        self.dots_in_words |= block.alphanumeric() & dots & before_dot != 0;
    }
}
