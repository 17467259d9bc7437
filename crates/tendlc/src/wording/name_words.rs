//! The words of names and of texts that may hold them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::sender_words::is_legal;
use crate::text::hosts;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "signs, each by itself")]
pub(super) struct Token {
    /// Lower case, without accents and apostrophes.
    pub(super) word: String,
    /// It begins with a capital, or a digit.
    pub(super) capital: bool,
    pub(super) all_capitals: bool,
    /// A stop, colon, bracket or dash stands behind it.
    pub(super) ends_clause: bool,
    /// A colon, a dash or a closing bracket stands behind it, as behind a sender.
    pub(super) marks_sender: bool,
}

/// The words of a text. Links and addresses are left out: they name nobody.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mark = |tokens: &mut Vec<Token>, sender: bool| {
        if let Some(last) = tokens.last_mut() {
            last.ends_clause = true;
            last.marks_sender |= sender;
        }
    };
    for line in text.lines() {
        for chunk in line.split_whitespace() {
            let link = !hosts(chunk).is_empty() || (chunk.contains('@') && chunk.contains('.'));
            if link {
                mark(&mut tokens, false);
                continue;
            }
            if chunk.chars().all(|letter| !letter.is_alphanumeric()) && chunk != "&" && chunk != "+"
            {
                mark(&mut tokens, true);
                continue;
            }
            chunk_tokens(chunk, &mut tokens, mark);
        }
        mark(&mut tokens, false);
    }
    tokens
}

fn chunk_tokens(chunk: &str, tokens: &mut Vec<Token>, mark: impl Fn(&mut Vec<Token>, bool)) {
    let mut word = String::new();
    let close = |word: &mut String, tokens: &mut Vec<Token>| {
        if !word.is_empty() {
            tokens.push(token(word));
            word.clear();
        }
    };
    let letters: Vec<char> = chunk.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        match letter {
            '\'' | '\u{2019}' | '\u{2018}' => {}
            letter if letter.is_alphanumeric() || is_combining_mark(*letter) => {
                if is_camel(at, &letters) {
                    close(&mut word, tokens);
                }
                word.push(*letter);
            }
            '&' | '+' => {
                close(&mut word, tokens);
                tokens.push(token("and"));
            }
            '.' if word.chars().count() == 1
                && letters.get(at + 1).is_some_and(|next| next.is_alphanumeric()) =>
            {
                // `P.C.` is `PC`.
            }
            '.' if is_legal(&folded(&word))
                || matches!(
                    folded(&word).as_str(),
                    "st" | "dr" | "mt" | "ft" | "cmte" | "univ" | "dept" | "ctr" | "assn" | "intl"
                ) =>
            {
                close(&mut word, tokens);
            }
            '.' | '!' | '?' | ';' | ',' => {
                close(&mut word, tokens);
                mark(tokens, false);
            }
            ':' | ')' | ']' | '(' | '[' | '|' | '\u{2014}' | '\u{2013}' | '/' | '*' | '~' | '>'
            | '"' => {
                close(&mut word, tokens);
                mark(
                    tokens,
                    matches!(letter, ':' | ')' | ']' | '|' | '\u{2014}' | '\u{2013}' | '>'),
                );
            }
            _ => close(&mut word, tokens),
        }
    }
    close(&mut word, tokens);
}

/// Whether a word begins inside of one: `Quick|Lube`, `U|Milton`.
fn is_camel(at: usize, letters: &[char]) -> bool {
    let before = at.checked_sub(1).and_then(|before| letters.get(before));
    let lower = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_lowercase());
    let upper = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_uppercase());
    upper(letters.get(at)) && (lower(before) || (upper(before) && lower(letters.get(at + 1))))
}

fn token(word: &str) -> Token {
    let lower = word.chars().any(char::is_lowercase);
    Token {
        word: abbreviated(folded(word)),
        capital: word
            .chars()
            .next()
            .is_some_and(|first| first.is_uppercase() || first.is_numeric()),
        all_capitals: !lower && word.chars().any(char::is_uppercase),
        ends_clause: false,
        marks_sender: false,
    }
}

/// Lower case, without accents.
fn folded(word: &str) -> String {
    word.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Words that are written short in names.
fn abbreviated(word: String) -> String {
    match word.as_str() {
        "street" | "saint" => "st".into(),
        "mount" => "mt".into(),
        "fort" => "ft".into(),
        "committee" => "cmte".into(),
        "center" | "centre" => "ctr".into(),
        "department" => "dept".into(),
        "university" => "univ".into(),
        _ => word,
    }
}

/// Whether two words are the same but for a plural or possessive `s`.
pub(super) fn same_word(one: &str, other: &str) -> bool {
    one == other
        || (one.len() > 3
            && (one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)))
}

/// Whether a word is written short for another: it has the same first letter, and its letters in their order.
pub(super) fn abbreviates(short: &str, word: &str) -> bool {
    let mut letters = word.chars();
    short.len() < word.len()
        && word.len() > 3
        && short.chars().next() == word.chars().next()
        && short.chars().all(|letter| letters.any(|other| other == letter))
}

/// The names in a registered name, each without article and legal form: those before and behind `dba`, and without a head
/// like `Friends of`.
pub(super) fn head_names(name: &str) -> Vec<Vec<String>> {
    let mut name = name.to_owned();
    for behind in [" d/b/a ", " DBA ", " D/B/A ", " doing business as ", " aka "] {
        name = name.replace(behind, " dba ");
    }
    let mut names = Vec::new();
    for part in name.split(" dba ") {
        let mut words: Vec<String> = tokens(part).into_iter().map(|token| token.word).collect();
        while words.len() > 1 && words.last().is_some_and(|last| is_legal(last)) {
            words.pop();
        }
        if words.len() > 1 && words.first().is_some_and(|first| first == "the") {
            names.push(words.clone());
            words.remove(0);
        }
        for head in [&["friends", "of"][..], &["cmte", "to", "elect"], &["law", "offices", "of"]] {
            let starts =
                words.iter().zip(head).filter(|(word, head)| word == head).count() == head.len();
            if starts && words.len() > head.len() {
                names.push(words.get(head.len()..).unwrap_or_default().to_vec());
            }
        }
        names.push(words);
    }
    names
}

/// Initials of words: with and without those that are small. Numbers stay whole: `SD12`.
pub(super) fn initials(words: &[String]) -> impl Iterator<Item = String> {
    let take = |small: bool| -> String {
        words
            .iter()
            .filter(|word| small || !matches!(word.as_str(), "of" | "the" | "and" | "for"))
            .filter_map(|word| {
                if word.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Some(word.as_str());
                }
                word.get(..word.chars().next()?.len_utf8())
            })
            .collect()
    };
    [take(true), take(false)].into_iter()
}
