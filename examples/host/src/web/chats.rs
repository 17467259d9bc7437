//! What agents do with chats besides writing: put them aside, give them to others, use ready-made texts
//! (SMS-21, SMS-25, SMS-27).

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::{
    ShortcutView, TransferTargets,
    types::{AgentId, QueueId, SessionId, TransferTarget},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    access::Caller,
    error::ApiError,
    sessions::Actor,
    views::{Body, Done, OptionalBody, Path},
};

/// The agent who has the session puts it aside until the consumer writes again. Refused before both sides
/// have written, and for sessions that the center began.
#[utoipa::path(
    post, path = "/sessions/{session}/dismiss", tag = "chats", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn dismiss(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    app.engine.dismiss(session, &caller.acts_as(actor.agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A dismissed session waits in its queue again. Refused when it is not dismissed, and out of hours: then
/// the consumer is told.
#[utoipa::path(
    post, path = "/sessions/{session}/resume", tag = "chats", params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn resume(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
) -> Done {
    caller.sees(&app, session).await?;
    app.engine.resume(session).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    /// The agent; needed from an admin.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Whether the agent has the chat before them.
    open: bool,
}

/// Whether the agent has the chat before them: while they do, it is not dismissed by itself.
#[utoipa::path(
    put, path = "/sessions/{session}/shown", tag = "chats", request_body = Shown,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn shown(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    Body(shown): Body<Shown>,
) -> Done {
    app.engine.show(session, &caller.acts_as(shown.agent)?, shown.open).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTransfer {
    /// Who has the session; needed from an admin.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// To whom: `{"queue": "billing"}` or `{"agent": "ben"}`.
    #[schema(value_type = Object)]
    to: TransferTarget,
}

/// Asks another agent, or those of a queue, to take the session. It stays with the agent who asks until
/// somebody accepts it.
#[utoipa::path(
    post, path = "/sessions/{session}/transfer", tag = "chats", request_body = NewTransfer,
    params(("session" = u64, Path)),
    responses((status = 202), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn transfer(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    Body(new): Body<NewTransfer>,
) -> Done {
    app.engine.transfer(session, &caller.acts_as(new.agent)?, new.to).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ends a transfer: the agent who was asked declines, or the one who asked takes the session back.
#[utoipa::path(
    post, path = "/sessions/{session}/transfer/end", tag = "chats", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn end_transfer(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    app.engine.end_transfer(session, &caller.acts_as(actor.agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody or something that a session can be transferred to.
#[derive(Serialize, ToSchema)]
pub(super) struct NamedQueue {
    #[schema(value_type = String)]
    id: QueueId,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct NamedAgent {
    #[schema(value_type = String)]
    id: AgentId,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Targets {
    queues: Vec<NamedQueue>,
    agents: Vec<NamedAgent>,
}

/// To whom a session can be transferred now: open queues, and available agents.
#[utoipa::path(
    get, path = "/sessions/{session}/transfer", tag = "chats", params(("session" = u64, Path)),
    responses((status = 200, body = Targets), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn targets(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
) -> Result<Json<Targets>, ApiError> {
    caller.sees(&app, session).await?;
    let TransferTargets { queues, agents } = app.engine.transfer_targets(session).await?;
    Ok(Json(Targets {
        queues: queues.into_iter().map(|(id, name)| NamedQueue { id, name }).collect(),
        agents: agents.into_iter().map(|(id, name)| NamedAgent { id, name }).collect(),
    }))
}

/// A ready-made text, as it would be sent.
#[derive(Serialize, ToSchema)]
pub(super) struct ShortcutJson {
    category: String,
    keyword: String,
    message: String,
}

impl From<ShortcutView> for ShortcutJson {
    fn from(shortcut: ShortcutView) -> Self {
        let ShortcutView { category, keyword, message } = shortcut;
        Self { category, keyword, message }
    }
}

/// The ready-made texts, with the session's attributes in them and in its language.
#[utoipa::path(
    get, path = "/sessions/{session}/shortcuts", tag = "chats", params(("session" = u64, Path)),
    responses((status = 200, body = Vec<ShortcutJson>), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn shortcuts(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
) -> Result<Json<Vec<ShortcutJson>>, ApiError> {
    caller.sees(&app, session).await?;
    let shortcuts = app.engine.shortcuts(session).await?;
    Ok(Json(shortcuts.into_iter().map(ShortcutJson::from).collect()))
}
