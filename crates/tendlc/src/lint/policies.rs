//! The texts behind the links, where they are at hand (DLC-2).

use super::{Found, Rule, Severity};
use crate::{
    Registration,
    text::{has_phone, hosts, tells_frequency, tells_rates, tells_stop},
    wording::{Meaning, Reading},
};

fn privacy(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold("policies.privacy", &r.policies.privacy, told, what);
}

fn terms(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold("policies.terms", &r.policies.terms, told, what);
}

/// Sentences within which `it` and `neither` are phone numbers that were spoken of.
const SPOKEN_OF: usize = 3;

/// Whether a policy says of phone numbers or texts that they are not shared.
fn says_not_shared(policy: &Reading) -> bool {
    let mut since = SPOKEN_OF + 1;
    policy.each().any(|sentence| {
        since = if sentence.says(Meaning::MobileData) { 0 } else { since + 1 };
        sentence.says(Meaning::NotShared)
            && (since == 0 || (since <= SPOKEN_OF && !sentence.says(Meaning::OtherData)))
    })
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "policy-sharing",
        mend: "say \"Mobile numbers and consent are not shared with third parties for marketing\"",
        check: |r, found| {
            let policy = Reading::of(&r.policies.privacy);
            if r.policies.privacy.trim().is_empty() || says_not_shared(&policy) {
                return;
            }
            // A policy that shares no data at all says half of it.
            let denies = policy.says(Meaning::NotShared);
            let most = if denies { Severity::Warning } else { Severity::Error };
            found.add_as(
                most,
                "policies.privacy",
                "does not say that phone numbers are not shared",
            );
        },
    },
    Rule {
        id: "policy-texts",
        mend: "say what phone numbers and texts are used for",
        check: |r, found| {
            privacy(
                r,
                found,
                |text| Reading::of(text).says(Meaning::AboutTexts),
                "does not speak of phone numbers or texts",
            );
        },
    },
    Rule {
        id: "policy-sells",
        mend: "leave it out, for numbers and consent to texts",
        check: |r, found| {
            let policy = Reading::of(&r.policies.privacy);
            let excluded = says_not_shared(&policy);
            // A general sentence is harmless where another one leaves phone numbers out.
            let shares = |sentence: &Reading| {
                sentence.says(Meaning::Shares) && (!excluded || sentence.says(Meaning::MobileData))
            };
            if let Some(sentence) = policy.each().find(shares) {
                let words = sentence.find(Meaning::Shares).unwrap_or_default();
                // Beside a sentence that denies it, it may be of those who deliver the texts.
                let most = if excluded { Severity::Warning } else { Severity::Error };
                let what = format!("says that numbers are passed on (`{words}`)");
                found.add_as(most, "policies.privacy", what);
            }
        },
    },
    Rule {
        id: "terms-frequency",
        mend: "say how often: \"Message frequency varies\"",
        check: |r, found| terms(r, found, tells_frequency, "does not say how often texts come"),
    },
    Rule {
        id: "terms-support",
        mend: "give a phone number or an address of support",
        check: |r, found| {
            terms(
                r,
                found,
                |text| {
                    let reading = Reading::of(text);
                    has_phone(text)
                        || text.contains('@')
                        || !hosts(text).is_empty()
                        || reading.says(Meaning::Help)
                        || text.contains("HELP")
                        || reading.says(Meaning::Contact)
                },
                "leads to no support",
            );
        },
    },
    Rule {
        id: "terms-rates",
        mend: "say \"Message and data rates may apply\"",
        check: |r, found| terms(r, found, tells_rates, "does not say that texts may cost"),
    },
    Rule {
        id: "terms-stop",
        mend: "say \"Reply STOP to opt out\"",
        check: |r, found| terms(r, found, tells_stop, "does not say how to stop"),
    },
];
