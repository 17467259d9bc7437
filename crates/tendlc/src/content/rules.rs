//! Rules: which tags, standing together, say what a text is about.

use std::ops::RangeInclusive;

use serde::Deserialize;
use smallvec::SmallVec;

use super::{
    lexicon::{Lexicon, MAX_TAGS, Tag, Tags},
    senders,
};
use crate::ContentType;

/// A rule as a file of `knowledge/rules` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    id: String,
    level: Level,
    why: String,
    #[serde(default)]
    sentence: Vec<Vec<String>>,
    #[serde(default)]
    near: Vec<Vec<String>>,
    #[serde(default)]
    text: Vec<Vec<String>>,
    #[serde(default)]
    unless_sentence: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    kinds: Vec<ContentType>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    category: String,
    rule: Vec<RuleRow>,
}

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Level {
    /// It is sure.
    Refuse,
    /// It is probable.
    Remark,
}

/// Tags of which one must be there.
#[derive(Debug, Clone, Default)]
struct Group {
    text: Tags,
    sender: Tags,
    /// Tags of which two different phrases must be there.
    twice: SmallVec<[Tag; 2]>,
}

/// Where the tags of a rule must stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Sentence,
    Near,
    Text,
}

/// A rule, ready.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) category: Box<str>,
    pub(super) level: Level,
    pub(super) why: Box<str>,
    groups: Vec<(Scope, Group)>,
    unless_sentence: Group,
    unless: Group,
    kinds: Vec<ContentType>,
    /// Some tags must stand in one sentence, or in two that follow each other.
    local: bool,
    near: bool,
}

/// A phrase that was found: its tag and tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) tag: Tag,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) sentence: usize,
}

/// Facts about a text that rules ask for.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) sentences: Vec<Tags>,
    pub(super) text: Tags,
    pub(super) sender: Tags,
    pub(super) hits: Vec<Hit>,
    /// The tags of the phrases.
    pub(super) phrases: Tags,
    /// The tags of which two phrases stand at different places of the text.
    twice: Tags,
    first: Firsts,
}

/// The place of the first phrase of each tag among the hits.
#[derive(Debug)]
struct Firsts([u16; MAX_TAGS as usize]);

impl Default for Firsts {
    fn default() -> Self {
        Self([0; MAX_TAGS as usize])
    }
}

impl Facts {
    /// No facts yet about a text of some sentences.
    pub(super) fn of(sentences: usize) -> Self {
        Self { sentences: vec![Tags::default(); sentences.max(1)], ..Self::default() }
    }

    /// Notes a phrase.
    pub(super) fn note(&mut self, hit: Hit) {
        if let Some(first) = self.first.0.get_mut(usize::from(hit.tag)) {
            if !self.phrases.has(hit.tag) {
                *first = u16::try_from(self.hits.len()).unwrap_or(u16::MAX);
            } else if self.hits.get(usize::from(*first)).is_some_and(|it| hit.is_apart_from(it)) {
                self.twice.add(hit.tag);
            }
        }
        self.phrases.add(hit.tag);
        self.hits.push(hit);
    }
}

impl Hit {
    /// Whether no word stands in both phrases.
    fn is_apart_from(&self, other: &Self) -> bool {
        self.from >= other.to || self.to <= other.from
    }
}

/// Rules of documents, one of each category; every tag must be known.
pub(super) fn rules(documents: &[&str], lexicon: &Lexicon) -> Result<Vec<Rule>, String> {
    let mut rules = Vec::new();
    for document in documents {
        let Document { category, rule: rows } =
            toml::from_str(document).map_err(|error| error.to_string())?;
        for row in rows {
            rules.push(rule(&category, row, lexicon)?);
        }
    }
    Ok(rules)
}

fn rule(category: &str, row: RuleRow, lexicon: &Lexicon) -> Result<Rule, String> {
    let failed = |problem: String| format!("{category}/{}: {problem}", row.id);
    let group = |names: &[String]| group(names, lexicon);
    let mut groups = Vec::new();
    for (scope, rows) in
        [(Scope::Sentence, &row.sentence), (Scope::Near, &row.near), (Scope::Text, &row.text)]
    {
        for names in rows {
            groups.push((scope, group(names).map_err(failed)?));
        }
    }
    if groups.is_empty() {
        return Err(failed("asks for nothing".to_owned()));
    }
    let unless_sentence = group(&row.unless_sentence).map_err(failed)?;
    let unless = group(&row.unless).map_err(failed)?;
    let near = groups.iter().any(|(scope, _)| *scope == Scope::Near);
    let local = groups.iter().any(|(scope, _)| *scope != Scope::Text);
    Ok(Rule {
        category: category.into(),
        level: row.level,
        why: row.why.into(),
        groups,
        unless_sentence,
        unless,
        kinds: row.kinds,
        local,
        near,
    })
}

fn group(names: &[String], lexicon: &Lexicon) -> Result<Group, String> {
    let mut group = Group::default();
    for name in names {
        let (name, sender) = match name.strip_prefix("sender:") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let (name, twice) = match name.strip_suffix("*2") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let tag = lexicon.tag_named(name).ok_or_else(|| format!("`{name}` is no tag"))?;
        match (sender, twice) {
            (true, _) => group.sender.add(tag),
            (false, true) => group.twice.push(tag),
            (false, false) => group.text.add(tag),
        }
    }
    Ok(group)
}

/// Most phrases that are tried for a group of a rule, and for all of them.
const MAX_CHOICES: usize = 8;
const MAX_TRIES: usize = 64;

impl Group {
    /// Whether a phrase's tag is one of the group.
    fn has(&self, tag: Tag) -> bool {
        tag < senders::FIRST && (self.text.has(tag) || self.twice.contains(&tag))
    }

    /// Whether the group holds by what is no phrase.
    fn holds_without_phrase(&self, tags: &Tags, facts: &Facts) -> bool {
        self.sender.meets(&facts.sender) || self.text.and(tags).is_not_within(&facts.phrases)
    }

    /// Whether one of its tags is there; `within` tells which sentences count for what must be there twice.
    fn holds(&self, tags: &Tags, facts: &Facts, within: RangeInclusive<usize>) -> bool {
        self.text.meets(tags)
            || self.sender.meets(&facts.sender)
            || self
                .twice
                .iter()
                .any(|tag| tags.has(*tag) && facts.twice.has(*tag) && twice(*tag, facts, &within))
    }
}

/// Whether two phrases of a tag stand in some sentences, at different places.
fn twice(tag: Tag, facts: &Facts, within: &RangeInclusive<usize>) -> bool {
    if *within == (0..=facts.sentences.len().saturating_sub(1)) {
        return facts.twice.has(tag);
    }
    let mut of_tag =
        facts.hits.iter().filter(|hit| hit.tag == tag && within.contains(&hit.sentence));
    of_tag.next().is_some_and(|first| of_tag.any(|other| other.is_apart_from(first)))
}

impl Rule {
    /// The phrases by which the rule holds for a text, if it does.
    pub(super) fn holds(
        &self,
        facts: &Facts,
        kind: ContentType,
        steps: &mut usize,
    ) -> Option<SmallVec<[Hit; 4]>> {
        *steps += 1;
        if !self.kinds.is_empty() && !self.kinds.contains(&kind) {
            return None;
        }
        let last = facts.sentences.len().saturating_sub(1);
        let whole = 0..=last;
        // A group that the whole text does not meet is met nowhere: this ends most rules.
        if !self.groups.iter().all(|(_, group)| group.holds(&facts.text, facts, whole.clone())) {
            return None;
        }
        if self.unless.holds(&facts.text, facts, whole.clone()) {
            return None;
        }
        if !self.local {
            return self.hits(facts, &whole);
        }
        let mut before: Option<&Tags> = None;
        for (n, tags) in facts.sentences.iter().enumerate() {
            *steps += 1;
            let both = before.map_or(*tags, |before| before.with(tags));
            let within = if self.near { &both } else { tags };
            before = Some(tags);
            let all = self.groups.iter().all(|(scope, group)| match scope {
                Scope::Sentence => group.holds(tags, facts, n..=n),
                Scope::Near => group.holds(&both, facts, n.saturating_sub(1)..=n),
                Scope::Text => true,
            });
            let first = if self.near { n.saturating_sub(1) } else { n };
            if all && !self.unless_sentence.holds(within, facts, first..=n) {
                let hits = self.hits(facts, &(first..=n));
                if hits.is_some() {
                    return hits;
                }
            }
        }
        None
    }

    /// A phrase for each group, no two of which are the same words; `None` where one word would have to stand for two groups.
    fn hits(&self, facts: &Facts, within: &RangeInclusive<usize>) -> Option<SmallVec<[Hit; 4]>> {
        let mut found: SmallVec<[Hit; 4]> = SmallVec::new();
        let mut tried = 0;
        self.choose(0, facts, within, &mut found, &mut tried).then(|| {
            found.sort_by_key(|hit| hit.from);
            found
        })
    }

    /// Chooses phrases for a group and those after it.
    fn choose(
        &self,
        number: usize,
        facts: &Facts,
        within: &RangeInclusive<usize>,
        found: &mut SmallVec<[Hit; 4]>,
        tried: &mut usize,
    ) -> bool {
        let Some((scope, group)) = self.groups.get(number) else { return true };
        let all = 0..=facts.sentences.len();
        let within_group = if *scope == Scope::Text { &all } else { within };
        let mut candidates: SmallVec<[Hit; 8]> = SmallVec::new();
        let here = |hit: &&Hit| within_group.contains(&hit.sentence) && group.has(hit.tag);
        for hit in facts.hits.iter().filter(here) {
            let apart = |known: &Hit| hit.is_apart_from(known);
            if candidates.len() < MAX_CHOICES && found.iter().all(apart) {
                candidates.push(*hit);
            }
        }
        // The longest phrase tells most.
        candidates.sort_by_key(|hit| std::cmp::Reverse(hit.to - hit.from));
        let needed = if group.twice.is_empty() { 1 } else { 2 };
        for (n, hit) in candidates.iter().enumerate() {
            let before = found.len();
            found.push(*hit);
            if needed == 2 {
                let apart = |other: &&Hit| other.is_apart_from(hit);
                found.extend(candidates.iter().skip(n + 1).find(apart).copied());
            }
            *tried += 1;
            if *tried <= MAX_TRIES && self.choose(number + 1, facts, within, found, tried) {
                return true;
            }
            found.truncate(before);
        }
        // Links, numbers and what is known of the sender are no phrases.
        let tags = facts.sentences.iter().enumerate().filter(|(n, _)| within_group.contains(n));
        let tags = tags.fold(Tags::default(), |all, (_, tags)| all.with(tags));
        group.holds_without_phrase(&tags, facts)
            && self.choose(number + 1, facts, within, found, tried)
    }
}
