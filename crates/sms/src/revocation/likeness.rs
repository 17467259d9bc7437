//! How like a text is to texts that revoke consent.
//!
//! Rules say what a sentence says; they cannot foresee every wording. So a text that rules may have something to say of is also
//! compared, feature by feature, with thousands of labelled texts of its language: each feature has a weight, and the sum tells
//! how like the text is to those that revoke. Where the rules are silent, a text that is very like them is taken; where the rules
//! found something, a text that is not like them at all is left alone. Opt-out words (SMS-15) are never weighed.
//!
//! The weights are made by `examples/likeness.rs` from the labelled texts of `tests/data/revocation/`. They are numbers in a table:
//! the same text has the same likeness on every machine. They know what rules take words for by its number: after a change of the
//! rules they are made anew, and a test fails until they are.

mod features;
mod learned;
mod view;

use features::{Spelling, Spellings};
use smallvec::SmallVec;
pub(super) use view::FEATURES;
use view::View;

use std::sync::LazyLock;

use learned::LEARNED;

use super::{
    Level, Revocation, book::Steps, languages::CODES, reading::Reading, ruleset::Token,
    variants::Variants,
};

/// The name for what no rule says.
const RULE: &str = "likeness";
/// Rules for texts that are to be possible, however like a revocation they are: nobody asks for anything, asks how, or says what is
/// to stop.
const OPEN: &[&str] = &[
    "alone",
    "deceased",
    "go-away",
    "how-come",
    "how-to-stop",
    "leave-alone",
    "lives-here",
    "never-signed-up",
    "not-customer",
    "not-interested",
    "not-known",
    "not-me",
    "not-used",
    "spam",
    "stop-alone",
    "stop-please",
    "wrong-number",
];

pub(super) fn is_open(found: &Revocation) -> bool {
    found.level == Level::Possible && OPEN.contains(&found.rule)
}

/// A text of so many words is not weighed if the rules are sure.
const FEW_WORDS: usize = 3;

/// The views of a text: its words, parts of words, and what rules take words for.
const VIEWS: usize = 3;

/// Weights, and what a text has without any.
struct Weights {
    /// A weight for each feature, in units of `unit`.
    table: &'static [u8; FEATURES],
    unit: f32,
    base: f32,
}

impl Weights {
    /// Each view counts as much as another, however many features it has.
    fn sum(&self, views: [&View; VIEWS]) -> f32 {
        let of_view = |view: &View| {
            let numbers = view.numbers();
            let weights = numbers.iter().filter_map(|number| self.table.get(*number as usize));
            let sum: i32 = weights.map(|weight| i32::from(weight.cast_signed())).sum();
            // At most some thousands of features, each below 128.
            #[expect(clippy::cast_precision_loss, reason = "both are far below 2^24")]
            let (sum, count) = (sum as f32, numbers.len().max(1) as f32);
            sum / count.sqrt()
        };
        self.base + self.unit * views.into_iter().map(of_view).sum::<f32>()
    }
}

/// The likeness that a text needs for a level, by what the rules say of it.
struct Bars {
    nothing: f32,
    /// For what a rule for texts that are to be possible has found.
    open: f32,
    possible: f32,
    likely: f32,
}

impl Bars {
    fn of(&self, by_rules: Option<&Revocation>) -> f32 {
        match by_rules {
            None => self.nothing,
            Some(found) if is_open(found) => self.open,
            Some(found) if found.level == Level::Possible => self.possible,
            Some(_) => self.likely,
        }
    }
}

/// One language, as it was learned.
struct Likeness {
    weights: Weights,
    possible: Bars,
    likely: Bars,
}

impl Likeness {
    /// The level of a text, by its likeness and by what the rules of the language found. Some texts are to be possible, however
    /// like a revocation they are: "wrong number".
    fn level(&self, likeness: f32, by_rules: Option<&Revocation>, is_open: bool) -> Option<Level> {
        if !is_open && likeness >= self.likely.of(by_rules) {
            return Some(Level::Likely);
        }
        (likeness >= self.possible.of(by_rules)).then_some(Level::Possible)
    }
}

/// What the rules of some languages take the words of a text for.
#[derive(Debug, Default)]
pub(super) struct Concepts {
    views: SmallVec<[(usize, View); 2]>,
}

impl Concepts {
    /// Adds what the rules of a language take the words of the text for.
    pub(super) fn add(&mut self, language: usize, tokens: &[Token]) {
        self.views.push((language, View::of_tokens(tokens, has_words(language))));
    }

    /// Whether there is something of a language.
    #[cfg(feature = "training")]
    pub(super) fn has(&self, language: usize) -> bool {
        self.views.iter().any(|(of, _)| *of == language)
    }
}

/// Whether a language has spaces between words: all such languages see the same features.
pub(super) fn has_words(language: usize) -> bool {
    !matches!(CODES.get(language), Some(&("ko" | "ja" | "zh")))
}

/// How spellings are folded, by the places of the languages.
static VARIANTS: LazyLock<[Variants; CODES.len()]> = LazyLock::new(|| CODES.map(Variants::of));

/// How spellings of a language are folded; `None` where words have spaces.
fn variants(language: usize) -> Option<&'static Variants> {
    VARIANTS.get(language).filter(|_| !has_words(language))
}

/// Whether a text has enough to be compared: one word by itself is what rules say of it ("Remove" answers a question).
pub(super) fn is_comparable(reading: &Reading) -> bool {
    reading.words.len() > 1 || reading.scripts.any()
}

/// Whether what the rules found stands as it is: two or three words that a rule accounts for say little more to weigh ("omg stop").
pub(super) fn stands(reading: &Reading, by_rules: Option<&(usize, Revocation)>) -> bool {
    let is_likely = by_rules.is_some_and(|(_, found)| found.level >= Level::Likely);
    is_likely && reading.words.len() <= FEW_WORDS && !reading.scripts.any()
}

/// The level of a text in the languages in which it was read, with the finding of the rules of one of them. `stays` says that
/// no more than possible may come of it.
pub(super) fn weigh(
    text: &str,
    concepts: Concepts,
    by_rules: Option<(usize, Revocation)>,
    stays: bool,
    steps: &mut Steps,
) -> Option<Revocation> {
    let (mut spellings, mut best) = (Spellings::of(text), None::<Revocation>);
    let is_open = stays || by_rules.as_ref().is_some_and(|(_, found)| is_open(found));
    for (language, mut concepts) in concepts.views {
        let Some(likeness) = LEARNED.get(language) else { continue };
        let Spelling { words, parts } = spellings.get(variants(language));
        let ruled = by_rules.as_ref().filter(|(of, _)| *of == language).map(|(_, found)| found);
        concepts.add_rule(ruled.map_or("", |found| found.rule));
        let views = [words, parts, &concepts];
        if let Some(steps) = steps.likeness.get_mut(language) {
            *steps += views.iter().map(|view| view.numbers().len()).sum::<usize>();
        }
        let sum = likeness.weights.sum(views);
        let Some(level) = likeness.level(sum, ruled, is_open) else { continue };
        let found = match ruled {
            Some(found) => Revocation { level, ..found.clone() },
            None => Revocation { level, rule: RULE, phrase: 0..text.len() },
        };
        let is_better =
            |best: &Revocation| (found.level, ruled.is_some()) > (best.level, best.rule != RULE);
        if best.as_ref().is_none_or(is_better) {
            best = Some(found);
        }
    }
    best
}

/// A digest of the rules: weights that were made with others do not know what tags stand for.
#[cfg(any(test, feature = "training"))]
pub(super) fn digest_of_rules() -> u32 {
    let files = super::rules::ALL.iter().flat_map(|(_, files)| files.iter());
    files.flat_map(|file| file.bytes()).fold(0, |digest, byte| view::mixed(digest, byte.into()))
}

/// The features of a text of a language, by view, with what the rules of that language have found.
#[cfg(feature = "training")]
pub(super) fn features(
    text: &str,
    language: usize,
    concepts: Concepts,
    rule: &str,
) -> [Vec<u32>; VIEWS] {
    let mut spellings = Spellings::of(text);
    let Spelling { words, parts } = spellings.get(variants(language));
    let view = concepts.views.into_iter().find(|(of, _)| *of == language);
    let mut concepts = view.map(|(_, view)| view).unwrap_or_default();
    concepts.add_rule(rule);
    [words, parts, &concepts].map(|view| view.numbers().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_were_made_with_these_rules() {
        let how = "cargo run --release -p frontdesk-sms --features training --example likeness";
        assert_eq!(learned::RULES, digest_of_rules(), "make the weights anew: {how}");
        assert_eq!(LEARNED.len(), CODES.len());
    }
}
