//! The numbers to enable (DLC-8), and what support asks for (DLC-2).

use frontdesk_types::SupportNumber;

use super::{Found, Rule};
use crate::{NumberRequest, Registration, Route, SupportRequest, numbers::route};

/// Every number that is one, with where it stands in the document.
fn numbers(r: &Registration) -> impl Iterator<Item = (usize, &NumberRequest, SupportNumber)> {
    let numbers = r.numbers.iter().enumerate();
    numbers.filter_map(|(i, asked)| Some((i, asked, asked.number.parse().ok()?)))
}

fn request(
    r: &Registration,
    found: &mut Found<'_>,
    check: impl Fn(&SupportRequest, &mut Found<'_>),
) {
    if let Some(request) = &r.request {
        check(request, found);
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "number-form",
        mend: "write it as + and the country's code, like +12025550123, or a short code",
        check: |r, found| {
            for (i, asked) in r.numbers.iter().enumerate() {
                if let Err(error) = asked.number.parse::<SupportNumber>() {
                    found.add(format!("numbers[{i}].number"), error.to_string());
                }
            }
        },
    },
    Rule {
        id: "number-twice",
        mend: "leave one out",
        check: |r, found| {
            for (i, _, number) in numbers(r) {
                if numbers(r).any(|(earlier, _, other)| earlier < i && other == number) {
                    found.add(format!("numbers[{i}].number"), "stands there twice");
                }
            }
        },
    },
    Rule {
        id: "number-route",
        mend: "take a US long code; elsewhere a number of no place, for texts alone (sms_only)",
        check: |r, found| {
            for (i, asked, number) in numbers(r) {
                if let Err(why) = route(number, asked.sms_only) {
                    found.add(format!("numbers[{i}].number"), why.to_string());
                }
            }
        },
    },
    Rule {
        id: "number-other-route",
        mend: "ask for it by itself: it belongs to no 10DLC campaign",
        check: |r, found| {
            for (i, asked, number) in numbers(r) {
                match route(number, asked.sms_only) {
                    Ok(route) if route != Route::TenDlc => {
                        found.add(format!("numbers[{i}].number"), format!("is enabled by {route}"));
                    }
                    _ => {}
                }
            }
        },
    },
    Rule {
        id: "number-count",
        mend: "give the same count",
        check: |r, found| {
            let (listed, told) = (r.numbers.len(), r.campaign.numbers);
            let same = listed == 0 || usize::try_from(told).is_ok_and(|told| told == listed);
            found.unless(same, "campaign.numbers", &format!("is {told}, but {listed} are listed"));
        },
    },
    Rule {
        id: "request-purpose",
        mend: "say what the numbers are for",
        check: |r, found| {
            request(r, found, |request, found| {
                found.missing(&[("request.purpose", &request.purpose)]);
            });
        },
    },
    Rule {
        id: "request-usage",
        mend: "say who writes to whom, and what about",
        check: |r, found| {
            request(r, found, |request, found| {
                found.missing(&[("request.usage", &request.usage)]);
            });
        },
    },
    Rule {
        id: "request-volume",
        mend: "say about how many texts a month will leave",
        check: |r, found| {
            request(r, found, |request, found| {
                found.unless(request.monthly_texts > 0, "request.monthly_texts", "is missing");
            });
        },
    },
    Rule {
        id: "request-contact",
        mend: "give a name and an email address",
        check: |r, found| {
            request(r, found, |request, found| {
                found.missing(&[("request.contact_name", &request.contact_name)]);
                found.unless(
                    request.contact_email.contains('@'),
                    "request.contact_email",
                    "is no email address",
                );
            });
        },
    },
    Rule {
        id: "request-numbers",
        mend: "list the numbers under [[numbers]]",
        check: |r, found| {
            request(r, found, |_, found| {
                found.unless(!r.numbers.is_empty(), "numbers", "are not listed");
            });
        },
    },
    Rule {
        id: "request-privacy",
        mend: "give the text of the privacy policy: reviewers read it",
        check: |r, found| {
            request(r, found, |_, found| {
                found.missing(&[("policies.privacy", &r.policies.privacy)]);
            });
        },
    },
];
