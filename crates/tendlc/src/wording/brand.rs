//! Brand names, in the short forms that businesses use.
//!
//! A text names a brand by the beginning of its name: `Compass` of `Compass Travel Advisors LLC`, `Red Rock FCU` of `Red Rock
//! Federal Credit Union`, `QuickLube` and `Quick Lube`, or by initials of three words or more. A form of one word counts only
//! where a sender stands: `Compass: …`, `[Compass]`, `texts from Compass`.

use super::{
    name_words::{Token, abbreviates, head_names, initials, same_word, tokens},
    sender_words::{follows_sender, is_legal, is_small, leads_to_sender, speaks_of_sender},
};
use crate::{Brand, text::plain};

/// Shortest name or part of one that names a brand, in letters.
const MIN_LETTERS: usize = 3;
/// Fewest words whose initials name a brand.
const MIN_INITIALS: usize = 3;
/// Maximum number of words of a text that are read as one name.
const MAX_WINDOW: usize = 12;
/// Maximum length of a name in bytes, and in words: longer ones are cut, and another rule of the linter tells of them.
const MAX_NAME: usize = 255;
const MAX_NAME_WORDS: usize = 24;
/// Maximum number of words of a text in which a name is looked for.
const MAX_TOKENS: usize = 8_192;

/// The names of a brand, made ready to be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BrandNames {
    /// Each name as its words, without legal form and article.
    names: Vec<Vec<String>>,
    /// The label of its domain: `juniperandsalt`.
    label: Option<String>,
    /// The names as they are registered, in lower case.
    registered: Vec<String>,
}

impl BrandNames {
    /// The names of a brand: display name, legal name, the trade name behind `dba`, the label of its domain.
    pub(crate) fn of(brand: &Brand) -> Self {
        let mut names: Vec<Vec<String>> = Vec::new();
        let given = [&brand.display_name, &brand.company_name];
        let given =
            given.map(|name| name.get(..name.floor_char_boundary(MAX_NAME)).unwrap_or_default());
        for name in given {
            for mut words in head_names(name) {
                words.truncate(MAX_NAME_WORDS);
                if !words.is_empty() && !names.contains(&words) {
                    names.push(words);
                }
            }
        }
        let label = crate::text::host_of(&brand.website).and_then(|host| {
            let domain = psl::domain_str(&host)?.split('.').next()?.replace('-', "");
            (domain.len() > MIN_LETTERS).then_some(domain)
        });
        let registered = given.map(plain);
        let mut registered: Vec<String> =
            registered.into_iter().filter(|name| name.len() >= MIN_LETTERS).collect();
        registered.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self { names, label, registered }
    }

    /// Whether there is no name to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether a word is one of the brand's names, or a legal form.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        is_legal(word) || self.names.iter().flatten().any(|of_name| same_word(of_name, word))
    }

    /// A text without the registered names: what `Keystone Home Offers` offers stands elsewhere.
    pub(crate) fn without(&self, text: &str) -> String {
        let mut text = plain(text);
        for name in &self.registered {
            text = text.replace(name, " ");
        }
        text
    }

    /// A text with a break in the place of each registered name: no sentence goes across it, and no name is a part of one.
    pub(crate) fn apart(&self, text: &str) -> String {
        let mut text = plain(text);
        for name in &self.registered {
            text = text.replace(name, " \u{2014} ");
        }
        text
    }

    /// Whether a text is one that the brand sends: `Acme: you are signed up`.
    pub(crate) fn sends(&self, text: &str) -> bool {
        let text = plain(text);
        self.registered.iter().any(|name| {
            text.strip_prefix(name.as_str())
                .is_some_and(|rest| rest.trim_start().starts_with([':', '-', '\u{2014}']))
        })
    }

    /// Whether a text names the brand.
    pub(crate) fn named_in(&self, text: &str) -> bool {
        let mut tokens = tokens(text);
        tokens.truncate(MAX_TOKENS);
        let has_case = text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase);
        let text = Text { tokens: &tokens, has_case };
        (0..tokens.len()).any(|at| {
            self.names.iter().any(|name| text.holds(name, at))
                || self.label.as_deref().is_some_and(|label| text.holds_label(label, at))
        })
    }
}

struct Text<'a> {
    tokens: &'a [Token],
    has_case: bool,
}

impl Text<'_> {
    /// Whether a form of a name begins at a word.
    fn holds(&self, name: &[String], at: usize) -> bool {
        self.is_capital(at)
            && (self.holds_initials(name, at)
                || self.holds_beginning(name, at)
                || self.holds_abbreviated(name, at)
                || self.holds_ends(name, at))
    }

    /// Whether the first words of a name stand at a place, joined or apart: as many as there are.
    fn holds_beginning(&self, name: &[String], at: usize) -> bool {
        let longest = (1..=name.len()).rev().find_map(|words| {
            let prefix = name.get(..words)?;
            // `Paws and` is no form of `Paws and Claws`.
            if prefix.last().is_some_and(|word| is_small(word)) {
                return None;
            }
            let large: String =
                prefix.iter().filter(|word| !is_small(word)).map(String::as_str).collect();
            let end = self.window(&prefix.concat(), at).or_else(|| self.window(&large, at))?;
            (words == name.len() || large.len() >= MIN_LETTERS).then_some((words, end))
        });
        let Some((words, end)) = longest else { return false };
        if words == name.len() {
            return true;
        }
        let rest = name.get(words..).unwrap_or_default();
        if !self.ends_name(at, end, rest) {
            return false;
        }
        if words == 1 {
            self.is_sender(at, end) || self.is_initials(end, rest)
        } else {
            !self.is_place(at, end)
        }
    }

    /// Whether a name stands there without words of its middle: `Tri-Valley Co-op` of `Tri-Valley Electric Co-op`.
    fn holds_ends(&self, name: &[String], at: usize) -> bool {
        let mut rest = name.iter();
        let mut last = None;
        let mut matched = 0;
        for token in self.tokens.iter().skip(at).take(MAX_WINDOW) {
            let found = rest.position(|word| same_word(word, &token.word));
            if found.is_none() || (matched == 0 && found != Some(0)) {
                break;
            }
            matched += 1;
            last = Some(rest.len());
            if token.ends_clause {
                break;
            }
        }
        // The first word and the last one, and one more of a longer name.
        last == Some(0) && matched >= 2 && (matched > 2 || name.len() < 4)
    }

    /// Whether words abbreviate those of a name, one by one: `Jefferson Co. Schools`, `Ignite Mktg Solutions`, `U of Milton`.
    /// One at least is written out.
    fn holds_abbreviated(&self, name: &[String], at: usize) -> bool {
        let large: Vec<&String> = name.iter().filter(|word| !is_small(word)).collect();
        let words =
            self.tokens.iter().skip(at).take(MAX_WINDOW).filter(|token| !is_small(&token.word));
        let (mut matched, mut whole) = (0, false);
        for (token, word) in words.zip(&large) {
            let same = same_word(&token.word, word) && word.len() > MIN_LETTERS;
            if !same && !abbreviates(&token.word, word) {
                break;
            }
            whole |= same;
            matched += 1;
            if token.ends_clause {
                break;
            }
        }
        whole && matched >= 2 && (matched == large.len() || matched > 2)
    }

    /// The end of the words that are these letters, from a place on.
    fn window(&self, joined: &str, at: usize) -> Option<usize> {
        let mut letters = String::new();
        for (end, token) in self.tokens.iter().enumerate().skip(at).take(MAX_WINDOW) {
            letters.push_str(&token.word);
            if same_word(&letters, joined) {
                return Some(end + 1);
            }
            if letters.len() > joined.len() || token.ends_clause {
                return None;
            }
        }
        None
    }

    /// The label of a domain, as words of the text.
    fn holds_label(&self, label: &str, at: usize) -> bool {
        self.is_capital(at) && self.window(label, at).is_some()
    }

    /// Initials of the first three words or more of a name: `UMCC`, `MTA`.
    fn holds_initials(&self, name: &[String], at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        (!self.has_case || token.all_capitals)
            && (MIN_INITIALS..=name.len()).any(|words| {
                let prefix = name.get(..words).unwrap_or_default();
                initials(prefix)
                    .any(|letters| letters.len() >= MIN_INITIALS && letters == token.word)
            })
    }

    /// Initials of what is left of a name: `FCU` behind `Red Rock`.
    fn is_initials(&self, at: usize, rest: &[String]) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            rest.len() > 1 && initials(rest).any(|letters| letters == token.word)
        })
    }

    /// Whether a place is meant: `on Oak Street`.
    fn is_place(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let sends = self.tokens.get(end).is_some_and(|next| follows_sender(&next.word));
        !sends
            && before.is_some_and(|before| {
                !before.ends_clause && matches!(before.word.as_str(), "on" | "in" | "near" | "at")
            })
    }

    /// Names begin with a capital, where a text has any.
    fn is_capital(&self, at: usize) -> bool {
        !self.has_case || self.tokens.get(at).is_some_and(|token| token.capital)
    }

    /// Whether nothing follows that makes it another's name: `Shoreline Seafood` is not `Shoreline Community College`.
    fn ends_name(&self, at: usize, end: usize, rest: &[String]) -> bool {
        let last = end.checked_sub(1).and_then(|last| self.tokens.get(last));
        if last.is_none_or(|token| token.ends_clause) {
            return true;
        }
        let Some(next) = self.tokens.get(end) else { return true };
        let of_name =
            rest.iter().any(|word| same_word(word, &next.word) || abbreviates(&next.word, word));
        let short = next.capital && next.word.len() <= 2 && next.word != "st";
        let number = next.word.bytes().all(|byte| byte.is_ascii_digit());
        let known =
            of_name || short || number || follows_sender(&next.word) || is_legal(&next.word);
        if known || self.is_initials(end, rest) {
            return true;
        }
        if self.has_case { !next.capital } else { is_small(&next.word) || self.sends(at, end) }
    }

    /// Whether it is named as the sender of what follows: `get Anchor billing reminders`.
    fn sends(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.is_some_and(|before| leads_to_sender(&before.word))
            && self
                .tokens
                .iter()
                .skip(end)
                .take(3)
                .take_while(|token| !token.ends_clause || follows_sender(&token.word))
                .any(|token| follows_sender(&token.word))
    }

    /// Whether a sender stands there.
    fn is_sender(&self, at: usize, end: usize) -> bool {
        let word = |at: Option<usize>| at.and_then(|at| self.tokens.get(at));
        let (before, last, next) =
            (word(at.checked_sub(1)), word(end.checked_sub(1)), word(Some(end)));
        let first = at == 0 || before.is_some_and(|token| token.ends_clause);
        if first && last.is_some_and(|token| token.marks_sender) {
            return true;
        }
        if next.is_some_and(|next| speaks_of_sender(&next.word)) {
            return true;
        }
        let closed = last.is_some_and(|token| token.ends_clause);
        let led = before.is_some_and(|before| leads_to_sender(&before.word));
        led && (closed
            || self.has_case
            || next.is_none_or(|next| follows_sender(&next.word) || is_small(&next.word))
            || self.sends(at, end))
    }
}
