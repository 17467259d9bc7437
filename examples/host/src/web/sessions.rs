//! Sessions: lists, transcripts, and what agents do with them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use frontdesk::{
    NewChat,
    store::SessionQuery,
    tendlc::GivenConsent,
    types::{AgentId, Needs, SessionId, SkillId},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::{Caller, Prioritises, told_by},
    error::ApiError,
    keys,
    lines::lines,
    pages::limited,
    views::{Body, Done, EventJson, OptionalBody, Path, Query, SessionJson, consumer},
};
use crate::settings::Role;

/// How many sessions a page has, unless asked for less or more.
const PAGE: usize = 50;
const MAX_PAGE: usize = 500;
/// Records of a transcript that are given at a time.
const RECORDS: usize = 1_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only open sessions, or only ended ones.
    open: Option<bool>,
    /// Only this agent's; agents see only their own.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Only this consumer's.
    consumer: Option<String>,
    /// Only with this number of the center; with `consumer`.
    number: Option<String>,
    /// Only sessions with a smaller id: the next page.
    #[param(value_type = Option<u64>)]
    before: Option<SessionId>,
    /// At most so many: 50 without, 500 at the most.
    limit: Option<usize>,
}

/// Sessions, newest first.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", params(Which),
    responses((status = 200, body = Vec<SessionJson>), (status = 400, body = ApiError), (status = 403, body = ApiError))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Json<Vec<SessionJson>>, ApiError> {
    let limit = limited(which.limit, PAGE, MAX_PAGE)?;
    let agent = match caller.role {
        Role::Agent | Role::Api => Some(caller.acts_as(which.agent)?),
        Role::Supervisor | Role::Admin => which.agent,
    };
    let query = SessionQuery { open: which.open, agent, before: which.before, limit, line: None };
    let mut found = match (&which.consumer, &which.number) {
        (None, None) => app.engine.sessions(query).await?,
        (None, Some(_)) => {
            return Err(ApiError::field("number", "takes `consumer`, too"));
        }
        (Some(text), number) => {
            let of = consumer(&app, "consumer", text)?;
            let mut found = Vec::new();
            for line in lines(&app, of, number.as_deref())? {
                let query = SessionQuery { line: Some(line), ..query.clone() };
                found.extend(app.engine.sessions(query).await?);
            }
            found
        }
    };
    found.sort_unstable_by_key(|view| std::cmp::Reverse(view.row.id));
    found.truncate(limit);
    Ok(Json(found.into_iter().map(|view| SessionJson::of(view, caller.sees_numbers)).collect()))
}

/// A chat that an agent begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSession {
    /// The agent; needed from an admin.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Who is texted: a number in E.164.
    to: String,
    /// One of the center's outbound numbers, or the agent's own.
    from: String,
    /// The first text; the opt-in text is added where consent is not on record.
    body: String,
    /// How the consumer agreed to be texted, where that is not on record: a text, which is express consent, or an object of `method`,
    /// `level`, `given`, `wording` and `evidence`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    consent: Option<GivenConsent>,
}

/// The session that began.
#[derive(serde::Serialize, ToSchema)]
pub(super) struct Begun {
    #[schema(value_type = u64)]
    session: SessionId,
}

/// An agent begins a chat. Refused for a consumer who has opted out, is on the blocklist, is in a chat, or has given no consent that is on record
/// or told here. The header
/// `Idempotency-Key` (1 to 64 printable ASCII characters) makes it once; each agent has their own keys.
#[utoipa::path(
    post, path = "/sessions", tag = "sessions", request_body = NewSession,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Begun), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(new): Body<NewSession>,
) -> Result<(StatusCode, Json<Begun>), ApiError> {
    let agent = caller.acts_as(new.agent)?;
    let key = keys::of_agent(&headers, &agent)?;
    let consumer = consumer(&app, "to", &new.to)?;
    let number = new.from.parse().map_err(|error| ApiError::field("from", error))?;
    let chat = NewChat {
        consumer,
        number,
        body: new.body,
        agent: Some(agent),
        language: None,
        ticket: None,
        consent: new.consent.map(|consent| told_by(consent, caller.name())),
        by_program: false,
        key,
    };
    let session = app.engine.begin_chat(chat).await?;
    Ok((StatusCode::CREATED, Json(Begun { session })))
}

/// One session.
#[utoipa::path(
    get, path = "/sessions/{session}", tag = "sessions", params(("session" = u64, Path)),
    responses((status = 200, body = SessionJson), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
) -> Result<Json<SessionJson>, ApiError> {
    caller.sees(&app, session).await?;
    let view = app.engine.session(session).await?;
    let due = app.engine.response_due(session).await?;
    Ok(Json(SessionJson::of(view, caller.sees_numbers).due(due)))
}

/// A part of a transcript.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Only after this position: the next page.
    #[serde(default)]
    after: u64,
    /// At most so many records: 1,000 without, and at the most.
    limit: Option<usize>,
}

/// What happened in a session, in order, as events (docs.rs/frontdesk-types, `Fact`). Up to 1,000 records; the last position leads
/// to the next ones.
#[utoipa::path(
    get, path = "/sessions/{session}/transcript", tag = "sessions", params(("session" = u64, Path), Part),
    responses((status = 200, body = Vec<EventJson>), (status = 403, body = ApiError), (status = 404, body = ApiError))
)]
pub(super) async fn transcript(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    Query(part): Query<Part>,
) -> Result<Json<Vec<EventJson>>, ApiError> {
    caller.sees(&app, session).await?;
    let limit = limited(part.limit, RECORDS, RECORDS)?;
    let mut records = app.engine.transcript(session).await?;
    records.retain(|record| record.position > part.after);
    records.truncate(limit);
    Ok(Json(EventJson::all(records, caller.sees_numbers)))
}

/// Who acts.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Actor {
    /// The agent; needed from an admin, an agent's own without.
    #[schema(value_type = Option<String>)]
    pub(super) agent: Option<AgentId>,
}

/// Takes an offered session. The first agent has it; everybody after gets 409.
#[utoipa::path(
    post, path = "/sessions/{session}/accept", tag = "sessions", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    app.engine.accept(session, &caller.acts_as(actor.agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The agent's desk shows an offer. One that it never shows is skipped, not missed: three of those set the
/// status unresponsive.
#[utoipa::path(
    post, path = "/sessions/{session}/acknowledge", tag = "sessions", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn acknowledge(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    app.engine.acknowledge(session, &caller.acts_as(actor.agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Does not take a session that is offered to this agent alone: the next one is asked.
#[utoipa::path(
    post, path = "/sessions/{session}/decline", tag = "sessions", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn decline(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    app.engine.decline(session, &caller.acts_as(actor.agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMessage {
    /// The agent; needed from an admin.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// What the agent writes, up to 1,600 characters.
    body: String,
    /// In a call: the caller has told the agent that they may be texted (SMS-30).
    #[serde(default)]
    agreed: bool,
}

/// The agent who has the session writes to the consumer. The header `Idempotency-Key` (1 to 64 printable ASCII characters)
/// makes it once; each agent has their own keys, and a key with another text is refused (422).
#[utoipa::path(
    post, path = "/sessions/{session}/messages", tag = "sessions", request_body = NewMessage,
    params(("session" = u64, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    headers: HeaderMap,
    Body(message): Body<NewMessage>,
) -> Done {
    let NewMessage { agent, body, agreed } = message;
    let agent = caller.acts_as(agent)?;
    let key = keys::of_agent(&headers, &agent)?;
    match key {
        key if agreed => app.engine.send_as_agreed(session, &agent, body, key.as_ref()).await?,
        Some(key) => app.engine.send_once(session, &agent, body, &key).await?,
        None => app.engine.send(session, &agent, body).await?,
    }
    Ok(StatusCode::ACCEPTED)
}

/// Ends a session: the agent who has it, or a supervisor any.
#[utoipa::path(
    post, path = "/sessions/{session}/end", tag = "sessions", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    if caller.role >= Role::Supervisor && actor.agent.is_none() {
        app.engine.end_by_supervisor(session).await?;
    } else {
        app.engine.end(session, &caller.acts_as(actor.agent)?).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What a session needs beside what its queue asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NeedsJson {
    /// How urgent it is, 0 to 10, instead of its queue's priority; that one without.
    priority: Option<u8>,
    /// What its agent must be able to do, besides what its queue asks for: skills that some agent has.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    skills: Vec<SkillId>,
}

/// Sets how urgent a chat is, and what its agent must be able to do, for it alone: a VIP, a language (RTE-18). An
/// empty object takes it back.
#[utoipa::path(
    put, path = "/sessions/{session}/needs", tag = "sessions", request_body = NeedsJson,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn set_needs(
    State(app): State<App>,
    _: Prioritises,
    Path(session): Path<SessionId>,
    Body(NeedsJson { priority, skills }): Body<NeedsJson>,
) -> Done {
    app.engine.set_needs(session, Needs { priority, skills }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The agent who has the session gives it back to its queue.
#[utoipa::path(
    post, path = "/sessions/{session}/return", tag = "sessions", request_body = Option<Actor>,
    params(("session" = u64, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn give_back(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(actor): OptionalBody<Actor>,
) -> Done {
    app.engine.give_back(session, &caller.acts_as(actor.agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
