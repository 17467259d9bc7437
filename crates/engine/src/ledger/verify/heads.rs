//! The heads by their signatures, and by those who have them.

use std::collections::BTreeSet;

use frontdesk_tendlc::AnchoredHead;

use super::{CLOCKS, Look};
use crate::{
    AnchorReport, Coverage, EngineError, HeadReport, LedgerProblem,
    ledger::{kept_heads, sealer::LastHead},
};

impl Look<'_> {
    pub(super) async fn heads(&mut self) -> Result<(), EngineError> {
        let keys = self.settings.verifiers();
        let (mut covered, mut signed_before) = (0, false);
        for AnchoredHead { head, anchors } in std::mem::take(&mut self.kept) {
            let (size, at) = (head.head().size, head.head().at);
            let signed_by: Vec<String> = keys
                .iter()
                .filter(|key| key.verifies(&head))
                .map(|key| key.name().to_owned())
                .collect();
            // Heads from before there was a key have none.
            if signed_by.is_empty() && (signed_before || head.signers().next().is_some()) {
                self.report.add(LedgerProblem::Signature { size });
            }
            signed_before |= !signed_by.is_empty();
            let mut reports = Vec::new();
            for kept in &anchors {
                let name = kept.anchor.clone();
                let Some(anchor) = self.settings.anchor(&name) else {
                    reports.push(AnchorReport { name, at: kept.at, checked: false });
                    continue;
                };
                match anchor.check(&head, &kept.receipt).await {
                    Ok(stamp) => {
                        if let Some(stamp) = stamp.filter(|stamp| *stamp + CLOCKS < at) {
                            let (anchor, at) = (name.clone(), at);
                            self.report.add(LedgerProblem::Clocks { size, anchor, stamp, at });
                        }
                        reports.push(AnchorReport { name, at: stamp, checked: true });
                    }
                    Err(error) => {
                        let error = error.to_string();
                        self.report.add(LedgerProblem::Anchor { size, anchor: name, error });
                    }
                }
            }
            if !reports.is_empty() && size > covered {
                let anchors = reports.iter().map(|anchor| anchor.name.clone()).collect();
                let coverage = Coverage { from: covered + 1, to: size, head: Some(size), anchors };
                self.report.coverage.push(coverage);
                covered = size;
            }
            self.report.heads.push(HeadReport { size, at, signed_by, anchors: reports });
        }
        if self.report.sealed > covered {
            let (from, to) = (covered + 1, self.report.sealed);
            let (head, anchors) = (None, Vec::new());
            self.report.coverage.push(Coverage { from, to, head, anchors });
        }
        self.given_back().await
    }

    /// The heads that anchors give back, against those that are kept: of each size there is one.
    async fn given_back(&mut self) -> Result<(), EngineError> {
        let sizes: BTreeSet<u64> = self.report.heads.iter().map(|head| head.size).collect();
        let last = self.sealer().last_head().await;
        let kept = kept_heads(self.store, self.center).await?;
        let kept: Vec<AnchoredHead> = kept.into_iter().flatten().collect();
        let is_last = |LastHead { size, at }: LastHead| {
            let head = kept.iter().find(|kept| kept.head.head().size == size);
            head.is_some_and(|kept| kept.head.head().at == at)
        };
        let is_kept = match &last {
            Ok((_, last)) => last.map_or(kept.is_empty(), is_last),
            Err(_) => false,
        };
        if !is_kept {
            self.report.add(LedgerProblem::Node { node: "the last head".into() });
        }
        for anchor in &self.settings.anchors {
            let given = match anchor.heads().await {
                Ok(given) => given,
                Err(error) => {
                    let (anchor, error) = (anchor.name().to_owned(), error.to_string());
                    self.report.add(LedgerProblem::Anchor { size: self.size, anchor, error });
                    continue;
                }
            };
            for head in given {
                let size = head.head().size;
                let is_kept = kept.iter().any(|kept| kept.head == head);
                if !is_kept && (size <= self.size || !sizes.contains(&size)) {
                    let anchor = anchor.name().to_owned();
                    self.report.add(LedgerProblem::AnchoredElsewise { size, anchor });
                }
            }
        }
        Ok(())
    }
}
