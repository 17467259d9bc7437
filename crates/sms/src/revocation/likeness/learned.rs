//! What was learned. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.013807, base: -1.1971 },
        possible: Bars { nothing: -0.068, possible: -0.193, likely: -0.693 },
        likely: Bars { nothing: 0.460, possible: -0.040, likely: -0.540 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.012639, base: -1.1986 },
        possible: Bars { nothing: 0.085, possible: -0.540, likely: -2.915 },
        likely: Bars { nothing: 0.466, possible: 0.341, likely: -0.409 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.011947, base: -1.2213 },
        possible: Bars { nothing: 0.135, possible: -0.490, likely: -0.740 },
        likely: Bars { nothing: 0.544, possible: 0.044, likely: -0.456 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.014031, base: -1.1421 },
        possible: Bars { nothing: 0.135, possible: -0.240, likely: -0.365 },
        likely: Bars { nothing: 0.467, possible: 0.092, likely: -0.158 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.011612, base: -1.2407 },
        possible: Bars { nothing: 0.123, possible: -0.377, likely: -0.877 },
        likely: Bars { nothing: 0.538, possible: -0.212, likely: -0.462 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.013165, base: -1.1320 },
        possible: Bars { nothing: 0.044, possible: -0.206, likely: -1.081 },
        likely: Bars { nothing: 0.511, possible: 0.136, likely: -0.864 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ko.weights"), unit: 0.014298, base: -0.8323 },
        possible: Bars { nothing: 0.212, possible: -0.413, likely: -0.413 },
        likely: Bars { nothing: 0.441, possible: 0.316, likely: 0.066 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ja.weights"), unit: 0.013219, base: -0.7671 },
        possible: Bars { nothing: 0.247, possible: -0.628, likely: -1.128 },
        likely: Bars { nothing: 0.577, possible: -0.173, likely: -0.173 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("zh.weights"), unit: 0.013453, base: -0.8656 },
        possible: Bars { nothing: 0.012, possible: -0.363, likely: -0.738 },
        likely: Bars { nothing: 0.529, possible: 0.279, likely: -0.471 },
    },
];
