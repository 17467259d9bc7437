//! Consumers and the consent ledger (DLC-3).

use std::collections::BTreeMap;

use frontdesk::{
    store::{Consumer, ConsumerWrite, Solicitation, StoreError, Version},
    tendlc::{Appended, Entry, Personal, Programme, Salt},
    types::{Instant, PhoneNumber, SupportNumber},
};
use rusqlite::{Connection, Row, params};

use crate::{
    claims::limit_of,
    codec::{consumer, from_json, integer, json, unreadable},
    database::{execute, failed},
    seals,
};

/// A write, with what it stores as text spelled out already.
pub(crate) struct Prepared {
    write: ConsumerWrite,
    known: String,
    /// Each entry, and its salted digests.
    entries: Vec<(String, Option<String>)>,
}

impl Prepared {
    pub(crate) fn new(write: ConsumerWrite) -> Result<Self, StoreError> {
        let known = json("known", &write.value)?;
        let texts = |entry: &Appended| {
            let digests = entry.link.personal.digests();
            let digests = digests.map(|digests| json("digests", digests)).transpose()?;
            Ok((json("entry", &entry.link.entry)?, digests))
        };
        let entries = write.entries.iter().map(texts).collect::<Result<_, StoreError>>()?;
        Ok(Self { write, known, entries })
    }
}

pub(crate) fn write(
    connection: &Connection,
    center: i64,
    prepared: &Prepared,
) -> Result<(), StoreError> {
    let ConsumerWrite { consumer, expected, entries, dropped, erased, .. } = &prepared.write;
    let consumer = integer(consumer.digits());
    let written = if *expected == 0 {
        let sql = "INSERT INTO consumers (center, consumer, version, known) VALUES (?1, ?2, 1, ?3)
                   ON CONFLICT DO NOTHING";
        execute(connection, sql, params![center, consumer, prepared.known])?
    } else {
        let sql = "UPDATE consumers SET version = version + 1, known = ?4
                   WHERE center = ?1 AND consumer = ?2 AND version = ?3";
        execute(connection, sql, params![center, consumer, integer(*expected), prepared.known])?
    };
    if written != 1 {
        return Err(StoreError::Conflict);
    }
    for (entry, (text, digests)) in entries.iter().zip(&prepared.entries) {
        let (programme, digest) = (entry.programme.as_str(), entry.link.digest.as_bytes());
        let number = integer(entry.number);
        let written = if let Some(salt) = entry.link.personal.salt().map(Salt::as_bytes) {
            let sql = "INSERT INTO entries (center, consumer, programme, number, entry, digest, salt, digests)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
            let row = params![center, consumer, programme, number, text, digest, salt, digests];
            execute(connection, sql, row)?
        } else {
            // An upgrade from a version that had no salts.
            let sql = "INSERT INTO entries (center, consumer, programme, number, entry, digest)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
            execute(connection, sql, params![center, consumer, programme, number, text, digest])?
        };
        if written != 1 {
            return Err(StoreError::Conflict);
        }
    }
    for entry in erased {
        let sql = "UPDATE entries SET entry = ?5, salt = ?6
                   WHERE center = ?1 AND consumer = ?2 AND programme = ?3 AND number = ?4";
        let (programme, text) = (entry.programme.as_str(), json("entry", &entry.link.entry)?);
        let salt = entry.link.personal.salt().map(Salt::as_bytes);
        let number = integer(entry.number);
        execute(connection, sql, params![center, consumer, programme, number, text, salt])?;
    }
    for (programme, last) in dropped {
        let sql = "DELETE FROM entries
                   WHERE center = ?1 AND consumer = ?2 AND programme = ?3 AND number <= ?4";
        execute(connection, sql, params![center, consumer, programme.as_str(), integer(*last)])?;
    }
    if dropped.is_empty() { Ok(()) } else { seals::rows_dropped(connection) }
}

/// Version and value, where the columns hold a consumer.
pub(crate) fn known(row: &Row<'_>, at: usize) -> Result<(Version, Consumer), StoreError> {
    let Some(version) = row.get::<_, Option<i64>>(at).map_err(failed)? else {
        return Ok((0, Consumer::default()));
    };
    let text = row.get_ref(at + 1).map_err(failed)?;
    let text = text.as_str().map_err(|error| unreadable("known", error))?;
    Ok((version.cast_unsigned(), from_json("known", text)?))
}

pub(crate) fn read(
    connection: &Connection,
    center: i64,
    consumer: PhoneNumber,
) -> Result<(Version, Consumer), StoreError> {
    let sql = "SELECT version, known FROM consumers WHERE center = ?1 AND consumer = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params![center, integer(consumer.digits())]).map_err(failed)?;
    match rows.next().map_err(failed)? {
        Some(row) => known(row, 0),
        None => Ok((0, Consumer::default())),
    }
}

/// Consumers in the order of their numbers.
pub(crate) const CONSUMERS: &str =
    "SELECT consumer, version, known FROM consumers INDEXED BY consumer_keys
     WHERE center = ?1 AND consumer > ?2 ORDER BY consumer LIMIT ?3";

pub(crate) fn list(
    connection: &Connection,
    center: i64,
    after: Option<PhoneNumber>,
    limit: usize,
) -> Result<Vec<(PhoneNumber, Consumer)>, StoreError> {
    let mut statement = connection.prepare_cached(CONSUMERS).map_err(failed)?;
    let after = after.map_or(0, |after| integer(after.digits()));
    let mut rows = statement.query(params![center, after, limit_of(limit)]).map_err(failed)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        list.push((consumer(row.get(0).map_err(failed)?)?, known(row, 1)?.1));
    }
    Ok(list)
}

/// The numbers of consumers alone.
pub(crate) fn numbers(
    connection: &Connection,
    center: i64,
    after: Option<PhoneNumber>,
    limit: usize,
) -> Result<Vec<PhoneNumber>, StoreError> {
    let mut statement = connection.prepare_cached(CONSUMERS).map_err(failed)?;
    let after = after.map_or(0, |after| integer(after.digits()));
    let all = limit_of(usize::MAX);
    let mut rows = statement.query(params![center, after, all]).map_err(failed)?;
    let mut list = Vec::new();
    while list.len() < limit
        && let Some(row) = rows.next().map_err(failed)?
    {
        list.extend(consumer(row.get(0).map_err(failed)?).ok());
    }
    Ok(list)
}

/// Before version 6 entries had no digest, and belonged to a consumer and a number: each number is a programme by itself. What
/// held for a line stood in its memory, with the solicitations; that keeps the rest.
pub(crate) fn bring_up_to_date(connection: &Connection) -> Result<(), StoreError> {
    let sql =
        "SELECT center, consumer, number, entry FROM ledger ORDER BY center, consumer, position";
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut solicited = solicited(connection)?;
    let mut current: Option<(i64, ConsumerWrite)> = None;
    while let Some(row) = rows.next().map_err(failed)? {
        let center: i64 = row.get(0).map_err(failed)?;
        let consumer = consumer(row.get(1).map_err(failed)?)?;
        let number = SupportNumber::from_integer(row.get(2).map_err(failed)?)
            .map_err(|error| unreadable("number", error))?;
        let text: String = row.get(3).map_err(failed)?;
        let entry: Entry = from_json("entry", &text)?;
        let same = |(of, write): &(i64, ConsumerWrite)| (*of, write.consumer) == (center, consumer);
        if !current.as_ref().is_some_and(same)
            && let Some((center, done)) = current.take()
        {
            write(connection, center, &Prepared::new(done)?)?;
        }
        let (_, write) = current.get_or_insert_with(|| {
            let solicited = solicited.remove(&(center, consumer)).unwrap_or_default();
            (center, new(consumer, solicited))
        });
        let programme = Programme::from(number);
        write.entries.push(write.value.ledger.enter_as(
            consumer,
            &programme,
            entry,
            Personal::Plain,
        ));
    }
    if let Some((center, done)) = current {
        write(connection, center, &Prepared::new(done)?)?;
    }
    connection.execute_batch("DROP TABLE ledger").map_err(failed)
}

fn new(consumer: PhoneNumber, solicited: Vec<Instant>) -> ConsumerWrite {
    let solicited = solicited.into_iter().map(|at| Solicitation { at, text: None }).collect();
    let value = Consumer { solicited, ..Consumer::default() };
    ConsumerWrite::new(consumer, 0, value)
}

/// When consumers got solicitations, by what memories of lines have of it.
fn solicited(
    connection: &Connection,
) -> Result<BTreeMap<(i64, PhoneNumber), Vec<Instant>>, StoreError> {
    let sql = "SELECT center, consumer, memory ->> '$.solicited' FROM memories
               WHERE memory ->> '$.solicited' IS NOT NULL";
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut all: BTreeMap<_, Vec<Instant>> = BTreeMap::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let consumer = consumer(row.get(1).map_err(failed)?)?;
        let text: String = row.get(2).map_err(failed)?;
        let at: Vec<Instant> = from_json("memory", &text)?;
        let known = all.entry((row.get(0).map_err(failed)?, consumer)).or_default();
        known.extend(at);
        known.sort_unstable();
    }
    Ok(all)
}
