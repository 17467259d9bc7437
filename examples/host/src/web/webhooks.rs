//! What Twilio posts: texts and status changes. Nothing is looked at before its signature is right, and
//! nothing is acknowledged before it is committed.

use axum::{
    body::Bytes,
    extract::{OriginalUri, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use frontdesk::{
    DeliveryReport, Receipt,
    store::Line,
    types::{MessageId, TextId},
};
use frontdesk_twilio::{Form, FormError, Incoming, Validator};
use metrics::{counter, histogram};

use super::{App, error::ApiError};
use crate::telling::Unsigned;

/// An answer that asks Twilio to do nothing.
const EMPTY_TWIML: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;
const SIGNATURE: &str = "x-twilio-signature";
/// No id of a text is longer, in bytes: those of today have some 250, those of before had the provider's own id in them.
const LONGEST_TEXT_ID: usize = 512;

/// How webhooks are checked.
pub(crate) struct Webhooks {
    pub(crate) validator: Validator,
    /// The URL that Twilio has been given, up to the path: signatures are made over it.
    pub(crate) public_url: String,
}

/// A text arrives. Answered with 200 once it is committed; the same `MessageSid` again changes nothing.
#[utoipa::path(
    post, path = "/messages", tag = "webhooks", security(()),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    params(("X-Twilio-Signature" = String, Header)),
    responses(
        (status = 200, content_type = "text/xml", body = String),
        (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError),
        (status = 413, body = ApiError), (status = 503, body = ApiError)
    )
)]
pub(super) async fn messages(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let begun = std::time::Instant::now();
    let taken = take_text(&app, &uri, &headers, body).await;
    let outcome = match &taken {
        Ok(Receipt::Duplicate) => "duplicate",
        Ok(Receipt::Taken { .. }) => "taken",
        Ok(Receipt::Noted) => "noted",
        Ok(Receipt::Unrouted) => "unrouted",
        Err(_) => "refused",
    };
    counter!("frontdesk_inbound_texts_total", "outcome" => outcome).increment(1);
    histogram!("frontdesk_inbound_seconds").record(begun.elapsed().as_secs_f64());
    taken.and_then(|receipt| match receipt {
        Receipt::Unrouted => Err(unrouted()),
        Receipt::Duplicate | Receipt::Noted | Receipt::Taken { .. } => Ok(twiml()),
    })
}

/// The answer to a text to a number that belongs to no queue; the text is recorded (SMS-8).
pub(super) fn unrouted() -> ApiError {
    let message = "the number that was texted belongs to no queue";
    ApiError::new(StatusCode::NOT_FOUND, "unknown_number", message)
}

async fn take_text(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Receipt, ApiError> {
    let body = body?;
    match frontdesk_twilio::incoming(&signed_form(app, uri, headers, &body)?)? {
        Incoming::Text(inbound) => Ok(app.engine.receive(inbound).await?),
        Incoming::FromSender(text) => Ok(app.engine.note(text).await?),
    }
}

/// A text's progress. `?text=` and the message's id are in the URL that Twilio was given with the text.
#[utoipa::path(
    post, path = "/status", tag = "webhooks", security(()),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    params(("X-Twilio-Signature" = String, Header), ("text" = String, Query)),
    responses(
        (status = 200, content_type = "text/xml", body = String),
        (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 503, body = ApiError)
    )
)]
pub(super) async fn status(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = body?;
    let status = frontdesk_twilio::status(&signed_form(&app, &uri, &headers, &body)?)?;
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let id = reported(&app, query.get("text").unwrap_or_default())?;
    if let Some(delivery) = status.delivery {
        let line = Line { consumer: status.to, number: status.from };
        let report = DeliveryReport { id, line, delivery, opted_out: status.opted_out };
        app.engine.delivery_status(report).await?;
    }
    Ok(twiml())
}

/// The message that a report is about. Versions before this one gave Twilio a message's id without the center's.
fn reported(app: &App, text: &str) -> Result<MessageId, ApiError> {
    let wrong = |message: &str| ApiError::field("text", message);
    if text.is_empty() {
        return Err(wrong("the id of the text is missing in the URL"));
    }
    if text.len() > LONGEST_TEXT_ID {
        return Err(wrong("the id of the text is longer than any that was given"));
    }
    match text.parse::<TextId>() {
        Ok(id) if id.center == *app.engine.center().id() => Ok(id.message),
        Ok(_) | Err(_) => Ok(MessageId::from(text)),
    }
}

fn signed_form<'a>(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    body: &'a [u8],
) -> Result<Form<'a>, ApiError> {
    let base = app.webhooks.as_ref().map_or("", |webhooks| webhooks.public_url.as_str());
    // Without the query, which names a text.
    let called = || format!("{base}{}", uri.path());
    let forbidden = |why, message| {
        app.live.telling.webhook_refused(why, &called());
        ApiError::new(StatusCode::FORBIDDEN, "wrong_signature", message)
    };
    let webhooks = app.webhooks.as_ref().ok_or_else(|| {
        let message =
            "no auth token is set (FRONTDESK_TWILIO_AUTH_TOKEN): no signature can be checked";
        forbidden(Unsigned::NoAuthToken, message)
    })?;
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    let signature = signature.ok_or_else(|| {
        forbidden(Unsigned::NoSignature, "the header X-Twilio-Signature is missing")
    })?;
    let form = Form::parse(body)?;
    let url =
        format!("{}{}", webhooks.public_url, uri.path_and_query().map_or("", |path| path.as_str()));
    if webhooks.validator.verify(&url, &form, signature) {
        Ok(form)
    } else {
        Err(forbidden(
            Unsigned::WrongSignature,
            "the signature is not Twilio's for this URL and form",
        ))
    }
}

impl From<FormError> for ApiError {
    fn from(error: FormError) -> Self {
        let field = match &error {
            FormError::Malformed { field, .. } | FormError::Missing { field } => {
                (*field).to_owned()
            }
            FormError::NotUtf8 { field } => field.clone(),
            _ => String::new(),
        };
        Self::field(&field, error)
    }
}

fn twiml() -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], EMPTY_TWIML).into_response()
}
