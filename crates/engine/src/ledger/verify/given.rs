//! The heads that others have, against the entries that are kept.

use std::collections::BTreeSet;

use frontdesk_tendlc::{Anchored, AnswerCheck, SignedHead};
use frontdesk_types::Instant;

use super::{Comparison, Look, moments::had};
use crate::{
    AnchorState, EngineError, LedgerNote, LedgerProblem, WitnessProblem,
    ledger::{
        places::Compared,
        sealer::{ANCHORED, anchored_key},
    },
    store::WorkState,
};

/// Work of a state that is looked through for heads that an anchor has not got yet.
const MOST_WORK: usize = 10_000;

/// Somebody who has kept a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeper {
    /// A configured anchor: the operator may have explained a difference.
    Anchor,
    /// Somebody who holds the operator to account: nobody explains a difference away.
    Other,
}

impl Look<'_> {
    /// The heads of anchors that give theirs back, and those of files.
    pub(super) async fn given(&mut self, comparison: &Comparison) -> Result<(), EngineError> {
        let given: Vec<(String, Result<Vec<SignedHead>, String>)> = self
            .checks
            .given()
            .map(|(name, given)| {
                let given = given.as_ref().map(|given| given.heads.clone());
                (name.to_owned(), given.map_err(ToString::to_string))
            })
            .collect();
        let kept: BTreeSet<String> = self.kept.iter().map(|kept| kept.head.to_string()).collect();
        for (name, heads) in &given {
            match heads {
                Ok(heads) => {
                    for head in heads.iter().filter(|head| !kept.contains(&head.to_string())) {
                        if self.compared(name, head, comparison.is_copy, Keeper::Anchor).await? {
                            let (size, anchor) = (head.head().size, name.clone());
                            self.report.note(LedgerNote::NotKept { size, anchor });
                        }
                    }
                    self.answers_gone(name, heads, &kept).await?;
                }
                Err(error) => {
                    let (anchor, error) = (name.clone(), error.clone());
                    self.report.add(WitnessProblem::Unasked { anchor, error }.into());
                }
            }
        }
        for (source, head) in &comparison.heads {
            self.of_file(source, head, comparison.is_copy).await?;
        }
        self.states(&given, comparison);
        Ok(())
    }

    /// Whether a head is of the entries that are here; what else it is, is told.
    async fn compared(
        &mut self,
        source: &str,
        head: &SignedHead,
        is_copy: bool,
        keeper: Keeper,
    ) -> Result<bool, EngineError> {
        let (size, anchor) = (head.head().size, source.to_owned());
        let problem = match self.prover.compare(head, self.size).await? {
            Compared::Same => return Ok(true),
            Compared::Ahead if is_copy => {
                self.report.note(LedgerNote::Behind { size, anchor });
                return Ok(false);
            }
            Compared::Ahead => WitnessProblem::Ahead { size, anchor }.into(),
            Compared::Other => LedgerProblem::AnchoredElsewise { size, anchor },
        };
        match keeper {
            Keeper::Anchor => self.tell(size, problem),
            Keeper::Other => self.report.add(problem),
        }
        Ok(false)
    }

    /// A head that somebody else has kept.
    async fn of_file(
        &mut self,
        source: &str,
        head: &SignedHead,
        is_copy: bool,
    ) -> Result<(), EngineError> {
        let (size, origin) = (head.head().size, &head.head().origin);
        let signed_by = self.checks.signed_by(head);
        let own = self.settings.origin.as_deref().unwrap_or(self.center.as_str());
        let is_own =
            origin == own || self.kept.iter().any(|kept| kept.head.head().origin == *origin);
        let why = if signed_by.is_empty() && self.checks.has_keys() {
            Some("it has no good signature of a known key: it proves nothing".to_owned())
        } else if is_own {
            None
        } else {
            Some(format!("it is of another ledger, {origin}"))
        };
        let source = source.to_owned();
        if let Some(why) = why {
            self.report.add(WitnessProblem::Foreign { size, source, why }.into());
        } else if self.compared(&source, head, is_copy, Keeper::Other).await? {
            self.report.note(LedgerNote::Given { size, source, signed_by });
        }
        Ok(())
    }

    /// Heads that an anchor has, and whose answer is not kept. One that was taken a moment ago is still among the work.
    async fn answers_gone(
        &mut self,
        name: &str,
        heads: &[SignedHead],
        kept: &BTreeSet<String>,
    ) -> Result<(), EngineError> {
        let has_answer = |size: u64| {
            let mut of = self.kept.iter().filter(|kept| kept.head.head().size == size);
            of.any(|kept| kept.anchors.iter().any(|answer: &Anchored| answer.anchor == name))
        };
        let mut gone: BTreeSet<u64> = heads
            .iter()
            .filter(|head| kept.contains(&head.to_string()))
            .map(|head| head.head().size)
            .filter(|size| !has_answer(*size))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        for state in [WorkState::Pending, WorkState::Held, WorkState::Dead] {
            for row in self.store.work(self.center, state, MOST_WORK).await? {
                gone.retain(|size| row.work.key != format!("anchor/{size}/{name}"));
            }
        }
        let mut still = BTreeSet::new();
        for size in gone {
            let answer = self.store.item(self.center, ANCHORED, &anchored_key(size, name)).await?;
            if answer.is_none() {
                still.insert(size);
            }
        }
        if let Some(size) = still.last().copied() {
            let (anchor, heads) = (name.to_owned(), still.len() as u64);
            self.tell(size, WitnessProblem::AnswersGone { anchor, heads, size }.into());
        }
        Ok(())
    }

    fn keeps(&self, head: &SignedHead) -> bool {
        self.kept.iter().any(|kept| kept.head == *head)
    }

    /// Each configured anchor with its newest head.
    fn states(
        &mut self,
        given: &[(String, Result<Vec<SignedHead>, String>)],
        comparison: &Comparison,
    ) {
        for anchor in &self.settings.anchors {
            let name = anchor.name().to_owned();
            let error = given.iter().find(|(of, _)| *of == name);
            let error = match error.map(|(_, given)| given) {
                Some(Err(error)) => Some(error.clone()),
                Some(Ok(heads))
                    if !heads.is_empty() && !heads.iter().any(|head| self.keeps(head)) =>
                {
                    Some(format!("it has {} heads, and none of them is kept here", heads.len()))
                }
                _ => None,
            };
            let answered = |check: &AnswerCheck| {
                let is_it = |head: &&frontdesk_tendlc::ProvenHead| {
                    let mut answers = head.anchors.iter();
                    answers.any(|answer| answer.anchor == name && answer.check == *check)
                };
                self.proven.iter().rev().find(is_it)
            };
            let holds = answered(&AnswerCheck::Holds);
            let newest = holds.or_else(|| answered(&AnswerCheck::Unprovable));
            let at = newest.map(|head| {
                let mut answers = head.anchors.iter();
                let answer = answers.find(|answer| answer.anchor == name);
                answer.and_then(|answer| answer.at).unwrap_or(head.head.head().at)
            });
            let (size, checked) = (newest.map(|head| head.head.head().size), holds.is_some());
            self.report.anchors.push(AnchorState { name, size, at, checked, error });
        }
        let Some(within) = comparison.newest_within else { return };
        let holding = self.proven.iter().filter(|head| head.is_anchored());
        let newest: Option<Instant> = holding.map(had).max();
        if newest.is_none_or(|newest| newest + within < self.report.made) {
            self.report.add(WitnessProblem::none_young(within, newest).into());
        }
    }
}
