//! The simulated phone: texts in, and what has arrived on it.

use axum::{Json, extract::State, http::StatusCode};
use frontdesk::{
    Inbound, Receipt,
    store::{Line, Record, SessionQuery},
    types::{Delivery, Fact, Instant, PhoneNumber, SupportNumber},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    App,
    access::Caller,
    error::ApiError,
    views::{Body, Query},
};
use crate::settings;

/// How many sessions back the phone remembers.
const SESSIONS: usize = 50;

fn simulated(app: &App, caller: &Caller) -> Result<(), ApiError> {
    caller.administers()?;
    if app.simulated {
        return Ok(());
    }
    let message = "the carrier is not simulated; real texts come through webhooks";
    Err(ApiError::new(StatusCode::CONFLICT, "conflict", message))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SimulatedText {
    /// The consumer's number, in E.164.
    from: String,
    /// One of the center's numbers.
    to: String,
    body: String,
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
    simulated(&app, &caller)?;
    let line = line(&text.from, &text.to)?;
    let id = settings::random_id().map_err(|error| ApiError::field("body", error))?;
    let inbound = Inbound::new("simulator", id, line.consumer, line.number, text.body);
    match app.engine.receive(inbound).await? {
        Receipt::Taken { session } => Ok((StatusCode::ACCEPTED, Json(Taken { session }))),
        Receipt::Duplicate => Ok((StatusCode::ACCEPTED, Json(Taken { session: None }))),
        Receipt::Unrouted => Err(super::webhooks::unrouted()),
    }
}

fn line(consumer: &str, number: &str) -> Result<Line, ApiError> {
    let consumer: PhoneNumber = consumer.parse().map_err(|error| ApiError::field("from", error))?;
    let number: SupportNumber = number.parse().map_err(|error| ApiError::field("to", error))?;
    Ok(Line { consumer, number })
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
    let line = line(&phone.consumer, &phone.number)?;
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
            Fact::InboundMessage { body, .. } => {
                shown.push(TextJson { at: event.at, mine: true, body: body.clone() });
            }
            Fact::OutboundMessage { id, body, .. } => {
                written.insert(id, body);
            }
            Fact::Delivery { id, delivery: Delivery::Accepted { .. } } => {
                let body = written.get(id).map(|body| (*body).clone());
                shown.extend(body.map(|body| TextJson { at: event.at, mine: false, body }));
            }
            _ => {}
        }
    }
    shown
}
