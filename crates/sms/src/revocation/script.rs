//! Texts in scripts without spaces between words, as tokens: the longest entry at each place.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::UnicodeNormalization;

use super::{
    lexicon::Tags,
    reading::Break,
    ruleset::{RuleSet, Token, Tokens},
};

/// The entries of one language.
#[derive(Debug, Default)]
pub(super) struct Script {
    entries: Vec<(String, Tags)>,
    finder: Option<AhoCorasick>,
    /// A space may end a clause: Chinese and Japanese, where spaces are rare.
    spaces_part: bool,
}

impl Script {
    pub(super) fn new(spaces_part: bool) -> Self {
        Self { spaces_part, ..Self::default() }
    }

    pub(super) fn add(&mut self, entry: &str, tags: Tags) {
        let entry: String = plain(entry).filter(|c| *c != ' ').collect();
        match self.entries.iter_mut().find(|known| known.0 == entry) {
            Some(known) => known.1 |= tags,
            None => self.entries.push((entry, tags)),
        }
    }

    /// Makes the finder; false if the entries are too many for it.
    pub(super) fn finish(&mut self) -> bool {
        let entries = self.entries.iter().map(|(entry, _)| entry);
        let builder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(entries);
        self.finder = builder.ok();
        self.finder.is_some()
    }

    pub(super) fn sets(&self) -> impl Iterator<Item = Tags> + '_ {
        self.entries.iter().map(|(_, tags)| *tags)
    }

    /// The tokens of the kept parts of a text. Each token has the place of its clause.
    pub(super) fn tokens(
        &self,
        text: &str,
        kept: &[Range<usize>],
        set: &RuleSet,
        steps: &mut usize,
    ) -> Tokens {
        let mut tokens = Tokens::new();
        for part in kept {
            for (clause, quoted, after) in clauses(text, part.clone()) {
                *steps += text.get(clause.clone()).map_or(0, |text| text.chars().count());
                let first = tokens.len();
                if quoted {
                    tokens.push(set.quote(&clause));
                } else {
                    self.clause(
                        text.get(clause.clone()).unwrap_or_default(),
                        &clause,
                        set,
                        &mut tokens,
                    );
                }
                if let Some(last) = tokens.get_mut(first..).and_then(<[Token]>::last_mut) {
                    last.after = after;
                }
            }
        }
        tokens
    }

    fn clause(&self, text: &str, place: &Range<usize>, set: &RuleSet, tokens: &mut Tokens) {
        let letters = squeeze(plain(text));
        let pieces = letters.split(' ').filter(|piece| !piece.is_empty());
        let joined: String;
        if self.spaces_part {
            pieces.for_each(|piece| self.piece(piece, place, set, tokens));
        } else {
            joined = pieces.collect();
            self.piece(&joined, place, set, tokens);
        }
    }

    fn piece(&self, letters: &str, place: &Range<usize>, set: &RuleSet, tokens: &mut Tokens) {
        let Some(finder) = &self.finder else { return };
        let mut done = 0;
        for found in finder.find_iter(letters) {
            if found.start() > done {
                tokens.push(set.unknown(letters.get(done..found.start()), place));
            }
            let tags = self.entries.get(found.pattern().as_usize()).map_or(0, |entry| entry.1);
            tokens.push(set.token(tags, place));
            done = found.end();
        }
        if done < letters.len() {
            tokens.push(set.unknown(letters.get(done..), place));
        }
        if let Some(last) = tokens.last_mut() {
            last.after = Break::Space;
        }
    }
}

/// Lower case, full width made plain, and of all other signs a space. Single Korean letters (laughing, crying) are dropped.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkc().flat_map(char::to_lowercase).filter_map(|c| match c {
        '\u{1100}'..='\u{11ff}'
        | '\u{3130}'..='\u{318f}'
        | '~'
        | '〜'
        | '\u{200b}'..='\u{200d}' => None,
        '\'' | '’' | '\u{fe0f}' => None,
        _ if c.is_alphanumeric() => Some(c),
        _ => Some(' '),
    })
}

/// Three equal letters in a row or more are one, and so are two long marks.
fn squeeze(letters: impl Iterator<Item = char>) -> String {
    let mut plain = String::new();
    let (mut last, mut run) = (' ', 0);
    for letter in letters {
        run = if letter == last { run + 1 } else { 0 };
        last = letter;
        if run >= 2 {
            if run == 2 && letter != 'ー' {
                plain.pop();
            }
        } else if run == 0 || letter != 'ー' {
            plain.push(letter);
        }
    }
    plain
}

/// The clauses of a part of a text: place, whether it is a quoted passage, what stands behind it.
fn clauses(text: &str, part: Range<usize>) -> Vec<(Range<usize>, bool, Break)> {
    let (mut clauses, mut start, mut open) = (Vec::new(), part.start, None::<usize>);
    for (offset, character) in text.get(part.clone()).unwrap_or_default().char_indices() {
        let (at, end) = (part.start + offset, part.start + offset + character.len_utf8());
        if let Some(from) = open {
            if matches!(character, '”' | '」' | '』' | '"' | '»') {
                let short = text.get(from..at).is_none_or(|inside| inside.chars().count() <= 4);
                clauses.push((from..at, !short, Break::Nothing));
                (start, open) = (end, None);
            }
            continue;
        }
        let after = match character {
            '“' | '「' | '『' | '"' | '«' if text.get(end..part.end).is_some_and(closes) => {
                open = Some(end);
                Break::Nothing
            }
            '.' | '!' | '。' | '！' | '…' | '\n' => Break::Sentence,
            '?' | '？' => Break::Question,
            ',' | ';' | ':' | '、' | '，' | '；' | '：' | '(' | ')' | '（' | '）' => {
                Break::Clause
            }
            '\u{1f000}'.. => Break::Clause,
            _ => continue,
        };
        if start < at {
            clauses.push((start..at, false, after));
        } else if let Some(last) = clauses.last_mut() {
            last.2 = last.2.max(after);
        }
        start = end;
    }
    let rest = open.unwrap_or(start);
    if rest < part.end {
        clauses.push((rest..part.end, false, Break::Sentence));
    }
    clauses
}

fn closes(rest: &str) -> bool {
    rest.contains(['”', '」', '』', '"', '»'])
}
