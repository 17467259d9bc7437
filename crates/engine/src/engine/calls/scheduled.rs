//! Calls at a time that consumers choose (HRS-10): the place in the slot, the session and its events are one commit.

use chrono::TimeDelta;
use frontdesk_hours::{Slot, Visit};
use frontdesk_sms::{Call, CallInput, CallSlot, Refusal};
use frontdesk_types::{Instant, QueueId, SessionId};

use super::{NewCall, call_mark};
use crate::{
    Center, OutboundRefusal,
    config::Calls,
    engine::{Engine, EngineError, retried},
    store::{Line, SlotChange, SlotWrite},
};

/// A slot that a call can be scheduled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSlot {
    /// When it is.
    pub slot: Slot,
    /// How many places are free: one at least.
    pub free: u32,
}

/// Why a call cannot be scheduled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleRefusal {
    /// One telephone, one call: it has one, or one that is scheduled already.
    #[error("the consumer has call {session} already")]
    HasCall {
        /// Its session.
        session: SessionId,
    },
    /// Nobody is assigned to the queue.
    #[error("nobody takes the calls of queue `{queue}`")]
    NobodyAssigned {
        /// Which.
        queue: QueueId,
    },
    /// No slot begins then: outside of hours, over, before the estimated wait is, or too far ahead.
    #[error("no slot begins at {}{}", .from.to_rfc3339(), next_one(.next.as_ref()))]
    NoSlot {
        /// The instant.
        from: Instant,
        /// The next slot that a call can be scheduled in.
        next: Option<Instant>,
    },
    /// No queue was named.
    #[error("a queue is needed that calls back")]
    NoQueue,
}

fn next_one(next: Option<&Instant>) -> String {
    next.map_or_else(String::new, |next| format!("; the next one begins at {}", next.to_rfc3339()))
}

impl Engine {
    /// The slots that a call can be scheduled in by somebody who would wait so many minutes now, those that are full left
    /// out. Until it is booked, nobody has a place.
    pub async fn call_slots(
        &self,
        queue: &QueueId,
        visit: Visit,
        wait_minutes: Option<u32>,
    ) -> Result<Vec<FreeSlot>, EngineError> {
        let center = self.center();
        known_queue(&center, queue)?;
        let now = self.now();
        let slots = center.slots(queue, visit, now, wait(wait_minutes));
        let (Some(first), Some(last)) = (slots.first(), slots.last()) else {
            return Ok(Vec::new());
        };
        let store = &self.parts.store;
        let taken = store.slots_taken(&self.id, queue, first.from, last.to).await?;
        let places = center.slot_places(queue);
        let free = |slot: Slot| {
            let free = places.saturating_sub(taken.get(&slot.from).copied().unwrap_or(0));
            (free > 0).then_some(FreeSlot { slot, free })
        };
        Ok(slots.into_iter().filter_map(free).collect())
    }

    /// A consumer is to be called by a queue in the slot that begins at an instant. Told again, it is the same session, also when
    /// it is over. Refused as [`Engine::begin_call`] refuses, where no such slot is, and where it is full
    /// ([`SlotFull`](crate::store::StoreError::SlotFull)): however many ask at once, a slot never has more calls than
    /// places. With [`CallInput::Cancelled`] its place is free again.
    pub async fn schedule_call(
        &self,
        new: NewCall,
        from: Instant,
    ) -> Result<SessionId, EngineError> {
        let center = self.center();
        let calls = center.calls.as_ref().ok_or(OutboundRefusal::Off)?;
        if self.is_blocked(new.caller) {
            return Err(OutboundRefusal::Blocked.into());
        }
        let queue = new.queue.clone().ok_or(ScheduleRefusal::NoQueue)?;
        known_queue(&center, &queue)?;
        let line = Line { consumer: new.caller, number: calls.number };
        let _turn = self.lines[Self::slot(line)].lock().await;
        retried(|| self.schedule_once(&center, calls, (line, &new), (&queue, from))).await
    }

    async fn schedule_once(
        &self,
        center: &Center,
        calls: &Calls,
        (line, new): (Line, &NewCall),
        (queue, from): (&QueueId, Instant),
    ) -> Result<SessionId, EngineError> {
        let now = self.now();
        let found = self.parts.store.find(&self.id, line).await?;
        let open = match &found.session {
            Some(stored) => Some(self.call_in_time(center, stored, now).await?.id()),
            None => None,
        };
        // It may be told again, also late.
        if let Some(told) = self.told_before(line, &new.call).await? {
            return Ok(told);
        }
        if let Some(session) = open {
            return Err(ScheduleRefusal::HasCall { session }.into());
        }
        let (places, slot) = place(center, queue, from, new, now)?;
        let opening = self.opening(center, calls, new).await?;
        let (mut call, started) = Call::start(opening, now);
        let consent = center.consent(line.number, &found.known);
        let desk = self.desk(center, &call, Some(queue), &consent, now).await?;
        let input = CallInput::Scheduled { queue: queue.clone(), slot };
        let step = call.handle(&calls.config, &desk, input, now);
        let events = std::iter::once(started).chain(step.events).collect();
        let (id, queue) = (call.id(), queue.clone());
        let mut draft = self.draft(center, line, now, found.known, None);
        let change = SlotChange::Taken { places };
        draft.slots.push(SlotWrite { queue, from, session: id, change });
        draft.with_call(0, call, &calls.config, events);
        match self.store_draft(draft, Some(call_mark(&new.call, now))).await? {
            Some(_) => Ok(id),
            None => Err(OutboundRefusal::KnownCall { call: new.call.clone() }.into()),
        }
    }
}

fn wait(minutes: Option<u32>) -> TimeDelta {
    TimeDelta::minutes(minutes.unwrap_or(0).into())
}

/// A queue of the phone menu that callers wait in.
pub(super) fn known_queue(center: &Center, queue: &QueueId) -> Result<(), EngineError> {
    let known = center.calls.as_ref().is_some_and(|calls| calls.config.queues.contains_key(queue));
    let unknown = || Refusal::NoSuchCallQueue { queue: queue.clone() };
    if known { Ok(()) } else { Err(unknown().into()) }
}

/// How many places the slot has that begins then, and the call's times in it.
fn place(
    center: &Center,
    queue: &QueueId,
    from: Instant,
    new: &NewCall,
    now: Instant,
) -> Result<(u32, CallSlot), ScheduleRefusal> {
    let rules = center.slot_rules();
    let places = center.slot_places(queue);
    if places == 0 {
        return Err(ScheduleRefusal::NobodyAssigned { queue: queue.clone() });
    }
    let visit = new.visit(center);
    let wait = wait(new.wait_minutes);
    if center.slot(queue, visit, from, now, wait).is_none() {
        let slots = center.slots(queue, visit, now, wait);
        let next = slots.iter().map(|slot| slot.from).find(|at| *at >= from);
        return Err(ScheduleRefusal::NoSlot { from, next });
    }
    let (announced, expires) = (from - rules.countdown, from + rules.expiry);
    Ok((places, CallSlot { from, announced, expires }))
}

/// The place of a call that was scheduled before a step and is no longer to be made then: others may have it.
pub(super) fn freed(before: &Call, after: &Call) -> Option<SlotWrite> {
    let (queue, slot) = (before.queue()?.clone(), before.slot()?);
    let given_back = !after.is_scheduled() && after.seen() < slot.from;
    let (session, change) = (before.id(), SlotChange::Freed);
    given_back.then_some(SlotWrite { queue, from: slot.from, session, change })
}
