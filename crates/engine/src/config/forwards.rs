//! What is offered outside of hours and helps nobody: a queue that is closed then too, and a call that nobody makes (EXT-2).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use frontdesk_hours::{Answer, Deflection, Medium, Schedule, Visit};
use frontdesk_types::{Alternative, Channel, Instant, QueueId};

use super::{Center, Problem};

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

/// Offers of a queue that is closed whenever the one that offers it is, and offers nothing then itself.
pub(super) fn closed_too(center: &Center, now: Instant) -> Vec<Problem> {
    let mut found = Vec::new();
    for offered in offered(center) {
        let Some(to) = offered.deflection.queue() else { continue };
        if !offered.helps(center, now) {
            let message = format!(
                "leads to `{to}`, which is closed whenever `{}` is: offer a message, or a queue with other hours",
                offered.node
            );
            found.push(Problem { path: offered.path, message });
        }
    }
    found
}

/// Scheduled calls that nobody is there to make.
pub(super) fn calls_of_nobody(center: &Center) -> Vec<Problem> {
    let mut found = Vec::new();
    for offered in offered(center) {
        let scheduled = offered.deflection.offers().contains(&Alternative::ScheduledCall);
        if scheduled && center.call_agents(offered.node).is_empty() {
            let message = format!(
                "offers calls of `{}`, which has no agents who make them: name agents or teams of the queue of calls",
                offered.node
            );
            found.push(Problem { path: offered.path, message });
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

/// What the queues that consumers wait in offer outside of hours, their own and the center's.
fn offered(center: &Center) -> Vec<Offered<'_>> {
    let paths = paths(center);
    let mut all = Vec::new();
    for (node, path) in &paths {
        let Some((node, _)) = center.hours.get_key_value(node) else { continue };
        for medium in [Medium::Chat, Medium::Call] {
            for entry_point in [Channel::Sms, Channel::Ivr, Channel::Mobile, Channel::Web] {
                let Some(deflection) = center.after_hours.own(node, (medium, entry_point)) else {
                    continue;
                };
                let visit = Visit { medium, entry_point, ..center.usual_visit(node) };
                let path = format!("{path}.after_hours");
                all.push(Offered { path, node, visit, deflection });
            }
        }
    }
    all
}

/// The place of each node of the menus in the document.
fn paths(center: &Center) -> BTreeMap<QueueId, String> {
    let document = &center.document;
    let texts = document.queues.iter().enumerate();
    let texts = texts.map(|(i, queue)| (&queue.id, format!("queues[{i}]")));
    let calls = document.calls.iter().flat_map(|calls| calls.queues.iter().enumerate());
    let calls = calls.map(|(i, queue)| (&queue.id, format!("calls.queues[{i}]")));
    texts.chain(calls).filter_map(|(id, path)| Some((id.parse().ok()?, path))).collect()
}
