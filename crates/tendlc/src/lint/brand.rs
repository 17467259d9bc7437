//! The brand's own fields.

use super::{Found, Rule};
use crate::{
    Brand, EntityType, IdentityStatus, UseCase,
    facts::{Bounds, TextField},
};

fn is_sole(brand: &Brand) -> bool {
    brand.entity_type == EntityType::SoleProprietor
}

/// Tells of a field that is longer than the registry's.
fn length(found: &mut Found<'_>, field: TextField, path: &str, text: &str) {
    let Bounds { to, .. } = found.facts.text_length(field);
    let letters = text.chars().count();
    let what = format!("has {letters} characters, allowed are at most {to}");
    found.unless(letters <= to, path, &what);
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "brand-name",
        mend: "give the name that consumers know",
        check: |r, found| found.missing(&[("brand.display_name", &r.brand.display_name)]),
    },
    Rule {
        id: "brand-length",
        mend: "give it as the registry has it, without a description",
        check: |r, found| {
            let Brand { display_name, company_name, street, city, email, .. } = &r.brand;
            let Brand { website, first_name, last_name, .. } = &r.brand;
            let names = [("display_name", display_name), ("company_name", company_name)];
            let contacts = [
                ("first_name", first_name),
                ("last_name", last_name),
                ("street", street),
                ("city", city),
                ("email", email),
                ("website", website),
            ];
            for (field, (name, text)) in names
                .map(|it| (TextField::Name, it))
                .into_iter()
                .chain(contacts.map(|it| (TextField::Contact, it)))
            {
                length(found, field, &format!("brand.{name}"), text);
            }
        },
    },
    Rule {
        id: "brand-address",
        mend: "give the whole address of the business",
        check: |r, found| {
            let Brand { street, city, state, postal_code, country, .. } = &r.brand;
            found.missing(&[
                ("brand.street", street),
                ("brand.city", city),
                ("brand.state", state),
                ("brand.postal_code", postal_code),
                ("brand.country", country),
            ]);
        },
    },
    Rule {
        id: "brand-contact",
        mend: "give phone and email of the business",
        check: |r, found| {
            found.missing(&[("brand.phone", &r.brand.phone), ("brand.email", &r.brand.email)]);
        },
    },
    Rule {
        id: "brand-email",
        mend: "give an address like name@example.com",
        check: |r, found| {
            let email = &r.brand.email;
            let good = email
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
            found.unless(
                good || email.is_empty(),
                "brand.email",
                &format!("`{email}` is no address"),
            );
        },
    },
    Rule {
        id: "brand-phone",
        mend: "write numbers in E.164: +12025550100",
        check: |r, found| {
            for (name, phone) in
                [("phone", &r.brand.phone), ("mobile_phone", &r.brand.mobile_phone)]
            {
                let digits = phone.strip_prefix('+').is_some_and(|digits| {
                    (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
                });
                found.unless(
                    digits || phone.is_empty(),
                    &format!("brand.{name}"),
                    "is not in E.164",
                );
            }
        },
    },
    Rule {
        id: "brand-company",
        mend: "give the legal name, as it stands with the tax authority",
        check: |r, found| {
            if !is_sole(&r.brand) {
                found.missing(&[("brand.company_name", &r.brand.company_name)]);
            }
        },
    },
    Rule {
        id: "brand-ein",
        mend: "give the tax id; only sole proprietors have none",
        check: |r, found| {
            if !is_sole(&r.brand) {
                found.missing(&[("brand.ein", &r.brand.ein)]);
            }
        },
    },
    Rule {
        id: "brand-ein-form",
        mend: "write the nine digits of the EIN: 12-3456789",
        check: |r, found| {
            let ein = &r.brand.ein;
            let digits: Vec<char> = ein.chars().filter(|letter| *letter != '-').collect();
            let good = digits.len() == 9 && digits.iter().all(char::is_ascii_digit);
            let us = r.brand.country.is_empty() || r.brand.country.eq_ignore_ascii_case("US");
            found.unless(good || ein.is_empty() || !us, "brand.ein", "is not nine digits");
        },
    },
    Rule {
        id: "brand-stock",
        mend: "give symbol and exchange, or another entity type",
        check: |r, found| {
            if r.brand.entity_type == EntityType::PublicProfit {
                found.missing(&[
                    ("brand.stock_symbol", &r.brand.stock_symbol),
                    ("brand.stock_exchange", &r.brand.stock_exchange),
                ]);
            }
        },
    },
    Rule {
        id: "brand-person",
        mend: "give the person's name and mobile number",
        check: |r, found| {
            if is_sole(&r.brand) {
                let Brand { first_name, last_name, mobile_phone, .. } = &r.brand;
                found.missing(&[
                    ("brand.first_name", first_name),
                    ("brand.last_name", last_name),
                    ("brand.mobile_phone", mobile_phone),
                ]);
            }
        },
    },
    Rule {
        id: "brand-vertical",
        mend: "choose the trade",
        check: |r, found| {
            found.unless(
                is_sole(&r.brand) || r.brand.vertical.is_some(),
                "brand.vertical",
                "is missing",
            );
        },
    },
    Rule {
        id: "brand-relationship",
        mend: "say how large an account it is: BASIC_ACCOUNT for most",
        check: |r, found| {
            found.unless(
                is_sole(&r.brand) || r.brand.brand_relationship.is_some(),
                "brand.brand_relationship",
                "is missing",
            );
        },
    },
    Rule {
        id: "brand-website",
        mend: "give a website that works, with the brand's name on it",
        check: |r, found| {
            found.unless(
                is_sole(&r.brand) || !r.brand.website.trim().is_empty(),
                "brand.website",
                "is missing",
            );
        },
    },
    Rule {
        id: "brand-unverified",
        mend: "let the brand be verified first; check name and tax id",
        check: |r, found| {
            let unverified = r.brand.identity_status == Some(IdentityStatus::Unverified);
            found.unless(
                !unverified,
                "brand.identity_status",
                "is UNVERIFIED: no standard campaign runs",
            );
        },
    },
    Rule {
        id: "brand-state",
        mend: "write the state in two letters: NY",
        check: |r, found| {
            let state = &r.brand.state;
            let us = r.brand.country.eq_ignore_ascii_case("US") && !state.is_empty();
            found.unless(
                !us || (state.len() == 2 && state.bytes().all(|b| b.is_ascii_alphabetic())),
                "brand.state",
                "is not two letters",
            );
        },
    },
    Rule {
        id: "use-case-of-brand",
        mend: "sole proprietors register SOLE_PROPRIETOR, others do not; charities are non-profits",
        check: |r, found| {
            let (brand, use_case) = (r.brand.entity_type, r.campaign.use_case);
            let sole =
                (brand == EntityType::SoleProprietor) == (use_case == UseCase::SoleProprietor);
            found.unless(sole, "campaign.use_case", "is not one of such a brand");
            let charity = use_case != UseCase::Charity || brand == EntityType::NonProfit;
            found.unless(
                charity,
                "campaign.use_case",
                "is for non-profits that are verified as such",
            );
        },
    },
];
