//! What the documents say of the rules is what the linter has.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads and writes its files, and fails by panicking"
)]

use frontdesk_tendlc::{Facts, rules};

/// The table of docs/compliance.md; with `FRONTDESK_WRITE=1` this test writes it.
#[test]
fn dlc_1_the_rules_of_the_documents_are_those_of_the_linter() {
    let facts = Facts::standard().on("2026-11-21".parse().unwrap());
    let row = |rule: &frontdesk_tendlc::Rule| {
        let (severity, basis) = facts.lint_rule(rule.id).unwrap();
        format!("| `{}` | {severity} | {} | {basis} |\n", rule.id, rule.mend)
    };
    let table: String = rules().map(row).collect::<Vec<_>>().concat();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/compliance.md");
    let document = std::fs::read_to_string(path).unwrap();
    let head = "| rule | | mend | source |\n|---|---|---|---|\n";
    let start = document.find(head).unwrap() + head.len();
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        std::fs::write(path, format!("{}{table}", &document[..start])).unwrap();
    } else {
        assert_eq!(&document[start..], table);
    }
}
