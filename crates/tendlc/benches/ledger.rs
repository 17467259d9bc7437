//! The cost of the consent ledger, on one core: an entry with its chain, a look at a history, a place in the center's tree, and the
//! proof of one (docs/performance.md).

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_tendlc::{
    Act, ConsumerLedger, Entry, History, LedgerKey, Programme, Salt, SealTree, seal_leaf,
};
use frontdesk_types::{Instant, MessageId};

/// Entries of a history that is looked at.
const ENTRIES: u64 = 1_000;

fn entry(n: u64) -> Entry {
    let at: Instant = "2026-11-27T15:00:00Z".parse().unwrap_or_else(|_| unreachable!("an instant"));
    let confirmation = Some(MessageId::from("1042-2"));
    let act = if n.is_multiple_of(2) {
        Act::OptedOut { word: "stop".into(), confirmation }
    } else {
        Act::OptedIn { word: "start".into(), confirmation, asked: false }
    };
    let wording = "Please stop texting me, and take me off your list".into();
    Entry { at, act, wording, evidence: "SM0123456789abcdef0123456789abcdef".into() }
}

fn key() -> LedgerKey {
    let consumer = "+12025550123".parse().unwrap_or_else(|_| unreachable!("a number"));
    LedgerKey { consumer, programme: "offers".into() }
}

fn ledger(c: &mut Criterion) {
    let mut group = c.benchmark_group("ledger");
    let LedgerKey { consumer, programme } = key();
    group.throughput(Throughput::Elements(1));
    group.bench_function("an entry with its chain", |b| {
        let (mut of, mut n) = (ConsumerLedger::default(), 0);
        b.iter(|| {
            n += 1;
            black_box(of.enter(consumer, &programme, entry(n), Salt::from([7; 16])))
        });
    });
    let mut history = History::new(LedgerKey { consumer, programme: Programme::from("offers") });
    for n in 0..ENTRIES {
        let _ = history.append(entry(n), Salt::from([7; 16]));
    }
    let head = history.head();
    group.throughput(Throughput::Elements(ENTRIES));
    group.bench_function("a history is verified", |b| {
        b.iter(|| black_box(history.verify(Some(head)).is_ok()));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("a place in the tree", |b| {
        let (key, mut tree, mut n) = (key(), SealTree::default(), 0);
        b.iter(|| {
            n += 1;
            black_box(tree.push(seal_leaf(&key, n, &head.digest)).len())
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default();
    targets = ledger
}
criterion_main!(benches);
