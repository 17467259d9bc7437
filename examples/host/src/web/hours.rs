//! When queues are open, and what those find who come when they are not.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use frontdesk::{
    hours::{Medium, Schedule, Visit},
    types::{Channel, Instant, Language, QueueId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::{Anybody, Telephony},
    error::ApiError,
    views::{Path, Query},
};
use crate::{
    hours::{HoursAnswer, ScheduleJson, Who, spans},
    inputs,
};

/// A day of a queue.
#[derive(Serialize, ToSchema)]
pub(super) struct DayJson {
    #[schema(value_type = String, format = Date)]
    date: NaiveDate,
    /// When it is open, on the clock of its hours: `09:00-17:00`, `24 hours`; nothing when it is closed.
    open: Vec<String>,
    /// The holidays that take some of it.
    holidays: Vec<String>,
}

/// Hours that can hold, with the days that they open.
#[derive(Serialize, ToSchema)]
pub(super) struct WeekJson {
    #[serde(flatten)]
    hours: ScheduleJson,
    /// Today and the six days after.
    days: Vec<DayJson>,
}

/// A queue's hours.
#[derive(Serialize, ToSchema)]
pub(super) struct HoursJson {
    #[serde(flatten)]
    now: HoursAnswer,
    /// The week of every hours that can hold here, the nearest and most specific first; none where it is always open.
    weeks: Vec<WeekJson>,
}

fn week(schedule: &Schedule, now: Instant) -> Vec<DayJson> {
    let zone = schedule.zone();
    let today = zone.local(now).date();
    let day = |date| {
        let day = schedule.day(date, zone);
        let holidays = day.holidays.iter().map(|holiday| holiday.name().to_owned()).collect();
        DayJson { date, open: spans(&day, zone), holidays }
    };
    today.iter_days().take(7).map(day).collect()
}

/// Who asks about a queue that there is.
fn visit(app: &App, queue: &QueueId, who: &Who) -> Result<Visit, ApiError> {
    let center = app.engine.center();
    if center.channel_of(queue).is_none() {
        return Err(ApiError::not_found(format!("there is no queue `{queue}`")));
    }
    who.visit(&center, queue).map_err(|(field, why)| ApiError::field(field, why))
}

/// When a queue is open: now, and in a week; and what those find who come now (HRS-1 to HRS-9). `channel`, `entry_point`
/// and `lang` say who asks; an instant `at` asks about another than now.
#[utoipa::path(
    get, path = "/queues/{queue}/hours", tag = "desk", params(("queue" = String, Path), Asks),
    responses((status = 200, body = HoursJson), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn hours(
    State(app): State<App>,
    _: Anybody,
    Path(queue): Path<QueueId>,
    Query(Asks { channel, entry_point, lang, at }): Query<Asks>,
) -> Result<Json<HoursJson>, ApiError> {
    let visit = visit(&app, &queue, &Who { channel, entry_point, lang })?;
    let (center, at) = (app.engine.center(), at.unwrap_or_else(|| app.engine.now()));
    let of = |hours: &frontdesk::hours::CustomHours| WeekJson {
        hours: hours.into(),
        days: week(&hours.schedule, at),
    };
    let weeks = center.all_hours(&queue).map(of).collect();
    Ok(Json(HoursJson { now: HoursAnswer::of(&center, (&queue, visit), at, None), weeks }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Asks {
    /// Somebody who comes for a `call` or a `chat`; that of the queue, without.
    #[param(value_type = Option<String>)]
    channel: Option<Medium>,
    /// Somebody who comes through `ivr`, `mobile`, `sms` or `web`; that of the queue, without.
    #[param(value_type = Option<String>)]
    entry_point: Option<Channel>,
    /// Somebody who speaks this; the center's first language, without.
    #[param(value_type = Option<String>)]
    lang: Option<Language>,
    /// About this instant; now, without.
    #[param(value_type = Option<String>, format = DateTime)]
    #[serde(default, deserialize_with = "inputs::some_instant")]
    at: Option<Instant>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wants {
    /// Where they come in: `ivr`, `mobile` or `web`; the phone menu, without.
    #[param(value_type = Option<String>)]
    entry_point: Option<Channel>,
    /// What they speak; the center's first language, without.
    #[param(value_type = Option<String>)]
    lang: Option<Language>,
    /// How long they would wait if they called now: no slot before that.
    wait_minutes: Option<u32>,
}

/// A slot that a call can be scheduled in.
#[derive(Serialize, ToSchema)]
pub(super) struct SlotJson {
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    #[schema(value_type = String, format = DateTime)]
    to: Instant,
    /// How many places are free.
    free: u32,
}

/// The slots in which a queue can call somebody (HRS-10, telephony): `POST /calls` with a `slot` takes a
/// place in one.
#[utoipa::path(
    get, path = "/queues/{queue}/slots", tag = "calls", params(("queue" = String, Path), Wants),
    responses((status = 200, body = Vec<SlotJson>), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn slots(
    State(app): State<App>,
    _: Telephony,
    Path(queue): Path<QueueId>,
    Query(Wants { entry_point, lang, wait_minutes }): Query<Wants>,
) -> Result<Json<Vec<SlotJson>>, ApiError> {
    let visit = visit(&app, &queue, &Who { channel: None, entry_point, lang })?;
    let free = app.engine.call_slots(&queue, visit, wait_minutes).await?;
    let slot = |free: frontdesk::FreeSlot| SlotJson {
        from: free.slot.from,
        to: free.slot.to,
        free: free.free,
    };
    Ok(Json(free.into_iter().map(slot).collect()))
}
