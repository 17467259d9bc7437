//! When queues are open.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use frontdesk::types::{Instant, QueueId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{App, access::Anybody, error::ApiError, views::Path};
use crate::hours::spans;

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

/// A queue's hours.
#[derive(Serialize, ToSchema)]
pub(super) struct HoursJson {
    /// The zone whose clock they are told on; null where it is always open.
    zone: Option<&'static str>,
    open: bool,
    /// When that changes; null if it does not.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_change: Option<Instant>,
    /// Today and the six days after.
    week: Vec<DayJson>,
}

/// When a queue is open: now, and in a week (HRS-1, HRS-3).
#[utoipa::path(
    get, path = "/queues/{queue}/hours", tag = "desk", params(("queue" = String, Path)),
    responses((status = 200, body = HoursJson), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn hours(
    State(app): State<App>,
    _: Anybody,
    Path(queue): Path<QueueId>,
) -> Result<Json<HoursJson>, ApiError> {
    let center = app.engine.center();
    if center.channel_of(&queue).is_none() {
        return Err(ApiError::not_found(format!("there is no queue `{queue}`")));
    }
    let Some(schedule) = center.hours(&queue) else {
        let always = HoursJson { zone: None, open: true, next_change: None, week: Vec::new() };
        return Ok(Json(always));
    };
    let (now, zone) = (app.engine.now(), schedule.zone());
    let today = now.with_timezone(&zone.tz()).date_naive();
    let day = |date| {
        let day = schedule.day(date, zone);
        let holidays = day.holidays.iter().map(|holiday| holiday.name().to_owned()).collect();
        DayJson { date, open: spans(&day, zone), holidays }
    };
    let hours = HoursJson {
        zone: Some(zone.tz().name()),
        open: schedule.is_open(now),
        next_change: schedule.next_change(now),
        week: today.iter_days().take(7).map(day).collect(),
    };
    Ok(Json(hours))
}
