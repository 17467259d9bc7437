#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

mod sentences;

use std::collections::BTreeMap;

use super::*;
use crate::{
    Registration,
    text::{tells_frequency, tells_help, tells_rates, tells_stop},
};

#[test]
fn the_grammar_is_well_formed() {
    assert_eq!(grammar::problems(), [] as [String; 0]);
}

/// Lines of a labelled set: registered name, elements, text.
fn lines(file: &str) -> Vec<(String, String, String)> {
    let path = format!("{}/tests/data/disclosures/{file}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let line = |line: &str| {
        let mut fields = line.splitn(3, '\t').map(|field| field.replace("\\n", "\n"));
        (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap())
    };
    text.lines().map(line).collect()
}

fn brand(name: &str) -> BrandNames {
    let registration: Registration = serde_json::from_value(serde_json::json!({
        "brand": { "entity_type": "PRIVATE_PROFIT", "company_name": name }, "campaign": { "use_case": "MARKETING" }
    }))
    .unwrap();
    BrandNames::of(&registration.brand)
}

const ELEMENTS: [&str; 5] = ["brand", "frequency", "rates", "help", "stop"];

fn holds(name: &str, element: &str, text: &str) -> bool {
    match element {
        "brand" => brand(name).named_in(text),
        "frequency" => tells_frequency(text),
        "rates" => tells_rates(text),
        "help" => tells_help(text),
        _ => tells_stop(text),
    }
}

/// Of each element: how many of a set hold it, how many of those are understood, and which are not.
fn figures(half: &str) -> BTreeMap<&'static str, [usize; 4]> {
    let mut figures: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let show = half == "making" && std::env::var_os("SHOW").is_some();
    for (name, held, text) in lines(&format!("usual.{half}")) {
        for element in ELEMENTS {
            let [all, understood, ..] = figures.entry(element).or_default();
            if held.split(',').any(|held| held == element) {
                *all += 1;
                let right = holds(&name, element, &text);
                *understood += usize::from(right);
                if show && !right {
                    println!("MISSED {element}\t{name}\t{text}");
                }
            } else if show && holds(&name, element, &text) {
                println!("EXTRA {element}\t{name}\t{text}");
            }
        }
    }
    for (name, missing, text) in lines(&format!("near.{half}")) {
        let element = ELEMENTS.into_iter().find(|element| *element == missing).unwrap();
        let [.., all, taken] = figures.entry(element).or_default();
        *all += 1;
        let wrong = holds(&name, element, &text);
        *taken += usize::from(wrong);
        if show && wrong {
            println!("TAKEN {element}\t{name}\t{text}");
        }
    }
    figures
}

#[test]
fn dlc_1_usual_wordings_of_disclosures_are_understood_and_near_ones_are_not() {
    for half in ["making", "judging"] {
        let figures = figures(half);
        for (element, [usual, understood, near, taken]) in &figures {
            println!(
                "{half} {element}: {understood} of {usual} understood, {taken} of {near} near misses taken"
            );
        }
        for (element, [usual, understood, near, taken]) in figures {
            assert!(understood * 100 >= usual * 95, "{half}, {element}: {understood} of {usual}");
            assert!(taken * 100 <= near * 2, "{half}, {element}: {taken} of {near}");
        }
    }
}
