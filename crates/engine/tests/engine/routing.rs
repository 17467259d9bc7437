//! Who is asked to take which chat, through the whole engine (RTE-6 to RTE-18).

use chrono::TimeDelta;
use frontdesk::{
    EngineError,
    routing::Refused,
    types::{AgentStatus, Fact, Needs, SessionId},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World, id, problems};

/// The center, with more in its sections for billing and at the end.
fn with(billing: &str, more: &str) -> World {
    let config = config(billing, more);
    World::with(&config, std::sync::Arc::new(frontdesk::store::MemoryStore::new()))
}

fn config(billing: &str, more: &str) -> String {
    let agents = "keywords = [\"pay\"]\nagents = [\"ana\", \"ben\"]";
    let billing = format!("keywords = [\"pay\"]\n{billing}");
    assert!(CENTER.contains(agents));
    format!("{more}\n{}", CENTER.replace(agents, &billing))
}

const DELTACAST: &str = "agents = ['ana', 'ben']\nrouting = { assignment = 'deltacast' }";

fn offers(world: &World, agent: &str) -> Vec<(SessionId, bool)> {
    let offers = block_on(async { world.engine.offers(&id(agent)) }).unwrap();
    offers.into_iter().map(|offer| (offer.session, offer.until.is_some())).collect()
}

fn status(world: &World, agent: &str) -> AgentStatus {
    let agents = world.engine.agents();
    agents.into_iter().find(|view| view.id == id(agent)).unwrap().status
}

#[test]
fn rte_6_a_chat_goes_from_agent_to_agent() {
    let mut world = with(DELTACAST, "");
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    assert_eq!((offers(&world, "ana"), offers(&world, "ben")), (vec![(session, true)], vec![]));
    block_on(world.engine.acknowledge(session, &id("ana"))).unwrap();
    world.pass(TimeDelta::seconds(10));
    block_on(world.engine.tick()).unwrap();
    assert_eq!((offers(&world, "ana"), offers(&world, "ben")), (vec![], vec![(session, true)]));
    assert_eq!(status(&world, "ana"), AgentStatus::MissedChat);
    let missed = |fact: &Fact| matches!(fact, Fact::OfferMissed { seen: true, .. });
    assert_eq!(world.count(missed), 1);
    block_on(world.engine.decline(session, &id("ben"))).unwrap();
    let again = block_on(world.engine.decline(session, &id("ana")));
    assert!(matches!(again, Err(EngineError::NotAccepted(Refused::NotOffered { .. }))));
    assert_eq!(world.count(|fact| matches!(fact, Fact::OfferDeclined { .. })), 1);
    assert_eq!(offers(&world, "ben"), [(session, true)], "nobody else is there");
    world.accept(session, "ben").unwrap();
    assert_eq!(status(&world, "ben"), AgentStatus::InChat);
}

#[test]
fn rte_10_what_was_missed_is_so_after_a_restart() {
    let mut world = with(DELTACAST, "");
    world.set_status("ana", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    block_on(world.engine.acknowledge(session, &id("ana"))).unwrap();
    world.pass(TimeDelta::seconds(10));
    block_on(world.engine.tick()).unwrap();
    let world = world.restart(&config(DELTACAST, ""));
    assert_eq!(status(&world, "ana"), AgentStatus::MissedChat);
    world.set_status("ana", AgentStatus::Available);
    assert_eq!(offers(&world, "ana"), [(session, true)]);
}

#[test]
fn rte_10_a_centers_own_statuses_and_those_of_supervisors() {
    let world = with("agents = ['ana']", "staff = { statuses = ['training'] }");
    let custom = |name: &str| AgentStatus::Custom(name.parse().unwrap());
    world.set_status("ana", custom("training"));
    assert_eq!(status(&world, "ana"), custom("training"));
    let unknown = block_on(world.engine.set_status(&id("ana"), custom("lunch")));
    assert!(matches!(unknown, Err(EngineError::UnknownStatus(_))));
    let ana = id("ana");
    let by_herself = block_on(world.engine.set_status(&ana, AgentStatus::SpecialTask));
    assert!(matches!(by_herself, Err(EngineError::NotAccepted(Refused::SupervisorOnly { .. }))));
    block_on(world.engine.give_status(&ana, AgentStatus::SpecialTask)).unwrap();
    assert_eq!(status(&world, "ana"), AgentStatus::SpecialTask);
    let chosen = block_on(world.engine.give_status(&ana, AgentStatus::InChat));
    assert!(matches!(chosen, Err(EngineError::NotAccepted(Refused::NotChosen { .. }))));
}

#[test]
fn a_status_that_cannot_be_kept_is_not_set() {
    let shaky = std::sync::Arc::new(crate::shaky::Shaky::default());
    let mut world = World::with(CENTER, shaky.clone());
    let session = world.chat();
    shaky.fail(0, false);
    let failed = block_on(world.engine.set_status(&id("ana"), AgentStatus::LoggedOut));
    assert!(matches!(failed, Err(EngineError::Store(_))), "{failed:?}");
    world.settle();
    assert_eq!(status(&world, "ana"), AgentStatus::InChat);
    assert_eq!(world.row(session).agent, Some(id("ana")), "nothing was returned");
    assert_eq!(world.restart(CENTER).engine.agents()[0].status, AgentStatus::InChat);
}

#[test]
fn rte_11_a_wrap_up_goes_on_over_a_restart() {
    let rules = "agents = ['ana']\nrouting = { wrap_up_seconds = 60, wrap_up_fixed = true }";
    let mut world = with(rules, "");
    world.set_status("ana", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    world.accept(session, "ana").unwrap();
    block_on(world.engine.end(session, &id("ana"))).unwrap();
    world.settle();
    assert_eq!(status(&world, "ana"), AgentStatus::WrapUp);
    let early = block_on(world.engine.set_status(&id("ana"), AgentStatus::Available));
    assert!(matches!(early, Err(EngineError::NotAccepted(Refused::WrapUp { .. }))));
    let other = world.text_from(OTHER, NUMBER, "pay").unwrap();
    let world = world.restart(&config(rules, ""));
    assert_eq!((status(&world, "ana"), offers(&world, "ana")), (AgentStatus::WrapUp, vec![]));
    world.pass(TimeDelta::seconds(60));
    block_on(world.engine.tick()).unwrap();
    assert_eq!(status(&world, "ana"), AgentStatus::Available);
    assert_eq!(offers(&world, "ana"), [(other, false)]);
}

#[test]
fn rte_7_a_supervisor_sees_how_many_groups_are_asked() {
    let groups = "groups = [{ agents = ['ana'] }, { agents = ['ben'] }]
                  routing = { cascade_seconds = 30, skip_empty_groups = false }";
    let mut world = with(groups, "");
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    let asked = |world: &World| block_on(world.engine.session(session)).unwrap().groups_asked;
    assert_eq!((asked(&world), offers(&world, "ben").len()), (Some(1), 0));
    world.pass(TimeDelta::seconds(30));
    block_on(world.engine.tick()).unwrap();
    assert_eq!((asked(&world), offers(&world, "ben").len()), (Some(2), 1));
    assert_eq!(world.count(|fact| matches!(fact, Fact::GroupsAsked { groups: 2, .. })), 1);
    // After a restart the groups follow from the arrival.
    let world = world.restart(&config(groups, ""));
    assert_eq!((asked(&world), offers(&world, "ben").len()), (Some(2), 1));
}

#[test]
fn rte_17_who_returns_goes_to_the_last_agent_first() {
    let mut world = with("agents = ['ana', 'ben']\nrouting = { sticky_minutes = 60 }", "");
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    let first = world.text("pay").unwrap();
    world.accept(first, "ben").unwrap();
    block_on(world.engine.end(first, &id("ben"))).unwrap();
    world.pass(TimeDelta::minutes(59));
    let second = world.text("pay").unwrap();
    assert_eq!((offers(&world, "ana"), offers(&world, "ben")), (vec![], vec![(second, true)]));
    world.accept(second, "ben").unwrap();
    block_on(world.engine.end(second, &id("ben"))).unwrap();
    world.pass(TimeDelta::minutes(61));
    let third = world.text("pay").unwrap();
    assert_eq!(offers(&world, "ana"), [(third, false)], "too long ago");
    let _ = CONSUMER;
}

#[test]
fn rte_18_a_language_is_a_skill_and_a_queue_has_a_priority() {
    let mut config = config("agents = ['ana', 'ben']\nrouting = { skills = ['money'] }", "");
    config = config.replace("name = \"Ben\"", "name = \"Ben\"\nskills = ['money']");
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&config, store);
    world.set_status("ana", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    assert_eq!(offers(&world, "ana"), []);
    world.set_status("ben", AgentStatus::Available);
    assert_eq!(offers(&world, "ben"), [(session, false)]);
    let spanish = self::config("agents = ['ana']\nrouting = { language_skill = true }", "");
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&spanish, store);
    world.set_status("ana", AgentStatus::Available);
    assert!(world.text("pay").is_some());
    assert_eq!(offers(&world, "ana"), [], "nobody has said that Ana speaks English");
}

#[test]
fn rte_18_a_session_may_have_a_priority_and_skills_of_its_own() {
    let vip = |config: String| config.replace("name = \"Ben\"", "name = \"Ben\"\nskills = ['vip']");
    let config = vip(config("agents = ['ana', 'ben']", ""));
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&config, store);
    let first = world.text_from(CONSUMER, NUMBER, "pay").unwrap();
    let second = world.text_from(OTHER, NUMBER, "pay").unwrap();
    let needs = |priority, skills: &[&str]| Needs {
        priority,
        skills: skills.iter().map(|skill| skill.parse().unwrap()).collect(),
    };
    let set = |world: &World, session, needs| {
        let done = block_on(world.engine.set_needs(session, needs));
        world.settle();
        done
    };
    let next =
        |world: &World, agent: &str| offers(world, agent).first().map(|(session, _)| *session);
    set(&world, second, needs(Some(10), &[])).unwrap();
    world.set_status("ana", AgentStatus::Available);
    assert_eq!(next(&world, "ana"), Some(second), "the urgent one is first");
    // A restart knows it, and a skill that only one has.
    set(&world, second, needs(Some(10), &["vip"])).unwrap();
    let world = world.restart(&config);
    assert_eq!(world.row(second).needs, Some(needs(Some(10), &["vip"])));
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    assert_eq!(offers(&world, "ana"), [(first, false)]);
    assert_eq!(next(&world, "ben"), Some(second));
    // Whoever has it keeps it, whatever it needs; taken back, it is as any other.
    world.accept(second, "ben").unwrap();
    set(&world, second, Needs::default()).unwrap();
    assert_eq!((world.row(second).agent, world.row(second).needs), (Some(id("ben")), None));
    let told = || world.count(|fact| matches!(fact, Fact::NeedsChanged { .. }));
    assert_eq!(told(), 3);
    set(&world, second, Needs::default()).unwrap();
    assert_eq!(told(), 3, "said again, it changes nothing");
    let refused = |needs| set(&world, first, needs).unwrap_err().to_string();
    assert_eq!(refused(needs(Some(11), &[])), "found priority 11, allowed are 0 to 10");
    assert_eq!(refused(needs(None, &["vipp"])), "no agent has the skill `vipp`; there are: vip");
    let gone = set(&world, SessionId(999), Needs::default());
    assert!(matches!(gone, Err(EngineError::UnknownSession(_))));
    let gone = world.accept(SessionId(999), "ana");
    assert!(matches!(gone, Err(EngineError::UnknownSession(_))), "{gone:?}");
}

#[test]
fn rte_12_the_wait_is_told_once_it_is_known() {
    let waiting = "[messages.en]\nwaiting = 'About @{ESTIMATED_WAIT_TIME_IN_MINUTES}.'";
    let config = format!("{CENTER}\n{waiting}");
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&config, store);
    world.set_status("ana", AgentStatus::Available);
    let billing = "billing".parse().unwrap();
    for n in 0..6 {
        let session = world.text_from(&format!("+120255501{}", 40 + n), NUMBER, "pay").unwrap();
        world.accept(session, "ana").unwrap();
        world.pass(TimeDelta::minutes(4));
        block_on(world.engine.end(session, &id("ana"))).unwrap();
        let wait = world.engine.wait_times(Some(&billing)).remove(0).wait;
        assert_eq!(wait.is_some(), n >= 4, "after {} chats", n + 1);
    }
    for n in 0..2 {
        let session = world.text_from(&format!("+120255501{}", 50 + n), NUMBER, "pay").unwrap();
        world.accept(session, "ana").unwrap();
    }
    world.text_from(OTHER, NUMBER, "pay").unwrap();
    let told = world.sent().into_iter().rfind(|text| text.starts_with("About ")).unwrap();
    // Two places, each of four minutes, both just begun.
    assert!(["About 3 minutes.", "About 4 minutes."].contains(&told.as_str()), "{told}");
    let all = world.engine.wait_times(None);
    assert!(all.len() > 1 && all.iter().any(|view| view.wait.is_none()));
}

#[test]
fn rte_7_of_two_teams_of_one_agent_the_lower_group_holds() {
    let two = config(
        "groups = [{ teams = ['early'] }, { teams = ['late'] }]\nrouting = { cascade_seconds = 30 }",
        "",
    );
    let teams = "[[teams]]\nid = 'early'\nagents = ['ana']\n[[teams]]\nid = 'late'\nagents = ['ana', 'ben']\n";
    let center = frontdesk::Center::load(&format!("{two}\n{teams}")).unwrap();
    let billing = "billing".parse().unwrap();
    let groups: Vec<_> = center
        .staff()
        .members_of(&billing)
        .iter()
        .map(|member| (member.agent.to_string(), member.group))
        .collect();
    assert_eq!(groups, [("ana".to_owned(), 0), ("ben".to_owned(), 1)]);
}

#[test]
fn rte_12_what_queues_have_shown_survives_a_restart() {
    let mut world = World::with(CENTER, std::sync::Arc::new(frontdesk::store::MemoryStore::new()));
    world.set_status("ana", AgentStatus::Available);
    let billing: frontdesk::types::QueueId = "billing".parse().unwrap();
    let center: frontdesk::types::CenterId = "acme".parse().unwrap();
    let stored = |world: &World| {
        let item = world.store.item(&center, "wait_history", "billing");
        block_on(item).unwrap().map_or(0, |item| item.version)
    };
    let chat = |world: &mut World, from: &str| {
        let session = world.text_from(from, NUMBER, "pay").unwrap();
        world.accept(session, "ana").unwrap();
        world.pass(TimeDelta::minutes(4));
        block_on(world.engine.end(session, &id("ana"))).unwrap();
        world.settle();
    };
    for n in 0..8 {
        chat(&mut world, &format!("+120255501{}", 40 + n));
    }
    world.pass(TimeDelta::minutes(5));
    let version = stored(&world);
    // Half an hour and some: written at most every five minutes.
    assert!((1..=8).contains(&version), "written {version} times");
    let wait = |world: &World| world.engine.wait_times(Some(&billing)).remove(0).wait;
    assert!(wait(&world).is_some());
    let mut world = world.restart(CENTER);
    assert!(wait(&world).is_some(), "known from the beginning");
    assert_eq!(stored(&world), version, "nothing new was shown");
    // It goes on from what is stored.
    chat(&mut world, "+12025550160");
    world.pass(TimeDelta::minutes(5));
    assert_eq!(stored(&world), version + 1);
    // An orderly end waits for no five minutes.
    chat(&mut world, "+12025550161");
    block_on(world.engine.close()).unwrap();
    assert_eq!(stored(&world), version + 2);
    block_on(world.engine.close()).unwrap();
    assert_eq!(stored(&world), version + 2, "nothing new");
    let world = world.restart(CENTER);
    assert!(wait(&world).is_some());
}

#[test]
fn rte_2_settings_say_where_they_come_from() {
    let above = "name = \"Acme\"\nrouting = { wrap_up_seconds = 30, attempts = 2 }";
    let config = config(
        "agents = ['ana']\nrouting = { wrap_up_seconds = 60 }\nmessages = { en = { waiting = 'Soon.' } }",
        "routing = { attempts = 5, sticky_minutes = 10 }\ntimers = { chat_timeout = 45 }",
    )
    .replacen("name = \"Acme\"\n", &format!("{above}\n"), 1);
    let center = frontdesk::Center::load(&config).unwrap();
    let said = |queue: &str| -> Vec<String> {
        let settings = center.settings(&queue.parse().unwrap()).into_iter();
        let from = |from: &frontdesk::types::QueueId| from.to_string();
        settings
            .map(|setting| {
                let from = setting.from.as_ref().map_or("center".to_owned(), from);
                format!("{} = {} from {from}", setting.name, setting.value)
            })
            .collect()
    };
    assert_eq!(
        said("billing"),
        [
            "messages.en.waiting = \"Soon.\" from billing",
            "routing.attempts = 2 from main",
            "routing.sticky_minutes = 10 from center",
            "routing.wrap_up_seconds = 60 from billing",
            "timers.chat_timeout = 45 from center",
        ]
    );
    assert!(said("night").contains(&"routing.wrap_up_seconds = 30 from main".to_owned()));
    assert!(said("night").iter().any(|setting| setting.starts_with("hours = ")));
    assert_eq!(said("shop").len(), 3, "{:?}", said("shop"));
}

#[test]
fn rte_12_the_roster_is_counted_on() {
    // It is noon. Ana goes at a quarter to one, Ben comes at one.
    let shifts = CENTER
        .replace("name = \"Ana\"", "name = \"Ana\"\nshift = { zone = 'America/New_York', open = { mon-fri = '08:00-12:45' } }")
        .replace("name = \"Ben\"", "name = \"Ben\"\nshift = { zone = 'America/New_York', open = { mon-fri = '13:00-21:00' } }");
    let billing = "billing".parse().unwrap();
    let minutes = |config: &str| {
        let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
        let mut world = World::with(config, store);
        world.set_status("ana", AgentStatus::Available);
        for n in 0..8 {
            let session = world.text_from(&format!("+120255501{}", 40 + n), NUMBER, "pay").unwrap();
            world.accept(session, "ana").unwrap();
            world.pass(TimeDelta::minutes(5));
            if n < 6 {
                block_on(world.engine.end(session, &id("ana"))).unwrap();
            }
        }
        for n in 0..3 {
            world.text_from(&format!("+120255501{}", 60 + n), NUMBER, "pay");
        }
        world.pass(TimeDelta::seconds(30));
        world.engine.wait_times(Some(&billing)).remove(0).wait.unwrap().likely.num_minutes()
    };
    let without = minutes(CENTER);
    assert!((3..=12).contains(&without), "without shifts Ana stays: {without}");
    let with_shifts = minutes(&shifts);
    assert!((18..=30).contains(&with_shifts), "until Ben comes: {with_shifts}");
    let wrong =
        CENTER.replace("name = \"Ana\"", "name = \"Ana\"\nshift = { zone = 'Mars', open = {} }");
    assert!(problems(&wrong).contains("agents[0].shift.zone: "), "{}", problems(&wrong));
}

#[test]
fn contradictory_routing_is_refused_with_its_path() {
    let table = [
        ("agents = ['ana', 'ana']", "queues[1].agents[1]: agent `ana` is assigned twice"),
        (
            "agents = [{ id = 'ana', priority = 9 }]",
            "queues[1].agents[0]: found priority 9, allowed are 1 (first) to 8 (last)",
        ),
        ("agents = [{ id = 'eve', priority = 1 }]", "queues[1].agents[0]: there is no agent `eve`"),
        (
            "groups = [{ agents = ['ana'], percent = 60 }, { agents = ['ben'], percent = 30 }]",
            "queues[1].groups: the shares 60 + 30 add up to 90, they must add up to 100",
        ),
        (
            "groups = [{ agents = ['ana'], percent = 100 }, { agents = ['ben'] }]",
            "queues[1].groups: with a share in one group, every group needs a percent",
        ),
        (
            "groups = [{ agents = ['ana'] }, { agents = ['ana'] }]",
            "queues[1].groups[1].agents[0]: agent `ana` is assigned twice",
        ),
        (
            "agents = ['ana']\ngroups = [{ agents = ['ben'] }]",
            "queues[1].agents: there are groups: every agent and team belongs to one of them",
        ),
        (
            "groups = [{ agents = ['ana'] }, { agents = ['ben'] }]
             routing = { assignment = 'deltacast', cascade_seconds = 10 }",
            "queues[1].routing.cascade_seconds: the cascade timer of 10 s must be longer than the deltacast timeout of 10 s",
        ),
        (
            "groups = [{ agents = ['ana'], percent = 100 }]
             routing = { assignment = 'deltacast', deltacast_seconds = 90 }",
            "queues[1].routing.allocation_seconds: the percent allocation timer of 60 s must be longer",
        ),
        ("routing = { attempts = 0 }", "queues[1].routing.attempts: found 0, allowed are 1 to 100"),
        ("routing = { assignment = 'all' }", "queues[1].routing.assignment: "),
        ("routing = { skills = ['No!'] }", "queues[1].routing.skills[0]: `No!` is not a skill id"),
        (
            "routing = { wrap_up_seconds = 9999999 }",
            "queues[1].routing.wrap_up_seconds: found 9999999",
        ),
        (
            "routing = { priority = 11 }",
            "queues[1].routing.priority: found 11, allowed are 0 to 10",
        ),
    ];
    for (billing, expected) in table {
        let found = problems(&config(billing, ""));
        assert!(found.contains(expected), "{billing}: {found}");
    }
    let found = problems(&config("agents = ['ana']", "staff = { statuses = ['a', 'a'] }"));
    assert!(found.contains("staff.statuses[1]: `a` stands there twice"), "{found}");
}
