//! Hours for some, and what there is outside of them (HRS-2, HRS-5 to HRS-9), with the complaints of other products' users.

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    Center, NewCall,
    config::VoicemailFor,
    hours::{Medium, Visit},
    store::MemoryStore,
    types::{AgentStatus, Alternative, Channel, EndReason, Fact, Instant, SessionId},
};
use futures::executor::block_on;

use crate::{
    calls::{new_call, queue, state},
    world::{CENTER, CONSUMER, NUMBER, OTHER, World, id, problems},
};

/// Noon on Friday in New York: sales and support open at one, sales on holidays not at all.
fn center() -> String {
    CENTER.replacen("[support]", "[support]\nemail = 'help@acme.example'", 1)
        + r#"
[after_hours.call]
ivr = "message"
web = ["scheduled_call", "email"]
[after_hours.chat]
web = "email"

[calls]
number = "+12025550160"
[[calls.queues]]
id = "phone"
name = "Phone"
after_hours = "number:+12025550177"
[[calls.queues]]
id = "phone-sales"
parent = "phone"
name = "Sales"
agents = ["ana", "ben"]
after_hours = { ivr = "voicemail", mobile = "queue:phone-night" }
hours = { zone = "America/New_York", open = { mon-fri = "13:00-17:00" }, holidays = ["*"] }
[[calls.queues]]
id = "phone-support"
parent = "phone"
name = "Support"
hours = { zone = "America/New_York", open = { mon-fri = "13:00-17:00" } }
[[calls.queues]]
id = "phone-night"
name = "Night"

[[custom_hours]]
name = "Pages"
queues = ["phone-sales"]
entry_points = ["web"]
hours = { zone = "America/New_York", open = { daily = "11:00-13:00" } }
[[custom_hours]]
queues = ["phone"]
languages = ["es"]
hours = { zone = "America/New_York", open = { daily = "08:00-09:00" } }
[[custom_hours]]
channels = ["chat"]
languages = ["es"]
hours = { zone = "America/New_York", open = { daily = "14:00-15:00" } }

[[holidays]]
name = "Inventory"
dates = "11/27"
"#
}

fn world() -> World {
    World::with(&center(), Arc::new(MemoryStore::new()))
}

fn call(world: &World, number: u32, queue: &str, entry_point: Channel) -> SessionId {
    let caller = format!("+1202555012{number}");
    let new = NewCall { entry_point, ..new_call(&format!("CA{number}"), &caller, queue) };
    block_on(world.engine.begin_call(new)).unwrap()
}

#[test]
fn hrs_2_hours_depend_on_who_comes_for_what_and_where() {
    let center = Center::load(&center()).unwrap();
    let noon: Instant = "2026-11-20T17:00:00Z".parse().unwrap();
    let open = |at: &str, entry_point, language: &str| {
        let (id, language) = (queue(at), language.parse().unwrap());
        let medium = center.usual_visit(&id).medium;
        let visit = Visit { medium, entry_point, language };
        let name = center.opening_hours(&id, visit).and_then(|hours| hours.name.clone());
        (center.is_open(&id, visit, noon), name.as_deref().map(str::to_owned))
    };
    let no = |open| (open, None);
    assert_eq!(open("phone-sales", Channel::Ivr, "en"), no(false));
    assert_eq!(open("phone-sales", Channel::Web, "en"), (true, Some("Pages".into())));
    // Its own hours are nearer than those of the menu above for those who speak Spanish (Rocket.Chat PR 24288).
    assert_eq!(open("phone-sales", Channel::Web, "es"), (true, Some("Pages".into())));
    assert_eq!(open("phone-night", Channel::Ivr, "es"), no(true), "not below that menu");
    assert_eq!(open("billing", Channel::Sms, "en"), no(true), "always");
    assert_eq!(open("billing", Channel::Sms, "es"), no(false));
    assert_eq!(open("night", Channel::Sms, "es"), no(false), "its own hours");
}

#[test]
fn hrs_6_a_caller_is_told_what_there_is_instead_and_why() {
    let world = world();
    let sales = call(&world, 1, "phone-sales", Channel::Ivr);
    let told = state(&world, sales);
    assert_eq!(told.ended, Some(EndReason::AfterHours));
    assert_eq!(
        (told.chosen, told.instead),
        (Some(Alternative::Voicemail), vec![Alternative::Voicemail])
    );
    // Without its own, the center's; not the menu's above (HRS-5).
    let support = state(&world, call(&world, 2, "phone-support", Channel::Ivr));
    assert_eq!(support.chosen, Some(Alternative::Message));
    // An app: another queue, which is open.
    let mobile = state(&world, call(&world, 3, "phone-sales", Channel::Mobile));
    assert_eq!((mobile.status, mobile.queue), ("waiting", Some(queue("phone-night"))));
    // A page asks its user; at noon it has hours of its own in sales.
    let web = state(&world, call(&world, 4, "phone-support", Channel::Web));
    assert_eq!(web.instead, [Alternative::ScheduledCall, Alternative::Email]);
    assert_eq!((web.chosen, web.ended), (None, Some(EndReason::AfterHours)));
    assert_eq!(state(&world, call(&world, 5, "phone-sales", Channel::Web)).status, "waiting");
    // The event says whose closing it is, what is offered, and which holiday.
    world.pass(TimeDelta::days(7));
    let _ = call(&world, 6, "phone-sales", Channel::Ivr);
    let said: Vec<(String, Option<String>)> = world
        .events()
        .into_iter()
        .filter_map(|event| match event.fact {
            Fact::DeflectedAfterHours { queue, holiday, .. } => {
                Some((queue.to_string(), holiday.map(Into::into)))
            }
            _ => None,
        })
        .collect();
    let out_of_hours = |queue: &str| (queue.to_owned(), None);
    assert_eq!(
        said,
        [
            out_of_hours("phone-sales"),
            out_of_hours("phone-support"),
            out_of_hours("phone-support"),
            ("phone-sales".into(), Some("Inventory".into()))
        ]
    );
}

#[test]
fn hrs_6_a_voice_message_is_the_agents_when_they_come_or_the_crms() {
    let center = Center::load(&center()).unwrap();
    let noon: Instant = "2026-11-20T17:00:00Z".parse().unwrap();
    let who = |at: &str| {
        let id = queue(at);
        center.voicemail_for(&id, center.usual_visit(&id), noon)
    };
    assert_eq!(who("phone-sales"), VoicemailFor::Agents(Some(noon + TimeDelta::hours(1))));
    assert_eq!(who("phone-support"), VoicemailFor::Crm);
}

#[test]
fn hrs_5_a_menu_of_texts_is_not_offered_when_all_of_it_is_closed() {
    let general = "[hours]\nzone = 'America/New_York'\nopen = { mon-fri = '13:00-17:00' }\n[menu]";
    let closed = CENTER.replacen("[menu]", general, 1);
    let mut world = World::with(&closed, Arc::new(MemoryStore::new()));
    let session = world.text("Hello").unwrap();
    assert_eq!(world.row(session).ended.unwrap().1, EndReason::AfterHours);
    let sent = world.sent();
    assert_eq!(sent.len(), 2, "the greeting, and that it is closed: {sent:?}");
    assert!(
        sent[1].contains("closed") && sent[1].contains("1:00 PM"),
        "the first to open: {sent:?}"
    );
    // A queue that leads elsewhere, or says it in its own words, is reason enough to ask.
    for own in ["after_hours = 'queue:shop'", "messages.en.after_hours = 'Night owls sleep.'"] {
        let config =
            closed.replacen("name = \"Sales\"", &format!("name = \"Sales\"\n{own}"), 1).replacen(
                "name = \"Shop\"",
                "name = \"Shop\"\nhours = { zone = 'UTC', open = { daily = '24 hours' } }",
                1,
            );
        let mut world = World::with(&config, Arc::new(MemoryStore::new()));
        world.text("Hello");
        let session = world.text("2").unwrap();
        assert_eq!(world.sent_with("1. Billing"), 1, "{own}");
        let row = world.row(session);
        if own.contains("shop") {
            assert_eq!(row.queue, Some(queue("shop")));
        } else {
            assert_eq!(world.sent_with("Night owls sleep."), 1);
        }
    }
    // So is one open queue.
    world.pass(TimeDelta::hours(10) + TimeDelta::minutes(30));
    world.text_from(OTHER, NUMBER, "Hello");
    assert_eq!(world.sent_with("1. Billing"), 1);
}

#[test]
fn hrs_8_chats_of_pages_are_offered_an_email() {
    let center = Center::load(&center()).unwrap();
    let language = "es".parse().unwrap();
    let visit = Visit { medium: Medium::Chat, entry_point: Channel::Web, language };
    let noon: Instant = "2026-11-20T17:00:00Z".parse().unwrap();
    let frontdesk::hours::Answer::Deflected { own, deflection, .. } =
        center.answer(&queue("billing"), visit, noon)
    else {
        panic!("not deflected");
    };
    assert_eq!((own, deflection.offers()), (false, &[Alternative::Email][..]));
    assert_eq!(center.support_email(), Some("help@acme.example"));
}

/// Closed from one o'clock on; a program takes the chats of billing.
fn with_bot(hours: &str) -> String {
    let billing = "name = \"Billing\"\nvirtual_agent = \"bot\"\nhours = { zone = 'America/New_York', open = { daily = '09:00-13:00' } }";
    let bot = "
[[virtual_agents]]
id = 'bot'
name = 'Robo'
fallback = 'sales'
greeting = 'Hi, what is it?'
unknown = 'I did not get that.'
";
    CENTER.replace("name = \"Billing\"", billing) + bot + hours
}

/// chatwoot #9293: the notice was sent while a bot was answering.
#[test]
fn hrs_9_the_notice_is_never_sent_while_a_bot_answers() {
    for (hours, answers) in [("hours = 'always'", true), ("", false)] {
        let mut world = World::with(&with_bot(hours), Arc::new(MemoryStore::new()));
        // In its hours, and on past its closing.
        world.text("pay");
        world.pass(TimeDelta::minutes(55));
        world.text("my bill");
        world.pass(TimeDelta::minutes(10));
        world.text("hello?");
        assert_eq!(world.sent_with("I did not get that."), 2, "{hours}");
        assert_eq!(world.sent_with("closed"), 0);
        // Another consumer comes when it is closed.
        let session = world.text_from(OTHER, NUMBER, "pay").unwrap();
        assert_eq!(world.row(session).agent == Some(id("bot")), answers, "{hours}");
        assert_eq!(world.sent_with("closed"), usize::from(!answers), "{hours}");
    }
}

/// chatwoot #3042: the notice was sent for an agent's own message.
#[test]
fn hrs_9_the_notice_is_never_sent_for_an_agents_own_message() {
    let hours = "name = \"Billing\"\nhours = { zone = 'America/New_York', open = { daily = '09:00-13:00' } }";
    let outbound = "\n[outbound]\nenabled = true\nnumbers = [{ number = '+12025550100' }]\n";
    let config = CENTER.replacen("name = \"Billing\"", hours, 1) + outbound;
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    let session = world.chat();
    world.pass(TimeDelta::minutes(50));
    world.text("Still there?");
    world.pass(TimeDelta::minutes(20));
    world.send(session, "ana", "Yes, one moment").unwrap();
    world.text("Thanks");
    world.send(session, "ana", "Done.").unwrap();
    assert_eq!(&*world.row(session).status, "assigned", "who has an agent keeps them");
    let chat = frontdesk::NewChat {
        consumer: OTHER.parse().unwrap(),
        number: NUMBER.parse().unwrap(),
        agent: Some(id("ana")),
        body: "Your bill is ready".into(),
        consent: Some("they asked for it by phone".into()),
        by_program: false,
        key: None,
        ticket: None,
        language: None,
    };
    let begun = block_on(world.engine.begin_chat(chat));
    world.settle();
    assert!(begun.is_ok(), "{begun:?}");
    assert_eq!(world.sent_with("closed"), 0, "{:?}", world.sent());
}

/// whatomate PR 509: the notice was sent for every text instead of once.
#[test]
fn hrs_9_the_notice_is_sent_once_a_session() {
    let hours = "name = \"Billing\"\nhours = { zone = 'America/New_York', open = { daily = '09:00-11:00' } }";
    let config = CENTER.replacen("name = \"Billing\"", hours, 1);
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    for _ in 0..5 {
        world.text("pay");
    }
    assert_eq!(world.sent_with("closed"), 1, "{:?}", world.sent());
}

/// Who was told of one queue has yet to hear of another.
#[test]
fn hrs_9_each_closure_is_told() {
    let hours = |opens: &str| {
        format!("hours = {{ zone = 'America/New_York', open = {{ daily = '{opens}-23:00' }} }}")
    };
    let billing = format!("name = \"Billing\"\n{}", hours("15:00"));
    let config = CENTER.replacen("name = \"Billing\"", &billing, 1);
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    for _ in 0..2 {
        world.text("Hello");
        world.text("3");
    }
    assert_eq!(world.sent_with("10:00 PM"), 1, "{:?}", world.sent());
    for _ in 0..2 {
        world.text("pay");
    }
    assert_eq!(world.sent_with("3:00 PM"), 1, "{:?}", world.sent());
}

/// chatwoot PR 7268: an empty notice was sent. There is none.
#[test]
fn hrs_9_an_empty_notice_is_refused() {
    let closed = CENTER.replacen(
        "name = \"Billing\"",
        "name = \"Billing\"\nmessages.en.after_hours = ' '",
        1,
    );
    assert_eq!(problems(&closed).trim(), "queues[1].messages.en.after_hours: the message is empty");
    let holiday =
        CENTER.to_owned() + "\n[[holidays]]\nname = 'A'\ndates = '12/25'\ntext = { es = '' }\n";
    assert_eq!(problems(&holiday).trim(), "holidays[0].text.es: the message is empty");
}

#[test]
fn hrs_11_a_chat_is_transferred_to_a_queue_whose_program_answers_at_any_time() {
    let shown = |hours: &str| {
        let config = with_bot(hours) + "\n[transfers]\noutside_hours = true\n";
        let mut world = World::with(&config, Arc::new(MemoryStore::new()));
        world.pass(TimeDelta::hours(2));
        world.set_status("ben", AgentStatus::Available);
        world.text_from(CONSUMER, NUMBER, "Hello");
        let session = world.text("2").unwrap();
        world.accept(session, "ben").unwrap();
        world.set_status("ben", AgentStatus::LoggedOut);
        world.text("2");
        let targets = block_on(world.engine.transfer_targets(session)).unwrap();
        targets.queues.iter().any(|(id, _)| *id == queue("billing"))
    };
    assert!(shown("hours = 'always'"));
    assert!(!shown("hours = 'queue'"));
}

#[test]
fn a_wrong_kind_of_offer_says_what_is_allowed() {
    let offers = |what: &str| {
        let sales = format!("name = \"Sales\"\nafter_hours = {what}");
        problems(&CENTER.replacen("name = \"Sales\"", &sales, 1)).trim().to_owned()
    };
    let allowed = "allowed are a text, a list, a table of ivr, mobile, sms, web";
    assert_eq!(offers("5"), format!("queues[2].after_hours: found 5; {allowed}"));
    let fax = offers("{ fax = 'message' }");
    assert_eq!(fax, format!("queues[2].after_hours: found {{\"fax\":\"message\"}}; {allowed}"));
    let custom = "
[[custom_hours]]
channels = ['chats']
hours = { zone = 'UTC', open = {} }";
    let told = problems(&(CENTER.to_owned() + custom));
    assert_eq!(told.trim(), "custom_hours[0].channels[0]: found \"chats\"; allowed are call, chat");
}

/// All of it in one go, each with its place.
#[test]
fn mistakes_about_hours_are_told_together_with_their_paths() {
    let broken = CENTER
        .replacen("zone = \"America/New_York\"", "zone = \"America/New York\"", 1)
        .replacen("name = \"Sales\"", "name = \"Sales\"\nafter_hours = 'voicemail'", 1)
        + r#"
[after_hours.call]
sms = "message"
web = ["email", "email"]
[scheduled_calls]
minutes = 7
percent = 0
[calls]
number = "+12025550160"
[[calls.queues]]
id = "phone-sales"
name = "Sales"
agents = ["zoe"]
after_hours = ["voicemail", "message"]
hours = { zone = "UTC", open = { mon = "09:00-12:00, 11:00-13:00" } }
[[custom_hours]]
hours = { zone = "UTC", open = { daily = "24 hours" } }
[[custom_hours]]
queues = ["nowhere"]
languages = ["fr"]
hours = { zone = "UTC", open = { daily = "17:00-17:00" } }
[[custom_hours]]
queues = ["billing"]
channels = ["call"]
hours = { zone = "UTC", open = { daily = "24 hours" } }
[[custom_hours]]
queues = ["sales"]
languages = ["en", "es"]
hours = { zone = "UTC", open = { daily = "24 hours" } }
[[custom_hours]]
queues = ["sales", "night"]
languages = ["es"]
hours = { zone = "UTC", open = { daily = "24 hours" } }
[[custom_hours]]
channels = ["chat"]
entry_points = ["ivr"]
hours = { zone = "UTC", open = { daily = "24 hours" } }
[[custom_hours]]
queues = ["unknown"]
hours = { zone = "UTC", open = { daily = "24 hours" } }
[[holidays]]
name = "Never"
dates = "02/30"
[[holidays]]
name = "Fifth"
dates = "5th mon may"
"#;
    let told = problems(&broken);
    for expected in [
        "queues[3].hours.zone: `America/New York` is not a time zone: allowed are names of the IANA database, like America/New_York; did you mean America/New_York?",
        "queues[2].after_hours: voicemail is not for chats through Sms",
        "after_hours.call.sms: message is not for calls through Sms",
        "after_hours.call.web: `email` needs an address: support.email",
        "after_hours.call.web: offers email twice",
        "scheduled_calls.minutes: found 7, allowed are 5, 10, 15, 20, 30 and 60",
        "scheduled_calls.percent: found 0, allowed are 1 to 1000",
        "calls.queues[0].agents[0]: there is no agent `zoe`",
        "calls.queues[0].after_hours: voicemail stands alone",
        "calls.queues[0].hours.open: the hours overlap on Mon at 11:00",
        "custom_hours[0]: names nobody",
        "custom_hours[1].languages[0]: `fr` is not one of the center's languages",
        "custom_hours[1].hours.open.daily: `17:00-17:00` is not a time range",
        "custom_hours[2].queues[0]: `billing` is a queue of texts: they would hold for nobody",
        "custom_hours[4].queues[0]: holds for the same consumers as custom_hours[3].queues[0]",
        "custom_hours[5].entry_points: chats do not come through",
        "custom_hours[6].queues[0]: there is no queue `unknown`",
        "holidays[0].dates: `02/30` is not a date",
        "holidays[1].dates: `5th` is not which one",
    ] {
        assert!(told.lines().any(|line| line.starts_with(expected)), "{expected}\nin\n{told}");
    }
}
