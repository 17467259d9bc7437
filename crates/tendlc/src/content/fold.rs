//! Characters as people read them: the ASCII letters of accents, forms of letters, and letters that look like others.

use std::sync::LazyLock;

use smallvec::SmallVec;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::skeleton;

/// Letters that a character reads as.
pub(super) type Letters = SmallVec<[u8; 4]>;

/// The meaning of a character for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Folded {
    /// A letter with an accent: `é` reads as `e`. This is no disguise.
    Accent(Letters),
    /// Another form of letters: `𝐅`, `Ｆ`, `ꜰ`, `🅵`, `ﬁ`.
    Form(Letters),
    /// A letter of another script that looks like a Latin one: Cyrillic `а`.
    Alike(Letters),
    /// A letter of another script that looks like none.
    Foreign,
    /// Without a shape: of zero width, a joiner, a mark of direction, a combining mark.
    Hidden,
    /// A picture or sign that is a token by itself.
    Sign,
    /// Punctuation of any other kind.
    Other,
}

/// Characters below this one are folded once: those of the alphabets of Europe.
const COMMON: u32 = 0x600;

/// Folds a character that is not ASCII.
pub(super) fn fold(letter: char) -> Folded {
    static TABLE: LazyLock<Vec<Folded>> =
        LazyLock::new(|| (0..COMMON).filter_map(char::from_u32).map(folded).collect());
    match letter {
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' => Folded::Other,
        '\u{1f200}'..='\u{1faff}' => Folded::Sign,
        _ => TABLE.get(u32::from(letter) as usize).cloned().unwrap_or_else(|| folded(letter)),
    }
}

fn folded(letter: char) -> Folded {
    if is_hidden(letter) || is_combining_mark(letter) || matches!(letter, '\u{fe0f}' | '\u{20e3}') {
        return Folded::Hidden;
    }
    if let Some(small) = special_form(letter) {
        return Folded::Form(SmallVec::from_iter([small]));
    }
    if matches!(letter, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}') {
        return Folded::Sign;
    }
    if !letter.is_alphanumeric() {
        // Signs that are written for letters, like the number sign of a form.
        return Folded::Other;
    }
    let bare: Letters = std::iter::once(letter)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map_while(|c| u8::try_from(c).ok())
        .filter(u8::is_ascii_alphanumeric)
        .collect();
    if bare.len() == 1 {
        return Folded::Accent(lower(bare));
    }
    let form: SmallVec<[char; 4]> =
        std::iter::once(letter).nfkd().filter(|c| !is_combining_mark(*c)).collect();
    if let Some(form) = ascii(&form) {
        return Folded::Form(form);
    }
    let mut buffer = [0; 4];
    let alike: SmallVec<[char; 4]> = skeleton(letter.encode_utf8(&mut buffer)).collect();
    // An accent on a letter that looks like another one is no more of a disguise than the letter.
    let alike: SmallVec<[char; 4]> = alike.into_iter().filter(|c| !is_combining_mark(*c)).collect();
    ascii(&alike).map_or(Folded::Foreign, Folded::Alike)
}

/// Letters of ASCII in lower case, if nothing else stands there.
fn ascii(letters: &[char]) -> Option<Letters> {
    let read: Option<Letters> =
        letters.iter().map(|c| u8::try_from(*c).ok().filter(u8::is_ascii_alphanumeric)).collect();
    read.filter(|read| !read.is_empty()).map(lower)
}

fn lower(mut letters: Letters) -> Letters {
    letters.make_ascii_lowercase();
    letters
}

/// Small capitals, letters in circles and squares, and regional indicators: Unicode has no decomposition of most of them.
fn special_form(letter: char) -> Option<u8> {
    /// Small capitals from A to Z; `.` where Unicode has none.
    const SMALL: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡ.ʏᴢ";
    let place = |first: char| {
        u32::from(letter)
            .checked_sub(u32::from(first))
            .filter(|place| *place < 26)
            .and_then(|place| u8::try_from(place).ok())
            .map(|place| b'a' + place)
    };
    match letter {
        'ᴀ'..='ᴢ' | '\u{250}'..='\u{2af}' | '\u{a730}'..='\u{a7af}' => SMALL
            .chars()
            .position(|small| small == letter)
            .and_then(|place| u8::try_from(place).ok())
            .map(|place| b'a' + place),
        '\u{24b6}'..='\u{24cf}' => place('\u{24b6}'),
        '\u{24d0}'..='\u{24e9}' => place('\u{24d0}'),
        '\u{1f110}'..='\u{1f129}' => place('\u{1f110}'),
        '\u{1f130}'..='\u{1f149}' => place('\u{1f130}'),
        '\u{1f150}'..='\u{1f169}' => place('\u{1f150}'),
        '\u{1f170}'..='\u{1f189}' => place('\u{1f170}'),
        _ => None,
    }
}

/// Characters without a shape: of zero width, joiners, marks of direction, the soft hyphen, tags.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_read_as_people_read_them() {
        let reads = |letter| match fold(letter) {
            Folded::Accent(letters) | Folded::Form(letters) | Folded::Alike(letters) => {
                String::from_utf8(letters.to_vec()).unwrap()
            }
            other => format!("{other:?}"),
        };
        for (letters, expected) in [
            ("éÑüṩ", "e n u s"),
            ("𝐅ＦⓕꜰɢⒻ🅵🄵", "f f f f g f f f"),
            ("аеосрх", "a e o c p x"),
            ("ΤΗС", "t h c"),
            ("Ж中", "Foreign Foreign"),
            ("\u{200b}\u{336}\u{ad}", "Hidden Hidden Hidden"),
            ("🎰→✅", "Sign Sign Sign"),
            ("–’…", "Other Other Other"),
        ] {
            let read: Vec<String> = letters.chars().map(reads).collect();
            assert_eq!(read.join(" "), expected);
        }
    }
}
