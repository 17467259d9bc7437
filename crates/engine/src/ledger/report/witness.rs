use std::fmt;

use chrono::TimeDelta;
use frontdesk_types::Instant;
use serde::Serialize;

use super::date;

/// Something about those who have heads of the ledger that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
#[non_exhaustive]
pub enum WitnessProblem {
    /// Somebody has a head of more entries than there are.
    Ahead {
        /// The head's size.
        size: u64,
        /// The anchor, or the file of heads.
        anchor: String,
    },
    /// An anchor has heads, and its answers to them are not kept any more.
    AnswersGone {
        /// The anchor.
        anchor: String,
        /// How many heads.
        heads: u64,
        /// The size of the newest of them.
        size: u64,
    },
    /// A head of a file is not one of this ledger, or nobody known has signed it: it proves nothing.
    Foreign {
        /// The head's size.
        size: u64,
        /// The file.
        source: String,
        /// Why.
        why: String,
    },
    /// The moment that is kept of an answer is not the one that its receipt proves.
    Moment {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
        /// The moment that is kept.
        kept: Option<Instant>,
        /// The moment of the receipt.
        proven: Option<Instant>,
    },
    /// No configured anchor has a head that is young enough, by a check.
    NoYoungHead {
        /// The longest age, in hours.
        hours: i64,
        /// The moment of the newest head of an anchor.
        newest: Option<Instant>,
    },
    /// An answer is kept as one that came before its head was made.
    Premature {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
        /// When the answer came.
        answered: Instant,
        /// When the head was made.
        at: Instant,
    },
    /// A configured anchor could not be asked for its heads: nobody knows which it has.
    Unasked {
        /// The anchor.
        anchor: String,
        /// Why.
        error: String,
    },
    /// An anchor says that it had a head after its answer had come: one of the clocks is wrong, or was.
    StampedLater {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
        /// When the anchor had it.
        stamp: Instant,
        /// When its answer came, by the clock of the host.
        answered: Instant,
    },
}

/// A moment, or that there is none.
fn moment(at: Option<Instant>) -> String {
    at.map_or_else(|| "no moment".into(), |at| date(at).to_string())
}

impl fmt::Display for WitnessProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ahead { size, anchor } => write!(
                f,
                "head {size}: `{anchor}` has it, and it has more entries than there are: this copy is older, or entries were taken away"
            ),
            Self::AnswersGone { anchor, heads, size } => write!(
                f,
                "anchor `{anchor}` has {heads} heads, the newest of {size} entries, and its answers to them are not kept any more"
            ),
            Self::Foreign { size, source, why } => write!(f, "head {size} of {source}: {why}"),
            Self::Moment { size, anchor, kept, proven } => write!(
                f,
                "head {size}: the answer of `{anchor}` is kept with {}; its receipt says {}",
                moment(*kept),
                moment(*proven)
            ),
            Self::NoYoungHead { hours, newest: Some(newest) } => write!(
                f,
                "no anchor has a head of the last {hours} hours; the newest is of {}",
                date(*newest)
            ),
            Self::NoYoungHead { hours, newest: None } => {
                write!(f, "no anchor has a head of the last {hours} hours, nor an older one")
            }
            Self::Premature { size, anchor, answered, at } => write!(
                f,
                "head {size}: the answer of `{anchor}` is kept as of {}, before the head was made on {}",
                date(*answered),
                date(*at)
            ),
            Self::Unasked { anchor, error } => {
                write!(
                    f,
                    "anchor `{anchor}` could not be asked, and its heads were not checked: {error}"
                )
            }
            Self::StampedLater { size, anchor, stamp, answered } => write!(
                f,
                "head {size}: anchor `{anchor}` had it on {}, after its answer had come on {}: one of the clocks is wrong",
                date(*stamp),
                date(*answered)
            ),
        }
    }
}

impl WitnessProblem {
    /// No head is young enough.
    pub(in crate::ledger) fn none_young(within: TimeDelta, newest: Option<Instant>) -> Self {
        Self::NoYoungHead { hours: within.num_hours(), newest }
    }
}
