//! The rules of a language, and what they find in the tokens of a text.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    Languages, Level, Revocation,
    automaton::Block,
    book::Against,
    hints::{Hints, Needs},
    languages::CODES,
    lexicon::{Lexicon, NUMBER, QUOTE, Tags},
    reading::{Break, Reading, Word},
    script::Script,
};

/// The tag of a token without an entry, of digits, and of a quoted passage.
pub(super) const WORD_TAG: Tags = 1;
pub(super) const NUMBER_TAG: Tags = 2;
pub(super) const QUOTE_TAG: Tags = 4;

/// Maximum steps per word, for each language; and per character in a script without spaces.
#[cfg(test)]
pub(super) const STEPS_PER_WORD: usize = 64;
#[cfg(test)]
pub(super) const STEPS_PER_CHARACTER: usize = 8;
/// Maximum blocks of frames of a language: what is left of the steps after the lexicon, and in scripts without spaces after
/// two passes over the characters.
pub(super) const BLOCKS: usize = 34;
pub(super) const SCRIPT_BLOCKS: usize = 6;

/// The number of kinds of frames.
pub(super) const KINDS: usize = 6;

/// What a frame must be the whole of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A clause, which may also begin and end at a conjunction.
    Clause,
    /// A clause that may also begin in the middle, behind any word that is no gate: an imperative.
    Free,
    /// What stands between two signs of punctuation.
    Whole,
    /// A sentence, whatever commas are in it.
    Sentence,
    /// The first sentence or line of the text.
    First,
    /// The whole text.
    Message,
}

/// What a frame does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Level(Level),
    /// Possible, and no neighbour makes it likely.
    Weak,
    /// The act has no object: the level does not count in a text that names another matter, and no message.
    Alone(Level),
    /// The clause does not name its object: the level counts only in a text that names messages.
    Beside(Level),
    /// Something possible becomes likely.
    Raise,
    /// Likely becomes possible, possible nothing.
    Lower,
    /// The same, and weights do not raise it again.
    Ask,
    /// No revocation, whatever else is there.
    Never,
}

impl Effect {
    /// Whether a frame finds something itself. The others say something of what is found.
    pub(super) fn finds(self) -> bool {
        !matches!(self, Self::Raise | Self::Lower | Self::Ask | Self::Never)
    }
}

#[derive(Debug)]
pub(super) struct Frame {
    pub(super) name: &'static str,
    pub(super) effect: Effect,
    /// Tags of which a text must have one each: those of the items that no clause of the frame can be without.
    pub(super) needs: Needs,
}

/// A word or an entry of several, in a text.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "five independent facts about a word")]
pub(super) struct Token {
    /// The number of its set of tags.
    pub(super) set: u16,
    pub(super) tags: Tags,
    start: u32,
    pub(super) end: u32,
    pub(super) after: Break,
    /// A clause may end before it; begin with it; begin after it.
    ends_before: bool,
    begins_here: bool,
    begins_after: bool,
    /// It may stand anywhere in a frame.
    pub(super) is_skipped: bool,
    /// A word that governs the next one: no clause begins behind it.
    pub(super) is_gate: bool,
}

pub(super) type Tokens = SmallVec<[Token; 64]>;

impl Token {
    /// Whether a clause may begin with `next`, without punctuation before it.
    pub(super) fn is_open_to(&self, next: &Self) -> bool {
        self.begins_after || self.after == Break::Space || next.begins_here
    }

    /// Whether a clause may end here, without punctuation before `next`.
    pub(super) fn may_end_before(&self, next: &Self) -> bool {
        self.after == Break::Space || next.ends_before
    }
}

#[derive(Debug, Default)]
pub(super) struct RuleSet {
    /// Its place in [`CODES`].
    pub(super) language: usize,
    pub(super) lexicon: Lexicon,
    pub(super) script: Option<Script>,
    pub(super) frames: Vec<Frame>,
    pub(super) blocks: Vec<Block>,
    pub(super) hints: Hints,
    pub(super) numbers_of_sets: FxHashMap<Tags, u16>,
    /// The number of the set of a word without an entry.
    pub(super) set_of_words: u16,
    pub(super) join: Tags,
    pub(super) subject: Tags,
    pub(super) begin: Tags,
    pub(super) skip: Tags,
    pub(super) gate: Tags,
    /// Another matter than messages, and messages.
    pub(super) doubt: Tags,
    pub(super) sure: Tags,
    /// Tags and groups by name.
    #[cfg(test)]
    pub(super) names: FxHashMap<&'static str, Tags>,
    /// What could not be read. A test holds it empty.
    pub(super) errors: Vec<String>,
}

impl RuleSet {
    #[cfg(test)]
    pub(super) fn explain(&self, text: &str, tokens: &[Token]) -> String {
        let mut explained = String::new();
        for token in tokens {
            let tags = self
                .names
                .iter()
                .filter(|(_, tag)| tag.is_power_of_two() && token.tags & **tag != 0);
            let names: Vec<&str> = tags.map(|(name, _)| *name).collect();
            let spelled = text.get(token.start as usize..token.end as usize).unwrap_or_default();
            let after = if token.after > Break::Nothing { " ‖" } else { "" };
            explained += &format!("{spelled}[{}]{after} ", names.join("|"));
        }
        explained
    }

    /// Whether the set is read whatever other words a text has.
    pub(super) fn is_english_or_script(&self) -> bool {
        self.script.is_some() || Languages::nth(self.language) == Languages::ENGLISH
    }

    pub(super) fn reads(&self, reading: &Reading) -> bool {
        let scripts = reading.scripts;
        if reading.triggers().intersects(Languages::nth(self.language)) {
            return true;
        }
        match CODES.get(self.language) {
            Some(&"ko") => scripts.hangul,
            Some(&"ja") => scripts.han || scripts.kana > 0,
            // A Japanese text is no Chinese one.
            Some(&"zh") => scripts.han && scripts.kana < 2,
            _ => false,
        }
    }

    pub(super) fn tokens(&self, text: &str, words: &[Word], steps: &mut usize) -> Tokens {
        let mut tokens = Tokens::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = words.get(at..).unwrap_or_default();
            let given = match word.id {
                NUMBER => Some((NUMBER_TAG, 1)),
                QUOTE => Some((QUOTE_TAG, 1)),
                _ => self.lexicon.longest(rest, steps),
            };
            let (tags, count) = given.unwrap_or_else(|| {
                let spelled = text.get(word.start as usize..word.end as usize).unwrap_or_default();
                let tags = self.lexicon.by_form(spelled, steps);
                (if tags == 0 { WORD_TAG } else { tags }, 1)
            });
            let last = rest.get(count - 1).unwrap_or(word);
            let mut token = self.token(tags, &(word.start as usize..last.end as usize));
            token.after = last.after;
            tokens.push(token);
            at += count;
        }
        tokens
    }

    pub(super) fn token(&self, tags: Tags, place: &Range<usize>) -> Token {
        let [start, end] = [place.start, place.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        // Most words have no entry.
        let set = match tags {
            WORD_TAG => self.set_of_words,
            _ => self.numbers_of_sets.get(&tags).copied().unwrap_or(u16::MAX),
        };
        Token {
            set,
            tags,
            start,
            end,
            after: Break::Nothing,
            ends_before: tags & (self.join | self.subject | self.begin) != 0,
            begins_here: tags & self.begin != 0,
            begins_after: tags & self.join != 0,
            is_skipped: tags & self.skip != 0,
            is_gate: tags & self.gate != 0,
        }
    }

    /// A token for letters without an entry.
    pub(super) fn unknown(&self, letters: Option<&str>, place: &Range<usize>) -> Token {
        let digits = letters.is_some_and(|letters| letters.chars().all(|c| c.is_ascii_digit()));
        self.token(if digits { NUMBER_TAG } else { WORD_TAG }, place)
    }

    pub(super) fn quote(&self, place: &Range<usize>) -> Token {
        self.token(QUOTE_TAG, place)
    }

    pub(super) fn find(
        &self,
        tokens: &[Token],
        steps: &mut usize,
    ) -> (Option<Revocation>, Against) {
        let named = tokens.iter().fold(0, |all, token| all | token.tags);
        let mut best: Option<(Level, u16, Range<usize>)> = None;
        let mut raising = SmallVec::<[Range<usize>; 4]>::new();
        let mut against = Against::default();
        let (other_matter, messages) = (named & self.doubt != 0, named & self.sure != 0);
        for block in self.blocks.iter().filter(|block| block.needs.are_met(named)) {
            block.read(tokens, steps, |index, clause| {
                let Some(frame) = self.frames.get(usize::from(index)) else { return };
                let level = match frame.effect {
                    Effect::Level(level) => level,
                    Effect::Weak => Level::Possible,
                    Effect::Alone(_) if other_matter && !messages => return,
                    Effect::Beside(_) if !messages => return,
                    Effect::Alone(level) | Effect::Beside(level) => level,
                    Effect::Raise => return raising.push(span(clause)),
                    Effect::Lower => return against.lower = true,
                    Effect::Ask => {
                        (against.lower, against.stays) = (true, true);
                        return;
                    }
                    Effect::Never => return against.never = true,
                };
                if frame.effect == Effect::Level(Level::Possible) {
                    raising.push(span(clause));
                }
                let better = best.as_ref().is_none_or(|(known, first, _)| {
                    (level, std::cmp::Reverse(index)) > (*known, std::cmp::Reverse(*first))
                });
                if better {
                    best = Some((level, index, span(clause)));
                }
            });
        }
        let found = best.filter(|_| !against.never);
        (found.and_then(|best| self.found(best, &raising, against.lower)), against)
    }

    /// Tells of each frame that fits: its name, and the place of its clause.
    pub(super) fn each_clause(
        &self,
        tokens: &[Token],
        steps: &mut usize,
        mut take: impl FnMut(&'static str, Range<usize>),
    ) {
        let named = tokens.iter().fold(0, |all, token| all | token.tags);
        for block in self.blocks.iter().filter(|block| block.needs.are_met(named)) {
            block.read(tokens, steps, |index, clause| {
                if let Some(frame) = self.frames.get(usize::from(index)) {
                    take(frame.name, span(clause));
                }
            });
        }
    }

    fn found(
        &self,
        (mut level, index, phrase): (Level, u16, Range<usize>),
        raising: &[Range<usize>],
        lower: bool,
    ) -> Option<Revocation> {
        let frame = self.frames.get(usize::from(index))?;
        // A clause does not raise itself; two clauses that are possible raise each other.
        let is_raised = |by: &Range<usize>| by.end <= phrase.start || phrase.end <= by.start;
        if frame.effect != Effect::Weak && raising.iter().any(is_raised) {
            level = Level::Likely;
        }
        if lower {
            level = (level == Level::Likely).then_some(Level::Possible)?;
        }
        Some(Revocation { level, rule: frame.name, phrase })
    }
}

fn span(clause: &[Token]) -> Range<usize> {
    let start = clause.first().map_or(0, |token| token.start as usize);
    start..clause.last().map_or(start, |token| token.end as usize)
}
