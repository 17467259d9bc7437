//! Ids of messages. An id that a provider made means nothing without the provider, and an id that a center made means
//! nothing without the center: both stand in what is made of them.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use compact_str::{CompactString, ToCompactString, format_compact};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CenterId, IdError, SessionId};

/// A part of an id that is longer than this when it is escaped stands there as its digest.
const LONGEST_PART: usize = 96;

/// A foreign text as a part of an id: letters, digits, `-`, `.` and `_` stay, every other byte is `%` and two digits, and
/// a long text is `~` and its SHA-256. Two texts never give the same part, and no part holds a `/`.
///
/// ```
/// use frontdesk_types::id_part;
/// assert_eq!(id_part("SM1"), "SM1");
/// assert_eq!(id_part("a/b?"), "a%2Fb%3F");
/// assert_eq!(id_part(&"x".repeat(1_000)).len(), 65);
/// ```
pub fn id_part(text: &str) -> CompactString {
    let mut part = CompactString::default();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            part.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(part, "%{byte:02X}");
        }
        if part.len() > LONGEST_PART {
            return digest(text);
        }
    }
    part
}

fn digest(text: &str) -> CompactString {
    let mut part = CompactString::from("~");
    for byte in Sha256::digest(text) {
        let _ = write!(part, "{byte:02x}");
    }
    part
}

/// Somebody who hands messages over: a carrier's gateway, a simulated phone. The host chooses the name. A message's id is
/// unique within its provider alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Provider(CompactString);

impl Provider {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>> From<T> for Provider {
    fn from(name: T) -> Self {
        Self(name.as_ref().into())
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An outgoing message of a center, and the idempotency key of its delivery. It is derived, never drawn at random,
/// so that doing a step again gives the same id: `1042-7` is the seventh message of session 1042, `reply/twilio/SM1` is
/// the reply to a text outside of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(CompactString);

impl MessageId {
    /// The `number`-th outgoing message of a session.
    pub fn of_session(session: SessionId, number: u32) -> Self {
        let mut id = session.0.to_compact_string();
        id.push('-');
        id.push_str(&number.to_compact_string());
        Self(id)
    }

    /// The reply to an inbound message outside of any session (HELP, STOP, START), by its provider and the provider's
    /// id of that message.
    pub fn in_reply_to(provider: &Provider, inbound: &str) -> Self {
        Self::made_of("reply", provider.as_str(), inbound)
    }

    /// The message which says that a picture of an inbound message is not taken (SMS-7).
    pub fn about_media(provider: &Provider, inbound: &str) -> Self {
        Self::made_of("media", provider.as_str(), inbound)
    }

    /// A notice (SMS-34), by the key of whoever asked for it.
    pub fn of_notice(by: &str, key: &str) -> Self {
        Self::made_of("notice", by, key)
    }

    fn made_of(kind: &str, source: &str, id: &str) -> Self {
        Self(format_compact!("{kind}/{}/{}", id_part(source), id_part(id)))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its number within a session; `None` if it belongs to another, or to none.
    pub fn number_in(&self, session: SessionId) -> Option<u32> {
        self.place().filter(|(of, _)| *of == session).map(|(_, number)| number)
    }

    /// The session that the message belongs to; `None` for a reply outside of any session.
    pub fn session(&self) -> Option<SessionId> {
        self.place().map(|(session, _)| session)
    }

    /// Exactly as [`MessageId::of_session`] writes it: `+7-1` and `07-1` are nobody's.
    fn place(&self) -> Option<(SessionId, u32)> {
        let (session, number) = self.0.split_once('-')?;
        let is_written = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_digit())
                && (text == "0" || !text.starts_with('0'))
        };
        (is_written(session) && is_written(number))
            .then_some((SessionId(session.parse().ok()?), number.parse().ok()?))
    }
}

impl From<&str> for MessageId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text as a transport knows it: unique also where several centers share the transport. `acme/1042-7` is the message
/// `1042-7` of the center `acme`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId {
    /// Whose it is.
    pub center: CenterId,
    /// Which of the center's messages it is.
    pub message: MessageId,
}

impl FromStr for TextId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let unknown = || IdError { kind: "text", found: text.chars().take(80).collect() };
        let (center, message) = text.split_once('/').ok_or_else(unknown)?;
        if message.is_empty() {
            return Err(unknown());
        }
        Ok(Self { center: center.parse().map_err(|_| unknown())?, message: message.into() })
    }
}

impl fmt::Display for TextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.center, self.message)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_id_knows_its_session() {
        let id = MessageId::of_session(SessionId(1042), 7);
        assert_eq!(id.as_str(), "1042-7");
        assert_eq!((id.session(), id.number_in(SessionId(1042))), (Some(SessionId(1042)), Some(7)));
        assert_eq!(id.number_in(SessionId(7)), None);
        let twilio = Provider::from("twilio");
        for inbound in ["SM12", "12", "12-7", "1042-7"] {
            assert_eq!(MessageId::in_reply_to(&twilio, inbound).session(), None);
        }
        for foreign in ["+1042-7", "01042-7", "1042-07", "1042-7-1", "1042-", "-7", "reply/7-1"] {
            assert_eq!(MessageId::from(foreign).session(), None, "{foreign}");
        }
    }

    /// What versions before this one have stored.
    #[test]
    fn ids_of_before_are_read() {
        for old in ["SM12-reply", "notice-order 7-reply", "SM1-media", "12-reply"] {
            let read: MessageId = serde_json::from_value(old.into()).unwrap();
            assert_eq!((read.as_str(), read.session()), (old, None));
        }
    }

    #[test]
    fn a_text_id_is_read_back() {
        let acme: CenterId = "acme".parse().unwrap();
        for message in [
            MessageId::of_session(SessionId(7), 1),
            MessageId::in_reply_to(&"sm/pp".into(), "a/b?c&d#e%f ü"),
            MessageId::of_notice("ana", "ab+cd=="),
        ] {
            let id = TextId { center: acme.clone(), message };
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for bad in ["", "1042-7", "nonsense", "acme/", "/1-1", "Acme/1-1"] {
            let told = bad.parse::<TextId>().unwrap_err().to_string();
            assert!(told.contains("is not a text id: allowed are a center's id"), "{told}");
        }
    }

    proptest! {
        /// Whoever made them and whatever they look like: ids that differ stay different, and none is of a session.
        #[test]
        fn ids_of_different_sources_never_collide(
            parts in prop::collection::btree_set(("(?s).{0,40}|[a-z/%~-]{0,200}", "(?s).{0,40}|[0-9-]{1,9}"), 1..20),
        ) {
            let ids: BTreeSet<MessageId> = parts
                .iter()
                .flat_map(|(source, id)| {
                    let provider = Provider::from(source);
                    [
                        MessageId::in_reply_to(&provider, id),
                        MessageId::about_media(&provider, id),
                        MessageId::of_notice(source, id),
                    ]
                })
                .collect();
            prop_assert_eq!(ids.len(), 3 * parts.len());
            for id in &ids {
                prop_assert!(id.session().is_none() && id.as_str().len() <= 200);
                prop_assert_eq!(id.as_str().matches('/').count(), 2);
            }
        }
    }
}
