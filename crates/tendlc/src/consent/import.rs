use std::{collections::HashMap, fmt};

use chrono::{Datelike as _, NaiveDate};
use frontdesk_types::{Instant, PhoneNumber, Region};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    Act, ConsentLevel, Digest, Entry, Evidence, EvidenceDetails, LedgerKey, ListSource, Method,
    Programme, RevocationChannel,
};
use crate::table::{Table, unreadable};

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

/// The word of a row that takes consent back.
const OPTED_OUT: &str = "opted_out";
/// The year of the Telephone Consumer Protection Act (47 U.S.C. 227).
const FIRST_YEAR: i32 = 1991;

/// The columns that a list must have, and those that may follow.
const COLUMNS: [&str; 7] =
    ["consumer", "programme", "consent", "method", "given", "wording", "evidence"];
const MORE_COLUMNS: [&str; 4] = ["form", "ip", "user_agent", "entered_by"];

/// The list, and how it is read.
#[derive(Clone, Copy)]
pub struct ListReader<'a> {
    /// The name of the file, for the evidence.
    pub file: &'a str,
    /// The person or credential that brings it.
    pub imported_by: &'a str,
    /// Numbers without `+` are read in this region.
    pub region: Option<Region>,
    /// The time.
    pub now: Instant,
    /// Whether there is such a programme.
    pub is_programme: &'a dyn Fn(&Programme) -> bool,
}

impl fmt::Debug for ListReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListReader").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Reads a list of consumers with their consent and its evidence: a CSV with the columns `consumer`, `programme`, `consent`
/// (`express`, `written` or `opted_out`), `method` (of consent: `agent`, `keyword`, `paper`, `voice`, `web_form`; of a revocation
/// also `email`, `in_person`, `list`, `mail`, `phone`, `web`), `given` (an instant or a date), `wording` (what they were shown or
/// wrote) and `evidence` (what proves it). The columns `form`, `ip`, `user_agent` and `entered_by` may follow. Each entry names the
/// file, its SHA-256, its line, and `imported_by`.
///
/// It is all or nothing: one wrong row, and every wrong row is told with everything that is wrong with it. A consumer may stand there
/// several times, with consent and revocations of different dates: the entries of each consumer are in the order of `given`. A
/// revocation of the list holds from its own date on, and a consumer who has opted out since the list was made stays so
/// ([`Act::Agreed`]).
///
/// ```
/// use frontdesk_tendlc::{ListReader, Programme, import_csv};
///
/// let list = "consumer,programme,consent,method,given,wording,evidence
/// +12025550123,offers,opted_out,keyword,2026-04-01,STOP,old system
/// +12025550123,offers,written,web_form,2026-03-01T10:00:00Z,I agree to get offers by text.,form 7 record 4711
/// ";
/// let (now, is_programme) = ("2026-11-21T00:00:00Z".parse()?, |programme: &Programme| programme.as_str() == "offers");
/// let reader = ListReader { file: "list.csv", imported_by: "robin", region: None, now, is_programme: &is_programme };
/// let imported = import_csv(list, reader)?;
/// assert!(!imported[0].entry.act.revokes() && imported[1].entry.act.revokes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import_csv(list: &str, by: ListReader<'_>) -> Result<Vec<Imported>, ImportError> {
    let mut table = Table::open(list, &COLUMNS, &MORE_COLUMNS)?;
    let sha256: [u8; 32] = Sha256::digest(list.as_bytes()).into();
    let source = ListSource {
        imported_by: by.imported_by.to_owned(),
        file: by.file.to_owned(),
        sha256: Digest::from(sha256),
        line: 0,
    };
    let mut reading = Reading { by, source, problems: Vec::new(), seen: HashMap::new() };
    let (mut imported, mut record) = (Vec::new(), csv::StringRecord::new());
    while let Some(line) = table.next(&mut record, &mut reading.problems)? {
        let row: Row = record.deserialize(Some(table.columns())).map_err(unreadable)?;
        imported.extend(reading.row(line, &row));
    }
    if !reading.problems.is_empty() {
        return Err(ImportError::Rows(reading.problems));
    }
    imported.sort_by_key(|imported| (imported.key.consumer, given(&imported.entry.act)));
    Ok(imported)
}

/// When an act of a list was done; a revocation comes after consent of the same instant.
fn given(act: &Act) -> Option<(Instant, bool)> {
    match act {
        Act::Agreed { given, .. } | Act::Revoked { given, .. } => Some((*given, act.revokes())),
        _ => None,
    }
}

struct Reading<'a> {
    by: ListReader<'a>,
    /// With the line of no row.
    source: ListSource,
    problems: Vec<RowProblem>,
    /// The line of each consent and revocation, by its instant.
    seen: HashMap<(LedgerKey, (Instant, bool)), u64>,
}

impl Reading<'_> {
    fn row(&mut self, line: u64, row: &Row) -> Option<Imported> {
        let consumer = PhoneNumber::parse(&row.consumer, self.by.region);
        if let Err(error) = &consumer {
            self.wrong(line, "consumer", error.to_string());
        }
        let programme = Programme::from(row.programme.as_str());
        for (column, text) in
            [("programme", &row.programme), ("wording", &row.wording), ("evidence", &row.evidence)]
        {
            if text.is_empty() {
                self.wrong(line, column, "is empty".into());
            }
        }
        if !row.programme.is_empty() && !(self.by.is_programme)(&programme) {
            let told = format!("`{programme}` is neither a campaign nor a number of this center");
            self.wrong(line, "programme", told);
        }
        let given = self.given(line, &row.given);
        let act = self.act(line, row, given);
        let details = self.details(line, row);
        let key = LedgerKey { consumer: consumer.ok()?, programme };
        let said = given.map(|given| (given, row.consent == OPTED_OUT));
        if let Some(said) = said
            && let Some(other) = self.seen.insert((key.clone(), said), line)
        {
            let what = if said.1 { "a revocation" } else { "consent" };
            let told = format!(
                "{what} of this moment stands there for this programme in line {other}, too"
            );
            self.wrong(line, "consumer", told);
        }
        let evidence = Evidence::of(row.evidence.clone(), details);
        let entry = Entry { at: self.by.now, act: act?, wording: row.wording.clone(), evidence };
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
            Some(given) if given > self.by.now => {
                self.wrong(line, "given", format!("`{text}` has not been yet"));
            }
            Some(given) if given.year() < FIRST_YEAR => {
                let told =
                    format!("`{text}`; there is no consent to texts from before {FIRST_YEAR}");
                self.wrong(line, "given", told);
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
            OPTED_OUT => Some(Self::OptedOut),
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
mod tests;
