//! A document with a wrong shape is mended for the rest of the check, so that mistakes of meaning are told in the same
//! run: what has a wrong shape is left out, and what is missing gets a stand-in. What was found in those places stays.

use std::collections::BTreeMap;

use frontdesk_types::edit_distance;
use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::{Map, Value};

use super::{ids::STAND_IN, structure::properties};

/// A stand-in may lack something itself: so often the document is looked at again.
const ROUNDS: usize = 8;
/// Letters by which a misspelt setting may differ.
const MISSPELT: usize = 2;

/// The settings that misspelt ones stand for: their place, what was written, what is meant.
pub(super) type Misspelt = BTreeMap<(String, String), String>;

/// A change that mends a document.
enum Step {
    Insert { at: String, name: String, value: Value },
    Remove { at: String, name: String },
    Replace { at: String, value: Value },
}

/// Names that are no setting, but differ little from one that is missing beside them.
pub(super) fn misspelt(validator: &Validator, schema: &Value, value: &Value) -> Misspelt {
    let mut found = Misspelt::new();
    for error in validator.iter_errors(value) {
        let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() else {
            continue;
        };
        let at = error.instance_path().to_string();
        let there = value.pointer(&at).and_then(Value::as_object);
        let allowed = properties(schema, &super::structure::path(&at));
        for name in unexpected {
            let free = allowed.iter().filter(|it| !there.is_some_and(|at| at.contains_key(*it)));
            let nearest = free.map(|it| (edit_distance(name, it), it)).min();
            if let Some((_, meant)) = nearest.filter(|(distance, _)| *distance <= MISSPELT) {
                found.insert((at.clone(), name.clone()), meant.clone());
            }
        }
    }
    found
}

/// The document as it may be read; `None` if it cannot be mended.
pub(super) fn mend(
    validator: &Validator,
    schema: &Value,
    value: &Value,
    misspelt: &Misspelt,
) -> Option<Value> {
    let mut mended = value.clone();
    for ((at, name), meant) in misspelt {
        let there = mended.pointer_mut(at).and_then(Value::as_object_mut)?;
        if let Some(value) = there.remove(name) {
            there.insert(meant.clone(), value);
        }
    }
    let mut count = 0;
    for _ in 0..ROUNDS {
        let steps: Vec<Step> = validator
            .iter_errors(&mended)
            .flat_map(|error| steps(&error, schema, &mut count))
            .collect();
        if steps.is_empty() {
            return Some(mended);
        }
        for step in steps {
            step.take(&mut mended);
        }
    }
    None
}

fn steps(error: &jsonschema::ValidationError<'_>, schema: &Value, count: &mut usize) -> Vec<Step> {
    let at = error.instance_path().to_string();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let remove = |name: &String| Step::Remove { at: at.clone(), name: name.clone() };
            unexpected.iter().map(remove).collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default().to_owned();
            *count += 1;
            let value = stand_in(&schema_at(schema, &format!("{at}/{name}")), *count);
            vec![Step::Insert { at, name, value }]
        }
        _ => match at.rsplit_once('/') {
            Some((_, last)) if last.bytes().all(|byte| byte.is_ascii_digit()) => {
                *count += 1;
                let value = stand_in(&schema_at(schema, &at), *count);
                vec![Step::Replace { at, value }]
            }
            Some((above, name)) => {
                vec![Step::Remove { at: above.to_owned(), name: unescaped(name) }]
            }
            None => Vec::new(),
        },
    }
}

impl Step {
    fn take(self, document: &mut Value) {
        match self {
            Self::Insert { at, name, value } => {
                if let Some(there) = document.pointer_mut(&at).and_then(Value::as_object_mut) {
                    there.entry(name).or_insert(value);
                }
            }
            Self::Remove { at, name } => {
                if let Some(there) = document.pointer_mut(&at).and_then(Value::as_object_mut) {
                    there.remove(&name);
                }
            }
            Self::Replace { at, value } => {
                if let Some(there) = document.pointer_mut(&at) {
                    *there = value;
                }
            }
        }
    }
}

/// The schema of a place.
pub(super) fn schema_at(schema: &Value, pointer: &str) -> Value {
    let mut at = schema;
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        at = present(at);
        at = if part.bytes().all(|byte| byte.is_ascii_digit()) && at["items"].is_object() {
            &at["items"]
        } else if at["properties"][unescaped(part)].is_object() {
            &at["properties"][unescaped(part)]
        } else {
            &at["additionalProperties"]
        };
    }
    present(at).clone()
}

/// An optional or manifold section is its first form here.
fn present(at: &Value) -> &Value {
    let forms = at["anyOf"].as_array().or_else(|| at["oneOf"].as_array());
    forms.and_then(|forms| forms.iter().find(|form| form["type"] != "null")).unwrap_or(at)
}

/// A value of the type, that no other has.
fn stand_in(schema: &Value, count: usize) -> Value {
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
        kind => kind.as_str().unwrap_or_default(),
    };
    if let Some(word) = schema["enum"].as_array().and_then(|words| words.first()) {
        return word.clone();
    }
    match kind {
        "array" => Value::Array(Vec::new()),
        "boolean" => false.into(),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| 1.into()),
        "object" => Value::Object(Map::new()),
        _ => format!("{STAND_IN}{count}").into(),
    }
}

/// `~1` is a slash in a JSON pointer, and `~0` a tilde.
fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
