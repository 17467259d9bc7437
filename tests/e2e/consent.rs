//! The consent ledger over HTTP, and who is asked for carriers (DLC-3, DLC-6).

use frontdesk_tests::{ADMIN, ANA, Host, SUPERVISOR, center, eventually, twilio_host};
use serde_json::json;

use crate::sending::{CREATED, Provider};

const HEADER: &str = "consumer,programme,consent,method,given,wording,evidence";

/// A center with a number of notices, which belongs to a campaign.
pub(crate) fn campaigns() -> String {
    center("").replacen(
        "[[agents]]",
        "[notifications]
numbers = ['+12025550120']
[[compliance.campaigns]]
id = 'C1'
use_case = 'LOW_VOLUME'
numbers = ['+12025550120']
[[agents]]",
        1,
    )
}

#[test]
fn dlc_3_consent_is_imported_proven_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    let wrong = format!(
        "{HEADER}\n202 555 0123,C1,written,web_form,2026-03-01,I agree.,form 1\n12,C1,much,fax,soon,,\n"
    );
    let refused = host.list(ADMIN, "/consent", &wrong);
    assert_eq!((refused.status, &refused.json()["field"]), (400, &json!("list")));
    let told = refused.json()["message"].as_str().unwrap().to_owned();
    for column in ["consumer", "consent", "method", "given", "wording", "evidence"] {
        assert!(told.contains(&format!("line 3, {column}: ")), "{told}");
    }
    let list = format!("{HEADER}\n202 555 0123,C1,written,web_form,2026-03-01,I agree.,form 1\n");
    assert_eq!(host.list(SUPERVISOR, "/consent", &list).status, 403);
    let unknown = host.list(ADMIN, "/consent", &list.replace("C1", "C9"));
    assert!(unknown.body.contains("`C9` is neither a campaign nor a number"), "{unknown:?}");
    let none = host.get("/consumers/+12025550123/consent");
    assert_eq!(none, json!([]), "nothing of the lists was taken");
    let taken = host.list(ADMIN, "/consent", &list);
    assert_eq!(taken.json(), json!({ "entered": 1, "known": 0 }), "{taken:?}");
    assert_eq!(host.list(ADMIN, "/consent", &list).json(), json!({ "entered": 0, "known": 1 }));
    assert_eq!(host.text("SM1", "+12025550123", "Hello?").status, 200);
    assert_eq!(host.text("SM2", "+12025550123", "STOP").status, 200);
    host.kill();

    let host = Host::start(folder.path(), Some(&campaigns()));
    let path = "/consumers/2025550123/consent";
    assert_eq!(host.call(ANA, "GET", path, None).status, 403);
    let proofs = host.call(SUPERVISOR, "GET", path, None).json();
    let standing = |programme: &str| {
        let proof = proofs.as_array().unwrap().iter().find(|proof| proof["programme"] == programme);
        proof.unwrap()["standing"].clone()
    };
    assert_eq!((standing("C1"), standing("+12025550100")), (json!("agreed"), json!("opted_out")));
    let one = host.get(&format!("{path}?programme=C1"));
    assert_eq!(one.as_array().unwrap().len(), 1);
    assert_eq!(one[0]["sender"]["campaign"], "C1");
    assert_eq!(one[0]["history"][0]["entry"]["evidence"]["reference"], "form 1");
    let text = host.call(ADMIN, "GET", &format!("{path}?format=text"), None).body;
    assert!(text.contains("opted out with `stop`") && text.contains("wording: I agree."), "{text}");
    assert!(!host.log().contains("5550123"), "no number in the log");
    host.kill();

    // Somebody helps the evidence along.
    let database = rusqlite::Connection::open(folder.path().join("frontdesk.sqlite")).unwrap();
    let sql = "UPDATE entries SET entry = replace(entry, 'I agree.', 'I agree to anything.')";
    assert!(database.execute(sql, []).unwrap() > 0);
    drop(database);
    let host = Host::start(folder.path(), Some(&campaigns()));
    let broken = host.call(ADMIN, "GET", path, None);
    assert_eq!((broken.status, &broken.json()["error"]), (500, &json!("broken_ledger")));
    assert!(broken.body.contains("entry 1 is not what was entered"), "{broken:?}");
}

#[test]
fn dlc_4_an_address_is_told_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&campaigns()));
    let path = "/consumers/+12025550123";
    assert_eq!(host.get(path), json!({}));
    let profile = json!({ "address": { "state": "CA" }, "purchased": "2026-11-01T12:00:00Z" });
    assert_eq!(host.call(SUPERVISOR, "PUT", path, Some(&profile)).status, 204);
    assert_eq!(host.get(path), profile);
    for wrong in [
        json!({ "address": { "state": "XX" } }),
        json!({ "address": { "zone": "Mars/Olympus" } }),
        json!({ "adress": {} }),
    ] {
        let refused = host.call(SUPERVISOR, "PUT", path, Some(&wrong));
        assert_eq!(refused.status, 400, "{refused:?}");
    }
    assert_eq!(host.get(path), profile);
    for path in ["/compliance/campaigns", "/compliance/stopped"] {
        assert_eq!(host.call(ANA, "GET", path, None).status, 403);
    }
    let campaigns = host.call(SUPERVISOR, "GET", "/compliance/campaigns", None).json();
    assert_eq!(campaigns[0]["programme"], "C1");
    assert_eq!(
        campaigns[0]["usage"][0],
        json!({ "of": "AT&T, campaign", "used": 0, "most": 75, "span": "minute" })
    );
    assert_eq!(host.get("/compliance/stopped"), json!([]));
    assert_eq!(
        host.get("/compliance/numbers"),
        json!([
            { "number": "+12025550100", "route": "ten_dlc", "campaign": null, "status": "active" },
            { "number": "+12025550120", "route": "ten_dlc", "campaign": "C1", "status": "active" },
        ])
    );
    assert_eq!(host.call(SUPERVISOR, "PUT", "/consumers/12", Some(&profile)).status, 400);
}

const ANSWER: &str = concat!(
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 84\r\nConnection: close\r\n\r\n",
    r#"{"line_type_intelligence":{"type":"mobile","carrier_name":"T-Mobile USA, Inc."    }}"#
);

#[test]
fn dlc_6_twilio_is_asked_for_the_carrier_once() {
    let (sends, knows) = (Provider::with(vec![CREATED; 3]), Provider::with(vec![ANSWER]));
    let folder = tempfile::tempdir().unwrap();
    let campaign = "[[compliance.campaigns]]\nid = 'CARE'\nuse_case = 'CUSTOMER_CARE'\nnumbers = ['+12025550100']\n[[agents]]";
    let config = twilio_host(&sends.url)
        .replace("api_base", &format!("lookup_base = '{}'\napi_base", knows.url))
        .replacen("[[agents]]", campaign, 1);
    let host = Host::start(folder.path(), Some(&config));
    let text = |id: &str, body: &str| {
        let form =
            [("MessageSid", id), ("From", "+12025550123"), ("To", "+12025550100"), ("Body", body)];
        let form = frontdesk_tests::encode(&form);
        assert_eq!(host.signed_for_public("/webhooks/twilio/messages", &form).status, 200);
    };
    text("SM1", "Hello");
    let asked = knows.next();
    let first = "GET /v2/PhoneNumbers/+12025550123?Fields=line_type_intelligence HTTP/1.1";
    assert!(asked.starts_with(first), "{asked}");
    assert!(asked.to_lowercase().contains("authorization: basic "), "{asked}");
    text("SM2", "HELP");
    // Three texts leave, and nobody answers a second question.
    for _ in 0..3 {
        sends.next();
    }
    eventually("all are accepted", || {
        let accepted = host.events().into_iter().filter(|event| event["status"] == "accepted");
        (accepted.count() == 3).then_some(())
    });
    assert!(!host.log().contains("5550123"), "no number in the log");
}
