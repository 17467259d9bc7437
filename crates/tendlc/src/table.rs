//! A CSV whose first line names its columns, with mistakes in words that its writer understands.

use csv::StringRecord;

use crate::{ImportError, RowProblem};

/// A list as a table.
pub(crate) struct Table<'a> {
    reader: csv::Reader<&'a [u8]>,
    columns: StringRecord,
    line: u64,
}

impl<'a> Table<'a> {
    /// Reads the names of the columns: those that it must have, and those that may follow, in any order.
    pub(crate) fn open(list: &'a str, needed: &[&str], more: &[&str]) -> Result<Self, ImportError> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.trim(csv::Trim::All).flexible(true).from_reader(list.as_bytes());
        let columns = reader.headers().map_err(unreadable)?.clone();
        let problems = of_columns(&columns, needed, more);
        if problems.is_empty() {
            return Ok(Self { reader, columns, line: 1 });
        }
        let more = match more {
            [] => String::new(),
            more => format!("; {} may follow", more.join(", ")),
        };
        let needed = needed.join(", ");
        Err(ImportError::Document(format!(
            "line 1: {}. The first line names the columns: {needed}{more}",
            problems.join("; ")
        )))
    }

    /// Reads the next row that has a field for each column; the answer is its line. Other rows are told.
    pub(crate) fn next(
        &mut self,
        row: &mut StringRecord,
        problems: &mut Vec<RowProblem>,
    ) -> Result<Option<u64>, ImportError> {
        while self.reader.read_record(row).map_err(unreadable)? {
            // A record names its own line: a field in quotes may have several.
            self.line = row.position().map_or(self.line + 1, csv::Position::line);
            let (found, expected) = (row.len(), self.columns.len());
            if found == expected {
                return Ok(Some(self.line));
            }
            let problem = format!("has {found} fields; line 1 names {expected} columns");
            problems.push(RowProblem { line: self.line, column: "row", problem });
        }
        Ok(None)
    }

    /// The names of the columns.
    pub(crate) fn columns(&self) -> &StringRecord {
        &self.columns
    }
}

/// Everything that is wrong with the names of columns.
fn of_columns(columns: &StringRecord, needed: &[&str], more: &[&str]) -> Vec<String> {
    let is_known = |name: &str| needed.contains(&name) || more.contains(&name);
    if !columns.iter().any(is_known) {
        // It is a row, or anything else: what stands there may be somebody's number.
        return vec!["names none of the columns".to_owned()];
    }
    let mut problems = Vec::new();
    for name in needed.iter().filter(|name| columns.iter().all(|column| column != **name)) {
        problems.push(format!("the column `{name}` is missing"));
    }
    for (i, name) in columns.iter().enumerate() {
        if !is_known(name) {
            problems.push(format!("there is no column `{}`", name.escape_debug()));
        } else if columns.iter().take(i).any(|before| before == name) {
            problems.push(format!("the column `{name}` stands there twice"));
        }
    }
    problems
}

/// A text that cannot be split into rows.
pub(crate) fn unreadable(error: csv::Error) -> ImportError {
    ImportError::Document(error.to_string())
}
