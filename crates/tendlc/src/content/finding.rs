//! Findings in a text.

use std::fmt;

use serde::Serialize;
use smallvec::SmallVec;

use super::{
    ContentRules, Effect, LinkTrick,
    judge::Judgement,
    knowledge::Knowledge,
    links::same_site,
    rules::{Hit, Level},
};
use crate::{ContentType, Edition};

/// Why a phrase of the host's own is found.
const OWN: &str = "speaks of what this center does not send";

/// Something in a text, with what it was found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "content", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentFinding {
    /// A link that hides where it leads.
    DeceptiveLink {
        /// Where it leads.
        domain: String,
        /// The trick that hides it.
        trick: LinkTrick,
    },
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
    /// A link whose name imitates an organisation's site.
    ImitatedSite {
        /// Where it leads.
        domain: String,
        /// The organisation.
        organisation: String,
    },
    /// Letters that look like others: a word reads as something that it is not.
    LookAlikes {
        /// The word that it reads as.
        reads: String,
    },
    /// A first message that does not name the brand.
    NoBrand,
    /// A first message that does not tell how to stop.
    NoOptOut,
    /// A number that costs whoever calls it.
    PremiumNumber,
    /// Content that carriers take from nobody, or not from this campaign.
    Prohibited {
        /// The category.
        category: String,
        /// The text's act, in words: `offers cannabis for sale`. Empty where a phrase of the host's own was found.
        why: &'static str,
        /// The words of the text that show it.
        phrases: SmallVec<[String; 4]>,
        /// They were written so that filters would not see them.
        disguised: bool,
    },
    /// A link that anybody may have made.
    Shortener {
        /// The domain of the link.
        domain: String,
    },
}

/// The finding in words: ``offers betting or casino games: `free spins` (gambling)``.
impl fmt::Display for ContentFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeceptiveLink { domain, trick } => {
                write!(f, "a link to {domain} that hides where it leads: {}", trick.words())
            }
            Self::ForeignLink { domain } => {
                write!(f, "a link of {domain}, which is not the brand's")
            }
            Self::HiddenCharacters { count } => write!(f, "{count} characters that nobody sees"),
            Self::ImitatedSite { domain, organisation } => {
                write!(f, "a link to {domain}, which imitates a site of {organisation}")
            }
            Self::LookAlikes { reads } => {
                write!(f, "letters that look like others: reads as `{reads}`")
            }
            Self::NoBrand => f.write_str("a first message without the brand's name"),
            Self::NoOptOut => f.write_str("a first message that does not tell how to stop"),
            Self::PremiumNumber => f.write_str("a number that costs whoever calls it"),
            Self::Prohibited { category, why, phrases, disguised } => {
                let why =
                    if why.is_empty() { "speaks of what this center does not send" } else { why };
                let disguise = if *disguised { "disguised, " } else { "" };
                f.write_str(why)?;
                for (n, phrase) in phrases.iter().enumerate() {
                    write!(f, "{} `{phrase}`", if n == 0 { ":" } else { "," })?;
                }
                write!(f, " ({disguise}{category})")
            }
            Self::Shortener { domain } => write!(f, "a link of {domain}, which is anybody's"),
        }
    }
}

impl ContentFinding {
    /// The id of its rule, as health pages count it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::DeceptiveLink { .. } => "deceptive_link",
            Self::ForeignLink { .. } => "foreign_link",
            Self::HiddenCharacters { .. } => "hidden_characters",
            Self::ImitatedSite { .. } => "imitated_site",
            Self::LookAlikes { .. } => "look_alikes",
            Self::NoBrand => "no_brand",
            Self::NoOptOut => "no_opt_out",
            Self::PremiumNumber => "premium_number",
            Self::Prohibited { .. } => "prohibited_content",
            Self::Shortener { .. } => "shortener",
        }
    }

    /// The category that exceptions name: that of what is prohibited, `deceptive_links` for links, `disguise` for characters, and the rule's
    /// id for the rest.
    pub fn category(&self) -> &str {
        match self {
            Self::Prohibited { category, .. } => category,
            Self::DeceptiveLink { .. } | Self::ImitatedSite { .. } | Self::Shortener { .. } => {
                "deceptive_links"
            }
            Self::HiddenCharacters { .. } | Self::LookAlikes { .. } => "disguise",
            Self::ForeignLink { .. } | Self::NoBrand | Self::NoOptOut | Self::PremiumNumber => {
                self.rule()
            }
        }
    }

    /// The finding in words, without those of the text: `offers betting or casino games`.
    pub fn why(&self) -> String {
        match self {
            Self::Prohibited { why: "", .. } => OWN.to_owned(),
            Self::Prohibited { why, .. } => (*why).to_owned(),
            other => other.to_string(),
        }
    }

    /// The words of the text that it was found by; empty where none are.
    pub fn words(&self) -> SmallVec<[&str; 4]> {
        match self {
            Self::Prohibited { phrases, .. } => phrases.iter().map(String::as_str).collect(),
            Self::DeceptiveLink { domain, .. }
            | Self::ForeignLink { domain }
            | Self::ImitatedSite { domain, .. }
            | Self::Shortener { domain } => SmallVec::from_iter([domain.as_str()]),
            Self::LookAlikes { reads } => SmallVec::from_iter([reads.as_str()]),
            Self::HiddenCharacters { .. }
            | Self::NoBrand
            | Self::NoOptOut
            | Self::PremiumNumber => SmallVec::new(),
        }
    }

    pub(super) fn effect(&self, rules: &ContentRules, kind: ContentType) -> Effect {
        match self {
            Self::ForeignLink { .. } => rules.foreign_link,
            Self::HiddenCharacters { .. } | Self::LookAlikes { .. } => rules.disguised,
            Self::DeceptiveLink { .. } | Self::ImitatedSite { .. } => rules.deceptive_link,
            Self::NoBrand | Self::NoOptOut => rules.untold,
            Self::Shortener { .. } => rules.shortener,
            Self::PremiumNumber | Self::Prohibited { .. } => match kind {
                ContentType::Conversational => rules.prohibited_in_conversation,
                ContentType::Informational | ContentType::Promotional => rules.prohibited,
            },
        }
    }
}

impl Judgement {
    /// The faults of the links, each with the hardest consequence.
    pub(super) fn links_of(
        &self,
        rules: &ContentRules,
        facts: &Edition,
        mut tell: impl FnMut(ContentFinding, Effect),
    ) {
        for (_, link) in &self.reading.links {
            let domain = || link.host.clone();
            if rules.domains.iter().any(|own| same_site(&link.host, own)) {
                continue;
            }
            for trick in &link.tricks {
                let most = match trick {
                    LinkTrick::Redirect | LinkTrick::Punycode => Effect::Remark,
                    _ => Effect::Refuse,
                };
                tell(ContentFinding::DeceptiveLink { domain: domain(), trick: *trick }, most);
            }
            let imitation = self.imitations.iter().find(|imitation| imitation.host == link.host);
            if let Some(imitation) = imitation {
                let organisation = imitation.organisation.clone();
                tell(
                    ContentFinding::ImitatedSite { domain: domain(), organisation },
                    Effect::Refuse,
                );
            } else if facts.is_shortener(&link.host) && !super::judge::is_known_site(&link.host) {
                tell(ContentFinding::Shortener { domain: domain() }, Effect::Refuse);
            } else if !rules.domains.is_empty() && link.tricks.is_empty() {
                tell(ContentFinding::ForeignLink { domain: domain() }, Effect::Refuse);
            }
        }
    }

    /// Content that no campaign may send, or not this one: the surest rule of each category.
    pub(super) fn prohibited(
        &self,
        text: &str,
        kind: ContentType,
        rules: &ContentRules,
        facts: &Edition,
        knowledge: &'static Knowledge,
        mut tell: impl FnMut(ContentFinding, Effect),
    ) {
        let categories = facts.categories();
        let (mut told, mut steps): (SmallVec<[&str; 4]>, usize) = (SmallVec::new(), self.steps);
        for rule in &knowledge.rules {
            // Most rules end here: the rest is only for those that hold.
            let Some(hits) = rule.holds(&self.facts, kind, &mut steps) else { continue };
            let Some(category) = categories.named(&rule.category) else { continue };
            if told.contains(&&*rule.category)
                || category.unless.is_some_and(|unless| rules.has(unless))
            {
                continue;
            }
            told.push(&rule.category);
            let enforced = Edition::is_enforced(&category.basis);
            let most = match rule.level {
                Level::Refuse if enforced => Effect::Refuse,
                _ if enforced => rules.probable,
                _ => Effect::Remark,
            };
            let (phrases, disguised) = self.phrases(text, &hits);
            let category = category.name.clone();
            tell(ContentFinding::Prohibited { category, why: &rule.why, phrases, disguised }, most);
        }
        categories.own_phrases(text, |category, phrases| {
            if category.unless.is_none_or(|unless| !rules.has(unless)) {
                let category = category.name.clone();
                tell(
                    ContentFinding::Prohibited { category, why: "", phrases, disguised: false },
                    Effect::Refuse,
                );
            }
        });
    }

    /// The words of a text that phrases are, and whether one of them is disguised.
    fn phrases(&self, text: &str, hits: &[Hit]) -> (SmallVec<[String; 4]>, bool) {
        let mut phrases = SmallVec::new();
        let mut disguised = false;
        for hit in hits {
            let tokens = self.reading.tokens.get(hit.from..hit.to).unwrap_or_default();
            let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
            let words = text.get(first.from..last.to.max(first.to)).unwrap_or_default();
            disguised |= tokens.iter().any(|token| token.disguised);
            phrases.push(words.to_owned());
        }
        (phrases, disguised)
    }
}
