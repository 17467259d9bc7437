//! The places of the ledger's entries in the center's one sequence (DLC-3).

use std::collections::BTreeMap;

use frontdesk::{
    store::{EntryMark, Seal, SealWrite, SealedEntry, StoreError, Unsealed},
    tendlc::{Digest, LedgerKey, Programme},
};
use rusqlite::{CachedStatement, Connection, Row, params};

use crate::{
    claims::limit_of,
    codec::{consumer, integer, unreadable},
    database::{execute, failed},
};

pub(crate) mod leaves;

/// The number of entries.
const COUNT: &str = "SELECT count(*) FROM entries INDEXED BY entry_keys WHERE center = ?1";
/// Entries without a place, in the order of their commits.
///
/// By rows: with an index SQLite would look at every entry of the center first.
pub(crate) const UNSEALED: &str =
    "SELECT rowid, consumer, programme, number, digest FROM entries NOT INDEXED
     WHERE rowid > coalesce((SELECT entry FROM sealed_to WHERE center = ?1), 0) AND center = ?1
     ORDER BY rowid LIMIT ?2";
/// The number of those.
pub(crate) const COUNT_UNSEALED: &str = "SELECT count(*) FROM entries NOT INDEXED
     WHERE rowid > coalesce((SELECT entry FROM sealed_to WHERE center = ?1), 0) AND center = ?1";
/// Whether the last sealed row is behind the last row.
const SEALED_TO: &str = "SELECT coalesce((SELECT entry FROM sealed_to WHERE center = ?1), 0)
     > coalesce((SELECT max(rowid) FROM entries), 0)";
/// The stretch of a place, and those behind it.
pub(crate) const STRETCHES: &str = "SELECT first, leaves FROM seals INDEXED BY seal_places
     WHERE center = ?1 AND first >= coalesce((SELECT max(first) FROM seals WHERE center = ?1 AND first <= ?2), 0)
     ORDER BY first";
/// The stretches that may have sealed a row.
pub(crate) const STRETCHES_OF_ROW: &str = "SELECT first, leaves FROM seals INDEXED BY seal_rows
     WHERE center = ?1 AND row_to >= ?2 AND row_from <= ?2 ORDER BY row_to";
/// An entry of a history, as the ledger has it now.
pub(crate) const ENTRY: &str = "SELECT digest, CASE WHEN json_valid(entry) THEN entry ->> '$.at' END FROM entries INDEXED BY entry_keys
     WHERE center = ?1 AND consumer = ?2 AND programme = ?3 AND number = ?4";
/// The last stretch.
const LAST: &str = "SELECT first, leaves FROM seals INDEXED BY seal_places WHERE center = ?1
     ORDER BY first DESC LIMIT 1";
/// The digests of a stretch of rows.
pub(crate) const DIGESTS: &str =
    "SELECT rowid, digest FROM entries NOT INDEXED WHERE rowid BETWEEN ?1 AND ?2 AND center = ?3
     ORDER BY rowid";
/// The rows of a history's entries.
pub(crate) const ROWS: &str = "SELECT number, rowid FROM entries INDEXED BY entry_keys
     WHERE center = ?1 AND consumer = ?2 AND programme = ?3";

fn digest(row: &Row<'_>, at: usize) -> Result<Digest, StoreError> {
    let digest: [u8; 32] = row.get(at).map_err(|error| unreadable("digest", error))?;
    Ok(Digest::from(digest))
}

/// Reads consumer, programme, number and digest.
pub(crate) fn entry(row: &Row<'_>, at: usize) -> Result<EntryMark, StoreError> {
    let programme: String = row.get(at + 1).map_err(failed)?;
    let key = LedgerKey {
        consumer: consumer(row.get(at).map_err(failed)?)?,
        programme: Programme::from(programme.as_str()),
    };
    let number: i64 = row.get(at + 2).map_err(failed)?;
    Ok(EntryMark { key, number: number.cast_unsigned(), digest: digest(row, at + 3)? })
}

pub(crate) fn count(connection: &Connection, center: i64) -> Result<u64, StoreError> {
    counted(connection, center, COUNT)
}

pub(crate) fn count_unsealed(connection: &Connection, center: i64) -> Result<u64, StoreError> {
    counted(connection, center, COUNT_UNSEALED)
}

fn counted(connection: &Connection, center: i64, sql: &str) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let count: i64 = statement.query_row([center], |row| row.get(0)).map_err(failed)?;
    Ok(count.cast_unsigned())
}

pub(crate) fn unsealed(
    connection: &Connection,
    center: i64,
    limit: usize,
) -> Result<Vec<Unsealed>, StoreError> {
    let mut statement = connection.prepare_cached(UNSEALED).map_err(failed)?;
    let mut rows = statement.query(params![center, limit_of(limit)]).map_err(failed)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let number: i64 = row.get(0).map_err(failed)?;
        list.push(Unsealed { row: number.cast_unsigned(), entry: entry(row, 1)? });
    }
    if list.is_empty() {
        check_sealed_to(connection, center)?;
    }
    Ok(list)
}

/// The last row that is sealed is one that there is: behind a row that there is not, no entry would ever get its place.
fn check_sealed_to(connection: &Connection, center: i64) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(SEALED_TO).map_err(failed)?;
    let beyond: bool = statement.query_row([center], |row| row.get(0)).map_err(failed)?;
    if beyond {
        let reason = "it names a row behind the last entry: entries would never get their places";
        return Err(unreadable("sealed_to.entry", reason));
    }
    Ok(())
}

/// The leaves of a stretch with their places.
fn placed(row: &Row<'_>) -> Result<Vec<(u64, EntryMark)>, StoreError> {
    let first: i64 = row.get(0).map_err(failed)?;
    let leaves = row.get_ref(1).map_err(failed)?;
    let leaves = leaves.as_blob().map_err(|error| unreadable("leaves", error))?;
    if leaves.is_empty() {
        return Err(unreadable("leaves", format!("no leaf at place {}", first + 1)));
    }
    (first.cast_unsigned()..).zip(leaves::read(leaves)).map(|(n, leaf)| Ok((n, leaf?))).collect()
}

pub(crate) fn list(
    connection: &Connection,
    center: i64,
    from: u64,
    limit: usize,
) -> Result<Vec<Seal>, StoreError> {
    let mut statement = connection.prepare_cached(STRETCHES).map_err(failed)?;
    let mut stretches = statement.query(params![center, integer(from)]).map_err(failed)?;
    let mut find = connection.prepare_cached(ENTRY).map_err(failed)?;
    let mut list = Vec::new();
    while list.len() < limit
        && let Some(stretch) = stretches.next().map_err(failed)?
    {
        for (sequence, entry) in placed(stretch)? {
            if sequence >= from && list.len() < limit {
                let stored = stored(&mut find, center, &entry)?;
                list.push(Seal { sequence, entry, stored });
            }
        }
    }
    Ok(list)
}

/// The ledger's entry in the stead of a leaf.
fn stored(
    find: &mut CachedStatement<'_>,
    center: i64,
    entry: &EntryMark,
) -> Result<SealedEntry, StoreError> {
    let EntryMark { key, number, .. } = entry;
    let of =
        params![center, integer(key.consumer.digits()), key.programme.as_str(), integer(*number)];
    let mut rows = find.query(of).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(SealedEntry::Missing) };
    let at = row.get_ref(1).map_err(failed)?.as_str();
    let at = at.ok().and_then(|at| at.parse().ok());
    let there = digest(row, 0).ok().zip(at).map(|(digest, at)| SealedEntry::There { digest, at });
    Ok(there.unwrap_or(SealedEntry::Unreadable))
}

/// A history's entries whose places are looked for.
struct Search<'a> {
    key: &'a LedgerKey,
    /// Those without one yet, by their numbers, with their rows.
    waiting: BTreeMap<u64, i64>,
    places: BTreeMap<u64, u64>,
}

impl Search<'_> {
    /// Looks through stretches until a number has its place.
    fn through(
        &mut self,
        connection: &Connection,
        (sql, of): (&str, [i64; 2]),
        until: Option<u64>,
    ) -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(sql).map_err(failed)?;
        let mut stretches = statement.query(of).map_err(failed)?;
        while let Some(stretch) = stretches.next().map_err(failed)? {
            for (sequence, entry) in placed(stretch)? {
                if entry.key == *self.key && self.waiting.remove(&entry.number).is_some() {
                    self.places.insert(entry.number, sequence);
                }
            }
            let is_found = until.is_some_and(|number| self.places.contains_key(&number));
            if is_found || self.waiting.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }
}

pub(crate) fn sequences(
    connection: &Connection,
    center: i64,
    key: &LedgerKey,
) -> Result<BTreeMap<u64, u64>, StoreError> {
    let mut statement = connection.prepare_cached(ROWS).map_err(failed)?;
    let of = params![center, integer(key.consumer.digits()), key.programme.as_str()];
    let number = |row: &Row<'_>| row.get::<_, i64>(0).map(i64::cast_unsigned);
    let rows = statement.query_map(of, |row| Ok((number(row)?, row.get(1)?))).map_err(failed)?;
    let waiting = rows.collect::<Result<_, _>>().map_err(failed)?;
    let mut search = Search { key, waiting, places: BTreeMap::new() };
    while let Some((number, row)) = search.waiting.first_key_value().map(|(n, row)| (*n, *row)) {
        search.through(connection, (STRETCHES_OF_ROW, [center, row]), Some(number))?;
        if search.waiting.contains_key(&number) {
            // A file that was made from a dump numbers its rows anew: all stretches are looked through, once.
            search.through(connection, (STRETCHES, [center, 0]), None)?;
            break;
        }
    }
    Ok(search.places)
}

/// The leaves of entries that are sealed, in the bytes of their column.
pub(crate) fn leaves(write: &SealWrite) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    for Unsealed { entry, .. } in &write.entries {
        leaves::put(&mut bytes, entry)?;
    }
    Ok(bytes)
}

/// Gives entries their places, if the sequence ends where the write begins.
pub(crate) fn write(
    connection: &Connection,
    center: i64,
    write: &SealWrite,
    leaves: &[u8],
) -> Result<(), StoreError> {
    let (Some(lowest), Some(highest)) = (write.entries.first(), write.entries.last()) else {
        return Ok(());
    };
    let rows = (integer(lowest.row), integer(highest.row));
    if end(connection, center)? != write.first || !they_wait(connection, center, rows, write)? {
        return Err(StoreError::Conflict);
    }
    let sql =
        "INSERT INTO seals (center, first, row_from, row_to, leaves) VALUES (?1, ?2, ?3, ?4, ?5)";
    execute(connection, sql, params![center, integer(write.first), rows.0, rows.1, leaves])?;
    let sql = "INSERT INTO sealed_to (center, entry) VALUES (?1, ?2)
               ON CONFLICT DO UPDATE SET entry = excluded.entry";
    execute(connection, sql, params![center, rows.1]).map(drop)
}

/// The place behind the last one.
fn end(connection: &Connection, center: i64) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(LAST).map_err(failed)?;
    let mut rows = statement.query([center]).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(0) };
    let leaves = placed(row)?;
    let first: i64 = row.get(0).map_err(failed)?;
    Ok(first.cast_unsigned() + leaves.len() as u64)
}

/// Whether entries are the next ones without a place: none was dropped meanwhile, or sealed by another host.
fn they_wait(
    connection: &Connection,
    center: i64,
    (lowest, highest): (i64, i64),
    write: &SealWrite,
) -> Result<bool, StoreError> {
    let sql = "SELECT coalesce(max(entry), 0) < ?2 FROM sealed_to WHERE center = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let is_behind: bool =
        statement.query_row([center, lowest], |row| row.get(0)).map_err(failed)?;
    let mut statement = connection.prepare_cached(DIGESTS).map_err(failed)?;
    let mut rows = statement.query([lowest, highest, center]).map_err(failed)?;
    let mut entries = write.entries.iter();
    while let Some(row) = rows.next().map_err(failed)? {
        let there = (row.get::<_, i64>(0).map_err(failed)?, digest(row, 1)?);
        let is_next = |entry: &Unsealed| (integer(entry.row), entry.entry.digest) == there;
        if !entries.next().is_some_and(is_next) {
            return Ok(false);
        }
    }
    Ok(is_behind && entries.next().is_none())
}

/// Rows of entries were taken away: the next one may get a number of before.
pub(crate) fn rows_dropped(connection: &Connection) -> Result<(), StoreError> {
    let sql =
        "UPDATE sealed_to SET entry = min(entry, coalesce((SELECT max(rowid) FROM entries), 0))";
    execute(connection, sql, []).map(drop)
}
