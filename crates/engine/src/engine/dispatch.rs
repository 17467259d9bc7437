//! Work is claimed, as places free up.

use std::sync::Arc;

use event_listener::Event as Signal;
use frontdesk_types::Instant;
use futures::{
    FutureExt, StreamExt,
    future::{join_all, pending},
    pin_mut, select_biased, stream,
    stream::FuturesUnordered,
};

use super::{
    Engine, EngineError,
    provider::Allowed,
    under_way::{Place, UnderWay, WORK_LEASE},
};
use crate::{
    Clock,
    store::{Commit, Outcome, Work, WorkId, WorkKind},
};

/// How many pieces are claimed at a time.
const WORK_BATCH: usize = 64;
/// How many of a kind [`Engine::dispatch`] does at the same time.
const CONCURRENCY: usize = 16;
/// How often it is claimed again at once while nothing that was found has a place.
const ROUNDS: usize = 64;
/// How many pieces are woken at a time.
const WOKEN: usize = 512;

/// A piece of work that this process has claimed, with its place: to be handed to [`Engine::perform`]. Dropped without that, it
/// is done again when its lease is over.
#[derive(Debug)]
pub struct Claimed {
    pub(super) work: Work,
    /// It was not due yet.
    pub(super) early: bool,
    pub(super) place: HeldPlace,
}

/// A place, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct HeldPlace {
    under_way: Arc<UnderWay>,
    clock: Arc<dyn Clock>,
    id: WorkId,
    holder: u64,
}

impl Drop for HeldPlace {
    fn drop(&mut self) {
        self.under_way.forget(self.id, self.holder, self.clock.now());
    }
}

/// What waits for work, by kind.
#[derive(Debug, Default)]
pub(super) struct Waiting([Signal; WorkKind::ALL.len()]);

impl Waiting {
    fn of(&self, kind: WorkKind) -> Option<&Signal> {
        WorkKind::ALL.iter().zip(&self.0).find_map(|(of, signal)| (*of == kind).then_some(signal))
    }

    /// Work of a kind may be claimed.
    pub(super) fn notify(&self, kind: WorkKind) {
        if let Some(signal) = self.of(kind) {
            signal.notify(1);
        }
    }
}

impl Engine {
    /// Does the work whose time has come, of every kind, and waits for the slowest piece; the answer is how many pieces that
    /// were. Safe to call often and from many hosts: work is leased. A host that serves consumers calls [`Engine::serve`].
    pub async fn dispatch(&self) -> Result<usize, EngineError> {
        let kinds = join_all(WorkKind::ALL.map(|kind| self.dispatch_kind(kind))).await;
        kinds.into_iter().try_fold(0, |sum, count| Ok(sum + count?))
    }

    async fn dispatch_kind(&self, kind: WorkKind) -> Result<usize, EngineError> {
        let claimed = self.claim(kind).await?;
        let count = claimed.len();
        let mut outcomes =
            stream::iter(claimed).map(|work| self.perform(work)).buffer_unordered(CONCURRENCY);
        let mut failed = None;
        while let Some(outcome) = outcomes.next().await {
            failed = outcome.err().or(failed);
        }
        failed.map_or(Ok(count), Err)
    }

    /// Runs timers and work until nothing is due any more: for virtual time and tests.
    pub async fn settle(&self) -> Result<(), EngineError> {
        while self.tick().await? + self.dispatch().await? > 0 {}
        Ok(())
    }

    /// Does the work of a kind as places free up, until `pulse` answers false; then what is under way comes to its end. `pulse`
    /// answers true after a pause, a second for example: due times are looked at then. New work is heard of at once. `failed`
    /// is told what the store refuses.
    ///
    /// Needs no runtime of its own: everything runs in the caller's task. One call per kind is needed; more share the work.
    pub async fn serve<F: Future<Output = bool>>(
        &self,
        kind: WorkKind,
        mut pulse: impl FnMut() -> F,
        mut failed: impl FnMut(EngineError),
    ) {
        let perform = |claimed: Claimed| self.perform(claimed);
        let mut under_way: FuturesUnordered<_> = std::iter::empty().map(perform).collect();
        loop {
            let waiting = self.waiting.of(kind).map(Signal::listen);
            // What is under way goes on meanwhile: a store may make one wait for the other.
            let claimed = {
                let claim = self.claim(kind).fuse();
                pin_mut!(claim);
                loop {
                    select_biased! {
                        claimed = claim => break claimed,
                        done = under_way.select_next_some() => done.err().into_iter().for_each(&mut failed),
                    }
                }
            };
            let claimed = claimed.unwrap_or_else(|error| {
                failed(error);
                Vec::new()
            });
            let more = !claimed.is_empty();
            under_way.extend(claimed.into_iter().map(perform));
            // Whatever has ended by now; what was claimed begins.
            while let Some(Some(done)) = under_way.next().now_or_never() {
                done.err().into_iter().for_each(&mut failed);
            }
            if more && self.under_way.free(kind) > 0 {
                continue;
            }
            let woken = async {
                match waiting {
                    Some(waiting) => waiting.await,
                    None => pending().await,
                }
            }
            .fuse();
            let pulse = pulse().fuse();
            pin_mut!(woken, pulse);
            select_biased! {
                go_on = pulse => if !go_on { break },
                done = under_way.select_next_some() => done.err().into_iter().for_each(&mut failed),
                () = woken => {}
            }
        }
        while let Some(done) = under_way.next().await {
            done.err().into_iter().for_each(&mut failed);
        }
    }

    /// Claims work of a kind whose time has come, as much as there are places for.
    pub async fn claim(&self, kind: WorkKind) -> Result<Vec<Claimed>, EngineError> {
        // What fails here was told when it failed first, and is tried again.
        let _ = self.keep_up().await;
        let free = self.under_way.room(kind, self.now()).min(WORK_BATCH);
        if free == 0 {
            return Ok(Vec::new());
        }
        let Some(provider) = self.provider(kind) else { return self.claim_up_to(kind, free).await };
        if provider.take_wake()
            && self.parts.store.wake_work(&self.id, kind, self.now(), WOKEN).await? == WOKEN
        {
            provider.wake_more();
        }
        match provider.allows(self.now()) {
            Allowed::Everything => self.claim_up_to(kind, free).await,
            Allowed::Nothing => Ok(Vec::new()),
            Allowed::Probe { forced } => {
                let mut probe = self.claim_up_to(kind, 1).await?;
                if probe.is_empty()
                    && forced
                    && self.parts.store.wake_work(&self.id, kind, self.now(), 1).await? > 0
                {
                    probe = self.claim_up_to(kind, 1).await?;
                    for claimed in &mut probe {
                        claimed.early = true;
                    }
                }
                Ok(probe)
            }
        }
    }

    async fn claim_up_to(&self, kind: WorkKind, limit: usize) -> Result<Vec<Claimed>, EngineError> {
        for _ in 0..ROUNDS {
            let now = self.now();
            let until = now + WORK_LEASE;
            let found = self.parts.store.claim_work(&self.id, kind, now, until, limit).await?;
            let all = found.len() < limit;
            let claimed = self.take_places(found, now).await;
            if all || !claimed.is_empty() {
                return Ok(claimed);
            }
            // Those without a place were before those that have one.
        }
        Ok(Vec::new())
    }

    /// Gives places to what was claimed; what finds none is put off.
    async fn take_places(&self, found: Vec<Work>, now: Instant) -> Vec<Claimed> {
        let (mut claimed, mut without_place) = (Vec::new(), Vec::new());
        for work in found {
            match self.under_way.take(&work, now) {
                Place::Taken => {}
                Place::None { until } => without_place.push(async move {
                    // It is woken with what waits after a failure once the service answers again.
                    let finished = Some((work.id, work.lease, Outcome::Early { at: until }));
                    self.commit(Commit { finished, ..Commit::default() }).await
                }),
                Place::Free { holder } => {
                    let (under_way, clock) =
                        (Arc::clone(&self.under_way), Arc::clone(&self.parts.clock));
                    let place = HeldPlace { under_way, clock, id: work.id, holder };
                    claimed.push(Claimed { work, early: false, place });
                }
            }
        }
        // Those that are not put off wait for their lease.
        join_all(without_place).await.into_iter().for_each(drop);
        claimed
    }
}
