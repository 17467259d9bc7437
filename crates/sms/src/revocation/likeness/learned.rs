//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.013917, base: -1.4785 },
        possible: Bars { nothing: 0.122, possible: -0.522, likely: -0.772 },
        likely: Bars { nothing: 0.555, possible: 0.055, likely: -0.195 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.012354, base: -1.2805 },
        possible: Bars { nothing: 0.507, possible: -0.618, likely: -2.493 },
        likely: Bars { nothing: 0.561, possible: 0.061, likely: -0.189 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.013591, base: -1.3643 },
        possible: Bars { nothing: 0.408, possible: -0.730, likely: -1.105 },
        likely: Bars { nothing: 0.453, possible: -0.047, likely: -0.172 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.013278, base: -1.3497 },
        possible: Bars { nothing: 0.645, possible: -0.641, likely: -0.891 },
        likely: Bars { nothing: 0.724, possible: -0.151, likely: -0.276 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.012434, base: -1.3083 },
        possible: Bars { nothing: 0.361, possible: -0.514, likely: -0.764 },
        likely: Bars { nothing: 0.701, possible: -0.049, likely: -0.049 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.014457, base: -1.2424 },
        possible: Bars { nothing: 0.837, possible: -1.043, likely: -1.168 },
        likely: Bars { nothing: 0.837, possible: 0.208, likely: -0.292 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ko.weights"), unit: 0.016786, base: -1.0020 },
        possible: Bars { nothing: 0.796, possible: -0.626, likely: -0.751 },
        likely: Bars { nothing: 0.796, possible: -0.008, likely: -0.133 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ja.weights"), unit: 0.013970, base: -0.7886 },
        possible: Bars { nothing: 0.779, possible: -0.855, likely: -1.105 },
        likely: Bars { nothing: 0.820, possible: 0.070, likely: -0.180 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("zh.weights"), unit: 0.015320, base: -1.0270 },
        possible: Bars { nothing: 0.373, possible: -0.754, likely: -0.879 },
        likely: Bars { nothing: 0.460, possible: 0.210, likely: -0.040 },
    },
];
