//! A file as version 6 of the schema left it, with sessions that are over: what a center of some size has after some weeks.

use std::path::Path;

use rusqlite::{Connection, Transaction, params};

/// What the file is marked with: "fdsk", version 6.
const MARKS: [(&str, i32); 2] = [("application_id", 0x6664_736b), ("user_version", 6)];
const SCHEMAS: [&str; 6] = [
    include_str!("../../src/schema.sql"),
    include_str!("../../src/schema_2.sql"),
    include_str!("../../src/schema_3.sql"),
    include_str!("../../src/schema_4.sql"),
    include_str!("../../src/schema_5.sql"),
    include_str!("../../src/schema_6.sql"),
];
/// So many sessions are written in a transaction.
const TOGETHER: u64 = 20_000;
/// One in so many sessions has a text that waits in the outbox.
const WAITING: u64 = 100;
/// How many agents have had the sessions.
const AGENTS: u64 = 50;
/// Instants of the file: the evening of November 20, 2026.
const THEN: i64 = 1_795_200_000_000;
const NUMBER: i64 = 12_025_550_100;

/// The consumer of a session.
pub(crate) fn consumer(session: u64) -> i64 {
    12_022_000_000 + session.cast_signed()
}

/// Writes a file of so many sessions, each of a consumer of its own, with four texts each.
pub(crate) fn version_6(path: &Path, sessions: u64) -> rusqlite::Result<()> {
    let mut file = Connection::open(path)?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "OFF")?;
    file.set_prepared_statement_cache_capacity(32);
    SCHEMAS.iter().try_for_each(|schema| file.execute_batch(schema))?;
    // Version 6 has moved what was in it.
    file.execute_batch("DROP TABLE ledger")?;
    file.execute(
        "INSERT INTO centers (key, id, last_session, last_lease) VALUES (1, 'bench', ?1, 7)",
        [sessions.cast_signed() + 1],
    )?;
    let mut next = 1;
    while next <= sessions {
        let rows = file.transaction()?;
        let end = (next + TOGETHER - 1).min(sessions);
        (next..=end).try_for_each(|session| write(&rows, session))?;
        rows.commit()?;
        next = end + 1;
    }
    MARKS.iter().try_for_each(|(name, value)| file.pragma_update(None, name, value))?;
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

fn write(rows: &Transaction<'_>, session: u64) -> rusqlite::Result<()> {
    let run =
        |sql: &str, params: &[&dyn rusqlite::ToSql]| rows.prepare_cached(sql)?.execute(params);
    let (id, consumer) = (session.cast_signed(), consumer(session));
    let (began, ended) = (THEN + id * 40, THEN + id * 40 + 900_000);
    let agent = format!("agent-{}", session % AGENTS);
    run(
        "INSERT INTO sessions (center, id, version, consumer, number, status, queue, agent, language, started, ended, end_reason, state)
         VALUES (1, ?1, 9, ?2, ?3, 'ended', 'support', ?4, 'en', ?5, ?6, 'finished_by_agent', ?7)",
        params![id, consumer, NUMBER, agent, began, ended, [7_u8; 79]],
    )?;
    run(
        "INSERT INTO memories (center, consumer, number, version, memory) VALUES (1, ?1, ?2, 3, '{}')",
        params![consumer, NUMBER],
    )?;
    let known = r#"{"ledger":{"+12025550100":{"consent":{"standing":"conversational","since":"2026-11-20T15:00:00Z","opt_in_text_shown":true},"head":{"entries":2,"digest":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}}}"#;
    run(
        "INSERT INTO consumers (center, consumer, version, known) VALUES (1, ?1, 2, ?2)",
        params![consumer, known],
    )?;
    for number in 1..=2 {
        let entry = format!(
            r#"{{"at":"2026-11-20T15:04:05Z","act":"wrote_first","wording":"I was charged twice for my order last week, can somebody look into it?","evidence":"SM{session:031x}{number}"}}"#
        );
        run(
            "INSERT INTO entries (center, consumer, programme, number, entry, digest) VALUES (1, ?1, '+12025550100', ?2, ?3, ?4)",
            params![consumer, number, entry, [7_u8; 32]],
        )?;
    }
    for text in 0..4 {
        let (provider, mark) = ("twilio", format!("SM{session:031x}{text}"));
        run(
            "INSERT INTO inbox (center, provider, id, at) VALUES (1, ?1, ?2, ?3)",
            params![provider, mark, began],
        )?;
        let report = format!("{session}-{text} delivered");
        run(
            "INSERT INTO inbox (center, provider, id, at) VALUES (1, 'delivery', ?1, ?2)",
            params![report, began],
        )?;
        let events = format!(
            r#"[{{"at":"2026-11-20T15:04:05Z","type":"inbound_message","provider_id":"{mark}","body":"I was charged twice for my order last week, can somebody look into it?"}},{{"at":"2026-11-20T15:04:05Z","type":"outbound_message","id":"{session}-{text}","purpose":"agent","author":{{"agent":"{agent}"}},"body":"Let me look at that. May I have the number of your order?"}}]"#
        );
        run(
            "INSERT INTO log (center, session, consumer, number, version, events) VALUES (1, ?1, ?2, ?3, 2, ?4)",
            params![id, consumer, NUMBER, events],
        )?;
    }
    if session.is_multiple_of(WAITING) {
        let task = format!(
            r#"{{"task":"send_text","id":"{session}-9","line":{{"consumer":"+{consumer}","number":"+12025550100"}},"purpose":"notification","body":"Acme: your order has left."}}"#
        );
        let (key, lane) = (format!("{session}-9"), format!("notice {consumer} {NUMBER}"));
        let waits = (session / WAITING % 4).cast_signed() * 16;
        run(
            "INSERT INTO work (center, key, lane, task, not_before, urgency) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![key, lane, task, began, 1 + waits],
        )?;
    }
    Ok(())
}
