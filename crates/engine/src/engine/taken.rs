//! Texts that were taken in lately (invariant 1). A provider delivers a text again when its answer was late: the second delivery
//! is known before the text is read, so that it costs nothing. The store decides for all others.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use frontdesk_types::Provider;
use rustc_hash::FxHashSet;

/// Texts that are remembered. Tries of providers end within minutes.
const REMEMBERED: usize = 16_384;

/// The texts that were taken in last.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Secret keys: nobody can choose ids that are taken for others.
    keys: [RandomState; 2],
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    known: FxHashSet<Key>,
    in_order: VecDeque<Key>,
}

/// A text, as one number of 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u64; 2]);

impl Taken {
    pub(super) fn key(&self, provider: &Provider, id: &str) -> Key {
        Key(self.keys.each_ref().map(|key| key.hash_one((provider.as_str(), id))))
    }

    pub(super) fn has(&self, key: Key) -> bool {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).known.contains(&key)
    }

    /// Remembers a text that is committed.
    pub(super) fn keep(&self, key: Key) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if !last.known.insert(key) {
            return;
        }
        last.in_order.push_back(key);
        if last.in_order.len() > REMEMBERED
            && let Some(oldest) = last.in_order.pop_front()
        {
            last.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_texts_are_remembered_and_no_more() {
        let taken = Taken::default();
        let key = |id: usize| taken.key(&"twilio".into(), &id.to_string());
        for id in 0..=REMEMBERED {
            assert!(!taken.has(key(id)));
            taken.keep(key(id));
            taken.keep(key(id));
        }
        assert!(!taken.has(key(0)), "the oldest is forgotten");
        assert!(taken.has(key(1)) && taken.has(key(REMEMBERED)));
        assert_eq!(taken.last.lock().unwrap().known.len(), REMEMBERED);
        assert!(!taken.has(taken.key(&"other".into(), "1")), "ids belong to their provider");
    }
}
