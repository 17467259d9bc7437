use std::{collections::HashMap, fmt};

use chrono::NaiveDate;
use frontdesk_types::{Instant, PhoneNumber, Region};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    Act, ConsentLevel, Digest, Entry, Evidence, EvidenceDetails, LedgerKey, ListSource, Method,
    Programme, RevocationChannel,
};

/// What an existing list says of one consumer, ready to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Whose.
    pub key: LedgerKey,
    /// What.
    pub entry: Entry,
}

/// Why a list is not imported. Nothing of it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Columns are missing, or it is no CSV.
    #[error("{0}")]
    Document(String),
    /// Everything that is wrong with its rows.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rows(Vec<RowProblem>),
}

/// What is wrong with a row. Carries no phone number, so that it can be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What was found, and what is allowed.
    pub problem: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.column, self.problem)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    consumer: String,
    programme: String,
    consent: String,
    method: String,
    given: String,
    wording: String,
    evidence: String,
    #[serde(default)]
    form: Option<String>,
    #[serde(default)]
    ip: Option<String>,
    #[serde(default)]
    user_agent: Option<String>,
    #[serde(default)]
    entered_by: Option<String>,
}

/// Reads a list of consumers with their consent and its evidence: a CSV with the columns `consumer`, `programme`, `consent`
/// (`express`, `written` or `opted_out`), `method` (of consent: `agent`, `keyword`, `paper`, `voice`, `web_form`; of a revocation
/// also `email`, `in_person`, `list`, `mail`, `phone`, `web`), `given` (an instant or a date), `wording` (what they were shown or
/// wrote) and `evidence` (what proves it). The columns `form`, `ip`, `user_agent` and `entered_by` may follow. Numbers without `+`
/// are read in a region. Each entry names the file, its SHA-256, its line, and `imported_by`.
///
/// It is all or nothing: one wrong row, and every wrong row is told. A revocation of the list holds from its own date on, and a
/// consumer who has opted out since the list was made stays so ([`Act::Agreed`]).
///
/// ```
/// use frontdesk_tendlc::import_csv;
///
/// let list = "consumer,programme,consent,method,given,wording,evidence
/// +12025550123,offers,written,web_form,2026-03-01T10:00:00Z,I agree to get offers by text.,form 7 record 4711
/// ";
/// let imported = import_csv(list, ("list.csv", "robin"), None, "2026-11-21T00:00:00Z".parse()?)?;
/// assert_eq!(imported[0].key.programme.as_str(), "offers");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import_csv(
    list: &str,
    (file, imported_by): (&str, &str),
    region: Option<Region>,
    now: Instant,
) -> Result<Vec<Imported>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(list.as_bytes());
    let sha256: [u8; 32] = Sha256::digest(list.as_bytes()).into();
    let source = ListSource {
        imported_by: imported_by.to_owned(),
        file: file.to_owned(),
        sha256: Digest::from(sha256),
        line: 0,
    };
    let mut reading = Reading { region, now, source, problems: Vec::new(), seen: HashMap::new() };
    let mut imported = Vec::new();
    for row in reader.deserialize::<Row>().enumerate() {
        match row {
            (i, Ok(row)) => imported.extend(reading.row(i as u64 + 2, &row)),
            // Of a row that cannot be split into its columns nothing after it can be trusted.
            (_, Err(error)) => return Err(ImportError::Document(error.to_string())),
        }
    }
    if reading.problems.is_empty() {
        Ok(imported)
    } else {
        Err(ImportError::Rows(reading.problems))
    }
}

struct Reading {
    region: Option<Region>,
    now: Instant,
    /// With the line of no row.
    source: ListSource,
    problems: Vec<RowProblem>,
    /// By line.
    seen: HashMap<LedgerKey, u64>,
}

impl Reading {
    fn row(&mut self, line: u64, row: &Row) -> Option<Imported> {
        let consumer = PhoneNumber::parse(&row.consumer, self.region);
        if let Err(error) = &consumer {
            self.wrong(line, "consumer", error.to_string());
        }
        for (column, text) in
            [("programme", &row.programme), ("wording", &row.wording), ("evidence", &row.evidence)]
        {
            if text.is_empty() {
                self.wrong(line, column, "is empty".into());
            }
        }
        let given = self.given(line, &row.given);
        let act = self.act(line, row, given);
        let details = self.details(line, row);
        let key = LedgerKey {
            consumer: consumer.ok()?,
            programme: Programme::from(row.programme.as_str()),
        };
        if let Some(other) = self.seen.insert(key.clone(), line) {
            let told = format!("stands there for this programme in line {other}, too");
            self.wrong(line, "consumer", told);
        }
        let evidence = Evidence::of(row.evidence.clone(), details);
        let entry = Entry { at: self.now, act: act?, wording: row.wording.clone(), evidence };
        Some(Imported { key, entry })
    }

    fn wrong(&mut self, line: u64, column: &'static str, problem: String) {
        self.problems.push(RowProblem { line, column, problem });
    }

    fn given(&mut self, line: u64, text: &str) -> Option<Instant> {
        let given = instant(text);
        match given {
            None => {
                let allowed = "allowed is a date or an instant, like 2026-03-01T10:00:00Z";
                self.wrong(line, "given", format!("`{text}`; {allowed}"));
            }
            Some(given) if given > self.now => {
                self.wrong(line, "given", format!("`{text}` has not been yet"));
            }
            Some(_) => {}
        }
        given
    }

    fn act(&mut self, line: u64, row: &Row, given: Option<Instant>) -> Option<Act> {
        let consent = Said::named(&row.consent);
        if consent.is_none() {
            let told = format!("`{}`; allowed are express, written, opted_out", row.consent);
            self.wrong(line, "consent", told);
        }
        if consent == Some(Said::OptedOut) {
            let channel = channel(&row.method);
            if channel.is_none() {
                let allowed = "allowed are agent, email, in_person, keyword, list, mail, paper, phone, voice, web, web_form";
                self.wrong(line, "method", format!("`{}`; {allowed}", row.method));
            }
            return Some(Act::Revoked { channel: channel?, given: given? });
        }
        let method = method(&row.method);
        if method.is_none() {
            let allowed = "allowed are agent, keyword, paper, voice, web_form";
            self.wrong(line, "method", format!("`{}`; {allowed}", row.method));
        }
        if let (Some(Said::Agreed(level)), Some(method)) = (consent, method)
            && level > method.highest_level()
        {
            let told = format!("{level}, but {method}: that is {} consent", method.highest_level());
            self.wrong(line, "consent", told);
        }
        let Said::Agreed(level) = consent? else { return None };
        Some(Act::Agreed { method: method?, level, given: given? })
    }

    fn details(&mut self, line: u64, row: &Row) -> EvidenceDetails {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let ip = text(&row.ip).and_then(|ip| {
            let parsed = ip.parse().ok();
            if parsed.is_none() {
                self.wrong(line, "ip", format!("`{ip}`; allowed is an address, like 192.0.2.7"));
            }
            parsed
        });
        let details = EvidenceDetails {
            form: text(&row.form),
            ip,
            user_agent: text(&row.user_agent),
            entered_by: text(&row.entered_by),
            list: Some(ListSource { line, ..self.source.clone() }),
            ..EvidenceDetails::default()
        };
        if let Some((field, found)) = details.too_long() {
            let longest = EvidenceDetails::LONGEST;
            self.wrong(line, field, format!("{found} characters; allowed are {longest}"));
        }
        details
    }
}

/// What a list says of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Agreed(ConsentLevel),
    OptedOut,
}

impl Said {
    fn named(word: &str) -> Option<Self> {
        match word {
            "express" => Some(Self::Agreed(ConsentLevel::Express)),
            "written" => Some(Self::Agreed(ConsentLevel::Written)),
            "opted_out" => Some(Self::OptedOut),
            _ => None,
        }
    }
}

fn method(word: &str) -> Option<Method> {
    match word {
        "agent" => Some(Method::Agent),
        "keyword" => Some(Method::Keyword),
        "paper" => Some(Method::Paper),
        "voice" => Some(Method::Voice),
        "web_form" => Some(Method::WebForm),
        _ => None,
    }
}

/// The channel of a revocation: its own name, or that of the method of consent that is the same.
fn channel(word: &str) -> Option<RevocationChannel> {
    match word {
        "agent" | "in_person" => Some(RevocationChannel::InPerson),
        "email" => Some(RevocationChannel::Email),
        "keyword" | "list" => Some(RevocationChannel::List),
        "mail" | "paper" => Some(RevocationChannel::Mail),
        "phone" | "voice" => Some(RevocationChannel::Phone),
        "web" | "web_form" => Some(RevocationChannel::Web),
        _ => None,
    }
}

/// An instant; a date is its first instant in UTC.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc());
    text.parse::<Instant>().ok().or_else(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<Vec<Imported>, ImportError> {
        let list = format!("consumer,programme,consent,method,given,wording,evidence\n{rows}");
        import_csv(
            &list,
            ("list.csv", "robin"),
            Some(Region::US),
            "2026-11-21T00:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn a_list_is_read_with_its_evidence() {
        let imported = read("(202) 555-0123,offers,written,paper,2026-03-01,\"I agree, by hand\",paper 4\n+12025550124,offers,opted_out,voice,2026-03-02,\"stop that\",recording 7\n").unwrap();
        let Act::Agreed { method: Method::Paper, level: ConsentLevel::Written, given } =
            imported[0].entry.act
        else {
            panic!()
        };
        assert_eq!(given.to_rfc3339(), "2026-03-01T00:00:00+00:00");
        assert_eq!(
            (imported[0].entry.wording.as_str(), imported[0].entry.evidence.reference.as_str()),
            ("I agree, by hand", "paper 4")
        );
        let list = imported[1].entry.evidence.details.as_ref().unwrap().list.as_ref().unwrap();
        assert_eq!(
            (list.file.as_str(), list.imported_by.as_str(), list.line),
            ("list.csv", "robin", 3)
        );
        let Act::Revoked { channel: RevocationChannel::Phone, given } = imported[1].entry.act
        else {
            panic!()
        };
        assert_eq!(given.to_rfc3339(), "2026-03-02T00:00:00+00:00");
    }

    #[test]
    fn every_wrong_row_is_told_and_nothing_is_imported() {
        let rows = "+12025550123,offers,written,web_form,2026-03-01,ok,form 1
+12025550123,offers,express,web_form,2026-03-01,ok,form 2
12,,perhaps,pigeon,soon,,
+12025550124,offers,written,agent,2027-01-01,ok,note 1
";
        let told = read(rows).unwrap_err().to_string();
        insta::assert_snapshot!(told, @r"
        line 3, consumer: stands there for this programme in line 2, too
        line 4, consumer: not a phone number
        line 4, programme: is empty
        line 4, wording: is empty
        line 4, evidence: is empty
        line 4, given: `soon`; allowed is a date or an instant, like 2026-03-01T10:00:00Z
        line 4, consent: `perhaps`; allowed are express, written, opted_out
        line 4, method: `pigeon`; allowed are agent, keyword, paper, voice, web_form
        line 5, given: `2027-01-01` has not been yet
        line 5, consent: written, but to an agent: that is express consent
        ");
    }

    #[test]
    fn a_list_without_a_column_is_no_list() {
        let list = "consumer,programme\n+12025550123,offers\n";
        let error = import_csv(list, ("", ""), None, Instant::UNIX_EPOCH).unwrap_err();
        assert!(
            matches!(&error, ImportError::Document(why) if why.contains("missing field `consent`")),
            "{error}"
        );
        assert!(read("+12025550123,offers\n").is_err());
    }
}
