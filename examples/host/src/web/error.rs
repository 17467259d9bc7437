use std::{any::Any, sync::LazyLock};

use axum::{
    Json,
    extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use frontdesk::{
    EngineError, LedgerError, OutboundRefusal, RevocationRefusal, ScheduleRefusal, crm::CrmError,
    routing::Refused, sms::Refusal, store::StoreError,
};
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

use super::{body_time, keys::IDEMPOTENCY_KEY};
use crate::seldom::Seldom;

/// Lines of mistakes in a list that are told.
const TOLD_LINES: usize = 50;

/// What is said of a request that was not carried out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiError {
    #[serde(skip)]
    status: StatusCode,
    /// A word for programs: `missing_token`, `wrong_role`, `bad_field`, `conflict`, `full` …
    error: &'static str,
    /// A sentence for people: what was found, what is allowed.
    message: String,
    /// The field that is wrong, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, error: &'static str, message: impl ToString) -> Self {
        Self { status, error, message: message.to_string(), field: None }
    }

    pub(crate) fn field(field: &str, message: impl ToString) -> Self {
        let field = Some(field.to_owned());
        Self { field, ..Self::new(StatusCode::BAD_REQUEST, "bad_field", message) }
    }

    pub(crate) fn forbidden(message: impl ToString) -> Self {
        Self::new(StatusCode::FORBIDDEN, "wrong_role", message)
    }

    fn conflict(message: impl ToString) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    pub(super) fn not_found(message: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// Logged here, told as little as needed: what failed inside is nothing for the outside.
    pub(super) fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        error!(%cause, "a request failed");
        let message = "nothing was changed; try again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = header::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}

/// What the Outbound SMS API says of a request that was not carried out (SMS-33).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageError {
    #[serde(skip)]
    status: StatusCode,
    /// A sentence for people.
    message: String,
}

impl MessageError {
    pub(crate) fn new(status: StatusCode, message: impl ToString) -> Self {
        Self { status, message: message.to_string() }
    }

    pub(crate) fn bad(message: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

impl IntoResponse for MessageError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        let named = |value| header::HeaderValue::from_static(value);
        match self.status {
            StatusCode::UNAUTHORIZED => {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, named("Basic"));
            }
            StatusCode::TOO_MANY_REQUESTS => {
                response.headers_mut().insert(header::RETRY_AFTER, named("1"));
            }
            _ => {}
        }
        response
    }
}

impl From<EngineError> for MessageError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::NotBegun(_) | EngineError::Refused(_) | EngineError::NotAccepted(_) => {
                Self::bad(error)
            }
            EngineError::UnknownSession(_) => Self::new(StatusCode::NOT_FOUND, error),
            EngineError::KeyOfAnother => Self::new(StatusCode::UNPROCESSABLE_ENTITY, error),
            error => {
                let ApiError { status, message, .. } = ApiError::from(error);
                Self { status, message }
            }
        }
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::UnknownSession(_)
            | EngineError::NotAccepted(Refused::UnknownAgent { .. }) => Self::not_found(error),
            EngineError::UnknownStatus(_)
            | EngineError::NotAccepted(
                Refused::NotChosen { .. } | Refused::SupervisorOnly { .. },
            ) => Self::field("status", error),
            EngineError::BadId { field, .. } => Self::field(field, error),
            EngineError::KeyOfAnother => {
                let field = Some(IDEMPOTENCY_KEY.to_owned());
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self { field, ..Self::new(status, "key_of_another", error) }
            }
            EngineError::UnknownText(_) => Self::field("text", error),
            EngineError::NoSuchPriority(_) => Self::field("priority", error),
            EngineError::UnknownSkill { .. } => Self::field("skills", error),
            EngineError::Refused(Refusal::NoSuchQueue { .. }) => Self::field("to", error),
            EngineError::Refused(Refusal::NoSuchCallQueue { .. }) => Self::field("queue", error),
            EngineError::Refused(Refusal::NoSuchKey { .. }) => Self::field("key", error),
            EngineError::Refused(Refusal::EmptyMessage | Refusal::TooLong { .. }) => {
                Self::field("body", error)
            }
            EngineError::NotBegun(OutboundRefusal::Message(_)) => Self::field("body", error),
            EngineError::NotBegun(OutboundRefusal::KnownCall { .. }) => {
                Self { field: Some("call".into()), ..Self::conflict(error) }
            }
            EngineError::NotBegun(OutboundRefusal::NotOurs) => Self::field("from", error),
            EngineError::NotBegun(OutboundRefusal::CountryNotAllowed) => Self::field("to", error),
            EngineError::NotScheduled(ScheduleRefusal::NoQueue) => Self::field("queue", error),
            EngineError::NotScheduled(ScheduleRefusal::NoSlot { .. }) => Self::field("slot", error),
            EngineError::Ledger(LedgerError::Import(_) | LedgerError::TooLong { .. }) => {
                Self::field("list", shortened(&error.to_string()))
            }
            EngineError::Scrubs(_) => Self::field("list", shortened(&error.to_string())),
            EngineError::NotRevoked(RevocationRefusal::NoSuchProgramme(_)) => {
                Self::field("programme", error)
            }
            EngineError::NotRevoked(RevocationRefusal::Given(why)) => Self::field(why.field(), why),
            // Whoever asks for a proof must know that there is none.
            EngineError::Ledger(_) => {
                error!(%error, "the consent ledger was changed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "broken_ledger", error)
            }
            EngineError::Store(StoreError::SlotFull { .. }) => {
                Self { field: Some("slot".into()), ..Self::conflict(error) }
            }
            EngineError::NotAccepted(_)
            | EngineError::NotScheduled(_)
            | EngineError::NotBegun(_)
            | EngineError::Refused(_)
            | EngineError::NoSuchChoice { .. } => Self::conflict(error),
            EngineError::Store(StoreError::Full(_)) => {
                static FULL: LazyLock<Seldom> = LazyLock::new(Seldom::new);
                if let Some(more) = FULL.now("full") {
                    error!(
                        %error,
                        more,
                        "nothing is taken: the store is full. Make room on its disk, or raise `host.database_limit` and start anew"
                    );
                }
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "full",
                    "the store is full; nothing was taken",
                )
            }
            error => Self::unavailable(&error),
        }
    }
}

impl From<CrmError> for ApiError {
    fn from(error: CrmError) -> Self {
        Self::unavailable(&error)
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        let message = rejection.body_text();
        let field = named_field(&message).map(str::to_owned);
        let status = match rejection.status() {
            _ if body_time::is_over(&rejection) => StatusCode::REQUEST_TIMEOUT,
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self { field, ..Self::new(status, word(status), message) }
    }
}

/// The field in serde's words: "…: status: unknown variant `x`", "…: missing field `body`".
fn named_field(message: &str) -> Option<&str> {
    let told = message.split_once(": ")?.1;
    match told.split_once(": ") {
        Some((path, _)) if !path.contains(' ') => Some(path),
        _ => told.strip_prefix("missing field `")?.split('`').next(),
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), word(rejection.status()), rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), word(rejection.status()), rejection.body_text())
    }
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> Self {
        let status = unread(&rejection);
        Self::new(status, word(status), rejection.body_text())
    }
}

impl From<BytesRejection> for MessageError {
    fn from(rejection: BytesRejection) -> Self {
        Self::new(unread(&rejection), rejection.body_text())
    }
}

/// The status for a body that could not be read: it came too slowly, or is too large.
fn unread(rejection: &BytesRejection) -> StatusCode {
    if body_time::is_over(rejection) { StatusCode::REQUEST_TIMEOUT } else { rejection.status() }
}

/// The first lines of what is wrong with a list, and how many there are: a list may have as many mistakes as rows.
fn shortened(text: &str) -> String {
    let lines = text.lines().count();
    if lines <= TOLD_LINES {
        return text.to_owned();
    }
    let first: Vec<_> = text.lines().take(TOLD_LINES).collect();
    format!("{}\n… and {} more", first.join("\n"), lines - TOLD_LINES)
}

fn word(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::REQUEST_TIMEOUT => "too_slow",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "wrong_type",
        _ => "bad_request",
    }
}

pub(super) async fn no_such_path() -> ApiError {
    ApiError::not_found("there is nothing at this path; /openapi.json lists what there is")
}

pub(super) async fn no_such_method() -> ApiError {
    let message = "this path does not take this method; /openapi.json lists what there is";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", message)
}

/// The panic's own text may quote what somebody wrote: it is not logged.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    ApiError::unavailable(&"a handler panicked").into_response()
}
