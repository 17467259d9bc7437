//! The Outbound SMS API: programs begin chats, send notices, and take chats up again (SMS-21, SMS-33, SMS-34).
//! Refusals are 400 with `{"message": …}`.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
};
use frontdesk::{
    NewChat, Notice, RequestKey,
    tendlc::{ContentType, GivenConsent},
    types::{
        AgentId, EndReason, Fact, Instant, Language, PhoneNumber, SessionId, SessionType,
        SupportNumber,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    App,
    access::{Program, told_by},
    error::MessageError,
    keys,
    views::Path,
};
use crate::settings;

/// The kinds of chat that are texts; the last is the older spelling.
const CHAT_TYPES: [&str; 3] = ["Messaging (SMS)", "Messaging (API)", "SMS"];
/// A ticket's id is no longer than this.
const MAX_TICKET: usize = 64;

/// A session, as programs see it.
#[derive(Serialize, ToSchema)]
pub(super) struct OutboundSession {
    #[schema(value_type = u64)]
    id: SessionId,
    #[schema(value_type = String)]
    lang: Language,
    chat_type: &'static str,
    /// How it began: `Messaging Outbound (SMS via API)` …
    chat_subtype: &'static str,
    /// `selecting`, `queued`, `assigned`, `switching`, `dismissed`, `va_dismissed`, `finished`, `failed`.
    status: Box<str>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    queued_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    assigned_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Instant>,
    /// Seconds in a queue, until the first agent or now.
    wait_duration: i64,
    /// Seconds with agents, until the end or now.
    chat_duration: i64,
    out_ticket_id: Option<String>,
    #[schema(value_type = Option<String>)]
    agent_id: Option<AgentId>,
    end_user_number: String,
    outbound_number: String,
    /// `agent`, `end_user` or `system`.
    disconnected_by: Option<&'static str>,
    /// `nothing`, `no_response`, `expired` …
    fail_reason: Option<&'static str>,
    fail_code: Option<u32>,
}

/// The body of `/sms`. Names in camel case are taken, too; unknown fields are ignored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read field by field; this is for the document")]
pub(super) struct NewSms {
    /// `Messaging (SMS)`, `Messaging (API)` or `SMS`.
    chat_type: String,
    /// The consumer's number, spelled as people do in the center's region.
    end_user_number: String,
    /// One of the center's outbound numbers, or the agent's own.
    outbound_number: String,
    /// The text, up to 1,600 characters.
    message: String,
    /// The agent who has the chat; without one the consumer's answer enters the menu.
    agent_id: Option<String>,
    /// The agent, by address.
    agent_email: Option<String>,
    /// A ticket of the CRM: up to 64 letters, digits and signs.
    ticket_id: Option<String>,
    /// One of the center's languages.
    lang: Option<String>,
    /// How the consumer agreed to be texted, where that is not on record: a text, which is express consent, or an object of
    /// `method`, `level`, `given`, `wording` and `evidence`.
    #[schema(value_type = Option<Object>)]
    consent: Option<GivenConsent>,
}

/// The body of `/notifications`. Names in camel case are taken, too; unknown fields are ignored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read field by field; this is for the document")]
pub(super) struct NewNotification {
    /// The consumer's number, spelled as people do in the center's region.
    end_user_number: String,
    /// A number of notices.
    outbound_number: String,
    /// The text, up to 1,600 characters.
    message: String,
    /// How the consumer agreed, where that is not on record: a text, which is express consent at most, or an object of
    /// `method`, `level`, `given`, `wording` and `evidence`.
    #[schema(value_type = Option<Object>)]
    consent: Option<GivenConsent>,
    /// `informational`, or `promotional`, which waits for quiet hours to be over.
    content_type: Option<String>,
}

/// What a program sends: both spellings of a field are taken, what is unknown is ignored.
struct Fields(Map<String, Value>);

impl Fields {
    fn read(body: Result<Bytes, BytesRejection>) -> Result<Self, MessageError> {
        let body = body?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(MessageError::bad("the body is not a JSON object")),
            Err(error) => Err(MessageError::bad(format!("the body is not JSON: {error}"))),
        }
    }

    /// A text by its name in snake case or camel case; a number is taken for its digits. Empty is missing.
    fn text(&self, name: &str) -> Result<Option<String>, MessageError> {
        let mut camel = String::new();
        for part in name.split('_') {
            let mut letters = part.chars();
            match letters.next() {
                Some(first) if !camel.is_empty() => camel.extend(first.to_uppercase()),
                first => camel.extend(first),
            }
            camel.extend(letters);
        }
        match self.0.get(name).or_else(|| self.0.get(&camel)) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(MessageError::bad(format!("{name} is not a text"))),
        }
    }

    /// How the consumer agreed: a text, or an object.
    fn consent(&self, program: &Program) -> Result<Option<GivenConsent>, MessageError> {
        let consent = match self.0.get("consent") {
            Some(object @ Value::Object(_)) => {
                let read = GivenConsent::deserialize(object);
                Some(read.map_err(|error| MessageError::bad(format!("consent: {error}")))?)
            }
            _ => self.text("consent")?.map(GivenConsent::from),
        };
        Ok(consent.map(|consent| told_by(consent, program.holder())))
    }

    fn needed(&self, name: &str) -> Result<String, MessageError> {
        let missing = || MessageError::bad(format!("{name} is missing"));
        self.text(name)?.ok_or_else(missing)
    }

    /// The consumer's number, spelled as people do.
    fn consumer(&self, app: &App) -> Result<PhoneNumber, MessageError> {
        let text = self.needed("end_user_number")?;
        let number = PhoneNumber::parse(&text, Some(app.engine.center().region()));
        let number = number
            .map_err(|error| MessageError::bad(format!("end_user_number is invalid: {error}")))?;
        if number.is_valid() {
            Ok(number)
        } else {
            let message = "end_user_number is invalid: no such number can exist";
            Err(MessageError::bad(message))
        }
    }

    fn number(&self, app: &App) -> Result<SupportNumber, MessageError> {
        let text = self.needed("outbound_number")?;
        let phone = PhoneNumber::parse(&text, Some(app.engine.center().region()));
        match text.trim().parse::<SupportNumber>() {
            Ok(number) => Ok(number),
            Err(error) => phone
                .map(SupportNumber::Phone)
                .map_err(|_| MessageError::bad(format!("outbound_number is invalid: {error}"))),
        }
    }

    fn agent(&self, app: &App) -> Result<Option<AgentId>, MessageError> {
        let center = app.engine.center();
        if let Some(id) = self.text("agent_id")? {
            let agent = id.parse::<AgentId>().ok().filter(|id| center.agents().contains_key(id));
            let unknown = || MessageError::bad(format!("agent_id: there is no agent `{id}`"));
            return agent.ok_or_else(unknown).map(Some);
        }
        match self.text("agent_email")? {
            None => Ok(None),
            Some(email) => center.agent_by_email(&email).cloned().map(Some).ok_or_else(|| {
                MessageError::bad("agent_email: there is no agent with this address")
            }),
        }
    }

    fn ticket(&self) -> Result<Option<String>, MessageError> {
        let ticket = self.text("ticket_id")?;
        let fits = |ticket: &String| {
            ticket.len() <= MAX_TICKET && ticket.chars().all(|c| c.is_ascii_graphic())
        };
        match ticket {
            Some(ticket) if !fits(&ticket) => Err(MessageError::bad(format!(
                "ticket_id is not the id of a ticket: up to {MAX_TICKET} letters, digits and signs"
            ))),
            ticket => Ok(ticket),
        }
    }
}

/// Begins a chat with a text, or texts in the chat that the given agent has with the consumer. Fields:
/// `agent_id` or `agent_email`, `chat_type` ("Messaging (SMS)"), `end_user_number`, `outbound_number`, `message`,
/// `ticket_id`, `lang`. For events, not for bulk. The header `Idempotency-Key` makes it once, as for notices.
#[utoipa::path(
    post, path = "/sms", tag = "outbound", security(("basic" = [])), request_body = NewSms,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = OutboundSession), (status = 400, body = MessageError),
        (status = 401, body = MessageError), (status = 422, body = MessageError), (status = 429, body = MessageError)
    )
)]
pub(super) async fn sms(
    State(app): State<App>,
    program: Program,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<OutboundSession>, MessageError> {
    let key = Some(key(&headers, &program)?);
    let fields = Fields::read(body)?;
    let chat_type = fields.needed("chat_type")?;
    if !CHAT_TYPES.contains(&chat_type.trim()) {
        let allowed = CHAT_TYPES.join(", ");
        return Err(MessageError::bad(format!("chat_type is not valid; allowed are {allowed}")));
    }
    if !app.engine.center().outbound().enabled {
        return Err(MessageError::bad("outbound SMS is off"));
    }
    let language = fields.text("lang")?.map(|lang| {
        let language = lang.parse::<Language>().ok();
        let spoken = language.filter(|lang| app.engine.center().languages().contains(lang));
        spoken.ok_or_else(|| MessageError::bad(format!("lang: `{lang}` is not spoken here")))
    });
    let chat = NewChat {
        consumer: fields.consumer(&app)?,
        number: fields.number(&app)?,
        body: fields.needed("message")?,
        consent: fields.consent(&program)?,
        agent: fields.agent(&app)?,
        language: language.transpose()?,
        ticket: fields.ticket()?.map(Into::into),
        by_program: true,
        key,
    };
    let session = app.engine.begin_chat(chat).await?;
    Ok(Json(shown(&app, session).await?))
}

/// The key of a request; a new one where the program gives none. It names the credential.
fn key(headers: &HeaderMap, program: &Program) -> Result<RequestKey, MessageError> {
    if let Some(key) = keys::of_program(headers, program)? {
        return Ok(key);
    }
    let random = settings::random_id().map_err(MessageError::bad)?;
    RequestKey::new(program.name(), random).map_err(MessageError::bad)
}

/// A message that was taken.
#[derive(Serialize, ToSchema)]
pub(super) struct TakenMessage {
    id: String,
}

/// Sends a notice: no session, and no agent sees the reply. Fields: `end_user_number`, `outbound_number`,
/// `message`, `consent` (how the consumer agreed, where that is not on record), and `content_type`: `informational`, or
/// `promotional`, which needs written consent and waits for quiet hours to be over. `consent` is a text, which gives express
/// consent, or an object of `method`, `level`, `given`, `wording` and `evidence`. The header `Idempotency-Key` (1 to 64 printable ASCII characters)
/// makes it once; each credential has its own keys, and a key with another body is refused (422).
#[utoipa::path(
    post, path = "/notifications", tag = "outbound", security(("basic" = [])), request_body = NewNotification,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 202, body = TakenMessage), (status = 400, body = MessageError),
        (status = 401, body = MessageError), (status = 422, body = MessageError), (status = 429, body = MessageError)
    )
)]
pub(super) async fn notification(
    State(app): State<App>,
    program: Program,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<TakenMessage>), MessageError> {
    let key = key(&headers, &program)?;
    let fields = Fields::read(body)?;
    let notice = Notice {
        consumer: fields.consumer(&app)?,
        number: fields.number(&app)?,
        body: fields.needed("message")?,
        key,
        consent: fields.consent(&program)?,
        kind: match fields.text("content_type")?.as_deref() {
            None | Some("informational") => ContentType::Informational,
            Some("promotional") => ContentType::Promotional,
            Some(other) => {
                let allowed = "allowed are informational, promotional";
                return Err(MessageError::bad(format!("content_type: `{other}`; {allowed}")));
            }
        },
    };
    let id = app.engine.notify(notice).await?.to_string();
    Ok((StatusCode::ACCEPTED, Json(TakenMessage { id })))
}

/// A dismissed chat waits in its queue again. Refused when it is not dismissed, and out of hours: then the
/// consumer is told.
#[utoipa::path(
    patch, path = "/chats/{session}/resume", tag = "outbound", security(("basic" = [])),
    params(("session" = u64, Path)),
    responses(
        (status = 200, body = OutboundSession), (status = 400, body = MessageError),
        (status = 401, body = MessageError), (status = 404, body = MessageError),
        (status = 429, body = MessageError)
    )
)]
pub(super) async fn resume(
    State(app): State<App>,
    _: Program,
    Path(session): Path<SessionId>,
) -> Result<Json<OutboundSession>, MessageError> {
    app.engine.resume(session).await?;
    Ok(Json(shown(&app, session).await?))
}

async fn shown(app: &App, id: SessionId) -> Result<OutboundSession, MessageError> {
    let row = app.engine.session(id).await?.row;
    let (mut queued, mut assigned, mut ticket) = (None, None, None);
    let mut kind = SessionType::default();
    for event in app.engine.transcript(id).await?.into_iter().flat_map(|record| record.events) {
        match event.fact {
            Fact::SessionStarted { session_type, ticket: of, .. } => {
                (kind, ticket) = (session_type, of);
            }
            Fact::Queued { .. } => queued = queued.or(Some(event.at)),
            Fact::Assigned { .. } => assigned = assigned.or(Some(event.at)),
            _ => {}
        }
    }
    let ended = row.ended.map(|(at, _)| at);
    let until = ended.unwrap_or_else(|| app.engine.now());
    let reason = row.ended.map(|(_, reason)| reason);
    Ok(OutboundSession {
        id,
        lang: row.language,
        chat_type: "Messaging (SMS)",
        chat_subtype: kind.words(),
        status: row.status,
        created_at: row.started,
        queued_at: queued,
        assigned_at: assigned,
        ends_at: ended,
        wait_duration: queued.map_or(0, |at| (assigned.unwrap_or(until) - at).num_seconds()),
        chat_duration: assigned.map_or(0, |at| (until - at).num_seconds()),
        out_ticket_id: ticket.map(Into::into),
        agent_id: row.agent,
        end_user_number: row.line.consumer.to_string(),
        outbound_number: row.line.number.to_string(),
        disconnected_by: reason.map(disconnected_by),
        fail_reason: reason.map(EndReason::fail_reason),
        fail_code: reason.map(EndReason::fail_code),
    })
}

fn disconnected_by(reason: EndReason) -> &'static str {
    match reason {
        EndReason::FinishedByAgent | EndReason::EndedBySupervisor => "agent",
        EndReason::FinishedByConsumer | EndReason::OptedOut | EndReason::Abandoned => "end_user",
        _ => "system",
    }
}
