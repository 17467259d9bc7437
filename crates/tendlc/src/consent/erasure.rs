use frontdesk_types::Instant;

use super::{Act, Entry, Evidence, EvidenceDetails};

/// An erasure of personal data in the ledger: its reason, and the person or credential that did it. Its entry keeps both, and a
/// later erasure does not blank them.
///
/// ```
/// use frontdesk_tendlc::{Erasure, ErasureError};
///
/// let erasure = Erasure::new("request of 2026-11-20, case 812", "agent ana")?;
/// let entry = erasure.entry(3, "2026-11-21T15:00:00Z".parse().unwrap());
/// assert_eq!(entry.wording, "request of 2026-11-20, case 812");
/// assert_eq!(Erasure::new(&"x".repeat(501), ""), Err(ErasureError::TooLong { found: 501 }));
/// # Ok::<(), ErasureError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erasure {
    reason: String,
    by: String,
}

/// A reason that an erasure cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErasureError {
    /// It is too long.
    #[error("{found} characters; allowed are {}", Erasure::LONGEST_REASON)]
    TooLong {
        /// Its length in characters.
        found: usize,
    },
}

impl Erasure {
    /// The longest reason, in characters.
    pub const LONGEST_REASON: usize = 500;

    /// An erasure for a reason, which may be empty. `by` names the person or credential; empty where nobody is known.
    ///
    /// # Errors
    ///
    /// [`ErasureError::TooLong`] for a reason of more than [`Erasure::LONGEST_REASON`] characters.
    pub fn new(reason: &str, by: &str) -> Result<Self, ErasureError> {
        let found = reason.chars().count();
        if found > Self::LONGEST_REASON {
            return Err(ErasureError::TooLong { found });
        }
        let by = by.chars().take(EvidenceDetails::LONGEST).collect();
        Ok(Self { reason: reason.trim().to_owned(), by })
    }

    /// Its entry in a history whose entries up to `through` were blanked.
    pub fn entry(&self, through: u64, at: Instant) -> Entry {
        let entered_by = Some(self.by.clone()).filter(|by| !by.is_empty());
        let details = EvidenceDetails { entered_by, ..EvidenceDetails::default() };
        let evidence = Evidence::of(String::new(), details);
        Entry { at, act: Act::Erased { through }, wording: self.reason.clone(), evidence }
    }
}
