//! Where consumers agree: each way, from start to end, where a reviewer can see it (Twilio 30896, 30909, 30917, 30921, 30922).

use super::{Found, Rule, Severity};
use crate::{
    Registration,
    text::{host_of, related},
    wording::{BrandNames, Link, Meaning, Reading, is_foreign, links, quotations, unquoted},
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

/// Whether a link leads to somebody's account.
fn is_account(link: &Link) -> bool {
    let link = format!("{}/{}", link.host, link.path);
    [
        "portal",
        "account",
        "login",
        "signin",
        "sign-in",
        "dashboard",
        "settings",
        "profile",
        "my.",
        "/my",
        "member",
        "secure",
        "app.",
        "admin",
    ]
    .iter()
    .any(|sign| link.contains(sign))
}

/// Paths of home pages.
const HOME_PAGES: [&str; 12] = [
    "",
    "index",
    "index.html",
    "index.htm",
    "index.php",
    "index.asp",
    "home",
    "home.html",
    "homepage",
    "default.aspx",
    "en",
    "en-us",
];

/// Whether a path is that of a home page, whatever its query.
fn is_home(path: &str) -> bool {
    let page = path.split('?').next().unwrap_or_default();
    HOME_PAGES.contains(&page.trim_matches('/'))
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
    let sentences: Vec<Reading> = flow.each().collect();
    let has_way = |sentence: &Reading| WAYS.iter().any(|(way, _)| sentence.says(*way));
    // `The QR code leads to the same page` describes both.
    if sentences.iter().any(|sentence| sentence.says(Meaning::SharesWords) && has_way(sentence)) {
        return None;
    }
    let lists = |sentence: &Reading| {
        let ways = WAYS.iter().filter(|(way, _)| sentence.says(*way)).count();
        ways > 2 || (ways > 1 && sentence.says(Meaning::Several) && sentence.says(Meaning::Agrees))
    };
    let (listing, others): (Vec<_>, Vec<_>) =
        sentences.iter().partition(|sentence| lists(sentence));
    let described = |way: Meaning| {
        // Consent at a counter is described by the words that are said or signed there.
        let at_counter = [Meaning::Verbal, Meaning::Paper, Meaning::Qr, Meaning::Keyword];
        others.iter().any(|sentence| {
            sentence.says(way)
                || (way == Meaning::AtCounter && at_counter.iter().any(|way| sentence.says(*way)))
        })
    };
    let (_, name) = WAYS
        .iter()
        .find(|(way, _)| listing.iter().any(|sentence| sentence.says(*way)) && !described(*way))?;
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
            let (flow, what) = (flow(r), "takes something else for consent");
            told(found, Severity::Error, &flow, Meaning::Implied, what);
            if found.told.is_empty() {
                told(found, Severity::Error, &flow, Meaning::TextsAll, what);
            }
        },
    },
    Rule {
        id: "flow-shares",
        mend: "leave it out: numbers and consent to texts go to nobody else",
        check: |r, found| {
            let flow = Reading::of(&BrandNames::of(&r.brand).apart(&r.campaign.message_flow));
            // Another rule tells of those who pass consumers on.
            if flow.says(Meaning::Leads) {
                return;
            }
            let denied = flow.says(Meaning::NotShared);
            let most = if denied { Severity::Warning } else { Severity::Error };
            told(found, most, &flow, Meaning::Shares, "says that numbers are passed on");
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
            // A link that may be public is the reviewer's to open.
            let public =
                form_links(r).iter().any(|link| !link.path.is_empty() && !is_account(link));
            let most = if public { Severity::Warning } else { Severity::Error };
            if flow.says(Meaning::Login) {
                told(found, most, &flow, Meaning::Login, "stands behind a login");
            } else {
                told(found, most, &flow, Meaning::InApp, "stands in an app, without pictures");
            }
        },
    },
    Rule {
        id: "flow-url",
        mend: "give the exact link of the form: https://…/sign-up",
        check: |r, found| {
            // `Our website asks for no numbers` is no way to agree.
            let web = |sentence: &Reading| {
                sentence.says(Meaning::Web)
                    && (sentence.says(Meaning::Agrees) || sentence.says(Meaning::Enters))
            };
            let missing = form_links(r).is_empty() && flow(r).each().any(|sentence| web(&sentence));
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
                is_home(&link.path) && related(&own, &link.host) && link.host.len() <= own.len()
            };
            let at_link = |sentence: Reading| {
                sentence.sentences().any(|words| words.split(' ').any(|word| word == "url"))
                    && (sentence.says(Meaning::Agrees) || sentence.says(Meaning::Enters))
            };
            let on_page = flow(r).says(Meaning::Web) || flow(r).each().any(at_link);
            if on_page && !links.is_empty() && links.iter().all(home) {
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
            let flow = flow(r);
            if !flow.says(Meaning::Verbal) {
                return;
            }
            let quotations = quotations(&r.campaign.message_flow);
            let brand = BrandNames::of(&r.brand);
            // A confirmation text that is quoted is no script.
            let script = |quotation: &String| {
                !brand.sends(quotation)
                    && (quotation.contains('?') || Reading::of(quotation).says(Meaning::AsksAloud))
            };
            let others = [Meaning::Web, Meaning::Paper, Meaning::Keyword, Meaning::Qr];
            let written = flow.each().any(|sentence| {
                (sentence.says(Meaning::Agrees) || sentence.says(Meaning::Enters))
                    && others.iter().any(|way| sentence.says(*way))
            });
            if quotations.is_empty() {
                found.add(PATH, "is by voice, and has no script");
            } else if !written && !quotations.iter().any(script) {
                found.add_as(Severity::Warning, PATH, "is by voice, and quotes no script");
            }
        },
    },
];
