//! What the words of a text may say, before entries of several words are looked for: most texts cannot fit any frame, and
//! need no further reading.

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
    /// By word: its tags, and those of the entries of several words of which it is the rarest.
    tags: Vec<Tags>,
    /// The tags that a word without an entry may have by its form.
    by_form: Tags,
    /// The needs of the frames, without those that are met only where others are met too.
    needs: Vec<Needs>,
}

impl Hints {
    /// From the words of entries and their tags; of an entry of several words one is enough.
    pub(super) fn new<'a>(
        entries: &[(WordId, Tags)],
        forms: Tags,
        frames: impl Iterator<Item = &'a Needs>,
    ) -> Self {
        let given = WORD_TAG | NUMBER_TAG | QUOTE_TAG;
        let by_form = forms | given;
        let mut hints =
            Self { tags: vec![by_form; usize::from(QUOTE) + 1], by_form, needs: Vec::new() };
        for (word, tags) in entries {
            let word = usize::from(*word);
            let len = hints.tags.len().max(word + 1);
            hints.tags.resize(len, by_form);
            if let Some(known) = hints.tags.get_mut(word) {
                *known |= tags;
            }
        }
        for needs in frames {
            if hints.needs.iter().any(|known| is_implied(known, needs)) {
                continue;
            }
            hints.needs.retain(|known| !is_implied(needs, known));
            hints.needs.push(needs.clone());
        }
        // Needs that are met seldom tell soonest.
        for needs in &mut hints.needs {
            needs.sort_by_key(|tags| tags.count_ones());
        }
        hints
    }

    /// Whether the words are enough for a frame.
    pub(super) fn may_fit(&self, words: &[Word]) -> bool {
        let tags = |word: &Word| match word.id {
            UNKNOWN | NUMBER | QUOTE => self.by_form,
            id => self.tags.get(usize::from(id)).copied().unwrap_or(self.by_form),
        };
        let named = words.iter().fold(0, |all, word| all | tags(word));
        self.needs.iter().any(|needs| needs.iter().all(|needed| named & needed != 0))
    }
}

/// Whether a text that meets the second needs meets the first.
fn is_implied(first: &Needs, second: &Needs) -> bool {
    first.iter().all(|needed| second.iter().any(|given| given & !needed == 0))
}
