//! The campaign's own fields: limits, use cases, flags, keywords, numbers.

use std::collections::BTreeSet;

use super::{Found, Rule, Severity};
use crate::{
    Campaign, UseCase,
    facts::{Bounds, TextField},
    wording::{Meaning, Reading},
};

fn length(found: &mut Found<'_>, path: &str, text: &str, field: TextField) {
    let (letters, Bounds { from, to }) = (text.chars().count(), found.facts.text_length(field));
    if !(from..=to).contains(&letters) {
        found.add(path, format!("has {letters} characters, allowed are {from} to {to}"));
    }
}

/// The keyword fields, with their names.
fn keywords(campaign: &Campaign) -> [(&'static str, &str); 3] {
    [
        ("campaign.optin_keywords", &campaign.optin_keywords),
        ("campaign.optout_keywords", &campaign.optout_keywords),
        ("campaign.help_keywords", &campaign.help_keywords),
    ]
}

fn words(keywords: &str) -> impl Iterator<Item = String> {
    keywords.split(',').map(|word| word.trim().to_uppercase()).filter(|word| !word.is_empty())
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "sub-use-case-count",
        mend: "MIXED names 2 to 5 kinds, LOW_VOLUME and CARRIER_EXEMPT 1 to 5; most others none",
        check: |r, found| {
            let Bounds { from, to } = found.facts.sub_use_case_count(r.campaign.use_case);
            let n = r.campaign.sub_use_cases.len();
            if !(from..=to).contains(&n) {
                found.add(
                    "campaign.sub_use_cases",
                    format!("names {n} kinds, allowed are {from} to {to}"),
                );
            }
        },
    },
    Rule {
        id: "sub-use-case",
        mend: "choose among the ten standard ones",
        check: |r, found| {
            for (i, use_case) in r.campaign.sub_use_cases.iter().enumerate() {
                found.unless(
                    use_case.can_be_sub_use_case(),
                    &format!("campaign.sub_use_cases[{i}]"),
                    "cannot be one kind of several",
                );
            }
        },
    },
    Rule {
        id: "sub-use-case-twice",
        mend: "name each kind once",
        check: |r, found| {
            let mut seen = BTreeSet::new();
            for (i, use_case) in r.campaign.sub_use_cases.iter().enumerate() {
                found.unless(
                    seen.insert(format!("{use_case:?}")),
                    &format!("campaign.sub_use_cases[{i}]"),
                    "stands there twice",
                );
            }
        },
    },
    Rule {
        id: "description-length",
        mend: "say who sends what to whom, neither too short nor too long",
        check: |r, found| {
            length(found, "campaign.description", &r.campaign.description, TextField::Description);
        },
    },
    Rule {
        id: "flow-length",
        mend: "say how consumers agree, neither too short nor too long",
        check: |r, found| {
            length(
                found,
                "campaign.message_flow",
                &r.campaign.message_flow,
                TextField::MessageFlow,
            );
        },
    },
    Rule {
        id: "sample-count",
        mend: "give as many samples as are allowed",
        check: |r, found| {
            let (n, Bounds { from, to }) = (r.campaign.samples.len(), found.facts.sample_count());
            if !(from..=to).contains(&n) {
                found.add("campaign.samples", format!("has {n}, allowed are {from} to {to}"));
            }
        },
    },
    Rule {
        id: "sample-per-use-case",
        mend: "give a sample for each kind",
        check: |r, found| {
            let (n, needed) = (r.campaign.samples.len(), r.campaign.sub_use_cases.len());
            // Too few for any campaign is another rule's.
            if (found.facts.sample_count().from..needed).contains(&n) {
                found.add("campaign.samples", format!("has {n} for {needed} kinds"));
            }
        },
    },
    Rule {
        id: "sample-length",
        mend: "write samples neither too short nor too long",
        check: |r, found| {
            for (i, sample) in r.campaign.samples.iter().enumerate() {
                length(found, &format!("campaign.samples[{i}]"), sample, TextField::Sample);
            }
        },
    },
    Rule {
        id: "sample-twice",
        mend: "give samples that differ",
        check: |r, found| {
            let mut seen = BTreeSet::new();
            found.samples(r, |sample| {
                let again = !seen.insert(crate::text::plain(sample));
                again.then(|| "is an earlier one again".into())
            });
        },
    },
    Rule {
        id: "subscriber-flags",
        mend: "set them: opt-in, opt-out and help are not optional",
        check: |r, found| {
            let Campaign { subscriber_optin, subscriber_optout, subscriber_help, .. } = &r.campaign;
            for (name, set) in [
                ("optin", subscriber_optin),
                ("optout", subscriber_optout),
                ("help", subscriber_help),
            ] {
                found.unless(*set, &format!("campaign.subscriber_{name}"), "is not true");
            }
        },
    },
    Rule {
        id: "opt-in-reply",
        mend: "give the keywords that opt in, and what answers them",
        check: |r, found| {
            let Campaign { optin_keywords, optin_message, message_flow, .. } = &r.campaign;
            found.missing(&[("campaign.optin_message", optin_message)]);
            // Providers differ: Twilio asks for keywords only where consumers text one.
            let texted = Reading::of(message_flow).each().any(|sentence| {
                sentence.says(Meaning::Keyword)
                    && !sentence.says(Meaning::Stop)
                    && !sentence.says(Meaning::Help)
            });
            let most = if texted { Severity::Error } else { Severity::Note };
            if optin_keywords.trim().is_empty() {
                found.add_as(most, "campaign.optin_keywords", "is missing");
            }
        },
    },
    Rule {
        id: "opt-out-reply",
        mend: "give the keywords that opt out, and what answers them",
        check: |r, found| {
            found.missing(&[
                ("campaign.optout_keywords", &r.campaign.optout_keywords),
                ("campaign.optout_message", &r.campaign.optout_message),
            ]);
        },
    },
    Rule {
        id: "help-reply",
        mend: "give the keywords that ask for help, and what answers them",
        check: |r, found| {
            found.missing(&[
                ("campaign.help_keywords", &r.campaign.help_keywords),
                ("campaign.help_message", &r.campaign.help_message),
            ]);
        },
    },
    Rule {
        id: "reply-length",
        mend: "write replies neither too short nor too long",
        check: |r, found| {
            let Campaign { optin_message, optout_message, help_message, .. } = &r.campaign;
            for (name, text) in [
                ("optin_message", optin_message),
                ("optout_message", optout_message),
                ("help_message", help_message),
            ] {
                if !text.trim().is_empty() {
                    length(found, &format!("campaign.{name}"), text, TextField::Reply);
                }
            }
        },
    },
    Rule {
        id: "keyword-form",
        mend: "write letters and digits alone, with commas and no spaces: STOP,END",
        check: |r, found| {
            let most = found.facts.text_length(TextField::Keywords).to;
            for (path, keywords) in keywords(&r.campaign) {
                let good = keywords.len() <= most
                    && keywords.bytes().all(|b| b.is_ascii_alphanumeric() || b == b',');
                found.unless(
                    good,
                    path,
                    &format!("holds something else, or more than {most} characters"),
                );
            }
        },
    },
    Rule {
        id: "keyword-clash",
        mend: "give every keyword one meaning",
        check: |r, found| {
            let mut seen: Vec<(String, &str)> = Vec::new();
            for (path, keywords) in keywords(&r.campaign) {
                for word in words(keywords) {
                    if seen.iter().any(|(other, at)| *other == word && *at != path) {
                        found.add(path, format!("`{word}` has another meaning already"));
                    }
                    seen.push((word, path));
                }
            }
        },
    },
    Rule {
        id: "opt-out-stop",
        mend: "STOP is always among them",
        check: |r, found| {
            let keywords = &r.campaign.optout_keywords;
            let stop = keywords.trim().is_empty() || words(keywords).any(|word| word == "STOP");
            found.unless(stop, "campaign.optout_keywords", "does not hold STOP");
        },
    },
    Rule {
        id: "opt-out-words",
        mend: "name all that revoke: STOP,QUIT,END,REVOKE,OPTOUT,CANCEL,UNSUBSCRIBE",
        check: |r, found| {
            let known: BTreeSet<String> = words(&r.campaign.optout_keywords).collect();
            let lacking = |words: &[&'static str]| -> Vec<&'static str> {
                words.iter().copied().filter(|word| !known.contains(*word)).collect()
            };
            let usual = lacking(&["QUIT", "END", "CANCEL", "UNSUBSCRIBE"]);
            let all = lacking(&["QUIT", "END", "REVOKE", "OPTOUT", "CANCEL", "UNSUBSCRIBE"]);
            if known.contains("STOP") && !all.is_empty() {
                // Providers' own lists leave two of them out; the law does not.
                let most = if usual.is_empty() { Severity::Note } else { Severity::Warning };
                let what = format!("does not hold {}", all.join(", "));
                found.add_as(most, "campaign.optout_keywords", what);
            }
        },
    },
    Rule {
        id: "help-word",
        mend: "HELP is always among them",
        check: |r, found| {
            let keywords = &r.campaign.help_keywords;
            let help = keywords.trim().is_empty() || words(keywords).any(|word| word == "HELP");
            found.unless(help, "campaign.help_keywords", "does not hold HELP");
        },
    },
    Rule {
        id: "pool",
        mend: "use fewer numbers, or have a pool approved by T-Mobile",
        check: |r, found| {
            let (n, most) = (r.campaign.numbers, found.facts.numbers_without_pool());
            found.unless(
                n <= most || r.campaign.number_pool,
                "campaign.numbers",
                &format!("is {n} without a pool, allowed are {most}"),
            );
        },
    },
    Rule {
        id: "pool-near",
        mend: "one more number needs a pool",
        check: |r, found| {
            let most = found.facts.numbers_without_pool();
            found.unless(
                r.campaign.numbers != most || r.campaign.number_pool,
                "campaign.numbers",
                &format!("is {most}, the most without a pool"),
            );
        },
    },
    Rule {
        id: "sole-proprietor-numbers",
        mend: "a sole proprietor has one number",
        check: |r, found| {
            let many = r.campaign.use_case == UseCase::SoleProprietor && r.campaign.numbers > 1;
            found.unless(!many, "campaign.numbers", &format!("is {}", r.campaign.numbers));
        },
    },
];
