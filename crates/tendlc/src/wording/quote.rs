//! Quotations in a text: the words that a consumer sees or hears.

/// A quotation has at least this many words; shorter ones name a button, a keyword or a field.
const MIN_WORDS: usize = 4;

/// Whether a part in quotation marks is long enough to be a quotation.
pub(super) fn is_quotation(part: &str) -> bool {
    part.split_whitespace().nth(MIN_WORDS - 1).is_some()
}

/// Straightens quotation marks: `“x”` and `«x»` become `"x"`, and `'x'` does where it holds four words or more.
pub(super) fn straight(text: &str) -> String {
    let text = text.replace(['\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}'], "\"");
    let text = text.replace(['\u{2018}', '\u{2019}', '\u{2b9}', '`', '\u{b4}'], "'");
    if text.contains('"') {
        return text;
    }
    // Single marks are quotation marks only where they stand at the ends of words.
    let letters: Vec<char> = text.chars().collect();
    let opens = |at: usize| {
        letters.get(at) == Some(&'\'')
            && at.checked_sub(1).is_none_or(|before| {
                letters
                    .get(before)
                    .is_some_and(|letter| letter.is_whitespace() || matches!(letter, ':' | '('))
            })
            && letters.get(at + 1).is_some_and(|letter| letter.is_alphanumeric() || *letter == '[')
    };
    let closes = |at: usize| {
        letters.get(at) == Some(&'\'')
            && letters
                .get(at + 1)
                .is_none_or(|after| after.is_whitespace() || matches!(after, '.' | ',' | ')' | ';'))
            && at
                .checked_sub(1)
                .and_then(|before| letters.get(before))
                .is_some_and(|letter| matches!(letter, '.' | '!' | '?' | ')'))
    };
    let mut open = false;
    let marked = |at: usize, letter: &char| {
        if (!open && opens(at)) || (open && closes(at)) {
            open = !open;
            return '"';
        }
        *letter
    };
    let mut marked = marked;
    let marked: String =
        letters.iter().enumerate().map(|(at, letter)| marked(at, letter)).collect();
    if marked.matches('"').count().is_multiple_of(2) { marked } else { text }
}

/// Words before a colon behind which a quotation stands without marks.
const ANNOUNCES: [&str; 16] = [
    "reads",
    "reading",
    "says",
    "saying",
    "wording",
    "text",
    "script",
    "copy",
    "label",
    "disclosure",
    "statement",
    "language",
    "words",
    "states",
    "follows",
    "caption",
];

/// The quotation behind a colon that announces one, up to the end of the line.
fn announced(text: &str) -> Vec<String> {
    let announces = |line: &str| {
        let (before, behind) = line.split_once(": ").or_else(|| line.split_once(":\t"))?;
        let last = before.split_whitespace().next_back()?.to_lowercase();
        (ANNOUNCES.contains(&last.as_str()) && is_quotation(behind))
            .then(|| behind.trim().to_owned())
    };
    text.lines().filter_map(announces).collect()
}

/// The quotations of a text, in its order. A mark without its partner closes at the end. A text without any marks quotes
/// what stands behind `reads:` or `wording:`.
pub(crate) fn quotations(text: &str) -> Vec<String> {
    let text = straight(text);
    if !text.contains('"') {
        return announced(&text);
    }
    let parts = text.split('"').enumerate();
    parts
        .filter(|(at, part)| at % 2 == 1 && is_quotation(part))
        .map(|(_, part)| part.trim().to_owned())
        .collect()
}

/// A text without its quotations: what is said about the words that a consumer sees.
pub(crate) fn unquoted(text: &str) -> String {
    let text = straight(text);
    let parts = text.split('"').enumerate();
    parts
        .filter(|(at, part)| at % 2 == 0 || !is_quotation(part))
        .map(|(_, part)| part)
        .collect::<Vec<_>>()
        .join(" \u{2014} ")
}
