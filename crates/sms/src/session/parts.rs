//! A text that is longer than providers take in one request goes out in several, in order (SMS-3).

use super::chat::MAX_TEXT;

/// The texts that a body goes out in: one, nearly always, and none for a blank one. Lines stay whole, so that an option of a
/// menu does; a line that is too long by itself is parted at a space.
pub(super) fn parts(body: String) -> Vec<String> {
    if body.trim().is_empty() {
        return Vec::new();
    }
    // Bytes bound characters.
    if body.len() <= MAX_TEXT || body.chars().count() <= MAX_TEXT {
        return vec![body];
    }
    let mut parts = vec![String::new()];
    let mut room = MAX_TEXT;
    for piece in body.split_inclusive('\n').flat_map(pieces) {
        let length = piece.trim_end().chars().count();
        if length > room {
            parts.push(String::new());
            room = MAX_TEXT;
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(piece);
        }
        room = room.saturating_sub(piece.chars().count());
    }
    parts
        .into_iter()
        .map(|part| part.trim_end().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// A line, in pieces that fit.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while rest.trim_end().chars().count() > MAX_TEXT {
        let most = rest.char_indices().nth(MAX_TEXT).map_or(rest.len(), |(at, _)| at);
        let head = rest.get(..most).unwrap_or(rest);
        // After a space, where there is one.
        let end = head.rfind(' ').map_or(most, |space| space + 1);
        let (piece, more) = rest.split_at(end);
        pieces.push(piece);
        rest = more;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn options_stay_whole_and_in_order() {
        let options: Vec<String> =
            (1..=40).map(|number| format!("{number}. {}", "x".repeat(50))).collect();
        let body = format!("How can we help?\n{}", options.join("\n"));
        let texts = parts(body.clone());
        assert_eq!(texts.len(), 2);
        assert_eq!(texts.join("\n"), body);
        assert!(texts[1].starts_with("29. "), "{}", texts[1]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_long_and_nothing_is_lost(
            lines in prop::collection::vec("[a-zé😀 ]{0,900}", 0..8),
            long in 0_usize..5_000,
        ) {
            let body = format!("{}\n{}", lines.join("\n"), "y".repeat(long));
            let texts = parts(body.clone());
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&texts.concat()), letters(&body));
            for text in &texts {
                prop_assert!(!text.trim().is_empty() && text.chars().count() <= MAX_TEXT);
            }
        }
    }
}
