//! What a text may not say, or may not hide (DLC-5).

mod categories;
mod disguise;
mod links;
mod look;
mod phrases;

use std::fmt;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{ContentType, Edition, Unless, text::says};

pub(crate) use categories::Categories;
pub use categories::Category;

/// What to do about something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing; it is not even told.
    Ignore,
    /// The message leaves, and what was found is told.
    #[default]
    Remark,
    /// The message does not leave.
    Refuse,
}

/// By what a text is judged: the brand's name and domains, what its campaign may send, and what to do about what is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContentRules {
    /// Names of the brand, one of which stands in a first message.
    pub brand: Vec<String>,
    /// Domains of the brand's own.
    pub domains: Vec<String>,
    /// The campaign is registered for adults, who prove it.
    pub age_gated: bool,
    /// The campaign is registered for loans of the brand's own.
    pub direct_lending: bool,
    /// What carriers do not take, in what the consumer asked nothing for.
    pub prohibited: Effect,
    /// The same in the answers of a conversation.
    pub prohibited_in_conversation: Effect,
    /// Look-alike and hidden characters.
    pub disguised: Effect,
    /// Links of anybody's shortener.
    pub shortener: Effect,
    /// Links of other domains than the brand's.
    pub foreign_link: Effect,
    /// A first message without the brand's name, or without how to stop.
    pub untold: Effect,
}

impl Default for ContentRules {
    /// What carriers filter is refused; what people say to one another is remarked.
    fn default() -> Self {
        Self {
            brand: Vec::new(),
            domains: Vec::new(),
            age_gated: false,
            direct_lending: false,
            prohibited: Effect::Refuse,
            prohibited_in_conversation: Effect::Remark,
            disguised: Effect::Refuse,
            shortener: Effect::Refuse,
            foreign_link: Effect::Remark,
            untold: Effect::Remark,
        }
    }
}

impl ContentRules {
    fn has(&self, unless: Unless) -> bool {
        match unless {
            Unless::AgeGated => self.age_gated,
            Unless::DirectLending => self.direct_lending,
        }
    }
}

/// Something in a text, with what it was found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "content", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentFinding {
    /// A link of a domain that is not the brand's.
    ForeignLink {
        /// The domain.
        domain: String,
    },
    /// Characters that nobody sees, inside words.
    HiddenCharacters {
        /// How many.
        count: usize,
    },
    /// Letters that look like others: a word reads as something that it is not.
    LookAlikes {
        /// What it reads as.
        reads: String,
    },
    /// A first message that does not name the brand.
    NoBrand,
    /// A first message that does not tell how to stop.
    NoOptOut,
    /// A number that costs whoever calls it.
    PremiumNumber,
    /// What carriers take from nobody, or not from this campaign.
    Prohibited {
        /// Of which category.
        category: String,
        /// By which words: one that is enough, or two.
        phrases: SmallVec<[String; 2]>,
        /// They were written so that filters would not see them.
        disguised: bool,
    },
    /// A link that anybody may have made.
    Shortener {
        /// Whose.
        domain: String,
    },
}

/// What was found, in words: `speaks of casino (gambling)`.
impl fmt::Display for ContentFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignLink { domain } => {
                write!(f, "a link of {domain}, which is not the brand's")
            }
            Self::HiddenCharacters { count } => write!(f, "{count} characters that nobody sees"),
            Self::LookAlikes { reads } => {
                write!(f, "letters that look like others: reads as `{reads}`")
            }
            Self::NoBrand => f.write_str("a first message without the brand's name"),
            Self::NoOptOut => f.write_str("a first message that does not tell how to stop"),
            Self::PremiumNumber => f.write_str("a number that costs whoever calls it"),
            Self::Prohibited { category, phrases, disguised } => {
                let disguise = if *disguised { "disguised, " } else { "" };
                write!(f, "speaks of {} ({disguise}{category})", phrases.join(" and "))
            }
            Self::Shortener { domain } => write!(f, "a link of {domain}, which is anybody's"),
        }
    }
}

impl ContentFinding {
    /// The id of its rule, as health pages count it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::ForeignLink { .. } => "foreign_link",
            Self::HiddenCharacters { .. } => "hidden_characters",
            Self::LookAlikes { .. } => "look_alikes",
            Self::NoBrand => "no_brand",
            Self::NoOptOut => "no_opt_out",
            Self::PremiumNumber => "premium_number",
            Self::Prohibited { .. } => "prohibited_content",
            Self::Shortener { .. } => "shortener",
        }
    }

    fn effect(&self, rules: &ContentRules, kind: ContentType) -> Effect {
        match self {
            Self::ForeignLink { .. } => rules.foreign_link,
            Self::HiddenCharacters { .. } | Self::LookAlikes { .. } => rules.disguised,
            Self::NoBrand | Self::NoOptOut => rules.untold,
            Self::Shortener { .. } => rules.shortener,
            Self::PremiumNumber | Self::Prohibited { .. } => match kind {
                ContentType::Conversational => rules.prohibited_in_conversation,
                ContentType::Informational | ContentType::Promotional => rules.prohibited,
            },
        }
    }
}

/// Everything that is wrong with a text, each with what to do about it. `first` is the first message of a programme to a consumer.
///
/// ```
/// use frontdesk_tendlc::{ContentRules, ContentType, Facts, check_content};
///
/// let facts = Facts::standard().on("2026-11-21".parse()?);
/// let rules = ContentRules::default();
/// let told = |text| {
///     let found = check_content(text, ContentType::Promotional, false, &rules, facts);
///     found.iter().map(|(finding, _)| finding.to_string()).collect::<Vec<_>>()
/// };
/// assert_eq!(told("Your order is ready."), [] as [&str; 0]);
/// assert_eq!(told("Visit our cаsino"), ["letters that look like others: reads as `casino`", "speaks of casino (disguised, gambling)"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_content(
    text: &str,
    kind: ContentType,
    first: bool,
    rules: &ContentRules,
    facts: &Edition,
) -> SmallVec<[(ContentFinding, Effect); 2]> {
    let mut found: SmallVec<[(ContentFinding, Effect); 2]> = SmallVec::new();
    let mut add = |finding: ContentFinding| {
        let effect = finding.effect(rules, kind);
        if effect > Effect::Ignore {
            found.push((finding, effect));
        }
    };
    let categories = facts.categories();
    let mut look = categories.look(text.as_bytes());
    let many_digits = look.many_digits;
    let plain = disguise::plain(text, &look, |letters| categories.look(letters));
    let (mut letters, mut disguised) = (text.as_bytes(), false);
    if let Some(plain) = &plain {
        if plain.hidden > 0 {
            add(ContentFinding::HiddenCharacters { count: plain.hidden });
        }
        for reads in &plain.look_alikes {
            add(ContentFinding::LookAlikes { reads: reads.clone() });
        }
        (letters, disguised) = (&plain.letters, plain.disguised);
        look = categories.look(letters);
    }
    let may = |category: &Category| category.unless.is_some_and(|unless| rules.has(unless));
    categories.find(letters, &look, |category, phrases| {
        if !may(category) {
            let disguised = disguised && !says(text, &phrases);
            let phrases = phrases.into_iter().map(str::to_owned).collect();
            let category = category.name.clone();
            add(ContentFinding::Prohibited { category, phrases, disguised });
        }
    });
    if many_digits && links::has_premium_number(text) {
        add(ContentFinding::PremiumNumber);
    }
    if look.dots_in_words {
        for host in links::hosts(letters) {
            let own = |own: &String| links::same_site(&host, own);
            if facts.is_shortener(&host) {
                add(ContentFinding::Shortener { domain: host });
            } else if !rules.domains.is_empty() && !rules.domains.iter().any(own) {
                add(ContentFinding::ForeignLink { domain: host });
            }
        }
    }
    if first {
        if !rules.brand.is_empty() && !rules.brand.iter().any(|name| mentions(text, name)) {
            add(ContentFinding::NoBrand);
        }
        if !(mentions(text, "stop") && crate::text::tells_stop(text)) {
            add(ContentFinding::NoOptOut);
        }
    }
    found
}

/// Whether a name stands in a text, whatever its case.
fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    let Some(first) = name.first() else { return true };
    let mut starts =
        memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    starts.any(|at| {
        text.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests;
