//! Texts beside phone calls (SMS-29 to SMS-31, SMS-35), with consent, the outbox and restarts.

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    CallState, DeliveryReport, EngineError, NewCall, OutboundRefusal, Receipt, TransportError,
    sms::{App, CallInput, Question, Refusal},
    store::{Line, MemoryStore},
    types::{
        AgentStatus, Delivery, EndReason, Fact, HungUp, Key, MessageId, QueueId, SessionId,
        SupportNumber,
    },
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World, id, tell};

/// Texts beside calls.
const CALLS: &str = "+12025550160";

pub(crate) fn center() -> String {
    CENTER.to_owned()
        + &format!(
            "
[calls]
number = '{CALLS}'
app_link = 'https://app.acme.example/?call=@{{SESSION_ID}}'
[[calls.queues]]
id = 'phone-billing'
name = 'Billing'
over_capacity = [{{ waited_seconds = 120, estimate = 5 }}]
wait_time = {{ from = 8 }}
[[calls.queues]]
id = 'phone-sales'
name = 'Sales'
deflection = {{ to = 'sales' }}
[[calls.queues]]
id = 'phone-orders'
name = 'Orders'
once_per_number = true
deflection = {{ to = 'billing', from = 20 }}
[[calls.queues.over_capacity]]
waited_seconds = 120
estimate = 5
offers = ['callback', 'voicemail', 'queue:phone-sales', 'number:+12025550177']
[[calls.queues.over_capacity]]
waited_seconds = 0
estimate = 60
offers = ['message', 'text']
hours = {{ zone = 'America/New_York', open = {{ daily = '13:00-14:00' }} }}
[[shortcuts]]
keyword = 'form'
message = 'The form of @{{QUEUE}}, session @{{SESSION_ID}}'
"
        )
}

pub(crate) fn world() -> World {
    World::with(&center(), Arc::new(MemoryStore::new()))
}

pub(crate) fn new_call(call: &str, caller: &str, queue: &str) -> NewCall {
    NewCall {
        call: call.parse().unwrap(),
        caller: caller.parse().unwrap(),
        queue: Some(queue.parse().unwrap()),
        wait_minutes: Some(9),
        language: None,
        takes_texts: true,
        has_voicemail: false,
        entry_point: frontdesk::types::Channel::Ivr,
    }
}

pub(crate) fn begin(world: &World, queue: &str) -> SessionId {
    block_on(world.engine.begin_call(new_call("CA1", CONSUMER, queue))).unwrap()
}

pub(crate) fn happens(world: &World, call: SessionId, input: CallInput) -> Result<(), EngineError> {
    let done = block_on(world.engine.call(call, input));
    world.settle();
    done
}

pub(crate) fn state(world: &World, call: SessionId) -> CallState {
    block_on(world.engine.call_state(call)).unwrap()
}

pub(crate) fn queue(name: &str) -> QueueId {
    name.parse().unwrap()
}

pub(crate) fn asked(world: &World, call: SessionId) -> Option<Question> {
    state(world, call).asked.map(|asked| asked.question)
}

pub(crate) fn press(world: &World, call: SessionId, key: Key) {
    let question = asked(world, call).unwrap();
    happens(world, call, CallInput::KeyPressed { question, key }).unwrap();
}

pub(crate) fn connect(world: &World, call: SessionId) {
    happens(world, call, CallInput::Connected { agent: id("ana") }).unwrap();
}

/// The last text on its way, and where it comes from.
fn last_text(world: &World) -> (MessageId, SupportNumber, String) {
    let taken = world.carrier.taken.lock().unwrap();
    let text = taken.last().unwrap();
    (text.id.message.clone(), text.line.number, text.body.clone())
}

fn report(world: &World, id: MessageId, number: SupportNumber, delivery: Delivery) {
    let line = Line { consumer: CONSUMER.parse().unwrap(), number };
    let report = DeliveryReport { id, line, delivery, opted_out: false };
    block_on(world.engine.delivery_status(report)).unwrap();
    world.settle();
}

fn refusal(done: Result<(), EngineError>) -> Refusal {
    match done {
        Err(EngineError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_caller_who_waits_texts_ahead_and_the_agent_reads_it() {
    let world = world();
    let call = begin(&world, "phone-billing");
    assert_eq!(asked(&world, call), None);
    // The process dies while the caller waits: the question comes all the same, and lapses.
    let mut world = world.restart(&center());
    world.pass(TimeDelta::seconds(121));
    assert_eq!(asked(&world, call), Some(Question::KeepWaiting));
    press(&world, call, Key::ONE);
    assert_eq!(asked(&world, call), Some(Question::WaitTime));
    assert!(world.sent().is_empty(), "nothing goes out before they agree");
    press(&world, call, Key::ONE);
    let (_, from, body) = last_text(&world);
    assert_eq!(from.to_string(), CALLS);
    assert!(body.starts_with("Acme: thanks for holding."), "{body}");

    assert_eq!(world.text_from(CONSUMER, CALLS, "My order is 4711"), Some(call));
    assert_eq!(world.text_from(CONSUMER, CALLS, "HELP"), Some(call));
    assert_eq!(world.sent_with("Reply STOP to opt out."), 2);
    connect(&world, call);
    assert_eq!(world.row(call).agent, Some(id("ana")));
    let transcript = block_on(world.engine.transcript(call)).unwrap();
    let read: Vec<String> = transcript
        .into_iter()
        .flat_map(|record| record.events)
        .filter_map(|event| match event.fact {
            Fact::InboundMessage { body, .. } => Some(body),
            _ => None,
        })
        .collect();
    assert_eq!(read, ["My order is 4711", "HELP"]);
    happens(&world, call, CallInput::Ended { by: HungUp::Caller }).unwrap();
    assert_eq!(world.row(call).ended.map(|(_, why)| why), Some(EndReason::FinishedByConsumer));
    // After the call nobody reads the number.
    assert_eq!(world.text_from(CONSUMER, CALLS, "Thanks!"), None);
    assert_eq!(world.sent_with("nobody reads replies"), 1);
}

#[test]
fn an_agent_texts_a_caller_who_has_agreed() {
    let mut world = world();
    let call = begin(&world, "phone-billing");
    connect(&world, call);
    let text = |agreed| CallInput::AgentText { agent: id("ana"), body: "The form".into(), agreed };
    assert_eq!(refusal(happens(&world, call, text(false))), Refusal::ConsentNeeded);
    happens(&world, call, text(true)).unwrap();
    let (_, from, body) = last_text(&world);
    assert_eq!(from.to_string(), CALLS);
    assert!(body.starts_with("The form Acme: recurring messages."), "{body}");
    // From then on without asking again, and the text about HELP and STOP is not said twice.
    world.send(call, "ana", "And a second one").unwrap();
    assert_eq!(last_text(&world).2, "And a second one");
    let shortcuts = block_on(world.engine.shortcuts(call)).unwrap();
    assert_eq!(shortcuts[0].message, format!("The form of Billing, session {call}"));
    // The app.
    happens(&world, call, CallInput::AppLink { agent: id("ana"), agreed: false }).unwrap();
    assert!(last_text(&world).2.ends_with(&format!("https://app.acme.example/?call={call}")));
    assert_eq!(state(&world, call).app, App::LinkSent);
    happens(&world, call, CallInput::AppOpened).unwrap();
    assert_eq!(state(&world, call).app, App::Open);
    // STOP is a STOP: confirmed, and nothing after it; the call goes on.
    let sent = world.sent().len();
    assert_eq!(world.text_from(CONSUMER, CALLS, "stop"), Some(call));
    assert_eq!(world.sent().len(), sent + 1);
    assert_eq!(refusal(happens(&world, call, text(true))), Refusal::OptedOut);
    assert_eq!(world.sent().len(), sent + 1);
    assert_eq!(state(&world, call).status, "connected");
}

#[test]
fn a_caller_goes_on_by_text_when_the_greeting_has_arrived() {
    let world = world();
    world.set_status("ben", AgentStatus::Available);
    let call = begin(&world, "phone-sales");
    assert_eq!(asked(&world, call), Some(Question::Deflection));
    press(&world, call, Key::ONE);
    let (greeting, number, body) = last_text(&world);
    assert_eq!(number.to_string(), NUMBER, "the number of the chat");
    assert!(body.contains("let's go on by text") && body.contains("Sales"), "{body}");
    // Accepted by the carrier is not delivered.
    let under_way = state(&world, call);
    assert!(under_way.status == "waiting" && under_way.going_on_by_text);
    assert!(world.offered_to("ben").is_empty());
    let mut world = world.restart(&center());
    report(&world, greeting.clone(), number, Delivery::Delivered);
    report(&world, greeting, number, Delivery::Delivered);
    let ended = state(&world, call);
    assert_eq!((ended.status, ended.ended), ("finished", Some(EndReason::DeflectedToText)));
    let [chat] = world.offered_to("ben")[..] else { panic!("one chat waits") };
    assert_eq!(&*world.row(chat).status, "queued");
    world.accept(chat, "ben").unwrap();
    // What they write goes there, without another greeting.
    assert_eq!(world.text("Hello again"), Some(chat));
    assert_eq!(world.sent_with("Welcome"), 0);
    world.send(chat, "ben", "Here I am").unwrap();
    assert_eq!(last_text(&world).2, "Here I am");
    let continued =
        |fact: &Fact| matches!(fact, Fact::ContinuedFromCall { call: of } if *of == call);
    assert_eq!(world.count(continued), 1);
    assert_eq!(world.count(|fact| matches!(fact, Fact::CallDeflected { .. })), 1);
}

#[test]
fn a_greeting_that_cannot_arrive_leaves_the_caller_in_their_place() {
    let troubles = [
        TransportError::Rejected { code: "30006".into() },
        TransportError::OptedOut { code: "21610".into() },
    ];
    for trouble in troubles {
        let world = world();
        let call = begin(&world, "phone-sales");
        world.carrier.troubles.lock().unwrap().push_back(trouble);
        press(&world, call, Key::ONE);
        assert_eq!(state(&world, call).status, "waiting");
        assert_eq!(world.count(|fact| matches!(fact, Fact::ServiceFailed { .. })), 1);
        assert_eq!(world.rows().len(), 1, "no chat");
        assert!(block_on(world.engine.dead_letters(9)).unwrap().is_empty());
    }
    // Reported later, or never.
    let world = world();
    let call = begin(&world, "phone-sales");
    press(&world, call, Key::ONE);
    let (greeting, number, _) = last_text(&world);
    report(&world, greeting, number, Delivery::Failed { reason: "30003".into() });
    assert_eq!(world.count(|fact| matches!(fact, Fact::ServiceFailed { .. })), 1);
    let call = block_on(world.engine.begin_call(new_call("CA2", OTHER, "phone-sales"))).unwrap();
    press(&world, call, Key::ONE);
    world.pass(TimeDelta::seconds(60));
    assert_eq!(world.count(|fact| matches!(fact, Fact::ServiceFailed { .. })), 2);
    assert_eq!(state(&world, call).status, "waiting");
}

#[test]
fn nobody_is_offered_a_chat_that_cannot_begin() {
    let offered = |world: &World, queue: &str| {
        let call = begin(world, queue);
        asked(world, call) == Some(Question::Deflection)
    };
    assert!(offered(&world(), "phone-sales"));
    assert!(!offered(&world(), "phone-billing"), "no deflection there");
    // Opted out of the chat's number; a chat under way; a landline; a queue that is closed; one of nobody.
    let mut out = world();
    out.text("STOP");
    assert!(!offered(&out, "phone-sales"));
    let mut busy = world();
    busy.text("pay");
    assert!(!offered(&busy, "phone-sales"));
    let landline = NewCall { takes_texts: false, ..new_call("CA1", CONSUMER, "phone-sales") };
    let world = world();
    let call = block_on(world.engine.begin_call(landline)).unwrap();
    assert_eq!(asked(&world, call), None);
    for (old, new) in [
        ("deflection = { to = 'sales' }", "deflection = { to = 'night' }"),
        ("name = \"Sales\"\nagents = [\"ben\"]", "name = \"Sales\""),
    ] {
        assert!(center().contains(old), "{old}");
        let world = World::with(&center().replacen(old, new, 1), Arc::new(MemoryStore::new()));
        assert!(!offered(&world, "phone-sales"), "{new}");
    }
}

#[test]
fn a_call_is_told_once_and_what_is_wrong_is_refused() {
    let mut world = world();
    let call = begin(&world, "phone-billing");
    assert_eq!(begin(&world, "phone-billing"), call, "the same call");
    // Another one of the same telephone: the end of the first was not told.
    let again = block_on(world.engine.begin_call(new_call("CA2", CONSUMER, "phone-billing")));
    let again = again.unwrap();
    assert_ne!(again, call);
    assert_eq!(state(&world, call).status, "failed");
    let late = block_on(world.engine.begin_call(new_call("CA1", CONSUMER, "phone-billing")));
    assert_eq!(late.unwrap(), call, "as it stands: over");
    assert_eq!(state(&world, again).status, "waiting", "what is told late ends nothing");
    let others = block_on(world.engine.begin_call(new_call("CA1", OTHER, "phone-billing")));
    assert!(matches!(others, Err(EngineError::NotBegun(OutboundRefusal::KnownCall { .. }))));
    let unknown = block_on(world.engine.begin_call(new_call("CA3", OTHER, "billing")));
    assert!(matches!(unknown, Err(EngineError::Refused(Refusal::NoSuchCallQueue { .. }))));
    let nobody = happens(&world, again, CallInput::Connected { agent: id("eve") });
    assert!(matches!(nobody, Err(EngineError::NotAccepted(_) | EngineError::Refused(_))));
    // An agent ends a call whose telephony never says that it is over; others may not.
    let third = block_on(world.engine.begin_call(new_call("CA4", OTHER, "phone-billing"))).unwrap();
    let early = block_on(world.engine.end(third, &id("ana")));
    assert_eq!(refusal(early), Refusal::NotAssigned);
    connect(&world, third);
    let other = block_on(world.engine.end(third, &id("ben")));
    assert!(matches!(refusal(other), Refusal::NotYours { .. }));
    block_on(world.engine.end(third, &id("ana"))).unwrap();
    assert!(state(&world, third).ended.is_some());
    // Neither kind takes what is for the other.
    let chat = world.text("pay").unwrap();
    assert_eq!(refusal(happens(&world, chat, CallInput::AppOpened)), Refusal::NotACall);
    let dismissed = block_on(world.engine.dismiss(again, &id("ana")));
    assert_eq!(refusal(dismissed), Refusal::NotAChat);
    let none = happens(&world, SessionId(999), CallInput::AppOpened);
    assert!(matches!(none, Err(EngineError::UnknownSession(_))));
    assert!(block_on(world.engine.set_blocked(OTHER.parse().unwrap(), true)).unwrap());
    let blocked = block_on(world.engine.begin_call(new_call("CA4", OTHER, "phone-billing")));
    assert!(matches!(blocked, Err(EngineError::NotBegun(OutboundRefusal::Blocked))));
    // Where there are no calls, none begins.
    let plain = World::new();
    let off = block_on(plain.engine.begin_call(new_call("CA1", CONSUMER, "phone-billing")));
    assert!(matches!(off, Err(EngineError::NotBegun(OutboundRefusal::Off))));
    let stray = World::inbound("X1", CONSUMER, CALLS, "Hello");
    assert_eq!(block_on(plain.engine.receive(stray)).unwrap(), Receipt::Unrouted);
    // A call that the telephony has lost ends, also where calls are no longer configured.
    let world = world.restart(CENTER);
    world.pass(TimeDelta::hours(25));
    assert!(world.rows().iter().all(|row| row.ended.is_some()));
}

#[test]
fn a_mistake_about_calls_is_told_with_its_path() {
    tell(
        &center(),
        &[
            (CALLS, NUMBER, "calls.number: is a number of chats"),
            (CALLS, "+1202", "calls.number: "),
            ("https://app", "http://app", "calls.app_link: `http://app"),
            (
                "id = 'phone-billing'",
                "id = 'billing'",
                "calls.queues[0].id: the id `billing` is taken",
            ),
            (
                "id = 'phone-sales'",
                "id = 'phone-billing'",
                "calls.queues[1].id: the id `phone-billing`",
            ),
            (
                "estimate = 5",
                "estimate = 301",
                "calls.queues[0].over_capacity[0].estimate: found 301",
            ),
            ("from = 8", "from = 301", "calls.queues[0].wait_time.from: found 301"),
            (
                "over_capacity = [{ waited_seconds = 120, estimate = 5 }]",
                "",
                "calls.queues[0].wait_time: is offered",
            ),
            (
                "'callback'",
                "'call back'",
                "calls.queues[2].over_capacity[0].offers[0]: `call back`",
            ),
            ("'callback'", "'voicemail'", "calls.queues[2].over_capacity: band 0 offers voicemail"),
            (
                "'callback'",
                "'queue:billing'",
                "calls.queues[2].over_capacity[0].offers[0]: there is no queue `billing` that consumers wait in",
            ),
            (
                "'callback'",
                "'queue:phone-orders'",
                "calls.queues: the queues send their consumers round in a circle: phone-orders → phone-orders",
            ),
            ("+12025550177", "+1202", "calls.queues[2].over_capacity[0].offers[3]: "),
            (
                "estimate = 60",
                "estimate = 4",
                "calls.queues[2].over_capacity: band 1 has a shorter",
            ),
            (
                "daily = '13:00-14:00'",
                "daily = '13:00-13:00'",
                "calls.queues[2].over_capacity[1].hours.open.daily: ",
            ),
            (
                "deflection = { to = 'billing', from = 20 }",
                "",
                "calls.queues[2].over_capacity[1].offers[1]: `phone-orders` has no deflection",
            ),
            ("to = 'sales'", "to = 'main'", "calls.queues[1].deflection.to: is a menu"),
            ("to = 'sales'", "to = 'sale'", "calls.queues[1].deflection.to: there is no queue"),
            (
                "to = 'sales'",
                "to = 'sales', number = '+12025550101'",
                "calls.queues[1].deflection.number: no number",
            ),
            ("to = 'sales'", "to = 'sales', number = '+12025550100'", ""),
            ("name = 'Sales'", "name = { de = 'Verkauf' }", "calls.queues[1].name.de: "),
            (
                "[calls]",
                "[calls]\nanswer_seconds = 1",
                "calls.answer_seconds: found 1, allowed are 5 to 120",
            ),
        ],
    );
}

#[test]
fn rte_9_who_is_on_the_phone_gets_no_chats_and_is_in_a_call() {
    let mut world = world();
    world.set_status("ana", AgentStatus::Available);
    let call = begin(&world, "phone-billing");
    connect(&world, call);
    let status = |world: &World| {
        let agents = world.engine.agents();
        agents.into_iter().find(|agent| agent.id == id("ana")).unwrap().status
    };
    assert_eq!(status(&world), AgentStatus::InCall);
    let chat = world.text_from(OTHER, NUMBER, "pay").unwrap();
    assert_eq!(world.offered_to("ana"), []);
    // The telephony knows who is on the phone: nothing is returned, and no tick fails.
    world.set_status("ana", AgentStatus::LoggedOut);
    block_on(world.engine.tick()).unwrap();
    assert_eq!(state(&world, call).status, "connected");
    world.set_status("ana", AgentStatus::Available);
    let world = world.restart(&center());
    assert_eq!((status(&world), world.offered_to("ana")), (AgentStatus::InCall, vec![]));
    happens(&world, call, CallInput::Ended { by: HungUp::Caller }).unwrap();
    assert_eq!((status(&world), world.offered_to("ana")), (AgentStatus::Available, vec![chat]));
}
