//! Kinds of sentences: for each, some that are found, and lawful ones that share its words.

use super::*;

fn category(text: &str, kind: ContentType) -> String {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let found = check_content(text, kind, false, &ContentRules::default(), facts);
    found.iter().map(|(finding, _)| finding.category()).collect::<Vec<_>>().join(" ")
}

#[test]
fn dlc_5_threats_are_known_by_the_harm_to_whom_and_unless_what() {
    for text in [
        "gonna slit ur throat when i catch u outside",
        "We're gonna burn your restaurant down if you don't get out of this town",
        "If you show up in court tomorrow your daughter won't make it home from school",
        "We have your plate and your kids school. You will regret it. Tick tock.",
        "you are a disgusting fat pig and everyone laughs at you behind your back",
        "We don't rent to Mexicans or Blacks at Oak Terrace, go somewhere else",
        "Te vamos a matar a ti y a tus hijos si no pagas antes del viernes",
    ] {
        assert_eq!(category(text, ContentType::Conversational), "hate", "{text}");
    }
    for text in [
        "We'll beat your car insurance rate or pay you $50",
        "I am outside your house with your food, blue Honda",
        "We have your car, keys and plate sticker ready. Come by before 6",
        "Your landlord must not refuse to rent because of religion. Report it to us",
        "Kill weeds before they spread: lawn treatment $49",
        "Last warning: street sweeping tomorrow, move your car or it will be towed",
        "Police arrested a man after threats to a mosque. No one was hurt",
    ] {
        assert_eq!(category(text, ContentType::Conversational), "", "{text}");
    }
}

#[test]
fn dlc_5_money_that_comes_at_once_and_gains_that_come_easily_are_found() {
    for text in [
        "Bad credit? No problem! Get up to $1,500 deposited by tomorrow morning",
        "Drowning in credit card bills? We can cut your balances by half. Call now 888-555-0133",
        "I made $4,200 last week trading gold with one simple bot. Ask me how",
        "Paycheck late? $400 in your bank tonight, any credit. Text PAY",
    ] {
        assert_eq!(category(text, ContentType::Promotional), "high_risk_finance", "{text}");
    }
    for text in [
        "Your balance of $40 is due Friday. Pay at the counter or by phone.",
        "Free workshop at the library: how student loans work",
    ] {
        assert_eq!(category(text, ContentType::Informational), "", "{text}");
    }
}

#[test]
fn dlc_5_authorities_and_strangers_are_told_by_what_comes_next() {
    for text in [
        "This is Officer Daniels with the county sheriff. You missed jury duty and there is a warrant. Call 555-0190 to pay the bond",
        "Your SSN has been suspended due to fraud. Press 1 or call 202-555-0133 to speak to an agent",
        "Hi, is this still your number? I made good money trading with my uncle",
    ] {
        let found = category(text, ContentType::Promotional);
        assert!(found.contains("phishing"), "{text}: {found}");
    }
    assert_eq!(category("Sorry wrong number", ContentType::Conversational), "");
}

/// One word of two meanings is no offer in a text that says what else it sells, or that speaks of law, news, health or work.
#[test]
fn dlc_5_other_trades_and_mentions_are_no_offers() {
    for text in [
        "Vista Optical: our dispensary has 200 new frames, 40% off with any eye exam this month",
        "Melody Strings: violin rosin $9, bows rehaired while you wait",
        "Pressure washer guns and hoses 20% off",
        "Golf carts for rent, 4 carts left for Saturday, $45 each",
        "Charged with marijuana possession? A consult with our law firm is $50",
        "Drug testing starts Monday: THC panel, $40",
        "Marlboro, NJ: garage sale Saturday 9-1",
    ] {
        assert_eq!(category(text, ContentType::Promotional), "", "{text}");
    }
}
