//! `frontdesk serve`: the parts put together, the loops, and an orderly end.

use std::{
    io::IsTerminal,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use frontdesk::{
    Center, Clock, DeliveryReport, Engine, EngineError, MediaSource, Parts, SystemClock, Transport,
    store::WorkKind,
};
use frontdesk_media::HttpMedia;
use frontdesk_store_sqlite::SqliteStore;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, unbounded_channel},
        watch,
    },
    task::JoinSet,
};
use tracing::{error, info, warn};
use tracing_subscriber::EnvFilter;

use crate::{
    connections, ending, ledger,
    live::Live,
    output,
    providers::{self, Lookups},
    registrations,
    reload::reload,
    settings::{self, Carrier, Host, HostError},
    simulator::PhoneMedia,
    telling::Watched,
    web::{self, App, Tokens},
    zones::CurrentZones,
};

/// How long to pause before looking again for timers and work, when nothing wakes the host.
const PULSE: Duration = Duration::from_secs(1);
/// A deadline that is due has had its chance: it is not asked for again at once.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
/// How long the last writing may take when the host stops.
const CLOSING: Duration = Duration::from_secs(1);
/// How long work that is under way may take when the host stops; then it is left to its lease.
const LAST_WORK: Duration = Duration::from_secs(5);
/// How often the log is folded for the page of campaign health.
const FOLDED: Duration = Duration::from_mins(1);
/// How often the consent ledger is looked through for what is no longer kept.
const RETENTION: Duration = Duration::from_hours(24);
/// The times in seconds that the histograms are cut at.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Options {
    /// The configuration (TOML); the demo center without one.
    config: Option<PathBuf>,
    /// Where to listen, instead of `host.listen`. Port 0 takes a free one.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// The database file, instead of `host.database`.
    #[arg(long)]
    database: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<(), HostError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // What the host writes holds what consumers wrote: it is the owner's alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // Logs may go to a disk that is full: complaining about that on standard error would panic.
        .log_internal_errors(false)
        .init();
    // Where, and not what: a panic's words may quote what somebody wrote.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(%place, "panicked");
    }));
    let runtime = Runtime::new().map_err(HostError::io("the runtime"))?;
    let served = runtime.block_on(serve(options));
    // What still waits for a file or a name outside is not waited for.
    runtime.shutdown_timeout(ending::RUNTIME);
    served
}

async fn serve(options: &Options) -> Result<(), HostError> {
    let (center, host) = settings::load(options.config.as_deref())?;
    let listen = options.listen.or(host.listen).unwrap_or_else(connections::default_address);
    let limits = host.limits().within_open_files();
    let listener = bind(listen).await?;
    let address = listener.local_addr().map_err(HostError::io("the address"))?;
    let operations = match host.operations {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let metrics = PrometheusBuilder::new().set_buckets(BUCKETS)?.install_recorder()?;

    let database = host.database_file(options.database.as_deref());
    let live = Arc::new(Live::new());
    let url = host.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let url = url.trim_end_matches('/');
    let secret = settings::twilio_auth_token(&host)?;
    let (reports, delivered) = unbounded_channel();
    let transport = providers::transport(&host, url, secret.as_deref(), reports)?;
    let transport = Arc::new(Watched::new(transport));
    let lookups = providers::lookups(&host, secret.as_deref())?;
    let minutes = host.twilio.as_ref().map_or(0, |twilio| twilio.registration_minutes);
    let phone = (host.carrier == Carrier::Simulator).then(|| Arc::new(PhoneMedia::default()));
    let media_source: Arc<dyn MediaSource> = match &phone {
        Some(phone) => Arc::clone(phone) as Arc<dyn MediaSource>,
        None => Arc::new(HttpMedia::new(providers::provider(&host, secret.as_deref()))?),
    };
    let (engine, store) = Box::pin(open(
        center,
        &host,
        &database,
        transport,
        lookups,
        media_source,
        Arc::clone(&live),
    ))
    .await?;

    let (tokens, fragment) = tokens(&host)?;
    let (stop, stopping) = watch::channel(false);
    let webhooks = providers::webhooks(url, secret.as_deref())?;
    let engine = Arc::new(engine);
    host.zones.log(SystemClock.now());
    let names = host.names();
    let app = App::new(web::Inner {
        zones: CurrentZones::new(host.zones),
        engine: Arc::clone(&engine),
        contacts: store.contact_book(engine.center().id(), engine.center().region()),
        health: web::Health::new(store),
        names,
        tokens,
        pace: web::pace(),
        webhooks,
        live: Arc::clone(&live),
        metrics,
        phone,
        body_time: limits.request,
        stopping: stopping.clone(),
    });
    let mut loops = JoinSet::new();
    loops.spawn(upkeep(app.metrics.clone(), stopping.clone()));
    loops.spawn(health(Arc::clone(&engine), stopping.clone()));
    loops.spawn(retention(Arc::clone(&engine), stopping.clone()));
    loops.spawn(timers(Arc::clone(&engine), stopping.clone()));
    loops.spawn(simulated_deliveries(Arc::clone(&engine), delivered, stopping.clone()));
    for kind in WorkKind::ALL {
        loops.spawn(outbox(Arc::clone(&engine), kind, stopping.clone()));
    }
    loops.spawn(web::watch_what_waits(app.clone(), stopping.clone()));
    let reloaded = Arc::new(Notify::new());
    loops.spawn(registrations::poll(
        Arc::clone(&engine),
        Arc::clone(&app.live.telling),
        minutes,
        Arc::clone(&reloaded),
        stopping.clone(),
    ));
    loops.spawn(reload(app.clone(), options.config.clone(), reloaded, stopping.clone()));

    tell_address(&engine, address, &fragment);
    info!(%address, database = %database.display(), "serving");
    tokio::select! {
        served = ending::until_told(web::serve(app, listener, operations, limits), stop) => served?,
        () = first_to_fail(&mut loops, stopping) => {
            return Err(HostError::Refused("a background loop has failed; start again".into()));
        }
    }
    ending::finish(loops).await;
    match tokio::time::timeout(CLOSING, engine.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => warn!(%error, "how long consumers waited lately is not kept"),
        Err(_) => warn!("how long consumers waited lately is not kept: the store takes too long"),
    }
    info!("stopped");
    Ok(())
}

/// On standard output, for the person or script that started the host; logs go to standard error.
fn tell_address(engine: &Engine, address: SocketAddr, fragment: &str) {
    let center = engine.center();
    let company = center.company();
    let line = format_args!("frontdesk: {company} is open at http://{address}/{fragment}\n");
    if let Err(error) = output::write(line) {
        warn!(
            %error,
            "the address was not told; a token that was made for this start is lost with it: \
             configure one"
        );
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, HostError> {
    TcpListener::bind(address).await.map_err(HostError::io(format!("listening on {address}")))
}

async fn open(
    center: Center,
    host: &Host,
    database: &Path,
    transport: Arc<dyn Transport>,
    Lookups { carriers, registrations }: Lookups,
    media_source: Arc<dyn MediaSource>,
    live: Arc<Live>,
) -> Result<(Engine, SqliteStore), HostError> {
    // Before the database is made: what is wrong with the keys leaves nothing behind.
    let heads = ledger::heads(host.ledger.as_ref())?;
    let store = providers::store(database)?;
    if let Some(bytes) = host.database_limit {
        store.limit_size(bytes).await.map_err(EngineError::from)?;
    }
    let parts = Parts {
        carriers,
        scrubber: None,
        registrations,
        store: Arc::new(store.clone()),
        transport,
        crm: Arc::new(store.contact_book(center.id(), center.region())),
        media_source,
        media_store: Arc::new(providers::media_store(host, database)?),
        heads,
        clock: Arc::new(SystemClock),
        observer: live,
    };
    Ok((Engine::open(center, parts).await?, store))
}

/// The configured tokens; without any, one that is made now and printed with the URL.
fn tokens(host: &Host) -> Result<(Tokens, String), HostError> {
    if !host.tokens.is_empty() {
        return Ok((Tokens::new(host.tokens.clone(), None), String::new()));
    }
    let (token, sha256) = settings::new_token()?;
    let role = settings::Role::Admin;
    let made = settings::Token {
        role,
        agent: None,
        name: None,
        numbers: false,
        media: None,
        sha256,
        expires: None,
    };
    Ok((Tokens::new(Vec::new(), Some(made)), format!("#token={token}")))
}

/// Without its loops a host forgets timers and texts: better to end, and be started again.
async fn first_to_fail(loops: &mut JoinSet<()>, stopping: watch::Receiver<bool>) {
    // Each ends by itself when the host stops.
    while loops.join_next().await.is_some() {
        if !*stopping.borrow() {
            error!("a loop has ended");
            return;
        }
    }
    std::future::pending::<()>().await;
}

/// Waits for a wake-up or the next pulse; false when the host stops.
async fn pulse(woken: impl Future<Output = ()>, stopping: &mut watch::Receiver<bool>) -> bool {
    pause(PULSE, woken, stopping).await
}

/// Waits for a wake-up or so long; false when the host stops.
pub(crate) async fn pause(
    so_long: Duration,
    woken: impl Future<Output = ()>,
    stopping: &mut watch::Receiver<bool>,
) -> bool {
    tokio::select! {
        () = woken => true,
        () = tokio::time::sleep(so_long) => true,
        _ = stopping.wait_for(|stop| *stop) => false,
    }
}

/// Folds what histograms have recorded: without it they grow until somebody reads the metrics.
async fn upkeep(metrics: PrometheusHandle, mut stopping: watch::Receiver<bool>) {
    while pulse(std::future::pending(), &mut stopping).await {
        metrics.run_upkeep();
    }
}

/// Folds the log for the page of campaign health, so that it comes at once however long nobody looked.
async fn health(engine: Arc<Engine>, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(error) = engine.fold_log().await {
            error!(%error, "the log was not folded; trying again soon");
        }
        if !pause(FOLDED, std::future::pending(), &mut stopping).await {
            return;
        }
    }
}

/// Drops what no law and no dispute asks for any more, once a day (DLC-3).
async fn retention(engine: Arc<Engine>, mut stopping: watch::Receiver<bool>) {
    loop {
        match engine.prune_ledger(engine.center().retention()).await {
            Ok(0) => {}
            Ok(entries) => info!(entries, "old entries of the consent ledger were dropped"),
            Err(error) => error!(%error, "the consent ledger was not looked through"),
        }
        if !pause(RETENTION, std::future::pending(), &mut stopping).await {
            return;
        }
    }
}

async fn timers(engine: Arc<Engine>, mut stopping: watch::Receiver<bool>) {
    loop {
        let fired = engine.tick().await;
        if again(fired, "timers") {
            continue;
        }
        // Offers end to the second: not at the next pulse.
        let due = engine.next_offer_deadline().map(|due| due - engine.now());
        let due = due.map(|due| due.to_std().unwrap_or_default().max(SHORTEST_PAUSE));
        let due = async {
            match due {
                Some(due) => tokio::time::sleep(due).await,
                None => std::future::pending().await,
            }
        };
        if !pulse(due, &mut stopping).await {
            return;
        }
    }
}

/// What the simulated phone reports; with another carrier, reports come through webhooks.
async fn simulated_deliveries(
    engine: Arc<Engine>,
    mut reports: UnboundedReceiver<DeliveryReport>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let report = tokio::select! {
            report = reports.recv() => report,
            _ = stopping.wait_for(|stop| *stop) => None,
        };
        let Some(report) = report else { break };
        if let Err(error) = engine.delivery_status(report).await {
            warn!(%error, "a simulated delivery was not recorded");
        }
    }
    // It ends with the host, like every loop.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Does the outgoing work of one kind. A kind that is slow keeps no other waiting.
async fn outbox(engine: Arc<Engine>, kind: WorkKind, mut stopping: watch::Receiver<bool>) {
    let listening = stopping.clone();
    let go_on = || {
        let mut stopping = listening.clone();
        async move { pulse(std::future::pending(), &mut stopping).await }
    };
    let failed = |error| error!(%error, ?kind, "the outbox failed; trying again soon");
    let out_of_patience = async {
        let _ = stopping.wait_for(|stop| *stop).await;
        tokio::time::sleep(LAST_WORK).await;
    };
    tokio::select! {
        () = engine.serve(kind, go_on, failed) => {}
        () = out_of_patience => warn!(?kind, "work that was under way is done after the next start"),
    }
}

/// Whether there may be more to do at once.
fn again(done: Result<usize, EngineError>, what: &str) -> bool {
    match done {
        Ok(count) => count > 0,
        Err(error) => {
            error!(%error, "{what} failed; trying again soon");
            false
        }
    }
}
