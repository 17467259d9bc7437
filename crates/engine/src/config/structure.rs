//! The shape of the document: TOML, then the JSON Schema, which finds every wrong type, missing field and
//! unknown name at once, where a deserialiser stops at the first.

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::Value;

use super::{Document, Problems};

pub(super) fn schema() -> Value {
    schemars::schema_for!(Document).to_value()
}

pub(super) fn read(text: &str) -> Result<Document, Problems> {
    let mut problems = Problems::default();
    let value: Value = match toml::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let line = error.span().map_or(1, |span| {
                text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
            });
            problems.add(format!("line {line}"), error.message());
            return Err(problems);
        }
    };
    match jsonschema::validator_for(&schema()) {
        Ok(validator) => shape(&validator, &value, &mut problems),
        Err(error) => problems.add("", error),
    }
    if !problems.0.is_empty() {
        return Err(problems);
    }
    serde_json::from_value(value).map_err(|error| {
        problems.add("", error);
        problems
    })
}

fn shape(validator: &Validator, value: &Value, problems: &mut Problems) {
    for error in validator.iter_errors(value) {
        let path = path(&error.instance_path().to_string());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let allowed = allowed(validator_properties(&path));
                for name in unexpected {
                    problems.add(join(&path, name), format!("there is no such setting{allowed}"));
                }
            }
            ValidationErrorKind::Required { property } => {
                problems.add(join(&path, property.as_str().unwrap_or_default()), "is missing");
            }
            _ => problems.add(path, error.masked().to_string().replace("value", "this")),
        }
    }
}

/// The settings of the section at a path, for "allowed are".
fn validator_properties(path: &str) -> Vec<String> {
    let schema = schema();
    let mut at = &schema;
    for name in path.split('.').map(|part| part.split('[').next().unwrap_or_default()) {
        if name.is_empty() {
            break;
        }
        at = resolve(&schema, &at["properties"][name]);
        if at["type"] == "array" {
            at = resolve(&schema, &at["items"]);
        }
    }
    let properties = at["properties"].as_object();
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

fn resolve<'a>(schema: &'a Value, at: &'a Value) -> &'a Value {
    let any = at["anyOf"].as_array().and_then(|any| any.first());
    let at = any.unwrap_or(at);
    let name = at["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/"));
    name.map_or(at, |name| &schema["$defs"][name])
}

fn allowed(names: Vec<String>) -> String {
    if names.is_empty() { String::new() } else { format!("; allowed are {}", names.join(", ")) }
}

/// `/queues/3/id` as `queues[3].id`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            path = join(&path, part);
        }
    }
    path
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
