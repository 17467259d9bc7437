//! Work that waits or was given up: what an operator looks at when no answer leaves.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use frontdesk::{
    EngineError,
    store::{Task, WorkId, WorkRow, WorkState},
    types::{Instant, SessionId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{App, access::Caller, error::ApiError, pages::limited, views::Query};

/// Pieces of work that are looked at. Beyond that the exact figure tells an operator nothing new.
pub(super) const LIMIT: usize = 1_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// `pending` (to be done), `held` (waits for a decision) or `dead` (given up); `pending` without.
    #[param(value_type = Option<String>)]
    state: Option<WorkState>,
    /// At most so many pieces: 50 without, 1,000 at the most.
    limit: Option<usize>,
}

/// Work in a state.
#[derive(Serialize, ToSchema)]
pub(super) struct OutboxJson {
    /// How many pieces there are, counted up to 1,000.
    count: usize,
    /// How many of them are of which kind.
    kinds: BTreeMap<&'static str, usize>,
    /// Since when the oldest text waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_text: Option<Instant>,
    /// The oldest pieces, in the order in which they are done.
    work: Vec<WorkJson>,
}

/// A piece of work. Neither text nor number is in it: they stand in the session's transcript.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkJson {
    id: WorkId,
    /// `begin_deflected`, `fetch_media`, `match_contact`, `post_connected`, `post_ended`, `send_text`, `virtual_turn`.
    kind: &'static str,
    #[schema(value_type = Option<u64>)]
    session: Option<SessionId>,
    attempts: u32,
    /// When it is tried next.
    #[schema(value_type = String, format = DateTime)]
    due: Instant,
    /// The last error.
    error: Option<String>,
}

impl From<WorkRow> for WorkJson {
    fn from(row: WorkRow) -> Self {
        Self {
            id: row.id,
            kind: kind(&row.work.task),
            session: session(&row.work.task),
            attempts: row.attempts,
            due: row.work.not_before,
            error: row.error,
        }
    }
}

/// The word for a kind of work.
pub(super) fn kind(task: &Task) -> &'static str {
    match task {
        Task::AnchorHead { .. } => "anchor_head",
        Task::BeginDeflected { .. } => "begin_deflected",
        Task::FetchMedia { .. } => "fetch_media",
        Task::MatchContact { .. } => "match_contact",
        Task::PostConnected { .. } => "post_connected",
        Task::PostEnded { .. } => "post_ended",
        Task::SendText { .. } => "send_text",
        Task::VirtualTurn { .. } => "virtual_turn",
        _ => "other",
    }
}

fn session(task: &Task) -> Option<SessionId> {
    match task {
        Task::BeginDeflected { chat, .. } => Some(*chat),
        Task::FetchMedia { session, .. } => *session,
        Task::MatchContact { session }
        | Task::PostConnected { session }
        | Task::PostEnded { session }
        | Task::VirtualTurn { session, .. } => Some(*session),
        Task::SendText { id, .. } => id.session(),
        _ => None,
    }
}

/// Work that waits, is held, or was given up, oldest first (supervisor): where answers are that have not left.
#[utoipa::path(
    get, path = "/outbox", tag = "operations", params(Which),
    responses((status = 200, body = OutboxJson), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Json<OutboxJson>, ApiError> {
    caller.supervises()?;
    let limit = limited(which.limit, 50, LIMIT)?;
    let rows = rows(&app, which.state.unwrap_or(WorkState::Pending)).await?;
    let mut kinds = BTreeMap::new();
    for row in &rows {
        *kinds.entry(kind(&row.work.task)).or_default() += 1;
    }
    let oldest_text = oldest_text(&app, &rows).await?;
    let (count, work) = (rows.len(), rows.into_iter().take(limit).map(WorkJson::from).collect());
    Ok(Json(OutboxJson { count, kinds, oldest_text, work }))
}

/// The work in a state, oldest first.
pub(super) async fn rows(app: &App, state: WorkState) -> Result<Vec<WorkRow>, EngineError> {
    Ok(app.engine.store().work(app.engine.center().id(), state, LIMIT).await?)
}

/// When the oldest text was written that waits: work itself knows only when it is tried next.
pub(super) async fn oldest_text(
    app: &App,
    rows: &[WorkRow],
) -> Result<Option<Instant>, EngineError> {
    let texts = rows.iter().find(|row| matches!(row.work.task, Task::SendText { .. }));
    let Some(WorkRow { work, .. }) = texts else { return Ok(None) };
    let Task::SendText { id, line, .. } = &work.task else { return Ok(None) };
    let records = match id.session() {
        Some(session) => app.engine.transcript(session).await?,
        None => app.engine.outside_of_sessions(*line).await?,
    };
    let mut events = records.iter().flat_map(|record| &record.events);
    let written = events.find(|event| {
        matches!(&event.fact, frontdesk::types::Fact::OutboundMessage { id: of, .. } if of == id)
    });
    // Of a text whose writing the log does not have any more: never later than now.
    Ok(Some(written.map_or(work.not_before.min(app.engine.now()), |event| event.at)))
}
