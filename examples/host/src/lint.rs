//! `frontdesk lint`: what reviewers of a 10DLC registration will turn down (DLC-1).

mod explain;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::ValueEnum;
use frontdesk::tendlc::{Edition, Facts, Finding, Registration, Severity, lint, rules};
use frontdesk::{Clock, SystemClock};
use frontdesk_twilio::CampaignRequest;
use serde_json::{Value, json};

use crate::{output, settings::HostError};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The registration: `[brand]`, `[campaign]` and `[policies]`, in TOML or JSON (docs/compliance.md).
    #[arg(required_unless_present = "explain")]
    file: Option<PathBuf>,
    /// Prints a rule in place of findings: who says so, how to mend it, and an example.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["file", "export", "fail_on"])]
    explain: Option<String>,
    /// How the findings are told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Tables of facts of your own, in TOML: their rows take the place of those that come with frontdesk.
    #[arg(long)]
    facts: Option<PathBuf>,
    /// The day whose facts hold; today without.
    #[arg(long)]
    date: Option<NaiveDate>,
    /// Prints the request that registers the campaign, where no error is found, instead of findings.
    #[arg(long, value_enum, requires = "brand")]
    export: Option<Provider>,
    /// The id of the brand at the provider.
    #[arg(long)]
    brand: Option<String>,
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
enum Provider {
    /// A form for `POST /v1/Services/{sid}/Compliance/Usa2p`.
    Twilio,
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
    let facts = facts(options.facts.as_deref())?;
    let facts = facts.on(options.date.unwrap_or_else(|| SystemClock.now().date_naive()));
    if let Some(rule) = &options.explain {
        return print(&explain::rule(rule, facts, options.format)?);
    }
    // The command line asks for a file where it asks for no rule.
    let file = options.file.as_deref().unwrap_or_else(|| Path::new(""));
    let registration = read(file)?;
    if let Some(Provider::Twilio) = options.export {
        let brand = options.brand.as_deref().unwrap_or_default();
        let request = CampaignRequest::new(&registration, brand, facts)
            .map_err(|error| HostError::Refused(format!("{}:\n{error}", file.display())))?;
        return print(&format!("{}\n", request.form()));
    }
    let findings = lint(&registration, facts);
    print(&match options.format {
        Format::Json => format!("{:#}\n", json!(findings)),
        Format::Sarif => format!("{:#}\n", sarif(file, &findings, facts)),
        Format::Text => {
            findings.iter().flat_map(|finding| [finding.to_string(), "\n".into()]).collect()
        }
    })?;
    let count = |severity, word| {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
    };
    let told =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .map(|(severity, word)| count(severity, word))
            .join(", ");
    if findings.iter().any(|finding| finding.severity >= options.fail_on.into()) {
        return Err(HostError::Refused(format!("{}: {told}", file.display())));
    }
    output::aside(format_args!("{}: {told}", file.display()));
    Ok(())
}

/// A reader who has read enough does not change the exit code.
fn print(text: &str) -> Result<(), HostError> {
    output::or_enough(output::write(format_args!("{text}")))
}

/// The facts that come with frontdesk, with those of a file.
fn facts(file: Option<&Path>) -> Result<Facts, HostError> {
    let Some(file) = file else { return Ok(Facts::standard().clone()) };
    Facts::with(&text_of(file)?)
        .map_err(|error| HostError::Refused(format!("{}:\n{error}", file.display())))
}

fn text_of(file: &Path) -> Result<String, HostError> {
    std::fs::read_to_string(file)
        .map_err(|error| HostError::Refused(format!("{}: {error}", file.display())))
}

fn read(file: &Path) -> Result<Registration, HostError> {
    let refused = |why: String| HostError::Refused(format!("{}: {why}", file.display()));
    let text = text_of(file)?;
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return serde_json::from_str(&text).map_err(|error| refused(error.to_string()));
    }
    toml::from_str(&text).map_err(|error| refused(error.to_string()))
}

fn sarif(file: &Path, findings: &[Finding], facts: &Edition) -> Value {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let rules: Vec<Value> = rules()
        .filter_map(|rule| {
            let (severity, basis) = facts.lint_rule(rule.id)?;
            Some(json!({
                "id": rule.id,
                "shortDescription": { "text": rule.mend },
                "help": { "text": format!("{} ({basis})", rule.mend) },
                "defaultConfiguration": { "level": level(severity) },
            }))
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
