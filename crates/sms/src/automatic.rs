//! Texts that no person wrote to the center: reactions of phones ("Liked “…”", 👍) and automatic replies (driving, out of
//! office, "this number is not monitored"). They are kept and shown, and never answered (SMS-16).
//!
//! The rules are data: a list of cues per language, each with a weight. A text is scanned once for all of them; the work
//! is bounded by the length of the text.

mod cues;
mod plain;
mod reaction;

/// What sends texts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Automatic {
    /// A phone tells of a reaction of its owner to an earlier text.
    Reaction,
    /// A phone, an app, a carrier or another center replies by itself.
    Reply,
}

impl Automatic {
    /// The word in events and APIs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reaction => "reaction",
            Self::Reply => "reply",
        }
    }
}

/// Whether a text is automatic, and what it is then. Texts longer than a provider takes in one request are read up to
/// there.
///
/// ```
/// use frontdesk_sms::{Automatic, find_automatic};
///
/// assert_eq!(find_automatic("Liked “Your order is ready”"), Some(Automatic::Reaction));
/// assert_eq!(find_automatic("I'm driving right now."), Some(Automatic::Reply));
/// assert_eq!(find_automatic("Driving right now, but Thursday works"), None);
/// ```
pub fn find_automatic(text: &str) -> Option<Automatic> {
    let plain = plain::plain(text);
    if plain.is_empty() {
        return plain::is_lone_emoji(text).then_some(Automatic::Reaction);
    }
    if plain::is_lone_emoji(text) || reaction::is_reaction(&plain) {
        return Some(Automatic::Reaction);
    }
    cues::is_reply(&plain).then_some(Automatic::Reply)
}
