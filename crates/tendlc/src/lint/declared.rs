//! Links and phone numbers: those that are declared are in samples, and the other way round (DCA2 601).

use super::{
    Found, Rule,
    Severity::{Error, Warning},
    text::{has_phone, hosts},
};
use crate::Campaign;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "link-undeclared",
        severity: Error,
        mend: "set embedded_link, or leave the link out",
        source: "DCA2 601",
        check: |r, found| {
            each(
                &r.campaign,
                found,
                !r.campaign.embedded_link,
                |sample| !hosts(sample).is_empty(),
                "holds a link that is not declared",
            );
        },
    },
    Rule {
        id: "link-unused",
        severity: Warning,
        mend: "show a link in a sample, or do not set embedded_link",
        source: "DCA2 601; Twilio 30893",
        check: |r, found| {
            let used = r.campaign.samples.iter().any(|sample| !hosts(sample).is_empty());
            found.unless(
                !r.campaign.embedded_link || used,
                "campaign.embedded_link",
                "is true, and no sample has a link",
            );
        },
    },
    Rule {
        id: "phone-undeclared",
        severity: Error,
        mend: "set embedded_phone, or leave the number out",
        source: "DCA2 601",
        check: |r, found| {
            each(
                &r.campaign,
                found,
                !r.campaign.embedded_phone,
                has_phone,
                "holds a phone number that is not declared",
            );
        },
    },
    Rule {
        id: "phone-unused",
        severity: Warning,
        mend: "show a number in a sample, or do not set embedded_phone",
        source: "DCA2 601; Twilio 30893",
        check: |r, found| {
            let used = r.campaign.samples.iter().any(|sample| has_phone(sample));
            found.unless(
                !r.campaign.embedded_phone || used,
                "campaign.embedded_phone",
                "is true, and no sample has a number",
            );
        },
    },
];

/// Every sample that is so, where that matters.
fn each(
    campaign: &Campaign,
    found: &mut Found,
    matters: bool,
    is_so: impl Fn(&str) -> bool,
    what: &str,
) {
    let samples = campaign.samples.iter().enumerate().filter(|_| matters);
    for (i, _) in samples.filter(|(_, sample)| is_so(sample)) {
        found.add(format!("campaign.samples[{i}]"), what);
    }
}
