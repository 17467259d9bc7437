use std::fmt;

use frontdesk_tendlc::KnownDifference;
use frontdesk_types::Instant;
use serde::Serialize;

use super::{LedgerProblem, date};

/// A configured anchor, with the newest head that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnchorState {
    /// Its name.
    pub name: String,
    /// The size of the newest head that it has; `None` where it has none.
    pub size: Option<u64>,
    /// When it had that: by its receipt, or else the moment at which the head was made.
    pub at: Option<Instant>,
    /// Whether that was checked: the anchor was asked, or its receipt proves it.
    pub checked: bool,
    /// Why it cannot be asked, or that it has the heads of something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Something that whoever looks at the ledger should know, and that is no problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LedgerNote {
    /// Somebody has a head of more entries than this copy has.
    Behind {
        /// The head's size.
        size: u64,
        /// The anchor, or the file of heads.
        anchor: String,
    },
    /// Entries say that they are older than a head before them, whose moment is explained as a wrong one.
    Clock {
        /// How many entries.
        entries: u64,
        /// The operator's explanation of the head.
        known: KnownDifference,
    },
    /// Entries are much older, by what they say, than the first head that covers them and that an anchor has.
    CoveredLate {
        /// The size of that head.
        size: u64,
        /// When the anchor had it, or when it was made.
        at: Instant,
        /// How many entries.
        entries: u64,
        /// The place of the oldest of them, from 1.
        place: u64,
        /// When that one says it was entered.
        oldest: Instant,
    },
    /// A head of a file is one of this ledger: it has the root of the first entries, and a good signature if keys are known.
    Given {
        /// The head's size.
        size: u64,
        /// The file.
        source: String,
        /// The keys with a good signature on it.
        signed_by: Vec<String>,
    },
    /// A problem that the operator has explained.
    Known {
        /// The problem.
        difference: Box<LedgerProblem>,
        /// The explanation.
        known: KnownDifference,
    },
    /// An anchor has a head of the entries that are here, and the head is not kept here.
    NotKept {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
    },
    /// Heads were made while there was no key: nobody signed them.
    Unsigned {
        /// How many heads.
        heads: u64,
        /// The size of the newest of them.
        size: u64,
    },
    /// Answers of an anchor were not checked.
    Unchecked {
        /// The anchor.
        anchor: String,
        /// How many heads they are to.
        heads: u64,
        /// The size of the newest of those.
        size: u64,
        /// Whether the anchor is configured, and its answers have nothing that can be checked.
        configured: bool,
    },
}

impl LedgerNote {
    /// Whether it is a difference that the operator has explained.
    pub(super) fn is_explained(&self) -> bool {
        matches!(self, Self::Known { .. } | Self::Clock { .. })
    }
}

impl fmt::Display for AnchorState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, size, at, checked, error } = self;
        write!(f, "anchor `{name}`: ")?;
        if let Some(error) = error {
            return f.write_str(error);
        }
        match (size, at) {
            (Some(size), Some(at)) => write!(f, "its newest head is {size}, of {}", date(*at))?,
            _ => return f.write_str("it has no head"),
        }
        if *checked { Ok(()) } else { f.write_str("; that was not checked") }
    }
}

impl fmt::Display for LedgerNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Behind { size, anchor } => {
                write!(f, "`{anchor}` has head {size}, which was made after this copy")
            }
            Self::Clock { entries, known } => write!(
                f,
                "{entries} entries say that they are older than head {} before them; known: {known}",
                known.size
            ),
            Self::CoveredLate { size, at, entries, place, oldest } => write!(
                f,
                "{entries} entries are covered only by head {size} of {}, {} days after they say that they were entered (entry {place}: {})",
                date(*at),
                (*at - *oldest).num_days(),
                date(*oldest)
            ),
            Self::Given { size, source, signed_by } if signed_by.is_empty() => write!(
                f,
                "head {size} of {source} is of the first {size} entries; no key is known that could have signed it"
            ),
            Self::Given { size, source, signed_by } => write!(
                f,
                "head {size} of {source}, signed by {}, is of the first {size} entries",
                signed_by.join(", ")
            ),
            Self::Known { difference, known } => write!(f, "{difference}; known: {known}"),
            Self::NotKept { size, anchor } => write!(
                f,
                "`{anchor}` has head {size}, which this copy does not; its entries are the same"
            ),
            Self::Unsigned { heads, size } => {
                write!(f, "{heads} heads, up to head {size}, are not signed: there was no key yet")
            }
            Self::Unchecked { anchor, heads, size, configured: false } => write!(
                f,
                "an answer of `{anchor}`, which is not configured, was not checked ({heads} heads, the newest {size})"
            ),
            Self::Unchecked { anchor, heads, size, configured: true } => write!(
                f,
                "the answers of `{anchor}` have nothing that could be checked here ({heads} heads, the newest {size}): compare the heads that it has with `--head FILE`"
            ),
        }
    }
}
