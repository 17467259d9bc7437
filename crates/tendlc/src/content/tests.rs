mod approaches;
mod kinds;
mod senses;

use proptest::prelude::*;

use super::{knowledge::Knowledge, *};
use crate::Facts;

#[test]
fn all_that_is_known_can_be_read() {
    let read = Knowledge::read();
    assert_eq!(read.as_ref().err(), None);
    assert!(read.unwrap().rules.len() > 50);
}

fn found(text: &str, kind: ContentType, rules: &ContentRules) -> String {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let found = check_content(text, kind, false, rules, facts);
    let told = |(finding, effect): &(ContentFinding, Effect)| format!("{effect:?}: {finding}");
    found.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn promoted(text: &str) -> String {
    found(text, ContentType::Promotional, &ContentRules::default())
}

fn rules_found(text: &str, rules: &ContentRules) -> String {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let found = check_content(text, ContentType::Promotional, false, rules, facts);
    found.iter().map(|(finding, _)| finding.rule()).collect::<Vec<_>>().join(" ")
}

#[test]
fn dlc_5_what_is_found_is_told_with_its_words() {
    let table = [
        ("Your order 1042 is ready for pick-up.", ""),
        (
            "THCA flower is back, 1oz from $89",
            "Refuse: offers cannabis, kratom or products with CBD or THC: `THCA`, `from $89` (cannabis)",
        ),
        ("The weed in the garden", ""),
        ("Marijuana is not allowed on the property. Fines start at $150.", ""),
        ("Glue guns are 40% off", ""),
        ("Part AB150P of order X20P", ""),
        ("Call 1-900-555-0123 now", "Refuse: a number that costs whoever calls it"),
        ("Call (202) 555-0123 now", ""),
        ("See https://bit.ly/x", "Refuse: a link of bit.ly, which is anybody's"),
        ("See go.bit.ly/x, or bit.lyre", "Refuse: a link of go.bit.ly, which is anybody's"),
        ("Map: https://maps.app.goo.gl/Jq7R", ""),
    ];
    for (text, expected) in table {
        assert_eq!(promoted(text), expected, "{text}");
    }
}

/// Whoever writes in the name of somebody else is told by the link, the number and what is asked for; the organisation itself is not.
#[test]
fn dlc_5_impersonators_are_told_by_what_they_demand() {
    let bad = [
        "USPS: your package cannot be delivered, incomplete address. Confirm: usps.com-trk.top/us",
        "Chase alert: your card is locked. Verify at chase-secure-login.com within 12 hours",
        "Please reply with the 6 digit code so that we can cancel the charge",
        "Hi mom, my phone broke, this is my new number. Can you zelle $900 to my landlord?",
        "Pastor Dave here. Pick up 4 Apple gift cards and send me pics of the codes",
    ];
    for text in bad {
        assert!(promoted(text).contains("phishing"), "{text}: {}", promoted(text));
    }
    let bank = ContentRules {
        brand: vec!["Chase".into()],
        domains: vec!["chase.com".into()],
        ..ContentRules::default()
    };
    for text in [
        "Chase: we locked your card after unusual activity. Call the number on the back. We never ask for your PIN.",
        "Chase: your statement is ready at chase.com/statements",
    ] {
        assert_eq!(found(text, ContentType::Informational, &bank), "", "{text}");
    }
    let usps = "UPS: Your package 1Z99 is out for delivery. https://www.ups.com/track?n=1Z99";
    assert_eq!(promoted(usps), "");
}

#[test]
fn dlc_5_what_hides_from_filters_is_read_as_people_read_it() {
    for text in [
        "50 fr33 sp1ns today",
        "50 F.R.E.E S.P.I.N.S today",
        "50 f r e e  s p i n s today",
        "50 \u{1d41f}\u{1d42b}\u{1d41e}\u{1d41e} \u{1d42c}\u{1d429}\u{1d422}\u{1d427}\u{1d42c} today",
        "50 ｆｒｅｅ ｓｐｉｎｓ today",
        "50 ꜰʀᴇᴇ sᴘɪɴs today",
        "50 f\u{336}r\u{336}e\u{336}e\u{336} s\u{336}p\u{336}i\u{336}n\u{336}s\u{336} today",
        "50 🅵🆁🅴🅴 🆂🅿🅸🅽🆂 today",
        "50 freee spiiins today",
        "50 fr*e sp!ns today",
        "50 fr\u{435}\u{435} s\u{440}ins today",
        "50 fre\u{200b}e sp\u{200b}ins today",
        "50 f/r/e/e s|p|i|n|s today",
        "50 f\u{2022}r\u{2022}e\u{2022}e s,p,i,n,s today",
    ] {
        assert!(promoted(text).contains("casino games"), "{text}: {}", promoted(text));
    }
    // Ones that are an i and an l, stars for every vowel, doubled letters of a word that has some of its own.
    assert!(promoted("c1gari11os $1 each").contains("tobacco"));
    assert!(promoted("c*nn*b*s from $20, we deliver").contains("cannabis"));
    assert!(promoted("hhoookkaah bowls $15").contains("tobacco"));
    assert!(promoted("handgunz from $200").contains("firearms"));
    // A word in two.
    assert!(promoted("mari juana from $20, we deliver").contains("cannabis"));
    // Russian, an emoji with joiners, Persian with its own, accents: nothing is hidden.
    for text in [
        "Ваш заказ готов",
        "Family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} day",
        "می\u{200c}خواهم",
        "Café Zoë, naïve résumé",
        "Vitamin B12 and H2O, 4x4, 3D",
        "U.S.A. and A B C D",
        "It’s £5 … “really” – €6 • 🎉",
    ] {
        assert_eq!(promoted(text), "", "{text}");
    }
    let hidden = promoted("50 free s\u{440}ins");
    assert!(hidden.contains("reads as `spins`") && hidden.contains("disguised"), "{hidden}");
}

#[test]
fn dlc_5_links_that_hide_where_they_lead_are_told() {
    for (text, expected) in [
        ("See http://203.0.113.77/netflix/login", "deceptive_link"),
        ("See http://3405803777/vm", "deceptive_link"),
        ("Router: http://192.168.1.1", ""),
        ("See https://www.google.com/url?q=https://evil.example/x", "deceptive_link"),
        ("See google.com/url?q=https://evil.example/x", "deceptive_link"),
        ("See www.google.com/amp/s/evil.example/x", "deceptive_link"),
        ("See https://l.facebook.com/l.php?u=evil.example", "deceptive_link"),
        ("See http://[2001:db8::1]/x", "deceptive_link"),
        ("See https://paypal.com@evil.example/x", "deceptive_link"),
        ("Log in at paypal.com@evil.example", "deceptive_link"),
        ("See https://xn--pypal-4ve.com/x", "deceptive_link"),
        ("See https://xn--bcher-kva.com/x", "deceptive_link"),
        ("See bit[.]ly/x", "deceptive_link shortener"),
        ("See b i t . l y / x 4", "deceptive_link shortener"),
        ("See t.co/x, shorturl.at/y", "shortener shortener"),
        ("See shorter.me/x", "shortener"),
        ("Rate us: forms.gle/x", ""),
        ("Apple: your ID is locked. Confirm at forms.gle/x now", "prohibited_content"),
        ("See buff.ly/x and s.id/y and wa.me/1", "shortener shortener shortener"),
        ("See paypa1-help.com", "imitated_site"),
        ("See usps.com.track-it.top/x", "imitated_site"),
        ("See data:text/html;base64,PHN", "deceptive_link"),
        ("See http://example.com/app.apk", "deceptive_link"),
        // N6 of a trial: names that a phone reads in another way than a filter.
        ("See https://acme.example%2eevil.top/", "deceptive_link"),
        ("See https://evil\u{2024}top/x", "deceptive_link"),
        ("See https:/\u{200b}/evil.top", "deceptive_link"),
        ("See http://127.1/x", "deceptive_link"),
        ("See http://0x7f.1/x", "deceptive_link"),
        ("See 0x7f.1/x", "deceptive_link"),
        ("It is 1.5/day and 4.5/5 stars, 50%off, 100% yours", ""),
        ("Read https://login.acme.example/?next=https://login.acme.example/a", ""),
    ] {
        assert_eq!(rules_found(text, &ContentRules::default()), expected, "{text}");
    }
}

#[test]
fn conversations_are_remarked_and_campaigns_may_have_registered_it() {
    let rules = ContentRules { age_gated: true, ..ContentRules::default() };
    let text = "Tequila Tuesday: shots $3 all night";
    assert_eq!(
        found(text, ContentType::Conversational, &ContentRules::default()),
        "Remark: offers alcohol without asking for the age: `Tequila`, `shots`, `$3` (alcohol)"
    );
    assert_eq!(found(text, ContentType::Promotional, &rules), "");
    let silent = ContentRules { prohibited: Effect::Ignore, ..ContentRules::default() };
    assert_eq!(found(text, ContentType::Promotional, &silent), "");
    let probable = "Walk in humidor open til 11, gift set with cutter $65";
    assert!(promoted(probable).starts_with("Remark: offers tobacco"), "{}", promoted(probable));
    let strict = ContentRules { probable: Effect::Refuse, ..ContentRules::default() };
    assert!(
        found(probable, ContentType::Promotional, &strict).starts_with("Refuse: offers tobacco")
    );
    let gated = "Tequila from $20. Verify your age (21+) before you order.";
    assert_eq!(promoted(gated), "");
}

/// A name that sells something else lifts words of two senses, and not goods that have one.
#[test]
fn dlc_5_a_harmless_name_lifts_no_offer_of_goods_of_one_sense() {
    for name in ["Harbor Books", "Harbor Clinic", "Harbor Dental", "Harbor Pharmacy", "Acme"] {
        let rules = ContentRules { brand: vec![name.into()], ..ContentRules::default() };
        for text in [
            "THCA flower is back, 1oz from $89",
            "CBD gummies for pain, $29 a jar, from our shop",
            "Kratom capsules 20% off",
            "Delta-8 carts from $15",
            "Zyn cans $4 each, all flavors",
            "Glock 19 in stock, $499",
        ] {
            let found = found(text, ContentType::Promotional, &rules);
            assert!(found.starts_with("Refuse: offers"), "{name}: {text}: {found}");
        }
        let found = found("Vodka and whiskey 20% off tonight", ContentType::Promotional, &rules);
        assert!(found.contains("offers alcohol"), "{name}: {found}");
    }
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
fn a_link_may_have_any_public_ending() {
    let rules =
        ContentRules { domains: vec!["harborbooks.example".into()], ..ContentRules::default() };
    for (text, foreign) in [
        ("See https://evil.xyz/a", true),
        ("See HTTP://Evil.Shop.", true),
        ("See evil.com/a?b", true),
        ("See EVIL.COM", true),
        ("Rate us: forms.gle/x", true),
        ("See //evil.top/x", true),
        ("See evil.top or evil.icu", true),
        ("See evil.at/x", true),
        ("See evil.live", true),
        ("ok.then we meet at home.dunno when", false),
        ("https://www.harborbooks.example/a and Shop.harborbooks.example", false),
        ("version 1.2 at 10.30", false),
        ("home.dunno/https://", false),
        ("Great.Shop now", false),
        ("Call me.is it ok", false),
        ("Harbor Books: help@harborbooks.example. Reply STOP to opt out.", false),
        ("Write to joe@gmail.com or h3lp.d3sk@evil.com", false),
        ("Write to joe@gmail.com, or see http://evil.com", true),
    ] {
        let found = rules_found(text, &rules);
        assert_eq!(found.contains("foreign_link"), foreign, "{text}: {found}");
    }
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

#[test]
fn dlc_5_an_exception_covers_what_it_names_on_its_days() {
    let exception = ContentException {
        category: Some("gambling".into()),
        phrase: None,
        reason: "a museum of slot machines; counsel, 2026-11-20".into(),
        since: "2026-11-20".parse().unwrap(),
        until: Some("2026-12-31".parse().unwrap()),
    };
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let text = "50 free spins today";
    let effect = |exception: ContentException, day: &str| {
        let rules = ContentRules { exceptions: vec![exception], ..ContentRules::default() };
        let day = day.parse().unwrap();
        let found = check_content_on(day, text, ContentType::Promotional, false, &rules, facts);
        (found[0].effect, found[0].excepted.is_some())
    };
    assert_eq!(effect(exception.clone(), "2026-11-21"), (Effect::Ignore, true));
    assert_eq!(effect(exception.clone(), "2026-11-19"), (Effect::Refuse, false));
    assert_eq!(effect(exception.clone(), "2027-01-01"), (Effect::Refuse, false));
    let of = |category: Option<&str>, phrase: Option<&str>| ContentException {
        category: category.map(str::to_owned),
        phrase: phrase.map(str::to_owned),
        ..exception.clone()
    };
    assert_eq!(effect(of(Some("adult"), None), "2026-11-21").0, Effect::Refuse);
    assert_eq!(effect(of(None, Some("Free Spins")), "2026-11-21").0, Effect::Ignore);
    assert_eq!(effect(of(None, Some("jackpot")), "2026-11-21").0, Effect::Refuse);
    assert_eq!(effect(of(None, None), "2026-11-21").0, Effect::Refuse);
}

/// A host's own phrases are enough, wherever they stand.
#[test]
fn phrases_of_a_hosts_own_are_found() {
    let own = "[[content]]\ncategory = \"gambling\"\nphrases = [\"lucky wheel\"]\n\
        basis = { source = \"our counsel\", since = \"2026-01-01\", confidence = \"high\" }";
    let facts = Facts::with(own).unwrap();
    let facts = facts.on("2026-11-21".parse().unwrap());
    let found = check_content(
        "Come and see our Lucky Wheel.",
        ContentType::Promotional,
        false,
        &ContentRules::default(),
        facts,
    );
    assert_eq!(
        found[0].0.to_string(),
        "speaks of what this center does not send: `Lucky Wheel` (gambling)"
    );
}

/// The work is bounded: steps grow no faster than the text, whatever stands in it.
#[test]
fn dlc_5_steps_are_bounded_by_the_length() {
    let knowledge = Knowledge::standard();
    let kinds = [
        "a ",
        "a.",
        "1 ",
        "1-",
        "free ",
        "$1 ",
        "@1!",
        "c a s i n o ",
        "bit.ly/x ",
        "е",
        "🅵",
        "\u{200b}a",
        "you your ",
        "gift card codes ",
        "http://a@b.com ",
        "*a",
        "i1l|!",
        "reply y then ",
    ];
    for kind in kinds {
        let text: String = kind.chars().cycle().take(1_600).collect();
        let steps = judge::judge(&text, &ContentRules::default(), knowledge).steps;
        assert!(steps <= 100 * 1_600, "{kind:?}: {steps}");
    }
}

proptest! {
    /// Whatever is written, it is read without a panic, within the bound, and what is told stands in it.
    #[test]
    fn anything_can_be_read(text in "(.|free spins|\\$9|[a-z@!$*.0-9-]|https?://|bit\\.ly/| ){0,80}") {
        let knowledge = Knowledge::standard();
        let judgement = judge::judge(&text, &ContentRules::default(), knowledge);
        prop_assert!(judgement.steps <= 200 * (text.len() + 10), "{}", judgement.steps);
        for token in &judgement.reading.tokens {
            prop_assert!(text.get(token.from..token.to).is_some(), "{token:?}");
        }
        for (at, _) in &judgement.reading.links {
            prop_assert!(judgement.reading.tokens.get(*at).is_some());
        }
    }
}
