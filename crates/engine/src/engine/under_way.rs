//! Work that this process has claimed: its lease, its place, and ends that the store did not take yet.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::TimeDelta;
use frontdesk_types::{Instant, PhoneNumber, SupportNumber};

use super::{
    Engine, EngineError,
    outbox::pause,
    places::{Group, Stand},
};
use crate::store::{Commit, LONGEST_PAUSE, Lease, StoreError, Task, Work, WorkId, WorkKind};

/// How long a piece of work is left to its claimer. Work that takes longer has its lease renewed.
pub(super) const WORK_LEASE: TimeDelta = TimeDelta::seconds(120);
/// A lease that ends sooner than this is renewed.
const RENEWED_BEFORE: TimeDelta = TimeDelta::seconds(60);
/// How many ends wait for a store that fails. Further ones are left to their leases.
const UNTOLD_ENDS: usize = 4_096;
/// After so many tries an end holds no revocation up.
const URGED: u32 = 3;
/// What is under way in this process.
#[derive(Debug, Default)]
pub(super) struct UnderWay(Mutex<Pieces>);

#[derive(Debug, Default)]
pub(super) struct Pieces {
    pub(super) claimed: HashMap<WorkId, Piece>,
    pub(super) by_kind: HashMap<WorkKind, Group>,
    pub(super) by_number: HashMap<SupportNumber, Group>,
    untold: BTreeMap<WorkId, Untold>,
    holders: u64,
}

#[derive(Debug)]
pub(super) struct Piece {
    lease: Lease,
    leased_until: Instant,
    pub(super) kind: WorkKind,
    pub(super) number: Option<SupportNumber>,
    pub(super) stand: Stand,
    pub(super) began: Instant,
    /// Which of those that had this work one after the other.
    holder: u64,
    /// Nothing is left to do but the commit of its end. Work that is claimed again then was put back.
    ending: bool,
    /// It does not need a place any more.
    pub(super) left: bool,
}

/// An end that the store did not take.
#[derive(Debug, Clone)]
struct Untold {
    commit: Commit,
    tries: u32,
    due: Instant,
}

/// What is done with work that was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is under way already: the claim has renewed its lease.
    Taken,
    /// There is a place, for this holder.
    Free { holder: u64 },
    /// Its number has as many under way as are left for all others: it is looked at again then.
    None { until: Instant },
}

fn number_of(work: &Work) -> Option<SupportNumber> {
    match &work.work.task {
        Task::SendText { line, .. } => Some(line.number),
        _ => None,
    }
}

impl UnderWay {
    pub(super) fn lock(&self) -> MutexGuard<'_, Pieces> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many more of a kind there is room for.
    pub(super) fn free(&self, kind: WorkKind) -> usize {
        self.lock().free(kind)
    }

    /// Takes a place for work that was claimed at an instant.
    pub(super) fn take(&self, work: &Work, now: Instant) -> Place {
        let mut pieces = self.lock();
        let (lease, leased_until) = (work.lease, now + WORK_LEASE);
        if let Some(piece) = pieces.claimed.get_mut(&work.id) {
            if !piece.ending {
                (piece.lease, piece.leased_until) = (lease, leased_until);
                return Place::Taken;
            }
            pieces.leave(work.id, now);
        }
        let (kind, number) = (work.work.task.kind(), number_of(work));
        let stand = match pieces.place_for(work, number, now) {
            Ok(stand) => stand,
            Err(until) => return Place::None { until },
        };
        pieces.holders += 1;
        let (holder, ending, left) = (pieces.holders, false, false);
        let began = now;
        let piece = Piece { lease, leased_until, kind, number, stand, began, holder, ending, left };
        pieces.claimed.insert(work.id, piece);
        Place::Free { holder }
    }

    /// The lease that the work has now.
    pub(super) fn lease(&self, id: WorkId) -> Option<Lease> {
        self.lock().claimed.get(&id).map(|piece| piece.lease)
    }

    /// When this process began with it.
    pub(super) fn began(&self, id: WorkId) -> Option<Instant> {
        self.lock().claimed.get(&id).map(|piece| piece.began)
    }

    /// Whether a lease holds until an instant.
    pub(super) fn is_leased(&self, id: WorkId, until: Instant) -> bool {
        self.lock().claimed.get(&id).is_some_and(|piece| {
            piece.leased_until >= until && piece.leased_until <= until + WORK_LEASE
        })
    }

    /// The end of the work is told, or given up.
    fn drop_if_told(&self, id: WorkId, now: Instant) {
        let mut pieces = self.lock();
        if !pieces.untold.contains_key(&id) {
            pieces.leave(id, now);
            pieces.claimed.remove(&id);
        }
    }

    fn ending(&self, id: WorkId, ending: bool) {
        if let Some(piece) = self.lock().claimed.get_mut(&id) {
            piece.ending = ending;
        }
    }

    /// Whether the store has not taken its end yet.
    pub(super) fn is_untold(&self, id: WorkId) -> bool {
        self.lock().untold.contains_key(&id)
    }

    /// The place is free again, and the work is this process's no longer, unless its end is still untold.
    pub(super) fn forget(&self, id: WorkId, holder: u64, now: Instant) {
        let mut pieces = self.lock();
        if pieces.claimed.get(&id).is_none_or(|piece| piece.holder != holder) {
            return;
        }
        pieces.leave(id, now);
        if !pieces.untold.contains_key(&id) {
            pieces.claimed.remove(&id);
        }
    }
}

impl Pieces {
    fn leave(&mut self, id: WorkId, now: Instant) {
        let Some(piece) = self.claimed.get_mut(&id).filter(|piece| !piece.left) else { return };
        piece.left = true;
        let (kind, number, stand) = (piece.kind, piece.number, piece.stand);
        let took = now.signed_duration_since(piece.began);
        self.groups(kind, number).for_each(|group| group.leave(stand, took));
    }
}

impl Engine {
    /// Gives work that takes long more time, and tells the store the ends that it did not take.
    pub(super) async fn keep_up(&self) -> Result<(), EngineError> {
        let renewed = self.renew_leases().await;
        let told = self.tell_ends().await;
        renewed.and(told)
    }

    async fn renew_leases(&self) -> Result<(), EngineError> {
        let now = self.now();
        let ends_soon = |piece: &Piece| {
            piece.leased_until < now + RENEWED_BEFORE || piece.leased_until > now + WORK_LEASE * 2
        };
        let held: Vec<(WorkId, Lease)> = {
            let pieces = self.under_way.lock();
            let soon = pieces.claimed.iter().filter(|(_, piece)| ends_soon(piece));
            soon.map(|(id, piece)| (*id, piece.lease)).collect()
        };
        if held.is_empty() {
            return Ok(());
        }
        let until = now + WORK_LEASE;
        let renewed = self.parts.store.renew_work(&self.id, &held, until).await?;
        let mut pieces = self.under_way.lock();
        for id in renewed {
            if let Some(piece) = pieces.claimed.get_mut(&id) {
                piece.leased_until = until;
            }
        }
        Ok(())
    }

    /// Makes sure that work is still this process's for as long as a decision holds. False: another has it.
    pub(super) async fn still_leased(&self, work: &Work) -> Result<bool, EngineError> {
        let now = self.now();
        if self.under_way.is_leased(work.id, now + RENEWED_BEFORE / 4) {
            return Ok(true);
        }
        let Some(lease) = self.under_way.lease(work.id) else { return Ok(false) };
        let until = now + WORK_LEASE;
        let renewed = self.parts.store.renew_work(&self.id, &[(work.id, lease)], until).await?;
        if let Some(piece) = self.under_way.lock().claimed.get_mut(&work.id) {
            piece.leased_until = until;
        }
        Ok(!renewed.is_empty())
    }

    /// The end of a piece of work is one commit. Where the store does not take it, it is tried again after a pause, and not
    /// when the lease is over: what has left does not leave again. After a conflict the caller looks again.
    pub(super) async fn end_work(&self, work: &Work, commit: Commit) -> Result<(), EngineError> {
        self.under_way.ending(work.id, true);
        let done = self.commit(commit.clone()).await;
        let Err(error) = done else { return Ok(()) };
        self.under_way.ending(work.id, false);
        if !matches!(error, StoreError::Conflict) {
            // The consumers' writes may be in conflict by then, and the end must not be.
            let commit = Commit { consumers: Vec::new(), ..commit };
            self.not_ended(work.id, Untold { commit, tries: 0, due: self.now() }, &error);
        }
        Err(error.into())
    }

    fn not_ended(&self, id: WorkId, untold: Untold, error: &StoreError) {
        let now = self.now();
        let mut pieces = self.under_way.lock();
        pieces.untold.remove(&id);
        // The lease was lost to another, and not to a claim of this process that has renewed it meanwhile.
        let lost = matches!(error, StoreError::LeaseLost) && untold.tries > 0;
        // Somebody was faster: the work is done again when its lease is over.
        let lost = lost || matches!(error, StoreError::Conflict);
        if !lost && pieces.untold.len() < UNTOLD_ENDS && pieces.claimed.contains_key(&id) {
            let tries = untold.tries + 1;
            let due = now + TimeDelta::milliseconds(pause(id, untold.tries));
            pieces.untold.insert(id, Untold { tries, due, ..untold });
        }
    }

    async fn tell_ends(&self) -> Result<(), EngineError> {
        let now = self.now();
        let due = |untold: &Untold| untold.due <= now || untold.due > now + LONGEST_PAUSE;
        self.tell_those(due).await
    }

    /// Records what has left for a consumer before a revocation is: the log shows them in their order. An end that fails again
    /// and again holds no revocation up.
    pub(super) async fn tell_ends_of(&self, consumer: PhoneNumber) -> Result<(), EngineError> {
        let of_consumer = |untold: &Untold| {
            let line = untold.commit.record.as_ref().and_then(|(subject, _)| subject.line);
            untold.tries <= URGED && line.is_some_and(|line| line.consumer == consumer)
        };
        self.tell_those(of_consumer).await
    }

    async fn tell_those(&self, which: impl Fn(&Untold) -> bool) -> Result<(), EngineError> {
        let now = self.now();
        let due: Vec<(WorkId, Untold)> = {
            let pieces = self.under_way.lock();
            let due = pieces.untold.iter().filter(|(_, untold)| which(untold));
            due.map(|(id, untold)| (*id, untold.clone())).collect()
        };
        let mut failed = None;
        for (id, untold) in due {
            let done = self.commit(untold.commit.clone()).await;
            match &done {
                Ok(_) => drop(self.under_way.lock().untold.remove(&id)),
                Err(error) => self.not_ended(id, untold, error),
            }
            self.under_way.drop_if_told(id, now);
            failed = done.err().or(failed);
        }
        // That another has it by now is no failure.
        let failed = failed.filter(|error| !matches!(error, StoreError::LeaseLost));
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}
