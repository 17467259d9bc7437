//! Texts that waited when a consumer revoked consent (invariant 2, DLC-4).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    Notice, RequestKey,
    store::{Line, MemoryStore, WorkState},
    tendlc::{ContentType, GivenRevocation, Proof, RevocationChannel},
    types::{Delivery, Fact},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, OTHER, World};

const NOTICES: &str = "+12025550120";
const OFFERS: &str = "+12025550121";

fn world(revocation: &str) -> World {
    let campaign = |id: &str, number: &str| {
        format!(
            "[[compliance.campaigns]]\nid = '{id}'\nuse_case = 'LOW_VOLUME'\nnumbers = ['{number}']\n"
        )
    };
    let center = format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}', '{OFFERS}']\n[compliance]\nscore = 60\nrevocation = '{revocation}'\n{}{}",
        campaign("news", NOTICES),
        campaign("offers", OFFERS)
    );
    let world = World::with(&center, Arc::new(MemoryStore::new()));
    // It begins at three in the afternoon UTC: then it is night in the whole country.
    world.pass(TimeDelta::hours(12));
    world
}

fn promote(world: &World, key: &str, (to, from): (&str, &str)) {
    let notice = Notice {
        consumer: to.parse().unwrap(),
        number: from.parse().unwrap(),
        body: format!("Acme: 20 % off, {key}. Reply STOP to opt out."),
        key: RequestKey::new("shop", key).unwrap(),
        consent: Some(crate::world::form()),
        kind: ContentType::Promotional,
    };
    block_on(world.engine.notify(notice)).unwrap();
    world.settle();
}

/// The last fate of the notices of a line, in words.
fn fates(world: &World, (to, from): (&str, &str)) -> Vec<String> {
    let line = Line { consumer: to.parse().unwrap(), number: from.parse().unwrap() };
    let records = block_on(world.engine.outside_of_sessions(line)).unwrap();
    let events = records.into_iter().flat_map(|record| record.events);
    let delivery = |fact| match fact {
        Fact::Delivery { id, delivery: Delivery::Refused { reasons, .. } }
            if id.as_str().contains("notice") =>
        {
            Some(reasons.join("; "))
        }
        _ => None,
    };
    events.filter_map(|event| delivery(event.fact)).collect()
}

fn proof(world: &World, programme: &str) -> Proof {
    let all = block_on(world.engine.consent_proofs(CONSUMER.parse().unwrap(), None)).unwrap();
    all.into_iter().find(|proof| proof.programme == programme.into()).unwrap()
}

fn pending(world: &World) -> usize {
    let center = world.engine.center().id().clone();
    block_on(world.engine.store().work(&center, WorkState::Pending, 99)).unwrap().len()
}

#[test]
fn dlc_4_what_was_held_when_a_stop_came_never_leaves_although_a_start_follows() {
    for between in [true, false] {
        let mut world = world("programme");
        promote(&world, "before", (CONSUMER, NOTICES));
        promote(&world, "other", (OTHER, NOTICES));
        world.pass(TimeDelta::seconds(1));
        if between {
            world.text_from(CONSUMER, NOTICES, "STOP");
        } else {
            // Nothing is done between the two texts.
            let stop = World::inbound("IN-stop", CONSUMER, NOTICES, "STOP");
            block_on(world.engine.receive(stop)).unwrap();
        }
        world.text_from(CONSUMER, NOTICES, "START");
        promote(&world, "after", (CONSUMER, NOTICES));
        world.pass(TimeDelta::hours(12));
        assert_eq!(world.sent_with("off, before"), 0, "{between}");
        assert_eq!((world.sent_with("off, after"), world.sent_with("off, other")), (1, 1));
        let fates = fates(&world, (CONSUMER, NOTICES));
        assert_eq!(fates.len(), 1, "{fates:?}");
        let told = if between { "do not contact" } else { "written before consent was revoked on" };
        assert!(fates[0].contains(told), "{fates:?}");
    }
}

#[test]
fn dlc_4_what_waits_is_refused_with_the_revocation() {
    let mut world = world("programme");
    promote(&world, "1", (CONSUMER, NOTICES));
    promote(&world, "2", (CONSUMER, NOTICES));
    promote(&world, "3", (CONSUMER, OFFERS));
    promote(&world, "4", (OTHER, NOTICES));
    assert_eq!(pending(&world), 4);
    let letter = GivenRevocation {
        channel: RevocationChannel::Mail,
        given: world.engine.now(),
        wording: "No more texts.".into(),
        evidence: "letter 1".into(),
    };
    let consumer = CONSUMER.parse().unwrap();
    block_on(world.engine.revoke(consumer, Some(&"news".into()), &letter)).unwrap();
    world.settle();
    // No hour has passed: the offer of another programme, and the other consumer's, wait on.
    assert_eq!(pending(&world), 2);
    let stopped = block_on(world.engine.stopped_texts()).unwrap();
    let waits: Vec<bool> = stopped.iter().map(|text| text.until.is_some()).collect();
    assert_eq!(waits, [false, false, true, true], "{stopped:?}");
    assert_eq!(stopped[0].reasons[0], "do not contact");
    world.text_from(OTHER, NOTICES, "STOP");
    assert_eq!(pending(&world), 1);
}

#[test]
fn dlc_7_what_waits_is_refused_with_a_revocation_of_everything() {
    let mut world = world("all");
    promote(&world, "1", (CONSUMER, OFFERS));
    world.pass(TimeDelta::seconds(1));
    world.text_from(CONSUMER, NOTICES, "STOP");
    assert_eq!(pending(&world), 0);
    assert!(fates(&world, (CONSUMER, OFFERS))[0].contains("consent to all programmes was revoked"));
    // The proof says what the gate says.
    let offers = proof(&world, "offers");
    let json = serde_json::to_value(&offers).unwrap();
    assert_eq!(
        (&json["standing"], &json["level"]),
        (&"opted_out".into(), &serde_json::Value::Null)
    );
    assert_eq!(
        (&json["by"]["programme"], &json["by"]["entry"]),
        (&"news".into(), &2.into()),
        "{json}"
    );
    let told = offers.to_string();
    let now = told.lines().find(|line| line.starts_with("Now: ")).unwrap();
    assert!(
        now.starts_with(
            "Now: no consent: everything from this sender was revoked, since 2026-11-21 "
        ),
        "{now}"
    );
    assert!(now.contains("UTC, by entry 2 of the programme news (opted out with `stop`)"), "{now}");
    assert_eq!(proof(&world, "news").by, None, "its own revocation");
    // Consent that is given after it holds.
    world.pass(TimeDelta::minutes(1));
    world.text_from(CONSUMER, OFFERS, "START");
    assert_eq!(proof(&world, "offers").by, None);
}
