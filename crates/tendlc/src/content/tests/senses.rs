//! Words of two senses: the harmless one is not taken for the other.

use super::{
    kinds::{category, told_apart},
    *,
};

#[test]
fn dlc_5_a_harmless_sense_of_a_word_is_no_offer() {
    for text in [
        "Hot girls' night out: karaoke, nachos and no cover at Molly's, Friday at 9",
        "Hot girl summer bootcamp starts Monday, $99",
        "Iron Gym: no joining fee in December. New guns by New Year?",
        "Hemp bedding for horses, 40 lb bag $24",
        "Bud Light not included, but pancakes are $5",
        "Weed-free straw is in, $8 a bale",
    ] {
        assert_eq!(category(text, ContentType::Promotional), "", "{text}");
    }
    told_apart(
        "hate",
        ContentType::Conversational,
        &["1488. You know what it means."],
        &[
            "Your order 1488 is packed",
            "Lynch Realty: the keys to 1488 Reich St are ready",
            "Tourists must go through the east gate",
        ],
    );
}

/// A name tells the age as a text does.
#[test]
fn dlc_5_an_age_in_the_senders_name_is_an_age() {
    let rules = ContentRules { brand: vec!["The Vine (21+)".into()], ..ContentRules::default() };
    let text = "The Vine (21+): Wine club pick up is Friday. 15% off all reds";
    let refused = check_content(
        text,
        ContentType::Promotional,
        false,
        &rules,
        Facts::standard().on("2026-11-21".parse().unwrap()),
    );
    assert!(refused.iter().all(|(_, effect)| *effect < Effect::Refuse), "{refused:?}");
}

#[test]
fn dlc_5_goods_in_few_words_are_offers() {
    for (text, of) in [
        ("CBD: sleep tincture 1500mg now 30% off", "cannabis"),
        ("Parlay boost +100% tonight, opt in", "gambling"),
        ("pics n vids r on my page 😈", "adult"),
        ("dispos 25k puff $15 ea", "tobacco"),
        ("Nicaraguan night: 4 sticks from the house humidor for the price of 3", "tobacco"),
    ] {
        assert!(category(text, ContentType::Promotional).contains(of), "{text}");
    }
}

/// A shop that is called by its goods advertises them, whatever they are called.
#[test]
fn dlc_5_a_shop_of_vapes_that_promotes_is_told() {
    let of = |brand: &str, text: &str| {
        let rules = ContentRules { brand: vec![brand.into()], ..ContentRules::default() };
        found(text, ContentType::Promotional, &rules)
    };
    let text = "Our biggest restock of the year: Lunabar, Pop Kraken and Frostbyte. Come see us";
    for shop in ["Vapor Alley", "Smoke Junction", "Don Rafael Cigar Lounge"] {
        assert!(of(shop, text).contains("tobacco"), "{shop}");
    }
    for shop in ["Tobacco Road Realty", "Vape-Free Schools", "Smokehouse 41", "Harbor Books"] {
        assert_eq!(of(shop, text), "", "{shop}");
    }
}
