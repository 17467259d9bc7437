//! The labelled business texts of `tests/data/content`: whether they are what its README says, and what today's rules make of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test reads its files, and fails by panicking"
)]

use std::collections::BTreeSet;

use frontdesk_tendlc::{ContentRules, ContentType, Facts, check_content};

const CATEGORIES: [&str; 12] = [
    "adult",
    "alcohol",
    "cannabis",
    "deceptive_links",
    "firearms",
    "gambling",
    "hate",
    "high_risk_finance",
    "lead_generation",
    "phishing",
    "prize",
    "tobacco",
];

/// A labelled text.
struct Labelled {
    is_bad: bool,
    kind: ContentType,
    text: String,
}

/// The texts of a category that may be read while rules are made, or those that only judge.
fn read(category: &str, half: &str) -> Vec<Labelled> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/content");
    let file = std::fs::read_to_string(format!("{folder}/{category}.{half}.tsv")).unwrap();
    let labelled = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [label, kind, sender, text] = fields[..] else {
            panic!("{category}: a line has four fields: {line}")
        };
        assert!(sender == "unknown" || sender.contains('('), "{category}: {sender}");
        let is_bad = match label {
            "bad" => true,
            "fine" => false,
            other => panic!("{category}: the label `{other}`"),
        };
        let kind = match kind {
            "informational" => ContentType::Informational,
            "promotional" => ContentType::Promotional,
            "conversational" => ContentType::Conversational,
            other => panic!("{category}: the kind `{other}`"),
        };
        Labelled { is_bad, kind, text: text.replace("\\n", "\n") }
    };
    file.lines().map(labelled).collect()
}

#[test]
fn dlc_5_the_labelled_business_texts_are_whole() {
    let mut seen = BTreeSet::new();
    for category in CATEGORIES {
        let (making, judging) = (read(category, "making"), read(category, "judging"));
        let all = || making.iter().chain(&judging);
        let bad = all().filter(|it| it.is_bad).count();
        let fine = all().count() - bad;
        assert!(bad >= 40 && fine >= 60, "{category}: {bad} bad, {fine} fine");
        let share = judging.len() * 100 / (bad + fine);
        assert!((25..=42).contains(&share), "{category}: {share} % only judge");
        for Labelled { text, .. } in all() {
            assert!((5..=1600).contains(&text.chars().count()), "{category}: {text}");
            assert!(seen.insert(text.to_lowercase()), "{category}: twice: {text}");
        }
    }
}

/// Prints how many bad texts are found and how many fine ones are taken, by category: `-- --nocapture`.
#[test]
fn dlc_5_content_rules_on_business_texts() {
    let facts = Facts::standard().on("2026-11-27".parse().unwrap());
    let rules = ContentRules::default();
    let mut sum = [0; 4];
    for category in CATEGORIES {
        let [mut bad, mut found, mut fine, mut taken] = [0; 4];
        for Labelled { is_bad, kind, text } in read(category, "judging") {
            let any = !check_content(&text, kind, false, &rules, facts).is_empty();
            let (of, counted) =
                if is_bad { (&mut bad, &mut found) } else { (&mut fine, &mut taken) };
            *of += 1;
            *counted += usize::from(any);
        }
        println!("{category}: {found} of {bad} bad found, {taken} of {fine} fine taken");
        for (sum, count) in sum.iter_mut().zip([bad, found, fine, taken]) {
            *sum += count;
        }
    }
    let [bad, found, fine, taken] = sum;
    println!("all: {found} of {bad} bad found, {taken} of {fine} fine taken");
    assert!(found > taken, "rules that take more fine texts than bad ones are worse than none");
}
