//! The simulated phone: texts in, and what has arrived on it.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use frontdesk::{
    Inbound, Receipt,
    store::{Line, Record, SessionQuery},
    types::{Delivery, Fact, Instant, Media},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Body, Query, consumer, number},
};
use crate::{settings, simulator::PhoneMedia};

/// How many sessions back the phone remembers.
const SESSIONS: usize = 50;

fn simulated<'a>(app: &'a App, caller: &Caller) -> Result<&'a PhoneMedia, ApiError> {
    caller.administers()?;
    app.phone.as_deref().ok_or_else(|| {
        let message = "the carrier is not simulated; real texts come through webhooks";
        ApiError::new(StatusCode::CONFLICT, "conflict", message)
    })
}

/// A picture or video on the phone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SimulatedMedia {
    /// What it says it is.
    content_type: String,
    /// Its content, in base64.
    data: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SimulatedText {
    /// The consumer's number, in E.164.
    from: String,
    /// One of the center's numbers.
    to: String,
    body: String,
    /// Pictures and videos.
    #[serde(default)]
    media: Vec<SimulatedMedia>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    /// The session that the text went to.
    #[schema(value_type = Option<u64>)]
    session: Option<frontdesk::types::SessionId>,
}

/// Sends a text from the simulated phone (admin, simulated carrier).
#[utoipa::path(
    post, path = "/simulator/texts", tag = "simulator", request_body = SimulatedText,
    responses((status = 202, body = Taken), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn text_in(
    State(app): State<App>,
    caller: Caller,
    Body(text): Body<SimulatedText>,
) -> Result<(StatusCode, Json<Taken>), ApiError> {
    let phone = simulated(&app, &caller)?;
    let consumer = consumer(&app, "from", &text.from)?;
    let line = Line { consumer, number: number("to", &text.to)? };
    let id = settings::random_id().map_err(|error| ApiError::field("body", error))?;
    let mut media = Vec::new();
    for (index, one) in text.media.into_iter().enumerate() {
        let field = || format!("media[{index}].data");
        let data = BASE64.decode(one.data).map_err(|error| ApiError::field(&field(), error))?;
        let url = phone.send(&format!("{id}-{index}"), data);
        media.push(Media { url, content_type: one.content_type });
    }
    let inbound = Inbound::new("simulator", id, line.consumer, line.number, text.body);
    let inbound = Inbound { media, ..inbound };
    match app.engine.receive(inbound).await? {
        Receipt::Taken { session } => Ok((StatusCode::ACCEPTED, Json(Taken { session }))),
        Receipt::Duplicate | Receipt::Noted => {
            Ok((StatusCode::ACCEPTED, Json(Taken { session: None })))
        }
        Receipt::Unrouted => Err(super::webhooks::unrouted()),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Phone {
    /// The phone's number.
    consumer: String,
    /// The center's.
    number: String,
}

/// A text on the phone.
#[derive(Serialize, ToSchema)]
pub(super) struct TextJson {
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// The phone wrote it; otherwise the center did.
    mine: bool,
    body: String,
    /// What was sent along says it is this.
    media: Vec<String>,
}

/// What the simulated phone shows: its own texts, and those that have left the center (admin).
#[utoipa::path(
    get, path = "/simulator/texts", tag = "simulator", params(Phone),
    responses((status = 200, body = Vec<TextJson>), (status = 400, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn texts(
    State(app): State<App>,
    caller: Caller,
    Query(phone): Query<Phone>,
) -> Result<Json<Vec<TextJson>>, ApiError> {
    simulated(&app, &caller)?;
    let consumer = consumer(&app, "consumer", &phone.consumer)?;
    let line = Line { consumer, number: number("number", &phone.number)? };
    let mut records = app.engine.outside_of_sessions(line).await?;
    // A chat may begin with a text of a call.
    let beside = app.engine.center().call_number().map(|number| Line { number, ..line });
    for of in [Some(line), beside.filter(|beside| *beside != line)].into_iter().flatten() {
        let query = SessionQuery { line: Some(of), limit: SESSIONS, ..SessionQuery::default() };
        for view in app.engine.sessions(query).await? {
            records.extend(app.engine.transcript(view.row.id).await?);
        }
    }
    records.retain(|record| record.subject.line == Some(line));
    records.sort_by_key(|record| record.position);
    Ok(Json(on_the_phone(&records)))
}

/// Its own texts when they were written, the center's when the carrier had them.
fn on_the_phone(records: &[Record]) -> Vec<TextJson> {
    let mut written = std::collections::HashMap::new();
    let mut shown = Vec::new();
    for event in records.iter().flat_map(|record| &record.events) {
        match &event.fact {
            Fact::InboundMessage { body, media, .. } => {
                let media = media.iter().map(|media| media.content_type.clone()).collect();
                shown.push(TextJson { at: event.at, mine: true, body: body.clone(), media });
            }
            Fact::OutboundMessage { id, body, .. } => {
                written.insert(id, body);
            }
            Fact::Delivery { id, delivery: Delivery::Accepted { .. } } => {
                let body = written.get(id).map(|body| (*body).clone());
                let text = |body| TextJson { at: event.at, mine: false, body, media: Vec::new() };
                shown.extend(body.map(text));
            }
            _ => {}
        }
    }
    shown
}
