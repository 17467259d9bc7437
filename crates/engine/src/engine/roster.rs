//! When agents come and go, for the estimated wait (RTE-12).

use chrono::TimeDelta;
use frontdesk_hours::Status;
use frontdesk_routing::{Kind, LONGEST_WAIT, Router, WaitTime};
use frontdesk_types::{Instant, QueueId};

use crate::Center;

/// How long a consumer waits who comes to a queue now.
pub(super) fn wait_time(
    router: &Router,
    center: &Center,
    queue: &QueueId,
    now: Instant,
) -> Option<WaitTime> {
    router.wait_time(queue, Kind::Chat, now, &roster(router, center, queue, now))
}

/// For how many chats there are agents, from each instant on at which that changes, by their shifts. Who is
/// there leaves at the end of the shift; who is not comes at its beginning. Agents without a shift stay as
/// they are.
fn roster(router: &Router, center: &Center, queue: &QueueId, now: Instant) -> Vec<(Instant, f64)> {
    let mut changes: Vec<(Instant, f64)> = Vec::new();
    let mut places = 0.0;
    for agent in center.staff.agents_of(queue) {
        let chats = center.staff.agent_rules(agent).map_or(0, |rules| rules.chats);
        let chats = f64::from(chats);
        let mut there = router.status(agent).is_ok_and(|status| status.takes_sessions())
            || router.wrap_up(agent).is_some();
        if there {
            places += chats;
        }
        let Some(shift) = center.shifts.get(agent) else { continue };
        let mut at = now;
        while at - now < LONGEST_WAIT {
            let (next, comes) = match shift.status(at) {
                Status::Open { closes } => (closes, false),
                Status::Closed { opens } => (opens, true),
            };
            let Some(next) = next.filter(|next| *next > at) else { break };
            if comes != there {
                changes.push((next, if comes { chats } else { -chats }));
                there = comes;
            }
            at = next;
        }
    }
    changes.retain(|(at, _)| *at - now < LONGEST_WAIT + TimeDelta::seconds(1));
    changes.sort_by_key(|(at, _)| *at);
    for (_, change) in &mut changes {
        places += *change;
        *change = places.max(0.0);
    }
    changes
}
