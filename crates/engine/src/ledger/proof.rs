//! The proof of a history, with the places of its entries.

use std::{collections::BTreeMap, ops::Range};

use frontdesk_tendlc::{AnchoredHead, EntrySeal, LedgerKey, Programme, Proof};
use frontdesk_types::{CenterId, Instant, PhoneNumber};

use super::{kept_heads, places::Prover};
use crate::{Center, EngineError, LedgerError, elsewhere::with_revocation_elsewhere, store::Store};

/// Everything that the ledger has of one consumer, proven programme by programme (DLC-3); with `programme` only what tells
/// what holds for it. Empty if nothing was ever entered.
///
/// # Errors
///
/// [`LedgerError::Broken`] where a history is not what was entered; [`EngineError::Store`] where the store cannot be read.
pub async fn consent_proofs(
    store: &dyn Store,
    center: &Center,
    consumer: PhoneNumber,
    programme: Option<&Programme>,
    now: Instant,
) -> Result<Vec<Proof>, EngineError> {
    let ledger = store.consumer(center.id(), consumer).await?.1.ledger;
    let names: Vec<Programme> = match programme {
        None => ledger.accounts().map(|(name, _)| name.clone()).collect(),
        Some(programme) => {
            let joined = &center.compliance.membership_named(programme).joined;
            ledger.of(programme, joined).map(|(name, _)| name.clone()).collect()
        }
    };
    let mut proofs = Vec::new();
    for programme in names {
        let key = LedgerKey { consumer, programme };
        let Some((head, history)) = store.history(center.id(), &key).await? else { continue };
        let sender = center.compliance.sender(&key.programme);
        let proof = Proof::of(&history, head, sender, now)
            .map_err(|error| LedgerError::Broken { programme: key.programme.clone(), error })?;
        let proof = proof.clocked(center.facts());
        let proof = with_revocation_elsewhere(store, center, &ledger, proof).await?;
        proofs.push(sealed(store, center.id(), &key, proof).await?);
    }
    Ok(proofs)
}

/// The consumers with an entry of a period, its end not included, in the order of their numbers.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read.
pub async fn consumers_entered(
    store: &dyn Store,
    center: &CenterId,
    period: Range<Instant>,
) -> Result<Vec<PhoneNumber>, EngineError> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = store.consumers(center, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after = Some(*last);
        for (consumer, known) in page {
            let mut is_in = false;
            for (programme, _) in known.ledger.accounts() {
                let key = LedgerKey { consumer, programme: programme.clone() };
                let history = store.history(center, &key).await?;
                let links = history.iter().flat_map(|(_, history)| &history.links);
                is_in |= links.map(|link| link.entry.at).any(|at| period.contains(&at));
            }
            if is_in {
                found.push(consumer);
            }
        }
    }
}

/// Consumers that are read at a time.
const PAGE: usize = 500;

/// A proof with the places of its entries in the center's sequence, and the heads that prove them: for each entry the first head
/// that an anchor has, or else the first of all.
async fn sealed(
    store: &dyn Store,
    center: &CenterId,
    key: &LedgerKey,
    proof: Proof,
) -> Result<Proof, EngineError> {
    let heads: Vec<AnchoredHead> = kept_heads(store, center).await?.into_iter().flatten().collect();
    let size = |head: &AnchoredHead| head.head.head().size;
    let is_anchored = |head: &&AnchoredHead| !head.anchors.is_empty();
    let prover = Prover { store, center };
    let (mut seals, mut used) = (BTreeMap::new(), BTreeMap::new());
    for (number, sequence) in store.sequences(center, key).await? {
        let (before, covering) =
            heads.split_at(heads.partition_point(|head| size(head) <= sequence));
        let anchored = covering.iter().find(is_anchored);
        let Some(head) = anchored.or(covering.first()) else { continue };
        let after = before.iter().rev().find(is_anchored);
        let inclusion = prover.inclusion(sequence, size(head)).await?;
        for head in after.into_iter().chain([head]) {
            used.insert(size(head), head.clone());
        }
        seals.insert(number, EntrySeal { inclusion, after: after.map(size) });
    }
    Ok(proof.sealed(seals, used.into_values().collect()))
}
