//! Held texts, whatever happens meanwhile: to each consumer those of a kind leave in the order in which they were given, once, and
//! none stays behind (DLC-4, DLC-6).

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use frontdesk::{
    Notice, RequestKey, TransportError,
    store::{Line, MemoryStore},
    tendlc::ContentType,
    types::{Delivery, Fact, MessageId, Purpose},
};
use futures::executor::block_on;
use proptest::prelude::*;

use crate::world::{CENTER, World};

const NOTICES: &str = "+12025550120";
/// In the east, in the west, and nobody knows where.
const CONSUMERS: [&str; 3] = ["+12025550199", "+14155550142", "+18005550123"];

#[derive(Debug, Clone)]
enum Act {
    Notice {
        to: usize,
        kind: ContentType,
    },
    Text {
        from: usize,
        body: &'static str,
    },
    Pass {
        minutes: i64,
    },
    /// The provider cannot take the next text just now.
    Trouble,
    /// The process dies and another one starts.
    Crash,
}

fn act() -> impl Strategy<Value = Act> {
    let kind = prop_oneof![
        4 => Just(ContentType::Promotional),
        1 => Just(ContentType::Informational),
    ];
    let notice = (0..CONSUMERS.len(), kind).prop_map(|(to, kind)| Act::Notice { to, kind });
    let body = prop_oneof![Just("stop"), Just("start"), Just("Hello?")];
    let text = (0..CONSUMERS.len(), body).prop_map(|(from, body)| Act::Text { from, body });
    prop_oneof![
        10 => notice,
        1 => text,
        4 => prop_oneof![0_i64..3, 0_i64..600].prop_map(|minutes| Act::Pass { minutes }),
        1 => Just(Act::Trouble),
        1 => Just(Act::Crash),
    ]
}

/// Four of a campaign's texts leave in a minute, and four to a consumer in a day.
fn center() -> String {
    format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n[compliance]\nscore = 60\ncaps = [{{ count = 4, hours = 24 }}]\n\
         [[compliance.campaigns]]\nid = 'offers'\nuse_case = 'LOW_VOLUME'\nnumbers = ['{NOTICES}']\natt_per_minute = 4\n"
    )
}

fn line(consumer: &str) -> Line {
    Line { consumer: consumer.parse().unwrap(), number: NOTICES.parse().unwrap() }
}

fn notify(world: &World, n: usize, to: usize, kind: ContentType) {
    let what = if kind == ContentType::Promotional { "offer" } else { "notice" };
    let notice = Notice {
        consumer: CONSUMERS[to].parse().unwrap(),
        number: NOTICES.parse().unwrap(),
        body: format!("Acme: {what} {n:04}. Reply STOP to opt out."),
        key: RequestKey::new("shop", n.to_string()).unwrap(),
        consent: Some(crate::world::form()),
        kind,
    };
    // Who has opted out is written to no more: that is told at once.
    let _ = block_on(world.engine.notify(notice));
}

/// The notices that a consumer was to get, each with what became of it last.
fn fates(world: &World, consumer: &str) -> BTreeMap<MessageId, Option<Delivery>> {
    let records = block_on(world.engine.outside_of_sessions(line(consumer))).unwrap();
    let mut fates = BTreeMap::new();
    for event in records.into_iter().flat_map(|record| record.events) {
        match event.fact {
            Fact::OutboundMessage { id, purpose: Purpose::Notification, .. } => {
                fates.insert(id, None);
            }
            Fact::Delivery { id, delivery } => {
                if let Some(fate) = fates.get_mut(&id) {
                    *fate = Some(delivery);
                }
            }
            _ => {}
        }
    }
    fates
}

fn play(acts: Vec<Act>) {
    let mut world = World::with(&center(), Arc::new(MemoryStore::new()));
    for (n, act) in acts.into_iter().enumerate() {
        match act {
            Act::Notice { to, kind } => notify(&world, n, to, kind),
            Act::Text { from, body } => drop(world.text_from(CONSUMERS[from], NOTICES, body)),
            Act::Pass { minutes } => world.pass(TimeDelta::minutes(minutes)),
            Act::Trouble => {
                let busy = TransportError::Temporary { reason: "503".into(), retry_after: None };
                world.carrier.troubles.lock().unwrap().push_back(busy);
            }
            Act::Crash => world = world.restart(&center()),
        }
        block_on(world.engine.dispatch()).unwrap();
    }
    // Sixty notices at most, four a day.
    for _ in 0..16 * 24 {
        world.pass(TimeDelta::hours(1));
    }
    for consumer in CONSUMERS {
        let taken = world.carrier.taken.lock().unwrap();
        let of_consumer = taken.iter().filter(|text| text.line == line(consumer));
        let notices: Vec<String> = of_consumer
            .filter(|text| text.purpose == Purpose::Notification)
            .map(|text| text.body.clone())
            .collect();
        // A promotion that is held keeps no notice waiting that may leave.
        for kind in ["offer", "notice"] {
            let of_kind: Vec<_> = notices.iter().filter(|body| body.contains(kind)).collect();
            assert!(of_kind.is_sorted_by(|a, b| a < b), "out of order, or twice: {of_kind:?}");
        }
        drop(taken);
        let mut left = 0;
        for (id, fate) in fates(&world, consumer) {
            match fate {
                Some(Delivery::Accepted { .. }) => left += 1,
                Some(Delivery::Refused { .. }) => {}
                other => panic!("{id} to {consumer} stays behind: {other:?}"),
            }
        }
        assert_eq!(left, notices.len(), "{consumer}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn held_texts_keep_their_order_and_none_is_lost(acts in prop::collection::vec(act(), 1..60)) {
        play(acts);
    }
}
