//! Who is asked to take which chat, over HTTP (RTE-6, RTE-7, RTE-10 to RTE-12).

use frontdesk_tests::{ADMIN, ANA, Host, PROGRAM, SUPERVISOR, center, eventually};
use serde_json::{Value, json};

const CONSUMER: &str = "+12025550123";

/// Offers go from agent to agent, and every chat is written up.
fn host(folder: &tempfile::TempDir, routing: &str) -> Host {
    let config = center("").replacen("[[agents]]", &format!("[routing]\n{routing}\n[[agents]]"), 1);
    Host::start(folder.path(), Some(&config))
}

fn offers(host: &Host, agent: &str) -> Vec<Value> {
    let offers = host.call(ADMIN, "GET", &format!("/offers?agent={agent}"), None).json();
    offers.as_array().unwrap().clone()
}

fn agent(host: &Host, id: &str) -> Value {
    let agents = host.call(SUPERVISOR, "GET", "/agents", None).json();
    agents.as_array().unwrap().iter().find(|agent| agent["id"] == id).unwrap().clone()
}

fn waits(host: &Host) {
    assert_eq!(host.text("SM1", CONSUMER, "Hello").status, 200);
    assert_eq!(host.text("SM2", CONSUMER, "1").status, 200);
}

#[test]
fn rte_18_a_program_says_that_a_session_is_urgent_and_who_can_take_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = center("").replacen("name = \"Ben\"", "name = \"Ben\"\nskills = ['vip']", 1);
    let host = Host::start(folder.path(), Some(&config));
    let available = json!({ "status": "available" });
    for id in ["ana", "ben"] {
        host.call(SUPERVISOR, "PUT", &format!("/agents/{id}/status"), Some(&available));
    }
    waits(&host);
    eventually("ana is asked", || (!offers(&host, "ana").is_empty()).then_some(()));
    let set = |token, needs: Value| host.call(token, "PUT", "/sessions/1/needs", Some(&needs));
    assert_eq!(set(PROGRAM, json!({ "priority": 9, "skills": ["vip"] })).status, 204);
    assert_eq!(offers(&host, "ana"), [] as [Value; 0]);
    assert_eq!(offers(&host, "ben").len(), 1);
    let session = host.get("/sessions/1");
    assert_eq!((&session["priority"], &session["skills"]), (&json!(9), &json!(["vip"])));
    assert_eq!(set(SUPERVISOR, json!({})).status, 204);
    assert_eq!(offers(&host, "ana").len(), 1);
    for (token, needs, status, field) in [
        (ANA, json!({}), 403, json!(null)),
        (SUPERVISOR, json!({ "priority": 11 }), 400, json!("priority")),
        (SUPERVISOR, json!({ "priority": -1 }), 400, json!("priority")),
        (SUPERVISOR, json!({ "skills": ["vipp"] }), 400, json!("skills")),
        (SUPERVISOR, json!({ "skills": ["a b"] }), 400, json!("skills[0]")),
        (SUPERVISOR, json!({ "urgent": true }), 400, json!("urgent")),
    ] {
        let answer = set(token, needs.clone());
        assert_eq!((answer.status, &answer.json()["field"]), (status, &field), "{needs}");
    }
    let nobody = host.call(SUPERVISOR, "PUT", "/sessions/99/needs", Some(&json!({})));
    assert_eq!(nobody.status, 404);
}

#[test]
fn an_offer_goes_from_agent_to_agent_and_is_missed_declined_taken() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "assignment = 'deltacast'\ndeltacast_seconds = 1");
    let available = json!({ "status": "available" });
    for id in ["ana", "ben"] {
        let done = host.call(SUPERVISOR, "PUT", &format!("/agents/{id}/status"), Some(&available));
        assert_eq!(done.status, 204);
    }
    waits(&host);
    // Whoever has it: seen and not answered it is missed, and the other one is asked.
    let seen = host.call(ANA, "POST", "/sessions/1/acknowledge", Some(&json!({})));
    assert!([204, 409].contains(&seen.status), "{seen:?}");
    eventually("the next agent is asked", || (!offers(&host, "ben").is_empty()).then_some(()));
    let events = || {
        let transcript = host.call(SUPERVISOR, "GET", "/sessions/1/transcript", None).json();
        let kinds = transcript.as_array().unwrap().iter().map(|event| event["type"].clone());
        kinds.collect::<Vec<Value>>()
    };
    // The router knows first, the log a moment later.
    eventually("it is in the log that somebody missed it", || {
        events().contains(&json!("offer_missed")).then_some(())
    });
    // Somebody takes it; late answers of the others change nothing.
    let taken = eventually("somebody takes it", || {
        ["ana", "ben"].into_iter().find(|id| {
            let actor = json!({ "agent": id });
            host.call(ADMIN, "POST", "/sessions/1/accept", Some(&actor)).status == 204
        })
    });
    let other = if taken == "ana" { "ben" } else { "ana" };
    for verb in ["accept", "decline", "acknowledge"] {
        let path = format!("/sessions/1/{verb}");
        let late = host.call(ADMIN, "POST", &path, Some(&json!({ "agent": other })));
        assert_eq!(late.status, 409, "{verb}: {late:?}");
    }
    assert_eq!(agent(&host, taken)["status"], "in_chat");
    let queues = host.call(SUPERVISOR, "GET", "/queues", None).json();
    assert_eq!(queues[0]["logged_in"], 2, "{queues}");
}

#[test]
fn a_wrap_up_holds_and_a_supervisor_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "wrap_up_seconds = 3600\nwrap_up_fixed = true");
    let available = json!({ "status": "available" });
    assert_eq!(host.call(ANA, "PUT", "/agents/ana/status", Some(&available)).status, 204);
    waits(&host);
    assert_eq!(host.call(ANA, "POST", "/sessions/1/accept", Some(&json!({}))).status, 204);
    assert_eq!(host.call(ANA, "POST", "/sessions/1/end", Some(&json!({}))).status, 204);
    let ana = agent(&host, "ana");
    assert_eq!(ana["status"], "wrap_up");
    assert!(ana["wrap_up_until"].is_string(), "{ana}");
    let early = host.call(ANA, "PUT", "/agents/ana/status", Some(&available));
    assert_eq!(early.status, 409, "{early:?}");
    let ended = host.call(SUPERVISOR, "PUT", "/agents/ana/status", Some(&available));
    assert_eq!((ended.status, agent(&host, "ana")["status"].clone()), (204, json!("available")));
}

#[test]
fn rte_2_where_a_setting_comes_from_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "wrap_up_seconds = 30");
    let settings = host.call(ANA, "GET", "/queues/billing/settings", None).json();
    let expected = json!([
        { "name": "routing.wrap_up_seconds", "value": 30, "from": null, "from_name": "Acme" },
    ]);
    assert_eq!(settings, expected);
    assert_eq!(host.call(ANA, "GET", "/queues/nowhere/settings", None).status, 404);
}

#[test]
fn rte_1_a_menu_is_read_in_a_language() {
    let folder = tempfile::tempdir().unwrap();
    let menus = "[calls]
number = '+12025550160'
copy = { from = 'sms', prefix = 'phone-' }
[[queues]]
id = 'facturas'
name = 'Facturas'
parent = 'main'
languages = ['es']
agents = ['ana']
[[agents]]";
    let config = center("").replacen("[[agents]]", menus, 1);
    let config =
        config.replacen("company = \"Acme\"", "company = \"Acme\"\nlanguages = ['en', 'es']", 1);
    let host = Host::start(folder.path(), Some(&config));
    let ids = |path: &str| {
        let answer = host.call(PROGRAM, "GET", path, None);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let menu = answer.json();
        let options = menu[0]["options"].as_array().unwrap().clone();
        options.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let english = ids("/menus/sms");
    assert!(!english.contains(&"facturas".to_owned()), "{english:?}");
    let spanish = ids("/menus/ivr?lang=es");
    assert!(spanish.contains(&"phone-facturas".to_owned()), "{spanish:?}");
    assert_eq!(spanish.len(), english.len() + 1);
    for (path, status) in [
        ("/menus/web", 404),
        ("/menus/fax", 400),
        ("/menus/sms?lang=fr", 400),
        ("/menus/sms?l=es", 400),
    ] {
        assert_eq!(host.call(ADMIN, "GET", path, None).status, status, "{path}");
    }
    // How long one waits, in the queues of a language's menu.
    let waits = |lang: &str| {
        let path = format!("/wait_times?lang={lang}");
        eventually("an answer", || {
            let answer = host.program(Some(("test", PROGRAM)), "GET", &path, "");
            (answer.status != 429).then(|| answer.json().as_array().unwrap().len())
        })
    };
    assert_eq!((waits("en"), waits("es")), (english.len(), spanish.len()));
}

#[test]
fn hrs_1_a_queue_tells_its_week() {
    let folder = tempfile::tempdir().unwrap();
    let hours = "[hours]
zone = 'Asia/Kathmandu'
open = { daily = '09:00-12:00, 22:00-02:00' }
holidays = ['*']
[[holidays]]
name = 'All year'
dates = '01/01-12/31'
time = '10:00-11:00'
[[agents]]";
    let host = Host::start(folder.path(), Some(&center("").replacen("[[agents]]", hours, 1)));
    let told = host.call(PROGRAM, "GET", "/queues/billing/hours", None).json();
    assert_eq!(told["schedule"]["zone"], "Asia/Kathmandu");
    assert_eq!(told["answer"]["is"], if told["open"] == true { "open" } else { "closed" });
    let week = told["weeks"][0]["days"].as_array().unwrap();
    assert_eq!(week.len(), 7);
    for day in week {
        let open = json!(["00:00-02:00", "09:00-10:00", "11:00-12:00", "22:00-24:00"]);
        assert_eq!((&day["open"], &day["holidays"]), (&open, &json!(["All year"])));
    }
    assert!(told["next_change"].is_string());
    assert_eq!(host.call(ANA, "GET", "/queues/nowhere/hours", None).status, 404);
    assert_eq!(host.call(ANA, "GET", "/queues/main/hours", None).status, 200);
}

#[test]
fn wait_times_are_told_by_part_of_the_menu() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "");
    let ask = |path: &str| {
        eventually("an answer", || {
            let answer = host.program(Some(("test", PROGRAM)), "GET", path, "");
            (answer.status != 429).then(|| (answer.status, answer.json()))
        })
    };
    let (status, all) = ask("/wait_times");
    assert_eq!((status, all.as_array().unwrap().len()), (200, 2), "{all}");
    let (_, one) = ask("/wait_times?queue=billing&channel=sms&lang=en");
    let expected = json!([{
        "queue": "billing", "name": "Billing", "channel": "sms", "lang": "en",
        "estimated_wait_time": null, "at_least": null, "at_most": null,
        "waiting": 0, "agents_logged_in": 0, "agents_available": 0,
    }]);
    assert_eq!(one, expected, "nobody knows yet: never a made-up number");
    for (path, words) in [
        ("/wait_times?queue=nowhere", "there is no queue `nowhere`"),
        ("/wait_times?channel=fax", "channel `fax` has no queues here"),
        ("/wait_times?lang=fr", "lang `fr` is not spoken here; there are en"),
    ] {
        let (status, said) = ask(path);
        assert!(status == 400 && said["message"].as_str().unwrap().contains(words), "{said}");
    }
    assert_eq!(host.program(None, "GET", "/wait_times", "").status, 401);
}
