//! Reading phone numbers, beside `phonenumber` and `rlibphonenumber` on the same input.
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use frontdesk_types::{PhoneNumber, Region};

fn phone(c: &mut Criterion) {
    let mut group = c.benchmark_group("phone");
    group.bench_function("canonical", |b| {
        b.iter(|| black_box("+12025550123").parse::<PhoneNumber>());
    });
    group.bench_function("national", |b| {
        b.iter(|| PhoneNumber::parse(black_box("(202) 555-0123"), Some(Region::US)));
    });
    group.bench_function("canonical/rlibphonenumber", |b| {
        b.iter(|| rlibphonenumber::PHONE_NUMBER_UTIL.parse(black_box("+12025550123"), None));
    });
    group.bench_function("display", |b| {
        let number: PhoneNumber = "+12025550123".parse().unwrap_or_else(|_| unreachable!());
        b.iter(|| black_box(number).to_string());
    });
    group.finish();
}

criterion_group!(benches, phone);
criterion_main!(benches);
