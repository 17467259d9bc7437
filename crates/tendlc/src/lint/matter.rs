//! Whether description, use case, website and samples are those of one sender and one purpose (Twilio 30886, 30893, 30894, 30907).

use super::{Found, Rule};
use crate::{
    Registration, UseCase,
    facts::TextField,
    text::{host_of, hosts, related},
    wording::{BrandNames, Meaning, Reading, is_foreign},
};

/// A description says what is sent in at least this many words of its own.
const MIN_OWN_WORDS: usize = 4;

/// Hosts of everybody's pages.
const SOCIAL: [&str; 14] = [
    "facebook.com",
    "fb.com",
    "instagram.com",
    "linktr.ee",
    "linkedin.com",
    "x.com",
    "twitter.com",
    "tiktok.com",
    "youtube.com",
    "yelp.com",
    "google.com",
    "pinterest.com",
    "nextdoor.com",
    "etsy.com",
];

/// Hosts of mail that anybody has.
const FREE_MAIL: [&str; 12] = [
    "gmail.com",
    "yahoo.com",
    "outlook.com",
    "hotmail.com",
    "aol.com",
    "icloud.com",
    "proton.me",
    "protonmail.com",
    "live.com",
    "msn.com",
    "gmx.com",
    "comcast.net",
];

/// Whether a host is a page on somebody else's platform: a private suffix of the public suffix list, or a social network.
fn is_platform(host: &str) -> bool {
    let private =
        psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Private));
    private || SOCIAL.iter().any(|social| related(host, social) && host.len() >= social.len())
}

/// Domains of the contacts in a text.
fn contacts(text: &str) -> Vec<String> {
    let emails =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '<' | '>' | ';'));
    let emails = emails.filter_map(|word| {
        let (_, host) = word.trim_end_matches(['.', ':', '!', '?']).rsplit_once('@')?;
        host.contains('.').then(|| host.to_lowercase())
    });
    emails.chain(hosts(text)).collect()
}

/// Words of a text that say something: neither the brand's nor general.
fn own_words(r: &Registration, text: &str) -> usize {
    let brand = BrandNames::of(&r.brand);
    let reading = Reading::of(text);
    let own = reading.words().filter(|word| {
        word.len() > 2 && !brand.has_word(word) && !Reading::word(word).says(Meaning::VagueWords)
    });
    own.count()
}

fn foreign(found: &mut Found<'_>, path: &str, text: &str) {
    found.unless(!is_foreign(text), path, "is not in English");
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "description-vague",
        mend: "say who sends which messages to whom, and why",
        check: |r, found| {
            let text = &r.campaign.description;
            // Another rule tells of a description that is too short.
            let short = text.chars().count() < found.facts.text_length(TextField::Description).from;
            let said = short || own_words(r, text) >= MIN_OWN_WORDS;
            found.unless(said, "campaign.description", "says nothing of what is sent");
        },
    },
    Rule {
        id: "description-personal",
        mend: "say which business sends, and by which system",
        check: |r, found| {
            if let Some(words) = Reading::of(&r.campaign.description).find(Meaning::Personal) {
                found.add(
                    "campaign.description",
                    format!("reads as one person's texts (`{words}`)"),
                );
            }
        },
    },
    Rule {
        id: "english",
        mend: "write it in English, or add an English translation",
        check: |r, found| {
            foreign(found, "campaign.description", &r.campaign.description);
            foreign(found, "campaign.message_flow", &r.campaign.message_flow);
            let samples = &r.campaign.samples;
            let all = !samples.is_empty() && samples.iter().all(|sample| is_foreign(sample));
            found.unless(!all, "campaign.samples", "are not in English");
        },
    },
    Rule {
        id: "text-twice",
        mend: "write a text of its own for each field",
        check: |r, found| {
            let (description, flow) = (&r.campaign.description, &r.campaign.message_flow);
            let same = !flow.trim().is_empty()
                && crate::text::plain(description) == crate::text::plain(flow);
            found.unless(!same, "campaign.message_flow", "is the description again");
        },
    },
    Rule {
        id: "brand-platform",
        mend: "register the business whose name stands in the texts, not the software that it uses",
        check: |r, found| {
            for (path, text) in [
                ("campaign.description", &r.campaign.description),
                ("campaign.message_flow", &r.campaign.message_flow),
            ] {
                if let Some(words) = Reading::of(text).find(Meaning::Platform) {
                    return found
                        .add(path, format!("tells of other businesses that send (`{words}`)"));
                }
            }
        },
    },
    Rule {
        id: "website-platform",
        mend: "give a website of a domain of the brand's own",
        check: |r, found| {
            let host = host_of(&r.brand.website).filter(|host| is_platform(host));
            if let Some(host) = host {
                found.add("brand.website", format!("is a page of `{host}`"));
            }
        },
    },
    Rule {
        id: "brand-email-public",
        mend: "give an address of the business's own domain",
        check: |r, found| {
            let host = r.brand.email.rsplit_once('@').map(|(_, host)| host.to_lowercase());
            if host.is_some_and(|host| FREE_MAIL.contains(&host.as_str())) {
                found.add("brand.email", "is of a mail provider that anybody has");
            }
        },
    },
    Rule {
        id: "help-other",
        mend: "give a contact of the brand's own",
        check: |r, found| {
            let own: Vec<String> =
                host_of(&r.brand.website).into_iter().chain(contacts(&r.brand.email)).collect();
            let contacts = contacts(&r.campaign.help_message);
            let known = |host: &String| {
                own.iter().any(|own| related(host, own)) || FREE_MAIL.contains(&host.as_str())
            };
            let help = Reading::of(&r.campaign.help_message);
            if let Some(other) = contacts.iter().find(|host| !known(host))
                && !own.is_empty()
            {
                found.add(
                    "campaign.help_message",
                    format!("leads to `{other}`, which is not the brand's"),
                );
            } else if help.says(Meaning::RunBy) {
                found.add("campaign.help_message", "leads to another firm");
            }
        },
    },
    Rule {
        id: "terms-same",
        mend: "give terms and privacy policy a page each",
        check: |r, found| {
            let link = |link: &str| {
                let link = link.trim().trim_end_matches('/').to_lowercase();
                link.trim_start_matches("https://").trim_start_matches("www.").to_owned()
            };
            let terms = link(&r.campaign.terms_and_conditions_link);
            let same = !terms.is_empty() && terms == link(&r.campaign.privacy_policy_link);
            found.unless(
                !same,
                "campaign.terms_and_conditions_link",
                "is the link of the privacy policy",
            );
        },
    },
    Rule {
        id: "charity-politics",
        mend: "register POLITICAL for what is about votes and candidates",
        check: |r, found| {
            if r.campaign.use_case == UseCase::Charity {
                let samples = r.campaign.samples.join("\n");
                for (path, text) in [
                    ("campaign.description", &r.campaign.description),
                    ("campaign.samples", &samples),
                ] {
                    if let Some(words) = Reading::of(text).find(Meaning::Politics) {
                        return found.add(path, format!("speaks of politics (`{words}`)"));
                    }
                }
            }
        },
    },
    Rule {
        id: "sample-denied",
        mend: "leave the advertising out, or say in the description that it is sent",
        check: |r, found| {
            if Reading::of(&r.campaign.description).says(Meaning::DeniesMarketing) {
                found.samples(r, |sample| {
                    let words = Reading::of(sample).find(Meaning::Advertises)?.to_owned();
                    Some(format!("advertises (`{words}`), which the description denies"))
                });
            }
        },
    },
    Rule {
        id: "age-gate",
        mend: "ask for the date of birth before the number, and say so",
        check: |r, found| {
            let flow = &r.campaign.message_flow;
            let asked = flow.trim().is_empty() || Reading::of(flow).says(Meaning::DateOfBirth);
            found.unless(
                !r.campaign.age_gated || asked,
                "campaign.message_flow",
                "has no age gate",
            );
        },
    },
    Rule {
        id: "age-minors",
        mend: "turn away those who are too young",
        check: |r, found| {
            let gated = r.campaign.age_gated;
            for (path, text) in [
                ("campaign.message_flow", &r.campaign.message_flow),
                ("campaign.description", &r.campaign.description),
            ] {
                if let Some(words) = Reading::of(text).find(Meaning::Minors).filter(|_| gated) {
                    return found.add(path, format!("lets the young in (`{words}`)"));
                }
            }
        },
    },
];
