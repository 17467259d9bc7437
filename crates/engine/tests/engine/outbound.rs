//! Chats that the center begins, notices, numbers of one's own, and the blocklist (SMS-8, SMS-32 to SMS-38).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    EngineError, NewChat, Notice, OutboundRefusal, Receipt, RequestKey,
    crm::{Contact, CrmError, Post},
    routing::Refused,
    store::MemoryStore,
    tendlc::ContentType,
    types::{
        AgentStatus, ContactId, Delivery, Fact, IgnoredReason, PhoneNumber, SessionId, SessionType,
    },
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World, id};

/// Pure outbound.
const OUT: &str = "+12025550110";
const NOTICES: &str = "+12025550120";
const ANAS: &str = "+12025550130";

fn center() -> String {
    let own = format!("name = \"Ana\"\nnumbers = [\"{ANAS}\"]\nemail = 'ana@acme.example'");
    CENTER.replace("name = \"Ana\"", &own)
        + &format!(
            "
[outbound]
enabled = true
daily_limit = 3
numbers = [{{ number = '{NUMBER}' }}, {{ number = '{OUT}', queue = 'main' }}]
[notifications]
numbers = ['{NOTICES}']
"
        )
}

fn world() -> World {
    World::with(&center(), Arc::new(MemoryStore::new()))
}

fn chat(to: &str, from: &str, agent: Option<&str>) -> NewChat {
    NewChat {
        consumer: to.parse().unwrap(),
        number: from.parse().unwrap(),
        body: "Your order is ready.".into(),
        agent: agent.map(id),
        language: None,
        ticket: Some("T-1".into()),
        consent: Some("they asked for it by phone".into()),
        by_program: true,
        key: None,
    }
}

fn begin(world: &World, chat: NewChat) -> Result<SessionId, EngineError> {
    let begun = block_on(world.engine.begin_chat(chat));
    world.settle();
    begun
}

fn refused(begun: Result<SessionId, EngineError>) -> OutboundRefusal {
    match begun {
        Err(EngineError::NotBegun(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_chat_that_the_center_begins_asks_for_consent_once_it_has_none() {
    let allowed =
        "[compliance]\noutreach_without_consent = 'they ask for a text on the web; memo 7'\n";
    let mut world = World::with(&(center() + allowed), Arc::new(MemoryStore::new()));
    let chat = |to, from, agent| NewChat { consent: None, ..chat(to, from, agent) };
    world.set_status("ana", AgentStatus::Available);
    let session = begin(&world, chat(CONSUMER, NUMBER, Some("ana"))).unwrap();
    assert_eq!(&*world.row(session).status, "assigned");
    assert_eq!(world.sent_with("Your order is ready. Acme: recurring messages."), 1);
    // Until they answer, nothing more goes out.
    world.send(session, "ana", "Are you there?").unwrap();
    assert_eq!(world.sent().len(), 1);
    world.text("Thanks!");
    world.send(session, "ana", "You are welcome").unwrap();
    assert_eq!(world.sent_with("You are welcome"), 1);
    // The same agent goes on in the chat, another does not get in.
    assert_eq!(begin(&world, chat(CONSUMER, NUMBER, Some("ana"))).unwrap(), session);
    assert_eq!(world.sent_with("Your order is ready."), 2);
    for other in [Some("ben"), None] {
        let active = refused(begin(&world, chat(CONSUMER, NUMBER, other)));
        assert_eq!(active, OutboundRefusal::AlreadyActive { session });
    }
    // Who has written needs no opt-in text the next time.
    block_on(world.engine.end(session, &id("ana"))).unwrap();
    let next = begin(&world, chat(CONSUMER, NUMBER, Some("ana"))).unwrap();
    assert_ne!(next, session);
    assert_eq!(world.sent_with("recurring messages"), 1);
    let kinds = world.count(|fact| {
        matches!(fact, Fact::SessionStarted { session_type: SessionType::OutboundApi, ticket, .. }
            if ticket.as_deref() == Some("T-1"))
    });
    assert_eq!(kinds, 2);
}

/// D4: nobody is texted out of the blue. How the consumer agreed stands in the ledger.
#[test]
fn dlc_4_a_chat_begins_with_consent_that_is_on_record_or_told() {
    let world = world();
    let unasked = NewChat { consent: None, ..chat(CONSUMER, NUMBER, None) };
    assert_eq!(refused(begin(&world, unasked.clone())), OutboundRefusal::NoConsentToChat);
    assert!(world.rows().is_empty() && world.sent().is_empty());
    let session = begin(&world, chat(CONSUMER, NUMBER, None)).unwrap();
    assert_eq!(world.sent_with("Your order is ready. Acme: recurring messages."), 1);
    let proofs = block_on(world.engine.consent_proofs(CONSUMER.parse().unwrap(), None)).unwrap();
    assert_eq!(proofs[0].level, Some(frontdesk::tendlc::ConsentLevel::Express));
    assert_eq!(proofs[0].history[0].entry.wording, "they asked for it by phone");
    block_on(world.engine.end(session, &id("ana"))).unwrap_err();
    assert!(begin(&world, NewChat { consumer: OTHER.parse().unwrap(), ..unasked }).is_err());
}

#[test]
fn without_an_agent_the_answer_enters_the_menu_of_the_number() {
    let mut world = world();
    let session = begin(&world, chat(CONSUMER, OUT, None)).unwrap();
    assert_eq!(&*world.row(session).status, "selecting");
    assert_eq!(world.text_from(CONSUMER, OUT, "Who is this?"), Some(session));
    assert_eq!(world.sent_with("Reply with a number"), 1);
    world.text_from(CONSUMER, OUT, "pay");
    assert_eq!(&*world.row(session).status, "queued");
    // Outside of its chats the number takes no texts, but a STOP is a STOP.
    assert_eq!(world.text_from(OTHER, OUT, "Hello"), None);
    assert_eq!(world.rows().len(), 1);
    world.text_from(OTHER, OUT, "STOP");
    assert_eq!(refused(begin(&world, chat(OTHER, OUT, None))), OutboundRefusal::DoNotContact);
}

#[test]
fn what_may_not_begin_says_why_and_changes_nothing() {
    let world = world();
    world.set_status("ana", AgentStatus::Available);
    let table = [
        (chat("+442079460123", NUMBER, None), OutboundRefusal::CountryNotAllowed),
        (chat(CONSUMER, "+12025550101", None), OutboundRefusal::NotOurs),
        (chat(CONSUMER, ANAS, Some("ben")), OutboundRefusal::NotOurs),
        (
            NewChat { body: " ".into(), ..chat(CONSUMER, NUMBER, None) },
            OutboundRefusal::Message(frontdesk::sms::Refusal::EmptyMessage),
        ),
        (
            NewChat { body: "x".repeat(1601), ..chat(CONSUMER, NUMBER, None) },
            OutboundRefusal::Message(frontdesk::sms::Refusal::TooLong { found: 1601, max: 1600 }),
        ),
    ];
    for (new, refusal) in table {
        assert_eq!(refused(begin(&world, new)), refusal);
    }
    let away = begin(&world, chat(CONSUMER, NUMBER, Some("ben")));
    assert!(matches!(away, Err(EngineError::NotAccepted(Refused::NotAvailable { .. }))));
    assert!(world.rows().is_empty() && world.sent().is_empty());
    // Two chats are Ana's limit; three a day are the number's.
    for n in 0..2 {
        begin(&world, chat(&format!("+1202555014{n}"), NUMBER, Some("ana"))).unwrap();
    }
    let full = begin(&world, chat("+12025550142", NUMBER, Some("ana")));
    assert!(matches!(full, Err(EngineError::NotAccepted(Refused::AtLimit { .. }))));
    begin(&world, chat("+12025550143", NUMBER, None)).unwrap();
    let limit = refused(begin(&world, chat("+12025550144", NUMBER, None)));
    assert_eq!(limit, OutboundRefusal::DailyLimit { limit: 3 });
    begin(&world, chat("+12025550144", OUT, None)).unwrap();
    world.pass(TimeDelta::days(1));
    begin(&world, chat("+12025550145", NUMBER, None)).unwrap();
    assert_eq!(world.engine.agents()[0].sessions.len(), 0, "yesterday's have ended");
}

#[test]
fn a_number_sends_no_more_in_a_minute_than_it_may_and_nothing_is_lost() {
    let limits = format!("[sending]\nper_minute = 100\nnumbers = {{ '{NUMBER}' = 3 }}\n");
    let mut world = World::with(&(center() + &limits), Arc::new(MemoryStore::new()));
    for n in 0..4 {
        world.text_from(&format!("+1202555014{n}"), NUMBER, "pay");
    }
    // Two texts of one segment each: greeting and waiting message.
    assert_eq!(world.sent().len(), 3);
    // The confirmation of an opt-out waits for nothing.
    world.text_from("+12025550140", NUMBER, "STOP");
    assert_eq!((world.sent().len(), world.sent_with("you are opted out")), (4, 1));
    // Another number has its own.
    world.text_from(OTHER, "+12025550101", "Hello");
    assert_eq!(world.sent().len(), 6);
    for minutes in 1..=3 {
        world.pass(TimeDelta::seconds(61));
        assert!(world.sent().len() <= 6 + 3 * minutes);
    }
    assert_eq!(world.sent_with("Welcome to Acme"), 5, "everybody in the end");
    assert_eq!(world.sent().len(), 5 * 2 + 1, "two for each, and the confirmation");
    assert!(block_on(world.engine.dead_letters(9)).unwrap().is_empty());
}

#[test]
fn a_chat_about_a_ticket_that_is_not_there_does_not_begin() {
    #[derive(Debug)]
    struct Tickets;

    #[async_trait::async_trait]
    impl frontdesk::crm::Crm for Tickets {
        async fn find_by_number(&self, _: PhoneNumber) -> Result<Vec<Contact>, CrmError> {
            Ok(Vec::new())
        }
        async fn create(&self, number: PhoneNumber, _: &str) -> Result<Contact, CrmError> {
            let (id, name) = (ContactId("c".into()), String::new());
            Ok(Contact { id, name, number: number.to_string() })
        }
        async fn post(&self, _: &ContactId, _: &Post) -> Result<(), CrmError> {
            Ok(())
        }
        async fn posts(&self, _: &ContactId) -> Result<Vec<Post>, CrmError> {
            Ok(Vec::new())
        }
        async fn has_ticket(&self, ticket: &str) -> Result<bool, CrmError> {
            Ok(ticket == "T-1")
        }
    }

    let center = frontdesk::Center::load(&center()).unwrap();
    let parts = frontdesk::Parts { crm: Arc::new(Tickets), ..frontdesk::Parts::in_memory(&center) };
    let engine = block_on(frontdesk::Engine::open(center, parts)).unwrap();
    let about =
        |ticket: &str| NewChat { ticket: Some(ticket.into()), ..chat(CONSUMER, NUMBER, None) };
    let unknown = OutboundRefusal::UnknownTicket { ticket: "T-2".into() };
    assert_eq!(refused(block_on(engine.begin_chat(about("T-2")))), unknown);
    block_on(engine.begin_chat(about("T-1"))).unwrap();
}

#[test]
fn texts_to_an_agents_own_number_go_straight_to_that_agent() {
    let mut world = world();
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    let session = world.text_from(CONSUMER, ANAS, "Hi Ana").unwrap();
    assert_eq!(&*world.row(session).status, "assigned");
    assert_eq!(world.row(session).agent, Some(id("ana")));
    assert!(world.offered_to("ben").is_empty());
    let direct = |fact: &Fact| {
        matches!(fact, Fact::SessionStarted { session_type: SessionType::InboundDirect, .. })
    };
    assert_eq!(world.count(direct), 1);
    block_on(world.engine.end(session, &id("ana"))).unwrap();
    // And from there.
    let new = NewChat { by_program: false, ..chat(OTHER, ANAS, Some("ana")) };
    let session = begin(&world, new).unwrap();
    assert_eq!(world.row(session).agent, Some(id("ana")));
    // While she is away it waits for her, and for nobody else.
    world.set_status("ana", AgentStatus::LoggedOut);
    assert_eq!(&*world.row(session).status, "queued");
    let world = world.restart(&center());
    assert!(world.offered_to("ben").is_empty());
    world.set_status("ana", AgentStatus::Available);
    assert_eq!(world.row(session).agent, Some(id("ana")));
}

#[test]
fn a_notice_has_no_session_and_its_reply_reaches_nobody() {
    let asks = center() + "[revocation]\npossible = 'ask'\n";
    let mut world = World::with(&asks, Arc::new(MemoryStore::new()));
    world.set_status("ana", AgentStatus::Available);
    let notice = |key: &str, consent: Option<&str>| Notice {
        consumer: CONSUMER.parse().unwrap(),
        number: NOTICES.parse().unwrap(),
        body: "Your parcel arrives today.".into(),
        key: RequestKey::new("shop", key).unwrap(),
        consent: consent.map(Into::into),
        kind: ContentType::Informational,
    };
    let notify = |world: &World, notice: Notice| {
        let done = block_on(world.engine.notify(notice));
        world.settle();
        done
    };
    assert!(matches!(
        notify(&world, notice("1", None)),
        Err(EngineError::NotBegun(OutboundRefusal::NoConsent { .. }))
    ));
    let consent = Some("checkout of order 7, box ticked");
    notify(&world, notice("1", consent)).unwrap();
    notify(&world, notice("1", consent)).unwrap();
    assert_eq!(world.sent_with("Your parcel arrives today."), 1, "once by its key");
    assert_eq!(world.text_from(CONSUMER, NOTICES, "Which parcel?"), None);
    assert_eq!(world.sent_with("nobody reads replies"), 1);
    assert!(world.rows().is_empty() && world.offered_to("ana").is_empty());
    world.text_from(CONSUMER, NOTICES, "stop");
    assert!(matches!(
        notify(&world, notice("2", consent)),
        Err(EngineError::NotBegun(OutboundRefusal::DoNotContact))
    ));
    // Where texts that may be revocations are asked about, this one is not: the answer says it already.
    world.text_from(OTHER, NOTICES, "You have the wrong number");
    assert_eq!(world.sent_with("nobody reads replies"), 2);
    let ids: Vec<_> = world.carrier.taken.lock().unwrap().iter().map(|t| t.id.clone()).collect();
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    assert_eq!(world.sent_with("to receive no more messages from us"), 0);
    // Two machines that answer each other come to an end.
    for _ in 0..40 {
        world.text_from(OTHER, NOTICES, "Which parcel?");
    }
    assert_eq!(world.sent_with("nobody reads replies"), 1 + 20);
    let muted = world
        .count(|fact| matches!(fact, Fact::Delivery { delivery: Delivery::Refused { .. }, .. }));
    assert!(muted > 15);
}

#[test]
fn a_blocked_number_is_not_handled_and_duplicates_are_refused() {
    let mut world = world();
    let number = CONSUMER.parse().unwrap();
    assert!(block_on(world.engine.set_blocked(number, true)).unwrap());
    assert!(!block_on(world.engine.set_blocked(number, true)).unwrap(), "a duplicate");
    assert_eq!(world.text("Hello"), None);
    assert_eq!(refused(begin(&world, chat(CONSUMER, NUMBER, None))), OutboundRefusal::Blocked);
    let mut world = world.restart(&center());
    assert_eq!(world.engine.blocklist(), [number]);
    assert_eq!(world.text("Hello?"), None);
    assert!(world.sent().is_empty() && world.rows().is_empty());
    assert_eq!(
        world.count(|fact| matches!(
            fact,
            Fact::Ignored { reason: Some(IgnoredReason::Blocklist), .. }
        )),
        2,
        "kept all the same"
    );
    // Not even its commands are, but for the one that must be.
    for word in ["HELP", "START", "I think you have the wrong number"] {
        assert_eq!(world.text(word), None);
    }
    assert!(world.sent().is_empty());
    assert_eq!(world.count(|fact| matches!(fact, Fact::RevocationSuspected { .. })), 0);
    assert_eq!(world.text("STOP"), None);
    assert_eq!(world.count(|fact| matches!(fact, Fact::OptedOut { .. })), 1);
    assert!(block_on(world.engine.set_blocked(number, false)).unwrap());
    world.text("START");
    assert!(world.text("Hello").is_some());
}

#[test]
fn a_text_to_a_number_of_nobody_is_an_event() {
    let world = world();
    let stray = World::inbound("X1", CONSUMER, "+12025550199", "Hello");
    assert_eq!(block_on(world.engine.receive(stray)).unwrap(), Receipt::Unrouted);
}
