//! Text of consumers and lists, for people: nothing of it moves a cursor or turns letters around.

use std::fmt::{self, Write as _};

/// Whether a character would do something to the text around it: a control character, or a mark that turns the order of letters.
pub(crate) fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text in which such characters stand as `[U+001B]`.
pub(crate) struct Plain<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for Plain<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);
        impl fmt::Write for Escaping<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                text.chars().try_for_each(|char| {
                    if is_hidden(char) {
                        write!(self.0, "[U+{:04X}]", u32::from(char))
                    } else {
                        self.0.write_char(char)
                    }
                })
            }
        }
        write!(Escaping(f), "{}", self.0)
    }
}
