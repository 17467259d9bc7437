//! Answers that providers, proxies and strangers give: what follows from each, and how much of it is read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    thread::JoinHandle,
};

use frontdesk::{
    CarrierLookup, Departure, OutgoingText, Transport, TransportError, store::Line, types::Purpose,
};
use frontdesk_twilio::{Lookup, Settings, Twilio};

/// An answer is read up to a bound: what else leaves a server's hands stands in buffers of the system.
const BUFFERS: usize = 16 * 1024 * 1024;
/// The body that says what the test sends.
const WORDS: &str = "Hello+there";

fn settings(base_url: String) -> Settings {
    let account_sid = format!("AC{}", "0".repeat(32));
    Settings { account_sid, auth_token: "secret".into(), base_url, status_callback: None }
}

fn text() -> OutgoingText {
    let line =
        Line { consumer: "+12025550123".parse().unwrap(), number: "+12025550100".parse().unwrap() };
    let id = "acme/1-1".parse().unwrap();
    OutgoingText { id, line, purpose: Purpose::Greeting, body: "Hello there".into() }
}

/// A server for one connection; the answer is what it read of the request, and how much it could write.
fn server(
    serve: impl FnOnce(&mut TcpStream) -> usize + Send + 'static,
) -> (String, JoinHandle<(String, usize)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = request(&mut stream);
        let written = serve(&mut stream);
        (request, written)
    });
    (url, served)
}

/// Reads until the body is there, or the other side hangs up.
fn request(stream: &mut TcpStream) -> String {
    let (mut request, mut some) = (Vec::new(), [0; 4096]);
    loop {
        let count = match stream.read(&mut some) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}"),
        };
        request.extend_from_slice(&some[..count]);
        let so_far = String::from_utf8_lossy(&request);
        if so_far.contains(WORDS) || so_far.starts_with("GET") {
            break;
        }
    }
    String::from_utf8(request).unwrap()
}

fn answer(head: &'static str) -> impl FnOnce(&mut TcpStream) -> usize + Send + 'static {
    move |stream| {
        stream.write_all(head.as_bytes()).unwrap();
        head.len()
    }
}

/// An answer that never ends, until the other side hangs up.
fn endless(head: &'static str) -> impl FnOnce(&mut TcpStream) -> usize + Send + 'static {
    move |stream| {
        let mut written = answer(head)(stream);
        let chunk = vec![b' '; 64 * 1024];
        while stream.write_all(&chunk).is_ok() {
            written += chunk.len();
            assert!(written < 100 * BUFFERS, "nobody hangs up");
        }
        written
    }
}

async fn send(url: String) -> Result<String, TransportError> {
    Twilio::new(settings(url)).unwrap().send(&text()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_never_ends_is_read_to_a_bound() {
    let (url, served) = server(endless("HTTP/1.1 201 Created\r\n\r\n"));
    assert_eq!(send(url).await, Ok("unknown".into()), "accepted, whatever the answer says");
    assert!(served.join().unwrap().1 < BUFFERS);

    let (url, served) = server(endless("HTTP/1.1 400 Bad Request\r\n\r\n{\"code\":"));
    let refused = send(url).await;
    assert!(matches!(refused, Err(TransportError::Misconfigured { .. })), "{refused:?}");
    assert!(served.join().unwrap().1 < BUFFERS);

    let (url, served) = server(endless("HTTP/1.1 200 OK\r\n\r\n"));
    let carrier = Lookup::new(settings(url)).unwrap().carrier(text().line.consumer).await;
    assert!(carrier.is_err());
    assert!(served.join().unwrap().1 < BUFFERS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirection_is_not_followed_and_is_an_operators_mistake() {
    for head in [
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nnope",
    ] {
        let (url, served) = server(answer(head));
        let sent = send(url).await;
        assert!(matches!(sent, Err(TransportError::Misconfigured { .. })), "{sent:?}");
        assert!(served.join().unwrap().0.contains(WORDS));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_off_after_the_request_is_unknown() {
    let (url, served) = server(|_| 0);
    let sent = send(url).await;
    assert!(matches!(sent, Err(TransportError::Unknown { .. })), "{sent:?}");
    assert!(served.join().unwrap().0.contains(WORDS), "it had the text");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_at_the_address_is_no_doubt() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let sent = send(url).await;
    assert!(matches!(sent, Err(TransportError::Temporary { .. })), "{sent:?}");
}

/// A revocation that arrived while the connection was made: the text stays here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sms_11_a_request_that_may_not_begin_leaves_no_text() {
    let (url, served) = server(|_| 0);
    let twilio = Twilio::new(settings(url)).unwrap();
    let sent = twilio.depart(&text(), &Departure::stopped()).await;
    assert_eq!(sent, Err(TransportError::NotBegun));
    drop(twilio);
    let (request, _) = served.join().unwrap();
    assert!(!request.contains(WORDS) && !request.contains("Hello"), "{request}");
}
