//! Numbers whose calls and texts are not handled (SMS-38).

use std::sync::PoisonError;

use frontdesk_types::{Event, Fact, PhoneNumber};

use super::{Engine, EngineError, retried};
use crate::store::{Commit, ItemWrite, Subject};

/// The kind of the items that are the blocklist.
const BLOCKED: &str = "blocked";

impl Engine {
    /// Whether calls and texts of a number are not handled (SMS-38).
    pub fn is_blocked(&self, number: PhoneNumber) -> bool {
        self.blocked.read().unwrap_or_else(PoisonError::into_inner).contains(&number)
    }

    /// Puts a number on the blocklist, or takes it off. False if that is how it was: duplicates are
    /// refused (SMS-38).
    pub async fn set_blocked(
        &self,
        number: PhoneNumber,
        blocked: bool,
    ) -> Result<bool, EngineError> {
        if !retried(|| self.write_blocked(number, blocked)).await? {
            return Ok(false);
        }
        let mut list = self.blocked.write().unwrap_or_else(PoisonError::into_inner);
        if blocked {
            list.insert(number);
        } else {
            list.remove(&number);
        }
        Ok(true)
    }

    async fn write_blocked(&self, number: PhoneNumber, blocked: bool) -> Result<bool, EngineError> {
        let key = number.to_string();
        let item = self.parts.store.item(&self.id, BLOCKED, &key).await?;
        if item.is_some() == blocked {
            return Ok(false);
        }
        let expected = item.map_or(0, |item| item.version);
        let value = blocked.then(Vec::new);
        let items = vec![ItemWrite { kind: BLOCKED, key, expected, value }];
        let event = Event { at: self.now(), fact: Fact::BlocklistChanged { number, blocked } };
        let commit = Commit { items, ..Commit::default() };
        self.record(Subject::default(), vec![event], commit).await?;
        Ok(true)
    }

    /// The numbers on the blocklist.
    pub fn blocklist(&self) -> Vec<PhoneNumber> {
        let list = self.blocked.read().unwrap_or_else(PoisonError::into_inner);
        list.iter().copied().collect()
    }

    /// Reads the blocklist from the store.
    pub(super) async fn read_blocklist(&self) -> Result<(), EngineError> {
        let items = self.parts.store.items(&self.id, BLOCKED, None, usize::MAX).await?;
        let numbers = items.iter().filter_map(|item| item.key.parse().ok()).collect();
        *self.blocked.write().unwrap_or_else(PoisonError::into_inner) = numbers;
        Ok(())
    }
}
