//! The histories of many consumers, read at once (DLC-3).

use std::collections::BTreeMap;

use frontdesk_tendlc::{LedgerKey, Link, Programme};
use frontdesk_types::PhoneNumber;

use super::Consumer;
#[cfg(doc)]
use super::LedgerStore;

/// The consumers whose histories are read with [`LedgerStore::histories`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryQuery {
    /// Those that something is known of, in the order of their numbers.
    After {
        /// Those after this one; all of them without.
        consumer: Option<PhoneNumber>,
        /// At most so many. The answer ends earlier where they have more entries than that: only an answer without anybody is the
        /// last one.
        limit: usize,
    },
    /// These, in this order. One that nothing is known of is left out.
    Of(Vec<PhoneNumber>),
}

/// A consumer with every entry of the ledger, as of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerHistories {
    /// The consumer.
    pub consumer: PhoneNumber,
    /// The knowledge of the consumer, with the head of each history.
    pub known: Consumer,
    /// The entries that are kept, by their programmes, in order. Programmes without any are left out.
    pub links: BTreeMap<Programme, Vec<Link>>,
}

impl ConsumerHistories {
    /// The key of one of the histories.
    pub fn key(&self, programme: &Programme) -> LedgerKey {
        LedgerKey { consumer: self.consumer, programme: programme.clone() }
    }
}
