//! Whether consumers choose: consent by itself, in words that say what for (Twilio 30913, 30923 to 30925, 30551, 30556).

use super::{Found, Rule, Severity, samples::advertises};
use crate::{
    Registration,
    wording::{BrandNames, Meaning, Reading, quotations},
};

const PATH: &str = "campaign.message_flow";

/// A consent has at least this many words; fewer name a button.
const MIN_CONSENT_WORDS: usize = 7;

/// Tells of the words that have a meaning, where the flow has it.
fn told(r: &Registration, found: &mut Found<'_>, meaning: Meaning, what: &str) {
    let flow = Reading::of(&r.campaign.message_flow);
    if let Some(words) = flow.find(meaning) {
        found.add(PATH, format!("{what} (`{words}`)"));
    }
}

/// Quotations that ask for consent to texts, without the names of the brand.
fn consents(r: &Registration) -> Vec<Reading> {
    let brand = BrandNames::of(&r.brand);
    let quotations = quotations(&r.campaign.message_flow);
    let asks = |reading: &Reading| {
        reading.words().nth(MIN_CONSENT_WORDS - 1).is_some()
            && (reading.says(Meaning::SpeaksOfTexts) || reading.says(Meaning::Agrees))
    };
    quotations.iter().map(|quotation| Reading::of(&brand.without(quotation))).filter(asks).collect()
}

/// Whether a quotation says which messages come: in a word that is not one of asking for consent.
fn says_purpose(consent: &Reading) -> bool {
    consent.each().any(|sentence| {
        let asks = sentence.says(Meaning::Agrees) || sentence.says(Meaning::SpeaksOfTexts);
        let other = [Meaning::Stop, Meaning::Help, Meaning::Rates]
            .iter()
            .any(|other| sentence.says(*other));
        asks && (!other || sentence.says(Meaning::Asks))
            && sentence
                .words()
                .any(|word| word.len() > 2 && !Reading::word(word).says(Meaning::ConsentWords))
    })
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "flow-required",
        mend: "let consumers leave it out: a box of its own, unchecked, called optional",
        check: |r, found| told(r, found, Meaning::Condition, "takes another act for consent"),
    },
    Rule {
        id: "flow-preselected",
        mend: "leave the box unchecked until the consumer checks it",
        check: |r, found| told(r, found, Meaning::Preselected, "has a box that is checked already"),
    },
    Rule {
        id: "flow-forced",
        mend: "let the form be sent with the box empty",
        check: |r, found| {
            if !Reading::of(&r.campaign.message_flow).says(Meaning::AnotherChannel) {
                told(r, found, Meaning::Forced, "lets nobody go on without consent");
            }
        },
    },
    Rule {
        id: "flow-in-terms",
        mend: "ask for consent to texts by itself, outside of terms and contracts",
        check: |r, found| told(r, found, Meaning::InTerms, "has consent in other terms"),
    },
    Rule {
        id: "flow-submit",
        mend: "add a box of its own for texts, unchecked",
        check: |r, found| {
            if !Reading::of(&r.campaign.message_flow).says(Meaning::HasBox) {
                told(r, found, Meaning::Submits, "takes a button for consent");
            }
        },
    },
    Rule {
        id: "flow-quote",
        mend: "quote the words that consumers see, in quotation marks",
        check: |r, found| {
            let flow = &r.campaign.message_flow;
            // A spoken consent without its script is told of by another rule.
            let spoken = Reading::of(flow).says(Meaning::Verbal) && quotations(flow).is_empty();
            let none = !flow.trim().is_empty() && !spoken && consents(r).is_empty();
            if none && Reading::of(flow).says(Meaning::Agrees) {
                found.add(PATH, "does not quote the words that consumers agree to");
            }
        },
    },
    Rule {
        id: "flow-claims",
        mend: "quote the wording in place of saying that it complies",
        check: |r, found| told(r, found, Meaning::Claims, "says that the wording complies"),
    },
    Rule {
        id: "flow-purpose",
        mend: "say in the consent which messages come: \"appointment reminders\", \"weekly offers\"",
        check: |r, found| {
            let consents = consents(r);
            if !consents.is_empty() && !consents.iter().any(says_purpose) {
                found.add(PATH, "does not say in the consent which messages come");
            }
        },
    },
    Rule {
        id: "flow-no-sms",
        mend: "name texts: \"I agree to receive text messages from …\"",
        check: |r, found| {
            let consents = consents(r);
            let silent = consents.iter().all(|consent| !consent.says(Meaning::SpeaksOfTexts));
            found.unless(
                consents.is_empty() || !silent,
                PATH,
                "asks for consent without naming texts",
            );
        },
    },
    Rule {
        id: "flow-channels",
        mend: "ask for texts alone; calls and email have consents of their own",
        check: |r, found| {
            if let Some(words) =
                consents(r).iter().find_map(|consent| consent.find(Meaning::Channels))
            {
                found.add(PATH, format!("asks for several channels at once (`{words}`)"));
            }
        },
    },
    Rule {
        id: "flow-mixed",
        mend: "ask for advertising in a box of its own",
        check: |r, found| {
            let (consents, both) =
                (consents(r), advertises(r) && !r.campaign.sub_use_cases.is_empty());
            let mixed = |consent: &Reading| {
                consent.says(Meaning::Advertising) && consent.says(Meaning::Transactions)
            };
            if let (true, [consent]) = (both, &consents[..])
                && mixed(consent)
            {
                found.add(PATH, "asks for advertising and other texts at once");
            }
        },
    },
    Rule {
        id: "flow-verbal-marketing",
        mend: "ask for advertising in writing: a form, or a keyword",
        check: |r, found| {
            let flow = Reading::of(&crate::wording::unquoted(&r.campaign.message_flow));
            let verbal = flow.says(Meaning::Verbal);
            let written =
                [Meaning::Web, Meaning::Paper, Meaning::Keyword, Meaning::Qr, Meaning::HasBox];
            if advertises(r) && verbal && !written.iter().any(|way| flow.says(*way)) {
                found.add_as(Severity::Warning, PATH, "takes spoken consent for advertising");
            }
        },
    },
];
