//! What no campaign may send, or some only (DCA2 701 to 709, CTIA 2023, 5.3.1). The words are facts: those of `content`.

use super::{Found, Rule};
use crate::{Registration, text::said};

/// Where description or samples speak of a category, unless the campaign may.
fn prohibited(r: &Registration, found: &mut Found<'_>, category: &str) {
    let Some(category) = found.facts.categories().named(category) else { return };
    if category.unless.is_some_and(|unless| r.campaign.has(unless)) {
        return;
    }
    let phrases = category.phrases.iter().chain(&category.in_registration);
    let phrases: Vec<&str> = phrases.map(String::as_str).collect();
    let samples = r.campaign.samples.iter().enumerate();
    let samples = samples.map(|(i, sample)| (format!("campaign.samples[{i}]"), sample));
    let texts = samples.chain([("campaign.description".to_owned(), &r.campaign.description)]);
    for (path, text) in texts {
        if let Some(phrase) = said(text, &phrases) {
            found.add(path, format!("speaks of `{phrase}`"));
        }
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cannabis",
        mend: "carriers take none of it, wherever it is legal",
        check: |r, found| prohibited(r, found, "cannabis"),
    },
    Rule {
        id: "firearms",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "firearms"),
    },
    Rule {
        id: "adult",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "adult"),
    },
    Rule {
        id: "gambling",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "gambling"),
    },
    Rule {
        id: "alcohol",
        mend: "set age_gated, and ask for the date of birth",
        check: |r, found| prohibited(r, found, "alcohol"),
    },
    Rule {
        id: "tobacco",
        mend: "set age_gated, and ask for the date of birth",
        check: |r, found| prohibited(r, found, "tobacco"),
    },
    Rule {
        id: "lead-generation",
        mend: "text for the brand itself alone",
        check: |r, found| prohibited(r, found, "lead_generation"),
    },
    Rule {
        id: "affiliate-flag",
        mend: "affiliate marketing is not registered",
        check: |r, found| {
            found.unless(
                !r.campaign.affiliate_marketing,
                "campaign.affiliate_marketing",
                "is true",
            );
        },
    },
    Rule {
        id: "finance",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "finance"),
    },
    Rule {
        id: "lending",
        mend: "set direct_lending, if the brand lends itself",
        check: |r, found| prohibited(r, found, "lending"),
    },
];
