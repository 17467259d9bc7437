use super::*;
use crate::{BrandListing, BrandRank, State, UseCase};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> &'static Edition {
    Facts::standard().on(date("2026-11-21"))
}

fn problems(overrides: &str) -> String {
    Facts::with(overrides).unwrap_err().to_string()
}

fn quiet(place: &str, open: &str, basis: &str) -> String {
    format!("[[quiet_hours]]\nplace = \"{place}\"\nopen = [\"{open}\"]\nbasis = {{ {basis} }}\n")
}

const SURE: &str = "confidence = \"high\"";

#[test]
fn the_tables_of_this_crate_are_whole() {
    toml::from_str::<Document>(concat!(
        include_str!("facts.toml"),
        include_str!("rules.toml"),
        "\n",
        include_str!("rules_wording.toml"),
        include_str!("content.toml")
    ))
    .unwrap();
    assert_eq!(
        Facts::of(&Document::standard()).as_ref().map_err(ToString::to_string),
        Ok(Facts::standard())
    );
    assert!(Facts::standard().editions.len() > 5);
}

#[test]
fn facts_hold_from_their_date_on() {
    let texas: State = "TX".parse().unwrap();
    let facts = Facts::standard();
    assert!(facts.on(date("2025-08-31")).open_hours(texas).is_none());
    let hours = facts.on(date("2025-09-01")).open_hours(texas).unwrap();
    assert_eq!(
        hours.to_string(),
        "Mon-Sat 09:00-21:00, Sun 12:00-21:00 (Bus. & Com. Code 301.051, SB 140 (2025), since 2025-09-01)"
    );
    let scope = |day| facts.on(date(day)).revocation().map(|rule| rule.scope);
    assert_eq!(scope("2025-04-10"), None);
    assert_eq!(scope("2027-01-30"), Some(RevocationScope::Programme));
    assert_eq!(scope("2027-01-31"), Some(RevocationScope::All));
    let deadline =
        facts.on(date("2026-11-20")).revocation().map(|rule| rule.deadline(date("2026-11-20")));
    assert_eq!(deadline, Some(date("2026-12-07")));
    // Before everything that is known, what is known first.
    assert_eq!(facts.on(date("1980-01-01")).from, date("1991-07-01"));
}

/// compliance-facts 2.1 and 2.2.
#[test]
fn classes_and_tiers_go_by_use_case_and_score() {
    let table = [
        (UseCase::TwoFactor, Some(75), "A 4500 top 200000"),
        (UseCase::Marketing, Some(100), "B 4500 top 200000"),
        (UseCase::CustomerCare, Some(74), "C 2400 high mid 40000"),
        (UseCase::Mixed, Some(50), "D 2400 high mid 40000"),
        (UseCase::CustomerCare, Some(49), "E 240 low mid 10000"),
        (UseCase::Mixed, Some(24), "F 240 low 2000"),
        (UseCase::Mixed, None, "F 240 low 2000"),
        (UseCase::LowVolume, Some(90), "T 75 top 200000"),
        (UseCase::LowVolume, None, "T 75 low 2000"),
        (UseCase::SoleProprietor, None, "W 15 sole proprietor 1000"),
        (UseCase::Proxy, Some(80), "G 60 top 200000"),
        (UseCase::Charity, Some(30), "P 2400 low mid 10000"),
    ];
    let limits = |use_case, rank| {
        let class = today().att_class(use_case, rank).unwrap();
        let tier = today().t_mobile_tier_of(use_case, rank).unwrap();
        let per_day = tier.per_day.map_or("no limit".to_owned(), |per_day| per_day.to_string());
        format!("{} {} {} {per_day}", class.class, class.sms_per_minute, tier.tier)
    };
    for (use_case, score, expected) in table {
        assert_eq!(limits(use_case, BrandRank::of(score)), expected, "{use_case:?} {score:?}");
    }
    // D6: brands that stand high without a score.
    for (use_case, listing, expected) in [
        (UseCase::TwoFactor, BrandListing::Russell3000, "A 4500 top 200000"),
        (UseCase::Marketing, BrandListing::Russell3000, "B 4500 top 200000"),
        (UseCase::LowVolume, BrandListing::Russell3000, "T 75 top 200000"),
        (
            UseCase::CustomerCare,
            BrandListing::VerifiedGovernment,
            "A 4500 verified government no limit",
        ),
        (UseCase::Mixed, BrandListing::VerifiedGovernment, "B 4500 verified government no limit"),
        (UseCase::LowVolume, BrandListing::VerifiedGovernment, "T 75 verified government no limit"),
    ] {
        assert_eq!(
            limits(use_case, BrandRank::Listed(listing)),
            expected,
            "{use_case:?} {listing:?}"
        );
    }
    // Nothing is published of these: the lowest class (D6). A low-volume campaign has a cap of its own beside the brand's.
    let unpublished = [
        UseCase::Emergency,
        UseCase::K12Education,
        UseCase::M2m,
        UseCase::PublicSafetyRestricted,
        UseCase::Sweepstake,
        UseCase::Trial,
        UseCase::UcaasHigh,
        UseCase::UcaasLow,
        UseCase::CarrierExempt,
    ];
    for use_case in unpublished {
        let class = today().att_class(use_case, BrandRank::Scored(80)).unwrap();
        assert_eq!(class.sms_per_minute, 15, "{use_case:?}");
    }
    for use_case in UseCase::ALL {
        assert!(
            today().att_class(use_case, BrandRank::Unvetted).is_some(),
            "{use_case:?} has no limit"
        );
    }
    assert_eq!(today().t_mobile_per_campaign(UseCase::LowVolume), Some(2_000));
    assert_eq!(today().t_mobile_per_campaign(UseCase::Marketing), None);
}

#[test]
fn an_override_takes_the_place_of_all_rows_of_its_key() {
    let facts = Facts::with(
        &(quiet(
            "FL",
            "Mon-Fri 10:00-12:00",
            "source = \"a\", since = \"2020-01-01\", until = \"2026-01-01\", confidence = \"low\"",
        ) + &quiet(
            "FL",
            "Mon 10:00-12:00",
            "source = \"b\", since = \"2026-01-01\", confidence = \"high\"",
        )),
    )
    .unwrap();
    let florida = "FL".parse().unwrap();
    assert_eq!(facts.on(date("2025-12-31")).open_hours(florida).unwrap().basis.source, "a");
    assert_eq!(facts.on(date("2026-01-01")).open_hours(florida).unwrap().basis.source, "b");
    assert_eq!(
        facts.on(date("2026-11-21")).open_hours("OK".parse().unwrap()),
        today().open_hours("OK".parse().unwrap())
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let overrides = quiet("FL", "Mon 21:00-09:00", "")
        + &quiet("ZZ", "Mon 09:00-21:00", &format!("source = \"x\", since = \"2026-01-01\", {SURE}"))
        + "[[att_classes]]\nclass = \"A\"\nscore = [90, 80]\nuse_cases = [\"NOTHING\"]\nsms_per_minute = 0\ncounts = \"number\"
           basis = { source = \"x\", since = \"2026-01-01\", until = \"2025-01-01\", confidence = \"high\" }\n"
        + "[[number_limits]]\ncarrier = \"pigeon\"\nsms_per_minute = 1\nbasis = { source = \"x\", since = \"2026-01-01\", confidence = \"high\" }\n";
    insta::assert_snapshot!(problems(&overrides));
}

#[test]
fn gaps_and_overlaps_are_named() {
    let row = |since: &str, until: &str| {
        let until = if until.is_empty() { String::new() } else { format!("until = \"{until}\", ") };
        quiet(
            "FL",
            "Mon 09:00-21:00",
            &format!("source = \"x\", since = \"{since}\", {until}{SURE}"),
        )
    };
    let gap = problems(&(row("2025-01-01", "2026-01-01") + &row("2026-02-01", "")));
    assert_eq!(
        gap,
        "quiet_hours[1].basis.since: 2026-02-01; the row before it ends on 2026-01-01: a gap"
    );
    let overlap = problems(&(row("2025-01-01", "2026-03-01") + &row("2026-02-01", "")));
    assert_eq!(
        overlap,
        "quiet_hours[1].basis.since: 2026-02-01; the row before it ends on 2026-03-01: they overlap"
    );
    assert!(
        problems(&(row("2025-01-01", "") + &row("2026-02-01", "")))
            .ends_with("has no `until`: they overlap")
    );
    let tier = |score: &str| {
        format!(
            "[[t_mobile_tiers]]\ntier = \"top\"\nscore = {score}\nper_day = 1\nbasis = {{ source = \"x\", since = \"2023-01-01\", {SURE} }}"
        )
    };
    assert!(
        problems(&tier("[76, 100]"))
            .contains("begins with 76: scores from 75 on are nobody's, a gap")
    );
    assert!(
        problems(&tier("[70, 100]"))
            .contains("begins with 70: the one before it goes up to 74, they overlap")
    );
    assert!(problems(&tier("[75, 99]")).contains("ends with 99: scores up to 100 are nobody's"));
}

#[test]
fn what_is_no_such_document_is_told_with_its_line() {
    assert!(problems("[[quiet_hour]]\n").contains("unknown field `quiet_hour`"));
    assert!(
        problems("[[quiet_hours]]\nplace = \"FL\"\nopen = []\nconfidence = \"sure\"")
            .contains("line 4")
    );
}

#[test]
fn every_rule_of_the_linter_has_a_source_and_a_weak_one_grounds_no_error() {
    for rule in crate::rules() {
        assert!(today().lint_rule(rule.id).is_some(), "{}", rule.id);
    }
    let rule = |id: &str, severity: &str, confidence: &str| {
        format!(
            "[[lint_rules]]\nrule = \"{id}\"\nseverity = \"{severity}\"\nbasis = {{ source = \"x\", since = \"2023-01-01\", confidence = \"{confidence}\" }}"
        )
    };
    assert_eq!(
        problems(&rule("brand-name", "error", "low")),
        "lint_rules[0].severity: error; what is of low confidence is a note or a warning"
    );
    assert_eq!(
        problems(&rule("brandname", "error", "high")),
        "lint_rules[0].rule: `brandname` is no rule of the linter"
    );
    let off = Facts::with(&rule("brand-name", "off", "low")).unwrap();
    assert_eq!(off.on(date("2026-11-21")).lint_rule("brand-name"), None);
}
