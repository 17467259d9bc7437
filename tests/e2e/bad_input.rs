//! Bad input is refused with a reason, and nothing of it is stored.

use frontdesk_tests::{ADMIN, Host, center, encode};
use serde_json::json;

const HOOK: &str = "/webhooks/twilio/messages";

fn form(change: Option<(&str, Option<&str>)>) -> String {
    let fields =
        [("MessageSid", "SM1"), ("From", "+12025550123"), ("To", "+12025550100"), ("Body", "Hi")];
    let fields = fields.into_iter().filter_map(|(name, value)| match change {
        Some((changed, new)) if changed == name => new.map(|new| (name, new)),
        _ => Some((name, value)),
    });
    encode(&fields.collect::<Vec<_>>())
}

#[test]
fn sms_7_and_8_pictures_without_a_text_and_texts_of_no_telephone_are_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    for (id, sender) in [("SM2", "68849"), ("SM3", "GOVUK")] {
        let fields =
            [("MessageSid", id), ("From", sender), ("To", "+12025550100"), ("Body", "Code 1")];
        assert_eq!(host.signed(HOOK, &encode(&fields)).status, 200, "{sender}");
    }
    let picture = form(Some(("Body", None)))
        + "&NumMedia=1&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2F1&MediaContentType0=image%2Fpng";
    assert_eq!(host.signed(HOOK, &picture).status, 200);
}

#[test]
fn a_webhook_that_is_not_as_it_should_be_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let good = form(None);

    let unsigned = host.webhook(HOOK, good.as_bytes(), None);
    assert_eq!(
        (unsigned.status, unsigned.json()["error"].clone()),
        (403, json!("wrong_signature"))
    );
    for wrong in ["", "AAAA", "no base64!", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="] {
        assert_eq!(host.webhook(HOOK, good.as_bytes(), Some(wrong)).status, 403, "{wrong}");
    }
    // A form that was changed on the way.
    let signed_for = frontdesk_twilio::Validator::new(frontdesk_tests::AUTH_TOKEN).unwrap().sign(
        &format!("{}{HOOK}", host.url),
        &frontdesk_twilio::Form::parse(good.as_bytes()).unwrap(),
    );
    assert_eq!(
        host.webhook(HOOK, good.replace("Hi", "Ho").as_bytes(), Some(&signed_for)).status,
        403
    );

    let table = [
        ("MessageSid", None),
        ("MessageSid", Some("")),
        ("MessageSid", Some("a b")),
        ("From", None),
        ("From", Some("12")),
        ("From", Some("+1")),
        ("From", Some("a name that is too long")),
        ("To", None),
        ("To", Some("nobody")),
        ("Body", None),
    ];
    for (field, value) in table {
        let answer = host.signed(HOOK, &form(Some((field, value))));
        assert_eq!(
            (answer.status, answer.json()["field"].clone()),
            (400, json!(field)),
            "{value:?}: {answer:?}"
        );
    }
    let media = host.signed(HOOK, &format!("{good}&NumMedia=2&MediaUrl0=x"));
    assert_eq!((media.status, media.json()["field"].clone()), (400, json!("MediaUrl")));

    let latin1 = host.webhook(HOOK, b"MessageSid=SM1&Body=%E9t%E9", Some("AAAA"));
    assert_eq!((latin1.status, latin1.json()["field"].clone()), (400, json!("Body")), "{latin1:?}");

    let huge = format!("{good}{}", "x".repeat(64 * 1024));
    assert_eq!(host.signed(HOOK, &huge).status, 413);
    assert!(host.events().is_empty(), "nothing was stored of any of it");
    let elsewhere = host.signed("/webhooks/twilio/messages?x=1", &good);
    assert_eq!(elsewhere.status, 200, "a query is part of what is signed: {elsewhere:?}");
}

#[test]
fn a_text_to_an_unknown_number_is_an_event_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    for _ in 0..2 {
        let answer = host.signed(HOOK, &form(Some(("To", Some("+12025550199")))));
        assert_eq!((answer.status, answer.json()["error"].clone()), (404, json!("unknown_number")));
    }
    let events = host.events();
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["type"], &events[0]["number"]),
        (&json!("unrouted_message"), &json!("+12025550199"))
    );
    assert_eq!(host.get("/sessions"), json!([]));
}

#[test]
fn a_status_report_that_is_not_as_it_should_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let hook = "/webhooks/twilio/status?text=1-1";
    let good =
        "MessageSid=SM1&From=%2B12025550100&To=%2B12025550123&MessageStatus=failed&ErrorCode=30007";
    assert_eq!(host.webhook(hook, good.as_bytes(), None).status, 403);
    let table = [
        (hook, good.replace("failed", "eaten"), "MessageStatus"),
        (hook, good.replace("MessageStatus", "Status"), "MessageStatus"),
        (hook, good.replace("To=", "Too="), "To"),
        ("/webhooks/twilio/status", good.to_owned(), "text"),
        ("/webhooks/twilio/status?text=", good.to_owned(), "text"),
    ];
    for (hook, form, field) in table {
        let answer = host.signed(hook, &form);
        assert_eq!(
            (answer.status, answer.json()["field"].clone()),
            (400, json!(field)),
            "{form}: {answer:?}"
        );
    }
    assert_eq!(host.events(), Vec::<serde_json::Value>::new());
}

#[test]
fn what_the_api_cannot_read_is_said_field_by_field() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let long = "x".repeat(1601);
    let status = "/agents/ana/status";
    let table = [
        ("PUT", status, json!({ "status": "happy" }), 400, "status"),
        ("PUT", status, json!({ "status": "in_chat" }), 400, "status"),
        ("PUT", status, json!({ "status": "custom:training" }), 400, "status"),
        ("PUT", status, json!({}), 400, "status"),
        ("PUT", status, json!({ "stat": "available" }), 400, "stat"),
        ("PUT", "/agents/eve/status", json!({ "status": "available" }), 404, ""),
        ("POST", "/sessions/1/accept", json!({}), 400, "agent"),
        ("POST", "/sessions/99/accept", json!({ "agent": "ana" }), 404, ""),
        ("POST", "/sessions/99/messages", json!({ "agent": "ana", "body": "x" }), 404, ""),
        ("POST", "/sessions/1/messages", json!({ "agent": "ana" }), 400, "body"),
        ("POST", "/sessions/1/messages", json!({ "agent": "ana", "body": "" }), 400, "body"),
        ("POST", "/sessions/1/messages", json!({ "agent": "ana", "body": long }), 400, "body"),
        ("POST", "/sessions/x/end", json!({}), 400, ""),
        ("POST", "/contacts", json!({ "name": "", "number": "1" }), 400, "name"),
        (
            "POST",
            "/simulator/texts",
            json!({ "from": "x", "to": "+12025550100", "body": "" }),
            400,
            "from",
        ),
        (
            "POST",
            "/simulator/texts",
            json!({ "from": "+12025550123", "to": "+12025550199", "body": "" }),
            404,
            "",
        ),
        ("POST", "/dead-letters/7/retry", json!({}), 404, ""),
        ("DELETE", "/sessions", json!({}), 405, ""),
        ("GET", "/nothing", json!({}), 404, ""),
        ("GET", "/sessions?limit=0", json!({}), 400, "limit"),
        ("GET", "/sessions?opened=true", json!({}), 400, ""),
    ];
    host.text("SM1", "+12025550123", "Hello");
    host.text("SM2", "+12025550123", "1");
    host.call(ADMIN, "PUT", status, Some(&json!({ "status": "available" })));
    host.post("/sessions/1/accept", &json!({ "agent": "ana" }));
    for (method, path, body, expected, field) in table {
        let answer = host.call(ADMIN, method, path, Some(&body));
        assert_eq!(answer.status, expected, "{method} {path} {body}: {answer:?}");
        assert_eq!(
            answer.json()["field"].as_str().unwrap_or_default(),
            field,
            "{method} {path} {body}: {answer:?}"
        );
        assert!(
            answer.json()["message"].as_str().is_some_and(|message| message.len() > 10),
            "{answer:?}"
        );
    }
    let wrong_type = ureq::put(format!("{}/api/v1{status}", host.url))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Authorization", format!("Bearer {ADMIN}"))
        .content_type("text/plain")
        .send("available")
        .unwrap();
    assert_eq!(wrong_type.status(), 415);
}

#[test]
fn texts_of_any_length_are_kept_or_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let long = "x".repeat(9_998) + "é🙂";
    for (sid, body) in [("SM1", ""), ("SM2", long.as_str()), ("SM3", "1")] {
        assert_eq!(host.text(sid, "+12025550123", body).status, 200, "{sid}");
    }
    host.call(ADMIN, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    host.post("/sessions/1/accept", &json!({ "agent": "ana" }));
    let before = host.get("/sessions/1/transcript");
    let kept: Vec<&str> = before
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["type"] == "inbound_message")
        .map(|event| event["body"].as_str().unwrap())
        .collect();
    assert!(kept == ["", &long, "1"], "kept whole");
    // An agent's must fit what providers take, and be text: half a surrogate pair is none.
    let url = format!("{}/api/v1/sessions/1/messages", host.url);
    for body in [format!("\"{}\"", "x".repeat(10_000)), "\"\\ud83d\"".into(), "\" \"".into()] {
        let answer = ureq::post(&url)
            .config()
            .http_status_as_error(false)
            .build()
            .header("Authorization", format!("Bearer {ADMIN}"))
            .content_type("application/json")
            .send(format!("{{\"agent\":\"ana\",\"body\":{body}}}"))
            .unwrap();
        assert_eq!(answer.status().as_u16(), 400, "{body:.20}");
    }
    let by_agent = |event: &&serde_json::Value| event["author"]["agent"] == "ana";
    let after = host.get("/sessions/1/transcript");
    assert_eq!(after.as_array().unwrap().iter().filter(by_agent).count(), 0, "nothing was sent");
}
