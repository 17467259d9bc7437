//! The linter on example campaigns: half of them clean, the others with one defect each, which is all that it finds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_tendlc::{Facts, Finding, Registration, rules};

/// Campaigns by the names of their files.
#[allow(clippy::disallowed_methods, reason = "a test reads its files")]
fn campaigns(folder: &str) -> BTreeMap<String, Registration> {
    let folder = format!("{}/tests/campaigns/{folder}", env!("CARGO_MANIFEST_DIR"));
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let read = toml::from_str(&text);
        (name.clone(), read.unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    std::fs::read_dir(folder).unwrap().map(read).collect()
}

fn lint(registration: &Registration) -> Vec<Finding> {
    frontdesk_tendlc::lint(registration, Facts::standard().on("2026-11-21".parse().unwrap()))
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn clean_campaigns_are_clean() {
    let clean = campaigns("clean");
    assert!(clean.len() >= 30, "{}", clean.len());
    for (name, campaign) in clean {
        assert_eq!(told(&lint(&campaign)), "", "{name}");
    }
}

/// Every rule has a campaign with the defect that it is for, and nothing else.
#[test]
fn the_one_defect_of_a_campaign_is_found_and_nothing_else() {
    let mut never: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    let mut wrong = String::new();
    for (name, campaign) in campaigns("defects") {
        let findings = lint(&campaign);
        let found: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
        if found != BTreeSet::from([name.as_str()]) {
            wrong += &format!("{name}:\n{}\n", told(&findings));
        }
        never.remove(name.as_str());
    }
    assert_eq!(wrong, "");
    assert!(never.is_empty(), "no campaign has the defect: {never:?}");
}

#[test]
fn what_is_no_registration_is_refused_with_the_place() {
    let with = |line: &str| {
        let text = format!(
            "[brand]\nentity_type = \"NON_PROFIT\"\n[campaign]\nuse_case = \"CHARITY\"\n{line}"
        );
        toml::from_str::<Registration>(&text)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert_eq!(with(""), "");
    assert!(with("sub_use_cases = ['FUN']").contains("unknown variant `FUN`"));
    assert!(with("optin = true").contains("unknown field `optin`"));
    assert!(with("numbers = -1").contains("numbers"));
}
