//! Standard output and standard error, which may be closed or full: that is an error, and no panic. Nothing else of the host
//! prints.

use std::{
    fmt,
    io::{self, ErrorKind, Write, stderr, stdout},
};

use serde::Serialize;

use crate::settings::HostError;

/// Writes text to standard output.
pub(crate) fn write(text: fmt::Arguments<'_>) -> Result<(), HostError> {
    let mut output = stdout().lock();
    output.write_fmt(text).and_then(|()| output.flush()).map_err(cannot)
}

/// Writes a line to standard output.
pub(crate) fn line(text: fmt::Arguments<'_>) -> Result<(), HostError> {
    write(format_args!("{text}\n"))
}

/// Writes a value to standard output as one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<(), HostError> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| HostError::Refused(error.to_string()))?;
    line(format_args!("{text}"))
}

/// Writes a line to standard error that is part of a command's answer.
pub(crate) fn error_line(text: fmt::Arguments<'_>) -> Result<(), HostError> {
    let told = stderr().lock().write_fmt(format_args!("{text}\n"));
    told.map_err(|source| HostError::Output { stream: "standard error", source })
}

/// Writes a line to standard error beside a command's answer. The answer is given also where this cannot be told.
pub(crate) fn aside(text: fmt::Arguments<'_>) {
    drop(error_line(text));
}

/// Standard output cannot be written.
pub(crate) fn cannot(source: io::Error) -> HostError {
    HostError::Output { stream: "standard output", source }
}

/// Whether a reader has read enough: there is nobody left to tell of it.
pub(crate) fn is_done_with(error: &HostError) -> bool {
    matches!(error, HostError::Output { source, .. } if source.kind() == ErrorKind::BrokenPipe)
}

/// A reader who has read enough is no error: the command goes on to its exit code.
pub(crate) fn or_enough(written: Result<(), HostError>) -> Result<(), HostError> {
    written.or_else(|error| if is_done_with(&error) { Ok(()) } else { Err(error) })
}
