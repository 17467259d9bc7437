use frontdesk_types::from_millis;
use proptest::prelude::*;

use super::*;

fn agent(name: &str) -> AgentId {
    name.parse().unwrap()
}

fn queue(name: &str) -> QueueId {
    name.parse().unwrap()
}

fn waiting(name: &str, since: i64) -> Place {
    Place::Waiting { queue: queue(name), since: from_millis(since) }
}

/// billing: ana, ben; sales: ben. Two sessions each.
fn staff() -> Staff {
    let mut staff = Staff::default();
    staff.agent(agent("ana"), 2).agent(agent("ben"), 2);
    staff.queue(queue("billing"), [agent("ana"), agent("ben"), agent("ana")]);
    staff.queue(queue("sales"), [agent("ben")]);
    staff
}

fn router(available: &[&str]) -> Router {
    let mut router = Router::new(staff());
    for name in available {
        let _ = router.set_status(&agent(name), AgentStatus::Available).unwrap();
    }
    router
}

fn offers(router: &Router, name: &str) -> Vec<u64> {
    router.offers(&agent(name)).iter().map(|offer| offer.session.0).collect()
}

#[test]
fn rte_5_every_eligible_agent_sees_it_and_one_gets_it() {
    let mut router = router(&["ana", "ben"]);
    let offered = RouterEvent::Offered {
        session: SessionId(1),
        queue: queue("billing"),
        agents: vec![agent("ana"), agent("ben")],
    };
    assert_eq!(router.place(SessionId(1), waiting("billing", 1)), [offered]);
    let withdrawn =
        RouterEvent::Withdrawn { session: SessionId(1), agents: vec![agent("ana"), agent("ben")] };
    assert_eq!(router.accept(SessionId(1), &agent("ana")), Ok(vec![withdrawn]));
    let taken = AcceptError::AlreadyTaken { session: SessionId(1), by: agent("ana") };
    assert_eq!(router.accept(SessionId(1), &agent("ben")), Err(taken.clone()));
    assert_eq!(router.accept(SessionId(1), &agent("ana")), Err(taken));
}

#[test]
fn rte_9_nobody_has_more_than_the_limit() {
    let mut router = router(&["ana"]);
    for id in 1..=3 {
        let _ = router.place(SessionId(id), waiting("billing", 1));
    }
    let _ = router.accept(SessionId(1), &agent("ana")).unwrap();
    let _ = router.accept(SessionId(2), &agent("ana")).unwrap();
    assert!(offers(&router, "ana").is_empty());
    let full = AcceptError::AtLimit { agent: agent("ana"), limit: 2 };
    assert_eq!(router.accept(SessionId(3), &agent("ana")), Err(full));
    let _ = router.place(SessionId(1), Place::Gone);
    assert_eq!(offers(&router, "ana"), [3]);
}

#[test]
fn rte_16_logging_out_returns_everything_to_its_original_place() {
    let mut router = router(&["ben"]);
    for id in 1..=3 {
        let _ = router.place(SessionId(id), waiting("billing", i64::try_from(id).unwrap()));
    }
    let _ = router.accept(SessionId(1), &agent("ben")).unwrap();
    let events = router.set_status(&agent("ben"), AgentStatus::LoggedOut).unwrap();
    let back = RouterEvent::Return {
        session: SessionId(1),
        agent: agent("ben"),
        reason: ReturnReason::LoggedOut,
    };
    assert!(events.contains(&back));
    let _ = router.place(SessionId(1), waiting("billing", 1));
    let _ = router.set_status(&agent("ana"), AgentStatus::Available).unwrap();
    assert_eq!(offers(&router, "ana"), [1], "before those who came later");
}

#[test]
fn rte_16_a_restart_finds_the_sessions_of_agents_who_are_gone() {
    let mut router = router(&[]);
    let place = Place::With { agent: agent("ana"), queue: queue("billing"), since: from_millis(1) };
    let back = RouterEvent::Return {
        session: SessionId(1),
        agent: agent("ana"),
        reason: ReturnReason::LoggedOut,
    };
    assert_eq!(router.place(SessionId(1), place), [back]);
}

#[test]
fn a_new_configuration_returns_what_an_agent_may_not_keep() {
    let mut router = router(&["ana", "ben"]);
    let _ = router.place(SessionId(1), waiting("sales", 1));
    let _ = router.accept(SessionId(1), &agent("ben")).unwrap();
    let mut staff = Staff::default();
    staff.agent(agent("ana"), 1).agent(agent("ben"), 1);
    staff.queue(queue("sales"), [agent("ana")]);
    let back = RouterEvent::Return {
        session: SessionId(1),
        agent: agent("ben"),
        reason: ReturnReason::Removed,
    };
    assert_eq!(router.configure(staff), [back]);
}

#[test]
fn rte_15_as_many_are_first_as_there_are_active_agents() {
    let mut staff = Staff::default();
    let agents: Vec<AgentId> = (0..10).map(|n| agent(&format!("a{n}"))).collect();
    for id in &agents {
        staff.agent(id.clone(), 1);
    }
    staff.queue(queue("billing"), agents.clone());
    let mut router = Router::new(staff);
    for id in &agents {
        drop(router.set_status(id, AgentStatus::Available));
    }
    for id in 0..50_u32 {
        let _ = router.place(SessionId(id.into()), waiting("billing", id.into()));
    }
    let place = |id| router.position(SessionId(id)).unwrap().place;
    assert_eq!((0..10).map(place).collect::<Vec<_>>(), [1; 10]);
    assert_eq!((place(10), place(49)), (2, 41));
}

#[test]
fn who_is_away_or_elsewhere_gets_nothing() {
    let mut router = router(&["ana"]);
    let _ = router.place(SessionId(1), waiting("sales", 1));
    let _ = router.set_status(&agent("ben"), AgentStatus::Break).unwrap();
    let error = router.accept(SessionId(1), &agent("ben")).unwrap_err();
    assert_eq!(
        error,
        AcceptError::NotAvailable { agent: agent("ben"), status: AgentStatus::Break }
    );
    let error = router.accept(SessionId(1), &agent("ana")).unwrap_err();
    assert_eq!(error, AcceptError::NotOffered { session: SessionId(1), agent: agent("ana") });
    assert!(matches!(
        router.accept(SessionId(9), &agent("ana")),
        Err(AcceptError::NotWaiting { .. })
    ));
    assert!(matches!(
        router.accept(SessionId(1), &agent("eve")),
        Err(AcceptError::UnknownAgent(_))
    ));
}

#[derive(Debug, Clone)]
enum Act {
    Accept(u64, usize),
    End(u64),
    Queue(u64, usize),
    Status(usize, AgentStatus),
}

const AGENTS: [&str; 2] = ["ana", "ben"];
const QUEUES: [&str; 2] = ["billing", "sales"];

fn act() -> impl Strategy<Value = Act> {
    let status = prop::sample::select(vec![
        AgentStatus::Available,
        AgentStatus::Break,
        AgentStatus::LoggedOut,
    ]);
    prop_oneof![
        (0_u64..12, 0_usize..2).prop_map(|(session, agent)| Act::Accept(session, agent)),
        (0_u64..12).prop_map(Act::End),
        (0_u64..12, 0_usize..2).prop_map(|(session, queue)| Act::Queue(session, queue)),
        (0_usize..2, status).prop_map(|(agent, status)| Act::Status(agent, status)),
    ]
}

proptest! {
    /// Whatever happens: one agent per session, never over the limit, first come first served, nobody
    /// eligible idle while somebody waits, nobody lost, and the events tell the whole truth about offers.
    #[test]
    fn the_laws_hold_after_every_step(acts in prop::collection::vec(act(), 1..80)) {
        let mut router = router(&[]);
        let mut seen: BTreeSet<(SessionId, AgentId)> = BTreeSet::new();
        let mut model: BTreeMap<SessionId, Place> = BTreeMap::new();
        for (now, act) in (0..).zip(acts) {
            let mut events = match act {
                Act::Accept(session, who) => {
                    let session = SessionId(session);
                    let Ok(events) = router.accept(session, &agent(AGENTS[who])) else { continue };
                    let Some(Place::Waiting { queue, since }) = model.get(&session).cloned() else {
                        panic!("{session} was not waiting");
                    };
                    model.insert(session, Place::With { agent: agent(AGENTS[who]), queue, since });
                    events
                }
                Act::End(session) => {
                    model.remove(&SessionId(session));
                    router.place(SessionId(session), Place::Gone)
                }
                Act::Queue(session, which) => {
                    if model.contains_key(&SessionId(session)) { continue }
                    let place = waiting(QUEUES[which], now);
                    model.insert(SessionId(session), place.clone());
                    router.place(SessionId(session), place)
                }
                Act::Status(who, status) => router.set_status(&agent(AGENTS[who]), status).unwrap(),
            };
            // What the engine does: a session that must be returned waits at its old place.
            while let Some(i) = events.iter().position(|e| matches!(e, RouterEvent::Return { .. })) {
                let RouterEvent::Return { session, .. } = events.remove(i) else { unreachable!() };
                let Some(Place::With { queue, since, .. }) = model.get(&session).cloned() else { panic!() };
                let place = Place::Waiting { queue, since };
                model.insert(session, place.clone());
                events.extend(router.place(session, place));
            }
            for event in events {
                match event {
                    RouterEvent::Offered { session, agents, .. } => for agent in agents {
                        prop_assert!(seen.insert((session, agent)), "offered twice");
                    },
                    RouterEvent::Withdrawn { session, agents } => for agent in agents {
                        prop_assert!(seen.remove(&(session, agent)), "withdrawn unseen");
                    },
                    RouterEvent::Return { .. } | RouterEvent::Unreachable { .. } => unreachable!(),
                }
            }
            for name in AGENTS {
                let id = agent(name);
                let mine = model.values().filter(|p| matches!(p, Place::With { agent, .. } if *agent == id)).count();
                prop_assert_eq!(mine, router.sessions_of(&id).len());
                prop_assert!(mine <= 2);
                let shown: BTreeSet<_> = router.offers(&id).iter().map(|offer| offer.session).collect();
                let told: BTreeSet<_> = seen.iter().filter(|(_, a)| *a == id).map(|(s, _)| *s).collect();
                prop_assert_eq!(&shown, &told);
                let eligible = router.status(&id).unwrap().takes_sessions() && mine < 2;
                let queues = if name == "ana" { &QUEUES[..1] } else { &QUEUES[..] };
                for name in queues {
                    let oldest = model.iter().filter_map(|(id, place)| match place {
                        Place::Waiting { queue, since } if queue.as_str() == *name => Some((*since, *id)),
                        _ => None,
                    }).min();
                    if let Some((_, oldest)) = oldest {
                        prop_assert_eq!(shown.contains(&oldest), eligible, "first come, first served; nobody idle");
                    }
                }
            }
        }
    }
}
