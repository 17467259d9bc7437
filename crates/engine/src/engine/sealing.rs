//! The ledger's entries get their places in the center's sequence, and its heads are made and given to others (DLC-3).

use std::sync::PoisonError;

use chrono::TimeDelta;
use frontdesk_tendlc::SignedHead;
use frontdesk_types::{Event, Instant};

use super::{Engine, EngineError, TRIES, outbox::Done};
use crate::{
    AnchorError, LedgerReport,
    ledger::{BATCH, HeadStep, LastHead, Sealer},
    store::{Commit, NewWork, Outcome, StoreError, Subject, Task, Urgency, Work},
    verify_ledger,
};

/// Commits of one tick.
const ROUNDS: usize = 64;
/// Ticks follow each other at once while many timers fire; the sealer looks for entries once in this time, so that it finds many.
const SEALED_EVERY: TimeDelta = TimeDelta::seconds(1);

impl Engine {
    fn sealer(&self) -> Sealer<'_> {
        Sealer { store: &*self.parts.store, center: &self.id, heads: &self.parts.heads }
    }

    /// Seals what was entered and makes the next head, if the last time is long enough ago.
    pub(super) async fn seal_in_time(&self) -> Result<(), EngineError> {
        let now = self.now();
        {
            let mut sealed = self.sealed.lock().unwrap_or_else(PoisonError::into_inner);
            // A clock that was ahead holds nothing back.
            let waits = |last: Instant| last <= now && now < last + SEALED_EVERY;
            if sealed.is_some_and(waits) {
                return Ok(());
            }
            *sealed = Some(now);
        }
        self.keep_sealed().await
    }

    /// Seals what was entered, and makes the next head when it is due. Another host that does so at the same time is no failure.
    pub(super) async fn keep_sealed(&self) -> Result<(), EngineError> {
        self.seal().await?;
        match self.head_when_due().await {
            Err(EngineError::Store(StoreError::Conflict)) => Ok(()),
            made => made,
        }
    }

    /// Gives places to entries that have none.
    pub(super) async fn seal(&self) -> Result<(), EngineError> {
        for _ in 0..ROUNDS {
            let Some((count, commit)) = self.sealer().seal().await? else { return Ok(()) };
            match self.commit(commit).await {
                Ok(_) if count == BATCH => {}
                Ok(_) => return Ok(()),
                Err(StoreError::Conflict) => return self.sealer().somebody_else_seals().await,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn head_when_due(&self) -> Result<(), EngineError> {
        let heads = &self.parts.heads;
        if !heads.are_made() {
            return Ok(());
        }
        let (_, last) = self.sealer().last_head().await?;
        let now = self.now();
        // A clock that was ahead holds no head back.
        let waits = |last: &LastHead| last.at <= now && now < last.at + heads.every;
        if last.as_ref().is_some_and(waits) {
            return Ok(());
        }
        self.make_head().await.map(drop)
    }

    /// Seals what was entered, and makes a head of it, unless the last one is of the same size; the anchors get it through the
    /// outbox. `None` if nothing was ever entered.
    ///
    /// # Errors
    ///
    /// [`EngineError::Store`] where the store fails; [`super::LedgerError`] where the origin is no name, or the file was changed by hand.
    pub async fn ledger_head(&self) -> Result<Option<SignedHead>, EngineError> {
        for _ in 0..TRIES {
            self.seal().await?;
            match self.make_head().await {
                Err(EngineError::Store(StoreError::Conflict)) => {}
                made => return made,
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// Looks through the whole ledger ([`verify_ledger`](crate::verify_ledger)).
    ///
    /// # Errors
    ///
    /// [`EngineError::Store`] where the store cannot be read.
    pub async fn verify_ledger(&self) -> Result<LedgerReport, EngineError> {
        verify_ledger(self.store(), &self.id, &self.parts.heads, self.now()).await
    }

    async fn make_head(&self) -> Result<Option<SignedHead>, EngineError> {
        let at = self.now();
        let Some(HeadStep { head, commit }) = self.sealer().head(at).await? else {
            return Ok(None);
        };
        let Some(commit) = commit else { return Ok(Some(head)) };
        let size = head.head().size;
        let anchors = self.parts.heads.anchors.iter().map(|anchor| anchor.name());
        let work = anchors.map(|anchor| NewWork {
            key: format!("anchor/{size}/{anchor}"),
            lane: format!("anchor/{anchor}"),
            task: Task::AnchorHead { size, anchor: anchor.to_owned() },
            not_before: at,
            urgency: Urgency::Notice,
        });
        let work = work.collect();
        // Without an inbound message there is no duplicate.
        let _ = self.commit(Commit { work, ..commit }).await?;
        Ok(Some(head))
    }

    /// Gives a head to an anchor, and keeps its answer.
    pub(super) async fn anchor_head(
        &self,
        work: &Work,
        size: u64,
        name: &str,
    ) -> Result<(), EngineError> {
        let sealer = self.sealer();
        let (anchor, head) = (self.parts.heads.anchor(name), sealer.kept_head(size).await?);
        let (Some(anchor), Some(head)) = (anchor, head) else {
            let error = format!("no anchor is called `{name}` any more, or its head is gone");
            return self.finish(work, done(Outcome::Dead { error })).await;
        };
        match sealer.anchor(&**anchor, &head, || self.now()).await? {
            Ok(item) => {
                let finished = Some((work.id, work.lease, Outcome::Done));
                let items = vec![item];
                self.end_work(work, Commit { finished, items, ..Commit::default() }).await?;
                if let Some(size) = sealer.differing_head(&**anchor).await? {
                    self.parts.observer.ledger_differs(name, size);
                }
                Ok(())
            }
            Err(error) => {
                let (retry_after, misconfigured) = match &error {
                    AnchorError::Unavailable { retry_after, .. } => (*retry_after, false),
                    AnchorError::Misconfigured { .. } | AnchorError::Mismatch { .. } => {
                        (None, true)
                    }
                };
                let reason = format!("{name}: {error}");
                self.attempt_failed(work, &reason, misconfigured);
                self.finish(work, done(self.again(work, &reason, retry_after))).await
            }
        }
    }
}

/// The end of work that is about the center itself.
fn done(outcome: Outcome) -> Done {
    Done { outcome, events: Vec::<Event>::new(), subject: Subject::default() }
}
