//! Sessions that earlier versions stored are read by this one, and go on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test reads and writes its files")]

mod support;

use std::fmt::Write;

use chrono::TimeDelta;
use frontdesk_sms::{
    AfterReply, Input, Opening, Outreach, Session, Text, VirtualMessage, VirtualReply,
};
use frontdesk_types::{AgentId, Needs, SessionType, TransferTarget};
use support::{Desk, acme, opening, queue, start_instant};

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn shown(session: &Session) -> String {
    let instant =
        |at: Option<frontdesk_types::Instant>| at.map_or("-".to_owned(), |at| at.to_rfc3339());
    format!(
        "{}\t{} {} {} {} {} {}{}",
        session.status().word(),
        session.queue().map_or("-", |queue| queue.as_str()),
        session.agent().map_or("-", |agent| agent.as_str()),
        instant(session.waiting_since()),
        instant(session.next_deadline()),
        session.language(),
        session.seen().to_rfc3339(),
        session.needs().map(|needs| format!(" {needs:?}")).unwrap_or_default(),
    )
}

/// A session after each step of a life with everything in it.
fn lives() -> Vec<(&'static str, Session)> {
    let mut config = acme();
    config.update_timers(["billing", "tech"].map(queue), |timers| {
        timers.dismissal = Some(TimeDelta::minutes(30));
        timers.dismissal_warning = Some(TimeDelta::minutes(5));
        timers.response_target = Some(TimeDelta::seconds(60));
    });
    config.virtual_agents.insert("bot".parse().unwrap());
    let (desk, mut at) = (Desk::default(), start_instant());
    let agent = |name: &str| name.parse::<AgentId>().unwrap();
    let text = |body: &str| Input::ConsumerText(Text::new("SM", body));
    let to = |id: &str| TransferTarget::Queue(queue(id));
    let (opening_1, opening_2) = (opening("main", true), opening("main", true));
    let opening_2 = Opening { session_type: SessionType::OutboundApi, ..opening_2 };
    let outreach = Outreach { agent: None, body: "Hi".into() };
    let (inbound, _) = Session::start(&config, &desk, opening_1, Text::new("SM", "Hello"), at);
    let (outbound, _) = Session::start_outbound(&config, &desk, opening_2, outreach, at).unwrap();
    let buttons = VirtualMessage { text: "Which?".into(), buttons: vec!["A".into(), "B".into()] };
    let offer = VirtualReply { messages: vec![buttons], then: AfterReply::Wait };
    let urgent = Needs { priority: Some(5), skills: vec!["vip".parse().unwrap()] };
    let steps = [
        ("selecting after one try", text("what")),
        ("queued", text("pay")),
        ("assigned", Input::Assigned { agent: agent("ana") }),
        ("the agent wrote", Input::AgentText { agent: agent("ana"), body: "Hi".into() }),
        ("open", Input::ChatOpened { agent: agent("ana") }),
        ("both wrote", text("Hello")),
        ("transferring to a queue", Input::Transfer { agent: agent("ana"), to: to("tech") }),
        ("transferred", Input::Assigned { agent: agent("ben") }),
        ("wrote again", Input::AgentText { agent: agent("ben"), body: "Hi".into() }),
        ("dismissed", Input::Dismissed { agent: agent("ben") }),
        ("resumed", Input::Resumed),
        ("with a program", Input::Assigned { agent: agent("bot") }),
        ("with choices", Input::VirtualReply { agent: agent("bot"), reply: offer }),
        (
            "transferring to an agent",
            Input::Transfer { agent: agent("bot"), to: TransferTarget::Agent(agent("ana")) },
        ),
        ("urgent", Input::NeedsChanged { needs: urgent }),
        ("opted out", Input::OptedOut(Text::new("SM", "stop"))),
    ];
    let mut lives = vec![("invited", outbound), ("selecting", inbound.clone())];
    let mut session = inbound;
    for (name, input) in steps {
        // A text that follows the first at once is no try of the menu.
        at += TimeDelta::seconds(if lives.len() == 2 { 3 } else { 1 });
        let step = session.handle(&config, &desk, input, at);
        assert_eq!(step.refused, None, "{name}");
        lives.push((name, session.clone()));
    }
    lives
}

/// Another form needs another version, and a file of its own here: with `FRONTDESK_WRITE=1` this test
/// writes it.
#[test]
fn the_form_of_today_is_on_file() {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
    };
    let line = |(name, session): &(&str, Session)| {
        format!("{}\t{name}\t{}\n", hex(&session.to_stored().unwrap()), shown(session))
    };
    let lines: String = lives().iter().map(line).collect();
    let version = lives()[0].1.to_stored().unwrap()[0];
    let path = format!("{}/tests/stored/v{version}.tsv", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        std::fs::write(&path, &lines).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), lines);
}

#[test]
fn stored_states_of_every_released_format_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stored");
    let mut formats = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("call") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        formats += 1;
        for line in text.lines() {
            let (bytes, rest) = line.split_once('\t').unwrap();
            let (name, expected) = rest.split_once('\t').unwrap();
            let mut session = Session::from_stored(&unhex(bytes)).unwrap();
            assert_eq!(shown(&session), expected, "{name}");
            // In the form of today it is the same, and its timers still lead to an end.
            assert_eq!(
                Session::from_stored(&session.to_stored().unwrap()).unwrap(),
                session,
                "{name}"
            );
            while let Some(deadline) = session.next_deadline() {
                let step = session.handle(&acme(), &Desk::default(), Input::TimePassed, deadline);
                assert!(!step.events.is_empty(), "{name}");
            }
            assert!(session.end_reason().is_some(), "{name}");
        }
    }
    assert!(formats >= 3, "one file for each format");
}
