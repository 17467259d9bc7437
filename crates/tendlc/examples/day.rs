//! A day of 200,000 messages of a brand, at each tier, over two carriers: nothing leaves over a limit, nothing is lost, each consumer gets
//! theirs in order. Prints how long messages waited; ends with 1 where a rule was broken.
//!
//! ```sh
//! cargo run --release -p frontdesk-tendlc --example day
//! ```

use std::{
    collections::{BTreeMap, VecDeque},
    process::ExitCode,
};

use chrono::TimeDelta;
use frontdesk_tendlc::{
    Act, BrandRank, Carrier, Consent, ConsentLevel, ContentType, Counters, Edition, Entry,
    Evidence, Facts, GateRules, Method, Outgoing, Place, Rates, Recipient, Registered, Scrubs,
    Sending, Span, UseCase, Verdict, gate, limits,
};
use frontdesk_types::{Instant, MessageId, Purpose, SupportNumber};

const MESSAGES: usize = 200_000;
const CONSUMERS: usize = 50_000;
/// Carriers, and how many of a hundred consumers are theirs.
const CARRIERS: [(Carrier, usize); 2] = [(Carrier::Att, 45), (Carrier::TMobile, 55)];

/// A message of the day.
#[derive(Debug, Clone, Copy)]
struct Message {
    /// When it was written.
    at: Instant,
    consumer: usize,
    kind: ContentType,
    segments: u32,
}

/// What has left, and when.
#[derive(Debug, Clone, Copy)]
struct Left {
    message: Message,
    at: Instant,
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Nine of ten are notifications that are written in three bursts; the others are answers over the whole day.
fn day(begin: Instant) -> Vec<Message> {
    let mut dice = Dice(7);
    let mut messages: Vec<Message> = (0..MESSAGES)
        .map(|n| {
            let answer = dice.below(10) == 0;
            let second = if answer {
                dice.below(12 * 3600)
            } else {
                dice.below(3) * 4 * 3600 + dice.below(600)
            };
            Message {
                at: begin + TimeDelta::seconds(i64::try_from(second).unwrap_or(0)),
                consumer: if answer { n * 7 % CONSUMERS } else { n % CONSUMERS },
                kind: if answer { ContentType::Conversational } else { ContentType::Informational },
                segments: 1 + u32::try_from(dice.below(5) / 4).unwrap_or(0),
            }
        })
        .collect();
    messages.sort_by_key(|message| message.at);
    messages
}

/// Who sends, and what they have agreed with the registry.
struct Sender<'a> {
    rates: Rates,
    rules: GateRules,
    consent: Consent,
    place: Place,
    number: SupportNumber,
    id: &'a MessageId,
}

impl Sender<'_> {
    fn ask(
        &self,
        message: &Message,
        carrier: Carrier,
        counters: &Counters,
        at: Instant,
    ) -> (Verdict, Vec<frontdesk_tendlc::Limit>) {
        let answers = message.kind == ContentType::Conversational;
        let outgoing = Outgoing {
            id: self.id,
            purpose: if answers { Purpose::AgentReply } else { Purpose::Notification },
            kind: message.kind,
            body: "Harbor Books: your order is on its way.",
            segments: message.segments,
            media: false,
            answers,
            last_word: None,
            judged: None,
            number: self.number,
        };
        let recipient = Recipient {
            consent: &self.consent,
            revoked_elsewhere: None,
            revoked_since: None,
            blocked: false,
            help_answer: None,
            place: &self.place,
            carrier: Some(carrier),
            solicited: &[],
            purchased: None,
            scrubs: Scrubs::NONE,
            scrub_again: None,
        };
        let sending = Sending {
            campaign: Registered::Active,
            number: Registered::Active,
            rates: &self.rates,
            counters,
        };
        let verdict = gate(&outgoing, &recipient, &sending, at, &self.rules).verdict;
        (verdict, limits(&outgoing, &recipient, &self.rates).into_vec())
    }

    /// Sends what is for one carrier: answers first, each kind in order, each at the first instant that the gate allows.
    fn send(&self, messages: &[Message], carrier: Carrier, counters: &mut Counters) -> Vec<Left> {
        let mut coming = messages.iter().copied().peekable();
        let mut waiting = [VecDeque::new(), VecDeque::new()];
        let mut left = Vec::with_capacity(messages.len());
        let Some(mut now) = messages.first().map(|message| message.at) else { return left };
        loop {
            while let Some(message) = coming.next_if(|message| message.at <= now) {
                waiting[usize::from(message.kind != ContentType::Conversational)]
                    .push_back(message);
            }
            let mut wake: Option<Instant> = coming.peek().map(|message| message.at);
            let mut sent = false;
            for queue in &mut waiting {
                let Some(message) = queue.front().copied() else { continue };
                match self.ask(&message, carrier, counters, now) {
                    (Verdict::Send, limits) => {
                        counters.count(&limits, message.segments, now);
                        left.push(Left { message, at: now });
                        queue.pop_front();
                        sent = true;
                        break;
                    }
                    (Verdict::Hold { until }, _) => {
                        wake = Some(wake.map_or(until, |wake| wake.min(until)));
                    }
                    (Verdict::Refuse, _) => return left,
                }
            }
            if !sent {
                match wake {
                    Some(wake) => now = now.max(wake),
                    None => return left,
                }
            }
        }
    }
}

/// What is wrong with what has left.
fn wrong(left: &[Left], expected: usize, most: Option<u32>, span: Span) -> Option<String> {
    if left.len() != expected {
        return Some(format!("{} of {expected} have left", left.len()));
    }
    let mut last: BTreeMap<(usize, bool), Instant> = BTreeMap::new();
    for one in left {
        let lane = (one.message.consumer, one.message.kind == ContentType::Conversational);
        if last.insert(lane, one.message.at).is_some_and(|before| before > one.message.at) {
            return Some("a consumer gets a later message before an earlier one".into());
        }
    }
    let most = most?;
    let day = |at: Instant| at.with_timezone(&chrono_tz::America::Los_Angeles).date_naive();
    let (mut from, mut used) = (0, 0);
    for one in left {
        used += one.message.segments;
        while let Some(first) = left.get(from)
            && match span {
                Span::Minute => first.at + TimeDelta::minutes(1) <= one.at,
                Span::PacificDay => day(first.at) < day(one.at),
            }
        {
            used -= first.message.segments;
            from += 1;
        }
        if used > most {
            return Some(format!("{used} segments where {most} may leave"));
        }
    }
    None
}

/// The median, the ninetieth and the ninety-ninth percentile, and the longest.
fn delays(left: &[Left], answers: bool) -> String {
    let of_kind =
        left.iter().filter(|one| (one.message.kind == ContentType::Conversational) == answers);
    let mut delays: Vec<i64> = of_kind.map(|one| (one.at - one.message.at).num_seconds()).collect();
    delays.sort_unstable();
    let at = |percent: usize| {
        delays.get((delays.len() * percent / 100).min(delays.len().saturating_sub(1))).copied()
    };
    [50, 90, 99, 100].map(|percent| at(percent).map_or_else(|| "-".into(), told)).join(" | ")
}

fn told(seconds: i64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn main() -> ExitCode {
    let begin: Instant = match "2026-11-23T14:00:00Z".parse() {
        Ok(begin) => begin,
        Err(_) => return ExitCode::FAILURE,
    };
    let facts: &Edition = Facts::standard().at(begin);
    let messages = day(begin);
    let act = Act::Agreed { method: Method::WebForm, level: ConsentLevel::Written, given: begin };
    let (wording, evidence) = (String::new(), Evidence::default());
    let consent = Consent::of(&[
        Entry { at: begin, act, wording: wording.clone(), evidence: evidence.clone() },
        Entry { at: begin, act: Act::OptInTextShown, wording, evidence },
    ]);
    println!("| tier | carrier | most | kind | half waited | 90 % | 99 % | longest |");
    println!("|---|---|---|---|---|---|---|---|");
    let mut failed = false;
    for (use_case, score) in [
        (UseCase::CustomerCare, Some(90)),
        (UseCase::CustomerCare, Some(60)),
        (UseCase::CustomerCare, Some(30)),
        (UseCase::CustomerCare, Some(10)),
        (UseCase::LowVolume, None),
        (UseCase::SoleProprietor, None),
    ] {
        let (Ok(number), id) = ("+12025550100".parse(), MessageId::from("1-1")) else {
            return ExitCode::FAILURE;
        };
        let sender = Sender {
            rates: Rates::of(facts, "Harbor Books", "orders", use_case, BrandRank::of(score)),
            rules: GateRules::default(),
            consent: consent.clone(),
            place: Place::Unknown,
            number,
            id: &id,
        };
        let mut counters = Counters::default();
        for (carrier, share) in CARRIERS {
            let (most, span) = match carrier {
                Carrier::TMobile => (sender.rates.t_mobile_per_day, Span::PacificDay),
                _ => (sender.rates.att_per_minute, Span::Minute),
            };
            let theirs = |message: &&Message| {
                (message.consumer % 100 < CARRIERS[0].1) == (share == CARRIERS[0].1)
            };
            let messages: Vec<Message> = messages.iter().filter(theirs).copied().collect();
            let left = sender.send(&messages, carrier, &mut counters);
            if let Some(wrong) = wrong(&left, messages.len(), most, span) {
                eprintln!("{use_case:?} {score:?} {carrier}: {wrong}");
                failed = true;
            }
            let tier = format!(
                "{use_case:?}{}",
                score.map_or_else(String::new, |score| format!(" {score}"))
            );
            let most = most.map_or_else(|| "any".into(), |most| most.to_string());
            println!("| {tier} | {carrier} | {most} | answers | {} |", delays(&left, true));
            println!("| | | | notifications | {} |", delays(&left, false));
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
