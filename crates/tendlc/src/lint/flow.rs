//! How consumers agree, and what they are told before they do: the call to action.

use super::{Found, Rule, Severity, samples::advertises};
use crate::{
    Registration,
    text::{hosts, says, tells_frequency, tells_help, tells_rates, tells_stop},
    wording::{BrandNames, Meaning, Reading},
};

const PATH: &str = "campaign.message_flow";

fn tells(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold(PATH, &r.campaign.message_flow, told, what);
}

/// Whether the brand is named, by its name or a usual short form. Of one without a name another rule tells.
pub(super) fn names_brand(r: &Registration, text: &str) -> bool {
    let names = BrandNames::of(&r.brand);
    names.is_empty() || names.named_in(text)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "flow-medium",
        mend: "say where consumers agree: on which page, on what paper, in which call, by texting what",
        check: |r, found| {
            tells(
                r,
                found,
                |text| {
                    !hosts(text).is_empty()
                        || says(
                            text,
                            &[
                                "website",
                                "web form",
                                "online",
                                "form",
                                "checkout",
                                "app",
                                "paper",
                                "in person",
                                "in store",
                                "verbal",
                                "verbally",
                                "phone call",
                                "by phone",
                                "texting",
                                "text in",
                                "keyword",
                                "qr code",
                                "point of sale",
                                "sign up",
                                "signs up",
                            ],
                        )
                },
                "does not say where consumers agree",
            );
        },
    },
    Rule {
        id: "flow-brand",
        mend: "name the brand that consumers agree to hear from",
        check: |r, found| tells(r, found, |text| names_brand(r, text), "does not name the brand"),
    },
    Rule {
        id: "flow-frequency",
        mend: "say how often: \"Message frequency varies\"",
        check: |r, found| tells(r, found, tells_frequency, "does not say how often texts come"),
    },
    Rule {
        id: "flow-rates",
        mend: "say \"Msg & data rates may apply\"",
        check: |r, found| tells(r, found, tells_rates, "does not say that texts may cost"),
    },
    Rule {
        id: "flow-help",
        mend: "say \"Reply HELP for help\"",
        check: |r, found| tells(r, found, tells_help, "does not say how to get help"),
    },
    Rule {
        id: "flow-stop",
        mend: "say \"Reply STOP to opt out\"",
        check: |r, found| tells(r, found, tells_stop, "does not say how to stop"),
    },
    Rule {
        id: "flow-privacy",
        mend: "say where the privacy policy is",
        check: |r, found| {
            tells(
                r,
                found,
                |text| {
                    says(
                        text,
                        &["privacy policy", "privacy notice", "privacy statement", "privacy"],
                    )
                },
                "does not lead to the privacy policy",
            );
        },
    },
    Rule {
        id: "flow-terms",
        mend: "say where the terms are",
        check: |r, found| {
            tells(
                r,
                found,
                |text| says(text, &["terms", "terms of service", "terms and conditions"]),
                "does not lead to the terms",
            );
        },
    },
    Rule {
        id: "flow-condition",
        mend: "say \"Consent is not a condition of purchase\"",
        check: |r, found| {
            let flow = &r.campaign.message_flow;
            if !flow.trim().is_empty() && !Reading::of(flow).says(Meaning::Optional) {
                // The law asks it of advertising; reviewers like it everywhere.
                let most = if advertises(r) { Severity::Warning } else { Severity::Note };
                found.add_as(most, PATH, "does not say that agreeing is optional");
            }
        },
    },
    Rule {
        id: "description-brand",
        mend: "say who sends: \"Acme sends …\"",
        check: |r, found| {
            let (text, names) = (&r.campaign.description, |text: &str| names_brand(r, text));
            found.untold("campaign.description", text, names, "does not name the brand");
        },
    },
    Rule {
        id: "privacy-link",
        mend: "give the link of the privacy policy: https://…",
        check: |r, found| {
            link(found, "campaign.privacy_policy_link", &r.campaign.privacy_policy_link);
        },
    },
    Rule {
        id: "terms-link",
        mend: "give the link of the terms: https://…",
        check: |r, found| {
            link(
                found,
                "campaign.terms_and_conditions_link",
                &r.campaign.terms_and_conditions_link,
            );
        },
    },
];

fn link(found: &mut Found<'_>, path: &str, link: &str) {
    let good = link.starts_with("https://") && !hosts(link).is_empty();
    found.unless(
        good,
        path,
        if link.trim().is_empty() { "is missing" } else { "is no https:// link" },
    );
}
