//! The moments that entries say they are of, against the heads around them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use frontdesk_tendlc::{AnswerCheck, KnownDifference, ProvenHead};
use frontdesk_types::Instant;

use super::CLOCKS;
use crate::LedgerNote;

/// An entry may be older than the first anchored head over it by the time between two heads, and by so much.
const LATE: TimeDelta = TimeDelta::days(1);

/// Entries whose moment does not agree with the heads around them, counted by head.
#[derive(Debug, Default)]
pub(super) struct Moments {
    every: TimeDelta,
    /// Entries that are older than a head whose moment is explained.
    explained: BTreeMap<u64, (KnownDifference, u64)>,
    /// Entries that are covered late: the moment of the head, how many, place and moment of the oldest.
    late: BTreeMap<u64, (Instant, u64, u64, Instant)>,
}

/// The moment by which an anchor had a head, by a check: the earliest that a receipt proves, or when it was made.
pub(super) fn had(head: &ProvenHead) -> Instant {
    let holding = head.anchors.iter().filter(|answer| answer.check == AnswerCheck::Holds);
    holding.filter_map(|answer| answer.at).min().unwrap_or(head.head.head().at)
}

impl Moments {
    /// None yet; heads are made after such a time.
    pub(super) fn new(every: TimeDelta) -> Self {
        Self { every, ..Self::default() }
    }

    /// An entry of a place and a moment. The answer is the moment of the head before it, if the entry says that it is older.
    pub(super) fn entry(
        &mut self,
        heads: &[ProvenHead],
        sequence: u64,
        at: Instant,
    ) -> Option<Instant> {
        let (before, over) =
            heads.split_at(heads.partition_point(|head| head.head.head().size <= sequence));
        if let Some(head) = over.iter().find(|head| head.is_anchored())
            && at + self.every + LATE < had(head)
        {
            let late = (had(head), 0, sequence + 1, at);
            let (_, count, place, oldest) = self.late.entry(head.head.head().size).or_insert(late);
            *count += 1;
            if at < *oldest {
                (*place, *oldest) = (sequence + 1, at);
            }
        }
        for head in before.iter().rev() {
            let made = head.head.head().at;
            match &head.known {
                None => return (at + CLOCKS < made).then_some(made),
                Some(known) if at + CLOCKS < made => {
                    self.explained.entry(known.size).or_insert_with(|| (known.clone(), 0)).1 += 1;
                }
                Some(_) => {}
            }
        }
        None
    }

    /// The counts.
    pub(super) fn notes(&mut self) -> Vec<LedgerNote> {
        let explained = std::mem::take(&mut self.explained).into_values();
        let explained = explained.map(|(known, entries)| LedgerNote::Clock { entries, known });
        let late = std::mem::take(&mut self.late).into_iter();
        let late = late.map(|(size, (at, entries, place, oldest))| LedgerNote::CoveredLate {
            size,
            at,
            entries,
            place,
            oldest,
        });
        explained.chain(late).collect()
    }
}
