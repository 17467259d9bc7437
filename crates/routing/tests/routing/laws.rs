//! Long random histories: the router decides like the model, and its events tell the whole truth.

mod acts;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use frontdesk_routing::{Input, Kind, Place, Router, RouterEvent, Staff, Step, Wait};
use frontdesk_types::{AgentId, Instant, SessionId, TransferTarget};
use proptest::prelude::*;

use crate::{
    floor::{agent, at, queue},
    model::{Model, Sights},
};
use acts::{AGENTS, Act, History, QUEUES, SESSIONS, history, skills};

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
            Act::Reload => {
                // Nothing but what time brings.
                let Step { events, .. } = self.router.configure(self.staff.clone(), self.now);
                self.model.handle(Input::TimePassed, self.now, &events);
                self.check(&events);
                self.follow(events);
            }
            Act::Change(change) => {
                let mut staff = self.staff.clone();
                change.apply(&mut staff);
                let same = staff == self.staff;
                self.act(if same { Act::Reload } else { Act::Configure(staff) });
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
        for session in (0..SESSIONS).map(SessionId) {
            let place = self.router.position(session).map(|at| (at.place, at.waiting));
            assert_eq!(place, self.model.place_of(session), "{session}");
        }
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

fn run(History(staff, acts): History) {
    let mut pair = Pair::new(staff);
    for (act, millis) in acts {
        pair.now += TimeDelta::milliseconds(millis);
        pair.act(act);
    }
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
