//! The campaign's own fields: limits, use cases, flags, keywords, numbers.

use std::collections::BTreeSet;

use super::{
    Found, Rule,
    Severity::{Error, Note, Warning},
};
use crate::{Campaign, UseCase};

const TWILIO: &str = "Twilio UsAppToPerson, 2026-04";
const BANDWIDTH: &str = "Bandwidth API, 2026-08";

fn length(found: &mut Found, path: &str, text: &str, (min, max): (usize, usize)) {
    let letters = text.chars().count();
    if !(min..=max).contains(&letters) {
        found.add(path, format!("has {letters} characters, allowed are {min} to {max}"));
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

/// How many samples a campaign needs: one for each of its kinds, two at least.
fn needed(campaign: &Campaign) -> usize {
    campaign.sub_use_cases.len().max(2)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "sub-use-case-count",
        severity: Error,
        mend: "MIXED names 2 to 5 kinds, LOW_VOLUME and CARRIER_EXEMPT 1 to 5; most others none",
        source: "Bandwidth spec; Twilio 30900",
        check: |r, found| {
            let ((min, max), n) =
                (r.campaign.use_case.sub_use_cases(), r.campaign.sub_use_cases.len());
            if !(min..=max).contains(&n) {
                found.add(
                    "campaign.sub_use_cases",
                    format!("names {n} kinds, allowed are {min} to {max}"),
                );
            }
        },
    },
    Rule {
        id: "sub-use-case",
        severity: Error,
        mend: "choose among the ten standard ones",
        source: "Bandwidth CLI, 2026-08",
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
        severity: Error,
        mend: "name each kind once",
        source: "Bandwidth CLI, 2026-08",
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
        severity: Error,
        mend: "say who sends what to whom, in 40 to 4096 characters",
        source: TWILIO,
        check: |r, found| {
            length(found, "campaign.description", &r.campaign.description, (40, 4096));
        },
    },
    Rule {
        id: "flow-length",
        severity: Error,
        mend: "say how consumers agree, in 40 to 2048 characters",
        source: TWILIO,
        check: |r, found| {
            length(found, "campaign.message_flow", &r.campaign.message_flow, (40, 2048));
        },
    },
    Rule {
        id: "sample-count",
        severity: Error,
        mend: "give two to five samples",
        source: TWILIO,
        check: |r, found| {
            let n = r.campaign.samples.len();
            if !(2..=5).contains(&n) {
                found.add("campaign.samples", format!("has {n}, allowed are 2 to 5"));
            }
        },
    },
    Rule {
        id: "sample-per-use-case",
        severity: Error,
        mend: "give a sample for each kind",
        source: "Twilio 30538, 2026",
        check: |r, found| {
            let (n, needed) = (r.campaign.samples.len(), needed(&r.campaign));
            if (2..needed).contains(&n) {
                found.add("campaign.samples", format!("has {n} for {needed} kinds"));
            }
        },
    },
    Rule {
        id: "sample-length",
        severity: Error,
        mend: "write samples of 20 to 1024 characters",
        source: TWILIO,
        check: |r, found| {
            for (i, sample) in r.campaign.samples.iter().enumerate() {
                length(found, &format!("campaign.samples[{i}]"), sample, (20, 1024));
            }
        },
    },
    Rule {
        id: "sample-twice",
        severity: Error,
        mend: "give samples that differ",
        source: "ThruText sample requirements; Zernio",
        check: |r, found| {
            let mut seen = BTreeSet::new();
            found.samples(r, |sample| {
                let again = !seen.insert(super::text::plain(sample));
                again.then(|| "is an earlier one again".into())
            });
        },
    },
    Rule {
        id: "subscriber-flags",
        severity: Error,
        mend: "set them: opt-in, opt-out and help are not optional",
        source: BANDWIDTH,
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
        severity: Error,
        mend: "give the keywords that opt in, and what answers them",
        source: BANDWIDTH,
        check: |r, found| {
            found.missing(&[
                ("campaign.optin_keywords", &r.campaign.optin_keywords),
                ("campaign.optin_message", &r.campaign.optin_message),
            ]);
        },
    },
    Rule {
        id: "opt-out-reply",
        severity: Error,
        mend: "give the keywords that opt out, and what answers them",
        source: BANDWIDTH,
        check: |r, found| {
            found.missing(&[
                ("campaign.optout_keywords", &r.campaign.optout_keywords),
                ("campaign.optout_message", &r.campaign.optout_message),
            ]);
        },
    },
    Rule {
        id: "help-reply",
        severity: Warning,
        mend: "give the keywords that ask for help, and what answers them",
        source: "Bandwidth CLI, 2026-08: reviewers expect them",
        check: |r, found| {
            found.missing(&[
                ("campaign.help_keywords", &r.campaign.help_keywords),
                ("campaign.help_message", &r.campaign.help_message),
            ]);
        },
    },
    Rule {
        id: "reply-length",
        severity: Error,
        mend: "write replies of 20 to 320 characters",
        source: TWILIO,
        check: |r, found| {
            let Campaign { optin_message, optout_message, help_message, .. } = &r.campaign;
            for (name, text) in [
                ("optin_message", optin_message),
                ("optout_message", optout_message),
                ("help_message", help_message),
            ] {
                if !text.trim().is_empty() {
                    length(found, &format!("campaign.{name}"), text, (20, 320));
                }
            }
        },
    },
    Rule {
        id: "keyword-form",
        severity: Error,
        mend: "write letters and digits alone, with commas and no spaces: STOP,END",
        source: TWILIO,
        check: |r, found| {
            for (path, keywords) in keywords(&r.campaign) {
                let good = keywords.len() <= 255
                    && keywords.bytes().all(|b| b.is_ascii_alphanumeric() || b == b',');
                found.unless(good, path, "holds something else, or more than 255 characters");
            }
        },
    },
    Rule {
        id: "keyword-clash",
        severity: Error,
        mend: "give every keyword one meaning",
        source: "CTIA 2023, 5.1.3",
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
        severity: Error,
        mend: "STOP is always among them",
        source: "CTIA 2023, 5.1.3",
        check: |r, found| {
            let keywords = &r.campaign.optout_keywords;
            let stop = keywords.trim().is_empty() || words(keywords).any(|word| word == "STOP");
            found.unless(stop, "campaign.optout_keywords", "does not hold STOP");
        },
    },
    Rule {
        id: "opt-out-words",
        severity: Warning,
        mend: "name all that revoke: STOP,QUIT,END,REVOKE,OPTOUT,CANCEL,UNSUBSCRIBE",
        source: "47 CFR 64.1200(a)(10), since 2025-04-11",
        check: |r, found| {
            let known: BTreeSet<String> = words(&r.campaign.optout_keywords).collect();
            let lacking = ["QUIT", "END", "REVOKE", "OPTOUT", "CANCEL", "UNSUBSCRIBE"];
            let lacking: Vec<&str> =
                lacking.into_iter().filter(|word| !known.contains(*word)).collect();
            if known.contains("STOP") && !lacking.is_empty() {
                found.add(
                    "campaign.optout_keywords",
                    format!("does not hold {}", lacking.join(", ")),
                );
            }
        },
    },
    Rule {
        id: "help-word",
        severity: Warning,
        mend: "HELP is always among them",
        source: "CTIA 2023; DCA2 611",
        check: |r, found| {
            let keywords = &r.campaign.help_keywords;
            let help = keywords.trim().is_empty() || words(keywords).any(|word| word == "HELP");
            found.unless(help, "campaign.help_keywords", "does not hold HELP");
        },
    },
    Rule {
        id: "pool",
        severity: Error,
        mend: "use fewer than 50 numbers, or have a pool approved by T-Mobile",
        source: "Bandwidth, number pool, 2026",
        check: |r, found| {
            let n = r.campaign.numbers;
            found.unless(
                n < 50 || r.campaign.number_pool,
                "campaign.numbers",
                &format!("is {n} without a pool"),
            );
        },
    },
    Rule {
        id: "pool-near",
        severity: Note,
        mend: "one more number needs a pool",
        source: "Bandwidth, number pool, 2026",
        check: |r, found| {
            found.unless(
                r.campaign.numbers != 49 || r.campaign.number_pool,
                "campaign.numbers",
                "is 49, the most without a pool",
            );
        },
    },
    Rule {
        id: "sole-proprietor-numbers",
        severity: Error,
        mend: "a sole proprietor has one number",
        source: "Telnyx, sole proprietors, 2026",
        check: |r, found| {
            let many = r.campaign.use_case == UseCase::SoleProprietor && r.campaign.numbers > 1;
            found.unless(!many, "campaign.numbers", &format!("is {}", r.campaign.numbers));
        },
    },
];
