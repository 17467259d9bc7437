use std::marker::PhantomData;

use frontdesk_types::Instant;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    Act, ConsentLevel, Evidence, EvidenceDetails, Method,
    evidence::{Object, TextOrObject},
    import::instant,
};

/// How a consumer agreed elsewhere than in a text, as a program tells it with a notice or a chat.
///
/// As JSON a text, which is a program's word and gives express consent, or an object:
///
/// ```
/// use frontdesk_tendlc::{ConsentLevel, GivenConsent, Method};
///
/// let told: GivenConsent = serde_json::from_str(r#""told Sam at the till""#)?;
/// assert_eq!((told.method, told.level), (Method::Program, ConsentLevel::Express));
/// let form: GivenConsent = serde_json::from_str(
///     r#"{"method":"web_form","level":"written","given":"2026-03-01T10:00:00Z","wording":"I agree to get offers by text.",
///         "evidence":{"reference":"record 4711","form":"checkout, version 7","ip":"192.0.2.7"}}"#,
/// )?;
/// assert_eq!(form.level, ConsentLevel::Written);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GivenConsent {
    /// How.
    pub method: Method,
    /// To what; at most what the method gives ([`Method::highest_level`]).
    pub level: ConsentLevel,
    /// When; `None` is now.
    pub given: Option<Instant>,
    /// The words that the consumer was shown, or that the program says.
    pub wording: String,
    /// The proof of it.
    pub evidence: Evidence,
}

/// Why a consent is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GivenConsentError {
    /// It was not given yet.
    #[error("consent.given: `{given}` has not been yet")]
    InFuture {
        /// When it is said to be given.
        given: Instant,
    },
    /// Its method does not reach its level.
    #[error(
        "consent.level: {level} consent cannot be given {method}; that gives {highest} consent"
    )]
    LevelTooHigh {
        /// The level that the request names.
        level: ConsentLevel,
        /// How it was given.
        method: Method,
        /// The highest level of that method.
        highest: ConsentLevel,
    },
    /// There is no wording.
    #[error("consent.wording: is empty; it says what the consumer was shown, or how they agreed")]
    NoWording,
    /// A text is too long.
    #[error("consent.{field}: {found} characters; allowed are {longest}")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length in characters.
        found: usize,
        /// The longest that is allowed.
        longest: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    method: Method,
    level: ConsentLevel,
    #[serde(default, deserialize_with = "given")]
    given: Option<Instant>,
    wording: String,
    #[serde(default)]
    evidence: Evidence,
}

/// An instant, or a date for its beginning in UTC.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let wrong = || {
        let allowed = "allowed are an instant like 2026-03-01T10:00:00Z, and a date";
        de::Error::custom(format!("given: `{text}`; {allowed}"))
    };
    instant(&text).map(Some).ok_or_else(wrong)
}

impl<'de> Deserialize<'de> for GivenConsent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrObject(PhantomData))
    }
}

impl Object for GivenConsent {
    type Fields = Told;
    const EXPECTED: &str = "a text, or an object with `method`, `level` and `wording`";
}

impl From<Told> for GivenConsent {
    fn from(Told { method, level, given, wording, evidence }: Told) -> Self {
        Self { method, level, given, wording, evidence }
    }
}

/// A program's word, now.
impl From<String> for GivenConsent {
    fn from(wording: String) -> Self {
        let evidence = Evidence::default();
        let (method, level) = (Method::Program, ConsentLevel::Express);
        Self { method, level, given: None, wording, evidence }
    }
}

impl From<&str> for GivenConsent {
    fn from(wording: &str) -> Self {
        wording.to_owned().into()
    }
}

impl GivenConsent {
    /// The longest wording, in characters.
    pub const LONGEST_WORDING: usize = 4_096;

    /// Refuses consent that the ledger cannot take.
    pub fn check(&self, now: Instant) -> Result<(), GivenConsentError> {
        let highest = self.method.highest_level();
        if self.level > highest {
            let (level, method) = (self.level, self.method);
            return Err(GivenConsentError::LevelTooHigh { level, method, highest });
        }
        if let Some(given) = self.given.filter(|given| *given > now) {
            return Err(GivenConsentError::InFuture { given });
        }
        if self.wording.trim().is_empty() {
            return Err(GivenConsentError::NoWording);
        }
        let wording = (self.wording.chars().count(), Self::LONGEST_WORDING);
        let reference = (self.evidence.reference.chars().count(), EvidenceDetails::LONGEST);
        for (field, (found, longest)) in [("wording", wording), ("evidence.reference", reference)] {
            if found > longest {
                return Err(GivenConsentError::TooLong { field, found, longest });
            }
        }
        match self.evidence.details.as_ref().and_then(|details| details.too_long()) {
            Some((field, found)) => {
                Err(GivenConsentError::TooLong { field, found, longest: EvidenceDetails::LONGEST })
            }
            None => Ok(()),
        }
    }

    /// The act that the ledger enters.
    pub fn act(&self, now: Instant) -> Act {
        let given = self.given.unwrap_or(now);
        Act::Agreed { method: self.method, level: self.level, given }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each mistake is told with the field, what was found, and what is allowed.
    #[test]
    fn dlc_3_consent_that_cannot_be_is_refused() {
        let now: Instant = "2026-11-27T12:00:00Z".parse().unwrap();
        let told = |json: &str| {
            let given: GivenConsent = serde_json::from_str(json).unwrap();
            given.check(now).err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert_eq!(told(r#""told Sam at the till""#), "");
        assert_eq!(
            told(r#""  ""#),
            "consent.wording: is empty; it says what the consumer was shown, or how they agreed"
        );
        assert_eq!(
            told(r#"{"method":"agent","level":"written","wording":"yes"}"#),
            "consent.level: written consent cannot be given to an agent; that gives express consent"
        );
        assert_eq!(
            told(
                r#"{"method":"paper","level":"written","given":"2027-01-01T00:00:00Z","wording":"yes"}"#
            ),
            "consent.given: `2027-01-01 00:00:00 UTC` has not been yet"
        );
        let long = "x".repeat(1_025);
        let form = format!(
            r#"{{"method":"web_form","level":"written","wording":"yes","evidence":{{"form":"{long}"}}}}"#
        );
        assert_eq!(told(&form), "consent.form: 1025 characters; allowed are 1024");
        let unknown =
            r#"{"method":"web_form","level":"written","wording":"yes","evidence":{"browser":"x"}}"#;
        let told = serde_json::from_str::<GivenConsent>(unknown).unwrap_err().to_string();
        assert!(told.starts_with("unknown field `browser`"), "{told}");
        let told = serde_json::from_str::<GivenConsent>(r#"{"method":"pigeon"}"#).unwrap_err();
        assert!(
            told.to_string().starts_with("unknown variant `pigeon`, expected one of"),
            "{told}"
        );
        let told = serde_json::from_str::<GivenConsent>("7").unwrap_err().to_string();
        assert!(told.contains("expected a text, or an object with `method`"), "{told}");
    }
}
