//! Session inputs per second, on one core, with a configuration of 50 queues (docs/performance.md).
//! A run begins with the sizes of an idle session in memory and stored.
use std::hint::black_box;

use chrono::TimeDelta;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_sms::{Commands, Config, Input, Node, Opening, QuietView, Session, Text};
use frontdesk_types::{AgentId, Instant, Language, QueueId, SessionId};

/// How many inputs are prepared for one measured batch: half the consumer's, half the agent's. Few: the events of a batch are kept
/// until it ends, and with much more the C library gives their memory back to the system after each batch, which then takes a
/// third of the time.
const BATCH: usize = 64;

fn id(text: &str) -> QueueId {
    text.parse().unwrap_or_else(|_| unreachable!("a valid id"))
}

fn config() -> Config {
    let mut config = Config::new("Acme", Language::ENGLISH);
    config.add(Node::new(id("main"), [(Language::ENGLISH, "Acme")]));
    for n in 0..49 {
        let name = format!("Queue {n}");
        let node = Node::new(id(&format!("queue-{n}")), [(Language::ENGLISH, name.as_str())]);
        config.add(node.below(&id("main")).with_keyword(&format!("word{n}")));
    }
    // Everything that may be switched on.
    let nodes: Vec<QueueId> = (0..49).map(|n| id(&format!("queue-{n}"))).collect();
    config.update_timers(nodes, |timers| {
        timers.dismissal = Some(TimeDelta::minutes(30));
        timers.dismissal_warning = Some(TimeDelta::minutes(5));
        timers.response_target = Some(TimeDelta::seconds(60));
    });
    config.transfers.limit = Some(3);
    config.virtual_agents.insert("bot".parse().unwrap_or_else(|_| unreachable!("a valid id")));
    config
}

fn at() -> Instant {
    frontdesk_types::from_millis(1_763_650_800_000)
}

fn agent() -> AgentId {
    "ana".parse().unwrap_or_else(|_| unreachable!("a valid id"))
}

fn assigned(config: &Config) -> Session {
    let opening = Opening {
        id: SessionId(1042),
        consumer: "+12025550123".parse().unwrap_or_else(|_| unreachable!("a number")),
        support_number: "+12025550100".parse().unwrap_or_else(|_| unreachable!("a number")),
        home: id("main"),
        language: Language::ENGLISH,
        opt_in_text_due: true,
        session_type: frontdesk_types::SessionType::Inbound,
        ticket: None,
    };
    let (mut session, _) =
        Session::start(config, &QuietView, opening, Text::new("SM1", "word7"), at());
    let _ = session.handle(config, &QuietView, Input::Assigned { agent: agent() }, at());
    session
}

fn inputs() -> Vec<Input> {
    (0..BATCH)
        .map(|n| {
            if n % 2 == 0 {
                let id = "SM0123456789abcdef0123456789abcdef";
                Input::ConsumerText(Text::new(id, "I was charged twice for my order last week"))
            } else {
                Input::AgentText {
                    agent: agent(),
                    body: "Let me look into that for you right away".into(),
                }
            }
        })
        .collect()
}

fn session(c: &mut Criterion) {
    let config = config();
    let idle = assigned(&config);
    println!("an idle session: {} bytes in memory", size_of::<Session>());
    println!("                 {} bytes stored", idle.to_stored().unwrap_or_default().len());

    let mut group = c.benchmark_group("session");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("chat message", |b| {
        let mut session = idle.clone();
        b.iter_batched_ref(
            || (inputs().into_iter(), Vec::with_capacity(BATCH)),
            |(inputs, steps)| {
                for input in inputs.by_ref() {
                    steps.push(session.handle(&config, &QuietView, input, at()));
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("chat message, stored and read back each time", |b| {
        let mut stored = idle.to_stored().unwrap_or_default();
        b.iter_batched_ref(
            || (inputs().into_iter(), Vec::with_capacity(BATCH)),
            |(inputs, steps)| {
                for input in inputs.by_ref() {
                    let Ok(mut session) = Session::from_stored(&stored) else { return };
                    steps.push(session.handle(&config, &QuietView, input, at()));
                    stored = session.to_stored().unwrap_or_default();
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.throughput(Throughput::Elements(1));
    let commands = Commands::default();
    group.bench_function("command recognition", |b| {
        b.iter(|| commands.recognise(black_box("I was charged twice for my order last week")));
    });
    group.bench_function("start", |b| b.iter(|| assigned(&config)));
    group.finish();
}

criterion_group!(benches, session);
criterion_main!(benches);
