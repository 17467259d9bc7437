use std::collections::HashMap;

use frontdesk_types::{Instant, PhoneNumber, Region};
use rustc_hash::FxBuildHasher;
use serde::Deserialize;

use super::{Scrub, ScrubList, ScrubResult};
use crate::{
    ImportError, RowProblem,
    consent::instant,
    table::{Table, unreadable},
};

/// The columns that a list must have.
const COLUMNS: [&str; 4] = ["consumer", "list", "result", "checked"];

/// A row of a list of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedScrub {
    /// The number that was checked.
    pub consumer: PhoneNumber,
    /// The result.
    pub scrub: Scrub,
}

#[derive(Debug, Deserialize)]
struct Row<'a> {
    consumer: &'a str,
    list: &'a str,
    result: &'a str,
    checked: &'a str,
    #[serde(default)]
    since: Option<&'a str>,
}

/// Reads results of checks: a CSV with the columns `consumer`, `list` ([`ScrubList::word`]), `result` (`clear`, `listed`,
/// `disconnected`, `reassigned` or `unknown`), `checked` (an instant or a date: of the version of the list, not of the import),
/// and if it is known `since` (when the number was listed or disconnected). Numbers without `+` are read in a region. `file` is
/// kept as the source of each result.
///
/// It is all or nothing: one wrong row, and every wrong row is told with its line and column. A list that holds nothing but the
/// listed numbers says nothing of others: numbers that are not in the CSV are not clear by it.
///
/// ```
/// use frontdesk_tendlc::{ScrubResult, import_scrubs};
///
/// let list = "consumer,list,result,checked\n+12025550123,national_do_not_call,clear,2026-11-20\n";
/// let imported = import_scrubs(list, "november.csv", None, "2026-11-21T00:00:00Z".parse()?)?;
/// assert_eq!(imported[0].scrub.result, ScrubResult::Clear);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import_scrubs(
    list: &str,
    file: &str,
    region: Option<Region>,
    now: Instant,
) -> Result<Vec<ImportedScrub>, ImportError> {
    let mut table = Table::open(list, &COLUMNS, &["since"])?;
    let seen = HashMap::with_hasher(FxBuildHasher);
    let mut reading = Reading { file, region, now, problems: Vec::new(), seen };
    let (mut imported, mut record) = (Vec::new(), csv::StringRecord::new());
    while let Some(line) = table.next(&mut record, &mut reading.problems)? {
        let row: Row<'_> = record.deserialize(Some(table.columns())).map_err(unreadable)?;
        imported.extend(reading.row(line, &row));
    }
    if reading.problems.is_empty() {
        Ok(imported)
    } else {
        Err(ImportError::Rows(reading.problems))
    }
}

struct Reading<'a> {
    file: &'a str,
    region: Option<Region>,
    now: Instant,
    problems: Vec<RowProblem>,
    /// The line of each consumer and list.
    seen: HashMap<(PhoneNumber, ScrubList), u64, FxBuildHasher>,
}

impl Reading<'_> {
    fn row(&mut self, line: u64, row: &Row<'_>) -> Option<ImportedScrub> {
        let consumer = PhoneNumber::parse(row.consumer, self.region);
        if let Err(error) = &consumer {
            self.wrong(line, "consumer", error.to_string());
        }
        let list = ScrubList::named(row.list);
        if list.is_none() {
            let allowed = words(ScrubList::ALL.map(ScrubList::word));
            self.wrong(line, "list", format!("`{}`; allowed are {allowed}", row.list));
        }
        let result = self.result(line, list, row.result);
        let checked = self.instant(line, "checked", row.checked);
        let since = row.since.filter(|since| !since.is_empty());
        let since = since.and_then(|since| self.instant(line, "since", since));
        if let (Some(checked), Some(since)) = (checked, since)
            && since > checked
        {
            self.wrong(line, "since", "is later than `checked`".into());
        }
        let (consumer, list) = (consumer.ok()?, list?);
        if let Some(other) = self.seen.insert((consumer, list), line) {
            let told = format!("stands there for this list in line {other}, too");
            self.wrong(line, "consumer", told);
        }
        let scrub = Scrub { since, ..Scrub::new(list, result?, checked?, self.file) };
        Some(ImportedScrub { consumer, scrub })
    }

    /// The result of a word, if the list can have it.
    fn result(&mut self, line: u64, list: Option<ScrubList>, word: &str) -> Option<ScrubResult> {
        let allowed = list.map_or(&ScrubResult::ALL[..], ScrubList::results);
        let result = ScrubResult::named(word).filter(|result| allowed.contains(result));
        if result.is_none() {
            let allowed = words(allowed.iter().map(|result| result.word()));
            self.wrong(line, "result", format!("`{word}`; allowed are {allowed}"));
        }
        result
    }

    fn instant(&mut self, line: u64, column: &'static str, text: &str) -> Option<Instant> {
        let at = instant(text);
        match at {
            None => {
                let allowed = "allowed is a date or an instant, like 2026-03-01T10:00:00Z";
                self.wrong(line, column, format!("`{text}`; {allowed}"));
            }
            Some(at) if at > self.now => {
                self.wrong(line, column, format!("`{text}` has not been yet"));
            }
            Some(_) => {}
        }
        at
    }

    fn wrong(&mut self, line: u64, column: &'static str, problem: String) {
        self.problems.push(RowProblem { line, column, problem });
    }
}

/// Words with commas between them.
fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}
