//! What the gate remarked, refused and held, as the people see it who answer for it (DLC-4, DLC-5).

use frontdesk_tests::{ADMIN, ANA, Host, PROGRAM, SUPERVISOR, eventually};
use serde_json::{Value, json};

use crate::consent::campaigns;

const PROGRAMS: Option<(&str, &str)> = Some(("test", PROGRAM));
const CONSUMER: &str = "+12025550123";

/// A notice; the answer's status and body.
fn notify(host: &Host, more: &Value) -> (u16, Value) {
    let mut notice = json!({
        "end_user_number": CONSUMER, "outbound_number": "+12025550120", "message": "Your parcel is here.",
    });
    for (field, value) in more.as_object().unwrap() {
        notice[field] = value.clone();
    }
    let answer = host.program(PROGRAMS, "POST", "/notifications", &notice.to_string());
    (answer.status, answer.json())
}

#[test]
fn dlc_5_remarks_of_texts_that_left_are_listed_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    assert_eq!(host.get("/compliance/remarks"), json!({ "texts": [] }));
    for to in [CONSUMER, "+12025550124"] {
        let asked = json!({ "end_user_number": to, "consent": "told Sam at the till" });
        assert_eq!(notify(&host, &asked).0, 202);
    }
    let page = eventually("both have left", || {
        let page = host.get("/compliance/remarks");
        (page["texts"].as_array().unwrap().len() == 2).then_some(page)
    });
    let text = &page["texts"][1];
    assert_eq!((&text["consumer"], &text["number"]), (&json!(CONSUMER), &json!("+12025550120")));
    let stop = json!({
        "rule": "no_opt_out", "category": "no_opt_out",
        "reason": "a first message that does not tell how to stop", "words": [],
    });
    assert!(text["remarks"].as_array().unwrap().contains(&stop), "{text}");
    let first = host.get("/compliance/remarks?limit=1");
    assert_eq!(
        first["texts"].as_array().unwrap().as_slice(),
        &page["texts"].as_array().unwrap()[..1]
    );
    let next = first["next"].as_str().unwrap().replace(' ', "%20");
    let second = host.get(&format!("/compliance/remarks?limit=1&after={next}"));
    assert_eq!(second, json!({ "texts": [text] }), "the last page has no `next`");
    // The event that tells that it left has them, too.
    let events = host.events();
    let left: Vec<&Value> = events.iter().filter(|event| event["status"] == "accepted").collect();
    assert!(left.iter().any(|event| event["remarks"][0]["rule"].is_string()), "{left:?}");
    let metrics = host.call(ADMIN, "GET", "/metrics", None).body;
    assert!(metrics.contains("frontdesk_remarks_total{category=\"no_opt_out\"} 2"), "{metrics}");
    let campaigns = host.get("/compliance/campaigns");
    assert_eq!(campaigns[0]["days"][0]["remarked"]["no_opt_out"], 2, "{campaigns}");
    for (token, status) in [(ANA, 403), (SUPERVISOR, 200)] {
        assert_eq!(host.call(token, "GET", "/compliance/remarks", None).status, status);
    }
    for wrong in ["limit=0", "limit=201", "page=2"] {
        let path = format!("/compliance/remarks?{wrong}");
        assert_eq!(host.call(SUPERVISOR, "GET", &path, None).status, 400, "{wrong}");
    }
}

#[test]
fn dlc_4_a_request_that_is_refused_leaves_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    let promotion = json!({ "content_type": "promotional" });
    let (status, told) = notify(&host, &promotion);
    let reason = "a promotional text needs written consent; none is on record";
    assert_eq!((status, &told["message"]), (400, &json!(reason)));
    let list = "consumer,programme,consent,method,given,wording,evidence\n+12025550123,C1,express,agent,2026-03-01,yes,note 1\n";
    assert_eq!(host.list(ADMIN, "/consent", list).status, 200);
    let held =
        "a promotional text needs written consent; on record is express consent since 2026-03-01";
    assert_eq!(notify(&host, &promotion).1["message"], held);
    let stopped = host.get("/compliance/stopped");
    let told: Vec<&Value> =
        stopped.as_array().unwrap().iter().map(|text| &text["reasons"][0]).collect();
    assert_eq!(told, [held, reason]);
    let by = stopped[0]["by"].as_str().unwrap();
    assert!(by.starts_with("credential ") && stopped[0]["id"].is_null(), "{stopped}");
    assert_eq!(stopped[0]["consumer"], CONSUMER);
    let events = host.events();
    let refused = events.iter().filter(|event| event["type"] == "outbound_refused");
    assert_eq!(refused.count(), 2);
    assert_eq!(host.get("/compliance/campaigns")[0]["days"][0]["refused"]["no_consent"], 2);
    let metrics = host.call(ADMIN, "GET", "/metrics", None).body;
    assert!(
        metrics.contains("frontdesk_refused_requests_total{rule=\"no_consent\"} 2"),
        "{metrics}"
    );
    // A mistake of the request is no refusal of the gate.
    assert_eq!(notify(&host, &json!({ "message": " " })).0, 400);
    assert_eq!(host.get("/compliance/stopped").as_array().unwrap().len(), 2);
}
