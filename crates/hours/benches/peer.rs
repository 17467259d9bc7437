//! Open or closed, and the next change, beside the crate `opening-hours`: the same schedules, the same instants, one
//! after the other on one core. `cargo bench -p frontdesk-hours --bench peer`
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures time, and ends by panicking"
)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeZone, Utc};
use frontdesk_hours::{Holiday, Schedule};
use opening_hours::{Context, OpeningHours, localization::TzLocation};

const ROUNDS: usize = 5;
const ZONE: chrono_tz::Tz = chrono_tz::America::New_York;

/// Hours, holidays, and the same in the peer's words.
type Case =
    (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str], &'static str);

const CASES: [Case; 3] = [
    ("office hours", &[("mon-fri", "09:00-17:00")], &[], "Mo-Fr 09:00-17:00"),
    (
        "several spans, past midnight",
        &[("mon-fri", "09:00-12:00, 13:00-17:00"), ("sat", "22:00-02:00")],
        &[],
        "Mo-Fr 09:00-12:00,13:00-17:00; Sa 22:00-02:00",
    ),
    (
        "with eleven holidays",
        &[("mon-fri", "09:00-12:00, 13:00-17:00")],
        &[
            "01/01",
            "3rd mon jan",
            "3rd mon feb",
            "last mon may",
            "06/19",
            "07/04",
            "1st mon sep",
            "2nd mon oct",
            "11/11",
            "4th thu nov",
            "12/25",
        ],
        "Mo-Fr 09:00-12:00,13:00-17:00; Jan 01 off; Jan Mo[3] off; Feb Mo[3] off; May Mo[-1] off; Jun 19 off; Jul 04 off; Sep Mo[1] off; Oct Mo[2] off; Nov 11 off; Nov Th[4] off; Dec 25 off",
    ),
];

fn main() {
    // `cargo test --benches` only wants to know that it works.
    let brief = std::env::args().any(|argument| argument == "--test");
    let time = Duration::from_millis(if brief { 20 } else { 500 });
    let rounds = if brief { 1 } else { ROUNDS };
    let instants: Vec<DateTime<Utc>> =
        (0..4_096).filter_map(|n| DateTime::from_timestamp(1_767_225_600 + n * 7_717, 0)).collect();
    let conversion = median(rounds, || {
        nanos(&instants, time, |at| {
            let offset = ZONE.offset_from_utc_datetime(&at.naive_utc());
            u64::from(chrono::Offset::fix(&offset).local_minus_utc().unsigned_abs())
        })
    });
    println!("one conversion by chrono-tz: {conversion:.0} ns");
    for (name, hours, holidays, expression) in CASES {
        let ours = Schedule::parse(ZONE.name(), hours.iter().copied()).expect("hours");
        let holidays: Vec<Holiday> = holidays
            .iter()
            .map(|dates| {
                Holiday::new("a holiday", [dates.parse().expect("dates")]).expect("a name")
            })
            .collect();
        let ours = ours.observing(holidays);
        let theirs = expression.parse::<OpeningHours>().expect("an expression");
        let theirs = theirs.with_context(Context::default().with_locale(TzLocation::new(ZONE)));
        for at in &instants {
            assert_eq!(ours.is_open(*at), theirs.is_open(at.with_timezone(&ZONE)), "{name} {at}");
        }
        let open = |open: bool| u64::from(open);
        let a = median(rounds, || nanos(&instants, time, |at| open(ours.is_open(at))));
        let b = median(rounds, || {
            nanos(&instants, time, |at| open(theirs.is_open(at.with_timezone(&ZONE))))
        });
        println!("{name}: open or closed {a:.1} ns, opening-hours {b:.0} ns, {:.0} times", b / a);
        let second = |at: Option<i64>| at.unwrap_or(0).unsigned_abs();
        let a = median(rounds, || {
            nanos(&instants, time, |at| second(ours.next_change(at).map(|at| at.timestamp())))
        });
        let b = median(rounds, || {
            nanos(&instants, time, |at| {
                let change = theirs.next_change(at.with_timezone(&ZONE));
                second(change.map(|at| at.timestamp()))
            })
        });
        println!("{name}: next change {a:.1} ns, opening-hours {b:.0} ns, {:.0} times", b / a);
        println!("{name}: {} bytes", ours.size());
    }
}

fn median(rounds: usize, round: impl Fn() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..rounds).map(|_| round()).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().expect("there was a round")
}

/// Nanoseconds for each.
fn nanos(instants: &[DateTime<Utc>], time: Duration, ask: impl Fn(DateTime<Utc>) -> u64) -> f64 {
    let begun = Instant::now();
    let (mut asked, mut sum) = (0_u32, 0_u64);
    while begun.elapsed() < time {
        for at in instants {
            sum = sum.wrapping_add(ask(black_box(*at)));
        }
        asked += u32::try_from(instants.len()).expect("not so many");
    }
    black_box(sum);
    begun.elapsed().as_secs_f64() * 1e9 / f64::from(asked)
}
