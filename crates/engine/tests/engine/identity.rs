//! Ids name their source: a provider's id is nothing without the provider, a center's nothing without the center.

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk::{
    Center, ContactChoice, DeliveryReport, Engine, EngineError, Inbound, Loopback, NewChat, Notice,
    Parts, Receipt, RequestKey,
    store::{Line, MemoryStore, Task},
    tendlc::ContentType,
    types::{Delivery, Fact, MessageId, Provider},
};
use futures::{
    executor::block_on,
    future::{join, join_all},
};

use crate::{
    shaky::Shaky,
    world::{CENTER, CONSUMER, NUMBER, OTHER, World, id},
};

const NOTICES: &str = "+12025550120";
const MORE_NOTICES: &str = "+12025550121";
const OUT: &str = "+12025550110";

fn center() -> String {
    CENTER.to_owned()
        + &format!(
            "
[outbound]
enabled = true
numbers = [{{ number = '{NUMBER}' }}, {{ number = '{OUT}', queue = 'main' }}]
[notifications]
numbers = ['{NOTICES}', '{MORE_NOTICES}']
"
        )
}

fn world() -> World {
    World::with(&center(), Arc::new(MemoryStore::new()))
}

fn taken(world: &World, provider: &str, id: &str, from: &str, body: &str) -> Receipt {
    let (from, to) = (from.parse().unwrap(), NUMBER.parse().unwrap());
    let receipt = block_on(world.engine.receive(Inbound::new(provider, id, from, to, body)));
    world.settle();
    receipt.unwrap()
}

fn notice(by: &str, key: &str, body: &str) -> Notice {
    Notice {
        consumer: CONSUMER.parse().unwrap(),
        number: NOTICES.parse().unwrap(),
        body: body.into(),
        key: RequestKey::new(by, key).unwrap(),
        consent: Some("box ticked".into()),
        kind: ContentType::Informational,
    }
}

/// Gateways count from 1, each by itself.
#[test]
fn sms_13_two_providers_with_the_same_small_ids_are_both_answered() {
    let world = world();
    for (n, provider) in ["north", "south", "notice", "call", "delivery"].into_iter().enumerate() {
        let from = format!("+120255502{n:02}");
        assert!(matches!(taken(&world, provider, "1", &from, "help"), Receipt::Taken { .. }));
        assert_eq!(taken(&world, provider, "1", &from, "help"), Receipt::Duplicate);
        assert_eq!(world.sent_with("msg&data rates").max(world.sent().len()), 2 * n + 1);
        assert!(matches!(taken(&world, provider, "2", &from, "stop"), Receipt::Taken { .. }));
        assert_eq!(world.sent().len(), 2 * n + 2, "{provider}: STOP is confirmed");
    }
    let stopped = world.count(|fact| matches!(fact, Fact::OptedOut { .. }));
    assert_eq!(stopped, 5);
}

#[test]
fn sms_7_pictures_of_two_providers_with_the_same_id_are_both_kept() {
    let world = world();
    let png = |byte| [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 16], &[byte]].concat();
    let text = |provider: &str, url: &str| {
        let media = vec![frontdesk::types::Media { url: url.into(), content_type: "x".into() }];
        let (from, to) = (CONSUMER.parse().unwrap(), NUMBER.parse().unwrap());
        let inbound = Inbound { media, ..Inbound::new(provider, "7", from, to, "Look") };
        let receipt = block_on(world.engine.receive(inbound)).unwrap();
        world.settle();
        let Receipt::Taken { session: Some(session) } = receipt else { panic!("{receipt:?}") };
        session
    };
    for (url, byte) in [("one", 1), ("two", 2)] {
        world.gallery.pictures.lock().unwrap().insert(url.into(), Ok(png(byte)));
    }
    let session = text("north", "one");
    assert_eq!(text("south", "two"), session);
    let kept = |provider: Option<&str>| {
        let provider = provider.map(Provider::from);
        let view = block_on(world.engine.media(session, provider.as_ref(), "7", 0)).unwrap();
        view.map(|view| view.content)
    };
    assert_eq!((kept(Some("north")), kept(Some("south"))), (Some(png(1)), Some(png(2))));
    assert_eq!((kept(None), kept(Some("west"))), (Some(png(1)), None));
}

/// A transport that drops what it has had drops nothing of another center's.
#[test]
fn sms_2_texts_of_centers_that_share_a_transport_have_ids_of_their_own() {
    let (carrier, store) = (Arc::new(Loopback::new()), Arc::new(MemoryStore::new()));
    for name in ["acme", "other", "acme.2"] {
        let center = Center::load(&CENTER.replacen("\"acme\"", &format!("\"{name}\""), 1)).unwrap();
        let parts =
            Parts { transport: carrier.clone(), store: store.clone(), ..Parts::in_memory(&center) };
        let engine = block_on(Engine::open(center, parts)).unwrap();
        for body in ["help", "Hello"] {
            let (from, to) = (CONSUMER.parse().unwrap(), NUMBER.parse().unwrap());
            let inbound = Inbound::new("smpp", body, from, to, body);
            assert!(block_on(engine.receive(inbound)).is_ok());
            block_on(engine.settle()).unwrap();
        }
    }
    let texts = carrier.texts();
    let ids: std::collections::BTreeSet<_> = texts.iter().map(|text| text.id.to_string()).collect();
    assert_eq!((ids.len(), texts.len() % 3), (texts.len(), 0), "{ids:?}");
    assert!(texts.len() >= 9);
}

#[test]
fn sms_1_ids_with_any_characters_are_taken_or_refused_clearly() {
    let world = world();
    let long = "ü".repeat(1_000);
    let ids = ["a b", "a?b&c#d", "../../x", "100%", "%41", "\0\n", "🙂", "notice-1", &long];
    for (n, text) in ids.iter().enumerate() {
        let from = format!("+120255503{n:02}");
        if text.len() < 64 {
            assert!(matches!(taken(&world, text, "1", &from, "help"), Receipt::Taken { .. }));
        }
        assert!(matches!(taken(&world, "x", text, &from, "help"), Receipt::Taken { .. }), "{text}");
        assert_eq!(taken(&world, "x", text, &from, "help"), Receipt::Duplicate, "{text}");
        let sent = world.carrier.taken.lock().unwrap().last().unwrap().clone();
        assert!(sent.id.to_string().len() <= 250, "{}", sent.id);
        let report = DeliveryReport {
            id: sent.id.message,
            line: sent.line,
            delivery: Delivery::Delivered,
            opted_out: false,
        };
        block_on(world.engine.delivery_status(report)).unwrap();
    }
    for (provider, text, told) in [
        ("x", "", "the id of a message has 0 characters, allowed are 1 to 1024"),
        ("", "x", "the provider of a message has 0 characters, allowed are 1 to 64"),
        ("x", &"x".repeat(1_025), "the id of a message has 1025 characters, allowed are 1 to 1024"),
    ] {
        let (from, to) = (CONSUMER.parse().unwrap(), NUMBER.parse().unwrap());
        let refused = block_on(world.engine.receive(Inbound::new(provider, text, from, to, "Hi")));
        assert_eq!(refused.unwrap_err().to_string(), told);
    }
}

/// Work that waits from before the upgrade is done as it was meant.
#[test]
fn work_of_before_is_read() {
    for old in [
        r#"{"task":"fetch_media","line":{"consumer":"+12025550123","number":"+12025550100"},"message":"SM1","media":[]}"#,
        r#"{"task":"virtual_turn","session":7,"text":"SM1"}"#,
        r#"{"task":"send_text","id":"SM1-reply","line":{"consumer":"+12025550123","number":"+12025550100"},"purpose":"help","body":"Hi"}"#,
    ] {
        let task: Task = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_string(&task).unwrap(), old);
    }
}

fn reported(world: &World, id: MessageId, consumer: &str, number: &str) -> Result<(), EngineError> {
    let line = Line { consumer: consumer.parse().unwrap(), number: number.parse().unwrap() };
    let delivery = Delivery::Failed { reason: "21610".into() };
    block_on(world.engine.delivery_status(DeliveryReport { id, line, delivery, opted_out: true }))
}

#[test]
fn sms_31_a_report_counts_for_a_text_of_its_own_line_only() {
    let mut world = world();
    let session = world.text("Hello").unwrap();
    world.text_from(OTHER, NUMBER, "Hello").unwrap();
    world.text("help");
    world.text_from(OTHER, NOTICES, "help");
    block_on(world.engine.notify(notice("shop", "1", "Your parcel arrives."))).unwrap();
    world.settle();
    let own = world.carrier.taken.lock().unwrap().clone();
    let before = world.events().len();
    let first = MessageId::of_session(session, 1);
    for (id, consumer, number) in [
        (MessageId::from("nonsense"), CONSUMER, NUMBER),
        (MessageId::from("nonsense"), "+12025550999", NUMBER),
        (MessageId::from(""), CONSUMER, NUMBER),
        (first.clone(), OTHER, NUMBER),
        (first, CONSUMER, NOTICES),
        (MessageId::of_session(session, 0), CONSUMER, NUMBER),
        (MessageId::of_session(session, 99), CONSUMER, NUMBER),
        (MessageId::of_session(frontdesk::types::SessionId(99), 1), CONSUMER, NUMBER),
        (MessageId::in_reply_to(&"test".into(), "IN3"), OTHER, NUMBER),
        (MessageId::in_reply_to(&"test".into(), "IN1"), CONSUMER, NUMBER),
        (MessageId::in_reply_to(&"else".into(), "IN3"), CONSUMER, NUMBER),
        (MessageId::of_notice("shop", "1"), CONSUMER, NUMBER),
        (MessageId::of_notice("bank", "1"), CONSUMER, NOTICES),
    ] {
        let refused = reported(&world, id.clone(), consumer, number);
        assert!(matches!(refused, Err(EngineError::UnknownText(_))), "{id} {refused:?}");
    }
    assert_eq!(world.events().len(), before, "nobody is opted out, and nothing is written");
    for text in own {
        let line = text.line;
        let (consumer, number) = (line.consumer.to_string(), line.number.to_string());
        reported(&world, text.id.message, &consumer, &number).unwrap();
    }
    assert!(world.count(|fact| matches!(fact, Fact::OptedOut { .. })) >= 3);
}

#[test]
fn sms_34_a_key_belongs_to_whoever_gave_it_and_to_one_notice() {
    let world = world();
    let notify = |notice: Notice| {
        let done = block_on(world.engine.notify(notice));
        world.settle();
        done
    };
    let first = notify(notice("shop", "1", "Your parcel arrives.")).unwrap();
    assert_eq!(notify(notice("shop", "1", "Your parcel arrives.")).unwrap(), first);
    assert_ne!(notify(notice("bank", "1", "Your card is here.")).unwrap(), first);
    assert_ne!(notify(notice("shop", "2", "Your parcel arrives.")).unwrap(), first);
    assert_eq!(world.sent().len(), 3);
    let mut consumer = notice("shop", "1", "Your parcel arrives.");
    consumer.consumer = OTHER.parse().unwrap();
    let mut number = notice("shop", "1", "Your parcel arrives.");
    number.number = MORE_NOTICES.parse().unwrap();
    for other in [notice("shop", "1", "Another text."), consumer, number] {
        let refused = notify(other);
        assert!(matches!(refused, Err(EngineError::KeyOfAnother)), "{refused:?}");
    }
    assert_eq!(world.sent().len(), 3);
    for bad in ["", "ä", "a\nb", "\u{7f}", &"x".repeat(65)] {
        let told = RequestKey::new("shop", bad).unwrap_err().to_string();
        assert!(told.starts_with("an idempotency key has 1 to 64 printable ASCII"), "{told}");
    }
    for good in ["ab+cd==", "a&text=zz", "a#rc=5", "a b/c?d%e", &"x".repeat(64)] {
        let id = notify(notice("shop", good, "Your parcel arrives.")).unwrap();
        let sent = world.carrier.taken.lock().unwrap().last().unwrap().id.clone();
        assert_eq!(sent.message, id);
        assert_eq!(sent.to_string().parse(), Ok(sent));
    }
}

/// The host hears no answer, and asks again: also when the commit has happened all the same.
#[test]
fn sms_34_a_notice_that_is_asked_for_again_after_a_failure_leaves_once() {
    for after in [false, true] {
        let shaky = Arc::new(Shaky::default());
        let world = World::with(&center(), shaky.clone());
        shaky.fail(0, after);
        assert!(block_on(world.engine.notify(notice("shop", "1", "Hello"))).is_err());
        block_on(world.engine.notify(notice("shop", "1", "Hello"))).unwrap();
        block_on(world.engine.notify(notice("shop", "1", "Hello"))).unwrap();
        world.settle();
        assert_eq!(world.sent_with("Hello"), 1, "{after}");
    }
}

#[test]
fn sms_34_a_hundred_notices_at_once_are_all_taken() {
    let world = world();
    let all = (0..100).map(|n| {
        let number = [NOTICES, MORE_NOTICES][n % 2].parse().unwrap();
        world.engine.notify(Notice { number, ..notice("shop", &n.to_string(), "Hello") })
    });
    for done in block_on(join_all(all)) {
        done.unwrap();
    }
    world.settle();
    assert_eq!(world.sent_with("Hello"), 100);
}

#[test]
fn sms_6_an_agents_text_with_a_key_leaves_once() {
    let mut world = world();
    let session = world.chat();
    let key = |key: &str| RequestKey::new("agent ana", key).unwrap();
    let send = |body: &str, key: RequestKey| {
        let done = block_on(world.engine.send_once(session, &id("ana"), body.into(), &key));
        world.settle();
        done
    };
    for _ in 0..3 {
        send("One moment", key("1")).unwrap();
    }
    send("One moment", key("2")).unwrap();
    assert_eq!(world.sent_with("One moment"), 2);
    assert!(matches!(send("Another", key("1")), Err(EngineError::KeyOfAnother)));
    assert!(send("", key("3")).is_err());
    send("What was refused used no key", key("3")).unwrap();
    block_on(world.engine.end(session, &id("ana"))).unwrap();
    send("One moment", key("1")).unwrap();
    assert_eq!(world.sent_with("One moment"), 2, "the session is over, and the answer is the same");
}

#[test]
fn sms_33_a_chat_with_a_key_begins_once() {
    let world = world();
    let chat = |body: &str, key: Option<&str>| NewChat {
        consumer: CONSUMER.parse().unwrap(),
        number: OUT.parse().unwrap(),
        body: body.into(),
        agent: Some(id("ana")),
        language: None,
        ticket: None,
        consent: Some("they asked for it by phone".into()),
        by_program: false,
        key: key.map(|key| RequestKey::new("agent ana", key).unwrap()),
    };
    world.set_status("ana", frontdesk::types::AgentStatus::Available);
    let begin = |chat: NewChat| {
        let begun = block_on(world.engine.begin_chat(chat));
        world.settle();
        begun
    };
    let session = begin(chat("Your order is ready.", Some("1"))).unwrap();
    assert_eq!(begin(chat("Your order is ready.", Some("1"))).unwrap(), session);
    assert!(matches!(begin(chat("Another", Some("1"))), Err(EngineError::KeyOfAnother)));
    assert_eq!(world.sent_with("Your order is ready."), 1);
    // A text into the chat that is there is a request, too.
    assert!(world.sent_with("By the way") == 0);
    let inbound = World::inbound("IN1", CONSUMER, OUT, "Thanks");
    block_on(world.engine.receive(inbound)).unwrap();
    for _ in 0..2 {
        assert_eq!(begin(chat("By the way", Some("2"))).unwrap(), session);
    }
    assert_eq!(world.sent_with("By the way"), 1);
}

/// What the CRM answers when it is asked who the contacts are, and what happens at that moment.
#[derive(Debug)]
struct Meanwhile {
    book: Arc<frontdesk::crm::ContactBook>,
    gate: async_lock::Barrier,
}

#[async_trait]
impl frontdesk::crm::Crm for Meanwhile {
    async fn find_by_number(
        &self,
        number: frontdesk::types::PhoneNumber,
    ) -> Result<Vec<frontdesk::crm::Contact>, frontdesk::crm::CrmError> {
        self.book.find_by_number(number).await
    }

    async fn create(
        &self,
        number: frontdesk::types::PhoneNumber,
        key: &str,
    ) -> Result<frontdesk::crm::Contact, frontdesk::crm::CrmError> {
        // Both who choose are here before either goes on.
        self.gate.wait().await;
        self.book.create(number, key).await
    }

    async fn post(
        &self,
        contact: &frontdesk::types::ContactId,
        post: &frontdesk::crm::Post,
    ) -> Result<(), frontdesk::crm::CrmError> {
        self.book.post(contact, post).await
    }

    async fn posts(
        &self,
        contact: &frontdesk::types::ContactId,
    ) -> Result<Vec<frontdesk::crm::Post>, frontdesk::crm::CrmError> {
        self.book.posts(contact).await
    }
}

/// Two hosts, or two clicks, at the same moment.
#[test]
fn crm_1_of_two_choices_of_a_contact_one_wins() {
    let mut world = world();
    let kim = world.crm.add("Kim", CONSUMER);
    world.crm.add("Kim's mother", CONSUMER);
    let session = world.chat();
    let crm = Arc::new(Meanwhile { book: world.crm.clone(), gate: async_lock::Barrier::new(2) });
    let beside = world.beside_with_crm(&center(), crm);
    let (one, other) = block_on(join(
        beside.choose_contact(session, ContactChoice::New),
        beside.choose_contact(session, ContactChoice::New),
    ));
    assert_eq!([&one, &other].iter().filter(|done| done.is_ok()).count(), 1, "{one:?} {other:?}");
    let late = block_on(beside.choose_contact(session, ContactChoice::Existing(kim)));
    assert!(matches!(late, Err(EngineError::NoSuchChoice { .. })), "{late:?}");
    world.settle();
    assert_eq!(world.count(|fact| matches!(fact, Fact::ContactLinked { .. })), 1);
}

/// A provider's second delivery is known by its id alone, whatever the center is by then.
#[test]
fn sms_1_a_text_that_was_taken_is_known_before_it_is_read_again() {
    let world = world();
    assert!(matches!(taken(&world, "x", "1", CONSUMER, "Hello"), Receipt::Taken { .. }));
    let moved =
        center().replace(&format!("numbers = [\"{NUMBER}\"]"), "numbers = [\"+12025550177\"]");
    let moved = moved.replace(&format!("{{ number = '{NUMBER}' }}, "), "");
    block_on(world.engine.reconfigure(Center::load(&moved).unwrap())).unwrap();
    assert_eq!(taken(&world, "x", "1", CONSUMER, "Hello"), Receipt::Duplicate);
    assert_eq!(taken(&world, "x", "2", CONSUMER, "Hello"), Receipt::Unrouted);
    assert_eq!(taken(&world, "x", "2", CONSUMER, "Hello"), Receipt::Unrouted);
}

/// Two numbers of a center would answer each other.
#[test]
fn sms_16_a_text_from_a_number_of_the_center_is_recorded_and_not_answered() {
    let world = world();
    for (id, from) in [("1", OUT), ("2", NOTICES), ("3", NUMBER)] {
        assert_eq!(taken(&world, "x", id, from, "Hello"), Receipt::Noted, "{from}");
        assert_eq!(taken(&world, "x", id, from, "Hello"), Receipt::Duplicate, "{from}");
    }
    assert!(world.sent().is_empty(), "{:?}", world.sent());
}
