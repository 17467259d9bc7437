//! The header `Idempotency-Key`: the same request again is answered as it was, and not carried out twice.

use axum::http::HeaderMap;
use frontdesk::{RequestKey, types::AgentId};

use super::{
    access::Program,
    error::{ApiError, MessageError},
};

/// The header's name.
pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The key of a request that an agent makes.
pub(super) fn of_agent(
    headers: &HeaderMap,
    agent: &AgentId,
) -> Result<Option<RequestKey>, ApiError> {
    read(headers, &format!("agent {agent}"))
        .map_err(|message| ApiError::field(IDEMPOTENCY_KEY, message))
}

/// The key of a request that a program makes with its credential.
pub(super) fn of_program(
    headers: &HeaderMap,
    program: &Program,
) -> Result<Option<RequestKey>, MessageError> {
    read(headers, program.name())
        .map_err(|message| MessageError::bad(format!("{IDEMPOTENCY_KEY}: {message}")))
}

fn read(headers: &HeaderMap, by: &str) -> Result<Option<RequestKey>, String> {
    let mut all = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(key) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return Err("is there twice: a request has one".into());
    }
    let text = String::from_utf8_lossy(key.as_bytes());
    RequestKey::new(by, text).map(Some).map_err(|error| error.to_string())
}
