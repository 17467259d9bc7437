//! The center's sequence in memory.

use std::collections::BTreeMap;

use frontdesk_tendlc::{LedgerKey, Link};

use crate::store::{EntryMark, Seal, SealWrite, SealedEntry, Unsealed};

/// Which entries have a place in the sequence.
#[derive(Debug, Default)]
pub(super) struct Sealing {
    /// Those without one, by the order of their commits.
    waiting: BTreeMap<u64, EntryMark>,
    last_row: u64,
    /// The sequence.
    sealed: Vec<EntryMark>,
}

impl Sealing {
    pub(super) fn entered(&mut self, entry: EntryMark) {
        self.last_row += 1;
        self.waiting.insert(self.last_row, entry);
    }

    pub(super) fn dropped(&mut self, key: &LedgerKey, last: u64) {
        self.waiting.retain(|_, entry| entry.key != *key || entry.number > last);
    }

    /// Whether a write begins where the sequence ends, with entries that wait.
    pub(super) fn allows(&self, write: &SealWrite) -> bool {
        let waits = |entry: &Unsealed| self.waiting.get(&entry.row) == Some(&entry.entry);
        write.first == self.sealed.len() as u64 && write.entries.iter().all(waits)
    }

    pub(super) fn seal(&mut self, write: SealWrite) {
        for Unsealed { row, entry } in write.entries {
            self.waiting.remove(&row);
            self.sealed.push(entry);
        }
    }

    pub(super) fn waiting(&self, limit: usize) -> Vec<Unsealed> {
        let waiting = self.waiting.iter().take(limit);
        waiting.map(|(row, entry)| Unsealed { row: *row, entry: entry.clone() }).collect()
    }

    pub(super) fn count_waiting(&self) -> u64 {
        self.waiting.len() as u64
    }

    pub(super) fn seals(
        &self,
        ledger: &BTreeMap<LedgerKey, BTreeMap<u64, Link>>,
        from: u64,
        limit: usize,
    ) -> Vec<Seal> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let sealed = (0..).zip(&self.sealed).skip(from).take(limit);
        let seal = |(sequence, entry): (u64, &EntryMark)| {
            let link = ledger.get(&entry.key).and_then(|links| links.get(&entry.number));
            let there = |link: &Link| SealedEntry::There { digest: link.digest, at: link.entry.at };
            let stored = link.map_or(SealedEntry::Missing, there);
            Seal { sequence, entry: entry.clone(), stored }
        };
        sealed.map(seal).collect()
    }

    /// The places of a history's entries that are kept.
    pub(super) fn sequences(
        &self,
        key: &LedgerKey,
        kept: Option<&BTreeMap<u64, Link>>,
    ) -> BTreeMap<u64, u64> {
        let sealed = (0..).zip(&self.sealed).filter(|(_, entry)| entry.key == *key);
        let kept =
            sealed.filter(|(_, entry)| kept.is_some_and(|kept| kept.contains_key(&entry.number)));
        kept.map(|(sequence, entry)| (entry.number, sequence)).collect()
    }
}
