//! `frontdesk check`: everything about a configuration before it goes live (EXT-2).

use std::{fmt, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use frontdesk::{
    Center, Clock, Problem, SystemClock,
    config::{Checked, Finding, Plain, Severity},
};
use serde::Serialize;

use crate::{
    config_file, output,
    settings::{self, HostError},
    zones::{TimeZones, TimeZonesJson},
};

/// The exit code of a configuration that is refused.
const REFUSED: u8 = 1;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The configuration (TOML).
    config: PathBuf,
    /// What is refused beside errors: `warnings`, or `notes` and warnings.
    #[arg(long, value_name = "warnings|notes")]
    deny: Option<Denied>,
    /// Lines for people, or one JSON document for editors and programs.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is refused beside errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Denied {
    Warnings,
    Notes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Text,
}

/// What is printed for programs.
#[derive(Serialize)]
struct Report<'a> {
    file: String,
    /// Whether the center starts with it.
    valid: bool,
    /// Whether it is refused, also by `--deny`.
    refused: bool,
    findings: &'a [Finding],
    time_zones: TimeZonesJson,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, HostError> {
    let file = options.config.display().to_string();
    let now = SystemClock.now();
    let (mut checked, zones) = match config_file::text(&options.config) {
        Ok(text) => {
            let zones = TimeZones::read(settings::zoneinfo(&text).as_deref());
            let mut checked = Center::check(&text, &zones.zones, now);
            settings::host(&mut checked);
            (checked, zones)
        }
        Err(unreadable) => {
            (Checked::unreadable(unreadable.line, unreadable.message), TimeZones::read(None))
        }
    };
    for warning in zones.warnings(now) {
        let path = "host.zoneinfo".to_owned();
        checked.add(Severity::Warning, "time-zones", Problem { path, message: warning });
    }
    let refused = checked.has(Severity::Error)
        || (options.deny.is_some() && checked.has(Severity::Warning))
        || (options.deny == Some(Denied::Notes) && checked.has(Severity::Note));
    let told = match options.format {
        Format::Json => {
            let (valid, findings) = (!checked.has(Severity::Error), checked.findings());
            output::json(&Report { file, valid, refused, findings, time_zones: zones.json(now) })
        }
        Format::Text => print(&file, &checked, &zones.json(now)),
    };
    output::or_enough(told)?;
    if refused && !checked.has(Severity::Error) {
        output::aside(format_args!("it is refused all the same: `--deny` asks for that"));
    }
    Ok(if refused { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
}

/// Errors go to standard error, the rest to standard output: `center.toml:12: warning: queues.billing: … [rule]`.
fn print(file: &str, checked: &Checked, zones: &TimeZonesJson) -> Result<(), HostError> {
    for finding in checked.findings() {
        let line = Line { file, finding };
        let is_error = finding.severity == Severity::Error;
        let write = if is_error { output::error_line } else { output::line };
        // A closed output is no error: findings of the other one are still told.
        output::or_enough(write(format_args!("{line}")))?;
    }
    let file = Plain(file);
    let count = |severity| checked.findings().iter().filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let found = format!(
        "{}, {}, {}",
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(count(Severity::Note), "note")
    );
    match &checked.center {
        Some(center) => output::line(format_args!(
            "{file} is valid: center `{}`, {}; {found}; time zones {} ({})",
            center.id(),
            counted(center.agents().len(), "agent"),
            zones.release,
            zones.from
        )),
        None => output::error_line(format_args!("{file} is not valid: {found}")),
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A finding as compilers print one, so that editors find its place.
pub(crate) struct Line<'a> {
    pub(crate) file: &'a str,
    pub(crate) finding: &'a Finding,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, finding } = self;
        let line = finding.line.map(|line| format!("{line}:")).unwrap_or_default();
        let (file, severity, message) = (Plain(file), finding.severity, Plain(&finding.message));
        write!(f, "{file}:{line} {severity}: ")?;
        if !finding.path.is_empty() {
            write!(f, "{}: ", Plain(&finding.path))?;
        }
        write!(f, "{message}")?;
        if finding.severity == Severity::Error { Ok(()) } else { write!(f, " [{}]", finding.rule) }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk::types::Zones;

    use super::*;

    #[test]
    fn ext_2_the_configurations_that_come_along_have_no_warning() {
        let embed = include_str!("../../embed.rs");
        let embed = embed.split("r#\"").nth(1).and_then(|rest| rest.split("\"#").next()).unwrap();
        for (name, text) in [("demo.toml", settings::DEMO), ("embed.rs", embed)] {
            let now = "2026-11-26T12:00:00Z".parse().unwrap();
            let mut checked = Center::check(text, Zones::bundled(), now);
            settings::host(&mut checked);
            let told: Vec<String> = checked.findings().iter().map(ToString::to_string).collect();
            assert!(
                !checked.has(Severity::Error) && !checked.has(Severity::Warning),
                "{name}: {told:#?}"
            );
        }
    }

    #[test]
    fn ext_2_what_cannot_be_read_hides_nothing() {
        let text = "[center]
id = 'acme'
company = 'Acme'
languages = ['english!']
[[queues]]
id = 'main'
name = 'Main'
numbers = ['+12025550100']
agents = ['nobody']
[host]
listen = 'nonsense'
operations = 'nowhere'
connections = 99999999999999999999999
database_limit = 1_000_000
colour = 'red'
carrier = 'twilio'
public_url = 'ftp://acme.example'
[[host.tokens]]
label = 'ops'
role = 'agent'
sha256 = 'none'
expires = 'soon'
";
        let now = "2026-11-26T12:00:00Z".parse().unwrap();
        let mut checked = Center::check(text, Zones::bundled(), now);
        settings::host(&mut checked);
        let errors = checked.findings().iter().filter(|it| it.severity == Severity::Error);
        let told: Vec<String> = errors
            .map(|it| format!("{}: {}: {}", it.line.unwrap_or_default(), it.path, it.message))
            .collect();
        for (told, expected) in told.iter().zip([
            "4: center.languages[0]: `english!` is not a language",
            "9: queues.main.agents[0]: there is no agent `nobody`",
            "11: host.listen: found \"nonsense\": invalid socket address",
            "12: host.operations: found \"nowhere\": invalid socket address",
            "13: host.connections: found \"99999999999999999999999\", allowed is a whole number",
            "15: host.colour: there is no such setting",
            "16: host.carrier: Twilio needs [host.twilio]",
            "17: host.public_url: `ftp://acme.example` is no URL to build on",
            "18: host.tokens[0].agent: is missing",
            "19: host.tokens[0].label: there is no such setting",
            "21: host.tokens[0].sha256: 64 hexadecimal digits are expected",
            "22: host.tokens[0].expires: found \"soon\": ",
        ]) {
            assert!(told.starts_with(expected), "{expected} in {told}");
        }
        assert_eq!(told.len(), 12, "{told:#?}");
    }

    #[test]
    fn ext_2_an_agent_who_limits_no_token_is_told() {
        let told = |role: &str| {
            let token = format!(
                "[[host.tokens]]\nrole = '{role}'\nagent = 'ana'\nsha256 = '{}'\n",
                "ab".repeat(32)
            );
            let now = "2026-11-26T12:00:00Z".parse().unwrap();
            let mut checked =
                Center::check(&format!("{}\n{token}", settings::DEMO), Zones::bundled(), now);
            settings::host(&mut checked);
            assert!(checked.center.is_some());
            let all = checked.findings().iter().filter(|it| it.rule == "token-agent");
            all.map(|it| format!("{} {}", it.severity, it.path)).collect::<Vec<_>>()
        };
        assert_eq!(told("admin"), ["warning host.tokens[0].agent"]);
        assert!(told("agent").is_empty());
    }

    #[test]
    fn dlc_8_ids_that_twilio_cannot_have_are_errors() {
        let digits = "0123456789abcdef0123456789ABCDEF";
        let told = |brand: &str, host: &str, more: &str| {
            let config = format!(
                "[center]\nid = 'a'\ncompany = 'A'\n{more}\n[[queues]]\nid = 'main'\nname = 'Main'\nnumbers = ['+12025550100']\n\
                 [[compliance.campaigns]]\nid = 'offers'\nuse_case = 'MARKETING'\nnumbers = ['+12025550100']\n\
                 provider = {{ brand = '{brand}', service = 'MG{digits}', campaign = 'QE{digits}' }}\n{host}"
            );
            let now = "2026-11-26T12:00:00Z".parse().unwrap();
            let mut checked = Center::check(&config, Zones::bundled(), now);
            settings::host(&mut checked);
            let all = checked.findings().iter().filter(|it| it.path.contains("provider"));
            all.map(|it| format!("{} {}: {}", it.severity, it.path, it.message)).collect::<Vec<_>>()
        };
        let twilio = format!("[host.twilio]\naccount_sid = 'AC{digits}'\n");
        let brand = format!("BN{digits}");
        assert!(told(&brand, &twilio, "").is_empty());
        let wrong = [
            "error compliance.campaigns.offers.provider.brand: `BN1` is no such id of Twilio: BN and 32 hexadecimal digits are expected",
        ];
        assert_eq!(told("BN1", &twilio, ""), wrong);
        assert_eq!(
            told("BN1", &twilio, "languages = ['english!']"),
            wrong,
            "beside another error, too"
        );
        assert_eq!(
            told(&brand, "", ""),
            [
                "warning compliance.campaigns.offers.provider: nobody is asked where it stands: there is no [host.twilio]"
            ]
        );
    }

    #[test]
    fn ext_2_a_line_is_a_line_whatever_stands_in_it() {
        let now = "2026-11-26T12:00:00Z".parse().unwrap();
        let checked = Center::check("\"a\\nb\\u001b\" = 1\n", Zones::bundled(), now);
        for finding in checked.findings() {
            let line = Line { file: "x\u{1b}.toml", finding }.to_string();
            assert!(!line.contains(char::is_control), "{line:?}");
        }
    }

    #[test]
    fn ext_2_what_serve_refuses_check_refuses() {
        let minimal = |center: &str, host: &str| {
            format!(
                "[center]\nid = 'a'\ncompany = 'A'\n{center}\n[[queues]]\nid = 'main'\nname = 'Main'\n{host}"
            )
        };
        let token = "[[host.tokens]]\nrole = 'agent'\nagent = 'eve'\nsha256 = '%'\n"
            .replace('%', &"ab".repeat(32));
        let stand_in =
            "[[agents]]\nid = 'not an id'\nname = 'X'\n[[agents]]\nid = 'not an id'\nname = 'Y'\n";
        let table = [
            ("", "[host]\ndatabase_limit = 10\n".to_owned(), "host.database_limit: "),
            (
                "",
                "[host]\nmedia = 'nowhere://bucket'\n".to_owned(),
                "host.media: it cannot be used: ",
            ),
            ("", token.clone(), "host.tokens[0].agent: there is no agent `eve`"),
            // Beside another error, too.
            ("languages = ['english!']", token, "host.tokens[0].agent: there is no agent `eve`"),
            ("", stand_in.to_owned(), "agents"),
            // A token has one role.
            (
                "",
                format!("[[host.tokens]]\nrole = 'admin'\nsha256 = '{}'\n[[host.tokens]]\nrole = 'api'\nsha256 = '{}'\n", "ab".repeat(32), "AB".repeat(32)),
                "host.tokens[1].sha256: it is that of host.tokens[0]",
            ),
            ("", "[host]\ndatabase = ':memory:'\n".to_owned(), "host.database: \":memory:\" is no path"),
            ("", "[host]\ndatabase = ''\n".to_owned(), "host.database: \"\" is no path of a file"),
            ("", "[host]\nmedia = ' '\n".to_owned(), "host.media: \" \" is no path of a folder"),
            ("", "[host]\nmedia = 'x'\ndatabase = 'x'\n".to_owned(), "host.media: it is the file of"),
            (
                "",
                "[host]\nlisten = '0.0.0.0:7790'\noperations = '127.0.0.1:7790'\n".to_owned(),
                "host.operations: it is the address of",
            ),
            (
                "",
                "[host]\ncarrier = 'twilio'\npublic_url = 'https://a.example'\n[host.twilio]\naccount_sid = 'XX'\n".to_owned(),
                "host.twilio.account_sid: the account SID must be AC and 32",
            ),
        ];
        let now = "2026-11-26T12:00:00Z".parse().unwrap();
        for (center, host, expected) in table {
            let mut checked = Center::check(&minimal(center, &host), Zones::bundled(), now);
            settings::host(&mut checked);
            let errors = checked.findings().iter().filter(|it| it.severity == Severity::Error);
            let told: Vec<_> = errors.map(|it| format!("{}: {}", it.path, it.message)).collect();
            assert!(told.iter().any(|told| told.starts_with(expected)), "{expected}: {told:#?}");
            assert!(!told.iter().any(|told| told.contains("stand-in")), "{told:#?}");
            assert!(checked.center.is_none());
        }
        let mut checked = Center::check("host = 1", Zones::bundled(), now);
        settings::host(&mut checked);
        let host = checked.findings().iter().filter(|it| it.path == "host").count();
        assert_eq!(host, 1, "{:#?}", checked.findings());
        let twice = [
            ("[[host]]\nlisten = 1\n", "host"),
            (
                "[[host.tokens]]\nrole = 'agent'\nagent = ['ana']\nsha256 = '0'\n",
                "host.tokens[0].agent",
            ),
            (
                "routing = { assignment = 'deltacast', deltacast_seconds = 0 }\n",
                "deltacast_seconds",
            ),
            ("routing = { assignment = 'deltacast', attempts = 0 }\n", "attempts"),
        ];
        for (more, path) in twice {
            let mut checked = Center::check(&minimal("", more), Zones::bundled(), now);
            settings::host(&mut checked);
            let told = checked.findings().iter().filter(|it| it.path.contains(path)).count();
            assert_eq!(told, 1, "{more}: {:#?}", checked.findings());
        }
    }

    #[test]
    fn ext_2_a_file_that_cannot_be_read_is_told_like_everything_else() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("center.toml");
        let refused =
            |config: PathBuf| run(&Options { config, deny: None, format: Format::Json }).unwrap();
        assert_eq!(refused(config.clone()), ExitCode::from(REFUSED));
        assert_eq!(refused(folder.path().to_owned()), ExitCode::from(REFUSED));
        std::fs::write(&config, b"[center]\nid = '\xff'\n").unwrap();
        assert_eq!(refused(config), ExitCode::from(REFUSED));
    }

    #[test]
    fn ext_2_warnings_are_denied_and_told_to_programs() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("center.toml");
        let unserved = settings::DEMO.replace("agents = [\"ana\"]\n\n[[queues]]", "\n[[queues]]");
        assert_ne!(unserved, settings::DEMO);
        std::fs::write(&config, unserved).unwrap();
        let code = |deny, format| run(&Options { config: config.clone(), deny, format }).unwrap();
        assert_eq!(code(None, Format::Text), ExitCode::SUCCESS);
        assert_eq!(code(Some(Denied::Warnings), Format::Text), ExitCode::from(REFUSED));
        assert_eq!(code(Some(Denied::Notes), Format::Json), ExitCode::from(REFUSED));
        std::fs::write(&config, "[center]\nid = 5\n").unwrap();
        assert_eq!(code(None, Format::Json), ExitCode::from(REFUSED));
    }
}
