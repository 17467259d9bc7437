//! What the API shows.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use frontdesk::{
    AgentView, OfferView, QueueView, SessionView, WaitView,
    store::{Line, Record},
    types::{
        AgentId, AgentStatus, Event, Fact, Instant, Language, PhoneNumber, QueueId, SessionId,
        SkillId, SupportNumber,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use utoipa::ToSchema;

use super::{App, error::ApiError};

/// A JSON body; what is wrong with it is said in our own form.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(ApiError))]
pub(super) struct Body<T>(pub(super) T);

/// A JSON body that may be left out: every field of it may.
pub(super) struct OptionalBody<T>(pub(super) T);

impl<T: DeserializeOwned + Default> FromRequest<App> for OptionalBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, app).await?;
        if bytes.trim_ascii().is_empty() {
            return Ok(Self(T::default()));
        }
        let Body(body) = Body::from_request(Request::from_parts(parts, bytes.into()), app).await?;
        Ok(Self(body))
    }
}

#[derive(axum::extract::FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ApiError))]
pub(super) struct Path<T>(pub(super) T);

#[derive(axum::extract::FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub(super) struct Query<T>(pub(super) T);

/// A consumer's number in a field, spelled as people do in the center's region.
pub(super) fn consumer(app: &App, field: &str, text: &str) -> Result<PhoneNumber, ApiError> {
    let number = PhoneNumber::parse(&with_plus(text), Some(app.engine.center().region()));
    number.map_err(|error| ApiError::field(field, error))
}

/// One of the center's numbers.
pub(super) fn number(field: &str, text: &str) -> Result<SupportNumber, ApiError> {
    with_plus(text).parse().map_err(|error| ApiError::field(field, error))
}

/// In a query a plus that was not encoded arrives as a space.
fn with_plus(text: &str) -> Cow<'_, str> {
    text.strip_prefix(' ').map_or(Cow::Borrowed(text), |digits| format!("+{digits}").into())
}

/// It was done.
pub(super) type Done = Result<StatusCode, ApiError>;

/// Consumer and number, as far as the reader may see them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ends {
    /// The consumer's number; all but its last four digits are hidden from those who may not see it.
    consumer: String,
    /// The number they text.
    number: String,
}

impl Ends {
    pub(super) fn of(line: Line, numbers: bool) -> Self {
        let consumer = if numbers { line.consumer.to_string() } else { line.consumer.masked() };
        Self { consumer, number: line.number.to_string() }
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionJson {
    #[schema(value_type = u64)]
    id: SessionId,
    #[serde(flatten)]
    ends: Ends,
    /// `selecting`, `queued`, `assigned`, `finished` and the like (SMS-18).
    status: Box<str>,
    #[schema(value_type = Option<String>)]
    queue: Option<QueueId>,
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    #[schema(value_type = String)]
    language: Language,
    #[schema(value_type = String, format = DateTime)]
    started: Instant,
    /// The original arrival in the queue.
    #[schema(value_type = Option<String>, format = DateTime)]
    waiting_since: Option<Instant>,
    /// The place in the queue, 1 is the next.
    place: Option<usize>,
    /// How many groups of its queue's agents are asked; null where there are none.
    groups_asked: Option<u8>,
    /// How urgent it is, where that was set for it alone.
    priority: Option<u8>,
    /// What its agent must be able to do, besides what its queue asks for.
    #[schema(value_type = Vec<String>)]
    skills: Vec<SkillId>,
    /// By when the consumer should have an answer; in the answer for one session.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    response_due: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Instant>,
    end_reason: Option<&'static str>,
}

impl SessionJson {
    /// With the instant by which an answer is due.
    pub(super) fn due(self, response_due: Option<Instant>) -> Self {
        Self { response_due, ..self }
    }

    pub(super) fn of(view: SessionView, numbers: bool) -> Self {
        let row = view.row;
        let needs = row.needs.unwrap_or_default();
        Self {
            id: row.id,
            ends: Ends::of(row.line, numbers),
            status: row.status,
            queue: row.queue,
            agent: row.agent,
            language: row.language,
            started: row.started,
            waiting_since: row.waiting_since,
            place: view.position.map(|position| position.place),
            groups_asked: view.groups_asked,
            priority: needs.priority,
            skills: needs.skills,
            response_due: None,
            ended: row.ended.map(|(at, _)| at),
            end_reason: row.ended.map(|(_, reason)| reason.words()),
        }
    }
}

/// A session that may be taken.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferJson {
    #[schema(value_type = u64)]
    session: SessionId,
    #[schema(value_type = String)]
    queue: QueueId,
    queue_name: String,
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// Until when it is this agent's alone, and can be declined; null when others see it too.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
}

impl From<OfferView> for OfferJson {
    fn from(offer: OfferView) -> Self {
        let OfferView { session, queue, queue_name, since, until } = offer;
        Self { session, queue, queue_name, since, until }
    }
}

/// An agent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgentJson {
    #[schema(value_type = String)]
    id: AgentId,
    name: String,
    /// `available`, `in_chat`, `in_call`, `wrap_up`, `break`, `meal`, `missed_chat`, `missed_call`,
    /// `unresponsive`, `special_task`, `logged_out`, or one of the center's own like `custom:training`.
    #[schema(value_type = String)]
    status: AgentStatus,
    /// The end of a wrap-up.
    #[schema(value_type = Option<String>, format = DateTime)]
    wrap_up_until: Option<Instant>,
    #[schema(value_type = Vec<u64>)]
    sessions: Vec<SessionId>,
}

impl From<AgentView> for AgentJson {
    fn from(agent: AgentView) -> Self {
        let AgentView { id, name, status, wrap_up_until, sessions } = agent;
        Self { id, name, status, wrap_up_until, sessions }
    }
}

/// A queue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QueueJson {
    #[schema(value_type = String)]
    id: QueueId,
    name: String,
    waiting: usize,
    /// How long a consumer will wait who comes now, in seconds; null when nobody knows.
    estimated_wait: Option<i64>,
    #[schema(value_type = Vec<String>)]
    agents: Vec<AgentId>,
    /// How many of them are logged in, and how many could take a session now.
    logged_in: usize,
    free: usize,
    open: bool,
}

impl From<WaitView> for QueueJson {
    fn from(WaitView { queue, wait }: WaitView) -> Self {
        let QueueView { id, name, waiting, agents, logged_in, free, open } = queue;
        let estimated_wait = wait.map(|wait| wait.likely.num_seconds());
        Self { id, name, waiting, estimated_wait, agents, logged_in, free, open }
    }
}

/// An event with its place in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventJson {
    position: u64,
    #[schema(value_type = Option<u64>)]
    session: Option<SessionId>,
    /// The line, where it stands outside of sessions: who wrote or was written to, and on which number.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<Ends>,
    #[serde(flatten)]
    #[schema(value_type = Object)]
    event: serde_json::Value,
}

impl EventJson {
    /// What a reader may see: whether with the consumers' numbers (SMS-26).
    pub(super) fn all(records: Vec<Record>, numbers: bool) -> Vec<Self> {
        let of = |record: Record| {
            let Record { position, subject, events } = record;
            let line = subject.line.filter(|_| subject.session.is_none());
            events.into_iter().map(move |event| Self {
                position,
                session: subject.session,
                line: line.map(|line| Ends::of(line, numbers)),
                event: shown(&event, numbers),
            })
        };
        records.into_iter().flat_map(of).collect()
    }
}

fn shown(event: &Event, numbers: bool) -> serde_json::Value {
    let mut value = serde_json::to_value(event).unwrap_or_default();
    match &event.fact {
        Fact::SessionStarted { consumer, .. } | Fact::CallStarted { consumer, .. } if !numbers => {
            value["consumer"] = consumer.masked().into();
        }
        // Where the provider has them is as good as a key to them; they are at `…/media/…`.
        Fact::InboundMessage { media, .. } if !media.is_empty() => {
            let types = media.iter().map(|media| json!({ "content_type": media.content_type }));
            value["media"] = types.collect();
        }
        _ => {}
    }
    value
}
