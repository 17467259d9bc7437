use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization;

/// The longest normal form, in bytes. A longer text is no command, option or keyword.
pub const MAX_LEN: usize = 64;

/// What is left of a text when everything is taken away that people add to a command without meaning
/// anything by it (SMS-15): case, accents, width, and all that is neither letter nor digit (space,
/// punctuation, quotes, hyphens, emoji, zero-width characters). `None` when nothing is left, or more than
/// [`MAX_LEN`] bytes.
///
/// ```
/// use frontdesk_sms::normalise;
///
/// for text in ["Stop.", " “STOP” ", "s-t-o-p", "ＳＴＯＰ", "stop 🛑", "Stóp!"] {
///     assert_eq!(normalise(text).as_deref(), Some("stop"), "{text}");
/// }
/// assert_eq!(normalise("I'll stop by"), Some("illstopby".into())); // the whole message, so no command
/// assert_eq!(normalise("🙂"), None);
/// ```
pub fn normalise(text: &str) -> Option<CompactString> {
    let mut buffer = [0; MAX_LEN];
    into_buffer(text, &mut buffer).map(CompactString::from)
}

/// [`normalise`] without an allocation; `None` also when the normal form does not fit the buffer.
pub(crate) fn into_buffer<'a>(text: &str, buffer: &'a mut [u8]) -> Option<&'a str> {
    let len = if text.is_ascii() { ascii(text, buffer)? } else { unicode(text, buffer)? };
    let normal = buffer.get(..len).and_then(|bytes| std::str::from_utf8(bytes).ok())?;
    (!normal.is_empty()).then_some(normal)
}

fn ascii(text: &str, buffer: &mut [u8]) -> Option<usize> {
    let mut len = 0;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            *buffer.get_mut(len)? = byte.to_ascii_lowercase();
            len += 1;
        }
    }
    Some(len)
}

fn unicode(text: &str, buffer: &mut [u8]) -> Option<usize> {
    let mut len = 0;
    // Compatibility decomposition turns full-width letters into plain ones and parts accents from
    // their letters; only the accents of Latin, Greek and Cyrillic are dropped, since elsewhere such
    // marks tell letters apart. What was between marks is gone then, so they are put in order again.
    let letters = text.nfkd().flat_map(char::to_lowercase);
    let kept = |c: &char| !('\u{300}'..='\u{36f}').contains(c) && c.is_alphanumeric();
    for c in letters.filter(kept).nfd() {
        let end = len + c.len_utf8();
        c.encode_utf8(buffer.get_mut(len..end)?);
        len = end;
    }
    Some(len)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_add_is_taken_away() {
        let table = [
            ("Stop.", "stop"),
            ("opt-out", "optout"),
            ("STOP ALL", "stopall"),
            ("«ARRÊT»", "arret"),
            ("st\u{200b}op", "stop"),
            ("중지", "중지"),
            ("1️⃣", "1"),
            ("２．", "2"),
        ];
        for (text, normal) in table {
            // Hangul comes apart into its letters; the configured words do so too.
            let expected: String = normal.nfkd().collect();
            assert_eq!(normalise(text).as_deref(), Some(expected.as_str()), "{text}");
        }
        assert_eq!(normalise(&"x".repeat(MAX_LEN)).map(|n| n.len()), Some(MAX_LEN));
        assert_eq!(normalise(&"x".repeat(MAX_LEN + 1)), None);
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "\\PC{0,40}") {
            if let Some(normal) = normalise(&text) {
                prop_assert_eq!(normalise(&normal), Some(normal));
            }
        }

        #[test]
        fn both_paths_agree(text in "[ -~]{0,80}") {
            let mut a = [0; MAX_LEN];
            let mut b = [0; MAX_LEN];
            let (len_a, len_b) = (ascii(&text, &mut a), unicode(&text, &mut b));
            prop_assert_eq!(len_a, len_b);
            if let Some(len) = len_a {
                prop_assert_eq!(&a[..len], &b[..len]);
            }
        }
    }
}
