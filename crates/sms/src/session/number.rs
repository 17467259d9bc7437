//! The number of an option, as people write it (SMS-3).

/// No menu has more options than this many digits can name.
const DIGITS: usize = 3;

/// The number that a whole text is: digits of any script, perhaps in quotes or with a full stop, a bracket or an emoji
/// beside them ("2.", "(2)", "#2", "2️⃣", "२", "②"). Two numbers, a minus sign or a decimal point make no number of an option:
/// `1 2` is not 12, and `-1` is not 1.
#[must_use]
pub fn option_number(text: &str) -> Option<usize> {
    let (mut number, mut digits, mut over) = (0_usize, 0, false);
    let mut before = None;
    for c in text.chars() {
        if let Some(value) = circled(c) {
            // A circled number is whole.
            if digits > 0 {
                return None;
            }
            (number, digits, over) = (value, 1, true);
        } else if let Some(digit) = digit(c) {
            let signed = digits == 0 && before.is_some_and(is_sign);
            if over || signed || digits == DIGITS {
                return None;
            }
            (number, digits) = (number * 10 + digit, digits + 1);
        } else if is_shaping(c) {
            continue;
        } else if c.is_alphabetic() {
            return None;
        } else {
            over |= digits > 0;
        }
        if !c.is_whitespace() {
            before = Some(c);
        }
    }
    (digits > 0).then_some(number)
}

fn is_sign(c: char) -> bool {
    matches!(c, '-' | '−' | '–' | '—' | '－' | '‐' | '‑' | '.' | '．' | ',' | '，')
}

/// What makes an emoji of a digit, and is not seen.
fn is_shaping(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
}

/// The value of a decimal digit of any script of Unicode that is written today: each has its ten in a row.
fn digit(c: char) -> Option<usize> {
    const ZEROS: [char; 29] = [
        '0', '٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០',
        '᠐', '᥆', '᧐', '᭐', '᮰', '᱀', '᱐', '꘠', '꣐', '꧐', '０',
    ];
    let place = |zero: char| usize::try_from(u32::from(c).checked_sub(u32::from(zero))?).ok();
    let of_script = ZEROS.into_iter().filter_map(place).find(|value| *value < 10);
    of_script.or_else(|| "〇一二三四五六七八九".chars().position(|han| han == c)).or(match c {
        // Mathematical digits: five alphabets of ten.
        '\u{1d7ce}'..='\u{1d7ff}' => place('\u{1d7ce}').map(|value| value % 10),
        '⁰' => Some(0),
        '¹' => Some(1),
        '²' => Some(2),
        '³' => Some(3),
        '⁴'..='⁹' => place('⁰'),
        '₀'..='₉' => place('₀'),
        _ => None,
    })
}

/// The value of a number that is one character: in a circle, in brackets, with a full stop.
fn circled(c: char) -> Option<usize> {
    let from = |first: char, value: usize| {
        let place = u32::from(c).checked_sub(u32::from(first))?;
        usize::try_from(place).ok().map(|place| place + value)
    };
    match c {
        '①'..='⑳' => from('①', 1),
        '⑴'..='⒇' => from('⑴', 1),
        '⒈'..='⒛' => from('⒈', 1),
        '⓪' | '⓿' => Some(0),
        '⓵'..='⓾' => from('⓵', 1),
        '❶'..='❿' => from('❶', 1),
        '➀'..='➉' => from('➀', 1),
        '➊'..='➓' => from('➊', 1),
        '㉑'..='㉟' => from('㉑', 21),
        '🔟' => Some(10),
        '十' => Some(10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_many_ways() {
        for text in [
            "2",
            " 2 ",
            "2.",
            "(2)",
            "\"2\"",
            "#2",
            "2!",
            "2️⃣",
            "２",
            "２．",
            "२",
            "২",
            "٢",
            "۲",
            "๒",
            "②",
            "❷",
            "⑵",
            "二",
            "𝟐",
            "02",
            "2\u{200b}",
            "2 👍",
            "\u{2067}2\u{2069}",
        ] {
            assert_eq!(option_number(text), Some(2), "{text}");
        }
        for (text, number) in [("12", 12), ("१२", 12), ("⑫", 12), ("🔟", 10), ("007", 7), ("0", 0)]
        {
            assert_eq!(option_number(text), Some(number), "{text}");
        }
    }

    #[test]
    fn what_is_two_numbers_or_none_chooses_nothing() {
        for text in [
            "",
            "1 2",
            "1,2",
            "1-2",
            "1.5",
            "-1",
            "−1",
            "- 1",
            "–1",
            ".5",
            "1/2",
            "1️⃣2️⃣ 3",
            "①2",
            "2①",
            "①②",
            "1234",
            "two",
            "2a",
            "option 2",
            "1\n2",
            "?",
            "½",
        ] {
            assert_eq!(option_number(text), None, "{text}");
        }
    }
}
