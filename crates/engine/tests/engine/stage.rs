//! Conversations with the whole center, written as conversations:
//!
//! ```text
//! consumer: Hello              the consumer texts +12025550100 ("consumer to +1202…: Hello"; "other: …" is somebody else)
//! consumer sends gif, page: Hi with pictures and videos
//! ana available                an agent's status (and "ana away")
//! ana takes it                 the agent takes what is offered; "ana: Hi" writes, "ana ends it" ends
//! ana uses form                the agent sends a ready-made text
//! ana to consumer: Hi          the center begins a chat from the outbound number (and "program to consumer: Hi")
//! notice: Your parcel is here  a notice without a session
//! block consumer               (and "unblock consumer")
//! +61m                         time passes
//! < We are here                a text leaves ("(+1202…)" where it is not from +12025550100, "\n" is a new line)
//! * queued billing             any other event
//! ! …                          refused
//! ```

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    EngineError, Inbound, MediaError, NewChat, Notice, RequestKey,
    store::MemoryStore,
    tendlc::ContentType,
    types::{AgentStatus, Delivery, Fact, Media},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World, id};

const NOTICES: &str = "+12025550120";
const ANAS: &str = "+12025550130";

pub(crate) fn center() -> String {
    let own = format!("name = \"Ana\"\nnumbers = [\"{ANAS}\"]");
    CENTER.replace("name = \"Ana\"", &own)
        + &format!(
            "
[outbound]
enabled = true
numbers = [{{ number = '{NUMBER}' }}]
[compliance]
outreach_without_consent = 'they ask for a text on the web; our counsel, memo 7'
[notifications]
numbers = ['{NOTICES}']
[[shortcuts]]
keyword = 'form'
message = '@{{END_USER}}, the form for @{{QUEUE}} is at acme.example/form. @{{AGENT}}'
"
        )
}

struct Stage {
    world: World,
    /// How many texts have left, and events happened, when the last line was over.
    seen: (usize, usize),
    texts: u32,
}

/// Holds a conversation: what each line leads to stands below it, exactly.
pub(crate) fn converse(config: &str, script: &str) {
    let world = World::with(config, Arc::new(MemoryStore::new()));
    for (name, content) in [("gif", &b"GIF89a\x01\x00\x01\x00"[..]), ("page", b"<html>")] {
        let picture: Result<Vec<u8>, MediaError> = Ok(content.to_vec());
        world.gallery.pictures.lock().unwrap().insert(name.into(), picture);
    }
    let mut stage = Stage { world, seen: (0, 0), texts: 0 };
    let mut expected: Vec<&str> = Vec::new();
    let (mut output, mut input) = (Vec::new(), "");
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with(['<', '*', '!']) {
            expected.push(line);
            continue;
        }
        assert_eq!(output, expected, "after `{input}`");
        (expected, input) = (Vec::new(), line);
        output = stage.play(line);
    }
    assert_eq!(output, expected, "after `{input}`");
    tell(script);
}

/// Writes the conversation down for docs/features.md (tests/conversations.py), if asked to.
fn tell(script: &str) {
    use std::io::Write;
    let Some(folder) = std::env::var_os("FRONTDESK_CONVERSATIONS") else { return };
    let name =
        std::thread::current().name().unwrap_or("conversation").replace("conversations::", "");
    let file = std::path::Path::new(&folder).join(name);
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    let lines: Vec<&str> = script.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    writeln!(file, "(the whole center)\n{}\n", lines.join("\n")).unwrap();
}

impl Stage {
    fn play(&mut self, line: &str) -> Vec<String> {
        let refused = self.act(line).err();
        self.world.settle();
        let mut output: Vec<String> = refused.iter().map(|error| format!("! {error}")).collect();
        let events = self.world.events();
        output.extend(events.iter().skip(self.seen.1).filter_map(|event| told(&event.fact)));
        let taken = self.world.carrier.taken.lock().unwrap();
        for text in taken.iter().skip(self.seen.0) {
            let from = text.line.number.to_string();
            let from = if from == NUMBER { String::new() } else { format!("({from}) ") };
            output.push(format!("< {from}{}", text.body.replace('\n', "\\n")));
        }
        self.seen = (taken.len(), events.len());
        drop(taken);
        self.world.log_makes_what_is_stored();
        output
    }

    fn act(&mut self, line: &str) -> Result<(), EngineError> {
        let engine = &self.world.engine;
        if let Some(time) = line.strip_prefix('+') {
            let (number, unit) = time.split_at(time.len() - 1);
            let number: i64 = number.parse().unwrap();
            let time =
                if unit == "m" { TimeDelta::minutes(number) } else { TimeDelta::hours(number) };
            self.world.clock.advance(time);
            return Ok(());
        }
        let last = || {
            let rows = self.world.rows();
            rows.iter().find(|row| row.ended.is_none()).or(rows.first()).unwrap().id
        };
        match line.split_once(' ') {
            Some(("block", _)) => {
                return block_on(engine.set_blocked(CONSUMER.parse().unwrap(), true)).map(drop);
            }
            Some(("unblock", _)) => {
                return block_on(engine.set_blocked(CONSUMER.parse().unwrap(), false)).map(drop);
            }
            Some(("notice:", body)) => {
                let consent = Some("box ticked".into());
                let (consumer, number) = (CONSUMER.parse().unwrap(), NOTICES.parse().unwrap());
                let key: String = body.chars().filter(char::is_ascii_graphic).take(64).collect();
                let (body, key) = (body.to_owned(), RequestKey::new("shop", key).unwrap());
                let kind = ContentType::Informational;
                let notice = Notice { consumer, number, body, key, consent, kind };
                return block_on(engine.notify(notice)).map(drop);
            }
            Some((agent, "available")) => {
                return block_on(engine.set_status(&id(agent), AgentStatus::Available));
            }
            Some((agent, "away")) => {
                return block_on(engine.set_status(&id(agent), AgentStatus::LoggedOut));
            }
            Some((agent, "takes it")) => return block_on(engine.accept(last(), &id(agent))),
            Some((agent, "ends it")) => return block_on(engine.end(last(), &id(agent))),
            Some((agent, what)) if what.starts_with("uses ") => {
                let shortcuts = block_on(engine.shortcuts(last()))?;
                let used = shortcuts.iter().find(|shortcut| what[5..] == shortcut.keyword).unwrap();
                return block_on(engine.send(last(), &id(agent), used.message.clone()));
            }
            _ => {}
        }
        let (head, body) = line.split_once(": ").expect("somebody writes");
        match head.split_once(' ') {
            Some(("program", _)) => self.begin(None, body),
            Some((agent, "to consumer")) => self.begin(Some(agent), body),
            Some((who, "to own number")) => self.text(who, ANAS, body, ""),
            Some((who, to)) if to.starts_with("to ") => self.text(who, &to[3..], body, ""),
            Some((who, sends)) => {
                let urls = sends.strip_prefix("sends ").expect("pictures").to_owned();
                self.text(who, NUMBER, body, &urls)
            }
            None if head == "consumer" || head == "other" => self.text(head, NUMBER, body, ""),
            None => block_on(engine.send(last(), &id(head), body.to_owned())),
        }
    }

    fn begin(&self, agent: Option<&str>, body: &str) -> Result<(), EngineError> {
        let new = NewChat {
            consumer: CONSUMER.parse().unwrap(),
            number: NUMBER.parse().unwrap(),
            body: body.into(),
            agent: agent.map(id),
            language: None,
            ticket: None,
            consent: None,
            by_program: agent.is_none(),
            key: None,
        };
        block_on(self.world.engine.begin_chat(new)).map(drop)
    }

    fn text(&mut self, who: &str, to: &str, body: &str, urls: &str) -> Result<(), EngineError> {
        self.texts += 1;
        let from = if who == "other" { OTHER } else { CONSUMER };
        let media = urls.split(", ").filter(|url| !url.is_empty());
        let media = media.map(|url| Media { url: url.into(), content_type: "image/jpeg".into() });
        let inbound = World::inbound(&format!("IN{}", self.texts), from, to, body);
        let inbound = Inbound { media: media.collect(), ..inbound };
        block_on(self.world.engine.receive(inbound)).map(drop)
    }
}

/// How an event stands in a conversation; `None` for what its lines say.
fn told(fact: &Fact) -> Option<String> {
    let text = match fact {
        Fact::InboundMessage { .. }
        | Fact::OutboundMessage { .. }
        | Fact::AgentStatusChanged { .. }
        | Fact::BlocklistChanged { .. }
        | Fact::ContactLinked { .. }
        | Fact::OutboundRefused { .. }
        | Fact::Delivery { delivery: Delivery::Accepted { .. }, .. } => return None,
        Fact::SessionStarted { session_type, queue, .. } => {
            format!("{} in {queue}", session_type.words())
        }
        Fact::MenuEntered { node, by } => format!("menu {node} by {by:?}"),
        Fact::Queued { queue } => format!("queued {queue}"),
        Fact::Assigned { agent, queue } => format!("assigned {agent} in {queue}"),
        Fact::Ended { reason } => format!("ended: {}", reason.words()),
        Fact::OptedOut { word } => format!("opted out: {word}"),
        Fact::OptedIn { word } => format!("opted in: {word}"),
        Fact::HelpAsked { word } => format!("asked for help: {word}"),
        Fact::Ignored { .. } => "ignored".to_owned(),
        Fact::LanguageChanged { language } => format!("language {language}"),
        Fact::RevocationSuspected { rule, .. } => format!("may be a revocation: {rule}"),
        Fact::MediaStored { index, kind, .. } => format!("picture {index} kept: {kind:?}"),
        Fact::MediaRefused { index, reason, .. } => format!("picture {index} refused: {reason:?}"),
        Fact::UnroutedMessage { .. } => "a text to a number of nobody".to_owned(),
        Fact::RegistrationChanged { campaign, change } => {
            format!("campaign {campaign} at the provider: {}", change.to.state().word())
        }
        Fact::NotUnderstood { attempt } => format!("not understood {attempt}"),
        other => format!("{other:?}"),
    };
    Some(format!("* {text}"))
}
