//! What no campaign may send, or some only (DCA2 701 to 709, CTIA 2023, 5.3.1).

use super::{Found, Rule, text::said};
use crate::Registration;

/// Where one of these phrases stands in description or samples, unless it is allowed.
fn prohibited(r: &Registration, found: &mut Found<'_>, allowed: bool, phrases: &[&str]) {
    if allowed {
        return;
    }
    let samples = r.campaign.samples.iter().enumerate();
    let samples = samples.map(|(i, sample)| (format!("campaign.samples[{i}]"), sample));
    let texts = samples.chain([("campaign.description".to_owned(), &r.campaign.description)]);
    for (path, text) in texts {
        if let Some(phrase) = said(text, phrases) {
            found.add(path, format!("speaks of `{phrase}`"));
        }
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cannabis",
        mend: "carriers take none of it, wherever it is legal",
        check: |r, found| {
            prohibited(
                r,
                found,
                false,
                &["cannabis", "marijuana", "cbd", "thc", "dispensary", "edibles", "weed"],
            );
        },
    },
    Rule {
        id: "firearms",
        mend: "carriers take none of it",
        check: |r, found| {
            prohibited(
                r,
                found,
                false,
                &[
                    "firearm",
                    "firearms",
                    "handgun",
                    "rifle",
                    "rifles",
                    "ammo",
                    "ammunition",
                    "guns",
                ],
            );
        },
    },
    Rule {
        id: "adult",
        mend: "carriers take none of it",
        check: |r, found| {
            prohibited(
                r,
                found,
                false,
                &["porn", "xxx", "escort", "escorts", "nude", "nudes", "onlyfans", "strip club"],
            );
        },
    },
    Rule {
        id: "gambling",
        mend: "carriers take none of it",
        check: |r, found| {
            prohibited(
                r,
                found,
                false,
                &[
                    "casino",
                    "gambling",
                    "sportsbook",
                    "slots",
                    "place your bet",
                    "betting",
                    "poker",
                ],
            );
        },
    },
    Rule {
        id: "alcohol",
        mend: "set age_gated, and ask for the date of birth",
        check: |r, found| {
            prohibited(
                r,
                found,
                r.campaign.age_gated,
                &[
                    "wine",
                    "beer",
                    "whiskey",
                    "vodka",
                    "liquor",
                    "alcohol",
                    "brewery",
                    "cocktail",
                    "cocktails",
                ],
            );
        },
    },
    Rule {
        id: "tobacco",
        mend: "set age_gated, and ask for the date of birth",
        check: |r, found| {
            prohibited(
                r,
                found,
                r.campaign.age_gated,
                &[
                    "tobacco",
                    "vape",
                    "vapes",
                    "vaping",
                    "cigar",
                    "cigars",
                    "cigarettes",
                    "nicotine",
                    "e-cig",
                ],
            );
        },
    },
    Rule {
        id: "lead-generation",
        mend: "text for the brand itself alone",
        check: |r, found| {
            prohibited(
                r,
                found,
                false,
                &[
                    "our partners",
                    "lead generation",
                    "affiliate",
                    "affiliates",
                    "matched with lenders",
                    "network of lenders",
                ],
            );
        },
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
        check: |r, found| {
            prohibited(
                r,
                found,
                false,
                &[
                    "payday loan",
                    "payday loans",
                    "debt relief",
                    "debt collection",
                    "credit repair",
                    "crypto",
                    "bitcoin",
                    "stock tips",
                    "forex",
                    "debt consolidation",
                ],
            );
        },
    },
    Rule {
        id: "lending",
        mend: "set direct_lending, if the brand lends itself",
        check: |r, found| {
            prohibited(
                r,
                found,
                r.campaign.direct_lending,
                &["loan", "loans", "mortgage", "lending", "line of credit"],
            );
        },
    },
];
