//! The rules of all languages, and what they find in a text.

use std::{cell::LazyCell, ops::Range};

use super::{
    Languages, Level, Revocation,
    added::kept,
    languages::CODES,
    lexicon::Vocabulary,
    reading::{Reading, Word},
    rules::Reader,
    ruleset::{NUMBER_TAG, QUOTE_TAG, RuleSet, Token, WORD_TAG},
};

/// The steps that the rules took, by language, and those of its likeness.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) rules: [usize; CODES.len()],
    pub(super) likeness: [usize; CODES.len()],
    /// Those of the rules of silence.
    pub(super) silence: [usize; CODES.len()],
    /// Those of reading once more what is left without complaints of silence.
    pub(super) again_rules: [usize; CODES.len()],
    pub(super) again_likeness: [usize; CODES.len()],
}

/// What neighbours say against a revocation.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Against {
    pub(super) lower: bool,
    /// The text is possible at most, however like a revocation it is.
    pub(super) stays: bool,
    pub(super) never: bool,
}

impl Against {
    fn add(&mut self, other: Self) {
        self.lower |= other.lower;
        self.stays |= other.stays;
        self.never |= other.never;
    }

    /// The level that is left of `level`.
    pub(super) fn limit(self, level: Level) -> Option<Level> {
        match level {
            _ if self.never => None,
            Level::Possible => (!self.lower).then_some(level),
            Level::Likely if self.lower => Some(Level::Possible),
            Level::Likely | Level::Certain => Some(level),
        }
    }
}

/// How many words of a text one language knows alone, English knows alone, and neither knows.
#[derive(Debug, Default, Clone, Copy)]
struct Shares {
    own: usize,
    other: usize,
    english: usize,
}

impl Shares {
    /// Whether the text is in the language. What is plainly English is no sentence of another language, though some of its
    /// words are words there too: one word must be of that language alone, and as many be no English as are English alone.
    fn is_own(self) -> bool {
        self.own > 0 && self.own + self.other >= self.english
    }

    /// Whether nothing is English alone and something is no English: a name behind an opt-out word. What consists of words
    /// of both languages ("remove") means what it means in English.
    fn is_no_english(self) -> bool {
        self.english == 0 && self.other > 0
    }
}

/// Whether a text has a letter that is not ASCII for four that are: some signs of another script make no text of it.
fn is_mostly_script(text: &str) -> bool {
    let (mut ascii, mut others) = (0, 0);
    for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
        *if letter.is_ascii() { &mut ascii } else { &mut others } += 1;
    }
    others * 4 >= ascii
}

/// The rules of all languages.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) vocabulary: Vocabulary,
    pub(super) sets: Vec<RuleSet>,
}

impl Book {
    pub(super) fn read(files: &[(&str, &[&'static str])]) -> Self {
        let mut book = Self::default();
        for (code, files) in files {
            let Some(language) = CODES.iter().position(|known| known == code) else { continue };
            let set = Reader::read(language, files, &mut book.vocabulary);
            book.sets.push(set);
        }
        book
    }

    /// The languages whose rules may say something about an opt-out word in a text.
    pub(super) fn reads(&self, reading: &Reading, languages: Languages) -> Languages {
        let sets = self.sets.iter().filter(|set| set.script.is_none() || set.reads(reading));
        let read = sets.map(|set| Languages::nth(set.language));
        read.fold(Languages::none(), Languages::union).intersection(languages)
    }

    /// The languages whose rules may find something in a text.
    pub(super) fn worth_reading(&self, reading: &Reading, languages: Languages) -> Languages {
        if !languages.intersects(reading.triggers()) && !reading.scripts.any() {
            return Languages::none();
        }
        let sets = self.sets.iter().filter(|set| {
            languages.intersects(Languages::nth(set.language))
                && set.reads(reading)
                && (set.script.is_some() || set.hints.may_fit(&reading.words))
        });
        sets.map(|set| Languages::nth(set.language)).fold(Languages::none(), Languages::union)
    }

    /// The finding of the rules of some languages, with the language whose rules it is, and what speaks against an opt-out word
    /// in the text. `take` gets the tokens of each language that the text is in, or that has found something.
    pub(super) fn find(
        &self,
        text: &str,
        reading: &mut Reading,
        languages: Languages,
        steps: &mut Steps,
        mut take: impl FnMut(usize, &[Token]),
    ) -> (Option<(usize, Revocation)>, Against) {
        if languages.is_none() {
            return (None, Against::default());
        }
        let folded = reading.fold_quotes();
        let (mut best, mut against) = (None::<(usize, Revocation)>, Against::default());
        let is_mostly_script = LazyCell::new(|| is_mostly_script(text));
        for set in &self.sets {
            let language = Languages::nth(set.language);
            let Some(steps) = steps.rules.get_mut(set.language) else { continue };
            if !languages.intersects(language) {
                continue;
            }
            let tokens = if let Some(script) = &set.script {
                script.tokens(text, &kept(text), set, steps)
            } else {
                *steps += folded;
                set.tokens(text, &reading.words, steps)
            };
            let (found, says) = set.find(&tokens, steps);
            let says_own =
                |part: &Range<usize>| self.shares(set, &tokens, &reading.words, part).is_own();
            let whole = self.shares(set, &tokens, &reading.words, &(0..text.len()));
            let is_own = set.is_english_or_script() || whole.is_own() || whole.is_no_english();
            let found = found.filter(|found| is_own || says_own(&found.phrase));
            let found = found.filter(|_| !self.is_foreign(set, reading, languages, steps));
            let is_in_it = is_own && (set.script.is_none() || *is_mostly_script);
            if is_in_it || found.is_some() {
                take(set.language, &tokens);
            }
            // What one language takes back, another has not said; an opt-out word is of the language of its text.
            if is_own {
                against.add(says);
            }
            if let Some(found) = found
                && best.as_ref().is_none_or(|(_, best)| found.level > best.level)
            {
                best = Some((set.language, found));
            }
        }
        (best, against)
    }

    /// Tells of each clause that a frame of some languages fits: the name of the frame, and the place of the clause.
    pub(super) fn each_clause(
        &self,
        text: &str,
        reading: &mut Reading,
        languages: Languages,
        steps: &mut [usize; CODES.len()],
        mut take: impl FnMut(&'static str, Range<usize>),
    ) {
        let folded = reading.fold_quotes();
        for set in self.sets.iter().filter(|set| languages.intersects(Languages::nth(set.language)))
        {
            let Some(steps) = steps.get_mut(set.language) else { continue };
            let tokens = if let Some(script) = &set.script {
                script.tokens(text, &kept(text), set, steps)
            } else {
                *steps += folded;
                set.tokens(text, &reading.words, steps)
            };
            set.each_clause(&tokens, steps, &mut take);
        }
    }

    /// Whether a text that the English rules read is plainly of another language in use: "jangan stop sms nya ya". That
    /// language knows at least two words more that English does not know than the other way round.
    fn is_foreign(
        &self,
        set: &RuleSet,
        reading: &Reading,
        languages: Languages,
        steps: &mut usize,
    ) -> bool {
        if Languages::nth(set.language) != Languages::ENGLISH {
            return false;
        }
        let others = self.sets.iter().map(|set| Languages::nth(set.language));
        others.filter(|other| languages.intersects(*other) && *other != Languages::ENGLISH).any(
            |other| {
                let (mut foreign, mut english) = (0, 0);
                *steps += reading.words.len();
                for word in &reading.words {
                    foreign += usize::from(self.vocabulary.foreign(word.id).intersects(other));
                    english += usize::from(self.vocabulary.is_only_english(word.id, other));
                }
                foreign >= english + 2
            },
        )
    }

    /// The words of a part of a text, by whether the language of a set knows them, and English.
    fn shares(
        &self,
        set: &RuleSet,
        tokens: &[Token],
        words: &[Word],
        part: &Range<usize>,
    ) -> Shares {
        let mut shares = Shares::default();
        if set.is_english_or_script() {
            return shares;
        }
        let mut words = words.iter().peekable();
        for token in tokens {
            let is_known = token.tags & (WORD_TAG | NUMBER_TAG | QUOTE_TAG) == 0;
            while let Some(word) = words.next_if(|word| word.end <= token.end) {
                if (word.start as usize) < part.start || (word.end as usize) > part.end {
                    continue;
                }
                match (is_known, self.vocabulary.is_english(word.id)) {
                    (true, false) => shares.own += 1,
                    (false, false) => shares.other += 1,
                    (false, true) => shares.english += 1,
                    (true, true) => {}
                }
            }
        }
        shares
    }
}

impl Book {
    #[cfg(test)]
    pub(super) fn explain(
        &self,
        text: &str,
        reading: &mut Reading,
        languages: Languages,
    ) -> String {
        reading.fold_quotes();
        let mut steps = 0;
        let sets =
            self.sets.iter().filter(|set| languages.intersects(Languages::nth(set.language)));
        let explained = sets.map(|set| {
            let tokens = match &set.script {
                Some(script) => script.tokens(text, &kept(text), set, &mut steps),
                None => set.tokens(text, &reading.words, &mut steps),
            };
            format!("{}: {}", CODES[set.language], set.explain(text, &tokens))
        });
        explained.collect::<Vec<_>>().join("\n")
    }
}
