//! Opening hours and holidays (HRS-1, HRS-3).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use frontdesk_hours::{Holiday, HolidayDates, HoursError, Schedule, SpecialHours, TimeRange, days};
use frontdesk_sms::MessageKind;
use frontdesk_types::{Localized, Template, Zone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, Text, bots::localized, check::Context, problem::listed};

/// Opening hours: a time zone, and for days or ranges of days their hours (HRS-1).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursSection {
    /// A zone of the IANA database, like `America/New_York`.
    pub zone: String,
    /// `mon-fri = "09:00-12:00, 13:00-17:00"`, `sat = "22:00-02:00"`, `daily = "24 hours"`.
    pub open: BTreeMap<String, String>,
    /// The holidays that it observes, by their names and folders; `*` is all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<String>,
    /// Dates with other hours than the week's, whatever holidays say; of several that name a date, the first holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special: Vec<SpecialHoursSection>,
}

/// Dates and their hours.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialHoursSection {
    /// When, as of holidays: `2026-12-23`, `2026-12-19 to 2026-12-23`, `12/24`, `last fri nov`; several with commas.
    pub dates: String,
    /// The hours of each of these dates, as of a day of the week: `07:00-22:00`, `closed`.
    pub open: String,
}

impl SpecialHoursSection {
    /// What is written, read; with the field that cannot be.
    pub(super) fn read(&self) -> Result<SpecialHours, (&'static str, HoursError)> {
        let dates = HolidayDates::list(&self.dates).map_err(|error| ("dates", error))?;
        let hours = TimeRange::list(&self.open).map_err(|error| ("open", error))?;
        SpecialHours::new(dates, hours).map_err(|error| ("open", error))
    }
}

/// Days on which those are closed who observe them (HRS-3).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidaySection {
    /// Its name, 25 letters at the most; schedules name it.
    pub name: String,
    /// When it is: `12/25`, `12/30-01/02` (over New Year), `4th thu nov`, `last mon may`, and in one year only
    /// `2027-03-28`, `2027-03-26 to 2027-03-29`; several with commas.
    pub dates: String,
    /// Only at this time of its days, `12:00-24:00`; over midnight is fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Holidays of one folder are observed together: a country's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What a consumer who texts is told instead of the after-hours message, per language; `@{NEXT_REOPEN_HOUR}` and
    /// the other variables of that message can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// What a caller is told, per language: for the telephony.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Text>,
}

/// What consumers are told on a holiday.
#[derive(Debug, Clone, Default)]
pub(crate) struct HolidayMessages {
    pub(crate) text: Localized<Template>,
    pub(crate) voice: Localized<String>,
}

/// The holidays that schedules can observe.
#[derive(Debug, Default)]
pub(super) struct Holidays {
    all: Vec<Holiday>,
    /// By name and by folder.
    named: BTreeMap<String, Vec<usize>>,
    /// Schedules that observe the same share them.
    observed: BTreeMap<BTreeSet<usize>, Schedule>,
}

/// Reads the holidays; the messages are by their names.
pub(super) fn holidays(
    document: &Document,
    context: &mut Context,
) -> BTreeMap<String, HolidayMessages> {
    let mut messages = BTreeMap::new();
    for (i, section) in document.holidays.iter().enumerate() {
        let path = format!("holidays[{i}]");
        let dates = HolidayDates::list(&section.dates);
        let dates = context.problems.check(&format!("{path}.dates"), dates);
        let time = section.time.as_deref().and_then(|time| {
            context.problems.check(&format!("{path}.time"), time.parse::<TimeRange>())
        });
        // The name is looked at also where the dates cannot be read.
        let holiday = Holiday::new(&section.name, dates.unwrap_or_default());
        let holiday = context.problems.check(&format!("{path}.name"), holiday);
        let said = HolidayMessages {
            text: texts(&format!("{path}.text"), section.text.as_ref(), context),
            voice: localized(&format!("{path}.voice"), section.voice.as_ref(), context),
        };
        let known = &mut context.holidays;
        let taken = known.named.contains_key(&section.name) || section.name == "*";
        if taken {
            let message = format!("`{}` is an earlier holiday or folder", section.name);
            context.problems.add(format!("{path}.name"), message);
            continue;
        }
        let Some(holiday) = holiday else { continue };
        let place = known.all.len();
        known.all.push(time.map_or(holiday.clone(), |time| holiday.at(time)));
        known.named.insert(section.name.clone(), vec![place]);
        if let Some(folder) = &section.folder {
            known.named.entry(folder.clone()).or_default().push(place);
        }
        messages.insert(section.name.clone(), said);
    }
    messages
}

fn texts(path: &str, text: Option<&Text>, context: &mut Context) -> Localized<Template> {
    let written = localized(path, text, context);
    let mut templates = Localized::default();
    for (language, text) in written.0 {
        let path = format!("{path}.{language}");
        if text.trim().is_empty() {
            context.problems.add(path, "the message is empty");
            continue;
        }
        let allowed = MessageKind::AfterHours.variables();
        let read = Template::parse(&text, allowed);
        if let Some(template) = context.problems.check(&path, read) {
            context.fits(&path, &template, language);
            templates.0.insert(language, template);
        }
    }
    templates
}

/// Hours with every mistake told, not only the first.
pub(super) fn schedule(
    path: &str,
    section: &HoursSection,
    context: &mut Context,
) -> Option<Arc<Schedule>> {
    let zone = context.problems.check(&format!("{path}.zone"), context.zones.named(&section.zone));
    let mut all = Vec::new();
    for (names, ranges) in &section.open {
        let path = format!("{path}.open.{names}");
        let read = || -> Result<_, HoursError> { Ok((days(names)?, TimeRange::list(ranges)?)) };
        if let Some((days, ranges)) = context.problems.check(&path, read()) {
            all.extend(
                days.into_iter()
                    .flat_map(|day| ranges.clone().into_iter().map(move |range| (day, range))),
            );
        }
    }
    let observed = observed(&format!("{path}.holidays"), &section.holidays, context);
    let special = special(&format!("{path}.special"), &section.special, context);
    // Ranges that overlap do so in every zone, also in one that is none.
    let known = zone.is_some();
    let schedule = Schedule::new(zone.unwrap_or_else(Zone::utc), all);
    let schedule = schedule.map(|schedule| schedule.with_special(special));
    let schedule = context.problems.check(&format!("{path}.open"), schedule).filter(|_| known)?;
    if observed.is_empty() {
        return Some(Arc::new(schedule));
    }
    let Holidays { all, observed: known, .. } = &mut context.holidays;
    if let Some(same) = known.get(&observed) {
        return Some(Arc::new(schedule.observing_as(same)));
    }
    let holidays: Vec<Holiday> =
        observed.iter().filter_map(|place| all.get(*place)).cloned().collect();
    let schedule = schedule.observing(holidays);
    known.insert(observed, schedule.clone());
    Some(Arc::new(schedule))
}

/// The dates that have other hours.
fn special(
    path: &str,
    sections: &[SpecialHoursSection],
    context: &mut Context,
) -> Vec<SpecialHours> {
    let most = SpecialHours::MOST;
    if sections.len() > most {
        let message = format!("has {} entries, allowed are at most {most}", sections.len());
        context.problems.add(path.to_owned(), message);
    }
    let mut all = Vec::new();
    for (i, section) in sections.iter().take(most).enumerate() {
        match section.read() {
            Ok(special) => all.push(special),
            Err((field, error)) => {
                context.problems.add(format!("{path}[{i}].{field}"), error.to_string());
            }
        }
    }
    all
}

fn observed(path: &str, names: &[String], context: &mut Context) -> BTreeSet<usize> {
    let mut observed = BTreeSet::new();
    for (i, name) in names.iter().enumerate() {
        if name == "*" {
            observed.extend(0..context.holidays.all.len());
        } else if let Some(places) = context.holidays.named.get(name) {
            observed.extend(places);
        } else {
            let message = match listed(name, context.holidays.named.keys().map(String::as_str)) {
                None => format!("there is no holiday or folder `{name}`: no holiday is configured"),
                Some(known) => {
                    format!("there is no holiday or folder `{name}`; there are: {known}")
                }
            };
            context.problems.add(format!("{path}[{i}]"), message);
        }
    }
    observed
}
