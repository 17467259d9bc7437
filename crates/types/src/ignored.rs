use serde::{Deserialize, Serialize};

/// Why a text starts nothing and is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IgnoredReason {
    /// Its sender is on the blocklist (SMS-38). Nothing that they write changes that.
    Blocklist,
    /// Its sender has opted out (SMS-11). START opts them in again.
    OptedOut,
    /// Chats on that number begin with the center alone (SMS-32).
    OutboundNumber,
}

impl IgnoredReason {
    /// The reason in words, as a transcript shows it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Blocklist => "on the blocklist",
            Self::OptedOut => "opted out",
            Self::OutboundNumber => "the center begins the chats of this number",
        }
    }
}
