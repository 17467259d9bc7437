//! The files of rules, and how they are read. The module's documentation describes their form.

use rustc_hash::FxHashMap;

use super::{
    Languages, Level,
    automaton::{Block, Item},
    hints::Hints,
    languages::CODES,
    lexicon::{MAX_PHRASE, Tags, UNKNOWN, Vocabulary, WordId},
    ruleset::{
        BLOCKS, Effect, Frame, Kind, NUMBER_TAG, QUOTE_TAG, RuleSet, SCRIPT_BLOCKS, WORD_TAG,
    },
    script::Script,
};

/// Code and rules of each language that has rules; a code stands in [`super::languages::CODES`]. The rules of a language are
/// one file or several, which are read in order.
pub(super) const ALL: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            include_str!("rules/en-acts.txt"),
            include_str!("rules/en-words.txt"),
            include_str!("rules/en.txt"),
        ],
    ),
    (
        "es",
        &[
            include_str!("rules/es-acts.txt"),
            include_str!("rules/es-words.txt"),
            include_str!("rules/es.txt"),
        ],
    ),
    (
        "pt",
        &[
            include_str!("rules/pt-acts.txt"),
            include_str!("rules/pt-words.txt"),
            include_str!("rules/pt.txt"),
        ],
    ),
    ("fr", &[include_str!("rules/fr-words.txt"), include_str!("rules/fr.txt")]),
    ("de", &[include_str!("rules/de.txt"), include_str!("rules/de-frames.txt")]),
    ("id", &[include_str!("rules/id.txt"), include_str!("rules/id-frames.txt")]),
    ("ko", &[include_str!("rules/ko.txt")]),
    ("ja", &[include_str!("rules/ja-acts.txt"), include_str!("rules/ja.txt")]),
    ("zh", &[include_str!("rules/zh.txt")]),
];

/// Languages that are written without spaces, and whether a space may end a clause there.
const SCRIPTS: [(&str, bool); 3] = [("ko", false), ("ja", true), ("zh", true)];
/// Kinds of frames.
const KINDS: [&str; 6] = ["clause", "free", "whole", "sentence", "first", "message"];
/// Maximum tags of a language, those that are given included.
const MAX_TAGS: u32 = 128;

pub(super) struct Reader<'a> {
    vocabulary: &'a mut Vocabulary,
    set: RuleSet,
    /// Tags and groups by name.
    names: FxHashMap<&'static str, Tags>,
    tags: u32,
    /// The tags of acts.
    acts: Tags,
    /// Entries of several words, and their tags.
    phrases: Vec<(Vec<WordId>, Tags)>,
    singles: Vec<(WordId, Tags)>,
    /// Words that are too common to be triggers.
    common: Vec<WordId>,
}

/// A line and the lines that continue it, without comments.
fn lines(text: &'static str) -> Vec<(usize, Vec<&'static str>)> {
    let mut lines: Vec<(usize, Vec<&str>)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match lines.last_mut().filter(|_| line.starts_with(' ')) {
            Some((_, parts)) => parts.push(line),
            None => lines.push((number + 1, vec![line])),
        }
    }
    lines
}

impl<'a> Reader<'a> {
    pub(super) fn read(
        language: usize,
        files: &[&'static str],
        vocabulary: &'a mut Vocabulary,
    ) -> RuleSet {
        let code = CODES.get(language).copied().unwrap_or_default();
        let script = SCRIPTS.iter().find(|(known, _)| *known == code);
        let script = script.map(|(_, spaces_part)| Script::new(code, *spaces_part));
        let given = [("word", WORD_TAG), ("number", NUMBER_TAG), ("quote", QUOTE_TAG)];
        let mut reader = Self {
            vocabulary,
            set: RuleSet { language, script, ..RuleSet::default() },
            names: given.into_iter().collect(),
            tags: 3,
            acts: 0,
            phrases: Vec::new(),
            singles: Vec::new(),
            common: Vec::new(),
        };
        for (file, text) in (1..).zip(files) {
            for (number, parts) in lines(text) {
                if let Err(error) = reader.line(&parts) {
                    reader.set.errors.push(format!("{code}, file {file}, line {number}: {error}"));
                }
            }
        }
        reader.finish(code)
    }

    fn line(&mut self, parts: &[&'static str]) -> Result<(), String> {
        let (head, first) = parts.first().and_then(|line| line.split_once('=')).ok_or("no `=`")?;
        let bodies = || std::iter::once(first).chain(parts.iter().skip(1).copied());
        let head: Vec<&'static str> = head.split_whitespace().collect();
        match head.as_slice() {
            ["words", tag] => {
                let name = tag.trim_end_matches('~');
                let tag_bit = self.tag(name)?;
                let mut entries = bodies().flat_map(|body| body.split('|')).map(str::trim);
                entries.try_for_each(|entry| self.entry(entry, tag_bit, tag.ends_with('~')))
            }
            ["known"] => {
                let language = self.language();
                for word in bodies().flat_map(str::split_whitespace) {
                    self.vocabulary.learn(word, language);
                }
                Ok(())
            }
            ["common"] => {
                let language = self.language();
                for word in bodies().flat_map(str::split_whitespace) {
                    self.common.push(self.vocabulary.learn(word, language));
                }
                Ok(())
            }
            ["group", name] => {
                let mut tags = 0;
                for member in bodies()
                    .flat_map(|body| body.split('|'))
                    .map(str::trim)
                    .filter(|m| !m.is_empty())
                {
                    tags |= self.named(member)?;
                }
                match self.names.insert(name, tags) {
                    None => Ok(()),
                    Some(_) => Err(format!("`{name}` is defined twice")),
                }
            }
            [kind, name, level] if KINDS.contains(kind) => {
                let body: Vec<&str> = bodies().collect();
                self.frame(kind_named(kind), effect_named(level)?, name, &body.join(" "))
            }
            _ => Err(format!("a line is `words`, `group` or a frame: {}", KINDS.join(", "))),
        }
    }

    fn tag(&mut self, name: &'static str) -> Result<Tags, String> {
        if let Some(known) = self.names.get(name) {
            let is_tag = known.is_power_of_two();
            return is_tag.then_some(*known).ok_or_else(|| format!("`{name}` is a group"));
        }
        if self.tags == MAX_TAGS {
            return Err(format!("`{name}` is one tag too many"));
        }
        let tag = 1 << self.tags;
        self.tags += 1;
        self.names.insert(name, tag);
        Ok(tag)
    }

    fn named(&self, name: &str) -> Result<Tags, String> {
        self.names.get(name).copied().ok_or_else(|| format!("there is no tag or group `{name}`"))
    }

    fn language(&self) -> Languages {
        Languages::nth(self.set.language)
    }

    fn entry(&mut self, entry: &'static str, tag: Tags, typos: bool) -> Result<(), String> {
        let language = self.language();
        if entry.is_empty() {
            return Ok(());
        }
        if let Some(script) = &mut self.set.script {
            let added = script.add(entry, tag);
            return added.then_some(()).ok_or_else(|| format!("`{entry}` has no letters"));
        }
        let fits =
            |fits: bool| fits.then_some(()).ok_or_else(|| format!("`{entry}` has a wrong length"));
        if let Some(stem) = entry.strip_suffix('*') {
            return fits(self.set.lexicon.add_stem(stem, tag));
        }
        if let Some(ending) = entry.strip_prefix('*') {
            return fits(self.set.lexicon.add_ending(ending, tag));
        }
        let words: Vec<WordId> =
            entry.split_whitespace().map(|word| self.vocabulary.learn(word, language)).collect();
        fits(words.len() <= MAX_PHRASE && !words.contains(&UNKNOWN))?;
        match words.as_slice() {
            [word] => {
                if typos {
                    self.vocabulary.accept_typos(entry, *word, language);
                }
                self.singles.push((*word, tag));
            }
            _ => self.phrases.push((words.clone(), tag)),
        }
        self.set.lexicon.add(&words, tag);
        Ok(())
    }

    fn frame(
        &mut self,
        kind: Kind,
        effect: Effect,
        name: &'static str,
        body: &str,
    ) -> Result<(), String> {
        let (mut items, mut acts) = (Vec::new(), 0);
        for word in body.split_whitespace() {
            let item = self.item(word)?;
            if item.is_act {
                acts |= item.any;
            }
            items.push(item);
        }
        if acts == 0 {
            return Err(format!("`{name}` has no act: an item with `!`"));
        }
        if effect.finds() {
            self.acts |= acts;
        }
        let index = u16::try_from(self.set.frames.len()).map_err(|error| error.to_string())?;
        // An item that any word fits is no condition; an act that may be left out is one of several.
        let needed = items.iter().filter(|item| !item.optional && item.none == 0);
        let needs = needed.map(|item| item.any).chain([acts]).collect();
        self.set.frames.push(Frame { name, effect, needs });
        let mut blocks = self.set.blocks.iter_mut();
        if blocks.any(|block| block.add(index, kind, &items)) {
            return Ok(());
        }
        let mut block = Block::default();
        let added = block.add(index, kind, &items);
        self.set.blocks.push(block);
        added.then_some(()).ok_or_else(|| format!("`{name}` is too long"))
    }

    fn item(&self, word: &str) -> Result<Item, String> {
        let body = word.trim_end_matches(['?', '*', '+', '!']);
        let marks = &word[body.len()..];
        let inner = body.trim_start_matches('^');
        let names =
            inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
        let mut tags = 0;
        if names == "." {
            tags = Tags::MAX;
        } else {
            for name in names.split('|') {
                tags |= self.named(name)?;
            }
        }
        let (any, none) = if body.starts_with('^') { (Tags::MAX, tags) } else { (tags, 0) };
        let optional = marks.contains(['?', '*']);
        let repeated = marks.contains(['*', '+']);
        let is_act = marks.contains('!');
        Ok(Item { any, none, optional, repeated, is_act })
    }

    fn finish(mut self, code: &str) -> RuleSet {
        #[cfg(test)]
        self.set.names.clone_from(&self.names);
        let set = &mut self.set;
        let tag = |name: &str| self.names.get(name).copied().unwrap_or(0);
        (set.join, set.subject) = (tag("join"), tag("subject"));
        (set.begin, set.skip, set.gate) = (tag("begin"), tag("skip"), tag("gate"));
        (set.doubt, set.sure) = (tag("doubt"), tag("sure"));
        let language = Languages::nth(set.language);
        for (word, _) in self.singles.iter().filter(|(_, tags)| tags & self.acts != 0) {
            self.vocabulary.make_trigger(*word, language);
        }
        for (words, _) in self.phrases.iter().filter(|(_, tags)| tags & self.acts != 0) {
            // The word that is rarest elsewhere: one without an entry of its own, and a long one.
            let key = |word: &&WordId| {
                let single = self.singles.iter().any(|(known, _)| known == *word);
                (!self.common.contains(*word), !single, self.vocabulary.word_len(**word))
            };
            if let Some(rarest) = words.iter().max_by_key(key).copied() {
                self.vocabulary.make_trigger(rarest, language);
            }
        }
        let mut sets: Vec<Tags> = vec![WORD_TAG, NUMBER_TAG, QUOTE_TAG];
        match &mut set.script {
            Some(script) => {
                if !script.finish() {
                    set.errors.push(format!("{code}: too many entries"));
                }
                sets.extend(script.sets());
                for word in script.latin(tag("latin")) {
                    let id = self.vocabulary.learn(word, language);
                    self.vocabulary.make_trigger(id, language);
                }
            }
            None => sets.extend(set.lexicon.sets()),
        }
        let finding = set.frames.iter().filter(|frame| frame.effect.finds());
        let frames = finding.map(|frame| &frame.needs);
        set.hints = Hints::new(&self.singles, &self.phrases, set.lexicon.by_forms(), frames);
        sets.sort_unstable();
        sets.dedup();
        let numbers = sets.iter().zip(0..);
        set.numbers_of_sets = numbers.map(|(tags, number)| (*tags, number)).collect();
        set.set_of_words = set.numbers_of_sets.get(&WORD_TAG).copied().unwrap_or(u16::MAX);
        let (blocks, frames) = (&mut set.blocks, &set.frames);
        for block in blocks {
            block.finish(&sets, frames);
        }
        let most = if set.script.is_some() { SCRIPT_BLOCKS } else { BLOCKS };
        if set.blocks.len() > most {
            let count = set.blocks.len();
            set.errors
                .push(format!("{code}: {count} blocks of frames; at most {most} are allowed"));
        }
        self.set
    }
}

fn kind_named(word: &str) -> Kind {
    match word {
        "free" => Kind::Free,
        "whole" => Kind::Whole,
        "sentence" => Kind::Sentence,
        "first" => Kind::First,
        "message" => Kind::Message,
        _ => Kind::Clause,
    }
}

fn effect_named(word: &str) -> Result<Effect, String> {
    match word {
        "likely" => Ok(Effect::Level(Level::Likely)),
        "possible" => Ok(Effect::Level(Level::Possible)),
        "weak" => Ok(Effect::Weak),
        "likely~" => Ok(Effect::Alone(Level::Likely)),
        "possible~" => Ok(Effect::Alone(Level::Possible)),
        "likely+" => Ok(Effect::Beside(Level::Likely)),
        "possible+" => Ok(Effect::Beside(Level::Possible)),
        "raise" => Ok(Effect::Raise),
        "lower" => Ok(Effect::Lower),
        "ask" => Ok(Effect::Ask),
        "never" => Ok(Effect::Never),
        _ => Err(format!(
            "`{word}` is no level: allowed are likely, possible (both with ~ or +), weak, raise, lower, ask, never"
        )),
    }
}
