//! Tokens and roles.

use frontdesk_tests::{ADMIN, ANA, EXPIRED, Host, SUPERVISOR, center};
use serde_json::json;

#[test]
fn an_unknown_or_expired_token_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    for token in ["", "x", EXPIRED, "token-ana "] {
        let answer = host.call(token, "GET", "/sessions", None);
        let expected = if token.trim() == ANA { 200 } else { 401 };
        assert_eq!(answer.status, expected, "{token}: {answer:?}");
    }
    let bare = ureq::get(format!("{}/api/v1/me", host.url))
        .config()
        .http_status_as_error(false)
        .build()
        .call()
        .unwrap();
    assert_eq!(
        (bare.status().as_u16(), bare.headers()["www-authenticate"].to_str().unwrap()),
        (401, "Bearer")
    );
}

#[test]
fn each_role_does_what_it_may_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.call(ADMIN, "PUT", "/agents/ben/status", Some(&json!({ "status": "available" })));
    for (sid, text) in [("SM1", "Hello"), ("SM2", "2")] {
        host.text(sid, "+12025550123", text);
    }
    // Session 1 is Ben's.
    host.post("/sessions/1/accept", &json!({ "agent": "ben" }));
    let available = json!({ "status": "available" });
    let (none, ben) = (json!({}), json!({ "agent": "ben" }));
    let message = json!({ "agent": "ben", "body": "x" });
    let table = [
        ("PUT", "/agents/ana/status", &available, [204, 204, 204]),
        ("PUT", "/agents/ben/status", &available, [403, 204, 204]),
        ("PUT", "/agents/ana/status", &json!({ "status": "special_task" }), [400, 204, 204]),
        ("PUT", "/agents/ana/status", &available, [204, 204, 204]),
        ("POST", "/sessions/1/acknowledge", &ben, [403, 403, 409]),
        ("POST", "/sessions/1/decline", &ben, [403, 403, 409]),
        ("GET", "/offers", &none, [200, 403, 400]),
        ("GET", "/offers?agent=ben", &none, [403, 403, 200]),
        ("GET", "/sessions", &none, [200, 200, 200]),
        ("GET", "/sessions?agent=ben", &none, [403, 200, 200]),
        ("GET", "/sessions/1", &none, [403, 200, 200]),
        ("GET", "/sessions/1/transcript", &none, [403, 200, 200]),
        ("GET", "/sessions/1/contacts", &none, [403, 200, 200]),
        ("PUT", "/sessions/1/contact", &json!({ "contact": null }), [403, 409, 409]),
        ("POST", "/sessions/1/messages", &message, [403, 403, 202]),
        ("POST", "/sessions/1/return", &ben, [403, 403, 204]),
        ("POST", "/sessions/1/accept", &ben, [403, 403, 204]),
        ("GET", "/events", &none, [403, 200, 200]),
        ("GET", "/dead-letters", &none, [403, 200, 200]),
        ("POST", "/dead-letters/1/retry", &none, [403, 403, 404]),
        ("POST", "/contacts", &json!({ "name": "A", "number": "1" }), [403, 403, 201]),
        (
            "GET",
            "/simulator/texts?consumer=%2B12025550123&number=%2B12025550100",
            &none,
            [403, 403, 200],
        ),
        ("POST", "/simulator/texts", &json!({ "from": "", "to": "", "body": "" }), [403, 403, 400]),
        ("GET", "/agents", &none, [200, 200, 200]),
        ("GET", "/queues", &none, [200, 200, 200]),
        ("GET", "/me", &none, [200, 200, 200]),
        ("POST", "/sessions/1/end", &none, [409, 204, 409]),
    ];
    for (method, path, body, expected) in table {
        for (token, expected) in [ANA, SUPERVISOR, ADMIN].into_iter().zip(expected) {
            let answer = host.call(token, method, path, Some(body));
            assert_eq!(answer.status, expected, "{token} {method} {path}: {answer:?}");
        }
    }
    let agents = host.call(ANA, "GET", "/agents", None).json();
    assert_eq!(agents.as_array().unwrap().len(), 1, "an agent sees no colleague: {agents}");
}

#[test]
fn an_agent_sees_the_last_digits_of_a_number_only() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.call(ANA, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    for (sid, text) in [("SM1", "Hello"), ("SM2", "1")] {
        host.text(sid, "+12025550123", text);
    }
    assert_eq!(host.call(ANA, "POST", "/sessions/1/accept", Some(&json!({}))).status, 204);
    for path in ["/sessions", "/sessions/1", "/sessions/1/transcript"] {
        let seen = host.call(ANA, "GET", path, None).body;
        assert!(seen.contains("0123") && !seen.contains("5550123"), "{path}: {seen}");
        assert!(host.call(SUPERVISOR, "GET", path, None).body.contains("+12025550123"), "{path}");
    }
}

#[test]
fn the_document_describes_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let document = host.document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 20, "{}", paths.len());
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(
                operation["responses"].is_object() && operation["description"].is_string()
                    || operation["summary"].is_string(),
                "{method} {path}"
            );
            let filled =
                path.replace("{session}", "1").replace("{agent}", "ana").replace("{work}", "1");
            if !path.starts_with("/api/v1") || path.ends_with("/live") {
                continue;
            }
            let answer = host.call(
                "nobody",
                &method.to_uppercase(),
                filled.strip_prefix("/api/v1").unwrap(),
                Some(&json!({})),
            );
            assert_eq!(answer.status, 401, "{method} {path} asks for a token: {answer:?}");
        }
    }
    assert_eq!(host.raw("GET", "/health", &[], "").status, 200);
    assert!(host.metrics().contains("frontdesk_waiting{queue=\"billing\"} 0"));
}
