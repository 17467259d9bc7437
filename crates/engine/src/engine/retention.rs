//! Entries of the consent ledger that nothing rests on any more are dropped (DLC-3).

use frontdesk_tendlc::{Account, History, LedgerKey, Programme, Retention};
use frontdesk_types::PhoneNumber;

use super::{Engine, EngineError, LedgerError, retried};
use crate::{ledger::kept_heads, store::ConsumerWrite};

/// Consumers that are looked at in one go.
const PAGE: usize = 500;

/// The rule of one look at the ledger.
#[derive(Debug, Clone, Copy)]
struct Rule {
    retention: Retention,
    /// Entries go only from places before this one. A head that is older than every retention has them: so nobody can call it retention
    /// that a younger entry is gone. Every place, where no heads are made.
    places: u64,
}

impl Engine {
    /// Drops entries of the ledger that no law and no dispute asks for any more (DLC-3); the answer is how many. What holds stays,
    /// and so does what was sealed less than [`Retention::LEAST_YEARS`] ago.
    pub async fn prune_ledger(&self, retention: Retention) -> Result<u64, EngineError> {
        // Each entry that goes has its place first.
        self.keep_sealed().await?;
        let rule = Rule { retention, places: self.places_that_may_go().await? };
        let (mut after, mut gone) = (None, 0);
        loop {
            let page = self.parts.store.consumers(&self.id, after, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(gone) };
            after = Some(*last);
            for (consumer, _) in page {
                gone += retried(|| self.prune_consumer(consumer, rule)).await?;
            }
        }
    }

    async fn places_that_may_go(&self) -> Result<u64, EngineError> {
        let heads = kept_heads(&*self.parts.store, &self.id).await?;
        if heads.is_empty() {
            return Ok(u64::MAX);
        }
        let before = Retention::sealed_before(self.now());
        let heads = heads.iter().flatten().map(|kept| kept.head.head());
        let old = heads.filter(|head| before.is_some_and(|before| head.at < before));
        Ok(old.map(|head| head.size).max().unwrap_or(0))
    }

    async fn prune_consumer(&self, consumer: PhoneNumber, rule: Rule) -> Result<u64, EngineError> {
        let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
        // The last of all is never dropped.
        let several = |account: &Account| {
            account.head.entries > account.before.map_or(0, |before| before.entries) + 1
        };
        let (mut dropped, mut gone) = (Vec::new(), 0);
        let programmes: Vec<Programme> = value
            .ledger
            .accounts()
            .filter(|(_, account)| several(account))
            .map(|(name, _)| name.clone())
            .collect();
        for programme in programmes {
            let key = LedgerKey { consumer, programme: programme.clone() };
            let Some((head, history)) = self.parts.store.history(&self.id, &key).await? else {
                continue;
            };
            // A broken history is evidence of that.
            if let Err(error) = history.verify(Some(head)) {
                return Err(LedgerError::Broken { programme, error }.into());
            }
            let before = history.before.entries;
            let through = self.through(&history, rule).await?;
            if let Some(last) = value.ledger.prune(history, rule.retention, self.now(), through) {
                gone += last - before;
                dropped.push((programme, last));
            }
        }
        if !dropped.is_empty() {
            let write = ConsumerWrite::new(consumer, expected, value);
            self.write_consumers(vec![ConsumerWrite { dropped, ..write }]).await?;
        }
        Ok(gone)
    }

    /// The number of the last entry that may go by its place, if any would go by its age.
    async fn through(&self, history: &History, rule: Rule) -> Result<u64, EngineError> {
        let Rule { retention, places } = rule;
        let mut trial = history.clone();
        trial.prune(retention, self.now(), u64::MAX);
        let (kept, goes) = (history.before.entries, trial.before.entries);
        if places == u64::MAX || goes == kept {
            return Ok(goes);
        }
        let sequences = self.parts.store.sequences(&self.id, &history.key).await?;
        let is_old = |number: &u64| sequences.get(number).is_some_and(|place| *place < places);
        Ok((kept + 1..=goes).take_while(is_old).last().unwrap_or(kept))
    }
}
