//! Where consumers agree: each way, from start to end, where a reviewer can see it (Twilio 30896, 30909, 30917, 30921, 30922).

use super::{Found, Rule, Severity};
use crate::{
    Registration,
    text::{host_of, related},
    wording::{Link, Meaning, Reading, is_foreign, links, quotations, unquoted},
};

const PATH: &str = "campaign.message_flow";

/// Ways in which consumers agree.
const WAYS: [(Meaning, &str); 7] = [
    (Meaning::Web, "a web page"),
    (Meaning::Paper, "paper"),
    (Meaning::Verbal, "the spoken way"),
    (Meaning::Keyword, "a keyword"),
    (Meaning::Qr, "a QR code"),
    (Meaning::InApp, "an app"),
    (Meaning::AtCounter, "the counter"),
];

fn flow(r: &Registration) -> Reading {
    Reading::of(&unquoted(&r.campaign.message_flow))
}

/// Links that may lead to the form.
fn form_links(r: &Registration) -> Vec<Link> {
    links(&r.campaign.message_flow).into_iter().filter(|link| !link.legal).collect()
}

/// The first words that have a meaning, told of with a severity.
fn told(found: &mut Found<'_>, severity: Severity, flow: &Reading, meaning: Meaning, what: &str) {
    if let Some(words) = flow.find(meaning) {
        found.add_as(severity, PATH, format!("{what} (`{words}`)"));
    }
}

/// A way that is named among others, and told no more of.
fn undescribed(r: &Registration) -> Option<&'static str> {
    let flow = flow(r);
    if flow.says(Meaning::SharesWords) {
        return None;
    }
    let sentences: Vec<Reading> = flow.each().collect();
    let lists = |sentence: &Reading| {
        let ways = WAYS.iter().filter(|(way, _)| sentence.says(*way)).count();
        ways > 1 && sentence.says(Meaning::Several) && sentence.says(Meaning::Agrees)
    };
    let (listing, others): (Vec<_>, Vec<_>) =
        sentences.iter().partition(|sentence| lists(sentence));
    let (_, name) = WAYS.iter().find(|(way, _)| {
        listing.iter().any(|sentence| sentence.says(*way))
            && !others.iter().any(|sentence| sentence.says(*way))
    })?;
    Some(name)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "flow-agree",
        mend: "say what consumers do to agree: check a box, text a keyword, say yes to a script",
        check: |r, found| {
            let flow = &r.campaign.message_flow;
            let told = flow.trim().is_empty()
                || is_foreign(flow)
                || Reading::of(flow).says(Meaning::Agrees);
            found.unless(told, PATH, "does not say how consumers agree");
        },
    },
    Rule {
        id: "flow-implied",
        mend: "ask for consent; a customer, a number on file or a silence is none",
        check: |r, found| {
            told(
                found,
                Severity::Error,
                &flow(r),
                Meaning::Implied,
                "takes something else for consent",
            );
        },
    },
    Rule {
        id: "flow-bought",
        mend: "text those alone who agreed with the brand itself",
        check: |r, found| {
            told(found, Severity::Error, &flow(r), Meaning::Bought, "takes consumers from others");
        },
    },
    Rule {
        id: "flow-listings",
        mend: "text those alone who agreed with the brand itself",
        check: |r, found| {
            told(
                found,
                Severity::Error,
                &flow(r),
                Meaning::Listings,
                "takes numbers from listings",
            );
        },
    },
    Rule {
        id: "flow-login",
        mend: "give a public page, or pictures of the steps at a public link",
        check: |r, found| {
            let flow = flow(r);
            if flow.says(Meaning::Public) {
                return;
            }
            if flow.says(Meaning::Login) {
                told(found, Severity::Error, &flow, Meaning::Login, "stands behind a login");
            } else {
                told(
                    found,
                    Severity::Error,
                    &flow,
                    Meaning::InApp,
                    "stands in an app, without pictures",
                );
            }
        },
    },
    Rule {
        id: "flow-url",
        mend: "give the exact link of the form: https://…/sign-up",
        check: |r, found| {
            let missing = flow(r).says(Meaning::Web) && form_links(r).is_empty();
            found.unless(!missing, PATH, "has a web form, and no link to it");
        },
    },
    Rule {
        id: "flow-home-page",
        mend: "give the exact link of the form: https://…/sign-up",
        check: |r, found| {
            let links = form_links(r);
            let Some(own) = host_of(&r.brand.website) else { return };
            let home = |link: &Link| {
                link.path.is_empty() && related(&own, &link.host) && link.host.len() <= own.len()
            };
            if flow(r).says(Meaning::Web) && !links.is_empty() && links.iter().all(home) {
                found.add(PATH, "leads to the home page, not to the form");
            }
        },
    },
    Rule {
        id: "flow-ways",
        mend: "tell each way from start to end, or leave it out",
        check: |r, found| {
            if let Some(way) = undescribed(r) {
                found.add(PATH, format!("names several ways, and does not describe {way}"));
            }
        },
    },
    Rule {
        id: "flow-single",
        mend: "list every way in which consumers agree",
        check: |r, found| {
            told(found, Severity::Error, &flow(r), Meaning::VagueWays, "leaves ways out");
        },
    },
    Rule {
        id: "flow-script",
        mend: "give the words that the agent says, in quotation marks",
        check: |r, found| {
            let silent =
                flow(r).says(Meaning::Verbal) && quotations(&r.campaign.message_flow).is_empty();
            found.unless(!silent, PATH, "is by voice, and has no script");
        },
    },
];
