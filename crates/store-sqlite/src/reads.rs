//! What is only read.

use std::collections::BTreeMap;

use frontdesk::{
    store::{
        AgentState, EventQuery, Found, Item, Known, Line, Record, SessionQuery, SessionRow,
        StoreError, StoredSession, Subject,
    },
    types::{AgentId, EVENT_VERSION, Instant, SessionId, from_millis},
};
use rusqlite::{Connection, OptionalExtension, params, types::Value};

use crate::{
    claims::limit_of,
    codec::{
        SESSION_COLUMNS, from_json, integer, line, line_columns, millis, session_id, session_row,
        unreadable,
    },
    database::failed,
    ledger,
};

/// What a text on a line needs.
pub(crate) const FOUND: &str = "SELECT m.version, m.memory, s.version, s.state, c.version, c.known
     FROM (SELECT ?1 AS center, ?2 AS consumer, ?3 AS number) AS line
     LEFT JOIN memories AS m USING (center, consumer, number)
     LEFT JOIN consumers AS c INDEXED BY consumer_keys
            ON c.center = line.center AND c.consumer = line.consumer
     LEFT JOIN sessions AS s INDEXED BY open_sessions
            ON s.center = line.center AND s.consumer = line.consumer AND s.number = line.number AND s.ended IS NULL";

/// Consumer, memory and open session in one statement, and so as of one moment.
pub(crate) fn find(connection: &Connection, center: i64, of: Line) -> Result<Found, StoreError> {
    let mut statement = connection.prepare_cached(FOUND).map_err(failed)?;
    let (consumer, number) = line_columns(of);
    let params = params![center, consumer, number];
    let mut rows = statement.query(params).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(Found::default()) };
    let memory = match row.get::<_, Option<i64>>(0).map_err(failed)? {
        None => (0, frontdesk::store::Memory::default()),
        Some(version) => {
            let text = row.get_ref(1).map_err(failed)?;
            let text = text.as_str().map_err(|error| unreadable("memory", error))?;
            (version.cast_unsigned(), from_json("memory", text)?)
        }
    };
    let session = match row.get::<_, Option<i64>>(2).map_err(failed)? {
        None => None,
        Some(version) => Some(StoredSession {
            version: version.cast_unsigned(),
            state: row.get(3).map_err(failed)?,
        }),
    };
    Ok(Found { known: Known { consumer: ledger::known(row, 4)?, memory }, session })
}

pub(crate) fn load(
    connection: &Connection,
    center: i64,
    session: SessionId,
) -> Result<Option<(Line, Found, StoredSession)>, StoreError> {
    // A read transaction, so that both statements see the same moment.
    let transaction = connection.unchecked_transaction().map_err(failed)?;
    let sql = "SELECT consumer, number, version, state FROM sessions WHERE center = ?1 AND id = ?2";
    let found = transaction
        .prepare_cached(sql)
        .and_then(|mut statement| {
            statement
                .query_row(params![center, integer(session.0)], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?, row.get(3)?))
                })
                .optional()
        })
        .map_err(failed)?;
    let Some((consumer, number, version, state)) = found else { return Ok(None) };
    let line = line(consumer, number)?;
    let stored = StoredSession { version: version.cast_unsigned(), state };
    Ok(Some((line, find(&transaction, center, line)?, stored)))
}

/// A list of sessions, and what its places hold after the center. Each has an index that holds nothing else: without one named,
/// the planner walks over the center's history, in the order that it is asked for.
pub(crate) fn list_of_sessions(query: &SessionQuery) -> (String, Vec<Value>) {
    let index = match (query.line.is_some(), query.agent.is_some(), query.open) {
        (true, _, Some(true)) => "INDEXED BY open_sessions",
        (true, _, _) => "INDEXED BY line_sessions",
        (false, true, Some(true)) => "INDEXED BY open_of_agent",
        (false, true, _) => "INDEXED BY agent_sessions",
        (false, false, Some(true)) => "INDEXED BY open_by_id",
        // The newest of all: the table is in that order.
        (false, false, _) => "",
    };
    let mut sql = format!("SELECT {SESSION_COLUMNS} FROM sessions {index} WHERE center = ?");
    let mut params: Vec<Value> = Vec::new();
    match query.open {
        Some(true) => sql.push_str(" AND ended IS NULL"),
        Some(false) => sql.push_str(" AND ended IS NOT NULL"),
        None => {}
    }
    if let Some(agent) = &query.agent {
        sql.push_str(" AND agent = ?");
        params.push(agent.to_string().into());
    }
    if let Some(line) = query.line {
        sql.push_str(" AND consumer = ? AND number = ?");
        let (consumer, number) = line_columns(line);
        params.extend([consumer.into(), number.into()]);
    }
    if let Some(before) = query.before {
        sql.push_str(" AND id < ?");
        params.push(integer(before.0).into());
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?");
    params.push(if query.limit == 0 { -1 } else { limit_of(query.limit) }.into());
    (sql, params)
}

pub(crate) fn sessions(
    connection: &Connection,
    center: i64,
    query: &SessionQuery,
) -> Result<Vec<SessionRow>, StoreError> {
    let (sql, mut params) = list_of_sessions(query);
    params.insert(0, center.into());
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(failed)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        list.push(session_row(row)?);
    }
    Ok(list)
}

/// A part of the log, and what its places hold after the center.
pub(crate) fn list_of_events(query: EventQuery) -> (String, [i64; 3]) {
    let (index, condition, params) = match query {
        EventQuery::After { position, limit } => (
            "NOT INDEXED",
            "position > ?2 AND ?3 = 0 ORDER BY position LIMIT ?4",
            [integer(position), 0, limit_of(limit)],
        ),
        EventQuery::OfLine(line) => {
            let (consumer, number) = line_columns(line);
            let condition =
                "session IS NULL AND consumer = ?2 AND number = ?3 ORDER BY position LIMIT ?4";
            ("INDEXED BY line_log", condition, [consumer, number, -1])
        }
        EventQuery::OfSession(session) => (
            "INDEXED BY session_log",
            "session = ?2 AND ?3 = 0 ORDER BY position LIMIT ?4",
            [integer(session.0), 0, -1],
        ),
    };
    let sql = format!(
        "SELECT position, session, consumer, number, version, events FROM log {index}
         WHERE center = ?1 AND {condition}"
    );
    (sql, params)
}

pub(crate) fn events(
    connection: &Connection,
    center: i64,
    query: EventQuery,
) -> Result<Vec<Record>, StoreError> {
    let (sql, [second, third, fourth]) = list_of_events(query);
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows = statement.query(params![center, second, third, fourth]).map_err(failed)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let integer = |i| row.get::<_, Option<i64>>(i).map_err(failed);
        let version: u16 = row.get(4).map_err(failed)?;
        if version > EVENT_VERSION {
            return Err(unreadable("version", format!("events of version {version}")));
        }
        let text = row.get_ref(5).map_err(failed)?;
        let text = text.as_str().map_err(|error| unreadable("events", error))?;
        let line = match (integer(2)?, integer(3)?) {
            (Some(consumer), Some(number)) => Some(line(consumer, number)?),
            _ => None,
        };
        records.push(Record {
            position: integer(0)?.unwrap_or(0).cast_unsigned(),
            subject: Subject { session: integer(1)?.map(session_id), line },
            events: from_json("events", text)?,
        });
    }
    Ok(records)
}

pub(crate) fn statuses(
    connection: &Connection,
    center: i64,
) -> Result<Vec<(AgentId, AgentState)>, StoreError> {
    let sql = "SELECT agent, status, wrap_up FROM statuses WHERE center = ?1 ORDER BY agent";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let rows = statement
        .query_map([center], |row| {
            let (agent, status): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((agent, status, row.get::<_, Option<i64>>(2)?))
        })
        .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
        .map_err(failed)?;
    rows.into_iter()
        .map(|(agent, status, wrap_up)| {
            let status = status.parse().map_err(|error| unreadable("status", error))?;
            let state = AgentState { status, wrap_up: wrap_up.map(from_millis) };
            Ok((agent.parse().map_err(|error| unreadable("agent", error))?, state))
        })
        .collect()
}

fn item_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        key: row.get(0)?,
        version: row.get::<_, i64>(1)?.cast_unsigned(),
        value: row.get(2)?,
    })
}

pub(crate) fn item(
    connection: &Connection,
    center: i64,
    kind: &'static str,
    key: String,
) -> Result<Option<Item>, StoreError> {
    let sql = "SELECT key, version, value FROM items WHERE center = ?1 AND kind = ?2 AND key = ?3";
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.query_row(params![center, kind, key], item_of).optional().map_err(failed)
}

/// The items of a kind, from the first on.
pub(crate) const EVERY_ITEM: &str = "SELECT key, version, value FROM items
     WHERE center = ?1 AND kind = ?2 AND key >= ?3 ORDER BY key LIMIT ?4";
/// The items of a kind after one.
pub(crate) const ITEMS_AFTER: &str = "SELECT key, version, value FROM items
     WHERE center = ?1 AND kind = ?2 AND key > ?3 ORDER BY key LIMIT ?4";

pub(crate) fn items(
    connection: &Connection,
    center: i64,
    kind: &'static str,
    after: Option<String>,
    limit: usize,
) -> Result<Vec<Item>, StoreError> {
    let (from, after) = after.map_or((EVERY_ITEM, String::new()), |after| (ITEMS_AFTER, after));
    let mut statement = connection.prepare_cached(from).map_err(failed)?;
    statement
        .query_map(params![center, kind, after, limit_of(limit)], item_of)
        .and_then(Iterator::collect)
        .map_err(failed)
}

/// How many places of slots are taken.
pub(crate) const TAKEN: &str = "SELECT at, count(*) FROM slots
     WHERE center = ?1 AND queue = ?2 AND at >= ?3 AND at < ?4 GROUP BY at";

pub(crate) fn slots_taken(
    connection: &Connection,
    center: i64,
    queue: &str,
    from: Instant,
    to: Instant,
) -> Result<BTreeMap<Instant, u32>, StoreError> {
    let mut statement = connection.prepare_cached(TAKEN).map_err(failed)?;
    statement
        .query_map(params![center, queue, millis(from), millis(to)], |row| {
            Ok((from_millis(row.get(0)?), row.get(1)?))
        })
        .and_then(Iterator::collect)
        .map_err(failed)
}
