use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::tree::node;
use crate::Digest;

/// The proof that a leaf stands at its place in a tree (RFC 9162, 2.1.3): with the leaf it leads to the root, and with no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inclusion {
    /// The place of the leaf, from 0.
    pub sequence: u64,
    /// The number of leaves of the tree.
    pub size: u64,
    /// The roots of the subtrees beside the way from the leaf to the root, the lowest first.
    pub path: Vec<Digest>,
}

impl Inclusion {
    /// The subtrees that the path of a leaf is made of, by their leaves, the lowest first. Empty where the tree has no such leaf.
    pub fn subtrees(sequence: u64, size: u64) -> Vec<Range<u64>> {
        let mut subtrees = Vec::new();
        if sequence >= size {
            return subtrees;
        }
        let mut around = 0..size;
        while around.end - around.start > 1 {
            let middle = around.start + half(around.end - around.start);
            if sequence < middle {
                subtrees.push(middle..around.end);
                around.end = middle;
            } else {
                subtrees.push(around.start..middle);
                around.start = middle;
            }
        }
        subtrees.reverse();
        subtrees
    }

    /// Whether a leaf, at its place, belongs to the tree with a root.
    pub fn proves(&self, leaf: Digest, root: Digest) -> bool {
        let subtrees = Self::subtrees(self.sequence, self.size);
        if self.sequence >= self.size || subtrees.len() != self.path.len() {
            return false;
        }
        let beside = subtrees.iter().zip(&self.path);
        let seen = beside.fold(leaf, |seen, (subtree, beside)| {
            if subtree.start > self.sequence { node(&seen, beside) } else { node(beside, &seen) }
        });
        seen == root
    }
}

/// The largest power of two that is smaller than a number of leaves, of at least two.
fn half(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}
