//! How much unwanted content is found in real texts, and how often a real text is taken for it.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads its files, and fails by panicking"
)]

use std::collections::BTreeMap;

use frontdesk_tendlc::{ContentFinding, ContentRules, ContentType, Facts, check_content};

/// The SMS Spam Collection (CC BY 4.0, see tests/data/NOTICE.md).
fn collection() -> Vec<(bool, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/sms-spam-collection.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let (kind, text) = line.split_once('\t').unwrap();
        (kind == "spam", text.to_owned())
    };
    text.lines().map(row).collect()
}

/// The table of docs/compliance.md; with `FRONTDESK_WRITE=1` this test writes it.
#[test]
fn dlc_5_measured_on_real_texts() {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let rules = ContentRules::default();
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let (mut texts, mut refused) = ((0_u32, 0_u32), (0_u32, 0_u32));
    for (spam, text) in collection() {
        let found = check_content(&text, ContentType::Promotional, false, &rules, facts);
        let mut names: Vec<String> = found
            .iter()
            .map(|(finding, _)| match finding {
                ContentFinding::Prohibited { category, .. } => category.clone(),
                other => other.rule().to_owned(),
            })
            .collect();
        names.sort();
        names.dedup();
        let add =
            |(of_spam, of_ham): &mut (u32, u32)| if spam { *of_spam += 1 } else { *of_ham += 1 };
        add(&mut texts);
        if !names.is_empty() {
            add(&mut refused);
        }
        for name in names {
            add(counts.entry(name).or_default());
        }
    }
    let percent = |(a, b): (u32, u32)| format!("{:.1} %", f64::from(a) * 100.0 / f64::from(b));
    let mut table = String::new();
    for (name, (spam, ham)) in counts
        .iter()
        .map(|(name, counts)| (format!("`{name}`"), counts))
        .chain([("any".to_owned(), &refused)])
    {
        table += &format!(
            "| {name} | {spam} ({}) | {ham} ({}) |\n",
            percent((*spam, texts.0)),
            percent((*ham, texts.1))
        );
    }
    // At most one of a thousand texts between people is taken for something else.
    assert!(refused.1 * 1000 <= texts.1, "{table}");
    assert!(refused.0 * 100 >= texts.0 * 50, "{table}");

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/compliance.md");
    let document = std::fs::read_to_string(path).unwrap();
    let head = format!("| found | of {} spam | of {} ham |\n|---|---|---|\n", texts.0, texts.1);
    let start = document.find(&head).map(|at| at + head.len());
    let start = start.unwrap_or_else(|| panic!("docs/compliance.md has no table {head}{table}"));
    let end = document[start..].find("\n\n").map_or(document.len(), |end| start + end + 1);
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        std::fs::write(path, format!("{}{table}{}", &document[..start], &document[end..])).unwrap();
    } else {
        assert_eq!(&document[start..end], table);
    }
}
