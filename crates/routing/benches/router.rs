//! Decisions per second, on one core: 5,000 agents of three queues each, 200 queues, 1,000 to 100,000
//! sessions that wait (docs/performance.md). A decision is an input with everything that follows: an agent
//! ends a chat, takes the next, another consumer arrives. A run begins with the memory per waiting session.

use std::{alloc::System, hint::black_box};

use cap::Cap;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, Groups, Input, Place, QueueRules, Router, RouterEvent,
    SetBy, Staff, Wait,
};
use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, SessionId, from_millis};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const AGENTS: u64 = 5_000;
const QUEUES: u64 = 200;
/// So many rounds of three decisions are measured at a time.
const ROUNDS: u64 = 1_000;

fn agent(n: u64) -> AgentId {
    format!("agent-{n}").parse().unwrap_or_else(|_| unreachable!("a valid id"))
}

fn queue(n: u64) -> QueueId {
    format!("queue-{}", n % QUEUES).parse().unwrap_or_else(|_| unreachable!("a valid id"))
}

fn staff(rules: &QueueRules) -> Staff {
    let mut staff = Staff::default();
    for n in 0..AGENTS {
        staff.agent(agent(n), AgentRules::with_chats(1));
    }
    for q in 0..QUEUES {
        // An agent serves three queues that have nothing else in common.
        let members = (0..AGENTS).filter(|n| (0..3).any(|i| (n + i * n / 7) % QUEUES == q));
        if staff.queue(queue(q), rules.clone(), members.map(agent)).is_err() {
            unreachable!("a valid queue");
        }
    }
    staff
}

/// A center in which everybody is busy and so many wait.
struct Floor {
    router: Router,
    agents: Vec<AgentId>,
    queues: Vec<QueueId>,
    /// Which session an agent has.
    has: Vec<Option<SessionId>>,
    next: u64,
    millis: i64,
    random: u64,
}

impl Floor {
    fn new(rules: &QueueRules, waiting: u64) -> Self {
        let mut floor = Self {
            router: Router::new(staff(rules)),
            agents: (0..AGENTS).map(agent).collect(),
            queues: (0..QUEUES).map(queue).collect(),
            has: vec![None; usize::try_from(AGENTS).unwrap_or(0)],
            next: 0,
            millis: 1_763_650_800_000,
            random: 88_172_645_463_325_252,
        };
        for n in 0..AGENTS {
            let (id, status, by) = (agent(n), AgentStatus::Available, SetBy::Agent);
            floor.handle(Input::SetStatus { agent: id, status, by });
        }
        for n in 0..usize::try_from(AGENTS).unwrap_or(0) {
            floor.arrive();
            floor.take(n);
        }
        while floor.next < AGENTS + waiting {
            floor.arrive();
        }
        for n in 0..usize::try_from(AGENTS).unwrap_or(0) {
            floor.take(n);
        }
        floor
    }

    fn now(&self) -> Instant {
        from_millis(self.millis)
    }

    fn handle(&mut self, input: Input) -> Vec<RouterEvent> {
        let now = self.now();
        black_box(self.router.handle(input, now).events)
    }

    fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    fn arrive(&mut self) {
        self.millis += 3;
        let place = usize::try_from(self.random() % QUEUES).unwrap_or(0);
        let wait = Wait::chat(self.queues[place].clone(), self.now());
        self.next += 1;
        let place = Place::Waiting(wait);
        self.handle(Input::Place { session: SessionId(self.next), place });
    }

    fn take(&mut self, n: usize) -> bool {
        let agent = self.agents[n].clone();
        if self.has[n].is_some() {
            return false;
        }
        let offers = self.router.offers(&agent);
        let Some(offer) = offers.first() else { return false };
        self.has[n] = Some(offer.session);
        let session = offer.session;
        self.handle(Input::Accept { session, agent });
        true
    }

    /// Somebody ends a chat and takes the next, and another consumer comes.
    fn round(&mut self) {
        let n = usize::try_from(self.random() % AGENTS).unwrap_or(0);
        if let Some(session) = self.has[n].take() {
            self.handle(Input::Place { session, place: Place::Gone });
        }
        self.take(n);
        self.arrive();
    }
}

fn deltacast() -> QueueRules {
    QueueRules { assignment: Assignment::Deltacast(Deltacast::default()), ..QueueRules::default() }
}

fn cascade() -> QueueRules {
    let timer = chrono::TimeDelta::seconds(60);
    let groups = Groups::Cascade { timer, skip_empty: true };
    QueueRules { groups, ..deltacast() }
}

fn memory() {
    for (name, rules) in [("multicast", QueueRules::default()), ("cascade, deltacast", cascade())] {
        let few = Floor::new(&rules, 0);
        let before = ALLOCATOR.allocated();
        drop(few);
        let idle = before - ALLOCATOR.allocated();
        let before = ALLOCATOR.allocated();
        let many = Floor::new(&rules, 100_000);
        let used = (ALLOCATOR.allocated() - before).saturating_sub(idle);
        println!("{name}: {} bytes for each of 100,000 waiting sessions", used / 100_000);
        drop(many);
    }
}

/// The router after a restart: 100,000 stored sessions are told again.
fn rebuild(criterion: &mut Criterion) {
    let staff = staff(&QueueRules::default());
    let places: Vec<(SessionId, Place)> = (0..100_000_u64)
        .map(|n| {
            let since = from_millis(1_763_650_800_000 + i64::try_from(n).unwrap_or(0));
            (SessionId(n), Place::Waiting(Wait::chat(queue(n * 7), since)))
        })
        .collect();
    let mut group = criterion.benchmark_group("rebuild");
    group.sample_size(10);
    group.bench_function("100,000 sessions", |bencher| {
        let prepared = || (Router::new(staff.clone()), places.clone());
        let tell = |(mut router, places): (Router, Vec<(SessionId, Place)>)| {
            for (session, place) in places {
                let _ =
                    router.handle(Input::Place { session, place }, from_millis(1_763_650_900_000));
            }
            router
        };
        bencher.iter_batched(prepared, tell, BatchSize::PerIteration);
    });
    group.finish();
}

fn decisions(criterion: &mut Criterion) {
    memory();
    let mut group = criterion.benchmark_group("decisions");
    group.throughput(Throughput::Elements(ROUNDS * 3));
    for (name, rules) in
        [("multicast", QueueRules::default()), ("deltacast", deltacast()), ("cascade", cascade())]
    {
        for waiting in [1_000, 10_000, 100_000] {
            let mut floor = Floor::new(&rules, waiting);
            group.bench_function(BenchmarkId::new(name, waiting), |bencher| {
                bencher.iter(|| (0..ROUNDS).for_each(|_| floor.round()));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, decisions, rebuild);
criterion_main!(benches);
