//! Whether a registration will be turned down, and why (DLC-1).

mod brand;
mod campaign;
mod consent;
mod content;
mod declared;
mod example;
mod flow;
mod matter;
mod numbers;
mod policies;
mod replies;
mod samples;
mod ways;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Edition, Registration};
pub use example::Example;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look.
    Note,
    /// Reviewers often turn it down.
    Warning,
    /// It is refused, or breaks a rule of registry or carrier.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A rule of the linter. How bad what it finds is, and who says so, is a fact: [`Edition::lint_rule`].
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its id: stays when the rest changes.
    pub id: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    check: fn(&Registration, &mut Found<'_>),
}

impl Rule {
    /// The rule of an id.
    pub fn named(id: &str) -> Option<&'static Self> {
        rules().find(|rule| rule.id == id)
    }

    /// A field that the rule finds, and the same mended.
    ///
    /// ```
    /// use frontdesk_tendlc::Rule;
    ///
    /// let example = Rule::named("flow-forced").and_then(Rule::example).unwrap();
    /// assert_eq!(example.bad, "… They must check the box to place an order.");
    /// ```
    pub fn example(&self) -> Option<Example> {
        example::of(self.id)
    }
}

/// What a rule found, each with where; and the facts that it goes by.
#[derive(Debug)]
struct Found<'a> {
    facts: &'a Edition,
    /// How bad what the rule finds is, at the worst.
    severity: Severity,
    told: Vec<(Severity, String, String)>,
}

impl Found<'_> {
    fn add(&mut self, path: impl Into<String>, what: impl Into<String>) {
        self.told.push((self.severity, path.into(), what.into()));
    }

    /// Adds what is less bad than the rule's worst.
    fn add_as(&mut self, most: Severity, path: impl Into<String>, what: impl Into<String>) {
        self.told.push((self.severity.min(most), path.into(), what.into()));
    }

    /// Where a condition does not hold.
    fn unless(&mut self, holds: bool, path: &str, what: &str) {
        if !holds {
            self.add(path, what);
        }
    }

    /// Fields that are empty.
    fn missing(&mut self, fields: &[(&str, &str)]) {
        for (path, value) in fields {
            self.unless(!value.trim().is_empty(), path, "is missing");
        }
    }

    /// Where a text does not tell something. Of one that is empty another rule tells, if it must be there.
    fn untold(&mut self, path: &str, text: &str, told: impl Fn(&str) -> bool, what: &str) {
        self.unless(text.trim().is_empty() || told(text), path, what);
    }

    /// Every sample in which something is wrong.
    fn samples(&mut self, r: &Registration, mut wrong: impl FnMut(&str) -> Option<String>) {
        for (i, sample) in r.campaign.samples.iter().enumerate() {
            if let Some(what) = wrong(sample) {
                self.add(format!("campaign.samples[{i}]"), what);
            }
        }
    }
}

/// Something that is wrong with a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The field: `campaign.samples[1]`.
    pub path: String,
    /// What was found there.
    pub found: String,
    /// How to mend it.
    pub mend: &'static str,
    /// Who says so, and since when.
    pub source: String,
}

/// `error campaign.samples[0]: names no brand; …`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, path, found, mend, source } = self;
        write!(f, "{severity} {path}: {found}; {mend} [{rule}, {source}]")
    }
}

/// Every rule, in the order of the document that it looks at.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        brand::RULES,
        campaign::RULES,
        declared::RULES,
        flow::RULES,
        consent::RULES,
        ways::RULES,
        matter::RULES,
        replies::RULES,
        samples::RULES,
        content::RULES,
        policies::RULES,
        numbers::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Everything that is wrong with a registration by the facts of a day, the worst first, else in the order of the document.
///
/// ```
/// use frontdesk_tendlc::{Facts, Registration, Severity, lint};
///
/// let registration: Registration = serde_json::from_str(r#"{
///     "brand": { "entity_type": "SOLE_PROPRIETOR" }, "campaign": { "use_case": "MARKETING" }
/// }"#)?;
/// let findings = lint(&registration, Facts::standard().on("2026-11-21".parse()?));
/// assert!(findings.iter().any(|finding| finding.rule == "use-case-of-brand"));
/// assert_eq!(findings[0].severity, Severity::Error);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lint(registration: &Registration, facts: &Edition) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for rule in rules() {
        let Some((severity, basis)) = facts.lint_rule(rule.id) else { continue };
        let mut found = Found { facts, severity, told: Vec::new() };
        (rule.check)(registration, &mut found);
        findings.extend(found.told.into_iter().map(|(severity, path, found)| Finding {
            rule: rule.id,
            severity,
            path,
            found,
            mend: rule.mend,
            source: basis.to_string(),
        }));
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

#[cfg(test)]
mod tests;
