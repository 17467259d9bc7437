//! What the documents say is there is there.

use std::path::{Path, PathBuf};

use frontdesk_tests::file;

fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | ".venv") {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

fn read(name: &str) -> String {
    std::fs::read_to_string(file("..").join(name)).unwrap()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_test_that_the_documents_name_is_there() {
    let mut code = String::new();
    for folder in ["crates", "examples", "tests"] {
        sources(&file("..").join(folder), &mut code);
    }
    let mut count = 0;
    for document in ["docs/features.md", "docs/architecture.md"] {
        for name in quoted(&read(document)) {
            let test = name.matches('_').count() >= 3 && !name.contains(['/', '.', ' ', '(']);
            if test {
                count += 1;
                assert!(
                    code.contains(&format!("fn {name}(")),
                    "{document} names the test {name}, which is not there"
                );
            } else if name.starts_with("tests/") || name.starts_with("crates/") {
                let path = name.split(' ').next().unwrap();
                assert!(
                    file("..").join(path).exists(),
                    "{document} names {path}, which is not there"
                );
            }
        }
    }
    assert!(count > 80, "{count}");
}

#[test]
fn the_readme_shows_the_embedding_example_as_it_is() {
    assert!(read("README.md").contains(read("examples/embed.rs").trim_end()));
}

/// The name of a heading in links, as web pages of repositories make it.
fn slug(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|char| char.is_alphanumeric() || " -_".contains(*char));
    kept.map(|char| if char == ' ' { '-' } else { char }).collect()
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let documents = [
        "README.md",
        "docs/architecture.md",
        "docs/automatic.md",
        "docs/checks.md",
        "docs/compliance.md",
        "docs/embedding.md",
        "docs/features.md",
        "docs/hours.md",
        "docs/ledger.md",
        "docs/operations.md",
        "docs/performance.md",
        "docs/calls.md",
        "docs/revocation.md",
        "docs/routing.md",
        "docs/segments.md",
        "docs/sessions.md",
        "docs/wait-times.md",
    ];
    for document in documents {
        let folder: PathBuf = file("..").join(document).parent().unwrap().to_owned();
        let text = read(document);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let local = !target.starts_with("http") && !target.starts_with('#');
            let (path, section) = target.split_once('#').unwrap_or((target, ""));
            assert!(!local || folder.join(path).exists(), "{document} leads to {target}");
            if local && !section.is_empty() {
                let text = std::fs::read_to_string(folder.join(path)).unwrap();
                let is_it = |line: &str| line.starts_with('#') && slug(line) == section;
                assert!(text.lines().any(is_it), "{document} leads to {target}");
            }
        }
    }
}
