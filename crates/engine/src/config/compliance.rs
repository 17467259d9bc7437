//! Brand, campaigns and rules of US texts (DLC-4 to DLC-8): by what the gate decides.

use std::{collections::BTreeMap, sync::Arc};

use frontdesk_tendlc::{
    Cap, Consent, ContentRules, ContentType, Effect, Facts, FactsError, GateRules, Programme,
    Rates, Registered, Retention, RevocationScope, Sender, UseCase,
};
use frontdesk_types::{Instant, SupportNumber};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, check::Context, numbers::number};
use crate::store::Consumer;

/// In whose name texts are sent in the United States, and by which rules (docs/compliance.md).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ComplianceSection {
    /// The brand's name, one of which stands in a first message that is no answer; the company by default.
    pub brand: Vec<String>,
    /// Domains of the brand's own: links of others are remarked.
    pub domains: Vec<String>,
    /// The brand's score with the registry, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// Which messages wait for quiet hours to be over; those that promote by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Vec<ContentType>>,
    /// What a revocation takes back: without, what the law of its day says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation: Option<RevocationScope>,
    /// How many years the ledger keeps what no longer tells what holds, 4 to 100; 5 by default (DLC-3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_years: Option<u32>,
    /// How many promotions a consumer gets, beside what states allow: `{ count = 4, hours = 720 }`.
    pub caps: Vec<Cap>,
    /// What is done about what is found in texts.
    pub content: ContentSection,
    /// The campaigns, with their numbers.
    pub campaigns: Vec<CampaignSection>,
    /// Rows of tables that take the place of those that come with frontdesk.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub facts: serde_json::Value,
}

/// What is done about what is found in texts: `refuse`, `remark` or `ignore`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContentSection {
    /// What carriers do not take, in what the consumer asked nothing for; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prohibited: Option<Effect>,
    /// The same in conversations; `remark` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prohibited_in_conversation: Option<Effect>,
    /// Look-alike and hidden characters; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disguised: Option<Effect>,
    /// Links of anybody's shortener; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortener: Option<Effect>,
    /// Links of other domains than the brand's; `remark` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_link: Option<Effect>,
    /// A first message that is no answer, without the brand's name or without how to stop; `remark` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untold: Option<Effect>,
}

/// A campaign as it is registered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignSection {
    /// Its name here.
    pub id: String,
    /// What for: a code of the registry, like `CUSTOMER_CARE`.
    pub use_case: String,
    /// Where it stands; `active` by default.
    #[serde(default)]
    pub status: Registered,
    /// The numbers that it sends from.
    pub numbers: Vec<String>,
    /// Segments a minute to AT&T, where the registry says otherwise than the tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub att_per_minute: Option<u32>,
    /// Segments a day to T-Mobile, where the registry says otherwise than the tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t_mobile_per_day: Option<u32>,
    /// It is registered for adults, who prove it.
    #[serde(default)]
    pub age_gated: bool,
    /// It is registered for loans of the brand's own.
    #[serde(default)]
    pub direct_lending: bool,
}

/// By what texts of each number leave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compliance {
    /// For numbers of no campaign.
    rules: Arc<GateRules>,
    brand: String,
    score: Option<u8>,
    pub(crate) retention: Retention,
    campaigns: Vec<Campaign>,
    by_number: BTreeMap<SupportNumber, usize>,
}

/// A campaign, checked.
#[derive(Debug, Clone)]
struct Campaign {
    id: String,
    use_case: UseCase,
    status: Registered,
    att_per_minute: Option<u32>,
    t_mobile_per_day: Option<u32>,
    rules: Arc<GateRules>,
    membership: Arc<Membership>,
}

/// What texts of a number are part of: what consumers agree to, and revoke (DLC-3).
#[derive(Debug, Default)]
pub(crate) struct Membership {
    /// The campaign, or the number by itself.
    pub(crate) programme: Programme,
    /// The campaign's numbers, as the programmes that they were before they joined it.
    pub(crate) joined: Vec<Programme>,
}

impl Membership {
    /// What holds for a consumer.
    pub(crate) fn consent(&self, consumer: &Consumer) -> Consent {
        consumer.ledger.consent(&self.programme, &self.joined)
    }

    /// The last time that they revoked consent to something else.
    pub(crate) fn revoked_elsewhere(&self, consumer: &Consumer) -> Option<Instant> {
        consumer.ledger.revoked_elsewhere(&self.programme, &self.joined)
    }
}

/// What a text of a number leaves by.
#[derive(Debug)]
pub(crate) struct Sending<'a> {
    pub(crate) rules: &'a GateRules,
    pub(crate) campaign: Registered,
    pub(crate) rates: Rates,
}

impl Compliance {
    /// What texts of a number are part of.
    pub(crate) fn membership(&self, number: SupportNumber) -> Arc<Membership> {
        let campaign = self.by_number.get(&number).and_then(|place| self.campaigns.get(*place));
        campaign.map_or_else(
            || Arc::new(Membership { programme: number.into(), joined: Vec::new() }),
            |campaign| Arc::clone(&campaign.membership),
        )
    }

    /// What counts as said to a programme: a campaign, or whatever else has that name.
    pub(crate) fn membership_named(&self, programme: &Programme) -> Arc<Membership> {
        match self.campaigns.iter().find(|campaign| campaign.membership.programme == *programme) {
            Some(campaign) => Arc::clone(&campaign.membership),
            None => Arc::new(Membership { programme: programme.clone(), joined: Vec::new() }),
        }
    }

    /// The campaigns, as programmes.
    pub(crate) fn campaigns(&self) -> impl Iterator<Item = &Programme> {
        self.campaigns.iter().map(|campaign| &campaign.membership.programme)
    }

    /// Whether a campaign has this name.
    pub(crate) fn has_campaign(&self, programme: &Programme) -> bool {
        self.campaigns.iter().any(|campaign| campaign.membership.programme == *programme)
    }

    /// In whose name texts of a programme are sent.
    pub(crate) fn sender(&self, programme: &Programme) -> Sender {
        let membership = self.membership_named(programme);
        let campaign = if self.has_campaign(programme) { programme.as_str() } else { "" };
        let own = membership.joined.is_empty().then_some(programme);
        let numbers = membership.joined.iter().chain(own);
        Sender {
            brand: self.brand.clone(),
            campaign: campaign.to_owned(),
            numbers: numbers.filter_map(|number| number.as_str().parse().ok()).collect(),
        }
    }

    /// By what a text of a number leaves at an instant, with the number's own limit.
    pub(crate) fn sending(
        &self,
        number: SupportNumber,
        at: Instant,
        per_minute: Option<u32>,
    ) -> Sending<'_> {
        let campaign = self.by_number.get(&number).and_then(|place| self.campaigns.get(*place));
        let Some(campaign) = campaign else {
            let (rules, campaign) = (&*self.rules, Registered::Active);
            return Sending { rules, campaign, rates: Rates::of_number(per_minute) };
        };
        let rules = &*campaign.rules;
        let mut rates = Rates::of(
            rules.facts().at(at),
            &self.brand,
            &campaign.id,
            campaign.use_case,
            self.score,
        );
        rates.att_per_minute = campaign.att_per_minute.or(rates.att_per_minute);
        rates.t_mobile_per_day = campaign.t_mobile_per_day.or(rates.t_mobile_per_day);
        rates.number_per_minute = per_minute;
        Sending { rules, campaign: campaign.status, rates }
    }
}

pub(super) fn compliance(
    document: &Document,
    ours: impl Fn(SupportNumber) -> bool,
    context: &mut Context,
) -> Compliance {
    let section = &document.compliance;
    let company = || vec![document.center.company.clone()];
    let brand = if section.brand.is_empty() { company() } else { section.brand.clone() };
    let score =
        section.score.map(|score| context.within("compliance.score", Some(score), 0..=100, 0));
    for (i, cap) in section.caps.iter().enumerate() {
        context.within(&format!("compliance.caps[{i}].count"), Some(cap.count), 1..=1_000, 1);
        context.within(&format!("compliance.caps[{i}].hours"), Some(cap.hours), 1..=8_784, 1);
    }
    // Claims can be brought for four years (28 U.S.C. 1658(a)).
    let Retention { years } = Retention::default();
    let years = context.within("compliance.consent_years", section.consent_years, 4..=100, years);
    let defaults = GateRules::default();
    let rules = GateRules {
        facts: facts(&section.facts, context),
        quiet_hours: section.quiet_hours.clone().unwrap_or(defaults.quiet_hours),
        caps: section.caps.clone(),
        revocation_scope: section.revocation,
        content: section.content.rules(brand.clone(), section.domains.clone()),
    };
    let mut compliance = Compliance {
        brand: brand.into_iter().next().unwrap_or_default(),
        score: score.and_then(|score| u8::try_from(score).ok()),
        retention: Retention { years },
        rules: Arc::new(rules),
        ..Compliance::default()
    };
    for (i, section) in section.campaigns.iter().enumerate() {
        compliance.add(section, &format!("compliance.campaigns[{i}]"), &ours, context);
    }
    compliance
}

impl Compliance {
    fn add(
        &mut self,
        section: &CampaignSection,
        path: &str,
        ours: &impl Fn(SupportNumber) -> bool,
        context: &mut Context,
    ) {
        if section.id.trim().is_empty() || self.campaigns.iter().any(|known| known.id == section.id)
        {
            context.problems.add(format!("{path}.id"), "is empty, or stands there twice");
        }
        for (name, value) in [
            ("att_per_minute", section.att_per_minute),
            ("t_mobile_per_day", section.t_mobile_per_day),
        ] {
            if let Some(value) = value {
                context.within(&format!("{path}.{name}"), Some(value), 1..=10_000_000, 1);
            }
        }
        let mut joined = Vec::new();
        for (j, text) in section.numbers.iter().enumerate() {
            let path = format!("{path}.numbers[{j}]");
            let Some(number) = number(&path, text, context) else { continue };
            if !ours(number) {
                context.problems.add(path, "is not a number of this center");
            } else if self.by_number.insert(number, self.campaigns.len()).is_some() {
                context.problems.add(path, "belongs to another campaign already");
            }
            joined.push(Programme::from(number));
        }
        let Some(use_case) = UseCase::named(&section.use_case) else {
            let message = format!(
                "`{}` is no use case of the registry, like CUSTOMER_CARE",
                section.use_case
            );
            context.problems.add(format!("{path}.use_case"), message);
            return;
        };
        let mut rules = (*self.rules).clone();
        rules.content.age_gated = section.age_gated;
        rules.content.direct_lending = section.direct_lending;
        self.campaigns.push(Campaign {
            id: section.id.clone(),
            use_case,
            status: section.status,
            att_per_minute: section.att_per_minute,
            t_mobile_per_day: section.t_mobile_per_day,
            rules: Arc::new(rules),
            membership: Arc::new(Membership { programme: section.id.as_str().into(), joined }),
        });
    }
}

impl ContentSection {
    fn rules(&self, brand: Vec<String>, domains: Vec<String>) -> ContentRules {
        let defaults = ContentRules::default();
        ContentRules {
            brand,
            domains,
            prohibited: self.prohibited.unwrap_or(defaults.prohibited),
            prohibited_in_conversation: self
                .prohibited_in_conversation
                .unwrap_or(defaults.prohibited_in_conversation),
            disguised: self.disguised.unwrap_or(defaults.disguised),
            shortener: self.shortener.unwrap_or(defaults.shortener),
            foreign_link: self.foreign_link.unwrap_or(defaults.foreign_link),
            untold: self.untold.unwrap_or(defaults.untold),
            ..defaults
        }
    }
}

/// The tables with those of the document.
fn facts(overrides: &serde_json::Value, context: &mut Context) -> Option<Arc<Facts>> {
    if overrides.is_null() {
        return None;
    }
    match Facts::with_document(overrides) {
        Ok(facts) => Some(Arc::new(facts)),
        Err(FactsError::Problems(problems)) => {
            for problem in problems {
                let path = format!("compliance.facts.{}", problem.path);
                context.problems.add(path, problem.problem);
            }
            None
        }
        Err(error) => {
            context.problems.add("compliance.facts", error);
            None
        }
    }
}
