use std::fmt;

use chrono::NaiveDate;
use frontdesk_types::Instant;
use serde::{Deserialize, Serialize};

use super::{Receipt, SignedHead};
use crate::utc::utc;

/// A head that a proof rests on, with everything that its check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenHead {
    /// The head.
    pub head: SignedHead,
    /// The known keys with a good signature on it.
    pub signed_by: Vec<String>,
    /// Faults of the head itself. Empty where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<HeadFault>,
    /// The answers of anchors that are kept, each with its check.
    pub anchors: Vec<CheckedAnswer>,
    /// A difference of this head that the operator has explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownDifference>,
}

/// A fault of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadFault {
    /// Its root is not that of the entries that are sealed.
    Root,
    /// It has no good signature of a known key.
    Signature,
}

/// The answer of an anchor to a head, with its check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedAnswer {
    /// The anchor's name.
    pub anchor: String,
    /// The result of the check.
    #[serde(flatten)]
    pub check: AnswerCheck,
    /// The moment by which the anchor had the head, as its receipt proves it. What the database says of it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// When the answer came, as the database says. Nothing proves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Instant>,
    /// The answer.
    pub receipt: Receipt,
}

/// The worth of the kept answer of an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum AnswerCheck {
    /// The anchor was asked and has the head, or its receipt proves it.
    Holds,
    /// No anchor of that name is configured: nothing was checked.
    NotConfigured,
    /// The answer is not one of this anchor to this head, or the anchor could not be asked.
    Refused {
        /// The mistake.
        error: String,
    },
    /// The answer has nothing that can be checked: only the anchor itself can tell which heads it has.
    Unprovable,
}

/// A difference between the ledger and its heads that the operator has explained for good, by the size of the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDifference {
    /// The head's size.
    pub size: u64,
    /// The operator's explanation.
    pub reason: String,
    /// The day on which it was explained.
    pub on: NaiveDate,
}

/// Something that a proof found beside its own entries, and that speaks against the ledger as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The finding.
    #[serde(flatten)]
    pub finding: DoubtFinding,
    /// The operator's explanation, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownDifference>,
}

/// A finding that speaks against a ledger as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "doubt", rename_all = "snake_case")]
#[non_exhaustive]
pub enum DoubtFinding {
    /// An anchor has a head of more entries than there are.
    Ahead {
        /// The anchor.
        anchor: String,
        /// The head's size.
        size: u64,
    },
    /// An anchor has a head of that size with another root.
    Elsewise {
        /// The anchor.
        anchor: String,
        /// The head's size.
        size: u64,
    },
    /// Earlier entries are gone, and no head is so old that retention may have dropped them.
    Gone {
        /// Their number.
        entries: u64,
    },
    /// The place of an entry is not proven by its head.
    Place {
        /// The entry's number.
        number: u64,
    },
    /// An anchor that gives its heads back could not be asked.
    Unasked {
        /// The anchor.
        anchor: String,
        /// Why.
        error: String,
    },
    /// A head or an answer cannot be read.
    Unreadable {
        /// What, and why.
        what: String,
    },
}

impl ProvenHead {
    /// Whether nothing speaks against the head, and an anchor has it.
    pub fn is_anchored(&self) -> bool {
        self.faults.is_empty()
            && self.anchors.iter().any(|answer| answer.check == AnswerCheck::Holds)
    }

    /// Whether something of it is not what it should be. The operator may explain answers that do not check, and nothing else.
    pub(crate) fn is_doubtful(&self) -> bool {
        let refused = |answer: &CheckedAnswer| matches!(answer.check, AnswerCheck::Refused { .. });
        let is_explained = self.known.is_some();
        !self.faults.is_empty() || (!is_explained && self.anchors.iter().any(refused))
    }

    /// Every remark on it, for people: signatures, faults, anchors.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let signed = match self.signed_by.as_slice() {
            [] if self.faults.contains(&HeadFault::Signature) => None,
            [] => Some("it is not signed".to_owned()),
            names => Some(format!("signed by {}", names.join(", "))),
        };
        let faults = self.faults.iter().map(|fault| format!("NOT GOOD: {fault}"));
        let answers = self.anchors.iter().map(ToString::to_string);
        let known = self.known.iter().map(|known| format!("known: {known}"));
        signed.into_iter().chain(faults).chain(answers).chain(known).collect()
    }
}

impl fmt::Display for HeadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Root => "its root is not that of the entries that are kept",
            Self::Signature => "it has no good signature of a known key",
        })
    }
}

impl fmt::Display for CheckedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { anchor, check, at, .. } = self;
        match (check, at) {
            (AnswerCheck::Holds, Some(at)) => write!(f, "{anchor} had it on {}", utc(*at)),
            (AnswerCheck::Holds, None) => write!(f, "{anchor} has it"),
            (AnswerCheck::NotConfigured, _) => {
                write!(f, "an answer of `{anchor}`, which is not configured, was not checked")
            }
            (AnswerCheck::Refused { error }, _) => {
                write!(f, "NOT GOOD: the answer of {anchor} does not check: {error}")
            }
            (AnswerCheck::Unprovable, _) => write!(
                f,
                "it was given to {anchor}, whose answer cannot be checked here; {anchor} was not asked: compare the heads that it has with `frontdesk ledger verify --head FILE`"
            ),
        }
    }
}

impl fmt::Display for KnownDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (explained on {})", self.reason, self.on)
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.finding {
            DoubtFinding::Ahead { anchor, size } => write!(
                f,
                "{anchor} has head {size}, of more entries than there are: this copy is older, or entries were taken away"
            ),
            DoubtFinding::Elsewise { anchor, size } => {
                write!(
                    f,
                    "{anchor} has another head of {size} entries: entries before it were changed"
                )
            }
            DoubtFinding::Gone { entries } => write!(
                f,
                "{entries} earlier entries are gone, and no head of the ledger is so old that they may have been dropped"
            ),
            DoubtFinding::Place { number } => {
                write!(f, "the place of entry {number} is not proven by its head")
            }
            DoubtFinding::Unasked { anchor, error } => {
                write!(f, "{anchor} could not be asked: {error}")
            }
            DoubtFinding::Unreadable { what } => f.write_str(what),
        }?;
        match &self.known {
            Some(known) => write!(f, "; known: {known}"),
            None => Ok(()),
        }
    }
}
