//! How long a large configuration takes: 10,000 queues, each with hours of its own, and with others for those who speak
//! Spanish, holidays observed by all.
//!
//! ```sh
//! cargo bench -p frontdesk --bench configuration
//! ```
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::{fmt::Write, hint::black_box, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use frontdesk::{Center, config::Document};

/// The allocator of the host.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const QUEUES: usize = 10_000;
const ZONES: [&str; 6] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Berlin",
];
const DAYS: [&str; 4] = ["4th thu nov", "12/25", "12/30-01/02", "last mon may"];

/// With hours of each queue's own, or with the center's alone.
fn document(own_hours: bool) -> String {
    let mut text = String::from(
        "[center]\nid = 'big'\ncompany = 'Big'\nlanguages = ['en', 'es']\n
         [hours]\nzone = 'UTC'\nopen = { daily = '24 hours' }\n",
    );
    for (i, dates) in DAYS.iter().enumerate() {
        write!(text, "[[holidays]]\nname = 'Holiday {i}'\ndates = '{dates}'\nfolder = 'US'\n")
            .unwrap();
    }
    text += "[[agents]]\nid = 'ana'\nname = 'Ana'\n[[queues]]\nid = 'main'\nname = 'Main'\nnumbers = ['12345']\n";
    for i in 0..QUEUES {
        let (menu, zone, opens) = (i / 100, ZONES[i % ZONES.len()], 6 + i % 4);
        if i % 100 == 0 {
            write!(text, "[[queues]]\nid = 'menu{menu}'\nname = 'Menu {menu}'\nparent = 'main'\n")
                .unwrap();
        }
        write!(
            text,
            "[[queues]]\nid = 'q{i}'\nname = 'Queue {i}'\nparent = 'menu{menu}'\nagents = ['ana']\n"
        )
        .unwrap();
        if own_hours {
            write!(
                text,
                "hours = {{ zone = '{zone}', open = {{ mon-fri = '0{opens}:00-12:00, 13:00-17:30', sat = '22:00-02:00' }}, holidays = ['US'] }}
                 [[custom_hours]]\nqueues = ['q{i}']\nlanguages = ['es']
                 hours = {{ zone = '{zone}', open = {{ mon-wed = '0{opens}:30-11:00' }}, holidays = ['*'] }}\n"
            )
            .unwrap();
        }
    }
    text
}

fn read(text: &str) -> Document {
    let value: toml::Value = toml::from_str(text).unwrap();
    value.try_into().unwrap()
}

fn configuration(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("10,000 queues");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, own) in [("without", false), ("with", true)] {
        let text = document(own);
        let parsed = read(&text);
        group.bench_function(format!("compiled, {name} hours of their own"), |bench| {
            bench.iter_batched(
                || parsed.clone(),
                |document| black_box(Center::of(document).unwrap()),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("read and compiled, {name} hours of their own"), |bench| {
            bench.iter(|| black_box(Center::load(&text).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, configuration);
criterion_main!(benches);
