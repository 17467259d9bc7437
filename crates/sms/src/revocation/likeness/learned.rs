//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.014036, base: -1.4640 },
        possible: Bars { nothing: 0.189, possible: -0.436, likely: -1.186 },
        likely: Bars { nothing: 0.735, possible: 0.485, likely: -0.515 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.012444, base: -1.3422 },
        possible: Bars { nothing: 0.638, possible: -1.259, likely: -2.384 },
        likely: Bars { nothing: 0.638, possible: -0.019, likely: -0.269 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.013007, base: -1.3055 },
        possible: Bars { nothing: 0.351, possible: -0.913, likely: -1.038 },
        likely: Bars { nothing: 0.465, possible: 0.215, likely: -0.285 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.014230, base: -1.2720 },
        possible: Bars { nothing: 0.833, possible: -0.926, likely: -0.926 },
        likely: Bars { nothing: 0.833, possible: 0.005, likely: -0.245 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.011915, base: -1.3107 },
        possible: Bars { nothing: 0.391, possible: -0.996, likely: -0.996 },
        likely: Bars { nothing: 0.473, possible: 0.223, likely: -0.152 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.014149, base: -1.2477 },
        possible: Bars { nothing: 0.730, possible: -1.161, likely: -1.411 },
        likely: Bars { nothing: 0.730, possible: -0.036, likely: -0.286 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ko.weights"), unit: 0.015849, base: -0.9852 },
        possible: Bars { nothing: 0.941, possible: -0.741, likely: -0.991 },
        likely: Bars { nothing: 0.941, possible: 0.279, likely: -0.221 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("ja.weights"), unit: 0.014228, base: -0.9106 },
        possible: Bars { nothing: 0.563, possible: -0.937, likely: -0.937 },
        likely: Bars { nothing: 0.741, possible: 0.241, likely: -0.134 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("zh.weights"), unit: 0.014497, base: -1.0496 },
        possible: Bars { nothing: 0.409, possible: -0.971, likely: -1.096 },
        likely: Bars { nothing: 0.431, possible: 0.181, likely: -0.069 },
    },
];
