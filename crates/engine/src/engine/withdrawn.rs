//! Texts that were written before a revocation (invariant 2): they never leave, whatever the consumer agrees to afterwards. What the gate
//! holds is judged anew with the revocation, so that nobody takes it for waiting.

use std::collections::BTreeSet;

use frontdesk_tendlc::{Appended, Consent, GateRules, History, LedgerKey, Programme};
use frontdesk_types::{Fact, Instant, SupportNumber};

use super::{Engine, EngineError, draft::revocable_lanes};
use crate::{
    OutgoingText,
    config::Membership,
    store::{Consumer, ConsumerWrite, EventQuery, LONGEST_HOLD, Line},
};

impl Engine {
    /// The lanes of texts that wait for consumers who revoke consent with a commit.
    pub(super) fn held_by_revoked(&self, consumers: &[ConsumerWrite]) -> Vec<String> {
        let takes_back = |entry: &&Appended| entry.link.entry.act.revokes();
        let mut lanes = Vec::new();
        for write in consumers {
            let mut revoked = write.entries.iter().filter(takes_back).peekable();
            if revoked.peek().is_none() {
                continue;
            }
            let numbers: BTreeSet<SupportNumber> =
                revoked.flat_map(|entry| self.numbers_of_revocation(&entry.programme)).collect();
            let line = |number| Line { consumer: write.consumer, number };
            lanes.extend(numbers.into_iter().map(line).flat_map(revocable_lanes));
        }
        lanes
    }

    /// The numbers whose texts a revocation to a programme takes back.
    fn numbers_of_revocation(&self, programme: &Programme) -> Vec<SupportNumber> {
        let center = self.center();
        let own = center.compliance.sender(programme).numbers;
        let all = own.iter().any(|number| center.compliance.rules_of(*number).takes_back_all());
        if all { center.every_number().into_iter().collect() } else { own }
    }

    /// The last revocation of a consumer since a text was written.
    pub(super) async fn revoked_since(
        &self,
        text: &OutgoingText,
        membership: &Membership,
        consumer: &Consumer,
        rules: &GateRules,
    ) -> Result<Option<Instant>, EngineError> {
        let of_all = rules.takes_back_all();
        let is_own = |name: &Programme| {
            of_all || *name == membership.programme || membership.joined.contains(name)
        };
        let accounts = consumer.ledger.accounts();
        let revoked = accounts.filter(|(name, account)| is_own(name) && account.was_revoked());
        let mut last = None;
        for (name, _) in revoked {
            let key = LedgerKey { consumer: text.line.consumer, programme: name.clone() };
            let history = self.parts.store.history(&self.id, &key).await?;
            last = last.max(history.and_then(|(_, history)| last_revocation(&history)));
        }
        // No text has waited since an older one.
        let Some(last) = last.filter(|at| *at + LONGEST_HOLD > self.now()) else { return Ok(None) };
        let written = self.written(text).await?;
        Ok(written.filter(|written| *written < last).map(|_| last))
    }

    /// When a text was written, by the log.
    async fn written(&self, text: &OutgoingText) -> Result<Option<Instant>, EngineError> {
        let message = &text.id.message;
        let query = message.session().map_or(EventQuery::OfLine(text.line), EventQuery::OfSession);
        let records = self.parts.store.events(&self.id, query).await?;
        let mut events = records.iter().flat_map(|record| &record.events);
        let is_it = |fact: &Fact| matches!(fact, Fact::OutboundMessage { id, .. } if id == message);
        Ok(events.find(|event| is_it(&event.fact)).map(|event| event.at))
    }
}

/// When a consumer last took back what they had agreed to. A revocation that is older than their consent takes nothing back.
fn last_revocation(history: &History) -> Option<Instant> {
    let (mut consent, mut last) = (Consent::default(), None);
    for link in &history.links {
        consent.apply(&link.entry);
        if link.entry.act.revokes() && consent.is_opted_out() {
            last = Some(link.entry.at);
        }
    }
    last
}
