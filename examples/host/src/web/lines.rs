//! A consumer's lines: the numbers of the center that they have texted with, and what was said outside of sessions.

use axum::{Json, extract::State};
use frontdesk::{
    store::{Line, SessionQuery},
    types::{PhoneNumber, SessionId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{self, EventJson, Path, Query, consumer},
};

/// A line: a consumer and one number of the center.
#[derive(Serialize, ToSchema)]
pub(super) struct LineJson {
    /// The center's number.
    number: String,
    /// The newest session.
    #[schema(value_type = Option<u64>)]
    last_session: Option<SessionId>,
    /// Its status.
    status: Option<Box<str>>,
    /// Records outside of sessions: answers to HELP and STOP, what somebody wrote who has opted out, notices.
    outside_of_sessions: usize,
}

/// The consumer's lines, one or those with every number.
pub(super) fn lines(
    app: &App,
    consumer: PhoneNumber,
    number: Option<&str>,
) -> Result<Vec<Line>, ApiError> {
    let number = number.map(|text| views::number("number", text)).transpose()?;
    let every = || app.engine.center().every_number();
    let numbers = number.map_or_else(every, |number| [number].into());
    Ok(numbers.into_iter().map(|number| Line { consumer, number }).collect())
}

/// The lines of a consumer, those that something happened on (supervisor).
#[utoipa::path(
    get, path = "/consumers/{number}/lines", tag = "sessions", params(("number" = String, Path)),
    responses((status = 200, body = Vec<LineJson>), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Json<Vec<LineJson>>, ApiError> {
    caller.supervises()?;
    let mut shown = Vec::new();
    for line in lines(&app, consumer(&app, "number", &number)?, None)? {
        let query = SessionQuery { line: Some(line), limit: 1, ..SessionQuery::default() };
        let last = app.engine.sessions(query).await?.into_iter().next().map(|view| view.row);
        let outside_of_sessions = app.engine.outside_of_sessions(line).await?.len();
        if last.is_none() && outside_of_sessions == 0 {
            continue;
        }
        shown.push(LineJson {
            number: line.number.to_string(),
            last_session: last.as_ref().map(|row| row.id),
            status: last.map(|row| row.status),
            outside_of_sessions,
        });
    }
    Ok(Json(shown))
}

/// Records outside of sessions that are given at a time.
const LIMIT: usize = 1_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Outside {
    /// Only with this number of the center.
    number: Option<String>,
    /// Only after this position: the next page.
    #[serde(default)]
    after: u64,
}

/// What was said with a consumer outside of sessions: commands and their answers, what somebody wrote who has opted out, notices
/// (supervisor). Up to 1,000 records, in order.
#[utoipa::path(
    get, path = "/consumers/{consumer}/outside-of-sessions", tag = "sessions", params(("consumer" = String, Path), Outside),
    responses((status = 200, body = Vec<EventJson>), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn outside(
    State(app): State<App>,
    caller: Caller,
    Path(of): Path<String>,
    Query(Outside { number, after }): Query<Outside>,
) -> Result<Json<Vec<EventJson>>, ApiError> {
    caller.supervises()?;
    let mut records = Vec::new();
    for line in lines(&app, consumer(&app, "consumer", &of)?, number.as_deref())? {
        records.extend(app.engine.outside_of_sessions(line).await?);
    }
    records.retain(|record| record.position > after);
    records.sort_unstable_by_key(|record| record.position);
    records.truncate(LIMIT);
    Ok(Json(EventJson::all(records, caller.sees_numbers)))
}
