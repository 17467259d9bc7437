//! How like a text is to texts that revoke consent.
//!
//! Rules say what a sentence says; they cannot foresee every wording. So a text that rules may have something to say of is also
//! compared, feature by feature, with thousands of labelled texts of its language: each feature has a weight, and the sum tells
//! how like the text is to those that revoke. Where the rules are silent, a text that is very like them is taken; where the rules
//! found something, a text that is not like them at all is left alone. Opt-out words (SMS-15) are never weighed.
//!
//! The weights are made by `examples/likeness.rs` from the labelled texts of `tests/data/revocation/`. They are numbers in a table:
//! the same text has the same likeness on every machine.

mod features;
mod learned;

#[cfg(feature = "training")]
pub(super) use features::FEATURES;
use features::Features;

use std::sync::LazyLock;

use learned::LEARNED;

use super::{
    Languages, Level, Revocation, book::Steps, languages::CODES, reading::Reading,
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

/// Weights, and what a text has without any.
struct Weights {
    /// A weight for each feature, in units of `unit`.
    table: &'static [u8],
    unit: f32,
    base: f32,
}

impl Weights {
    fn sum(&self, features: &Features) -> f32 {
        let numbers = features.numbers();
        let weights = numbers.iter().filter_map(|number| self.table.get(usize::from(*number)));
        let sum: i32 = weights.map(|weight| i32::from(weight.cast_signed())).sum();
        // At most some thousands of features, each below 128.
        #[expect(clippy::cast_precision_loss, reason = "both are far below 2^24")]
        let (sum, count) = (sum as f32, numbers.len().max(1) as f32);
        self.base + self.unit * sum / count.sqrt()
    }
}

/// The likeness that a text needs for a level, by what the rules say of it.
struct Bars {
    nothing: f32,
    possible: f32,
    likely: f32,
}

impl Bars {
    fn of(&self, by_rules: Option<Level>) -> f32 {
        match by_rules {
            None => self.nothing,
            Some(Level::Possible) => self.possible,
            Some(Level::Likely | Level::Certain) => self.likely,
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
    /// The level of a text, by its features and by what the rules say. `is_open` says that the rule is for texts that are to be
    /// possible, however like a revocation they are: "wrong number".
    fn level(&self, features: &Features, by_rules: Option<Level>, is_open: bool) -> Option<Level> {
        let likeness = self.weights.sum(features);
        if !is_open && likeness >= self.likely.of(by_rules) {
            return Some(Level::Likely);
        }
        (likeness >= self.possible.of(by_rules)).then_some(Level::Possible)
    }
}

/// Whether a language has spaces between words: all such languages see the same features.
pub(super) fn has_words(language: usize) -> bool {
    !matches!(CODES.get(language), Some(&("ko" | "ja" | "zh")))
}

/// How spellings are folded, by the places of the languages.
static VARIANTS: LazyLock<[Variants; CODES.len()]> = LazyLock::new(|| CODES.map(Variants::of));

/// The features of a text in a language.
pub(super) fn features(text: &str, language: usize) -> Features {
    match VARIANTS.get(language) {
        Some(variants) if !has_words(language) => Features::of_characters(text, variants),
        _ => Features::of_words(text),
    }
}

/// Whether a text has enough to be compared: one word by itself is what rules say of it ("Remove" answers a question).
pub(super) fn is_comparable(reading: &Reading) -> bool {
    reading.words.len() > 1 || reading.scripts.any()
}

/// The level of a text in some languages, with the finding of the rules of one of them.
pub(super) fn weigh(
    text: &str,
    languages: Languages,
    by_rules: Option<(usize, Revocation)>,
    steps: &mut Steps,
) -> Option<Revocation> {
    let (mut words, mut best) = (None, None::<Revocation>);
    for (language, steps) in steps.likeness.iter_mut().enumerate() {
        let Some(likeness) = LEARNED.get(language) else { continue };
        if !languages.intersects(Languages::nth(language)) {
            continue;
        }
        let characters;
        let features = if has_words(language) {
            words.get_or_insert_with(|| features(text, language))
        } else {
            characters = features(text, language);
            &characters
        };
        *steps += features.steps;
        let ruled = by_rules.as_ref().filter(|(of, _)| *of == language).map(|(_, found)| found);
        let by_rules = ruled.map(|found| found.level);
        let Some(level) = likeness.level(features, by_rules, ruled.is_some_and(is_open)) else {
            continue;
        };
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
