//! Time and sessions: timers fire when they are due, also where the host's clock is set back.

use std::{mem, sync::PoisonError};

use chrono::TimeDelta;
use frontdesk_sms::{Call, Input, Session};
use frontdesk_types::{Instant, SessionId};

use super::{Engine, EngineError};
use crate::store::SessionQuery;

/// A claimed timer is left to its claimer for so long.
const TIMER_LEASE: TimeDelta = TimeDelta::seconds(30);
/// So many timers are claimed at a time, at most.
const TIMER_BATCH: usize = 256;

/// Steps back of the clock that are shorter are corrections of its pace: no timer is late by more than that.
const SET_BACK: TimeDelta = TimeDelta::minutes(5);

/// What the engine knows of the host's clock.
#[derive(Debug)]
pub(super) struct Timekeeping {
    /// The clock at the last tick.
    latest: Instant,
    /// A look at every open session that is under way.
    review: Option<Review>,
}

/// A look at every open session: its own time may be ahead of a clock that was set back.
#[derive(Debug, Clone, Copy)]
struct Review {
    /// By how much the clock was set back, as far as is known.
    by: TimeDelta,
    /// Those with smaller ids are to be looked at yet.
    before: Option<SessionId>,
}

impl Timekeeping {
    /// At the start. The clock may have been set back while nothing ran; nobody knows by how much.
    pub(super) fn at_start(now: Instant) -> Self {
        Self { latest: now, review: Some(Review { by: TimeDelta::zero(), before: None }) }
    }

    /// The clock shows another instant. What is to be looked at is handed out.
    fn advance(&mut self, now: Instant) -> Option<Review> {
        let by = mem::replace(&mut self.latest, now) - now;
        if by > SET_BACK {
            self.review = Some(Review { by, before: None });
        }
        self.review.take()
    }
}

impl Engine {
    /// Fires the timers that are due; the answer is how many sessions that were. Safe to call early,
    /// often, and from many hosts.
    pub async fn tick(&self) -> Result<usize, EngineError> {
        // One session that fails keeps no other waiting; the last failure is told.
        let mut failed = self.settle_doubts().await.err();
        failed = self.router_timers().await.err().or(failed);
        failed = self.keep_histories().await.err().or(failed);
        failed = self.seal_in_time().await.err().or(failed);
        // Work that takes long keeps its lease, also where nobody claims any.
        failed = self.keep_up().await.err().or(failed);
        let now = self.now();
        failed = self.review_clock(now).await.err().or(failed);
        let due = self.parts.store.claim_due(&self.id, now, now + TIMER_LEASE, TIMER_BATCH).await?;
        for session in &due {
            failed = self.apply(*session, Input::TimePassed).await.err().or(failed);
        }
        failed.map_or(Ok(due.len()), Err)
    }

    /// Tells some of the open sessions that the clock was set back, where their own time is ahead of it.
    async fn review_clock(&self, now: Instant) -> Result<(), EngineError> {
        let review = self.timekeeping.lock().unwrap_or_else(PoisonError::into_inner).advance(now);
        let Some(review) = review else { return Ok(()) };
        let Review { by, before } = review;
        let query = SessionQuery {
            open: Some(true),
            before,
            limit: TIMER_BATCH,
            ..SessionQuery::default()
        };
        let rows = match self.parts.store.sessions(&self.id, query).await {
            Ok(rows) => rows,
            Err(error) => {
                self.review_later(review);
                return Err(error.into());
            }
        };
        let mut failed = None;
        for row in rows.iter().filter(|row| row.deadline.is_some()) {
            failed = self.tell_set_back(row.id, by, now).await.err().or(failed);
        }
        if let Some(last) = rows.last().filter(|_| rows.len() == TIMER_BATCH) {
            self.review_later(Review { by, before: Some(last.id) });
        }
        failed.map_or(Ok(()), Err)
    }

    /// Another tick may have begun anew meanwhile: then that counts.
    fn review_later(&self, review: Review) {
        let mut timekeeping = self.timekeeping.lock().unwrap_or_else(PoisonError::into_inner);
        timekeeping.review.get_or_insert(review);
    }

    async fn tell_set_back(
        &self,
        session: SessionId,
        by: TimeDelta,
        now: Instant,
    ) -> Result<(), EngineError> {
        let Some((_, _, stored)) = self.parts.store.load(&self.id, session).await? else {
            return Ok(());
        };
        let changed = if Call::is_stored(&stored.state) {
            Call::from_stored(&stored.state)?.is_clock_changed(now)
        } else {
            Session::from_stored(&stored.state)?.is_clock_changed(now)
        };
        if changed { self.apply(session, Input::ClockSetBack { by }).await } else { Ok(()) }
    }
}
