//! When too many wait in a queue of the phone menu, and what callers are offered then (RTE-13).

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use frontdesk_hours::{Status, Week};
use frontdesk_routing::{Band, CapacityRules, WaitingConsumer, circles};
use frontdesk_sms::{Capacity, CapacityOffer, DeflectionRule, WaitingCaller};
use frontdesk_types::{Alternative, Channel, Instant, QueueId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    CallQueueSection, HoursSection,
    calls::minutes,
    check::{Context, week},
};

/// A queue is over capacity when the caller has waited longer than one and the estimate is above the other. Of
/// several, the last that holds counts; a caller is asked once in each.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverCapacitySection {
    /// How long the caller has waited, in seconds, 0 to 7200.
    pub waited_seconds: u32,
    /// The estimated wait, in minutes, 0 to 300; those of later bands are not shorter.
    pub estimate: u32,
    /// Only at these hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursSection>,
    /// What is offered beside waiting, from key 2 on: `callback` (keeps the place), `message`, `text` (the queue's
    /// `deflection`), `voicemail`, `queue:phone-sales`, `number:+12025550177`. Without any, callers are told that many
    /// wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<String>,
}

/// The rules of a queue, with the hours of its bands.
#[derive(Debug)]
struct QueueCapacity {
    rules: CapacityRules,
    hours: Vec<Option<Arc<Week>>>,
}

impl Capacity for QueueCapacity {
    fn next(&self, caller: &WaitingCaller, at: Instant) -> Option<CapacityOffer> {
        let hours = |band: usize, at| match self.hours.get(band).and_then(Option::as_ref) {
            None => Some(at),
            Some(week) => match week.status(at) {
                Status::Open { .. } => Some(at),
                Status::Closed { opens } => opens,
            },
        };
        let consumer = WaitingConsumer {
            channel: Channel::Ivr,
            since: caller.since,
            estimate: caller.estimate.map(|minutes| TimeDelta::minutes(minutes.into())),
            asked_in: caller.asked_in.and_then(|band| band.try_into().ok()),
            has_voicemail: caller.has_voicemail,
            // A number has one call at a time: who is to be called back and calls again has theirs back.
            has_callback: false,
        };
        let offer = self.rules.next(&consumer, at, hours)?;
        let band = offer.band.try_into().ok()?;
        Some(CapacityOffer { at: offer.at, band, alternatives: offer.alternatives })
    }
}

/// The rules of a queue, as far as it has some.
pub(super) fn capacity(
    path: &str,
    section: &CallQueueSection,
    deflection: Option<&DeflectionRule>,
    context: &mut Context,
) -> Option<Arc<dyn Capacity>> {
    let (mut bands, mut hours) = (Vec::new(), Vec::new());
    for (i, section) in section.over_capacity.iter().enumerate() {
        let path = format!("{path}.over_capacity[{i}]");
        let waited = Some(section.waited_seconds);
        let waited = context.within(&format!("{path}.waited_seconds"), waited, 0..=7200, 0);
        let estimate = minutes(&format!("{path}.estimate"), section.estimate, context);
        let mut alternatives = Vec::new();
        for (i, word) in section.offers.iter().enumerate() {
            let offer = offer(word, deflection);
            alternatives.extend(context.problems.check(&format!("{path}.offers[{i}]"), offer));
        }
        bands.push(Band {
            estimate: TimeDelta::minutes(estimate.into()),
            waited: TimeDelta::seconds(waited.into()),
            alternatives,
        });
        let own = section.hours.as_ref();
        hours.push(own.and_then(|hours| week(&format!("{path}.hours"), hours, context)));
    }
    let rules = CapacityRules { bands, once_per_number: section.once_per_number };
    for problem in rules.problems(Channel::Ivr) {
        context.problems.add(format!("{path}.over_capacity"), problem);
    }
    (!rules.bands.is_empty()).then(|| Arc::new(QueueCapacity { rules, hours }) as Arc<dyn Capacity>)
}

fn offer(word: &str, deflection: Option<&DeflectionRule>) -> Result<Alternative, String> {
    match word.split_once(':') {
        None if word == "callback" => Ok(Alternative::Callback),
        None if word == "message" => Ok(Alternative::Message),
        None if word == "voicemail" => Ok(Alternative::Voicemail),
        None if word == "text" => match deflection {
            Some(rule) => Ok(Alternative::PreSessionSms(rule.to.clone())),
            None => Err("the queue has no `deflection` that says where the chat waits".to_owned()),
        },
        Some(("queue", id)) => {
            id.parse().map(Alternative::Queue).map_err(|error| error.to_string())
        }
        Some(("number", number)) => {
            number.parse().map(Alternative::PhoneNumber).map_err(|error| error.to_string())
        }
        _ => Err(format!(
            "`{word}` cannot be offered; allowed are callback, message, text, voicemail, queue:… and number:…"
        )),
    }
}

/// Queues that are offered are there, are others, and do not send callers round in a circle.
pub(super) fn offered_queues(sections: &[CallQueueSection], context: &mut Context) {
    let known: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    let mut all: BTreeMap<QueueId, CapacityRules> = BTreeMap::new();
    for (i, section) in sections.iter().enumerate() {
        let mut alternatives = Vec::new();
        for (j, band) in section.over_capacity.iter().enumerate() {
            for (k, word) in band.offers.iter().enumerate() {
                let Some(id) = word.strip_prefix("queue:") else { continue };
                if !known.contains(&id) {
                    let path = format!("calls.queues[{i}].over_capacity[{j}].offers[{k}]");
                    let message = format!("there is no queue `{id}` in the phone menu");
                    context.problems.add(path, message);
                }
                alternatives.extend(id.parse().ok().map(Alternative::Queue));
            }
        }
        let any = TimeDelta::zero();
        let band = Band { estimate: any, waited: any, alternatives };
        if let Ok(id) = section.id.parse() {
            all.insert(id, CapacityRules { bands: vec![band], once_per_number: false });
        }
    }
    for circle in circles(&all) {
        context.problems.add("calls.queues", circle);
    }
}
