//! Commands and revocations recognised in what people write: an ordinary text of 168 characters, the labelled sentences of the
//! tests, and texts of 1,600 characters that are made to be slow. `cargo bench -p frontdesk-sms --bench matching`
#![allow(missing_docs, reason = "criterion's macros")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_sms::{Commands, Languages, find_revocation};

/// Texts of 1,600 characters that are made to be slow.
fn slow_texts() -> [(&'static str, String); 6] {
    let clause = format!("{}stop zzz, ", "and please ".repeat(23));
    let parts = [
        ("clauses", clause.as_str()),
        ("revocations", "stop texting me and take me off your list "),
        ("typing errors", "unsubscribx "),
        ("quotation marks", "stop \"the texts now\" “no more” "),
        ("scripts without spaces", "「停止」送らないで그만보내세요 stop "),
        // Found by an attacker who looked for slow ones.
        (
            "mixed scripts",
            "me' 닥쳐 닥쳐 a🛑e 닥쳐수신거부de 文字 닥쳐 no거부 mehr ᄀ我 jangan me q,it 문请 닥쳐 그만 ",
        ),
    ];
    parts.map(|(name, part)| (name, part.chars().cycle().take(1_600).collect()))
}

fn matching(criterion: &mut Criterion) {
    let commands = Commands::default();
    let sentences: Vec<&str> = include_str!("../tests/data/revocations.tsv")
        .lines()
        .filter_map(|line| line.rsplit('\t').next())
        .collect();
    let ordinary = "Hi, I ordered a washer last week and the delivery window was today between two and four, but \
                    nobody came. Could you tell me when it will arrive? My order is 58123.";
    let mut group = criterion.benchmark_group("matching");
    let mut measure = |name: &str, texts: &[&str], languages: Languages| {
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for text in texts {
                    black_box(commands.recognise(black_box(text)));
                    black_box(find_revocation(black_box(text), languages, &commands));
                }
            });
        });
    };
    measure("ordinary text, English", &[ordinary], Languages::ENGLISH);
    measure("ordinary text, all languages", &[ordinary], Languages::ALL);
    measure("labelled sentences, all languages", &sentences, Languages::ALL);
    for (name, text) in slow_texts() {
        measure(&format!("1,600 characters, {name}"), &[&text], Languages::ALL);
    }
    group.finish();
}

criterion_group!(benches, matching);
criterion_main!(benches);
