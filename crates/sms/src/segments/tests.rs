use proptest::prelude::*;

use super::*;

fn count(text: &str) -> (Encoding, u32) {
    let count = Segmenter::default().count(text);
    (count.encoding, count.segments)
}

fn times(n: usize, text: &str) -> String {
    text.repeat(n)
}

/// Sixteen texts that Twilio billed in July 2026.
#[test]
fn what_twilio_billed() {
    use Encoding::{Gsm7, Ucs2};
    let a = |n| times(n, "a");
    let table = [
        (a(80) + "\r\n" + &a(79), Gsm7, 2),
        (a(80) + "\n" + &a(79), Gsm7, 1),
        (a(200) + "\r\n" + &a(105), Gsm7, 3),
        (times(70, "\u{e9}"), Gsm7, 1),
        (times(70, "e\u{301}"), Ucs2, 3),
        ("e\u{301}".into(), Ucs2, 1),
        ("“quoted”".into(), Ucs2, 1),
        (smart_encode("“quoted”").into(), Gsm7, 1),
        ("„\u{200c}".into(), Ucs2, 1),
        (smart_encode("„\u{200c}").into(), Gsm7, 1),
        ("🙂|".into(), Ucs2, 1),
        (a(160), Gsm7, 1),
        (a(161), Gsm7, 2),
        (times(70, "中"), Ucs2, 1),
        (times(71, "中"), Ucs2, 2),
        ("|".into(), Gsm7, 1),
    ];
    for (text, encoding, segments) in table {
        assert_eq!(count(&text), (encoding, segments), "{text:?}");
    }
}

#[test]
fn an_escape_pair_a_surrogate_pair_and_a_cluster_stay_whole() {
    // 76 brackets fill 152 of 153 septets.
    assert_eq!(count(&times(153, "]")), (Encoding::Gsm7, 3));
    // 33 emoji fill 66 of 67 units.
    assert_eq!(count(&times(67, "🙂")), (Encoding::Ucs2, 3));
    let family = "👩\u{200d}👩\u{200d}👧";
    let text = times(12, family);
    let split = |split_at| -> Vec<usize> {
        let segmenter = Segmenter::default().splitting_at(split_at);
        segmenter.split(&text).map(|part| part.text.chars().count()).collect()
    };
    assert_eq!(split(SplitAt::Graphemes), [40, 20]);
    assert_eq!(split(SplitAt::CodePoints), [42, 18]);
}

#[test]
fn a_line_break_of_two_characters_may_be_split() {
    let text = times(66, "中") + "\r\n" + &times(10, "中");
    let units: Vec<u32> = Segmenter::default().split(&text).map(|part| part.units).collect();
    assert_eq!(units, [67, 11]);
}

#[test]
fn a_cluster_longer_than_a_part_leaves_no_part_empty() {
    let text = format!("e{}", times(100, "\u{301}"));
    let units: Vec<u32> = Segmenter::default().split(&text).map(|part| part.units).collect();
    assert_eq!(units, [67, 34]);
    let text = format!("aé中{text}b");
    let units: Vec<u32> = Segmenter::default().split(&text).map(|part| part.units).collect();
    assert_eq!(units, [3, 67, 35]);
}

#[test]
fn the_boundaries() {
    let table = [
        ("a", 0, 1),
        ("a", 160, 1),
        ("a", 161, 2),
        ("a", 306, 2),
        ("a", 307, 3),
        ("{", 80, 1),
        ("{", 81, 2),
        ("{", 152, 2),
        ("{", 153, 3),
        ("中", 134, 2),
        ("中", 135, 3),
        ("🙂", 35, 1),
        ("🙂", 36, 2),
    ];
    for (text, n, segments) in table {
        assert_eq!(count(&times(n, text)).1, segments, "{n} × {text}");
    }
}

#[test]
fn national_tables_save_segments_where_they_are_allowed() {
    let table = [
        (NationalLanguage::Turkish, "Şu an çok yoğunuz, lütfen ı bekleyin. ", 4, 1, 3),
        (NationalLanguage::Spanish, "Atención: ¿qué día podría llamar él? ", 3, 1, 2),
        (NationalLanguage::Portuguese, "Não há ninguém; você não está só. ", 4, 1, 3),
        (NationalLanguage::Hindi, "नमस्ते, आप कैसे हैं? ", 7, 1, 3),
    ];
    for (language, sentence, n, national, plain) in table {
        let text = times(n, sentence);
        let segmenter = Segmenter::default().with_language(language);
        let count = segmenter.count(&text);
        assert_eq!((count.encoding, count.segments), (Encoding::Gsm7, national), "{language:?}");
        assert_eq!(Segmenter::default().count(&text).segments, plain, "{language:?}");
        let parts: String = segmenter.split(&text).map(|part| part.text).collect();
        assert_eq!(parts, text);
    }
}

#[test]
fn indic_clusters_are_counted_as_they_are_split() {
    // A vowel sign behind its consonant at every boundary.
    let segmenter = Segmenter::default().with_language(NationalLanguage::Hindi);
    for before in 0..3 {
        let text = times(before, "क") + &times(400, "नि");
        let count = segmenter.count(&text);
        let parts: Vec<Part<'_>> = segmenter.split(&text).collect();
        assert_eq!(
            (count.encoding, u32::try_from(parts.len()).unwrap()),
            (Encoding::Gsm7, count.segments)
        );
    }
}

/// The letters of the tables, as Android's GsmAlphabet has them from the same standard.
#[test]
fn tables_hold_the_letters_of_their_languages() {
    use NationalLanguage::{Portuguese, Spanish, Turkish};
    let table = [
        (None, Some(Turkish), "ĞİŞçğış€"),
        (None, Some(Spanish), "çÁÍÓÚáíóú€"),
        (None, Some(Portuguese), "êçÔôÁáÊÀÍÓÚÃÕÂíóúãõâ€"),
    ];
    for (locking, single, letters) in table {
        let tables = ShiftTables { locking, single };
        for letter in letters.chars() {
            assert_eq!(tables.septets(letter), Some(2), "{letter}");
        }
    }
    let tables = ShiftTables { locking: Some(Turkish), single: Some(Turkish) };
    assert_eq!(tables.septets('ı'), Some(1));
    assert_eq!(tables.septets('è'), None);
    assert_eq!(tables.capacity(false), 152);
    assert_eq!(tables.capacity(true), 146);
    let tables = ShiftTables { locking: None, single: Some(Turkish) };
    assert_eq!((tables.capacity(false), tables.capacity(true)), (155, 149));
}

#[test]
fn the_default_alphabet_is_the_standards() {
    for character in '\0'..=char::MAX {
        let standard = ShiftTables::default().septets(character);
        assert_eq!(alphabet::septets(character), standard, "{character:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "[ -~]{0,90}",
        "[a-z{}€\\[\\]|]{0,90}",
        "[àéÄñß\r\n]{0,40}",
        "\\PC{0,40}",
        "(e\u{301}|👩\u{200d}👧|🇩🇪|한|\r\n|中){0,40}",
    ];
    prop::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn parts_are_the_text_and_what_was_counted(text in text(), code_points in any::<bool>(), smart in any::<bool>()) {
        let text = if smart { smart_encode(&text).into_owned() } else { text };
        let split_at = if code_points { SplitAt::CodePoints } else { SplitAt::Graphemes };
        let segmenter = Segmenter::default().splitting_at(split_at).with_language(NationalLanguage::Spanish);
        let count = segmenter.count(&text);
        let parts: Vec<Part<'_>> = segmenter.split(&text).collect();
        prop_assert_eq!(parts.iter().map(|part| part.text).collect::<String>(), text.clone());
        prop_assert_eq!(u32::try_from(parts.len()).unwrap(), count.segments);
        prop_assert_eq!(parts.iter().map(|part| part.units).sum::<u32>(), count.units);
        let capacity = match (count.encoding, count.segments) {
            (Encoding::Gsm7, n) => count.tables.capacity(n > 1),
            (Encoding::Ucs2, 1) => 70,
            (Encoding::Ucs2, _) => 67,
        };
        for part in &parts {
            prop_assert!(part.units <= capacity);
            prop_assert!(!part.text.is_empty() || text.is_empty());
        }
    }
}
