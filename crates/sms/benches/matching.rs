//! Commands and revocations recognised in what people write: the labelled sentences of the tests, and one
//! ordinary text of 160 characters. `cargo bench -p frontdesk-sms --bench matching`
#![allow(missing_docs, reason = "criterion's macros")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_sms::{Commands, Languages, find_revocation};

fn matching(criterion: &mut Criterion) {
    let commands = Commands::default();
    let sentences: Vec<&str> = include_str!("../tests/data/revocations.tsv")
        .lines()
        .filter_map(|line| line.rsplit('\t').next())
        .collect();
    let ordinary = "Hi, I ordered a washer last week and the delivery window was today between two and four, but \
                    nobody came. Could you tell me when it will arrive? My order is 58123.";
    let clause = format!("{}stop zzz, ", "and please ".repeat(23));
    let slow = clause.repeat(6);
    let mut group = criterion.benchmark_group("matching");
    for (name, texts) in [
        ("labelled sentences", sentences),
        ("ordinary text", vec![ordinary]),
        ("slow text of 1,578 characters", vec![slow.as_str()]),
    ] {
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for text in &texts {
                    black_box(commands.recognise(black_box(text)));
                    black_box(find_revocation(black_box(text), Languages::ALL, &commands));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, matching);
criterion_main!(benches);
