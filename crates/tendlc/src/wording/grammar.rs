//! The grammar of wordings: which sentences have which meaning.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, OnceLock},
};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::sentence::sentences;

/// Words stand for words at most this deep.
const MAX_DEPTH: usize = 8;

/// Largest compiled wording, in bytes.
const MAX_COMPILED: usize = 64 * 1024 * 1024;

/// A meaning that a sentence of a registration can have. The wordings of each are data: `grammar/*.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Meaning {
    Frequency,
    Rates,
    Help,
    Stop,
    Final,
    StopWords,
    HelpDenied,
    StopDenied,
    Agrees,
    Condition,
    Submits,
    Preselected,
    Forced,
    InTerms,
    Login,
    InApp,
    Public,
    Web,
    Paper,
    Verbal,
    Keyword,
    Qr,
    Several,
    SharesWords,
    VagueWays,
    Claims,
    Bought,
    Listings,
    Implied,
    TextsAll,
    Optional,
    AnotherChannel,
    Channels,
    SpeaksOfTexts,
    TextConsent,
    Asks,
    ConsentWords,
    Enters,
    AsksAloud,
    StartsEmpty,
    MayStayEmpty,
    HasBox,
    Advertising,
    Transactions,
    AtCounter,
    Advertises,
    DeniesMarketing,
    Platform,
    Shares,
    NotShared,
    OtherData,
    MobileData,
    AboutTexts,
    Politics,
    DateOfBirth,
    Minors,
    Leads,
    VagueWords,
    TestText,
    Personal,
    Offers,
    Adult,
    Alcohol,
    Cannabis,
    Finance,
    Firearms,
    Gambling,
    Tobacco,
    Contact,
    RunBy,
    Harmless,
    OtherTrade,
    Deliveries,
    Codes,
}

/// A file of the grammar.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Document {
    /// `<name>` in a wording is one of these; they may hold names themselves.
    words: BTreeMap<String, Vec<String>>,
    meanings: BTreeMap<Meaning, Wordings>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wordings {
    /// A sentence with one of these has the meaning …
    any: Vec<String>,
    /// … if it has none of these …
    #[serde(default)]
    unless: Vec<String>,
    /// … and no denial within this many words before the wording, nor right behind it. 0 looks for none.
    #[serde(default)]
    negation: usize,
    #[serde(skip)]
    compiled: OnceLock<Result<Compiled, String>>,
}

#[derive(Debug)]
struct Compiled {
    any: Regex,
    unless: Option<Regex>,
    negation: usize,
}

impl Compiled {
    /// The words of a sentence that carry the meaning.
    fn find<'a>(&self, sentence: &'a str) -> Option<&'a str> {
        let mut found = self.any.find_iter(sentence);
        let found = found.find(|found| {
            self.negation == 0 || !denies(sentence, found.start(), found.end(), self.negation)
        })?;
        let denied = self.unless.as_ref().is_some_and(|unless| unless.is_match(sentence));
        (!denied).then(|| found.as_str().trim())
    }
}

static GRAMMAR: LazyLock<Result<Document, String>> = LazyLock::new(|| {
    let mut grammar = Document::default();
    for file in [
        include_str!("grammar/words.toml"),
        include_str!("grammar/disclosures.toml"),
        include_str!("grammar/consent.toml"),
        include_str!("grammar/matter.toml"),
    ] {
        let document: Document = toml::from_str(file).map_err(|error| error.to_string())?;
        grammar.words.extend(document.words);
        grammar.meanings.extend(document.meanings);
    }
    Ok(grammar)
});

/// Words that deny what stands behind them.
const DENIALS: [&str; 22] = [
    "not", "never", "no", "none", "nobody", "without", "isnt", "arent", "wasnt", "werent", "dont",
    "doesnt", "didnt", "wont", "cannot", "cant", "neither", "nor", "nothing", "unable", "avoid",
    "instead",
];

/// Whether a denial stands within so many words before a part of a sentence, or right behind it.
fn denies(sentence: &str, start: usize, end: usize, words: usize) -> bool {
    let is_word = |word: &&str| !word.is_empty() && *word != ",";
    let is_verb = |word: &str| matches!(word, "is" | "are" | "was" | "were" | "will");
    let before = sentence.get(..start).unwrap_or_default();
    let mut behind = sentence.get(end..).unwrap_or_default().split(' ').filter(is_word);
    let mut after = "";
    let mut before = before.rsplit(' ').filter(is_word).take(words).filter(|word| {
        // `No credit check` and `no fee` deny nothing of what follows.
        let denies = DENIALS.contains(word) && !HARMLESS.contains(&after);
        after = word;
        denies
    });
    before.next().is_some()
        || (behind.next().is_some_and(is_verb)
            && behind.next().is_some_and(|word| DENIALS.contains(&word)))
}

/// Words behind a `no` that denies nothing else.
const HARMLESS: [&str; 10] = [
    "credit",
    "fee",
    "fees",
    "cost",
    "obligation",
    "interest",
    "money",
    "minimum",
    "purchase",
    "problem",
];

/// Words within which a denial counts.
const DENIAL_WORDS: usize = 10;

/// Whether words of a sentence are denied.
pub(crate) fn is_denied(sentence: &str, words: &str) -> bool {
    let found = sentence.find(words);
    found.is_some_and(|start| denies(sentence, start, start + words.len(), DENIAL_WORDS))
}

impl Document {
    fn compile(&self, wordings: &Wordings) -> Result<Compiled, String> {
        let any = self.regex(&wordings.any)?;
        let unless =
            if wordings.unless.is_empty() { None } else { Some(self.regex(&wordings.unless)?) };
        Ok(Compiled { any, unless, negation: wordings.negation })
    }

    /// One expression for several wordings. A wording begins and ends where words do.
    fn regex(&self, wordings: &[String]) -> Result<Regex, String> {
        let wordings: Result<Vec<String>, String> =
            wordings.iter().map(|wording| self.expand(wording, 0)).collect();
        RegexBuilder::new(&format!("(?:^| )(?:{})(?: |$)", wordings?.join("|")))
            .unicode(false)
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|error| error.to_string())
    }

    /// Puts words in the place of their names.
    fn expand(&self, wording: &str, depth: usize) -> Result<String, String> {
        if depth > MAX_DEPTH {
            return Err(format!("`{wording}` stands for itself"));
        }
        let mut parts = wording.split('<');
        let mut expanded = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) =
                part.split_once('>').ok_or_else(|| format!("`<{part}` has no end"))?;
            let words = self.words.get(name).ok_or_else(|| format!("`<{name}>` is unknown"))?;
            let words: Result<Vec<String>, String> =
                words.iter().map(|word| self.expand(word, depth + 1)).collect();
            expanded += &format!("(?:{})", words?.join("|"));
            expanded += rest;
        }
        Ok(expanded)
    }
}

/// The wordings of a meaning, compiled at first use. A test compiles all of them, so that none is left out.
fn compiled(meaning: Meaning) -> Option<&'static Compiled> {
    let grammar = GRAMMAR.as_ref().ok()?;
    let wordings = grammar.meanings.get(&meaning)?;
    wordings.compiled.get_or_init(|| grammar.compile(wordings)).as_ref().ok()
}

/// A text, split into sentences of plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading(Vec<String>);

impl Reading {
    pub(crate) fn of(text: &str) -> Self {
        Self(sentences(text))
    }

    /// Whether a sentence has a meaning.
    pub(crate) fn says(&self, meaning: Meaning) -> bool {
        self.find(meaning).is_some()
    }

    /// The words of the first sentence that has a meaning, those alone that carry it.
    pub(crate) fn find(&self, meaning: Meaning) -> Option<&str> {
        self.all(meaning).next()
    }

    /// The words that carry a meaning, of each sentence that has it.
    pub(crate) fn all(&self, meaning: Meaning) -> impl Iterator<Item = &str> {
        let compiled = compiled(meaning);
        self.0.iter().filter_map(move |sentence| compiled?.find(sentence))
    }

    /// The sentences, each as a text by itself.
    pub(crate) fn each(&self) -> impl Iterator<Item = Self> {
        self.0.iter().map(|sentence| Self(vec![sentence.clone()]))
    }

    /// One word of a sentence, as a text by itself.
    pub(crate) fn word(word: &str) -> Self {
        Self(vec![word.to_owned()])
    }

    /// The sentences.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The words of all sentences: those that begin with a letter.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.0.iter().flat_map(|sentence| sentence.split(' '));
        words.filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
    }
}

#[cfg(test)]
pub(super) fn problems() -> Vec<String> {
    let grammar = match GRAMMAR.as_ref() {
        Ok(grammar) => grammar,
        Err(error) => return vec![error.clone()],
    };
    let wrong = |(meaning, wordings): (&Meaning, &Wordings)| {
        grammar.compile(wordings).err().map(|error| format!("{meaning:?}: {error}"))
    };
    grammar.meanings.iter().filter_map(wrong).collect()
}
