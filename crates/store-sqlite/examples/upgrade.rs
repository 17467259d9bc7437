//! How long the upgrade of a large file takes: writes a file of version 6, upgrades it in a process that is killed in the
//! middle, and upgrades what that left. Not for use: it measures.
//!
//! ```sh
//! cargo run --release -p frontdesk-store-sqlite --example upgrade -- /var/tmp/upgrade.sqlite 1000000
//! ```
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use frontdesk_store_sqlite::SqliteStore;
use rusqlite::Connection;

#[path = "../benches/support/history.rs"]
mod history;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The first argument of the process that is killed.
const VICTIM: &str = "--until-killed";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [VICTIM, path] => upgrade(Path::new(path)).map(drop),
        [path, sessions] => measure(Path::new(path), sessions.parse()?),
        _ => Err("expected: a file that is not there yet, and a number of sessions".into()),
    }
}

fn measure(path: &Path, sessions: u64) -> Outcome<()> {
    if path.exists() {
        return Err(format!("{} is there already", path.display()).into());
    }
    let begun = Instant::now();
    history::version_6(path, sessions)?;
    println!("{sessions} sessions, {} MB, written in {:?}", size(path)?, begun.elapsed());
    let begun = Instant::now();
    let half = killed_in_the_middle(path)?;
    println!(
        "killed at \"{half}\" after {:?}; the file is of version {}",
        begun.elapsed(),
        version(path)?
    );
    let begun = Instant::now();
    upgrade(path)?;
    println!(
        "upgraded in {:?}; the file is of version {}, {} MB",
        begun.elapsed(),
        version(path)?,
        size(path)?
    );
    let count = |table: &str| -> rusqlite::Result<i64> {
        let sql = format!("SELECT count(*) FROM {table}");
        Connection::open(path)?.query_row(&sql, [], |row| row.get(0))
    };
    println!(
        "{} consumers, {} entries, {} sessions",
        count("consumers")?,
        count("entries")?,
        count("sessions")?
    );
    let begun = Instant::now();
    drop(SqliteStore::open(path)?);
    println!("opened again in {:?}", begun.elapsed());
    Ok(())
}

/// Upgrades and tells how far it is, a line each.
fn upgrade(path: &Path) -> Outcome<SqliteStore> {
    let begun = Instant::now();
    let mut told = None;
    let tell = |progress: frontdesk_store_sqlite::Progress| {
        let second = begun.elapsed().as_secs();
        if told != Some((progress.step, second)) {
            told = Some((progress.step, second));
            println!("{second:>3} s  {progress}");
        }
    };
    Ok(SqliteStore::open_telling(path, tell)?)
}

/// Kills the process that upgrades when it is through with half of the ledger; the answer is what it told last.
fn killed_in_the_middle(path: &Path) -> Outcome<String> {
    let mut victim = Command::new(std::env::current_exe()?)
        .arg(VICTIM)
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()?;
    let told = victim.stdout.take().ok_or("it is piped")?;
    let mut last = String::new();
    for line in BufReader::new(told).lines() {
        line?.trim().clone_into(&mut last);
        if last.contains("entries: ") && !last.contains("entries: 0 ") {
            break;
        }
    }
    victim.kill()?;
    victim.wait()?;
    Ok(last)
}

fn version(path: &Path) -> Outcome<i32> {
    Ok(Connection::open(path)?.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn size(path: &Path) -> Outcome<u64> {
    Ok(std::fs::metadata(path)?.len() / 1_000_000)
}
