use std::{collections::HashMap, fmt};

use chrono::NaiveDate;
use frontdesk_types::{Instant, PhoneNumber, Region};
use serde::Deserialize;

use super::{Act, ConsentLevel, Entry, LedgerKey, Method, Programme};

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
}

/// Reads a list of consumers with their consent and its evidence: a CSV with the columns `consumer`, `programme`, `consent`
/// (`express`, `written` or `opted_out`), `method` (`agent`, `keyword`, `paper`, `voice`, `web_form`), `given` (an instant or a
/// date), `wording` (what they were shown or wrote) and `evidence` (what proves it). Numbers without `+` are read in a region.
///
/// It is all or nothing: one wrong row, and every wrong row is told. Who opted out with the list is opted out; who has opted out
/// since the list was made stays so ([`Act::Agreed`]).
///
/// ```
/// use frontdesk_tendlc::import_csv;
///
/// let list = "consumer,programme,consent,method,given,wording,evidence
/// +12025550123,offers,written,web_form,2026-03-01T10:00:00Z,I agree to get offers by text.,form 7 record 4711
/// ";
/// let imported = import_csv(list, None, "2026-11-21T00:00:00Z".parse()?)?;
/// assert_eq!(imported[0].key.programme.as_str(), "offers");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import_csv(
    list: &str,
    region: Option<Region>,
    now: Instant,
) -> Result<Vec<Imported>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(list.as_bytes());
    let mut reading = Reading { region, now, problems: Vec::new(), seen: HashMap::new() };
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
    problems: Vec<RowProblem>,
    /// By line.
    seen: HashMap<LedgerKey, u64>,
}

impl Reading {
    fn row(&mut self, line: u64, row: &Row) -> Option<Imported> {
        let mut wrong =
            |column, problem: String| self.problems.push(RowProblem { line, column, problem });
        let consumer = PhoneNumber::parse(&row.consumer, self.region);
        if let Err(error) = &consumer {
            wrong("consumer", error.to_string());
        }
        for (column, text) in
            [("programme", &row.programme), ("wording", &row.wording), ("evidence", &row.evidence)]
        {
            if text.is_empty() {
                wrong(column, "is empty".into());
            }
        }
        let given = instant(&row.given);
        match given {
            None => wrong(
                "given",
                format!(
                    "`{}`; allowed is a date or an instant, like 2026-03-01T10:00:00Z",
                    row.given
                ),
            ),
            Some(given) if given > self.now => {
                wrong("given", format!("`{}` has not been yet", row.given));
            }
            Some(_) => {}
        }
        let consent = Said::named(&row.consent);
        if consent.is_none() {
            wrong("consent", format!("`{}`; allowed are express, written, opted_out", row.consent));
        }
        let method = method(&row.method);
        if method.is_none() {
            wrong(
                "method",
                format!("`{}`; allowed are agent, keyword, paper, voice, web_form", row.method),
            );
        }
        if (consent, method) == (Some(Said::Agreed(ConsentLevel::Written)), Some(Method::Agent)) {
            wrong(
                "consent",
                "written, but to an agent, who noted it: that is express consent".into(),
            );
        }
        let key = LedgerKey {
            consumer: consumer.ok()?,
            programme: Programme::from(row.programme.as_str()),
        };
        if let Some(other) = self.seen.insert(key.clone(), line) {
            wrong("consumer", format!("stands there for this programme in line {other}, too"));
        }
        let (method, given) = (method?, given?);
        let act = match consent? {
            Said::Agreed(level) => Act::Agreed { method, level, given },
            Said::OptedOut => Act::OptedOut { word: "import".into(), confirmation: None },
        };
        let entry = Entry {
            at: self.now,
            act,
            wording: row.wording.clone(),
            evidence: row.evidence.clone(),
        };
        Some(Imported { key, entry })
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

/// An instant; a date is its first instant in UTC.
fn instant(text: &str) -> Option<Instant> {
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc());
    text.parse::<Instant>().ok().or_else(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<Vec<Imported>, ImportError> {
        let list = format!("consumer,programme,consent,method,given,wording,evidence\n{rows}");
        import_csv(&list, Some(Region::US), "2026-11-21T00:00:00Z".parse().unwrap())
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
            (imported[0].entry.wording.as_str(), imported[0].entry.evidence.as_str()),
            ("I agree, by hand", "paper 4")
        );
        assert!(imported[1].entry.act.revokes());
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
        line 5, consent: written, but to an agent, who noted it: that is express consent
        ");
    }

    #[test]
    fn a_list_without_a_column_is_no_list() {
        let list = "consumer,programme\n+12025550123,offers\n";
        let error = import_csv(list, None, Instant::UNIX_EPOCH).unwrap_err();
        assert!(
            matches!(&error, ImportError::Document(why) if why.contains("missing field `consent`")),
            "{error}"
        );
        assert!(read("+12025550123,offers\n").is_err());
    }
}
