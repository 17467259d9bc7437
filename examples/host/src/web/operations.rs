//! What those who run the host look at: the log, dead letters, health, metrics.

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::store::{EventQuery, Task, WorkId, WorkState};
use metrics::gauge;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Done, EventJson, Path, Query},
};

/// How many records or rows are given at a time.
const LIMIT: usize = 1_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    /// The last position that is known; 0 for the beginning.
    #[serde(default)]
    after: u64,
}

/// The center's log after a position, up to 1,000 records (supervisor): follow it to build any view.
#[utoipa::path(
    get, path = "/events", tag = "operations", params(After),
    responses((status = 200, body = Vec<EventJson>), (status = 403, body = ApiError))
)]
pub(super) async fn events(
    State(app): State<App>,
    caller: Caller,
    Query(After { after }): Query<After>,
) -> Result<Json<Vec<EventJson>>, ApiError> {
    caller.supervises()?;
    let query = EventQuery::After { position: after, limit: LIMIT };
    let records = app.engine.store().events(app.engine.center().id(), query).await;
    Ok(Json(EventJson::all(records.map_err(frontdesk::EngineError::from)?, caller.sees_numbers)))
}

/// Work that was given up.
#[derive(Serialize, ToSchema)]
pub(super) struct DeadLetter {
    id: WorkId,
    /// The idempotency key.
    key: String,
    /// `send_text`, `match_contact`, `post_connected`, `post_ended`.
    task: &'static str,
    attempts: u32,
    /// The last error.
    error: Option<String>,
}

/// Work that was given up, oldest first (supervisor).
#[utoipa::path(
    get, path = "/dead-letters", tag = "operations",
    responses((status = 200, body = Vec<DeadLetter>), (status = 403, body = ApiError))
)]
pub(super) async fn dead_letters(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<DeadLetter>>, ApiError> {
    caller.supervises()?;
    let rows = app.engine.dead_letters(LIMIT).await?;
    let show = |row: frontdesk::store::WorkRow| DeadLetter {
        id: row.id,
        key: row.work.key,
        task: match row.work.task {
            Task::MatchContact { .. } => "match_contact",
            Task::PostConnected { .. } => "post_connected",
            Task::PostEnded { .. } => "post_ended",
            Task::SendText { .. } => "send_text",
            _ => "other",
        },
        attempts: row.attempts,
        error: row.error,
    };
    Ok(Json(rows.into_iter().map(show).collect()))
}

/// Tries dead work again (admin).
#[utoipa::path(
    post, path = "/dead-letters/{work}/retry", tag = "operations", params(("work" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn retry(
    State(app): State<App>,
    caller: Caller,
    Path(work): Path<WorkId>,
) -> Done {
    caller.administers()?;
    if app.engine.retry_dead_letter(work).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("there is no dead letter {work}"),
        ))
    }
}

/// Whether the host can take texts: 200 when the store answers, 503 otherwise. With the release of the time zone
/// database by which hours go.
#[utoipa::path(
    get, path = "/health", tag = "operations", security(()),
    responses((status = 200), (status = 503, body = ApiError))
)]
pub(super) async fn health(State(app): State<App>) -> Result<Json<serde_json::Value>, ApiError> {
    app.engine.dead_letters(1).await?;
    let time_zones = app.zones.get().json(app.engine.now());
    Ok(Json(serde_json::json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "time_zones": time_zones,
    })))
}

/// Metrics in Prometheus' text format. Nothing personal is in them.
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()), responses((status = 200, body = String)))]
pub(super) async fn metrics(State(app): State<App>) -> Result<String, ApiError> {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let number = |count: usize| count as f64;
    for queue in app.engine.queues() {
        gauge!("frontdesk_waiting", "queue" => queue.id.to_string()).set(number(queue.waiting));
    }
    let agents = app.engine.agents();
    gauge!("frontdesk_assigned").set(number(agents.iter().map(|agent| agent.sessions.len()).sum()));
    let count = |state| {
        let app = app.clone();
        async move {
            let rows = app.engine.store().work(app.engine.center().id(), state, LIMIT).await;
            rows.map(|rows| rows.len()).map_err(frontdesk::EngineError::from)
        }
    };
    // Counted up to 1,000: beyond that the exact figure tells an operator nothing new.
    gauge!("frontdesk_dead_letters").set(number(count(WorkState::Dead).await?));
    gauge!("frontdesk_outbox_pending").set(number(count(WorkState::Pending).await?));
    Ok(app.metrics.render())
}
