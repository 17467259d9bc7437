//! Ids that are none. Each is told where it is given, and another stands for it wherever it is meant, so that the rest of the document is
//! checked in the same run.

use std::{borrow::Cow, collections::BTreeMap};

use frontdesk_types::{AgentId, IdError, QueueId, TeamId};
use serde_json::Value;

use super::Problems;

/// Each stand-in for an id or a name that is none begins so. A finding that names one is dropped: its place has been told.
pub(super) const STAND_IN: &str = "stand-in-for-no-name-";

type Parse = fn(&str) -> Result<(), IdError>;

/// Where ids are given, and what they have to be.
const GIVEN: [(&str, Parse); 5] = [
    ("/agents", |id| id.parse::<AgentId>().map(drop)),
    ("/calls/queues", |id| id.parse::<QueueId>().map(drop)),
    ("/queues", |id| id.parse::<QueueId>().map(drop)),
    ("/teams", |id| id.parse::<TeamId>().map(drop)),
    ("/virtual_agents", |id| id.parse::<AgentId>().map(drop)),
];

/// The document with ids that are some.
pub(super) fn with_stand_ins<'a>(document: &'a Value, problems: &mut Problems) -> Cow<'a, Value> {
    let mut stand_ins = BTreeMap::new();
    for (place, parse) in GIVEN {
        let sections = document.pointer(place).and_then(Value::as_array).into_iter().flatten();
        for (i, section) in sections.enumerate() {
            let Some(id) = section["id"].as_str() else { continue };
            if let Err(error) = parse(id) {
                let place = place.trim_start_matches('/').replace('/', ".");
                problems.add(format!("{place}[{i}].id"), error);
                let count = stand_ins.len() + 1;
                stand_ins.entry(id).or_insert_with(|| format!("{STAND_IN}{count}"));
            }
        }
    }
    let mut document = Cow::Borrowed(document);
    if !stand_ins.is_empty() {
        replace(document.to_mut(), &stand_ins);
    }
    document
}

fn replace(value: &mut Value, stand_ins: &BTreeMap<&str, String>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, stand_ins)),
        Value::Object(settings) => {
            settings.values_mut().for_each(|value| replace(value, stand_ins));
        }
        Value::String(text) => {
            if let Some(stand_in) = stand_ins.get(text.as_str()) {
                text.clone_from(stand_in);
            }
        }
        _ => {}
    }
}
