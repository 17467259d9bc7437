//! Links as phones read them: where they lead, and what hides that.

mod redirect;

use serde::Serialize;
use smallvec::SmallVec;

use super::fold::{Folded, fold};

/// A trick that hides the target of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkTrick {
    /// A number instead of a name: `http://203.0.113.7/`.
    Address,
    /// A page that stands in the link itself: `data:text/html`.
    Embedded,
    /// It installs a program: `.apk`.
    Program,
    /// Letters of several scripts in the name, also behind `xn--`.
    MixedScript,
    /// A name in another script, behind `xn--`.
    Punycode,
    /// A page of somebody else that leads on: `google.com/url?q=…`.
    Redirect,
    /// Written so that filters do not read it: `bit[.]ly`, `b i t . l y`, `shop {dot} example`.
    Unlinked,
    /// A name before an `@`, which a reader takes for the site: `paypal.com@evil.example`.
    UserInfo,
}

impl LinkTrick {
    /// In words that a sender understands.
    pub fn words(self) -> &'static str {
        match self {
            Self::Address => "a number instead of a name",
            Self::Embedded => "a page that stands in the link itself",
            Self::Program => "it installs a program",
            Self::MixedScript => "letters of another alphabet that look like Latin ones",
            Self::Punycode => "a name in another alphabet, written as xn--",
            Self::Redirect => "a page of somebody else that leads on to it",
            Self::Unlinked => "written so that filters do not read it",
            Self::UserInfo => "another site's name before an @",
        }
    }
}

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// Where it leads, in lower case, without `www.`.
    pub(super) host: String,
    pub(super) tricks: SmallVec<[LinkTrick; 1]>,
    /// With `https://` or `http://`.
    pub(super) scheme: bool,
    /// Something stands after the host.
    pub(super) path: bool,
}

impl Link {
    /// The same link, written letter by letter.
    pub(super) fn spaced(mut self) -> Self {
        self.trick(LinkTrick::Unlinked);
        self
    }

    fn trick(&mut self, trick: LinkTrick) {
        if !self.tricks.contains(&trick) {
            self.tricks.push(trick);
        }
    }
}

/// Longest host (RFC 1035).
const MAX_HOST: usize = 253;

/// Endings that are words as well: without a scheme or a path, a sentence may begin there without a space.
const WORDS: [&str; 36] = [
    "in", "is", "it", "me", "to", "so", "no", "my", "at", "am", "be", "by", "do", "pm", "la", "li",
    "as", "al", "id", "ma", "mu", "re", "se", "de", "tv", "bad", "one", "now", "you", "how",
    "here", "like", "day", "win", "fun", "call",
];

/// The link that a word is.
pub(super) fn link(word: &str) -> Option<Link> {
    let mut tricks: SmallVec<[LinkTrick; 1]> = SmallVec::new();
    let lower = word.to_lowercase();
    if lower.starts_with("data:text/") || lower.starts_with("javascript:") {
        return Some(Link {
            host: "data:".into(),
            tricks: SmallVec::from_iter([LinkTrick::Embedded]),
            scheme: true,
            path: true,
        });
    }
    let plain = shown(lower, &mut tricks);
    let (scheme, rest) = match plain.split_once("://") {
        Some(("http" | "https" | "ftp", rest)) => (true, rest),
        // Where a site stands before it, it belongs to that site's path: `google.com/url?q=https://…`.
        Some((scheme, _)) if !scheme.contains(['.', '/']) => return None,
        // A browser takes the scheme of the page that it is on.
        _ => plain.strip_prefix("//").map_or((false, plain.as_str()), |rest| (true, rest)),
    };
    if let Some(address) = rest.strip_prefix('[').filter(|_| scheme) {
        // An address of IPv6.
        let (host, path) = address.split_once(']')?;
        let mut found = Link { host: format!("[{host}]"), tricks, scheme, path: path.len() > 1 };
        found.trick(LinkTrick::Address);
        return Some(found);
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let decoded = unescaped(authority);
    if decoded.is_some() {
        tricks.push(LinkTrick::Unlinked);
    }
    let authority = decoded.as_deref().unwrap_or(authority);
    let mut host = authority;
    if let Some((shown, leads)) = authority.rsplit_once('@') {
        let site = shown.split(':').next().unwrap_or_default();
        if !scheme && !is_usual_site(site) {
            return None;
        }
        if site.contains('.') {
            tricks.push(LinkTrick::UserInfo);
        }
        host = leads;
    }
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let host = host.trim_start_matches("www.");
    if host.is_empty() || host.len() > MAX_HOST {
        return None;
    }
    let mut found = Link { host: String::new(), tricks, scheme, path: path.len() > 1 };
    if let Some(own) = address(host, scheme, path.len() > 1) {
        host.clone_into(&mut found.host);
        if !own {
            found.trick(LinkTrick::Address);
        }
        return Some(found);
    }
    let (read, mixed) = ascii(host)?;
    if !is_host(&read, word, &found) {
        return None;
    }
    if mixed {
        found.trick(LinkTrick::MixedScript);
    }
    if let Some(trick) =
        read.split('.').filter_map(|label| label.strip_prefix("xn--")).map(punycode).max()
    {
        found.trick(trick);
    }
    if redirect::leads_on(&read, path) {
        found.trick(LinkTrick::Redirect);
    }
    if path
        .split(['?', '#'])
        .next()
        .is_some_and(|path| matches!(path.rsplit('.').next(), Some("apk" | "exe")))
    {
        found.trick(LinkTrick::Program);
    }
    // A phone follows it: the site at its end counts.
    let end = found.tricks.contains(&LinkTrick::Redirect).then(|| redirect::target(path));
    found.host = end.flatten().unwrap_or(read);
    Some(found)
}

/// Signs that nobody sees.
const HIDDEN: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
/// Signs that stand for a dot.
const DOTS: [&str; 10] =
    ["[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}", "。", "．", "\u{2024}", "\u{ff61}"];

/// A link as people read it, without what keeps filters from it.
fn shown(mut plain: String, tricks: &mut SmallVec<[LinkTrick; 1]>) -> String {
    if plain.contains(HIDDEN) {
        plain.retain(|letter| !HIDDEN.contains(&letter));
        tricks.push(LinkTrick::Unlinked);
    }
    if plain.contains(['[', '(', '{', '。', '．', '\u{2024}', '\u{ff61}']) {
        for dot in DOTS {
            if plain.contains(dot) {
                plain = plain.replace(dot, ".");
                tricks.push(LinkTrick::Unlinked);
            }
        }
    }
    if let Some(rest) = plain.strip_prefix("hxxp") {
        plain = format!("http{rest}");
        tricks.push(LinkTrick::Unlinked);
    }
    plain
}

/// The name of a site of which letters are written as `%2e`, as a browser reads it; `None` where there are none.
fn unescaped(authority: &str) -> Option<String> {
    let mut parts = authority.split('%');
    let mut read = parts.next()?.to_owned();
    let mut is_escaped = false;
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let byte = byte.filter(u8::is_ascii_graphic)?;
        read.push(char::from(byte).to_ascii_lowercase());
        read.push_str(part.get(2..)?);
        is_escaped = true;
    }
    is_escaped.then_some(read)
}

/// Whether what stands before an `@` looks like a site.
fn is_usual_site(site: &str) -> bool {
    site.rsplit_once('.')
        .is_some_and(|(_, top)| matches!(top, "com" | "org" | "net" | "gov" | "co" | "us" | "edu"))
}

/// Whether a host is an address, and whether that is one of a private network.
fn address(host: &str, scheme: bool, path: bool) -> Option<bool> {
    let linked = scheme || path;
    if !host.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = host.split('.').collect();
    let numbers: Option<Vec<u8>> = parts.iter().map(|part| part.parse().ok()).collect();
    if let Some([a, b, _, _]) = numbers.as_deref() {
        let own = matches!((a, b), (10 | 127, _) | (192, 168) | (172, 16..=31) | (169, 254));
        return linked.then_some(own);
    }
    // One number, decimal or hexadecimal, is an address as well.
    let digits = |text: &str, hex: bool| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit())
    };
    let hex = |part: &str| part.strip_prefix("0x").is_some_and(|hex| digits(hex, true));
    let one = parts.len() == 1 && linked && (hex(host) || host.len() >= 8 && digits(host, false));
    // So are two or three: `127.1`, `0x7f.1`. Without a scheme `1.5/day` is none.
    let few = matches!(parts.len(), 2..=4)
        && (scheme || path && parts.iter().any(|part| hex(part)))
        && parts.iter().all(|part| hex(part) || digits(part, false));
    (one || few).then_some(false)
}

/// A host in ASCII, and whether letters of other scripts stand for Latin ones in it.
fn ascii(host: &str) -> Option<(String, bool)> {
    if host.is_ascii() {
        return Some((host.to_owned(), false));
    }
    let (mut read, mut mixed) = (String::with_capacity(host.len()), false);
    for letter in host.chars() {
        if letter.is_ascii() {
            read.push(letter);
            continue;
        }
        match fold(letter) {
            Folded::Accent(letters) => read.extend(letters.iter().map(|byte| char::from(*byte))),
            Folded::Form(letters) | Folded::Alike(letters) => {
                mixed = true;
                read.extend(letters.iter().map(|byte| char::from(*byte)));
            }
            Folded::Hidden => mixed = true,
            Folded::Other if letter == '·' => {
                mixed = true;
                read.push('.');
            }
            Folded::Foreign | Folded::Sign | Folded::Other => return None,
        }
    }
    Some((read, mixed))
}

/// Whether a word is a host: its ending is a public one.
fn is_host(host: &str, written: &str, link: &Link) -> bool {
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    let letters =
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if !letters || name.is_empty() || host.starts_with(['.', '-']) || host.contains("..") {
        return false;
    }
    if !top.bytes().all(|byte| byte.is_ascii_alphabetic()) && !top.starts_with("xn--") {
        return false;
    }
    if link.scheme {
        return true;
    }
    let known =
        psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known()) || top == "example";
    if !known || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if link.path
        || link.tricks.contains(&LinkTrick::Unlinked)
        || host.bytes().filter(|byte| *byte == b'.').count() >= 2
    {
        return true;
    }
    // `Thanks.See` is the end of a sentence; `evil.Shop` is hardly a link.
    let capital = written
        .rsplit('.')
        .next()
        .is_some_and(|top| top.starts_with(|c: char| c.is_ascii_uppercase()));
    let small = name.bytes().any(|byte| byte.is_ascii_lowercase())
        && written.bytes().any(|byte| byte.is_ascii_lowercase());
    !(capital && small
        || top.len() == 2 && WORDS.contains(&top)
        || WORDS.contains(&top) && name.len() < 8)
}

/// Whether two hosts are one site: of one domain that somebody has registered.
pub(super) fn same_site(host: &str, own: &str) -> bool {
    let own = own.trim_start_matches("www.");
    host == own || psl::domain_str(host).is_some_and(|site| Some(site) == psl::domain_str(own))
}

/// The trick of a name behind `xn--` (RFC 3492).
fn punycode(label: &str) -> LinkTrick {
    let (basic, rest) = label.rsplit_once('-').unwrap_or(("", label));
    let latin = basic.bytes().any(|byte| byte.is_ascii_alphabetic());
    // Latin letters with accents are what they are: `xn--bcher-kva` is `bücher`.
    let others = decode(basic, rest).unwrap_or_default();
    let foreign = others
        .iter()
        .any(|letter| !letter.is_ascii() && !matches!(fold(*letter), Folded::Accent(_)));
    if latin && foreign || others.is_empty() { LinkTrick::MixedScript } else { LinkTrick::Punycode }
}

/// Decodes a label (RFC 3492, 6.2).
fn decode(basic: &str, rest: &str) -> Option<Vec<char>> {
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes();
    while digits.len() > 0 {
        let (before, mut weight, mut k) = (i, 1_u32, 36_u32);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = k.saturating_sub(bias).clamp(1, 26);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(36 - t)?;
            k += 36;
        }
        let count = u32::try_from(output.len()).ok()? + 1;
        let mut delta = (i - before) / if before == 0 { 700 } else { 2 };
        delta += delta / count;
        let mut steps = 0;
        while delta > 455 {
            delta /= 35;
            steps += 36;
        }
        bias = steps + 36 * delta / (delta + 38);
        n = n.checked_add(i / count)?;
        i %= count;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output)
}

/// Whether there is a number in a text that costs whoever calls it: 1-900 in North America, 09 and 087 in the United Kingdom.
pub(super) fn has_premium_number(text: &str) -> bool {
    let mut digits = [0_u8; 12];
    let mut count = 0_usize;
    let mut seen = false;
    for byte in text.bytes().chain([b'\n']) {
        match byte {
            b'0'..=b'9' => {
                if let Some(digit) = digits.get_mut(count) {
                    *digit = byte;
                }
                count += 1;
            }
            b' ' | b'-' | b'.' | b'(' | b')' if count > 0 => {}
            _ => {
                seen = seen || is_premium(digits.get(..count).unwrap_or_default());
                count = 0;
            }
        }
    }
    seen
}

fn is_premium(digits: &[u8]) -> bool {
    match digits.len() {
        10 => digits.starts_with(b"900") || digits.starts_with(b"087"),
        11 => [b"1900".as_slice(), b"09", b"0871", b"0872", b"0873", b"0870"]
            .iter()
            .any(|start| digits.starts_with(start)),
        _ => false,
    }
}
