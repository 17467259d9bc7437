//! The places of the ledger's entries in the center's one sequence (DLC-3).

use std::collections::BTreeMap;

use frontdesk::{
    store::{EntryMark, Seal, SealWrite, SealedEntry, StoreError, Unsealed},
    tendlc::{Digest, LedgerKey, Programme},
};
use rusqlite::{Connection, Row, params};

use crate::{
    claims::limit_of,
    codec::{consumer, integer, unreadable},
    database::{execute, failed},
};

/// Entries without a place, in the order of their commits.
pub(crate) const UNSEALED: &str = "SELECT rowid, consumer, programme, number, digest FROM entries
     WHERE rowid > coalesce((SELECT entry FROM sealed_to WHERE center = ?1), 0)
       AND center = ?1 AND sequence IS NULL
     ORDER BY rowid LIMIT ?2";
/// Places in order, with what the ledger has in their stead.
pub(crate) const SEALS: &str =
    "SELECT seals.sequence, seals.consumer, seals.programme, seals.number, seals.digest,
            entries.digest, entries.sequence
     FROM seals LEFT JOIN entries INDEXED BY entry_keys
       ON entries.center = seals.center AND entries.consumer = seals.consumer
      AND entries.programme = seals.programme AND entries.number = seals.number
     WHERE seals.center = ?1 AND seals.sequence >= ?2 ORDER BY seals.sequence LIMIT ?3";
/// The places of a history's entries.
pub(crate) const SEQUENCES: &str = "SELECT number, sequence FROM entries INDEXED BY entry_keys
     WHERE center = ?1 AND consumer = ?2 AND programme = ?3 AND sequence IS NOT NULL";

fn digest(row: &Row<'_>, at: usize) -> Result<Digest, StoreError> {
    let digest: [u8; 32] = row.get(at).map_err(|error| unreadable("digest", error))?;
    Ok(Digest::from(digest))
}

/// Reads consumer, programme, number and digest.
fn entry(row: &Row<'_>, at: usize) -> Result<EntryMark, StoreError> {
    let programme: String = row.get(at + 1).map_err(failed)?;
    let key = LedgerKey {
        consumer: consumer(row.get(at).map_err(failed)?)?,
        programme: Programme::from(programme.as_str()),
    };
    let number: i64 = row.get(at + 2).map_err(failed)?;
    Ok(EntryMark { key, number: number.cast_unsigned(), digest: digest(row, at + 3)? })
}

pub(crate) fn count(connection: &Connection, center: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM entries INDEXED BY entry_keys WHERE center = ?1";
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
    Ok(list)
}

pub(crate) fn list(
    connection: &Connection,
    center: i64,
    from: u64,
    limit: usize,
) -> Result<Vec<Seal>, StoreError> {
    let mut statement = connection.prepare_cached(SEALS).map_err(failed)?;
    let mut rows =
        statement.query(params![center, integer(from), limit_of(limit)]).map_err(failed)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let place = |column: Option<i64>| column.map(i64::cast_unsigned);
        let stored = match row.get_ref(5).map_err(failed)? {
            rusqlite::types::ValueRef::Null => SealedEntry::Missing,
            _ => SealedEntry::There {
                digest: digest(row, 5)?,
                sequence: place(row.get(6).map_err(failed)?),
            },
        };
        let sequence: i64 = row.get(0).map_err(failed)?;
        list.push(Seal { sequence: sequence.cast_unsigned(), entry: entry(row, 1)?, stored });
    }
    Ok(list)
}

pub(crate) fn sequences(
    connection: &Connection,
    center: i64,
    key: &LedgerKey,
) -> Result<BTreeMap<u64, u64>, StoreError> {
    let mut statement = connection.prepare_cached(SEQUENCES).map_err(failed)?;
    let of = params![center, integer(key.consumer.digits()), key.programme.as_str()];
    let mut rows = statement.query(of).map_err(failed)?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let (number, sequence): (i64, i64) =
            (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
        all.insert(number.cast_unsigned(), sequence.cast_unsigned());
    }
    Ok(all)
}

/// Gives entries their places, if the sequence ends where the write begins.
pub(crate) fn write(
    connection: &Connection,
    center: i64,
    write: &SealWrite,
) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(max(sequence) + 1, 0) FROM seals WHERE center = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let end: i64 = statement.query_row([center], |row| row.get(0)).map_err(failed)?;
    if integer(write.first) != end {
        return Err(StoreError::Conflict);
    }
    for (sequence, Unsealed { row, entry }) in (write.first..).zip(&write.entries) {
        let EntryMark { key, number, digest } = entry;
        let (of, programme) = (integer(key.consumer.digits()), key.programme.as_str());
        let (sequence, digest) = (integer(sequence), digest.as_bytes());
        let sql = "UPDATE entries SET sequence = ?2 WHERE rowid = ?1 AND sequence IS NULL
                   AND center = ?3 AND consumer = ?4 AND programme = ?5 AND number = ?6 AND digest = ?7";
        let place =
            params![integer(*row), sequence, center, of, programme, integer(*number), digest];
        if execute(connection, sql, place)? != 1 {
            return Err(StoreError::Conflict);
        }
        let sql = "INSERT INTO seals (center, sequence, consumer, programme, number, digest)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        execute(
            connection,
            sql,
            params![center, sequence, of, programme, integer(*number), digest],
        )?;
    }
    let Some(last) = write.entries.iter().map(|entry| entry.row).max() else { return Ok(()) };
    let sql = "INSERT INTO sealed_to (center, entry) VALUES (?1, ?2)
               ON CONFLICT DO UPDATE SET entry = max(entry, excluded.entry)";
    execute(connection, sql, params![center, integer(last)]).map(drop)
}

/// Rows of entries were taken away: the next one may get a number of before.
pub(crate) fn rows_dropped(connection: &Connection) -> Result<(), StoreError> {
    let sql =
        "UPDATE sealed_to SET entry = min(entry, coalesce((SELECT max(rowid) FROM entries), 0))";
    execute(connection, sql, []).map(drop)
}
