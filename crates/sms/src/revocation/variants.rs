//! Spellings that read alike in scripts without spaces. Rules and texts are folded in the same way, so that a rule is written once.

/// The first and the last Hangul syllable, and the number of syllables of an initial and of a vowel.
const HANGUL: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;
const OF_INITIAL: u32 = 588;
const OF_VOWEL: u32 = 28;
/// The initial of 매 and 메, which are told apart: 매일 is every day, 메일 is mail.
const MIEUM: u32 = 6;

/// Traditional characters, each before its simplified one: those that texts about messages are made of.
const TRADITIONAL: &str = include_str!("rules/zh-traditional.txt");

/// How the letters of a language are folded.
#[derive(Debug, Default)]
pub(super) enum Variants {
    #[default]
    None,
    Hangul,
    Kana,
    Han(rustc_hash::FxHashMap<char, char>),
}

impl Variants {
    pub(super) fn of(code: &str) -> Self {
        match code {
            "ko" => Self::Hangul,
            "ja" => Self::Kana,
            "zh" => Self::Han(pairs(TRADITIONAL).collect()),
            _ => Self::None,
        }
    }

    pub(super) fn fold(&self, letter: char) -> char {
        match self {
            Self::None => letter,
            Self::Hangul => hangul(letter),
            Self::Kana => match letter {
                'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60).unwrap_or(letter),
                _ => letter,
            },
            Self::Han(simplified) => simplified.get(&letter).copied().unwrap_or(letter),
        }
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    let words = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    words.filter_map(|pair| {
        let mut letters = pair.chars();
        Some((letters.next()?, letters.next()?))
    })
}

/// Vowels and finals that sound alike and are mistaken for one another (세 and 새, 됐 and 됬, 않 and 안), and laughter that
/// sticks to a syllable (요ㅋ as 욬).
fn hangul(letter: char) -> char {
    let code = u32::from(letter);
    if !HANGUL.contains(&code) {
        return letter;
    }
    let place = code - HANGUL.start();
    let (initial, vowel, last) =
        (place / OF_INITIAL, place % OF_INITIAL / OF_VOWEL, place % OF_VOWEL);
    let vowel = match vowel {
        3 | 5 | 7 if initial != MIEUM => 1,
        11 | 15 => 10,
        other => other,
    };
    let last = match last {
        2 => 1,
        6 => 4,
        15 => 8,
        18 => 17,
        20 => 19,
        24 => 0,
        other => other,
    };
    let folded = HANGUL.start() + initial * OF_INITIAL + vowel * OF_VOWEL + last;
    char::from_u32(folded).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_read_alike_are_one() {
        for (code, one, other) in [
            (
                "ko",
                "보내지 마새요 됬어요 않 업어요 할게욬",
                "보내지 마세요 됐어요 안 없어요 할게요",
            ),
            ("ja", "メッセージ停止", "めっせーじ停止"),
            ("zh", "請不要再傳簡訊給我", "请不要再传简讯给我"),
        ] {
            let variants = Variants::of(code);
            let fold = |text: &str| text.chars().map(|c| variants.fold(c)).collect::<String>();
            assert_eq!(fold(one), fold(other));
        }
        let korean = Variants::of("ko");
        assert_ne!(korean.fold('매'), korean.fold('메'));
    }

    #[test]
    fn traditional_characters_are_given_in_pairs() {
        let words = TRADITIONAL.lines().filter(|line| !line.starts_with('#'));
        for pair in words.flat_map(str::split_whitespace) {
            let letters: Vec<char> = pair.chars().collect();
            assert!(letters.len() == 2 && letters[0] != letters[1], "{pair}");
        }
    }
}
