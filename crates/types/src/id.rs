use std::{fmt, str::FromStr};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

mod message;

pub use message::{MessageId, Provider, TextId, id_part};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a {kind} id: allowed are {}", allowed(.kind))]
pub struct IdError {
    /// What kind of id was expected.
    pub kind: &'static str,
    /// What was found instead.
    pub found: String,
}

fn allowed(kind: &str) -> &'static str {
    match kind {
        "call" => "1 to 64 letters, digits, `-`, `_` and `.`",
        "session" => "whole numbers",
        "text" => "a center's id, `/`, and the id of one of its messages",
        _ => {
            "1 to 48 lower-case letters, digits, `-`, `_` and `.`, starting with a letter or digit"
        }
    }
}

fn check(kind: &'static str, text: &str) -> Result<CompactString, IdError> {
    let allowed = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts_well && text.len() <= 48 && text.bytes().all(allowed) {
        Ok(CompactString::from(text))
    } else {
        Err(IdError { kind, found: text.chars().take(80).collect() })
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        ///
        /// 1 to 48 lower-case letters, digits, `-`, `_` and `.`; up to 24 of them need no allocation.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "CompactString", into = "CompactString")]
        pub struct $name(CompactString);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                check($kind, text).map(Self)
            }
        }

        impl TryFrom<CompactString> for $name {
            type Error = IdError;

            fn try_from(text: CompactString) -> Result<Self, IdError> {
                check($kind, &text).map(Self)
            }
        }

        impl From<$name> for CompactString {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": concat!("The id of a ", $kind),
                    "pattern": "^[a-z0-9][a-z0-9._-]{0,47}$"
                })
            }
        }
    };
}

text_id! {
    /// A contact center: the tenant that everything in a store belongs to.
    CenterId, "center"
}
text_id! {
    /// A queue: any node of the menu tree. The id stays the same across configuration edits, so that
    /// open sessions survive them.
    QueueId, "queue"
}
text_id! {
    /// A person (or virtual agent) who answers.
    AgentId, "agent"
}
text_id! {
    /// Something that agents can and that sessions may ask for: a language, a product (RTE-18).
    SkillId, "skill"
}
text_id! {
    /// An agent's status that a center has of its own (RTE-10).
    StatusId, "status"
}
text_id! {
    /// A team of agents.
    TeamId, "team"
}

/// A call, by the id that the host's telephony has for it: 1 to 64 letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "CompactString", into = "CompactString")]
pub struct CallId(CompactString);

impl CallId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<CompactString> for CallId {
    type Error = IdError;

    fn try_from(text: CompactString) -> Result<Self, IdError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(IdError { kind: "call", found: text.chars().take(80).collect() })
        }
    }
}

impl FromStr for CallId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::try_from(CompactString::from(text))
    }
}

impl From<CallId> for CompactString {
    fn from(id: CallId) -> Self {
        id.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A contact record in the CRM, in the CRM's own spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(pub String);

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A session: a short number that an agent can read out, unique in its center, rising but not gapless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for SessionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self).map_err(|_| IdError { kind: "session", found: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked_on_every_way_in() {
        for good in ["sales", "a", "0", "billing-2", "x_y.z"] {
            assert_eq!(good.parse::<QueueId>().unwrap().as_str(), good);
        }
        let long = "x".repeat(49);
        for bad in ["", "Sales", "sal es", "-a", "é", "a/b", long.as_str()] {
            assert!(bad.parse::<QueueId>().is_err(), "{bad}");
            assert!(serde_json::from_value::<QueueId>(bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_calls_id_is_what_telephonies_write() {
        for good in ["CA0123456789abcdef", "1697.42", "a-B_c", "7"] {
            assert_eq!(good.parse::<CallId>().unwrap().as_str(), good);
        }
        let long = "x".repeat(65);
        for bad in ["", "CA 1", "é", "a/b", long.as_str()] {
            let told = bad.parse::<CallId>().unwrap_err().to_string();
            assert!(told.contains("is not a call id: allowed are 1 to 64"), "{told}");
            assert!(serde_json::from_value::<CallId>(bad.into()).is_err(), "{bad}");
        }
    }
}
