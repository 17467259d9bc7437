//! Hours and what there is outside of them, as telephonies and pages see them (HRS-2 to HRS-10).

use frontdesk_tests::{ADMIN, ANA, Host, PROGRAM, center, eventually};
use serde_json::{Value, json};

use crate::operating::hang_up;

/// A phone queue that is never open but for pages, one that always is, and who makes calls.
fn config() -> String {
    center("").replacen(
        "[[agents]]",
        "[calls]
number = '+12025550160'
[[calls.queues]]
id = 'phone'
name = 'Phone'
[[calls.queues]]
id = 'phone-closed'
name = 'Closed'
parent = 'phone'
after_hours = { ivr = 'voicemail', web = ['scheduled_call', 'email'], mobile = 'queue:phone-open' }
hours = { zone = 'UTC', open = { daily = '24 hours' }, holidays = ['Always'] }
[[calls.queues]]
id = 'phone-open'
name = 'Open'
parent = 'phone'
agents = ['ana']
[[custom_hours]]
name = 'Spanish'
queues = ['phone-closed']
languages = ['es']
hours = { zone = 'America/New_York', open = { daily = '24 hours' } }
[[holidays]]
name = 'Always'
dates = '01/01-12/31'
voice = 'We are never here.'
[support]
contact = 'Call us.'
email = 'help@acme.example'
[[agents]]",
        1,
    )
}

fn host(folder: &std::path::Path) -> Host {
    host_with(folder, &config())
}

fn host_with(folder: &std::path::Path, config: &str) -> Host {
    let config = config.replacen(
        "company = \"Acme\"",
        "company = \"Acme\"\nlanguages = [\"en\", \"es\"]",
        1,
    );
    Host::start(folder, Some(&config))
}

fn get(host: &Host, path: &str) -> Value {
    let answer = host.call(PROGRAM, "GET", path, None);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[test]
fn hrs_5_a_telephony_asks_what_those_find_who_come() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let closed = get(&host, "/queues/phone-closed/hours");
    assert_eq!((&closed["open"], &closed["why"]), (&json!(false), &json!("a holiday")));
    assert_eq!(closed["holiday"], "Always");
    assert_eq!(closed["told"]["voice"]["en"], "We are never here.");
    let deflected = json!({
        "is": "deflected", "by": "phone-closed", "own": true, "offers": ["voicemail"], "email": null, "voicemail_for": "crm"
    });
    assert_eq!(closed["answer"], deflected);
    let web = get(&host, "/queues/phone-closed/hours?entry_point=web");
    assert_eq!(web["answer"]["offers"], json!(["scheduled_call", "email"]));
    assert_eq!(web["answer"]["email"], "help@acme.example");
    let mobile = get(&host, "/queues/phone-closed/hours?entry_point=mobile");
    assert_eq!(mobile["answer"], json!({ "is": "open", "queue": "phone-open" }));
    assert_eq!(get(&host, "/queues/phone/hours")["answer"], json!({ "is": "menu" }));
    let spanish = get(&host, "/queues/phone-closed/hours?lang=es");
    assert_eq!((&spanish["open"], &spanish["schedule"]["name"]), (&json!(true), &json!("Spanish")));
    assert_eq!(spanish["weeks"].as_array().unwrap().len(), 2);
    for (query, field) in [
        ("lang=fr", "`fr` is not spoken here"),
        ("entry_point=sms", "calls do not come through it"),
        ("channel=chat&entry_point=ivr", "chats do not come through it"),
        ("entry_point=fax", "unknown variant `fax`"),
        ("when=now", "unknown field `when`"),
        ("at=tomorrow", "at"),
    ] {
        let answer = host.call(ANA, "GET", &format!("/queues/phone-closed/hours?{query}"), None);
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        assert!(answer.body.contains(field), "{query}: {}", answer.body);
    }
}

fn call(host: &Host, body: &Value) -> (u16, Value) {
    let answer = host.call(PROGRAM, "POST", "/calls", Some(body));
    (answer.status, answer.json())
}

#[test]
fn hrs_6_a_call_outside_of_hours_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let new = |call: &str, entry_point: &str| json!({ "call": call, "caller": "+12025550123", "queue": "phone-closed", "entry_point": entry_point });
    let (status, ivr) = call(&host, &new("CA1", "ivr"));
    assert_eq!((status, &ivr["chosen"]), (201, &json!("voicemail")));
    assert_eq!(ivr["end_reason"], "deflected (after hours)");
    let (_, web) = call(&host, &new("CA2", "web"));
    assert_eq!(web["instead"], json!(["scheduled_call", "email"]));
    assert_eq!((&web["chosen"], &web["email"]), (&json!(null), &json!("help@acme.example")));
    let (_, mobile) = call(&host, &new("CA3", "mobile"));
    assert_eq!((&mobile["status"], &mobile["queue"]), (&json!("waiting"), &json!("phone-open")));
    let transcript = host.get(&format!("/sessions/{}/transcript", ivr["session"]));
    let kinds: Vec<&str> =
        transcript.as_array().unwrap().iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(kinds, ["call_started", "deflected_after_hours", "ended"]);
    let (status, wrong) = call(&host, &new("CA4", "sms"));
    assert_eq!((status, &wrong["field"]), (400, &json!("entry_point")));
}

/// Hours of single dates hold instead of the week's, also on a holiday, and those who come then are taken.
#[test]
fn hrs_1_hours_of_single_dates_are_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    // A test that runs over midnight finds the second date.
    let today = chrono::Utc::now().date_naive();
    let tomorrow = today + chrono::Days::new(1);
    let special = format!(
        "special = [{{ dates = '2031-12-24', open = '10:00-12:00' }}, {{ dates = '{today} to {tomorrow}', open = '24 hours' }}]"
    );
    let always = "hours = { zone = 'UTC', open = { daily = '24 hours' }, holidays = ['Always']";
    let config = config().replacen(always, &format!("{always}, {special}"), 1);
    let host = host_with(folder.path(), &config);
    for (at, is_open, why, next) in [
        ("2031-12-24T09:59:00Z", false, "a holiday", "2031-12-24T10:00"),
        ("2031-12-24T10:00:00Z", true, "in the hours of this date", "2031-12-24T12:00"),
        ("2031-12-24T12:00:00Z", false, "a holiday", ""),
        ("2031-12-25T10:30:00Z", false, "a holiday", ""),
    ] {
        let told = get(&host, &format!("/queues/phone-closed/hours?at={at}"));
        assert_eq!(
            (&told["open"], told["why"].as_str()),
            (&json!(is_open), Some(why)),
            "{at}: {told}"
        );
        let change = told["next_change"].as_str().unwrap_or_default();
        assert!(change.starts_with(next), "{at}: {told}");
    }
    let comes = json!({ "call": "CA1", "caller": "+12025550123", "queue": "phone-closed", "entry_point": "ivr" });
    let (status, call) = call(&host, &comes);
    assert_eq!((status, &call["status"]), (201, &json!("waiting")), "{call}");
}

#[test]
fn hrs_10_a_call_is_scheduled_kept_over_a_restart_and_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let first = host(folder.path());
    let slots = |host: &Host| get(host, "/queues/phone-open/slots?wait_minutes=60");
    // Not the next one: its time could pass meanwhile.
    let slot = slots(&first)[2]["from"].clone();
    let free = |host: &Host| {
        let slots = slots(host);
        let found = slots.as_array().unwrap().iter().find(|free| free["from"] == slot);
        found.map_or(json!(0), |found| found["free"].clone())
    };
    assert_eq!(free(&first), 1);
    let new = |call: &str, caller: &str| json!({ "call": call, "caller": caller, "queue": "phone-open", "slot": slot, "entry_point": "web" });
    let (status, booked) = call(&first, &new("CA1", "+12025550123"));
    assert_eq!((status, &booked["status"], &booked["slot"]), (201, &json!("scheduled"), &slot));
    assert_eq!(booked["chosen"], "scheduled_call");
    let (status, full) = call(&first, &new("CA2", "+12025550124"));
    assert_eq!((status, &full["field"]), (409, &json!("slot")), "{full}");
    let mut past = new("CA2", "+12025550124");
    past["slot"] = json!("2020-01-01T00:00:00Z");
    let (status, none) = call(&first, &past);
    assert_eq!((status, &none["field"]), (400, &json!("slot")));
    assert!(none["message"].as_str().unwrap().contains("the next one begins at"), "{none}");
    drop(first);
    let host = host(folder.path());
    let path = format!("/calls/{}", booked["session"]);
    assert_eq!(get(&host, &path)["status"], "scheduled");
    assert_eq!(free(&host), 0);
    let cancel = json!({ "type": "cancelled" });
    let answer = host.call(PROGRAM, "POST", &format!("{path}/events"), Some(&cancel));
    assert_eq!((answer.status, &answer.json()["end_reason"]), (200, &json!("cancelled")));
    assert_eq!(free(&host), 1);
    assert_eq!(host.call(ANA, "GET", "/queues/phone-open/slots", None).status, 403);
    assert_eq!(get(&host, "/queues/phone-closed/slots"), json!([]), "nobody is assigned");
}

/// A folder of one zone, of a release that is newer than any. In it New York is fifteen hours and a half west of Greenwich.
fn newer_zones(folder: &std::path::Path) {
    let head = |count: &[u8]| [b"TZif2".as_slice(), &[0; 15], &[0; 16], count].concat();
    let one_type = [0, 0, 0, 1, 0, 0, 0, 4];
    let (first, second) = (head(&one_type), head(&one_type));
    let (utc, west) = (b"\0\0\0\0\0\0XXX\0", b"\xff\xff&\x08\0\0XXX\0");
    let bytes = [&first[..], utc, &second, west, b"\n<-1530>15:30\n"].concat();
    std::fs::create_dir_all(folder.join("America")).unwrap();
    std::fs::write(folder.join("America/New_York"), bytes).unwrap();
    std::fs::write(folder.join("tzdata.zi"), "# version 2999a\n").unwrap();
}

#[test]
fn hrs_4_the_zones_that_decide_are_told_and_read_again_with_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let zones = folder.path().join("zones");
    let config = center(&format!("zoneinfo = '{}'", zones.display())).replacen(
        "[[queues]]",
        "[hours]\nzone = 'America/New_York'\nopen = { daily = '09:00-17:00' }\n[[queues]]",
        1,
    );
    let host = Host::start(folder.path(), Some(&config));
    let told = || {
        host.raw("GET", "/health", &[("authorization", &format!("Bearer {ADMIN}"))], "").json()["time_zones"].clone()
    };
    let missing = told();
    assert_eq!(missing["from"], "bundled", "{missing}");
    let warning = missing["warnings"][0].as_str().unwrap().to_owned();
    assert!(warning.contains("zones are not used: No such file"), "{warning}");
    assert!(host.log().contains(&warning), "the log tells it too");
    newer_zones(&zones);
    hang_up(&host, folder.path(), &config);
    let newer = eventually("the newer release", || {
        let told = told();
        (told["release"] == "2999a").then_some(told)
    });
    assert_eq!(newer["from"], zones.display().to_string().as_str(), "{newer}");
    assert!(newer.get("warnings").is_none(), "{newer}");
    // A folder that breaks while the host runs takes nothing away.
    std::fs::write(zones.join("America/New_York"), "no zone").unwrap();
    hang_up(&host, folder.path(), &config);
    let broken = eventually("the bundled release", || {
        let told = told();
        (told["from"] == "bundled").then_some(told)
    });
    let warning = broken["warnings"][0].as_str().unwrap();
    assert!(warning.contains("America/New_York: it does not begin with `TZif`"), "{warning}");
}
