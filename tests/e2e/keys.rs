//! One request per key, and ids that belong to whoever gave them: over HTTP, and with a host that dies in between.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use frontdesk_tests::{ADMIN, ANA, Answer, Host, PROGRAM, center, eventually};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A second program, with a credential of its own.
const SHOP: &str = "token-shop";
const CONSUMER: &str = "+12025550123";

fn config() -> String {
    let mut config = center("").replacen(
        "[[agents]]",
        "[outbound]
enabled = true
numbers = [{ number = '+12025550110', queue = 'main' }]
[notifications]
numbers = ['+12025550120']
[calls]
number = '+12025550160'
[[calls.queues]]
id = 'phone-billing'
name = 'Billing'
[[agents]]",
        1,
    );
    let digest = Sha256::digest(SHOP).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let _ = writeln!(config, "[[host.tokens]]\nrole = 'api'\nsha256 = '{digest}'");
    config
}

fn start(folder: &tempfile::TempDir) -> Host {
    Host::start(folder.path(), Some(&config()))
}

/// A request of a program, with a key. Ten a second are allowed: whoever is told to wait waits.
fn ask(host: &Host, by: &str, path: &str, key: &str, body: &Value) -> Answer {
    let basic = format!("Basic {}", BASE64.encode(format!("test:{by}")));
    let headers = [("Authorization", basic.as_str()), ("Idempotency-Key", key)];
    let path = format!("/apps/api/v1{path}");
    eventually("an answer", || {
        let answer = host.raw("POST", &path, &headers, &body.to_string());
        (answer.status != 429).then_some(answer)
    })
}

/// A request of the agent Ana, with a key.
fn ana(host: &Host, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [
        ("Authorization", &*format!("Bearer {ANA}")),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", key),
    ];
    host.raw("POST", &format!("/api/v1{path}"), &headers, &body.to_string())
}

fn notice(message: &str) -> Value {
    json!({
        "end_user_number": CONSUMER, "outbound_number": "+12025550120",
        "message": message, "consent": "order 7, box ticked",
    })
}

/// The texts that were decided, by their bodies.
fn sent(host: &Host, body: &str) -> usize {
    let is_it = |event: &&Value| event["type"] == "outbound_message" && event["body"] == body;
    host.events().iter().filter(is_it).count()
}

#[test]
fn sms_34_the_same_notice_with_the_same_key_is_answered_as_before_also_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let host = start(&folder);
    let first = ask(&host, PROGRAM, "/notifications", "ab+cd==&a=b#c", &notice("Your parcel"));
    assert_eq!(first.status, 202, "{first:?}");
    assert_eq!(
        ask(&host, PROGRAM, "/notifications", "ab+cd==&a=b#c", &notice("Your parcel")),
        first
    );
    host.kill();
    let host = start(&folder);
    assert_eq!(
        ask(&host, PROGRAM, "/notifications", "ab+cd==&a=b#c", &notice("Your parcel")),
        first
    );
    assert_eq!(sent(&host, "Your parcel"), 1);
    // The answer names the text that left.
    let id = first.json()["id"].clone();
    eventually("the text to leave", || {
        let events = host.events();
        events.iter().any(|event| event["type"] == "delivery" && event["id"] == id).then_some(())
    });
}

#[test]
fn sms_34_a_key_of_another_notice_is_refused_and_each_credential_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let host = start(&folder);
    let first = ask(&host, PROGRAM, "/notifications", "1", &notice("Your parcel"));
    assert_eq!(first.status, 202, "{first:?}");
    let mut others = vec![notice("Your other parcel")];
    for (field, value) in [
        ("end_user_number", "+12025550124"),
        ("consent", "order 8"),
        ("content_type", "promotional"),
    ] {
        let mut other = notice("Your parcel");
        other[field] = json!(value);
        others.push(other);
    }
    for other in others {
        let refused = ask(&host, PROGRAM, "/notifications", "1", &other);
        assert_eq!(refused.status, 422, "{other}: {refused:?}");
        assert_eq!(refused.json()["message"], "the idempotency key was used for another request");
    }
    // A chat is no notice.
    let chat = json!({
        "chat_type": "SMS", "end_user_number": "+12025550124", "outbound_number": "+12025550110",
        "message": "Your parcel", "consent": "asked for it by phone",
    });
    assert_eq!(ask(&host, PROGRAM, "/sms", "1", &chat).status, 200);
    let shops = ask(&host, SHOP, "/notifications", "1", &notice("Your order"));
    assert_eq!(shops.status, 202, "{shops:?}");
    assert_ne!(shops.json()["id"], first.json()["id"]);
    assert_eq!((sent(&host, "Your parcel"), sent(&host, "Your order")), (1, 1));
}

#[test]
fn sms_34_what_is_no_key_is_refused_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let host = start(&folder);
    let long = "x".repeat(65);
    for (key, told) in [
        (long.as_str(), "allowed are 1 to 64"),
        ("", "allowed are 1 to 64"),
        ("Bestellung ü", "ASCII"),
        ("a\tb", "ASCII"),
    ] {
        let refused = ask(&host, PROGRAM, "/notifications", key, &notice("Your parcel"));
        let message = refused.json()["message"].as_str().unwrap().to_owned();
        assert_eq!(refused.status, 400, "{key}: {message}");
        assert!(message.starts_with("Idempotency-Key: "), "{message}");
        assert!(message.contains("1 to 64 printable ASCII characters"), "{told}: {message}");
    }
    let basic = format!("Basic {}", BASE64.encode(format!("test:{PROGRAM}")));
    let twice =
        [("Authorization", basic.as_str()), ("Idempotency-Key", "1"), ("Idempotency-Key", "2")];
    let refused =
        host.raw("POST", "/apps/api/v1/notifications", &twice, &notice("Your parcel").to_string());
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(sent(&host, "Your parcel"), 0);
    let longest = ask(&host, PROGRAM, "/notifications", &long[1..], &notice("Your parcel"));
    assert_eq!(longest.status, 202, "{longest:?}");
}

#[test]
fn sms_33_a_chat_with_a_key_begins_once_also_after_a_crash_and_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let host = start(&folder);
    let chat = |message: &str| {
        json!({
            "chat_type": "SMS", "end_user_number": CONSUMER, "outbound_number": "+12025550110",
            "message": message, "consent": "asked for it by phone",
        })
    };
    let first = ask(&host, PROGRAM, "/sms", "order-17", &chat("Your order is ready."));
    assert_eq!(first.status, 200, "{first:?}");
    let id = first.json()["id"].clone();
    host.kill();
    let host = start(&folder);
    let again = ask(&host, PROGRAM, "/sms", "order-17", &chat("Your order is ready."));
    assert_eq!((again.status, &again.json()["id"]), (200, &id), "{again:?}");
    assert_eq!(ask(&host, PROGRAM, "/sms", "order-17", &chat("Come and get it.")).status, 422);
    host.post(&format!("/sessions/{id}/end"), &json!({}));
    let over = ask(&host, PROGRAM, "/sms", "order-17", &chat("Your order is ready."));
    assert_eq!((over.status, &over.json()["id"]), (200, &id), "{over:?}");
    assert_eq!(host.get("/sessions").as_array().unwrap().len(), 1);
}

#[test]
fn sms_25_an_agents_text_with_a_key_is_sent_once_also_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let host = start(&folder);
    host.call(ADMIN, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    let new = json!({
        "to": CONSUMER, "from": "+12025550110", "body": "Hello", "consent": "by phone",
    });
    let begun = ana(&host, "/sessions", "1", &new);
    assert_eq!(begun.status, 201, "{begun:?}");
    assert_eq!(ana(&host, "/sessions", "1", &new), begun, "SMS-32: the chat begins once");
    let messages = format!("/sessions/{}/messages", begun.json()["session"]);
    let text = json!({ "body": "I look into it." });
    assert_eq!(ana(&host, &messages, "1", &text).status, 202);
    assert_eq!(ana(&host, &messages, "1", &text).status, 202);
    host.kill();
    let host = start(&folder);
    assert_eq!(ana(&host, &messages, "1", &text).status, 202);
    let other = ana(&host, &messages, "1", &json!({ "body": "Something else." }));
    assert_eq!(
        (other.status, &other.json()["field"]),
        (422, &json!("Idempotency-Key")),
        "{other:?}"
    );
    assert_eq!(ana(&host, &messages, &"x".repeat(65), &text).status, 400);
    assert_eq!((sent(&host, "I look into it."), sent(&host, "Something else.")), (1, 0));
    assert_eq!(ana(&host, &messages, "2", &text).status, 202);
    assert_eq!(sent(&host, "I look into it."), 2, "another key is another text");
}

/// A key, a call and a text with the same id are three things, also for a host that begins anew in between.
#[test]
fn sms_8_an_id_means_nothing_without_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let host = start(&folder);
    let told = ask(&host, PROGRAM, "/notifications", "SM1", &notice("Your parcel"));
    assert_eq!(told.status, 202, "{told:?}");
    let call = json!({ "call": "SM1", "caller": "+12025550125", "queue": "phone-billing", "wait_minutes": 9 });
    assert_eq!(host.call(PROGRAM, "POST", "/calls", Some(&call)).status, 201);
    host.kill();
    let host = start(&folder);
    assert_eq!(host.text("SM1", "+12025550126", "HELP").status, 200);
    assert_eq!(host.text("SM1", "+12025550126", "HELP").status, 200);
    let helped = host.events().iter().filter(|event| event["type"] == "help_asked").count();
    assert_eq!(helped, 1);
    eventually("the answer to HELP", || {
        // As people write it: a plus that is not encoded is taken as one.
        let phone = host.get("/simulator/texts?consumer=+12025550126&number=+12025550100");
        phone.to_string().contains("Acme").then_some(())
    });
}
