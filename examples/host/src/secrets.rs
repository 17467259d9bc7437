//! Secrets: from the environment or a file, never from the command line. A blank one counts as not set.

use crate::settings::{self, HostError};

/// Blank texts whose hashes are looked for, besides the empty one: what an editor or a shell leaves of an empty value.
const BLANKS: [&str; 6] = ["", " ", "\n", "\r\n", "\t", "  "];

/// A secret from the environment variable `name`, or from the file that `name` with `_FILE` names. White space around
/// it is no part of it.
pub(crate) fn read(name: &str) -> Result<Option<String>, HostError> {
    if let Some(secret) = variable(name)? {
        return Ok(Some(secret));
    }
    let file = format!("{name}_FILE");
    let Some(path) = variable(&file)? else { return Ok(None) };
    let secret = std::fs::read_to_string(&path).map_err(HostError::io(format!("{file} {path}")))?;
    Ok(set(secret))
}

fn variable(name: &str) -> Result<Option<String>, HostError> {
    match std::env::var(name) {
        Ok(value) => Ok(set(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(HostError::Refused(format!("{name} is not UTF-8")))
        }
    }
}

/// What is set: a value that is not blank.
pub(crate) fn set(value: String) -> Option<String> {
    let trimmed = value.trim();
    match trimmed.len() {
        0 => None,
        length if length == value.len() => Some(value),
        _ => Some(trimmed.to_owned()),
    }
}

/// Whether a token of the API was configured by the hash of nothing.
pub(crate) fn is_hash_of_blank(sha256: &str) -> bool {
    BLANKS.iter().any(|blank| settings::hash(blank).eq_ignore_ascii_case(sha256))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_secret_is_not_set() {
        for blank in ["", " ", "\n", "\t \r\n", "\u{a0}"] {
            assert_eq!(set(blank.into()), None, "{blank:?}");
        }
        assert_eq!(set(" secret\n".into()).as_deref(), Some("secret"));
        assert_eq!(set("secret".into()).as_deref(), Some("secret"));
    }

    #[test]
    fn the_hash_of_a_blank_token_is_known() {
        // `printf '' | sha256sum`
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert!(is_hash_of_blank(empty) && is_hash_of_blank(&empty.to_uppercase()));
        assert!(!is_hash_of_blank(&settings::hash("fd_1")));
    }
}
