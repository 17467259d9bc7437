//! The samples.

use super::{
    Rule,
    Severity::{Error, Note, Warning},
    flow::names_brand,
    text::{host_of, hosts, related, says, tells_stop},
};
use crate::{Registration, UseCase};

/// Anybody's links, which tell nobody's name (CTIA 2023, 5.3.2).
const SHORTENERS: [&str; 28] = [
    "9qr.de",
    "alturl.com",
    "app.link",
    "bc.vc",
    "bit.do",
    "bit.ly",
    "bitly.com",
    "bitly.ws",
    "budurl.com",
    "clicky.me",
    "cutt.ly",
    "goo.gl",
    "is.gd",
    "lc.chat",
    "linki.la",
    "lnkd.in",
    "minm.xyz",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "s2r.co",
    "serveirc.com",
    "shrtco.de",
    "soo.gd",
    "t.ly",
    "tiny.cc",
    "tinyurl.com",
    "v.gd",
];

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
        severity: Error,
        mend: "name the brand in every sample",
        source: "DCA2 603; ThruText, 2026",
        check: |r, found| {
            found.samples(r, |sample| {
                (!names_brand(r, sample)).then(|| "does not name the brand".into())
            });
        },
    },
    Rule {
        id: "sample-stop",
        severity: Error,
        mend: "end one of them with \"Reply STOP to opt out\"",
        source: "DCA2 9106; Twilio 30893",
        check: |r, found| {
            let samples = &r.campaign.samples;
            let told = samples.is_empty() || samples.iter().any(|sample| tells_stop(sample));
            found.unless(told, "campaign.samples", "none says how to stop");
        },
    },
    Rule {
        id: "sample-stop-words",
        severity: Warning,
        mend: "write it with a verb: \"Reply STOP to opt out\"",
        source: "ThruText, 2026",
        check: |r, found| {
            found.samples(r, |sample| {
                says(sample, &["stop2end", "stop 2 end", "stop=end", "stop2stop"])
                    .then(|| "says it in a way that reviewers turn down".into())
            });
        },
    },
    Rule {
        id: "sample-shortener",
        severity: Error,
        mend: "use links of a domain of the brand's own",
        source: "CTIA 2023, 5.3.2",
        check: |r, found| {
            found.samples(r, |sample| {
                let host = hosts(sample)
                    .into_iter()
                    .find(|host| SHORTENERS.iter().any(|known| related(host, known)))?;
                Some(format!("has a link of `{host}`, which is anybody's"))
            });
        },
    },
    Rule {
        id: "sample-domain",
        severity: Warning,
        mend: "use links of the brand's website",
        source: "DCA2 603",
        check: |r, found| {
            let Some(own) = host_of(&r.brand.website) else { return };
            found.samples(r, |sample| {
                let other = |host: &String| {
                    !related(host, &own) && !SHORTENERS.iter().any(|known| related(host, known))
                };
                let host = hosts(sample).into_iter().find(other)?;
                Some(format!("has a link of `{host}`, and the brand is at `{own}`"))
            });
        },
    },
    Rule {
        id: "sample-variables",
        severity: Note,
        mend: "write what varies in square brackets: [name]",
        source: "ThruText, 2026",
        check: |r, found| {
            found.samples(r, |sample| {
                (sample.contains("{{") || sample.contains("@{") || sample.contains("<%"))
                    .then(|| "has variables that reviewers do not know".into())
            });
        },
    },
    Rule {
        id: "sample-use-case",
        severity: Warning,
        mend: "declare MARKETING, or leave the advertising out",
        source: "DCA2 602; Twilio 30893",
        check: |r, found| {
            if !advertises(r) {
                found.samples(r, |sample| {
                    let phrase = super::text::said(sample, &ADVERTISING)?;
                    Some(format!("advertises (`{phrase}`), which the use case does not say"))
                });
            }
        },
    },
];
