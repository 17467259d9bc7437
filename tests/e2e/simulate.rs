//! `frontdesk simulate`: a day in virtual time.

use std::process::{Command, Output};

use serde_json::Value;

fn simulate(arguments: &[&str]) -> Output {
    let program = std::env::var("FRONTDESK_BIN").expect("the program: see tests/run");
    Command::new(program).arg("simulate").args(arguments).output().expect("it runs")
}

fn json(arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let output = simulate(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_day_says_waits_service_level_abandonment_and_occupancy() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("day.svg");
    let chart = ["--svg", svg.to_str().unwrap()];
    let busy = json(&[&["--arrivals", "billing=2000", "--agents", "8"][..], &chart].concat());
    let billing = &busy["queues"]["billing"];
    let arrived = billing["arrived"].as_u64().unwrap();
    assert!((1800..2200).contains(&arrived), "{billing}");
    let out = billing["served"].as_u64().unwrap() + billing["abandoned"].as_u64().unwrap();
    assert_eq!(arrived, out, "nobody is lost");
    let hours = busy["hours"].as_array().unwrap();
    assert_eq!(hours.iter().map(|hour| hour["arrived"].as_u64().unwrap()).sum::<u64>(), arrived);
    assert!(std::fs::read_to_string(&svg).unwrap().contains("</svg>"));
    assert_eq!(busy, json(&["--arrivals", "billing=2000", "--agents", "8"]), "the same day");
    // Fewer agents: longer waits, more who give up, a lower service level, busier agents.
    let few = json(&["--arrivals", "billing=2000", "--agents", "3"]);
    let few = &few["queues"]["billing"];
    let more = |what: &str| few[what].as_f64().unwrap() > billing[what].as_f64().unwrap();
    assert!(more("mean_wait") && more("abandoned") && more("occupancy") && !more("service_level"));
    let table = String::from_utf8(simulate(&["--arrivals", "400"]).stdout).unwrap();
    assert!(table.starts_with("queue") && table.contains("billing"), "{table}");
}

#[test]
fn what_cannot_be_simulated_is_said() {
    for (arguments, expected) in [
        (&["--arrivals", "nowhere=5"][..], "consumers do not wait in `nowhere`, but in "),
        (&["--arrivals", "many"], "`many` is not a number of chats"),
        (&["--arrivals", "5", "--shifts", "16:00-08:00"], "it ends before it begins"),
        (&["--arrivals", "5", "--handle", "0"], "0 is not in 1..=86400"),
        (&["--arrivals", "5", "missing.toml"], "missing.toml"),
        (&[], "--arrivals"),
    ] {
        let output = simulate(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{arguments:?}: {said}");
    }
}
