//! The heads of the consent ledger, and a look at the whole of it (DLC-3).

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use frontdesk::{LedgerReport, newest_head, tendlc::Erasure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{OptionalBody, Path, consumer},
};

/// The newest head of the ledger as text, with its signature; 404 if none was made (supervisors).
#[utoipa::path(
    get, path = "/ledger/head", tag = "compliance",
    responses((status = 200, description = "The head: a checkpoint in the form of a signed note", content_type = "text/plain", body = String), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn head(State(app): State<App>, caller: Caller) -> Result<Response, ApiError> {
    caller.supervises()?;
    let head = newest_head(app.engine.store(), app.engine.center().id()).await?;
    Ok(text(head.ok_or_else(|| ApiError::not_found("no head was made yet"))?))
}

/// Seals what was entered and makes a head of it, unless the newest is of the same entries; the anchors get it through the outbox (admins).
#[utoipa::path(
    post, path = "/ledger/heads", tag = "compliance",
    responses((status = 200, description = "The head", content_type = "text/plain", body = String), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn make_head(
    State(app): State<App>,
    caller: Caller,
) -> Result<Response, ApiError> {
    caller.administers()?;
    let head = app.engine.ledger_head().await?;
    Ok(text(head.ok_or_else(|| ApiError::not_found("nothing was ever entered"))?))
}

/// Whether the ledger is what was entered: histories, seals, heads, anchors, and the event log (admins). It reads everything, which
/// takes a minute for each million entries or so.
#[utoipa::path(
    get, path = "/ledger/report", tag = "compliance",
    responses((status = 200, description = "What was looked at, what is covered by which anchor, and what is wrong", body = Object), (status = 403, body = ApiError))
)]
pub(super) async fn report(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<LedgerReport>, ApiError> {
    caller.administers()?;
    Ok(Json(app.engine.verify_ledger().await?))
}

/// An erasure, as a request asks for it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NewErasure {
    /// The reason, up to 500 characters: the request of the consumer, a case number. It stays in the ledger, and a later erasure does
    /// not blank it: leave personal data out of it.
    reason: Option<String>,
}

/// How many entries were blanked.
#[derive(Serialize, ToSchema)]
pub(super) struct Erased {
    /// Entries whose wording and evidence are blank now, and were not.
    entries: u64,
}

/// Blanks wording and evidence of a consumer's entries in the consent ledger, and enters that this was done, with the reason and the
/// holder of the token (admins). What was agreed to and revoked stays.
#[utoipa::path(
    post, path = "/consumers/{number}/erasures", tag = "compliance", params(("number" = String, Path)), request_body = Option<NewErasure>,
    responses((status = 200, body = Erased), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 500, body = ApiError))
)]
pub(super) async fn erase(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    OptionalBody(asked): OptionalBody<NewErasure>,
) -> Result<Json<Erased>, ApiError> {
    caller.administers()?;
    let consumer = consumer(&app, "number", &number)?;
    let reason = asked.reason.unwrap_or_default();
    let erasure = Erasure::new(&reason, caller.name());
    let erasure = erasure.map_err(|error| ApiError::field("reason", error))?;
    let entries = app.engine.erase_evidence(consumer, &erasure).await?;
    if entries == 0 && app.engine.consent_proofs(consumer, None).await?.is_empty() {
        return Err(ApiError::not_found("nothing was ever entered for this number"));
    }
    Ok(Json(Erased { entries }))
}

fn text(head: impl std::fmt::Display) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], head.to_string()).into_response()
}
