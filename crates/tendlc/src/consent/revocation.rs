use std::fmt;

use chrono::NaiveDate;
use frontdesk_types::Instant;
use serde::{Deserialize, Serialize};

use super::{Act, Entry, Evidence, EvidenceDetails, GivenConsent, RevocationChannel};
use crate::{Facts, utc::utc};

/// A revocation that a consumer gave elsewhere than in a text (47 CFR 64.1200(a)(10)), as a person or program enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRevocation {
    /// The way in which it was given.
    pub channel: RevocationChannel,
    /// When it reached the sender.
    pub given: Instant,
    /// The consumer's own words, where they are known; at most [`GivenConsent::LONGEST_WORDING`] characters.
    pub wording: String,
    /// The proof of it: a letter's number, a recording, a form. Not empty.
    pub evidence: Evidence,
}

/// Why a revocation is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GivenRevocationError {
    /// It was not given yet.
    #[error("given: `{}` has not been yet", utc(*given))]
    InFuture {
        /// When it is said to be given.
        given: Instant,
    },
    /// Nothing proves it.
    #[error("evidence: is empty; it says what proves the revocation, like a letter's number")]
    NoEvidence,
    /// A text is too long.
    #[error("{field}: {found} characters; allowed are {longest}")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length in characters.
        found: usize,
        /// The longest that is allowed.
        longest: usize,
    },
}

impl GivenRevocationError {
    /// The field that is wrong.
    pub fn field(&self) -> &'static str {
        match self {
            Self::InFuture { .. } => "given",
            Self::NoEvidence => "evidence",
            Self::TooLong { field, .. } => field,
        }
    }
}

impl GivenRevocation {
    /// Refuses a revocation that the ledger cannot take.
    pub fn check(&self, now: Instant) -> Result<(), GivenRevocationError> {
        if self.given > now {
            return Err(GivenRevocationError::InFuture { given: self.given });
        }
        if self.evidence.reference.trim().is_empty() && self.evidence.details.is_none() {
            return Err(GivenRevocationError::NoEvidence);
        }
        let wording = (self.wording.chars().count(), GivenConsent::LONGEST_WORDING);
        let reference = (self.evidence.reference.chars().count(), EvidenceDetails::LONGEST);
        for (field, (found, longest)) in [("wording", wording), ("evidence", reference)] {
            if found > longest {
                return Err(GivenRevocationError::TooLong { field, found, longest });
            }
        }
        let details = self.evidence.details.as_ref();
        match details.and_then(|details| details.too_long()) {
            Some((field, found)) => {
                let longest = EvidenceDetails::LONGEST;
                Err(GivenRevocationError::TooLong { field, found, longest })
            }
            None => Ok(()),
        }
    }

    /// The entry of the ledger, made at an instant.
    pub fn entry(&self, now: Instant) -> Entry {
        Entry {
            at: now,
            act: Act::Revoked { channel: self.channel, given: self.given },
            wording: self.wording.clone(),
            evidence: self.evidence.clone(),
        }
    }
}

/// The day by which a revocation must be honoured, and whether it was entered by then: from the entry on nothing leaves.
/// Days are those of UTC.
///
/// ```
/// use frontdesk_tendlc::{Act, Entry, Facts, RevocationChannel, RevocationClock};
///
/// let act = Act::Revoked { channel: RevocationChannel::Mail, given: "2026-11-20T15:00:00Z".parse()? };
/// let entry = Entry { at: "2026-12-10T09:00:00Z".parse()?, act, wording: "No more texts!".into(), evidence: "letter 7".into() };
/// let clock = RevocationClock::of(&entry, Facts::standard()).ok_or("there is a rule")?;
/// // Ten business days: two weekends and Thanksgiving do not count.
/// assert_eq!(clock.due, "2026-12-07".parse()?);
/// assert_eq!(clock.days_late, 3);
/// assert_eq!(clock.to_string(), "to be honoured by 2026-12-07, entered 3 days late");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationClock {
    /// The last day on which it may take effect: ten business days after the day on which it was given. Weekends and federal
    /// holidays do not count (47 CFR 64.1200(a)(10), FCC 24-24).
    pub due: NaiveDate,
    /// Calendar days between that day and the entry; 0 if it was entered in time.
    pub days_late: u32,
}

impl RevocationClock {
    /// The clock of an entry. `None` for entries that are no revocation from elsewhere, and for revocations of days without
    /// such a rule.
    pub fn of(entry: &Entry, facts: &Facts) -> Option<Self> {
        let Act::Revoked { given, .. } = entry.act else { return None };
        let rule = facts.at(given).revocation()?;
        // Facts of days before the first rule are those of the first: it was not in force then.
        if rule.basis.since > given.date_naive() {
            return None;
        }
        let due = rule.deadline(given.date_naive());
        let late = entry.at.date_naive().signed_duration_since(due).num_days();
        Some(Self { due, days_late: u32::try_from(late).unwrap_or(0) })
    }

    /// Whether it was entered after the last day.
    pub fn is_late(&self) -> bool {
        self.days_late > 0
    }
}

/// `to be honoured by 2026-12-07, entered in time`
impl fmt::Display for RevocationClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "to be honoured by {}, entered ", self.due)?;
        match self.days_late {
            0 => f.write_str("in time"),
            1 => f.write_str("1 day late"),
            days => write!(f, "{days} days late"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revoked(given: &str, entered: &str) -> Option<RevocationClock> {
        let act = Act::Revoked { channel: RevocationChannel::Phone, given: given.parse().unwrap() };
        let at = entered.parse().unwrap();
        let entry = Entry { at, act, wording: String::new(), evidence: "call 7".into() };
        RevocationClock::of(&entry, Facts::standard())
    }

    #[test]
    fn dlc_3_a_revocation_is_due_ten_business_days_after_it_was_given() {
        for (given, entered, due, days_late) in [
            // A week without holidays: two weekends.
            ("2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z", "2026-03-16", 0),
            ("2026-03-02T12:00:00Z", "2026-03-16T23:59:59Z", "2026-03-16", 0),
            ("2026-03-02T12:00:00Z", "2026-03-17T00:00:00Z", "2026-03-16", 1),
            // On a Saturday: the Monday after is the first day.
            ("2026-03-07T12:00:00Z", "2026-03-07T12:00:00Z", "2026-03-20", 0),
            // Thanksgiving; Christmas and New Year's Day.
            ("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z", "2026-12-07", 0),
            ("2026-12-18T12:00:00Z", "2027-02-01T12:00:00Z", "2027-01-05", 27),
            // July 4 of 2026 is a Saturday: the Friday before it is no business day.
            ("2026-06-26T12:00:00Z", "2026-06-26T12:00:00Z", "2026-07-13", 0),
        ] {
            let clock = revoked(given, entered).unwrap();
            assert_eq!(
                (clock.due.to_string().as_str(), clock.days_late),
                (due, days_late),
                "{given}"
            );
            assert_eq!(clock.is_late(), days_late > 0);
        }
        assert_eq!(revoked("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"), None, "no rule yet");
        let stop = Entry {
            at: "2026-03-02T12:00:00Z".parse().unwrap(),
            act: Act::CarrierOptedOut,
            wording: String::new(),
            evidence: "21610".into(),
        };
        assert_eq!(RevocationClock::of(&stop, Facts::standard()), None);
    }

    /// Each mistake is told with the field, what was found, and what is allowed.
    #[test]
    fn dlc_3_a_revocation_that_cannot_be_is_refused() {
        let now: Instant = "2026-11-27T12:00:00Z".parse().unwrap();
        let good = || GivenRevocation {
            channel: RevocationChannel::Mail,
            given: now,
            wording: "No more texts!".into(),
            evidence: "letter 7".into(),
        };
        let told = |revocation: GivenRevocation| {
            let error = revocation.check(now).err();
            error.map(|error| (error.field(), error.to_string()))
        };
        assert_eq!(told(good()), None);
        let future = "2026-11-28T00:00:00Z".parse().unwrap();
        assert_eq!(
            told(GivenRevocation { given: future, ..good() }).unwrap(),
            ("given", "given: `2026-11-28 00:00:00 UTC` has not been yet".into())
        );
        let (field, _) = told(GivenRevocation { evidence: " ".into(), ..good() }).unwrap();
        assert_eq!(field, "evidence");
        let long = told(GivenRevocation { evidence: "x".repeat(1_025).as_str().into(), ..good() });
        assert_eq!(long.unwrap().1, "evidence: 1025 characters; allowed are 1024");
        let long = told(GivenRevocation { wording: "x".repeat(4_097), ..good() });
        assert_eq!(long.unwrap().1, "wording: 4097 characters; allowed are 4096");
    }
}
