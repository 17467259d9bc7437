//! Between columns and types. A value that cannot be read is an error that says which.

use std::str::FromStr;

use frontdesk::{
    store::{Line, SessionRow, StoreError},
    types::{Instant, PhoneNumber, SessionId, SupportNumber, from_millis},
};
use rusqlite::Row;
use serde_json::Value;

use crate::database::failed;

/// A stored value that is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("the column {column} holds what cannot be read: {reason}")]
struct Unreadable {
    column: &'static str,
    reason: String,
}

pub(crate) fn unreadable(column: &'static str, reason: impl ToString) -> StoreError {
    StoreError::backend(Unreadable { column, reason: reason.to_string() })
}

/// The columns that [`session_row`] reads.
pub(crate) const SESSION_COLUMNS: &str = "id, consumer, number, status, queue, agent, language, started, \
     waiting_since, ended, end_reason, deadline, needs";

/// Consumer and number as their columns hold them; [`line`] reads them back.
pub(crate) fn line_columns(line: Line) -> (i64, i64) {
    (integer(line.consumer.digits()), line.number.to_integer())
}

pub(crate) fn line(consumer: i64, number: i64) -> Result<Line, StoreError> {
    Ok(Line {
        consumer: self::consumer(consumer)?,
        number: SupportNumber::from_integer(number).map_err(|error| unreadable("number", error))?,
    })
}

/// A phone number is its own key. Users and visitors have keys from here on, out of the table `parties`.
pub(crate) const PARTIES_FROM: i64 = 1_000_000_000_000_000;

pub(crate) fn consumer(digits: i64) -> Result<PhoneNumber, StoreError> {
    if digits >= PARTIES_FROM {
        return Err(unreadable("consumer", "a consumer who is no phone number: a newer program's"));
    }
    let digits = u64::try_from(digits).map_err(|error| unreadable("consumer", error))?;
    PhoneNumber::try_from(digits).map_err(|error| unreadable("consumer", error))
}

pub(crate) fn session_row(row: &Row<'_>) -> Result<SessionRow, StoreError> {
    let integer = |i| row.get::<_, Option<i64>>(i).map_err(failed);
    let instant = |i| integer(i).map(|millis| millis.map(from_millis));
    let required = |i| integer(i)?.ok_or_else(|| unreadable("sessions", "a missing value"));
    let ended = match (instant(9)?, text(row, 10)?) {
        (Some(at), Some(reason)) => Some((at, word("end_reason", reason)?)),
        _ => None,
    };
    Ok(SessionRow {
        id: session_id(required(0)?),
        line: line(required(1)?, required(2)?)?,
        status: text(row, 3)?.unwrap_or_default().into(),
        queue: parsed("queue", text(row, 4)?)?,
        agent: parsed("agent", text(row, 5)?)?,
        language: parsed("language", text(row, 6)?)?.unwrap_or_default(),
        started: from_millis(required(7)?),
        waiting_since: instant(8)?,
        ended,
        deadline: instant(11)?,
        needs: text(row, 12)?.map(|json| from_json("needs", json)).transpose()?,
    })
}

fn text<'a>(row: &'a Row<'_>, i: usize) -> Result<Option<&'a str>, StoreError> {
    row.get_ref(i).map_err(failed)?.as_str_or_null().map_err(|error| unreadable("text", error))
}

fn parsed<T: FromStr<Err: ToString>>(
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| text.parse().map_err(|error: T::Err| unreadable(column, error.to_string())))
        .transpose()
}

/// An enum that is stored by its word.
pub(crate) fn word<T: serde::de::DeserializeOwned>(
    column: &'static str,
    word: &str,
) -> Result<T, StoreError> {
    serde_json::from_value(Value::from(word)).map_err(|error| unreadable(column, error))
}

/// The word of an enum.
pub(crate) fn to_word<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        other => Err(unreadable("end_reason", format!("{other:?} is no word"))),
    }
}

pub(crate) fn json<T: serde::Serialize>(
    column: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| unreadable(column, error))
}

pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| unreadable(column, error))
}

pub(crate) fn session_id(value: i64) -> SessionId {
    SessionId(value.cast_unsigned())
}

/// As SQLite keeps it. What is above its integers is above everything that is stored.
pub(crate) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn millis(at: Instant) -> i64 {
    at.timestamp_millis()
}
