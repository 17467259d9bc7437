//! The samples.

use super::{Rule, Severity, flow::names_brand};
use crate::{
    Registration, UseCase,
    text::{host_of, related, says, tells_stop},
    wording::{BrandNames, Meaning, Reading, link_hosts},
};

/// Whether advertising is what the campaign is for.
pub(super) fn advertises(r: &Registration) -> bool {
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
            let silent = |sample: &String| !names_brand(r, sample);
            // Reviewers want to see the sender; one sample of several without it is rarely turned down.
            let all = r.campaign.samples.iter().all(silent);
            let most = if all { Severity::Error } else { Severity::Note };
            for (i, sample) in r.campaign.samples.iter().enumerate() {
                if silent(sample) {
                    found.add_as(most, format!("campaign.samples[{i}]"), "does not name the brand");
                }
            }
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
                let host = link_hosts(sample).into_iter().find(|host| facts.is_shortener(host))?;
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
                let host = link_hosts(sample).into_iter().find(other)?;
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
        mend: "declare what is sent, or leave it out",
        check: |r, found| {
            if !advertises(r) {
                found.samples(r, |sample| {
                    let words = Reading::of(sample).find(Meaning::Advertises)?.to_owned();
                    Some(format!("advertises (`{words}`), which the use case does not say"))
                });
            }
            if r.campaign.use_case == UseCase::DeliveryNotification {
                found.samples(r, |sample| {
                    let other = !Reading::of(sample).says(Meaning::Deliveries);
                    other.then(|| "speaks of no delivery, which the use case is for".into())
                });
            }
        },
    },
    Rule {
        id: "sample-code",
        mend: "send codes alone; other texts are of another campaign",
        check: |r, found| {
            if r.campaign.use_case == UseCase::TwoFactor {
                found.samples(r, |sample| {
                    let other = !Reading::of(sample).says(Meaning::Codes);
                    other.then(|| "holds no code, which the use case is for".into())
                });
            }
        },
    },
    Rule {
        id: "sample-test",
        mend: "give texts as they will be sent",
        check: |r, found| {
            found.samples(r, |sample| {
                let words = Reading::of(sample).find(Meaning::TestText)?.to_owned();
                Some(format!("is a test (`{words}`)"))
            });
        },
    },
    Rule {
        id: "sample-placeholder",
        mend: "write the text; only what varies stands in brackets",
        check: |r, found| {
            found.samples(r, |sample| {
                let text = without_brackets(sample);
                let least = MIN_OWN_WORDS + usize::from(text.len() < sample.len());
                let empty = own_words(r, &text) < least;
                empty.then(|| "holds little beside placeholders".into())
            });
        },
    },
    Rule {
        id: "sample-http",
        mend: "use https://",
        check: |r, found| {
            found.samples(r, |sample| {
                let http = sample.to_lowercase().contains("http://");
                http.then(|| "has a link without https".into())
            });
        },
    },
];

/// A sample that is no placeholder has at least this many words of its own.
const MIN_OWN_WORDS: usize = 1;

/// A text without what varies.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = text.chars().filter(|letter| match letter {
        '[' | '{' | '<' => {
            depth += 1;
            false
        }
        ']' | '}' | '>' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    outside.collect()
}

/// Words of a sample beside the brand's and those of opting out.
fn own_words(r: &Registration, sample: &str) -> usize {
    let brand = BrandNames::of(&r.brand);
    let reading = Reading::of(sample);
    let words = reading.words().filter(|word| {
        word.len() > 1 && !brand.has_word(word) && !Reading::word(word).says(Meaning::StopWords)
    });
    words.count()
}
