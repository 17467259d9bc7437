//! The seal of a center's ledger (DLC-3): one sequence over all entries of all consumers, as a Merkle tree, whose head is signed and
//! given to others. A head that somebody else keeps tells whether any entry before it was changed, taken away, or put in later.

mod heads_file;
mod inclusion;
mod note;
mod proven;
mod receipt;
#[cfg(test)]
mod tests;
mod tree;

pub use heads_file::HeadsFileError;
pub use inclusion::Inclusion;
pub use note::{
    HeadKey, HeadVerifier, LONGEST_HEAD, LONGEST_NAME, LedgerHead, NoteError, SignedHead,
};
pub use proven::{
    AnswerCheck, CheckedAnswer, Doubt, DoubtFinding, HeadFault, KnownDifference, ProvenHead,
};
pub use receipt::{Anchored, AnchoredHead, Base64, EntrySeal, LONGEST_RECEIPT, Receipt};
pub use tree::{KEPT_EVERY, Misplaced, SealNode, SealTree, seal_leaf};
