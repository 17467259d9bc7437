//! Findings that somebody answers for.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ContentFinding, ContentRules, Effect};

/// Texts that a center sends although something is found in them: the way out of a wrong finding. At least one of
/// `category` and `phrase` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ContentException {
    /// The category of findings that it covers, like `gambling`; every category without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Words of the finding, in whichever case, like `Casino Royale`: it is covered if they contain its words, or stand in them. Every
    /// finding without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
    /// Why it may be sent, and who says so.
    pub reason: String,
    /// The first day on which it holds (UTC), like `2026-11-27`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub since: NaiveDate,
    /// The last day; without, it holds until it is taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub until: Option<NaiveDate>,
}

/// A finding with what is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'a> {
    /// The finding.
    pub finding: ContentFinding,
    /// The consequence: none where an exception covers the finding.
    pub effect: Effect,
    /// The exception that covers it.
    pub excepted: Option<&'a ContentException>,
}

impl ContentException {
    /// Whether it covers a finding on a day.
    pub fn covers(&self, finding: &ContentFinding, day: NaiveDate) -> bool {
        let category =
            self.category.as_deref().is_none_or(|category| category == finding.category());
        let phrase = self.phrase.as_deref().is_none_or(|phrase| {
            let phrase = phrase.to_lowercase();
            finding.words().iter().any(|words| {
                let words = words.to_lowercase();
                words.contains(&phrase) || phrase.contains(&words)
            })
        });
        let named = self.category.is_some() || self.phrase.is_some();
        named
            && category
            && phrase
            && day >= self.since
            && self.until.is_none_or(|until| day <= until)
    }
}

impl ContentRules {
    pub(super) fn judged(
        &self,
        finding: ContentFinding,
        effect: Effect,
        day: NaiveDate,
    ) -> Judged<'_> {
        let excepted = self.exceptions.iter().find(|exception| exception.covers(&finding, day));
        let effect = if excepted.is_some() { Effect::Ignore } else { effect };
        Judged { finding, effect, excepted }
    }
}
