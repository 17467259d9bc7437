//! Texts of consumers that were taken for possible revocations (SMS-16).

use axum::{Json, extract::State};
use chrono::SecondsFormat;
use frontdesk::{SuspectedText, types::SessionId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    access::Caller,
    error::ApiError,
    pages::Page,
    views::{Ends, Query},
};

/// A page of texts that may be revocations.
#[derive(Serialize, ToSchema)]
pub(super) struct SuspectedPage {
    /// The texts, newest first.
    texts: Vec<SuspectedJson>,
    /// `after` of the next page; nothing where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A text of a consumer that may have been meant as a revocation.
#[derive(Serialize, ToSchema)]
pub(super) struct SuspectedJson {
    /// The session that it came in; nothing outside of sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    session: Option<SessionId>,
    #[serde(flatten)]
    ends: Ends,
    /// When it came.
    at: String,
    /// The rule that matched.
    rule: String,
    /// The words that matched it.
    phrase: String,
}

/// Texts of the last 92 days that were taken for possible revocations, in sessions and outside of them, newest first (supervisors).
#[utoipa::path(
    get, path = "/compliance/suspected", tag = "compliance", params(Page),
    responses((status = 200, body = SuspectedPage), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<SuspectedPage>, ApiError> {
    caller.supervises()?;
    let limit = page.limit()?;
    let found = app.engine.suspected_texts(page.after(), limit + 1).await?;
    let (found, next) = Page::cut(found, limit);
    let show = |text: SuspectedText| SuspectedJson {
        session: text.session,
        ends: Ends::of(text.line, caller.sees_numbers),
        at: text.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        rule: text.rule.to_string(),
        phrase: text.phrase,
    };
    Ok(Json(SuspectedPage { texts: found.into_iter().map(show).collect(), next }))
}
