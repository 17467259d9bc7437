//! Conversations written as conversations. A script's lines are inputs and what must come of them,
//! exactly; the session is stored and read back between any two steps.
//!
//! ```text
//! consumer: Hello              the consumer texts
//! ana takes it                 an agent accepts
//! ana: Hi!                     an agent writes (and "ana ends it", "ana leaves")
//! ana opens it                 the agent has the chat open (and "ana closes it", "ana dismisses it")
//! ana -> queue sales           a transfer (and "ana -> agent ben"); "transfer fails" when declined
//! bot says: Hi [Pay|Agent]     a virtual agent answers, with buttons (and "bot hands over to sales: …")
//! +61m                         time passes (s, m, h)
//! phone: I'm driving           the consumer's phone texts by itself
//! HELP: help                   a command that is answered outside of the session (HELP, START)
//! STOP: stop                   the consumer has opted out with this text
//! resume                       by a call of the API (and "supervisor ends it")
//! outreach: Hi                 as the first line: the center begins (and "ana outreach: Hi")
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

pub mod calls;
pub mod diagram;

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_sms::{
    AfterReply, Arrival, Automatic, Config, Hours, Input, Node, Opening, Outreach, Session, Step,
    Text, View, VirtualMessage, VirtualReply,
};
use frontdesk_types::{
    AgentId, Event, Fact, Instant, Language, QueueId, ReturnReason, SessionId, SessionType,
    TransferFailure, TransferTarget,
};

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
    /// Who comes to the first waits in the second.
    pub instead: Vec<(&'static str, &'static str)>,
}

impl View for Desk {
    fn hours(&self, queue: &QueueId, _: Language) -> Hours {
        if self.closed.contains(&queue.as_str()) {
            Hours::Closed { reopens: Some("Monday 8:00 AM".into()), notice: None, told: self.told }
        } else {
            Hours::Open
        }
    }

    fn arrival(&self, node: &QueueId, language: Language) -> Arrival {
        match self.instead.iter().find(|(from, _)| *from == node.as_str()) {
            Some((_, to)) => Arrival::Elsewhere(queue(to)),
            None if self.hours(node, language) == Hours::Open => Arrival::Here,
            None => Arrival::Closed,
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
        session_type: SessionType::Inbound,
        ticket: None,
    }
}

/// The first line of a script.
fn begin(config: &Config, desk: &Desk, home: &str, raw: &str) -> (Session, Vec<Event>) {
    let at = start_instant();
    if let Some(text) = raw.strip_prefix("consumer: ") {
        return Session::start(config, desk, opening(home, true), Text::new("SM1", text), at);
    }
    let (agent, body) = raw.split_once("outreach: ").expect("somebody begins");
    let agent = agent.trim();
    let agent = (!agent.is_empty()).then(|| agent.parse().unwrap());
    let opening = Opening { session_type: SessionType::Outbound, ..opening(home, true) };
    let outreach = Outreach { agent, body: body.to_owned() };
    Session::start_outbound(config, desk, opening, outreach, at).unwrap()
}

/// How an event stands in a script; `None` for what the script says by its input.
fn line(event: &Event) -> Option<String> {
    let text = match &event.fact {
        Fact::InboundMessage { .. }
        | Fact::SessionStarted { .. }
        | Fact::CallStarted { .. }
        | Fact::WaitEstimated { .. }
        | Fact::CallConnected { .. } => return None,
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
        Fact::AgentLeft { agent } => format!("{agent} left"),
        Fact::ChatOpened { agent } => format!("opened by {agent}"),
        Fact::ChatClosed { agent } => format!("closed by {agent}"),
        Fact::ChoicesOffered { choices, .. } if choices.is_empty() => "no choices".to_owned(),
        Fact::ChoicesOffered { choices, .. } => format!("choices {}", choices.join("|")),
        Fact::Dismissed { by, .. } => format!("dismissed by {by:?}"),
        Fact::HandedOver { agent, queue } => format!("{agent} hands over to {queue}"),
        Fact::ResponseOverdue { agent } => {
            format!("{agent} overdue at {}", event.at.format("%H:%M:%S"))
        }
        Fact::Forwarded { from, to, .. } => format!("{from} is closed: forwarded to {to}"),
        Fact::Resumed { by } => format!("resumed by {by:?}"),
        Fact::TransferStarted { agent, to } => format!("transfer from {agent} to {to:?}"),
        Fact::TransferFailed { agent, reason } => {
            format!("transfer failed {reason:?}, {agent} has it")
        }
        Fact::TransferFinished { from } => format!("transfer from {from} done"),
        Fact::CallQueued { queue } => format!("waits in {queue}"),
        Fact::CallDeflected { queue, chat, .. } => format!("goes on by text in {queue} as {chat}"),
        Fact::CallScheduled { queue, slot, .. } => {
            format!("scheduled in {queue} at {}", slot.format("%a %H:%M:%S"))
        }
        Fact::ScheduledCallNear => "the scheduled call is near".to_owned(),
        Fact::DeflectedAfterHours { queue, offers, .. } => {
            let offers: Vec<String> = offers.iter().map(ToString::to_string).collect();
            let offers = if offers.is_empty() { "nothing".into() } else { offers.join(", ") };
            format!("{queue} is closed: {offers} instead")
        }
        Fact::CallerLeft => "the caller has left".to_owned(),
        Fact::OverCapacity { queue, offers, .. } => {
            let others = (2..).zip(offers).map(|(key, offer)| format!(", {key} for {offer}"));
            let others = others.collect::<Vec<_>>().concat();
            format!("{queue} is over capacity: 1 to keep waiting{others}?")
        }
        Fact::AlternativeChosen { alternative } => format!("chooses {alternative}"),
        Fact::CallerReturned { call } => format!("calls again as {call}"),
        Fact::KeptWaiting { answered } => format!("keeps waiting{}", silently(*answered)),
        Fact::ServiceOffered { service } => format!("{service:?}: 1 for yes, 2 for no?"),
        Fact::ServiceAccepted { service } => format!("{service:?} accepted"),
        Fact::ServiceDeclined { service, answered } => {
            format!("{service:?} declined{}", silently(*answered))
        }
        Fact::ServiceFailed { service } => format!("{service:?} failed"),
        Fact::AppOpened => "the app is open".to_owned(),
        other => format!("{other:?}"),
    };
    Some(format!("* {text}"))
}

fn silently(answered: bool) -> &'static str {
    if answered { "" } else { " without a key" }
}

/// Runs a script from the number's node `home`; the first line must be the consumer's.
pub fn converse(config: &Config, desk: &Desk, home: &str, script: &str) {
    let mut session: Option<Session> = None;
    hold(script, |raw, at, all| {
        let step = match &mut session {
            None => {
                let (started, events) = begin(config, desk, home, raw);
                session = Some(started);
                Step { events, refused: None }
            }
            Some(session) => session.handle(config, desk, input(raw), at),
        };
        all.extend(step.events.iter().cloned());
        session = session.take().map(|session| {
            let again = Session::from_stored(&session.to_stored().unwrap()).unwrap();
            assert_eq!(again, session, "stored and read back");
            let replayed = Session::replay(config, session.id(), &*all);
            assert_eq!(replayed.as_ref(), Some(&session), "replayed after `{raw}`");
            again
        });
        step
    });
    tell(&format!("number of {home}"), script);
}

/// Goes through a script: what each input leads to is exactly what stands below it. `step` adds its events to
/// those of all steps.
pub fn hold(script: &str, mut step: impl FnMut(&str, Instant, &mut Vec<Event>) -> Step) {
    let mut at = start_instant();
    let mut output: Vec<String> = Vec::new();
    let mut expected: Vec<String> = Vec::new();
    let mut input_line = String::new();
    let mut all: Vec<Event> = Vec::new();
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
        let Step { events, refused } = step(raw, at, &mut all);
        output.extend(refused.map(|refusal| format!("! {refusal:?}")));
        output.extend(events.iter().filter_map(line));
    }
    assert_eq!(output, expected, "after `{input_line}`");
}

/// Writes the conversation down for docs/features.md (tests/conversations.py), if asked to.
#[allow(clippy::disallowed_methods, reason = "a test writes what it was asked to")]
pub fn tell(place: &str, script: &str) {
    use std::io::Write;
    let Some(folder) = std::env::var_os("FRONTDESK_CONVERSATIONS") else { return };
    let thread = std::thread::current();
    let name = thread.name().and_then(|name| name.rsplit("::").next());
    let file = std::path::Path::new(&folder).join(name.unwrap_or("conversation"));
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.collect();
    writeln!(file, "({place})\n{}\n", lines.join("\n")).unwrap();
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
    if let Some(body) = raw.strip_prefix("phone: ") {
        return Input::AutomaticText(Text::new("SM2", body), Automatic::Reply);
    }
    if let Some(body) = raw.strip_prefix("HELP: ") {
        return Input::Command(Text::new("SM3", body));
    }
    match raw {
        "opted out elsewhere" => return Input::OptedOutElsewhere,
        "supervisor ends it" => return Input::EndedBySupervisor,
        "resume" => return Input::Resumed,
        "transfer fails" => {
            return Input::TransferFailed { reason: TransferFailure::Declined };
        }
        _ => {}
    }
    for (ending, input) in [
        (" opens it", (|agent| Input::ChatOpened { agent }) as fn(AgentId) -> Input),
        (" closes it", |agent| Input::ChatClosed { agent }),
        (" dismisses it", |agent| Input::Dismissed { agent }),
    ] {
        if let Some(name) = raw.strip_suffix(ending) {
            return input(agent(name));
        }
    }
    if let Some((name, to)) = raw.split_once(" -> ") {
        let to = match to.split_once(' ') {
            Some(("agent", to)) => TransferTarget::Agent(agent(to)),
            Some((_, to)) => TransferTarget::Queue(queue(to)),
            None => panic!("to whom?"),
        };
        return Input::Transfer { agent: agent(name), to };
    }
    if let Some(reply) = virtual_reply(raw) {
        return reply;
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

fn virtual_reply(raw: &str) -> Option<Input> {
    let (head, body) = raw.split_once(": ")?;
    let (name, then) = if let Some(name) = head.strip_suffix(" says") {
        (name, AfterReply::Wait)
    } else if let Some(name) = head.strip_suffix(" says good-bye") {
        (name, AfterReply::End)
    } else {
        let (name, to) = head.split_once(" hands over to ")?;
        (name, AfterReply::HandOver { queue: queue(to) })
    };
    let (text, buttons) = body.split_once(" [").unwrap_or((body, "]"));
    let buttons = buttons.trim_end_matches(']').split('|').filter(|button| !button.is_empty());
    let message =
        VirtualMessage { text: text.to_owned(), buttons: buttons.map(str::to_owned).collect() };
    let reply = VirtualReply { messages: vec![message], then };
    Some(Input::VirtualReply { agent: name.parse().unwrap(), reply })
}
