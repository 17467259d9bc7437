//! The proof that an entry stands at its place, from the leaves and the nodes that are kept.

use std::ops::Range;

use frontdesk_tendlc::{Digest, Inclusion, KEPT_EVERY, SealTree, SignedHead};
use frontdesk_types::CenterId;

use super::sealer::{NODES, node_key};
use crate::{
    EngineError,
    store::{Store, StoreError},
};

/// A head against the tree that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// It has more entries than the tree.
    Ahead,
    /// It has another root than the first entries.
    Other,
    /// It has the root of the first entries.
    Same,
}

/// Reads what proofs are made of.
pub(crate) struct Prover<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) center: &'a CenterId,
}

impl Prover<'_> {
    /// A head against a tree of so many places.
    pub(super) async fn compare(
        &self,
        head: &SignedHead,
        places: u64,
    ) -> Result<Compared, EngineError> {
        let head = head.head();
        if head.size > places {
            return Ok(Compared::Ahead);
        }
        let root = self.root(0..head.size).await?;
        Ok(if root == Some(head.root) { Compared::Same } else { Compared::Other })
    }

    /// The proof that a place belongs to the first `size` of them: it reads at most 512 digests for each level of kept nodes. `None`
    /// where a place or a node that it needs is gone.
    pub(crate) async fn inclusion(
        &self,
        sequence: u64,
        size: u64,
    ) -> Result<Option<Inclusion>, EngineError> {
        let mut path = Vec::new();
        for subtree in Inclusion::subtrees(sequence, size) {
            let Some(root) = self.root(subtree).await? else { return Ok(None) };
            path.push(root);
        }
        Ok(Some(Inclusion { sequence, size, path }))
    }

    /// The root over a part of the sequence that begins where a subtree of its size may; `None` where something of it is gone.
    async fn root(&self, part: Range<u64>) -> Result<Option<Digest>, EngineError> {
        let mut tree = SealTree::default();
        let mut at = part.start;
        while at < part.end {
            let height = highest(at, part.end - at);
            let pushed = if height == 0 {
                let stretch = (part.end - at).min(1 << KEPT_EVERY);
                let limit = usize::try_from(stretch).unwrap_or(usize::MAX);
                let seals = self.store.seals(self.center, at, limit).await?;
                if seals.len() < limit {
                    return Ok(None);
                }
                for seal in &seals {
                    let _ = tree.push(seal.entry.leaf());
                }
                at += stretch;
                continue;
            } else {
                let Some(node) = self.node(height, at >> height).await? else { return Ok(None) };
                tree.push_subtree(height, node)
            };
            pushed.map_err(StoreError::backend)?;
            at += 1 << height;
        }
        Ok(Some(tree.root()))
    }

    async fn node(&self, height: u32, index: u64) -> Result<Option<Digest>, EngineError> {
        let item = self.store.item(self.center, NODES, &node_key(height, index)).await?;
        Ok(item.and_then(|item| item.read().ok()))
    }
}

/// The height of the largest kept node that begins at a place and has at most so many leaves; 0 where there is none.
fn highest(at: u64, leaves: u64) -> u32 {
    let fits = leaves.checked_ilog2().unwrap_or(0);
    let begins = if at == 0 { fits } else { at.trailing_zeros() };
    let height = fits.min(begins);
    height - height % KEPT_EVERY
}
