//! Links and phone numbers: those that are declared are in samples, and the other way round (DCA2 601).

use super::Rule;
use crate::{text::has_phone, wording::link_hosts};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "link-undeclared",
        mend: "set embedded_link, or leave the link out",
        check: |r, found| {
            found.samples(r, |sample| {
                let undeclared = !r.campaign.embedded_link && !link_hosts(sample).is_empty();
                undeclared.then(|| "holds a link that is not declared".into())
            });
        },
    },
    Rule {
        id: "link-unused",
        mend: "show a link in a sample, or do not set embedded_link",
        check: |r, found| {
            let used = r.campaign.samples.iter().any(|sample| !link_hosts(sample).is_empty());
            found.unless(
                !r.campaign.embedded_link || used,
                "campaign.embedded_link",
                "is true, and no sample has a link",
            );
        },
    },
    Rule {
        id: "phone-undeclared",
        mend: "set embedded_phone, or leave the number out",
        check: |r, found| {
            found.samples(r, |sample| {
                let undeclared = !r.campaign.embedded_phone && has_phone(sample);
                undeclared.then(|| "holds a phone number that is not declared".into())
            });
        },
    },
    Rule {
        id: "phone-unused",
        mend: "show a number in a sample, or do not set embedded_phone",
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
