//! The legal person in whose name texts are sent, as proofs of consent name it (DLC-3).

use super::super::{Document, check::Context};

/// Longest legal name, in characters.
const LONGEST_NAME: usize = 200;
/// Longest address, in characters.
const LONGEST_ADDRESS: usize = 300;

/// The legal person. Its fields are empty where nobody has configured them.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) legal_name: String,
    pub(super) address: String,
    /// The contact center: the company, and the id.
    pub(super) center: String,
}

pub(super) fn person(document: &Document, context: &mut Context) -> Person {
    let section = &document.compliance;
    let mut line = |field: &str, text: Option<&String>, longest| {
        let Some(text) = text.map(|text| text.trim()) else { return String::new() };
        let path = format!("compliance.{field}");
        let found = text.chars().count();
        if !(1..=longest).contains(&found) {
            let message = format!("has {found} characters; allowed are 1 to {longest}");
            context.problems.add(path, message);
        } else if text.contains(char::is_control) {
            context.problems.add(path, "has a line break or a control character; write one line");
        }
        text.to_owned()
    };
    let legal_name = line("legal_name", section.legal_name.as_ref(), LONGEST_NAME);
    let address = line("address", section.address.as_ref(), LONGEST_ADDRESS);
    let center = format!("{} ({})", document.center.company, document.center.id);
    Person { legal_name, address, center }
}
