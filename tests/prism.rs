//! A strict stand-in for a provider.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::file;

/// npm's `@stoplight/prism-cli` with a document of Twilio's: a server that refuses what the document does not allow.
#[derive(Debug)]
pub struct Prism {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// The document stays as long as it runs.
    _folder: TempDir,
}

impl Prism {
    /// Starts it with a file of `tests/specs`.
    pub fn start(spec: &str) -> Self {
        let program = file("node_modules/.bin/prism");
        assert!(program.exists(), "tests/run installs it: npm --prefix tests ci");
        let folder = tempfile::tempdir().expect("a folder");
        let written = folder.path().join(spec);
        let document =
            std::fs::read(file(&format!("specs/{spec}"))).expect("the document is there");
        let mut document = serde_json::from_slice(&document).expect("the document is JSON");
        tell_lists(&mut document);
        std::fs::write(&written, document.to_string()).expect("the document is written");
        let mut child = Command::new(program)
            .args(["mock", "--errors", "--port", "0", "--host", "127.0.0.1"])
            .arg(&written)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("prism runs");
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let url = loop {
            let mut line = String::new();
            assert!(
                output.read_line(&mut line).expect("its output is text") > 0,
                "prism did not start"
            );
            if let Some(at) = line.find("listening on http") {
                let url = &line[at + "listening on ".len()..];
                break url.split_whitespace().next().expect("its address").to_owned();
            }
        };
        // It writes as it serves; nobody may stop reading.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self { child, url, _folder: folder }
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lists in forms stand there once for each of theirs: OpenAPI's default, which prism knows only where it is written down.
fn tell_lists(document: &mut Value) {
    let form = "/requestBody/content/application~1x-www-form-urlencoded";
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for operation in paths.filter_map(|(_, path)| path.get_mut("post")) {
        let Some(form) = operation.pointer_mut(form) else { continue };
        let properties = form["schema"]["properties"].as_object().into_iter().flatten();
        let lists = properties.filter(|(_, property)| property["type"] == "array");
        let encoding: Map<String, Value> = lists
            .map(|(name, _)| (name.clone(), json!({ "style": "form", "explode": true })))
            .collect();
        if !encoding.is_empty() {
            form["encoding"] = Value::Object(encoding);
        }
    }
}
