//! Segments, against packages that others wrote (SMS-36).

use frontdesk::sms::segments::{Encoding, Segmenter, smart_encode};
use frontdesk_tests::{filter, json_lines, program, real_texts};
use serde_json::Value;

/// The answers of a peer, a line for each text.
fn peer(name: &str, texts: &[String]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/segments.mjs");
    let output = filter("node", &[script, name], &json_lines(texts));
    assert!(output.status.success(), "{output:?}");
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), texts.len());
    answers
}

fn ours(text: &str) -> Value {
    let count = Segmenter::default().count(text);
    serde_json::json!({
        "encoding": count.encoding.to_string(), "segments": count.segments, "units": count.units,
    })
}

#[test]
fn every_real_text_costs_what_the_peers_say() {
    let texts = real_texts();
    let (calculator, length) = (peer("calculator", &texts), peer("length", &texts));
    for ((text, calculator), length) in texts.iter().zip(calculator).zip(length) {
        assert_eq!(ours(text), calculator, "{text:?}");
        assert_eq!(ours(text), length, "{text:?}");
    }
    // The command says the same, in the same order.
    let output = filter(program(), &["segments"], &json_lines(&texts));
    let output = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.lines().count(), texts.len());
    for (text, line) in texts.iter().zip(output.lines()) {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap(), ours(text));
    }
}

#[test]
fn a_line_that_is_no_string_is_answered_in_its_place() {
    let lines = "\"a\"\n\"\\ud800\"\n7\n\"b\"\n";
    let output = filter(program(), &["segments"], lines);
    assert_eq!(output.status.code(), Some(1));
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&answers[0], &answers[3]), (&ours("a"), &ours("b")));
    for (answer, line) in [(&answers[1], "line 2"), (&answers[2], "line 3")] {
        assert!(answer["error"].as_str().unwrap().contains(line), "{answer}");
    }
}

/// Numbers that are always the same, for texts that are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }
}

/// What clusters, pairs and boundaries are made of.
const PIECES: [&str; 22] = [
    "a",
    "é",
    "€",
    "[",
    "中",
    "🙂",
    "e\u{301}",
    "\r\n",
    "\n",
    "👍🏽",
    "👩\u{200d}👧",
    "🇩🇪",
    "한",
    "각",
    "नि",
    "ก็",
    "\u{200d}",
    "\u{fe0f}",
    "❤\u{fe0f}",
    "a\u{308}",
    "1\u{fe0f}\u{20e3}",
    "x",
];

fn generated() -> Vec<String> {
    let bmp = ('\0'..='\u{ffff}').map(String::from);
    let astral = ('\u{10000}'..=char::MAX).step_by(97).map(String::from);
    let mut texts: Vec<String> = bmp.chain(astral).collect();
    for n in [66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 305, 306, 307] {
        for c in ["a", "é", "中", "]", "🙂", "\n"] {
            texts.push(c.repeat(n));
            texts.push("a".repeat(n) + c);
            texts.push("中".to_owned() + &"a".repeat(n - 1) + c);
            texts.push("中".repeat(n) + "e\u{301}x");
        }
    }
    let mut dice = Dice(7);
    for _ in 0..6_000 {
        let pieces = 1 + dice.roll(12);
        let piece = |dice: &mut Dice| PIECES[dice.roll(PIECES.len())].repeat(1 + dice.roll(30));
        texts.push((0..pieces).map(|_| piece(&mut dice)).collect());
        // Any character at the boundary.
        let any = u32::try_from(dice.roll(0x3_0000)).unwrap();
        let any = char::from_u32(any).unwrap_or('中').to_string();
        let (before, after) = (60 + dice.roll(13), dice.roll(91));
        texts.push("x".repeat(before) + &any + &"y".repeat(after));
        texts.push("中".repeat(before) + &any.repeat(3) + &"y".repeat(after));
    }
    texts
}

/// The calculator's clusters are those of Unicode 10; ours are today's, and ICU's. TS 23.040 §9.2.3.24.1
/// only says that a UCS2 character stays whole, so each difference is one of clusters, and ICU decides.
#[test]
fn generated_texts_cost_what_the_calculator_says_but_for_newer_clusters() {
    let texts = generated();
    let calculator = peer("calculator", &texts);
    let different: Vec<String> = texts
        .iter()
        .zip(&calculator)
        .filter(|(text, calculator)| ours(text) != **calculator)
        .map(|(text, _)| text.clone())
        .collect();
    assert!(different.len() * 2_000 < texts.len(), "{} differ", different.len());
    for (text, icu) in different.iter().zip(peer("icu", &different)) {
        assert_eq!(ours(text), icu, "{text:?}");
    }
    println!("{} texts, {} decided by ICU", texts.len(), different.len());
}

/// Where smart encoding reaches GSM-7, it is Twilio's; where it does not, we leave the text as it is.
#[test]
fn smart_encoding_is_twilios_where_it_helps() {
    let characters: Vec<String> = ('\0'..='\u{ffff}').map(|c| format!("a{c}b")).collect();
    let mut helped = 0;
    for (text, calculator) in characters.iter().zip(peer("smart", &characters)) {
        let encoded = smart_encode(text);
        if calculator["encoding"] == "GSM-7" {
            assert_eq!(ours(&encoded), calculator, "{text:?}");
            helped += usize::from(encoded != text.as_str());
        } else {
            assert_eq!(Segmenter::default().count(&encoded).encoding, Encoding::Ucs2);
            assert_eq!(encoded, text.as_str());
        }
    }
    assert!(helped > 250, "{helped}");
}
