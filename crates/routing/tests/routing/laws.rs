//! Long random histories: the router decides like the model, and its events tell the whole truth.

use std::{collections::BTreeSet, fmt};

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, Groups, Input, Kind, Member, Place, QueueRules, Router,
    RouterEvent, SetBy, Staff, StaffRules, Step, Sticky, Wait, WrapUp,
};
use frontdesk_types::{AgentId, AgentStatus, Instant, SessionId, SkillId, TransferTarget};
use proptest::prelude::*;

use crate::{
    floor::{agent, at, queue},
    model::{Model, Sights},
};

const AGENTS: [&str; 6] = ["ana", "ben", "bot", "cid", "dan", "eve"];
const QUEUES: [&str; 4] = ["billing", "direct", "sales", "tech"];
const SESSIONS: u64 = 24;

#[derive(Debug, Clone)]
enum Act {
    Accept(u64, usize),
    Acknowledge(usize),
    Configure(Staff),
    Decline(u64, usize),
    DeclineOwn(usize),
    Dismiss(u64),
    End(u64),
    Queue {
        session: u64,
        queue: usize,
        call: bool,
        priority: u8,
        skills: u8,
        last: usize,
        ago: i64,
    },
    Return(u64),
    Status(usize, AgentStatus, SetBy),
    TakeOwn(usize),
    Time,
    Transfer(u64, usize, bool),
}

fn act() -> impl Strategy<Value = Act> {
    let session = || 0..SESSIONS;
    let who = || 0..AGENTS.len();
    let status = prop_oneof![
        6 => Just(AgentStatus::Available),
        1 => Just(AgentStatus::Break),
        1 => Just(AgentStatus::LoggedOut),
        1 => Just(AgentStatus::SpecialTask),
        1 => Just(AgentStatus::InChat),
    ];
    let by = prop_oneof![4 => Just(SetBy::Agent), 1 => Just(SetBy::Supervisor)];
    let queued = (session(), 0..QUEUES.len(), any::<bool>(), 0_u8..3, 0_u8..4, who(), 0_i64..40);
    prop_oneof![
        10 => queued.prop_map(|(session, queue, call, priority, skills, last, ago)| {
            Act::Queue { session, queue, call: call && priority == 1, priority, skills, last, ago }
        }),
        6 => who().prop_map(Act::TakeOwn),
        3 => who().prop_map(Act::Acknowledge),
        2 => who().prop_map(Act::DeclineOwn),
        2 => (session(), who()).prop_map(|(session, who)| Act::Accept(session, who)),
        1 => (session(), who()).prop_map(|(session, who)| Act::Decline(session, who)),
        6 => session().prop_map(Act::End),
        1 => session().prop_map(Act::Dismiss),
        1 => session().prop_map(Act::Return),
        5 => (who(), status, by).prop_map(|(who, status, by)| Act::Status(who, status, by)),
        6 => Just(Act::Time),
        2 => (session(), 0..QUEUES.len() + AGENTS.len(), any::<bool>())
            .prop_map(|(session, to, queue)| Act::Transfer(session, to, queue)),
        1 => staff().prop_map(Act::Configure),
    ]
}

fn skills(bits: u8) -> Vec<SkillId> {
    let all = ["es", "vip"].into_iter().enumerate();
    all.filter(|(i, _)| bits >> i & 1 == 1).map(|(_, skill)| skill.parse().unwrap()).collect()
}

/// Everything in seconds, so that timers meet.
fn rules() -> impl Strategy<Value = QueueRules> {
    let seconds = TimeDelta::seconds;
    let assignment = prop_oneof![
        Just(Assignment::Multicast),
        (3_i64..8, 1_u8..4, any::<bool>()).prop_map(move |(timeout, attempts, then_multicast)| {
            Assignment::Deltacast(Deltacast { timeout: seconds(timeout), attempts, then_multicast })
        }),
    ];
    let groups = prop_oneof![
        2 => Just(Groups::All),
        2 => (8_i64..12, any::<bool>())
            .prop_map(move |(timer, skip_empty)| Groups::Cascade { timer: seconds(timer), skip_empty }),
        1 => prop::option::of(8_i64..20).prop_map(move |timer| {
            Groups::Percent { shares: vec![50, 30, 20], timer: timer.map(seconds) }
        }),
    ];
    let wrap_up = (1_i64..6, any::<bool>())
        .prop_map(move |(time, fixed)| WrapUp { time: seconds(time), fixed });
    let sticky = Sticky { within: seconds(100), timeout: seconds(4) };
    (
        assignment,
        groups,
        prop::bool::weighted(0.15),
        prop::option::of(wrap_up),
        prop::option::of(Just(sticky)),
        prop::option::of(5_i64..20),
    )
        .prop_map(move |(assignment, groups, auto_answer, wrap_up, sticky, skills_for)| {
            QueueRules {
                assignment,
                groups,
                auto_answer,
                wrap_up,
                sticky,
                head_start: seconds(7),
                skills_for: skills_for.map(seconds),
            }
        })
}

fn staff() -> impl Strategy<Value = Staff> {
    let agents =
        prop::collection::vec((0_u32..4, 0_u8..4, prop::bool::weighted(0.1)), AGENTS.len());
    let member = (prop::bool::weighted(0.7), 1_u8..4, 0_u8..3);
    let queue_of = (rules(), prop::collection::vec(member, AGENTS.len()));
    let most = prop_oneof![2_u32..6, Just(20)];
    let staff_rules = (1_u32..3, any::<bool>(), any::<bool>(), 0_u32..3, 0_u32..3, most);
    (staff_rules, agents, prop::collection::vec(queue_of, QUEUES.len()), prop::bool::weighted(0.2))
        .prop_map(|(rules, agents, queues, without_last)| {
            let mut staff = Staff::default();
            let (call_weight, calls_while_in_chat, chats_while_in_call, missed, skipped, most) =
                rules;
            staff.rules = StaffRules {
                call_weight,
                calls_while_in_chat,
                chats_while_in_call,
                missed_calls: missed,
                missed_chats: missed,
                skipped,
                offers_at_once: most,
            };
            let there = AGENTS.len() - usize::from(without_last);
            for (name, (chats, can, auto_answer)) in AGENTS.into_iter().zip(agents).take(there) {
                let skills = skills(can).into_iter().collect();
                staff.agent(agent(name), AgentRules { chats, skills, auto_answer });
            }
            for (name, (rules, members)) in QUEUES.into_iter().zip(queues) {
                let members = AGENTS.into_iter().zip(members).take(there).filter(|(_, m)| m.0);
                let members: Vec<Member> = members
                    .map(|(name, (_, priority, group))| Member {
                        agent: agent(name),
                        priority,
                        group: if rules.groups == Groups::All { 0 } else { group },
                    })
                    .collect();
                staff.queue(queue(name), rules, members).unwrap();
            }
            staff
        })
}

/// The router beside the model, and what its events have told so far.
struct Pair {
    router: Router,
    model: Model,
    staff: Staff,
    told: Sights,
    now: Instant,
}

impl Pair {
    fn new(staff: Staff) -> Self {
        let (router, model) = (Router::new(staff.clone()), Model::new(staff.clone()));
        Self { router, model, staff, told: Sights::new(), now: at(0.0) }
    }

    fn act(&mut self, act: Act) {
        let session = SessionId;
        match act {
            Act::Time => self.input(Input::TimePassed),
            Act::Status(who, status, by) => {
                self.input(Input::SetStatus { agent: agent(AGENTS[who]), status, by });
            }
            Act::Queue { session, queue: to, call, priority, skills: asks, last, ago } => {
                if self.model.wait(SessionId(session)).is_some() {
                    return;
                }
                let wait = Wait {
                    kind: if call { Kind::Call } else { Kind::Chat },
                    priority,
                    skills: skills(asks),
                    last_agent: Some(agent(AGENTS[last])).filter(|_| last % 2 == 0),
                    // A session that comes back after a restart came earlier.
                    ..Wait::chat(
                        queue(QUEUES[to]),
                        self.now - TimeDelta::seconds((ago - 30).max(0)),
                    )
                };
                self.place(session, Place::Waiting(wait));
            }
            Act::Accept(id, who) => {
                self.input(Input::Accept { session: session(id), agent: agent(AGENTS[who]) });
            }
            Act::Decline(id, who) => {
                self.input(Input::Decline { session: session(id), agent: agent(AGENTS[who]) });
            }
            Act::TakeOwn(who) => self.own(who, |session, agent| Input::Accept { session, agent }),
            Act::DeclineOwn(who) => {
                self.own(who, |session, agent| Input::Decline { session, agent });
            }
            Act::Acknowledge(who) => {
                self.own(who, |session, agent| Input::Acknowledge { session, agent });
            }
            Act::End(id) => self.place(id, Place::Gone),
            Act::Dismiss(id) => self.place(id, Place::Dismissed),
            Act::Return(id) => {
                if self.model.holder(session(id)).is_some() {
                    let wait = self.model.wait(session(id)).unwrap();
                    self.place(id, Place::Waiting(wait));
                }
            }
            Act::Transfer(id, to, by_queue) => {
                let Some(holder) = self.model.holder(session(id)) else { return };
                let wait = self.model.wait(session(id)).unwrap();
                let to = if by_queue {
                    TransferTarget::Queue(queue(QUEUES[to % QUEUES.len()]))
                } else {
                    let to = agent(AGENTS[to % AGENTS.len()]);
                    if to == holder || self.staff.agent_rules(&to).is_none() {
                        return;
                    }
                    TransferTarget::Agent(to)
                };
                self.place(id, Place::Transferring { agent: holder, to, wait });
            }
            Act::Configure(staff) => {
                self.staff = staff.clone();
                let Step { events, .. } = self.router.configure(staff.clone(), self.now);
                for event in &events {
                    if let RouterEvent::Allocated { .. } = event {
                        self.model.handle(Input::TimePassed, self.now, std::slice::from_ref(event));
                    }
                }
                self.model.configure(staff, self.now);
                self.check(&events);
                self.follow(events);
            }
        }
    }

    fn own(&mut self, who: usize, input: impl Fn(SessionId, AgentId) -> Input) {
        let id = agent(AGENTS[who]);
        if let Some(offer) = self.router.offers(&id).first() {
            self.input(input(offer.session, id));
        }
    }

    fn place(&mut self, session: u64, place: Place) {
        self.input(Input::Place { session: SessionId(session), place });
    }

    fn input(&mut self, input: Input) {
        let step = self.router.handle(input.clone(), self.now);
        let refused = self.model.handle(input.clone(), self.now, &step.events);
        assert_eq!(step.refused.is_some(), refused, "{input:?}: {:?}", step.refused);
        self.check(&step.events);
        // Late, early, twice: nothing.
        assert_eq!(self.router.handle(Input::TimePassed, self.now), Step::default());
        self.follow(step.events);
    }

    /// The real router and the model agree on everything that can be seen.
    fn check(&mut self, events: &[RouterEvent]) {
        self.listen(events);
        let (mut seen, mut shown) = (Sights::new(), Sights::new());
        for (id, _) in self.staff.agents() {
            for offer in self.router.offers(id) {
                let sight = (id.clone(), offer.session, offer.until);
                seen.insert(sight.clone());
                if !offer.auto_answer {
                    shown.insert(sight);
                }
            }
            assert_eq!(self.router.status(id).unwrap(), self.model.status(id), "{id}");
            let has = self.router.sessions_of(id);
            let ids = (0..SESSIONS).map(SessionId);
            let should: Vec<SessionId> =
                ids.filter(|session| self.model.holder(*session).as_ref() == Some(id)).collect();
            assert_eq!(has, should, "{id}");
        }
        assert_eq!(seen, self.model.sights());
        assert_eq!(self.router.next_deadline(), self.model.next_deadline());
        // Whoever has heard every event knows who sees what. Automatic answers are not offers, and a
        // transfer to somebody who has no room just now is not shown.
        assert!(shown.is_subset(&self.told), "{shown:?} were not all told: {:?}", self.told);
        for (who, session, until) in self.told.difference(&shown) {
            let asked = until.is_none() && self.model.holder(*session).is_some();
            assert!(asked, "{who} was told of {session} and does not see it");
        }
        self.laws(&shown);
    }

    fn listen(&mut self, events: &[RouterEvent]) {
        for event in events {
            match event {
                RouterEvent::Offered { session, agents, until, .. } => {
                    for id in agents {
                        let sight = (id.clone(), *session, *until);
                        assert!(self.told.insert(sight), "offered twice: {event:?}");
                    }
                }
                RouterEvent::Withdrawn { session, agents } => {
                    for id in agents {
                        let before = self.told.len();
                        self.told.retain(|(who, what, _)| (who, what) != (id, session));
                        assert_eq!(self.told.len() + 1, before, "withdrawn unseen: {event:?}");
                    }
                }
                _ => {}
            }
        }
    }

    /// What must hold whatever the rules are.
    fn laws(&self, shown: &Sights) {
        for (id, rules) in self.staff.agents() {
            let alone = shown.iter().filter(|(who, _, until)| who == id && until.is_some());
            assert!(alone.count() <= 1, "{id} is asked alone for more than one");
            let seen = shown.iter().filter(|(who, ..)| who == id).count();
            assert!(seen <= self.staff.rules.offers_at_once as usize, "{id} sees {seen}");
            // Who has room may have more only by having had it before a configuration that allows fewer.
            let has = self.router.sessions_of(id).len();
            let offered = shown.iter().any(|(who, ..)| who == id);
            let room = u32::try_from(has).unwrap() < rules.chats.max(1);
            assert!(!offered || room || self.staff.rules.calls_while_in_chat, "{id} has {has}");
        }
        // Nobody idles who could take a session that is offered to nobody (work conservation).
        for (id, _) in self.staff.agents() {
            if !self.router.offers(id).is_empty() {
                continue;
            }
            for session in self.model.waiting() {
                let asked = self.model.is_ringing(session);
                assert!(asked || !self.model.may_take(id, session), "{id} idles, {session} waits");
            }
        }
        for session in self.model.waiting() {
            let alone: BTreeSet<&AgentId> = shown
                .iter()
                .filter(|(_, what, until)| *what == session && until.is_some())
                .map(|(who, ..)| who)
                .collect();
            let others =
                shown.iter().filter(|(_, what, until)| *what == session && until.is_none());
            assert!(alone.len() <= 1 && (alone.is_empty() || others.count() == 0));
        }
    }

    /// Does what a host does about events.
    fn follow(&mut self, events: Vec<RouterEvent>) {
        for event in events {
            match event {
                RouterEvent::Return { session, agent, .. }
                    if self.model.holder(session) == Some(agent.clone()) =>
                {
                    let wait = self.model.wait(session).unwrap();
                    self.place(session.0, Place::Waiting(wait));
                }
                RouterEvent::Unreachable { session } => {
                    if let Some(agent) = self.model.holder(session) {
                        let Wait { queue, since, kind, .. } = self.model.wait(session).unwrap();
                        self.place(session.0, Place::With { agent, queue, since, kind });
                    }
                }
                RouterEvent::Connect { session, agent, .. } => {
                    self.input(Input::Accept { session, agent });
                }
                _ => {}
            }
        }
    }
}

/// A staff, and what happens after how many milliseconds each.
struct History(Staff, Vec<(Act, i64)>);

/// A line for each act, since failing ones are read.
impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.0)?;
        self.1.iter().try_for_each(|(act, millis)| writeln!(f, "+{millis} {act:?}"))
    }
}

fn run(History(staff, acts): History) {
    let mut pair = Pair::new(staff);
    for (act, millis) in acts {
        pair.now += TimeDelta::milliseconds(millis);
        pair.act(act);
    }
}

/// Mostly whole seconds, as the timers are.
fn history(steps: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = History> {
    let pause = prop_oneof![3 => Just(0_i64), 4 => Just(1000), 1 => 0_i64..9000];
    let acts = prop::collection::vec((act(), pause), steps);
    (staff(), acts).prop_map(|(staff, acts)| History(staff, acts))
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() })]
    #[test]
    fn every_decision_is_the_models(history in history(1..=120)) {
        run(history);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn every_decision_of_ten_thousand_is_the_models(history in history(10_000..=10_000)) {
        run(history);
    }
}
