//! Personal data in the consent ledger are erased; the chain stays whole (DLC-3).

use frontdesk_tendlc::{Act, Appended, Erasure, LedgerKey, Programme};
use frontdesk_types::PhoneNumber;

use super::{Engine, EngineError, LedgerError, retried};
use crate::store::{Commit, ConsumerWrite};

impl Engine {
    /// Blanks wording and evidence of a consumer's entries, and enters that this was done; the answer is how many entries are blank
    /// now that were not. Entries of before version 8 of the store hang on the chain as they are, and stay. So do the entries of
    /// erasures: each keeps its reason, and who did it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Broken`] where a history is not what was entered: it is evidence of that, and nothing is erased.
    pub async fn erase_evidence(
        &self,
        consumer: PhoneNumber,
        erasure: &Erasure,
    ) -> Result<u64, EngineError> {
        retried(|| self.erase_once(consumer, erasure)).await
    }

    async fn erase_once(
        &self,
        consumer: PhoneNumber,
        erasure: &Erasure,
    ) -> Result<u64, EngineError> {
        let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
        let names: Vec<Programme> = value.ledger.accounts().map(|(name, _)| name.clone()).collect();
        let (mut entries, mut erased) = (Vec::new(), Vec::new());
        for programme in names {
            let key = LedgerKey { consumer, programme: programme.clone() };
            let Some((head, history)) = self.parts.store.history(&self.id, &key).await? else {
                continue;
            };
            if let Err(error) = history.verify(Some(head)) {
                return Err(LedgerError::Broken { programme, error }.into());
            }
            let before = erased.len();
            let numbers = history.before.entries + 1..;
            for (number, mut link) in numbers.zip(history.links) {
                let was_blank = link.entry.wording.is_empty() && link.entry.evidence.is_empty();
                let is_erasure = matches!(link.entry.act, Act::Erased { .. });
                if !was_blank && !is_erasure && link.erase() {
                    erased.push(Appended { programme: programme.clone(), number, link });
                }
            }
            if let Some(last) = erased.get(before..).and_then(<[Appended]>::last) {
                let entry = erasure.entry(last.number, self.now());
                entries.push(value.ledger.enter(consumer, &programme, entry, self.salts.next()));
            }
        }
        let count = erased.len() as u64;
        if count > 0 {
            let write = ConsumerWrite::new(consumer, expected, value);
            let consumers = vec![ConsumerWrite { entries, erased, ..write }];
            // Without an inbound message there is no duplicate.
            let _ = self.commit(Commit { consumers, ..Commit::default() }).await?;
        }
        Ok(count)
    }
}
