//! Standard output, which may be closed or full: that is an error, and no panic.

use std::{
    fmt,
    io::{ErrorKind, Write, stdout},
};

use crate::settings::HostError;

/// Writes text to standard output.
pub(crate) fn write(text: fmt::Arguments<'_>) -> Result<(), HostError> {
    let mut output = stdout().lock();
    output.write_fmt(text).and_then(|()| output.flush()).map_err(HostError::io("standard output"))
}

/// Writes a line to standard output.
pub(crate) fn line(text: fmt::Arguments<'_>) -> Result<(), HostError> {
    write(format_args!("{text}\n"))
}

/// Whether a reader has read enough: there is nobody left to tell of it.
pub(crate) fn is_done_with(error: &HostError) -> bool {
    matches!(error, HostError::Io { source, .. } if source.kind() == ErrorKind::BrokenPipe)
}
