//! The proof of a history, with the places of its entries.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_tendlc::{
    AnchoredHead, ConsumerLedger, Doubt, DoubtFinding, EntrySeal, HeadFault, Inclusion, LedgerKey,
    Programme, Proof, ProvenHead, seal_leaf,
};
use frontdesk_types::{Instant, PhoneNumber};

use super::{
    checks::HeadChecks,
    confirmations::confirmations,
    kept::is_out_of_retention,
    kept_heads,
    places::{Compared, Prover},
    sealer::Sealer,
};
use crate::{
    Center, EngineError, Heads, LedgerError, elsewhere::with_revocation_elsewhere, store::Store,
};

/// Makes proofs of consent. Heads and the answers of anchors are read once, and checked where a proof rests on them: signatures by
/// the known keys, answers by their anchors, roots by the tree that is kept.
pub struct ConsentProofs<'a> {
    store: &'a dyn Store,
    center: &'a Center,
    checks: HeadChecks<'a>,
    prover: Prover<'a>,
    /// The heads, the oldest first.
    kept: Vec<AnchoredHead>,
    /// The heads that were checked, by their places among those.
    checked: BTreeMap<usize, ProvenHead>,
    /// Doubts about the ledger as a whole.
    doubts: Vec<Doubt>,
    /// The number of places.
    size: u64,
    now: Instant,
}

/// The center, and the number of heads.
impl std::fmt::Debug for ConsentProofs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (center, heads) = (self.center.id(), self.kept.len());
        f.debug_struct("ConsentProofs").field("center", center).field("heads", &heads).finish()
    }
}

impl<'a> ConsentProofs<'a> {
    /// Reads the heads, and asks the anchors that give theirs back.
    ///
    /// # Errors
    ///
    /// [`EngineError::Store`] where the store cannot be read.
    pub async fn open(
        store: &'a dyn Store,
        center: &'a Center,
        heads: &'a Heads,
        now: Instant,
    ) -> Result<Self, EngineError> {
        let checks = HeadChecks::open(heads).await;
        let (mut kept, mut doubts) = (Vec::new(), Vec::new());
        for head in kept_heads(store, center.id()).await? {
            match head {
                Ok(head) => kept.push(head),
                Err(what) => {
                    doubts.push(Doubt { finding: DoubtFinding::Unreadable { what }, known: None });
                }
            }
        }
        let (_, tree) = Sealer { store, center: center.id(), heads }.tree().await?;
        let (checked, size) = (BTreeMap::new(), tree.size());
        let prover = Prover::new(store, center.id());
        let mut proofs = Self { store, center, checks, prover, kept, checked, doubts, size, now };
        proofs.compare().await?;
        Ok(proofs)
    }

    /// Everything that the ledger has of one consumer, proven programme by programme (DLC-3); with `programme` only what tells
    /// what holds for it. Empty if nothing was ever entered. A history that is not what was entered has its error instead of a
    /// proof.
    ///
    /// # Errors
    ///
    /// [`EngineError::Store`] where the consumer cannot be read.
    pub async fn of(
        &mut self,
        consumer: PhoneNumber,
        programme: Option<&Programme>,
    ) -> Result<Vec<Result<Proof, EngineError>>, EngineError> {
        let (store, center) = (self.store, self.center);
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
            proofs.extend(self.one(key, &ledger).await.transpose());
        }
        Ok(proofs)
    }

    /// The proof of one history; `None` where there is none.
    async fn one(
        &mut self,
        key: LedgerKey,
        ledger: &ConsumerLedger,
    ) -> Result<Option<Proof>, EngineError> {
        let Some((head, history)) = self.store.history(self.center.id(), &key).await? else {
            return Ok(None);
        };
        let sender = self.center.compliance.sender(&key.programme);
        let proof = Proof::of(&history, head, sender, self.now)
            .map_err(|error| LedgerError::Broken { programme: key.programme.clone(), error })?;
        let proof = proof.clocked(self.center.facts());
        let news = confirmations(self.store, self.center, &proof).await?;
        let proof = proof.confirmed(news);
        let proof = with_revocation_elsewhere(self.store, self.center, ledger, proof).await?;
        self.sealed(&key, proof).await.map(Some)
    }

    /// The heads that anchors give back, against the tree that is kept.
    async fn compare(&mut self) -> Result<(), EngineError> {
        let kept: BTreeSet<String> = self.kept.iter().map(|kept| kept.head.to_string()).collect();
        let mut found = Vec::new();
        for (anchor, given) in self.checks.given() {
            let anchor = anchor.to_owned();
            let given = match given {
                Ok(given) => given,
                Err(error) => {
                    let error = error.to_string();
                    found.push((None, DoubtFinding::Unasked { anchor, error }));
                    continue;
                }
            };
            for head in given.heads.iter().filter(|head| !kept.contains(&head.to_string())) {
                let size = head.head().size;
                match self.prover.compare(head, self.size).await? {
                    Compared::Same => {}
                    Compared::Ahead => {
                        let anchor = anchor.clone();
                        found.push((Some(size), DoubtFinding::Ahead { anchor, size }));
                    }
                    Compared::Other => {
                        let anchor = anchor.clone();
                        found.push((Some(size), DoubtFinding::Elsewise { anchor, size }));
                    }
                }
            }
        }
        let doubts = found.into_iter().take(MOST_DOUBTS).map(|(size, finding)| {
            let known = size.and_then(|size| self.checks.known(size)).cloned();
            Doubt { finding, known }
        });
        self.doubts.extend(doubts);
        Ok(())
    }

    /// Checks a head, and tells whether an anchor has it.
    async fn is_anchored(&mut self, at: usize) -> Result<bool, EngineError> {
        if let Some(head) = self.checked.get(&at) {
            return Ok(head.is_anchored());
        }
        let Some(kept) = self.kept.get(at) else { return Ok(false) };
        let mut before = self.kept.iter().take(at);
        let signed_before = before.any(|kept| !self.checks.signed_by(&kept.head).is_empty());
        let mut proven = self.checks.check(kept, signed_before).await;
        if self.prover.compare(&kept.head, self.size).await? != Compared::Same {
            proven.faults.push(HeadFault::Root);
        }
        Ok(self.checked.entry(at).or_insert(proven).is_anchored())
    }

    /// The first head over a place that an anchor has by a check; the first with an answer, or of all, where no anchor has one. The
    /// first with an answer is shown in any case.
    async fn over(&mut self, sequence: u64) -> Result<(Option<usize>, Option<usize>), EngineError> {
        let first = self.kept.partition_point(|kept| kept.head.head().size <= sequence);
        let end = self.kept.len().min(first.saturating_add(MOST_TRIED));
        let mut answered = None;
        for at in first..end {
            if self.is_anchored(at).await? {
                return Ok((answered, Some(at)));
            }
            let has_answer = self.kept.get(at).is_some_and(|kept| !kept.anchors.is_empty());
            answered = answered.or(has_answer.then_some(at));
        }
        Ok((None, answered.or((first < end).then_some(first))))
    }

    /// The newest head before a place that an anchor has by a check.
    async fn before(&mut self, sequence: u64) -> Result<Option<usize>, EngineError> {
        let end = self.kept.partition_point(|kept| kept.head.head().size <= sequence);
        for at in (0..end).rev().take(MOST_TRIED) {
            if self.is_anchored(at).await? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Whether retention may have dropped entries: a head is older than every retention. Without heads nobody knows.
    fn may_be_dropped(&self) -> bool {
        self.kept.first().is_none_or(|head| is_out_of_retention(head, self.now))
    }

    /// A proof with the places of its entries in the center's sequence, and the heads that prove them.
    async fn sealed(&mut self, key: &LedgerKey, proof: Proof) -> Result<Proof, EngineError> {
        let (mut seals, mut used, mut doubts) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        for (number, sequence) in self.store.sequences(self.center.id(), key).await? {
            let (refused, over) = self.over(sequence).await?;
            let Some(head) = over.and_then(|at| self.kept.get(at)) else { continue };
            let (size, root) = (head.head.head().size, head.head.head().root);
            let before = self.before(sequence).await?;
            let after = before.and_then(|at| self.kept.get(at)).map(|kept| kept.head.head().size);
            used.extend(refused.into_iter().chain(before).chain(over));
            let entry = proof.history.iter().find(|entry| entry.number == number);
            let leaf = entry.map(|entry| seal_leaf(key, number, &entry.digest));
            let inclusion = self.prover.inclusion(sequence, size).await?;
            let proves =
                |inclusion: &Inclusion| leaf.is_some_and(|leaf| inclusion.proves(leaf, root));
            match inclusion {
                Some(inclusion) if proves(&inclusion) => {
                    seals.insert(number, EntrySeal::new(inclusion, after));
                }
                _ => doubts.push(Doubt { finding: DoubtFinding::Place { number }, known: None }),
            }
        }
        let entries = proof.before.entries;
        if entries > 0 && !self.may_be_dropped() {
            doubts.push(Doubt { finding: DoubtFinding::Gone { entries }, known: None });
        }
        let heads = used.iter().filter_map(|at| self.checked.get(at).cloned()).collect();
        doubts.extend(self.doubts.iter().cloned());
        Ok(proof.sealed(seals, heads, doubts))
    }
}

/// Doubts of a proof that are told one by one.
const MOST_DOUBTS: usize = 16;
/// Heads that are tried for one entry until an anchor has one.
const MOST_TRIED: usize = 512;
