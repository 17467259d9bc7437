//! State diagrams in the documents, drawn from what a machine was seen to do.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes its files")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::PathBuf,
};

/// From, to, and what leads there.
pub type Edges = BTreeMap<(&'static str, &'static str), BTreeSet<String>>;

/// What makes two states the same for a diagram: everything but counters and instants.
pub fn shape(state: &impl serde::Serialize, counters: &[&str]) -> String {
    let mut value = serde_json::to_value(state).unwrap();
    let fields = value.as_object_mut().unwrap();
    for counter in counters {
        fields.remove(*counter);
    }
    let text = value.to_string();
    // Instants are the only numbers of more than ten digits.
    let mut shape = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        shape.push_str(if part.len() > 11 { "t" } else { part });
    }
    shape
}

pub fn drawn(edges: &Edges) -> String {
    let mut diagram = String::from("```mermaid\nstateDiagram-v2\n");
    for ((from, to), labels) in edges {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        writeln!(diagram, "    {from} --> {to}: {}", labels.join(", ")).unwrap();
    }
    diagram + "    Ended --> [*]\n```\n"
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs")).join(name)
}

pub fn document(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

/// The document has this diagram; with `FRONTDESK_WRITE=1` it does so from now on.
pub fn is_in_document(name: &str, diagram: &str) {
    let document = document(name);
    let start = document.find("```mermaid").unwrap();
    let end = start + document[start + 3..].find("```\n").unwrap() + 7;
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        let written = format!("{}{diagram}{}", &document[..start], &document[end..]);
        std::fs::write(path(name), written).unwrap();
        return;
    }
    assert_eq!(&document[start..end], diagram);
}

/// Every state has a way to its end.
pub fn every_state_ends(edges: &Edges) {
    let mut ends = BTreeSet::from(["Ended"]);
    for _ in 0..edges.len() {
        let more = edges.keys().filter(|(_, to)| ends.contains(to)).map(|(from, _)| *from);
        ends = more.chain(["Ended"]).chain(ends.iter().copied()).collect();
    }
    for (from, to) in edges.keys() {
        assert!(ends.contains(from) && ends.contains(to), "{from} {to}");
    }
}
