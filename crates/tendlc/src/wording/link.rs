//! Links of a text, with what they lead to.

use crate::text::hosts;

/// Words before a link that say that it leads to terms or a privacy policy.
const WORDS_BEFORE: usize = 4;

/// A link of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// Without `www.`.
    pub(crate) host: String,
    /// The path behind the host, without `/` at its ends; empty for a home page.
    pub(crate) path: String,
    /// It leads to terms or a privacy policy.
    pub(crate) legal: bool,
}

fn is_legal(word: &str) -> bool {
    let word = word.to_lowercase();
    ["terms", "privacy", "polic", "legal", "tos", "t&c"].iter().any(|sign| word.contains(sign))
}

/// The links of a text, in its order.
pub(crate) fn links(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    for chunk in
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '<' | '>' | '|'))
    {
        let Some(host) = hosts(chunk).into_iter().next() else {
            before.push(chunk);
            continue;
        };
        let rest = chunk.to_lowercase();
        let rest = rest.split_once(&host).map(|(_, rest)| rest).unwrap_or_default();
        // A query leads to no page of its own.
        let rest = rest.trim_start_matches('/');
        let rest = if rest.starts_with('?') { "" } else { rest };
        let path = rest.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let legal =
            is_legal(&path) || before.iter().rev().take(WORDS_BEFORE).any(|word| is_legal(word));
        links.push(Link { host, path, legal });
        before.clear();
    }
    links
}

/// Hosts of a text's links, those of any ending too where a path stands behind them: `rb.gy/x7`.
pub(crate) fn link_hosts(text: &str) -> Vec<String> {
    let mut found = hosts(text);
    for chunk in
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '<' | '>' | ','))
    {
        let Some((host, path)) = chunk.split_once('/') else { continue };
        let host = host.to_lowercase();
        let known = psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known());
        let letters = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        let starts = host.starts_with(|c: char| c.is_ascii_alphanumeric());
        if known
            && letters
            && starts
            && host.contains('.')
            && !path.is_empty()
            && !found.contains(&host)
        {
            found.push(host);
        }
    }
    found
}
