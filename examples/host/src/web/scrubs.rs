//! Checks of consumers against do-not-call lists and lists of numbers that changed hands (DLC-4).

use axum::{Json, extract::State};
use chrono::SecondsFormat;
use frontdesk::{
    ScrubReceipt,
    tendlc::{Scrub, ScrubList, ScrubResult},
    types::Instant,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    access::Caller,
    consent::ImportedFile,
    error::ApiError,
    lists::List,
    views::{Path, Query, consumer},
};

/// The outcome of an import.
#[derive(Serialize, ToSchema)]
pub(super) struct Recorded {
    /// Rows that were recorded.
    recorded: usize,
    /// Rows that change nothing: the same result, or a newer one of that list, is on record.
    known: usize,
}

/// The result of a check.
#[derive(Serialize, ToSchema)]
pub(super) struct ScrubJson {
    /// `national_do_not_call`, `state_do_not_call`, `reassigned_numbers`, `deactivated_numbers`, `litigators` or `internal`.
    #[schema(value_type = String)]
    list: ScrubList,
    /// `clear`, `listed`, `disconnected`, `reassigned` or `unknown`.
    #[schema(value_type = String)]
    result: ScrubResult,
    /// The day of the list's version, or when a service answered.
    checked: String,
    /// When the number was listed or disconnected, if the list tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// The first check in a row with this result.
    first: String,
    /// The file, with whoever imported it, or the service.
    source: String,
}

impl From<Scrub> for ScrubJson {
    fn from(scrub: Scrub) -> Self {
        let instant = |at: Instant| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let Scrub { list, result, checked, since, first, source } = scrub;
        let (checked, since, first) = (instant(checked), since.map(instant), instant(first));
        Self { list, result, checked, since, first, source }
    }
}

/// Imports results of checks as CSV (admins): `consumer`, `list`, `result`, `checked`, and if it is known `since`; at most 1,000,000
/// rows. One wrong row, and nothing of it is recorded: every wrong row is told with its line and column. Each result keeps the name of
/// the file (`?file=`) and of the token that brought it.
#[utoipa::path(
    post, path = "/scrubs", tag = "compliance", params(ImportedFile), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Recorded), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 413, body = ApiError), (status = 415, body = ApiError), (status = 503, body = ApiError))
)]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    Query(file): Query<ImportedFile>,
    List(list): List,
) -> Result<Json<Recorded>, ApiError> {
    caller.administers()?;
    let file = file.name()?;
    let ScrubReceipt { recorded, known } =
        app.engine.import_scrubs(&list, (&file, caller.name())).await?;
    Ok(Json(Recorded { recorded, known }))
}

/// The last result of each list that a consumer was checked against (supervisors).
#[utoipa::path(
    get, path = "/consumers/{number}/scrubs", tag = "compliance", params(("number" = String, Path)),
    responses((status = 200, body = Vec<ScrubJson>), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn scrubs(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Json<Vec<ScrubJson>>, ApiError> {
    caller.supervises()?;
    let all = app.engine.scrubs(consumer(&app, "number", &number)?).await?;
    Ok(Json(all.into_iter().map(ScrubJson::from).collect()))
}
