//! Texts that the gate holds back or refuses (DLC-4, DLC-6).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    Notice, RequestKey, TransportError,
    store::{Line, MemoryStore},
    tendlc::ContentType,
    types::{Delivery, Fact},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, World, tell};

pub(crate) const NOTICES: &str = "+12025550120";
/// Of Washington, D.C.
const NEIGHBOUR: &str = "+12025550199";

fn with(compliance: &str) -> World {
    let center = format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n{compliance}");
    World::with(&center, Arc::new(MemoryStore::new()))
}

fn campaign(more: &str) -> String {
    format!(
        "[compliance]\nscore = 60\n[[compliance.campaigns]]\nid = 'offers'\nuse_case = 'LOW_VOLUME'\nnumbers = ['{NOTICES}']\n{more}\n"
    )
}

pub(crate) fn notice(key: &str, to: &str, body: &str, kind: ContentType) -> Notice {
    Notice {
        consumer: to.parse().unwrap(),
        number: NOTICES.parse().unwrap(),
        body: body.into(),
        key: RequestKey::new("shop", key).unwrap(),
        consent: Some(crate::world::form()),
        kind,
    }
}

fn promote(world: &mut World, key: &str, to: &str) {
    let body = "Acme: 20 % off today. Reply STOP to opt out.";
    block_on(world.engine.notify(notice(key, to, body, ContentType::Promotional))).unwrap();
    world.settle();
}

/// What the gate said of texts that are held or refused, in order.
fn told(world: &World, to: &str) -> Vec<String> {
    let line = Line { consumer: to.parse().unwrap(), number: NOTICES.parse().unwrap() };
    let records = block_on(world.engine.outside_of_sessions(line)).unwrap();
    let facts = records.into_iter().flat_map(|record| record.events).map(|event| event.fact);
    facts
        .filter_map(|fact| match fact {
            Fact::Delivery { delivery: Delivery::Held { until, reasons, .. }, .. } => {
                Some(format!("held until {}: {}", until.format("%H:%M"), reasons.join("; ")))
            }
            Fact::Delivery { delivery: Delivery::Refused { reasons, .. }, .. } => {
                Some(format!("refused: {}", reasons.join("; ")))
            }
            _ => None,
        })
        .collect()
}

/// The world begins at three in the afternoon UTC.
#[test]
fn dlc_4_a_promotion_of_the_night_leaves_in_the_morning_and_answers_do_not_wait_for_it() {
    let mut world = with("");
    world.pass(TimeDelta::hours(12));
    promote(&mut world, "1", NEIGHBOUR);
    assert_eq!(world.sent_with("20 % off"), 0);
    assert_eq!(
        told(&world, NEIGHBOUR),
        ["held until 13:00: quiet hours of US until 2026-11-21 13:00:00 UTC"]
    );
    // What informs leaves at once, and so do answers.
    let parcel = notice("2", CONSUMER, "Your parcel arrives today.", ContentType::Informational);
    block_on(world.engine.notify(parcel)).unwrap();
    world.settle();
    assert_eq!(world.sent_with("parcel"), 1);
    world.text_from(NEIGHBOUR, NOTICES, "Which offer?");
    assert_eq!(world.sent_with("nobody reads replies"), 1);
    world.pass(TimeDelta::hours(10));
    assert_eq!(world.sent_with("20 % off"), 1);
}

/// D7: what advertises is held although it is sent as a notice that informs, and keeps no reminder to the same consumer waiting.
#[test]
fn dlc_4_a_notice_that_is_held_for_its_offer_keeps_no_reminder_waiting() {
    let mut world = with("");
    world.pass(TimeDelta::hours(12));
    let informs = |world: &World, key: &str, body: &str| {
        let text = notice(key, NEIGHBOUR, body, ContentType::Informational);
        block_on(world.engine.notify(text)).unwrap();
        world.settle();
    };
    informs(&world, "1", "Acme: 20 % off today, use code SAVE20.");
    assert_eq!(world.sent_with("20 % off"), 0);
    assert!(told(&world, NEIGHBOUR)[0].starts_with("held until 13:00"));
    informs(&world, "2", "Acme: your visit is at 10 today.");
    assert_eq!(world.sent_with("your visit"), 1, "the offer alone waits");
    world.text_from(NEIGHBOUR, NOTICES, "stop");
    world.pass(TimeDelta::hours(11));
    assert_eq!(world.sent_with("20 % off"), 0, "a revocation takes it back");
}

#[test]
fn dlc_4_who_opts_out_in_the_night_gets_no_promotion_in_the_morning() {
    let mut world = with("");
    world.pass(TimeDelta::hours(12));
    promote(&mut world, "1", NEIGHBOUR);
    world.text_from(NEIGHBOUR, NOTICES, "stop");
    world.pass(TimeDelta::hours(11));
    assert_eq!(world.sent_with("20 % off"), 0);
    let last = told(&world, NEIGHBOUR).pop().unwrap();
    assert!(last.starts_with("refused: do not contact; quiet hours"), "with the STOP: {last}");
}

#[test]
fn dlc_4_caps_count_what_has_left() {
    let mut world = with("[compliance]\ncaps = [{ count = 2, hours = 24 }]\n");
    for key in ["1", "2", "3"] {
        promote(&mut world, key, NEIGHBOUR);
        world.pass(TimeDelta::minutes(10));
    }
    assert_eq!(world.sent_with("20 % off"), 2);
    assert!(told(&world, NEIGHBOUR)[0].contains("2 messages in 24 hours"));
    let world = world.restart(&format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n[compliance]\ncaps = [{{ count = 2, hours = 24 }}]\n"
    ));
    world.pass(TimeDelta::hours(24));
    assert_eq!(world.sent_with("20 % off"), 3, "the next day, and after a restart");
}

/// What the provider did not take is no message that the consumer got; and of two numbers at once one is first.
#[test]
fn dlc_4_caps_count_what_left_and_nothing_else() {
    let mut world = with("[compliance]\ncaps = [{ count = 1, hours = 24 }]\n");
    let busy = || TransportError::Temporary { reason: "503".into(), retry_after: None };
    world.carrier.troubles.lock().unwrap().extend([busy(), busy(), busy()]);
    promote(&mut world, "1", NEIGHBOUR);
    for _ in 0..5 {
        world.pass(TimeDelta::minutes(1));
    }
    assert_eq!(world.sent_with("20 % off"), 1);
    promote(&mut world, "2", NEIGHBOUR);
    world.pass(TimeDelta::hours(20));
    assert_eq!(world.sent_with("20 % off"), 1);
    world.pass(TimeDelta::hours(4));
    assert_eq!(world.sent_with("20 % off"), 2);
}

/// The process ends while a promotion is on its way: the next one sends it again, and it counts once.
#[test]
fn dlc_4_a_promotion_that_a_kill_interrupts_does_not_count_against_itself() {
    let cap = "[compliance]\ncaps = [{ count = 1, hours = 24 }]\n";
    let world = with(cap);
    let body = "Acme: 20 % off today. Reply STOP to opt out.";
    block_on(world.engine.notify(notice("1", NEIGHBOUR, body, ContentType::Promotional))).unwrap();
    block_on(async {
        let _road = world.carrier.road.lock().await;
        let mut leaving = std::pin::pin!(world.engine.dispatch());
        assert!(futures::poll!(&mut leaving).is_pending());
    });
    let mut world =
        world.restart(&format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n{cap}"));
    world.pass(TimeDelta::seconds(121));
    assert_eq!(world.sent_with("20 % off"), 1, "{:?}", told(&world, NEIGHBOUR));
    promote(&mut world, "2", NEIGHBOUR);
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.sent_with("20 % off"), 1, "the next one waits");
    assert!(told(&world, NEIGHBOUR)[0].contains("in 24 hours"));
}

#[test]
fn dlc_6_a_campaign_sends_no_more_than_its_class_allows_and_nothing_is_lost() {
    let mut world = with(&campaign(""));
    for n in 0..100 {
        promote(&mut world, &n.to_string(), &format!("+1202555{:04}", 1000 + n));
    }
    // Class T: 75 a minute, of which a tenth is kept for conversations.
    assert_eq!(world.sent_with("20 % off"), 68);
    world.pass(TimeDelta::minutes(3));
    assert_eq!(world.sent_with("20 % off"), 100);
}

/// What is counted is counted for good: neither the next process nor another host beside it sends more.
#[test]
fn dlc_6_what_has_left_counts_for_other_hosts_and_after_a_crash() {
    let config = format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n{}", campaign(""));
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    let other = world.beside(&config);
    let notify = |engine: &frontdesk::Engine, n: usize| {
        let body = "Acme: 20 % off today. Reply STOP to opt out.";
        let to = format!("+1202555{:04}", 1000 + n);
        let notice = notice(&n.to_string(), &to, body, ContentType::Promotional);
        block_on(engine.notify(notice)).unwrap();
    };
    for n in 0..60 {
        notify(&world.engine, n);
        block_on(other.dispatch()).unwrap();
        block_on(world.engine.dispatch()).unwrap();
    }
    assert_eq!(world.sent_with("20 % off"), 60);
    drop(other);
    world = world.restart(&config);
    for n in 60..100 {
        notify(&world.engine, n);
    }
    world.settle();
    assert_eq!(
        world.sent_with("20 % off"),
        68,
        "of 75 a minute, a tenth is kept for conversations"
    );
    world.pass(TimeDelta::minutes(3));
    assert_eq!(world.sent_with("20 % off"), 100);
}

#[test]
fn dlc_6_a_burst_of_notices_holds_no_answer_back() {
    let mut world = with(&campaign(""));
    for n in 0..500 {
        let to = format!("+1202555{:04}", 1000 + n);
        let body = "Acme: your parcel arrives today.";
        let parcel = notice(&n.to_string(), &to, body, ContentType::Informational);
        block_on(world.engine.notify(parcel)).unwrap();
    }
    let inbound = World::inbound("IN-1", NEIGHBOUR, NOTICES, "Who is this?");
    block_on(world.engine.receive(inbound)).unwrap();
    block_on(world.engine.dispatch()).unwrap();
    let sent = world.sent();
    let place = sent.iter().position(|body| body.contains("nobody reads replies"));
    assert!(place.is_some_and(|place| place < 16), "with the first that leave: {place:?}");
    // Answers that come while the minute is used up have their share of it.
    world.settle();
    assert_eq!(world.sent_with("parcel"), 67, "67 and the one answer");
    world.text_from("+12025550198", NOTICES, "Hello?");
    assert_eq!(world.sent_with("nobody reads replies"), 2);
}

#[test]
fn a_suspended_campaign_sends_nothing_and_says_so() {
    let mut world = with(&campaign("status = 'suspended'"));
    promote(&mut world, "1", NEIGHBOUR);
    assert_eq!(world.sent_with("20 % off"), 0);
    assert_eq!(told(&world, NEIGHBOUR), ["refused: the campaign is suspended"]);
}

#[test]
fn dlc_8_from_a_number_that_is_not_enabled_nothing_leaves() {
    let pending = format!(
        "[compliance]\nscore = 60\n[[compliance.numbers]]\nnumber = '{NOTICES}'\nstatus = 'pending'\n"
    );
    let mut world = with(&pending);
    promote(&mut world, "1", NEIGHBOUR);
    assert_eq!(world.sent_with("20 % off"), 0);
    assert_eq!(told(&world, NEIGHBOUR), ["refused: the number is pending"]);
    let shown: Vec<String> = world
        .engine
        .center()
        .activations()
        .into_iter()
        .map(|one| format!("{} {:?} {:?} {}", one.number, one.route, one.campaign, one.status))
        .collect();
    assert_eq!(
        shown,
        [
            "+12025550100 Ok(TenDlc) None active",
            "+12025550101 Ok(TenDlc) None active",
            "+12025550120 Ok(TenDlc) None pending",
        ]
    );
    let abroad = CENTER
        .replace("'+12025550101'", "'+447400123456'")
        .replace("\"+12025550101\"", "\"+447400123456\"");
    let section =
        "[[compliance.numbers]]\nnumber = '+447400123456'\nstatus = 'active'\nsms_only = true\n";
    tell(
        &format!("{abroad}\n{section}"),
        &[
            (
                "sms_only = true",
                "",
                "compliance.numbers[0].number: is a number outside of the United States that takes calls",
            ),
            (
                "number = '+447400123456'",
                "number = '+12025550199'",
                "compliance.numbers[0].number: is not a number of this center",
            ),
            (
                "sms_only = true\n",
                "sms_only = true\n[[compliance.campaigns]]\nid = 'C1'\nuse_case = 'LOW_VOLUME'\nnumbers = ['+447400123456']\n",
                "compliance.campaigns[0].numbers[0]: is enabled by a number for texts alone",
            ),
            ("sms_only = true", "sms_only = true ", ""),
        ],
    );
}

#[test]
fn dlc_5_what_carriers_filter_is_refused_in_notices() {
    let world = with("");
    let casino = notice(
        "1",
        CONSUMER,
        "Acme: our casino is open. Reply STOP to opt out.",
        ContentType::Informational,
    );
    block_on(world.engine.notify(casino)).unwrap();
    world.settle();
    assert_eq!(
        told(&world, CONSUMER),
        ["refused: offers betting or casino games: `our casino` (gambling)"]
    );
}

#[test]
fn dlc_5_an_exception_of_the_center_or_campaign_lets_a_text_leave() {
    let exception = "category = 'gambling'\nreason = 'a hotel; counsel'\nsince = '2020-01-01'";
    for section in ["compliance.content.exceptions", "compliance.campaigns.exceptions"] {
        let campaign = campaign(&format!("[[{section}]]\n{exception}\n"));
        let world = with(&campaign);
        let body = "Acme: our casino is open. Reply STOP to opt out.";
        let casino = notice("1", CONSUMER, body, ContentType::Informational);
        block_on(world.engine.notify(casino)).unwrap();
        world.settle();
        assert_eq!(world.sent_with("casino"), 1, "{section}");
    }
    let section = format!("{CENTER}\n[[compliance.content.exceptions]]\n{exception}\n");
    let path = "compliance.content.exceptions[0]";
    tell(
        &section,
        &[
            (
                "category = 'gambling'\n",
                "",
                &format!("{path}: names neither a category nor a phrase; one of them is needed"),
            ),
            (
                "'gambling'",
                "'casino'",
                &format!(
                    "{path}.category: `casino` is no category of findings; allowed are adult, alcohol, "
                ),
            ),
            (
                "'a hotel; counsel'",
                "' '",
                &format!("{path}.reason: is empty; why it may be sent is needed, and who says so"),
            ),
            ("'2020-01-01'", "'soon'", &format!("{path}.since: `soon` is no day, like 2026-11-27")),
            (
                "'2020-01-01'",
                "'2020-01-01'\nuntil = '2019-12-31'",
                &format!("{path}.until: 2019-12-31 is before 2020-01-01, on which it begins"),
            ),
        ],
    );
}

#[test]
fn dlc_7_words_and_replies_are_those_that_are_registered_and_the_fixed_ones() {
    let more = "words = { opt_out = ['FIN'], opt_in = ['OFFERS'], help = ['WHO'] }
[compliance.campaigns.messages.en]
opt_out_confirmation = 'Acme offers: over. OFFERS to come back.'
opt_in_confirmation = 'Acme offers: 4 msgs/month. Msg & data rates may apply. HELP for help, STOP to end.'
help = 'Acme offers: help@acme.example. STOP to end.'
";
    let mut world = with(&campaign(more));
    let mut last = |body: &str| {
        world.text_from(NEIGHBOUR, NOTICES, body);
        world.sent().last().cloned().unwrap_or_default()
    };
    assert_eq!(
        last("Offers!"),
        "Acme offers: 4 msgs/month. Msg & data rates may apply. HELP for help, STOP to end."
    );
    assert_eq!(last("who?"), "Acme offers: help@acme.example. STOP to end.");
    assert_eq!(last("help"), "Acme offers: help@acme.example. STOP to end.");
    assert_eq!(last("fin"), "Acme offers: over. OFFERS to come back.");
    assert_eq!(
        last("start"),
        "Acme offers: 4 msgs/month. Msg & data rates may apply. HELP for help, STOP to end."
    );
    assert_eq!(last("STOP"), "Acme offers: over. OFFERS to come back.");
    // Elsewhere the campaign's words are words.
    world.text("Hello");
    world.text("fin");
    assert_eq!(world.sent_with("you are opted out"), 0);
}

#[test]
fn dlc_7_what_the_provider_answers_counts_and_is_answered_once() {
    let mut world = with("[compliance]\nprovider_answers = ['STOP', 'start']\n");
    world.text_from(NEIGHBOUR, NOTICES, " stop ");
    assert_eq!(world.sent(), Vec::<String>::new(), "the provider has confirmed");
    let refused =
        block_on(world.engine.notify(notice("1", NEIGHBOUR, "Parcel", ContentType::Informational)));
    assert!(refused.is_err(), "it counts");
    world.text_from(NEIGHBOUR, NOTICES, "Start");
    assert_eq!(world.sent(), Vec::<String>::new());
    // Providers know their words and nothing else: who writes more is answered by us.
    world.text_from(NEIGHBOUR, NOTICES, "Stop.");
    assert_eq!(world.sent_with("you are opted out"), 1);
}

#[test]
fn dlc_7_what_is_wrong_with_words_and_replies_of_a_campaign_is_told() {
    let base = format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n[compliance]\nprovider_answers = ['STOP']\n{}",
        campaign(
            "words = { opt_out = ['FIN'] }\n[compliance.campaigns.messages.en]\nhelp = 'Acme'"
        )
        .replacen("[compliance]\n", "", 1)
    );
    tell(
        &base,
        &[
            (
                "['FIN']",
                "['pay']",
                "compliance.campaigns[0].words: `pay` chooses something in a menu already",
            ),
            (
                "['FIN']",
                "['START']",
                "compliance.campaigns[0].words.opt_out[0]: `START` is a command word",
            ),
            ("['FIN']", "['EXIT']", "compliance.campaigns[0].words: `exit` is a command word"),
            ("help = 'Acme'", "greeting = 'Hi'", "compliance.campaigns[0].messages.en.greeting: "),
            ("help = 'Acme'", "help = '@{NOBODY}'", "compliance.campaigns[0].messages.en.help: "),
            (
                "['STOP']",
                "['WAIT']",
                "compliance.provider_answers[0]: `WAIT` is no command word here",
            ),
            ("['STOP']", "['fin']", ""),
        ],
    );
}

/// What a page of campaign health shows, also after the log was folded before, and for a host that comes later.
#[test]
fn a_campaigns_health_is_usage_days_and_what_was_stopped() {
    let mut world = with(&campaign(""));
    for n in 0..5 {
        promote(&mut world, &n.to_string(), &format!("+1202555{:04}", 1000 + n));
    }
    let health = |world: &World| block_on(world.engine.campaign_health()).unwrap();
    let first = health(&world);
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].programme.as_str(), first[0].numbers.len()), ("offers", 1));
    let (limit, used) = &first[0].usage[0];
    assert_eq!((limit.most, *used), (75, 5));
    world.text_from("+12025551000", NOTICES, "STOP");
    let casino = "Acme: our casino is open. Reply STOP to opt out.";
    for key in ["c1", "c2"] {
        let casino = notice(key, CONSUMER, casino, ContentType::Informational);
        block_on(world.engine.notify(casino)).unwrap();
    }
    world.settle();
    world.pass(TimeDelta::hours(10));
    promote(&mut world, "night", NEIGHBOUR);
    let stopped = block_on(world.engine.stopped_texts()).unwrap();
    let held: Vec<bool> = stopped.iter().map(|text| text.until.is_some()).collect();
    assert_eq!(held, [true, false, false], "newest first");
    assert_eq!(stopped[1].reasons, ["offers betting or casino games: `our casino` (gambling)"]);
    let later = health(&world);
    let (_, day) = later[0].health.days().next().unwrap();
    // Five notices and the confirmation of the opt-out.
    assert_eq!((day.sent, day.opted_out, day.held), (6, 1, 1));
    assert_eq!(day.refused, [("prohibited_content".to_owned(), 2)].into());
    assert_eq!(later[0].usage[0].1, 0, "the minute is over");
    let other = world
        .beside(&format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n{}", campaign("")));
    assert_eq!(block_on(other.campaign_health()).unwrap()[0].health, later[0].health);
    world.pass(TimeDelta::hours(12));
    let stopped = block_on(world.engine.stopped_texts()).unwrap();
    assert!(stopped.iter().all(|text| text.until.is_none()), "what was held has left");
}

#[test]
fn what_is_wrong_with_the_section_is_told_together() {
    let center = format!(
        "{CENTER}\n[compliance]\nscore = 101\ncaps = [{{ count = 0, hours = 1 }}]\n[[compliance.campaigns]]\nid = ''\nuse_case = 'FUN'\nnumbers = ['+12025550199']\n[[compliance.facts.quiet_hours]]\nplace = 'FL'\nopen = ['Mon 21:00-09:00']\n"
    );
    let problems = frontdesk::Center::load(&center).unwrap_err();
    let told: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"));
}
