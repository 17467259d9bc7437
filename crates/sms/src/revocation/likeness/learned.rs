//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.008151, base: -0.6309 },
        possible: Bars { nothing: 0.199, open: -0.443, possible: -0.222, likely: -0.675 },
        likely: Bars { nothing: 0.727, open: 0.085, possible: 0.306, likely: -0.147 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.009697, base: -0.8417 },
        possible: Bars { nothing: 0.299, open: -0.283, possible: -0.203, likely: -0.456 },
        likely: Bars { nothing: 0.888, open: 0.307, possible: 0.387, likely: 0.134 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.009167, base: -0.9216 },
        possible: Bars { nothing: 0.313, open: -0.271, possible: -0.185, likely: -0.355 },
        likely: Bars { nothing: 0.849, open: 0.265, possible: 0.350, likely: 0.180 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.008955, base: -0.7585 },
        possible: Bars { nothing: 0.387, open: -0.119, possible: -0.076, likely: -0.283 },
        likely: Bars { nothing: 1.030, open: 0.524, possible: 0.567, likely: 0.361 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.008472, base: -0.7613 },
        possible: Bars { nothing: 0.413, open: -0.221, possible: -0.184, likely: -0.336 },
        likely: Bars { nothing: 0.907, open: 0.272, possible: 0.309, likely: 0.157 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.009169, base: -1.0989 },
        possible: Bars { nothing: 0.346, open: -0.395, possible: -0.121, likely: -0.471 },
        likely: Bars { nothing: 0.920, open: 0.179, possible: 0.453, likely: 0.103 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ko.weights"), unit: 0.008465, base: -0.4792 },
        possible: Bars { nothing: 0.321, open: -0.107, possible: -0.022, likely: -0.355 },
        likely: Bars { nothing: 0.688, open: 0.260, possible: 0.345, likely: 0.012 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ja.weights"), unit: 0.009024, base: -0.3066 },
        possible: Bars { nothing: 0.486, open: -0.097, possible: -0.198, likely: -0.262 },
        likely: Bars { nothing: 0.918, open: 0.335, possible: 0.234, likely: 0.170 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("zh.weights"), unit: 0.009181, base: -0.2015 },
        possible: Bars { nothing: 0.284, open: -0.169, possible: -0.127, likely: -0.349 },
        likely: Bars { nothing: 0.835, open: 0.382, possible: 0.424, likely: 0.202 },
    },
];

/// A digest of the rules that they were made with.
#[cfg(test)]
pub(super) const RULES: u32 = 3626574134;
