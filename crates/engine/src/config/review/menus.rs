//! Ways through the menus: queues that nothing leads to, menus that lead nowhere (EXT-2).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Review;
use crate::config::QueueSection;

/// Settings that name a queue to which sessions are sent.
const LEADING: [&str; 6] = ["fallback", "last_to", "queue", "to", "ivr", "sms"];
/// What a queue is written after, where something else may be named too: `queue:support`.
const PREFIX: &str = "queue:";

impl<'a> Review<'a> {
    pub(super) fn menus(&mut self) {
        let document = self.document;
        let mut below: BTreeMap<&str, Vec<&QueueSection>> = BTreeMap::new();
        for queue in &document.queues {
            if let Some(parent) = &queue.parent {
                below.entry(parent).or_default().push(queue);
            }
        }
        let reached = self.reached(&below);
        for (i, queue) in document.queues.iter().enumerate() {
            let path = format!("queues[{i}]");
            if let Some(options) = below.get(queue.id.as_str()) {
                self.dead_end(&path, options, &below);
            }
            if reached.contains(queue.id.as_str()) {
                continue;
            }
            // Where the queue above is not reached, it alone is told.
            let above = queue.parent.as_deref().and_then(|parent| self.queues.get(parent));
            if above.is_some_and(|above| !reached.contains(above.id.as_str())) {
                continue;
            }
            // A queue above that is not there is told.
            if queue.parent.is_some() && above.is_none() {
                continue;
            }
            let way = "it has no number, and no menu, keyword, fallback or offer leads to it";
            if queue.closed_to_transfers || !queue.hidden {
                self.warn("queue-unreachable", path, format!("nothing leads to it: {way}"));
            } else {
                self.note("queue-unreachable", path, format!("only transfers lead to it: {way}"));
            }
        }
    }

    /// The queues that consumers can come to.
    fn reached(&self, below: &BTreeMap<&'a str, Vec<&'a QueueSection>>) -> BTreeSet<&'a str> {
        let document = self.document;
        let mut named = BTreeSet::new();
        let written = serde_json::to_value(document).unwrap_or_default();
        leading(&written, "", &mut named);
        let mut left: Vec<&str> = document
            .queues
            .iter()
            .filter(|queue| !queue.numbers.is_empty() || named.contains(&queue.id))
            .map(|queue| queue.id.as_str())
            .collect();
        let mut reached = BTreeSet::new();
        while let Some(id) = left.pop() {
            if !reached.insert(id) {
                continue;
            }
            let options = below.get(id).into_iter().flatten();
            let shown = options.filter(|queue| !queue.hidden || !queue.keywords.is_empty());
            left.extend(shown.map(|queue| queue.id.as_str()));
        }
        reached
    }

    fn dead_end(
        &mut self,
        path: &str,
        options: &[&QueueSection],
        below: &BTreeMap<&str, Vec<&QueueSection>>,
    ) {
        if options.iter().all(|option| option.hidden) {
            self.warn(
                "menu-dead-end",
                path,
                "is a menu that shows nothing to choose: everything below it is hidden",
            );
        } else if options
            .iter()
            .all(|option| option.language.is_some() && !below.contains_key(option.id.as_str()))
        {
            self.warn(
                "menu-dead-end",
                path,
                "is a menu that leads to no queue: everything below it only changes the language",
            );
        }
    }
}

/// The queues that settings lead to, at any place of the document.
fn leading(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(settings) => {
            for (name, value) in settings {
                leading(value, name, found);
            }
        }
        Value::Array(values) => {
            for value in values {
                leading(value, name, found);
            }
        }
        Value::String(text) => {
            if let Some(queue) = text.strip_prefix(PREFIX) {
                found.insert(queue.to_owned());
            } else if LEADING.contains(&name) {
                found.insert(text.clone());
            }
        }
        _ => {}
    }
}
