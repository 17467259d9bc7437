//! The labelled sentences, and how well they are told apart (SMS-16).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use frontdesk_sms::{Level, find_revocation};

struct Sentence {
    label: Option<Level>,
    text: &'static str,
}

/// Written before the rules, and looked at while they were made.
const SENTENCES: &str = include_str!("data/revocations.tsv");
/// Written after the rules, to see what they do with sentences that they were not made for.
const HELD_OUT: &str = include_str!("data/revocations-held-out.tsv");

fn sentences(file: &'static str) -> Vec<Sentence> {
    let sentence = |line: &'static str| {
        let mut fields = line.split('\t');
        let label = match fields.next().unwrap() {
            "likely" => Some(Level::Likely),
            "possible" => Some(Level::Possible),
            "no" => None,
            other => unreachable!("a label {other}"),
        };
        Sentence { label, text: fields.nth(1).unwrap() }
    };
    file.lines().map(sentence).collect()
}

/// Precision and recall at a level; prints what is wrong.
fn judge(name: &str, sentences: &[Sentence], level: Level) -> (f64, f64) {
    let (mut hits, mut false_alarms, mut missed) = (0_u32, 0_u32, 0_u32);
    for sentence in sentences {
        let found = find_revocation(sentence.text).filter(|found| found.level >= level);
        match (found, sentence.label.is_some_and(|label| label >= level)) {
            (Some(_), true) => hits += 1,
            (Some(found), false) => {
                false_alarms += 1;
                println!("false alarm ({}): {}", found.rule, sentence.text);
            }
            (None, true) => {
                missed += 1;
                println!("missed: {}", sentence.text);
            }
            (None, false) => {}
        }
    }
    let precision = f64::from(hits) / f64::from(hits + false_alarms);
    let recall = f64::from(hits) / f64::from(hits + missed);
    let (level, count) = (level.word(), sentences.len());
    println!("{name}, {level} or surer: precision {precision:.3}, recall {recall:.3}, of {count}");
    (precision, recall)
}

#[test]
fn sms_16_revocations_are_told_from_look_alikes() {
    let sentences = sentences(SENTENCES);
    assert!(sentences.len() >= 400);
    for level in [Level::Likely, Level::Possible] {
        let (precision, recall) = judge("the sentences", &sentences, level);
        assert!(precision >= 0.98 && recall >= 0.95);
    }
}

#[test]
fn sms_16_sentences_that_the_rules_were_not_made_for() {
    for level in [Level::Likely, Level::Possible] {
        let (precision, recall) = judge("held out", &sentences(HELD_OUT), level);
        assert!(precision >= 0.9 && recall >= 0.6);
    }
}
