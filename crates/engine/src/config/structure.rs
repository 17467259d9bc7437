//! The shape of the document: TOML, then the JSON Schema, which finds every wrong type, missing field and
//! unknown name at once, where a deserialiser stops at the first.

use jsonschema::{Validator, error::ValidationErrorKind};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use toml::de::{DeTable, DeValue};

use super::{
    Document, Problems, ids,
    mend::{Misspelt, mend, misspelt, schema_at},
    paths::{LINE, setting},
    syntax,
};

/// The most settings of a section that are told at once because they cannot be read.
const UNREADABLE: usize = 64;

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
    let (mut table, errors) = DeTable::parse_recoverable(text);
    syntax::tell(text, &errors, &mut problems);
    // A number that is too large is a text for the rest of the check: its place tells what is allowed there.
    too_large_as_texts(table.get_mut());
    // What follows a mistake of syntax may be read wrongly: only those are told.
    let value = match toml::Value::deserialize(toml::de::Deserializer::from(table)) {
        Ok(value) if errors.is_empty() => Some(json(value)),
        Err(error) if errors.is_empty() => {
            problems.add(format!("{LINE}{}", syntax::line_of(text, &error)), error.message());
            None
        }
        _ => None,
    };
    let Some(written) = value else {
        return Read { document: None, problems, written: Value::Null };
    };
    let well_named = ids::with_stand_ins(&written, &mut problems);
    let (document, shapes) = mended(&well_named);
    problems.0.extend(shapes.0);
    Read { document, problems, written }
}

/// Whole numbers of TOML have 64 bits, and so have others.
fn too_large_as_texts(table: &mut DeTable<'_>) {
    table.iter_mut().for_each(|(_, value)| too_large_as_text(value.get_mut()));
}

fn too_large_as_text(value: &mut DeValue<'_>) {
    match value {
        DeValue::Array(values) => {
            values.iter_mut().for_each(|value| too_large_as_text(value.get_mut()));
        }
        DeValue::Integer(number)
            if i64::from_str_radix(number.as_str(), number.radix()).is_err() =>
        {
            *value = DeValue::String(number.to_string().into());
        }
        // `inf` itself is a number of TOML.
        DeValue::Float(number)
            if !number.as_str().ends_with("inf")
                && number.as_str().parse::<f64>().is_ok_and(f64::is_infinite) =>
        {
            *value = DeValue::String(number.to_string().into());
        }
        DeValue::Table(table) => too_large_as_texts(table),
        _ => {}
    }
}

/// The `[host]` section, which the engine does not read; one that is not there is an empty one. Mended where its shape is wrong, with
/// every problem.
pub(super) fn host<T: DeserializeOwned + JsonSchema>(section: &Value) -> (Option<T>, Problems) {
    let (host, problems) = match section {
        Value::Null => mended(&serde_json::json!({})),
        section => mended(section),
    };
    (host, problems.within("host"))
}

/// A section as its type, mended where its shape is wrong, and what is wrong.
fn mended<T: DeserializeOwned + JsonSchema>(value: &Value) -> (Option<T>, Problems) {
    let mut problems = Problems::default();
    let schema = schema::<T>();
    let validator = match jsonschema::validator_for(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            problems.add("", error);
            return (None, problems);
        }
    };
    let misspelt = misspelt(&validator, &schema, value);
    shape(&validator, &schema, value, &misspelt, &mut problems);
    let well_shaped = if problems.0.is_empty() {
        Some(value.clone())
    } else {
        mend(&validator, &schema, value, &misspelt)
    };
    let read = well_shaped.and_then(|well_shaped| typed(well_shaped, &mut problems));
    (read, problems)
}

/// A value of the right shape as its type. What cannot be read all the same, such as an address that is none, is told and left out.
fn typed<T: DeserializeOwned>(mut value: Value, problems: &mut Problems) -> Option<T> {
    for _ in 0..UNREADABLE {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        // The whole has the path `.` there.
        let path = error.path().to_string().trim_matches('.').to_owned();
        // A mended place may not be as the type expects; it has been told.
        let is_told = problems
            .0
            .iter()
            .any(|told| told.path.is_empty() || told.covers(&path) || told.path.starts_with(&path));
        let left_out = leave_out(&mut value, error.path());
        if !is_told {
            let found = left_out.as_ref().filter(|found| !found.is_object() && !found.is_array());
            let found = found.map(|found| format!("found {found}: ")).unwrap_or_default();
            problems.add(path, format!("{found}{}", error.inner()));
        }
        left_out?;
    }
    None
}

/// Takes the innermost setting on a path out of its section.
fn leave_out(value: &mut Value, path: &Path) -> Option<Value> {
    let keys: Vec<&Segment> = path.iter().collect();
    let last = keys.iter().rposition(|key| matches!(key, Segment::Map { .. }))?;
    let mut at = value;
    for key in keys.iter().take(last) {
        at = match key {
            Segment::Map { key } => at.get_mut(key)?,
            Segment::Seq { index } => at.get_mut(index)?,
            _ => at,
        };
    }
    match keys.get(last)? {
        Segment::Map { key } => at.as_object_mut()?.remove(key),
        _ => None,
    }
}

/// TOML's dates and times as texts, as in JSON.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::Array(values) => values.into_iter().map(json).collect(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(value) => value.to_string().into(),
        // JSON has none of these; as a text it is told where it stands.
        toml::Value::Float(value) if !value.is_finite() => value.to_string().into(),
        toml::Value::Float(value) => value.into(),
        toml::Value::Integer(value) => value.into(),
        toml::Value::String(value) => value.into(),
        toml::Value::Table(values) => {
            values.into_iter().map(|(name, value)| (name, json(value))).collect()
        }
    }
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
                    problems.add(setting(&path, name), message);
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
                let message = wrong_type(error.instance(), &schema_at(schema, &at), &path);
                problems.add(path, message);
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

/// Names the kind of value that was found, and the kinds that the schema allows at the place.
fn wrong_type(found: &Value, schema: &Value, path: &str) -> String {
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect::<Vec<_>>(),
    };
    // A setting that is optional may be left out.
    let kinds: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
    let allowed = kinds.iter().map(|kind| match *kind {
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "object" => "a section with settings of its own",
        "string" => "a text in quotes",
        other => other,
    });
    let allowed = allowed.collect::<Vec<_>>().join(" or ");
    let hint = match (found, kinds.as_slice()) {
        (Value::String(text), ["integer"]) if text.parse::<i64>().is_ok() => " without quotes",
        (Value::String(text), ["number"]) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            " without quotes"
        }
        (Value::String(text), ["boolean"]) if text.parse::<bool>().is_ok() => " without quotes",
        (Value::Object(_), ["array"]) if schema["items"]["type"] == "object" => {
            return format!("there may be several of these: write `[[{path}]]` above each of them");
        }
        _ => "",
    };
    format!("found {found}, allowed is {allowed}{hint}")
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
