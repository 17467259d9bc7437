mod notes;
mod witness;

use std::fmt;

use frontdesk_tendlc::{BrokenChain, LedgerKey};
use frontdesk_types::{CenterId, Instant};
use serde::Serialize;

pub use notes::{AnchorState, LedgerNote};
pub use witness::WitnessProblem;

/// Most problems that a report tells one by one; the others are counted.
pub const MOST_PROBLEMS: usize = 1_000;

/// The findings of a look at the whole ledger of a center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerReport {
    /// The center.
    pub center: CenterId,
    /// When the look began.
    pub made: Instant,
    /// Consumers with entries.
    pub consumers: u64,
    /// Entries that are kept.
    pub entries: u64,
    /// Places of the center's sequence: entries that are sealed.
    pub sealed: u64,
    /// Sealed entries that retention has dropped since.
    pub dropped: u64,
    /// Entries that are not sealed yet.
    pub unsealed: u64,
    /// The heads that were made, the oldest first.
    pub heads: Vec<HeadReport>,
    /// Which entries are covered by which anchors, in the order of the sequence.
    pub coverage: Vec<Coverage>,
    /// The configured anchors, each with the newest head that it has.
    pub anchors: Vec<AnchorState>,
    /// Notes: they should be known, and are no problems; at most [`MOST_PROBLEMS`].
    pub notes: Vec<LedgerNote>,
    /// The problems, at most [`MOST_PROBLEMS`].
    pub problems: Vec<LedgerProblem>,
    /// How many more problems there are.
    pub more_problems: u64,
}

/// A head, and who stands by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadReport {
    /// The number of entries.
    pub size: u64,
    /// When it was made, by the clock of the host.
    pub at: Instant,
    /// The keys with a good signature on it.
    pub signed_by: Vec<String>,
    /// The anchors that have it.
    pub anchors: Vec<AnchorReport>,
}

/// An anchor that has a head, or whose answer says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnchorReport {
    /// Its name.
    pub name: String,
    /// The moment by which it had the head, where it says one that was checked.
    pub at: Option<Instant>,
    /// Whether it was asked, or its receipt checked. An anchor that is not configured any more is not, and no answer that has
    /// nothing to check.
    pub checked: bool,
}

/// Entries that lie between two anchored heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The place of the first, from 1.
    pub from: u64,
    /// The place of the last.
    pub to: u64,
    /// The size of the head that covers them; `None` where no anchor has one yet.
    pub head: Option<u64>,
    /// The anchors that have that head, by a check.
    pub anchors: Vec<String>,
}

/// Something in the ledger that is not what was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LedgerProblem {
    /// An anchor does not stand by a head, or cannot be asked.
    Anchor {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
        /// The mistake.
        error: String,
    },
    /// An anchor, or a file of heads, has a head of that size with another root.
    AnchoredElsewise {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
    },
    /// An entry says that it was entered before a head was made, but it was sealed after that.
    Backdated {
        /// Its place in the sequence, from 1.
        place: u64,
        /// Whose.
        key: LedgerKey,
        /// Its number.
        number: u64,
        /// When it says that it was entered.
        at: Instant,
        /// When the head before it was made.
        head: Instant,
    },
    /// A place lies behind the end of the tree.
    Beyond {
        /// The place, from 1.
        place: u64,
    },
    /// A history is broken.
    Broken {
        /// Whose.
        key: LedgerKey,
        /// How.
        error: String,
    },
    /// An entry is not the one that was sealed.
    Changed {
        /// Its place in the sequence, from 1.
        place: u64,
        /// Whose.
        key: LedgerKey,
        /// Its number.
        number: u64,
    },
    /// An anchor says that it had a head before the host made it: one of their clocks is wrong, or was.
    Clocks {
        /// The head's size.
        size: u64,
        /// The anchor.
        anchor: String,
        /// When the anchor had it.
        stamp: Instant,
        /// When it was made.
        at: Instant,
    },
    /// Places of the sequence are missing.
    Gap {
        /// The first place that is missing, from 1.
        place: u64,
    },
    /// The root of a head is not that of its entries.
    Head {
        /// The head's size.
        size: u64,
        /// When it was made.
        at: Instant,
    },
    /// The event log tells what the ledger does not have.
    Log {
        /// The position in the log.
        position: u64,
        /// Whose.
        key: LedgerKey,
        /// The event.
        event: &'static str,
    },
    /// A sealed entry is not there, and retention has not dropped it.
    Missing {
        /// Its place in the sequence, from 1.
        place: u64,
        /// Whose.
        key: LedgerKey,
        /// Its number.
        number: u64,
    },
    /// A node of the tree, or what is kept of its end, is not what it was.
    Node {
        /// Which.
        node: String,
    },
    /// An entry belongs to no history that the consumer's row knows of.
    Nobodys {
        /// Whose it says it is.
        key: LedgerKey,
        /// Its number.
        number: u64,
    },
    /// Entries have more than one place.
    PlacedTwice {
        /// How many places are there beyond one for each.
        count: u64,
    },
    /// A head has no good signature, although one was made with each key.
    Signature {
        /// The head's size.
        size: u64,
    },
    /// The consent that is kept of the consumer is not the one that the entries amount to.
    Standing {
        /// Whose.
        key: LedgerKey,
    },
    /// Entries belong to no history that is kept of a consumer.
    Stray {
        /// How many.
        count: u64,
    },
    /// Entries have no place in the sequence, and the sealer does not know that they wait for one.
    Unplaced {
        /// How many.
        count: u64,
    },
    /// Something cannot be read.
    Unreadable {
        /// What, and why.
        what: String,
    },
    /// Something about those who have heads.
    #[serde(untagged)]
    Witness(WitnessProblem),
}

impl From<WitnessProblem> for LedgerProblem {
    fn from(problem: WitnessProblem) -> Self {
        Self::Witness(problem)
    }
}

impl LedgerProblem {
    pub(super) fn broken(key: LedgerKey, error: &BrokenChain) -> Self {
        Self::Broken { key, error: error.to_string() }
    }
}

impl LedgerReport {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty() && self.more_problems == 0
    }

    pub(super) fn note(&mut self, note: LedgerNote) {
        if self.notes.len() < MOST_PROBLEMS {
            self.notes.push(note);
        }
    }

    pub(super) fn add(&mut self, problem: LedgerProblem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }
}

fn date(at: Instant) -> impl fmt::Display {
    at.format("%Y-%m-%d %H:%M:%S UTC")
}

impl fmt::Display for LedgerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = |key: &LedgerKey| format!("{} to {}", key.consumer, key.programme);
        match self {
            Self::Anchor { size, anchor, error } => {
                write!(f, "head {size}: anchor `{anchor}` does not stand by it: {error}")
            }
            Self::AnchoredElsewise { size, anchor } => write!(
                f,
                "head {size}: `{anchor}` has another head of that size: entries before it were changed, put in, or taken away"
            ),
            Self::Backdated { place, key, number, at, head } => write!(
                f,
                "entry {place} (number {number} of {}) says that it was entered on {}, but was sealed after the head of {}",
                whose(key),
                date(*at),
                date(*head)
            ),
            Self::Beyond { place } => write!(f, "place {place} lies behind the end of the tree"),
            Self::Broken { key, error } => write!(f, "consent of {}: {error}", whose(key)),
            Self::Changed { place, key, number } => {
                write!(
                    f,
                    "entry {place} (number {number} of {}) is not the one that was sealed",
                    whose(key)
                )
            }
            Self::Clocks { size, anchor, stamp, at } => write!(
                f,
                "head {size}: anchor `{anchor}` had it on {}, before it was made on {}: one of the clocks is wrong",
                date(*stamp),
                date(*at)
            ),
            Self::Gap { place } => write!(f, "place {place} of the sequence is missing"),
            Self::Head { size, at } => write!(
                f,
                "head {size} of {}: its root is not that of the first {size} entries",
                date(*at)
            ),
            Self::Log { position, key, event } => write!(
                f,
                "the event log tells `{event}` at {position}, and the consent of {} has no such entry",
                whose(key)
            ),
            Self::Missing { place, key, number } => write!(
                f,
                "entry {place} (number {number} of {}) was sealed and is not there",
                whose(key)
            ),
            Self::Node { node } => {
                write!(f, "what is kept of the tree ({node}) is not what it was")
            }
            Self::Nobodys { key, number } => write!(
                f,
                "number {number} of {} belongs to no history that is kept of that consumer",
                whose(key)
            ),
            Self::PlacedTwice { count } => {
                write!(f, "{count} places are of entries that have a place already")
            }
            Self::Signature { size } => {
                write!(f, "head {size} has no good signature of a known key")
            }
            Self::Standing { key } => write!(
                f,
                "what is kept as the consent of {} is not what its entries amount to",
                whose(key)
            ),
            Self::Stray { count } => {
                write!(f, "{count} entries belong to no history that is kept of a consumer")
            }
            Self::Unplaced { count } => {
                write!(f, "{count} entries have no place in the sequence, and wait for none")
            }
            Self::Unreadable { what } => f.write_str(what),
            Self::Witness(problem) => problem.fmt(f),
        }
    }
}

/// For people: counts, heads with their anchors, what is covered, and every problem on a line.
impl fmt::Display for LedgerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Ledger of {}, looked at on {}", self.center, date(self.made))?;
        writeln!(
            f,
            "{} entries of {} consumers; {} sealed, of which {} were dropped by retention; {} not sealed yet",
            self.entries, self.consumers, self.sealed, self.dropped, self.unsealed
        )?;
        for Coverage { from, to, head, anchors } in &self.coverage {
            match head {
                Some(head) => {
                    let by = anchors.join(", ");
                    writeln!(f, "entries {from} to {to}: covered by head {head}, which {by} has")?;
                }
                None => writeln!(
                    f,
                    "entries {from} to {to}: consistent in themselves; no anchor that was checked has a head of them"
                )?,
            }
        }
        for anchor in &self.anchors {
            writeln!(f, "{anchor}")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for problem in &self.problems {
            writeln!(f, "error: {problem}")?;
        }
        if self.more_problems > 0 {
            writeln!(f, "error: {} more problems", self.more_problems)?;
        }
        if self.is_whole() {
            let anchored = self.coverage.iter().any(|coverage| coverage.head.is_some());
            let against =
                if anchored { " and what anchors have" } else { "; no anchor has a head" };
            write!(f, "whole: entries, seals, heads{against}")?;
            match self.notes.iter().filter(|note| note.is_explained()).count() {
                0 => Ok(()),
                explained => write!(f, "; {explained} differences are explained by the operator"),
            }
        } else {
            let count = self.problems.len() as u64 + self.more_problems;
            write!(f, "NOT whole: {count} problem{}", if count == 1 { "" } else { "s" })
        }
    }
}
