//! What carriers, the registry and the law ask: dated tables, which a host may override.

mod build;
mod check;
mod closed;
mod document;
mod edition;
pub(crate) mod holidays;
mod week;

use std::{fmt, sync::LazyLock};

use chrono::NaiveDate;
use frontdesk_types::{Instant, Zones};
use serde::{Deserialize, Deserializer, Serialize};

pub use closed::Holidays;
use document::Document;
pub use edition::{AttClass, Edition, MessageCap, OpenHours, Revocation, TMobileTier};
pub(crate) use edition::{Bounds, TextField};
pub(crate) use week::Week;

use crate::place::PlaceZones;

static STANDARD: LazyLock<Facts> = LazyLock::new(|| {
    Facts::of(&Document::standard())
        .unwrap_or_else(|_| Facts { editions: vec![Edition::default()] })
});

/// The tables, for every date.
///
/// ```
/// use frontdesk_tendlc::Facts;
///
/// let today = "2026-11-21".parse()?;
/// let facts = Facts::standard();
/// assert_eq!(facts.on(today).t_mobile_tier("top").unwrap().per_day, Some(200_000));
/// // What a host's lawyer says of Florida takes the place of what is known here.
/// let facts = Facts::with(r#"
///     [[quiet_hours]]
///     place = "FL"
///     open = ["Mon-Fri 09:00-17:00"]
///     basis = { source = "our counsel", since = "2026-06-01", confidence = "high" }
/// "#)?;
/// assert_eq!(facts.on(today).open_hours("FL".parse()?).unwrap().to_string(), "Mon-Fri 09:00-17:00 (our counsel, since 2026-06-01)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// By their first day; there is one at least.
    editions: Vec<Edition>,
}

/// What is wrong with tables of facts. Nothing of them is used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// It is no such document; with the line.
    #[error("{0}")]
    Document(String),
    /// Everything that is wrong with it.
    #[error("{}", told(.0))]
    Problems(Vec<FactProblem>),
}

/// Something that is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactProblem {
    /// Where: `quiet_hours[0].basis`.
    pub path: String,
    /// What was found, and what is allowed.
    pub problem: String,
}

fn told(problems: &[FactProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl fmt::Display for FactProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)
    }
}

impl Facts {
    /// Those that come with this crate, as collected on 2026-11-21.
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// Those with rows of a host's own, in TOML: its rows take the place of all rows of the same key.
    pub fn with(overrides: &str) -> Result<Self, FactsError> {
        let own = toml::from_str(overrides);
        Self::overridden(own.map_err(|error| error.to_string()))
    }

    /// The same, from a document of any format.
    pub fn with_document<'de, D: Deserializer<'de>>(overrides: D) -> Result<Self, FactsError> {
        Self::overridden(Document::deserialize(overrides).map_err(|error| error.to_string()))
    }

    fn overridden(own: Result<Document, String>) -> Result<Self, FactsError> {
        let own = own.map_err(|error| FactsError::Document(error.trim_end().to_owned()))?;
        // Its own first: a path in it is a path in what the host wrote.
        let problems = check::problems(&own);
        if !problems.is_empty() {
            return Err(FactsError::Problems(problems));
        }
        Self::of(&Document::standard().overridden(own))
    }

    /// The same with the time zones of a host: quiet hours and the Pacific's days go by them.
    #[must_use]
    pub fn in_zones(mut self, zones: &Zones) -> Self {
        let zones = PlaceZones::of(zones);
        for edition in &mut self.editions {
            edition.zones = zones.clone();
        }
        self
    }

    fn of(document: &Document) -> Result<Self, FactsError> {
        let mut problems = check::problems(document);
        problems.extend(check::bands(document));
        if !problems.is_empty() {
            return Err(FactsError::Problems(problems));
        }
        Ok(Self { editions: build::editions(document) })
    }

    /// What holds on a day. Of days before everything that is known, what is known first holds.
    pub fn on(&self, date: NaiveDate) -> &Edition {
        static NOTHING: LazyLock<Edition> = LazyLock::new(Edition::default);
        let later = self.editions.partition_point(|edition| edition.from <= date);
        self.editions.get(later.saturating_sub(1)).unwrap_or(&NOTHING)
    }

    /// The first day on which something holds; `None` if it never does.
    pub fn first_day(&self, holds: impl Fn(&Edition) -> bool) -> Option<NaiveDate> {
        self.editions.iter().find(|edition| holds(edition)).map(|edition| edition.from)
    }

    /// What holds at an instant, by the date in UTC.
    pub fn at(&self, instant: Instant) -> &Edition {
        self.on(instant.date_naive())
    }
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Weak or contradictory: told, but no ground to hold, to refuse, or for an error.
    Low,
    /// One good source.
    Medium,
    /// A primary document, or several sources that agree.
    High,
}

/// What a fact rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// Who says so.
    pub source: String,
    /// The first day on which it holds.
    pub since: NaiveDate,
    /// The first day on which it does not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it is known to be for texts; else it may be for calls alone.
    pub for_texts: bool,
}

/// `FTSA, Fla. Stat. 501.059, since 2021-07-01`
impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, since {}", self.source, self.since)
    }
}

/// What a revocation takes back (DLC-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RevocationScope {
    /// Consent to every programme of the sender.
    All,
    /// Consent to the programme that it answers.
    Programme,
}

/// What a campaign may have registered that lets it send a kind of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unless {
    /// It is for adults, who prove it.
    AgeGated,
    /// It is about loans of the brand's own.
    DirectLending,
}

/// What a limit of texts counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// All numbers of a campaign together.
    Campaign,
    /// Each number by itself.
    Number,
}

#[cfg(test)]
mod tests;
