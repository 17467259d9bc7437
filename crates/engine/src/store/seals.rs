//! The places of the ledger's entries in the center's one sequence (DLC-3).

use frontdesk_tendlc::{Digest, LedgerKey, seal_leaf};
use frontdesk_types::Instant;

/// An entry of the ledger, by what its seal is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryMark {
    /// Whose history it belongs to.
    pub key: LedgerKey,
    /// Its number in that history, from 1.
    pub number: u64,
    /// Its digest.
    pub digest: Digest,
}

impl EntryMark {
    /// The leaf that stands for it in the center's tree.
    pub fn leaf(&self) -> Digest {
        seal_leaf(&self.key, self.number, &self.digest)
    }
}

/// An entry that has no place in the sequence yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// The store's own number of it, for [`SealWrite`].
    pub row: u64,
    /// The entry.
    pub entry: EntryMark,
}

/// Entries that get their places in the sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealWrite {
    /// The place of the first, from 0: as many entries are sealed. Another number in the store is a conflict.
    pub first: u64,
    /// The entries, in their order. One that is gone, or has its place, is a conflict.
    pub entries: Vec<Unsealed>,
}

/// A place in the sequence. It stays when retention drops its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The place, from 0.
    pub sequence: u64,
    /// The entry as it was sealed.
    pub entry: EntryMark,
    /// The ledger's entry in its stead now.
    pub stored: SealedEntry,
}

/// The ledger's record of a sealed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedEntry {
    /// No entry of that history with that number.
    Missing,
    /// An entry whose digest or moment cannot be read.
    Unreadable,
    /// The entry.
    There {
        /// Its digest now.
        digest: Digest,
        /// The moment that it says it is of.
        at: Instant,
    },
}
