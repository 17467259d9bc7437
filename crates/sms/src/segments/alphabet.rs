//! The GSM 7 bit default alphabet (3GPP TS 23.038 §6.2.1) and its extension table (§6.2.1.1).

use super::{Count, Encoding, ShiftTables, boundary::Parts, saturate};

/// How wide characters are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    Septets(ShiftTables),
    Utf16,
}

impl Width {
    pub(super) fn of(self, character: char) -> u32 {
        match self {
            Self::Septets(tables) if tables.is_default() => septets(character).unwrap_or(1),
            Self::Septets(tables) => tables.septets(character).unwrap_or(1),
            Self::Utf16 => u32::from(character > '\u{ffff}') + 1,
        }
    }
}

/// 1 for a character of the default alphabet, 2 for one of the extension table.
pub(super) fn septets(character: char) -> Option<u32> {
    match character {
        '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        '\n' | '\r' | ' '..='_' | 'a'..='z' => Some(1),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' | 'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü'
        | 'ß' | 'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü' => {
            Some(1)
        }
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => Some(1),
        _ => None,
    }
}

/// The cost in the default alphabet and its extension; `None` when a character is in neither.
pub(super) fn count_default(text: &str) -> Option<Count> {
    let (characters, doubles) = match ascii(text.as_bytes()) {
        Ascii::Gsm { doubles } => (text.len(), doubles),
        Ascii::NotGsm => return None,
        Ascii::More => {
            let mut doubles = 0;
            let mut characters = 0;
            for character in text.chars() {
                doubles += usize::from(septets(character)? == 2);
                characters += 1;
            }
            (characters, doubles)
        }
    };
    let units = saturate(characters + doubles);
    let tables = ShiftTables::default();
    let segments = match (units, doubles) {
        (0..=160, _) => 1,
        (_, 0) => units.div_ceil(153),
        _ => saturate(Parts::of_septets(text, tables, 153).count()),
    };
    Some(Count { encoding: Encoding::Gsm7, segments, units, tables })
}

enum Ascii {
    /// Every character is in the default alphabet, or one of so many in the extension table.
    Gsm { doubles: usize },
    /// There is an ASCII character that is in neither.
    NotGsm,
    /// There is more than ASCII.
    More,
}

/// Looks at bytes without branches, so that the compiler makes vector instructions of it.
fn ascii(bytes: &[u8]) -> Ascii {
    let (mut doubles, mut high, mut foreign) = (0, 0_u8, 0_u8);
    // So many that a byte can count them.
    for chunk in bytes.chunks(128) {
        let mut here = 0_u8;
        for &byte in chunk {
            // [ \ ] ^ and { | } ~ differ in one bit.
            here += u8::from((byte & 0xdf).wrapping_sub(b'[') < 4) + u8::from(byte == 0xc);
            high |= byte;
            let line = u8::from(byte == b'\n') | u8::from(byte == b'\r') | u8::from(byte == 0xc);
            let control = u8::from(byte < b' ') ^ line;
            foreign |= control | u8::from(byte == b'`') | u8::from(byte == 0x7f);
        }
        doubles += usize::from(here);
    }
    match (foreign, high & 0x80) {
        (0, 0) => Ascii::Gsm { doubles },
        (0, _) => Ascii::More,
        _ => Ascii::NotGsm,
    }
}

/// The length in UTF-16 code units.
pub(super) fn utf16_units(text: &str) -> usize {
    // Every character begins with one byte that is no continuation; those of four bytes are pairs.
    text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum()
}

/// Whether every character is one UTF-16 code unit.
pub(super) fn is_bmp(text: &str) -> bool {
    text.bytes().all(|byte| byte < 0xf0)
}
