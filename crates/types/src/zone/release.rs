use std::{fmt, str::FromStr};

use chrono::{NaiveDate, TimeDelta};
use compact_str::CompactString;

use crate::Instant;

/// A release of the IANA time zone database: `2026f`. Later releases are greater.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Release {
    year: u16,
    /// How many letters it has, so that `z` comes before `aa`.
    length: usize,
    letters: CompactString,
}

/// The text is no release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no release of the time zone database: expected is one like 2026f")]
pub struct ReleaseError {
    /// The beginning of what was found.
    pub found: String,
}

/// The release that comes with this crate, and the day on which it was published; a test holds it to the crate that has
/// the bytes.
pub(super) const BUNDLED: (&str, i32, u32, u32) = ("2026f", 2026, 10, 28);

impl Release {
    /// Earlier than every release.
    pub(super) const UNKNOWN: Self =
        Self { year: 0, length: 0, letters: CompactString::const_new("") };

    /// About when it was published. A release tells its year only: of others than the bundled one the middle of their
    /// year counts.
    pub fn published(&self) -> NaiveDate {
        let (name, year, month, day) = BUNDLED;
        let other = (self.year.into(), 7, 1);
        let is_bundled = self.to_string() == name;
        let (year, month, day) = if is_bundled { (year, month, day) } else { other };
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    /// Whether it is older than a year at an instant: several countries change their rules each year.
    pub fn is_older_than_a_year(&self, at: Instant) -> bool {
        at.date_naive() - self.published() > TimeDelta::days(366)
    }
}

impl FromStr for Release {
    type Err = ReleaseError;

    /// What follows the letters (`2026f-12-g0123abc`, a state between two releases) is not looked at.
    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let refused = || ReleaseError { found: text.chars().take(30).collect() };
        let (year, rest) = text.trim().split_at_checked(4).ok_or_else(refused)?;
        let letters: CompactString =
            rest.chars().take_while(char::is_ascii_lowercase).take(3).collect();
        let after = rest.chars().nth(letters.len());
        if letters.is_empty() || after.is_some_and(char::is_alphanumeric) {
            return Err(refused());
        }
        if !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        let year = year.parse().map_err(|_| refused())?;
        Ok(Self { year, length: letters.len(), letters })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.year, self.letters)
    }
}
