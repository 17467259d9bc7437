//! What is compared: letters without case, accents and width, one kind of quote, single spaces.

use unicode_normalization::UnicodeNormalization;

/// The characters of a text that are read; a provider takes no more in one request.
const LONGEST: usize = 1_600;

/// A text in the form in which cues are written. Every kind of quotation mark becomes `"`, every apostrophe `'`.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len().min(4 * LONGEST));
    if text.is_ascii() {
        // Composed already, and most texts are.
        text.chars().take(LONGEST).for_each(|c| push(&mut plain, c.to_ascii_lowercase()));
    } else {
        let letters = text.chars().take(LONGEST).nfkd().filter(|c| !is_mark(*c)).nfc();
        letters.flat_map(char::to_lowercase).for_each(|c| push(&mut plain, c));
    }
    plain.truncate(plain.trim_end().len());
    plain
}

fn push(plain: &mut String, c: char) {
    match c {
        'ß' => plain.push_str("ss"),
        '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '「' | '」' | '『' | '』' | '″' =>
        {
            plain.push('"');
        }
        '’' | '‘' | 'ʼ' | '´' | '`' | '′' => plain.push('\''),
        '【' | '〔' | '［' => plain.push('['),
        '】' | '〕' | '］' => plain.push(']'),
        '，' | '、' => plain.push(','),
        c if c.is_whitespace() => {
            if !plain.ends_with(' ') && !plain.is_empty() {
                plain.push(' ');
            }
        }
        c => plain.push(c),
    }
}

/// Accents of Latin, and what is not seen.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether a text is up to eight pictures and nothing else. Pictures that mean a number, a flag or a stop do not count.
pub(super) fn is_lone_emoji(text: &str) -> bool {
    let mut pictures = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if is_emoji(c) {
            pictures += 1;
        } else if !is_part_of_emoji(c) {
            return false;
        }
    }
    (1..=8).contains(&pictures)
}

pub(super) fn is_emoji(c: char) -> bool {
    !matches!(c, '🛑' | '⛔' | '🚫' | '📵' | '🔇' | '🔕' | '✋')
        && matches!(c,
            '\u{203c}' | '\u{2049}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}'
            | '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

/// Skin, and what joins or shapes pictures.
pub(super) fn is_part_of_emoji(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}
