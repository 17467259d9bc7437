//! Texts beside phone calls, as a telephony sees them (SMS-29 to SMS-31, SMS-35).

use frontdesk_tests::{ADMIN, ANA, Host, PROGRAM, SUPERVISOR, center, eventually};
use serde_json::{Value, json};

fn config() -> String {
    center("").replacen(
        "[[agents]]",
        "[calls]
number = '+12025550160'
app_link = 'https://app.acme.example/@{SESSION_ID}'
[[calls.queues]]
id = 'phone-billing'
name = 'Billing'
deflection = { to = 'billing', from = 5 }
[[calls.queues]]
id = 'phone-orders'
name = 'Orders'
once_per_number = true
[[calls.queues.over_capacity]]
waited_seconds = 0
estimate = 5
offers = ['callback', 'voicemail', 'number:+12025550177', 'queue:phone-billing']
[[agents]]",
        1,
    )
}

fn begin(host: &Host, call: &str, caller: &str) -> Value {
    let body =
        json!({ "call": call, "caller": caller, "queue": "phone-billing", "wait_minutes": 9 });
    let answer = host.call(PROGRAM, "POST", "/calls", Some(&body));
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()
}

fn event(host: &Host, session: &Value, event: &Value) -> (u16, Value) {
    let path = format!("/calls/{session}/events");
    let answer = host.call(PROGRAM, "POST", &path, Some(event));
    (answer.status, answer.json())
}

#[test]
fn a_telephony_connects_a_call_and_the_agent_texts_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config()));
    let call = begin(&host, "CA1", "+12025550123");
    assert_eq!(call["status"], "waiting");
    assert_eq!(call["asked"]["question"], "deflection");
    assert_eq!(call["asked"]["keys"], json!(["1", "2"]));
    assert_eq!(begin(&host, "CA1", "+12025550123")["session"], call["session"], "told again");
    let session = &call["session"];
    let no = json!({ "type": "key", "question": "deflection", "key": "2" });
    let (status, after) = event(&host, session, &no);
    assert_eq!((status, &after["asked"]), (200, &Value::Null));
    let (status, after) = event(&host, session, &json!({ "type": "connected", "agent": "ana" }));
    assert_eq!((status, &after["status"]), (200, &json!("connected")));

    let messages = format!("/sessions/{session}/messages");
    let text = json!({ "body": "The form" });
    assert_eq!(host.call(ANA, "POST", &messages, Some(&text)).status, 409, "no consent");
    let agreed = json!({ "body": "The form", "agreed": true });
    assert_eq!(host.call(ANA, "POST", &messages, Some(&agreed)).status, 202);
    let link = format!("/calls/{session}/app-link");
    assert_eq!(host.call(ANA, "POST", &link, Some(&json!({}))).status, 202);
    let (_, after) = event(&host, session, &json!({ "type": "app_opened" }));
    assert_eq!(after["app"], "open");
    let (_, after) = event(&host, session, &json!({ "type": "ended", "by": "caller" }));
    assert_eq!((&after["status"], &after["hang_up"]), (&json!("finished"), &json!(false)));
    let transcript = host.get(&format!("/sessions/{session}/transcript"));
    let bodies: Vec<&str> =
        transcript.as_array().unwrap().iter().filter_map(|e| e["body"].as_str()).collect();
    assert!(bodies[0].starts_with("The form Acme"), "{bodies:?}");
    assert!(bodies[1].ends_with(&format!("https://app.acme.example/{session}")), "{bodies:?}");
}

#[test]
fn a_caller_goes_on_by_text_and_the_telephony_hangs_up() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config()));
    let call = begin(&host, "CA1", "+12025550123");
    let yes = json!({ "type": "key", "question": "deflection", "key": "1" });
    assert_eq!(event(&host, &call["session"], &yes).0, 200);
    let over = eventually("the end of the call", || {
        let call = host.call(PROGRAM, "GET", &format!("/calls/{}", call["session"]), None).json();
        (call["hang_up"] == true).then_some(call)
    });
    assert_eq!(over["end_reason"], "deflected (to text)");
    let chat = eventually("the chat", || {
        let sessions = host.get("/sessions?open=true");
        sessions.as_array().unwrap().first().cloned()
    });
    assert_eq!((&chat["status"], &chat["queue"]), (&json!("queued"), &json!("billing")));
    assert_eq!(chat["consumer"], "+12025550123");
}

#[test]
fn rte_13_a_telephony_reads_what_to_offer_and_what_was_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config()));
    let waits = |call: &str, caller: &str, voicemail: bool| {
        let body = json!({
            "call": call, "caller": caller, "queue": "phone-orders", "wait_minutes": 9,
            "has_voicemail": voicemail,
        });
        let session = host.call(PROGRAM, "POST", "/calls", Some(&body)).json()["session"].clone();
        let path = format!("/calls/{session}");
        let read = || host.call(PROGRAM, "GET", &path, None).json();
        eventually("the caller is asked", || (!read()["asked"].is_null()).then_some(()));
        (session, read()["asked"]["choices"].clone())
    };
    let press = |session: &Value, key: &str| {
        event(&host, session, &json!({ "type": "key", "question": "keep_waiting", "key": key })).1
    };
    let (session, choices) = waits("CA1", "+12025550123", false);
    let offered = json!([
        { "key": "2", "alternative": "callback" },
        { "key": "3", "alternative": "voicemail" },
        { "key": "4", "alternative": { "phone_number": "+12025550177" } },
        { "key": "5", "alternative": { "queue": "phone-billing" } },
    ]);
    assert_eq!(choices, offered);
    assert_eq!(press(&session, "6")["field"], "key");
    let after = press(&session, "2");
    assert_eq!((&after["chosen"], &after["status"]), (&json!("callback"), &json!("waiting")));
    let (_, after) = event(&host, &session, &json!({ "type": "ended", "by": "caller" }));
    assert_eq!((&after["status"], &after["end_reason"]), (&json!("waiting"), &Value::Null));
    let (session, _) = waits("CA2", "+12025550124", false);
    let after = press(&session, "4");
    assert_eq!(after["chosen"], json!({ "phone_number": "+12025550177" }));
    assert_eq!(
        (&after["status"], &after["end_reason"]),
        (&json!("failed"), &json!("deflected (over capacity)"))
    );
    let (_, choices) = waits("CA3", "+12025550125", true);
    assert_eq!(choices[1]["key"], "3");
    assert_eq!(choices[1]["alternative"], json!({ "phone_number": "+12025550177" }));
}

#[test]
fn what_a_telephony_gets_wrong_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config()));
    let new = |field: &str, value: Value| {
        let mut body = json!({ "call": "CA1", "caller": "+12025550123", "queue": "phone-billing" });
        body[field] = value;
        body
    };
    for (body, field) in [
        (new("caller", json!("12")), "caller"),
        (new("call", json!("CA 1")), "call"),
        (new("queue", json!("billing")), "queue"),
        (new("language", json!("xx")), "language"),
        (new("wait_minutes", json!(-1)), "wait_minutes"),
    ] {
        let answer = host.call(PROGRAM, "POST", "/calls", Some(&body));
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (400, &json!(field)),
            "{}",
            answer.body
        );
    }
    for token in [ANA, SUPERVISOR] {
        let body = new("call", json!("CA1"));
        assert_eq!(host.call(token, "POST", "/calls", Some(&body)).status, 403, "{token}");
    }
    assert_eq!(host.get("/sessions"), json!([]));
    let call = begin(&host, "CA1", "+12025550123");
    let session = &call["session"];
    for (wrong, status) in [
        (json!({ "type": "key", "question": "deflection", "key": "12" }), 400),
        (json!({ "type": "key", "question": "deflection", "key": "9" }), 400),
        (json!({ "type": "key", "question": "wait_time", "key": "1" }), 409),
        (json!({ "type": "queued", "queue": "nowhere" }), 400),
        (json!({ "type": "connected", "agent": "eve" }), 404),
        (json!({ "type": "ended", "by": "nobody" }), 400),
        (json!({ "type": "dance" }), 400),
        (json!({ "type": "app_opened" }), 409),
    ] {
        assert_eq!(event(&host, session, &wrong).0, status, "{wrong}");
    }
    let now = host.call(PROGRAM, "GET", &format!("/calls/{session}"), None).json();
    assert_eq!(now, call);
    assert_eq!(event(&host, &json!(999), &json!({ "type": "app_opened" })).0, 404);
    // A call is no chat.
    let agent = json!({ "agent": "ana" });
    for what in ["dismiss", "return", "accept"] {
        let answer = host.call(ADMIN, "POST", &format!("/sessions/{session}/{what}"), Some(&agent));
        assert_eq!(answer.status, 409, "{what}: {}", answer.body);
    }
    let ended =
        host.call(SUPERVISOR, "POST", &format!("/sessions/{session}/end"), Some(&json!({})));
    assert_eq!(ended.status, 204, "a supervisor clears what the telephony has lost");
}
