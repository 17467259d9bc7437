//! What answers the keywords (DCA2 611).

use super::{Found, Rule, flow::names_brand};
use crate::{
    Registration,
    text::{
        has_local_phone, has_phone, hosts, tells_frequency, tells_help, tells_rates, tells_stop,
    },
    wording::{BrandNames, Meaning, Reading},
};

const OPT_IN: &str = "campaign.optin_message";
const OPT_OUT: &str = "campaign.optout_message";
const HELP: &str = "campaign.help_message";

fn opt_in(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold(OPT_IN, &r.campaign.optin_message, told, what);
}

fn opt_out(r: &Registration, found: &mut Found<'_>, told: impl Fn(&str) -> bool, what: &str) {
    found.untold(OPT_OUT, &r.campaign.optout_message, told, what);
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "opt-in-brand",
        mend: "name the brand",
        check: |r, found| opt_in(r, found, |text| names_brand(r, text), "does not name the brand"),
    },
    Rule {
        id: "opt-in-frequency",
        mend: "say how often: \"Msg frequency varies\"",
        check: |r, found| opt_in(r, found, tells_frequency, "does not say how often texts come"),
    },
    Rule {
        id: "opt-in-rates",
        mend: "say \"Msg & data rates may apply\"",
        check: |r, found| opt_in(r, found, tells_rates, "does not say that texts may cost"),
    },
    Rule {
        id: "opt-in-help",
        mend: "say \"Reply HELP for help\"",
        check: |r, found| opt_in(r, found, tells_help, "does not say how to get help"),
    },
    Rule {
        id: "opt-in-stop",
        mend: "say \"Reply STOP to opt out\"",
        check: |r, found| opt_in(r, found, tells_stop, "does not say how to stop"),
    },
    Rule {
        id: "opt-out-brand",
        mend: "name the brand",
        check: |r, found| opt_out(r, found, |text| names_brand(r, text), "does not name the brand"),
    },
    Rule {
        id: "opt-out-final",
        mend: "say \"You will receive no more messages\"",
        check: |r, found| {
            opt_out(
                r,
                found,
                |text| Reading::of(text).says(Meaning::Final),
                "does not say that nothing more is sent",
            );
        },
    },
    Rule {
        id: "opt-out-marketing",
        mend: "confirm, and nothing else",
        check: |r, found| {
            let text = BrandNames::of(&r.brand).without(&r.campaign.optout_message);
            if let Some(words) = Reading::of(&text).find(Meaning::Advertises) {
                found.add(OPT_OUT, format!("advertises (`{words}`)"));
            }
        },
    },
    Rule {
        id: "help-brand",
        mend: "name the brand",
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
        mend: "give a phone number, an address, or a page",
        check: |r, found| {
            found.untold(
                HELP,
                &r.campaign.help_message,
                |text| {
                    has_phone(text)
                        || has_local_phone(text)
                        || text.contains('@')
                        || !hosts(text).is_empty()
                },
                "leads to nobody",
            );
        },
    },
    Rule {
        id: "help-stop",
        mend: "say \"Reply STOP to opt out\"",
        check: |r, found| {
            found.untold(HELP, &r.campaign.help_message, tells_stop, "does not say how to stop");
        },
    },
];
