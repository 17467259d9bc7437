//! Running the host: health, who may look at it, and why nothing happens.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

use frontdesk_tests::{
    ADMIN, ANA, Host, PATIENCE, PROGRAM, PUBLIC_URL, SUPERVISOR, center, encode, eventually,
    program, twilio_host,
};
use serde_json::json;

/// Tells a host to read its configuration again.
pub(crate) fn hang_up(host: &Host, folder: &std::path::Path, config: &str) {
    std::fs::write(folder.join("center.toml"), config).unwrap();
    let told = Command::new("kill").args(["-HUP", &host.id().to_string()]).status();
    assert!(told.unwrap().success());
}

#[test]
fn health_is_bad_while_no_text_can_be_taken() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("database_limit = 2_000_000")));
    assert_eq!(host.raw("GET", "/health", &[], "").status, 200);
    // A checkpoint of the log may make room again between the refusal and the question: then there are more texts.
    let full = (1..5_000).find_map(|n| {
        let text = host.text(&format!("SM{n}"), &format!("+1202555{n:04}"), &"x".repeat(1_500));
        if text.status == 200 {
            return None;
        }
        assert_eq!(text.status, 503, "{text:?}");
        Some(host.raw("GET", "/health", &[], "")).filter(|health| health.status != 200)
    });
    let full = full.expect("the limit is reached");
    assert_eq!((full.status, full.json()["error"].clone()), (503, json!("full")), "{full:?}");
    let size: u64 = ["frontdesk.sqlite", "frontdesk.sqlite-wal"]
        .iter()
        .map(|name| std::fs::metadata(folder.path().join(name)).map_or(0, |file| file.len()))
        .sum();
    assert!(size < 2_000_000 + 300_000, "{size}: the log counts, too");
    // There is room that is kept for revocations.
    let stop = host.text("SMstop", "+12025550001", "STOP");
    assert_eq!(stop.status, 200, "{stop:?}");
    assert!(host.events().iter().any(|event| event["type"] == "opted_out"));
    assert_eq!(host.text("SMmore", "+12025550002", &"x".repeat(1_500)).status, 503);
}

#[test]
fn a_standard_output_that_takes_nothing_stops_no_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("center.toml"), center("")).unwrap();
    for output in ["full", "closed"] {
        let mut command = Command::new(program());
        command.args(["serve", "--listen", "127.0.0.1:0", "center.toml"]);
        command.current_dir(folder.path()).stdin(Stdio::null()).stderr(Stdio::piped());
        match output {
            "full" => command.stdout(std::fs::File::create("/dev/full").unwrap()),
            _ => command.stdout(Stdio::piped()),
        };
        let mut host = command.spawn().unwrap();
        drop(host.stdout.take());
        let log = BufReader::new(host.stderr.take().unwrap());
        let serving = log.lines().map_while(Result::ok).find(|line| line.contains("serving"));
        assert!(serving.is_some(), "{output}");
        host.kill().unwrap();
        host.wait().unwrap();
    }
    // The same of every command.
    for arguments in [vec!["schema"], vec!["sample"], vec!["token", "admin"]] {
        let full = std::fs::File::create("/dev/full").unwrap();
        let ended = Command::new(program()).args(&arguments).stdout(full).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(
            ended.status.code() == Some(2) && told.contains("standard output"),
            "{arguments:?}: {told}"
        );
    }
}

#[test]
fn check_ends_quietly_where_nothing_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.toml"), center("")).unwrap();
    let bad: Vec<String> = (0..5_000).map(|i| format!("x{i} = 1")).collect();
    std::fs::write(folder.path().join("bad.toml"), bad.join("\n")).unwrap();
    let check = |file: &str, format: &str| {
        let mut command = Command::new(program());
        command.args(["check", file, "--format", format]).current_dir(folder.path());
        command.stdin(Stdio::null());
        command
    };
    let full = || std::fs::File::create("/dev/full").unwrap();
    let closed = || std::io::pipe().unwrap().1;
    for (file, code) in [("good.toml", 0), ("bad.toml", 1)] {
        for format in ["text", "json"] {
            // Readers who read nothing: the exit code is that of the check.
            let ended = check(file, format).stdout(closed()).stderr(closed()).status().unwrap();
            assert_eq!(ended.code(), Some(code), "{file} {format}");
        }
        let told = check(file, "json").stdout(full()).output().unwrap();
        let lines = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!((told.status.code(), lines.lines().count()), (Some(2), 1), "{file}: {lines}");
    }
    let ended = check("bad.toml", "text").stderr(full()).status().unwrap();
    assert_eq!(ended.code(), Some(2));
}

#[test]
fn files_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    host.text("SM1", "+12025550123", "Hello");
    let mode = |name: &str| {
        let metadata = std::fs::metadata(folder.path().join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    for name in [
        "frontdesk.sqlite",
        "frontdesk.sqlite-wal",
        "frontdesk.sqlite-shm",
        "frontdesk.sqlite.lock",
    ] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    assert_eq!(mode("frontdesk.media"), 0o700);
}

#[test]
fn what_is_open_to_all_is_little_and_answers_to_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let operations = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = center(&format!("names = ['frontdesk.lan']\noperations = '{operations}'"));
    let host = Host::start(folder.path(), Some(&config));
    for (path, allowed) in [
        ("/metrics", vec![SUPERVISOR, ADMIN, PROGRAM]),
        ("/openapi.json", vec![ANA, ADMIN, PROGRAM]),
    ] {
        assert_eq!(host.raw("GET", path, &[], "").status, 401, "{path}");
        for token in [ANA, SUPERVISOR, ADMIN, PROGRAM] {
            let bearer = format!("Bearer {token}");
            let status = host.raw("GET", path, &[("Authorization", &bearer)], "").status;
            let expected =
                if allowed.contains(&token) || path == "/openapi.json" { 200 } else { 403 };
            assert_eq!(status, expected, "{token} {path}");
        }
    }
    let inside = |path: &str| ureq::get(format!("http://{operations}{path}")).call().unwrap();
    for path in ["/metrics", "/openapi.json", "/health"] {
        assert_eq!(inside(path).status().as_u16(), 200, "{path}");
    }
    let outside = ureq::get(format!("http://{operations}/api/v1/me")).call();
    assert!(outside.is_err(), "the API is elsewhere");
    for (name, expected) in [("evil.example", 421), ("frontdesk.lan", 200), ("localhost", 200)] {
        assert_eq!(host.raw("GET", "/health", &[("Host", name)], "").status, expected, "{name}");
    }
    assert_eq!(host.raw("GET", "/", &[("Host", "evil.example")], "").status, 421);
    let bearer = format!("Bearer {ADMIN}");
    let sessions = ureq::get(format!("{}/api/v1/sessions", host.url))
        .header("Authorization", &bearer)
        .call()
        .unwrap();
    assert_eq!(sessions.headers()["cache-control"], "no-store");
}

/// An open live stream, after its first event.
fn follow(host: &Host, token: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(host.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let ask = format!(
        "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while !line.contains("resync") {
        line.clear();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream has ended");
    }
    stream
}

#[test]
fn a_token_that_is_taken_out_or_expires_loses_its_open_stream() {
    let folder = tempfile::tempdir().unwrap();
    let soon =
        Command::new("date").args(["-u", "-d", "+8 seconds", "+%Y-%m-%dT%H:%M:%SZ"]).output();
    let soon = String::from_utf8(soon.unwrap().stdout).unwrap();
    let config = center("").replacen(
        "role = 'supervisor'",
        &format!("role = 'supervisor'\nexpires = {}", soon.trim()),
        1,
    );
    let host = Host::start(folder.path(), Some(&config));
    let (mut anas, mut supervisors) = (follow(&host, ANA), follow(&host, SUPERVISOR));
    let mut admins = follow(&host, ADMIN);
    supervisors.read_to_end(&mut Vec::new()).expect("the stream ends with its token");
    // Ana's token is somebody else's now.
    hang_up(
        &host,
        folder.path(),
        &config.replacen("role = 'agent'\nagent = 'ana'", "role = 'agent'\nagent = 'ben'", 1),
    );
    anas.read_to_end(&mut Vec::new()).expect("the stream ends with its token");
    assert_eq!(host.call(ADMIN, "GET", "/me", None).status, 200);
    // All are taken out.
    hang_up(&host, folder.path(), config.split("[[host.tokens]]").next().unwrap());
    admins.read_to_end(&mut Vec::new()).expect("the stream ends with its token");
    for token in [ANA, SUPERVISOR, ADMIN, PROGRAM] {
        assert_eq!(host.call(token, "GET", "/me", None).status, 401, "{token}");
    }
    assert!(host.log().contains("no tokens are configured"), "{}", host.log());
}

/// The counter of a kind.
fn counted(host: &Host, name: &str) -> bool {
    host.metrics().lines().any(|line| line.starts_with(name) && !line.ends_with(" 0"))
}

#[test]
fn who_got_no_answer_and_why_is_told() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there: the carrier is down.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let host = Host::start(folder.path(), Some(&twilio_host(&format!("http://{nobody}"))));
    let says = |to: &str, sid: &str, body: &str| {
        let form = [("MessageSid", sid), ("From", "+12025550123"), ("To", to), ("Body", body)];
        encode(&form)
    };
    let text = |to: &str, sid: &str| says(to, sid, "Hello");
    let hook = "/webhooks/twilio/messages";
    assert_eq!(host.signed_for_public(hook, &text("+12025550100", "SM1")).status, 200);
    // They wait in a queue whose agents are not there.
    assert_eq!(host.signed_for_public(hook, &says("+12025550100", "SM4", "1")).status, 200);
    // Signed for another URL than `public_url`, as with a wrong setting.
    assert_eq!(host.signed(hook, &text("+12025550100", "SM2")).status, 403);
    assert_eq!(host.signed_for_public(hook, &text("+12025550199", "SM3")).status, 404);
    for told in [
        "the provider does not take a text now",
        "a webhook was refused with 403",
        "belongs to no queue",
        "no agent of the queue is logged in",
        &format!("{PUBLIC_URL}{hook}"),
    ] {
        eventually(told, || host.log().contains(told).then_some(()));
    }
    for counter in [
        "frontdesk_send_attempts_total{outcome=\"later\"}",
        "frontdesk_webhooks_refused_total{reason=\"wrong_signature\"}",
        "frontdesk_inbound_texts_total{outcome=\"unrouted\"}",
        "frontdesk_outbox_pending",
        "frontdesk_outbox_oldest_text_seconds",
    ] {
        eventually(counter, || counted(&host, counter).then_some(()));
    }
    let waits = eventually("what waits", || {
        let outbox = host.get("/outbox");
        (outbox["work"][0]["error"].is_string()).then_some(outbox)
    });
    assert_eq!(waits["work"][0]["kind"], "send_text", "{waits}");
    assert_eq!(waits["work"][0]["session"], 1, "{waits}");
    assert!(waits["oldest_text"].is_string() && waits["kinds"]["send_text"].as_u64() > Some(0));
    let log = host.log();
    assert!(!log.contains("Hello") && !log.contains("5550123"), "{log}");
}

#[test]
fn what_a_consumer_wrote_is_found_by_their_number() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&center("")));
    for (sid, from, body) in [
        ("SM1", "+12025550123", "Hello"),
        ("SM2", "+12025550123", "STOP"),
        ("SM3", "+12025550123", "are you there?"),
        ("SM4", "+12025550124", "Hello"),
    ] {
        assert_eq!(host.text(sid, from, body).status, 200);
    }
    for spelled in ["%2B12025550123", "(202)%20555-0123"] {
        let found = host.get(&format!("/sessions?consumer={spelled}"));
        assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
        assert_eq!(found[0]["consumer"], "+12025550123");
        let lines = host.get(&format!("/consumers/{spelled}/lines"));
        assert_eq!(lines.as_array().unwrap().len(), 1, "{lines}");
        assert_eq!(
            (&lines[0]["number"], &lines[0]["last_session"]),
            (&json!("+12025550100"), &json!(1))
        );
        let outside = host.get(&format!("/consumers/{spelled}/outside-of-sessions")).to_string();
        assert!(outside.contains("are you there?"), "{outside}");
    }
    assert_eq!(host.call(ADMIN, "GET", "/sessions?consumer=x", None).status, 400);
    assert_eq!(host.get("/sessions?consumer=%2B12025550125"), json!([]));
    assert_eq!(host.call(ANA, "GET", "/consumers/%2B12025550123/lines", None).status, 403);
    let said = host.events().into_iter().find(|event| event["body"] == "are you there?").unwrap();
    assert_eq!(said["line"], json!({ "consumer": "+12025550123", "number": "+12025550100" }));
}

#[test]
fn a_url_that_is_none_is_a_mistake_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    for (good, wrong) in [
        (PUBLIC_URL, "frontdesk.example.com"),
        (PUBLIC_URL, "ftp://frontdesk.example.com"),
        (PUBLIC_URL, "https://frontdesk.example.com?x=1"),
        (PUBLIC_URL, "https://"),
        (PUBLIC_URL, ""),
    ] {
        let config = twilio_host("https://api.twilio.com").replace(good, wrong);
        let told = Host::try_start(folder.path(), Some(&config)).unwrap_err();
        assert!(told.contains("host.public_url"), "{wrong}: {told}");
    }
    let told = Host::try_start(folder.path(), Some(&twilio_host("api.twilio.com"))).unwrap_err();
    assert!(told.contains("host.twilio.api_base"), "{told}");
}

#[test]
fn the_samples_and_tokens_of_the_program_fit_together() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(program()).args(arguments).current_dir(folder.path()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let tokens =
        run(&["token", "agent", "--agent", "ana", "--agent", "ben", "--expires", "2100-01-31"]);
    assert_eq!(tokens.matches("[[host.tokens]]").count(), 2, "{tokens}");
    let sections: Vec<_> =
        tokens.lines().filter(|line| line.contains(" = ") || line.starts_with('[')).collect();
    let config = format!("{}\n{}\n", run(&["sample"]), sections.join("\n"));
    std::fs::write(folder.path().join("center.toml"), config).unwrap();
    assert!(run(&["check", "center.toml"]).contains("is valid"));
    assert!(run(&["sample", "unit"]).contains("ExecStart="));
    assert!(run(&["sample", "nginx"]).contains("proxy_buffering off"));
    let wrong = center("").replace("+12025550100", "(202) 555-0100");
    let told = Host::try_start(folder.path(), Some(&wrong)).unwrap_err();
    assert!(told.contains("write +12025550100"), "{told}");
    for number in ["+12025550100", "+12025559999"] {
        let chat = Command::new(program())
            .args(["chat", "--number", number])
            .stdin(Stdio::null())
            .output();
        let chat = chat.unwrap();
        assert_eq!(chat.status.success(), number.ends_with("0100"), "{chat:?}");
    }
}
