//! Somebody outside who keeps the heads of the ledger, or puts a time to them (DLC-3).

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk_tendlc::{
    HeadKey, HeadVerifier, KnownDifference, LedgerHead, NoteError, Receipt, SignedHead,
};
use frontdesk_types::Instant;

/// Somebody to whom heads are given, where the operator of the database cannot reach them: a time-stamp authority (RFC 3161), a
/// service of somebody else, a disk of another machine. What is there already cannot be rewritten unseen.
///
/// [`MemoryAnchor`] keeps heads in memory.
#[async_trait]
pub trait Anchor: fmt::Debug + Send + Sync {
    /// Its name, which no other anchor of the host has. Receipts are kept under it.
    fn name(&self) -> &str;

    /// Gives a head to it. The same head may be given again.
    async fn anchor(&self, head: &SignedHead) -> Result<Receipt, AnchorError>;

    /// Checks a receipt: whether it is of this head, and of this anchor. The answer is the moment by which the anchor had the
    /// head, where it says one that can be checked.
    async fn check(
        &self,
        head: &SignedHead,
        receipt: &Receipt,
    ) -> Result<Option<Instant>, AnchorError>;

    /// The worth of its answers to somebody who looks at the ledger later; its word alone, unless it says more.
    fn evidence(&self) -> AnchorEvidence {
        AnchorEvidence::Word
    }

    /// The heads that it has and gives back, in the order in which it got them; empty where it gives none back.
    async fn heads(&self) -> Result<Vec<SignedHead>, AnchorError> {
        Ok(Vec::new())
    }
}

/// The worth of the kept answers of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnchorEvidence {
    /// It gives its heads back: it is asked for them.
    Heads,
    /// Its receipts prove themselves: a time-stamp.
    Receipt,
    /// Nothing of its answer can be checked here: only the anchor itself can tell which heads it has.
    Word,
}

/// Why an anchor did not take a head, or does not stand by a receipt, by what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// It may work later: the head is given again.
    #[error("the anchor cannot be reached: {reason}")]
    Unavailable {
        /// Why, without texts or numbers.
        reason: String,
        /// The anchor asked for a pause of so many seconds.
        retry_after: Option<u32>,
    },
    /// The anchor cannot be used with these settings: a wrong address, a certificate that is over. An operator must mend them; the
    /// head is given again until then.
    #[error("the anchor cannot be used with these settings: {reason}")]
    Misconfigured {
        /// Why, without texts or numbers.
        reason: String,
    },
    /// The receipt is not one of this head by this anchor.
    #[error("{reason}")]
    Mismatch {
        /// The mistake.
        reason: String,
    },
}

/// How the heads of the ledger are made, and to whom they are given (DLC-3).
#[derive(Debug, Clone)]
pub struct Heads {
    /// The ledger's name in its heads, which no other ledger has: `frontdesk.example.com/acme`. The center's id without one.
    pub origin: Option<String>,
    /// The key that signs heads; kept outside of the database. Heads are not signed without one.
    pub key: Option<Arc<HeadKey>>,
    /// Keys of before: heads that they signed are good.
    pub former_keys: Vec<HeadVerifier>,
    /// To whom heads are given.
    pub anchors: Vec<Arc<dyn Anchor>>,
    /// The time between two heads, if entries were sealed since.
    pub every: TimeDelta,
    /// Differences between the ledger and its heads that the operator has explained.
    pub known: Vec<KnownDifference>,
}

impl Default for Heads {
    /// Every hour, without a key, to nobody.
    fn default() -> Self {
        let (former_keys, anchors, known) = (Vec::new(), Vec::new(), Vec::new());
        let every = TimeDelta::hours(1);
        Self { origin: None, key: None, former_keys, anchors, every, known }
    }
}

impl Heads {
    /// Whether heads are made by themselves: somebody gets them, or they are signed.
    pub(crate) fn are_made(&self) -> bool {
        self.key.is_some() || !self.anchors.is_empty()
    }

    /// Every key whose signature is good.
    pub(crate) fn verifiers(&self) -> Vec<HeadVerifier> {
        let own = self.key.iter().map(|key| key.verifier());
        own.chain(self.former_keys.iter().cloned()).collect()
    }

    pub(crate) fn sign(&self, head: LedgerHead) -> Result<SignedHead, NoteError> {
        match &self.key {
            Some(key) => key.sign(head),
            None => head.unsigned(),
        }
    }

    pub(crate) fn anchor(&self, name: &str) -> Option<&Arc<dyn Anchor>> {
        self.anchors.iter().find(|anchor| anchor.name() == name)
    }
}

/// An anchor in memory: whoever holds it can ask it for every head that it was given. For tests and first steps.
#[derive(Debug, Default)]
pub struct MemoryAnchor {
    name: String,
    heads: Mutex<Vec<SignedHead>>,
}

impl MemoryAnchor {
    /// One that has no head yet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), heads: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<SignedHead>> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Anchor for MemoryAnchor {
    fn name(&self) -> &str {
        &self.name
    }

    async fn anchor(&self, head: &SignedHead) -> Result<Receipt, AnchorError> {
        let mut heads = self.kept();
        if !heads.contains(head) {
            heads.push(head.clone());
        }
        Ok(Receipt::default())
    }

    async fn check(&self, head: &SignedHead, _: &Receipt) -> Result<Option<Instant>, AnchorError> {
        if self.kept().contains(head) {
            return Ok(None);
        }
        Err(AnchorError::Mismatch { reason: "it was never given this head".into() })
    }

    fn evidence(&self) -> AnchorEvidence {
        AnchorEvidence::Heads
    }

    async fn heads(&self) -> Result<Vec<SignedHead>, AnchorError> {
        Ok(self.kept().clone())
    }
}
