//! Phone calls, as far as texts go on beside them (SMS-29 to SMS-31, SMS-35). The telephony tells what happens, and reads
//! what to ask callers and when to hang up.

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::{
    CallState, Center, NewCall,
    hours::Medium,
    sms::{App as CallerApp, CallInput, Question},
    types::{
        AgentId, Alternative, CallId, Channel, EndReason, HungUp, Instant, Key, Language,
        PhoneNumber, QueueId, SessionId,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    access::{Caller, Telephony},
    error::ApiError,
    views::{Body, Done, OptionalBody, Path},
};
use crate::inputs;

/// What a caller is asked.
#[derive(Serialize, ToSchema)]
pub(super) struct AskedJson {
    /// `deflection` (go on by text?), `keep_waiting`, or `wait_time` (texts while you wait?).
    #[schema(value_type = String)]
    question: Question,
    /// The keys that answer it; 1 is yes, or to keep waiting.
    #[schema(value_type = Vec<String>)]
    keys: Vec<Key>,
    /// What is offered beside waiting, by key.
    choices: Vec<ChoiceJson>,
    /// No key by then is an answer as well.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
}

/// Something else than to wait.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceJson {
    #[schema(value_type = String)]
    key: Key,
    /// `"callback"`, `"message"`, `"voicemail"`, `{"queue": "phone-sales"}`, `{"phone_number": "+12025550177"}`,
    /// `{"pre_session_sms": "billing"}`.
    #[schema(value_type = serde_json::Value)]
    alternative: Alternative,
}

/// A call as its telephony needs to know it.
#[derive(Serialize, ToSchema)]
pub(super) struct CallJson {
    #[schema(value_type = u64)]
    session: SessionId,
    #[schema(value_type = String)]
    call: CallId,
    /// `scheduled`, `menu`, `waiting`, `connected`, `leaving`, `finished`, `failed`.
    status: &'static str,
    #[schema(value_type = Option<String>)]
    queue: Option<QueueId>,
    #[schema(value_type = String)]
    language: Language,
    /// What to ask the caller now.
    asked: Option<AskedJson>,
    /// What the caller chose instead of waiting on the line, or what there is outside of hours: `"callback"` and
    /// `"scheduled_call"` keep the place until an agent has the call; `"message"`, `"voicemail"` and
    /// `{"phone_number": …}` have ended it.
    #[schema(value_type = Option<serde_json::Value>)]
    chosen: Option<Alternative>,
    /// `ivr`, `mobile`, `web`.
    #[schema(value_type = String)]
    entry_point: Channel,
    /// What the closed queue offers instead; the call is over. One thing alone is in `chosen`, too.
    #[schema(value_type = Vec<serde_json::Value>)]
    instead: Vec<Alternative>,
    /// The address, where an email is offered.
    email: Option<String>,
    /// When the consumer is called who has chosen a time.
    #[schema(value_type = Option<String>, format = DateTime)]
    slot: Option<Instant>,
    /// The caller wants to go on by text; the text is on its way.
    going_on_by_text: bool,
    /// `idle`, `link_sent`, `open`.
    #[schema(value_type = String)]
    app: CallerApp,
    /// The caller goes on by text: hang up.
    hang_up: bool,
    end_reason: Option<&'static str>,
}

impl CallJson {
    fn of(center: &Center, state: CallState) -> Self {
        let email = state.instead.contains(&Alternative::Email).then(|| center.support_email());
        let asked = state.asked.map(|asked| AskedJson {
            question: asked.question,
            keys: asked.keys().collect(),
            choices: asked
                .choices()
                .map(|(key, alternative)| ChoiceJson { key, alternative: alternative.clone() })
                .collect(),
            until: asked.until,
        });
        Self {
            session: state.session,
            call: state.call,
            status: state.status,
            queue: state.queue,
            language: state.language,
            asked,
            chosen: state.chosen,
            entry_point: state.entry_point,
            instead: state.instead,
            email: email.flatten().map(str::to_owned),
            slot: state.slot.map(|slot| slot.from),
            going_on_by_text: state.going_on_by_text,
            app: state.app,
            hang_up: state.ended == Some(EndReason::DeflectedToText),
            end_reason: state.ended.map(EndReason::words),
        }
    }
}

/// A call that reaches the center.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCallJson {
    /// The telephony's id of it: told again, it is the same call.
    #[schema(value_type = String)]
    call: CallId,
    /// Who calls: a number in E.164.
    caller: String,
    /// The queue of the phone menu that it waits in.
    #[schema(value_type = Option<String>)]
    queue: Option<QueueId>,
    /// The estimated wait.
    wait_minutes: Option<u32>,
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
    /// Whether the caller's number can receive texts; it can without.
    takes_texts: Option<bool>,
    /// Whether a voice message of theirs waits that nobody has heard.
    #[serde(default)]
    has_voicemail: bool,
    /// Where it came in: `ivr`, `mobile` or `web`; the phone menu, without.
    #[schema(value_type = Option<String>)]
    entry_point: Option<Channel>,
    /// The consumer is to be called then: the beginning of a slot of the queue (`GET /queues/{queue}/slots`); now,
    /// without (HRS-10).
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, deserialize_with = "inputs::some_instant")]
    slot: Option<Instant>,
}

impl NewCallJson {
    fn read(self, center: &Center) -> Result<NewCall, ApiError> {
        let caller = self.caller.parse::<PhoneNumber>();
        let caller = caller.map_err(|error| ApiError::field("caller", error))?;
        let spoken = |language: &Language| center.languages().contains(language);
        if let Some(language) = self.language.filter(|language| !spoken(language)) {
            return Err(ApiError::field("language", format!("`{language}` is not spoken here")));
        }
        let entry_point = self.entry_point.unwrap_or(Channel::Ivr);
        if !Medium::Call.comes_through(entry_point) {
            return Err(ApiError::field("entry_point", "calls do not come through it"));
        }
        Ok(NewCall {
            call: self.call,
            caller,
            queue: self.queue,
            wait_minutes: self.wait_minutes,
            language: self.language,
            takes_texts: self.takes_texts.unwrap_or(true),
            has_voicemail: self.has_voicemail,
            entry_point,
        })
    }
}

async fn state(app: &App, session: SessionId) -> Result<CallJson, ApiError> {
    let state = app.engine.call_state(session).await?;
    Ok(CallJson::of(&app.engine.center(), state))
}

/// A call reaches the center, or is to be made at a time that the consumer chose (telephony). Told again, it is the same
/// call. 409 where the slot is full, or the telephone has a call already; the event `cancelled` gives a place back.
#[utoipa::path(
    post, path = "/calls", tag = "calls", request_body = NewCallJson,
    responses((status = 201, body = CallJson), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn begin(
    State(app): State<App>,
    _: Telephony,
    Body(new): Body<NewCallJson>,
) -> Result<(StatusCode, Json<CallJson>), ApiError> {
    let slot = new.slot;
    let call = new.read(&app.engine.center())?;
    let session = match slot {
        Some(slot) => app.engine.schedule_call(call, slot).await?,
        None => app.engine.begin_call(call).await?,
    };
    Ok((StatusCode::CREATED, Json(state(&app, session).await?)))
}

/// A call now (telephony).
#[utoipa::path(
    get, path = "/calls/{session}", tag = "calls", params(("session" = u64, Path)),
    responses((status = 200, body = CallJson), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn one(
    State(app): State<App>,
    _: Telephony,
    Path(session): Path<SessionId>,
) -> Result<Json<CallJson>, ApiError> {
    Ok(Json(state(&app, session).await?))
}

/// Something that happens to a call.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum CallEvent {
    /// The app has reported back.
    AppOpened,
    /// An agent has it now.
    Connected {
        #[schema(value_type = String)]
        agent: AgentId,
    },
    /// The consumer does not want the scheduled call any more.
    Cancelled,
    /// It is over.
    Ended {
        /// `caller`, `agent` or `network`.
        #[schema(value_type = String)]
        by: HungUp,
    },
    /// The caller pressed a key.
    Key {
        /// The question that they heard.
        #[schema(value_type = String)]
        question: Question,
        /// 0 to 9, * or #.
        #[schema(value_type = String)]
        key: Key,
    },
    /// It waits in a queue.
    Queued {
        #[schema(value_type = String)]
        queue: QueueId,
    },
    /// Another estimate of the wait; without minutes it is unknown.
    Wait { minutes: Option<u32> },
}

impl From<CallEvent> for CallInput {
    fn from(event: CallEvent) -> Self {
        match event {
            CallEvent::AppOpened => Self::AppOpened,
            CallEvent::Cancelled => Self::Cancelled,
            CallEvent::Connected { agent } => Self::Connected { agent },
            CallEvent::Ended { by } => Self::Ended { by },
            CallEvent::Key { question, key } => Self::KeyPressed { question, key },
            CallEvent::Queued { queue } => Self::Queued { queue },
            CallEvent::Wait { minutes } => Self::WaitEstimated { minutes },
        }
    }
}

/// Something happens to a call (telephony). The answer is how it stands then.
#[utoipa::path(
    post, path = "/calls/{session}/events", tag = "calls", request_body = CallEvent,
    params(("session" = u64, Path)),
    responses((status = 200, body = CallJson), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn happens(
    State(app): State<App>,
    _: Telephony,
    Path(session): Path<SessionId>,
    Body(event): Body<CallEvent>,
) -> Result<Json<CallJson>, ApiError> {
    app.engine.call(session, event.into()).await?;
    Ok(Json(state(&app, session).await?))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AppLink {
    /// The agent; needed from an admin.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// The caller has told the agent that they may be texted.
    #[serde(default)]
    agreed: bool,
}

/// The agent of a connected call texts the link of the app (SMS-35).
#[utoipa::path(
    post, path = "/calls/{session}/app-link", tag = "calls", request_body = Option<AppLink>,
    params(("session" = u64, Path)),
    responses((status = 202), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn app_link(
    State(app): State<App>,
    caller: Caller,
    Path(session): Path<SessionId>,
    OptionalBody(link): OptionalBody<AppLink>,
) -> Done {
    let agent = caller.acts_as(link.agent)?;
    app.engine.call(session, CallInput::AppLink { agent, agreed: link.agreed }).await?;
    Ok(StatusCode::ACCEPTED)
}
