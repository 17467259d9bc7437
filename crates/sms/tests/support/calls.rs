//! A center with phone queues, and the lines of conversations beside calls.
//!
//! ```text
//! call phone-billing           the caller waits in a queue (also later, in another one)
//! wait 7                       the telephony estimates so many minutes (and "wait ?")
//! press 1                      the caller presses a key
//! caller: Hello                the caller texts the call's number
//! connect ana                  an agent has the call
//! ana: Hi!                     the agent texts ("ana, agreed: Hi!" when the caller has just agreed)
//! ana links                    the agent sends the link of the app ("ana, agreed, links")
//! app opened                   the app reports back
//! answered                     the caller writes on the number of the chat that they were promised
//! delivered 1                  the call's first text arrives (and "lost 1")
//! schedule phone-sales         the consumer is to be called tomorrow at nine (and "cancel")
//! sales closes                 who comes there is told so ("sales takes messages", "sales opens")
//! caller hangs up              (and "agent hangs up", "line lost", "caller calls again", "supervisor ends")
//! ```

use std::{
    cell::{Cell, RefCell},
    sync::Arc,
};

use chrono::TimeDelta;
use frontdesk_sms::{
    Call, CallArrival, CallConfig, CallInput, CallOpening, CallQueue, CallSlot, CallView, Capacity,
    CapacityOffer, DeflectionRule, Question, Step, Text, TextConsent, WaitingCaller,
    services::{PreSessionDeflection, Threshold, WaitTime},
};
use frontdesk_types::{
    Alternative, Channel, HungUp, Instant, Language, MessageId, QueueId, SessionId, SupportNumber,
    Template, Variable,
};

use super::{hold, queue, start_instant, tell};

/// The text that takes a caller into a chat.
pub const GREETING: &str = "< Acme: let's go on by text. We're assigning a representative for Billing by text. Msg & data rates may apply. Reply STOP to opt out.";

pub const CALL: SessionId = SessionId(77);
pub const CHAT: SessionId = SessionId(1043);

pub fn config() -> CallConfig {
    let mut config = CallConfig::new("Acme", Language::ENGLISH);
    let names = |name: &str| [(Language::ENGLISH, name.into())].into_iter().collect();
    let told = Bands(vec![(2, 5, Vec::new())]);
    let instead = [
        Alternative::Callback,
        Alternative::Voicemail,
        Alternative::PhoneNumber("+12025550177".parse().unwrap()),
        Alternative::Queue(queue("phone-sales")),
    ];
    let many = Bands(vec![(2, 5, vec![Alternative::Voicemail]), (3, 30, instead.to_vec())]);
    let billing = CallQueue {
        names: names("Billing"),
        over_capacity: Some(Arc::new(told)),
        wait_time: Some(Threshold::<WaitTime>::from_minutes(8)),
        deflection: None,
        messages: None,
    };
    let rule = |threshold| DeflectionRule {
        to: queue("billing"),
        names: names("Billing by text"),
        number: "+12025550100".parse().unwrap(),
        threshold,
    };
    let always = Threshold::<PreSessionDeflection>::always();
    let sales =
        CallQueue { deflection: Some(rule(always)), names: names("Sales"), ..billing.clone() };
    let ten = Threshold::<PreSessionDeflection>::from_minutes(10);
    let support =
        CallQueue { deflection: Some(rule(ten)), names: names("Support"), ..billing.clone() };
    let orders = CallQueue {
        over_capacity: Some(Arc::new(many)),
        wait_time: None,
        names: names("Orders"),
        ..support.clone()
    };
    config.queues = [
        ("phone-billing", billing),
        ("phone-orders", orders),
        ("phone-sales", sales),
        ("phone-support", support),
    ]
    .into_iter()
    .map(|(id, rules)| (queue(id), rules))
    .collect();
    let link = Template::parse("https://app.acme.example/?c=@{SESSION_ID}", &[Variable::SessionId]);
    config.app_link = Some(link.unwrap());
    config
}

/// Minutes waited and estimated, and what is offered to those over both.
#[derive(Debug)]
struct Bands(Vec<(i64, u32, Vec<Alternative>)>);

impl Capacity for Bands {
    fn next(&self, caller: &WaitingCaller, at: Instant) -> Option<CapacityOffer> {
        let after = caller.asked_in.map_or(0, |band| band + 1);
        let bands = (0_u32..).zip(&self.0).filter(|(band, _)| *band >= after);
        let over = bands.filter_map(|(band, (waited, estimate, offers))| {
            let reached = caller.since + TimeDelta::minutes(*waited) + TimeDelta::milliseconds(1);
            let mut alternatives = offers.clone();
            alternatives.retain(|offer| !caller.has_voicemail || *offer != Alternative::Voicemail);
            let offer = CapacityOffer { at: reached.max(at), band, alternatives };
            caller.estimate.is_some_and(|found| found > *estimate).then_some(offer)
        });
        over.min_by_key(|offer| (offer.at, u32::MAX - offer.band))
    }
}

pub struct Desk {
    pub open: Cell<bool>,
    pub closed: RefCell<Vec<(QueueId, Vec<Alternative>)>>,
    pub consent: TextConsent,
}

impl Desk {
    pub fn new() -> Self {
        let consent = TextConsent { opted_out: false, given: false, opt_in_text_due: false };
        Self { open: Cell::new(true), closed: RefCell::default(), consent }
    }

    pub fn with(consent: TextConsent) -> Self {
        Self { consent, ..Self::new() }
    }
}

impl CallView for Desk {
    fn takes_chat(&self, _: &QueueId, _: SupportNumber) -> bool {
        self.open.get()
    }

    fn may_go_on_at(&self, _: SupportNumber) -> bool {
        true
    }

    /// `phone-night` is closed and leads to `phone-sales`; a queue in `closed` offers what stands there.
    fn arrival(&self, queue: &QueueId, _: Channel) -> CallArrival {
        if queue.as_str() == "phone-night" {
            return CallArrival::Elsewhere(super::queue("phone-sales"));
        }
        let closed = self.closed.borrow();
        match closed.iter().find(|(closed, _)| closed == queue) {
            Some((_, offers)) => CallArrival::Closed { offers: offers.clone(), holiday: None },
            None => CallArrival::Here,
        }
    }

    fn consent(&self) -> TextConsent {
        self.consent
    }
}

pub fn opening(takes_texts: bool) -> CallOpening {
    CallOpening {
        id: CALL,
        call: "CA-77".parse().unwrap(),
        consumer: "+12025550123".parse().unwrap(),
        number: "+12025550160".parse().unwrap(),
        language: Language::ENGLISH,
        takes_texts,
        has_voicemail: false,
        entry_point: Channel::Ivr,
    }
}

/// Tomorrow at nine.
pub fn slot() -> CallSlot {
    let from = start_instant() + TimeDelta::hours(18);
    let (announced, expires) = (from - TimeDelta::minutes(5), from + TimeDelta::minutes(15));
    CallSlot { from, announced, expires }
}

/// What the caller hears is what is asked.
pub fn input(call: &Call, raw: &str) -> CallInput {
    let heard = call.asked().map_or(Question::WaitTime, |asked| asked.question);
    if raw.starts_with('+') {
        return CallInput::TimePassed;
    }
    let delivery = |number: &str, arrived| CallInput::Delivery {
        id: MessageId::of_session(CALL, number.parse().unwrap()),
        arrived,
        chat: CHAT,
    };
    match raw {
        "answered" => {
            let (queue, number) = (queue("billing"), "+12025550100".parse().unwrap());
            return CallInput::Answered { queue, number, chat: CHAT };
        }
        "app opened" => return CallInput::AppOpened,
        "caller hangs up" => return CallInput::Ended { by: HungUp::Caller },
        "agent hangs up" => return CallInput::Ended { by: HungUp::Agent },
        "supervisor ends" => return CallInput::EndedBySupervisor,
        "caller calls again" => return CallInput::Returned { call: "CA-78".parse().unwrap() },
        "cancel" => return CallInput::Cancelled,
        "line lost" => return CallInput::Ended { by: HungUp::Network },
        _ => {}
    }
    if let Some(name) = raw.strip_suffix(" links") {
        let (name, agreed) =
            name.split_once(", agreed,").map_or((name, false), |(name, _)| (name, true));
        return CallInput::AppLink { agent: name.parse().unwrap(), agreed };
    }
    if let Some((name, body)) = raw.split_once(": ") {
        let (name, agreed) =
            name.split_once(", agreed").map_or((name, false), |(name, _)| (name, true));
        return match name {
            "caller" => CallInput::ConsumerText(Text::new("SM2", body), None),
            _ => CallInput::AgentText { agent: name.parse().unwrap(), body: body.into(), agreed },
        };
    }
    match raw.split_once(' ').unwrap() {
        ("call", id) => CallInput::Queued { queue: queue(id) },
        ("wait", minutes) => CallInput::WaitEstimated { minutes: minutes.parse().ok() },
        ("press", key) => CallInput::KeyPressed { question: heard, key: key.parse().unwrap() },
        ("schedule", id) => CallInput::Scheduled { queue: queue(id), slot: slot() },
        ("connect", agent) => CallInput::Connected { agent: agent.parse().unwrap() },
        ("delivered", number) => delivery(number, true),
        ("lost", number) => delivery(number, false),
        other => panic!("{other:?}"),
    }
}

/// Holds a conversation; the call is stored, read back and replayed between any two lines.
pub fn converse(desk: &Desk, script: &str) {
    let config = config();
    let (mut call, started) = Call::start(opening(true), start_instant());
    let mut started = Some(started);
    hold(script, |raw, at, all| {
        all.extend(started.take());
        match raw {
            "the queue closes" => desk.open.set(false),
            "sales closes" => desk.closed.borrow_mut().push((queue("phone-sales"), vec![])),
            "sales takes messages" => {
                desk.closed.replace(vec![(queue("phone-sales"), vec![Alternative::Voicemail])]);
            }
            "sales opens" => desk.closed.borrow_mut().clear(),
            "the queue opens" => desk.open.set(true),
            _ => {
                let step = call.handle(&config, desk, input(&call, raw), at);
                all.extend(step.events.iter().cloned());
                let again = Call::from_stored(&call.to_stored().unwrap()).unwrap();
                assert_eq!(again, call, "stored and read back");
                let replayed = Call::replay(&config, call.id(), &*all);
                assert_eq!(replayed.as_ref(), Some(&call), "replayed after `{raw}`");
                call = again;
                return step;
            }
        }
        Step { events: Vec::new(), refused: None }
    });
    tell("a call", script);
}
