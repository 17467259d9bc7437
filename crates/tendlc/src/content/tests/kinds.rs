//! Kinds of sentences: for each, some that are found, and lawful ones that share its words.

use super::*;

pub(super) fn category(text: &str, kind: ContentType) -> String {
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

/// Checks that texts are found as a category, and that others are not found at all.
pub(super) fn told_apart(of: &str, kind: ContentType, bad: &[&str], fine: &[&str]) {
    for text in bad {
        assert!(category(text, kind).contains(of), "{of}: {text}: {}", category(text, kind));
    }
    for text in fine {
        assert_eq!(category(text, kind), "", "{text}");
    }
}

#[test]
fn dlc_5_leads_are_known_by_who_the_answer_goes_to() {
    told_apart(
        "lead_generation",
        ContentType::Promotional,
        &[
            "Answer 2 quick questions and we'll match you with up to 5 lenders. Your info goes to our network partners",
            "Were you in a wreck this year? You could be owed $50K. Free case check, lawyers standing by",
            "Drivers in Ohio are overpaying by $612/yr. See new rates from 8 carriers in 60 sec",
            "We want to buy your land in Hill County. Cash, no agents, no fees. Interested? YES/NO",
            "1.2M verified US consumer cell numbers, filtered by age & income. TCPA ready. $199 per 10k",
        ],
        &[
            "Your estimate for Dec 19 is $1,280, 3 movers, 1 truck. Reply CONFIRM to book. We don't share your number.",
            "Your case: the other driver's insurer made an offer of $18,000. Call us before replying.",
            "Homeowners: 30% off all windows til Friday. Reply STOP to end",
        ],
    );
}

#[test]
fn dlc_5_debts_markets_and_schemes_are_known_by_their_kind() {
    told_apart(
        "high_risk_finance",
        ContentType::Promotional,
        &[
            "Your student loan may qualify for full forgiveness under new rules. Enroll now 833-555-0129",
            "EURUSD +120 pips, 9 of 10 trades won this week. Join the signals room for $49",
            "Be your own boss! I replaced my 9-5 income in 90 days. Ask me how, 3 team spots open",
            "Business owners: $20k-$500k in 24 hrs, no credit pull, just 3 bank statements. Reply YES",
            "Up to $5k, all scores, no paystubs, cash in hand today",
        ],
        &[
            "Your personal loan payment of $212.40 is due 12/3. Pay in the app.",
            "Your order to sell 20 shares of VTI filled at $301.22.",
            "Personal finance class: understand credit scores and student loans. Starts Jan 12, $45. STOP to opt out",
        ],
    );
}

#[test]
fn dlc_5_bets_and_paid_company_are_known_by_their_kind() {
    told_apart(
        "gambling",
        ContentType::Promotional,
        &[
            "Went 7-1 yesterday. Tonight's 10-unit NBA lock drops at 5pm. VIP $49/wk",
            "Powerball is $820 MILLION. Order tickets from your phone before 9:45, first one's on us.",
            "Ride the rocket, cash out before it crashes. Provably fair, no KYC",
            "Profit boost token: 50% on any 3 leg bet for Monday Night. Opt in by 8pm",
        ],
        &[
            "Casino night fundraiser Sat, play money, real fun! $40 ticket includes dinner. STOP to opt out",
            "Win or lose, wings are half price during the game. STOP to stop",
        ],
    );
    told_apart(
        "adult",
        ContentType::Conversational,
        &["u want company tonight? 150 half hr 250 full, ur hotel or my place, no condom extra"],
        &[
            "Hi Mike, two dozen roses delivered to her hotel tonight, $120. Any message on the card?",
        ],
    );
}

#[test]
fn dlc_5_frauds_are_known_by_what_nobody_would_ask() {
    told_apart(
        "phishing",
        ContentType::Conversational,
        &[
            "BofA fraud dept: someone is trying to send $900 by Zelle. Read us the code we just texted to stop it",
            "Hey it's your CEO. I'm in a conference, need you to handle a wire today. Are you at your desk?",
            "This is officer Grant with the county sheriff. You missed jury duty and have a warrant. Call me now at 555-0177 to resolve it",
            "Nice 3BR for $900! I'm out of the country, send the deposit by Zelle and I'll mail the keys",
            "Hi, is this Anna? Oh sorry, wrong number! You seem kind though, where do you live?",
        ],
        &[
            "Hi Anna, it's Sophie from yoga! You left your mat, want me to hold it?",
            "Hi, it's your manager Kim. Can you cover 2-8 today?",
            "The 2BR is $1,200, the deposit is one month. I can show it Sat at 2.",
        ],
    );
}

#[test]
fn dlc_5_hostility_to_groups_is_known_by_its_kind() {
    told_apart(
        "hate",
        ContentType::Conversational,
        &[
            "Homeless people are vermin. Help us exterminate the problem",
            "God commands that gays be stoned to death",
            "White men built this nation. Stand with your blood and take it back",
            "if you testify tomorrow you wont make it home",
            "You have been selected to pick cotton at the nearest plantation. Be ready at noon, our slave catchers come in a van",
        ],
        &[
            "Women deserve to be safe. March with us Saturday 10am",
            "We'll exterminate the weeds along your fence and come back Friday",
            "You're gonna crush them Saturday. Leave nothing on the mat!",
        ],
    );
}

/// A word of two senses is no offer of somebody whose name sells something else.
#[test]
fn dlc_5_goods_are_judged_against_what_the_senders_name_sells() {
    let of = |brand: &str| {
        let rules = ContentRules { brand: vec![brand.into()], ..ContentRules::default() };
        found("Kush is back in stock, $29", ContentType::Promotional, &rules)
    };
    assert!(of("High Street").contains("cannabis"));
    assert_eq!(of("Miller Flooring"), "");
}
