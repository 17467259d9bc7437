//! Examples of what rules find: data, `lint/examples.toml`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

/// A field in which a rule finds something, and the same field mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The field: `campaign.samples[1]`.
    pub field: &'static str,
    /// A value that the rule finds. Text as it is, other values in TOML. `…` stands for the text before it.
    pub bad: String,
    /// A value that it does not find.
    pub good: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) field: String,
    pub(super) bad: toml::Value,
    pub(super) good: toml::Value,
}

/// By the id of the rule. A test holds that each rule has one.
pub(super) static ROWS: LazyLock<BTreeMap<String, Row>> =
    LazyLock::new(|| toml::from_str(include_str!("examples.toml")).unwrap_or_default());

/// The example of a rule.
pub(super) fn of(rule: &str) -> Option<Example> {
    let row = ROWS.get(rule)?;
    let text = |value: &'static toml::Value| match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(Example { field: &row.field, bad: text(&row.bad), good: text(&row.good) })
}
