//! The facts as they hold from a day on, made ready to be asked.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    Basis, Confidence, Counts, Holidays, RevocationScope, Week, closed::ClosedDays,
    holidays::business_days_after,
};
use crate::{
    BrandListing, BrandRank, Carrier, ConsentLevel, Severity, State, UseCase, content::Categories,
    place::PlaceZones, quiet_hours::Hours,
};

/// The facts as they hold from a day on, until another edition begins.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edition {
    pub(super) from: NaiveDate,
    pub(super) federal: Option<Arc<OpenHours>>,
    pub(super) states: Vec<Option<Arc<OpenHours>>>,
    pub(super) everywhere: Vec<(Tz, Hours)>,
    pub(super) zones: PlaceZones,
    pub(super) caps: Vec<MessageCap>,
    pub(super) revocation: Option<Revocation>,
    pub(super) honour: Vec<(Option<State>, u32)>,
    pub(super) att: Vec<AttClass>,
    pub(super) t_mobile: Vec<TMobileTier>,
    pub(super) number_limits: Vec<(Carrier, u32, Option<u32>)>,
    pub(super) numbers_without_pool: Option<u32>,
    pub(super) text_lengths: Vec<(TextField, Bounds)>,
    pub(super) samples: Option<Bounds>,
    pub(super) sub_use_cases: Vec<(UseCase, Bounds)>,
    pub(super) shorteners: Vec<String>,
    pub(super) categories: Categories,
    pub(super) lint_rules: BTreeMap<String, (Severity, Basis)>,
}

/// When solicitations may arrive in a state, or anywhere in the country.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenHours {
    /// Where: `None` is the whole country.
    pub state: Option<State>,
    pub(crate) week: Week,
    pub(crate) closed: ClosedDays,
    /// The level of consent that lifts these hours by the law's own words (Utah: "without prior express consent"). The gate goes
    /// by it only where that is set ([`crate::GateRules::consent_lifts_hours`]).
    pub lifted_by: Option<ConsentLevel>,
    /// What it rests on.
    pub basis: Basis,
}

/// `Mon-Sun 08:00-20:00 (FTSA, since 2021-07-01)`
impl fmt::Display for OpenHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} ({})", self.week, self.holidays(), self.basis)
    }
}

impl OpenHours {
    /// The holidays on which solicitations may not arrive.
    pub fn holidays(&self) -> Holidays {
        self.closed.holidays()
    }
}

/// How many solicitations a consumer in a state gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageCap {
    /// Where: `None` is the whole country.
    pub state: Option<State>,
    /// So many …
    pub count: u32,
    /// … in so many hours.
    pub hours: u32,
    /// Not for those who have bought something in so many months; 0 is that it is for them, too.
    pub lifted_by_purchase_months: u32,
    /// What it rests on.
    pub basis: Basis,
}

/// How a revocation is honoured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// What it takes back.
    pub scope: RevocationScope,
    /// A confirmation within so many minutes needs no excuse.
    pub confirm_within_minutes: u32,
    /// The latest, in business days. Here it is honoured at once.
    pub honour_within_business_days: u32,
    /// What it rests on.
    pub basis: Basis,
}

impl Revocation {
    /// The last day on which a revocation of a day may take effect; ten business days later. Here it does at once.
    pub fn deadline(&self, revoked: NaiveDate) -> NaiveDate {
        business_days_after(revoked, self.honour_within_business_days)
    }
}

/// What AT&T takes of a message class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttClass {
    /// A letter.
    pub class: char,
    /// Segments of texts a minute.
    pub sms_per_minute: u32,
    /// Messages with media a minute, where it is known.
    pub mms_per_minute: Option<u32>,
    /// Of what.
    pub counts: Counts,
    /// What it rests on.
    pub basis: Basis,
    pub(super) whom: Whom,
    pub(super) mixed: Option<bool>,
}

/// What T-Mobile takes of a brand in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TMobileTier {
    /// Its name.
    pub tier: String,
    /// Segments, and messages with media, from midnight to midnight of the Pacific; `None` is no limit.
    pub per_day: Option<u32>,
    /// What it rests on.
    pub basis: Basis,
    pub(super) whom: Whom,
}

/// For whom a class or tier is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whom {
    pub(super) score: Option<(u8, u8)>,
    pub(super) use_cases: Vec<UseCase>,
    pub(super) brands: Vec<BrandListing>,
}

impl Whom {
    fn has(&self, rank: BrandRank) -> bool {
        let has_score = |score| self.score.is_some_and(|(from, to)| (from..=to).contains(&score));
        match rank {
            BrandRank::Unvetted => has_score(0),
            BrandRank::Scored(score) => has_score(score),
            BrandRank::Listed(listing) => self.brands.contains(&listing),
        }
    }
}

/// The first of some for a brand: for one that is listed, and which no row is for, that of a brand without a score.
fn first_for<'a, T>(
    rows: impl Iterator<Item = &'a T> + Clone,
    rank: BrandRank,
    whom: fn(&T) -> &Whom,
) -> Option<&'a T> {
    let of = |rank| rows.clone().find(|row| whom(row).has(rank));
    of(rank).or_else(|| of(BrandRank::Unvetted))
}

/// How long something may be, or how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// A text of a registration that has a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextField {
    Contact,
    Description,
    Keywords,
    MessageFlow,
    Name,
    Reply,
    Sample,
}

impl TextField {
    const NAMES: [(&'static str, Self); 7] = [
        ("contact", Self::Contact),
        ("description", Self::Description),
        ("keywords", Self::Keywords),
        ("message_flow", Self::MessageFlow),
        ("name", Self::Name),
        ("reply", Self::Reply),
        ("sample", Self::Sample),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    pub(super) fn names() -> String {
        Self::NAMES.map(|(name, _)| name).join(", ")
    }
}

impl Edition {
    /// How bad what a rule of the linter finds is, and what that rests on; `None` where the rule is off, or not in force yet.
    pub fn lint_rule(&self, id: &str) -> Option<(Severity, &Basis)> {
        self.lint_rules.get(id).map(|(severity, basis)| (*severity, basis))
    }

    /// When solicitations may arrive in a state, where it has rules of its own.
    pub fn open_hours(&self, state: State) -> Option<&OpenHours> {
        self.states.get(state.index())?.as_deref()
    }

    pub(crate) fn hours_of(&self, state: Option<State>) -> Option<&Arc<OpenHours>> {
        match state {
            None => self.federal.as_ref(),
            Some(state) => self.states.get(state.index())?.as_ref(),
        }
    }

    /// The zones that places name.
    pub(crate) fn zones(&self) -> &PlaceZones {
        &self.zones
    }

    /// What must be open where nobody knows the place.
    pub(crate) fn everywhere_open(&self) -> &[(Tz, Hours)] {
        &self.everywhere
    }

    /// When they may arrive anywhere in the country.
    pub fn federal_hours(&self) -> Option<&OpenHours> {
        self.federal.as_deref()
    }

    /// How many a consumer gets, in each state that says so.
    pub fn message_caps(&self) -> &[MessageCap] {
        &self.caps
    }

    /// How a revocation is honoured.
    pub fn revocation(&self) -> Option<&Revocation> {
        self.revocation.as_ref()
    }

    /// For how many years an opt-out is honoured at least; elsewhere it is for good.
    pub fn honour_opt_out_years(&self, state: State) -> Option<u32> {
        self.honour.iter().find(|(of, _)| *of == Some(state)).map(|(_, years)| *years)
    }

    /// The message class of a campaign at AT&T, by its use case and the brand's rank; a brand without a score has the lowest.
    /// `None` where only the host can know it, such as that of EMERGENCY.
    pub fn att_class(&self, use_case: UseCase, rank: BrandRank) -> Option<&AttClass> {
        let named = self.att.iter().find(|class| class.whom.use_cases.contains(&use_case));
        if named.is_some() {
            return named;
        }
        if use_case.is_special() {
            // Nothing is published: the lowest class, until the registry says more.
            return self.att.iter().min_by_key(|class| class.sms_per_minute);
        }
        let mixed = matches!(use_case, UseCase::Mixed | UseCase::Marketing);
        let classes = self.att.iter().filter(|class| class.mixed == Some(mixed));
        first_for(classes, rank, |class| &class.whom)
    }

    /// A message class of AT&T by its letter.
    pub fn att_class_named(&self, class: char) -> Option<&AttClass> {
        self.att.iter().find(|known| known.class.eq_ignore_ascii_case(&class))
    }

    /// The tier of a brand at T-Mobile by its rank; a brand without a score has the lowest. A sole proprietor has a tier of its own.
    pub fn t_mobile_tier_of(&self, use_case: UseCase, rank: BrandRank) -> Option<&TMobileTier> {
        let own = |tier: &&TMobileTier| tier.whom.use_cases.contains(&use_case);
        let named = self.t_mobile.iter().filter(|_| use_case == UseCase::SoleProprietor).find(own);
        named.or_else(|| first_for(self.t_mobile.iter(), rank, |tier| &tier.whom))
    }

    /// Segments a day of one campaign to T-Mobile, where its use case has a cap of its own beside the brand's (LOW_VOLUME).
    pub fn t_mobile_per_campaign(&self, use_case: UseCase) -> Option<u32> {
        let own = |tier: &&TMobileTier| tier.whom.use_cases.contains(&use_case);
        let tiers = self.t_mobile.iter().filter(|_| use_case != UseCase::SoleProprietor);
        tiers.clone().find(own).and_then(|tier| tier.per_day)
    }

    /// A tier of T-Mobile by its name.
    pub fn t_mobile_tier(&self, name: &str) -> Option<&TMobileTier> {
        self.t_mobile.iter().find(|tier| tier.tier == name)
    }

    /// Segments a minute that a carrier takes of each number.
    pub fn per_number(&self, carrier: Carrier) -> Option<u32> {
        self.number_limits.iter().find(|(known, ..)| *known == carrier).map(|(_, texts, _)| *texts)
    }

    /// Messages with media a minute that a carrier takes of each number, where it is known.
    pub fn media_per_number(&self, carrier: Carrier) -> Option<u32> {
        self.number_limits
            .iter()
            .find(|(known, ..)| *known == carrier)
            .and_then(|(.., media)| *media)
    }

    /// Numbers of a campaign without an approved pool.
    pub fn numbers_without_pool(&self) -> u32 {
        self.numbers_without_pool.unwrap_or(u32::MAX)
    }

    /// Whether a domain, or the one that it is below of, gives links to anybody.
    pub fn is_shortener(&self, domain: &str) -> bool {
        let below = |known: &String| {
            domain
                .strip_suffix(known.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.shorteners.iter().any(below)
    }

    pub(crate) fn categories(&self) -> &Categories {
        &self.categories
    }

    pub(crate) fn text_length(&self, field: TextField) -> Bounds {
        let known = self.text_lengths.iter().find(|(known, _)| *known == field);
        known.map_or(Bounds { from: 0, to: usize::MAX }, |(_, bounds)| *bounds)
    }

    pub(crate) fn sample_count(&self) -> Bounds {
        self.samples.unwrap_or(Bounds { from: 0, to: usize::MAX })
    }

    pub(crate) fn sub_use_case_count(&self, use_case: UseCase) -> Bounds {
        let known = self.sub_use_cases.iter().find(|(known, _)| *known == use_case);
        known.map_or(Bounds { from: 0, to: 0 }, |(_, bounds)| *bounds)
    }

    /// Whether a fact is sure enough to hold or refuse a message for.
    pub(crate) fn is_enforced(basis: &Basis) -> bool {
        basis.confidence >= Confidence::Medium
    }
}
