//! Sentences that carriers and the FCC require in lawful texts are never counted against a text (DLC-5).
//!
//! The wordings form a grammar: every clause is a choice, and every text is a business sentence with some of the clauses
//! behind it. The choices come from CTIA's handbook, Twilio's and carriers' examples, and texts of US businesses.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use frontdesk_tendlc::{ContentRules, ContentType, Facts, check_content};

const BUSINESS: &[&str] = &[
    "Acme: your order is ready.",
    "Acme Dental: your visit is on Friday at 3 PM.",
    "Harbor Books: 20% off all novels this weekend, in store and online.",
    "Welcome to Acme Alerts!",
    "You are subscribed to Acme Alerts.",
    "You're now subscribed to Harbor Books offers.",
    "Thanks for subscribing to Acme. You will get up to 4 msgs/month.",
];

const VERBS: &[&str] = &["Reply", "Text", "Txt", "Send", "Reply with"];
const STOP_WORDS: &[&str] = &["STOP", "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "\"STOP\"", "'STOP'"];
const STOP_ENDS: &[&str] = &[
    "",
    " to unsubscribe",
    " to opt out",
    " to opt-out",
    " to cancel",
    " to end",
    " to quit",
    " to stop",
    " to unsub",
    " to be removed",
    " 2 end",
    " to stop receiving txts",
    " anytime to unsubscribe",
    ", HELP for help",
];
const OTHERS: &[&str] = &[
    "Unsubscribe? Reply STOP.",
    "STOP? Reply STOP to unsub.",
    "Stop2End",
    "To unsubscribe, txt STOP to 24680.",
    "STOP=end, HELP=help.",
    "Opt out: reply STOP. Help: reply HELP.",
    "Unsubscribe at any time by replying STOP, or call 202-555-0100.",
    "You can end this subscription at any time: reply END.",
    "You have been unsubscribed and will not get any more txts from Acme. You will not be charged.",
    "You are unsubscribed from Acme Alerts. No more messages will be sent. Reply START to resubscribe.",
];
const DISCLOSURES: &[&str] = &[
    "Msg & data rates may apply.",
    "Msg&Data rates may apply. 4 msgs/mo.",
    "Message and data rates may apply. Message frequency varies.",
    "Std msg rates apply. T&Cs: acme.example/terms",
    "T&C's apply. See acme.example/tc",
    "Ts&Cs apply; you may be charged by your carrier per msg.",
    "Carrier charges may apply. 2 txts per week. 18+ only.",
    "Standard txt rates apply. Terms and privacy: acme.example/legal",
    "For help, reply HELP or call 202-555-0100.",
    "Text HELP for help. Customer service: please call 202-555-0100, or write to PO Box 12, Dayton OH.",
    "Acme support: for customer service please call 1-800-555-0100 or reply HELP. Offer expires 12/31.",
    "Acme customer service is here for you: call now, toll-free (freephone) 1-800-555-0100.",
    "1 msg/day. Consent is not a condition of purchase.",
    "No purchase necessary. Msg frequency may vary. Must be 18+ to subscribe.",
    "Free to end user. You are not charged per msg or per min.",
];

fn refused_or_remarked(text: &str) -> Vec<String> {
    let facts = Facts::standard().on("2026-11-26".parse().unwrap());
    let rules = ContentRules::default();
    let mut all = Vec::new();
    for kind in [ContentType::Informational, ContentType::Promotional, ContentType::Conversational]
    {
        for (finding, effect) in check_content(text, kind, false, &rules, facts) {
            all.push(format!("{text:?} ({kind:?}): {effect:?}, {finding}"));
        }
    }
    all
}

#[test]
fn dlc_5_how_to_stop_and_what_it_costs_is_never_counted_against_a_text() {
    let mut stops: Vec<String> = OTHERS.iter().map(|&other| other.to_owned()).collect();
    for verb in VERBS {
        for word in STOP_WORDS {
            stops.extend(STOP_ENDS.iter().map(|end| format!("{verb} {word}{end}.")));
        }
    }
    let mut found = Vec::new();
    let mut texts = 0;
    for (n, stop) in stops.iter().enumerate() {
        for (m, disclosure) in DISCLOSURES.iter().enumerate() {
            let business = BUSINESS[(n + m) % BUSINESS.len()];
            for text in [
                format!("{business} {stop}"),
                format!("{business} {disclosure} {stop}"),
                format!("{business} {stop} {disclosure}").to_uppercase(),
            ] {
                found.extend(refused_or_remarked(&text));
                texts += 1;
            }
        }
    }
    // Disclosures together: two of them never add up to a finding.
    for first in DISCLOSURES {
        for second in DISCLOSURES {
            found.extend(refused_or_remarked(&format!(
                "Acme: {first} {second} Reply STOP to unsubscribe."
            )));
            texts += 1;
        }
    }
    assert!(texts > 10_000);
    found.truncate(20);
    assert!(found.is_empty(), "{found:#?}");
}
