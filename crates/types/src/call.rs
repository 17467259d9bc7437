//! The words of phone calls, as far as texts go on beside them (SMS-29 to SMS-31).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{PhoneNumber, QueueId};

/// What a caller is asked about: a service by text that takes their consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallService {
    /// To go on by text instead of waiting on the phone (SMS-31).
    Deflection,
    /// To get, and to send, texts while waiting (SMS-29).
    WaitTime,
}

/// Something else than to wait, where too many do (RTE-13).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alternative {
    /// The agent calls back; the caller keeps their place in the queue.
    Callback,
    /// An email instead.
    Email,
    /// A message, and the call ends.
    Message,
    /// Another number is called.
    PhoneNumber(PhoneNumber),
    /// A chat by text instead, in a queue of the SMS channel (SMS-31).
    PreSessionSms(QueueId),
    /// Another queue.
    Queue(QueueId),
    /// A voice message for the queue's agents.
    Voicemail,
    // From here on in the order in which they came: the stored form of a call counts the variants.
    /// A call at a time that the consumer chooses (HRS-10).
    ScheduledCall,
}

impl Alternative {
    /// Whether it is to go on by text (SMS-31).
    pub fn is_by_text(&self) -> bool {
        matches!(self, Self::PreSessionSms(_))
    }
}

/// As it is said in problems and on pages: `callback`, `the queue phone-sales`.
impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Callback => f.write_str("callback"),
            Self::Email => f.write_str("email"),
            Self::Message => f.write_str("message"),
            Self::PhoneNumber(number) => write!(f, "the number {number}"),
            Self::PreSessionSms(queue) => write!(f, "a chat by text in {queue}"),
            Self::Queue(queue) => write!(f, "the queue {queue}"),
            Self::ScheduledCall => f.write_str("scheduled call"),
            Self::Voicemail => f.write_str("voicemail"),
        }
    }
}

/// Who hung up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HungUp {
    /// The agent.
    Agent,
    /// The caller.
    Caller,
    /// Nobody: the line was lost.
    Network,
}

/// A key of a telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(char);

impl Key {
    /// Yes, or the first of what is offered.
    pub const ONE: Self = Self('1');
    /// No, or the second.
    pub const TWO: Self = Self('2');

    /// The key of what is offered at a place, counted from 1; `None` where telephones have none.
    pub fn numbered(place: usize) -> Option<Self> {
        let digit = u32::try_from(place).ok().and_then(|place| char::from_digit(place, 10));
        digit.filter(|_| place > 0).map(Self)
    }

    /// The place of what it chooses, counted from 1; `None` for 0, * and #.
    pub fn number(self) -> Option<usize> {
        let place = self.0.to_digit(10).filter(|place| *place > 0)?;
        usize::try_from(place).ok()
    }
}

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key of a telephone: allowed are 0 to 9, * and #")]
pub struct KeyError(String);

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(key @ ('0'..='9' | '*' | '#')), None) => Ok(Self(key)),
            _ => Err(KeyError(text.chars().take(20).collect())),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0.into()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_a_telephone() {
        for good in ["0", "9", "*", "#"] {
            assert_eq!(good.parse::<Key>().unwrap().to_string(), good);
        }
        for bad in ["", "11", "a", "１"] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
        assert_eq!("1".parse(), Ok(Key::ONE));
        for place in 1..10 {
            assert_eq!(Key::numbered(place).and_then(Key::number), Some(place));
        }
        assert_eq!((Key::numbered(0), Key::numbered(10)), (None, None));
        assert_eq!(["0", "*", "#"].map(|key| key.parse::<Key>().unwrap().number()), [None; 3]);
    }
}
