//! Automatic replies, told by cues: what such replies say counts for, what a person says to a center counts against.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashSet;

const FILES: [&str; 11] = [
    include_str!("en.txt"),
    include_str!("en_short.txt"),
    include_str!("es.txt"),
    include_str!("fr.txt"),
    include_str!("de.txt"),
    include_str!("pt.txt"),
    include_str!("id.txt"),
    include_str!("ja.txt"),
    include_str!("ko.txt"),
    include_str!("zh.txt"),
    include_str!("zh_short.txt"),
];

/// A reply is automatic from this sum of weights on.
const ENOUGH: i32 = 3;
/// Several cues of a reply count no more than this against one of a person; a cue that decides alone is above it.
const MOST: i32 = 5;

static CUES: LazyLock<Cues> = LazyLock::new(Cues::read);

/// A cue: the weight, and where it counts.
#[derive(Debug, Clone, Copy)]
struct Cue {
    weight: i32,
    place: Place,
}

/// Where a cue counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Anywhere,
    /// At the beginning of a text.
    First,
    /// Anywhere but at the very first word: a machine says something before it asks for a reply, a person who begins so says what
    /// they want.
    Later,
}

impl Place {
    /// The mark of a weight, and the weight.
    fn read(marked: &str) -> (Self, &str) {
        match marked.split_at_checked(1) {
            Some(("^", weight)) => (Self::First, weight),
            Some((">", weight)) => (Self::Later, weight),
            _ => (Self::Anywhere, marked),
        }
    }
}

struct Cues {
    /// Finds every cue in one pass. It cannot be built only if it had more states than memory has room for.
    finder: Option<AhoCorasick>,
    found: Vec<Cue>,
    /// Texts that phones offer to those who cannot answer: a reply may put several together.
    ready_made: FxHashSet<String>,
    /// What such a text may have besides.
    fillers: FxHashSet<String>,
}

impl Cues {
    fn read() -> Self {
        let (mut phrases, mut cues) = (Vec::new(), Vec::new());
        let (mut ready_made, mut fillers) = (FxHashSet::default(), FxHashSet::default());
        let mut known = FxHashSet::default();
        let lines =
            FILES.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'));
        let entries = lines
            .filter_map(|line| line.split_once(' '))
            .flat_map(|(weight, all)| all.split(" | ").map(move |phrase| (weight, phrase)));
        for (weight, phrase) in entries {
            let phrase = super::plain::plain(phrase);
            match weight {
                "=" => ready_made.insert(words(&phrase)),
                "~" => fillers.insert(words(&phrase)),
                _ => false,
            };
            let (place, weight) = Place::read(weight);
            let Ok(weight) = weight.parse() else { continue };
            if known.insert((place, phrase.clone())) {
                phrases.push(phrase);
                cues.push(Cue { weight, place });
            }
        }
        // Overlapping matches are asked for, which the standard kind reports.
        let finder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&phrases);
        Self { finder: finder.ok(), found: cues, ready_made, fillers }
    }
}

/// Letters and digits, in words with single spaces.
fn words(plain: &str) -> String {
    let mut words = String::with_capacity(plain.len());
    for c in plain.chars() {
        if c.is_alphanumeric() || c == '\'' {
            words.push(c);
        } else if matches!(c, ' ' | '-') && !words.ends_with(' ') && !words.is_empty() {
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// Whether a plain text is an automatic reply.
pub(super) fn is_reply(plain: &str) -> bool {
    is_ready_made(plain) || score(plain) >= ENOUGH
}

/// Whether a text is nothing but ready-made texts and fillers, one at least of the first.
fn is_ready_made(plain: &str) -> bool {
    let whole = words(plain);
    if CUES.ready_made.contains(&whole) {
        return true;
    }
    let parts =
        plain.split(['.', ',', '!', '?', ';', ':', '。', '…', '–', '—', '(', ')']).map(words);
    let mut found = false;
    for part in parts.filter(|part| !part.is_empty()) {
        let ready_made = CUES.ready_made.contains(&part);
        if !ready_made && !CUES.fillers.contains(&part) {
            return false;
        }
        found |= ready_made;
    }
    found
}

/// The sum of the weights of the cues in a text; each counts once.
fn score(plain: &str) -> i32 {
    let Some(finder) = &CUES.finder else { return 0 };
    let begins = beginnings(plain);
    let mut seen = FxHashSet::default();
    let (mut for_it, mut against) = (0, 0);
    for found in finder.find_overlapping_iter(plain) {
        let index = found.pattern().as_usize();
        let Some(cue) = CUES.found.get(index) else { continue };
        let counts = match cue.place {
            Place::Anywhere => true,
            Place::First => begins.contains(&found.start()),
            Place::Later => found.start() > 0,
        };
        if counts && is_bounded(plain, found.start(), found.end()) && seen.insert(index) {
            match cue.weight {
                weight if weight > MOST => return weight,
                weight if weight > 0 => for_it += weight,
                weight => against += weight,
            }
        }
    }
    for_it.min(MOST) + against
}

/// Where a text begins: at its start, and after a greeting, a sender in brackets, or its first sentence.
fn beginnings(plain: &str) -> Vec<usize> {
    let mut places = vec![0];
    for (at, c) in plain.char_indices() {
        if matches!(c, ']' | ',' | ':' | '!' | '.' | '(' | '-' | '。') {
            let after = at + c.len_utf8();
            let rest = plain.get(after..).unwrap_or_default();
            places.push(after + rest.len() - rest.trim_start().len());
        }
        if places.len() > 4 {
            break;
        }
    }
    places
}

/// Whole words, in scripts that part them.
fn is_bounded(text: &str, start: usize, end: usize) -> bool {
    let latin = |c: char| c.is_alphanumeric() && (c as u32) < 0x250;
    let joined = |outside: Option<char>, inside: Option<char>| {
        outside.is_some_and(latin) && inside.is_some_and(latin)
    };
    let (before, within, after) = (
        text.get(..start).unwrap_or_default(),
        text.get(start..end).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    !joined(before.chars().next_back(), within.chars().next())
        && !joined(after.chars().next(), within.chars().next_back())
}
