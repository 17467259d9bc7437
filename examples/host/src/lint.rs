//! `frontdesk lint`: what reviewers of a 10DLC registration will turn down (DLC-1).

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use frontdesk::tendlc::{Finding, Registration, Severity, lint, rules};
use serde_json::{Value, json};

use crate::settings::HostError;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The registration: `[brand]`, `[campaign]` and `[policies]`, in TOML or JSON (docs/compliance.md).
    file: PathBuf,
    /// How the findings are told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Findings from this severity on end it with exit code 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A list of objects.
    Json,
    /// SARIF 2.1.0, for the pages of code hosts.
    Sarif,
    /// Lines for people.
    Text,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
}

impl From<FailOn> for Severity {
    fn from(from: FailOn) -> Self {
        match from {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let findings = lint(&read(&options.file)?);
    match options.format {
        Format::Json => println!("{:#}", json!(findings)),
        Format::Sarif => println!("{:#}", sarif(&options.file, &findings)),
        Format::Text => findings.iter().for_each(|finding| println!("{finding}")),
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, notes) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let told = format!("{errors} errors, {warnings} warnings, {notes} notes");
    if findings.iter().any(|finding| finding.severity >= options.fail_on.into()) {
        return Err(HostError::Refused(format!("{}: {told}", options.file.display())));
    }
    eprintln!("{}: {told}", options.file.display());
    Ok(())
}

fn read(file: &Path) -> Result<Registration, HostError> {
    let refused = |why: String| HostError::Refused(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| refused(error.to_string()))?;
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return serde_json::from_str(&text).map_err(|error| refused(error.to_string()));
    }
    toml::from_str(&text).map_err(|error| refused(error.to_string()))
}

fn sarif(file: &Path, findings: &[Finding]) -> Value {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let rules: Vec<Value> = rules()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.mend },
                "help": { "text": format!("{} ({})", rule.mend, rule.source) },
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "ruleId": finding.rule,
                "level": level(finding.severity),
                "message": { "text": format!("{}: {}; {}", finding.path, finding.found, finding.mend) },
                "locations": [{
                    "physicalLocation": { "artifactLocation": { "uri": file.display().to_string() } },
                    "logicalLocations": [{ "fullyQualifiedName": finding.path }],
                }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "frontdesk lint", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results,
        }],
    })
}
