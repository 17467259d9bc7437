//! Brand, campaigns and rules of US texts (DLC-4 to DLC-8): the gate decides by them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use frontdesk_sms::{Commands, MessageKind, Messages};
use frontdesk_tendlc::{
    BrandRank, Consent, ContentRules, ContentType, Facts, FactsError, GateRules, NotEnabled,
    Programme, Rates, Registered, Retention, Route, Sender, TextJudgement, UseCase, route,
};
use frontdesk_types::{Instant, Localized, Purpose, SupportNumber};

mod exceptions;
mod judgements;
mod names;
mod person;
mod registered;
mod scrub;
mod sections;

pub(crate) use registered::Enrolment;
pub use scrub::ScrubSection;
pub use sections::{
    CampaignSection, CampaignWords, ComplianceSection, ContentSection, ExceptionSection,
    NumberSection,
};

use self::{judgements::Judgements, person::Person};
use super::{
    Document,
    check::{Context, commands, override_messages},
    names::Words,
    numbers::number,
};
use crate::{RegistrationIds, store::Consumer};

/// What else of the document the section is checked against.
pub(super) struct Given<'a> {
    /// Whether a number is one of the center's.
    pub(super) ours: &'a dyn Fn(SupportNumber) -> bool,
    /// The center's messages.
    pub(super) messages: &'a Localized<Messages>,
    /// Whether a word chooses something in a menu.
    pub(super) is_option: &'a dyn Fn(&str) -> bool,
}

/// The replies that are registered with a campaign.
const REGISTERED: [MessageKind; 3] =
    [MessageKind::OptOutConfirmation, MessageKind::OptInConfirmation, MessageKind::Help];

/// By what texts of each number leave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compliance {
    /// For numbers of no campaign.
    rules: Arc<GateRules>,
    judgements: Arc<Judgements>,
    brand: String,
    rank: BrandRank,
    person: Person,
    /// Of the whole brand, where the registry has said so.
    t_mobile_per_day: Option<u32>,
    pub(crate) retention: Retention,
    /// In upper case.
    answered: BTreeSet<String>,
    campaigns: Vec<Campaign>,
    by_number: BTreeMap<SupportNumber, usize>,
    /// Where numbers stand, and whether they are for texts alone.
    numbers: BTreeMap<SupportNumber, (Registered, bool)>,
}

/// Whether texts of a number are enabled, and by what (DLC-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// The number.
    pub number: SupportNumber,
    /// By what texts of it are enabled, or why they cannot be.
    pub route: Result<Route, NotEnabled>,
    /// The campaign that it sends for.
    pub campaign: Option<Programme>,
    /// Where it stands: a number of a campaign no further than that.
    pub status: Registered,
}

/// A campaign, checked.
#[derive(Debug, Clone)]
struct Campaign {
    use_case: UseCase,
    status: Registered,
    provider: Option<RegistrationIds>,
    att_per_minute: Option<u32>,
    rules: Arc<GateRules>,
    membership: Arc<Membership>,
    commands: Commands,
    messages: Localized<Messages>,
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
    pub(crate) number: Registered,
    pub(crate) rates: Rates,
}

impl Compliance {
    fn of_number(&self, number: SupportNumber) -> Option<&Campaign> {
        self.by_number.get(&number).and_then(|place| self.campaigns.get(*place))
    }

    /// The facts of every campaign.
    pub(crate) fn facts(&self) -> &Facts {
        self.rules.facts()
    }

    /// The gate's rules for texts of a number.
    pub(crate) fn rules_of(&self, number: SupportNumber) -> &GateRules {
        self.of_number(number).map_or(&self.rules, |campaign| &campaign.rules)
    }

    /// Whether a chat may begin from a number with a consumer who has given no consent.
    pub(crate) fn may_begin_without_consent(&self, number: SupportNumber) -> bool {
        self.rules_of(number).outreach_without_consent.is_some()
    }

    /// The judgement of a text of a number, by the rules of its campaign. `first`: it is the first message of a programme to a consumer.
    pub(crate) fn judged(
        &self,
        number: SupportNumber,
        text: (&str, Purpose, ContentType),
        first: bool,
        at: Instant,
    ) -> Arc<TextJudgement> {
        let campaign = self.by_number.get(&number).copied();
        self.judgements.of(text, first, at, (campaign, self.rules_of(number)))
    }

    fn named(&self, programme: &Programme) -> Option<&Campaign> {
        self.campaigns.iter().find(|campaign| campaign.membership.programme == *programme)
    }

    /// The gate's rules for texts of a campaign, or of numbers of none.
    pub(crate) fn rules(&self, campaign: Option<&str>) -> Option<&GateRules> {
        match campaign {
            None => Some(&self.rules),
            Some(id) => self.named(&id.into()).map(|campaign| &*campaign.rules),
        }
    }

    /// Whether a number belongs to a campaign.
    pub(crate) fn has_number(&self, number: SupportNumber) -> bool {
        self.by_number.contains_key(&number)
    }

    /// The command words of a number's campaign.
    pub(crate) fn commands(&self, number: SupportNumber) -> Option<&Commands> {
        self.of_number(number).map(|campaign| &campaign.commands)
    }

    /// The replies of a number's campaign.
    pub(crate) fn messages(&self, number: SupportNumber) -> Option<&Localized<Messages>> {
        self.of_number(number).map(|campaign| &campaign.messages)
    }

    /// Whether the provider answers a text by itself: it is one of its words and nothing else, in whichever case.
    pub(crate) fn is_answered(&self, body: &str) -> bool {
        !self.answered.is_empty() && self.answered.contains(&body.trim().to_uppercase())
    }

    fn status(&self, number: SupportNumber) -> Registered {
        self.numbers.get(&number).map_or(Registered::Active, |(status, _)| *status)
    }

    /// Whether texts of a number are enabled. Slow: it asks for the kind of the number.
    pub(crate) fn activation(&self, number: SupportNumber) -> Activation {
        let sms_only = self.numbers.get(&number).is_some_and(|(_, sms_only)| *sms_only);
        let campaign = self.of_number(number);
        let status = match (self.status(number), campaign) {
            (Registered::Active, Some(campaign)) => campaign.status,
            (status, _) => status,
        };
        Activation {
            number,
            route: route(number, sms_only),
            campaign: campaign.map(|campaign| campaign.membership.programme.clone()),
            status,
        }
    }

    /// What texts of a number are part of.
    pub(crate) fn membership(&self, number: SupportNumber) -> Arc<Membership> {
        self.of_number(number).map_or_else(
            || Arc::new(Membership { programme: number.into(), joined: Vec::new() }),
            |campaign| Arc::clone(&campaign.membership),
        )
    }

    /// What counts as said to a programme: a campaign, or whatever else has that name.
    pub(crate) fn membership_named(&self, programme: &Programme) -> Arc<Membership> {
        self.named(programme).map_or_else(
            || Arc::new(Membership { programme: programme.clone(), joined: Vec::new() }),
            |campaign| Arc::clone(&campaign.membership),
        )
    }

    /// The campaigns, as programmes.
    pub(crate) fn campaigns(&self) -> impl Iterator<Item = &Programme> {
        self.campaigns.iter().map(|campaign| &campaign.membership.programme)
    }

    /// Whether a campaign has this name.
    pub(crate) fn has_campaign(&self, programme: &Programme) -> bool {
        self.named(programme).is_some()
    }

    /// The sender of all programmes, without campaign and numbers.
    pub(crate) fn brand(&self) -> Sender {
        let Person { legal_name, address, center } = self.person.clone();
        Sender { legal_name, address, brand: self.brand.clone(), center, ..Sender::default() }
    }

    /// The sender of a programme's texts.
    pub(crate) fn sender(&self, programme: &Programme) -> Sender {
        let membership = self.membership_named(programme);
        let campaign = if self.has_campaign(programme) { programme.as_str() } else { "" };
        let own = membership.joined.is_empty().then_some(programme);
        let numbers = membership.joined.iter().chain(own);
        Sender {
            campaign: campaign.to_owned(),
            numbers: numbers.filter_map(|number| number.as_str().parse().ok()).collect(),
            ..self.brand()
        }
    }

    /// By what a text of a number leaves at an instant, with the number's own limit.
    pub(crate) fn sending(
        &self,
        number: SupportNumber,
        at: Instant,
        per_minute: Option<u32>,
    ) -> Sending<'_> {
        let status = self.status(number);
        let Some(campaign) = self.of_number(number) else {
            let (rules, campaign) = (&*self.rules, Registered::Active);
            let rates = Rates::of_number(per_minute);
            return Sending { rules, campaign, number: status, rates };
        };
        let rules = &*campaign.rules;
        let mut rates = Rates::of(
            rules.facts().at(at),
            &self.brand,
            campaign.membership.programme.as_str(),
            campaign.use_case,
            self.rank,
        );
        rates.att_per_minute = campaign.att_per_minute.or(rates.att_per_minute);
        // The cap is the brand's: one meter with one limit, whichever campaign sends.
        rates.t_mobile_per_day = self.t_mobile_per_day.or(rates.t_mobile_per_day);
        rates.number_per_minute = per_minute;
        Sending { rules, campaign: campaign.status, number: status, rates }
    }
}

pub(super) fn compliance(
    document: &Document,
    given: &Given<'_>,
    context: &mut Context,
) -> Compliance {
    let section = &document.compliance;
    let company = || vec![document.center.company.clone()];
    let brand = if section.brand.is_empty() { company() } else { section.brand.clone() };
    names::check_brand(&section.brand, &mut context.problems);
    let domains = names::domains(&section.domains, &mut context.problems);
    let score =
        section.score.map(|score| context.within("compliance.score", Some(score), 0..=100, 0));
    let score = score.and_then(|score| u8::try_from(score).ok());
    for (i, cap) in section.caps.iter().enumerate() {
        context.within(&format!("compliance.caps[{i}].count"), Some(cap.count), 1..=1_000, 1);
        context.within(&format!("compliance.caps[{i}].hours"), Some(cap.hours), 1..=8_784, 1);
    }
    // Claims can be brought for four years (28 U.S.C. 1658(a)).
    let Retention { years } = Retention::default();
    let years = context.within(
        "compliance.consent_years",
        section.consent_years,
        Retention::LEAST_YEARS..=100,
        years,
    );
    let defaults = GateRules::default();
    let mut rules = GateRules {
        facts: facts(&section.facts, context),
        quiet_hours: section.quiet_hours.clone().unwrap_or(defaults.quiet_hours),
        caps: section.caps.clone(),
        hold_advertising: section.hold_advertising.unwrap_or(defaults.hold_advertising),
        outreach_without_consent: reason(
            "compliance.outreach_without_consent",
            section.outreach_without_consent.as_deref(),
            context,
        ),
        consent_lifts_hours: section.consent_lifts_quiet_hours,
        revocation_scope: section.revocation,
        scrub: scrub::rules(&section.scrub, context),
        content: ContentRules {
            trade: section.trade.clone(),
            ..section.content.rules(brand.clone(), domains)
        },
    };
    let path = "compliance.content.exceptions";
    rules.content.exceptions =
        exceptions::exceptions(&section.content.exceptions, path, rules.facts(), context);
    let mut compliance = Compliance {
        brand: brand.into_iter().next().unwrap_or_default(),
        rank: section.listing.map_or_else(|| BrandRank::of(score), BrandRank::Listed),
        person: person::person(document, context),
        retention: Retention { years },
        rules: Arc::new(rules),
        t_mobile_per_day: section.t_mobile_per_day.map(|per_day| {
            context.within("compliance.t_mobile_per_day", Some(per_day), 1..=10_000_000, 1)
        }),
        ..Compliance::default()
    };
    for (i, section) in section.campaigns.iter().enumerate() {
        compliance.add(section, &format!("compliance.campaigns[{i}]"), given, context);
    }
    for (i, section) in section.numbers.iter().enumerate() {
        compliance.add_number(section, &format!("compliance.numbers[{i}].number"), given, context);
    }
    compliance.answered = answered(&section.provider_answers, &compliance, context);
    compliance
}

/// Why something that is off by itself is allowed. It is for whoever asks years later: an empty reason is none.
fn reason(path: &str, reason: Option<&str>, context: &mut Context) -> Option<String> {
    let reason = reason?.trim();
    let found = reason.chars().count();
    if !(10..=1_000).contains(&found) {
        let message =
            format!("has {found} characters; a reason has 10 to 1000, who allows it and why");
        context.problems.add(path, message);
    }
    Some(reason.to_owned())
}

impl Compliance {
    fn add_number(
        &mut self,
        section: &NumberSection,
        path: &str,
        given: &Given<'_>,
        context: &mut Context,
    ) {
        let Some(number) = number(path, &section.number, context) else { return };
        if !(given.ours)(number) {
            context.problems.add(path, "is not a number of this center");
        } else if self.numbers.insert(number, (section.status, section.sms_only)).is_some() {
            context.problems.add(path, "stands there twice");
        } else if let Err(why) = route(number, section.sms_only) {
            context.problems.add(path, why);
        }
    }

    fn add(
        &mut self,
        section: &CampaignSection,
        path: &str,
        given: &Given<'_>,
        context: &mut Context,
    ) {
        if let Some(why) = names::no_campaign_id(&section.id, given.ours) {
            context.problems.add(format!("{path}.id"), why);
        } else if self.has_campaign(&section.id.as_str().into()) {
            context.problems.add(format!("{path}.id"), "stands there twice");
        }
        for (name, value) in [
            ("att_per_minute", section.att_per_minute),
            ("t_mobile_per_day", section.t_mobile_per_day),
        ] {
            if let Some(value) = value {
                context.within(&format!("{path}.{name}"), Some(value), 1..=10_000_000, 1);
            }
        }
        match (section.t_mobile_per_day, self.t_mobile_per_day) {
            (Some(of_campaign), Some(known)) if of_campaign != known => {
                let message = format!(
                    "is {of_campaign}, and {known} above: T-Mobile counts a brand's campaigns together; give `t_mobile_per_day` once, under [compliance]"
                );
                context.problems.add(format!("{path}.t_mobile_per_day"), message);
            }
            (of_campaign, known) => self.t_mobile_per_day = known.or(of_campaign),
        }
        let mut joined = Vec::new();
        for (j, text) in section.numbers.iter().enumerate() {
            let path = format!("{path}.numbers[{j}]");
            let Some(number) = number(&path, text, context) else { continue };
            if !(given.ours)(number) {
                context.problems.add(path, "is not a number of this center");
            } else if let Some(why) = not_by_10dlc(number) {
                context.problems.add(path, why);
            } else if self.by_number.insert(number, self.campaigns.len()).is_some() {
                context.problems.add(path, "belongs to another campaign already");
            }
            joined.push(Programme::from(number));
        }
        let commands = registered_words(section, path, given, context);
        let mut messages = given.messages.clone();
        override_messages(&format!("{path}.messages"), &section.messages, &mut messages, context);
        let registered = |key: &str| REGISTERED.iter().any(|kind| kind.key() == key);
        for (tag, texts) in &section.messages {
            for key in texts.keys().filter(|key| !registered(key)) {
                let allowed = REGISTERED.map(MessageKind::key).join(", ");
                let message = format!("is no reply of a campaign; allowed are {allowed}");
                context.problems.add(format!("{path}.messages.{tag}.{key}"), message);
            }
        }
        let Some(use_case) = UseCase::named(&section.use_case) else {
            let codes = UseCase::ALL.map(UseCase::code).join(", ");
            let message = format!(
                "`{}` is no use case of the registry; allowed are {codes}",
                section.use_case
            );
            context.problems.add(format!("{path}.use_case"), message);
            return;
        };
        let mut rules = (*self.rules).clone();
        rules.content.age_gated = section.age_gated;
        rules.content.direct_lending = section.direct_lending;
        let own = exceptions::exceptions(
            &section.exceptions,
            &format!("{path}.exceptions"),
            self.rules.facts(),
            context,
        );
        rules.content.exceptions.extend(own);
        self.campaigns.push(Campaign {
            use_case,
            status: section.status,
            provider: registered::ids(section.provider.as_ref(), path, &mut context.problems),
            att_per_minute: section.att_per_minute,
            rules: Arc::new(rules),
            membership: Arc::new(Membership { programme: section.id.as_str().into(), joined }),
            commands,
            messages,
        });
    }
}

/// Why a number can belong to no campaign, if it cannot.
fn not_by_10dlc(number: SupportNumber) -> Option<String> {
    match route(number, true) {
        Ok(Route::TenDlc) => None,
        Ok(route) => Some(format!("is enabled by {route}, not by a campaign")),
        Err(why) => Some(why.to_string()),
    }
}

/// A campaign's command words, with the fixed ones and the center's.
fn registered_words(
    section: &CampaignSection,
    path: &str,
    given: &Given<'_>,
    context: &mut Context,
) -> Commands {
    let CampaignWords { opt_out, opt_in, help } = &section.words;
    let path = format!("{path}.words");
    for word in [opt_out, opt_in, help].into_iter().flatten() {
        if (given.is_option)(word) {
            let message = format!("`{word}` chooses something in a menu already");
            context.problems.add(path.clone(), message);
        }
    }
    let base = context.words.commands.clone();
    let commands = commands(&path, base, [opt_out, opt_in, help], &mut context.problems);
    let known = context.words.clashes();
    let words = Words::new(commands, context.words.session.clone());
    // Those of the center's own words are told with them.
    for (_, clash) in words.clashes().into_iter().filter(|clash| !known.contains(clash)) {
        context.problems.add(path.clone(), clash);
    }
    words.commands
}

/// The words that the provider answers.
fn answered(words: &[String], compliance: &Compliance, context: &mut Context) -> BTreeSet<String> {
    for (i, word) in words.iter().enumerate() {
        let all = compliance.campaigns.iter().map(|campaign| &campaign.commands);
        let known = std::iter::once(&context.words.commands)
            .chain(all)
            .any(|commands| commands.recognise(word).is_some());
        if !known {
            let path = format!("compliance.provider_answers[{i}]");
            let message = format!("`{word}` is no command word here: it would be for an agent");
            context.problems.add(path, message);
        }
    }
    words.iter().map(|word| word.trim().to_uppercase()).collect()
}

/// The tables with those of the document.
fn facts(overrides: &serde_json::Value, context: &mut Context) -> Option<Arc<Facts>> {
    let zones = context.zones.clone();
    if overrides.is_null() {
        let own = || Arc::new(Facts::standard().clone().in_zones(&zones));
        return (!zones.is_bundled()).then(own);
    }
    match Facts::with_document(overrides) {
        Ok(facts) => Some(Arc::new(facts.in_zones(&zones))),
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
