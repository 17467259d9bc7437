//! Whoever answers by itself gets a bounded number of texts (SMS-16): a simulated phone that answers everything, against
//! every menu, fallback, virtual agent and notice of the demo center, for a week.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::TimeDelta;
use frontdesk::{
    Notice,
    store::MemoryStore,
    tendlc::ContentType,
    types::{AgentStatus, Delivery, EndReason, Fact, Instant, Purpose},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, World};

const DEMO: &str = include_str!("../../../../examples/host/demo.toml");
const NOTICES: &str = "+12025550120";

/// The demo center, with what it has not: a menu that falls back nowhere, a virtual agent and notices.
fn demo(fallback: &str) -> String {
    let served = "name = { en = \"Returns\", es = \"Devoluciones\" }\nvirtual_agent = \"bot\"";
    let center = DEMO
        .replace("name = { en = \"Returns\", es = \"Devoluciones\" }", served)
        .replace("[menu]\nfallback = \"orders\"", &format!("[menu]\n{fallback}"));
    center
        + &format!(
            "
[[virtual_agents]]
id = 'bot'
name = 'Robo'
fallback = 'billing'
greeting = 'Hi, what is it?'
unknown = 'I did not get that.'
[[virtual_agents.rules]]
words = ['now']
answer = 'Now is fine.'
[notifications]
numbers = ['{NOTICES}']
"
        )
}

/// What the phone has got, and when.
struct Phone {
    world: World,
    /// How long it takes to answer.
    delay: TimeDelta,
    read: usize,
    texts: u32,
    got: HashMap<Purpose, Vec<Instant>>,
}

impl Phone {
    fn new(config: &str, delay: i64) -> Self {
        let world = World::with(config, Arc::new(MemoryStore::new()));
        let delay = TimeDelta::seconds(delay);
        Self { world, delay, read: 0, texts: 0, got: HashMap::new() }
    }

    fn write(&mut self, to: &str, body: &str) {
        self.texts += 1;
        let inbound = World::inbound(&format!("M{}", self.texts), CONSUMER, to, body);
        block_on(self.world.engine.receive(inbound)).unwrap();
        self.world.settle();
    }

    /// How many texts have come since it looked last.
    fn look(&mut self) -> usize {
        let taken = self.world.carrier.taken.lock().unwrap();
        let now = self.world.engine.now();
        for text in taken.iter().skip(self.read) {
            self.got.entry(text.purpose).or_default().push(now);
        }
        let new = taken.len() - self.read;
        self.read = taken.len();
        new
    }

    /// Answers every text with `answer`, for some days; writes `first` whenever nothing has come for an hour.
    fn answer_everything(&mut self, to: &str, (first, answer): (&str, &str), days: i64) {
        let end = self.world.engine.now() + TimeDelta::days(days);
        self.write(to, first);
        while self.world.engine.now() < end {
            let new = self.look();
            if new == 0 {
                self.world.pass(TimeDelta::minutes(61));
                self.write(to, first);
                continue;
            }
            self.world.pass(self.delay);
            for _ in 0..new {
                self.write(to, answer);
            }
        }
        self.look();
    }

    /// The most texts of some purposes in any hour.
    fn most_in_an_hour(&self, of: impl Fn(Purpose) -> bool) -> usize {
        let all = self.got.iter().filter(|(purpose, _)| of(**purpose));
        let mut times: Vec<Instant> = all.flat_map(|(_, times)| times.iter().copied()).collect();
        times.sort_unstable();
        let within = |first: usize| {
            let end = times[first] + TimeDelta::hours(1);
            times[first..].iter().take_while(|at| **at < end).count()
        };
        (0..times.len()).map(within).max().unwrap_or(0)
    }

    fn is_sane(&self, what: &str) {
        let by_program = |purpose| purpose == Purpose::AgentReply;
        let platform = |purpose| !by_program(purpose) && purpose != Purpose::Notification;
        let automatic = self.most_in_an_hour(platform);
        let program = self.most_in_an_hour(by_program);
        assert!(automatic <= 20, "{what}: {automatic} automatic texts in an hour");
        assert!(program <= 60, "{what}: {program} texts of the virtual agent in an hour");
        let rows = self.world.rows();
        assert!(rows.iter().filter(|row| row.ended.is_none()).count() <= 1, "{what}");
        let known =
            ["selecting", "queued", "assigned", "dismissed", "va_dismissed", "finished", "failed"];
        assert!(rows.iter().all(|row| known.contains(&&*row.status)), "{what}: {rows:?}");
        // Every text that was decided on has left, or it is told why not.
        let mut decided = BTreeSet::new();
        for event in self.world.events() {
            match event.fact {
                Fact::OutboundMessage { id, .. } => assert!(decided.insert(id)),
                Fact::Delivery {
                    id,
                    delivery: Delivery::Accepted { .. } | Delivery::Refused { .. },
                } => {
                    assert!(decided.remove(&id));
                }
                _ => {}
            }
        }
        assert!(decided.is_empty(), "{what}: {decided:?}");
        self.world.log_makes_what_is_stored();
    }
}

#[test]
fn sms_16_a_phone_that_answers_everything_gets_a_bounded_number_of_texts() {
    for (fallback, first) in [
        ("fallback = \"orders\"", "Hello"),
        ("", "Hello"),
        ("tries = 0", "Hello"),
        ("fallback = \"orders\"", "pay"),
        ("fallback = \"orders\"", "return"),
        ("fallback = \"orders\"", "español"),
    ] {
        for delay in [1, 5, 60] {
            let what = format!("{fallback} {first} {delay} s");
            let mut phone = Phone::new(&demo(fallback), delay);
            phone.answer_everything(NUMBER, (first, "What now"), 7);
            phone.is_sane(&what);
            assert!(phone.read >= 7, "{what}: it is answered every day, {}", phone.read);
        }
    }
}

#[test]
fn sms_16_commands_and_replies_to_notices_are_bounded_too() {
    for (delay, days) in [(1, 1), (5, 7), (60, 1)] {
        let mut phone = Phone::new(&demo(""), delay);
        let notice = Notice {
            consumer: CONSUMER.parse().unwrap(),
            number: NOTICES.parse().unwrap(),
            body: "Your parcel arrives today.".into(),
            key: frontdesk::RequestKey::new("shop", "1").unwrap(),
            consent: Some("form 7".into()),
            kind: ContentType::Informational,
        };
        block_on(phone.world.engine.notify(notice)).unwrap();
        phone.answer_everything(NOTICES, ("Which one?", "Which one?"), days);
        phone.is_sane("notices");
        for word in ["HELP", "START"] {
            let mut phone = Phone::new(&demo(""), delay);
            phone.answer_everything(NUMBER, (word, word), days);
            phone.is_sane(word);
        }
    }
}

#[test]
fn sms_16_a_virtual_agent_at_its_limit_hands_the_chat_over() {
    let mut phone = Phone::new(&demo(""), 1);
    phone.write(NUMBER, "return");
    let session = phone.world.rows()[0].id;
    for _ in 0..100 {
        phone.world.pass(TimeDelta::seconds(1));
        phone.write(NUMBER, "What now");
    }
    phone.look();
    assert_eq!(phone.got[&Purpose::AgentReply].len(), 60);
    let row = phone.world.row(session);
    assert_eq!((&*row.status, row.queue.unwrap().as_str()), ("queued", "billing"));
    assert_eq!(phone.world.count(|fact| matches!(fact, Fact::HandedOver { .. })), 1);
}

#[test]
fn sms_16_what_is_withheld_is_told_with_the_purpose_and_the_limit() {
    let mut world = World::new();
    for _ in 0..30 {
        world.text("HELP");
    }
    assert_eq!(world.sent().len(), 20);
    let told = |fact: &Fact| match fact {
        Fact::Delivery { delivery: Delivery::Refused { reasons, rules }, .. } => {
            assert_eq!(*rules, ["automatic_replies"]);
            reasons[0].starts_with("help: the limit of 20 automatic texts an hour")
        }
        _ => false,
    };
    assert_eq!(world.count(told), 10);
    // It is remembered over a restart; another consumer has a count of their own.
    let mut world = world.restart(CENTER);
    world.text("HELP");
    assert_eq!(world.sent().len(), 20);
    world.text_from(crate::world::OTHER, NUMBER, "HELP");
    assert_eq!(world.sent().len(), 21);
    // A person's text, a notice of a program and the confirmation of a revocation leave all the same.
    world.set_status("ana", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    world.accept(session, "ana").unwrap();
    world.send(session, "ana", "Hello, it is me").unwrap();
    assert_eq!(world.sent_with("it is me"), 1);
    world.text("STOP");
    assert_eq!(world.sent_with("you are opted out"), 1);
    // An hour later they are answered again.
    world.pass(TimeDelta::minutes(61));
    world.text("START");
    assert_eq!(world.sent_with("messages from us"), 1);
}

#[test]
fn sms_16_the_limits_are_settings() {
    let few = CENTER.replace("[support]", "[automatic]\ntexts_per_hour = 3\n[support]");
    let mut world = World::with(&few, Arc::new(MemoryStore::new()));
    for _ in 0..5 {
        world.text("HELP");
    }
    assert_eq!(world.sent().len(), 3);
    crate::world::tell(
        &few,
        &[(
            "texts_per_hour = 3",
            "texts_per_hour = 0",
            "automatic.texts_per_hour: found 0, allowed",
        )],
    );
}

/// Each hour that a clock shows gives its twenty texts once, however often the clock swings between two of them.
#[test]
fn sms_16_a_clock_that_swings_gives_no_more_texts() {
    for swing in [TimeDelta::minutes(61), TimeDelta::hours(23)] {
        let mut world = World::new();
        for _ in 0..10 {
            for by in [swing, -swing] {
                for _ in 0..30 {
                    world.text("HELP");
                }
                world.pass(by);
            }
        }
        assert_eq!(world.sent().len(), 40, "{swing}");
    }
    // A clock that was a year ahead is no reason to be silent when it is right, and one that is set back gives no more.
    let mut world = World::new();
    for by in [TimeDelta::days(365), TimeDelta::days(-365)] {
        world.pass(by);
        let sent = world.sent().len();
        world.text("HELP");
        assert_eq!(world.sent().len(), sent + 1);
    }
    for back in [TimeDelta::hours(25), TimeDelta::days(41), TimeDelta::days(365)] {
        let mut world = World::new();
        for by in [-back, TimeDelta::minutes(30)] {
            for _ in 0..25 {
                world.text("HELP");
            }
            world.pass(by);
        }
        assert_eq!(world.sent().len(), 20, "{back}");
        world.pass(TimeDelta::minutes(31));
        world.text("HELP");
        assert_eq!(world.sent().len(), 21, "{back}");
    }
}

#[test]
fn sms_16_a_phone_that_drives_is_shown_and_not_answered() {
    let mut world = World::new();
    let driving = "I’m driving with Driving Focus turned on. I’ll see your message when I get where I’m going.";
    // As a first contact it makes no session, no prompt and no consent.
    assert_eq!(world.text(driving), None);
    assert!(world.rows().is_empty() && world.sent().is_empty());
    let kept = |fact: &Fact| matches!(fact, Fact::InboundMessage { automatic: Some(what), .. } if what == "reply");
    assert_eq!(world.count(kept), 1);
    // In a menu it is no try; in a chat the agent sees it, and it takes no dismissal back.
    let session = world.text("Hello").unwrap();
    let sent = world.sent().len();
    for _ in 0..5 {
        world.pass(TimeDelta::seconds(5));
        assert_eq!(world.text("Liked “How can we help? Reply with a number: STOP”"), Some(session));
        assert_eq!(world.text(driving), Some(session));
    }
    assert_eq!(world.sent().len(), sent);
    assert_eq!(world.count(|fact| matches!(fact, Fact::NotUnderstood { .. })), 0);
    assert!(world.row(session).ended.is_none());
    world.set_status("ana", AgentStatus::Available);
    world.text("pay");
    world.accept(session, "ana").unwrap();
    world.send(session, "ana", "All good?").unwrap();
    world.text("👍");
    let transcript = block_on(world.engine.transcript(session)).unwrap();
    let reaction = |fact: &Fact| matches!(fact, Fact::InboundMessage { automatic: Some(what), .. } if what == "reaction");
    let shown = transcript.iter().flat_map(|record| &record.events);
    assert_eq!(shown.filter(|event| reaction(&event.fact)).count(), 6);
    // A STOP in the words of a person is one, whatever stands around it.
    world.text("STOP");
    let ended = world.row(session).ended.map(|(_, why)| why);
    assert_eq!(ended, Some(EndReason::OptedOut));
}
