//! A text as people read it: tokens, sentences and links, whatever disguise they are written in.

mod chunks;
mod joining;
mod piece;
mod spelling;

use smallvec::SmallVec;

use self::{
    chunks::{Chunk, Gap, chunks, spaced_run},
    piece::Piece,
    spelling::{apart, stands_for_letter},
};
use super::{
    fold::{Folded, fold},
    lexicon::{Form, Lexicon, SHORT, UNKNOWN, Word, class},
    links::{Link, link},
};

/// Longest text that is read, in bytes: ten times what any provider takes. The rest of a longer one is not read.
const MAX_BYTES: usize = 16_384;
/// Most tokens that are read.
const MAX_TOKENS: usize = 2_048;
/// Most links that are looked at.
const MAX_LINKS: usize = 16;
/// Most letters that stand apart in one run.
const MAX_RUN: usize = 48;
/// Longest word that is looked up.
const MAX_WORD: usize = 32;

/// A word, number, amount, link or sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it stands in the text.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) word: Word,
    /// The word that it also reads as: without its ending, or in another spelling; [`UNKNOWN`] where there is none.
    pub(super) also: Word,
    /// Its kind (one of [`class`]); [`UNKNOWN`] for words.
    pub(super) class: Word,
    pub(super) sentence: usize,
    /// It is written otherwise than it reads.
    pub(super) disguised: bool,
}

/// A text as it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) tokens: Vec<Token>,
    pub(super) sentences: usize,
    /// Links, each with its token.
    pub(super) links: SmallVec<[(usize, Link); 2]>,
    /// Characters that nobody sees, inside words.
    pub(super) hidden: usize,
    /// Words with letters of several scripts, as they read.
    pub(super) look_alikes: SmallVec<[String; 2]>,
    /// How many characters and candidates were looked at: the work is bounded.
    pub(super) steps: usize,
}

struct Reader<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    read: Reading,
    /// Nearly everything is of ASCII: a word of letters that look Latin is a disguise.
    latin: bool,
}

/// Reads a text.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Reading {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let others = if text.is_ascii() {
        0
    } else {
        text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count()
    };
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let mut reader = Reader { text, lexicon, read: Reading::default(), latin: letters > others };
    reader.read.tokens.reserve(text.len() / 4 + 4);
    let chunks = chunks(text);
    let mut at = 0;
    while let Some(chunk) = chunks.get(at) {
        if reader.read.tokens.len() >= MAX_TOKENS {
            break;
        }
        if chunk.gap == Gap::Line {
            reader.end_sentence();
        }
        let run = spaced_run(text, chunks.get(at..).unwrap_or_default()).max(1);
        let together = chunks.get(at..at + run).unwrap_or_default();
        // Letters that make no word together are read one by one, and not tried again from the second letter on.
        if run < 3 || !reader.spaced(together) {
            for chunk in together {
                reader.chunk(*chunk);
            }
        }
        at += run;
    }
    reader.join_parts();
    reader.join_numbers();
    reader.read.sentences = reader.read.tokens.last().map_or(0, |last| last.sentence + 1);
    reader.read
}

impl Reader<'_> {
    fn end_sentence(&mut self) {
        self.read.sentences = self.read.tokens.last().map_or(0, |last| last.sentence + 1);
    }

    /// Adds a word.
    fn push(&mut self, from: usize, to: usize, form: Form, disguised: bool) {
        self.push_token(from, to, form, UNKNOWN, disguised);
    }

    /// Adds a link, an amount or something else that is no word.
    fn push_class(&mut self, from: usize, to: usize, class: Word) {
        self.push_token(from, to, Form::default(), class, false);
    }

    fn push_token(&mut self, from: usize, to: usize, form: Form, class: Word, disguised: bool) {
        let sentence = self.read.sentences;
        if self.read.tokens.len() < MAX_TOKENS {
            let Form { word, also } = form;
            self.read.tokens.push(Token { from, to, word, also, class, sentence, disguised });
        }
    }

    /// A word without its endings, in the spelling that it is a variant of.
    fn bare(&self, word: Word) -> Form {
        Form { word, also: self.lexicon.also(b"", word) }
    }

    /// Letters that stand apart, if they are a word or a link together.
    fn spaced(&mut self, chunks: &[Chunk]) -> bool {
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else { return false };
        let mut letters: String = chunks
            .iter()
            .filter_map(|chunk| self.text.get(chunk.from..chunk.to))
            .collect::<String>()
            .to_lowercase();
        letters.truncate(letters.trim_end_matches(['.', ',', '!', '?', ':']).len());
        self.read.steps += letters.len();
        if letters.contains('.')
            && let Some(found) = link(&letters)
        {
            self.link(first.from, last.to, found.spaced());
            return true;
        }
        let mut piece = Piece::at(first.from);
        for letter in letters.chars() {
            piece.add(letter);
        }
        let read = piece.letters;
        if !read.iter().any(u8::is_ascii_alphabetic) {
            return false;
        }
        if let Some(words) = self.segment(&read) {
            for word in words {
                self.push(first.from, last.to, self.bare(word), true);
            }
            self.mark_end(last);
            return true;
        }
        false
    }

    fn mark_end(&mut self, chunk: &Chunk) {
        let text = self.text.get(chunk.from..chunk.to).unwrap_or_default();
        let text = text.trim_end_matches([')', ']', '}', '"', '\'', '”', '’']);
        if text.ends_with(['.', '!', '?', '…', ';']) {
            self.end_sentence();
        }
    }

    fn chunk(&mut self, chunk: Chunk) {
        let text = self.text.get(chunk.from..chunk.to).unwrap_or_default();
        if self.plain(chunk, text) {
            return;
        }
        let may_link = memchr::memchr3(b'.', b':', b'[', text.as_bytes()).is_some()
            || memchr::memchr2(b'{', b'@', text.as_bytes()).is_some();
        if may_link && self.links_in(chunk, text) {
            self.mark_end(&chunk);
            return;
        }
        if let Some(letters) = apart(text)
            && let Some(words) = self.segment(&letters)
        {
            let initials = text.bytes().all(|byte| byte == b'.' || byte.is_ascii_uppercase());
            for word in words {
                self.push(chunk.from, chunk.to, self.bare(word), !initials);
            }
            self.mark_end(&chunk);
            return;
        }
        self.words(chunk.from, text);
        self.mark_end(&chunk);
    }

    fn link(&mut self, from: usize, to: usize, link: Link) {
        self.push_class(from, to, class::LINK);
        let token = self.read.tokens.len().saturating_sub(1);
        if self.read.links.len() < MAX_LINKS {
            self.read.links.push((token, link));
        }
    }

    /// A chunk that is one word of ASCII letters, with signs around it: most are. `false` where it needs a closer look.
    fn plain(&mut self, chunk: Chunk, text: &str) -> bool {
        let bytes = text.as_bytes();
        let start = bytes.iter().take_while(|byte| matches!(byte, b'(' | b'"')).count();
        let (mut letters, mut length, mut end) = ([0_u8; SHORT], 0_usize, start);
        let (mut before, mut closer) = (0_u8, false);
        let mut rest = bytes.get(start..).unwrap_or_default().iter().copied().peekable();
        while let Some(byte) = rest.next_if(|byte| byte.is_ascii_alphabetic() || *byte == b'\'') {
            let in_word = length > 0 && rest.peek().is_some_and(u8::is_ascii_alphabetic);
            if byte == b'\'' && !in_word {
                break;
            }
            end += 1;
            if byte == b'\'' {
                continue;
            }
            let Some(letter) = letters.get_mut(length) else { return false };
            *letter = byte.to_ascii_lowercase();
            closer |= *letter == before || byte == b'I' && length > 0;
            (length, before) = (length + 1, *letter);
        }
        let tail = bytes.get(end..).unwrap_or_default();
        let is_end = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | b';');
        let is_sign = |byte: &u8| is_end(byte) || matches!(byte, b',' | b':' | b')' | b'"' | b'\'');
        if length == 0 || !tail.iter().all(is_sign) {
            return false;
        }
        let form = self.lexicon.form_short(letters);
        if form.word == UNKNOWN && closer {
            return false;
        }
        self.read.steps += bytes.len();
        self.push(chunk.from + start, chunk.from + end, form, false);
        if tail.iter().rfind(|byte| !matches!(byte, b')' | b'"' | b'\'')).is_some_and(is_end) {
            self.end_sentence();
        }
        true
    }

    /// The words of a chunk that is no link.
    fn words(&mut self, from: usize, text: &str) {
        let mut piece = Piece::at(from);
        let mut before = ' ';
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            self.read.steps += 1;
            let place = from + at;
            let next = letters.peek().map(|(_, next)| *next);
            if piece.letters.is_empty() {
                piece.from = place;
            }
            let in_word = before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric);
            match letter {
                _ if letter.is_ascii_alphanumeric() => piece.add(letter),
                '\'' | '’' | '‘' | '`' if in_word => {}
                '.' | ','
                    if before.is_ascii_digit() && next.is_some_and(|c| c.is_ascii_digit()) =>
                {
                    // The cents and thousands of an amount; parts of a phone number are joined later.
                    if piece.letters.iter().all(u8::is_ascii_digit) && letter == ',' {
                        continue;
                    }
                    self.flush(&mut piece, place, None);
                }
                '$' | '£' | '€'
                    if next.is_some_and(char::is_numeric) && !before.is_alphabetic() =>
                {
                    self.flush(&mut piece, place, None);
                    before = letter;
                    piece.from = place;
                    self.amount(&mut piece, place, &mut letters, from);
                    continue;
                }
                '%' => self.flush(&mut piece, place + 1, Some(class::PERCENT)),
                '+' if !next.is_some_and(char::is_alphanumeric) && self.age(&piece, place + 1) => {
                    piece.letters.clear();
                }
                '@' | '$' | '!' | '*' | '+' | '|' | '#'
                    if stands_for_letter(letter, &piece, before, next) =>
                {
                    piece.letters.push(u8::try_from(letter).unwrap_or(b'*'));
                }
                _ if letter.is_ascii() => self.flush(&mut piece, place, None),
                _ => self.other(&mut piece, place, letter, before, next),
            }
            before = letter;
        }
        self.flush(&mut piece, from + text.len(), None);
    }

    /// `21+` is an age, and a number as well. `false` where the vocabulary has no such age.
    fn age(&mut self, piece: &Piece, to: usize) -> bool {
        let [tens, ones] = piece.letters[..] else { return false };
        let word = self.lexicon.word(&[tens, ones, b'+']);
        if word == UNKNOWN {
            return false;
        }
        let also = self.lexicon.word(&[tens, ones]);
        self.push_token(piece.from, to, Form { word, also }, class::NUMBER, false);
        true
    }

    /// An amount of money that begins at a sign of a currency.
    fn amount(
        &mut self,
        piece: &mut Piece,
        from: usize,
        letters: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
        base: usize,
    ) {
        let mut to = from + 1;
        while let Some((at, letter)) = letters.peek() {
            if letter.is_numeric() || matches!(letter, '.' | ',') {
                to = base + at + letter.len_utf8();
                letters.next();
            } else {
                break;
            }
        }
        // `$50k`, `$2M`, `$7/mo`: the unit belongs to it.
        if let Some((at, letter)) = letters.peek()
            && matches!(letter, 'k' | 'K' | 'm' | 'M')
        {
            to = base + at + 1;
            letters.next();
        }
        self.push_class(from, to, class::MONEY);
        piece.letters.clear();
    }

    fn other(
        &mut self,
        piece: &mut Piece,
        place: usize,
        letter: char,
        before: char,
        next: Option<char>,
    ) {
        match fold(letter) {
            Folded::Hidden => {
                // Between the parts of an emoji, or in scripts that need them, they are as they should be.
                if before.is_ascii_alphanumeric()
                    && next.is_some_and(|c| {
                        c.is_ascii_alphanumeric() || matches!(fold(c), Folded::Hidden)
                    })
                {
                    self.read.hidden +=
                        usize::from(!unicode_normalization::char::is_combining_mark(letter));
                    piece.formed = true;
                }
            }
            Folded::Accent(letters) => piece.letters.extend(letters),
            Folded::Form(letters) => {
                piece.letters.extend(letters);
                piece.formed = true;
            }
            Folded::Alike(letters) => {
                piece.letters.extend(letters);
                piece.alike = true;
            }
            Folded::Foreign => {
                piece.letters.push(b'?');
                piece.foreign = true;
            }
            Folded::Sign => {
                self.flush(piece, place, None);
                let mut buffer = [0; 4];
                let form = self.lexicon.form(letter.encode_utf8(&mut buffer).as_bytes());
                self.push(place, place + letter.len_utf8(), form, false);
            }
            Folded::Other => self.flush(piece, place, None),
        }
    }
}
