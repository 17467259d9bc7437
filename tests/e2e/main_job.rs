//! A text reaches an agent, an answer goes back, nobody else sees who texts.

use frontdesk_tests::{ADMIN, ANA, Host, SUPERVISOR, center, eventually};
use serde_json::{Value, json};

const CONSUMER: &str = "+12025550123";

/// What has arrived on the consumer's phone.
fn phone(host: &Host) -> Vec<String> {
    let texts = host.get("/simulator/texts?consumer=%2B12025550123&number=%2B12025550100");
    let texts = texts.as_array().unwrap().iter().filter(|text| text["mine"] == false);
    texts.map(|text| text["body"].as_str().unwrap().to_owned()).collect()
}

fn arrives(host: &Host, words: &str) {
    eventually(words, || phone(host).iter().find(|text| text.contains(words)).map(drop));
}

#[test]
fn a_text_reaches_an_agent_and_an_answer_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let available = json!({ "status": "available" });
    for agent in ["ana", "ben"] {
        let answer = host.call(ADMIN, "PUT", &format!("/agents/{agent}/status"), Some(&available));
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    let taken = host.text("SM1", CONSUMER, "Hello");
    assert_eq!((taken.status, taken.body.ends_with("<Response/>")), (200, true), "{taken:?}");
    arrives(&host, "1. Billing");
    assert_eq!(host.text("SM2", CONSUMER, "1").status, 200);

    let offers = host.call(ANA, "GET", "/offers", None).json();
    assert_eq!(offers[0]["queue_name"], "Billing");
    let session = offers[0]["session"].as_u64().unwrap();
    // One winner (RTE-5).
    assert_eq!(
        host.call(ANA, "POST", &format!("/sessions/{session}/accept"), Some(&json!({}))).status,
        204
    );
    let late = host.call(
        ADMIN,
        "POST",
        &format!("/sessions/{session}/accept"),
        Some(&json!({ "agent": "ben" })),
    );
    assert_eq!((late.status, late.json()["error"].clone()), (409, json!("conflict")), "{late:?}");

    let answer = json!({ "body": "Hi, this is Ana." });
    assert_eq!(
        host.call(ANA, "POST", &format!("/sessions/{session}/messages"), Some(&answer)).status,
        202
    );
    arrives(&host, "Hi, this is Ana.");
    assert_eq!(host.text("SM3", CONSUMER, "Thank you").status, 200);

    let transcript = host.call(ANA, "GET", &format!("/sessions/{session}/transcript"), None).json();
    let said: Vec<&Value> = transcript
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["type"] == "inbound_message")
        .collect();
    assert_eq!(
        said.iter().map(|event| &event["body"]).collect::<Vec<_>>(),
        ["Hello", "1", "Thank you"]
    );

    // STOP ends it, with one confirmation and nothing after.
    assert_eq!(host.text("SM4", CONSUMER, "Stop").status, 200);
    let seen = host.call(SUPERVISOR, "GET", &format!("/sessions/{session}"), None).json();
    assert!(seen["ended"].is_string(), "{seen}");
    arrives(&host, "opted out");
    let before = phone(&host).len();
    assert_eq!(host.text("SM5", CONSUMER, "Are you there?").status, 200);
    assert_eq!(host.text("SM6", CONSUMER, "STOP").status, 200);
    let late = host.call(ANA, "POST", &format!("/sessions/{session}/messages"), Some(&answer));
    assert_eq!(late.status, 409, "{late:?}");
    eventually("an empty outbox", || {
        host.metrics().contains("frontdesk_outbox_pending 0").then_some(())
    });
    assert_eq!(phone(&host).len(), before);
}

#[test]
fn a_provider_that_delivers_twice_is_heard_once() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    for _ in 0..3 {
        assert_eq!(host.text("SM1", CONSUMER, "Hello").status, 200);
    }
    let events = host.events();
    assert_eq!(events.iter().filter(|event| event["type"] == "inbound_message").count(), 1);
    // A delivery report, too.
    let report = "MessageSid=SM9&From=%2B12025550100&To=%2B12025550123&MessageStatus=delivered";
    for _ in 0..2 {
        assert_eq!(host.signed("/webhooks/twilio/status?text=1-1", report).status, 200);
    }
    let delivered = |event: &&Value| event["type"] == "delivery" && event["status"] == "delivered";
    assert_eq!(host.events().iter().filter(delivered).count(), 1);
}

#[test]
fn pictures_are_in_the_transcript() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let form = "MessageSid=MM1&From=%2B12025550123&To=%2B12025550100&Body=&NumMedia=1\
                &MediaUrl0=https%3A%2F%2Fapi.twilio.com%2Fx&MediaContentType0=image%2Fpng";
    assert_eq!(host.signed("/webhooks/twilio/messages", form).status, 200);
    let transcript = host.get("/sessions/1/transcript");
    let text =
        transcript.as_array().unwrap().iter().find(|event| event["type"] == "inbound_message");
    assert_eq!(text.unwrap()["media"][0]["content_type"], "image/png");
}

#[test]
fn an_agent_chooses_between_two_contacts() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    for name in ["Kim", "Kim's mother"] {
        host.post("/contacts", &json!({ "name": name, "number": "(202) 555-0123" }));
    }
    host.call(ANA, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    host.text("SM1", CONSUMER, "Hello");
    host.text("SM2", CONSUMER, "1");
    assert_eq!(host.call(ANA, "POST", "/sessions/1/accept", Some(&json!({}))).status, 204);
    let candidates = eventually("a choice", || {
        let found = host.call(ANA, "GET", "/sessions/1/contacts", None).json();
        (found.as_array().unwrap().len() == 2).then_some(found)
    });
    let stranger =
        host.call(ANA, "PUT", "/sessions/1/contact", Some(&json!({ "contact": "c-99" })));
    assert_eq!(stranger.status, 409, "{stranger:?}");
    let chosen = json!({ "contact": candidates[1]["id"] });
    assert_eq!(host.call(ANA, "PUT", "/sessions/1/contact", Some(&chosen)).status, 204);
    assert_eq!(host.call(ANA, "GET", "/sessions/1/contacts", None).json(), json!([]));
}

#[test]
fn live_updates_say_that_something_happened_and_not_what() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let mut live = ureq::get(format!("{}/api/v1/live", host.url))
        .header("Authorization", format!("Bearer {ANA}"))
        .call()
        .unwrap();
    let mut live = std::io::BufReader::new(live.body_mut().as_reader());
    let mut next = || {
        let mut event = String::new();
        while !event.ends_with("\n\n") {
            assert!(std::io::BufRead::read_line(&mut live, &mut event).unwrap() > 0, "{event}");
        }
        event
    };
    assert!(next().contains("event: resync"));
    host.text("SM1", CONSUMER, "I am Kim and I owe you money");
    let event = next();
    assert!(event.contains("event: change") && event.contains("session_started"), "{event}");
    for secret in ["Kim", "money", "0123"] {
        assert!(!event.contains(secret), "{event}");
    }
}

#[test]
fn a_log_line_never_holds_what_people_wrote_or_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.text("SM1", CONSUMER, "my secret is Rosebud");
    host.text("SM2", "not a number", "Rosebud");
    host.signed(
        "/webhooks/twilio/messages",
        "MessageSid=SM3&From=%2B12025550123&To=%2B12025550199&Body=Rosebud",
    );
    host.webhook("/webhooks/twilio/messages", b"Body=Rosebud&From=%2B12025550123", Some("wrong"));
    host.call(ADMIN, "GET", "/simulator/texts?consumer=%2B12025550123&number=x", None);
    host.call("token-of-somebody", "GET", "/me", None);
    arrives(&host, "Billing");
    let (log, status) = (host.log(), host.stop());
    assert!(status.success());
    assert!(log.contains("serving"), "{log}");
    for secret in ["Rosebud", "5550123", "5550199", "token-", frontdesk_tests::AUTH_TOKEN] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
