//! Texts counted per second, beside npm's `sms-length` and `sms-segments-calculator`, on the same collection of
//! real texts, one after the other on one core. `cargo bench -p frontdesk-tests --bench segments`
#![allow(clippy::expect_used, reason = "a benchmark ends by panicking")]

use std::time::{Duration, Instant};

use frontdesk::sms::segments::Segmenter;
use frontdesk_tests::{file, filter, json_lines, real_texts};
use serde_json::Value;

const ROUNDS: usize = 5;

fn main() {
    // `cargo test --benches` only wants to know that it works.
    let brief = std::env::args().any(|argument| argument == "--test");
    let seconds = if brief { 0.05 } else { 2.0 };
    let texts = real_texts();
    let lines = json_lines(&texts);
    let script = file("peers/segments.mjs");
    let script = script.to_str().expect("a path in UTF-8");
    let mut ratios: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..if brief { 1 } else { ROUNDS } {
        let (ours, segments) = ours(&texts, Duration::from_secs_f64(seconds));
        for (peer, ratios) in ["length", "calculator"].into_iter().zip(&mut ratios) {
            let output = filter("node", &[script, peer, "time", &seconds.to_string()], &lines);
            let answer: Value = serde_json::from_slice(&output.stdout).expect("the peer's answer");
            let theirs = answer["perSecond"].as_f64().expect("a number");
            assert_eq!(answer["segments"].as_f64(), Some(f64::from(segments)), "{peer}");
            ratios.push(ours / theirs);
            println!("ours {ours:.0}/s, npm {peer} {theirs:.0}/s, ratio {:.1}", ours / theirs);
        }
    }
    for (peer, mut ratios) in ["sms-length", "sms-segments-calculator"].into_iter().zip(ratios) {
        ratios.sort_by(f64::total_cmp);
        let median = ratios.get(ratios.len() / 2).expect("there was a round");
        println!("segments: {median:.0} times npm {peer}");
    }
}

fn ours(texts: &[String], time: Duration) -> (f64, u32) {
    let segmenter = Segmenter::default();
    let begun = Instant::now();
    let (mut rounds, mut segments) = (0_u32, 0);
    while begun.elapsed() < time {
        segments =
            texts.iter().map(|text| segmenter.count(std::hint::black_box(text)).segments).sum();
        rounds += 1;
    }
    let texts = f64::from(rounds) * f64::from(u32::try_from(texts.len()).expect("not so many"));
    (texts / begun.elapsed().as_secs_f64(), segments)
}
