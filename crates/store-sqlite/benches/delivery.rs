//! What one thing that is slow does to everything else: texts of others must leave within a second, and intake must not notice.
//! Beside it, what a limit costs that does not bind. Durable commits, in process, real time; only the outage is shorter than the
//! ten minutes that it stands for: as many texts wait at its end as arrive in ten minutes, and how long a provider was down makes
//! no difference to the engine, which asks it every two seconds.
//! `-- limits` runs that part alone. Not a criterion benchmark: what counts are the slowest of many texts.
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use frontdesk::{
    Center, Engine, Inbound, MediaError, MediaSource, OutgoingText, Parts, Transport,
    TransportError,
    store::{Commit, NewWork, Outcome, Store, Task, Urgency, WorkKind, WorkState},
    tendlc::ContentType,
    types::{Media, Purpose},
};
use frontdesk_store_sqlite::SqliteStore;

/// The allocator of the host.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const NUMBER: &str = "+12025550100";
const SLOW_NUMBER: &str = "+12025550101";
const SLOW_CONSUMER: &str = "+12023000000";
/// How long a request takes usually, and where it is slow.
const USUAL: Duration = Duration::from_millis(50);
const SLOW: Duration = Duration::from_secs(30);
/// How many texts arrive in a second.
const RATE: u64 = 100;

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn center(limits: &str) -> Fallible<Center> {
    let center = format!(
        r#"
        [center]
        id = "bench"
        company = "Acme"
        [[queues]]
        id = "support"
        name = "Support"
        numbers = ["{NUMBER}"]
        agents = ["ana"]
        [[queues]]
        id = "shop"
        name = "Shop"
        numbers = ["{SLOW_NUMBER}"]
        agents = ["ana"]
        [[agents]]
        id = "ana"
        name = "Ana"
        {limits}
        "#
    );
    Ok(Center::load(&center)?)
}

/// More than the bench sends in a minute. (Carriers' own limits would bind: Verizon takes 100 a second from a number.)
const LIMITS: &str = "[sending]\nper_minute = 60_000";

/// A provider whose answers take as long as they are told to, and pictures that never end.
#[derive(Debug, Default)]
struct Provider {
    slow: Mutex<HashSet<String>>,
    all_slow: AtomicBool,
    down: AtomicBool,
    left: Mutex<Vec<(String, Purpose, Instant)>>,
    quick: AtomicBool,
}

#[async_trait]
impl Transport for Provider {
    async fn send(&self, text: &OutgoingText) -> Result<String, TransportError> {
        if self.down.load(Ordering::SeqCst) {
            let reason = "not reachable".into();
            return Err(TransportError::Temporary { reason, retry_after: None });
        }
        let consumer = text.line.consumer.to_string();
        let slow = {
            let slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
            slow.contains(&consumer) || slow.contains(&text.line.number.to_string())
        };
        let left = (consumer, text.purpose, Instant::now());
        self.left.lock().unwrap_or_else(PoisonError::into_inner).push(left);
        let takes = if slow || self.all_slow.load(Ordering::SeqCst) { SLOW } else { USUAL };
        if !self.quick.load(Ordering::SeqCst) {
            tokio::time::sleep(takes).await;
        }
        Ok(text.id.to_string())
    }
}

#[async_trait]
impl MediaSource for Provider {
    async fn fetch(&self, _: &Media, _: usize) -> Result<Vec<u8>, MediaError> {
        tokio::time::sleep(Duration::from_secs(25)).await;
        Err(MediaError::Temporary { reason: "no answer in time".into() })
    }
}

struct Bench {
    engine: Arc<Engine>,
    store: Arc<SqliteStore>,
    provider: Arc<Provider>,
    stop: Arc<AtomicBool>,
    loops: Vec<tokio::task::JoinHandle<()>>,
    next: AtomicU64,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn open(limits: &str) -> Fallible<Self> {
        // Beside the sources: a temporary folder may be in memory, where a sync costs nothing.
        let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR"))?;
        let store = Arc::new(SqliteStore::open(folder.path().join("a.sqlite"))?);
        let provider = Arc::new(Provider::default());
        let center = center(limits)?;
        let parts = Parts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            transport: Arc::clone(&provider) as Arc<dyn Transport>,
            media_source: Arc::clone(&provider) as Arc<dyn MediaSource>,
            ..Parts::in_memory(&center)
        };
        let engine = Arc::new(Engine::open(center, parts).await?);
        let (stop, next) = (Arc::new(AtomicBool::new(false)), AtomicU64::new(0));
        Ok(Self { engine, store, provider, stop, loops: Vec::new(), next, _folder: folder })
    }

    /// Starts the loops, as a host does.
    fn serve(&mut self) {
        for kind in WorkKind::ALL {
            let (engine, stop) = (Arc::clone(&self.engine), Arc::clone(&self.stop));
            self.loops.push(tokio::spawn(async move {
                let pulse = || async {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    !stop.load(Ordering::SeqCst)
                };
                engine.serve(kind, pulse, |error| eprintln!("{kind:?}: {error}")).await;
            }));
        }
    }

    fn inbound(&self, number: &str) -> Fallible<(String, Inbound)> {
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        let from = format!("+1202{:07}", 2_000_000 + n);
        let inbound =
            Inbound::new("bench", format!("SM{n:032x}"), from.parse()?, number.parse()?, "Hello");
        Ok((from, inbound))
    }

    /// First texts at an even rate; the answer is what each waited for its acknowledgement, and when it was acknowledged.
    async fn intake(&self, seconds: u64) -> Fallible<Intake> {
        let mut intake = Intake::default();
        let started = Instant::now();
        let mut beat = tokio::time::interval(Duration::from_millis(1_000 / RATE));
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        for _ in 0..seconds * RATE {
            beat.tick().await;
            let (from, inbound) = self.inbound(NUMBER)?;
            let (engine, tell) = (Arc::clone(&self.engine), tell.clone());
            tokio::spawn(async move {
                let began = Instant::now();
                let taken = engine.receive(inbound).await.is_ok();
                let _ = tell.send((from, taken, began, Instant::now()));
            });
        }
        drop(tell);
        while let Some((from, taken, began, ended)) = told.recv().await {
            intake.waits.push(ended - began);
            if taken {
                intake.taken.insert(from, ended);
            }
        }
        intake.rate = rate(intake.taken.len(), started.elapsed());
        Ok(intake)
    }

    /// How long the texts of an intake waited until they left; what has not left by now counts as an hour.
    fn waits(&self, intake: &Intake) -> Vec<Duration> {
        let left = self.provider.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first: HashMap<&str, Instant> = HashMap::new();
        for (consumer, _, at) in &*left {
            first.entry(consumer).or_insert(*at);
        }
        let wait = |(consumer, taken): (&String, &Instant)| {
            let hour = Duration::from_hours(1);
            first.get(consumer.as_str()).map_or(hour, |at| at.saturating_duration_since(*taken))
        };
        intake.taken.iter().map(wait).collect()
    }

    async fn until_nothing_waits(&self) -> Fallible<()> {
        let id = self.engine.center().id().clone();
        loop {
            use frontdesk::store::WorkStore as _;
            if self.store.work(&id, WorkState::Pending, 1).await?.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn end(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.loops.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

#[derive(Default)]
struct Intake {
    waits: Vec<Duration>,
    taken: HashMap<String, Instant>,
    rate: f64,
}

fn rate(count: usize, took: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count for a display")]
    let count = count as f64;
    count / took.as_secs_f64()
}

/// The median and the 99th of a hundred, in milliseconds.
fn quantiles(mut waits: Vec<Duration>) -> (u128, u128) {
    waits.sort_unstable();
    let at = |percent: usize| {
        let place = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
        waits.get(place).map_or(0, Duration::as_millis)
    };
    (at(50), at(99))
}

fn row(what: &str, intake: &Intake, left: Option<Vec<Duration>>) {
    let (median, worst) = quantiles(intake.waits.clone());
    let left = left.map(quantiles).map_or_else(
        || "| – | – |".to_owned(),
        |(median, worst)| format!("| {median} ms | {worst} ms |"),
    );
    println!("| {what} | {:.0}/s | {median} ms | {worst} ms {left}", intake.rate);
}

/// Texts that the gate holds until tomorrow, each in a lane of its own.
async fn hold(bench: &Bench, count: usize) -> Fallible<()> {
    use frontdesk::store::{SessionStore as _, WorkStore as _};
    let (id, now) = (bench.engine.center().id().clone(), bench.engine.now());
    let until = now + chrono::TimeDelta::hours(12);
    for some in (0..count).collect::<Vec<_>>().chunks(1_000) {
        let work = some.iter().map(|n| {
            let consumer = format!("+1303{:07}", 2_000_000 + n).parse()?;
            let line = frontdesk::store::Line { consumer, number: NUMBER.parse()? };
            Ok(NewWork {
                key: format!("held-{n}"),
                lane: format!("promotion {n}"),
                task: Task::SendText {
                    id: format!("held-{n}").as_str().into(),
                    line,
                    purpose: Purpose::Notification,
                    body: "Acme: 20 % off today. Reply STOP to opt out.".into(),
                    kind: Some(ContentType::Promotional),
                    automatic: None,
                    opt_in_text: false,
                },
                not_before: now,
                urgency: Urgency::Notice,
            })
        });
        let work = work.collect::<Fallible<_>>()?;
        let _ = bench.store.commit(&id, Commit { work, ..Commit::default() }).await?;
        let lease = now + chrono::TimeDelta::seconds(120);
        let claimed = bench.store.claim_work(&id, WorkKind::Text, now, lease, 1_000).await?;
        let held = claimed.iter().map(|work| {
            let finished = Some((work.id, work.lease, Outcome::Postponed { until }));
            bench.store.commit(&id, Commit { finished, ..Commit::default() })
        });
        for held in futures::future::join_all(held).await {
            let _ = held?;
        }
    }
    Ok(())
}

/// One thing is slow, and texts of others arrive for so many seconds.
async fn slow(what: &str, seconds: u64, held: usize) -> Fallible<()> {
    let mut bench = Box::pin(Bench::open("")).await?;
    if what.starts_with("(b)") {
        hold(&bench, held).await?;
    }
    bench.serve();
    let provider = Arc::clone(&bench.provider);
    let slow = |of: &str| {
        provider.slow.lock().unwrap_or_else(PoisonError::into_inner).insert(of.to_owned());
    };
    match what.get(..3) {
        Some("(a)") => {
            for n in 0..64 {
                let (_, mut inbound) = bench.inbound(SLOW_NUMBER)?;
                let content_type = "image/jpeg".into();
                inbound.media = vec![Media { url: format!("https://pictures/{n}"), content_type }];
                bench.engine.receive(inbound).await?;
            }
        }
        Some("(c)") => {
            slow(SLOW_NUMBER);
            slow(SLOW_CONSUMER);
            for n in 0..2_000 {
                let (_, mut inbound) = bench.inbound(SLOW_NUMBER)?;
                if n % 100 == 0 {
                    inbound.from = SLOW_CONSUMER.parse()?;
                    inbound.to = NUMBER.parse()?;
                }
                bench.engine.receive(inbound).await?;
            }
        }
        Some("(d)") => provider.all_slow.store(true, Ordering::SeqCst),
        _ => {}
    }
    let intake = bench.intake(seconds).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let left = (!what.starts_with("(d)")).then(|| bench.waits(&intake));
    row(what, &intake, left);
    bench.end();
    Ok(())
}

/// The provider is down while as many texts arrive as in ten minutes.
async fn outage(texts: u64) -> Fallible<()> {
    let mut bench = Box::pin(Bench::open("")).await?;
    bench.serve();
    let usual = bench.drain(texts).await?;
    bench.provider.down.store(true, Ordering::SeqCst);
    let calm = bench.intake(5).await?;
    bench.take_in(texts).await?;
    for n in 0..20 {
        let stop = bench.next.load(Ordering::SeqCst) - 1 - n;
        let from = format!("+1202{:07}", 2_000_000 + stop).parse()?;
        let stop = Inbound::new("bench", format!("STOP{n}"), from, NUMBER.parse()?, "stop");
        bench.engine.receive(stop).await?;
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    row("(e) the provider is down", &calm, None);
    let before = bench.left();
    bench.provider.down.store(false, Ordering::SeqCst);
    let up = Instant::now();
    while bench.left() == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let began = up.elapsed();
    let started = Instant::now();
    bench.until_nothing_waits().await?;
    let after = rate(bench.left() - before, started.elapsed());
    let confirmations = {
        let left = bench.provider.left.lock().unwrap_or_else(PoisonError::into_inner);
        let first = left.iter().skip(before).take(21);
        first.filter(|(_, purpose, _)| *purpose == Purpose::OptOutConfirmation).count()
    };
    println!(
        "\nafter it: the first text leaves after {} ms; {after:.0} texts/s, usually {usual:.0}/s, ratio {:.2}; \
         confirmations among the first 21: {confirmations} of 20",
        began.as_millis(),
        after / usual
    );
    bench.end();
    Ok(())
}

impl Bench {
    fn left(&self) -> usize {
        self.provider.left.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes texts in as fast as can be.
    async fn take_in(&self, texts: u64) -> Fallible<()> {
        let all: Vec<u64> = (0..texts).collect();
        for some in all.chunks(64) {
            let some = some.iter().map(|_| {
                let inbound = self.inbound(NUMBER);
                async { Fallible::Ok(self.engine.receive(inbound?.1).await?) }
            });
            for taken in futures::future::join_all(some).await {
                taken?;
            }
        }
        Ok(())
    }

    /// How many texts leave in a second, of a backlog.
    async fn drain(&self, texts: u64) -> Fallible<f64> {
        let before = self.left();
        self.provider.quick.store(false, Ordering::SeqCst);
        self.take_in(texts).await?;
        let (started, so_far) = (Instant::now(), self.left());
        self.until_nothing_waits().await?;
        let _ = before;
        Ok(rate(self.left() - so_far, started.elapsed()))
    }
}

/// What a limit costs that does not bind: the same backlog with and without, one after the other.
async fn limits(texts: u64) -> Fallible<()> {
    let (mut with, mut without) = (0.0_f64, 0.0_f64);
    for _ in 0..3 {
        for limited in [false, true] {
            let mut bench = Box::pin(Bench::open(if limited { LIMITS } else { "" })).await?;
            bench.take_in(texts).await?;
            let started = Instant::now();
            bench.serve();
            bench.until_nothing_waits().await?;
            let sent = rate(bench.left(), started.elapsed());
            let best = if limited { &mut with } else { &mut without };
            *best = best.max(sent);
            bench.end();
        }
    }
    println!(
        "\na limit that does not bind: {with:.0} texts/s, without {without:.0}/s, ratio {:.2}",
        with / without
    );
    Ok(())
}

fn main() -> Fallible<()> {
    // `cargo test --benches` runs this too: then a few texts are enough to see that it works.
    let test = !std::env::args().any(|arg| arg == "--bench");
    let only_limits = std::env::args().any(|arg| arg == "limits");
    let (seconds, held, texts) = if test { (1, 200, 100) } else { (15, 100_000, 10_000) };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        if only_limits {
            return Box::pin(limits(texts)).await;
        }
        println!("| | intake | acknowledged: median | p99 | others' texts left: median | p99 |");
        println!("|---|---|---|---|---|---|");
        for what in [
            "nothing is slow",
            "(a) 64 pictures that never end",
            "(b) 100,000 texts held",
            "(c) one number and one recipient take 30 s",
            "(d) every request takes 30 s",
        ] {
            Box::pin(slow(what, seconds, held)).await?;
        }
        Box::pin(outage(texts)).await?;
        Box::pin(limits(texts)).await
    })
}
