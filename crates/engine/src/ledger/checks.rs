//! Heads and the answers of anchors, each with its check: for a look at the ledger, and for proofs.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_tendlc::{
    AnchoredHead, AnswerCheck, CheckedAnswer, HeadFault, HeadVerifier, KnownDifference, ProvenHead,
    Receipt, SignedHead,
};

use crate::{Anchor, AnchorError, AnchorEvidence, Heads};

/// Checks heads by the keys and the anchors of a host. Anchors that give their heads back are asked once.
pub(crate) struct HeadChecks<'a> {
    settings: &'a Heads,
    keys: Vec<HeadVerifier>,
    given: BTreeMap<&'a str, Result<GivenHeads, AnchorError>>,
}

/// The heads that an anchor gives back.
pub(crate) struct GivenHeads {
    pub(crate) heads: Vec<SignedHead>,
    texts: BTreeSet<String>,
}

impl GivenHeads {
    pub(crate) fn has(&self, head: &SignedHead) -> bool {
        self.texts.contains(&head.to_string())
    }
}

impl<'a> HeadChecks<'a> {
    /// Asks the anchors. This comes before the store is read: whatever an anchor has then, the store has, too.
    pub(crate) async fn open(settings: &'a Heads) -> Self {
        let mut given = BTreeMap::new();
        for anchor in &settings.anchors {
            if anchor.evidence() == AnchorEvidence::Heads {
                let heads = anchor.heads().await.map(|heads| {
                    let texts = heads.iter().map(ToString::to_string).collect();
                    GivenHeads { heads, texts }
                });
                given.insert(anchor.name(), heads);
            }
        }
        Self { settings, keys: settings.verifiers(), given }
    }

    /// The anchors that give their heads back, with what they gave.
    pub(crate) fn given(
        &self,
    ) -> impl Iterator<Item = (&'a str, &Result<GivenHeads, AnchorError>)> {
        self.given.iter().map(|(name, given)| (*name, given))
    }

    /// The known keys with a good signature on a head.
    pub(crate) fn signed_by(&self, head: &SignedHead) -> Vec<String> {
        let signed = self.keys.iter().filter(|key| key.verifies(head));
        signed.map(|key| key.name().to_owned()).collect()
    }

    /// Whether signatures can be checked at all.
    pub(crate) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether an anchor gives its heads back, and could not be asked for them.
    pub(crate) fn is_unasked(&self, anchor: &str) -> bool {
        self.given.get(anchor).is_some_and(Result::is_err)
    }

    /// The operator's explanation of a difference of a head.
    pub(crate) fn known(&self, size: u64) -> Option<&'a KnownDifference> {
        self.settings.known.iter().find(|known| known.size == size)
    }

    /// A head by its signature and its anchors; its root is left to the caller. `signed_before` tells whether an older head has a
    /// good signature: heads from before there was a key have none.
    pub(crate) async fn check(&self, kept: &AnchoredHead, signed_before: bool) -> ProvenHead {
        let AnchoredHead { head, anchors } = kept;
        let signed_by = self.signed_by(head);
        let claims = signed_before || head.signers().next().is_some();
        let faults =
            if signed_by.is_empty() && claims { vec![HeadFault::Signature] } else { vec![] };
        let mut answers = Vec::new();
        for kept in anchors {
            let (check, at) = match self.settings.anchor(&kept.anchor) {
                None => (AnswerCheck::NotConfigured, None),
                Some(anchor) => self.answer(&**anchor, head, &kept.receipt).await,
            };
            let (anchor, receipt) = (kept.anchor.clone(), kept.receipt.clone());
            answers.push(CheckedAnswer {
                anchor,
                check,
                at,
                answered: Some(kept.answered),
                receipt,
            });
        }
        for (name, given) in self.given() {
            let is_known = answers.iter().any(|answer| answer.anchor == name);
            if !is_known && given.as_ref().is_ok_and(|given| given.has(head)) {
                let (anchor, check) = (name.to_owned(), AnswerCheck::Holds);
                let (at, answered, receipt) = (None, None, Receipt::default());
                answers.push(CheckedAnswer { anchor, check, at, answered, receipt });
            }
        }
        let known = self.known(head.head().size).cloned();
        ProvenHead { head: head.clone(), signed_by, faults, anchors: answers, known }
    }

    async fn answer(
        &self,
        anchor: &'a dyn Anchor,
        head: &SignedHead,
        receipt: &Receipt,
    ) -> (AnswerCheck, Option<frontdesk_types::Instant>) {
        let refused = |error: &AnchorError| AnswerCheck::Refused { error: error.to_string() };
        match (anchor.evidence(), self.given.get(anchor.name())) {
            (AnchorEvidence::Heads, Some(Ok(given))) if given.has(head) => {
                (AnswerCheck::Holds, None)
            }
            (AnchorEvidence::Heads, Some(Err(error))) => (refused(error), None),
            (AnchorEvidence::Heads, _) => {
                let error = "it does not have this head".to_owned();
                (AnswerCheck::Refused { error }, None)
            }
            (AnchorEvidence::Receipt, _) => match anchor.check(head, receipt).await {
                Ok(at) => (AnswerCheck::Holds, at),
                Err(error) => (refused(&error), None),
            },
            (AnchorEvidence::Word, _) => match anchor.check(head, receipt).await {
                Ok(_) => (AnswerCheck::Unprovable, None),
                Err(error) => (refused(&error), None),
            },
        }
    }
}
