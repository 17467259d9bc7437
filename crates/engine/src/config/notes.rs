//! Notes about a configuration: texts that cost more than one segment, and texts whose variable may have no value.

use frontdesk_sms::MessageKind;
use frontdesk_types::{QueueId, Variable};

use super::{Center, Problem};

/// Messages that would have a hole where a value is unknown, by their path: they need an alternative after `@{ELSE}`.
pub(super) fn texts_with_holes(center: &Center) -> Vec<Problem> {
    let mut holes = Vec::new();
    for place in std::iter::once(None).chain(center.tree.ids().map(Some)) {
        for (language, kind) in center
            .languages
            .iter()
            .flat_map(|language| MessageKind::ALL.map(|kind| (*language, kind)))
        {
            let Some(template) = center.sms.template(place, kind, language) else { continue };
            if place.is_some() && center.sms.template(None, kind, language) == Some(template) {
                continue;
            }
            for variable in [Variable::EstimatedWaitTime, Variable::NextReopenHour] {
                if template.needs(variable) {
                    let queue = place.map_or_else(String::new, |id| path_of(center, id));
                    holes.push(Problem {
                        path: format!("{queue}messages.{language}.{}", kind.key()),
                        message: format!(
                            "{variable} may be unknown: write after @{{ELSE}} what is said then"
                        ),
                    });
                }
            }
        }
    }
    holes
}

/// Messages of more than one segment, by their path.
pub(super) fn long_messages(center: &Center) -> Vec<Problem> {
    let mut long = Vec::new();
    let places = std::iter::once(None).chain(center.tree.ids().map(Some));
    for place in places {
        for language in &center.languages {
            for kind in MessageKind::ALL {
                let Some(template) = center.sms.template(place, kind, *language) else { continue };
                let above = center.sms.template(None, kind, *language);
                // What a queue has from the center is told there.
                if place.is_some() && above == Some(template) {
                    continue;
                }
                let cost = kind.typical_cost(template, &center.company, *language);
                if cost.segments > 1 {
                    let queue = place.map_or_else(String::new, |id| path_of(center, id));
                    long.push(Problem {
                        path: format!("{queue}messages.{language}.{}", kind.key()),
                        message: format!(
                            "takes {} segments ({}, {} units) with usual values",
                            cost.segments, cost.encoding, cost.units
                        ),
                    });
                }
            }
        }
    }
    long
}

/// The beginning of the path of a queue's settings.
fn path_of(center: &Center, id: &QueueId) -> String {
    let queues = &center.document.queues;
    let place = queues.iter().position(|queue| queue.id == id.as_str());
    place.map_or_else(String::new, |place| format!("queues[{place}]."))
}
