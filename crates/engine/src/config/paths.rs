//! Places in a document: paths that count blocks (`queues[4].numbers[0]`) become ones that name them
//! (`queues.billing.numbers[0]`), and have lines.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::{Problem, Problems, problem::Plain, structure::join};

/// Lists of blocks, and the setting that names a block.
const BLOCKS: [(&str, &str); 9] = [
    ("queues", "id"),
    ("agents", "id"),
    ("teams", "id"),
    ("virtual_agents", "id"),
    ("calls.queues", "id"),
    ("compliance.campaigns", "id"),
    ("holidays", "name"),
    ("custom_hours", "name"),
    ("shortcuts", "keyword"),
];
/// Sections that a queue takes from the one above it, or the center, where it has none of its own.
const INHERITED: [&str; 3] = ["messages", "routing", "timers"];

/// The path of a mistake of syntax: `line 12`.
pub(super) const LINE: &str = "line ";

/// Whether a section is one of several with the same name: `[[queues]]`.
pub(super) fn is_list_of_blocks(section: &str) -> bool {
    let more = ["compliance.numbers", "outbound.numbers", "host.tokens"];
    BLOCKS.iter().any(|(list, _)| *list == section) || more.contains(&section)
}

/// The places of one document.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    lines: BTreeMap<String, usize>,
    /// `queues[4]` to `queues.billing`, where no other block has the name.
    names: BTreeMap<String, String>,
    document: Value,
}

impl Paths {
    /// The places of a document without a text.
    pub(super) fn of(document: &Value) -> Self {
        let mut names = BTreeMap::new();
        for (list, setting) in BLOCKS {
            let blocks = value_at(document, list).and_then(Value::as_array);
            let name = |block: &Value| block[setting].as_str().map(str::to_owned);
            let all: Vec<Option<String>> = blocks.into_iter().flatten().map(name).collect();
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for name in all.iter().flatten() {
                *counts.entry(name).or_insert(0) += 1;
            }
            for (i, name) in all.iter().enumerate() {
                let once = |name: &&str| !name.is_empty() && counts.get(name) == Some(&1);
                if let Some(name) = name.as_deref().filter(once) {
                    names.insert(format!("{list}[{i}]"), join(list, &quoted(name)));
                }
            }
        }
        Self { lines: BTreeMap::new(), names, document: document.clone() }
    }

    /// The same with the lines of its text.
    pub(super) fn with_lines(mut self, text: &str) -> Self {
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let line = |at: usize| starts.partition_point(|start| *start <= at);
        let (table, _) = DeTable::parse_recoverable(text);
        add_lines(table.get_ref(), "", &line, &mut self.lines);
        self
    }

    /// The line of a place, or of the nearest around it that has one.
    pub(super) fn line(&self, path: &str) -> Option<usize> {
        if let Some(line) = path.strip_prefix(LINE) {
            return line.parse().ok();
        }
        let mut path = path;
        loop {
            if let Some(line) = self.lines.get(path) {
                return Some(*line);
            }
            path = path.get(..path.rfind(['.', '['])?)?;
        }
    }

    /// The same place, with names of blocks.
    pub(super) fn named(&self, path: &str) -> String {
        if path.starts_with(LINE) {
            return String::new();
        }
        let block = path.match_indices(']').map(|(end, _)| path.split_at(end + 1));
        let mut named = block.filter_map(|(block, rest)| Some((self.names.get(block)?, rest)));
        named.next().map_or_else(|| path.to_owned(), |(name, rest)| format!("{name}{rest}"))
    }

    /// Tells once what several queues take from the same place.
    pub(super) fn settle(&self, mut problems: Problems) -> Problems {
        let mut settled: Vec<Problem> = Vec::new();
        for mut problem in std::mem::take(&mut problems.0) {
            if let Some(path) = self.source(&problem.path) {
                problem.path = path;
            }
            if !settled.contains(&problem) {
                settled.push(problem);
            }
        }
        Problems(settled)
    }

    /// A mistake in a section that a queue does not have itself is one of the section that it takes.
    fn source(&self, path: &str) -> Option<String> {
        let rest = path.strip_prefix("queues[").or_else(|| path.strip_prefix("agents["))?;
        let (block, setting) = rest.split_once("].")?;
        let section = setting.split(['.', '[']).next().filter(|it| INHERITED.contains(it))?;
        let queues = self.document["queues"].as_array()?;
        let mut queue = if path.starts_with('a') {
            &Value::Null
        } else {
            queues.get(block.parse::<usize>().ok()?)?
        };
        if !queue[section].is_null() {
            return None;
        }
        // No higher than there are queues: a circle ends, too.
        for _ in queues {
            let Some(parent) = queue["parent"].as_str() else { break };
            let above = queues.iter().position(|above| above["id"].as_str() == Some(parent))?;
            queue = queues.get(above)?;
            if !queue[section].is_null() {
                return Some(format!("queues[{above}].{setting}"));
            }
        }
        self.document[section].is_object().then(|| setting.to_owned())
    }
}

/// A name as TOML writes it in a dotted key.
fn quoted(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) {
        return name.to_owned();
    }
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", Plain(&name))
}

/// A setting of a section. One without a name has a place of its own, too.
pub(super) fn setting(section: &str, name: &str) -> String {
    join(section, if name.is_empty() { "\"\"" } else { name })
}

fn value_at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(document, |at, name| at.get(name))
}

fn add_lines(
    table: &DeTable<'_>,
    path: &str,
    line: &impl Fn(usize) -> usize,
    lines: &mut BTreeMap<String, usize>,
) {
    for (key, value) in table {
        let path = setting(path, key.get_ref());
        lines.insert(path.clone(), line(key.span().start));
        add_value(value.get_ref(), &path, line, lines);
    }
}

fn add_value(
    value: &DeValue<'_>,
    path: &str,
    line: &impl Fn(usize) -> usize,
    lines: &mut BTreeMap<String, usize>,
) {
    match value {
        DeValue::Table(table) => add_lines(table, path, line, lines),
        DeValue::Array(values) => {
            for (i, value) in values.iter().enumerate() {
                let path = format!("{path}[{i}]");
                lines.insert(path.clone(), line(value.span().start));
                add_value(value.get_ref(), &path, line, lines);
            }
        }
        _ => {}
    }
}
