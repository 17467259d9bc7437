//! Conversations written as conversations. A script's lines are inputs and what must come of them,
//! exactly; the session is stored and read back between any two steps.
//!
//! ```text
//! consumer: Hello              the consumer texts
//! ana takes it                 an agent accepts
//! ana: Hi!                     an agent writes (and "ana ends it", "ana leaves")
//! +61m                         time passes (s, m, h)
//! STOP: stop                   the consumer has opted out with this text
//! supervisor ends it
//! < We are here                a message to the consumer ("\n" is a new line)
//! * queued billing             any other event
//! ! NotQueued …                the input was refused
//! ```

#![allow(unreachable_pub, missing_docs, dead_code, reason = "shared by two test binaries")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_sms::{Config, Hours, Input, Node, Opening, Session, Text, View};
use frontdesk_types::{AgentId, Event, Fact, Instant, Language, QueueId, ReturnReason, SessionId};

pub fn queue(id: &str) -> QueueId {
    id.parse().unwrap()
}

pub fn language(tag: &str) -> Language {
    tag.parse().unwrap()
}

/// main: support (tech, billing), sales, español, night (one child only).
pub fn acme() -> Config {
    let node = |id: &str, en: &str| Node::new(queue(id), [(Language::ENGLISH, en)]);
    let mut config = Config::new("Acme", Language::ENGLISH);
    let messages =
        ["en", "es"].map(|tag| (language(tag), frontdesk_sms::Messages::defaults(language(tag))));
    config.set_messages(std::sync::Arc::new(messages.into_iter().collect()));
    config.add(node("main", "Acme"));
    let support = [(Language::ENGLISH, "Support"), (language("es"), "Ayuda técnica")];
    config.add(Node::new(queue("support"), support).below(&queue("main")));
    config.add(node("tech", "Tech help").below(&queue("support")));
    config.add(node("billing", "Billing").below(&queue("support")).with_keyword("Pay"));
    config.add(node("sales", "Sales").below(&queue("main")));
    let spanish =
        Node::new(queue("es"), [(language("es"), "Español"), (Language::ENGLISH, "Spanish")]);
    config.add(spanish.below(&queue("main")).with_language(language("es")));
    config.add(node("night", "Night desk").below(&queue("main")));
    config.add(node("owls", "Owls").below(&queue("night")));
    config.fallback = Some(queue("sales"));
    config
}

/// Queues named in `closed` are closed.
#[derive(Debug, Default)]
pub struct Desk {
    pub closed: Vec<&'static str>,
    pub told: bool,
}

impl View for Desk {
    fn hours(&self, queue: &QueueId, _: Language) -> Hours {
        if self.closed.contains(&queue.as_str()) {
            Hours::Closed { reopens: Some("Monday 8:00 AM".into()), told: self.told }
        } else {
            Hours::Open
        }
    }

    fn waiting(&self, _: &QueueId) -> u32 {
        2
    }

    fn wait_minutes(&self, _: &QueueId) -> Option<u32> {
        Some(1)
    }

    fn agent_name(&self, agent: &AgentId) -> CompactString {
        let name = agent.as_str();
        let (first, rest) = name.split_at(1);
        CompactString::from(first.to_uppercase()) + rest
    }

    fn consumer_name(&self) -> Option<CompactString> {
        None
    }
}

pub fn start_instant() -> Instant {
    "2026-11-20T15:00:00Z".parse().unwrap()
}

pub fn opening(home: &str, opt_in_text_due: bool) -> Opening {
    Opening {
        id: SessionId(1042),
        consumer: "+12025550123".parse().unwrap(),
        support_number: "+12025550100".parse().unwrap(),
        home: queue(home),
        language: Language::ENGLISH,
        opt_in_text_due,
    }
}

/// How an event stands in a script; `None` for what the script says by its input.
fn line(event: &Event) -> Option<String> {
    let text = match &event.fact {
        Fact::InboundMessage { .. } | Fact::SessionStarted { .. } => return None,
        Fact::OutboundMessage { body, .. } => {
            return Some(format!("< {}", body.replace('\n', "\\n")));
        }
        Fact::Queued { queue } => format!("queued {queue}"),
        Fact::Assigned { agent, queue } => format!("assigned {agent} in {queue}"),
        Fact::MenuEntered { node, by } => format!("menu {node} by {by:?}"),
        Fact::NotUnderstood { attempt } => format!("not understood {attempt}"),
        Fact::LanguageChanged { language } => format!("language {language}"),
        Fact::ReturnedToQueue { queue, reason, .. } => format!("returned to {queue} {reason:?}"),
        Fact::Ended { reason } => {
            format!("ended {} at {}", reason.words(), event.at.format("%H:%M:%S"))
        }
        other => format!("{other:?}"),
    };
    Some(format!("* {text}"))
}

/// Runs a script from the number's node `home`; the first line must be the consumer's.
pub fn converse(config: &Config, desk: &Desk, home: &str, script: &str) {
    let mut at = start_instant();
    let mut session: Option<Session> = None;
    let mut output: Vec<String> = Vec::new();
    let mut expected: Vec<String> = Vec::new();
    let mut input_line = String::new();
    for raw in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if raw.starts_with(['<', '*', '!']) {
            expected.push(raw.to_owned());
            continue;
        }
        assert_eq!(output, expected, "after `{input_line}`");
        (output, expected, input_line) = (Vec::new(), Vec::new(), raw.to_owned());
        if let Some(time) = raw.strip_prefix('+') {
            let (number, unit) = time.split_at(time.len() - 1);
            let number: i64 = number.parse().unwrap();
            at += match unit {
                "h" => TimeDelta::hours(number),
                "m" => TimeDelta::minutes(number),
                _ => TimeDelta::seconds(number),
            };
        }
        let events = match &mut session {
            None => {
                let text =
                    Text::new("SM1", raw.strip_prefix("consumer: ").expect("the consumer begins"));
                let (started, events) = Session::start(config, desk, opening(home, true), text, at);
                session = Some(started);
                events
            }
            Some(session) => {
                let step = session.handle(config, desk, input(raw), at);
                output.extend(step.refused.map(|refusal| format!("! {refusal:?}")));
                step.events
            }
        };
        output.extend(events.iter().filter_map(line));
        session = session.map(|session| {
            let again = Session::from_stored(&session.to_stored()).unwrap();
            assert_eq!(again, session, "stored and read back");
            again
        });
    }
    assert_eq!(output, expected, "after `{input_line}`");
}

fn input(raw: &str) -> Input {
    let agent = |name: &str| name.parse::<AgentId>().unwrap();
    if raw.starts_with('+') {
        return Input::TimePassed;
    }
    if let Some(body) = raw.strip_prefix("consumer: ") {
        return Input::ConsumerText(Text::new("SM2", body));
    }
    if let Some(body) = raw.strip_prefix("STOP: ") {
        return Input::OptedOut(Text::new("SM3", body));
    }
    if raw == "supervisor ends it" {
        return Input::EndedBySupervisor;
    }
    if let Some(name) = raw.strip_suffix(" takes it") {
        return Input::Assigned { agent: agent(name) };
    }
    if let Some(name) = raw.strip_suffix(" ends it") {
        return Input::EndedByAgent { agent: agent(name) };
    }
    if raw.ends_with(" leaves") {
        return Input::Returned { reason: ReturnReason::LoggedOut };
    }
    let (name, body) = raw.split_once(": ").expect("an input");
    Input::AgentText { agent: agent(name), body: body.replace("(nothing)", " ") }
}
