//! Free-text revocation (SMS-16): "please stop texting me" means STOP, "I'll stop by the store" does not.

mod pattern;
mod words;

use std::{ops::Range, sync::LazyLock};

use pattern::Rules;
use words::Words;

/// How sure it is that a text revokes consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// It may: "wrong number", "leave me alone". What happens is a setting.
    Possible,
    /// It does: "stop texting me", "take me off your list".
    Likely,
    /// The text is a command word (SMS-11).
    Certain,
}

impl Level {
    /// The word in events, configuration and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Why a text is taken for a revocation: enough to explain it to whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// How sure it is.
    pub level: Level,
    /// The rule that matched; the rules stand in `rules.txt` of this crate, and in docs/revocation.md.
    pub rule: &'static str,
    /// Where in the text: bytes, on character boundaries.
    pub phrase: Range<usize>,
}

/// The rules, read once.
static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::parse(include_str!("revocation/rules.txt")));

/// Looks for a revocation in what somebody wrote. Of several, the surest, and of those the first of the
/// rules.
///
/// Rules look at whole clauses (or the whole message), so that what a sentence is really about decides:
///
/// ```
/// use frontdesk_sms::{Level, find_revocation};
///
/// let text = "Hi! Please take me off your list, thanks";
/// let found = find_revocation(text).ok_or("a revocation")?;
/// assert_eq!((found.level, found.rule), (Level::Likely, "remove-me"));
/// assert_eq!(&text[found.phrase], "Please take me off your list");
///
/// assert_eq!(find_revocation("stop sending me the wrong size"), None);
/// assert_eq!(find_revocation("remove me from the waitlist for Tuesday"), None);
/// # Ok::<(), &str>(())
/// ```
pub fn find_revocation(text: &str) -> Option<Revocation> {
    let words = Words::of(text, &RULES.vocabulary);
    RULES.find(text, &words)
}

#[cfg(test)]
mod tests;
