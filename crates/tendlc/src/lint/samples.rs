//! The samples.

use super::{Rule, flow::names_brand};
use crate::{
    Registration, UseCase,
    text::{host_of, hosts, related, says, tells_stop},
};

const ADVERTISING: [&str; 14] = [
    "% off",
    "sale",
    "discount",
    "coupon",
    "promo code",
    "deal",
    "deals",
    "buy now",
    "shop now",
    "limited time",
    "special offer",
    "exclusive offer",
    "save big",
    "flash sale",
];

/// Whether advertising is what the campaign is for.
fn advertises(r: &Registration) -> bool {
    use UseCase::{LowVolume, Marketing, Mixed, SoleProprietor, Sweepstake};
    let is = |use_case: &UseCase| matches!(use_case, Marketing | Sweepstake | SoleProprietor);
    match r.campaign.use_case {
        Mixed | LowVolume => r.campaign.sub_use_cases.iter().any(is),
        use_case => is(&use_case),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "sample-brand",
        mend: "name the brand in every sample",
        check: |r, found| {
            found.samples(r, |sample| {
                (!names_brand(r, sample)).then(|| "does not name the brand".into())
            });
        },
    },
    Rule {
        id: "sample-stop",
        mend: "end one of them with \"Reply STOP to opt out\"",
        check: |r, found| {
            let samples = &r.campaign.samples;
            let told = samples.is_empty() || samples.iter().any(|sample| tells_stop(sample));
            found.unless(told, "campaign.samples", "none says how to stop");
        },
    },
    Rule {
        id: "sample-stop-words",
        mend: "write it with a verb: \"Reply STOP to opt out\"",
        check: |r, found| {
            found.samples(r, |sample| {
                says(sample, &["stop2end", "stop 2 end", "stop=end", "stop2stop"])
                    .then(|| "says it in a way that reviewers turn down".into())
            });
        },
    },
    Rule {
        id: "sample-shortener",
        mend: "use links of a domain of the brand's own",
        check: |r, found| {
            let facts = found.facts;
            found.samples(r, |sample| {
                let host = hosts(sample).into_iter().find(|host| facts.is_shortener(host))?;
                Some(format!("has a link of `{host}`, which is anybody's"))
            });
        },
    },
    Rule {
        id: "sample-domain",
        mend: "use links of the brand's website",
        check: |r, found| {
            let Some(own) = host_of(&r.brand.website) else { return };
            let facts = found.facts;
            found.samples(r, |sample| {
                let other = |host: &String| !related(host, &own) && !facts.is_shortener(host);
                let host = hosts(sample).into_iter().find(other)?;
                Some(format!("has a link of `{host}`, and the brand is at `{own}`"))
            });
        },
    },
    Rule {
        id: "sample-variables",
        mend: "write what varies in square brackets: [name]",
        check: |r, found| {
            found.samples(r, |sample| {
                (sample.contains("{{") || sample.contains("@{") || sample.contains("<%"))
                    .then(|| "has variables that reviewers do not know".into())
            });
        },
    },
    Rule {
        id: "sample-use-case",
        mend: "declare MARKETING, or leave the advertising out",
        check: |r, found| {
            if !advertises(r) {
                found.samples(r, |sample| {
                    let phrase = crate::text::said(sample, &ADVERTISING)?;
                    Some(format!("advertises (`{phrase}`), which the use case does not say"))
                });
            }
        },
    },
];
