//! The Outbound SMS API, notices, and taking chats up again (SMS-21, SMS-33, SMS-34, SMS-38).

use frontdesk_tests::{ADMIN, ANA, Host, PROGRAM, SUPERVISOR, center, eventually};
use serde_json::{Value, json};

const AUTH: Option<(&str, &str)> = Some(("test", PROGRAM));

fn config() -> String {
    center("").replace("name = \"Ana\"", "name = \"Ana\"\nemail = 'Ana@Acme.example'").replacen(
        "[[agents]]",
        "[outbound]
enabled = true
numbers = [{ number = '+12025550100' }, { number = '+12025550110', queue = 'main' }]
[notifications]
numbers = ['+12025550120']
[[agents]]",
        1,
    )
}

fn host(folder: &tempfile::TempDir) -> Host {
    Host::start(folder.path(), Some(&config()))
}

fn valid() -> Value {
    json!({
        "chat_type": "Messaging (SMS)",
        "end_user_number": "+1 202-555-0123",
        "outbound_number": "+12025550110",
        "message": "Your order is ready.",
        "ticket_id": "T-7",
        "consent": "asked for it by phone",
        "something_else": [1, 2],
    })
}

/// Ten a second are allowed: whoever is told to wait waits.
fn sms(host: &Host, body: &Value) -> (u16, Value) {
    eventually("an answer", || {
        let answer = host.program(AUTH, "POST", "/sms", &body.to_string());
        (answer.status != 429).then(|| (answer.status, answer.json()))
    })
}

#[test]
fn a_program_begins_a_chat_and_gets_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder);
    let (status, session) = sms(&host, &valid());
    assert_eq!(status, 200, "{session}");
    for (field, value) in [
        ("id", json!(1)),
        ("lang", json!("en")),
        ("chat_type", json!("Messaging (SMS)")),
        ("chat_subtype", json!("Messaging Outbound (SMS via API)")),
        ("status", json!("selecting")),
        ("queued_at", Value::Null),
        ("assigned_at", Value::Null),
        ("ends_at", Value::Null),
        ("wait_duration", json!(0)),
        ("chat_duration", json!(0)),
        ("out_ticket_id", json!("T-7")),
        ("end_user_number", json!("+12025550123")),
        ("outbound_number", json!("+12025550110")),
        ("disconnected_by", Value::Null),
        ("fail_reason", Value::Null),
    ] {
        assert_eq!(session[field], value, "{field} of {session}");
    }
    assert!(session["created_at"].is_string());

    // With an agent it is theirs at once; the other spelling of every field is taken.
    host.call(ADMIN, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    let camel = json!({
        "chatType": "SMS", "endUserNumber": "12025550124", "outboundNumber": "(202) 555-0100",
        "message": "Hello", "agentEmail": "ana@acme.example",
        "consent": { "method": "agent", "level": "express", "wording": "asked for it by phone" },
    });
    let (status, session) = sms(&host, &camel);
    assert_eq!(
        (status, &session["status"], &session["agent_id"]),
        (200, &json!("assigned"), &json!("ana")),
        "{session}"
    );
    // Again, on the agent's behalf, in the same chat.
    let mut again = camel;
    again["agent_id"] = json!("ana");
    let (status, same) = sms(&host, &again);
    assert_eq!((status, &same["id"]), (200, &session["id"]));
    let texts = format!("/sessions/{}/transcript", session["id"]);
    let transcript = host.get(&texts);
    let by_ana = transcript.as_array().unwrap().iter().filter(|e| e["author"]["agent"] == "ana");
    assert_eq!(by_ana.count(), 2);
}

#[test]
fn every_refusal_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder);
    let with = |field: &str, value: Value| {
        let mut body = valid();
        body[field] = value;
        body
    };
    let table = [
        (with("chat_type", Value::Null), "chat_type is missing"),
        (with("chat_type", json!("Email")), "chat_type is not valid"),
        (with("end_user_number", json!("")), "end_user_number is missing"),
        (with("end_user_number", json!("12")), "end_user_number is invalid"),
        (with("end_user_number", json!("+12021230123")), "end_user_number is invalid"),
        (
            with("end_user_number", json!("+44 20 7946 0123")),
            "country of the end user number is not allowed",
        ),
        (with("outbound_number", Value::Null), "outbound_number is missing"),
        (with("outbound_number", json!("x")), "outbound_number is invalid"),
        (
            with("outbound_number", json!("+12025550199")),
            "not one of this center's outbound numbers",
        ),
        (with("message", Value::Null), "message is missing"),
        (with("message", json!("  ")), "message is missing"),
        (with("message", json!(["x"])), "message is not a text"),
        (with("message", json!("x".repeat(1601))), "1601 characters"),
        (with("agent_id", json!("eve")), "there is no agent `eve`"),
        (with("agent_email", json!("eve@acme.example")), "there is no agent"),
        (with("agent_id", json!("ana")), "not available"),
        (with("ticket_id", json!("a b")), "ticket_id"),
        (with("lang", json!("fr")), "lang"),
    ];
    for (body, message) in table {
        let (status, answer) = sms(&host, &body);
        assert_eq!(status, 400, "{body}: {answer}");
        assert!(answer["message"].as_str().unwrap().contains(message), "{body}: {answer}");
    }
    for body in ["", "[]", "{", "{\"message\":\"\\ud800\"}"] {
        let answer = host.program(AUTH, "POST", "/sms", body);
        assert!(matches!(answer.status, 400 | 429), "{body}: {answer:?}");
    }
    assert_eq!(host.get("/sessions"), json!([]), "nothing began");

    // In a chat already; opted out; blocked.
    assert_eq!(sms(&host, &valid()).0, 200);
    let (status, answer) = sms(&host, &valid());
    assert_eq!(
        (status, answer["message"].as_str().unwrap()),
        (400, "the end user is already in an active SMS session")
    );
    let form = "/simulator/texts";
    let stop = json!({ "from": "+12025550123", "to": "+12025550110", "body": "STOP" });
    host.post(form, &stop);
    let (status, answer) = sms(&host, &valid());
    assert_eq!(
        (status, answer["message"].as_str().unwrap()),
        (400, "the end user has opted out: do not contact")
    );
    let block =
        |method: &str| host.call(SUPERVISOR, method, "/blocklist/+12025550125", None).status;
    assert_eq!((block("PUT"), block("PUT")), (204, 409));
    assert_eq!(host.call(SUPERVISOR, "GET", "/blocklist", None).json(), json!(["+12025550125"]));
    let (status, answer) = sms(&host, &with("end_user_number", json!("+12025550125")));
    assert_eq!(
        (status, answer["message"].as_str().unwrap()),
        (400, "the end user number is on the blocklist")
    );
    assert_eq!((block("DELETE"), block("DELETE")), (204, 409));
    assert_eq!(host.call(ANA, "GET", "/blocklist", None).status, 403);
}

#[test]
fn without_outbound_texts_in_the_configuration_nothing_begins() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let (status, answer) = sms(&host, &valid());
    assert_eq!((status, answer["message"].as_str().unwrap()), (400, "outbound SMS is off"));
}

#[test]
fn credentials_are_checked_and_ten_requests_a_second_are_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder);
    let body = valid().to_string();
    for auth in
        [None, Some(("test", "x")), Some(("other", PROGRAM)), Some(("test", ADMIN)), Some(("", ""))]
    {
        let answer = host.program(auth, "POST", "/sms", &body);
        assert_eq!(answer.status, 401, "{auth:?}");
        assert_eq!(answer.json()["message"], "missing or wrong credentials");
    }
    // The credential opens nothing else.
    assert_eq!(host.call(PROGRAM, "GET", "/sessions", None).status, 403);
    let statuses: Vec<u16> =
        (0..60).map(|_| host.program(AUTH, "POST", "/sms", "{}").status).collect();
    assert!(statuses[..10].iter().all(|status| *status == 400), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn a_notice_goes_out_once_and_a_dismissed_chat_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder);
    let notice = json!({
        "end_user_number": "+12025550123", "outbound_number": "+12025550120",
        "message": "Your parcel arrives today.",
    });
    let refused = host.program(AUTH, "POST", "/notifications", &notice.to_string());
    assert_eq!(refused.status, 400);
    assert!(
        refused.json()["message"]
            .as_str()
            .unwrap()
            .contains("needs express consent; none is on record")
    );
    let mut agreed = notice;
    agreed["consent"] = json!("order 7, box ticked");
    let sent = host.program(AUTH, "POST", "/notifications", &agreed.to_string());
    assert_eq!(sent.status, 202, "{sent:?}");
    assert!(sent.json()["id"].as_str().unwrap().starts_with("notice/"));

    let chat = host.program(AUTH, "PATCH", "/chats/1/resume", "");
    assert_eq!(chat.status, 404);
    host.call(ADMIN, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    host.text("SM1", "+12025550126", "Hello");
    host.text("SM2", "+12025550126", "1");
    host.post("/sessions/1/accept", &json!({ "agent": "ana" }));
    let ana = json!({ "agent": "ana" });
    let early = host.call(ADMIN, "POST", "/sessions/1/dismiss", Some(&ana));
    assert_eq!(early.status, 409, "{early:?}");
    host.post("/sessions/1/messages", &json!({ "agent": "ana", "body": "Hi" }));
    assert_eq!(host.program(AUTH, "PATCH", "/chats/1/resume", "").status, 400);
    host.post("/sessions/1/dismiss", &ana);
    let resumed = host.program(AUTH, "PATCH", "/chats/1/resume", "");
    assert_eq!((resumed.status, &resumed.json()["status"]), (200, &json!("queued")));
    // And given to somebody else.
    host.post("/sessions/1/accept", &ana);
    host.post("/sessions/1/transfer", &json!({ "agent": "ana", "to": { "queue": "repairs" } }));
    let again = host.call(
        ADMIN,
        "POST",
        "/sessions/1/transfer",
        Some(&json!({ "agent": "ana", "to": { "queue": "repairs" } })),
    );
    assert_eq!(again.status, 409);
    host.post("/sessions/1/transfer/end", &ana);
    let nowhere = json!({ "agent": "ana", "to": { "queue": "nowhere" } });
    assert_eq!(host.call(ADMIN, "POST", "/sessions/1/transfer", Some(&nowhere)).status, 400);
    let unknown = json!({ "agent": "ana", "to": { "agent": "eve" } });
    assert_eq!(host.call(ADMIN, "POST", "/sessions/1/transfer", Some(&unknown)).status, 404);
    // An agent begins a chat from the desk.
    let new = json!({ "to": "+12025550127", "from": "+12025550110", "body": "Hello" });
    let refused = host.call(ANA, "POST", "/sessions", Some(&new));
    assert_eq!(refused.status, 409, "nobody is texted out of the blue: {refused:?}");
    let new = json!({
        "to": "+12025550127", "from": "+12025550110", "body": "Hello", "consent": "by phone",
    });
    let begun = host.call(ANA, "POST", "/sessions", Some(&new));
    assert_eq!(begun.status, 201, "{begun:?}");
    assert_eq!(
        host.call(ANA, "POST", "/sessions", Some(&new)).status,
        201,
        "the text goes into the chat"
    );
}
