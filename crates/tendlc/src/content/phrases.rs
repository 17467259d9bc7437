//! All phrases, as they are looked for in a text: each has three bytes or more.

use super::look::is_letter;

/// The words of all categories, by how they begin.
#[derive(Debug)]
pub(super) struct Phrasebook {
    /// In the order of their pages.
    phrases: Vec<Phrase>,
    /// By the hash of the first three letters, how phrases go on.
    pages: Box<[Page; PAGES]>,
    /// The first phrase of each page, and where the last ends.
    from: Vec<usize>,
    /// With what phrases begin that begin with a sign: inside of words, too.
    signs: Vec<u8>,
}

/// A word that stands for a category.
#[derive(Debug)]
pub(super) struct Phrase {
    text: Box<[u8]>,
    /// Its first letters, and which of eight they are: most others are told by them.
    first: Word,
    which: u64,
    /// It ends where a word does.
    ends_word: bool,
    /// By itself.
    pub(super) enough: bool,
    /// Which category.
    pub(super) category: usize,
    /// Which of its words.
    pub(super) place: usize,
}

/// So many bits of a hash are told apart: a table that fits a processor's nearest memory.
const BITS: u32 = 10;
const PAGES: usize = 1 << BITS;

/// Phrases whose first three letters have the same hash. How they go on tells of most words that no phrase begins with them; a letter is
/// told by its lowest five bits.
#[derive(Debug, Clone, Copy, Default)]
struct Page {
    fourth: u32,
    fifth: u32,
    sixth: u32,
}

/// Eight letters of a text in lower case (and signs made others, alike in texts and phrases); after its end there are spaces.
#[derive(Debug, Clone, Copy)]
struct Word(u64);

impl Word {
    fn at(text: &[u8], at: usize) -> Self {
        let rest = text.get(at..).unwrap_or_default();
        let eight = match (rest.first_chunk(), text.last_chunk()) {
            (Some(eight), _) => u64::from_le_bytes(*eight),
            (None, Some(last)) if !rest.is_empty() => {
                u64::from_le_bytes(*last) >> (8 * (8 - rest.len()))
            }
            _ => rest.iter().rev().fold(0, |after, byte| after << 8 | u64::from(*byte)),
        };
        Self(eight | 0x2020_2020_2020_2020)
    }

    /// The hash of the first three letters.
    fn page(self) -> usize {
        let mixed = (self.0 << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - BITS);
        usize::try_from(mixed).unwrap_or(0) % PAGES
    }

    /// A letter, told by its lowest five bits. The first is number 0.
    fn letter(self, number: usize) -> u32 {
        self.0.to_le_bytes().get(number).map_or(0, |letter| u32::from(letter & 31))
    }
}

impl Phrase {
    fn of(text: &str, enough: bool, category: usize, place: usize) -> Self {
        let ends_word = text.bytes().last().is_some_and(|last| last.is_ascii_alphanumeric());
        let text: Box<[u8]> = text.as_bytes().into();
        let others = 8 - text.len().clamp(1, 8);
        let first = Word::at(&text, 0);
        Self { text, first, which: u64::MAX >> (8 * others), ends_word, enough, category, place }
    }

    fn begins(&self, text: &[u8], at: usize) -> bool {
        let Some((start, rest)) =
            text.get(at..).and_then(|text| text.split_at_checked(self.text.len()))
        else {
            return false;
        };
        start.eq_ignore_ascii_case(&self.text)
            && !(self.ends_word && rest.first().is_some_and(|next| is_letter(*next)))
    }
}

impl Phrasebook {
    /// Of words, each with whether it is enough by itself, and its category.
    pub(super) fn of<'a>(words: impl Iterator<Item = (&'a str, bool, usize)>) -> Self {
        let mut phrases: Vec<Phrase> = Vec::new();
        let mut signs = Vec::new();
        for (text, enough, category) in words {
            let before = phrases.last().filter(|before| before.category == category);
            let place = before.map_or(0, |before| before.place + 1);
            phrases.push(Phrase::of(text, enough, category, place));
            signs.extend(text.bytes().next().filter(|first| !first.is_ascii_alphanumeric()));
        }
        signs.sort_unstable();
        signs.dedup();
        phrases.sort_by_key(|phrase| phrase.first.page());
        let mut pages = Box::new([Page::default(); PAGES]);
        for phrase in &phrases {
            let page = &mut pages[phrase.first.page()];
            let letters = [&mut page.fourth, &mut page.fifth, &mut page.sixth];
            for (letters, n) in letters.into_iter().zip(3..) {
                let ends = phrase.text.len() <= n;
                *letters |= if ends { u32::MAX } else { 1 << phrase.first.letter(n) };
            }
        }
        let before = |page| phrases.partition_point(|phrase| phrase.first.page() < page);
        let from = (0..=PAGES).map(before).collect();
        Self { phrases, pages, from, signs }
    }

    /// The signs with which phrases begin.
    pub(super) fn signs(&self) -> &[u8] {
        &self.signs
    }

    /// Whether a phrase may begin at a place of a text.
    pub(super) fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let word = Word::at(text, at);
        let page = &self.pages[word.page()];
        let goes_on = |letters: u32, n| letters.wrapping_shr(word.letter(n));
        goes_on(page.fourth, 3) & goes_on(page.fifth, 4) & goes_on(page.sixth, 5) & 1 == 1
    }

    /// The phrases that stand at a place of a text.
    pub(super) fn beginning<'a>(
        &'a self,
        text: &'a [u8],
        at: usize,
    ) -> impl Iterator<Item = &'a Phrase> {
        let word = Word::at(text, at);
        let [from, to] = [word.page(), word.page() + 1].map(|page| self.from[page]);
        let page = self.phrases.get(from..to).unwrap_or_default();
        let may = move |phrase: &&Phrase| (phrase.first.0 ^ word.0) & phrase.which == 0;
        page.iter().filter(may).filter(move |phrase| phrase.begins(text, at))
    }
}
