//! The texts behind the links, where they are at hand (DLC-2).

use super::{Found, Rule};
use crate::{
    Registration,
    text::{has_phone, hosts, says, tells_frequency, tells_rates, tells_stop},
};

fn privacy(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold("policies.privacy", &r.policies.privacy, told, what);
}

fn terms(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold("policies.terms", &r.policies.terms, told, what);
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "policy-sharing",
        mend: "say \"Mobile numbers and consent are not shared with third parties for marketing\"",
        check: |r, found| {
            privacy(
                r,
                found,
                |text| {
                    says(
                        text,
                        &[
                            "not be shared",
                            "not shared",
                            "not share",
                            "never share",
                            "never shared",
                            "will not sell or share",
                            "not sold or shared",
                            "no mobile information",
                        ],
                    )
                },
                "does not say that numbers are not shared",
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
                |text| {
                    says(text, &["sms", "text messages", "text messaging", "texts", "text message"])
                },
                "does not speak of texts",
            );
        },
    },
    Rule {
        id: "policy-sells",
        mend: "leave it out, for numbers and consent to texts",
        check: |r, found| {
            privacy(
                r,
                found,
                |text| {
                    !says(
                        text,
                        &[
                            "we may share your phone number",
                            "we share your phone number",
                            "we sell your",
                            "share your mobile number with our partners",
                            "may sell your",
                        ],
                    )
                },
                "says that numbers are passed on",
            );
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
                |text| has_phone(text) || text.contains('@') || !hosts(text).is_empty(),
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
