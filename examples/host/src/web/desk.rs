//! An agent's desk: who am I, my status, what is offered; and who else is there.

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::types::{AgentId, AgentStatus, QueueId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{AgentJson, Body, Done, OfferJson, Path, Query, QueueJson},
};
use crate::settings::Role;

/// Who the token belongs to.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    role: Role,
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    company: String,
    /// The center's numbers.
    numbers: Vec<String>,
    /// The number of texts beside calls.
    call_number: Option<String>,
    /// The leaves of the phone menu.
    call_queues: Vec<CallQueueJson>,
    /// Statuses of the center's own that agents may choose.
    statuses: Vec<String>,
    /// Texts go to the simulated phone.
    simulated: bool,
}

/// A leaf of the phone menu.
#[derive(Serialize, ToSchema)]
pub(super) struct CallQueueJson {
    #[schema(value_type = String)]
    id: QueueId,
    name: String,
}

/// Who asks, and which center this is.
#[utoipa::path(get, path = "/me", tag = "desk", responses((status = 200, body = Me), (status = 401, body = ApiError)))]
pub(super) async fn me(State(app): State<App>, caller: Caller) -> Json<Me> {
    let center = app.engine.center();
    Json(Me {
        role: caller.role,
        agent: caller.agent,
        company: center.company().to_owned(),
        numbers: center.numbers().map(|(number, _)| number.to_string()).collect(),
        call_number: center.call_number().map(|number| number.to_string()),
        call_queues: center
            .call_queues()
            .map(|(id, name)| CallQueueJson { id: id.clone(), name })
            .collect(),
        statuses: center.statuses().map(|status| status.to_string()).collect(),
        simulated: app.phone.is_some(),
    })
}

/// Everybody, with status and sessions; an agent sees only themselves.
#[utoipa::path(get, path = "/agents", tag = "desk", responses((status = 200, body = Vec<AgentJson>)))]
pub(super) async fn agents(State(app): State<App>, caller: Caller) -> Json<Vec<AgentJson>> {
    let all = caller.role >= Role::Supervisor;
    let seen = app
        .engine
        .agents()
        .into_iter()
        .filter(|agent| all || Some(&agent.id) == caller.agent.as_ref());
    Json(seen.map(AgentJson::from).collect())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStatus {
    /// `available`, `break`, `meal`, `logged_out`, one of the center's own like `custom:training`; by a
    /// supervisor also `special_task`.
    #[schema(value_type = String)]
    status: AgentStatus,
}

/// Sets an agent's status: an agent their own, a supervisor anybody's. Logging out returns every session of
/// the agent to its queue. A supervisor can end a wrap-up of a fixed time, an agent cannot (409).
#[utoipa::path(
    put, path = "/agents/{agent}/status", tag = "desk", request_body = NewStatus,
    params(("agent" = String, Path)),
    responses((status = 204), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    Path(agent): Path<AgentId>,
    Body(new): Body<NewStatus>,
) -> Done {
    if caller.role >= Role::Supervisor {
        app.engine.give_status(&agent, new.status).await?;
    } else {
        app.engine.set_status(&caller.acts_as(Some(agent))?, new.status).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// Whose; an agent's own without.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
}

/// What an agent may take now, oldest first.
#[utoipa::path(
    get, path = "/offers", tag = "desk", params(Whose),
    responses((status = 200, body = Vec<OfferJson>), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn offers(
    State(app): State<App>,
    caller: Caller,
    Query(whose): Query<Whose>,
) -> Result<Json<Vec<OfferJson>>, ApiError> {
    let agent = caller.acts_as(whose.agent)?;
    Ok(Json(app.engine.offers(&agent)?.into_iter().map(OfferJson::from).collect()))
}

/// A setting of a queue.
#[derive(Serialize, ToSchema)]
pub(super) struct SettingJson {
    /// As the configuration has it, like `routing.wrap_up_seconds`.
    name: String,
    #[schema(value_type = Object)]
    value: serde_json::Value,
    /// The node of the menu that sets it; null is the center.
    #[schema(value_type = Option<String>)]
    from: Option<QueueId>,
    /// Its name.
    from_name: String,
}

/// What is set for a node of the menu, there or above, each with where it comes from. Defaults are not among
/// it.
#[utoipa::path(
    get, path = "/queues/{queue}/settings", tag = "desk", params(("queue" = String, Path)),
    responses((status = 200, body = Vec<SettingJson>), (status = 404, body = ApiError))
)]
pub(super) async fn settings(
    State(app): State<App>,
    _: Caller,
    Path(queue): Path<QueueId>,
) -> Result<Json<Vec<SettingJson>>, ApiError> {
    let center = app.engine.center();
    if center.channel_of(&queue).is_none() {
        return Err(ApiError::not_found(format!("there is no queue `{queue}`")));
    }
    let json = |setting: &frontdesk::Setting| {
        let from = setting.from.as_ref();
        let name =
            from.map_or(center.company(), |from| center.queue_name(from).unwrap_or_default());
        SettingJson {
            name: setting.name.clone(),
            value: setting.value.clone(),
            from: setting.from.clone(),
            from_name: name.to_owned(),
        }
    };
    Ok(Json(center.settings(&queue).iter().map(json).collect()))
}

/// The queues that consumers wait in.
#[utoipa::path(get, path = "/queues", tag = "desk", responses((status = 200, body = Vec<QueueJson>)))]
pub(super) async fn queues(State(app): State<App>, _: Caller) -> Json<Vec<QueueJson>> {
    Json(app.engine.wait_times(None).into_iter().map(QueueJson::from).collect())
}
