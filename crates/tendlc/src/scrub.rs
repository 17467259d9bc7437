//! Checks of consumers against lists of numbers that promotions, or any texts, may not go to (DLC-4).

mod import;
mod list;

use std::fmt;

use chrono::TimeDelta;
use frontdesk_types::Instant;
use serde::{Deserialize, Serialize};

pub use import::{ImportedScrub, import_scrubs};
pub use list::{ScrubList, ScrubResult};

/// The most days that a version of the national registry may be old (47 CFR 64.1200(c)(2)(i)(D)).
pub const SCRUB_DAYS: u32 = 31;

/// The lists that a consumer must have been checked against before a promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrubRules {
    /// The lists. Empty: no check is asked for. A result on record holds all the same.
    pub lists: Vec<ScrubList>,
    /// The greatest age of a check, in days.
    pub days: u32,
}

impl Default for ScrubRules {
    fn default() -> Self {
        Self { lists: Vec::new(), days: SCRUB_DAYS }
    }
}

/// The result of checking one consumer against one list.
///
/// ```json
/// {"list":"national_do_not_call","result":"clear","checked":"2026-11-20T00:00:00Z","first":"2026-09-20T00:00:00Z","source":"november.csv"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrub {
    /// The list.
    pub list: ScrubList,
    /// The result.
    pub result: ScrubResult,
    /// The moment of the check: the day that the version of the list is of, or when its administrator answered.
    pub checked: Instant,
    /// When the number was listed, disconnected or reassigned, if the list tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// The first check in a row with this result; [`Scrubs::record`] keeps it.
    pub first: Instant,
    /// The file, service or person that says so: at most [`Scrub::LONGEST_SOURCE`] characters.
    pub source: String,
}

impl Scrub {
    /// The longest source, in characters. A longer one is cut.
    pub const LONGEST_SOURCE: usize = 200;

    /// A result that tells no date of its own.
    pub fn new(list: ScrubList, result: ScrubResult, checked: Instant, source: &str) -> Self {
        let source = source.chars().take(Self::LONGEST_SOURCE).collect();
        Self { list, result, checked, since: None, first: checked, source }
    }

    /// The moment from which consent must be newer to count against the result. A listing counts from the first check that
    /// found it. A disconnection counts up to the last check, because an administrator is asked whether there was one since
    /// consent was given.
    pub fn effective(&self) -> Instant {
        let found = match self.result {
            ScrubResult::Disconnected | ScrubResult::Reassigned => self.checked,
            ScrubResult::Clear | ScrubResult::Listed | ScrubResult::Unknown => self.first,
        };
        self.since.unwrap_or(found)
    }

    /// Whether it is an answer, and not older than `days` days at an instant.
    pub fn is_fresh(&self, days: u32, at: Instant) -> bool {
        self.result != ScrubResult::Unknown && at <= self.checked + TimeDelta::days(days.into())
    }
}

/// The last result of each list for one consumer; at most one for each [`ScrubList`].
///
/// ```
/// use frontdesk_tendlc::{Scrub, ScrubList, ScrubResult, ScrubRules, Scrubs};
///
/// let rules = ScrubRules { lists: vec![ScrubList::NationalDoNotCall], ..ScrubRules::default() };
/// let mut scrubs = Scrubs::default();
/// let checked = "2026-11-01T00:00:00Z".parse()?;
/// assert!(scrubs.record(Scrub::new(ScrubList::NationalDoNotCall, ScrubResult::Clear, checked, "november.csv")));
/// assert_eq!(scrubs.due(&rules, "2026-12-02T00:00:00Z".parse()?).count(), 0);
/// assert_eq!(scrubs.due(&rules, "2026-12-02T00:00:01Z".parse()?).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scrubs(Vec<Scrub>);

impl Scrubs {
    /// A value without any result, for whoever needs a reference to one.
    pub const NONE: &Self = &Self(Vec::new());

    /// Records a result. False if nothing changes: a newer result of the list is on record, or this very one. An answer that
    /// nobody can tell takes the place of no listing and no disconnection.
    pub fn record(&mut self, mut scrub: Scrub) -> bool {
        let Some(known) = self.0.iter_mut().find(|known| known.list == scrub.list) else {
            let place = self.0.partition_point(|known| known.list < scrub.list);
            self.0.insert(place, scrub);
            return true;
        };
        let is_same = known.result == scrub.result;
        let tells_less = scrub.result == ScrubResult::Unknown
            && !matches!(known.result, ScrubResult::Clear | ScrubResult::Unknown);
        // An answer that nobody can tell is of no version.
        let is_older = scrub.checked < known.checked && known.result != ScrubResult::Unknown;
        if is_older || tells_less {
            return false;
        }
        if is_same {
            scrub.first = known.first.min(scrub.first);
            scrub.since = scrub.since.or(known.since.filter(|_| !scrub.result.ends_number()));
        }
        let is_news = !is_same || known.checked != scrub.checked || known.since != scrub.since;
        if is_news {
            *known = scrub;
        }
        is_news
    }

    /// The result of a list.
    pub fn of(&self, list: ScrubList) -> Option<&Scrub> {
        self.0.iter().find(|scrub| scrub.list == list)
    }

    /// Every result, in the order of the lists.
    pub fn iter(&self) -> impl Iterator<Item = &Scrub> {
        self.0.iter()
    }

    /// Whether there is no result.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lists that rules ask for, and that no fresh result is on record of.
    pub fn due<'a>(
        &'a self,
        rules: &'a ScrubRules,
        at: Instant,
    ) -> impl Iterator<Item = ScrubList> + 'a {
        let is_fresh =
            move |list| self.of(list).is_some_and(|scrub| scrub.is_fresh(rules.days, at));
        rules.lists.iter().copied().filter(move |list| !is_fresh(*list))
    }
}

/// `national do-not-call registry: clear, checked on 2026-11-20 (november.csv)`
impl fmt::Display for Scrub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, result, checked, source, .. } = self;
        write!(f, "{}: {}, checked on {}", list.name(), result.word(), checked.format("%Y-%m-%d"))?;
        if source.is_empty() { Ok(()) } else { write!(f, " ({source})") }
    }
}

#[cfg(test)]
mod tests;
