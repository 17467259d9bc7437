//! The proof that an entry stands at its place, from the leaves and the nodes that are kept.

use std::ops::Range;

use frontdesk_tendlc::{Digest, Inclusion, KEPT_EVERY, SealTree};
use frontdesk_types::CenterId;

use super::sealer::{NODES, node_key};
use crate::{
    EngineError,
    store::{Store, StoreError},
};

/// Reads what proofs are made of.
pub(crate) struct Prover<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) center: &'a CenterId,
}

impl Prover<'_> {
    /// The proof that a place belongs to the first `size` of them: it reads at most 512 digests for each level of kept nodes.
    pub(crate) async fn inclusion(
        &self,
        sequence: u64,
        size: u64,
    ) -> Result<Inclusion, EngineError> {
        let mut path = Vec::new();
        for subtree in Inclusion::subtrees(sequence, size) {
            path.push(self.root(subtree).await?);
        }
        Ok(Inclusion { sequence, size, path })
    }

    /// The root over a part of the sequence that begins where a subtree of its size may.
    async fn root(&self, part: Range<u64>) -> Result<Digest, EngineError> {
        let mut tree = SealTree::default();
        let mut at = part.start;
        while at < part.end {
            let height = highest(at, part.end - at);
            let pushed = if height == 0 {
                let stretch = (part.end - at).min(1 << KEPT_EVERY);
                let limit = usize::try_from(stretch).unwrap_or(usize::MAX);
                let seals = self.store.seals(self.center, at, limit).await?;
                if seals.len() < limit {
                    return Err(gone(at).into());
                }
                for seal in &seals {
                    let _ = tree.push(seal.entry.leaf());
                }
                at += stretch;
                continue;
            } else {
                tree.push_subtree(height, self.node(height, at >> height).await?)
            };
            pushed.map_err(StoreError::backend)?;
            at += 1 << height;
        }
        Ok(tree.root())
    }

    async fn node(&self, height: u32, index: u64) -> Result<Digest, EngineError> {
        let item = self.store.item(self.center, NODES, &node_key(height, index)).await?;
        let item = item.ok_or_else(|| gone(index << height))?;
        Ok(item.read()?)
    }
}

/// The height of the largest kept node that begins at a place and has at most so many leaves; 0 where there is none.
fn highest(at: u64, leaves: u64) -> u32 {
    let fits = leaves.checked_ilog2().unwrap_or(0);
    let begins = if at == 0 { fits } else { at.trailing_zeros() };
    let height = fits.min(begins);
    height - height % KEPT_EVERY
}

fn gone(place: u64) -> StoreError {
    StoreError::Backend(format!("place {place} of the ledger's sequence is gone").into())
}
