//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.014123, base: -1.4461 },
        possible: Bars { nothing: 0.224, possible: -1.282, likely: -2.782 },
        likely: Bars { nothing: 1.002, possible: -0.773, likely: -0.898 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.012703, base: -1.2493 },
        possible: Bars { nothing: 0.509, possible: -2.742, likely: -2.742 },
        likely: Bars { nothing: 0.737, possible: -0.414, likely: -0.539 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.012270, base: -1.2571 },
        possible: Bars { nothing: 0.170, possible: -0.580, likely: -0.830 },
        likely: Bars { nothing: 0.547, possible: -0.078, likely: -0.453 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.013967, base: -1.1803 },
        possible: Bars { nothing: 0.345, possible: -0.675, likely: -0.675 },
        likely: Bars { nothing: 0.399, possible: 0.024, likely: -0.101 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.011517, base: -1.2740 },
        possible: Bars { nothing: 0.258, possible: -1.117, likely: -1.492 },
        likely: Bars { nothing: 1.104, possible: -0.616, likely: -0.616 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.013181, base: -1.1890 },
        possible: Bars { nothing: 0.751, possible: -2.585, likely: -2.585 },
        likely: Bars { nothing: 0.904, possible: -0.733, likely: -1.233 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ko.weights"), unit: 0.015131, base: -0.8722 },
        possible: Bars { nothing: 0.675, possible: -0.742, likely: -1.742 },
        likely: Bars { nothing: 0.768, possible: 0.247, likely: -0.253 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ja.weights"), unit: 0.013115, base: -0.7932 },
        possible: Bars { nothing: 0.735, possible: -2.467, likely: -2.467 },
        likely: Bars { nothing: 0.741, possible: -0.273, likely: -0.273 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("zh.weights"), unit: 0.013749, base: -0.9150 },
        possible: Bars { nothing: 0.205, possible: -1.173, likely: -1.173 },
        likely: Bars { nothing: 0.481, possible: 0.231, likely: -0.519 },
    },
];
