use proptest::prelude::*;

use super::{look::Look, phrases::Phrasebook, *};
use crate::Facts;

fn found(text: &str, kind: ContentType, rules: &ContentRules) -> String {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let found = check_content(text, kind, false, rules, facts);
    let told = |(finding, effect): &(ContentFinding, Effect)| format!("{effect:?}: {finding}");
    found.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn promoted(text: &str) -> String {
    found(text, ContentType::Promotional, &ContentRules::default())
}

#[test]
fn dlc_5_what_is_found_is_told_with_its_words() {
    let table = [
        ("Your order 1042 is ready for pick-up.", ""),
        ("WINNER! Claim   your\nprize", "Refuse: speaks of winner! (prize)"),
        ("Come to our casino", "Refuse: speaks of casino (gambling)"),
        // One of the weaker words is not enough, and a part of a word is none.
        ("The weed in the garden", ""),
        ("Weed gummies", "Refuse: speaks of weed and gummies (cannabis)"),
        ("Sloane's Casinoware", ""),
        ("Part AB150P of order X20P", ""),
        ("Call 1-900-555-0123 now", "Refuse: a number that costs whoever calls it"),
        ("Call (202) 555-0123 now", ""),
        ("See https://bit.ly/x", "Refuse: a link of bit.ly, which is anybody's"),
        ("See go.bit.ly/x, or bit.lyre", "Refuse: a link of go.bit.ly, which is anybody's"),
    ];
    for (text, expected) in table {
        assert_eq!(promoted(text), expected, "{text}");
    }
}

#[test]
fn what_hides_from_filters_is_read_as_people_read_it() {
    let casino = "Refuse: speaks of casino (disguised, gambling)";
    let alike = format!("Refuse: letters that look like others: reads as `casino`; {casino}");
    let table = [
        ("c4s1no", casino),
        ("C.A.S.I.N.O tonight", casino),
        ("c a s i n o", casino),
        ("\u{1d41c}\u{1d41a}\u{1d42c}\u{1d422}\u{1d427}\u{1d428}", casino),
        ("ｃａｓｉｎｏ", casino),
        ("c\u{430}sino", alike.as_str()),
        (
            "ca\u{200b}sino",
            "Refuse: 1 characters that nobody sees; Refuse: speaks of casino (disguised, gambling)",
        ),
        // Russian, an emoji with joiners, Persian with its own, accents: nothing is hidden.
        ("Ваш заказ готов", ""),
        ("Family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} day", ""),
        ("می\u{200c}خواهم", ""),
        ("Café Zoë, naïve résumé", ""),
        ("Vitamin B12 and H2O, 4x4, 3D", ""),
        ("U.S.A. and A B C D", ""),
    ];
    for (text, expected) in table {
        assert_eq!(promoted(text), expected, "{text}");
    }
}

#[test]
fn conversations_are_remarked_and_campaigns_may_have_registered_it() {
    let rules = ContentRules { age_gated: true, ..ContentRules::default() };
    let text = "Our wine tasting is on Friday";
    assert_eq!(
        found(text, ContentType::Conversational, &ContentRules::default()),
        "Remark: speaks of wine tasting (alcohol)"
    );
    assert_eq!(found(text, ContentType::Promotional, &rules), "");
    let silent = ContentRules { prohibited: Effect::Ignore, ..ContentRules::default() };
    assert_eq!(found(text, ContentType::Promotional, &silent), "");
}

#[test]
fn links_are_held_against_the_brands_own_domains() {
    let rules = ContentRules {
        domains: vec!["www.acme.com".into(), "acme.myshopify.com".into()],
        ..ContentRules::default()
    };
    let of = |text: &str| found(text, ContentType::Promotional, &rules);
    assert_eq!(of("https://links.acme.com/1 and acme.com"), "");
    assert_eq!(
        of("https://acme.com.evil.net/1"),
        "Remark: a link of acme.com.evil.net, which is not the brand's"
    );
    // One shop of many under a public suffix.
    assert_eq!(of("https://acme.myshopify.com"), "");
    assert_eq!(
        of("https://evil.myshopify.com"),
        "Remark: a link of evil.myshopify.com, which is not the brand's"
    );
}

#[test]
fn a_first_message_names_the_brand_and_tells_how_to_stop() {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let rules = ContentRules { brand: vec!["Harbor Books".into()], ..ContentRules::default() };
    let first = |text| {
        let found = check_content(text, ContentType::Promotional, true, &rules, facts);
        found.iter().map(|(finding, _)| finding.rule()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(first("Hello!"), "no_brand no_opt_out");
    assert_eq!(first("Harbor Books: new offers. Reply STOP to opt out."), "");
}

/// Wherever it stands: at the end of a text, and over the edges of what is looked at in one go.
#[test]
fn a_word_is_found_wherever_it_stands() {
    for before in (0..20).chain(236..276).chain(490..520) {
        for (word, after) in [("casino", ""), ("CASINO", "!"), ("casino", " tonight")] {
            let text = format!("{} {word}{after}", "x".repeat(before));
            assert_eq!(promoted(&text), "Refuse: speaks of casino (gambling)", "{text}");
            let inside = format!("{}{word}{after}", "x".repeat(before + 1));
            assert_eq!(promoted(&inside), "", "{inside}");
        }
    }
}

#[test]
fn a_link_with_https_may_have_any_ending_and_one_without_a_usual_one() {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let rules =
        ContentRules { domains: vec!["harborbooks.example".into()], ..ContentRules::default() };
    for (text, foreign) in [
        ("See https://evil.xyz/a", true),
        ("See HTTP://Evil.Shop.", true),
        ("See evil.com/a?b", true),
        ("See EVIL.COM", true),
        ("ok.then we meet at home.dunno when", false),
        ("https://www.harborbooks.example/a and Shop.harborbooks.example", false),
        ("version 1.2 at 10.30", false),
        ("home.dunno/https://", false),
        ("https://10.0.0.1/x", false),
        ("Harbor Books: help@harborbooks.example. Reply STOP to opt out.", false),
        ("Write to joe@gmail.com or h3lp.d3sk@evil.com", false),
        ("Write to joe@gmail.com, or see http://evil.com", true),
    ] {
        let found = check_content(text, ContentType::Promotional, false, &rules, facts);
        let links = found.iter().filter(|(found, _)| found.rule() == "foreign_link").count();
        assert_eq!(links > 0, foreign, "{text}");
    }
}

/// An address is no disguised word; a word with `@` for a letter is one.
#[test]
fn dlc_5_an_address_is_read_as_it_is_written() {
    assert_eq!(promoted("Write to c@sino@harborbooks.example today"), "");
    assert!(promoted("Visit our c@sino. Today.").contains("casino"));
    assert!(promoted("Visit our c@sino").contains("casino"));
}

/// What people write beside letters is no disguise, and hides none.
#[test]
fn signs_are_what_they_are() {
    assert_eq!(promoted("It’s £5 … “really” – €6 • 🎉"), "");
    let hidden = promoted("£5 for our cаsino");
    assert!(hidden.contains("reads as `casino`") && hidden.contains("disguised"), "{hidden}");
}

/// Each of them, after and before anything, in any case.
#[test]
fn every_phrase_is_found() {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let categories = facts.categories();
    for (phrase, category) in categories.phrases() {
        for (before, after) in [("", ""), ("x ", "!"), ("Hello, ", " again"), ("(", ")")] {
            for phrase in [phrase.to_owned(), phrase.to_uppercase()] {
                // With what is not enough by itself, another of the category.
                let others = category.phrases.first().map_or("", String::as_str);
                let text = format!("{before}{phrase}{after} | {others}");
                let mut found = Vec::new();
                let look = categories.look(text.as_bytes());
                categories.find(text.as_bytes(), &look, |of, _| found.push(&of.name));
                assert!(found.contains(&&category.name), "{text}: {found:?}");
                let alone = format!("{before}{phrase}{after}");
                let starts = categories.look(alone.as_bytes()).starts;
                assert!(starts.contains(&before.len()), "{alone}: {starts:?}");
            }
        }
    }
}

proptest! {
    /// What 64 bytes at a time tell is what each byte tells.
    #[test]
    fn a_look_sees_what_is_there(text in "[a-cA-C14@$! ._ü\\n-]{0,150}|([a-c]{1,2}[ .]){0,60}|([a-c][ .]){0,80}|[a1 ]{60,70}") {
        let phrasebook = Phrasebook::of([("abc", true, 0), ("$14", true, 0)].into_iter());
        let look = Look::at(text.as_bytes(), &phrasebook);
        let bytes = text.as_bytes();
        let letter = u8::is_ascii_alphabetic;
        let word = u8::is_ascii_alphanumeric;
        let any = |count, is: &dyn Fn(&[u8]) -> bool| bytes.windows(count).any(is);
        prop_assert_eq!(look.other_letters, !text.is_ascii());
        prop_assert_eq!(look.odd_spaces, text.contains("  ") || text.contains('\n'));
        let digit = |w: &[u8]| letter(&w[0]) && b"14@$!".contains(&w[1]) && letter(&w[2]);
        prop_assert_eq!(look.digits_in_words, any(3, &digit));
        prop_assert_eq!(look.dots_in_words, any(3, &|w| word(&w[0]) && w[1] == b'.' && word(&w[2])));
        prop_assert_eq!(look.many_digits, bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= 10);
        let apart = |w: &[u8]| w.iter().enumerate().all(|(i, byte)| if i % 2 == 0 { !word(byte) } else { letter(byte) });
        let before = [b" ", bytes].concat();
        prop_assert_eq!(look.spaced_letters, before.windows(8).any(apart));
        let inside = |at: usize| at > 0 && (word(&bytes[at - 1]) || bytes[at - 1] >= 0x80);
        let starts = (0..bytes.len()).filter(|at| {
            let rest = bytes[*at..].to_ascii_lowercase();
            rest.starts_with(b"$14") || (rest.starts_with(b"abc") && !inside(*at))
        });
        for start in starts {
            prop_assert!(look.starts.contains(&start), "{start}: {:?}", look.starts);
        }
    }
}
