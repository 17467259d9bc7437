//! Pictures over HTTP: fetched from the provider with its credentials, shown to those who may see them (SMS-7, SMS-26).

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

use frontdesk_tests::{ADMIN, ANA, Host, PROGRAM, SUPERVISOR, encode, eventually, twilio_host};
use serde_json::{Value, json};

const PNG: &[u8] = include_bytes!("../../crates/sms/tests/media/a.png");

/// A stand-in for Twilio: takes texts, and has pictures for those who know its token.
fn twilio() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap());
        }
    });
    url
}

fn answer(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let known = lines
        .take_while(|line| !line.is_empty())
        .any(|line| line.to_ascii_lowercase().starts_with("authorization: basic "));
    let (status, body): (_, &[u8]) = match first.split(' ').nth(1) {
        Some("/media/picture") if known => ("200 OK", PNG),
        Some("/media/page") if known => ("200 OK", b"<html><script>alert(1)</script>"),
        Some(path) if path.ends_with("/Messages.json") => ("201 Created", b"{\"sid\":\"SM777\"}"),
        _ => ("404 Not Found", b""),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

fn arrives(host: &Host, sid: &str, urls: &[&str]) {
    let count = urls.len().to_string();
    let mut form = vec![
        ("MessageSid".to_owned(), sid.to_owned()),
        ("From".into(), "+12025550123".into()),
        ("To".into(), "+12025550100".into()),
        ("Body".into(), "1".into()),
        ("NumMedia".into(), count),
    ];
    for (i, url) in urls.iter().enumerate() {
        form.push((format!("MediaUrl{i}"), (*url).to_owned()));
        form.push((format!("MediaContentType{i}"), "image/jpeg".into()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let form = encode(&form);
    let answer = host.signed_for_public("/webhooks/twilio/messages", &form);
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// Status, content type, policy and bytes.
fn picture(host: &Host, token: &str, path: &str) -> (u16, String, String, Vec<u8>) {
    let request = ureq::get(format!("{}/api/v1{path}", host.url));
    let request = request.config().http_status_as_error(false).build();
    let mut response = request.header("Authorization", format!("Bearer {token}")).call().unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        value.unwrap_or_default()
    };
    let (kind, policy) = (header("content-type"), header("content-security-policy"));
    (response.status().as_u16(), kind, policy, response.body_mut().read_to_vec().unwrap())
}

fn events(host: &Host, kind: &str) -> Vec<Value> {
    let transcript = host.get("/sessions/1/transcript");
    transcript.as_array().unwrap().iter().filter(|event| event["type"] == kind).cloned().collect()
}

#[test]
fn a_picture_is_fetched_and_shown_to_those_who_may_see_it() {
    let api = twilio();
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&twilio_host(&api)));
    host.call(ANA, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    let urls = [
        format!("{api}/media/picture"),
        format!("{api}/media/page"),
        format!("{api}/media/gone"),
        // Not the provider, and not public: the host itself.
        format!("{}/metrics", host.url),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
    ];
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    arrives(&host, "MM1", &urls);
    let refused = eventually("the others refused", || {
        Some(events(&host, "media_refused")).filter(|refused| refused.len() == 4)
    });
    let why: Vec<&str> = refused.iter().map(|event| event["reason"].as_str().unwrap()).collect();
    assert_eq!(why, ["unsupported", "unavailable", "unavailable", "unavailable"]);
    assert_eq!(events(&host, "media_stored")[0]["kind"], "png", "whatever the server said");

    let path = "/sessions/1/media/MM1/0";
    assert_eq!(picture(&host, ANA, path).0, 403, "not hers yet");
    assert_eq!(
        host.call(ANA, "POST", "/sessions/1/accept", Some(&json!({}))).status,
        409,
        "in the menu"
    );
    arrives(&host, "MM2", &[]);
    eventually("an offer", || {
        let accepted = host.call(ANA, "POST", "/sessions/1/accept", Some(&json!({})));
        (accepted.status == 204).then_some(())
    });
    for token in [ANA, SUPERVISOR, ADMIN] {
        let (status, kind, policy, bytes) = picture(&host, token, path);
        assert_eq!((status, kind.as_str(), bytes.as_slice()), (200, "image/png", PNG), "{token}");
        assert!(policy.contains("sandbox"), "{policy}");
    }
    assert_eq!(picture(&host, PROGRAM, path).0, 403);
    for nothing in ["/sessions/1/media/MM1/1", "/sessions/1/media/MM9/0", "/sessions/9/media/MM1/0"]
    {
        assert_eq!(picture(&host, ADMIN, nothing).0, 404, "{nothing}");
    }
    // Where the provider has it is told to nobody.
    let transcript = host.call(ANA, "GET", "/sessions/1/transcript", None).body;
    assert!(!transcript.contains(&api), "{transcript}");
    assert!(folder.path().join("frontdesk.media/test/_/twilio/MM1/0").exists());
}

#[test]
fn a_token_may_show_chats_without_pictures() {
    let api = twilio();
    let folder = tempfile::tempdir().unwrap();
    let text =
        twilio_host(&api).replace("role = 'supervisor'", "role = 'supervisor'\nmedia = false");
    let host = Host::start(folder.path(), Some(&text));
    arrives(&host, "MM1", &[&format!("{api}/media/picture")]);
    eventually("the picture", || events(&host, "media_stored").pop());
    assert_eq!(picture(&host, SUPERVISOR, "/sessions/1/media/MM1/0").0, 403);
    assert_eq!(picture(&host, ADMIN, "/sessions/1/media/MM1/0").0, 200);
    assert_eq!(host.call(SUPERVISOR, "GET", "/sessions/1/transcript", None).status, 200);
}
