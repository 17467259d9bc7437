//! The heads by their signatures, and by the kept answers of anchors.

use std::collections::BTreeMap;

use frontdesk_tendlc::{Anchored, AnchoredHead, AnswerCheck, CheckedAnswer, HeadFault, ProvenHead};

use super::{CLOCKS, Look};
use crate::{
    AnchorReport, Coverage, EngineError, HeadReport, LedgerNote, LedgerProblem, WitnessProblem,
    ledger::{kept_heads, sealer::LastHead},
};

impl Look<'_> {
    /// Each head by its signature, and each answer by its anchor.
    pub(super) async fn answers(&mut self) -> Result<(), EngineError> {
        let mut signed_before = false;
        let mut unsigned: Option<(u64, u64)> = None;
        for kept in std::mem::take(&mut self.kept) {
            let proven = self.checks.check(&kept, signed_before).await;
            let (size, at) = (kept.head.head().size, kept.head.head().at);
            if proven.faults.contains(&HeadFault::Signature) {
                self.report.add(LedgerProblem::Signature { size });
            } else if proven.signed_by.is_empty() && self.checks.has_keys() {
                unsigned = Some((unsigned.map_or(0, |(heads, _)| heads) + 1, size));
            }
            signed_before |= !proven.signed_by.is_empty();
            for answer in &proven.anchors {
                let stored = kept.anchors.iter().find(|kept| kept.anchor == answer.anchor);
                self.answer(&kept, answer, stored);
            }
            let anchors = proven.anchors.iter().filter_map(reported).collect();
            let signed_by = proven.signed_by.clone();
            self.report.heads.push(HeadReport { size, at, signed_by, anchors });
            self.proven.push(proven);
            self.kept.push(kept);
        }
        if let Some((heads, size)) = unsigned {
            self.report.note(LedgerNote::Unsigned { heads, size });
        }
        self.unchecked();
        Ok(())
    }

    /// One answer, and what is kept of it.
    fn answer(&mut self, head: &AnchoredHead, answer: &CheckedAnswer, stored: Option<&Anchored>) {
        let (size, at) = (head.head.head().size, head.head.head().at);
        let anchor = answer.anchor.clone();
        if let AnswerCheck::Refused { error } = &answer.check {
            if self.checks.is_unasked(&anchor) {
                // That is told once, and not with each head.
                return;
            }
            let error = error.clone();
            return self.tell(size, LedgerProblem::Anchor { size, anchor, error });
        }
        let Some(stored) = stored.filter(|_| answer.check == AnswerCheck::Holds) else { return };
        let (kept, proven, answered) = (stored.at, answer.at, stored.answered);
        if kept != proven {
            let anchor = anchor.clone();
            self.report.add(WitnessProblem::Moment { size, anchor, kept, proven }.into());
        }
        if answered + CLOCKS < at {
            let anchor = anchor.clone();
            self.tell(size, WitnessProblem::Premature { size, anchor, answered, at }.into());
        }
        match proven {
            Some(stamp) if stamp + CLOCKS < at => {
                self.tell(size, LedgerProblem::Clocks { size, anchor, stamp, at });
            }
            Some(stamp) if stamp > answered + CLOCKS => {
                let later = WitnessProblem::StampedLater { size, anchor, stamp, answered };
                self.tell(size, later.into());
            }
            _ => {}
        }
    }

    /// Answers that were not checked, by their anchors.
    fn unchecked(&mut self) {
        let mut unchecked: BTreeMap<(String, bool), (u64, u64)> = BTreeMap::new();
        for head in &self.proven {
            for answer in &head.anchors {
                let configured = match answer.check {
                    AnswerCheck::NotConfigured => false,
                    AnswerCheck::Unprovable => true,
                    AnswerCheck::Holds | AnswerCheck::Refused { .. } => continue,
                };
                let seen = unchecked.entry((answer.anchor.clone(), configured)).or_default();
                *seen = (seen.0 + 1, head.head.head().size);
            }
        }
        for ((anchor, configured), (heads, size)) in unchecked {
            self.report.note(LedgerNote::Unchecked { anchor, heads, size, configured });
        }
    }

    /// The entries that each anchored head covers, once the heads' roots are known.
    pub(super) async fn coverage(&mut self) -> Result<(), EngineError> {
        let mut covered = 0;
        for head in &self.proven {
            let size = head.head.head().size;
            let has_root = !self.report.problems.iter().any(
                |problem| matches!(problem, LedgerProblem::Head { size: other, .. } if *other == size),
            );
            if has_root && head.is_anchored() && size > covered {
                let anchors = holding(head);
                let coverage = Coverage { from: covered + 1, to: size, head: Some(size), anchors };
                self.report.coverage.push(coverage);
                covered = size;
            }
        }
        if self.report.sealed > covered {
            let (from, to) = (covered + 1, self.report.sealed);
            let (head, anchors) = (None, Vec::new());
            self.report.coverage.push(Coverage { from, to, head, anchors });
        }
        for note in self.moments.notes() {
            self.report.note(note);
        }
        self.last_head().await
    }

    /// The last head that the sealer knows of is the newest that is kept.
    async fn last_head(&mut self) -> Result<(), EngineError> {
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
        Ok(())
    }
}

/// An answer for the report: nothing of one that does not check.
fn reported(answer: &CheckedAnswer) -> Option<AnchorReport> {
    let (name, checked) = (answer.anchor.clone(), answer.check == AnswerCheck::Holds);
    let is_refused = matches!(answer.check, AnswerCheck::Refused { .. });
    (!is_refused).then_some(AnchorReport { name, at: answer.at, checked })
}

/// The anchors that have a head, by a check.
fn holding(head: &ProvenHead) -> Vec<String> {
    let holding = head.anchors.iter().filter(|answer| answer.check == AnswerCheck::Holds);
    holding.map(|answer| answer.anchor.clone()).collect()
}
