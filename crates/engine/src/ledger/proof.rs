//! The proof of a history, with the places of its entries.

use std::collections::BTreeMap;

use frontdesk_tendlc::{AnchoredHead, EntrySeal, LedgerKey, Proof};
use frontdesk_types::CenterId;

use super::{kept_heads, places::Prover};
use crate::{EngineError, store::Store};

/// A proof with the places of its entries in the center's sequence, and the heads that prove them: for each entry the first head
/// that an anchor has, or else the first of all.
pub(crate) async fn sealed_proof(
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
