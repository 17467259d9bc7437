//! A host that stops, in whatever way, goes on where it was.

use std::io::Read;

use frontdesk_tests::{ADMIN, ANA, Host, center, encode, eventually, twilio_host};
use serde_json::json;

#[test]
fn a_killed_host_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.call(ADMIN, "PUT", "/agents/ana/status", Some(&json!({ "status": "available" })));
    for (sid, from, text) in [
        ("SM1", "+12025550123", "Hi"),
        ("SM2", "+12025550123", "1"),
        ("SM3", "+12025550124", "Hi"),
        ("SM4", "+12025550124", "1"),
    ] {
        assert_eq!(host.text(sid, from, text).status, 200);
    }
    host.post("/sessions/1/accept", &json!({ "agent": "ana" }));
    let before = host.get("/sessions");
    host.kill();

    let host = Host::start(folder.path(), Some(&center("")));
    assert_eq!(host.get("/sessions"), before);
    assert_eq!(host.text("SM2", "+12025550123", "1").status, 200, "delivered again, taken once");
    assert_eq!(host.get("/agents")[0]["sessions"], json!([1]));
    assert_eq!(host.get("/offers?agent=ana")[0]["session"], 2);
    host.post("/sessions/1/messages", &json!({ "agent": "ana", "body": "I am still here" }));
    eventually("the answer", || {
        let phone = host.get("/simulator/texts?consumer=%2B12025550123&number=%2B12025550100");
        phone.to_string().contains("I am still here").then_some(())
    });
    assert!(host.stop().success(), "told to stop, it ends well");
}

#[test]
fn a_configuration_is_swapped_in_while_running() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.text("SM1", "+12025550123", "Hi");
    let hang_up = |config: &str| {
        std::fs::write(folder.path().join("center.toml"), config).unwrap();
        let told =
            std::process::Command::new("kill").args(["-HUP", &host.id().to_string()]).status();
        assert!(told.unwrap().success());
    };
    hang_up(&center("").replace("name = \"Repairs\"", "name = \"Workshop\""));
    eventually("the new name", || {
        host.get("/queues").to_string().contains("Workshop").then_some(())
    });
    hang_up(&center("").replace("parent = \"main\"", "parent = \"mian\""));
    eventually("a word of the mistake", || host.log().contains("stays as it was").then_some(()));
    assert!(host.get("/queues").to_string().contains("Workshop"));
    assert_eq!(host.text("SM2", "+12025550123", "1").status, 200);
    assert_eq!(host.get("/sessions")[0]["status"], "queued", "open sessions went on");
    // A token that is taken out opens nothing any more.
    assert_eq!(host.call(ANA, "GET", "/me", None).status, 200);
    hang_up(&center("").replace("role = 'agent'\nagent = 'ana'", "role = 'api'"));
    eventually("the token to be gone", || {
        (host.call(ANA, "GET", "/me", None).status == 403).then_some(())
    });
}

#[test]
fn a_provider_that_does_not_answer_holds_nobody_up_who_stops_the_host() {
    let provider = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = twilio_host(&format!("http://{}", provider.local_addr().unwrap()));
    let host = Host::start(folder.path(), Some(&config));
    let form = [
        ("MessageSid", "SM1"),
        ("From", "+12025550123"),
        ("To", "+12025550100"),
        ("Body", "Hello"),
    ];
    let answer = host.signed_for_public("/webhooks/twilio/messages", &encode(&form));
    assert_eq!(answer.status, 200, "{answer:?}");
    // The request has come, and gets no answer.
    let (mut asked, _) = provider.accept().unwrap();
    asked.read_exact(&mut [0; 4]).unwrap();
    assert!(host.stop().success());
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("work was still under way"), "{log}");
    asked.read_to_end(&mut Vec::new()).unwrap();

    // The text was not forgotten.
    let _host = Host::start(folder.path(), Some(&config));
    let (mut asked, _) = provider.accept().unwrap();
    asked.read_exact(&mut [0; 4]).unwrap();
}
