use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// What a message template may name (SMS-9), written `@{COMPANY_NAME}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Variable {
    /// `@{AGENT}`: the agent's display name.
    Agent,
    /// `@{COMPANY_NAME}`.
    CompanyName,
    /// `@{END_USER}`: the consumer's name, "Customer" when unknown.
    EndUser,
    /// `@{ESTIMATED_WAIT_TIME_IN_MINUTES}`: number and word, at most 300.
    EstimatedWaitTime,
    /// `@{NEXT_REOPEN_HOUR}`: when the queue opens again.
    NextReopenHour,
    /// `@{QUEUE}`: the queue's name as the consumer knows it.
    Queue,
    /// `@{QUEUE_NAME}`: another spelling of `@{QUEUE}`.
    QueueName,
    /// `@{QUEUE_SIZE}`: how many wait, including this consumer.
    QueueSize,
    /// `@{SESSION_ID}`: the session's number, in an agent's ready-made text (SMS-25).
    SessionId,
    /// `@{TIME_UNTIL_DISMISSAL}`: minutes until an inactive chat is dismissed.
    TimeUntilDismissal,
}

impl Variable {
    /// Every variable.
    pub const ALL: &'static [Self] = &[
        Self::Agent,
        Self::CompanyName,
        Self::EndUser,
        Self::EstimatedWaitTime,
        Self::NextReopenHour,
        Self::Queue,
        Self::QueueName,
        Self::QueueSize,
        Self::SessionId,
        Self::TimeUntilDismissal,
    ];

    /// The name between `@{` and `}`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "AGENT",
            Self::CompanyName => "COMPANY_NAME",
            Self::EndUser => "END_USER",
            Self::EstimatedWaitTime => "ESTIMATED_WAIT_TIME_IN_MINUTES",
            Self::NextReopenHour => "NEXT_REOPEN_HOUR",
            Self::Queue => "QUEUE",
            Self::QueueName => "QUEUE_NAME",
            Self::QueueSize => "QUEUE_SIZE",
            Self::SessionId => "SESSION_ID",
            Self::TimeUntilDismissal => "TIME_UNTIL_DISMISSAL",
        }
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{{{}}}", self.name())
    }
}

/// Why a text is not a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The text is blank: an empty message cannot be sent.
    #[error("the message is empty")]
    Empty,
    /// The variable exists, but not in this message.
    #[error("{variable} has no meaning in this message; allowed are {allowed}")]
    Misplaced {
        /// The variable.
        variable: Variable,
        /// What may stand here.
        allowed: String,
    },
    /// `@{` without `}`.
    #[error("`@{{` at character {at} is never closed with `}}`")]
    Unclosed {
        /// Where it starts, counted in characters from 0.
        at: usize,
    },
    /// No such variable.
    #[error("`@{{{found}}}` is not a variable; allowed are {allowed}")]
    Unknown {
        /// What was found.
        found: String,
        /// What may stand here.
        allowed: String,
    },
}

/// What stands between the alternatives of a template.
const ELSE: &str = "@{ELSE}";

/// A message with variables, checked when it is read: an unknown or misplaced variable is an error
/// then, never a hole in a message to a consumer (SMS-9).
///
/// A value may be unknown when the message leaves: `@{ELSE}` stands before what is said then.
///
/// ```
/// use frontdesk_types::{Template, Variable};
///
/// let wait: Template = "You wait @{ESTIMATED_WAIT_TIME_IN_MINUTES}.@{ELSE}Please wait.".parse()?;
/// assert_eq!(wait.render(|_| Some("5 minutes".into())), "You wait 5 minutes.");
/// assert_eq!(wait.render(|_| None), "Please wait.");
/// # Ok::<(), frontdesk_types::TemplateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    /// What is said where a variable of `parts` has no value; empty if nothing else is.
    otherwise: Vec<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Variable(Variable),
}

impl Template {
    /// Reads a template that may use the `allowed` variables.
    pub fn parse(text: &str, allowed: &[Variable]) -> Result<Self, TemplateError> {
        let mut alternatives = Vec::new();
        let mut begins = 0;
        for alternative in text.split(ELSE) {
            alternatives.push(Self::read(text, begins, alternative, allowed)?);
            begins += alternative.len() + ELSE.len();
        }
        let parts = alternatives.remove(0);
        Ok(Self { parts, otherwise: alternatives })
    }

    /// Reads one alternative, which begins at a byte of the whole text.
    fn read(
        whole: &str,
        begins: usize,
        text: &str,
        allowed: &[Variable],
    ) -> Result<Vec<Part>, TemplateError> {
        if text.trim().is_empty() {
            return Err(TemplateError::Empty);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("@{") {
            let (literal, variable) = (&rest[..start], &rest[start + 2..]);
            let Some(end) = variable.find('}') else {
                let at = begins + text.len() - rest.len() + start;
                return Err(TemplateError::Unclosed { at: whole[..at].chars().count() });
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(Part::Variable(variable_named(&variable[..end], allowed)?));
            rest = &variable[end + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(parts)
    }

    /// A text without variables, whatever it holds.
    pub fn literal(text: &str) -> Self {
        Self { parts: vec![Part::Literal(text.to_owned())], otherwise: Vec::new() }
    }

    /// The text with every variable replaced by what `value` says: the first alternative that has all its values, else the
    /// last one, in which a variable without a value becomes nothing.
    pub fn render(&self, value: impl Fn(Variable) -> Option<CompactString>) -> String {
        let complete = |parts: &&Vec<Part>| {
            parts.iter().all(|part| match part {
                Part::Literal(_) => true,
                Part::Variable(variable) => value(*variable).is_some(),
            })
        };
        let parts = match self.otherwise.last() {
            None => &self.parts,
            Some(last) => self.alternatives().find(complete).unwrap_or(last),
        };
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Variable(variable) => {
                    text.push_str(value(*variable).as_deref().unwrap_or_default());
                }
            }
        }
        text
    }

    /// Whether the template names `variable`.
    pub fn uses(&self, variable: Variable) -> bool {
        self.alternatives().any(|parts| parts.contains(&Part::Variable(variable)))
    }

    /// Whether the text would have a hole where `variable` has no value: its last alternative names it.
    pub fn needs(&self, variable: Variable) -> bool {
        let last = self.otherwise.last().unwrap_or(&self.parts);
        last.contains(&Part::Variable(variable))
    }

    fn alternatives(&self) -> impl Iterator<Item = &Vec<Part>> {
        std::iter::once(&self.parts).chain(&self.otherwise)
    }
}

fn variable_named(name: &str, allowed: &[Variable]) -> Result<Variable, TemplateError> {
    let list = || allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let known = Variable::ALL.iter().copied().find(|variable| variable.name() == name);
    match known {
        Some(variable) if allowed.contains(&variable) => Ok(variable),
        Some(variable) => Err(TemplateError::Misplaced { variable, allowed: list() }),
        None => {
            Err(TemplateError::Unknown { found: name.chars().take(40).collect(), allowed: list() })
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, parts) in self.alternatives().enumerate() {
            if i > 0 {
                f.write_str(ELSE)?;
            }
            parts.iter().try_for_each(|part| match part {
                Part::Literal(literal) => f.write_str(literal),
                Part::Variable(variable) => fmt::Display::fmt(variable, f),
            })?;
        }
        Ok(())
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        Self::parse(text, Variable::ALL)
    }
}

impl Serialize for Template {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn variables_are_replaced_and_the_rest_is_kept() {
        let template =
            Template::parse("Hi @{END_USER}, @ {x} @{AGENT}@{QUEUE}!", Variable::ALL).unwrap();
        let text = template.render(|variable| match variable {
            Variable::EndUser => Some("Customer".into()),
            Variable::Agent => Some("Ana".into()),
            _ => None,
        });
        assert_eq!(text, "Hi Customer, @ {x} Ana!");
    }

    #[test]
    fn what_has_no_value_is_said_otherwise() {
        use Variable::{EstimatedWaitTime, QueueSize};
        let text = "@{QUEUE_SIZE} wait, @{ESTIMATED_WAIT_TIME_IN_MINUTES}.@{ELSE}@{QUEUE_SIZE} wait.@{ELSE}Please wait.";
        let template: Template = text.parse().unwrap();
        let said = |known: &[Variable]| {
            template.render(|variable| known.contains(&variable).then(|| "7".into()))
        };
        assert_eq!(said(&[QueueSize, EstimatedWaitTime]), "7 wait, 7.");
        assert_eq!(said(&[QueueSize]), "7 wait.");
        assert_eq!(
            (said(&[EstimatedWaitTime]), said(&[])),
            ("Please wait.".into(), "Please wait.".into())
        );
        assert!(template.uses(EstimatedWaitTime) && !template.needs(EstimatedWaitTime));
        let hole: Template = "Wait @{ESTIMATED_WAIT_TIME_IN_MINUTES}.".parse().unwrap();
        assert!(hole.needs(EstimatedWaitTime));
    }

    #[test]
    fn an_unknown_or_misplaced_variable_is_an_error_that_says_what_is_allowed() {
        let allowed = &[Variable::CompanyName];
        let table = [
            ("@{AGNET} hi", "`@{AGNET}` is not a variable; allowed are @{COMPANY_NAME}"),
            ("@{AGENT} hi", "@{AGENT} has no meaning in this message; allowed are @{COMPANY_NAME}"),
            ("é @{AGENT", "`@{` at character 2 is never closed with `}`"),
            ("é@{ELSE}ü @{AGENT", "`@{` at character 10 is never closed with `}`"),
            ("hi@{ELSE} ", "the message is empty"),
            ("@{ELSE}hi", "the message is empty"),
            ("  ", "the message is empty"),
        ];
        for (text, error) in table {
            assert_eq!(Template::parse(text, allowed).unwrap_err().to_string(), error);
        }
    }

    proptest! {
        #[test]
        fn a_template_writes_itself_back(text in "([a-z @{}é]|@\\{AGENT\\}|@\\{ELSE\\}|@\\{QUEUE\\}){1,20}") {
            if let Ok(template) = text.parse::<Template>() {
                prop_assert_eq!(template.to_string(), text);
            }
        }
    }
}
