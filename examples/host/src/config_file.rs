//! The file of a configuration, as far as it is text.

use std::{fs::File, io::Read, os::unix::fs::FileTypeExt, path::Path};

/// No configuration is longer, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A configuration file that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The line of the place, from 1 on, if there is one.
    pub(crate) line: Option<usize>,
    pub(crate) message: String,
}

/// Whether this process has it open already: `/dev/stdin`, `/dev/fd/63`.
fn is_handed_over(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// The text of a configuration file.
pub(crate) fn text(path: &Path) -> Result<String, Unreadable> {
    let whole = |message| Unreadable { line: None, message };
    let cannot = |error: std::io::Error| whole(format!("it cannot be read: {error}"));
    // To open a pipe would wait for its writer; one that a shell makes of a command has one.
    if std::fs::metadata(path).map_err(cannot)?.file_type().is_fifo() && !is_handed_over(path) {
        return Err(whole("it is a pipe, not a file".into()));
    }
    let file = File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LONGEST {
        return Err(whole(format!("it is longer than {LONGEST} bytes")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
        let found = bytes.get(at).copied().unwrap_or_default();
        let message = format!("byte {} of the file, 0x{found:02x}, is no UTF-8", at + 1);
        Unreadable { line: Some(before + 1), message }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ext_2_the_first_byte_that_is_no_text_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("center.toml");
        std::fs::write(&config, b"[center]\nid = '\xff'\n").unwrap();
        let told = text(&config).unwrap_err();
        assert_eq!(
            (told.line, told.message.as_str()),
            (Some(2), "byte 16 of the file, 0xff, is no UTF-8")
        );
        assert_eq!(text(&folder.path().join("none")).unwrap_err().line, None);
        let long = text(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(long.message, "it is longer than 16777216 bytes");
    }
}
