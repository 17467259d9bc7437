//! Connections: how many there are at a time, how long a sender may take, and an orderly end.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use metrics::{counter, gauge};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc, watch},
};
use tokio_io_timeout::TimeoutStream;
use tracing::warn;

use crate::seldom::Seldom;

/// Bytes that a connection may buffer: the largest request head, and the largest write that waits.
const BUFFER: usize = 64 * 1024;
/// How long a response may make no progress: a client that does not read is cut off.
const WRITE_PATIENCE: Duration = Duration::from_mins(1);
/// Refusals that are written at a time; connections beyond that are closed without a word.
const REFUSALS: usize = 64;
/// How long a refused client may take to read its refusal.
const REFUSAL_PATIENCE: Duration = Duration::from_secs(1);
/// The pause after the system could not open a connection, for want of file descriptors for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// File descriptors that connections leave to the database, pictures, logs and requests to providers.
const OTHER_FILES: u64 = 256;

/// The answer at a limit, before a request is read.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/json\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 92\r\n\r\n\
    {\"error\":\"too_many_connections\",\"message\":\"too many connections are open; try again later\"}\n";

/// What connections may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Connections at a time.
    pub(crate) all: usize,
    /// Connections at a time from one address.
    pub(crate) per_address: usize,
    /// How long a client may take for the head of a request, and how long a connection may be idle.
    pub(crate) request: Duration,
}

impl Limits {
    /// Raises the limit of open files as far as the system allows it, and keeps to it.
    pub(crate) fn within_open_files(self) -> Self {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut files = getrlimit(Resource::Nofile);
        files.current = files.maximum;
        // Without the right to raise it, the limit stays what it was.
        let _ = setrlimit(Resource::Nofile, files);
        let Some(most) = getrlimit(Resource::Nofile).current else { return self };
        let room = most.saturating_sub(OTHER_FILES).max(most / 2).max(1);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        if room < self.all {
            warn!(
                files = most,
                connections = room,
                "the limit of open files leaves room for fewer connections than `host.connections`; \
                 raise it (`LimitNOFILE=` of the unit, `ulimit -n`)"
            );
        }
        Self { all: self.all.min(room), ..self }
    }
}

/// Why a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Full {
    All,
    Address,
}

/// The connections that are open, by address.
#[derive(Debug)]
struct Connections {
    limits: Limits,
    open: Mutex<(usize, HashMap<IpAddr, usize>)>,
}

/// The place of an open connection, until it is dropped.
#[derive(Debug)]
struct Place {
    connections: Arc<Connections>,
    address: IpAddr,
}

impl Connections {
    fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default() })
    }

    fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        let address = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        if *all >= self.limits.all {
            return Err(Full::All);
        }
        let of_address = by_address.entry(address).or_default();
        if *of_address >= self.limits.per_address {
            return Err(Full::Address);
        }
        *of_address += 1;
        *all += 1;
        gauge!("frontdesk_connections").increment(1.0);
        Ok(Place { connections: Arc::clone(self), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        *all -= 1;
        if let Some(of_address) = by_address.get_mut(&self.address) {
            *of_address -= 1;
            if *of_address == 0 {
                by_address.remove(&self.address);
            }
        }
        gauge!("frontdesk_connections").decrement(1.0);
    }
}

/// What counts as one address: of IPv6 the network of 64 bits, which one client has for itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Serves connections until the host stops, and then until what is under way is done.
pub(crate) async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let connections = Connections::new(limits);
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let warnings = Seldom::new();
    // Every connection has a clone: the last one that is dropped ends the wait below.
    let (under_way, mut all_done) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                not_accepted(&warnings, &error).await;
                continue;
            }
        };
        match connections.admit(peer.ip()) {
            Ok(place) => {
                let served = connection(stream, routes.clone(), limits.request, stopping.clone());
                let under_way = under_way.clone();
                tokio::spawn(async move {
                    served.await;
                    drop((place, under_way));
                });
            }
            Err(full) => {
                told_full(&warnings, full, limits);
                if let Ok(permit) = Arc::clone(&refusals).try_acquire_owned() {
                    tokio::spawn(async move {
                        let _ = tokio::time::timeout(REFUSAL_PATIENCE, refuse(stream)).await;
                        drop(permit);
                    });
                }
            }
        }
    }
    drop((listener, under_way));
    let _ = all_done.recv().await;
}

async fn not_accepted(warnings: &Seldom, error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    if let Some(more) = warnings.now("accept") {
        warn!(%error, more, "no connection can be accepted; trying again");
    }
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

fn told_full(warnings: &Seldom, full: Full, limits: Limits) {
    let (which, setting, limit) = match full {
        Full::All => ("all", "host.connections", limits.all),
        Full::Address => ("address", "host.connections_per_address", limits.per_address),
    };
    counter!("frontdesk_connections_refused_total", "limit" => which).increment(1);
    if let Some(more) = warnings.now(which) {
        warn!(
            setting,
            limit,
            more,
            "connections are refused with 503: so many are open already. Look at what holds them \
             (`ss -tn`), or raise the setting; behind a proxy all connections have its address"
        );
    }
}

/// Answers and reads what the client is still sending, so that it sees the answer and not a reset.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(REFUSAL).await?;
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

async fn connection(
    stream: TcpStream,
    routes: Router,
    request: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small: none waits for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_PATIENCE));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(request).max_buf_size(BUFFER);
    let served =
        http.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(routes));
    let mut served = std::pin::pin!(served);
    let stopped = async { drop(stopping.wait_for(|stop| *stop).await) };
    // An error is the client's: it was too slow, or is gone.
    tokio::select! {
        _ = served.as_mut() => return,
        () = stopped => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
}

/// Where the host listens unless it is told otherwise.
pub(crate) fn default_address() -> SocketAddr {
    (std::net::Ipv4Addr::LOCALHOST, 8080).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_connection_beyond_a_limit_is_refused_until_another_ends() {
        let limits = Limits { all: 3, per_address: 2, request: Duration::from_secs(1) };
        let connections = Connections::new(limits);
        let (ours, others) = (address("192.0.2.1"), address("192.0.2.2"));
        let first = connections.admit(ours).unwrap();
        let _second = connections.admit(ours).unwrap();
        assert_eq!(connections.admit(ours).unwrap_err(), Full::Address);
        assert_eq!(connections.admit(address("::ffff:192.0.2.1")).unwrap_err(), Full::Address);
        let third = connections.admit(others).unwrap();
        assert_eq!(connections.admit(others).unwrap_err(), Full::All);
        drop(first);
        let _fourth = connections.admit(ours).unwrap();
        drop(third);
        assert_eq!(connections.admit(ours).unwrap_err(), Full::Address);
        assert_eq!(connections.open.lock().unwrap().1.len(), 1, "nothing is kept of who is gone");
    }

    #[test]
    fn a_client_has_one_network_of_ipv6() {
        let connections =
            Connections::new(Limits { all: 9, per_address: 1, request: Duration::from_secs(1) });
        let _place = connections.admit(address("2001:db8:1:2::1")).unwrap();
        assert!(connections.admit(address("2001:db8:1:2:ffff::9")).is_err());
        assert!(connections.admit(address("2001:db8:1:3::1")).is_ok());
    }

    #[test]
    fn a_refusal_says_its_own_length() {
        let text = std::str::from_utf8(REFUSAL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{}", body.len());
        assert!(serde_json::from_str::<serde_json::Value>(body).is_ok());
    }
}
