//! Reactions of phones, as iOS and Android write them where the other side cannot show them.

use std::sync::LazyLock;

use super::plain::{is_emoji, is_part_of_emoji};

type Lines = LazyLock<Vec<&'static str>>;

/// What stands before the quoted text, without accents; `*` is a picture or a few words.
static BEFORE: Lines = LazyLock::new(|| lines(include_str!("reactions_before.txt")));
/// What stands after the quoted text, in languages that put the verb last: all the words of a line occur there.
static AFTER: Lines = LazyLock::new(|| lines(include_str!("reactions_after.txt")));
/// What is reacted to, where it is no text.
static OBJECTS: Lines = LazyLock::new(|| lines(include_str!("reactions_to.txt")));
/// The longest words around the quoted text, in bytes.
const LONGEST: usize = 96;

/// Whether a plain text is a reaction.
pub(super) fn is_reaction(plain: &str) -> bool {
    let text = plain.trim_end_matches(['.', '。', '!', ' ']);
    match text.find('"') {
        Some(open) => {
            let close = text.rfind('"').unwrap_or(open);
            let part = |from: usize| text.get(from..).unwrap_or_default();
            let before = text.get(..open).unwrap_or_default().trim();
            // A long text may come in parts, so that the end of the quote is missing.
            let ends = close + 1 == text.len() || (close == open && text.len() > 140);
            // The last quoted words may be the reaction's name, so that the first quote ends earlier.
            let first = part(open + 1).find('"').map_or(close, |length| open + 1 + length);
            (ends && is_before(before))
                || is_after(before, part(close + 1).trim())
                || is_after(before, part(first + 1).trim())
        }
        None => is_about_object(text),
    }
}

fn lines(of: &'static str) -> Vec<&'static str> {
    of.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn is_before(before: &str) -> bool {
    if before.is_empty() || before.len() > LONGEST {
        return false;
    }
    // "👍 to “…”"
    let words = before.trim_start_matches(|c| is_emoji(c) || is_part_of_emoji(c)).trim();
    if words.len() < before.len() && words.split_whitespace().count() <= 3 {
        return true;
    }
    BEFORE.iter().any(|line| matches_line(line, before))
}

/// `*` stands for a picture or a few words.
fn matches_line(line: &str, text: &str) -> bool {
    match line.split_once('*') {
        None => line == text,
        Some((head, tail)) => {
            let between = text.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
            between.is_some_and(|between| !between.trim().is_empty() && between.len() <= 40)
        }
    }
}

/// The verb comes last: `"…"に"いいね"しました`, `Hat „…“ betont`. The words of a line begin with what must stand before the
/// quote, `-` for nothing.
fn is_after(before: &str, after: &str) -> bool {
    if after.is_empty() || after.len() > LONGEST || before.len() > LONGEST {
        return false;
    }
    let pictured = before.is_empty() && after.chars().any(is_emoji);
    pictured || is_last(before, after)
}

fn is_last(before: &str, after: &str) -> bool {
    AFTER.iter().any(|line| {
        let mut words = line.split(' ');
        let start = words.next().unwrap_or("-");
        let starts = match start {
            "-" => before.is_empty(),
            start => before
                .strip_prefix(start)
                .is_some_and(|more| more.is_empty() || more.starts_with(' ')),
        };
        let mut rest = words.peekable();
        starts && rest.peek().is_some() && rest.all(|word| after.contains(word))
    })
}

fn is_about_object(text: &str) -> bool {
    OBJECTS.iter().any(|object| {
        text.strip_suffix(*object).is_some_and(|before| is_before_object(before.trim()))
            || text.strip_prefix(*object).is_some_and(|after| {
                let after = after.trim();
                !after.is_empty() && after.len() <= LONGEST && is_last("-object", after)
            })
    })
}

/// "Liked an image", "👍 to an image", "Loved 3 images".
fn is_before_object(before: &str) -> bool {
    is_before(before.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end())
}
