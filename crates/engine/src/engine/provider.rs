//! Whether an outside service answers. While it does not, it is tried with one piece of work at a time, every few seconds; its
//! first answer wakes what waits after a failure. A service that answers some requests and refuses others is not down: there each
//! piece waits for its own time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use frontdesk_types::Instant;

use super::outbox::LONGEST_ASKED;

/// After so many failures without an answer in between the service counts as down.
const DOWN: u32 = 8;
/// How often a service that is down is tried.
const PROBE: TimeDelta = TimeDelta::seconds(2);

#[derive(Debug, Default)]
pub(super) struct Provider(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Since the last answer.
    failures: u32,
    /// The service asked to be left alone until then.
    asked: Option<Instant>,
    probed: Option<Instant>,
    /// When the last request began that it answered to. Nobody knows how it was before the start.
    well: Option<Instant>,
    wake: bool,
}

/// How much may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    Everything,
    /// One piece, to see whether the service answers again. If nothing is due, something that waits is tried early if `forced`.
    Probe {
        forced: bool,
    },
    Nothing,
}

impl State {
    fn is_down(&self) -> bool {
        self.failures >= DOWN
    }
}

impl Provider {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It answered to a request that began then. True if what waits is to be woken.
    pub(super) fn answered(&self, began: Instant) -> bool {
        let mut state = self.lock();
        state.wake |= state.is_down() || state.well.is_none();
        state.well = Some(began);
        (state.failures, state.asked, state.probed) = (0, None, None);
        state.wake
    }

    /// It did not answer to a request that began then, or cannot do it now.
    pub(super) fn failed(&self, now: Instant, began: Instant, retry_after: Option<u32>) {
        let mut state = self.lock();
        // It has answered to later ones since.
        if state.well.is_some_and(|well| began < well && well <= now) {
            return;
        }
        state.failures = state.failures.saturating_add(1);
        let asked = TimeDelta::seconds(retry_after.unwrap_or(0).into()).min(LONGEST_ASKED);
        state.asked = Some(now + asked);
        if state.failures == DOWN {
            state.probed = Some(now);
        }
    }

    pub(super) fn is_down(&self) -> bool {
        self.lock().is_down()
    }

    pub(super) fn allows(&self, now: Instant) -> Allowed {
        let mut state = self.lock();
        if !state.is_down() {
            return Allowed::Everything;
        }
        let ago = state.probed.map(|probed| now.signed_duration_since(probed));
        if ago.is_some_and(|ago| ago >= TimeDelta::zero() && ago < PROBE) {
            return Allowed::Nothing;
        }
        state.probed = Some(now);
        let asked = state.asked.filter(|asked| *asked > now && *asked <= now + LONGEST_ASKED);
        Allowed::Probe { forced: asked.is_none() }
    }

    /// Whether what waits is to be woken: once.
    pub(super) fn take_wake(&self) -> bool {
        std::mem::take(&mut self.lock().wake)
    }

    pub(super) fn wake_more(&self) {
        self.lock().wake = true;
    }
}
