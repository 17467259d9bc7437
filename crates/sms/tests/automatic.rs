//! How well automatic texts are told from what people write (SMS-16). The sentences were written by somebody who had not
//! read the rules; the rules were made with the first file, the second one only judges them.
#![allow(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use frontdesk_sms::{Automatic, find_automatic};

const MAKING: &str = include_str!("data/autoreply.making.tsv");
const JUDGING: &str = include_str!("data/autoreply.judging.tsv");

/// Of one language, or of all.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    automatic: usize,
    found: usize,
    persons: usize,
    taken: usize,
}

impl Counts {
    fn add(&mut self, label: &str, found: Option<Automatic>) {
        let found = usize::from(found.is_some());
        if label == "person" {
            (self.persons, self.taken) = (self.persons + 1, self.taken + found);
        } else {
            (self.automatic, self.found) = (self.automatic + 1, self.found + found);
        }
    }
}

/// Counts by language; `""` is all of them.
fn counted(file: &'static str) -> BTreeMap<&'static str, Counts> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for line in file.lines() {
        let fields: Vec<&str> = line.splitn(4, '\t').collect();
        let [label, language, _, text] = fields[..] else { panic!("four fields") };
        let found = find_automatic(&text.replace("\\n", "\n"));
        // Those that rules are made with may be looked at.
        if file == MAKING && found.is_some() == (label == "person") {
            println!("{line}");
        }
        for of in ["", language] {
            counts.entry(of).or_default().add(label, found);
        }
    }
    counts
}

fn holds(name: &str, file: &'static str) {
    let counts = counted(file);
    for (language, Counts { automatic, found, persons, taken }) in &counts {
        println!(
            "{name} {language:2}: {found} of {automatic} found, {taken} of {persons} persons' taken"
        );
    }
    let all = counts[""];
    assert!(all.automatic > 100 && all.persons > 100, "{all:?}");
    assert!(all.found * 100 >= all.automatic * 92, "recall of {name}: {all:?}");
    assert!(all.taken * 75 <= all.persons, "persons' texts of {name}: {all:?}");
}

#[test]
fn sms_16_automatic_texts_are_told_from_what_people_write() {
    holds("making", MAKING);
}

#[test]
fn sms_16_automatic_texts_that_the_rules_were_not_made_for() {
    holds("judging", JUDGING);
}

#[test]
fn sms_16_an_answer_or_a_stop_is_no_automatic_text() {
    for text in [
        "",
        " ",
        "1",
        "2",
        "1️⃣",
        "pay",
        "stop",
        "🛑",
        "STOP 🛑",
        "yes",
        "ok",
        "Hello",
        "Thanks!",
        "back",
        "请",
        "reply 1",
        "Reply 1 please",
        "reply yes",
        "Reply with the price of the red sofa please",
        "Reply with your opening hours",
        "네",
        "はい",
        "🇪🇸",
        "?",
        "\"",
        "“”",
        "👍👍👍👍👍👍👍👍👍",
    ] {
        assert_eq!(find_automatic(text), None, "{text}");
    }
}
