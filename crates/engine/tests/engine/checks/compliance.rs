//! Names, exceptions and quiet hours of the section `compliance` (DLC-4, DLC-5, DLC-8).

use super::{CLEAN, check, found};

/// The findings of a center with more settings, but for the reminder about revocations.
fn found_in(settings: &str) -> Vec<String> {
    let found = found(&format!("{CLEAN}{settings}"));
    found.into_iter().filter(|it| !it.contains("revocation-undecided")).collect()
}

#[test]
fn dlc_5_an_exception_that_reaches_too_far_or_is_over_is_told() {
    let rest = "reason = \"a hotel; counsel\"\nsince = \"2026-01-01\"";
    for (settings, expected) in [
        ("phrase = \"CBD\"", "warning exception-broad exceptions[0].phrase"),
        (
            "category = \"cannabis\"\nphrase = \"c.\"",
            "warning exception-broad exceptions[0].phrase",
        ),
        ("category = \"phishing\"", "warning exception-broad exceptions[0].category"),
        ("category = \"phishing\"\nphrase = \"your account\"", ""),
        ("category = \"gambling\"\nphrase = \"casino\"", ""),
        ("phrase = \"1488\"", ""),
        ("phrase = \"casino\"\nuntil = \"2026-11-25\"", "note exception-over exceptions[0].until"),
        ("phrase = \"casino\"\nuntil = \"2026-11-26\"", ""),
    ] {
        let section = format!("[[compliance.content.exceptions]]\n{settings}\n{rest}\n");
        let expected = expected.replace("exceptions[", "compliance.content.exceptions[");
        let expected: Vec<&str> =
            Some(&*expected).into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(found_in(&section), expected, "{settings}");
    }
    let campaign = "[[compliance.campaigns]]\nid = \"C1\"\nuse_case = \"MARKETING\"\nnumbers = [\"+12025550100\"]\n";
    let section =
        format!("{campaign}[[compliance.campaigns.exceptions]]\nphrase = \"bet\"\n{rest}\n");
    let told = found_in(&section);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("warning exception-broad compliance.campaigns"), "{told:?}");
}

#[test]
fn dlc_4_hours_without_a_day_or_without_a_night_are_told() {
    let basis =
        "basis = { source = \"our counsel\", since = \"2026-01-01\", confidence = \"high\" }";
    for (open, expected) in [
        ("", "note quiet-hours-never-open"),
        ("\"Mon-Sun 00:00-24:00\"", "note quiet-hours-always-open"),
        ("\"Mon-Fri 09:00-17:00\", \"Sat 00:00-24:00\"", "note quiet-hours-always-open"),
        ("\"Mon-Fri 09:00-17:00\"", ""),
    ] {
        let row =
            format!("[[compliance.facts.quiet_hours]]\nplace = \"FL\"\nopen = [{open}]\n{basis}\n");
        let told = found_in(&row);
        let rules: Vec<&str> =
            told.iter().filter_map(|told| told.rsplit_once(' ')).map(|(rule, _)| rule).collect();
        let expected: Vec<&str> = Some(expected).into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(rules, expected, "{open}: {told:?}");
    }
}

#[test]
fn dlc_8_names_of_brand_domains_and_campaigns_are_checked() {
    let campaign = |id: &str| {
        format!(
            "[[compliance.campaigns]]\nid = \"{id}\"\nuse_case = \"MARKETING\"\nnumbers = [\"+12025550100\"]\n"
        )
    };
    let no_host = "is no host name; allowed is one like harborbooks.example, without https:// and without a path";
    for (settings, error) in [
        (
            "[compliance]\ndomains = [\"http://a/b\"]\n".to_owned(),
            format!("`http://a/b` {no_host}"),
        ),
        ("[compliance]\ndomains = [\"\"]\n".to_owned(), format!("`` {no_host}")),
        ("[compliance]\ndomains = [\"acme\"]\n".to_owned(), format!("`acme` {no_host}")),
        (
            "[compliance]\ndomains = [\"192.168.1.1\"]\n".to_owned(),
            format!("`192.168.1.1` {no_host}"),
        ),
        (
            "[compliance]\ndomains = [\"Acme.example\", \"b\u{fc}cher.example\"]\n".to_owned(),
            String::new(),
        ),
        (
            "[compliance]\nbrand = [\"\"]\n".to_owned(),
            "is empty; a name of the brand is needed, or no row".to_owned(),
        ),
        (
            campaign("C\\u00071"),
            "has a control character; allowed are letters, digits and signs".to_owned(),
        ),
        (
            campaign("+12025550100"),
            "is a number of this center, which is a programme by itself; give a name".to_owned(),
        ),
        (campaign("+12025550199"), String::new()),
        (campaign("autumn offers 2026"), String::new()),
    ] {
        let checked = check(&format!("{CLEAN}{settings}"));
        let errors = checked.findings().iter().filter(|it| it.rule == "invalid");
        let errors: Vec<&str> = errors.map(|it| it.message.as_str()).collect();
        let expected: Vec<&str> = Some(&*error).into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(errors, expected, "{settings}");
    }
}
