//! The shape of the document: TOML, then the JSON Schema, which finds every wrong type, missing field and
//! unknown name at once, where a deserialiser stops at the first.

use jsonschema::{Validator, error::ValidationErrorKind};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Document, Problems};

/// Without references, so that the schema of a section can stand in that of the document.
pub(super) fn schema<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

pub(super) fn read(text: &str) -> Result<Document, Problems> {
    let mut problems = Problems::default();
    match toml::from_str(text) {
        Ok(value) => typed("", &json(value)),
        Err(error) => {
            let line = error.span().map_or(1, |span| {
                text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
            });
            problems.add(format!("line {line}"), error.message());
            Err(problems)
        }
    }
}

/// TOML's dates and times as texts, as in JSON.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::Array(values) => values.into_iter().map(json).collect(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(value) => value.to_string().into(),
        toml::Value::Float(value) => value.into(),
        toml::Value::Integer(value) => value.into(),
        toml::Value::String(value) => value.into(),
        toml::Value::Table(values) => {
            values.into_iter().map(|(name, value)| (name, json(value))).collect()
        }
    }
}

/// The section at `section`, with the shape of its type.
pub(super) fn typed<T: DeserializeOwned + JsonSchema>(
    section: &str,
    value: &Value,
) -> Result<T, Problems> {
    let mut found = Problems::default();
    let schema = schema::<T>();
    match jsonschema::validator_for(&schema) {
        Ok(validator) => shape(&validator, &schema, value, &mut found),
        Err(error) => found.add("", error),
    }
    if !found.0.is_empty() {
        return Err(found.within(section));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        found.add(error.path().to_string(), error.inner());
        found.within(section)
    })
}

fn shape(validator: &Validator, schema: &Value, value: &Value, problems: &mut Problems) {
    for error in validator.iter_errors(value) {
        let path = path(&error.instance_path().to_string());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let allowed = allowed(&properties(schema, &path));
                for name in unexpected {
                    problems.add(join(&path, name), format!("there is no such setting{allowed}"));
                }
            }
            ValidationErrorKind::Required { property } => {
                problems.add(join(&path, property.as_str().unwrap_or_default()), "is missing");
            }
            ValidationErrorKind::Type { .. } => {
                // "value is not of types "null", "integer"": an optional setting may be left out.
                let expected = error.masked().to_string().replace("\"null\", ", "");
                let expected = expected.rsplit_once(" of type").map_or("", |(_, types)| types);
                let expected = expected.trim_start_matches('s').trim();
                problems.add(path, format!("found {}, allowed is {expected}", error.instance()));
            }
            ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
                let alternatives = schema.pointer(&error.schema_path().to_string());
                let allowed = allowed(&alternatives.map(words).unwrap_or_default());
                problems.add(path, format!("found {}{allowed}", error.instance()));
            }
            _ => problems.add(path, error.masked().to_string().replace("value", "this")),
        }
    }
}

/// The settings of the section at a path, for "allowed are".
fn properties(schema: &Value, path: &str) -> Vec<String> {
    let mut at = schema;
    for name in path.split('.').map(|part| part.split('[').next().unwrap_or_default()) {
        if !name.is_empty() {
            at = some(&at["properties"][name]);
        }
        if at["type"] == "array" {
            at = some(&at["items"]);
        }
    }
    let properties = at["properties"].as_object();
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

/// What may stand where there are several shapes: words, or what kind of thing.
fn words(alternatives: &Value) -> Vec<String> {
    let all = alternatives.as_array().into_iter().flatten();
    all.flat_map(|shape| match (&shape["const"], shape["type"].as_str()) {
        (Value::String(word), _) => vec![word.clone()],
        _ if shape["enum"].is_array() => {
            let words = shape["enum"].as_array().into_iter().flatten();
            words.filter_map(Value::as_str).map(str::to_owned).collect()
        }
        (_, Some("string")) => vec!["a text".into()],
        (_, Some("array")) => vec!["a list".into()],
        (_, Some("object")) => {
            let names = shape["properties"].as_object();
            let names: Vec<&str> =
                names.into_iter().flat_map(|names| names.keys().map(String::as_str)).collect();
            vec![if names.is_empty() {
                "a table".into()
            } else {
                format!("a table of {}", names.join(", "))
            }]
        }
        (_, Some(other)) if other != "null" => vec![format!("a value of type {other}")],
        _ => words(if shape["anyOf"].is_array() { &shape["anyOf"] } else { &shape["oneOf"] }),
    })
    .collect()
}

/// What an optional section is when it is there.
fn some(at: &Value) -> &Value {
    at["anyOf"].as_array().and_then(|any| any.first()).unwrap_or(at)
}

fn allowed(names: &[String]) -> String {
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

pub(super) fn join(path: &str, name: &str) -> String {
    match (path, name) {
        ("", alone) | (alone, "") => alone.to_owned(),
        _ => format!("{path}.{name}"),
    }
}
