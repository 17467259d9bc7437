//! What is offered outside of hours and helps nobody: a queue that is closed then too, and a call that nobody makes (EXT-2).

use chrono::TimeDelta;
use frontdesk_hours::{Answer, Deflection, Schedule, Visit};
use frontdesk_types::{Alternative, Channel, Instant, QueueId};

use super::{Center, Problem, after_hours::places};

/// Hours are compared over this span: two weeks hold every day of the week, and a clock change does not decide.
const SPAN: TimeDelta = TimeDelta::days(14);

/// Queues that lead to others, one after the other: what lies beyond is not compared.
const LONGEST_WAY: usize = 16;

/// An offer of a node, and its place.
struct Offered<'a> {
    path: String,
    node: &'a QueueId,
    visit: Visit,
    deflection: &'a Deflection,
}

/// Each problem with its rule.
pub(super) fn that_help_nobody(center: &Center, now: Instant) -> Vec<(&'static str, Problem)> {
    let mut found = Vec::new();
    for offered in offered(center) {
        let node = offered.node;
        if let Some(to) = offered.deflection.queue()
            && !offered.helps(center, now)
        {
            let message = format!(
                "leads to `{to}`, which is closed whenever `{node}` is: offer a message, or a queue with other hours"
            );
            found.push(("after-hours-closed", Problem { path: offered.path, message }));
        } else if offered.deflection.offers().contains(&Alternative::ScheduledCall)
            && center.call_agents(node).is_empty()
        {
            let message = format!(
                "offers calls of `{node}`, which has no agents who make them: name agents or teams of the queue of calls"
            );
            found.push(("calls-of-nobody", Problem { path: offered.path, message }));
        }
    }
    found
}

impl Offered<'_> {
    /// Whether somebody who comes while the node is closed finds anything, at some instant of the span.
    fn helps(&self, center: &Center, now: Instant) -> bool {
        let schedules: Vec<&Schedule> =
            self.way(center).filter_map(|queue| center.hours(queue, self.visit)).collect();
        let until = now + SPAN;
        let (mut at, mut closes) = (now, false);
        while at < until {
            if !center.is_open(self.node, self.visit, at) {
                closes = true;
                if center.answer(self.node, self.visit, at) != Answer::Closed {
                    return true;
                }
            }
            let changes = schedules.iter().filter_map(|hours| hours.next_change(at));
            let Some(next) = changes.min() else { break };
            at = next;
        }
        !closes
    }

    /// The node, and the queues that it leads to one after the other.
    fn way<'c>(&'c self, center: &'c Center) -> impl Iterator<Item = &'c QueueId> {
        let key = (self.visit.medium, self.visit.entry_point);
        let next = move |at: &&'c QueueId| center.after_hours.deflection(at, key)?.queue();
        std::iter::successors(Some(self.node), next).take(LONGEST_WAY)
    }
}

/// The own offers of queues and menus with hours.
fn offered(center: &Center) -> Vec<Offered<'_>> {
    let mut all = Vec::new();
    for place in places(&center.document) {
        let node = place.id.parse::<QueueId>().ok();
        let Some((node, _)) = node.and_then(|node| center.hours.get_key_value(&node)) else {
            continue;
        };
        for entry_point in [Channel::Sms, Channel::Ivr, Channel::Mobile, Channel::Web] {
            let key = (place.medium, entry_point);
            let Some(deflection) = center.after_hours.own(node, key) else { continue };
            let visit = Visit { medium: place.medium, entry_point, ..center.usual_visit(node) };
            let path = format!("{}.after_hours", place.path);
            all.push(Offered { path, node, visit, deflection });
        }
    }
    all
}
