//! Which settings hold in a queue, and where each comes from (RTE-2).

use std::collections::BTreeMap;

use frontdesk_routing::Tree;
use frontdesk_types::QueueId;
use serde::Serialize;
use serde_json::Value;

use super::{
    CallQueueSection, Center, HoursSection, MessagesSection, RoutingSection, TimersSection,
};

/// A setting that holds in a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// As the document has it: `routing.wrap_up_seconds`, `timers.chat_timeout`, `messages.en.waiting`.
    pub name: String,
    /// What it is.
    pub value: Value,
    /// The node of the menu that sets it: the queue itself, or the nearest above; `None` is the center.
    pub from: Option<QueueId>,
}

type Settings = BTreeMap<String, Value>;

impl Center {
    /// What is set for a queue of texts or of the phone menu, there or above, each with where it comes from (RTE-2);
    /// defaults are not among it.
    pub fn settings(&self, queue: &QueueId) -> Vec<Setting> {
        let document = &self.document;
        if self.tree.node(queue).is_some() {
            let hours = document.hours.as_ref();
            let center = (&document.routing, &document.timers, hours, &document.messages);
            return inherited(&self.tree, &set(center), queue, |id| {
                let queue = document.queues.iter().find(|queue| queue.id == id.as_str())?;
                Some(set((&queue.routing, &queue.timers, queue.hours.as_ref(), &queue.messages)))
            });
        }
        let (Some(calls), Some(section)) = (&self.calls, &document.calls) else {
            return Vec::new();
        };
        let mut center = Settings::new();
        add_messages(&mut center, &document.messages);
        center.extend(document.hours.as_ref().map(|hours| ("hours".to_owned(), json(hours))));
        inherited(&calls.tree, &center, queue, |id| {
            section.queues.iter().find(|queue| queue.id == id.as_str()).map(phones)
        })
    }
}

/// What is set in a node of a tree, there or above.
fn inherited(
    tree: &Tree,
    center: &Settings,
    id: &QueueId,
    own: impl Fn(&QueueId) -> Option<Settings>,
) -> Vec<Setting> {
    let mut all: BTreeMap<String, Setting> = BTreeMap::new();
    let setting = |name: &String, value: &Value, from| {
        (name.clone(), Setting { name: name.clone(), value: value.clone(), from })
    };
    all.extend(center.iter().map(|(name, value)| setting(name, value, None)));
    // From the top down: what is nearer stands instead.
    let way: Vec<&QueueId> = tree.upwards(id).collect();
    for at in way.into_iter().rev() {
        let own = own(at).unwrap_or_default();
        all.extend(own.iter().map(|(name, value)| setting(name, value, Some(at.clone()))));
    }
    all.into_values().collect()
}

type Sections<'a> = (
    &'a RoutingSection,
    &'a TimersSection,
    Option<&'a HoursSection>,
    &'a BTreeMap<String, MessagesSection>,
);

/// What sections set, by the names of the document. Hours are one setting: a queue's own replace all.
fn set((routing, timers, hours, messages): Sections<'_>) -> Settings {
    let mut settings = Settings::new();
    add(&mut settings, "routing", json(routing));
    add(&mut settings, "timers", json(timers));
    add_messages(&mut settings, messages);
    settings.extend(hours.map(|hours| ("hours".to_owned(), json(hours))));
    settings
}

/// What a section of the phone menu sets.
fn phones(queue: &CallQueueSection) -> Settings {
    let mut settings = Settings::new();
    let values = [
        ("over_capacity", json(&queue.over_capacity)),
        ("once_per_number", json(&queue.once_per_number)),
        ("wait_time", json(&queue.wait_time)),
        ("deflection", json(&queue.deflection)),
        ("hours", json(&queue.hours)),
    ];
    let set = values.into_iter().filter(|(_, value)| !value.is_null());
    settings.extend(set.map(|(name, value)| (name.to_owned(), value)));
    add_messages(&mut settings, &queue.messages);
    settings
}

fn add_messages(settings: &mut Settings, messages: &BTreeMap<String, MessagesSection>) {
    for (language, messages) in messages {
        add(settings, &format!("messages.{language}"), json(messages));
    }
}

/// The values of a section that are set.
fn add(settings: &mut Settings, section: &str, values: Value) {
    let Value::Object(values) = values else { return };
    let set = values.into_iter().filter(|(_, value)| !value.is_null());
    settings.extend(set.map(|(name, value)| (format!("{section}.{name}"), value)));
}

fn json(section: &impl Serialize) -> Value {
    serde_json::to_value(section).unwrap_or_default()
}
