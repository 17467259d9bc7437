//! Everything about a configuration at once: errors, and what is allowed but probably not meant (EXT-2).

mod compliance;
mod hours;
mod menus;
mod people;
mod texts;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use frontdesk_types::{AgentId, Instant, Zones};
use schemars::JsonSchema;
use serde::{Deserialize as _, Serialize, de::DeserializeOwned};

use super::{
    Center, Document, Problem, Problems, QueueSection, TeamSection, check, forwards, ids::STAND_IN,
    notes, paths::Paths, problem::Plain, structure,
};
use crate::RegistrationIds;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The configuration cannot be used.
    Error,
    /// It is allowed, and probably not meant.
    Warning,
    /// It is worth a look.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Something that [`Center::check`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The rule: `queue-unserved`; errors have `invalid`.
    pub rule: &'static str,
    /// Its place: `queues.billing.numbers[0]`; empty for the whole document.
    pub path: String,
    /// The line of that place, from 1 on.
    pub line: Option<usize>,
    /// What was found, and what to do.
    pub message: String,
}

/// `line 12: warning: queues.billing: nobody serves it`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}: ", self.severity)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", Plain(&self.path))?;
        }
        write!(f, "{}", Plain(&self.message))
    }
}

/// A configuration document after a check.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The center, if there is no error.
    pub center: Option<Center>,
    findings: Vec<Finding>,
    paths: Paths,
    host: serde_json::Value,
    /// As they are written; `None` where nothing could be read.
    agents: Option<BTreeSet<String>>,
    registrations: Vec<(usize, RegistrationIds)>,
}

impl Checked {
    /// A document that cannot be read at all: what is wrong with it, and in which line, if that is known.
    pub fn unreadable(line: Option<usize>, message: String) -> Self {
        let finding = Finding {
            severity: Severity::Error,
            rule: "invalid",
            path: String::new(),
            line,
            message,
        };
        let paths = Paths::of(&serde_json::Value::Null);
        let host = serde_json::Value::Null;
        let (findings, registrations) = (vec![finding], Vec::new());
        Self { center: None, findings, paths, host, agents: None, registrations }
    }

    /// What was found, in the order of the document's lines.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether there is a finding of this severity.
    pub fn has(&self, severity: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity == severity)
    }

    /// The `[host]` section as the host's own type, as [`Center::host`], also where the rest has errors. What cannot be read is told
    /// and left out, so that a host can check the rest; `None` if nothing of it can be read.
    pub fn host<T: DeserializeOwned + JsonSchema>(&self) -> (Option<T>, Problems) {
        structure::host(&self.host)
    }

    /// Whether the document has an agent, also where it has errors; `None` if it could not be read.
    pub fn has_agent(&self, agent: &AgentId) -> Option<bool> {
        self.agents.as_ref().map(|agents| agents.contains(agent.as_str()))
    }

    /// The provider's ids of campaigns, also where the document has errors: each with the place of its campaign in the document,
    /// from 0. The host knows their form.
    pub fn registrations(&self) -> &[(usize, RegistrationIds)] {
        &self.registrations
    }

    /// Adds what a host found, with the line of its place.
    pub fn add(&mut self, severity: Severity, rule: &'static str, problem: Problem) {
        let Problem { path, message } = problem;
        if severity == Severity::Error {
            self.center = None;
        }
        let line = self.paths.line(&path);
        let path = self.paths.named(&path);
        let finding = Finding { severity, rule, path, line, message };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
            self.findings.sort_by_key(|finding| (finding.line.unwrap_or(0), finding.severity));
        }
    }
}

/// The document under review, and what is found in it.
struct Review<'a> {
    document: &'a Document,
    zones: &'a Zones,
    now: Instant,
    queues: BTreeMap<&'a str, &'a QueueSection>,
    teams: BTreeMap<&'a str, &'a TeamSection>,
    /// The queues that have others below them.
    menus: BTreeSet<&'a str>,
    found: Vec<(Severity, &'static str, Problem)>,
}

impl<'a> Review<'a> {
    fn new(document: &'a Document, zones: &'a Zones, now: Instant) -> Self {
        let queues = document.queues.iter().map(|queue| (queue.id.as_str(), queue)).collect();
        let teams = document.teams.iter().map(|team| (team.id.as_str(), team)).collect();
        let menus = document.queues.iter().filter_map(|queue| queue.parent.as_deref()).collect();
        Self { document, zones, now, queues, teams, menus, found: Vec::new() }
    }

    fn warn(&mut self, rule: &'static str, path: impl Into<String>, message: impl fmt::Display) {
        self.tell(Severity::Warning, rule, path, message);
    }

    fn note(&mut self, rule: &'static str, path: impl Into<String>, message: impl fmt::Display) {
        self.tell(Severity::Note, rule, path, message);
    }

    fn tell(
        &mut self,
        severity: Severity,
        rule: &'static str,
        path: impl Into<String>,
        message: impl fmt::Display,
    ) {
        let problem = Problem { path: path.into(), message: message.to_string() };
        self.found.push((severity, rule, problem));
    }
}

/// The ids of the agents, as far as they can be read.
fn written_agents(document: &serde_json::Value) -> Option<BTreeSet<String>> {
    let agents = document.as_object()?.get("agents").and_then(serde_json::Value::as_array);
    let ids = agents.into_iter().flatten().filter_map(|agent| agent["id"].as_str());
    Some(ids.map(str::to_owned).collect())
}

/// The provider's ids of campaigns, as far as they can be read.
fn written_registrations(document: &serde_json::Value) -> Vec<(usize, RegistrationIds)> {
    let campaigns = document.pointer("/compliance/campaigns").and_then(serde_json::Value::as_array);
    let ids = |(i, campaign): (usize, &serde_json::Value)| {
        let ids = RegistrationIds::deserialize(campaign.get("provider")?);
        Some((i, ids.ok()?))
    };
    campaigns.into_iter().flatten().enumerate().filter_map(ids).collect()
}

/// Settings that say who serves a queue.
const MEMBERS: [&str; 4] = ["agents", "groups", "teams", "virtual_agent"];
/// Settings that say how consumers come to a queue.
const WAYS: [&str; 3] = ["keywords", "numbers", "parent"];

/// Whether a finding only follows from settings whose shape is wrong, and which the rest of the check has left out.
fn follows(rule: &str, finding: &Problem, shapes: &Problems) -> bool {
    let lost = |settings: &[&str], of: &str| {
        shapes.0.iter().any(|shape| {
            let rest = shape.path.strip_prefix(of).unwrap_or_default();
            rest.split(['.', '[', ']']).any(|part| settings.contains(&part))
        })
    };
    match rule {
        "agent-unassigned" | "team-unused" => {
            lost(&MEMBERS, "queues[") || lost(&MEMBERS, "calls.queues[")
        }
        "queue-unreachable" => lost(&WAYS, "queues["),
        "queue-unserved" => lost(&MEMBERS, &finding.path),
        _ => false,
    }
}

/// Findings of the finished center, as far as mistakes leave it to be seen.
fn built(
    center: &Center,
    problems: &Problems,
    now: Instant,
) -> Vec<(Severity, &'static str, Problem)> {
    let is_told = |about: &str| problems.0.iter().any(|problem| problem.path.contains(about));
    let mut found = Vec::new();
    // Texts have the company's name in them.
    if !problems.0.iter().any(|problem| problem.covers("center.company")) {
        let long = notes::long_messages(center).into_iter();
        found.extend(long.map(|problem| (Severity::Note, "message-long", problem)));
    }
    let undecided = notes::revocation_undecided(center, now).into_iter();
    found.extend(undecided.map(|(severity, problem)| (severity, "revocation-undecided", problem)));
    let holes = notes::texts_with_holes(center).into_iter();
    found.extend(holes.map(|problem| (Severity::Warning, "message-hole", problem)));
    // Hours that cannot be read stand for none, and offers may lead round in a circle.
    if !is_told("hours") && !is_told("holidays") {
        let forwards = forwards::that_help_nobody(center, now).into_iter();
        found.extend(forwards.map(|(rule, problem)| (Severity::Warning, rule, problem)));
    }
    found
}

impl Center {
    /// Reads a configuration document (TOML), and finds everything about it at once: errors, and what is allowed but
    /// probably not meant. Each finding has its place and line. `now` decides what is over, like a holiday of last year.
    pub fn check(text: &str, zones: &Zones, now: Instant) -> Checked {
        let structure::Read { document, mut problems, written } = structure::read(text);
        let paths = Paths::of(&written).with_lines(text);
        let mut found: Vec<(Severity, &'static str, Problem)> = Vec::new();
        let mut center = None;
        let mut host = serde_json::Value::Null;
        let shapes = problems.clone();
        if let Some(document) = document {
            host = document.host.clone();
            let mut review = Review::new(&document, zones, now);
            review.people();
            review.menus();
            review.hours();
            review.texts();
            review.compliance();
            found = review.found;
            let (built, meaning) = check::center(document, zones);
            problems.add_meaning(paths.settle(meaning));
            center = built;
        }
        if let Some(center) = &center {
            found.extend(built(center, &problems, now));
        }
        let errors = !problems.0.is_empty();
        problems.0.retain(|problem| !problem.message.contains(STAND_IN));
        // A finding in the place of an error, or about a stand-in, is none of its own.
        found.retain(|(_, rule, finding)| {
            !finding.message.contains(STAND_IN)
                && !follows(rule, finding, &shapes)
                && !problems.0.iter().any(|problem| problem.covers(&finding.path))
        });
        let (agents, registrations) = (written_agents(&written), written_registrations(&written));
        let center = center.filter(|_| !errors);
        let findings = Vec::new();
        let mut checked = Checked { center, findings, paths, host, agents, registrations };
        for problem in problems.0 {
            checked.add(Severity::Error, "invalid", problem);
        }
        for (severity, rule, problem) in found {
            checked.add(severity, rule, problem);
        }
        checked
    }
}
