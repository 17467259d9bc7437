//! The rules of `rules.txt`, and how they match.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use unicode_normalization::UnicodeNormalization;

use super::{
    Level, Revocation,
    words::{Vocabulary, Word, WordId, Words},
};

/// A clause of more words than this is not what any rule describes.
const MAX_WORDS: usize = 48;

/// Words that are in every other text.
const COMMON: &str = "you could would me it this that is i the a to of we my your do did have so not who how why are get got";

type Phrase = SmallVec<[WordId; 4]>;

#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) vocabulary: Vocabulary,
    list: Vec<Rule>,
    /// The rules that a word makes worth looking at, by its id.
    triggers: Vec<SmallVec<[u16; 4]>>,
    scripts: Vec<Script>,
}

#[derive(Debug)]
struct Rule {
    name: &'static str,
    /// `None` is a hint.
    level: Option<Level>,
    whole_message: bool,
    items: Vec<Item>,
}

#[derive(Debug)]
enum Item {
    /// Whatever words, however many.
    Whatever,
    /// One of the phrases, so many times.
    Phrases { phrases: Vec<Phrase>, optional: bool, repeated: bool },
}

/// Texts of a script without spaces.
#[derive(Debug)]
struct Script {
    name: &'static str,
    level: Level,
    needles: Vec<String>,
}

impl Rules {
    /// Reads the rules. What it cannot read it leaves out; a test looks that there is nothing of the kind.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut rules = Self::default();
        let mut sets: FxHashMap<&str, Vec<Phrase>> = FxHashMap::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((head, body)) = line.split_once('=') else { continue };
            let head: Vec<&'static str> = head.split_whitespace().collect();
            match head.as_slice() {
                ["set", name] => {
                    let phrases = rules.phrases(body, &sets);
                    sets.insert(name, phrases);
                }
                ["script", name, level] => {
                    let needles = body.split('|').map(squeeze).collect();
                    let Some(level) = level_named(level) else { continue };
                    rules.scripts.push(Script { name, level, needles });
                }
                [kind, name, level] => {
                    let level = level_named(level);
                    let whole_message = *kind == "message";
                    let (items, trigger) = rules.items(body, &sets);
                    rules.watch(&trigger);
                    rules.list.push(Rule { name, level, whole_message, items });
                }
                _ => {}
            }
        }
        rules
    }

    /// The next rule is worth looking at where one of these phrases may stand: where its longest uncommon
    /// word is.
    fn watch(&mut self, trigger: &[Phrase]) {
        let rule = u16::try_from(self.list.len()).unwrap_or(u16::MAX);
        let common: Vec<WordId> =
            COMMON.split(' ').map(|word| self.vocabulary.learn(word)).collect();
        self.triggers.resize(self.vocabulary.len(), SmallVec::new());
        let rarest = |phrase: &Phrase| {
            let key = |id: &WordId| (!common.contains(id), self.vocabulary.word_len(*id));
            phrase.iter().copied().max_by_key(key)
        };
        for id in trigger.iter().filter_map(rarest).collect::<Vec<_>>() {
            if let Some(rules) = self.triggers.get_mut(usize::from(id))
                && rules.last() != Some(&rule)
            {
                rules.push(rule);
            }
        }
    }

    /// Alternatives: phrases, and sets, also in the middle of a phrase.
    fn phrases(&mut self, text: &str, sets: &FxHashMap<&str, Vec<Phrase>>) -> Vec<Phrase> {
        text.split('|').flat_map(|phrase| self.phrase(phrase.trim(), sets)).collect()
    }

    fn phrase(&mut self, text: &str, sets: &FxHashMap<&str, Vec<Phrase>>) -> Vec<Phrase> {
        let mut all: Vec<Phrase> = vec![Phrase::new()];
        for word in text.split_whitespace() {
            let many = word.ends_with('*');
            let name =
                word.trim_end_matches('*').strip_prefix('<').and_then(|w| w.strip_suffix('>'));
            let Some(name) = name else {
                let id = self.vocabulary.learn(word);
                for phrase in &mut all {
                    phrase.push(id);
                }
                continue;
            };
            let set = sets.get(name).map(Vec::as_slice).unwrap_or_default();
            let with = |start: &Phrase| -> Vec<Phrase> {
                let longer = set.iter().map(|end| start.iter().chain(end).copied().collect());
                // Inside of a phrase, "any number" is none or one.
                longer.chain(many.then(|| start.clone())).collect()
            };
            all = all.iter().flat_map(with).collect();
        }
        all
    }

    fn items(
        &mut self,
        text: &str,
        sets: &FxHashMap<&str, Vec<Phrase>>,
    ) -> (Vec<Item>, Vec<Phrase>) {
        let (mut items, mut trigger) = (Vec::new(), Vec::new());
        for token in tokens(text) {
            if token == "..." {
                items.push(Item::Whatever);
                continue;
            }
            let body = token.trim_end_matches(['?', '*', '+', '!']);
            let marks = &token[body.len()..];
            let inner = body.strip_prefix('(').and_then(|body| body.strip_suffix(')'));
            let phrases = self.phrases(inner.unwrap_or(body), sets);
            if marks.contains('!') {
                trigger.clone_from(&phrases);
            }
            let optional = marks.contains(['?', '*']);
            let repeated = marks.contains(['*', '+']);
            items.push(Item::Phrases { phrases: sorted(phrases), optional, repeated });
        }
        (items, trigger)
    }

    /// How many rules there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.list.len() + self.scripts.len()
    }

    pub(super) fn find(&self, text: &str, words: &Words) -> Option<Revocation> {
        let found = self.find_words(&words.words);
        let script = if words.has_script { self.find_script(text) } else { None };
        // Of two that are as sure, the last: the words.
        [script, found].into_iter().flatten().max_by_key(|found| found.level)
    }

    fn find_words(&self, words: &[Word]) -> Option<Revocation> {
        let mut best: Option<(u16, Revocation)> = None;
        let mut hint = false;
        for clause in words.split_inclusive(|word| word.last) {
            for word in clause {
                let rules = self.triggers.get(usize::from(word.id)).map(SmallVec::as_slice);
                for index in rules.unwrap_or_default() {
                    let Some(rule) = self.list.get(usize::from(*index)) else { continue };
                    let better = best.as_ref().is_none_or(|(first, found)| {
                        (rule.level, first) > (Some(found.level), index)
                    });
                    let wanted = better || rule.level.is_none();
                    let span = if rule.whole_message { words } else { clause };
                    if !wanted || span.len() > MAX_WORDS || !matches(&rule.items, span) {
                        continue;
                    }
                    match rule.level {
                        Some(level) => best = Some((*index, rule.found(level, span))),
                        None => hint = true,
                    }
                }
            }
        }
        best.map(|(_, found)| match found.level {
            Level::Possible if hint => Revocation { level: Level::Likely, ..found },
            _ => found,
        })
    }

    fn find_script(&self, text: &str) -> Option<Revocation> {
        let squeezed = squeeze(text);
        let holds =
            |script: &&Script| script.needles.iter().any(|needle| squeezed.contains(needle));
        let script = self.scripts.iter().find(holds)?;
        Some(Revocation { level: script.level, rule: script.name, phrase: 0..text.len() })
    }
}

impl Rule {
    fn found(&self, level: Level, span: &[Word]) -> Revocation {
        let start = span.first().map_or(0, |word| word.start as usize);
        let end = span.last().map_or(0, |word| word.end as usize);
        Revocation { level, rule: self.name, phrase: start..end }
    }
}

fn level_named(word: &str) -> Option<Level> {
    [Level::Possible, Level::Likely].into_iter().find(|level| level.word() == word)
}

/// The items of a rule: brackets hold together what stands in them.
fn tokens(text: &str) -> Vec<&str> {
    let (mut tokens, mut depth, mut start) = (Vec::new(), 0_i32, None);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if character.is_whitespace() && depth == 0 {
            if let Some(start) = start.take() {
                tokens.push(&text[start..at]);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    tokens.extend(start.map(|start| &text[start..]));
    tokens
}

/// Whether the items are the whole of the words.
fn matches(items: &[Item], words: &[Word]) -> bool {
    let Some((item, rest)) = items.split_first() else { return words.is_empty() };
    let Item::Phrases { phrases, optional, repeated } = item else {
        return (0..=words.len()).any(|skip| matches(rest, words.get(skip..).unwrap_or_default()));
    };
    for phrase in beginning(phrases, words) {
        let after = words.get(phrase.len()..).unwrap_or_default();
        if (*repeated && again(item, rest, after)) || matches(rest, after) {
            return true;
        }
    }
    *optional && matches(rest, words)
}

/// A repeated item once more, if there is one, and then the rest.
fn again(item: &Item, rest: &[Item], words: &[Word]) -> bool {
    let Item::Phrases { phrases, .. } = item else { return false };
    beginning(phrases, words).any(|phrase| {
        let after = words.get(phrase.len()..).unwrap_or_default();
        again(item, rest, after) || matches(rest, after)
    })
}

/// Sorted by their first words, so that they are found by them.
fn sorted(mut phrases: Vec<Phrase>) -> Vec<Phrase> {
    phrases.sort();
    phrases.dedup();
    phrases
}

/// The phrases that the words begin with.
fn beginning<'a>(phrases: &'a [Phrase], words: &'a [Word]) -> impl Iterator<Item = &'a Phrase> {
    let first = words.first().map_or(0, |word| word.id);
    let start = phrases.partition_point(|phrase| phrase.first() < Some(&first));
    let candidates = phrases.get(start..).unwrap_or_default().iter();
    candidates.take_while(move |phrase| phrase.first() == Some(&first)).filter(move |phrase| {
        words.len() >= phrase.len() && phrase.iter().zip(words).all(|(id, word)| *id == word.id)
    })
}

/// What is left without space, punctuation, width and case.
fn squeeze(text: &str) -> String {
    let letters = text.nfkc().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
