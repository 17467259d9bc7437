//! The shape of the document: TOML, then the JSON Schema, which finds every wrong type, missing field and
//! unknown name at once, where a deserialiser stops at the first.

use jsonschema::{Validator, error::ValidationErrorKind};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use toml::de::DeTable;

use super::{
    Document, Problems,
    mend::{Misspelt, mend, misspelt},
    paths::LINE,
};

/// A document as far as it could be read.
pub(super) struct Read {
    /// Mended, where its shape is wrong; `None` if that could not be done.
    pub(super) document: Option<Document>,
    /// Mistakes of shape, with blocks counted.
    pub(super) problems: Problems,
    /// As it was written.
    pub(super) written: Value,
}

/// Without references, so that the schema of a section can stand in that of the document.
pub(super) fn schema<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

pub(super) fn read(text: &str) -> Read {
    let mut problems = Problems::default();
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        problems.add(format!("{LINE}{}", before.matches('\n').count() + 1), error.message());
    }
    // What follows a mistake of syntax may be read wrongly: only those are told.
    let value = match toml::Value::deserialize(toml::de::Deserializer::from(table)) {
        Ok(value) if errors.is_empty() => Some(json(value)),
        Err(error) if errors.is_empty() => {
            problems.add(format!("{LINE}1"), error.message());
            None
        }
        _ => None,
    };
    let Some(written) = value else {
        return Read { document: None, problems, written: Value::Null };
    };
    let (document, problems) = document(&written);
    Read { document, problems, written }
}

/// The document of a value, mended where its shape is wrong, and what is wrong.
fn document(value: &Value) -> (Option<Document>, Problems) {
    let mut problems = Problems::default();
    let schema = schema::<Document>();
    let validator = match jsonschema::validator_for(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            problems.add("", error);
            return (None, problems);
        }
    };
    let misspelt = misspelt(&validator, &schema, value);
    shape(&validator, &schema, value, &misspelt, &mut problems);
    let mended = if problems.0.is_empty() {
        Some(value.clone())
    } else {
        mend(&validator, &schema, value, &misspelt)
    };
    let Some(mended) = mended else { return (None, problems) };
    match serde_path_to_error::deserialize::<_, Document>(&mended) {
        Ok(document) => (Some(document), problems),
        Err(error) => {
            // Of a mended document, what is wrong has been told.
            if problems.0.is_empty() {
                problems.add(error.path().to_string(), error.inner());
            }
            (None, problems)
        }
    }
}

/// The `[host]` section, which the engine does not read; one that is not there is an empty one.
pub(super) fn host<T: DeserializeOwned + JsonSchema>(section: &Value) -> Result<T, Problems> {
    match section {
        Value::Null => typed("host", &serde_json::json!({})),
        section => typed("host", section),
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
        Ok(validator) => {
            let misspelt = misspelt(&validator, &schema, value);
            shape(&validator, &schema, value, &misspelt, &mut found);
        }
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

fn shape(
    validator: &Validator,
    schema: &Value,
    value: &Value,
    misspelt: &Misspelt,
    problems: &mut Problems,
) {
    for error in validator.iter_errors(value) {
        let at = error.instance_path().to_string();
        let path = path(&at);
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let allowed = allowed(&properties(schema, &path));
                for name in unexpected {
                    let meant = misspelt.get(&(at.clone(), name.clone()));
                    let meant = meant.map(|meant| format!("; did you mean `{meant}`?"));
                    let meant = meant.unwrap_or_default();
                    let message = format!("there is no such setting{allowed}{meant}");
                    problems.add(join(&path, name), message);
                }
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                // A setting that is misspelt is told once.
                let told = |((place, _), meant): (&(String, String), &String)| {
                    *place == at && meant == name
                };
                if !misspelt.iter().any(told) {
                    problems.add(join(&path, name), "is missing");
                }
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
pub(super) fn properties(schema: &Value, path: &str) -> Vec<String> {
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
pub(super) fn path(pointer: &str) -> String {
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
