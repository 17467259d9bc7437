//! Texts that are written so that filters do not read what people read.

use std::{borrow::Cow, cell::Cell};

use smallvec::SmallVec;
use unicode_normalization::UnicodeNormalization;
use unicode_security::{MixedScript, skeleton};

use super::look::Look;

/// A text as people read it.
#[derive(Debug)]
pub(super) struct Plain<'a> {
    /// With single spaces; where words are disguised, once as they are written and once as they read.
    pub(super) letters: Cow<'a, [u8]>,
    /// Characters that nobody sees, inside words.
    pub(super) hidden: usize,
    /// Words with letters of several scripts, as they read.
    pub(super) look_alikes: SmallVec<[String; 2]>,
    /// It reads otherwise than it is written.
    pub(super) disguised: bool,
}

/// What people read; `None` is what stands there.
pub(super) fn plain<'a>(
    text: &'a str,
    look: &Look,
    again: impl Fn(&[u8]) -> Look,
) -> Option<Plain<'a>> {
    let odd = |look: &Look| look.odd_spaces || look.digits_in_words || look.spaced_letters;
    if !look.other_letters && !odd(look) {
        return None;
    }
    let (mut hidden, mut look_alikes) = (0, SmallVec::new());
    let masked = look.other_letters && !text.chars().all(is_plain);
    if !masked && !odd(look) {
        return None;
    }
    let unmasked = masked.then(|| unmask(text, &mut hidden, &mut look_alikes)).flatten();
    let mut disguised = unmasked.is_some();
    let mut letters = match unmasked {
        Some(unmasked) => Cow::Owned(unmasked.into_bytes()),
        None => Cow::Borrowed(text.as_bytes()),
    };
    // What was unmasked may be disguised once more.
    let look = if disguised { &again(&letters) } else { look };
    if look.odd_spaces {
        single_spaced(letters.to_mut());
    }
    if look.digits_in_words || look.spaced_letters {
        let mut read =
            if look.spaced_letters { moved_together(&letters) } else { letters.to_vec() };
        spell(&mut read);
        if read != *letters {
            disguised = true;
            // What is written stays, since `150p` is no disguise.
            letters.to_mut().push(b'\n');
            letters.to_mut().extend_from_slice(&read);
        }
    }
    Some(Plain { letters, hidden, look_alikes, disguised })
}

/// Leaves one space of many.
fn single_spaced(letters: &mut Vec<u8>) {
    for byte in letters.iter_mut() {
        *byte = if byte.is_ascii_whitespace() { b' ' } else { *byte };
    }
    letters.dedup_by(|byte, before| *byte == b' ' && *before == b' ');
}

/// The ASCII letters for others that look like them, where there are any.
fn unmask(
    text: &str,
    hidden: &mut usize,
    look_alikes: &mut SmallVec<[String; 2]>,
) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    let mut changed = false;
    for word in text.split_inclusive(char::is_whitespace) {
        // A word of one script is what it is: Russian is no disguised English. Letters of several make one that is.
        let mixed = !word.is_ascii()
            && !word.trim_matches(|c: char| !c.is_alphanumeric()).is_single_script();
        let start = read.len();
        let mut before = ' ';
        for (i, letter) in word.char_indices() {
            if is_hidden(letter) {
                let after = word
                    .get(i + letter.len_utf8()..)
                    .and_then(|rest| rest.chars().find(|c| !is_hidden(*c)));
                // Between the parts of an emoji, or in scripts that need them, they are as they should be.
                if before.is_ascii_alphanumeric()
                    && after.is_some_and(|after| after.is_ascii_alphanumeric())
                {
                    *hidden += 1;
                }
                changed = true;
                continue;
            }
            before = letter;
            if letter.is_ascii() {
                read.push(letter);
            } else if let Some(ascii) = ascii_of(letter, mixed) {
                changed = true;
                read.push_str(&ascii);
            } else {
                read.push(letter);
            }
        }
        let reads = read.get(start..).unwrap_or_default().trim();
        if mixed && !reads.is_empty() && reads.is_ascii() && look_alikes.len() < 4 {
            let reads = reads.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            look_alikes.push(reads);
        }
    }
    changed.then_some(read)
}

/// The ASCII letters that a letter is a form of (`𝐅`, `Ｆ`, `ﬁ`), or, in a word of several scripts, looks like (`а`).
fn ascii_of(letter: char, mixed: bool) -> Option<String> {
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let folded: String = std::iter::once(letter).nfkc().collect();
    if is_word(&folded) {
        return Some(folded);
    }
    if !mixed || !letter.is_alphabetic() {
        return None;
    }
    let mut buffer = [0; 4];
    let alike: String = skeleton(letter.encode_utf8(&mut buffer)).collect();
    is_word(&alike).then_some(alike)
}

/// Characters that are what they are: of no script, or of the Latin one, and no form of another. These are the usual ones of texts.
fn is_plain(letter: char) -> bool {
    matches!(
        letter,
        '\0'..='\u{9f}' | '¡'..='©' | '¿'..='ÿ' | '€' | '‘' | '’' | '“' | '”' | '–' | '—' | '•' | '…' | '\u{1f300}'..='\u{1faff}'
    )
}

/// Characters without a shape: of zero width, joiners, marks of direction, the soft hyphen.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}')
}

/// A letter that a digit or sign stands for.
fn letter_for(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        _ => return None,
    })
}

/// The sign between four letters.
fn spaced(seven: &[u8]) -> Option<u8> {
    let [a, first, b, second, c, third, d, ..] = seven else { return None };
    let sign =
        matches!(first, b' ' | b'.' | b'-' | b'_' | b'*') && first == second && second == third;
    (sign && [a, b, c, d].iter().all(|letter| letter.is_ascii_alphabetic())).then_some(*first)
}

/// With letters that stand apart moved together.
fn moved_together(letters: &[u8]) -> Vec<u8> {
    let mut read: Vec<u8> = Vec::with_capacity(letters.len());
    let mut at = 0;
    while let Some(byte) = letters.get(at) {
        let begins = read.last().is_none_or(|before| !before.is_ascii_alphanumeric());
        let sign = letters.get(at..).filter(|_| begins).and_then(spaced);
        read.push(*byte);
        at += 1;
        // As long as there is a letter by itself after each sign.
        while let (Some(sign), Some([between, letter])) = (sign, letters.get(at..at + 2))
            && *between == sign
            && letter.is_ascii_alphabetic()
            && letters.get(at + 2).is_none_or(|next| !next.is_ascii_alphanumeric())
        {
            read.push(*letter);
            at += 2;
        }
    }
    read
}

/// Letters for the digits and signs that stand for them in words.
fn spell(letters: &mut [u8]) {
    // Whether a full stop before a letter stands further on in the word: an `@` before it is that of an address.
    let (mut domain, mut next) = (false, None);
    let cells = Cell::from_mut(letters).as_slice_of_cells();
    for (i, sign) in cells.iter().enumerate().rev() {
        let byte = sign.get();
        let after = next.replace(byte);
        let is_letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic());
        if byte.is_ascii_whitespace() {
            domain = false;
        } else if byte == b'.' && is_letter(after) {
            domain = true;
        }
        let before = i.checked_sub(1).and_then(|i| cells.get(i)).map(Cell::get);
        if let Some(letter) = letter_for(byte)
            && is_letter(before)
            && is_letter(after)
            && !(byte == b'@' && domain)
        {
            sign.set(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of them need no unmasking: it would change nothing.
    #[test]
    fn plain_characters_are_no_form_of_others() {
        for letter in (0..=0x10_ffff).filter_map(char::from_u32).filter(|letter| is_plain(*letter))
        {
            let text = format!("ca{letter}sino {letter}1");
            let (mut hidden, mut look_alikes) = (0, SmallVec::new());
            assert_eq!(unmask(&text, &mut hidden, &mut look_alikes), None, "{letter:?}");
            assert!(hidden == 0 && look_alikes.is_empty(), "{letter:?}: {look_alikes:?}");
        }
    }
}
