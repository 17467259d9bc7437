//! What those who run the host look at: the log, dead letters, health, metrics.

use std::time::{Duration, Instant};

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::store::{EventQuery, WorkId, WorkRow, WorkState};
use frontdesk_store_sqlite::SqliteStore;
use metrics::gauge;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::{Caller, Operates},
    error::ApiError,
    outbox,
    views::{Done, EventJson, Path, Query},
};
use crate::zones::TimeZonesJson;

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
    /// `begin_deflected`, `fetch_media`, `match_contact`, `post_connected`, `post_ended`, `send_text`, `virtual_turn`.
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
        task: outbox::kind(&row.work.task),
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

/// How long the store may take to show that it can be written.
const PROBE: Duration = Duration::from_secs(5);
/// How long it counts as writable after that, as long as everything that is written is.
const FRESH: Duration = Duration::from_secs(1);

/// Whether texts can be taken. However many ask, the store is written at most once a second.
pub(crate) struct Health {
    store: SqliteStore,
    well: tokio::sync::Mutex<Option<Instant>>,
}

impl Health {
    pub(crate) fn new(store: SqliteStore) -> Self {
        Self { store, well: tokio::sync::Mutex::default() }
    }

    async fn check(&self) -> Result<(), ApiError> {
        let mut well = self.well.lock().await;
        if well.is_some_and(|at| at.elapsed() < FRESH) && self.store.writes_well() {
            return Ok(());
        }
        *well = None;
        match tokio::time::timeout(PROBE, self.store.probe()).await {
            Ok(probed) => probed.map_err(frontdesk::EngineError::from)?,
            Err(_) => return Err(ApiError::unavailable(&"the database does not answer")),
        }
        *well = Some(Instant::now());
        Ok(())
    }
}

/// Whether the host can take texts: 200 when a text could be written to the disk now, 503 otherwise.
#[utoipa::path(
    get, path = "/health", tag = "operations", security(()),
    responses((status = 200, body = HealthJson), (status = 503, body = ApiError))
)]
pub(super) async fn health(State(app): State<App>) -> Result<Json<HealthJson>, ApiError> {
    app.health.check().await?;
    let time_zones = app.zones.get().json(app.engine.now());
    Ok(Json(HealthJson { status: "ok", version: env!("CARGO_PKG_VERSION"), time_zones }))
}

/// That all is well.
#[derive(Serialize, ToSchema)]
pub(super) struct HealthJson {
    /// `ok`
    status: &'static str,
    /// The program's version.
    version: &'static str,
    /// The release of the time zone database by which hours go, and its source.
    time_zones: TimeZonesJson,
}

/// Metrics in Prometheus' text format (supervisors, admins, programs). Nothing personal is in them.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 403, body = ApiError))
)]
pub(super) async fn metrics(State(app): State<App>, _: Operates) -> Result<String, ApiError> {
    rendered(State(app)).await
}

/// The metrics, for who has been let in.
pub(super) async fn rendered(State(app): State<App>) -> Result<String, ApiError> {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let number = |count: usize| count as f64;
    for queue in app.engine.queues() {
        gauge!("frontdesk_waiting", "queue" => queue.id.to_string()).set(number(queue.waiting));
    }
    let agents = app.engine.agents();
    gauge!("frontdesk_assigned").set(number(agents.iter().map(|agent| agent.sessions.len()).sum()));
    gauge!("frontdesk_dead_letters").set(number(outbox::rows(&app, WorkState::Dead).await?.len()));
    let pending = outbox::rows(&app, WorkState::Pending).await?;
    gauge!("frontdesk_outbox_pending").set(number(pending.len()));
    let age = oldest_age(&app, &pending).await?.map_or(0.0, |age| age.as_secs_f64());
    gauge!("frontdesk_outbox_oldest_text_seconds").set(age);
    Ok(app.metrics.render())
}

/// How long the oldest text has waited.
async fn oldest_age(
    app: &App,
    pending: &[WorkRow],
) -> Result<Option<Duration>, frontdesk::EngineError> {
    let oldest = outbox::oldest_text(app, pending).await?;
    Ok(oldest.map(|at| (app.engine.now() - at).to_std().unwrap_or_default()))
}

/// The pause between two looks at what waits.
const LOOKED_AT: Duration = Duration::from_secs(15);
/// A text that has waited for longer is told of.
const TOLD_FROM: Duration = Duration::from_mins(1);

/// Tells when texts do not leave, and when consumers wait for agents who are not there.
pub(crate) async fn watch_what_waits(app: App, mut stopping: tokio::sync::watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOKED_AT) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        for queue in app.engine.queues() {
            if queue.waiting > 0 && queue.open && queue.logged_in == 0 {
                app.live.telling.unserved(&queue.id, queue.waiting);
            }
        }
        // A store that cannot be read is told of by what needs it.
        let Ok(pending) = outbox::rows(&app, WorkState::Pending).await else { continue };
        if let Ok(Some(age)) = oldest_age(&app, &pending).await
            && age > TOLD_FROM
        {
            app.live.telling.waiting(age, pending.len());
        }
    }
}
