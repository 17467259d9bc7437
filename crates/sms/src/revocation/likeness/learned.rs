//! The weights and bars of each language. Made by examples/likeness.rs; not to be edited.
#![allow(clippy::unreadable_literal, reason = "numbers that nobody reads")]

use super::{Bars, Likeness, Weights};

/// By the places of the languages.
pub(super) static LEARNED: &[Likeness] = &[
    Likeness {
        weights: Weights { table: include_bytes!("en.weights"), unit: 0.013841, base: -1.4820 },
        possible: Bars { nothing: 0.120, possible: -0.630, likely: -0.755 },
        likely: Bars { nothing: 0.544, possible: 0.294, likely: -0.206 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("es.weights"), unit: 0.012486, base: -1.2691 },
        possible: Bars { nothing: 0.476, possible: -0.535, likely: -2.535 },
        likely: Bars { nothing: 0.508, possible: 0.008, likely: -0.117 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("fr.weights"), unit: 0.013630, base: -1.3625 },
        possible: Bars { nothing: 0.412, possible: -0.735, likely: -1.110 },
        likely: Bars { nothing: 0.468, possible: -0.032, likely: -0.157 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("de.weights"), unit: 0.013223, base: -1.3466 },
        possible: Bars { nothing: 0.676, possible: -0.574, likely: -0.949 },
        likely: Bars { nothing: 0.721, possible: -0.154, likely: -0.279 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("pt.weights"), unit: 0.012426, base: -1.3095 },
        possible: Bars { nothing: 0.424, possible: -0.451, likely: -0.951 },
        likely: Bars { nothing: 0.709, possible: -0.041, likely: -0.041 },
    },
    Likeness {
        weights: Weights { table: include_bytes!("id.weights"), unit: 0.014499, base: -1.2401 },
        possible: Bars { nothing: 0.832, possible: -0.920, likely: -1.420 },
        likely: Bars { nothing: 0.832, possible: 0.205, likely: -0.295 },
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
