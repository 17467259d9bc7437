//! What comes in takes effect once: marks, by their sources.

use std::borrow::Cow;

use frontdesk_types::{Instant, Provider};

/// Who marks what has come in. An id of one source says nothing about an id of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The telephony begins a call.
    Call,
    /// A provider reports what became of a text.
    Delivery,
    /// A provider hands a message over.
    Provider(Provider),
}

/// Words that stand for what the engine marks by itself. Versions before this one have stored `notice`.
const OWN_MARKS: [&str; 3] = ["call", "delivery", "notice"];
/// Stands before the name of a provider that is one of those words.
const NAMED_LIKE_OURS: &str = "provider:";

impl Source {
    /// The source as a column of a database keeps it: two sources are never the same text, whatever providers are called.
    pub fn column(&self) -> Cow<'_, str> {
        match self {
            Self::Call => Cow::Borrowed("call"),
            Self::Delivery => Cow::Borrowed("delivery"),
            Self::Provider(provider) => {
                let name = provider.as_str();
                if OWN_MARKS.contains(&name) || name.starts_with(NAMED_LIKE_OURS) {
                    Cow::Owned(format!("{NAMED_LIKE_OURS}{name}"))
                } else {
                    Cow::Borrowed(name)
                }
            }
        }
    }
}

/// Something that comes in and takes effect once, by its source's own id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxMark {
    /// Where it comes from.
    pub source: Source,
    /// The source's id of it.
    pub id: String,
    /// When it arrived.
    pub at: Instant,
}
