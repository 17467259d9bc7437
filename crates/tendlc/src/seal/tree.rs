use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use smallvec::SmallVec;

use crate::{Digest, LedgerKey};

/// The Merkle tree over the entries of a center, in the order in which they were sealed: RFC 9162, section 2.1, with SHA-256.
///
/// It keeps the roots of its perfect subtrees alone, at most 64 digests. Whoever adds a leaf needs no other.
///
/// ```
/// use frontdesk_tendlc::{Digest, SealTree};
///
/// let mut tree = SealTree::default();
/// assert_eq!(tree.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// let leaf = Digest::of(b"\0one");
/// tree.push(leaf);
/// assert_eq!((tree.size(), tree.root()), (1, leaf));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SealTree {
    size: u64,
    /// The roots of the perfect subtrees, the largest first: one for each bit of the size that is set.
    peaks: Vec<Digest>,
}

/// The leaf that stands for an entry: the SHA-256 of a zero byte, and of `frontdesk consent entry`, the consumer, the programme, the
/// entry's number and its digest in hexadecimal digits, each on a line.
pub fn seal_leaf(key: &LedgerKey, number: u64, digest: &Digest) -> Digest {
    let LedgerKey { consumer, programme } = key;
    let text = format!("\0frontdesk consent entry\n{consumer}\n{programme}\n{number}\n{digest}");
    Digest::of(text.as_bytes())
}

/// The digest of a node over two others (RFC 9162, 2.1.1).
pub(super) fn node(left: &Digest, right: &Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left.as_bytes());
    hash.update(right.as_bytes());
    Digest::from(<[u8; 32]>::from(hash.finalize()))
}

/// So many levels of the tree lie between the nodes that are kept, beside the leaves: a proof reads at most 256 digests of each kept level.
pub const KEPT_EVERY: u32 = 8;

/// A node of the tree that is kept, so that a proof need not read every leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealNode {
    /// The logarithm of the number of its leaves: a multiple of [`KEPT_EVERY`], at least that.
    pub height: u32,
    /// Its place among the nodes of its height, from 0.
    pub index: u64,
    /// The root of the subtree.
    pub root: Digest,
}

impl SealTree {
    /// The number of its leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf at its end. The answer is the nodes to keep that it completed, the lowest first.
    pub fn push(&mut self, leaf: Digest) -> SmallVec<[SealNode; 1]> {
        let mut completed = SmallVec::new();
        // A leaf always has a place: nobody has 2^64 of them.
        let _ = self.add(0, leaf, |node| completed.push(node));
        completed
    }

    /// Adds a perfect subtree of `2^height` leaves at its end, by its root.
    ///
    /// # Errors
    ///
    /// [`Misplaced`] where the tree has no place for it: its size is no multiple of the subtree's, or would exceed [`u64::MAX`].
    pub fn push_subtree(&mut self, height: u32, root: Digest) -> Result<(), Misplaced> {
        self.add(height, root, |_| ())
    }

    fn add(
        &mut self,
        mut height: u32,
        mut root: Digest,
        mut completed: impl FnMut(SealNode),
    ) -> Result<(), Misplaced> {
        let misplaced = Misplaced { height, size: self.size };
        let leaves = 1_u64.checked_shl(height).ok_or(misplaced)?;
        let size = self.size.checked_add(leaves).ok_or(misplaced)?;
        if !self.size.is_multiple_of(leaves) {
            return Err(misplaced);
        }
        // Each bit of the size that is set has its peak.
        while size.trailing_zeros() > height
            && let Some(left) = self.peaks.pop()
        {
            root = node(&left, &root);
            height += 1;
            if height.is_multiple_of(KEPT_EVERY) {
                completed(SealNode { height, index: (size >> height) - 1, root });
            }
        }
        self.peaks.push(root);
        self.size = size;
        Ok(())
    }

    /// Its root (RFC 9162, 2.1.1); of a tree without leaves the SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        let peaks = self.peaks.iter().rev().copied();
        peaks.reduce(|right, left| node(&left, &right)).unwrap_or_else(|| Digest::of(b""))
    }
}

/// A subtree that has no place at the end of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a subtree of height {height} has no place after {size} leaves")]
pub struct Misplaced {
    /// The subtree's height.
    pub height: u32,
    /// The number of leaves before it.
    pub size: u64,
}
