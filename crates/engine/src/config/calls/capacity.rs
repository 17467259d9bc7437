//! When too many wait in a queue of the phone menu, and what callers are offered then (RTE-13).

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use frontdesk_hours::Schedule;
use frontdesk_routing::{Band, CapacityRules, WaitingConsumer};
use frontdesk_sms::{Capacity, CapacityOffer, DeflectionRule, WaitingCaller};
use frontdesk_types::{Alternative, Channel, Instant, QueueId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{HoursSection, check::Context, hours::schedule, offers::alternative},
    minutes,
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
    hours: Vec<Option<Arc<Schedule>>>,
}

impl Capacity for QueueCapacity {
    fn next(&self, caller: &WaitingCaller, at: Instant) -> Option<CapacityOffer> {
        let hours = |band: usize, at| match self.hours.get(band).and_then(Option::as_ref) {
            None => Some(at),
            Some(hours) => hours.next_opening(at),
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

/// The bands of a section, for the queues that inherit them.
#[derive(Debug, Clone, Default)]
pub(super) struct Bands {
    path: String,
    all: Vec<(Band, Vec<Offer>)>,
    hours: Vec<Option<Arc<Schedule>>>,
}

/// What a word offers.
#[derive(Debug, Clone)]
enum Offer {
    Is(Alternative),
    /// The deflection of the queue in which it is offered.
    Text,
}

/// Reads the bands; `leaves` are the queues that callers wait in.
pub(super) fn bands(
    path: &str,
    sections: &[OverCapacitySection],
    leaves: &BTreeSet<&QueueId>,
    context: &mut Context,
) -> Bands {
    let mut bands = Bands { path: path.to_owned(), ..Bands::default() };
    for (i, section) in sections.iter().enumerate() {
        let path = format!("{path}[{i}]");
        let waited = Some(section.waited_seconds);
        let waited = context.within(&format!("{path}.waited_seconds"), waited, 0..=7200, 0);
        let estimate = minutes(&format!("{path}.estimate"), section.estimate, context);
        let mut offers = Vec::new();
        for (i, word) in section.offers.iter().enumerate() {
            let offer = offer(word, leaves);
            offers.extend(context.problems.check(&format!("{path}.offers[{i}]"), offer));
        }
        let band = Band {
            estimate: TimeDelta::minutes(estimate.into()),
            waited: TimeDelta::seconds(waited.into()),
            alternatives: Vec::new(),
        };
        bands.all.push((band, offers));
        let own = section.hours.as_ref();
        bands.hours.push(own.and_then(|hours| schedule(&format!("{path}.hours"), hours, context)));
    }
    bands
}

fn offer(word: &str, leaves: &BTreeSet<&QueueId>) -> Result<Offer, String> {
    if word == "text" {
        return Ok(Offer::Text);
    }
    let allowed = "callback, message, text, voicemail, queue:… and number:…";
    alternative(word, |id| leaves.contains(id), allowed).map(Offer::Is)
}

impl Bands {
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The rules of a queue that has these bands.
    pub(super) fn rules(
        &self,
        queue: &QueueId,
        once_per_number: bool,
        deflection: Option<&DeflectionRule>,
        context: &mut Context,
    ) -> CapacityRules {
        let mut rules = CapacityRules { bands: Vec::new(), once_per_number };
        for (i, (band, offers)) in self.all.iter().enumerate() {
            let mut alternatives = Vec::new();
            for (j, offer) in offers.iter().enumerate() {
                match (offer, deflection) {
                    (Offer::Is(alternative), _) => alternatives.push(alternative.clone()),
                    (Offer::Text, Some(rule)) => {
                        alternatives.push(Alternative::PreSessionSms(rule.to.clone()));
                    }
                    (Offer::Text, None) => {
                        let path = format!("{}[{i}].offers[{j}]", self.path);
                        let message =
                            format!("`{queue}` has no deflection that says where the chat waits");
                        context.problems.add(path, message);
                    }
                }
            }
            rules.bands.push(Band { alternatives, ..band.clone() });
        }
        for problem in rules.problems(Channel::Ivr) {
            context.problems.add(self.path.clone(), problem);
        }
        rules
    }

    /// What the call's machine asks.
    pub(super) fn capacity(&self, rules: CapacityRules) -> Arc<dyn Capacity> {
        Arc::new(QueueCapacity { rules, hours: self.hours.clone() })
    }
}
