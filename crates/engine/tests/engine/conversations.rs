//! Conversations through the whole engine, one per id of product.md that is more than a session's matter: consent,
//! numbers, messages, pictures, notices. Written as conversations, in virtual time.
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
    EngineError, Inbound, MediaError, NewChat, Notice,
    store::MemoryStore,
    types::{AgentStatus, Delivery, Fact, Media},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World, id};

const NOTICES: &str = "+12025550120";
const ANAS: &str = "+12025550130";

fn center() -> String {
    let own = format!("name = \"Ana\"\nnumbers = [\"{ANAS}\"]");
    CENTER.replace("name = \"Ana\"", &own)
        + &format!(
            "
[outbound]
enabled = true
numbers = [{{ number = '{NUMBER}' }}]
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
fn converse(config: &str, script: &str) {
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
                let (body, key) = (body.to_owned(), body.to_owned());
                let notice = Notice { consumer, number, body, key, consent };
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
            by_program: agent.is_none(),
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
        Fact::NotUnderstood { attempt } => format!("not understood {attempt}"),
        other => format!("{other:?}"),
    };
    Some(format!("* {text}"))
}

const WELCOME: &str = "< Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
const BILLING: &str = "< We're assigning a representative to help you with Billing.";
const PAY: &str = "consumer: pay
* Messaging Inbound (SMS) in main
* menu billing by Keyword
* queued billing";
const MENU: &str =
    "< How can we help? Reply with a number:\\n1. Billing\\n2. Sales\\n3. Night desk";
const HELP: &str = "< Acme: reply here to chat with us. Msg & data rates may apply. Reply STOP to opt out. Call +1 202 555 0100.";
const OUT: &str =
    "< Acme: you are opted out and will receive no more messages. Reply START to opt in again.";
const IN: &str = "< Acme: you will receive messages again. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";

/// From the first text to Ana's desk.
fn with_ana() -> String {
    format!(
        "ana available\n{PAY}\n{WELCOME}\n{BILLING}\nana takes it\n* assigned ana in billing\n< Ana will chat with you about Billing.\n"
    )
}

#[test]
fn sms_1_a_text_goes_to_the_open_session_of_consumer_and_number() {
    converse(
        &center(),
        &format!(
            "{PAY}
            {WELCOME}
            {BILLING}
            consumer: are you there?
            other: pay
            * Messaging Inbound (SMS) in main
            * menu billing by Keyword
            * queued billing
            {WELCOME}
            {BILLING}"
        ),
    );
}

/// Ana has the chat, and then this.
fn chat(script: &str) {
    converse(&center(), &(with_ana() + script));
}

/// The consumer waits in Billing, and then this.
fn waiting(script: &str) {
    converse(&center(), &format!("{PAY}\n{WELCOME}\n{BILLING}\n{script}"));
}

#[test]
fn sms_7_pictures_are_judged_by_what_they_are() {
    chat(
        "
        consumer sends gif, page: Look at these
        * picture 0 kept: Gif
        * picture 1 refused: Unsupported
        < Sorry, we cannot take this file. Pictures (JPEG, PNG, GIF, WebP) and videos (MP4, 3GP, MOV) up to 5 MB are fine.
        consumer sends gif: This one, then
        * picture 0 kept: Gif
        ana: Thank you, I see it.
        < Thank you, I see it.
        ",
    );
}

#[test]
fn sms_8_each_number_has_its_own_business() {
    converse(
        &center(),
        &format!(
            "consumer to +12025550101: Hello
            * Messaging Inbound (SMS) in shop
            * queued shop
            < (+12025550101) {}
            < (+12025550101) We're assigning a representative to help you with Shop.
            consumer: Hello
            * Messaging Inbound (SMS) in main
            {WELCOME}
            {MENU}
            consumer to +12025550199: Hello
            * a text to a number of nobody",
            &WELCOME[2..]
        ),
    );
}

#[test]
fn sms_11_stop_ends_it_is_confirmed_once_and_nothing_follows() {
    waiting(&format!(
        "consumer: stop
        * ended: opted out
        * opted out: stop
        {OUT}
        consumer: Are you there?
        * ignored
        consumer: help
        * asked for help: help
        consumer: STOP
        * opted out: stop
        program to consumer: Your order is ready.
        ! the end user has opted out: do not contact
        ana available
        ana to consumer: Your order is ready.
        ! the end user has opted out: do not contact"
    ));
}

#[test]
fn sms_12_start_lets_them_back_in_and_yes_means_it_only_then() {
    chat(&format!(
        "consumer: yes
        ana: Good.
        < Good.
        consumer: cancel
        * ended: opted out
        * opted out: cancel
        {OUT}
        consumer: yes
        * opted in: yes
        {IN}
        {PAY}
        {WELCOME}
        {BILLING}
        consumer: start
        * opted in: start
        {IN}"
    ));
}

#[test]
fn sms_13_help_is_answered_anywhere_and_changes_nothing() {
    converse(
        &center(),
        &format!(
            "consumer: help
            * asked for help: help
            {HELP}
            {PAY}
            {WELCOME}
            {BILLING}
            consumer: INFO
            * asked for help: info
            {HELP}
            ana available
            ana takes it
            * assigned ana in billing
            < Ana will chat with you about Billing.
            consumer: Help!
            * asked for help: help
            {HELP}"
        ),
    );
}

#[test]
fn sms_15_a_command_is_the_whole_message_however_it_is_written() {
    for (written, word) in [("« Ｓｔｏｐ. » 🙏", "stop"), ("ALTO!", "alto"), ("opt-out", "optout")]
    {
        waiting(&format!("consumer: {written}\n* ended: opted out\n* opted out: {word}\n{OUT}"));
    }
    chat("consumer: Don't stop now\nana: I will not.\n< I will not.");
}

#[test]
fn sms_16_a_revocation_in_ones_own_words_is_one() {
    chat(&format!(
        "consumer: I'll stop by the store
        consumer: You have the wrong number
        * may be a revocation: wrong-number
        consumer: please stop texting me
        * ended: opted out
        * opted out: stop-texting
        {OUT}
        ana: Sorry
        ! the session has ended"
    ));
}

#[test]
fn sms_23_a_queues_own_timer_wins() {
    let patient = center().replacen(
        "name = \"Billing\"\n",
        "name = \"Billing\"\ntimers = { chat_timeout = 90 }\n",
        1,
    );
    let shop = "consumer to +12025550101: Hello
        * Messaging Inbound (SMS) in shop
        * queued shop
        < (+12025550101) Welcome to Acme. Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.
        < (+12025550101) We're assigning a representative to help you with Shop.
        ana takes it
        * assigned ana in shop
        < (+12025550101) Ana will chat with you about Shop.
        +60m
        * ended: timeout agent no message
        +30m
        * ended: timeout agent no message";
    converse(&patient, &(with_ana() + shop));
}

#[test]
fn sms_25_a_ready_made_text_has_the_attributes_of_the_session() {
    chat("ana uses form\n< Customer, the form for Billing is at acme.example/form. Ana");
}

#[test]
fn sms_32_and_33_the_center_begins_with_an_opt_in_message() {
    let opt_in = "Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.";
    converse(
        &center(),
        &format!(
            "ana available
            ana to consumer: Your order is ready.
            * Messaging Outbound (SMS) in main
            * assigned ana in main
            < Your order is ready. {opt_in}
            program to consumer: Shall we deliver it?
            ! the end user is already in an active SMS session
            consumer: Thanks!
            ana: You are welcome.
            < You are welcome.
            ana ends it
            * ended: finished by agent
            program to consumer: Shall we deliver it?
            * Messaging Outbound (SMS via API) in main
            < Shall we deliver it?
            consumer: Hm
            {MENU}"
        ),
    );
}

#[test]
fn sms_34_a_notice_has_no_session_and_its_reply_reaches_nobody() {
    converse(
        &center(),
        &format!(
            "notice: Your parcel arrives today.
            < (+12025550120) Your parcel arrives today.
            consumer to +12025550120: Which one?
            < (+12025550120) Acme: nobody reads replies to this number. Reply STOP to opt out.
            consumer to +12025550120: stop
            * opted out: stop
            < (+12025550120) {}
            notice: And another one
            ! the end user has opted out: do not contact",
            &OUT[2..]
        ),
    );
}

#[test]
fn sms_37_texts_to_an_agents_own_number_go_straight_to_that_agent() {
    converse(
        &center(),
        &format!(
            "ana available
            consumer to own number: Hi Ana
            * Messaging Inbound (SMS Direct) in own.ana
            * queued own.ana
            * assigned ana in own.ana
            < (+12025550130) {}
            < (+12025550130) We're assigning a representative to help you with Ana.
            < (+12025550130) Ana will chat with you about Ana.
            ana: Hello
            < (+12025550130) Hello
            ana ends it
            * ended: finished by agent
            ana away
            consumer to own number: One more thing
            * Messaging Inbound (SMS Direct) in own.ana
            * queued own.ana
            < (+12025550130) Welcome to Acme.
            < (+12025550130) We're assigning a representative to help you with Ana.
            ana available
            * assigned ana in own.ana
            < (+12025550130) Ana will chat with you about Ana.",
            &WELCOME[2..]
        ),
    );
}

#[test]
fn sms_38_a_blocked_number_is_not_handled() {
    converse(
        &center(),
        &format!(
            "block consumer
            consumer: Hello
            * ignored
            consumer: help
            * ignored
            program to consumer: Your order is ready.
            ! the end user number is on the blocklist
            unblock consumer
            {PAY}
            {WELCOME}
            {BILLING}"
        ),
    );
}
