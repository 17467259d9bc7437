//! Free-text revocation (SMS-15, SMS-16): "please stop texting me" means STOP, "I'll stop by the store" does not.
//!
//! A text is read in six steps, each of them linear in its length:
//!
//! 1. [`reading`] cuts it into words and clauses and undoes disguises (accents, width, look-alike letters, "st0p").
//! 2. [`added`] drops what a phone adds: signatures, quoted lines.
//! 3. [`command`] looks for an opt-out word as the first sentence, and for a repeated instruction ("Reply STOP").
//! 4. [`ruleset`] reads each clause with the rules of each language in use.
//! 5. [`likeness`] compares the whole text with labelled ones: that finds what no rule foresaw, and leaves alone what a rule
//!    took for something else. Opt-out words are never weighed.
//! 6. [`silence`] puts clauses aside that complain that the center does not write. A text in which something was found is read
//!    once more without them.
//!
//! # How to write the rules of a language
//!
//! The rules of a language are one file, `rules/<code>.txt`, or several that are read in order (`rules::ALL` lists them).
//! Lines that begin with `#` are comments; a line that begins with a space continues the line before it. The rules have three
//! parts.
//!
//! **1. Words: what a word may mean.** `words TAG = word | two words | stem* | *ending`
//!
//! A *tag* is a role in a sentence: `cease` (stop, quit), `contact` (text, write), `message` (texts, messages), `me`, `not`.
//! A word may have several tags: write it in several lines. Words are lower case, without accents and apostrophes (`dont`);
//! "ñ" is `n`, "ß" is `ß`. Longer entries win over shorter ones: `opt out` is one token, wherever it stands. `stem*` and
//! `*ending` are used for words that have no entry of their own. `TAG~` accepts words of six letters and more with one typing
//! error; a word that has an entry anywhere (in any language) is never taken for a typing error: give other words that look
//! alike (massage, contract) an entry, for example with the tag `thing`. At most 125 tags.
//!
//! In a script without spaces (ko, ja, zh) an entry is a sequence of characters, and the longest entry at each place is one
//! token. What lies between entries is one unknown token. Spaces do not count (in Chinese and Japanese a space may end a clause).
//! Words in Latin letters (td, haishin) that have the tag `latin` make a text worth looking at that has no letter of the script.
//!
//! Three tags are given: `word` is a word without an entry, `number` is digits, `quote` is a passage in quotation marks.
//! Five tags or groups, if you use them, tell how a clause is cut and read. `skip` holds words that may stand anywhere in a
//! frame and change nothing (please, damn, now): frames need not name them. `gate` holds words that govern the next one (to, not,
//! who, a, my): no imperative begins behind them. The other three tell where a clause can be cut without punctuation: a clause ends before a `join` (and, but,
//! because) and the next begins after it; a clause ends before a `subject` (I, you, it); a clause ends before a `begin` (please)
//! and the next begins with it.
//!
//! **2. Groups: tags that may stand in the same place.** `group NAME = tag | tag | other group`
//!
//! **3. Frames: what a whole clause says.** `clause RULE LEVEL = item item …`
//!
//! An item is a tag, a group, `(a|b)`, `^(a|b)` (a token with none of these) or `.` (any token); behind it `?` (perhaps), `*`
//! (any number) or `+` (one or more). Every token of the clause must be accounted for by an item; that is what keeps rules
//! from firing on sentences about something else. Write a frame as *left words, act, object, right words*:
//!
//! ```text
//! words cease~ = stop | quit | cease
//! group left = polite | you | adverb
//! group scope = not | he | how | if | did
//! clause stop-contact likely = ^scope* cease! contact me right*
//! ```
//!
//! `^scope*` lets any word stand before the act except those that change who acts or whether: "Frank stop texting me" is read,
//! "did he stop texting me" is not. Use it where the act has its object; use a closed group (`left*`) where it has not.
//! `!` behind an item marks the act: the frame is looked at only where the text has a word with one of these tags.
//! A word with a stem (`stem*`) cannot make a frame worth looking at by itself: give the usual forms of acts as whole words.
//!
//! Kinds of frames: `clause` (may begin and end at a soft place), `free` (may also begin behind any word that is no gate: an
//! imperative in a text without punctuation; write it without left words), `whole` (from punctuation to punctuation), `sentence`
//! (commas do not count), `first` (the first sentence), `message` (the whole text, punctuation does not count). Levels are
//! `likely`, `possible`, and `weak` (possible, and no neighbour makes it likely): two clauses that are possible make each other
//! likely. `likely~` and `possible~` are for acts without an object ("stop it"): they do not count in a text that has a word of the
//! group `doubt` (another matter) and none of the group `sure` (messages). `likely+` and `possible+` are for clauses that need
//! another one to say what they are about ("turn them off"): they count only in a text that has a word of the group `sure`.
//! Effects instead of a level: `raise` (something possible becomes likely), `lower`
//! (likely becomes possible, possible nothing), `ask` (the same, and no weights raise it again), `never` (the text is no
//! revocation in this language, whatever else is there).
//!
//! `known = word word` lists words that the language knows and no frame needs. A text that is plainly English is not read with
//! the rules of another language: a finding counts only where the text, or its clause, has a word of that language that
//! English does not know, and no more words that are English alone than words that are not. The other way round, a finding of
//! the English rules does not count where another language in use knows at least two words more of the text than English.
//!
//! # How to test them
//!
//! `cargo test -p frontdesk-sms --test revocations -- --nocapture` prints for each language recall and false alarms over
//! `tests/data/revocation/<code>.making.tsv` with each sentence that is read wrongly, and the figures alone over
//! `<code>.judging.tsv`. `EXPLAIN="the text" cargo test -p frontdesk-sms --lib a_text_is_explained -- --nocapture` prints the
//! tags of each token of a text, and what is found. Rules that cannot be read, and rule sets that are too large, fail
//! `every_line_of_the_rules_is_read`. A new language is added to `rules::ALL`, and to `LANGUAGES` of `tests/revocations.rs`.
//! `examples/likeness.rs` makes the weights, in the order of `languages::CODES`: run it after each change of rules or of sentences
//! that weights are made from.
//!
//! # Bounds
//!
//! A step is one entry of the lexicon tried, one block of 64 positions of frames moved by one token, one word passed in search
//! of quotations, or in scripts without spaces one character passed in search of clauses. For each language a text
//! costs at most 64 steps a word, and 8 a character in scripts without spaces, whatever it says: frames are automata that are
//! in all their positions at once, and nothing is tried twice. The rules of silence, and the second reading of a text with a
//! complaint of silence, have the same bounds, each counted by itself.

mod added;
mod automaton;
mod book;
mod command;
mod denial;
mod hints;
mod languages;
mod lexicon;
mod likeness;
mod reading;
mod rules;
mod ruleset;
mod script;
mod silence;
mod spelling;
mod typos;
mod variants;

use std::{ops::Range, sync::LazyLock};

pub use languages::{Languages, LanguagesError};

use crate::{Commands, Keyword};
use book::{Book, Steps};
use likeness::Concepts;
use reading::Reading;

/// How sure it is that a text revokes consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// It may: "wrong number", "leave me alone". What happens is a setting.
    Possible,
    /// It does: "stop texting me", "take me off your list".
    Likely,
    /// The text is a command word (SMS-11).
    Certain,
}

impl Level {
    /// The word in events, configuration and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Why a text is taken for a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// How sure it is.
    pub level: Level,
    /// The name of the rule that matched. The rules stand in `src/revocation/rules/` of this crate; docs/revocation.md
    /// explains them.
    pub rule: &'static str,
    /// The clause that the rule matched: a range of bytes of the text, on character boundaries.
    pub phrase: Range<usize>,
}

/// The rules of all languages, read once.
static BOOK: LazyLock<Book> = LazyLock::new(|| Book::read(rules::ALL));

/// Looks for a revocation in what a consumer wrote, with the rules of `languages` (English always applies) and the
/// opt-out words of `commands`. Of several, the surest.
///
/// Rules read whole clauses, with act, object and negation, so that the matter of a sentence decides:
///
/// ```
/// use frontdesk_sms::{Commands, Languages, Level, find_revocation};
///
/// let find = |text| find_revocation(text, Languages::ALL, &Commands::default());
/// let text = "Hi! Please take me off your list, thanks";
/// let found = find(text).ok_or("a revocation")?;
/// assert_eq!((found.level, found.rule), (Level::Likely, "remove-me"));
/// assert_eq!(&text[found.phrase], "Please take me off your list");
///
/// assert_eq!(find("stop sending me the wrong size"), None);
/// assert_eq!(find("remove me from the waitlist for Tuesday"), None);
/// # Ok::<(), &str>(())
/// ```
pub fn find_revocation(
    text: &str,
    languages: Languages,
    commands: &Commands,
) -> Option<Revocation> {
    find_counting(text, languages, commands, &mut Steps::default())
}

fn find_counting(
    text: &str,
    languages: Languages,
    commands: &Commands,
    steps: &mut Steps,
) -> Option<Revocation> {
    let reading = Reading::of(text, &BOOK.vocabulary, languages);
    let worth = BOOK.worth_reading(&reading, languages);
    if worth.is_none() && !command::may_be(text, &reading) {
        return None;
    }
    if let Some((Keyword::OptOut, _)) = commands.recognise(text) {
        return Some(Revocation { level: Level::Certain, rule: "command", phrase: 0..text.len() });
    }
    let found = find_in(text, reading, worth, languages, commands, steps)?;
    let Some(heard) = silence::hear(text, languages, steps) else { return Some(found) };
    let rest = heard.rest.as_str();
    let reading = Reading::of(rest, &BOOK.vocabulary, languages);
    let worth = BOOK.worth_reading(&reading, languages);
    let mut again = Steps::default();
    let left = find_in(rest, reading, worth, languages, commands, &mut again);
    (steps.again_rules, steps.again_likeness) = (again.rules, again.likeness);
    silence::left_of(found, left, heard.unclear)
}

/// Looks in a text that is no command, with its words. `worth` are the languages whose rules may find something.
fn find_in(
    text: &str,
    mut reading: Reading,
    worth: Languages,
    languages: Languages,
    commands: &Commands,
    steps: &mut Steps,
) -> Option<Revocation> {
    added::drop_added(text, &mut reading);
    let by_command = command::find(text, &reading, commands);
    let Some(by_command) = by_command else {
        let is_comparable = likeness::is_comparable(&reading);
        let mut concepts = Concepts::default();
        let take = |language, tokens: &[_]| {
            if is_comparable {
                concepts.add(language, tokens);
            }
        };
        let (found, against) = BOOK.find(text, &mut reading, worth, steps, take);
        let is_weighed =
            is_comparable && !against.never && !likeness::stands(&reading, found.as_ref());
        let found = if is_weighed {
            likeness::weigh(text, concepts, found, against.stays, steps)
        } else {
            found.map(|(_, found)| found)
        };
        return found.and_then(|found| denial::heed(text, &reading, found));
    };
    // What takes an opt-out word back stands in texts that have nothing else to find.
    let read = BOOK.reads(&reading, languages);
    let (by_rules, against) = BOOK.find(text, &mut reading, read, steps, |_, _| {});
    let by_command =
        against.limit(by_command.level).map(|level| Revocation { level, ..by_command });
    // Of two that are as sure, the last: the opt-out word.
    let found = [by_rules.map(|(_, found)| found), by_command];
    found.into_iter().flatten().max_by_key(|found| found.level)
}

#[cfg(feature = "training")]
pub mod training {
    //! The material of weights. Outside of semantic versioning.

    use super::{
        BOOK, Commands, Languages, Level, Reading, Steps, added, command,
        languages::CODES,
        likeness::{self, Concepts},
    };

    /// How many features are told apart.
    pub const FEATURES: usize = likeness::FEATURES;
    /// A digest of the rules that features are made with.
    pub fn digest_of_rules() -> u32 {
        likeness::digest_of_rules()
    }

    /// The languages that have rules.
    pub const LANGUAGES: [&str; CODES.len()] = CODES;

    /// A text as weights see it.
    #[derive(Debug)]
    pub struct Seen {
        /// The finding of the rules of the language, and of opt-out words.
        pub by_rules: Option<Level>,
        /// The rule is for texts that are to be possible.
        pub is_open: bool,
        /// Weights are asked; otherwise the rules decide.
        pub is_weighed: bool,
        /// Its language has spaces between words.
        pub has_words: bool,
        /// The numbers of its features, by view, below [`FEATURES`].
        pub views: [Vec<u32>; 3],
    }

    /// A text of a language; `None` for a language without rules.
    pub fn see(text: &str, code: &str) -> Option<Seen> {
        let language = CODES.iter().position(|known| *known == code)?;
        let languages: Languages = code.parse().ok()?;
        let mut reading = Reading::of(text, &BOOK.vocabulary, languages);
        let worth = BOOK.worth_reading(&reading, languages);
        added::drop_added(text, &mut reading);
        let by_command = command::find(text, &reading, &Commands::default());
        let is_comparable = likeness::is_comparable(&reading) && by_command.is_none();
        let mut concepts = Concepts::default();
        let (found, against) =
            BOOK.find(text, &mut reading, worth, &mut Steps::default(), |of, tokens| {
                concepts.add(of, tokens);
            });
        let stands = likeness::stands(&reading, found.as_ref());
        // English always applies, and has likeness of its own.
        let by_rules = found.filter(|(of, _)| *of == language).map(|(_, found)| found);
        let rule = by_rules.as_ref().map_or("", |found| found.rule);
        let is_read = concepts.has(language);
        let views = likeness::features(text, language, concepts, rule);
        let found = by_rules.into_iter().chain(by_command).max_by_key(|found| found.level);
        Some(Seen {
            by_rules: found.as_ref().map(|found| found.level),
            is_open: against.stays || found.as_ref().is_some_and(likeness::is_open),
            is_weighed: is_comparable && is_read && !against.never && !stands,
            has_words: likeness::has_words(language),
            views,
        })
    }
}

#[cfg(test)]
mod tests;
