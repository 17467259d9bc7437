//! What fifty desks, each of which looks again every second, cost the first texts of a center that has stored a million sessions.
//! Durable commits, in process, 64 senders. Rounds with and without desks take turns, so that both meet the same machine.
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use frontdesk::{
    Center, Engine, Inbound, Parts, Receipt,
    store::SessionQuery,
    types::{AgentId, AgentStatus, Region},
};
use frontdesk_store_sqlite::SqliteStore;

/// The allocator of the host.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[path = "support/history.rs"]
mod history;

const SENDERS: u64 = 64;
const DESKS: usize = 50;
/// How many chats each agent has open.
const CHATS: usize = 5;
const ROUNDS: u32 = 5;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn center() -> Outcome<Center> {
    let names: Vec<String> = (0..DESKS).map(|n| format!("agent-{n}")).collect();
    let agents =
        names.iter().map(|id| format!("[[agents]]\nid = \"{id}\"\nname = \"{id}\"\nchats = 100\n"));
    let text = format!(
        "[center]\nid = \"bench\"\ncompany = \"Acme\"\n[[queues]]\nid = \"support\"\nname = \"Support\"\n\
         numbers = [\"+12025550100\"]\nagents = {names:?}\n{}",
        agents.collect::<String>()
    );
    Ok(Center::load(&text)?)
}

fn text(n: u64) -> Outcome<Inbound> {
    let from = format!("+1303{:07}", 2_000_000 + n).parse()?;
    let body = "I was charged twice for my order last week, can somebody look into it?";
    Ok(Inbound::new("bench", format!("SM{n:032x}"), from, "+12025550100".parse()?, body))
}

/// Each agent has some chats, and no more are offered.
async fn begin(engine: &Engine, agents: &[AgentId]) -> Outcome<u64> {
    let mut n = 0;
    for agent in agents {
        engine.set_status(agent, AgentStatus::Available).await?;
    }
    for agent in agents.iter().cycle().take(agents.len() * CHATS) {
        let Receipt::Taken { session: Some(session) } = engine.receive(text(n)?).await? else {
            return Err("no session began".into());
        };
        engine.accept(session, agent).await?;
        n += 1;
    }
    for agent in agents {
        engine.set_status(agent, AgentStatus::Break).await?;
    }
    Ok(n)
}

/// What the console asks for when something has happened.
async fn refresh(engine: &Engine, agent: &AgentId) -> Outcome<()> {
    drop((engine.agents(), engine.offers(agent)?));
    let query = SessionQuery {
        open: Some(true),
        agent: Some(agent.clone()),
        limit: 50,
        ..SessionQuery::default()
    };
    let chats = engine.sessions(query).await?;
    assert_eq!(chats.len(), CHATS);
    if let Some(shown) = chats.first() {
        let id = shown.row.id;
        engine.session(id).await?;
        engine.response_due(id).await?;
        engine.transcript(id).await?;
    }
    Ok(())
}

/// Desks that look every second, each at its own moment, until they are told to stop; the answer is how often they did.
fn desks(engine: &Arc<Engine>, agents: &[AgentId], stop: &Arc<AtomicBool>) -> Arc<AtomicU64> {
    let looked = Arc::new(AtomicU64::new(0));
    for (n, agent) in (0_u32..).zip(agents) {
        let (engine, agent, stop, looked) =
            (Arc::clone(engine), agent.clone(), Arc::clone(stop), Arc::clone(&looked));
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20) * n).await;
            while !stop.load(Ordering::Relaxed) {
                if refresh(&engine, &agent).await.is_ok() {
                    looked.fetch_add(1, Ordering::Relaxed);
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
    }
    looked
}

/// First texts `from..to` by 64 senders; how many a second.
async fn send(engine: &Arc<Engine>, from: u64, to: u64) -> Outcome<f64> {
    let started = Instant::now();
    let senders = (0..SENDERS).map(|sender| {
        let engine = Arc::clone(engine);
        tokio::spawn(async move {
            for n in (from + sender..to).step_by(usize::try_from(SENDERS)?) {
                engine.receive(text(n)?).await?;
            }
            Ok(())
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        let done: Outcome<()> = sender.await?;
        done?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count for a display")]
    Ok((to - from) as f64 / started.elapsed().as_secs_f64())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

async fn run(path: &Path, texts: u64, rounds: u32) -> Outcome<()> {
    let store = Arc::new(SqliteStore::open(path)?);
    let center = center()?;
    let agents: Vec<AgentId> =
        (0..DESKS).map(|n| format!("agent-{n}").parse()).collect::<Result<_, _>>()?;
    let crm = Arc::new(store.contact_book(center.id(), Region::US));
    let parts = Parts { crm, store, ..Parts::in_memory(&center) };
    let engine = Arc::new(Engine::open(center, parts).await?);
    let mut next = begin(&engine, &agents).await?;
    let mut ratios = Vec::new();
    for round in 0..=rounds {
        let without = send(&engine, next, next + texts).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let looked = desks(&engine, &agents, &stop);
        let with = send(&engine, next + texts, next + 2 * texts).await?;
        stop.store(true, Ordering::Relaxed);
        next += 2 * texts;
        // The first round warms up.
        if round > 0 {
            let looked = looked.load(Ordering::Relaxed);
            println!(
                "without desks {without:.0}/s, with {DESKS} desks {with:.0}/s ({looked} refreshes), ratio {:.2}",
                with / without
            );
            ratios.push(with / without);
        }
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    println!("median ratio {:.2}", median(ratios));
    Ok(())
}

fn main() -> Outcome<()> {
    // `cargo test --benches` runs this too: then a few sessions are enough to see that it works.
    let test = !std::env::args().any(|arg| arg == "--bench");
    let (sessions, texts, rounds) =
        if test { (2_000, 500, 1) } else { (1_000_000, 40_000, ROUNDS) };
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR"))?;
    let path = folder.path().join("desks.sqlite");
    history::version_6(&path, sessions)?;
    println!("{sessions} stored sessions");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(&path, texts, rounds))
}
