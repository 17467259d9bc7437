//! Brings a file up to date: all versions in one transaction, so that whoever is killed in the middle leaves what was there.

use std::fmt;

use frontdesk::store::StoreError;
use rusqlite::{Connection, types::ToSqlOutput};

use crate::{database::failed, ledger};

mod gather;

/// Marks a file as frontdesk's: "fdsk".
pub(crate) const APPLICATION_ID: i32 = 0x6664_736b;
/// The newest version of the schema that this program knows.
pub(crate) const VERSION: i32 = 9;
/// What makes each version of the one before it, from nothing on.
pub(crate) const MIGRATIONS: [&str; VERSION as usize] = [
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
];
/// Version 7, once its tables have been copied.
const AFTER_COPYING: &str = include_str!("schema_7_after.sql");
/// From this version on the ledger's entries are chained (DLC-3).
const CHAINED: usize = 6;
/// From this version on consumers and entries are in tables with a rowid.
const ROWIDS: usize = 7;
/// From this version on the places of many entries are in one row.
const STRETCHES: usize = 9;
/// After so many rows it is told how far the copying is.
const TOLD_EVERY: u64 = 20_000;

/// How far the upgrade of a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: &'static str,
    /// How many rows are done.
    pub done: u64,
    /// How many there are; 0 for a step that is one statement.
    pub total: u64,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.total {
            0 => f.write_str(self.step),
            total => write!(f, "{}: {} of {total} rows", self.step, self.done),
        }
    }
}

/// Inside of a transaction.
pub(crate) fn bring_up_to_date(
    connection: &Connection,
    found: i32,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    let known = usize::try_from(found).unwrap_or(0);
    for (migration, version) in MIGRATIONS.iter().zip(1..).skip(known) {
        connection.execute_batch(migration).map_err(failed)?;
        match version {
            CHAINED => ledger::bring_up_to_date(connection)?,
            ROWIDS => copy_to_rowids(connection, tell)?,
            STRETCHES => gather::places(connection, tell)?,
            _ => {}
        }
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    connection.pragma_update(None, "user_version", VERSION).map_err(failed)
}

fn copy_to_rowids(
    connection: &Connection,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    for (step, key, values) in [
        ("consumers", "center, consumer", "version, known"),
        ("entries", "center, consumer, programme, number", "entry, digest"),
    ] {
        copy(connection, step, (key, values), tell)?;
    }
    tell(Progress { step: "indexes", done: 0, total: 0 });
    connection.execute_batch(AFTER_COPYING).map_err(failed)
}

/// In the order of the keys, so that the new indexes only grow at their ends.
fn copy(
    connection: &Connection,
    step: &'static str,
    (key, values): (&str, &str),
    tell: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    let columns = format!("{key}, {values}");
    let count = format!("SELECT count(*) FROM {step}_6");
    let total: i64 = connection.query_row(&count, [], |row| row.get(0)).map_err(failed)?;
    let total = total.unsigned_abs();
    let width = columns.split(", ").count();
    let places = vec!["?"; width].join(", ");
    let insert = format!("INSERT INTO {step} ({columns}) VALUES ({places})");
    let mut insert = connection.prepare(&insert).map_err(failed)?;
    let select = format!("SELECT {columns} FROM {step}_6 ORDER BY {key}");
    let mut select = connection.prepare(&select).map_err(failed)?;
    let mut rows = select.query([]).map_err(failed)?;
    let mut done = 0;
    while let Some(row) = rows.next().map_err(failed)? {
        if done % TOLD_EVERY == 0 {
            tell(Progress { step, done, total });
        }
        for place in 0..width {
            let value = ToSqlOutput::Borrowed(row.get_ref(place).map_err(failed)?);
            insert.raw_bind_parameter(place + 1, value).map_err(failed)?;
        }
        insert.raw_execute().map_err(failed)?;
        done += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
