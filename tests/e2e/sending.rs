//! Texts leave through Twilio's API: judged by a strict mock made from Twilio's own OpenAPI document, and
//! by stand-ins that fail in the ways providers do.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::mpsc,
};

use frontdesk_tests::{ACCOUNT, ADMIN, Host, Prism, encode, eventually, twilio_host};
use serde_json::{Value, json};

/// A text in, signed for the public URL and not for the address that it happens to come by.
fn hello(host: &Host, sid: &str, body: &str) {
    let form =
        [("MessageSid", sid), ("From", "+12025550123"), ("To", "+12025550100"), ("Body", body)];
    let form = encode(&form);
    let answer = host.signed_for_public("/webhooks/twilio/messages", &form);
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn deliveries(host: &Host, status: &str) -> Vec<Value> {
    let events = host.events();
    events
        .into_iter()
        .filter(|event| event["type"] == "delivery" && event["status"] == status)
        .collect()
}

#[test]
fn what_is_sent_is_what_twilios_document_asks_for() {
    let prism = Prism::start("twilio-messages-openapi.json");
    // The mock is strict: it refuses what the document does not allow.
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", prism.url);
    let refused = |form: &str, authorized: bool| {
        let mut request = ureq::post(&url).config().http_status_as_error(false).build();
        if authorized {
            request = request.header("Authorization", "Basic QUM6eA==");
        }
        request
            .content_type("application/x-www-form-urlencoded")
            .send(form)
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(refused("Body=x&From=%2B12025550100", true), 422, "without To");
    assert_eq!(refused("To=%2B12025550123&Body=x", false), 401, "without a key");

    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&twilio_host(&prism.url)));
    hello(&host, "SM1", "Hello, ¿qué tal? 🙂");
    let accepted = eventually("both texts accepted", || {
        Some(deliveries(&host, "accepted")).filter(|accepted| accepted.len() == 2)
    });
    assert!(accepted.iter().all(|event| event["provider_id"].is_string()), "{accepted:?}");
    assert_eq!(
        host.call(
            ADMIN,
            "GET",
            "/simulator/texts?consumer=%2B12025550123&number=%2B12025550100",
            None
        )
        .status,
        409
    );
}

/// A provider that gives the answers it is told to, and says what it was asked.
pub(crate) struct Provider {
    pub(crate) url: String,
    asked: mpsc::Receiver<String>,
}

impl Provider {
    pub(crate) fn with(answers: Vec<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, asked) = mpsc::channel();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let request = read_request(&mut stream);
                stream.write_all(answer.as_bytes()).unwrap();
                drop(stream);
                if tell.send(request).is_err() {
                    return;
                }
            }
        });
        Self { url, asked }
    }

    pub(crate) fn next(&self) -> String {
        self.asked.recv_timeout(frontdesk_tests::PATIENCE).expect("a request")
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        request.push_str(&line);
        if line == "\r\n" || line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    request + &String::from_utf8(body).unwrap()
}

pub(crate) const CREATED: &str = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"sid\":\"SM777\"}";
const BUSY: &str =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const OPTED_OUT: &str = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"code\":21610}";
const LANDLINE: &str = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"code\":21614}";

fn body(request: &str) -> &str {
    request.split("\r\n\r\n").nth(1).unwrap()
}

#[test]
fn a_provider_that_is_busy_is_asked_again_and_order_is_kept() {
    let provider = Provider::with(vec![BUSY, CREATED, CREATED]);
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&twilio_host(&provider.url)));
    hello(&host, "SM1", "Hello");
    let (first, again, second) = (provider.next(), provider.next(), provider.next());
    assert_eq!(body(&first), body(&again), "the same text first, not the next one");
    assert!(
        body(&first).contains("Welcome") && body(&second).contains("Billing"),
        "{first} {second}"
    );
    assert!(body(&first).contains("StatusCallback=https%3A%2F%2Ffrontdesk.example.com%2Fwebhooks%2Ftwilio%2Fstatus%3Ftext%3Dtest%252F1-1"), "{first}");
    let head = first.to_ascii_lowercase();
    assert!(
        head.contains("authorization: basic") && head.contains("/2010-04-01/accounts/ac"),
        "{head}"
    );
    eventually("both accepted", || (deliveries(&host, "accepted").len() == 2).then_some(()));
}

#[test]
fn a_carriers_opt_out_is_ours_too() {
    let provider = Provider::with(vec![OPTED_OUT, CREATED]);
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&twilio_host(&provider.url)));
    hello(&host, "SM1", "Hello");
    assert!(body(&provider.next()).contains("Welcome"));
    let refused = eventually("the second text refused", || deliveries(&host, "refused").pop());
    assert_eq!(refused["id"], "1-2");
    let opted_out: Vec<Value> =
        host.events().into_iter().filter(|event| event["type"] == "opted_out").collect();
    assert_eq!(opted_out.len(), 1);
    assert_eq!(opted_out[0]["word"], "carrier");
    assert_eq!(deliveries(&host, "failed")[0]["reason"], "21610");
}

#[test]
fn a_text_that_can_never_arrive_fails_and_the_next_one_goes() {
    let provider = Provider::with(vec![LANDLINE, CREATED]);
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&twilio_host(&provider.url)));
    hello(&host, "SM1", "Hello");
    let accepted = eventually("the second text", || deliveries(&host, "accepted").pop());
    assert_eq!((&accepted["id"], &accepted["provider_id"]), (&json!("1-2"), &json!("SM777")));
    assert_eq!(deliveries(&host, "failed")[0]["reason"], "21614");
}

#[test]
fn twilio_without_its_secret_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("center.toml"), twilio_host("http://127.0.0.1:9")).unwrap();
    let output = Command::new(frontdesk_tests::program())
        .args(["serve", "center.toml", "--listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .env_remove("FRONTDESK_TWILIO_AUTH_TOKEN")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("FRONTDESK_TWILIO_AUTH_TOKEN"));
}
