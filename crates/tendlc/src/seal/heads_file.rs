use serde::Deserialize;

use super::{NoteError, SignedHead, note::DASH};

/// A line of a file of heads that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {error}")]
pub struct HeadsFileError {
    /// The line on which the head begins, from 1.
    pub line: usize,
    /// The mistake.
    pub error: String,
}

/// A line of JSON: the head as a string, or an object that has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Head(SignedHead),
    With { head: SignedHead },
}

impl SignedHead {
    /// Reads every head of a text: signed notes one after the other, or lines of JSON with a head as a string, or in the field
    /// `head` of an object. Blank lines between them, a byte order mark and line ends of Windows are taken.
    ///
    /// # Errors
    ///
    /// [`HeadsFileError`] for the first that is no head.
    pub fn read_all(text: &str) -> Result<Vec<Self>, HeadsFileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<&str> = text.lines().collect();
        let (mut heads, mut at) = (Vec::new(), 0);
        while let Some(line) = lines.get(at) {
            let wrong = |error: String| HeadsFileError { line: at + 1, error };
            if line.trim().is_empty() {
                at += 1;
            } else if line.starts_with(['"', '{']) {
                let read = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
                let (Line::Head(head) | Line::With { head }) = read;
                heads.push(head);
                at += 1;
            } else {
                let length = length(lines.get(at..).unwrap_or_default());
                let note = lines.get(at..at + length).unwrap_or_default();
                let note = note.iter().flat_map(|line| [*line, "\n"]).collect::<String>();
                heads.push(note.parse().map_err(|error: NoteError| wrong(error.to_string()))?);
                at += length;
            }
        }
        Ok(heads)
    }
}

/// The number of lines of the note that begins here: those before a blank one, that one, and signatures.
fn length(lines: &[&str]) -> usize {
    let text = lines.iter().take_while(|line| !line.is_empty()).count();
    let after = lines.iter().skip(text + 1);
    let length = text + 1 + after.take_while(|line| line.starts_with(DASH)).count();
    length.min(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, HeadKey, LedgerHead};

    fn head(size: u64) -> LedgerHead {
        let (origin, root) = ("acme".to_owned(), Digest::of(&size.to_be_bytes()));
        LedgerHead { origin, size, root, at: "2026-11-27T15:00:00Z".parse().unwrap() }
    }

    #[test]
    fn dlc_3_heads_are_read_as_somebody_has_kept_them() {
        let key = HeadKey::new("acme", &[7; 32]).unwrap();
        let (one, two) = (key.sign(head(1)).unwrap(), head(2).unsigned().unwrap());
        let json = serde_json::to_string(&one).unwrap();
        let all = [one.clone(), two.clone(), one.clone()];
        for text in [
            format!("{one}{two}{one}"),
            format!("\u{feff}{one}\n\n{two}\n{one}"),
            format!("{one}{two}{one}").replace('\n', "\r\n"),
            format!("{json}\n{two}\n{{\"head\":{json},\"anchors\":[]}}\n"),
        ] {
            assert_eq!(SignedHead::read_all(&text).unwrap(), all, "{text}");
        }
        assert_eq!(SignedHead::read_all("\n").unwrap(), []);
        let wrong = SignedHead::read_all(&format!("{one}\nhello\n")).unwrap_err();
        assert_eq!(wrong.line, 8, "{wrong}");
    }
}
