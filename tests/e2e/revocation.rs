//! Free-text revocation on real texts (SMS-16).

use std::{
    io::Write,
    process::{Command, Stdio},
};

use frontdesk::sms::{Commands, Languages, find_revocation};
use frontdesk_tests::{file, filter, program, real_messages};
use serde_json::{Value, json};

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

#[test]
fn sms_16_the_command_reads_json_lines_and_keeps_their_order() {
    let lines = "\"STOP\"\n\"stop texting me\"\n7\n\n\"wrong number\"\n\"Where is my order?\"\n\"ALTO. Ya!\"\n";
    let output = filter(program(), &["revocation", "--languages", "en", "--word", "ALTO"], lines);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("line 3: is the first of 2 lines that are not JSON strings"), "{told}");
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found = |level: &str, rule: &str, phrase: &str| json!({"level": level, "rule": rule, "phrase": phrase});
    assert_eq!(answers[0], found("certain", "command", "STOP"));
    assert_eq!(answers[1], found("likely", "stop-texting", "stop texting me"));
    assert!(answers[2]["error"].as_str().unwrap().starts_with("line 3: "), "{answers:?}");
    assert!(answers[3]["error"].as_str().unwrap().ends_with("it is blank"), "{answers:?}");
    assert_eq!(answers[4], found("possible", "wrong-number", "wrong number"));
    assert_eq!(answers[5], json!({"level": null, "rule": null, "phrase": null}));
    assert_eq!(answers[6], found("likely", "command-first", "ALTO"));
    assert_eq!(answers.len(), 7);
    let unknown = filter(program(), &["revocation", "--languages", "en,xx"], "");
    assert_eq!(unknown.status.code(), Some(2));
    let told = String::from_utf8(unknown.stderr).unwrap();
    assert!(told.contains("`xx` has no revocation rules: allowed are en, es"), "{told}");
}

#[test]
fn a_reader_that_has_read_enough_is_no_panic() {
    let mut command = Command::new(program());
    let command = command.arg("revocation").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // The command may have ended before it has read everything.
    let _ = input.write_all("\"stop texting me\"\n".repeat(20_000).as_bytes());
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
