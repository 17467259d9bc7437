//! Tables made into editions.

use std::sync::Arc;

use super::{
    Basis, Week,
    check::Problems,
    closed::{ClosedDays, Weekdays},
    document::{AttClassRow, BasisRow, ContentRow, Document, ForTexts, Row, TMobileTierRow},
    edition::{
        AttClass, Bounds, Edition, MessageCap, OpenHours, Revocation, TMobileTier, TextField, Whom,
    },
};
use crate::{
    BrandListing, Carrier, State, StateError, UseCase,
    content::{Categories, Category},
};
use chrono::NaiveDate;

pub(super) fn holds(basis: &BasisRow, date: NaiveDate) -> bool {
    basis.since.is_some_and(|since| since <= date) && basis.until.is_none_or(|until| date < until)
}

impl BasisRow {
    /// `None` where something is missing, of which a problem tells.
    fn basis(&self) -> Option<Basis> {
        let Self { source, since, until, confidence, text } = self;
        Some(Basis {
            source: source.clone(),
            since: (*since)?,
            until: *until,
            confidence: (*confidence)?,
            for_texts: *text == ForTexts::Yes,
        })
    }
}

macro_rules! tables {
    ($visit:ident) => {
        $visit!(
            quiet_hours,
            state_holidays,
            message_caps,
            revocation,
            honour_opt_out,
            att_classes,
            t_mobile_tiers,
            number_limits,
            numbers_without_pool,
            text_lengths,
            samples,
            sub_use_cases,
            shorteners,
            lint_rules,
            content
        )
    };
}

impl Document {
    /// What comes with this crate; a test reads it.
    pub(super) fn standard() -> Self {
        let tables = concat!(
            include_str!("facts.toml"),
            "\n",
            include_str!("state_holidays.toml"),
            "\n",
            include_str!("rules.toml"),
            "\n",
            include_str!("rules_wording.toml"),
            "\n",
            include_str!("content.toml")
        );
        toml::from_str(tables).unwrap_or_default()
    }

    /// Rows of `own` take the place of all rows of the same key.
    pub(super) fn overridden(mut self, own: Self) -> Self {
        fn replace<R: Row>(rows: &mut Vec<R>, own: Vec<R>) {
            rows.retain(|row| own.iter().all(|other| other.key() != row.key()));
            rows.extend(own);
        }
        macro_rules! each {
            ($($table:ident),*) => { $(replace(&mut self.$table, own.$table);)* };
        }
        tables!(each);
        self
    }

    pub(super) fn each_table(&self, problems: &mut Problems) {
        macro_rules! each {
            ($($table:ident),*) => { $(problems.table(&self.$table);)* };
        }
        tables!(each);
    }

    /// Every day on which something changes, in order.
    pub(super) fn dates(&self) -> Vec<NaiveDate> {
        let mut dates = Vec::new();
        macro_rules! each {
            ($($table:ident),*) => {
                $(dates.extend(self.$table.iter().flat_map(|row| [row.basis.since, row.basis.until]).flatten());)*
            };
        }
        tables!(each);
        dates.sort_unstable();
        dates.dedup();
        dates
    }
}

pub(super) fn editions(document: &Document) -> Vec<Edition> {
    let mut editions: Vec<Edition> = Vec::new();
    for from in document.dates() {
        let mut edition = Edition::of(document, from);
        // Words that stay the same are looked for by the same automaton.
        if let Some(last) = editions.last().filter(|last| last.categories == edition.categories) {
            edition.categories = last.categories.clone();
        }
        editions.push(edition);
    }
    editions
}

/// What rows that hold on a day say, where they can be understood.
fn held<'a, R: Row, T>(
    rows: &'a [R],
    date: NaiveDate,
    read: impl Fn(&'a R, Basis) -> Option<T> + 'a,
) -> impl Iterator<Item = T> + 'a {
    rows.iter()
        .filter(move |row| holds(row.basis(), date))
        .filter_map(move |row| read(row, row.basis().basis()?))
}

/// A state; `None` is the whole country.
fn state(place: &str) -> Result<Option<State>, StateError> {
    if place.eq_ignore_ascii_case("US") { Ok(None) } else { place.parse().map(Some) }
}

impl Edition {
    fn of(document: &Document, from: NaiveDate) -> Self {
        let state_holidays: Vec<(State, i32, Vec<NaiveDate>)> =
            held(&document.state_holidays, from, |row, _| {
                let days = row.days.iter().map(|day| day.date).collect();
                Some((state(&row.place).ok()??, row.year, days))
            })
            .collect();
        let hours = held(&document.quiet_hours, from, |row, basis| {
            let (state, week) = (state(&row.place).ok()?, Week::parse(&row.open).ok()?);
            let weekdays = row.holiday_weekdays.as_deref().map(Weekdays::parse);
            let weekdays = weekdays.transpose().ok()?.unwrap_or(Weekdays::ALL);
            let own = state_holidays.iter().filter(|(of, ..)| Some(*of) == state);
            let own = own.map(|(_, year, days)| (*year, days.as_slice()));
            let closed = ClosedDays::of(row.holidays, weekdays, own);
            Some(Arc::new(OpenHours { state, week, closed, lifted_by: row.lifted_by, basis }))
        });
        let mut edition = Self { from, states: vec![None; State::COUNT], ..Self::default() };
        for hours in hours {
            match hours.state {
                None => edition.federal = Some(hours),
                Some(state) => {
                    if let Some(of_state) = edition.states.get_mut(state.index()) {
                        *of_state = Some(hours);
                    }
                }
            }
        }
        edition.everywhere = edition.everywhere();
        edition.caps = held(&document.message_caps, from, |row, basis| {
            Some(MessageCap {
                state: state(&row.place).ok()?,
                count: row.count,
                hours: row.hours,
                lifted_by_purchase_months: row.lifted_by_purchase_months,
                basis,
            })
        })
        .collect();
        edition.revocation = held(&document.revocation, from, |row, basis| {
            Some(Revocation {
                scope: row.scope,
                confirm_within_minutes: row.confirm_within_minutes,
                honour_within_business_days: row.honour_within_business_days,
                basis,
            })
        })
        .last();
        edition.honour = held(&document.honour_opt_out, from, |row, _| {
            Some((state(&row.place).ok()?, row.years))
        })
        .collect();
        edition.att = held(&document.att_classes, from, AttClass::of).collect();
        edition.t_mobile =
            held(&document.t_mobile_tiers, from, |row, basis| Some(TMobileTier::of(row, basis)))
                .collect();
        edition.number_limits = held(&document.number_limits, from, |row, _| {
            Some((Carrier::named(&row.carrier)?, row.sms_per_minute, row.mms_per_minute))
        })
        .collect();
        edition.numbers_without_pool =
            held(&document.numbers_without_pool, from, |row, _| Some(row.most)).last();
        edition.text_lengths = held(&document.text_lengths, from, |row, _| {
            Some((TextField::named(&row.field)?, Bounds { from: row.from, to: row.to }))
        })
        .collect();
        edition.samples =
            held(&document.samples, from, |row, _| Some(Bounds { from: row.from, to: row.to }))
                .last();
        edition.sub_use_cases = held(&document.sub_use_cases, from, |row, _| {
            Some((UseCase::named(&row.use_case)?, Bounds { from: row.from, to: row.to }))
        })
        .collect();
        edition.shorteners = held(&document.shorteners, from, |row, _| {
            Some(row.domains.iter().map(|domain| domain.to_lowercase()).collect::<Vec<_>>())
        })
        .flatten()
        .collect();
        let categories = held(&document.content, from, |row, basis| {
            let ContentRow { category, unless, phrases, .. } = row.clone();
            Some(Category { name: category, unless, phrases, basis })
        });
        edition.categories = Categories::of(categories.collect());
        edition.lint_rules = held(&document.lint_rules, from, |row, basis| {
            Some((row.rule.clone(), (row.severity.severity()?, basis)))
        })
        .collect();
        edition
    }
}

impl AttClass {
    fn of(row: &AttClassRow, basis: Basis) -> Option<Self> {
        Some(Self {
            class: row.class.chars().next()?.to_ascii_uppercase(),
            sms_per_minute: row.sms_per_minute,
            mms_per_minute: row.mms_per_minute,
            counts: row.counts,
            basis,
            whom: Whom::of(row.score, &row.use_cases, &row.brands),
            mixed: row.mixed,
        })
    }
}

impl TMobileTier {
    fn of(row: &TMobileTierRow, basis: Basis) -> Self {
        let whom = Whom::of(row.score, &row.use_cases, &row.brands);
        Self { tier: row.tier.clone(), per_day: row.per_day, basis, whom }
    }
}

impl Whom {
    fn of(score: Option<(u8, u8)>, use_cases: &[String], brands: &[BrandListing]) -> Self {
        Self {
            score,
            use_cases: use_cases.iter().filter_map(|code| UseCase::named(code)).collect(),
            brands: brands.to_vec(),
        }
    }
}
