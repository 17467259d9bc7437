//! Words while they are read, letter by letter.

use smallvec::SmallVec;
use unicode_security::MixedScript;

use super::{MAX_WORD, Reader};
use crate::content::{
    fold::{Folded, fold},
    lexicon::{Form, UNKNOWN, Word, class},
};

/// A word that is being read.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) letters: SmallVec<[u8; MAX_WORD]>,
    pub(super) from: usize,
    /// Something in it is written in another form.
    pub(super) formed: bool,
    /// Letters look like others.
    pub(super) alike: bool,
    pub(super) foreign: bool,
    /// A capital I stands after a small letter: it may be an l.
    capital_i: u64,
}

impl Piece {
    /// A word that begins at a place.
    pub(super) fn at(from: usize) -> Self {
        Self { from, ..Self::default() }
    }

    pub(super) fn add(&mut self, letter: char) {
        if !letter.is_ascii() {
            match fold(letter) {
                Folded::Accent(letters) | Folded::Form(letters) | Folded::Alike(letters) => {
                    self.letters.extend(letters);
                }
                _ => {}
            }
            return;
        }
        if letter == 'I'
            && self.letters.last().is_some_and(u8::is_ascii_lowercase)
            && self.letters.len() < 64
        {
            self.capital_i |= 1 << self.letters.len();
        }
        self.letters.push(u8::try_from(letter.to_ascii_lowercase()).unwrap_or(b'?'));
    }
}

impl Reader<'_> {
    /// The word, number or amount that has been read.
    pub(super) fn flush(&mut self, piece: &mut Piece, to: usize, unit: Option<Word>) {
        let piece = std::mem::take(piece);
        let (letters, from) = (&piece.letters[..], piece.from);
        if letters.is_empty() {
            return;
        }
        let digits = letters.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == letters.len() {
            let form = self.bare(self.lexicon.word(letters));
            self.push_token(from, to, form, unit.unwrap_or(class::NUMBER), false);
            return;
        }
        // No word is that long, whatever its letters look like.
        if piece.foreign && !piece.alike || letters.len() > 2 * MAX_WORD {
            self.push(from, to, Form::default(), false);
            return;
        }
        let written = self.text.get(from..to).unwrap_or_default();
        let mixed = piece.alike && {
            let inner = written.trim_matches(|c: char| !c.is_alphanumeric());
            !inner.is_single_script()
        };
        // Russian is no disguised English; a word of letters that all look Latin, in an English text, is.
        if piece.alike && !mixed && !self.latin {
            self.push(from, to, Form::default(), false);
            return;
        }
        let (form, spelled) = self.resolve(letters, piece.capital_i);
        if mixed && self.read.look_alikes.len() < 4 && letters.is_ascii() && !piece.foreign {
            self.read.look_alikes.push(String::from_utf8_lossy(letters).into_owned());
        }
        if form.word != UNKNOWN {
            let disguised = piece.formed || piece.alike || spelled;
            let form = if disguised { self.bare(form.word) } else { form };
            self.push(from, to, form, disguised);
            return;
        }
        // `10mg`, `12pk`, `$7mo`: a number with its unit.
        if digits > 0
            && written.is_ascii()
            && let Some((number, unit)) = letters.split_at_checked(digits)
            && !unit.is_empty()
        {
            let middle = (from + digits).min(to);
            let known = self.bare(self.lexicon.word(number));
            self.push_token(from, middle, known, class::NUMBER, false);
            let (form, _) = self.resolve(unit, 0);
            self.push(middle, to, form, false);
            return;
        }
        self.push(from, to, form, false);
    }
}
