//! Programs that take part in chats (SMS-28).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk::{
    sms::{
        AfterReply, Speaker, VirtualAgent, VirtualAgentError, VirtualMessage, VirtualReply,
        VirtualTurn,
    },
    store::MemoryStore,
    types::{AgentStatus, Fact},
};
use futures::executor::block_on;

use crate::world::{CENTER, World, id, tell};

const BOT: &str = r#"
[[virtual_agents]]
id = "bot"
name = "Robo"
fallback = "sales"
greeting = "Hi, what is it?"
buttons = ["Opening hours", "A person"]
unknown = "I did not get that."
[[virtual_agents.rules]]
words = ["hours"]
answer = "We are open from 9 to 5."
[[virtual_agents.rules]]
words = ["person"]
answer = "One moment."
queue = "sales"
[[virtual_agents.rules]]
words = ["thanks"]
answer = "You are welcome."
end = true
"#;

fn center() -> String {
    let served = "name = \"Billing\"\nvirtual_agent = \"bot\"";
    CENTER.replace("name = \"Billing\"", served) + BOT
}

fn world() -> World {
    World::with(&center(), Arc::new(MemoryStore::new()))
}

#[test]
fn a_virtual_agent_answers_first_and_people_go_on() {
    let mut world = world();
    world.set_status("ben", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    assert_eq!(world.row(session).agent, Some(id("bot")));
    assert_eq!(world.sent_with("Robo will chat with you about Billing."), 1);
    assert_eq!(world.sent_with("Hi, what is it?\n1. Opening hours\n2. A person"), 1);
    world.text("1");
    assert_eq!(world.sent_with("We are open from 9 to 5."), 1, "the number stands for its choice");
    world.text("can I talk to a PERSON?");
    assert_eq!(world.sent_with("One moment."), 1);
    assert_eq!(&*world.row(session).status, "queued");
    assert_eq!(world.offered_to("ben"), [session]);
    world.accept(session, "ben").unwrap();
    world.text("1");
    assert_eq!(world.sent_with("We are open"), 1, "Ben has it now");
}

#[test]
fn a_virtual_agent_ends_a_chat_and_gives_up_when_it_does_not_understand() {
    let mut world = world();
    let session = world.text("pay").unwrap();
    world.text("Thanks!");
    assert!(world.row(session).ended.is_some());
    let session = world.text("pay").unwrap();
    for words in ["hm", "hm?", "what"] {
        world.text(words);
    }
    assert_eq!(world.sent_with("I did not get that."), 2);
    assert_eq!(&*world.row(session).status, "queued");
}

/// Says what it heard, or fails as often as it is told.
#[derive(Debug, Default)]
struct Parrot {
    failures: AtomicU32,
    heard: Mutex<Vec<VirtualTurn>>,
}

#[async_trait]
impl VirtualAgent for Parrot {
    async fn reply(&self, turn: VirtualTurn) -> Result<VirtualReply, VirtualAgentError> {
        self.heard.lock().unwrap().push(turn.clone());
        let step = |left: u32| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step).is_ok() {
            return Err(VirtualAgentError::Unavailable { reason: "busy".into() });
        }
        let text = turn.text.map_or("Hello".to_owned(), |text| format!("You said: {text}"));
        let messages = vec![VirtualMessage { text, buttons: Vec::new() }];
        Ok(VirtualReply { messages, then: AfterReply::Wait })
    }
}

#[test]
fn a_program_that_the_host_brings_is_asked_until_it_answers() {
    let mut world = world();
    let parrot = Arc::new(Parrot::default());
    world.engine.set_virtual_agent(id("bot"), parrot.clone());
    parrot.failures.store(3, Ordering::SeqCst);
    let session = world.text("pay").unwrap();
    assert_eq!(world.sent_with("Hello"), 0);
    // The process dies, and another one asks again.
    let mut world = world.restart(&center());
    world.engine.set_virtual_agent(id("bot"), parrot.clone());
    for _ in 0..30 {
        world.pass(TimeDelta::seconds(10));
    }
    assert_eq!(world.sent_with("Hello"), 1);
    world.text("Where is my order?");
    assert_eq!(world.sent_with("You said: Where is my order?"), 1);
    let heard = parrot.heard.lock().unwrap().last().unwrap().clone();
    assert_eq!((heard.session, heard.queue.as_str()), (session, "billing"));
    let said: Vec<_> = heard.said.iter().map(|(by, text)| (*by, text.as_str())).collect();
    let expected = [
        (Speaker::Consumer, "pay"),
        (Speaker::VirtualAgent, "Hello"),
        (Speaker::Consumer, "Where is my order?"),
    ];
    assert_eq!(said, expected);
    // When it does not come back, people go on.
    parrot.failures.store(100, Ordering::SeqCst);
    world.text("Anybody there?");
    for _ in 0..60 {
        world.pass(TimeDelta::seconds(10));
    }
    assert_eq!(&*world.row(session).status, "queued");
    assert_eq!(world.count(|fact| matches!(fact, Fact::HandedOver { .. })), 1);
    assert!(block_on(world.engine.dead_letters(9)).unwrap().is_empty());
}

/// Offers one choice, whatever it hears.
#[derive(Debug)]
struct Offering(&'static str);

#[async_trait]
impl VirtualAgent for Offering {
    async fn reply(&self, _: VirtualTurn) -> Result<VirtualReply, VirtualAgentError> {
        let messages = vec![VirtualMessage { text: "Well?".into(), buttons: vec![self.0.into()] }];
        Ok(VirtualReply { messages, then: AfterReply::Wait })
    }
}

#[test]
fn sms_17_what_a_virtual_agent_offers_is_an_answer_and_no_command_is_offered() {
    for choice in ["Remove me from the list", "Stop texting me", "No more", "Yes"] {
        let mut world = world();
        world.engine.set_virtual_agent(id("bot"), Arc::new(Offering(choice)));
        let session = world.text("pay").unwrap();
        world.text(choice);
        assert_eq!(world.row(session).agent, Some(id("bot")), "{choice}");
        assert_eq!(world.sent_with("you are opted out"), 0, "{choice}");
        assert_eq!(world.sent_with("Well?"), 2, "{choice}");
    }
    for choice in ["Cancel", "END", "opt-out", "Stop!", "Help"] {
        let mut world = world();
        world.engine.set_virtual_agent(id("bot"), Arc::new(Offering(choice)));
        let session = world.text("pay").unwrap();
        assert_eq!(world.sent_with("Well?"), 0, "{choice}");
        assert_eq!(&*world.row(session).status, "queued", "{choice}: people go on");
    }
}

#[test]
fn virtual_agents_that_contradict_themselves_are_told() {
    let table = [
        (
            "buttons = [\"Opening hours\", \"A person\"]",
            "buttons = [\"Opening hours\", \"Cancel\"]",
            "virtual_agents[0].buttons[1]: `Cancel` is the command word CANCEL",
        ),
        (
            "words = [\"hours\"]",
            "words = [\"hours\"]\nbuttons = [\"End\"]",
            "virtual_agents[0].rules[0].buttons[0]: `End` is the command word END",
        ),
        (
            "fallback = \"sales\"\ngreeting",
            "fallback = \"billing\"\ngreeting",
            "virtual_agents[0].fallback: a virtual agent takes",
        ),
        (
            "fallback = \"sales\"\ngreeting",
            "fallback = \"main\"\ngreeting",
            "virtual_agents[0].fallback: is a menu",
        ),
        (
            "queue = \"sales\"",
            "queue = \"nowhere\"",
            "virtual_agents[0].rules[1].queue: there is no queue",
        ),
        ("words = [\"hours\"]", "words = []", "virtual_agents[0].rules[0].words: is empty"),
        ("id = \"bot\"", "id = \"ana\"", "virtual_agents[0].id: the id `ana` is taken"),
        (
            "virtual_agent = \"bot\"",
            "virtual_agent = \"cat\"",
            "queues[1].virtual_agent: there is no virtual agent `cat`",
        ),
        (
            "answer = \"One moment.\"\nqueue = \"sales\"",
            "",
            "virtual_agents[0].rules[1]: does nothing",
        ),
    ];
    tell(&center(), &table);
}
