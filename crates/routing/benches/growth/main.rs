//! How a decision's time grows with the number of agents and of sessions that wait (docs/routing.md): the mean of
//! many decisions of one kind, and what remains of it besides 50 ns for each agent that it offers to or withdraws
//! from. A table, not a comparison with an earlier run.

#![expect(clippy::disallowed_methods, reason = "a bench measures by a clock")]

mod configurations;

use std::time::{Duration, Instant as Clock};

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, Groups, Input, Member, Place, QueueRules, Router,
    RouterEvent, SetBy, Staff, Wait,
};
use frontdesk_types::{AgentId, AgentStatus, QueueId, SessionId, SkillId, from_millis};

use configurations::configurations;

/// What an offer or its withdrawal may cost.
const TOLD: Duration = Duration::from_nanos(50);
const DECISIONS: usize = 200;

fn id<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| unreachable!("a valid id"))
}

fn name(n: usize) -> AgentId {
    id(&format!("a{n:06}"))
}

fn queue(n: usize) -> QueueId {
    if n == 0 { id("billing") } else { id(&format!("q{n}")) }
}

/// A floor that measures what it is asked to do.
struct Floor {
    router: Router,
    millis: i64,
    spent: Duration,
    longest: Duration,
    told: usize,
    decisions: u32,
}

impl Floor {
    fn new(staff: Staff) -> Self {
        let (spent, longest) = (Duration::ZERO, Duration::ZERO);
        Self { router: Router::new(staff), millis: 0, spent, longest, told: 0, decisions: 0 }
    }

    fn input(&mut self, input: Input) {
        self.millis += 1;
        let now = from_millis(self.millis);
        let begun = Clock::now();
        let step = self.router.handle(input, now);
        let took = begun.elapsed();

        self.spent += took;
        self.longest = self.longest.max(took);
        self.decisions += 1;
        for event in step.events {
            if let RouterEvent::Offered { agents, .. } | RouterEvent::Withdrawn { agents, .. } =
                event
            {
                self.told += agents.len();
            }
        }
    }

    /// Measures a question, or something else that is no input.
    fn measure<T>(&mut self, what: impl FnOnce(&mut Router, frontdesk_types::Instant) -> T) {
        let now = from_millis(self.millis);
        let begun = Clock::now();
        let answer = what(&mut self.router, now);
        let took = begun.elapsed();
        std::hint::black_box(answer);
        self.spent += took;
        self.longest = self.longest.max(took);
        self.decisions += 1;
    }

    /// Takes on a staff, and measures each step that it takes.
    fn configure(&mut self, staff: Staff) {
        self.measure(|router, now| router.configure(staff, now).events.len());
        while self.router.next_deadline().is_some_and(|at| at <= from_millis(self.millis)) {
            self.input(Input::TimePassed);
        }
    }

    fn begin(&mut self) {
        (self.spent, self.longest, self.told, self.decisions) =
            (Duration::ZERO, Duration::ZERO, 0, 0);
    }

    fn status(&mut self, n: usize, status: AgentStatus) {
        self.input(Input::SetStatus { agent: name(n), status, by: SetBy::Supervisor });
    }

    fn waits(&mut self, session: usize, more: impl FnOnce(Wait) -> Wait) {
        let wait = more(Wait::chat(id("billing"), from_millis(self.millis)));
        self.input(Input::Place {
            session: SessionId(session as u64),
            place: Place::Waiting(wait),
        });
    }

    fn takes(&mut self, n: usize) {
        if let Some(offer) = self.router.offers(&name(n)).first() {
            self.input(Input::Accept { session: offer.session, agent: name(n) });
        }
    }

    fn ends(&mut self, n: usize) {
        if let Some(session) = self.router.sessions_of(&name(n)).pop() {
            self.input(Input::Place { session, place: Place::Gone });
        }
    }

    fn row(&self, what: &str, size: usize) {
        let (told, decisions) =
            (u32::try_from(self.told).unwrap_or(u32::MAX), self.decisions.max(1));
        let own = self.spent.saturating_sub(TOLD * told) / decisions;
        let mean = self.spent / decisions;
        let longest = self.longest;
        println!(
            "| {what} | {size} | {mean:.1?} | {} | {own:.1?} | {longest:.1?} |",
            told / decisions
        );
    }
}

fn staff(agents: usize, rules: &QueueRules, with: impl Fn(usize) -> AgentRules) -> Staff {
    let mut staff = Staff::default();
    for n in 0..agents {
        staff.agent(name(n), with(n));
    }
    let member = |n| Member { agent: name(n), priority: 1, group: u8::from(n > 0) };
    let grouped = matches!(rules.groups, Groups::Cascade { .. });
    let members = (0..agents).map(|n| if grouped { member(n) } else { name(n).into() });
    let _ = staff.queue(id("billing"), rules.clone(), members);
    staff
}

fn one_chat(_: usize) -> AgentRules {
    AgentRules::with_chats(1)
}

fn deltacast() -> QueueRules {
    QueueRules { assignment: Assignment::Deltacast(Deltacast::default()), ..QueueRules::default() }
}

/// As many agents who are idle as sessions that wait: log-ins, and sessions that are taken.
fn square(size: usize) {
    let mut floor = Floor::new(staff(size + DECISIONS, &QueueRules::default(), one_chat));
    (0..size).for_each(|n| floor.waits(n, |wait| wait));
    (0..size).for_each(|n| floor.status(n, AgentStatus::Available));
    floor.begin();
    (size..size + DECISIONS).for_each(|n| floor.status(n, AgentStatus::Available));
    floor.row("multicast, E idle and E waiting: a log-in", size);
    floor.begin();
    (0..DECISIONS).for_each(|n| floor.takes(n));
    floor.row("multicast, E idle and E waiting: a session is taken", size);
}

/// Everybody logs in to a backlog.
fn backlog(size: usize) {
    let mut floor = Floor::new(staff(2000, &QueueRules::default(), one_chat));
    (0..size).for_each(|n| floor.waits(n, |wait| wait));
    floor.begin();
    (0..2000).for_each(|n| floor.status(n, AgentStatus::Available));
    floor.row("2,000 log-ins to a backlog", size);
}

/// Each session asks for skills of its own.
fn skills(size: usize) {
    let all = |_| AgentRules { skills: (0..17).map(skill).collect(), ..one_chat(0) };
    let mut floor = Floor::new(staff(50, &QueueRules::default(), all));
    (0..50).for_each(|n| floor.status(n, AgentStatus::Available));
    for n in 0..size {
        let skills = (0..17).filter(|bit| n >> bit & 1 == 1).map(skill).collect();
        floor.waits(n, |wait| Wait { skills, ..wait });
    }
    (0..50).for_each(|n| floor.takes(n));
    floor.begin();
    for n in (0..50).cycle().take(DECISIONS) {
        floor.ends(n);
        floor.takes(n);
    }
    floor.row("each session has skills of its own: a session ends, the next is taken", size);
    for (what, rules) in [("another skill", QueueRules::default()), ("deltacast", deltacast())] {
        floor.begin();
        floor.configure(staff(50, &rules, |n| {
            // One agent has unlearned something.
            let skills = (0..17).filter(|bit| n > 0 || *bit != 3).map(skill).collect();
            AgentRules { skills, ..one_chat(0) }
        }));
        floor
            .row(&format!("each session has skills of its own: a configuration with {what}"), size);
    }
}

fn skill(n: usize) -> SkillId {
    id(&format!("s{n}"))
}

/// One agent who declines all.
fn declines(size: usize) {
    let mut floor = Floor::new(staff(1, &deltacast(), one_chat));
    (0..size).for_each(|n| floor.waits(n, |wait| wait));
    floor.status(0, AgentStatus::Available);
    floor.begin();
    for _ in 0..size {
        let Some(offer) = floor.router.offers(&name(0)).first().cloned() else { break };
        floor.input(Input::Decline { session: offer.session, agent: name(0) });
    }
    floor.row("deltacast, one agent who declines all: a decline", size);
}

/// The only agent of the first group leaves, with everybody in line.
fn skips(size: usize) {
    let groups = Groups::Cascade { timer: TimeDelta::days(1), skip_empty: true };
    let rules = QueueRules { groups, ..QueueRules::default() };
    let mut floor = Floor::new(staff(20, &rules, one_chat));
    floor.status(0, AgentStatus::Available);
    (0..size).for_each(|n| floor.waits(n, |wait| wait));
    floor.begin();
    for _ in 0..10 {
        floor.status(0, AgentStatus::Break);
        floor.status(0, AgentStatus::Available);
    }
    floor.row("skip_empty: the only agent of group 1 goes and comes", size);
}

/// A consumer's place in the queue, and a configuration that is read again.
fn line(size: usize) {
    let staff_of = |rules: &QueueRules| staff(1000, rules, one_chat);
    let mut floor = Floor::new(staff_of(&QueueRules::default()));
    (0..size).for_each(|n| floor.waits(n, |wait| wait));
    floor.begin();
    for n in (0..size).step_by(size.div_ceil(DECISIONS)) {
        floor.measure(|router, _| router.position(SessionId(n as u64)).map_or(0, |p| p.place));
    }
    floor.row("a consumer's place in the queue", size);
    floor.begin();
    for _ in 0..10 {
        let same = staff_of(&QueueRules::default());
        floor.measure(|router, now| router.configure(same, now).events.len());
    }
    floor.row("a configuration with the same staff", size);
}

/// A page of estimates for queues that share agents.
fn page(size: usize) {
    let mut staff = Staff::default();
    for n in 0..500 {
        staff.agent(name(n), one_chat(n));
    }
    for q in 0..500 {
        let members = (0..3).map(|i| name((q + i * 167) % 500));
        let _ = staff.queue(queue(q), QueueRules::default(), members);
    }
    let mut floor = Floor::new(staff);
    (0..500).for_each(|n| floor.status(n, AgentStatus::Available));
    for n in 0..500 * 8 {
        let agent = n % 500;
        let wait = Wait::chat(queue(agent), from_millis(floor.millis));
        let session = SessionId(n as u64);
        floor.input(Input::Place { session, place: Place::Waiting(wait) });
        floor.takes(agent);
        floor.millis += 500;
        if n < 500 * 7 {
            floor.ends(agent);
        }
    }
    for n in 0..size {
        let wait = Wait::chat(queue(n % 500), from_millis(floor.millis));
        let session = SessionId((10_000 + n) as u64);
        floor.input(Input::Place { session, place: Place::Waiting(wait) });
    }
    floor.begin();
    let now = from_millis(floor.millis);
    let waits: Vec<Wait> = (0..500).map(|q| Wait::chat(queue(q), now)).collect();
    for waits in [&waits[..], &waits[..1]] {
        floor.begin();
        for _ in 0..10 {
            floor.measure(|router, _| router.wait_times(waits, now).len());
        }
        floor.row(&format!("wait times of {} of 500 queues that share agents", waits.len()), size);
    }
}

/// `cargo bench … -- NAME` measures only what has that name.
fn main() {
    type Case = (&'static str, fn(usize), [usize; 3]);
    const SIZES: [usize; 3] = [1000, 10_000, 100_000];
    let cases: [Case; 8] = [
        ("square", square, SIZES),
        ("backlog", backlog, [2000, 20_000, 100_000]),
        ("skills", skills, SIZES),
        ("declines", declines, SIZES),
        ("skips", skips, SIZES),
        ("line", line, SIZES),
        ("configurations", configurations, SIZES),
        ("page", page, SIZES),
    ];
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!("| what | size | a decision | agents told | besides those | longest |");
    println!("|---|---|---|---|---|---|");
    for (name, case, sizes) in cases {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            sizes.into_iter().for_each(case);
        }
    }
}
