//! The fences of the domain: no clock, no runtime, no database, no sibling (design.md).

use std::process::Command;

const DOMAIN: [&str; 7] = ["types", "sms", "routing", "hours", "tendlc", "timestamp", "crm"];
const ENGINE: &str = "frontdesk";

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The crates that a crate needs to be built into a host, by name.
fn needs(package: &str) -> Vec<String> {
    let tree =
        cargo(&["tree", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"]);
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn domain_crates_have_no_runtime_no_database_and_no_siblings() {
    let outside = [
        "tokio",
        "async-std",
        "smol",
        "futures-executor",
        "mio",
        "hyper",
        "reqwest",
        "axum",
        "rusqlite",
        "sqlx",
        "tokio-postgres",
        "iana-time-zone",
        "getrandom",
    ];
    for crate_name in DOMAIN {
        let package = format!("frontdesk-{crate_name}");
        let needs = needs(&package);
        assert!(needs.contains(&package));
        for forbidden in outside {
            // Hash maps of a few libraries seed themselves with it.
            if forbidden != "getrandom" {
                assert!(!needs.iter().any(|name| name == forbidden), "{package} needs {forbidden}");
            }
        }
        for sibling in
            DOMAIN.iter().filter(|sibling| **sibling != "types" && **sibling != crate_name)
        {
            let sibling = format!("frontdesk-{sibling}");
            assert!(!needs.contains(&sibling), "{package} needs {sibling}");
        }
    }
}

#[test]
fn the_engine_brings_no_runtime_and_no_database() {
    let needs = needs(ENGINE);
    for forbidden in ["tokio", "async-std", "mio", "hyper", "reqwest", "axum", "rusqlite", "sqlx"] {
        assert!(!needs.iter().any(|name| name == forbidden), "the engine needs {forbidden}");
    }
}

#[test]
fn clocks_do_not_compile_in_the_domain() {
    // Alone, since a workspace build would unify the features of chrono.
    for crate_name in DOMAIN {
        let package = format!("frontdesk-{crate_name}");
        let features =
            cargo(&["tree", "-p", &package, "-e", "normal,features", "--prefix", "none"]);
        assert!(!features.contains("chrono feature \"clock\""), "{package} could read a clock");
        assert!(!features.contains("chrono feature \"now\""), "{package} could read a clock");
    }
}
