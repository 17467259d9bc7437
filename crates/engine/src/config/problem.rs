use std::fmt::{self, Write};

use frontdesk_types::edit_distance;

use super::ids::STAND_IN;

/// The most names that a message lists.
const MOST_NAMES: usize = 20;
/// The most names that are compared with one that is none, and letters of each.
const COMPARED_NAMES: usize = 1_000;
const COMPARED_LETTERS: usize = 64;
/// Signs that end a line for some, or change the order in which text is shown.
const REORDERING: [char; 14] = [
    '\u{200E}', '\u{200F}', '\u{2028}', '\u{2029}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}',
    '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{061C}',
];

/// Lists, and what others of the document name of them.
const LISTS: [(&str, &str); 6] = [
    ("agents", "agent"),
    ("calls.queues", "queue"),
    ("holidays", "holiday or folder"),
    ("queues", "queue"),
    ("teams", "team"),
    ("virtual_agents", "virtual agent"),
];
/// The problem of a center where no queue has a number.
pub(super) const NO_NUMBER: &str = "no queue has a number: nothing can be texted to this center";
/// The problem of a number that the configuration gives nowhere.
pub(super) const NOT_OURS: &str = "is not a number of this center";

/// Something wrong in a configuration document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Its place, with blocks counted: `queues[3].keywords[0]`; empty for the whole document. [`Center::check`] names blocks.
    ///
    /// [`Center::check`]: super::Center::check
    pub path: String,
    /// What was found, and what is allowed.
    pub message: String,
}

impl Problem {
    /// Whether a path is its place, or lies in it.
    pub(super) fn covers(&self, path: &str) -> bool {
        let inner = path.strip_prefix(&self.path);
        inner.is_some_and(|inner| inner.is_empty() || inner.starts_with(['.', '[']))
            && !self.path.is_empty()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", Plain(&self.message))
        } else {
            write!(f, "{}: {}", Plain(&self.path), Plain(&self.message))
        }
    }
}

/// Everything wrong in a configuration document: at least one problem.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl fmt::Display) {
        self.0.push(Problem { path: path.into(), message: message.to_string() });
    }

    /// The same problems, of a section at `path`.
    pub(super) fn within(mut self, path: &str) -> Self {
        for problem in &mut self.0 {
            problem.path = match problem.path.as_str() {
                "" | "." => path.to_owned(),
                inner => super::structure::join(path, inner),
            };
        }
        self
    }

    /// Adds mistakes of meaning to those of shape, but for what stands in the place of one or follows from it.
    pub(super) fn add_meaning(&mut self, meaning: Self) {
        let lost = |list: &str| self.0.iter().any(|shape| shape.path == list);
        // Without the list nothing of it can be found.
        let kinds: Vec<String> = LISTS
            .iter()
            .filter(|(list, _)| lost(list))
            .map(|(_, what)| format!("there is no {what} `"))
            .collect();
        let numberless = self.0.iter().any(|shape| {
            let setting = shape.path.rsplit('.').next().unwrap_or_default();
            setting == "numbers" || setting.starts_with("numbers[") || shape.path == "queues"
        });
        let covered = |problem: &Problem| {
            self.0.iter().any(|shape| shape.covers(&problem.path))
                || kinds.iter().any(|kind| problem.message.starts_with(kind))
                || (numberless && [NO_NUMBER, NOT_OURS].contains(&problem.message.as_str()))
        };
        let new: Vec<Problem> = meaning.0.into_iter().filter(|it| !covered(it)).collect();
        self.0.extend(new);
    }

    /// The value, or a problem at the path.
    pub(super) fn check<T, E: fmt::Display>(
        &mut self,
        path: &str,
        result: Result<T, E>,
    ) -> Option<T> {
        result.map_err(|error| self.add(path, error)).ok()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}

/// That there is no such thing, with those that there are: `there is no agent `eve`; the agents are ana, ben`.
pub(super) fn no_such<'a>(what: &str, found: &str, all: impl Iterator<Item = &'a str>) -> String {
    match listed(found, all) {
        None => format!("there is no {what} `{found}`: no {what} is configured"),
        Some(all) => format!("there is no {what} `{found}`; the {what}s are {all}"),
    }
}

/// Names for a message, in which `found` is none, without stand-ins: what has a name that cannot be read is told at its place. Of many
/// names the nearest ones are told. `None` without any.
pub(super) fn listed<'a>(found: &str, all: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut all: Vec<&str> = all.filter(|name| !name.contains(STAND_IN)).collect();
    let more = all.len().saturating_sub(MOST_NAMES);
    if more > 0 {
        all.truncate(COMPARED_NAMES);
        let found: String = found.chars().take(COMPARED_LETTERS).collect();
        let distance = |name: &&str| {
            let name: String = name.chars().take(COMPARED_LETTERS).collect();
            edit_distance(&found, &name)
        };
        all.sort_by_cached_key(distance);
        all.truncate(MOST_NAMES);
        return Some(format!("{} and {more} more", all.join(", ")));
    }
    (!all.is_empty()).then(|| all.join(", "))
}

/// Text of a document within a line for a terminal: what would break the line or change what a terminal shows is written as TOML writes
/// it, `\n` or `\u001B`.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                _ if c.is_control() || REORDERING.contains(&c) => {
                    write!(f, "\\u{:04X}", u32::from(c))?;
                }
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
