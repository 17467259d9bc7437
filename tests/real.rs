//! Real texts, and programs that read them.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use super::file;

/// Runs a program over an input that may be larger than a pipe.
pub fn filter(program: impl AsRef<Path>, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(program.as_ref())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    std::thread::scope(|scope| {
        // A program may stop before it has read everything.
        scope.spawn(move || drop(stdin.write_all(input.as_bytes())));
        child.wait_with_output().expect("it ends")
    })
}

/// The collection of real text messages, each with whether it is spam.
pub fn real_messages() -> Vec<(bool, String)> {
    let file = std::fs::read_to_string(file("data/sms-spam-collection.tsv"));
    let file = file.expect("the collection is there");
    let line = |line: &str| {
        let (label, text) = line.split_once('\t').expect("a label and a text");
        (label == "spam", text.to_owned())
    };
    file.lines().map(line).collect()
}

/// The texts of the collection.
pub fn real_texts() -> Vec<String> {
    real_messages().into_iter().map(|(_, text)| text).collect()
}

/// Texts as JSON, one a line.
pub fn json_lines(texts: &[String]) -> String {
    let mut lines = String::new();
    for text in texts {
        writeln!(lines, "{}", Value::from(text.as_str())).expect("a string takes it");
    }
    lines
}
