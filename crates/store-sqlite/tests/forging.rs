//! D11: the file is in the hands of somebody who changes it. Whatever they change of the consent ledger before an anchored head is
//! detected, with what they changed (DLC-3).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::TimeDelta;
use frontdesk::{
    Center, Engine, Heads, Inbound, LedgerProblem, LedgerReport, ManualClock, MemoryAnchor, Parts,
    WitnessProblem,
    store::{Consumer, Store},
    tendlc::{Digest, HeadKey, LedgerKey, Personal, Salt},
    types::Instant,
    verify_ledger,
};
use frontdesk_store_sqlite::SqliteStore;
use futures::executor::block_on;
use proptest::prelude::*;
use rusqlite::{Connection, params, types::Value};

use common::CENTER;

const CONSUMERS: u32 = 6;

fn start() -> Instant {
    "2026-11-27T15:00:00Z".parse().unwrap()
}

fn consumer(n: u32) -> String {
    format!("+1202555{:04}", 123 + n)
}

struct Ledger {
    _folder: tempfile::TempDir,
    path: PathBuf,
    heads: Heads,
}

impl Ledger {
    /// Conversations of some consumers, every other of whom revokes; two heads, of which an anchor has both.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let heads = Heads {
            key: Some(Arc::new(HeadKey::new("acme", &[7; 32]).unwrap())),
            anchors: vec![Arc::new(MemoryAnchor::new("vault"))],
            ..Heads::default()
        };
        let ledger = Self { _folder: folder, path, heads };
        ledger.run(start(), |engine, clock| {
            for n in 0..CONSUMERS {
                say(engine, n, "Hello?");
                say(engine, n, "START");
            }
            let first = block_on(engine.ledger_head()).unwrap();
            assert!(first.is_some());
            clock.advance(TimeDelta::hours(2));
            for n in (0..CONSUMERS).filter(|n| n % 2 == 0) {
                say(engine, n, "STOP");
            }
        });
        ledger
    }

    /// The host runs: it does what is told, seals it, makes a head and gives it to its anchors.
    fn run(&self, at: Instant, act: impl FnOnce(&Engine, &ManualClock)) {
        let center = Center::load(CENTER).unwrap();
        let store = SqliteStore::open(&self.path).unwrap();
        let clock = Arc::new(ManualClock::new(at));
        let parts = Parts {
            store: Arc::new(store),
            clock: Arc::<ManualClock>::clone(&clock),
            heads: self.heads.clone(),
            ..Parts::in_memory(&center)
        };
        let engine = block_on(Engine::open(center, parts)).unwrap();
        act(&engine, &clock);
        // Texts leave, and the ledger gets what they showed; then the head, then its anchors.
        while block_on(engine.dispatch()).unwrap() > 0 {}
        block_on(engine.ledger_head()).unwrap();
        while block_on(engine.dispatch()).unwrap() > 0 {}
    }

    fn verify(&self) -> LedgerReport {
        let store = SqliteStore::open(&self.path).unwrap();
        let center = "acme".parse().unwrap();
        let now = start() + TimeDelta::days(1);
        block_on(verify_ledger(&store as &dyn Store, &center, &self.heads, now)).unwrap()
    }

    fn change(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }
}

fn text(n: u32, id: &str, body: &str) -> Inbound {
    let (consumer, number) = (consumer(n).parse().unwrap(), "+12025550100".parse().unwrap());
    Inbound::new("test", format!("{n} {id}"), consumer, number, body)
}

fn say(engine: &Engine, n: u32, body: &str) {
    let _ = block_on(engine.receive(text(n, body, body))).unwrap();
}

#[test]
fn dlc_3_a_ledger_that_nobody_has_changed_is_whole() {
    let ledger = Ledger::new();
    let report = ledger.verify();
    assert!(report.is_whole(), "{report}");
    assert_eq!((report.consumers, report.unsealed), (u64::from(CONSUMERS), 0));
    assert_eq!(report.sealed, report.entries);
    assert_eq!(report.heads.len(), 2);
    assert!(report.heads.iter().all(|head| head.signed_by == ["acme"]), "{report:?}");
    let covered: Vec<_> = report.coverage.iter().map(|part| (part.from, part.to)).collect();
    let first = report.heads[0].size;
    assert_eq!(covered, [(1, first), (first + 1, report.sealed)]);
    assert!(report.coverage.iter().all(|part| part.anchors == ["vault"]));
}

/// The 25 lines of D11, in Rust: the attacker knows how digests are made, and makes every chain good again.
fn forge(ledger: &Ledger, of: u32, change: impl Fn(&mut Vec<(String, Personal)>)) {
    let connection = ledger.change();
    let number: i64 = consumer(of)[1..].parse().unwrap();
    let key =
        LedgerKey { consumer: consumer(of).parse().unwrap(), programme: "+12025550100".into() };
    let center: i64 = connection
        .query_row("SELECT center FROM entries WHERE consumer = ?1", [number], |row| row.get(0))
        .unwrap();
    let places: Vec<i64> = connection
        .prepare("SELECT rowid FROM entries WHERE consumer = ?1 ORDER BY number")
        .unwrap()
        .query_map([number], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let rows: Vec<(String, Vec<u8>, String)> = connection
        .prepare("SELECT entry, salt, digests FROM entries WHERE consumer = ?1 ORDER BY number")
        .unwrap()
        .query_map([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut entries: Vec<(String, Personal)> = rows
        .into_iter()
        .map(|(entry, salt, digests)| {
            let salt = Salt::from(<[u8; 16]>::try_from(salt).unwrap());
            let digests = serde_json::from_str(&digests).unwrap();
            (entry, Personal::Salted { salt, digests })
        })
        .collect();
    change(&mut entries);
    connection.execute("DELETE FROM entries WHERE consumer = ?1", [number]).unwrap();
    let mut history = frontdesk::tendlc::ConsumerLedger::default();
    for (entry, personal) in entries {
        let entry: frontdesk::tendlc::Entry = serde_json::from_str(&entry).unwrap();
        let personal = match personal {
            Personal::Salted { salt, .. } => Personal::salted(&entry, salt),
            other => other,
        };
        let appended = history.enter_as(key.consumer, &key.programme, entry, personal);
        let link = &appended.link;
        let sql = "INSERT INTO entries (rowid, center, consumer, programme, number, entry, digest, salt, digests)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let text = serde_json::to_string(&link.entry).unwrap();
        let digests = serde_json::to_string(&link.personal.digests()).unwrap();
        let (salt, digest) = (link.personal.salt().map(Salt::as_bytes), link.digest.as_bytes());
        let number_of = i64::try_from(appended.number).unwrap();
        // Each stands where one stood, so that the sealer does not see it as new.
        let row = places[usize::try_from(appended.number).unwrap() - 1];
        let programme = key.programme.as_str();
        let row = params![row, center, number, programme, number_of, text, digest, salt, digests];
        connection.execute(sql, row).unwrap();
    }
    let ledger_text = serde_json::to_string(&history).unwrap();
    let sql =
        "UPDATE consumers SET known = json_set(known, '$.ledger', json(?2)) WHERE consumer = ?1";
    connection.execute(sql, params![number, ledger_text]).unwrap();
}

#[test]
fn dlc_3_d11_a_stop_that_is_taken_away_is_missing() {
    let ledger = Ledger::new();
    forge(&ledger, 0, |entries| drop(entries.pop()));
    let report = ledger.verify();
    let missing = report.problems.iter().any(|problem| {
        matches!(problem, LedgerProblem::Missing { key, .. } if key.consumer.to_string() == consumer(0))
    });
    assert!(missing, "{report}");
    assert!(
        report.problems.iter().any(|problem| matches!(problem, LedgerProblem::Log { .. })),
        "{report}"
    );
}

#[test]
fn dlc_3_d11_a_forged_form_is_changed() {
    let ledger = Ledger::new();
    forge(&ledger, 1, |entries| {
        let agreed = r#"{"at":"2026-11-27T15:00:00Z","act":"agreed","method":"web_form","level":"written","given":"2025-01-01T00:00:00Z","wording":"I agree to offers","evidence":"form 1"}"#;
        entries[0].0 = agreed.into();
    });
    let report = ledger.verify();
    let changed =
        report.problems.iter().filter(|problem| matches!(problem, LedgerProblem::Changed { .. }));
    assert!(changed.count() >= 1, "{report}");
}

#[test]
fn dlc_3_d11_a_consumer_who_is_dropped_is_missing() {
    let ledger = Ledger::new();
    let connection = ledger.change();
    for table in ["entries", "consumers"] {
        let sql = format!("DELETE FROM {table} WHERE consumer = ?1");
        connection.execute(&sql, [consumer(2)[1..].parse::<i64>().unwrap()]).unwrap();
    }
    drop(connection);
    let report = ledger.verify();
    let missing =
        report.problems.iter().filter(|problem| matches!(problem, LedgerProblem::Missing { .. }));
    assert!(missing.count() >= 3, "{report}");
}

/// Seals, nodes, tree and heads are made anew over what was forged: the file is consistent in itself, and the anchor is not fooled.
#[test]
fn dlc_3_d11_a_ledger_that_is_made_anew_is_not_the_one_that_the_anchor_has() {
    let ledger = Ledger::new();
    let connection = ledger.change();
    for (table, of) in [("entries", "consumer = ?1"), ("consumers", "consumer = ?1")] {
        let sql = format!("DELETE FROM {table} WHERE {of}");
        connection.execute(&sql, [consumer(2)[1..].parse::<i64>().unwrap()]).unwrap();
    }
    let anew = "DELETE FROM seals; DELETE FROM sealed_to;
                DELETE FROM items WHERE kind IN ('sealer', 'seal_node', 'ledger_head', 'ledger_anchor');
                DELETE FROM log WHERE consumer IS NULL OR consumer NOT IN (SELECT consumer FROM consumers);";
    connection.execute_batch(anew).unwrap();
    drop(connection);
    // The host goes on, and does not know.
    let blind = Ledger {
        heads: Heads::default(),
        path: ledger.path.clone(),
        _folder: tempfile::tempdir().unwrap(),
    };
    blind.run(start() + TimeDelta::hours(3), |engine, _| say(engine, 9, "Hello?"));
    let report = blind.verify();
    assert!(report.is_whole(), "without an anchor it is consistent in itself: {report}");
    assert!(report.coverage.iter().all(|part| part.head.is_none()));
    let report = ledger.verify();
    let told = |is_it: fn(&LedgerProblem) -> bool| {
        report.problems.iter().filter(|problem| is_it(problem)).count()
    };
    let elsewise = told(|problem| matches!(problem, LedgerProblem::AnchoredElsewise { .. }));
    let ahead =
        told(|problem| matches!(problem, LedgerProblem::Witness(WitnessProblem::Ahead { .. })));
    assert_eq!((elsewise, ahead), (1, 1), "{report}");
}

#[test]
fn dlc_3_an_entry_that_says_that_it_is_older_than_the_head_before_it_is_told() {
    let ledger = Ledger::new();
    // The attacker lets the host itself enter it, with a clock of before.
    ledger.run(start() - TimeDelta::days(300), |engine, _| say(engine, 8, "START"));
    let report = ledger.verify();
    let backdated =
        report.problems.iter().filter(|problem| matches!(problem, LedgerProblem::Backdated { .. }));
    assert!(backdated.count() >= 1, "{report}");
}

/// Entries are gone, and what is kept of the consumer says that retention has dropped them: the head that has them is of today.
#[test]
fn dlc_3_b1_an_entry_that_retention_cannot_have_dropped_is_missing() {
    // All of a consumer's; or the STOP, of somebody who started again.
    for (of, gone) in [(0, 3), (2, 2)] {
        let ledger = Ledger::new();
        ledger.run(start() + TimeDelta::hours(3), |engine, _| {
            let _ = block_on(engine.receive(text(2, "START again", "START"))).unwrap();
        });
        let connection = ledger.change();
        let number: i64 = consumer(of)[1..].parse().unwrap();
        let digest: [u8; 32] = connection
            .query_row(
                "SELECT digest FROM entries WHERE consumer = ?1 AND number = ?2",
                [number, gone],
                |row| row.get(0),
            )
            .unwrap();
        let digest = Digest::from(digest);
        let before = format!(r#"{{"entries":{gone},"digest":"{digest}"}}"#);
        let sql = "UPDATE consumers SET known = json_set(known, '$.ledger.\"+12025550100\".before', json(?2)) WHERE consumer = ?1";
        connection.execute(sql, params![number, before]).unwrap();
        let sql = "DELETE FROM entries WHERE consumer = ?1 AND number <= ?2";
        assert!(connection.execute(sql, [number, gone]).unwrap() > 0);
        connection.execute("DELETE FROM log WHERE consumer = ?1", [number]).unwrap();
        drop(connection);
        let report = ledger.verify();
        let missing = report.problems.iter().filter(|problem| {
            matches!(problem, LedgerProblem::Missing { key, .. } if key.consumer.to_string() == consumer(of))
        });
        assert_eq!(missing.count(), usize::try_from(gone).unwrap(), "{report}");
    }
}

/// Wording and evidence are blank as after an erasure, and none was entered.
#[test]
fn dlc_3_s2_evidence_that_was_blanked_by_hand_is_told() {
    let ledger = Ledger::new();
    let sql =
        "UPDATE entries SET salt = NULL, entry = json_set(entry, '$.wording', '', '$.evidence', '')
               WHERE consumer = ?1 AND number = 2";
    let number: i64 = consumer(0)[1..].parse().unwrap();
    assert_eq!(ledger.change().execute(sql, [number]).unwrap(), 1);
    let report = ledger.verify();
    let told = report
        .problems
        .iter()
        .any(|problem| problem.to_string().contains("no erasure was entered"));
    assert!(told, "{report}");
}

/// Two ways to make the sealer pass entries over, or seal them again.
#[test]
fn dlc_3_entries_that_the_sealer_passes_over_or_seals_again_are_told() {
    let ledger = Ledger::new();
    let behind = "UPDATE sealed_to SET entry = 2 + (SELECT max(rowid) FROM entries)";
    ledger.change().execute(behind, []).unwrap();
    ledger.run(start() + TimeDelta::hours(3), |engine, _| say(engine, 50, "START"));
    let report = ledger.verify();
    let told =
        |report: &LedgerReport| report.problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told(&report), ["2 entries have no place in the sequence, and wait for none"]);
    ledger.change().execute("DELETE FROM sealed_to", []).unwrap();
    ledger.run(start() + TimeDelta::hours(4), |_, _| {});
    let report = ledger.verify();
    let again = report.sealed - report.entries;
    let again = format!("{again} places are of entries that have a place already");
    assert_eq!(told(&report).last(), Some(&again));
}

/// N2 and N3 of a trial: one row that stops the sealer for good is no silence. The host fails at each try, and a look tells it.
#[test]
fn dlc_3_a_row_that_stops_the_sealer_is_told() {
    for (change, words) in [
        ("UPDATE sealed_to SET entry = 1000000", "it names a row behind the last entry"),
        ("INSERT INTO seals VALUES (1, 77, 78, 78, x'')", "no leaf at place 78"),
        ("INSERT INTO seals VALUES (1, 77, 78, 78, x'00')", "are no leaf"),
    ] {
        let ledger = Ledger::new();
        ledger.change().execute(change, []).unwrap();
        let report = ledger.verify();
        let told = report.problems.iter().any(|problem| problem.to_string().contains(words));
        assert!(told, "{change}: {report}");
        let center = Center::load(CENTER).unwrap();
        let store = Arc::new(SqliteStore::open(&ledger.path).unwrap());
        let parts = Parts { store, ..Parts::in_memory(&center) };
        let engine = block_on(Engine::open(center, parts)).unwrap();
        say(&engine, 50, "START");
        assert!(block_on(engine.ledger_head()).is_err(), "{change}");
    }
}

/// The tables of the ledger, and what tells its rows apart.
const TABLES: [(&str, &str); 4] = [
    ("entries", "1"),
    ("consumers", "1"),
    ("seals", "1"),
    ("items", "kind IN ('sealer', 'seal_node', 'ledger_head')"),
];

fn rows(connection: &Connection, table: &str, which: &str) -> Vec<Vec<Value>> {
    let mut statement =
        connection.prepare(&format!("SELECT * FROM {table} WHERE {which}")).unwrap();
    let width = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get::<_, Value>(at)).collect();
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// Another value of the same kind.
fn another(value: &Value, seed: u64) -> Value {
    let flip = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let at = usize::try_from(seed).unwrap_or(0) % bytes.len().max(1);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = if byte.is_ascii_digit() { b'0' + (*byte - b'0' + 1) % 10 } else { *byte ^ 1 };
        }
        bytes
    };
    match value {
        Value::Null => Value::Integer(7),
        Value::Integer(n) => Value::Integer(n + 1),
        Value::Real(n) => Value::Real(n + 1.0),
        Value::Text(text) => match String::from_utf8(flip(text.as_bytes())) {
            Ok(text) => Value::Text(text),
            Err(_) => Value::Text(String::new()),
        },
        Value::Blob(bytes) => Value::Blob(flip(bytes)),
    }
}

/// Whether two texts of what is known of a consumer tell the same ledger: solicitations and purchases are no part of it, and a field
/// that nobody reads says nothing.
fn is_beside_the_ledger(one: &Value, other: &Value) -> bool {
    let ledger = |value: &Value| match value {
        Value::Text(text) => serde_json::from_str::<Consumer>(text).ok().map(|known| known.ledger),
        _ => None,
    };
    let (one, other) = (ledger(one), ledger(other));
    one.is_some() && one == other
}

/// Columns that no proof rests on are left out: versions, centers, salts, and what only tells where to look first.
fn counts(table: &str, column: &str) -> bool {
    !matches!(
        (table, column),
        (_, "version" | "center")
            | ("entries", "salt" | "sequence")
            | ("seals", "row_from" | "row_to")
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every change of one value, every row that is taken away, and every row that is put in twice.
    #[test]
    fn dlc_3_every_change_of_a_row_is_detected(table in 0..TABLES.len(), row in any::<prop::sample::Index>(), column in any::<prop::sample::Index>(), seed: u64, how in 0..3) {
        let ledger = whole();
        let connection = ledger.change();
        let (table, which) = TABLES[table];
        // An item of the sealer under another key is one that nobody reads.
        let which = if (table, how) == ("items", 1) { "kind = 'ledger_head'" } else { which };
        let found = rows(&connection, table, which);
        let names: Vec<String> = {
            let statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
            statement.column_names().map(str::to_owned).collect()
        };
        let victim = row.get(&found).clone();
        let (is_it, values) = (names.iter().enumerate().map(|(at, name)| format!("{name} IS ?{}", at + 1)).collect::<Vec<_>>().join(" AND "), victim.clone());
        let told = match how {
            0 => {
                connection.execute(&format!("DELETE FROM {table} WHERE {is_it}"), rusqlite::params_from_iter(values)).unwrap();
                format!("{table}: taken away")
            }
            1 => {
                // Another number, another consumer: it is put in beside the first.
                let mut copy = victim;
                let at = names.iter().position(|name| matches!(name.as_str(), "consumer" | "key" | "first")).unwrap();
                copy[at] = match &copy[at] {
                    Value::Integer(number) => Value::Integer(number + 7_000),
                    other => another(other, seed),
                };
                let places = (1..=names.len()).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ");
                connection.execute(&format!("INSERT INTO {table} VALUES ({places})"), rusqlite::params_from_iter(copy)).unwrap();
                format!("{table}: put in")
            }
            _ => {
                let columns: Vec<usize> = (0..names.len()).filter(|at| counts(table, &names[*at])).collect();
                let at = *column.get(&columns);
                let changed = another(&victim[at], seed);
                if changed == victim[at] || is_beside_the_ledger(&victim[at], &changed) {
                    return Ok(());
                }
                let changed_to = changed.clone();
                let sql = format!("UPDATE {table} SET {} = ?{} WHERE {is_it}", names[at], names.len() + 1);
                let values = values.into_iter().chain([changed]);
                if connection.execute(&sql, rusqlite::params_from_iter(values)).is_err() {
                    // A constraint of the file refuses it.
                    return Ok(());
                }
                format!("{table}.{}: from {:?} to {changed_to:?}", names[at], victim[at])
            }
        };
        drop(connection);
        let detected = detects(&ledger);
        prop_assert!(detected.is_some(), "{}", told);
    }
}

/// A copy of one ledger: making one takes longer than looking at it.
fn whole() -> Ledger {
    static FIRST: std::sync::OnceLock<(Vec<u8>, Heads)> = std::sync::OnceLock::new();
    let (bytes, heads) = FIRST.get_or_init(|| {
        let ledger = Ledger::new();
        let connection = ledger.change();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(connection);
        (std::fs::read(&ledger.path).unwrap(), ledger.heads)
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    std::fs::write(&path, bytes).unwrap();
    Ledger { _folder: folder, path, heads: heads.clone() }
}

/// The findings of a look at it: problems, or that it cannot be read.
fn detects(ledger: &Ledger) -> Option<String> {
    let store = match SqliteStore::open(Path::new(&ledger.path)) {
        Ok(store) => store,
        Err(error) => return Some(error.to_string()),
    };
    let center = "acme".parse().unwrap();
    match block_on(verify_ledger(&store, &center, &ledger.heads, start() + TimeDelta::days(1))) {
        Ok(report) if report.is_whole() && report.unsealed == 0 => None,
        Ok(report) => Some(report.to_string()),
        Err(error) => Some(error.to_string()),
    }
}
