//! Free-text revocation on real texts (SMS-16).

use frontdesk::sms::{Commands, Languages, find_revocation};
use frontdesk_tests::{file, real_messages};

#[test]
fn on_real_texts_the_flagged_ones_are_those_that_the_document_lists() {
    let ham: Vec<String> =
        real_messages().into_iter().filter(|(spam, _)| !spam).map(|(_, text)| text).collect();
    let commands = Commands::default();
    let flagged: Vec<String> = ham
        .iter()
        .filter_map(|text| Some((find_revocation(text, Languages::ALL, &commands)?, text)))
        .map(|(found, text)| format!("- {}, `{}`: \"{text}\"", found.level.word(), found.rule))
        .collect();
    let document = std::fs::read_to_string(file("../docs/revocation.md")).unwrap();
    let listed: Vec<&str> = document
        .lines()
        .filter(|line| line.starts_with("- likely") || line.starts_with("- possible"))
        .collect();
    assert_eq!(flagged, listed);
    assert!(flagged.len() * 500 <= ham.len(), "at most 0.2 %");
}
