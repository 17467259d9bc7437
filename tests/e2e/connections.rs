//! Connections: what they cost, how many there are, and how long senders may take.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use frontdesk_tests::{ADMIN, Host, PATIENCE, center, eventually};

fn address(host: &Host) -> SocketAddr {
    host.url.strip_prefix("http://").unwrap().parse().unwrap()
}

fn connect(host: &Host) -> TcpStream {
    let stream = TcpStream::connect(address(host)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything until the host closes the connection.
fn to_the_end(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let read = stream.read_to_end(&mut text);
    assert!(read.is_ok(), "the host does not close the connection: {read:?}");
    String::from_utf8(text).unwrap()
}

/// Until an answer has begun with what is expected.
fn starts_with(stream: &mut TcpStream, expected: &str) {
    let mut text = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&text).contains(expected) {
        let read = stream.read(&mut piece).unwrap();
        assert!(read > 0, "{expected} in {}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&piece[..read]);
    }
}

/// What the process has in memory, in bytes.
fn memory(host: &Host) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", host.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// The connections that the host has accepted, of which one asks.
fn open(host: &Host) -> usize {
    let metrics = host.metrics();
    let line = metrics.lines().find(|line| line.starts_with("frontdesk_connections "));
    line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
}

#[test]
fn a_connection_that_says_nothing_costs_next_to_nothing() {
    const MANY: usize = 600;
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    assert!(open(&host) >= 1);
    let before = memory(&host);
    let connections: Vec<_> = (0..MANY).map(|_| connect(&host)).collect();
    eventually("all of them accepted", || (open(&host) > MANY).then_some(()));
    let each = memory(&host).saturating_sub(before) / MANY;
    assert!(each < 40_000, "{each} bytes each");
    drop(connections);
    eventually("their places to be given back", || (open(&host) < 10).then_some(()));
}

#[test]
fn idle_live_streams_take_less_than_50_kb_each() {
    const MANY: usize = 600;
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let ask = format!(
        "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ADMIN}\r\n\r\n"
    );
    let follow = || {
        let mut stream = connect(&host);
        stream.write_all(ask.as_bytes()).unwrap();
        starts_with(&mut stream, "event: resync");
        stream
    };
    drop(follow());
    let before = memory(&host);
    let streams: Vec<_> = (0..MANY).map(|_| follow()).collect();
    let each = memory(&host).saturating_sub(before) / streams.len();
    assert!(each < 50_000, "{each} bytes each");
}

#[test]
fn a_client_that_dawdles_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("request_seconds = 1")));
    let post =
        "POST /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    let head = format!("{post}Authorization: Bearer {ADMIN}\r\nContent-Length: 1000\r\n\r\n{{");
    let sms = "POST /apps/api/v1/sms HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic dGVzdDp0b2tlbi1wcm9ncmFt\r\n\
               Content-Length: 1000\r\n\r\n{";
    let hook = "POST /webhooks/twilio/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nBody=";
    for (sent, expected) in [
        ("", None),
        ("GET /health HT", None),
        (post, None),
        (&head, Some("408")),
        (sms, Some("408")),
        (hook, Some("408")),
    ] {
        let mut stream = connect(&host);
        stream.write_all(sent.as_bytes()).unwrap();
        let mut drip = stream.try_clone().unwrap();
        // A byte now and then does not help.
        let dripping = std::thread::spawn(move || {
            let until = Instant::now() + PATIENCE;
            while !sent_is_over(&mut drip) && Instant::now() < until {}
        });
        let answer = to_the_end(stream);
        match expected {
            None => assert!(!answer.contains("200 OK"), "{sent}: {answer}"),
            Some(status) => {
                assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{sent}: {answer}");
            }
        }
        dripping.join().unwrap();
    }
}

/// Sends a byte of a head or body; true once the host has closed the connection.
fn sent_is_over(stream: &mut TcpStream) -> bool {
    std::thread::park_timeout(Duration::from_millis(100));
    stream.write_all(b"x").is_err()
}

#[test]
fn connections_beyond_the_limit_are_refused_with_a_reason_and_leave_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let host =
        Host::start(folder.path(), Some(&center("connections = 20\nconnections_per_address = 5")));
    let held: Vec<_> = (0..5).map(|_| connect(&host)).collect();
    let refused = eventually("a refusal", || {
        let answer = to_the_end(connect(&host));
        answer.starts_with("HTTP/1.1 503").then_some(answer)
    });
    assert!(refused.contains("too_many_connections"), "{refused}");
    assert!(host.log().contains("host.connections_per_address"), "{}", host.log());
    // Another address is served meanwhile.
    let other = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), 0));
    let mut other = from(other, address(&host));
    other.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    starts_with(&mut other, "\"status\":\"ok\"");
    drop(held);
    eventually("room again", || {
        let mut stream = connect(&host);
        stream
            .write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        to_the_end(stream).starts_with("HTTP/1.1 200").then_some(())
    });
}

/// A connection from an address of the loopback network.
fn from(own: SocketAddr, to: SocketAddr) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(own).unwrap();
        socket.connect(to).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}
