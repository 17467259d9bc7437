//! When agents come and go by their shifts, for the estimated wait (RTE-12).

use chrono::TimeDelta;
use frontdesk_hours::Status;
use frontdesk_routing::{Router, WaitTime};
use frontdesk_types::{Instant, Language, QueueId};

use crate::Center;

/// Shifts are told to the router for this time ahead, and again every hour.
const AHEAD: TimeDelta = TimeDelta::hours(12);
pub(super) const AGAIN: TimeDelta = TimeDelta::hours(1);

/// How long a consumer waits who comes to a queue now; `None` when nobody knows.
pub(super) fn wait_time(
    router: &Router,
    center: &Center,
    queue: &QueueId,
    language: Language,
    now: Instant,
) -> Option<WaitTime> {
    router.wait_time(&center.wait(queue, language, None, now), now).ok()
}

/// Tells the router when each agent with a shift comes and goes. Agents without a shift stay as they are.
pub(super) fn tell_shifts(router: &mut Router, center: &Center, now: Instant) {
    for (agent, _) in center.staff.agents() {
        let Some(shift) = center.shifts.get(agent) else { continue };
        let (mut at, mut changes) = (now, Vec::new());
        while at - now < AHEAD {
            let (next, comes) = match shift.status(at) {
                Status::Open { closes } => (closes, false),
                Status::Closed { opens } => (opens, true),
            };
            let Some(next) = next.filter(|next| *next > at) else { break };
            changes.push((next, comes));
            at = next;
        }
        // An agent of the configuration is known to a router that has it.
        let _ = router.expect(agent, &changes);
    }
}
