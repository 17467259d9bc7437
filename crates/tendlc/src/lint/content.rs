//! What no campaign may send, or some only (DCA2 701 to 709, CTIA 2023, 5.3.1). The words are facts: those of `content`.

use super::{Found, Rule, Severity};
use crate::{
    Category, ContentRules, Edition, Registration,
    content::offers,
    text::said,
    wording::{BrandNames, Meaning, Reading, is_denied},
};

/// How a text speaks of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Speaks {
    /// It names the thing, and offers none: a lawyer, a safety course, an address.
    Mentions,
    Offers,
}

/// The words of a category that stand in a text, and whether they are offered. Of a sample the gate's own knowledge tells what it
/// offers; the grammar tells what a description says. Names of the brand and denials do not count.
fn spoken(
    r: &Registration,
    text: &str,
    category: &Category,
    sample: Option<&Edition>,
) -> Option<(Speaks, String)> {
    // `Lakeside Casino Hotel` offers rooms.
    let text = BrandNames::of(&r.brand).without(text);
    let brand = vec![r.brand.display_name.clone(), r.brand.company_name.clone()];
    let rules = ContentRules { brand, ..ContentRules::default() };
    let more = more_words(&category.name);
    let reading = Reading::of(&text);
    let sentences = reading.each().filter_map(|sentence| {
        let words = sentence.sentences().next()?;
        let phrase = more.and_then(|more| sentence.find(more))?;
        if is_denied(words, phrase) || sentence.says(Meaning::Harmless) {
            return None;
        }
        let offers = sentence.says(Meaning::Offers) && !sentence.says(Meaning::OtherTrade);
        Some((if offers { Speaks::Offers } else { Speaks::Mentions }, phrase.to_owned()))
    });
    let mentioned = sentences.max_by_key(|(speaks, _)| *speaks);
    let offered = || offers(&text, &category.name, &rules, sample?);
    match mentioned {
        Some((Speaks::Mentions, _)) | None => {
            offered().map(|phrase| (Speaks::Offers, phrase)).or(mentioned)
        }
        offers => offers,
    }
}

/// Words of registrations beside those of the tables.
fn more_words(category: &str) -> Option<Meaning> {
    Some(match category {
        "adult" => Meaning::Adult,
        "alcohol" => Meaning::Alcohol,
        "cannabis" => Meaning::Cannabis,
        "high_risk_finance" => Meaning::Finance,
        "firearms" => Meaning::Firearms,
        "gambling" => Meaning::Gambling,
        "tobacco" => Meaning::Tobacco,
        _ => return None,
    })
}

/// Where description or samples speak of a category, unless the campaign may: what is offered is told each time, what is
/// only mentioned once and as a warning.
fn prohibited(r: &Registration, found: &mut Found<'_>, category: &str) {
    let Some(category) = found.facts.categories().named(category) else { return };
    if category.unless.is_some_and(|unless| r.campaign.has(unless)) {
        return;
    }
    let samples = r.campaign.samples.iter().enumerate();
    let samples = samples.map(|(i, sample)| (format!("campaign.samples[{i}]"), sample));
    let texts = samples.chain([("campaign.description".to_owned(), &r.campaign.description)]);
    let of_description = spoken(r, &r.campaign.description, category, None);
    let other_trade = matches!(of_description, Some((Speaks::Mentions, _)));
    let mut mentioned = None;
    let mut offered = false;
    for (path, text) in texts {
        let sample = path.starts_with("campaign.samples").then_some(found.facts);
        match spoken(r, text, category, sample) {
            Some((Speaks::Offers, phrase)) if !other_trade => {
                offered = true;
                found.add(path, format!("offers `{phrase}`"));
            }
            Some((_, phrase)) => mentioned = mentioned.or(Some((path, phrase))),
            None => {}
        }
    }
    if let (Some((path, phrase)), false) = (mentioned, offered) {
        found.add_as(Severity::Warning, path, format!("speaks of `{phrase}`"));
    }
}

/// Words of loans.
const LOANS: [&str; 8] = [
    "loan",
    "loans",
    "mortgage",
    "lending",
    "loan offer",
    "cash loans",
    "mortgage rates",
    "line of credit",
];

/// Where description or samples speak of loans, unless the campaign is registered for them.
fn lending(r: &Registration, found: &mut Found<'_>) {
    if r.campaign.direct_lending {
        return;
    }
    let samples = r.campaign.samples.iter().enumerate();
    let samples = samples.map(|(i, sample)| (format!("campaign.samples[{i}]"), sample));
    let texts = samples.chain([("campaign.description".to_owned(), &r.campaign.description)]);
    for (path, text) in texts {
        let reading = Reading::of(&BrandNames::of(&r.brand).without(text));
        let spoken = reading.each().find_map(|sentence| {
            let words = sentence.sentences().next()?;
            let phrase = said(words, &LOANS).filter(|phrase| !is_denied(words, phrase))?;
            let offers = sentence.says(Meaning::Offers) && !sentence.says(Meaning::OtherTrade);
            Some((offers, phrase))
        });
        match spoken {
            Some((true, phrase)) => found.add(path, format!("offers `{phrase}`")),
            Some((false, phrase)) => {
                found.add_as(Severity::Warning, path, format!("speaks of `{phrase}`"));
            }
            None => {}
        }
    }
}

/// Where consumers are passed on to other firms.
fn leads(r: &Registration, found: &mut Found<'_>) {
    for (path, text) in [
        ("campaign.description", &r.campaign.description),
        ("campaign.message_flow", &r.campaign.message_flow),
    ] {
        // `Texts from Vape-Free Schools` are no texts of schools.
        let text = BrandNames::of(&r.brand).apart(text);
        if let Some(words) = Reading::of(&text).find(Meaning::Leads) {
            return found.add_as(
                Severity::Warning,
                path,
                format!("passes consumers on (`{words}`)"),
            );
        }
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cannabis",
        mend: "carriers take none of it, wherever it is legal",
        check: |r, found| prohibited(r, found, "cannabis"),
    },
    Rule {
        id: "firearms",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "firearms"),
    },
    Rule {
        id: "adult",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "adult"),
    },
    Rule {
        id: "gambling",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "gambling"),
    },
    Rule {
        id: "alcohol",
        mend: "set age_gated, and ask for the date of birth",
        check: |r, found| prohibited(r, found, "alcohol"),
    },
    Rule {
        id: "tobacco",
        mend: "set age_gated, and ask for the date of birth",
        check: |r, found| prohibited(r, found, "tobacco"),
    },
    Rule {
        id: "lead-generation",
        mend: "text for the brand itself alone",
        check: |r, found| {
            prohibited(r, found, "lead_generation");
            if found.told.is_empty() {
                leads(r, found);
            }
        },
    },
    Rule {
        id: "affiliate-flag",
        mend: "affiliate marketing is not registered",
        check: |r, found| {
            found.unless(
                !r.campaign.affiliate_marketing,
                "campaign.affiliate_marketing",
                "is true",
            );
        },
    },
    Rule {
        id: "finance",
        mend: "carriers take none of it",
        check: |r, found| prohibited(r, found, "high_risk_finance"),
    },
    Rule { id: "lending", mend: "set direct_lending, if the brand lends itself", check: lending },
];
