//! What is known of consumers: their ledgers, and what helps the gate (DLC-3, DLC-4).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use frontdesk_tendlc::{
    Act, Address, BrokenChain, Entry, History, ImportError, Imported, ListReader, NoteError,
    Programme, Proof, import_csv,
};
use frontdesk_types::{Instant, MessageId, PhoneNumber};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError, retried};
use crate::{
    OutgoingText,
    ledger::ConsentProofs,
    store::{CarrierAnswer, Commit, Consumer, ConsumerWrite, Line, Solicitation, Version},
};

/// So long a solicitation is remembered: no state's cap looks back farther, and few promises do.
const SOLICITED: TimeDelta = TimeDelta::days(31);
/// So many of them.
const SOLICITATIONS: usize = 64;
/// Numbers are taken along to other carriers.
const CARRIER_KNOWN: TimeDelta = TimeDelta::days(30);
/// Who could not tell is asked again.
const CARRIER_UNKNOWN: TimeDelta = TimeDelta::days(1);
/// So many rows has an imported list at the most: it is taken in one piece.
const IMPORTED: usize = 20_000;

/// Why consent is not told, or a list not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// What is stored is not what was entered (DLC-3). Nothing is made of it.
    #[error("the ledger of programme {programme} is not what was entered: {error}")]
    Broken {
        /// The programme.
        programme: Programme,
        /// What is wrong.
        error: BrokenChain,
    },
    /// A head cannot be made.
    #[error(transparent)]
    Head(#[from] NoteError),
    /// Entries cannot be sealed: the sequence does not end where the tree does. Somebody has changed the file.
    #[error(
        "entries are not sealed: the sequence does not end with place {0}, where the tree ends"
    )]
    Unsealable(u64),
    /// The list is wrong; nothing of it was taken.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The list is too long; nothing of it was taken.
    #[error("the list has {found} rows; {IMPORTED} are allowed, so that it is taken in one piece")]
    TooLong {
        /// How many it has.
        found: usize,
    },
}

/// What became of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReceipt {
    /// So many rows were entered.
    pub entered: usize,
    /// So many were there already.
    pub known: usize,
}

/// What a host tells of a consumer, for the gate (DLC-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Where they live; quiet hours go by the number without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// When they last bought something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchased: Option<Instant>,
}

impl Engine {
    /// Everything that the ledger has of one consumer, proven programme by programme (DLC-3); with `programme` only what tells
    /// what holds for it. Empty if nothing was ever entered.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Broken`] where a history is not what was entered; [`EngineError::Store`] where the store cannot be read.
    pub async fn consent_proofs(
        &self,
        consumer: PhoneNumber,
        programme: Option<&Programme>,
    ) -> Result<Vec<Proof>, EngineError> {
        let (center, heads) = (self.center(), &self.parts.heads);
        let proofs = ConsentProofs::open(self.store(), &center, heads, self.now()).await;
        proofs?.of(consumer, programme).await?.into_iter().collect()
    }

    /// Takes in a list of consent, of the form that [`import_csv`] reads: all of it, or nothing. Numbers without a country code
    /// are read in the center's region. A row that was entered before is not entered again, also if its evidence was erased since.
    /// `source` is the name of the file, and the person or credential that brings it: each entry names both.
    pub async fn import_consent(
        &self,
        list: &str,
        source: (&str, &str),
    ) -> Result<ImportReceipt, EngineError> {
        let center = self.center();
        let (file, imported_by) = source;
        let is_programme = |programme: &Programme| center.is_programme(programme);
        let (region, now) = (Some(center.region()), self.now());
        let by = ListReader { file, imported_by, region, now, is_programme: &is_programme };
        let imported = import_csv(list, by).map_err(LedgerError::from)?;
        if imported.len() > IMPORTED {
            return Err(LedgerError::TooLong { found: imported.len() }.into());
        }
        // They are revocations like any others: nothing begins until they are committed.
        let revoked = imported.iter().filter(|imported| imported.entry.act.revokes());
        let revoked: BTreeSet<usize> =
            revoked.map(|imported| Self::slot(imported.key.consumer)).collect();
        let closed: Vec<_> = revoked.into_iter().map(|slot| self.departures.revoke(slot)).collect();
        let receipt = retried(|| self.import_once(&imported)).await;
        drop(closed);
        receipt
    }

    async fn import_once(&self, imported: &[Imported]) -> Result<ImportReceipt, EngineError> {
        let mut receipt = ImportReceipt { entered: 0, known: 0 };
        let mut consumers: Vec<ConsumerWrite> = Vec::new();
        for rows in imported.chunk_by(|one, other| one.key.consumer == other.key.consumer) {
            let Some(consumer) = rows.first().map(|row| row.key.consumer) else { continue };
            let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
            let mut entries = Vec::new();
            for Imported { key, entry } in rows {
                let stored = match value.ledger.account(&key.programme) {
                    Some(_) => self.parts.store.history(&self.id, key).await?,
                    None => None,
                };
                if stored.is_some_and(|(_, history)| has(&history, entry)) {
                    receipt.known += 1;
                } else {
                    receipt.entered += 1;
                    let salt = self.salts.next();
                    entries.push(value.ledger.enter(consumer, &key.programme, entry.clone(), salt));
                }
            }
            if !entries.is_empty() {
                let write = ConsumerWrite::new(consumer, expected, value);
                consumers.push(ConsumerWrite { entries, ..write });
            }
        }
        self.write_consumers(consumers).await?;
        Ok(receipt)
    }

    /// What hosts have told of a consumer.
    pub async fn profile(&self, consumer: PhoneNumber) -> Result<Profile, EngineError> {
        let (_, known) = self.parts.store.consumer(&self.id, consumer).await?;
        Ok(Profile { address: known.address, purchased: known.purchased })
    }

    /// Tells where a consumer lives, and when they last bought something: the gate goes by it from now on.
    pub async fn set_profile(
        &self,
        consumer: PhoneNumber,
        profile: Profile,
    ) -> Result<(), EngineError> {
        self.change_consumer(consumer, |known| {
            (known.address, known.purchased) = (profile.address, profile.purchased);
        })
        .await
    }

    /// Remembers that a solicitation leaves, by which caps count, unless the consumer was changed since they were read. A text
    /// that is tried again counts once, from now on.
    pub(super) async fn remember_solicitation(
        &self,
        consumer: PhoneNumber,
        text: &MessageId,
        (expected, mut value): (Version, Consumer),
    ) -> Result<(), EngineError> {
        let now = self.now();
        value.solicited.retain(|before| before.at + SOLICITED > now && !before.is_of(text));
        value.solicited.push(Solicitation { at: now, text: Some(text.clone()) });
        let more = value.solicited.len().saturating_sub(SOLICITATIONS);
        value.solicited.drain(..more);
        self.write_consumer(consumer, expected, value).await
    }

    /// It has not left after all.
    pub(super) async fn forget_solicitation(
        &self,
        consumer: PhoneNumber,
        text: &MessageId,
    ) -> Result<(), EngineError> {
        self.change_consumer(consumer, |known| known.solicited.retain(|known| !known.is_of(text)))
            .await
    }

    /// Enters that the opt-in text was shown. `None` if it was before.
    pub(super) async fn opt_in_text_shown(
        &self,
        text: &OutgoingText,
    ) -> Result<Option<ConsumerWrite>, EngineError> {
        let (consumer, center) = (text.line.consumer, self.center());
        let membership = center.membership(text.line.number);
        let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
        if !membership.consent(&value).opt_in_text_due() {
            return Ok(None);
        }
        let entry = Entry {
            at: self.now(),
            act: Act::OptInTextShown,
            wording: text.body.clone(),
            evidence: text.id.message.as_str().into(),
        };
        let salt = self.salts.next();
        let entries = vec![value.ledger.enter(consumer, &membership.programme, entry, salt)];
        Ok(Some(ConsumerWrite { entries, ..ConsumerWrite::new(consumer, expected, value) }))
    }

    pub(super) async fn change_consumer(
        &self,
        consumer: PhoneNumber,
        change: impl Fn(&mut Consumer) + Send + Sync,
    ) -> Result<(), EngineError> {
        let change = &change;
        retried(|| async move {
            let (expected, mut value) = self.parts.store.consumer(&self.id, consumer).await?;
            change(&mut value);
            self.write_consumer(consumer, expected, value).await
        })
        .await
    }

    /// Writes what is known of a consumer beside the ledger.
    async fn write_consumer(
        &self,
        consumer: PhoneNumber,
        expected: Version,
        value: Consumer,
    ) -> Result<(), EngineError> {
        self.write_consumers(vec![ConsumerWrite::new(consumer, expected, value)]).await
    }

    pub(super) async fn write_consumers(
        &self,
        consumers: Vec<ConsumerWrite>,
    ) -> Result<(), EngineError> {
        // Without an inbound message there is no duplicate.
        let _ = self.commit(Commit { consumers, ..Commit::default() }).await?;
        Ok(())
    }

    /// Asks whose network a consumer is on, where a limit goes by it and nobody was asked lately: the gate goes by what is remembered.
    /// Who is not known may be anybody's, so that every carrier's limit holds.
    pub(super) async fn ask_carrier(&self, line: Line) -> Result<(), EngineError> {
        let Some(lookup) = &self.parts.carriers else { return Ok(()) };
        if !self.center().compliance.has_number(line.number) {
            return Ok(());
        }
        let asked = self.now();
        let (_, known) = self.parts.store.find(&self.id, line).await?.known.consumer;
        let holds = |answer: CarrierAnswer| {
            let so_long = if answer.carrier.is_some() { CARRIER_KNOWN } else { CARRIER_UNKNOWN };
            answer.asked + so_long > asked
        };
        if known.carrier.is_some_and(holds) {
            return Ok(());
        }
        // Who cannot be reached now is asked with the next text.
        let Ok(carrier) = lookup.carrier(line.consumer).await else { return Ok(()) };
        let answer = CarrierAnswer { carrier, asked };
        self.change_consumer(line.consumer, |known| known.carrier = Some(answer)).await
    }
}

/// Whether a history has an entry of a list already: all but when it was entered, and with which file, is the same. An entry whose
/// wording and evidence were erased is the same act of the same moment: they do not come back with the list.
fn has(history: &History, entry: &Entry) -> bool {
    history.links.iter().map(|link| &link.entry).any(|stored| {
        let erased = stored.wording.is_empty() && stored.evidence.is_empty();
        let says_the_same =
            stored.wording == entry.wording && stored.evidence.is_same(&entry.evidence);
        stored.act == entry.act && (erased || says_the_same)
    })
}
