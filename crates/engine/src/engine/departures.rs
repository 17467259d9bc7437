//! Texts between the gate's decision and the beginning of the request to the provider, and the revocations that overtake them
//! (invariant 2). A revocation waits for no provider: it withdraws what has not begun, and nothing of the consumer begins until
//! it is committed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use event_listener::Event;

use super::LOCKS;
use crate::host::Departure;

/// Texts that are being prepared, and revocations that are under way, by consumer.
#[derive(Debug)]
pub(super) struct Departures {
    slots: Box<[Mutex<Slot>]>,
    /// A revocation is over.
    opened: Event,
}

#[derive(Debug, Default)]
struct Slot {
    revocations: u32,
    preparing: Vec<Departure>,
}

/// A text that is being prepared. It is forgotten when this is dropped.
#[derive(Debug)]
pub(super) struct Preparing<'a> {
    departures: &'a Departures,
    slot: usize,
    departure: Departure,
}

/// A revocation that is under way: nothing of the consumer begins until this is dropped.
#[derive(Debug)]
pub(super) struct Revocation<'a> {
    departures: &'a Departures,
    slot: usize,
}

impl Departures {
    pub(super) fn new() -> Self {
        Self { slots: (0..LOCKS).map(|_| Mutex::default()).collect(), opened: Event::new() }
    }

    /// Begins to prepare a text, before consent is read. Waits for revocations, which end with their commit.
    pub(super) async fn prepare(&self, slot: usize, departure: Departure) -> Preparing<'_> {
        loop {
            let opened = self.opened.listen();
            if self.enter(slot, &departure) {
                break;
            }
            opened.await;
        }
        Preparing { departures: self, slot, departure }
    }

    /// False while a revocation is under way.
    fn enter(&self, slot: usize, departure: &Departure) -> bool {
        let Some(mut of) = self.slot(slot) else { return true };
        let is_open = of.revocations == 0;
        if is_open {
            of.preparing.push(departure.clone());
        }
        is_open
    }

    /// Withdraws every text that has not begun. What has begun counts as left.
    pub(super) fn revoke(&self, slot: usize) -> Revocation<'_> {
        if let Some(mut of) = self.slot(slot) {
            of.revocations += 1;
            of.preparing.iter().for_each(Departure::withdraw);
        }
        Revocation { departures: self, slot }
    }

    fn slot(&self, slot: usize) -> Option<MutexGuard<'_, Slot>> {
        self.slots.get(slot).map(|of| of.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Preparing<'_> {
    pub(super) fn departure(&self) -> &Departure {
        &self.departure
    }
}

impl Drop for Preparing<'_> {
    fn drop(&mut self) {
        if let Some(mut of) = self.departures.slot(self.slot) {
            of.preparing.retain(|departure| !departure.is(&self.departure));
        }
    }
}

impl Drop for Revocation<'_> {
    fn drop(&mut self) {
        if let Some(mut of) = self.departures.slot(self.slot) {
            of.revocations -= 1;
        }
        self.departures.opened.notify(usize::MAX);
    }
}
