//! `frontdesk holidays`: the holidays of an iCalendar file (RFC 5545), as public calendars have them, as sections of
//! the configuration (HRS-3).

use std::{collections::BTreeMap, fs, path::PathBuf};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use clap::Args;
use frontdesk::hours::{Holiday, HolidayDates, MonthDay, Occurrence};
use icalendar::{Calendar, CalendarComponent, Component, DatePerhapsTime, Event};
use serde::Serialize;

use crate::{output, settings::HostError};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The iCalendar file.
    file: PathBuf,
    /// The folder of the holidays, which schedules name: a country.
    #[arg(long)]
    folder: Option<String>,
    /// Only from this year on; dates of years before are left out.
    #[arg(long)]
    since: Option<i32>,
}

#[derive(Serialize)]
struct Section {
    name: String,
    dates: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
}

#[derive(Serialize)]
struct Sections {
    holidays: Vec<Section>,
}

pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let refused = |why: &dyn std::fmt::Display| {
        HostError::Refused(format!("{}: {why}", options.file.display()))
    };
    let text = fs::read_to_string(&options.file).map_err(|error| refused(&error))?;
    // The errors of the parser are long, and end where it gave up.
    let calendar: Calendar = text.parse().map_err(|_| {
        refused(&"is no iCalendar file: BEGIN:VCALENDAR … END:VCALENDAR is expected")
    })?;
    let (holidays, notes) = read(&calendar, options.since.unwrap_or(i32::MIN));
    for note in notes {
        output::aside(format_args!("note: {note}"));
    }
    if holidays.is_empty() {
        return Err(refused(&"has no holidays of whole days"));
    }
    let section = |(name, dates): (String, Vec<HolidayDates>)| Section {
        name,
        dates: dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        folder: options.folder.clone(),
    };
    let holidays = holidays.into_iter().map(section).collect();
    let written = toml::to_string(&Sections { holidays }).map_err(|error| refused(&error))?;
    output::write(format_args!("{written}"))
}

/// Names with their dates, and what was left out or shortened.
fn read(calendar: &Calendar, since: i32) -> (BTreeMap<String, Vec<HolidayDates>>, Vec<String>) {
    let (mut found, mut notes) = (BTreeMap::<String, Vec<HolidayDates>>::new(), Vec::new());
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else { continue };
        let summary = event.get_summary().unwrap_or_default().trim();
        match dates(event) {
            Ok(HolidayDates::Once { to, .. }) if to.year() < since => {}
            Ok(dates) => {
                if is_often_observed_only(summary) {
                    notes.push(format!(
                        "`{summary}` is a day on which most businesses are open: remove it if yours is"
                    ));
                }
                let name = name(summary);
                if name != summary {
                    notes.push(format!("`{summary}` is shortened to `{name}`"));
                }
                let all = found.entry(name).or_default();
                if !all.contains(&dates) {
                    all.push(dates);
                }
            }
            Err(why) => notes.push(format!("`{summary}` is left out: {why}")),
        }
    }
    notes.sort();
    notes.dedup();
    (found, notes)
}

/// Words of days that calendars of public holidays list though most businesses are open.
const OBSERVED: &[&str] = &[
    "april fool",
    "cinco de mayo",
    "daylight saving",
    "earth day",
    "father's day",
    "flag day",
    "groundhog",
    "halloween",
    "mother's day",
    "observance",
    "secretar",
    "st. patrick",
    "tax day",
    "time change",
    "valentine",
    "women's day",
];

fn is_often_observed_only(summary: &str) -> bool {
    let summary = summary.to_lowercase().replace('\u{2019}', "'");
    OBSERVED.iter().any(|words| summary.contains(words))
}

/// Why an event is no closing, though it has dates.
fn no_closing(event: &Event) -> Option<&'static str> {
    let value = |name: &str| event.property_value(name).unwrap_or_default().to_lowercase();
    // A calendar can have several of each, and the parser keeps them apart.
    let has = |name: &str| {
        event.property_value(name).is_some() || event.multi_properties().contains_key(name)
    };
    let names_observance = |name: &str| {
        let more = event.multi_properties().get(name).into_iter().flatten();
        value(name).contains("observance")
            || more.into_iter().any(|more| more.value().to_lowercase().contains("observance"))
    };
    if value("STATUS") == "cancelled" {
        Some("it is cancelled")
    } else if has("EXDATE") || has("RDATE") {
        Some("its rule has exceptions (EXDATE, RDATE); write its dates by hand")
    } else if ["CATEGORIES", "DESCRIPTION"].into_iter().any(names_observance) {
        Some("it is an observance, no public holiday")
    } else {
        None
    }
}

/// No longer than a holiday's name can be, by whole words where there are some.
fn name(summary: &str) -> String {
    if summary.chars().count() <= Holiday::LONGEST_NAME {
        return summary.to_owned();
    }
    let cut: String = summary.chars().take(Holiday::LONGEST_NAME).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    words.trim_end_matches([' ', ',', '(', '-']).to_owned()
}

fn dates(event: &Event) -> Result<HolidayDates, String> {
    if let Some(why) = no_closing(event) {
        return Err(why.to_owned());
    }
    let day = |at: Option<DatePerhapsTime>| match at {
        Some(DatePerhapsTime::Date(date)) => Ok(Some(date)),
        Some(DatePerhapsTime::DateTime(_)) => {
            Err("it has a time of day; give it `time` by hand".to_owned())
        }
        None => Ok(None),
    };
    let from = day(event.get_start())?.ok_or("it has no date")?;
    // The end is not part of it; without one, and without a duration, it is a day.
    let lasts = event.property_value("DURATION").and_then(days).unwrap_or(1).max(1);
    let last = from.checked_add_days(Days::new(lasts - 1)).unwrap_or(from);
    let to = day(event.get_end())?.and_then(|end| end.pred_opt()).unwrap_or(last).max(from);
    match event.property_value("RRULE") {
        None => Ok(HolidayDates::Once { from, to }),
        Some(rule) => yearly(rule, from, to).ok_or_else(|| format!("its rule is {rule}")),
    }
}

/// A duration of whole days or weeks.
fn days(duration: &str) -> Option<u64> {
    let number = |unit| duration.strip_prefix('P')?.strip_suffix(unit)?.parse::<u64>().ok();
    number('D').or_else(|| number('W')?.checked_mul(7))
}

/// The rules that holidays have: each year on the same date, or on the *n*th weekday of a month.
fn yearly(rule: &str, from: NaiveDate, to: NaiveDate) -> Option<HolidayDates> {
    let parts: BTreeMap<&str, &str> =
        rule.split(';').filter_map(|part| part.split_once('=')).collect();
    let known = ["FREQ", "BYMONTH", "BYDAY", "INTERVAL", "WKST", "BYMONTHDAY"];
    let other = parts.keys().any(|part| !known.contains(part));
    if parts.get("FREQ") != Some(&"YEARLY")
        || parts.get("INTERVAL").is_some_and(|n| *n != "1")
        || other
    {
        return None;
    }
    let month = parts.get("BYMONTH").map_or(Some(from.month()), |month| month.parse().ok())?;
    let Some(weekday) = parts.get("BYDAY") else {
        let same = parts.get("BYMONTHDAY").is_none_or(|day| day.parse() == Ok(from.day()));
        let day = |date: NaiveDate| MonthDay::new(date.month(), date.day()).ok();
        let dates = HolidayDates::Yearly { from: day(from)?, to: day(to)? };
        return (month == from.month() && same).then_some(dates);
    };
    let (occurrence, weekday) = weekday.split_at_checked(weekday.len().checked_sub(2)?)?;
    let occurrence = match occurrence.trim_start_matches('+') {
        "1" => Occurrence::First,
        "2" => Occurrence::Second,
        "3" => Occurrence::Third,
        "4" => Occurrence::Fourth,
        "-1" => Occurrence::Last,
        _ => return None,
    };
    let weekday = match weekday {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        _ => Weekday::Sun,
    };
    let month = u8::try_from(month).ok()?.try_into().ok()?;
    (from == to).then_some(HolidayDates::Nth { occurrence, weekday, month })
}
