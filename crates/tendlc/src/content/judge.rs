//! Knowledge of a text: its tags by sentence, and where its links lead.

use smallvec::SmallVec;

use super::{
    ContentRules,
    knowledge::Knowledge,
    lexicon::{Tags, UNKNOWN, class},
    links::same_site,
    read::{Reading, Token, read},
    rules::{Facts, Hit},
    senders,
};

/// Most phrases that are noted of a text.
const MAX_HITS: usize = 1_024;

/// A site that imitates an organisation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Imitation {
    pub(super) host: String,
    pub(super) organisation: String,
}

/// A text with its tags and links.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) reading: Reading,
    pub(super) facts: Facts,
    pub(super) imitations: SmallVec<[Imitation; 1]>,
    /// Steps that it took.
    pub(super) steps: usize,
}

/// Reads a text and notes what stands in it.
pub(super) fn judge(text: &str, rules: &ContentRules, knowledge: &Knowledge) -> Judgement {
    let reading = read(text, &knowledge.lexicon);
    let mut steps = reading.steps;
    let named = named(text, &reading.tokens, rules);
    let mut facts = Facts::of(reading.sentences);
    let (hits, took) = hits(&reading.tokens, knowledge);
    steps += took;
    sender(rules, knowledge, &mut facts);
    let mut first_org = None;
    for hit in hits {
        if hit.tag >= senders::FIRST {
            let organisation = usize::from(hit.tag - senders::FIRST);
            claims(text, &reading, hit, organisation, knowledge, &mut facts, rules, &mut first_org);
            continue;
        }
        if !named.is_empty() && (hit.from..hit.to).all(|at| named.contains(&at)) {
            continue;
        }
        if let Some(tags) = facts.sentences.get_mut(hit.sentence) {
            tags.add(hit.tag);
        }
        facts.note(hit);
    }
    let tags = &knowledge.tags;
    for token in &reading.tokens {
        let tag = match token.class {
            class::PHONE => tags.phone,
            class::MONEY => tags.money,
            _ => continue,
        };
        if let Some(sentence) = facts.sentences.get_mut(token.sentence) {
            sentence.add(tag);
        }
    }
    let mut judgement = Judgement { reading, facts, imitations: SmallVec::new(), steps };
    judgement.links(text, rules, knowledge, first_org);
    judgement.facts.text = judgement.facts.sentences.iter().fold(Tags::default(), Tags::with);
    judgement
}

/// Every phrase of a text that stands in no longer phrase that takes it away.
fn hits(tokens: &[Token], knowledge: &Knowledge) -> (Vec<Hit>, usize) {
    let (lexicon, nothing) = (&knowledge.lexicon, knowledge.tags.nothing);
    let words: SmallVec<[[u32; 3]; 64]> =
        tokens.iter().map(|token| [token.word, token.also, token.class]).collect();
    let (mut found, mut steps) = (Vec::with_capacity(64), 0);
    for (from, token) in tokens.iter().enumerate() {
        if token.word == UNKNOWN
            && token.also == UNKNOWN
            && token.class == UNKNOWN
            && !lexicon.begins_with_any()
        {
            continue;
        }
        let first = found.len();
        steps += lexicon.beginning(words.get(from..).unwrap_or_default(), &mut |length, tag| {
            let to = from + length;
            let together = tokens.get(to - 1).is_some_and(|last| last.sentence == token.sentence);
            // A word and the word that it also reads as may give the same phrase.
            let here = found.get(first..).unwrap_or_default();
            let known = here.iter().any(|hit: &Hit| hit.tag == tag && hit.to == to);
            if together && !known && found.len() < MAX_HITS {
                found.push(Hit { tag, from, to, sentence: token.sentence });
            }
        });
    }
    let harmless: SmallVec<[(usize, usize); 4]> =
        found.iter().filter(|hit| hit.tag == nothing).map(|hit| (hit.from, hit.to)).collect();
    if !harmless.is_empty() {
        let inside =
            |hit: &Hit| harmless.iter().any(|(from, to)| hit.from >= *from && hit.to <= *to);
        found.retain(|hit| knowledge.shields.has(hit.tag) || !inside(hit));
    }
    (found, steps)
}

/// The tags of the sender's own names and trade.
fn sender(rules: &ContentRules, knowledge: &Knowledge, facts: &mut Facts) {
    for name in rules.brand.iter().chain(&rules.trade) {
        let reading = read(name, &knowledge.lexicon);
        for hit in hits(&reading.tokens, knowledge).0 {
            if hit.tag < senders::FIRST {
                facts.sender.add(hit.tag);
            }
        }
        facts.sender.add(knowledge.tags.known);
    }
}

/// The tokens in which the sender's own name stands: it offers nothing.
fn named(text: &str, tokens: &[Token], rules: &ContentRules) -> SmallVec<[usize; 16]> {
    let mut named = SmallVec::new();
    for name in &rules.brand {
        let words: SmallVec<[&str; 8]> = name
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
            .filter(|word| !word.is_empty())
            .collect();
        let Some(first) = words.first() else { continue };
        let is = |token: &Token, word: &str| {
            text.get(token.from..token.to).is_some_and(|written| {
                let possible = |text: &str| text.as_bytes().first().map(u8::to_ascii_lowercase);
                possible(written) == possible(word)
                    && written
                        .trim_end_matches("'s")
                        .eq_ignore_ascii_case(word.trim_end_matches("'s"))
            })
        };
        for (at, token) in tokens.iter().enumerate() {
            if !is(token, first) {
                continue;
            }
            let rest = tokens.get(at..).unwrap_or_default();
            let length =
                rest.iter().zip(&words).take_while(|(token, word)| is(token, word)).count();
            if length >= 2 || length == words.len() {
                named.extend(at..at + length);
            }
        }
    }
    named
}

/// Notes that a text names an organisation that impersonators claim to be.
#[expect(clippy::too_many_arguments, reason = "what a claim is judged by")]
fn claims(
    text: &str,
    reading: &Reading,
    hit: Hit,
    organisation: usize,
    knowledge: &Knowledge,
    facts: &mut Facts,
    rules: &ContentRules,
    first_org: &mut Option<usize>,
) {
    let (Some(known), Some(last)) =
        (knowledge.organisations.get(organisation), reading.tokens.get(hit.to - 1))
    else {
        return;
    };
    let colon = text.get(last.to..).is_some_and(|rest| {
        rest.trim_start_matches(['\'', '’', 's']).trim_start().starts_with([':', '-', '–', '—'])
    });
    let next = reading.tokens.get(hit.to).filter(|next| next.sentence == hit.sentence);
    let followed =
        next.is_some_and(|next| knowledge.lexicon.has_tag(next.word, knowledge.tags.after_name));
    let at_start = hit.from <= 2 && hit.sentence == 0;
    if known.word && !colon && !followed && hit.to - hit.from == 1 {
        return;
    }
    let own = rules.brand.iter().any(|brand| {
        let brand: String =
            brand.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        brand.contains(&*known.name)
    });
    let Some(tags) = facts.sentences.get_mut(hit.sentence) else { return };
    if own {
        tags.add(knowledge.tags.org_own);
        return;
    }
    tags.add(knowledge.tags.org);
    if followed || at_start && (colon || hit.from == 0) {
        tags.add(knowledge.tags.org_first);
        facts.hits.push(Hit { tag: knowledge.tags.org_first, ..hit });
        first_org.get_or_insert(organisation);
    }
}

impl Judgement {
    /// Notes where links lead.
    fn links(
        &mut self,
        text: &str,
        rules: &ContentRules,
        knowledge: &Knowledge,
        first_org: Option<usize>,
    ) {
        let claimed = claimed(text);
        let tags = &knowledge.tags;
        for (at, link) in &self.reading.links {
            let Some(token) = self.reading.tokens.get(*at) else { continue };
            let Some(sentence) = self.facts.sentences.get_mut(token.sentence) else { continue };
            sentence.add(tags.link);
            let host = &link.host;
            if rules.domains.iter().any(|own| same_site(host, own)) {
                continue;
            }
            let (ending, words) = senders::words(host);
            for (part, tag) in &knowledge.hosts {
                if part.is_in(ending, &words) {
                    sentence.add(*tag);
                }
            }
            if !link.tricks.is_empty() {
                sentence.add(tags.trick);
            }
            let official = senders::is_official(host);
            let owner = knowledge.organisations.owner(host);
            if official {
                sentence.add(tags.official);
            }
            if owner.is_some() && (owner == first_org || first_org.is_none()) {
                sentence.add(tags.real);
            }
            if official || owner.is_some() {
                continue;
            }
            if let Some(organisation) = knowledge.organisations.imitated(host)
                && !rules.brand.iter().any(|brand| {
                    senders::goes_with(host, brand)
                        && brand.to_lowercase().contains(&*organisation.name)
                })
            {
                sentence.add(tags.imitates);
                self.imitations.push(Imitation {
                    host: host.clone(),
                    organisation: organisation.name.to_string(),
                });
            }
            if senders::is_bait(host) {
                sentence.add(tags.bait);
            }
            if senders::is_risky(host) {
                sentence.add(tags.risky);
            }
            // Whoever writes in an organisation's name has no site that goes with the name.
            let claimed = claimed.filter(|_| first_org.is_none());
            let goes_with = rules
                .brand
                .iter()
                .map(String::as_str)
                .chain(claimed)
                .any(|name| senders::goes_with(host, name));
            // A form of one's own is usual; in an organisation's name it is not.
            let usual = first_org.is_none() && senders::is_anybodys(host);
            if !goes_with && !usual {
                sentence.add(tags.unknown);
            }
        }
    }
}

/// The sender that a text names: the words before the first colon.
fn claimed(text: &str) -> Option<&str> {
    let (name, _) = text.split_once(':')?;
    (name.len() <= 40 && !name.contains(['.', '/', '?', '!'])).then_some(name)
}

/// Whether a site belongs to a known organisation.
pub(super) fn is_known_site(host: &str) -> bool {
    Knowledge::standard().organisations.owner(host).is_some()
}
