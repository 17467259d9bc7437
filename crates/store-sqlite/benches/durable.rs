//! Acknowledged inbound texts per second on durable commits, in process, with 64 concurrent senders;
//! beside it, in the same run, what bare SQLite does for the same rows in groups of the same size.
//! Not a criterion benchmark: what counts is the throughput of many senders, not the time of one call.
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use frontdesk::{Center, Engine, Inbound, Parts, types::Region};
use frontdesk_store_sqlite::SqliteStore;
use rusqlite::{Connection, params};

/// The allocator of the host.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const SENDERS: u64 = 64;
const CONSUMERS: u64 = 20_000;
const TEXTS: u64 = 60_000;
/// One in so many first texts comes before the clock is started.
const WARMING: u64 = 20;
const BODY: &str = "I was charged twice for my order last week, can somebody look into it?";

const CENTER: &str = r#"
    [center]
    id = "bench"
    company = "Acme"
    [[queues]]
    id = "support"
    name = "Support"
    numbers = ["+12025550100"]
    agents = ["ana"]
    [[agents]]
    id = "ana"
    name = "Ana"
"#;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn inbound(n: u64) -> Outcome<Inbound> {
    let from = format!("+1202{:07}", 2_000_000 + n % CONSUMERS).parse()?;
    Ok(Inbound::new("bench", format!("SM{n:032x}"), from, "+12025550100".parse()?, BODY))
}

/// Texts `from..to`, by 64 senders.
async fn send(engine: &Arc<Engine>, from: u64, to: u64) -> Outcome<Duration> {
    let started = Instant::now();
    let senders = (0..SENDERS).map(|sender| {
        let engine = Arc::clone(engine);
        tokio::spawn(async move {
            for n in (from + sender..to).step_by(usize::try_from(SENDERS)?) {
                engine.receive(inbound(n)?).await?;
            }
            Ok(())
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        let done: Outcome<()> = sender.await?;
        done?;
    }
    Ok(started.elapsed())
}

/// The rows of the same texts, by bare SQLite, `SENDERS` to a transaction. For a first text: inbox,
/// session, consumer, memory, two ledger entries, log, and two pieces of work; for a later one: inbox, session, log.
fn bare(path: &Path, first: bool, count: u64) -> Outcome<Duration> {
    if first {
        // The same tables, with the same pages.
        drop(SqliteStore::open(path)?);
    }
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 2_000)?;
    connection.set_prepared_statement_cache_capacity(32);
    let state = [7_u8; 64];
    let events = format!(
        r#"[{{"at":"2026-11-21T15:04:05Z","type":"inbound_message","provider_id":"SM0123456789abcdef0123456789abcdef","body":"{BODY}"}}]"#
    );
    let events = if first { events.repeat(4) } else { events };
    let entry = r#"{"at":"2026-11-21T15:04:05Z","act":"wrote_first","wording":"I was charged twice for my order last week, can somebody look into it?","evidence":"SM0123456789abcdef0123456789abcdef"}"#;
    let known = r#"{"ledger":{"+12025550100":{"consent":{"standing":"conversational","since":"2026-11-21T15:00:00Z","opt_in_text_shown":true},"head":{"entries":2,"digest":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}}}"#;
    let memory = r#"{"starts":[490000,1]}"#;
    let task = r#"{"task":"send_text","id":"1042-1","line":{"consumer":"+12025550123","number":"+12025550100"},"purpose":"greeting","body":"Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out."}"#;
    let started = Instant::now();
    let mut n = 0;
    while n < count {
        let transaction = connection.transaction()?;
        for _ in 0..SENDERS.min(count - n) {
            let (kind, id) = (i64::from(first), n.cast_signed());
            let consumer = 12_022_000_000 + (n % CONSUMERS).cast_signed();
            let number = 12_025_550_100_i64;
            let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
                transaction.prepare_cached(sql)?.execute(params)
            };
            run(
                "INSERT OR IGNORE INTO inbox VALUES (1, 'bench', ?1, 0)",
                params![format!("SM{kind}{n:031x}")],
            )?;
            if first {
                run(
                    "INSERT INTO sessions (center, id, version, consumer, number, status, queue, language, started, waiting_since, deadline, state)
                     VALUES (1, ?1, 1, ?2, ?3, 'queued', 'support', 'en', 0, 0, ?1, ?4)",
                    params![id, consumer, number, state],
                )?;
                run(
                    "INSERT INTO memories VALUES (1, ?1, ?2, 1, ?3)",
                    params![consumer, number, memory],
                )?;
                run("INSERT INTO consumers VALUES (1, ?1, 1, ?2)", params![consumer, known])?;
                for entries in 1..3 {
                    run(
                        "INSERT INTO entries (center, consumer, programme, number, entry, digest) VALUES (1, ?1, '+12025550100', ?2, ?3, ?4)",
                        params![consumer, entries, entry, [7_u8; 32]],
                    )?;
                }
                for work in 0..2 {
                    run(
                        "INSERT INTO work (center, key, lane, task, not_before, head) VALUES (1, ?1, ?2, ?3, 0, ?4)",
                        params![
                            format!("{n}-{work}"),
                            format!("text {consumer}-{number}"),
                            task,
                            work == 0
                        ],
                    )?;
                }
            } else {
                run(
                    "UPDATE sessions SET version = version + 1, status = 'queued', deadline = ?2, state = ?3 WHERE center = 1 AND id = ?1",
                    params![(n % CONSUMERS).cast_signed(), id, state],
                )?;
            }
            run(
                "INSERT INTO log (center, session, consumer, number, version, events) VALUES (1, ?1, ?2, ?3, 1, ?4)",
                params![(n % CONSUMERS).cast_signed(), consumer, number, events],
            )?;
            n += 1;
        }
        transaction.commit()?;
    }
    Ok(started.elapsed())
}

fn rate(count: u64, took: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count for a display")]
    let count = count as f64;
    count / took.as_secs_f64()
}

fn main() -> Outcome<()> {
    // `cargo test --benches` runs this too: then a few texts are enough to see that it works.
    let test = !std::env::args().any(|arg| arg == "--bench");
    let (consumers, texts) = if test { (500, 1_000) } else { (CONSUMERS, TEXTS) };
    // Beside the sources: a temporary folder may be in memory, where a sync costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR"))?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (first, later) = runtime.block_on(async {
        let store = Arc::new(SqliteStore::open(folder.path().join("engine.sqlite"))?);
        let center = Center::load(CENTER)?;
        let parts = Parts {
            crm: Arc::new(store.contact_book(center.id(), Region::US)),
            store,
            ..Parts::in_memory(&center)
        };
        let engine = Arc::new(Engine::open(center, parts).await?);
        // The first text of a process reads the rules of all languages.
        send(&engine, 0, consumers / WARMING).await?;
        let first = send(&engine, consumers / WARMING, consumers).await?;
        let later = send(&engine, CONSUMERS, CONSUMERS + texts).await?;
        Outcome::Ok((first, later))
    })?;
    let path = folder.path().join("bare.sqlite");
    let measured = consumers - consumers / WARMING;
    let bare_first = bare(&path, true, measured)?;
    let bare_later = bare(&path, false, texts)?;
    for (what, count, engine, bare) in [
        ("first texts (a session begins, two messages wait)", measured, first, bare_first),
        ("texts of open sessions", texts, later, bare_later),
    ] {
        let (engine, bare) = (rate(count, engine), rate(count, bare));
        println!(
            "{what}: engine {engine:.0}/s, bare SQLite {bare:.0}/s, ratio {:.2}",
            engine / bare
        );
    }
    Ok(())
}
