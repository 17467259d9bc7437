//! A text as words and clauses.

use smallvec::SmallVec;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::{
    Languages,
    lexicon::{NUMBER, QUOTE, UNKNOWN, Vocabulary, WordId},
    spelling::{Spelling, is_letter, is_unseen, look_alike},
};

/// What stands behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// A space, or a sign that parts no clauses.
    Nothing,
    /// A space where spaces are rare (Chinese, Japanese): a clause may end there.
    Space,
    /// The end of a clause: a comma, a dash, an emoji.
    Clause,
    /// The end of a question.
    Question,
    /// The end of a sentence or of a line.
    Sentence,
    /// The beginning or the end of the text.
    End,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) id: WordId,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) after: Break,
}

/// The scripts without spaces that a text has letters of.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Scripts {
    pub(super) han: bool,
    pub(super) hangul: bool,
    /// Number of kana; Chinese texts borrow one here and there.
    pub(super) kana: u8,
}

impl Scripts {
    pub(super) fn any(self) -> bool {
        self.han || self.hangul || self.kana > 0
    }

    fn see(&mut self, character: char) {
        match character {
            '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => {
                self.hangul = true;
            }
            '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => {
                self.kana = self.kana.saturating_add(1);
            }
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => {
                self.han = true;
            }
            _ => {}
        }
    }
}

/// The words of a text, in order, and what tells whether rules need to look at them.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) words: SmallVec<[Word; 64]>,
    pub(super) scripts: Scripts,
    /// The languages that have a frame for an act that the text names.
    triggers: Languages,
    /// The languages that know a word of the text which English does not know.
    foreign: Languages,
    /// Places of quotation marks.
    quotes: SmallVec<[u32; 8]>,
    /// Places of single quotation marks, in pairs.
    single_quotes: SmallVec<[u32; 8]>,
}

/// Signs that are read as a word: stop, no.
pub(super) const STOP_SIGNS: [char; 2] = ['🛑', '⛔'];
pub(super) const NO_SIGNS: [char; 2] = ['🚫', '🙅'];

/// Whether a full stop behind a word belongs to it: "Mrs. Novak".
fn is_title(word: &[u8]) -> bool {
    matches!(word, b"mr" | b"mrs" | b"ms" | b"dr" | b"sra" | b"srta" | b"mme" | b"hr" | b"fr")
}

/// A text of so few words may be in another language though English knows each of them.
const SHORT: usize = 8;

struct Reader<'a> {
    text: &'a str,
    vocabulary: &'a Vocabulary,
    languages: Languages,
    spelling: Spelling,
    /// Where a single quotation mark opened.
    single: Option<u32>,
    reading: Reading,
}

impl Reading {
    pub(super) fn of(text: &str, vocabulary: &Vocabulary, languages: Languages) -> Self {
        let reading = Self {
            words: SmallVec::new(),
            scripts: Scripts::default(),
            triggers: Languages::none(),
            foreign: Languages::none(),
            quotes: SmallVec::new(),
            single_quotes: SmallVec::new(),
        };
        let spelling = Spelling::default();
        let mut reader = Reader { text, vocabulary, languages, spelling, single: None, reading };
        reader.read();
        reader.reading
    }

    /// The languages in which the text may be one that their frames are for: it names an act, and is short or has a word
    /// that English does not know.
    pub(super) fn triggers(&self) -> Languages {
        if self.words.len() <= SHORT {
            return self.triggers;
        }
        self.triggers.intersection(self.foreign.union(Languages::ENGLISH))
    }

    /// Makes one token of each passage in quotation marks, unless it is one or two words ("reply “STOP”") or all there is.
    /// Each word is looked at once for each kind of quotation mark; returns how many were.
    pub(super) fn fold_quotes(&mut self) -> usize {
        let kinds = [std::mem::take(&mut self.quotes), std::mem::take(&mut self.single_quotes)];
        let folded =
            kinds.iter().filter(|quotes| quotes.len() >= 2).map(|quotes| self.fold(quotes));
        folded.sum()
    }

    /// A sentence ends behind the last word.
    pub(super) fn end_sentence(&mut self) {
        if let Some(last) = self.words.last_mut() {
            last.after = Break::Sentence;
        }
    }

    /// The places are in order, opening and closing in turn.
    fn fold(&mut self, quotes: &[u32]) -> usize {
        let words = std::mem::take(&mut self.words);
        let (total, mut rest) = (words.len(), words.as_slice());
        let mut count_to = |is_before: &dyn Fn(&Word) -> bool| {
            let count = rest.iter().take_while(|word| is_before(word)).count();
            let (passed, left) = rest.split_at(count);
            rest = left;
            passed
        };
        for pair in quotes.chunks_exact(2) {
            let &[from, to] = pair else { continue };
            self.words.extend_from_slice(count_to(&|word| word.start < from));
            let inside = count_to(&|word| word.start < to);
            match inside {
                [first, _, .., last] if inside.len() != total => {
                    let (start, after) = (first.start, last.after);
                    self.words.push(Word { id: QUOTE, start, end: to, after });
                }
                few => self.words.extend_from_slice(few),
            }
        }
        self.words.extend_from_slice(rest);
        total
    }
}

impl Reader<'_> {
    fn read(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'a'..=b'z' => self.spelling.letter(byte, at),
                b'A'..=b'Z' => self.spelling.letter(byte | 0x20, at),
                b'0'..=b'9' => self.spelling.digit(byte, at),
                // "don't" is one word; "$top" and "un$ubscribe" are words too.
                b'\'' => self.single_quote(at),
                b'`' => {}
                b'@' | b'$' | b'#' => self.spelling.digit(byte, at),
                b'.' | b'!' | b'?' | b';' | b':' | b',' | b'\n' | b'(' | b')' => {
                    self.ascii_break(byte, at);
                }
                b'"' => {
                    self.finish(at);
                    self.reading.quotes.push(place(at));
                }
                b'-' => {
                    self.finish(at);
                    let spaced = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
                    if spaced(bytes.get(at + 1)) || at > 0 && spaced(bytes.get(at - 1)) {
                        self.end_clause(Break::Clause);
                    }
                }
                ..0x80 => self.finish(at),
                _ => {
                    let rest = self.text.get(at..).and_then(|rest| rest.chars().next());
                    let Some(character) = rest else { break };
                    self.other(character, at);
                    at += character.len_utf8();
                    continue;
                }
            }
            at += 1;
        }
        self.finish(self.text.len());
        self.end_clause(Break::Sentence);
    }

    /// An apostrophe is a part of its word, but one before a word opens a quotation if another one behind a word closes it.
    fn single_quote(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let (before, behind) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at + 1));
        match (is_letter(before), is_letter(behind)) {
            (false, true) => self.single = Some(place(at)),
            (true, false) => {
                if let Some(open) = self.single.take() {
                    self.reading.single_quotes.extend([open, place(at)]);
                }
            }
            _ => {}
        }
    }

    fn ascii_break(&mut self, byte: u8, at: usize) {
        let next = self.text.as_bytes().get(at + 1);
        // "st!p" is a disguise, "3.5" and "10:30" are one clause.
        let within = next.is_some_and(u8::is_ascii_alphanumeric);
        if byte == b'!' && self.spelling.open && next.is_some_and(u8::is_ascii_lowercase) {
            return self.spelling.digit(byte, at);
        }
        let number = self.spelling.open && !self.spelling.has_letter && within;
        let title =
            byte == b'.' && self.spelling.open && self.spelling.letters().is_some_and(is_title);
        self.finish(at);
        if title || number && matches!(byte, b'.' | b':' | b',') {
            return;
        }
        self.end_clause(match byte {
            b'.' | b'!' | b'\n' => Break::Sentence,
            b'?' => Break::Question,
            _ => Break::Clause,
        });
    }

    fn other(&mut self, character: char, at: usize) {
        match character {
            _ if is_unseen(character) => {}
            '“' | '”' | '„' | '«' | '»' | '‟' | '「' | '」' | '『' | '』' => {
                self.finish(at);
                self.reading.quotes.push(place(at));
            }
            '…' | '。' | '！' | '．' => self.stop(at, Break::Sentence),
            '？' => self.stop(at, Break::Question),
            '、' | '，' | '；' | '：' | '—' | '–' | '¡' | '¿' | '·' => {
                self.stop(at, Break::Clause);
            }
            _ if STOP_SIGNS.contains(&character) => self.sign(character, at, b"stop"),
            _ if NO_SIGNS.contains(&character) => self.sign(character, at, b"no"),
            _ if is_letter(character) || look_alike(character).is_some() => {
                self.letters(character, at);
            }
            _ if is_combining_mark(character) => {}
            '\u{2190}'.. if !character.is_whitespace() => self.stop(at, Break::Clause),
            _ => self.finish(at),
        }
    }

    fn letters(&mut self, character: char, at: usize) {
        if let Some(letter) = look_alike(character) {
            return self.spelling.letter(letter, at);
        }
        self.reading.scripts.see(character);
        let spelling = &mut self.spelling;
        decompose_compatible(character, |part| {
            if is_combining_mark(part) {
                return;
            }
            for letter in part.to_lowercase() {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    if byte.is_ascii_digit() {
                        spelling.digit(byte, at);
                    } else {
                        spelling.letter(byte, at);
                    }
                }
            }
        });
    }

    fn sign(&mut self, sign: char, at: usize, word: &[u8]) {
        self.finish(at);
        self.word(at, at + sign.len_utf8(), self.vocabulary.id(word));
    }

    fn stop(&mut self, at: usize, after: Break) {
        self.finish(at);
        self.end_clause(after);
    }

    fn finish(&mut self, end: usize) {
        if !self.spelling.open {
            return;
        }
        self.spelling.open = false;
        let id = self.identify();
        self.word(self.spelling.start, end, id);
    }

    fn identify(&self) -> WordId {
        let Some(letters) = self.spelling.letters() else { return UNKNOWN };
        let id = self.vocabulary.id(letters);
        if id != UNKNOWN {
            return id;
        }
        if !self.spelling.has_digit {
            return self.vocabulary.mistyped(letters, self.languages);
        }
        if letters == b"#" {
            return self.vocabulary.id(b"number");
        }
        if !self.spelling.has_letter {
            return NUMBER;
        }
        let read = |one| {
            let plain = self.spelling.without_digits(one)?;
            let id = self.vocabulary.id(plain.get(..self.spelling.len())?);
            (id != UNKNOWN).then_some(id)
        };
        [b'i', b'l'].into_iter().find_map(read).unwrap_or(UNKNOWN)
    }

    fn word(&mut self, start: usize, end: usize, id: WordId) {
        let triggers = self.vocabulary.triggers(id);
        self.reading.triggers = self.reading.triggers.union(triggers);
        self.reading.foreign = self.reading.foreign.union(self.vocabulary.foreign(id));
        let after = Break::Nothing;
        self.reading.words.push(Word { id, start: place(start), end: place(end), after });
    }

    fn end_clause(&mut self, after: Break) {
        if let Some(word) = self.reading.words.last_mut() {
            word.after = word.after.max(after);
        }
    }
}

/// A place in a text; a text is never longer than this can say.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
