//! The OpenAPI document against what the routes answer.

use std::collections::BTreeSet;

use frontdesk_tests::{ADMIN, ANA, Answer, EXPIRED, Host, PROGRAM, SUPERVISOR, center};
use serde_json::{Value, json};

/// Everything in the document that refers to something else.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_schema_that_the_document_names_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let document = host.document();
    let mut named = BTreeSet::new();
    references(&document, &mut named);
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let pointer = name.strip_prefix('#').expect("a place in the document");
        assert!(document.pointer(pointer).is_some(), "{name}");
    }
    // The bodies that programs send are described, field by field.
    for path in ["/apps/api/v1/sms", "/apps/api/v1/notifications"] {
        let body = &document["paths"][path]["post"]["requestBody"]["content"];
        let schema = body["application/json"]["schema"]["$ref"].as_str().unwrap();
        let schema = document.pointer(schema.strip_prefix('#').unwrap()).unwrap();
        for field in ["end_user_number", "outbound_number", "message"] {
            assert!(schema["properties"][field].is_object(), "{path}: {field} in {schema}");
        }
    }
}

#[test]
fn parameters_of_a_path_stand_in_it_and_no_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let document = host.document();
    let mut count = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let named: BTreeSet<&str> = parts.collect();
        for (method, operation) in operations.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_path = parameters.filter(|parameter| parameter["in"] == "path");
            let told: BTreeSet<&str> = in_path.filter_map(|it| it["name"].as_str()).collect();
            assert_eq!(told, named, "{method} {path}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

/// What is asked of an operation: every kind of caller, values that are none, bodies that are none.
struct Asked<'a> {
    host: &'a Host,
    method: String,
    statuses: BTreeSet<u16>,
}

impl Asked<'_> {
    fn ask(&mut self, path: &str, headers: &[(&str, &str)], body: &str) {
        let Answer { status, body } = self.host.raw(&self.method, path, headers, body);
        assert!(status < 500, "{} {path}: {status} {body}", self.method);
        self.statuses.insert(status);
    }
}

#[test]
fn every_status_that_a_route_answers_stands_in_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.text("SM1", "+12025550123", "Hello");
    let document = host.document();
    let bearers = [ANA, SUPERVISOR, ADMIN, PROGRAM, EXPIRED, "nobody", ""];
    let bearers = bearers.map(|token| format!("Bearer {token}"));
    let basic = "Basic dGVzdDp0b2tlbi1wcm9ncmFt";
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    let mut missing = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if path.ends_with("/live") {
            continue;
        }
        for (method, operation) in operations.as_object().unwrap() {
            let mut asked =
                Asked { host: &host, method: method.to_uppercase(), statuses: BTreeSet::new() };
            // Ids that there are, that there are not, and that are none.
            for (number, word) in
                [("1", "ana"), ("18446744073709551615", "nobody"), ("x", "%ff"), ("-1", "%00")]
            {
                let filled = fill(path, number, word);
                asked.ask(&filled, &[], "");
                for bearer in &bearers {
                    asked.ask(&filled, &[("Authorization", bearer)], "");
                }
                let admin = ("Authorization", bearers[2].as_str());
                let json = ("Content-Type", "application/json");
                for caller in
                    [admin, ("Authorization", bearers[3].as_str()), ("authorization", basic)]
                {
                    for body in ["{}", "[]", "{", "null", "{\"nonsense\":1}", &large] {
                        asked.ask(&filled, &[caller, json], body);
                        asked.ask(&filled, &[caller], body);
                    }
                    for query in [
                        "?limit=0",
                        "?after=x",
                        "?after=18446744073709551615",
                        "?at=-262143-01-01T00:00:00Z",
                        "?nonsense=1",
                    ] {
                        asked.ask(&format!("{filled}{query}"), &[caller, json], "{}");
                    }
                }
            }
            let described = operation["responses"].as_object().unwrap();
            for status in asked.statuses {
                if !described.contains_key(&status.to_string()) {
                    missing.push(format!("{method} {path}: {status}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A path with its parameters filled in.
fn fill(path: &str, number: &str, word: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{session}" | "{work}" | "{index}" => number,
        part if part.starts_with('{') => word,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn a_body_that_may_be_left_out_may_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    let document = host.document();
    let mut optional = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let Some(body) = operation.get("requestBody") else { continue };
            if body["required"] == true || path.starts_with("/webhooks") {
                continue;
            }
            optional += 1;
            let filled = fill(path, "999", "ana");
            let bearer = format!("Bearer {ANA}");
            for headers in [
                vec![("Authorization", bearer.as_str())],
                vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")],
            ] {
                let with = host.raw(
                    &method.to_uppercase(),
                    &filled,
                    &[("Authorization", &bearer), ("Content-Type", "application/json")],
                    "{}",
                );
                let without = host.raw(&method.to_uppercase(), &filled, &headers, "");
                assert_eq!(with, without, "{method} {path}");
            }
        }
    }
    assert!(optional >= 8, "{optional}");
    host.text("SM1", "+12025550123", "Hello");
    let bearer = format!("Bearer {SUPERVISOR}");
    let ended = host.raw("POST", "/api/v1/sessions/1/end", &[("Authorization", &bearer)], "");
    assert_eq!(ended.status, 204, "{ended:?}");
}

#[test]
fn what_was_not_thought_of_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.call(ADMIN, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    host.text("SM1", "+12025550123", "Hello");
    for at in [
        "-262143-01-01T00:00:00Z",
        "%2B262142-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
    ] {
        let answer = host.call(ADMIN, "GET", &format!("/queues/billing/hours?at={at}"), None);
        assert_eq!(answer.status, 400, "{at}: {answer:?}");
    }
    let first = "/queues/billing/hours?at=1970-01-01T00:00:00Z";
    assert_eq!(host.call(ADMIN, "GET", first, None).status, 200);
    assert!(!host.events().is_empty());
    for after in [u64::MAX, 1 << 63, i64::MAX.cast_unsigned()] {
        assert_eq!(host.get(&format!("/events?after={after}")), json!([]), "{after}");
    }
    // Only the agent who has a session gives it back.
    let answer = host.call(ANA, "POST", "/sessions/1/return", None);
    assert_eq!(answer.status, 409, "{answer:?}");
    // The scheme is a word of HTTP, and so in any case.
    for scheme in ["bearer", "BEARER", "Bearer"] {
        let bearer = format!("{scheme} {ANA}");
        assert_eq!(host.raw("GET", "/api/v1/me", &[("Authorization", &bearer)], "").status, 200);
    }
    // A list with as many mistakes as rows.
    let mut list = "consumer,programme,consent,method,given,wording,evidence\n".to_owned();
    list.extend(std::iter::repeat_n("x,y,z,,,,\n", 20_000));
    let answer = host.list(ADMIN, "/consent", &list);
    assert_eq!(answer.status, 400);
    assert!(answer.body.len() < 20_000 && answer.body.contains("more"), "{}", answer.body.len());
    // A transcript comes in parts.
    let whole = host.get("/sessions/1/transcript");
    let whole = whole.as_array().unwrap();
    let newest = whole.last().unwrap()["position"].as_u64().unwrap();
    let after = host.get(&format!("/sessions/1/transcript?after={}", newest - 1));
    assert!(after.as_array().unwrap().iter().all(|event| event["position"] == newest), "{after}");
    assert_eq!(host.get(&format!("/sessions/1/transcript?after={newest}")), json!([]));
}
