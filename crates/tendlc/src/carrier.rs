use std::fmt;

use serde::{Deserialize, Serialize};

/// Whose network a consumer's number is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Carrier {
    /// AT&T, with Cricket and FirstNet: limits by message class.
    Att,
    /// Known, and none of the others: publishes no limits.
    Other,
    /// T-Mobile, with Metro and what was Sprint: limits by brand and day.
    TMobile,
    /// Verizon, with Visible and TracFone: limits by number.
    Verizon,
}

impl Carrier {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Att, Self::Other, Self::TMobile, Self::Verizon];

    /// The word in configuration and API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Att => "att",
            Self::Other => "other",
            Self::TMobile => "t_mobile",
            Self::Verizon => "verizon",
        }
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Att => "AT&T",
            Self::Other => "another carrier",
            Self::TMobile => "T-Mobile",
            Self::Verizon => "Verizon",
        }
    }

    /// The carrier of a word of configuration.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|carrier| carrier.word() == word)
    }

    pub(crate) fn names() -> String {
        Self::ALL.map(Self::word).join(", ")
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
