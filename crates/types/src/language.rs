use std::{collections::BTreeMap, fmt, str::FromStr};

use compact_str::{CompactString, ToCompactString};
use serde::{Deserialize, Serialize};

/// A language, optionally with a region: `en`, `fr-CA`, `zh`. Eight bytes, `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "CompactString", into = "CompactString")]
pub struct Language {
    language: [u8; 3],
    region: [u8; 2],
}

/// Why a text is not a language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is not a language: allowed are a two- or three-letter code, optionally with a region, like `en` or `fr-CA`"
)]
pub struct LanguageError {
    /// What was found instead.
    pub found: String,
}

impl Language {
    /// English.
    pub const ENGLISH: Self = Self { language: *b"en\0", region: *b"\0\0" };
    /// Spanish.
    pub const SPANISH: Self = Self { language: *b"es\0", region: *b"\0\0" };

    /// The next language to try when a text does not exist in this one: `fr-CA` falls back to `fr`, and
    /// `fr` to nothing (the center's default language comes next, SMS-10).
    pub fn fallback(self) -> Option<Self> {
        (self.region != [0, 0]).then_some(Self { region: [0, 0], ..self })
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let error = || LanguageError { found: text.chars().take(40).collect() };
        let (code, region) = match text.split_once('-') {
            Some((code, region)) => (code, Some(region)),
            None => (text, None),
        };
        let letters = |text: &str| text.bytes().all(|b| b.is_ascii_alphabetic());
        if !(2..=3).contains(&code.len()) || !letters(code) {
            return Err(error());
        }
        let mut language = [0; 3];
        for (slot, byte) in language.iter_mut().zip(code.bytes()) {
            *slot = byte.to_ascii_lowercase();
        }
        let mut parsed = Self { language, region: [0, 0] };
        if let Some(region) = region {
            if region.len() != 2 || !letters(region) {
                return Err(error());
            }
            for (slot, byte) in parsed.region.iter_mut().zip(region.bytes()) {
                *slot = byte.to_ascii_uppercase();
            }
        }
        Ok(parsed)
    }
}

impl TryFrom<CompactString> for Language {
    type Error = LanguageError;

    fn try_from(text: CompactString) -> Result<Self, LanguageError> {
        text.parse()
    }
}

impl From<Language> for CompactString {
    fn from(language: Language) -> Self {
        language.to_compact_string()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for byte in self.language.into_iter().filter(|byte| *byte != 0) {
            f.write_char(char::from(byte))?;
        }
        if self.region != [0, 0] {
            f.write_char('-')?;
            for byte in self.region {
                f.write_char(char::from(byte))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({self})")
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Language {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A language, optionally with a region: `en`, `fr-CA`",
            "pattern": "^[A-Za-z]{2,3}(-[A-Za-z]{2})?$"
        })
    }
}

/// One value per language, with the fallback chain of SMS-10: the language itself, then without its
/// region, then the default language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Localized<T>(pub BTreeMap<Language, T>);

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Localized<T> {
    /// The value for `language`, or for the next language of its chain that has one.
    pub fn get(&self, language: Language, default: Language) -> Option<&T> {
        self.0
            .get(&language)
            .or_else(|| language.fallback().and_then(|fallback| self.0.get(&fallback)))
            .or_else(|| self.0.get(&default))
    }
}

impl<T> FromIterator<(Language, T)> for Localized<T> {
    fn from_iter<I: IntoIterator<Item = (Language, T)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> Language {
        text.parse().unwrap()
    }

    #[test]
    fn languages_are_read_and_written_in_the_usual_case() {
        for (text, canonical) in
            [("en", "en"), ("FR-ca", "fr-CA"), ("zh-tw", "zh-TW"), ("yue", "yue")]
        {
            assert_eq!(language(text).to_string(), canonical);
        }
        for bad in ["", "e", "english", "en-", "en-USA", "e1", "en_US", "en-1A", "日本"] {
            assert!(bad.parse::<Language>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_missing_text_falls_back_to_the_language_then_the_default() {
        let texts: Localized<&str> =
            [(language("fr"), "bonjour"), (language("en"), "hello")].into_iter().collect();
        assert_eq!(texts.get(language("fr-CA"), language("en")), Some(&"bonjour"));
        assert_eq!(texts.get(language("de"), language("en")), Some(&"hello"));
        assert_eq!(texts.get(language("de"), language("es")), None);
    }
}
