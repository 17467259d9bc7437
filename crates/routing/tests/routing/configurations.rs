//! Another configuration while very many wait: what it costs, in steps that the router counts, and what it ends in.

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, Groups, Input, Member, Place, QueueRules, Router,
    RouterEvent, SetBy, Staff, Wait, WrapUp,
};
use frontdesk_types::{AgentId, AgentStatus, QueueId, SessionId, SkillId, from_millis};

use crate::floor::{agent, at, billing, queue};

/// A step that takes on another staff, or a rule that moves no session.
const STAFF: u64 = 1000;
/// A step that places sessions anew.
const PIECE: u64 = 16_000;
/// As many agents are in the center.
const AGENTS: usize = 60;

fn name(n: usize) -> AgentId {
    agent(&format!("a{n:03}"))
}

fn es() -> SkillId {
    "es".parse().unwrap()
}

/// A center with one or more queues, each served by an agent in so many.
#[derive(Clone)]
struct Center {
    queues: usize,
    rules: QueueRules,
    /// Comes between the others.
    new: Option<AgentId>,
    /// The first agent's.
    first: AgentRules,
}

impl Center {
    fn new(queues: usize) -> Self {
        let first = AgentRules::with_chats(1);
        Self { queues, rules: QueueRules::default(), new: None, first }
    }

    fn queue(&self, n: usize) -> QueueId {
        queue(&format!("q{}", n % self.queues))
    }

    fn staff(&self) -> Staff {
        let mut staff = Staff::default();
        for n in 0..AGENTS {
            let mut rules = AgentRules::with_chats(1);
            rules.skills.extend((n % 2 == 0).then(es));
            staff.agent(name(n), if n == 0 { self.first.clone() } else { rules });
        }
        if let Some(new) = self.new.clone() {
            staff.agent(new, AgentRules::with_chats(1));
        }
        for q in 0..self.queues {
            let serve = (0..AGENTS).filter(|n| (q + n) % self.queues < 3);
            let members = serve.map(name).chain(self.new.clone().filter(|_| q < 3));
            staff.queue(self.queue(q), self.rules.clone(), members).unwrap();
        }
        staff
    }

    /// So many wait, and one agent in two is there.
    fn filled(&self, sessions: u32) -> Router {
        let mut router = Router::new(self.staff());
        self.fill(&mut router, sessions);
        router
    }

    fn fill(&self, router: &mut Router, sessions: u32) {
        for n in 0..sessions {
            let since = from_millis(i64::from(n));
            let skills = (n % 2 == 0).then(es).into_iter().collect();
            let priority = u8::from(n % 3 == 0);
            let wait = Wait { priority, skills, ..Wait::chat(self.queue(n as usize), since) };
            let (session, place) = (SessionId(u64::from(n)), Place::Waiting(wait));
            let _ =
                router.handle(Input::Place { session, place }, from_millis(i64::from(sessions)));
        }
        for n in (0..AGENTS).step_by(2) {
            let (status, by) = (AgentStatus::Available, SetBy::Supervisor);
            let input = Input::SetStatus { agent: name(n), status, by };
            let _ = router.handle(input, from_millis(i64::from(sessions)));
        }
    }
}

/// Takes on a staff, step by step. The dearest step, and how many there were.
fn configure(router: &mut Router, staff: Staff, sessions: u32) -> (u64, usize) {
    let now = from_millis(i64::from(sessions));
    let mut before = router.steps();
    let _ = router.configure(staff, now);
    let (mut dearest, mut steps) = (router.steps() - before, 1);
    while router.next_deadline().is_some_and(|at| at <= now) {
        before = router.steps();
        let _ = router.handle(Input::TimePassed, now);
        dearest = dearest.max(router.steps() - before);
        steps += 1;
    }
    (dearest, steps)
}

#[test]
fn another_staff_or_rule_costs_few_steps_however_many_wait() {
    let sessions = 100_000;
    for queues in [1, 200] {
        let center = Center::new(queues);
        let mut router = center.filled(sessions);
        let mut takes = |what: &str, most: u64, change: &dyn Fn(&mut Center)| {
            let mut other = center.clone();
            change(&mut other);
            for staff in [other.staff(), center.staff()] {
                let (dearest, steps) = configure(&mut router, staff, sessions);
                assert!(dearest <= most, "{what}, {queues} queues: {dearest} in one of {steps}");
                assert!(most > STAFF || steps == 1, "{what} moves sessions");
            }
        };
        takes("another agent", STAFF, &|center| center.new = Some(agent("a000b")));
        takes("another limit", STAFF, &|center| center.first.chats = 2);
        takes("another skill", STAFF, &|center| center.first.skills.extend([es()]));
        takes("a wrap-up", STAFF, &|center| {
            center.rules.wrap_up = Some(WrapUp { time: TimeDelta::seconds(5), fixed: true });
        });
        takes("a head start", PIECE, &|center| center.rules.head_start = TimeDelta::seconds(5));
        takes("a time for skills", PIECE, &|center| {
            center.rules.skills_for = Some(TimeDelta::days(1));
        });
        takes("deltacast", PIECE, &|center| {
            center.rules.assignment = Assignment::Deltacast(Deltacast::default());
        });
        takes("a cascade", PIECE, &|center| {
            let timer = TimeDelta::days(1);
            center.rules.groups = Groups::Cascade { timer, skip_empty: true };
        });
    }
}

#[test]
fn where_thousands_are_placed_anew_it_ends_as_in_a_router_built_anew() {
    let sessions = 5000;
    for queues in [1, 7] {
        let center = Center::new(queues);
        let mut router = center.filled(sessions);
        let mut other = center.clone();
        other.rules.head_start = TimeDelta::milliseconds(2700);
        other.rules.skills_for = Some(TimeDelta::milliseconds(4000));
        other.new = Some(agent("a000b"));
        let (_, steps) = configure(&mut router, other.staff(), sessions);
        assert!(steps > 2, "it took {steps} steps");
        let anew = other.filled(sessions);
        for n in 0..AGENTS {
            assert_eq!(router.offers(&name(n)), anew.offers(&name(n)), "{}", name(n));
        }
        for n in (0..sessions).map(u64::from) {
            assert_eq!(router.position(SessionId(n)), anew.position(SessionId(n)), "{n}");
        }
        assert_eq!(router.next_deadline(), anew.next_deadline());
    }
}

#[test]
fn agents_are_told_in_the_order_of_their_ids_whenever_they_came() {
    let mut router = Router::new(billing(QueueRules::default(), &["dan", "bob"]));
    let names = ["dan", "bob", "cid", "ann", "eve"];
    let _ = router.configure(billing(QueueRules::default(), &names), at(0.0));
    for name in names {
        let (status, by) = (AgentStatus::Available, SetBy::Agent);
        let _ = router.handle(Input::SetStatus { agent: agent(name), status, by }, at(1.0));
    }
    let place = Place::Waiting(Wait::chat(queue("billing"), at(1.0)));
    let step = router.handle(Input::Place { session: SessionId(1), place }, at(1.0));
    let told = step.events.iter().find_map(|event| match event {
        RouterEvent::Offered { agents, .. } => Some(agents.clone()),
        _ => None,
    });
    assert_eq!(told.unwrap(), ["ann", "bob", "cid", "dan", "eve"].map(agent));
    // The last tie goes by id, too.
    let deltacast = Assignment::Deltacast(Deltacast::default());
    let rules = QueueRules { assignment: deltacast, ..QueueRules::default() };
    let _ = router.configure(billing(rules, &names), at(2.0));
    assert_eq!(router.offers(&agent("ann")).len(), 1);
}

#[test]
fn very_many_agents_can_come_one_before_the_other() {
    // Each comes right after the first, before all others: room between ids is used up now and then.
    let ids: Vec<String> = (0..100).map(|n| format!("b{:03}", 999 - n)).collect();
    let mut router = Router::new(billing(QueueRules::default(), &["a", "c"]));
    let deltacast = Assignment::Deltacast(Deltacast::default());
    let rules = QueueRules { assignment: deltacast, ..QueueRules::default() };
    for count in 1..=ids.len() {
        let mut names: Vec<&str> = ids.iter().take(count).map(String::as_str).collect();
        names.extend(["a", "c"]);
        let _ = router.configure(billing(rules.clone(), &names), at(0.0));
    }
    for name in ids.iter().map(String::as_str).chain(["c"]) {
        let (status, by) = (AgentStatus::Available, SetBy::Agent);
        let _ = router.handle(Input::SetStatus { agent: agent(name), status, by }, at(1.0));
    }
    // Those who were never asked are asked in the order of their ids.
    for (n, name) in ids.iter().rev().map(String::as_str).chain(["c"]).enumerate() {
        let place = Place::Waiting(Wait::chat(queue("billing"), at(1.0)));
        let session = SessionId(n as u64);
        let _ = router.handle(Input::Place { session, place }, at(1.0));
        assert_eq!(router.offers(&agent(name)).len(), 1, "{name} is asked");
    }
}

#[test]
fn who_is_asked_no_longer_leaves_the_sessions_of_other_queues_to_look_first() {
    let deltacast = Assignment::Deltacast(Deltacast::default());
    let of = |groups: Groups| QueueRules {
        assignment: deltacast.clone(),
        groups,
        ..QueueRules::default()
    };
    let staff = |groups: Groups| {
        let mut staff = crate::floor::staff_of(&["ann", "bob", "cid"]);
        let member = |name: &str, priority, group| Member { agent: agent(name), priority, group };
        let claims = [member("ann", 1, 0), member("bob", 1, 1), member("cid", 1, 1)];
        staff.queue(queue("claims"), of(groups), claims).unwrap();
        let sales = [member("bob", 3, 0), member("cid", 2, 0)];
        staff.queue(queue("sales"), of(Groups::All), sales).unwrap();
        staff
    };
    let mut router = Router::new(staff(Groups::Percent { shares: vec![50, 50], timer: None }));
    for name in ["ann", "bob", "cid"] {
        let (status, by) = (AgentStatus::Available, SetBy::Agent);
        let _ = router.handle(Input::SetStatus { agent: agent(name), status, by }, at(0.0));
    }
    let mut waits = |id: u64, to: &str| {
        let place = Place::Waiting(Wait::chat(queue(to), at(1.0)));
        let _ = router.handle(Input::Place { session: SessionId(id), place }, at(1.0));
    };
    (1..=4).for_each(|id| waits(id, "claims"));
    (5..=6).for_each(|id| waits(id, "sales"));
    let timer = TimeDelta::hours(1);
    let cascade = Groups::Cascade { timer, skip_empty: false };
    let _ = router.configure(staff(cascade), at(2.0));
    let offer = |name: &str| router.offers(&agent(name)).first().map(|offer| offer.session.0);
    // The first session of sales finds the one who is first there, and the second the other.
    assert_eq!((offer("cid"), offer("bob")), (Some(5), Some(6)));
}
