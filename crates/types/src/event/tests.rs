use std::collections::BTreeSet;

use super::*;

/// The JSON examples in the comments of this file.
fn examples() -> Vec<&'static str> {
    include_str!("../event.rs")
        .split("/// ```json")
        .skip(1)
        .filter_map(|block| block.split("/// ```").next())
        .filter_map(|block| block.trim().strip_prefix("///").map(str::trim))
        .filter(|example| example.starts_with('{'))
        .collect()
}

#[test]
fn the_json_in_every_comment_is_what_is_read_and_written() {
    for example in examples() {
        let event: Event =
            serde_json::from_str(example).unwrap_or_else(|e| panic!("{example}: {e}"));
        assert_eq!(serde_json::to_string(&event).unwrap(), example);
        assert!(example.contains(&format!(r#""type":"{}""#, event.fact.kind())), "{example}");
    }
}

#[test]
fn every_kind_has_its_json_in_its_comment() {
    let source = include_str!("../event.rs");
    let body = source.split("pub enum Fact {").nth(1).unwrap().split("\n}").next().unwrap();
    let snake = |name: &str| {
        name.chars().enumerate().fold(String::new(), |mut out, (i, c)| {
            if c.is_uppercase() && i > 0 {
                out.push('_');
            }
            out.extend(c.to_lowercase());
            out
        })
    };
    let kinds: BTreeSet<String> = body
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(char::is_uppercase))
        .map(|line| snake(line.trim_end_matches([' ', '{', ','])))
        .collect();
    let shown: BTreeSet<String> = examples()
        .iter()
        .map(|e| {
            serde_json::from_str::<serde_json::Value>(e).unwrap()["type"].as_str().unwrap().into()
        })
        .collect();
    assert!(kinds.len() >= 20);
    assert_eq!(kinds, shown);
}

#[test]
fn an_event_is_small() {
    assert!(size_of::<Event>() <= 152, "{}", size_of::<Event>());
}

/// What version 1 of the vocabulary wrote: callers could only be asked whether they keep waiting.
#[test]
fn events_of_the_version_before_are_read() {
    let old = [
        r#"{"at":"2026-11-21T15:04:05Z","type":"over_capacity","queue":"phone-billing","by_text":true}"#,
        r#"{"at":"2026-11-21T15:04:05Z","type":"call_started","call":"CA1","consumer":"+12025550123","number":"+12025550100","language":"en","takes_texts":true}"#,
    ];
    let read = old.map(|event| serde_json::from_str::<Event>(event).unwrap().fact);
    let queue = "phone-billing".parse().unwrap();
    let over = Fact::OverCapacity { queue, band: 0, offers: Vec::new(), by_text: true };
    assert_eq!(read[0], over);
    let again: serde_json::Value = serde_json::to_value(&read[0]).unwrap();
    assert_eq!(again["by_text"], true, "what was read is told on");
    assert!(matches!(read[1], Fact::CallStarted { has_voicemail: false, .. }));
}
