//! Smart encoding: typographic characters that would force UCS-2, replaced by those of GSM-7.

use std::borrow::Cow;

use super::alphabet::septets;

/// Replaces typographic characters (curly quotes, dashes, non-breaking spaces, full-width letters, zero-width
/// characters …) by GSM-7 ones, if the whole text then fits GSM-7. A text that needs UCS-2 all the same
/// stays as it is: nothing is won by changing it.
///
/// ```
/// use frontdesk_sms::segments::smart_encode;
///
/// assert_eq!(smart_encode("“Don’t” – wait…"), "\"Don't\" - wait...");
/// assert_eq!(smart_encode("“你好”"), "“你好”");
/// ```
pub fn smart_encode(text: &str) -> Cow<'_, str> {
    let stays = |character: char| replacement(character).is_none();
    let is_gsm = |character: char| septets(character).is_some() || !stays(character);
    if text.chars().all(stays) || !text.chars().all(is_gsm) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        match replacement(character) {
            Some(replacement) => encoded.push_str(replacement),
            None => encoded.push(character),
        }
    }
    Cow::Owned(encoded)
}

/// What stands for a character in GSM-7; `None` for one that stays.
fn replacement(character: char) -> Option<&'static str> {
    let point = u16::try_from(character).ok()?;
    let at = TABLE.binary_search_by_key(&point, |(point, _)| *point).ok()?;
    TABLE.get(at).map(|(_, replacement)| *replacement)
}

/// The table of Twilio's Smart Encoding, from npm's `sms-segments-calculator` 1.3.0 (MIT, © Twilio Inc.; the
/// licence stands in THIRD-PARTY.md of this crate). Sorted.
#[rustfmt::skip]
const TABLE: &[(u16, &str)] = &[
    (0x0, ""), (0x3, ""), (0x4, ""), (0x9, "       "), (0x10, ""), (0x11, ""), (0x12, ""),
    (0x13, ""), (0x14, ""), (0x17, ""), (0x19, ""), (0x60, "'"), (0x80, "  "), (0x8d, "  "),
    (0x90, "  "), (0x9b, "  "), (0x9f, "  "), (0xa0, "  "), (0xab, "\""), (0xb4, "'"), (0xbb, "\""),
    (0xbc, "1/4"), (0xbd, "1/2"), (0xbe, "3/4"), (0xf7, "/"), (0x1c3, "!"), (0x262, "G"),
    (0x26a, "I"), (0x274, "N"), (0x280, "R"), (0x28f, "Y"), (0x299, "B"), (0x29c, "H"),
    (0x29f, "L"), (0x2b9, "'"), (0x2ba, "\""), (0x2bb, "'"), (0x2bc, "'"), (0x2bd, "'"),
    (0x2c6, "^"), (0x2c8, "'"), (0x2ca, "'"), (0x2cb, "'"), (0x2d0, ":"), (0x2d6, "+"),
    (0x2dc, "~"), (0x2ee, "\""), (0x2f7, "~"), (0x2f8, ":"), (0x302, "^"), (0x303, "~"),
    (0x313, "'"), (0x314, "'"), (0x326, ","), (0x330, "~"), (0x332, "_"), (0x334, "~"),
    (0x337, "/"), (0x338, "/"), (0x347, "="), (0x1d00, "A"), (0x1d04, "C"), (0x1d05, "D"),
    (0x1d07, "E"), (0x1d0a, "J"), (0x1d0b, "K"), (0x1d0d, "M"), (0x1d0f, "O"), (0x1d18, "P"),
    (0x1d1b, "T"), (0x1d1c, "U"), (0x1d20, "V"), (0x1d21, "W"), (0x1d22, "Z"), (0x1dcd, "^"),
    (0x2000, "  "), (0x2001, " "), (0x2002, "  "), (0x2003, "  "), (0x2004, "  "), (0x2005, "  "),
    (0x2006, "  "), (0x2007, "  "), (0x2008, "  "), (0x2009, "  "), (0x200a, "  "), (0x200b, ""),
    (0x200c, ""), (0x2010, "-"), (0x2013, "-"), (0x2014, "-"), (0x2015, "-"), (0x2017, "_"),
    (0x2018, "'"), (0x2019, "'"), (0x201a, ","), (0x201b, "'"), (0x201c, "\""), (0x201d, "\""),
    (0x201e, "\""), (0x201f, "\""), (0x2022, "-"), (0x2026, "..."), (0x2028, " "), (0x2029, " "),
    (0x202f, "  "), (0x2039, "<"), (0x203a, ">"), (0x203c, "!!"), (0x2043, "-"), (0x2044, "/"),
    (0x204e, "*"), (0x204f, ";"), (0x205f, "  "), (0x2060, ""), (0x20d2, "|"), (0x20d3, "|"),
    (0x20e5, "\\"), (0x2215, "/"), (0x2217, "*"), (0x2223, "|"), (0x223c, "~"), (0x229b, "*"),
    (0x239c, "|"), (0x239f, "|"), (0x23b8, "|"), (0x23b9, "|"), (0x23bc, "-"), (0x23bd, "-"),
    (0x23d0, "|"), (0x2722, "*"), (0x2723, "*"), (0x2724, "*"), (0x2725, "*"), (0x2731, "*"),
    (0x2732, "*"), (0x2733, "*"), (0x273a, "*"), (0x273b, "*"), (0x273c, "*"), (0x273d, "*"),
    (0x2743, "*"), (0x2749, "*"), (0x274a, "*"), (0x274b, "*"), (0x275b, "'"), (0x275c, "'"),
    (0x275d, "\""), (0x275e, "\""), (0x2768, "("), (0x2769, ")"), (0x276a, "("), (0x276b, ")"),
    (0x2774, "{"), (0x2775, "}"), (0x27ee, "("), (0x27ef, ")"), (0x2982, ":"), (0x2985, "("),
    (0x2986, ")"), (0x29c6, "*"), (0x29f5, "\\"), (0x29f8, "/"), (0x29f9, "\\"), (0x3000, "  "),
    (0x3001, ","), (0x3002, "."), (0x301d, "\""), (0x301e, "\""), (0xa730, "F"), (0xa731, "S"),
    (0xa789, ":"), (0xa78a, "="), (0xfe10, "'"), (0xfe11, "'"), (0xfe13, ":"), (0xfe14, ";"),
    (0xfe15, "!"), (0xfe16, "?"), (0xfe50, ","), (0xfe51, ","), (0xfe52, "."), (0xfe54, ";"),
    (0xfe56, "?"), (0xfe57, "!"), (0xfe59, "("), (0xfe5a, ")"), (0xfe5b, "{"), (0xfe5c, "}"),
    (0xfe5f, "#"), (0xfe60, "&"), (0xfe61, "*"), (0xfe62, "+"), (0xfe63, "-"), (0xfe64, "<"),
    (0xfe65, ">"), (0xfe66, "="), (0xfe68, "\\"), (0xfe69, "$"), (0xfe6a, "%"), (0xfe6b, "@"),
    (0xfeff, ""), (0xff01, "!"), (0xff02, "\""), (0xff03, "#"), (0xff04, "$"), (0xff05, "%"),
    (0xff06, "&"), (0xff07, "'"), (0xff08, "("), (0xff09, ")"), (0xff0a, "*"), (0xff0b, "+"),
    (0xff0c, ","), (0xff0d, "-"), (0xff0e, "."), (0xff0f, "/"), (0xff10, "0"), (0xff11, "1"),
    (0xff12, "2"), (0xff13, "3"), (0xff14, "4"), (0xff15, "5"), (0xff16, "6"), (0xff17, "7"),
    (0xff18, "8"), (0xff19, "9"), (0xff1a, ":"), (0xff1b, ";"), (0xff1c, "<"), (0xff1d, "="),
    (0xff1e, ">"), (0xff1f, "?"), (0xff20, "@"), (0xff21, "A"), (0xff22, "B"), (0xff23, "C"),
    (0xff24, "D"), (0xff25, "E"), (0xff26, "F"), (0xff27, "G"), (0xff28, "H"), (0xff29, "I"),
    (0xff2a, "J"), (0xff2b, "K"), (0xff2c, "L"), (0xff2d, "M"), (0xff2e, "N"), (0xff2f, "O"),
    (0xff30, "P"), (0xff31, "Q"), (0xff32, "R"), (0xff33, "S"), (0xff34, "T"), (0xff35, "U"),
    (0xff36, "V"), (0xff37, "W"), (0xff38, "X"), (0xff39, "Y"), (0xff3a, "Z"), (0xff3b, "["),
    (0xff3c, "\\"), (0xff3d, "]"), (0xff3e, "^"), (0xff3f, "_"), (0xff5b, "{"), (0xff5c, "|"),
    (0xff5d, "}"), (0xff5e, "~"), (0xff61, "."), (0xff64, ","),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replacement_is_gsm() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        for (point, replacement) in TABLE {
            assert!(replacement.chars().all(|c| septets(c).is_some()), "{point:x}");
        }
    }
}
