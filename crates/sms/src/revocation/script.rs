//! Texts in scripts without spaces between words, as tokens: the longest entry at each place.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::UnicodeNormalization;

use super::{
    lexicon::Tags,
    reading::Break,
    ruleset::{RuleSet, Token, Tokens},
    spelling::is_letter,
    variants::Variants,
};

/// The entries of one language.
#[derive(Debug, Default)]
pub(super) struct Script {
    entries: Vec<(String, Tags)>,
    finder: Option<AhoCorasick>,
    /// A space may end a clause: Chinese and Japanese, where spaces are rare.
    spaces_part: bool,
    variants: Variants,
}

impl Script {
    pub(super) fn new(code: &str, spaces_part: bool) -> Self {
        Self { spaces_part, variants: Variants::of(code), ..Self::default() }
    }

    /// Adds an entry; false if it has no letters that are kept.
    pub(super) fn add(&mut self, entry: &str, tags: Tags) -> bool {
        let letters = plain(entry).filter(|c| *c != ' ');
        let entry: String = letters.map(|c| self.variants.fold(c)).collect();
        match self.entries.iter_mut().find(|known| known.0 == entry) {
            Some(known) => known.1 |= tags,
            None if entry.is_empty() => return false,
            None => self.entries.push((entry, tags)),
        }
        true
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

    /// The entries in Latin letters that have one of the tags.
    pub(super) fn latin(&self, tags: Tags) -> impl Iterator<Item = &str> + '_ {
        let entries = self.entries.iter().filter(move |entry| entry.1 & tags != 0);
        entries.map(|entry| entry.0.as_str()).filter(|entry| entry.is_ascii())
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
            for (clause, quoted, after) in clauses(text, part.clone(), steps) {
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
        let letters = squeeze(plain(text).map(|c| self.variants.fold(c)));
        if !self.spaces_part {
            return self.piece(&letters.replace(' ', ""), place, set, tokens);
        }
        // Between Latin words a space ends no clause: "opt out" is one entry here too.
        let mut piece = String::new();
        for word in letters.split(' ').filter(|word| !word.is_empty()) {
            let joins = piece.ends_with(|c: char| c.is_ascii_alphanumeric())
                && word.starts_with(|c: char| c.is_ascii_alphanumeric());
            if !joins && !piece.is_empty() {
                self.piece(&std::mem::take(&mut piece), place, set, tokens);
            }
            piece.push_str(word);
        }
        if !piece.is_empty() {
            self.piece(&piece, place, set, tokens);
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
        _ if is_letter(c) => Some(c),
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

/// A clause of a text: its place, whether it is a quoted passage, what stands behind it.
type Clause = (Range<usize>, bool, Break);

/// The clauses of a part of a text. Each character is looked at once, and counted: a quotation is read as clauses until
/// its closing sign comes, which makes one of them.
fn clauses(text: &str, part: Range<usize>, steps: &mut usize) -> Vec<Clause> {
    let (mut clauses, mut start) = (Vec::<Clause>::new(), part.start);
    let mut open = Vec::<Quotation>::new();
    let mut before = ' ';
    for (offset, character) in text.get(part.clone()).unwrap_or_default().char_indices() {
        *steps += 1;
        let at = part.start + offset;
        let end = at + character.len_utf8();
        let previous = std::mem::replace(&mut before, character);
        if let Some(place) = open.iter().position(|quotation| quotation.closing == character) {
            let Some(quotation) = open.drain(place..).next() else { continue };
            let inside = quotation.from..at;
            let short =
                text.get(inside.clone()).is_none_or(|inside| inside.chars().nth(4).is_none());
            quotation.close(&mut clauses);
            clauses.push((inside, !short, Break::Nothing));
            start = end;
            continue;
        }
        let rest = text.get(end..part.end).unwrap_or_default();
        let closing = closing(character, previous);
        let after = match closing {
            Some(_) => Some(Break::Nothing),
            None => parts(character, previous, rest),
        };
        let Some(after) = after else { continue };
        if start < at {
            clauses.push((start..at, false, after));
        } else if let Some(last) = clauses.last_mut() {
            last.2 = last.2.max(after);
        }
        start = end;
        if let Some(closing) = closing
            && open.iter().all(|quotation| quotation.closing != closing)
        {
            open.push(Quotation::new(closing, end, &clauses));
        }
    }
    if start < part.end {
        clauses.push((start..part.end, false, Break::Sentence));
    }
    clauses
}

/// The clauses of a text as they are spelled, a quotation between brackets.
#[cfg(test)]
pub(super) fn clauses_of(text: &str) -> Vec<String> {
    let clauses = clauses(text, 0..text.len(), &mut 0).into_iter();
    let spelled = clauses.map(|(place, quoted, _)| {
        let spelled = &text[place];
        if quoted { format!("「{spelled}」") } else { spelled.to_owned() }
    });
    spelled.collect()
}

/// A quotation that has been opened. No two that are open wait for the same closing sign.
struct Quotation {
    closing: char,
    from: usize,
    /// The clauses before it, and what stood behind the last of them.
    clauses: usize,
    after: Break,
}

impl Quotation {
    fn new(closing: char, from: usize, clauses: &[Clause]) -> Self {
        let after = clauses.last().map_or(Break::Nothing, |last| last.2);
        Self { closing, from, clauses: clauses.len(), after }
    }

    /// Takes back the clauses that were read in it.
    fn close(&self, clauses: &mut Vec<Clause>) {
        clauses.truncate(self.clauses);
        if let Some(last) = clauses.last_mut() {
            last.2 = self.after;
        }
    }
}

/// The sign that closes a quotation which `opening` opens. An apostrophe within a word opens none.
fn closing(opening: char, before: char) -> Option<char> {
    Some(match opening {
        '“' | '〝' => '”',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '〈' => '〉',
        '"' => '"',
        '«' => '»',
        '‘' => '’',
        '\'' if !before.is_ascii_alphanumeric() => '\'',
        _ => return None,
    })
}

/// What a sign between two clauses ends. Brackets, emoji and dashes with space around them set off what follows, as a full
/// stop does.
fn parts(character: char, before: char, rest: &str) -> Option<Break> {
    Some(match character {
        '.' if before.is_ascii_digit() && rest.starts_with(|c: char| c.is_ascii_digit()) => {
            return None;
        }
        '.' | '!' | '。' | '！' | '．' | '｡' | '…' | '\n' | '(' | ')' | '（' | '）' | '【'
        | '】' => Break::Sentence,
        '?' | '？' => Break::Question,
        ',' | ';' | ':' | '、' | '､' | '，' | '；' | '：' => Break::Clause,
        '-' | '–' | '/' if before == ' ' || rest.starts_with(' ') => Break::Sentence,
        '—' => Break::Sentence,
        '\u{1f3fb}'..='\u{1f3ff}' => return None,
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'.. if character < '\u{20000}' => Break::Sentence,
        _ => return None,
    })
}
