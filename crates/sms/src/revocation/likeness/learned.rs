//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.008293, base: -0.6370 },
        possible: Bars { nothing: 0.190, open: -0.432, possible: -0.229, likely: -0.679 },
        likely: Bars { nothing: 0.745, open: 0.123, possible: 0.326, likely: -0.123 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.009706, base: -0.8396 },
        possible: Bars { nothing: 0.294, open: -0.283, possible: -0.204, likely: -0.456 },
        likely: Bars { nothing: 0.890, open: 0.312, possible: 0.391, likely: 0.139 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.009318, base: -0.9212 },
        possible: Bars { nothing: 0.316, open: -0.267, possible: -0.182, likely: -0.352 },
        likely: Bars { nothing: 0.849, open: 0.266, possible: 0.351, likely: 0.181 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.008950, base: -0.7580 },
        possible: Bars { nothing: 0.388, open: -0.117, possible: -0.075, likely: -0.280 },
        likely: Bars { nothing: 1.024, open: 0.519, possible: 0.561, likely: 0.356 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.008466, base: -0.7571 },
        possible: Bars { nothing: 0.413, open: -0.228, possible: -0.192, likely: -0.338 },
        likely: Bars { nothing: 0.966, open: 0.324, possible: 0.361, likely: 0.214 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.009227, base: -1.0977 },
        possible: Bars { nothing: 0.346, open: -0.394, possible: -0.118, likely: -0.470 },
        likely: Bars { nothing: 0.924, open: 0.185, possible: 0.460, likely: 0.109 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ko.weights"), unit: 0.008481, base: -0.4773 },
        possible: Bars { nothing: 0.316, open: -0.112, possible: -0.027, likely: -0.358 },
        likely: Bars { nothing: 0.697, open: 0.269, possible: 0.354, likely: 0.023 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ja.weights"), unit: 0.008985, base: -0.3062 },
        possible: Bars { nothing: 0.492, open: -0.088, possible: -0.192, likely: -0.257 },
        likely: Bars { nothing: 0.916, open: 0.336, possible: 0.233, likely: 0.168 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("zh.weights"), unit: 0.009217, base: -0.2010 },
        possible: Bars { nothing: 0.280, open: -0.170, possible: -0.129, likely: -0.354 },
        likely: Bars { nothing: 0.833, open: 0.383, possible: 0.424, likely: 0.199 },
    },
];

/// A digest of the rules that they were made with.
#[cfg(test)]
pub(super) const RULES: u32 = 2480084947;
