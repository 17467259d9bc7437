//! Whether consumers choose: consent by itself, in words that say what for (Twilio 30913, 30923 to 30925, 30551, 30556).

use super::{Found, Rule, Severity, samples::advertises};
use crate::{
    Registration,
    wording::{BrandNames, Meaning, Reading, is_legal, quotations, unquoted},
};

const PATH: &str = "campaign.message_flow";

/// A consent has at least this many words; fewer name a button.
const MIN_CONSENT_WORDS: usize = 7;

/// Tells of the words that have a meaning, where the flow has it.
fn told(r: &Registration, found: &mut Found<'_>, meaning: Meaning, what: &str) {
    if let Some(words) = Reading::of(&r.campaign.message_flow).find(meaning) {
        found.add(PATH, format!("{what} (`{words}`)"));
    }
}

/// The same as [`told`], and a warning at most where the flow says the contrary, too.
fn told_unless(
    r: &Registration,
    found: &mut Found<'_>,
    meaning: Meaning,
    but: Meaning,
    what: &str,
) {
    let flow = Reading::of(&r.campaign.message_flow);
    let most = if flow.says(but) { Severity::Warning } else { Severity::Error };
    if let Some(words) = flow.find(meaning) {
        found.add_as(most, PATH, format!("{what} (`{words}`)"));
    }
}

/// Quotations that ask for consent to texts, without the names of the brand.
///
/// `Acme: you are signed up …` is the text that comes afterwards; it counts where consumers text a keyword.
fn consents(r: &Registration) -> Vec<Reading> {
    let brand = BrandNames::of(&r.brand);
    let keyword = Reading::of(&unquoted(&r.campaign.message_flow)).says(Meaning::Keyword);
    let asks = |reading: &Reading| {
        reading.words().nth(MIN_CONSENT_WORDS - 1).is_some()
            && (reading.says(Meaning::SpeaksOfTexts) || reading.says(Meaning::Agrees))
    };
    quotations(&r.campaign.message_flow)
        .iter()
        .filter(|quotation| keyword || !brand.sends(quotation))
        .map(|quotation| Reading::of(&brand.without(quotation)))
        .filter(asks)
        .collect()
}

/// Whether a quotation tells of costs, of stopping, or how often: it is the wording, not a button or a head.
fn discloses(consent: &Reading) -> bool {
    [Meaning::Rates, Meaning::Stop, Meaning::Frequency].iter().any(|told| consent.says(*told))
}

/// Whether a quotation says which messages come: in a word that is neither the brand's nor one of asking for consent.
fn says_purpose(consent: &Reading, brand: &BrandNames) -> bool {
    consent.each().any(|sentence| {
        let asks = sentence.says(Meaning::Agrees) || sentence.says(Meaning::SpeaksOfTexts);
        let other = [Meaning::Stop, Meaning::Help, Meaning::Rates]
            .iter()
            .any(|other| sentence.says(*other));
        let words: Vec<&str> = sentence.words().collect();
        // Two of its words together, or one behind `from`, are a short form of the name.
        let named = |at: usize| {
            let word = |at: Option<usize>| at.and_then(|at| words.get(at)).copied();
            let (before, behind) = (word(at.checked_sub(1)), word(Some(at + 1)));
            word(Some(at)).is_some_and(|word| brand.has_word(word))
                && (before.is_some_and(|before| before == "from" || brand.has_word(before))
                    || behind.is_some_and(|behind| brand.has_word(behind)))
        };
        asks && (!other || sentence.says(Meaning::Asks))
            && words.iter().enumerate().any(|(at, word)| {
                word.len() > 2
                    && !is_legal(word)
                    && !named(at)
                    && !Reading::word(word).says(Meaning::ConsentWords)
            })
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
        check: |r, found| {
            let what = "has a box that is checked already";
            told_unless(r, found, Meaning::Preselected, Meaning::StartsEmpty, what);
        },
    },
    Rule {
        id: "flow-forced",
        mend: "let the form be sent with the box empty",
        check: |r, found| {
            if !Reading::of(&r.campaign.message_flow).says(Meaning::AnotherChannel) {
                told_unless(
                    r,
                    found,
                    Meaning::Forced,
                    // `Consent is not a condition of purchase` is said of every box.
                    Meaning::MayStayEmpty,
                    "lets nobody go on without consent",
                );
            }
        },
    },
    Rule {
        id: "flow-in-terms",
        mend: "ask for consent to texts by itself, outside of terms and contracts",
        check: |r, found| {
            told_unless(r, found, Meaning::InTerms, Meaning::HasBox, "has consent in other terms");
        },
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
            let none = !flow.trim().is_empty() && !spoken && !consents(r).iter().any(discloses);
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
            let (mut consents, brand) = (consents(r), BrandNames::of(&r.brand));
            if consents.iter().any(discloses) {
                consents.retain(discloses);
            }
            if !consents.is_empty() && !consents.iter().any(|consent| says_purpose(consent, &brand))
            {
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
            let flow = Reading::of(&unquoted(&r.campaign.message_flow));
            let verbal = flow.says(Meaning::Verbal);
            let written =
                [Meaning::Web, Meaning::Paper, Meaning::Keyword, Meaning::Qr, Meaning::HasBox];
            if advertises(r) && verbal && !written.iter().any(|way| flow.says(*way)) {
                found.add_as(Severity::Warning, PATH, "takes spoken consent for advertising");
            }
        },
    },
];
