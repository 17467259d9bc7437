//! What a text may not say, or may not hide (DLC-5).
//!
//! A sentence is judged by what it offers or demands, from whom, with which link or number. The text is read as people read it
//! ([`read`]), its phrases give tags to its sentences ([`judge`]), and rules say which tags together mean what ([`rules`]). Vocabulary,
//! rules and organisations are data: see `content/knowledge`.

mod categories;
mod exceptions;
mod finding;
mod fold;
mod judge;
mod knowledge;
mod lexicon;
mod links;
mod read;
mod rules;
mod senders;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{ContentType, Edition, Unless};

pub(crate) use categories::Categories;
pub use categories::Category;
pub use exceptions::{ContentException, Judged};
pub use finding::ContentFinding;
pub use links::LinkTrick;

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

/// The rules that a text is judged by: the brand's name, trade and domains, what its campaign may send, and what to do about what is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContentRules {
    /// Names of the brand, one of which stands in a first message.
    pub brand: Vec<String>,
    /// The brand's trade in words, like `dental clinic`: beside the names it tells what a text is about.
    pub trade: Option<String>,
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
    /// The most that is done about what is probably prohibited: of a sure finding it is what the two above say.
    pub probable: Effect,
    /// Look-alike and hidden characters.
    pub disguised: Effect,
    /// Links that hide where they lead, or that imitate somebody's site.
    pub deceptive_link: Effect,
    /// Links of anybody's shortener.
    pub shortener: Effect,
    /// Links of other domains than the brand's.
    pub foreign_link: Effect,
    /// A first message without the brand's name, or without how to stop.
    pub untold: Effect,
    /// Findings that somebody answers for, each with a reason and its days.
    pub exceptions: Vec<ContentException>,
}

impl Default for ContentRules {
    /// What carriers filter is refused; what people say to one another is remarked.
    fn default() -> Self {
        Self {
            brand: Vec::new(),
            trade: None,
            domains: Vec::new(),
            age_gated: false,
            direct_lending: false,
            prohibited: Effect::Refuse,
            prohibited_in_conversation: Effect::Remark,
            probable: Effect::Remark,
            disguised: Effect::Refuse,
            deceptive_link: Effect::Refuse,
            shortener: Effect::Refuse,
            foreign_link: Effect::Remark,
            untold: Effect::Remark,
            exceptions: Vec::new(),
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

/// Everything that is wrong with a text, each with what to do about it. `first` is the first message of a programme to a consumer.
/// Exceptions are not looked at: [`check_content_on`] does.
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
/// assert_eq!(told("Your order is ready. Reply STOP to unsubscribe."), [] as [&str; 0]);
/// assert_eq!(told("Get 100 free sрins today"), [
///     "letters that look like others: reads as `spins`",
///     "offers betting or casino games: `free sрins` (disguised, gambling)",
/// ]);
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
    let mut add = |finding: ContentFinding, most: Effect| {
        let effect = finding.effect(rules, kind).min(most);
        if effect > Effect::Ignore {
            found.push((finding, effect));
        }
    };
    let knowledge = knowledge::Knowledge::standard();
    let judgement = judge::judge(text, rules, knowledge);
    let reading = &judgement.reading;
    if reading.hidden > 0 {
        add(ContentFinding::HiddenCharacters { count: reading.hidden }, Effect::Refuse);
    }
    for reads in &reading.look_alikes {
        add(ContentFinding::LookAlikes { reads: reads.clone() }, Effect::Refuse);
    }
    judgement.links_of(rules, facts, &mut add);
    judgement.prohibited(text, kind, rules, facts, knowledge, &mut add);
    if links::has_premium_number(text) {
        add(ContentFinding::PremiumNumber, Effect::Refuse);
    }
    if first {
        if !rules.brand.is_empty() && !rules.brand.iter().any(|name| mentions(text, name)) {
            add(ContentFinding::NoBrand, Effect::Refuse);
        }
        if !(mentions(text, "stop") && crate::text::tells_stop(text)) {
            add(ContentFinding::NoOptOut, Effect::Refuse);
        }
    }
    found
}

/// The same on a day, with the exceptions that hold on it: what an exception covers has the effect [`Effect::Ignore`], and tells its reason.
pub fn check_content_on<'a>(
    day: NaiveDate,
    text: &str,
    kind: ContentType,
    first: bool,
    rules: &'a ContentRules,
    facts: &Edition,
) -> SmallVec<[Judged<'a>; 2]> {
    let found = check_content(text, kind, first, rules, facts);
    found.into_iter().map(|(finding, effect)| rules.judged(finding, effect, day)).collect()
}

/// The categories that an exception may name: those of what is prohibited on a day, and those of other findings.
pub fn exception_categories(facts: &Edition) -> Vec<&str> {
    const OTHERS: [&str; 5] =
        ["disguise", "foreign_link", "no_brand", "no_opt_out", "premium_number"];
    let mut all: Vec<&str> = facts.categories().names().chain(OTHERS).collect();
    all.sort_unstable();
    all
}

/// Whether a text surely offers or demands what a category is about, with the words: the linter asks it of samples and descriptions.
pub(crate) fn offers(
    text: &str,
    category: &str,
    rules: &ContentRules,
    facts: &Edition,
) -> Option<String> {
    let found = check_content(text, ContentType::Promotional, false, rules, facts);
    found.into_iter().find_map(|(finding, effect)| match finding {
        ContentFinding::Prohibited { category: of, phrases, .. }
            if of == category && effect == Effect::Refuse =>
        {
            Some(phrases.join("`, `"))
        }
        _ => None,
    })
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
