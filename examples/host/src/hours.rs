//! `frontdesk hours`: whether a queue is open at an instant, why, and when that changes; or a month as a table.

use std::path::PathBuf;

use chrono::{DateTime, Datelike, Months, NaiveDateTime, TimeZone};
use clap::Args;
use frontdesk::{
    Center, Clock, SystemClock,
    hours::{Day, Opening, Schedule, Zone},
    types::{Instant, QueueId},
};
use serde_json::{Value, json};

use crate::settings::{self, HostError};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The configuration; the demo center without one.
    config: Option<PathBuf>,
    /// Which queue.
    #[arg(long)]
    queue: QueueId,
    /// When: `2026-12-24T09:00:00-05:00`, or `2026-12-24T09:00` on the clock of the zone; now, without.
    #[arg(long)]
    at: Option<String>,
    /// On which clock instants are read and told: that of the queue's hours, without.
    #[arg(long)]
    zone: Option<String>,
    /// The month of that instant as a table, a line a day.
    #[arg(long)]
    calendar: bool,
}

pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let (center, _) = settings::load(options.config.as_deref())?;
    if center.tree().node(&options.queue).is_none() {
        let all = center.tree().ids().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("--queue: there is no queue `{}`; there are {all}", options.queue);
        return Err(HostError::Refused(message));
    }
    let schedule = center.hours(&options.queue);
    let zone = match (&options.zone, schedule) {
        (Some(name), _) => {
            Zone::named(name).map_err(|error| HostError::Refused(format!("--zone: {error}")))?
        }
        (None, Some(schedule)) => schedule.zone().clone(),
        (None, None) => Zone::of("UTC".parse().unwrap_or_default()),
    };
    let at = match &options.at {
        Some(text) => instant(text, &zone)?,
        None => SystemClock.now(),
    };
    if options.calendar {
        print!("{}", calendar(schedule, at, &zone));
    } else {
        println!("{:#}", answer(&center, &options.queue, at, &zone));
    }
    Ok(())
}

fn instant(text: &str, zone: &Zone) -> Result<Instant, HostError> {
    if let Ok(at) = text.parse::<DateTime<chrono::FixedOffset>>() {
        return Ok(at.to_utc());
    }
    let refused = |why: &str| HostError::Refused(format!("--at: `{text}` {why}"));
    let read = |format| NaiveDateTime::parse_from_str(text, format);
    let local = read("%Y-%m-%dT%H:%M").or_else(|_| read("%Y-%m-%dT%H:%M:%S"));
    let local = local.map_err(|_| refused("is no instant: 2026-12-24T09:00 is expected"))?;
    // Of a time that the clock shows twice, the first.
    let found = zone.tz().from_local_datetime(&local).earliest();
    let skipped = || refused(&format!("is never on the clock of {}", zone.tz().name()));
    Ok(found.ok_or_else(skipped)?.to_utc())
}

fn answer(center: &Center, queue: &QueueId, at: Instant, zone: &Zone) -> Value {
    let told = |at: Option<Instant>| at.map(|at| at.with_timezone(&zone.tz()).to_rfc3339());
    let Some(schedule) = center.hours(queue) else {
        return json!({
            "queue": queue, "at": told(Some(at)), "open": true, "schedule": null,
            "why": "there are no hours above it: it is always open",
            "holiday": null, "next_change": null, "next_opening": told(Some(at)), "told": null,
        });
    };
    let open = schedule.is_open(at);
    let set = center.settings(queue).iter().find(|setting| setting.name == "hours");
    let from = set.and_then(|setting| setting.from.as_ref());
    let holiday = center.holiday(queue, at);
    let why = match (open, &holiday) {
        (true, _) => "in its hours",
        (false, Some(_)) => "a holiday",
        (false, None) => "out of its hours",
    };
    let told_then = (!open).then(|| center.told_when_closed(queue, at));
    json!({
        "queue": queue,
        "at": told(Some(at)),
        "open": open,
        "schedule": { "zone": schedule.zone().tz().name(), "of": from.map_or("the center", QueueId::as_str) },
        "why": why,
        "holiday": holiday,
        "next_change": told(schedule.next_change(at)),
        "next_opening": told(schedule.next_opening(at)),
        "told": told_then,
    })
}

/// The month of an instant, a line a day: when it is open, on the clock of the zone, and the holidays.
fn calendar(schedule: Option<&Schedule>, at: Instant, zone: &Zone) -> String {
    let today = at.with_timezone(&zone.tz()).date_naive();
    let first = today.with_day(1).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let mut table = format!("{} ({})\n", first.format("%B %Y"), zone.tz().name());
    let always = Schedule::always(zone.tz());
    let schedule = schedule.unwrap_or(&always);
    for date in first.iter_days().take_while(|day| *day < next) {
        let day = schedule.day(date, zone);
        let open = spans(&day, zone).join(", ");
        let open = if open.is_empty() { "closed".to_owned() } else { open };
        let holidays: Vec<&str> = day.holidays.iter().map(|holiday| holiday.name()).collect();
        let line = format!("{}  {open:<30} {}", date.format("%a %d"), holidays.join(", "));
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

/// When it is open on a day: `24 hours`, or ranges on the clock of the zone.
pub(crate) fn spans(day: &Day<'_>, zone: &Zone) -> Vec<String> {
    let time = |at: Instant| {
        let text = at.with_timezone(&zone.tz()).format("%H:%M").to_string();
        if at == day.to { "24:00".to_owned() } else { text }
    };
    let span = |opening: &Opening| match (opening.from == day.from, opening.to == day.to) {
        (true, true) => "24 hours".to_owned(),
        _ => format!("{}-{}", time(opening.from), time(opening.to)),
    };
    day.openings.iter().map(span).collect()
}
