//! `frontdesk hours`: whether a queue is open at an instant, why, and when that changes; or a month as a table.

use std::path::PathBuf;

use chrono::{DateTime, Datelike, Months, NaiveDateTime};
use clap::Args;
use frontdesk::{
    Center, Clock, SystemClock,
    config::{ToldWhenClosed, VoicemailFor},
    hours::{Answer, CustomHours, Day, Medium, Opening, Schedule, Visit, Zone},
    types::{Alternative, Channel, Instant, Language, QueueId},
};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    inputs, output,
    settings::{self, HostError},
};

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
    #[command(flatten)]
    who: Who,
}

pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let (center, host) = settings::load(options.config.as_deref())?;
    for warning in host.zones.warnings(SystemClock.now()) {
        output::aside(format_args!("warning: {warning}"));
    }
    if center.channel_of(&options.queue).is_none() {
        let texts = center.tree().ids().map(ToString::to_string);
        let phone = center.call_queues().map(|(id, _)| id.to_string());
        let all = texts.chain(phone).collect::<Vec<_>>().join(", ");
        let message = format!("--queue: there is no queue `{}`; there are {all}", options.queue);
        return Err(HostError::Refused(message));
    }
    let refused = |(field, why): (&str, String)| {
        HostError::Refused(format!("--{}: {why}", field.replace('_', "-")))
    };
    let visit = options.who.visit(&center, &options.queue).map_err(refused)?;
    let schedule = center.hours(&options.queue, visit);
    let asked = options.zone.as_deref().map(|name| center.zones().named(name)).transpose();
    let asked = asked.map_err(|error| HostError::Refused(format!("--zone: {error}")))?;
    let utc = Zone::utc();
    let zone = asked.as_ref().or(schedule.map(Schedule::zone)).unwrap_or(&utc);
    let at = match &options.at {
        Some(text) => inputs::in_range(instant(text, zone)?)
            .map_err(|why| HostError::Refused(format!("--at: {why}")))?,
        None => SystemClock.now(),
    };
    if options.calendar {
        output::write(format_args!("{}", calendar(schedule, at, zone)))?;
    } else {
        let answer = HoursAnswer::of(&center, (&options.queue, visit), at, Some(zone));
        output::json(&answer)?;
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
    let found = zone.instants(local).earliest();
    let skipped = || refused(&format!("is never on the clock of {}", zone.name()));
    found.ok_or_else(skipped)
}

/// Whether a queue or menu is open for somebody, why, and what they find who come when it is not (HRS-2 to HRS-9).
#[derive(Serialize, ToSchema)]
pub(crate) struct HoursAnswer {
    #[schema(value_type = String)]
    queue: QueueId,
    /// The instant that it is about; this and the others on the clock asked for, or else of the hours.
    at: String,
    open: bool,
    /// The hours that hold; null where it is always open.
    schedule: Option<ScheduleJson>,
    why: &'static str,
    /// The holiday that it observes then.
    holiday: Option<String>,
    /// When it opens or closes; null if that never changes.
    next_change: Option<String>,
    next_opening: Option<String>,
    /// The release of the time zone database by which hours go.
    time_zones: String,
    /// What they find who come then.
    answer: AnswerJson,
    /// What they are told when nothing else is offered, by language.
    #[schema(value_type = Option<Object>)]
    told: Option<ToldWhenClosed>,
}

/// Hours, and for whom they hold.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScheduleJson {
    /// What they are called, if anything.
    name: Option<String>,
    zone: String,
    /// The node of the menu that has them, or `the center`.
    of: String,
    /// `call`, `chat`; both, if empty.
    #[schema(value_type = Vec<String>)]
    channels: Vec<Medium>,
    /// `ivr`, `mobile`, `sms`, `web`; all, if empty.
    #[schema(value_type = Vec<String>)]
    entry_points: Vec<Channel>,
    /// All, if empty.
    #[schema(value_type = Vec<String>)]
    languages: Vec<Language>,
}

impl From<&CustomHours> for ScheduleJson {
    fn from(hours: &CustomHours) -> Self {
        let of = hours.of.as_ref().map_or("the center", QueueId::as_str);
        Self {
            name: hours.name.as_deref().map(str::to_owned),
            zone: hours.schedule.zone().name().to_owned(),
            of: of.to_owned(),
            channels: hours.audience.media.iter().copied().collect(),
            entry_points: hours.audience.entry_points.iter().copied().collect(),
            languages: hours.audience.languages.iter().copied().collect(),
        }
    }
}

/// What those find who come to a queue or menu.
#[derive(Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum AnswerJson {
    /// It is closed, and nothing is offered: they are told.
    Closed,
    /// It is closed, and this is offered instead.
    Deflected {
        /// The queue or menu whose closing it is.
        #[schema(value_type = String)]
        by: QueueId,
        /// Whether it is that one's own offer, or the center's.
        own: bool,
        /// `"voicemail"`, `"message"`, `"email"`, `"scheduled_call"`, `{"phone_number": "+12025550177"}`.
        #[schema(value_type = Vec<serde_json::Value>)]
        offers: Vec<Alternative>,
        /// The address, where an email is offered.
        email: Option<String>,
        /// Who gets a voice message.
        voicemail_for: Option<VoicemailJson>,
    },
    /// The menu is offered.
    Menu,
    /// They wait in this queue: the one asked about, or the one that it leads to.
    Open {
        #[schema(value_type = String)]
        queue: QueueId,
    },
}

/// Who gets a voice message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VoicemailJson {
    /// The queue's agents, when it opens; null if it never does.
    Agents(Option<String>),
    /// Nobody is assigned: the CRM.
    Crm,
}

impl AnswerJson {
    fn of(
        center: &Center,
        node: &QueueId,
        visit: Visit,
        at: Instant,
        told: impl Fn(Option<Instant>) -> Option<String>,
    ) -> Self {
        match center.answer(node, visit, at) {
            Answer::Closed => Self::Closed,
            Answer::Menu => Self::Menu,
            Answer::Open { queue } => Self::Open { queue },
            Answer::Deflected { node: by, own, deflection } => {
                let offers = deflection.offers().to_vec();
                let email = offers.contains(&Alternative::Email).then(|| center.support_email());
                let voicemail = offers.contains(&Alternative::Voicemail);
                let voicemail_for = voicemail.then(|| match center.voicemail_for(&by, visit, at) {
                    VoicemailFor::Agents(opens) => VoicemailJson::Agents(told(opens)),
                    VoicemailFor::Crm => VoicemailJson::Crm,
                });
                Self::Deflected {
                    own,
                    offers,
                    email: email.flatten().map(str::to_owned),
                    voicemail_for,
                    by,
                }
            }
        }
    }
}

impl HoursAnswer {
    /// Instants are told on the clock of the zone, or of the hours that hold.
    pub(crate) fn of(
        center: &Center,
        (queue, visit): (&QueueId, Visit),
        at: Instant,
        zone: Option<&Zone>,
    ) -> Self {
        let hours = center.opening_hours(queue, visit);
        let utc = Zone::utc();
        let zone = zone.or(hours.map(|hours| hours.schedule.zone())).unwrap_or(&utc);
        let told = |at: Option<Instant>| at.map(|at| at.with_timezone(zone).to_rfc3339());
        let schedule = hours.map(|hours| &hours.schedule);
        let open = schedule.is_none_or(|schedule| schedule.is_open(at));
        let holiday = center.holiday(queue, visit, at);
        let special = schedule.is_some_and(|schedule| schedule.special(at).is_some());
        let why = match (open, holiday, special) {
            _ if schedule.is_none() => "there are no hours for it: it is always open",
            (true, _, true) => "in the hours of this date",
            (true, _, false) => "in its hours",
            (false, Some(_), _) => "a holiday",
            (false, None, true) => "out of the hours of this date",
            (false, None, false) => "out of its hours",
        };
        Self {
            queue: queue.clone(),
            at: told(Some(at)).unwrap_or_default(),
            open,
            schedule: hours.map(ScheduleJson::from),
            why,
            holiday: holiday.map(str::to_owned),
            next_change: told(schedule.and_then(|schedule| schedule.next_change(at))),
            next_opening: told(match schedule {
                Some(schedule) => schedule.next_opening(at),
                None => Some(at),
            }),
            time_zones: center.zones().release().to_string(),
            answer: AnswerJson::of(center, queue, visit, at, told),
            told: (!open).then(|| center.told_when_closed(queue, visit, at)),
        }
    }
}

/// Who asks: the usual way to a queue, but for what is said.
#[derive(Debug, Default, Args)]
pub(crate) struct Who {
    /// Somebody who comes for a `call` or a `chat`; that of the queue, without.
    #[arg(long, value_name = "call|chat", value_parser = word::<Medium>)]
    pub(crate) channel: Option<Medium>,
    /// Somebody who comes through `ivr`, `mobile`, `sms` or `web`; that of the queue, without.
    #[arg(long, value_name = "ivr|mobile|sms|web", value_parser = word::<Channel>)]
    pub(crate) entry_point: Option<Channel>,
    /// Somebody who speaks this; the center's first language, without.
    #[arg(long)]
    pub(crate) lang: Option<Language>,
}

/// A word as the API has it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error: serde_json::Error| error.to_string())
}

impl Who {
    /// As somebody who comes so; the name and the reason of what cannot be.
    pub(crate) fn visit(
        &self,
        center: &Center,
        queue: &QueueId,
    ) -> Result<Visit, (&'static str, String)> {
        let usual = center.usual_visit(queue);
        let language = self.lang.unwrap_or(usual.language);
        if !center.languages().contains(&language) {
            return Err(("lang", format!("`{language}` is not spoken here")));
        }
        let medium = self.channel.unwrap_or(usual.medium);
        let entry_point = self.entry_point.unwrap_or(usual.entry_point);
        if !medium.comes_through(entry_point) {
            return Err(("entry_point", format!("{medium} do not come through it")));
        }
        Ok(Visit { medium, entry_point, language })
    }
}

/// The month of an instant, a line a day: when it is open, on the clock of the zone, and the holidays.
fn calendar(schedule: Option<&Schedule>, at: Instant, zone: &Zone) -> String {
    let today = at.with_timezone(zone).date_naive();
    let first = today.with_day(1).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let mut table = format!("{} ({})\n", first.format("%B %Y"), zone.name());
    let always = Schedule::always(zone.clone());
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
        let text = at.with_timezone(zone).format("%H:%M").to_string();
        if at == day.to { "24:00".to_owned() } else { text }
    };
    let span = |opening: &Opening| match (opening.from == day.from, opening.to == day.to) {
        (true, true) => "24 hours".to_owned(),
        _ => format!("{}-{}", time(opening.from), time(opening.to)),
    };
    day.openings.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// British Columbia keeps its summer time from 2026 on: half past eight by the release 2025b, half past nine since.
    #[test]
    fn hrs_4_an_office_in_vancouver_is_open_by_the_rules_of_2026() {
        let hours = "[hours]\nzone = 'America/Vancouver'\nopen = { mon-fri = '09:00-17:00' }\n";
        let center = "[center]\nid = 'acme'\ncompany = 'Acme'\n";
        let queues = "[[queues]]\nid = 'main'\nname = 'Main'\nnumbers = ['+12025550100']\n";
        let center = Center::load(&format!("{center}{hours}{queues}")).unwrap();
        let queue: QueueId = "main".parse().unwrap();
        let at = "2026-11-26T16:30:00Z".parse().unwrap();
        let visit = center.usual_visit(&queue);
        let told = HoursAnswer::of(&center, (&queue, visit), at, None);
        assert!(told.open);
        assert_eq!(told.at, "2026-11-26T09:30:00-07:00");
        assert_eq!(told.next_change.as_deref(), Some("2026-11-26T17:00:00-07:00"));
        assert_eq!(told.time_zones, "2026f");
    }
}
