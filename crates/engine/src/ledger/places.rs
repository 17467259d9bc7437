//! The proof that an entry stands at its place, from the leaves and the nodes that are kept.

use std::{collections::BTreeMap, ops::Range};

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

/// Leaves between two of the lowest kept nodes.
const BLOCK: u64 = 1 << KEPT_EVERY;
/// Blocks of leaves that are kept in memory: 32 MiB.
const MOST_BLOCKS: usize = 4_096;
/// Nodes that are kept in memory.
const MOST_NODES: usize = 65_536;

/// Reads what proofs are made of. It keeps what it has read: the proofs of a list need the same leaves and nodes again and again.
pub(crate) struct Prover<'a> {
    store: &'a dyn Store,
    center: &'a CenterId,
    /// Leaves, by the number of their block. The last block may have more of them in the store by now.
    blocks: BTreeMap<u64, Vec<Digest>>,
    nodes: BTreeMap<(u32, u64), Digest>,
}

impl<'a> Prover<'a> {
    pub(crate) fn new(store: &'a dyn Store, center: &'a CenterId) -> Self {
        Self { store, center, blocks: BTreeMap::new(), nodes: BTreeMap::new() }
    }

    /// A head against a tree of so many places.
    pub(super) async fn compare(
        &mut self,
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

    /// The proof that a place belongs to the first `size` of them: it reads at most 256 digests for each level of kept nodes, and once those of a block. `None`
    /// where a place or a node that it needs is gone.
    pub(crate) async fn inclusion(
        &mut self,
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
    async fn root(&mut self, part: Range<u64>) -> Result<Option<Digest>, EngineError> {
        let mut tree = SealTree::default();
        let mut at = part.start;
        while at < part.end {
            let height = highest(at, part.end - at);
            let pushed = if height == 0 {
                // Such a part never goes beyond its block.
                let end = part.end.min(at + BLOCK);
                let Some(leaves) = self.leaves(at..end).await? else { return Ok(None) };
                for leaf in leaves {
                    let _ = tree.push(*leaf);
                }
                at = end;
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

    /// The leaves of a part of a block; `None` where one of them is gone.
    async fn leaves(&mut self, part: Range<u64>) -> Result<Option<&[Digest]>, EngineError> {
        let block = part.start / BLOCK;
        let within = |at: u64| usize::try_from(at - block * BLOCK).unwrap_or(usize::MAX);
        let (from, to) = (within(part.start), within(part.end));
        if self.blocks.get(&block).is_none_or(|leaves| leaves.len() < to) {
            let limit = usize::try_from(BLOCK).unwrap_or(usize::MAX);
            let seals = self.store.seals(self.center, block * BLOCK, limit).await?;
            let leaves = seals.iter().map(|seal| seal.entry.leaf()).collect();
            if self.blocks.len() >= MOST_BLOCKS {
                self.blocks.clear();
            }
            self.blocks.insert(block, leaves);
        }
        Ok(self.blocks.get(&block).and_then(|leaves| leaves.get(from..to)))
    }

    async fn node(&mut self, height: u32, index: u64) -> Result<Option<Digest>, EngineError> {
        if let Some(node) = self.nodes.get(&(height, index)) {
            return Ok(Some(*node));
        }
        let item = self.store.item(self.center, NODES, &node_key(height, index)).await?;
        let node = item.and_then(|item| item.read().ok());
        if let Some(node) = node {
            if self.nodes.len() >= MOST_NODES {
                self.nodes.clear();
            }
            self.nodes.insert((height, index), node);
        }
        Ok(node)
    }
}

/// The height of the largest kept node that begins at a place and has at most so many leaves; 0 where there is none.
fn highest(at: u64, leaves: u64) -> u32 {
    let fits = leaves.checked_ilog2().unwrap_or(0);
    let begins = if at == 0 { fits } else { at.trailing_zeros() };
    let height = fits.min(begins);
    height - height % KEPT_EVERY
}
