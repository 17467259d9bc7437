use proptest::prelude::*;

use super::{
    ruleset::{STEPS_PER_CHARACTER, STEPS_PER_WORD},
    typos::CANDIDATES,
    *,
};

fn find(text: &str) -> Option<Revocation> {
    find_revocation(text, Languages::ALL, &Commands::default())
}

/// Reads a text with all rules, and holds each language to its bound.
fn read_within_bounds(text: &str) {
    let mut steps = Steps::default();
    let _ = find_counting(text, Languages::ALL, &Commands::default(), &mut steps);
    let words = Reading::of(text, &BOOK.vocabulary, Languages::ALL).words.len();
    for set in &BOOK.sets {
        let most = match set.script {
            Some(_) => STEPS_PER_CHARACTER * text.chars().count(),
            None => STEPS_PER_WORD * words,
        };
        let language = languages::CODES[set.language];
        for (what, taken) in [
            ("rules", steps.rules),
            ("likeness", steps.likeness),
            ("silence", steps.silence),
            ("rules, again", steps.again_rules),
            ("likeness, again", steps.again_likeness),
        ] {
            let taken = taken[set.language];
            assert!(taken <= most, "{what} {language}: {taken} steps, at most {most}: {text}");
        }
    }
}

#[test]
fn every_line_of_the_rules_is_read() {
    let errors: Vec<&String> = BOOK.sets.iter().flat_map(|set| &set.errors).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(BOOK.sets.len(), rules::ALL.len());
    let most = BOOK.vocabulary.most_candidates();
    assert!(most <= CANDIDATES, "{most} words begin or end like one another");
}

/// The tags of each token of a text: what an author of rules needs to see.
fn explain(text: &str) -> String {
    let mut reading = Reading::of(text, &BOOK.vocabulary, Languages::ALL);
    added::drop_added(text, &mut reading);
    BOOK.explain(text, &mut reading, Languages::ALL)
}

#[test]
fn a_text_is_explained() {
    if let Ok(text) = std::env::var("EXPLAIN") {
        println!("{}\n{:?}", explain(&text), find(&text));
    }
    let explained = explain("Zzz, do not text me");
    assert!(explained.starts_with("en: Zzz[word] ‖ do not["), "{explained}");
}

#[test]
fn it_says_which_words_and_why() {
    let table = [
        ("You have the wrong number, STOP texting me!", "stop-texting", "STOP texting me"),
        ("wrong number", "wrong-number", "wrong number"),
        ("Stop. Thank you", "command-first", "Stop"),
        ("STOP", "command", "STOP"),
    ];
    for (text, rule, phrase) in table {
        let found = find(text).unwrap();
        assert_eq!((found.rule, &text[found.phrase]), (rule, phrase));
    }
}

/// C1: a text like this took nine seconds when phrases were searched for in every way.
#[test]
fn sms_16_texts_that_are_made_to_be_slow_take_bounded_steps() {
    let clause = format!("{}stop zzz", "and please ".repeat(23));
    for text in [
        clause.clone(),
        format!("{clause}, ").repeat(6),
        "please ".repeat(228),
        "stop ".repeat(320),
        "stop,".repeat(320),
        "stop texting me ".repeat(100),
        "do not do not ".repeat(110),
        "you never text me, stop texting me ".repeat(45),
        "you never text me, ".repeat(84),
        "why don't you ".repeat(114),
        "unsubscribx ".repeat(130),
        "stop sending me the the the ".repeat(57),
        "\"stop\" ".repeat(228),
        "한국어그만".repeat(320),
        "停止发送".repeat(400),
        "送らないで".repeat(320),
        "> a\n".repeat(400),
        "sent from my ".repeat(123),
    ] {
        read_within_bounds(&text);
    }
}

/// A search for the closing sign behind each of these would read the rest of the text 1,600 times.
#[test]
fn sms_16_texts_of_quotation_marks_are_read_in_bounded_steps() {
    for sign in [
        "“", "”", "「", "『", "《", "〈", "«", "‘", "〝", "\"", "'", "「”", "“」", "\"'", "'a",
        "a'",
    ] {
        let count = 1_600 / sign.chars().count();
        read_within_bounds(&sign.repeat(count));
        read_within_bounds(&format!("{}停止", sign.repeat(count)));
        read_within_bounds(&format!("stop {}", format!("{sign} a ").repeat(count / 4)));
        read_within_bounds(&format!("그만{}", format!(" {sign}").repeat(count / 2)));
        read_within_bounds(&format!("stop {}", format!("{sign}a b c{sign} ").repeat(count / 8)));
    }
}

#[test]
fn sms_16_a_quotation_is_one_token_however_it_is_marked() {
    let tokens = |text: &str| explain(text).lines().next().unwrap().matches('[').count();
    for (text, expected) in [
        ("he said \"please stop texting me\" and 'do not call me' twice", 6),
        ("he said “please stop texting me” and then “stop it now” twice", 7),
        ("he said \"please 'stop texting me' now\" twice", 4),
        ("he said \"please stop texting", 5),
    ] {
        assert_eq!(tokens(text), expected, "{}", explain(text));
    }
    let marks = |text| script::clauses_of(text);
    assert_eq!(marks("a「いろはにほ」b"), ["a", "「いろはにほ」", "b"]);
    assert_eq!(marks("a“い「ろはにほへと”ち」b"), ["a", "「い「ろはにほへと」", "ち」b"]);
    assert_eq!(marks("a“い、ろ「はにほへと」"), ["a", "い", "ろ", "「はにほへと」"]);
}

/// A text that is plainly English was taken by rules of languages that have some of its words ("no", "me", "text").
#[test]
fn sms_16_plain_english_is_not_read_by_the_rules_of_other_languages() {
    for text in [
        "Ok, be careful ! Don't text and drive !",
        "Things are ok so drop me a text when you're free and i'll ring",
        "no, the promo is not for me, send the other one to my address please",
        "I never got the bonus spam folder thing to work",
        "Remove",
        "delete",
        "off",
        "wrap up",
    ] {
        assert_eq!(find(text), None, "{text}");
    }
}

/// The English rules, which always apply, do not read a text of another language in use that has English words in it.
#[test]
fn sms_16_a_text_of_another_language_is_not_read_by_the_english_rules() {
    for text in [
        "jangan stop sms nya ya, saya butuh info promo",
        "kawan saya balas STOP tapi dia kata masih dapat sms",
    ] {
        assert_eq!(find(text), None, "{text}");
        let rules = |languages| {
            let mut reading = Reading::of(text, &BOOK.vocabulary, languages);
            let worth = BOOK.worth_reading(&reading, languages);
            BOOK.find(text, &mut reading, worth, &mut Steps::default(), |_, _| {}).0
        };
        assert_eq!(rules(Languages::ENGLISH).map(|(_, found)| found.level), Some(Level::Likely));
        assert_eq!(rules(Languages::ALL), None, "{text}");
    }
    let mixed = find("stop texting me ya kak").map(|found| found.level);
    assert_eq!(mixed, Some(Level::Likely));
}

/// What a language that the text is not in takes back, stands.
#[test]
fn sms_16_a_language_does_not_take_back_what_another_has_found() {
    let text = "Do not text me anymore. I have nothing else to say.";
    assert_eq!(find(text).map(|found| found.level), Some(Level::Likely));
    for code in languages::CODES {
        let found = find_revocation(
            "STOP. I told you already",
            code.parse().unwrap(),
            &Commands::default(),
        );
        assert_eq!(found.map(|found| found.level), Some(Level::Likely), "{code}");
    }
}

/// Texts are passed over whose words cannot fit any frame: none of them may have one that fits.
fn read_as_without_hints(text: &str) {
    let mut reading = Reading::of(text, &BOOK.vocabulary, Languages::ALL);
    reading.fold_quotes();
    for set in BOOK.sets.iter().filter(|set| set.script.is_none()) {
        let (found, _) = set.find(&set.tokens(text, &reading.words, &mut 0), &mut 0);
        assert!(found.is_none() || set.hints.may_fit(&reading.words), "{found:?} in {text}");
    }
}

/// What most people write fits no frame, and is passed over before it is read with any rules.
#[test]
fn sms_16_an_ordinary_text_is_passed_over() {
    for text in [
        "Hi, I ordered a washer last week and the delivery window was today between two and four, but nobody came. Could you tell \
         me when it will arrive? My order is 58123.",
        "See you at the station at seven, the train from Boston is ten minutes late. Shall we have dinner before the movie?",
    ] {
        let mut steps = Steps::default();
        let _ = find_counting(text, Languages::ALL, &Commands::default(), &mut steps);
        assert_eq!(steps.rules, [0; languages::CODES.len()], "{text}");
        assert_eq!(steps.likeness, [0; languages::CODES.len()], "{text}");
    }
}

/// The entries of all files of rules.
fn entries() -> Vec<&'static str> {
    let all = rules::ALL.iter().chain(silence::RULES);
    let lines = all.flat_map(|(_, files)| files.iter().flat_map(|text| text.lines()));
    let words = lines.filter(|line| line.starts_with("words") || line.starts_with(' '));
    words
        .flat_map(|line| line.rsplit('=').next().unwrap_or(line).split('|'))
        .map(str::trim)
        .collect()
}

proptest! {
    #[test]
    fn sms_16_any_text_is_read_in_bounded_steps(text in "\\PC{0,400}") {
        read_within_bounds(&text);
    }

    #[test]
    fn sms_16_entries_in_any_order_are_read_in_bounded_steps(
        picks in prop::collection::vec((any::<prop::sample::Index>(), "[ ,.!?-]{1,2}"), 1..300),
    ) {
        let entries = entries();
        let mut text = String::new();
        for (pick, gap) in picks {
            let entry = pick.get(&entries);
            if text.chars().count() + entry.chars().count() > 1_598 {
                break;
            }
            text.push_str(entry);
            text.push_str(&gap);
        }
        read_within_bounds(&text);
        read_as_without_hints(&text);
    }

    #[test]
    fn a_phrase_is_a_part_of_the_text(text in "(stop |please |text|me |\\PC){0,40}") {
        if let Some(found) = find(&text) {
            prop_assert!(text.get(found.phrase).is_some());
        }
    }
}

#[test]
fn sms_16_disguises_are_undone() {
    for text in [
        "ｓｔｏｐ ｔｅｘｔｉｎｇ ｍｅ",
        "st\u{200b}op texting me",
        "stoppppp texting me",
        "st0p t3xting me",
        "ѕтор texting me",
        "🛑 texting me",
        "stop textting me",
        "please unsubscibe me",
    ] {
        assert_eq!(find(text).map(|found| found.level), Some(Level::Likely), "{text}");
    }
}

#[test]
fn sms_15_an_opt_out_word_with_something_added_is_likely() {
    let mut commands = Commands::default();
    assert!(commands.add("ALTO", Keyword::OptOut));
    for text in [
        "STOP\n\nSent from my iPhone",
        "STOP - John Smith",
        "STOP!! I have asked you 3 times already",
        "Stop. I told you already",
        "ALTO. Ya se lo dije tres veces",
        "STOP END",
        "STOP2END",
        "STOP to end",
        "STOP to opt out",
        "Reply STOP",
        "Text stop",
        "Send STOP to 40404",
        "responder ALTO",
        "Stopp",
        "st0p",
        "ЅТОР",
        "🛑",
    ] {
        let found = find_revocation(text, Languages::ENGLISH, &commands);
        assert_eq!(found.map(|found| found.level), Some(Level::Likely), "{text}");
    }
    for text in [
        "Stop by the store",
        "Stop 5 on the route",
        "Stop 5, 12 Main Street",
        "Remove",
        "delete",
        "No more, thank you!",
    ] {
        assert_eq!(find_revocation(text, Languages::ENGLISH, &commands), None, "{text}");
    }
    assert_eq!(find("Opt out.").map(|found| found.level), Some(Level::Certain));
}
