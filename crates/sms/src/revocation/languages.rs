use std::{fmt, str::FromStr};

use frontdesk_types::Language;

/// The languages that have rules, in the order of their bits.
pub(super) const CODES: [&str; 9] = ["en", "es", "fr", "de", "pt", "id", "ko", "ja", "zh"];

/// A set of languages whose revocation rules apply. English is always in it. Two bytes, `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Languages(u16);

/// Why a text is not a list of languages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` has no revocation rules: allowed are {}", CODES.join(", "))]
pub struct LanguagesError {
    /// The language that was found instead.
    pub found: String,
}

impl Languages {
    /// Every language that has rules.
    pub const ALL: Self = Self((1 << CODES.len()) - 1);
    /// English alone.
    pub const ENGLISH: Self = Self(1);

    /// The set with one more language; a region does not count (`fr-CA` is `fr`), and a language without rules changes
    /// nothing.
    #[must_use]
    pub fn with(self, language: Language) -> Self {
        let code = language.fallback().unwrap_or(language).to_string();
        Self(self.0 | Self::bit(&code).unwrap_or(0))
    }

    fn bit(code: &str) -> Option<u16> {
        CODES.iter().position(|known| *known == code).map(|at| 1 << at)
    }

    /// The language at a place of [`CODES`].
    pub(super) fn nth(index: usize) -> Self {
        Self(1 << index)
    }

    pub(super) fn none() -> Self {
        Self(0)
    }

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Default for Languages {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl FromIterator<Language> for Languages {
    fn from_iter<T: IntoIterator<Item = Language>>(languages: T) -> Self {
        languages.into_iter().fold(Self::ENGLISH, Self::with)
    }
}

/// Codes with commas between them: `en,ko`. `all` is every language.
impl FromStr for Languages {
    type Err = LanguagesError;

    fn from_str(text: &str) -> Result<Self, LanguagesError> {
        if text.trim().eq_ignore_ascii_case("all") {
            return Ok(Self::ALL);
        }
        let mut languages = Self::ENGLISH;
        for code in text.split(',').map(str::trim) {
            let bit = Self::bit(&code.to_ascii_lowercase());
            let bit =
                bit.ok_or_else(|| LanguagesError { found: code.chars().take(40).collect() })?;
            languages.0 |= bit;
        }
        Ok(languages)
    }
}

impl fmt::Display for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = CODES.iter().enumerate().filter(|(at, _)| self.intersects(Self::nth(*at)));
        let codes: Vec<&str> = known.map(|(_, code)| *code).collect();
        f.write_str(&codes.join(","))
    }
}

impl fmt::Debug for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Languages({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_languages_is_written_and_read() {
        let languages: Languages = "en, KO".parse().unwrap();
        assert_eq!(languages.to_string(), "en,ko");
        assert_eq!("all".parse(), Ok(Languages::ALL));
        let error = "ko,xx".parse::<Languages>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`xx` has no revocation rules: allowed are en, es, fr, de, pt, id, ko, ja, zh"
        );
        let french: Languages =
            ["fr-CA", "tlh"].map(|code| code.parse().unwrap()).into_iter().collect();
        assert_eq!(french.to_string(), "en,fr");
    }
}
