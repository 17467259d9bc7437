//! The host under load, over HTTP on loopback, with the load generator on the same cores: signed webhooks
//! per second and their latency; memory with 100,000 open sessions; the time to be back after a SIGKILL.
//!
//! ```sh
//! cargo bench -p frontdesk-tests
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement that fails says so by panicking"
)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use frontdesk_tests::{AUTH_TOKEN, Host, center, encode, eventually};
use frontdesk_twilio::{Form, Validator};

const CONNECTIONS: usize = 64;
const PATH: &str = "/webhooks/twilio/messages";

/// A text as Twilio posts it, with all that Twilio puts in, signed; as bytes of HTTP.
fn request(host: &Host, validator: &Validator, n: usize, consumers: usize) -> Vec<u8> {
    let sid = format!("SM{n:032x}");
    let from = format!("+1202{:07}", 2_000_000 + n % consumers);
    let form = encode(&[
        ("ToCountry", "US"),
        ("SmsMessageSid", &sid),
        ("NumMedia", "0"),
        ("FromCity", "WASHINGTON"),
        ("SmsSid", &sid),
        ("SmsStatus", "received"),
        ("Body", "I was charged twice for my order last week, can somebody look into it?"),
        ("To", "+12025550100"),
        ("NumSegments", "1"),
        ("MessageSid", &sid),
        ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
        ("From", &from),
        ("ApiVersion", "2010-04-01"),
    ]);
    let signature =
        validator.sign(&format!("{}{PATH}", host.url), &Form::parse(form.as_bytes()).unwrap());
    let length = form.len();
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         X-Twilio-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{form}"
    )
    .into_bytes()
}

fn exchange(stream: &mut BufReader<TcpStream>, request: &[u8]) {
    stream.get_mut().write_all(request).unwrap();
    let (mut line, mut length) = (String::new(), 0);
    stream.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
}

/// All requests over 64 connections; how long each took, shortest first, and all of them together.
fn load(host: &Host, requests: &[Vec<u8>]) -> (Vec<Duration>, Duration) {
    let address = host.url.strip_prefix("http://").unwrap();
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Vec::with_capacity(requests.len()));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let stream = TcpStream::connect(address).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut stream = BufReader::new(stream);
                let mut took = Vec::new();
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = Instant::now();
                    exchange(&mut stream, request);
                    took.push(begun.elapsed());
                }
                all.lock().unwrap().extend(took);
            });
        }
    });
    let elapsed = started.elapsed();
    let mut all = all.into_inner().unwrap();
    all.sort_unstable();
    (all, elapsed)
}

fn report(what: &str, host: &Host, requests: &[Vec<u8>]) {
    let (took, elapsed) = load(host, requests);
    let quantile = |percent: usize| took[(took.len() - 1) * percent / 100];
    #[expect(clippy::cast_precision_loss, reason = "a count for a display")]
    let rate = requests.len() as f64 / elapsed.as_secs_f64();
    println!(
        "{what}: {rate:.0} signed webhooks/s over {CONNECTIONS} connections; p50 {:.1?}, p99 {:.1?}, longest {:.1?}",
        quantile(50),
        quantile(99),
        quantile(100)
    );
}

fn resident_megabytes(host: &Host) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", host.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1024
}

fn main() {
    // `cargo test --benches` runs this too: then a few texts are enough to see that it works.
    let count = if std::env::args().any(|arg| arg == "--bench") { 100_000 } else { 500 };
    // Beside the sources: a temporary folder may be in memory, where a sync costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    // One leaf: a first text goes to the queue, with a greeting and a waiting message.
    let config = center("").replace(
        "[[queues]]\nid = \"repairs\"\nparent = \"main\"\nname = \"Repairs\"\nagents = [\"ben\"]\n",
        "",
    );
    let host = Host::start(folder.path(), Some(&config));
    println!("started: {} MB", resident_megabytes(&host));
    let validator = Validator::new(AUTH_TOKEN).unwrap();
    let first: Vec<_> = (0..count).map(|n| request(&host, &validator, n, count)).collect();
    report("first texts (a session begins, two texts leave)", &host, &first);
    eventually("an empty outbox", || {
        metrics(&host).contains("frontdesk_outbox_pending 0").then_some(())
    });
    let later: Vec<_> = (count..2 * count).map(|n| request(&host, &validator, n, count)).collect();
    report("texts of open sessions", &host, &later);
    println!("with {count} open sessions: {} MB", resident_megabytes(&host));
    host.kill();

    let started = Instant::now();
    let host = Host::start(folder.path(), Some(&config));
    assert!(metrics(&host).contains(&format!("frontdesk_waiting{{queue=\"billing\"}} {count}")));
    println!(
        "killed and started again with {count} open sessions: answers after {:.2?}",
        started.elapsed()
    );
    println!("then: {} MB", resident_megabytes(&host));
}

fn metrics(host: &Host) -> String {
    host.metrics()
}
