//! Which settings hold in a queue, and where each comes from (RTE-2).

use std::collections::BTreeMap;

use frontdesk_routing::Tree;
use frontdesk_types::QueueId;
use serde::Serialize;
use serde_json::Value;

use super::{
    CallQueueSection, Document, HoursSection, MessagesSection, RoutingSection, TimersSection,
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

/// What is set in each queue of texts and of the phone menu, there or above; defaults are not among it.
pub(super) fn settings(
    document: &Document,
    texts: &Tree,
    phone: Option<&Tree>,
) -> BTreeMap<QueueId, Vec<Setting>> {
    let center = (&document.routing, &document.timers, document.hours.as_ref(), &document.messages);
    let own = document.queues.iter().filter_map(|queue| {
        let sections = (&queue.routing, &queue.timers, queue.hours.as_ref(), &queue.messages);
        Some((queue.id.parse().ok()?, set(sections)))
    });
    let mut all = inherited(texts, &set(center), &own.collect());
    if let (Some(tree), Some(calls)) = (phone, &document.calls) {
        let own =
            calls.queues.iter().filter_map(|queue| Some((queue.id.parse().ok()?, phones(queue))));
        let mut center = Settings::new();
        add_messages(&mut center, &document.messages);
        center.extend(document.hours.as_ref().map(|hours| ("hours".to_owned(), json(hours))));
        all.extend(inherited(tree, &center, &own.collect()));
    }
    all
}

/// What is set in each node of a tree, there or above.
fn inherited(
    tree: &Tree,
    center: &Settings,
    own: &BTreeMap<QueueId, Settings>,
) -> BTreeMap<QueueId, Vec<Setting>> {
    let of = |id: &QueueId| {
        // The names that are set anywhere from here to the top.
        let above = tree.upwards(id).filter_map(|at| own.get(at)).flat_map(BTreeMap::keys);
        let mut names: Vec<&String> = center.keys().chain(above).collect();
        names.sort();
        names.dedup();
        let setting = |name: &String| {
            let found = tree.inherited(id, |at| own.get(at)?.get(name));
            let (value, from) = match found {
                Some((value, from)) => (value, Some(from.clone())),
                None => (center.get(name)?, None),
            };
            Some(Setting { name: name.clone(), value: value.clone(), from })
        };
        names.into_iter().filter_map(setting).collect()
    };
    tree.ids().map(|id| (id.clone(), of(id))).collect()
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
