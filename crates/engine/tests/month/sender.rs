//! The sender, what it does in a month, and what may become of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use frontdesk::{
    Center, Engine, Inbound, ManualClock, Notice, Observer, Parts, RequestKey,
    store::{MemoryStore, Record},
    tendlc::{ConsentLevel, ContentType, GivenConsent, Method},
    types::{Delivery, Fact, Instant, MessageId, PhoneNumber},
};
use futures::executor::block_on;

use crate::{Carrier, Network};

mod watch;

pub(crate) struct Campaign {
    pub(crate) name: &'static str,
    number: &'static str,
    kind: ContentType,
    body: &'static str,
    /// Of a hundred texts on an ordinary day.
    share: u64,
}

pub(crate) const CAMPAIGNS: [Campaign; 3] = [
    Campaign {
        name: "offers",
        number: "+12025550120",
        kind: ContentType::Promotional,
        body: "Harbor Books: all maps are 20% off this week. Reply STOP to opt out. No.",
        share: 10,
    },
    Campaign {
        name: "orders",
        number: "+12025550121",
        kind: ContentType::Informational,
        body: "Harbor Books: your order is packed and leaves today. Reply STOP to opt out. No.",
        share: 70,
    },
    Campaign {
        name: "codes",
        number: "+12025550122",
        kind: ContentType::Informational,
        body: "Harbor Books: your code for this login stands in the app. No.",
        share: 20,
    },
];

/// Area codes with the hours behind UTC in winter, and whether the clock is an hour ahead in summer.
const PLACES: [(&str, i64, bool); 6] = [
    ("202", 5, true),
    ("312", 6, true),
    ("303", 7, true),
    ("602", 7, false),
    ("415", 8, true),
    ("808", 10, false),
];
const DAYS: i64 = 30;
/// Days on which everybody gets an offer.
const BLASTS: [i64; 4] = [3, 10, 17, 24];

/// The brand's score with the registry, AT&T's texts a minute for each campaign, and T-Mobile's a day for the brand (classes E and F, low tier;
/// classes C and D, high middle tier).
fn limits(texts: u64) -> (u32, usize, usize) {
    if texts <= 100_000 { (20, 240, 2_000) } else { (60, 2_400, 40_000) }
}

fn config(texts: u64) -> String {
    let score = limits(texts).0;
    let use_cases = ["MARKETING", "DELIVERY_NOTIFICATION", "2FA"];
    let mut campaigns = String::new();
    for (Campaign { name, number, .. }, use_case) in CAMPAIGNS.iter().zip(use_cases) {
        writeln!(campaigns, "[[compliance.campaigns]]\nid = '{name}'").unwrap();
        writeln!(campaigns, "use_case = '{use_case}'\nnumbers = ['{number}']").unwrap();
    }
    format!(
        "[center]\nid = 'harbor'\ncompany = 'Harbor Books'\n\
         [support]\ncontact = 'Call +1 202 555 0100.'\n\
         [[queues]]\nid = 'main'\nname = 'Harbor Books'\nnumbers = ['+12025550100']\n\
         [notifications]\nnumbers = ['+12025550120', '+12025550121', '+12025550122']\n\
         [compliance]\nbrand = ['Harbor Books']\nscore = {score}\nrevocation = 'programme'\n{campaigns}"
    )
}

/// The facts about messages that will not leave, and the number of those that were held.
#[derive(Debug, Default)]
struct Ear {
    refused: Mutex<Vec<(MessageId, String)>>,
    held: Mutex<u64>,
}

impl Observer for Ear {
    fn events(&self, record: &Record) {
        for event in &record.events {
            if let Fact::Delivery { id, delivery } = &event.fact {
                match delivery {
                    Delivery::Refused { reasons, .. } => {
                        self.refused.lock().unwrap().push((id.clone(), reasons.join("; ")));
                    }
                    Delivery::Held { rules, .. }
                        if rules.iter().any(|rule| rule == "quiet_hours") =>
                    {
                        *self.held.lock().unwrap() += 1;
                    }
                    _ => {}
                }
            }
        }
    }

    fn work_waiting(&self) {}
}

/// A text that was taken in.
struct Asked {
    campaign: usize,
    consumer: PhoneNumber,
    at: Instant,
}

/// Whatever left in the last minute to AT&T, and on this day to T-Mobile.
#[derive(Default)]
struct Traffic {
    minutes: [Vec<Instant>; 3],
    day: BTreeMap<i64, usize>,
}

pub(crate) struct Sender {
    texts: u64,
    random: Random,
    clock: Arc<ManualClock>,
    carrier: Arc<Carrier>,
    ear: Arc<Ear>,
    parts: Parts,
    engine: Option<Engine>,
    consumers: Vec<PhoneNumber>,
    asked: HashMap<u64, Asked>,
    ids: HashMap<MessageId, u64>,
    asked_ever: u64,
    /// The revocations that hold.
    revoked: BTreeSet<(PhoneNumber, usize)>,
    /// The revocations of the month.
    stopped_ever: BTreeSet<(PhoneNumber, usize)>,
    /// Those whose confirmation has not left yet.
    unconfirmed: BTreeSet<(PhoneNumber, usize)>,
    traffic: Traffic,
    delays: Vec<(usize, Network, TimeDelta)>,
    pub(crate) wrong: Vec<String>,
    pub(crate) stops: u64,
    pub(crate) confirmed: u64,
    pub(crate) refused: u64,
    pub(crate) refused_at_the_door: u64,
    pub(crate) crashes: u64,
    pub(crate) put_back: u64,
    pub(crate) held_for_the_night: u64,
    pub(crate) capped_days: usize,
    pub(crate) full_minutes: usize,
    inbound: u64,
}

/// The same month each time.
struct Random(u64);

impl Random {
    /// Below a bound.
    fn below(&mut self, bound: u64) -> u64 {
        // `SplitMix64`.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    /// So many on the average.
    fn about(&mut self, thousandths: u64) -> u64 {
        thousandths / 1_000 + u64::from(self.below(1_000) < thousandths % 1_000)
    }
}

impl Sender {
    pub(crate) fn new(texts: u64) -> Self {
        // The month in which the clocks of most states are set back.
        let start: Instant = "2026-10-31T12:00:00Z".parse().unwrap();
        let center = Center::load(&config(texts)).unwrap();
        let (clock, carrier) = (Arc::new(ManualClock::new(start)), Arc::new(Carrier::default()));
        let ear = Arc::new(Ear::default());
        let parts = Parts {
            store: Arc::new(MemoryStore::new()),
            transport: Arc::<Carrier>::clone(&carrier),
            carriers: Some(Arc::<Carrier>::clone(&carrier)),
            clock: Arc::<ManualClock>::clone(&clock),
            observer: Arc::<Ear>::clone(&ear),
            ..Parts::in_memory(&center)
        };
        let engine = block_on(Engine::open(center, parts.clone())).unwrap();
        let consumer = |n: u64| {
            let (area, ..) = PLACES[usize::try_from(n).unwrap() % PLACES.len()];
            let line = n / 6;
            format!("+1{area}{}{:04}", 220 + line / 10_000, line % 10_000).parse().unwrap()
        };
        Self {
            texts,
            random: Random(20_261_031),
            clock,
            carrier,
            ear,
            parts,
            engine: Some(engine),
            consumers: (0..texts / 10).map(consumer).collect(),
            asked: HashMap::new(),
            ids: HashMap::new(),
            asked_ever: 0,
            revoked: BTreeSet::new(),
            stopped_ever: BTreeSet::new(),
            unconfirmed: BTreeSet::new(),
            traffic: Traffic::default(),
            delays: Vec::new(),
            wrong: Vec::new(),
            stops: 0,
            confirmed: 0,
            refused: 0,
            refused_at_the_door: 0,
            crashes: 0,
            put_back: 0,
            held_for_the_night: 0,
            capped_days: 0,
            full_minutes: 0,
            inbound: 0,
        }
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    fn now(&self) -> Instant {
        frontdesk::Clock::now(&*self.clock)
    }

    /// Thirty days: texts by day and by night, offers to everybody on four days, revocations, and a crash a day.
    pub(crate) fn month(&mut self) {
        let start = self.now();
        // Four of ten texts go out with the offers to everybody.
        let blast = self.texts / 10;
        let daily = (self.texts - blast * 4) / DAYS.unsigned_abs();
        for day in 0..DAYS {
            let ends = start + TimeDelta::days(day + 1);
            let dies_at = start
                + TimeDelta::days(day)
                + TimeDelta::minutes(self.random.below(1_440).cast_signed());
            let mut has_died = false;
            if BLASTS.contains(&day) {
                self.blast(blast);
            }
            while self.now() < ends {
                let step = if self.is_full() { 15 } else { 60 } + self.random.below(60);
                self.clock.advance(TimeDelta::seconds(step.cast_signed()));
                // As many as belong to so many seconds.
                for _ in 0..self.random.about(daily * step * 1_000 / 86_400) {
                    let (campaign, consumer) = (self.campaign(), self.consumer());
                    self.ask(campaign, consumer);
                }
                for _ in 0..self.random.about(daily * step * 12 / 86_400) {
                    self.write();
                }
                if !has_died && self.now() >= dies_at {
                    has_died = true;
                    self.crash();
                }
                self.settle();
            }
        }
    }

    /// Whether a campaign has used up its minute.
    fn is_full(&self) -> bool {
        let (_, per_minute, _) = limits(self.texts);
        self.traffic.minutes.iter().any(|minute| minute.len() * 10 >= per_minute * 9)
    }

    /// Nobody asks for anything more; what waits for a day or a morning leaves.
    pub(crate) fn drain(&mut self) {
        for _ in 0..10 * 24 * 60 {
            if self.asked.is_empty() && self.unconfirmed.is_empty() {
                return;
            }
            self.clock.advance(TimeDelta::minutes(1));
            self.settle();
        }
    }

    fn consumer(&mut self) -> PhoneNumber {
        let at = self.random.below(self.consumers.len() as u64);
        self.consumers[usize::try_from(at).unwrap()]
    }

    fn campaign(&mut self) -> usize {
        let at = self.random.below(100);
        let mut shares = 0;
        CAMPAIGNS
            .iter()
            .position(|campaign| {
                shares += campaign.share;
                at < shares
            })
            .unwrap()
    }

    fn blast(&mut self, count: u64) {
        for n in 0..usize::try_from(count).unwrap() {
            let consumer = self.consumers[n % self.consumers.len()];
            self.ask(0, consumer);
        }
    }

    /// A program wants to send a text.
    fn ask(&mut self, campaign: usize, consumer: PhoneNumber) {
        self.asked_ever += 1;
        let (n, at) = (self.asked_ever, self.now());
        let Campaign { number, kind, body, .. } = &CAMPAIGNS[campaign];
        // It was given long ago: it says nothing against a revocation.
        let consent = GivenConsent {
            method: Method::WebForm,
            level: ConsentLevel::Written,
            given: Some("2026-03-01T15:00:00Z".parse().unwrap()),
            wording: "I agree to get texts.".into(),
            evidence: "form 7".into(),
        };
        let notice = Notice {
            consumer,
            number: number.parse().unwrap(),
            body: format!("{body} {n}"),
            key: RequestKey::new("shop", n.to_string()).unwrap(),
            consent: Some(consent),
            kind: *kind,
        };
        match block_on(self.engine().notify(notice)) {
            Ok(id) => {
                self.ids.insert(id, n);
                self.asked.insert(n, Asked { campaign, consumer, at });
            }
            Err(error) if self.may_get(consumer, campaign) => {
                self.wrong.push(format!("{n} was refused: {error}"));
            }
            Err(_) => self.refused_at_the_door += 1,
        }
    }

    fn may_get(&self, consumer: PhoneNumber, campaign: usize) -> bool {
        !self.revoked.contains(&(consumer, campaign))
    }

    /// A consumer writes: every other time to stop; or to start again, or something else.
    fn write(&mut self) {
        let mut line = (self.consumer(), self.campaign());
        let body = match self.random.below(4) {
            0 | 1 => "STOP",
            2 if !self.revoked.is_empty() => {
                let at = self.random.below(self.revoked.len() as u64);
                line = *self.revoked.iter().nth(usize::try_from(at).unwrap()).unwrap();
                "START"
            }
            _ => "Thank you",
        };
        self.inbound += 1;
        let (consumer, number) = (line.0, CAMPAIGNS[line.1].number.parse().unwrap());
        let text = Inbound::new("test", self.inbound.to_string(), consumer, number, body);
        let _ = block_on(self.engine().receive(text)).unwrap();
        match body {
            // A second STOP gets no second confirmation.
            "STOP" if self.revoked.insert(line) => {
                self.stops += 1;
                self.unconfirmed.insert(line);
                self.stopped_ever.insert(line);
            }
            "START" => drop(self.revoked.remove(&line)),
            _ => {}
        }
    }

    /// The process dies with texts on their way, and another one opens the store.
    fn crash(&mut self) {
        let consumers: Vec<PhoneNumber> = (0..3).map(|_| self.consumer()).collect();
        for consumer in consumers {
            self.ask(1, consumer);
        }
        self.carrier.dies(true);
        {
            let engine = self.engine.take().unwrap();
            let mut leaving = Box::pin(engine.dispatch());
            let _ = block_on(async { futures::poll!(&mut leaving) });
            self.look();
        }
        self.carrier.dies(false);
        self.crashes += 1;
        self.put_back = self.carrier.interrupted();
        let center = Center::load(&config(self.texts)).unwrap();
        self.engine = Some(block_on(Engine::open(center, self.parts.clone())).unwrap());
    }

    fn settle(&mut self) {
        block_on(self.engine().settle()).unwrap();
        self.look();
    }
}
