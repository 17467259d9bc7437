//! What the gate costs, on one core: a decision with all of its rules, the content of real texts, and who has consented among ten
//! million (docs/performance.md). The last tells the memory per consumer as well.

use std::{alloc::System, hint::black_box};

use cap::Cap;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_tendlc::{
    Act, BrandRank, Carrier, Consent, ConsentLevel, ContentRules, ContentType, Counters, Entry,
    Facts, GateRules, LedgerKey, Method, Outgoing, Place, Rates, Recipient, Registered, Scrubs,
    Sending, Standings, TextJudgement, UseCase, check_content, gate,
};
use frontdesk_types::{Instant, MessageId, PhoneNumber, Purpose, SupportNumber};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const CONSUMERS: u64 = 10_000_000;

fn at(text: &str) -> Instant {
    text.parse().unwrap_or_else(|_| unreachable!("an instant"))
}

/// Numbers of several area codes: of one zone, of two, and of none that anybody knows.
fn consumer(n: u64) -> PhoneNumber {
    const CODES: [u64; 5] = [212, 415, 850, 305, 800];
    let code = CODES[usize::try_from(n % 5).unwrap_or(0)];
    let digits = 10_000_000_000 + code * 10_000_000 + 2_000_000 + n / 5;
    PhoneNumber::try_from(digits).unwrap_or_else(|_| unreachable!("a number"))
}

fn agreed() -> Entry {
    let given = at("2026-01-21T15:00:00Z");
    let act = Act::Agreed { method: Method::WebForm, level: ConsentLevel::Written, given };
    Entry { at: given, act, wording: String::new(), evidence: "form 1".into() }
}

fn texts(kind: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/sms-spam-collection.tsv");
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| unreachable!("{path}: {error}"));
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.filter(|(found, _)| *found == kind).map(|(_, text)| text.to_owned()).collect()
}

fn decisions(c: &mut Criterion) {
    let rules = GateRules {
        quiet_hours: vec![ContentType::Promotional, ContentType::Informational],
        content: ContentRules {
            brand: vec!["Harbor Books".into()],
            domains: vec!["harborbooks.example".into()],
            ..ContentRules::default()
        },
        ..GateRules::default()
    };
    let facts = Facts::standard().on(at("2026-11-21T15:00:00Z").date_naive());
    let rates = Rates {
        number_per_minute: Some(600),
        ..Rates::of(facts, "Harbor Books", "offers", UseCase::Marketing, BrandRank::Scored(80))
    };
    let number: SupportNumber = "+12025550100".parse().unwrap_or_else(|_| unreachable!("a number"));
    let consent = Consent::of(&[agreed()]);
    let solicited = [at("2026-11-20T15:00:00Z"), at("2026-11-21T15:00:00Z")];
    let places: Vec<Place> = (0..5).map(|n| Place::of(consumer(n), None)).collect();
    let mut counters = Counters::default();
    for second in 0..60 {
        let left = at("2026-11-23T18:29:00Z") + chrono::TimeDelta::seconds(second);
        counters.count(&rates.limits(number, None, false), 5, left);
    }
    let bodies: Vec<String> = texts("ham").into_iter().take(1_000).collect();
    let id = MessageId::from("1042-7");
    let mut n = 0;
    let mut group = c.benchmark_group("gate");
    group.throughput(Throughput::Elements(1));
    let (day, night) = (at("2026-11-23T18:30:00Z"), at("2026-11-24T04:00:00Z"));
    // Texts of the configuration are judged once a day, and not with each decision.
    let kind = ContentType::Promotional;
    let judge =
        |body: &String| TextJudgement::of((body, Purpose::Notification, kind), false, day, &rules);
    let judged: Vec<TextJudgement> = bodies.iter().map(judge).collect();
    for (name, now, is_judged) in [
        ("by day", day, true),
        ("at night", night, true),
        ("by day, with the content", day, false),
        ("at night, with the content", night, false),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                n += 1;
                let message = Outgoing {
                    id: &id,
                    purpose: Purpose::Notification,
                    kind,
                    body: &bodies[n % bodies.len()],
                    segments: 2,
                    media: false,
                    answers: false,
                    last_word: None,
                    judged: is_judged.then(|| &judged[n % judged.len()]),
                    number,
                };
                let recipient = Recipient {
                    consent: &consent,
                    revoked_elsewhere: None,
                    revoked_since: None,
                    blocked: false,
                    help_answer: None,
                    place: &places[n % places.len()],
                    carrier: [Some(Carrier::Att), Some(Carrier::TMobile), None][n % 3],
                    solicited: &solicited,
                    purchased: None,
                    scrubs: Scrubs::NONE,
                    scrub_again: None,
                };
                let sending = Sending {
                    campaign: Registered::Active,
                    number: Registered::Active,
                    rates: &rates,
                    counters: &counters,
                };
                black_box(gate(&message, &recipient, &sending, now, &rules))
            });
        });
    }
    group.finish();
}

/// The legitimate business texts of the labelled sets that may be read, of 130 to 190 characters: in the median 160.
fn business() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/content");
    let mut texts = Vec::new();
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = file.path();
        if !path.to_string_lossy().ends_with(".making.tsv") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let fine = text.lines().filter(|line| line.starts_with("fine"));
        texts.extend(fine.filter_map(|line| line.rsplit('\t').next()).map(str::to_owned));
    }
    texts.retain(|text| (130..=190).contains(&text.chars().count()));
    texts
}

/// Texts of 1,600 characters that take many steps.
fn slow() -> Vec<String> {
    [
        "a ",
        "c a s i n o ",
        "you your get free ",
        "fr33 w1n ",
        "bit.ly/x ",
        "е",
        "🅵🆁",
        "*a",
        "$1 ",
        "jews ",
    ]
    .iter()
    .map(|kind| kind.chars().cycle().take(1_600).collect())
    .collect()
}

fn content(c: &mut Criterion) {
    let facts = Facts::standard().on(at("2026-11-21T15:00:00Z").date_naive());
    let rules = ContentRules {
        brand: vec!["Harbor Books".into()],
        domains: vec!["harborbooks.example".into()],
        ..ContentRules::default()
    };
    let check = |text: &String| {
        check_content(black_box(text), ContentType::Promotional, false, &rules, facts).len()
    };
    let mut group = c.benchmark_group("content");
    for (name, texts) in [("business", business()), ("ham", texts("ham")), ("spam", texts("spam"))]
    {
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function(name, |b| b.iter(|| texts.iter().map(check).sum::<usize>()));
    }
    for (n, text) in slow().iter().enumerate() {
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("slow {n}"), |b| b.iter(|| check(text)));
    }
    group.finish();
}

fn ledger(c: &mut Criterion) {
    let before = ALLOCATOR.allocated();
    let mut standings = Standings::default();
    let entry = agreed();
    let key = |n| LedgerKey { consumer: consumer(n), programme: "offers".into() };
    for n in 0..CONSUMERS {
        standings.apply(&key(n), &entry);
    }
    let bytes = (ALLOCATOR.allocated() - before) as u64;
    println!(
        "{}.{} bytes for each of {CONSUMERS} consumers",
        bytes / CONSUMERS,
        bytes * 10 / CONSUMERS % 10
    );
    let mut n = 0_u64;
    c.bench_function("ledger: one of ten million", |b| {
        b.iter(|| {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            black_box(standings.of(&key((n >> 20) % CONSUMERS)))
        });
    });
}

criterion_group!(benches, decisions, content);
criterion_group!(ten_million, ledger);
criterion_main!(benches, ten_million);
