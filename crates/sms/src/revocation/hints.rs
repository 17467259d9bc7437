//! What the words of a text may say, before its entries are looked for: most texts cannot fit any frame, and need no
//! further reading.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    lexicon::{NUMBER, QUOTE, Tags, UNKNOWN, WordId},
    reading::Word,
    ruleset::{NUMBER_TAG, QUOTE_TAG, WORD_TAG},
};

/// Tags of which a text must have one each for a frame to fit.
pub(super) type Needs = SmallVec<[Tags; 6]>;

#[derive(Debug, Default)]
pub(super) struct Hints {
    words: Vec<Hint>,
    /// By the first two words of entries of several: the tags of these entries.
    pairs: FxHashMap<(WordId, WordId), Tags>,
    /// The tags that a word without an entry may have by its form.
    by_form: Tags,
    needs: Least,
}

/// What a word may say.
#[derive(Debug, Clone, Copy)]
struct Hint {
    /// The tags that it may have by itself.
    tags: Tags,
    /// A bit each for the words that follow it in entries of several; some share one.
    followers: u64,
}

fn bit(word: WordId) -> u64 {
    1 << (word % 64)
}

impl Hints {
    /// From the entries of one word and those of several.
    pub(super) fn new<'a>(
        singles: &[(WordId, Tags)],
        phrases: &[(Vec<WordId>, Tags)],
        forms: Tags,
        frames: impl Iterator<Item = &'a Needs>,
    ) -> Self {
        let by_form = forms | WORD_TAG | NUMBER_TAG | QUOTE_TAG;
        let mut hints = Self { by_form, ..Self::default() };
        for (word, tags) in singles {
            let hint = hints.hint(*word);
            // A word that has an entry is never one by its form.
            let before = if hint.tags & WORD_TAG == 0 { hint.tags } else { 0 };
            hint.tags = before | tags;
        }
        for (words, tags) in phrases {
            let [first, second, ..] = words.as_slice() else { continue };
            hints.hint(*first).followers |= bit(*second);
            *hints.pairs.entry((*first, *second)).or_default() |= tags;
        }
        hints.needs = Least::of(frames);
        hints
    }

    fn hint(&mut self, word: WordId) -> &mut Hint {
        let word = usize::from(word);
        let len = self.words.len().max(word + 1);
        self.words.resize(len, Hint { tags: self.by_form, followers: 0 });
        &mut self.words[word]
    }

    /// Whether the words are enough for a frame.
    pub(super) fn may_fit(&self, words: &[Word]) -> bool {
        let mut named = 0;
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            let hint = match word.id {
                UNKNOWN | NUMBER | QUOTE => None,
                id => self.words.get(usize::from(id)),
            };
            let Some(hint) = hint else {
                named |= self.by_form;
                continue;
            };
            named |= hint.tags;
            if let Some(next) = words.peek()
                && hint.followers & bit(next.id) != 0
            {
                named |= self.pairs.get(&(word.id, next.id)).copied().unwrap_or(0);
            }
        }
        self.needs.are_met(named)
    }
}

/// The needs of frames, without those that are met only where others are met too: the tags that are met most seldom, and
/// the others.
#[derive(Debug, Default)]
pub(super) struct Least(Vec<(Tags, Needs)>);

impl Least {
    pub(super) fn of<'a>(frames: impl Iterator<Item = &'a Needs>) -> Self {
        let mut least = Vec::<Needs>::new();
        for needs in frames {
            if least.iter().any(|known| is_implied(known, needs)) {
                continue;
            }
            least.retain(|known| !is_implied(needs, known));
            least.push(needs.clone());
        }
        let split = |mut needs: Needs| {
            needs.sort_by_key(|tags| tags.count_ones());
            needs.dedup();
            Some((*needs.first()?, needs.iter().skip(1).copied().collect()))
        };
        Self(least.into_iter().filter_map(split).collect())
    }

    /// Whether the tags of a text are enough for one of the frames.
    pub(super) fn are_met(&self, named: Tags) -> bool {
        let is_named = |needed: &Tags| named & needed != 0;
        self.0.iter().any(|(first, others)| is_named(first) && others.iter().all(is_named))
    }
}

/// Whether a text that meets the second needs meets the first.
fn is_implied(first: &Needs, second: &Needs) -> bool {
    first.iter().all(|needed| second.iter().any(|given| given & !needed == 0))
}
