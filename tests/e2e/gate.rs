//! Texts that the gate remarked, refused and held, as the people see it who answer for it (DLC-4, DLC-5).

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

fn metrics(host: &Host) -> String {
    let answer = ureq::get(format!("{}/metrics", host.url))
        .header("Authorization", format!("Bearer {ADMIN}"))
        .call();
    answer.unwrap().body_mut().read_to_string().unwrap()
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
    let metrics = metrics(&host);
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
    let metrics = metrics(&host);
    assert!(
        metrics.contains("frontdesk_refused_requests_total{rule=\"no_consent\"} 2"),
        "{metrics}"
    );
    // A mistake of the request is no refusal of the gate.
    assert_eq!(notify(&host, &json!({ "message": " " })).0, 400);
    assert_eq!(host.get("/compliance/stopped").as_array().unwrap().len(), 2);
}

/// Posts a list as it is, of a type.
fn post(host: &Host, path: &str, (kind, list): (&str, &[u8])) -> (u16, String) {
    let request = ureq::post(format!("{}/api/v1{path}", host.url))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Authorization", format!("Bearer {ADMIN}"))
        .header("Content-Type", kind);
    let mut answer = request.send(list).unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

#[test]
fn dlc_3_what_is_no_list_is_refused_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    let row = "+12025550123,C1,written,paper,2026-03-01,I agree.,sheet 1\n";
    let list = format!("consumer,programme,consent,method,given,wording,evidence\n{row}");
    for path in ["/consent", "/scrubs"] {
        for kind in
            ["application/json", "application/x-www-form-urlencoded", "text/csv; charset=utf-16"]
        {
            let (status, told) = post(&host, path, (kind, list.as_bytes()));
            assert_eq!(status, 415, "{path} {kind}: {told}");
            assert!(told.contains("send it with `Content-Type: text/csv`"), "{told}");
        }
        for (body, told) in [("x", "names none of the columns"), ("", "names none of the columns")]
        {
            let (status, answer) = post(&host, path, ("text/csv", body.as_bytes()));
            assert!(status == 400 && answer.contains(told), "{path}: {answer}");
        }
        let (status, told) = post(&host, path, ("text/csv", b"consumer,\xff\n"));
        assert!(status == 400 && told.contains("byte 10 is no UTF-8"), "{told}");
    }
    let headless = post(&host, "/consent", ("text/csv", row.as_bytes()));
    assert!(headless.0 == 400 && !headless.1.contains("5550123"), "{headless:?}");
    let named = post(&host, "/consent", ("text/csv", list.replace("consumer", "phone").as_bytes()));
    let told = "line 1: the column `consumer` is missing; there is no column `phone`. The first line names the columns: consumer, programme, ";
    assert!(named.0 == 400 && named.1.contains(told), "{named:?}");
    assert_eq!(post(&host, "/consent", ("text/csv; charset=UTF-8", list.as_bytes())).0, 200);
}

#[test]
fn dlc_3_everything_that_is_wrong_with_a_revocation_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    let path = "/consumers/+12025550123/revocations";
    let told = |body: Value| {
        let refused = host.call(SUPERVISOR, "POST", path, Some(&body));
        assert_eq!(refused.status, 400, "{refused:?}");
        let answer = refused.json();
        (
            answer["field"].as_str().unwrap().to_owned(),
            answer["message"].as_str().unwrap().to_owned(),
        )
    };
    let wrong = json!({ "chanel": "mail", "channel": "fax", "given": "1066-10-14", "wording": 7 });
    assert_eq!(
        told(wrong),
        (
            "chanel".to_owned(),
            "chanel: there is no such field; there are programme, channel, given, wording, evidence
wording: is no text
channel: `fax`; allowed are email, in_person, list, mail, phone, web
given: `1066-10-14`; there is no consent to texts from before 1991
evidence: is missing; it says what proves the revocation, like a letter's number"
                .to_owned()
        )
    );
    let (_, nothing) = told(json!({}));
    assert_eq!(nothing.lines().count(), 3, "{nothing}");
    // The wording may be unknown.
    let call = json!({ "channel": "phone", "given": "2026-11-02", "evidence": "call 7" });
    assert_eq!(host.call(SUPERVISOR, "POST", path, Some(&call)).status, 200);
}

#[test]
fn sms_16_texts_that_may_be_revocations_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    assert_eq!(host.get("/compliance/suspected"), json!({ "texts": [] }));
    assert_eq!(host.text("SM1", CONSUMER, "Hello").status, 200);
    assert_eq!(host.text("SM2", CONSUMER, "I think you have the wrong number").status, 200);
    let found = host.get("/compliance/suspected?limit=1");
    let text = &found["texts"][0];
    assert_eq!((&text["consumer"], &text["number"]), (&json!(CONSUMER), &json!("+12025550100")));
    assert_eq!((&text["rule"], &text["session"]), (&json!("wrong-number"), &json!(1)), "{found}");
    assert_eq!(host.call(ANA, "GET", "/compliance/suspected", None).status, 403);
}
