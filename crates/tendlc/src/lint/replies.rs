//! What answers the keywords (DCA2 611).

use super::{
    Found, Rule,
    Severity::{Error, Warning},
    flow::names_brand,
    text::{has_phone, hosts, says, tells_frequency, tells_help, tells_rates, tells_stop},
};
use crate::Registration;

const OPT_IN: &str = "campaign.optin_message";
const OPT_OUT: &str = "campaign.optout_message";
const HELP: &str = "campaign.help_message";
const SOURCE: &str = "Twilio 30540, 2026-09; DCA2 611; CTIA 2023, 5.1.2.1";

fn opt_in(r: &Registration, found: &mut Found, told: impl Fn(&str) -> bool, what: &str) {
    found.untold(OPT_IN, &r.campaign.optin_message, told, what);
}

fn opt_out(r: &Registration, found: &mut Found, told: impl Fn(&str) -> bool, what: &str) {
    found.untold(OPT_OUT, &r.campaign.optout_message, told, what);
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "opt-in-brand",
        severity: Error,
        mend: "name the brand",
        source: SOURCE,
        check: |r, found| opt_in(r, found, |text| names_brand(r, text), "does not name the brand"),
    },
    Rule {
        id: "opt-in-frequency",
        severity: Error,
        mend: "say how often: \"Msg frequency varies\"",
        source: SOURCE,
        check: |r, found| opt_in(r, found, tells_frequency, "does not say how often texts come"),
    },
    Rule {
        id: "opt-in-rates",
        severity: Error,
        mend: "say \"Msg & data rates may apply\"",
        source: SOURCE,
        check: |r, found| opt_in(r, found, tells_rates, "does not say that texts may cost"),
    },
    Rule {
        id: "opt-in-help",
        severity: Error,
        mend: "say \"Reply HELP for help\"",
        source: SOURCE,
        check: |r, found| opt_in(r, found, tells_help, "does not say how to get help"),
    },
    Rule {
        id: "opt-in-stop",
        severity: Error,
        mend: "say \"Reply STOP to opt out\"",
        source: SOURCE,
        check: |r, found| opt_in(r, found, tells_stop, "does not say how to stop"),
    },
    Rule {
        id: "opt-out-brand",
        severity: Error,
        mend: "name the brand",
        source: "DCA2 611, 851",
        check: |r, found| opt_out(r, found, |text| names_brand(r, text), "does not name the brand"),
    },
    Rule {
        id: "opt-out-final",
        severity: Error,
        mend: "say \"You will receive no more messages\"",
        source: "DCA2 611, 851",
        check: |r, found| {
            opt_out(
                r,
                found,
                |text| {
                    says(
                        text,
                        &[
                            "no more messages",
                            "no further messages",
                            "not receive any more",
                            "no more texts",
                            "no further texts",
                            "will not receive",
                            "won't receive",
                            "no more alerts",
                            "not be texted",
                        ],
                    )
                },
                "does not say that nothing more is sent",
            );
        },
    },
    Rule {
        id: "opt-out-marketing",
        severity: Error,
        mend: "confirm, and nothing else",
        source: "47 CFR 64.1200(a)(12)",
        check: |r, found| {
            opt_out(
                r,
                found,
                |text| {
                    !says(
                        text,
                        &[
                            "sale", "% off", "discount", "coupon", "deal", "deals", "shop",
                            "offer", "offers", "buy", "free",
                        ],
                    )
                },
                "advertises",
            );
        },
    },
    Rule {
        id: "help-brand",
        severity: Error,
        mend: "name the brand",
        source: "DCA2 611",
        check: |r, found| {
            found.untold(
                HELP,
                &r.campaign.help_message,
                |text| names_brand(r, text),
                "does not name the brand",
            );
        },
    },
    Rule {
        id: "help-contact",
        severity: Error,
        mend: "give a phone number, an address, or a page",
        source: "DCA2 611",
        check: |r, found| {
            found.untold(
                HELP,
                &r.campaign.help_message,
                |text| has_phone(text) || text.contains('@') || !hosts(text).is_empty(),
                "leads to nobody",
            );
        },
    },
    Rule {
        id: "help-stop",
        severity: Warning,
        mend: "say \"Reply STOP to opt out\"",
        source: "DCA2 611: recommended",
        check: |r, found| {
            found.untold(HELP, &r.campaign.help_message, tells_stop, "does not say how to stop");
        },
    },
];
