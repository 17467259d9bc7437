//! What claiming costs while lanes are held: a hundred thousand of them, each with a text behind its head.
use std::time::Instant;

use frontdesk::{
    store::{Commit, NewWork, Outcome, SessionStore as _, Task, Urgency, WorkKind, WorkStore as _},
    types::{CenterId, SessionId},
};
use frontdesk_store_sqlite::SqliteStore;
use futures::{executor::block_on, future::join_all};

/// The allocator of the host.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// So many pieces are put in and held together.
const TOGETHER: usize = 1_000;
/// How often it is claimed.
const CLAIMS: u32 = 1_000;

fn work(lane: usize, n: usize, now: frontdesk::types::Instant) -> NewWork {
    NewWork {
        key: format!("{lane}-{n}"),
        lane: format!("promotion {lane}"),
        task: Task::PostEnded { session: SessionId(1) },
        not_before: now,
        urgency: Urgency::Notice,
    }
}

/// Puts in lanes of two, and holds their heads until tomorrow.
async fn hold(
    store: &SqliteStore,
    center: &CenterId,
    lanes: std::ops::Range<usize>,
    now: frontdesk::types::Instant,
) -> Fallible<()> {
    let until = now + chrono::TimeDelta::hours(12);
    for first in lanes.clone().step_by(TOGETHER) {
        let some = first..(first + TOGETHER).min(lanes.end);
        let work = some.flat_map(|lane| [work(lane, 0, now), work(lane, 1, now)]).collect();
        let _ = store.commit(center, Commit { work, ..Commit::default() }).await?;
        let lease = now + chrono::TimeDelta::seconds(120);
        let claimed = store.claim_work(center, WorkKind::Crm, now, lease, TOGETHER).await?;
        let held = claimed.iter().map(|work| {
            let finished = Some((work.id, work.lease, Outcome::Postponed { until }));
            store.commit(center, Commit { finished, ..Commit::default() })
        });
        for held in join_all(held).await {
            let _ = held?;
        }
    }
    Ok(())
}

fn main() -> Fallible<()> {
    // `cargo test --benches` runs this too: then a few lanes are enough to see that it works.
    let test = !std::env::args().any(|arg| arg == "--bench");
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR"))?;
    let store = SqliteStore::open(folder.path().join("held.sqlite"))?;
    let center: CenterId = "bench".parse()?;
    let now = "2026-11-21T15:00:00Z".parse()?;
    let mut held = 0;
    for lanes in if test { vec![100, 1_000] } else { vec![1_000, 10_000, 100_000] } {
        block_on(hold(&store, &center, held..lanes, now))?;
        held = lanes;
        let claims = if test { 10 } else { CLAIMS };
        let begun = Instant::now();
        for _ in 0..claims {
            let until = now + chrono::TimeDelta::seconds(120);
            let claimed = block_on(store.claim_work(&center, WorkKind::Crm, now, until, 64))?;
            assert!(claimed.is_empty(), "all of them are held");
        }
        println!("{lanes} held lanes: a claim takes {:?}", begun.elapsed() / claims);
    }
    Ok(())
}
