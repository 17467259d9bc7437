//! Texts that leave with remarks, and texts that are refused when they are asked for (DLC-4, DLC-5).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    EngineError, NewChat, Notice, OutboundRefusal, RemarkedText,
    store::MemoryStore,
    tendlc::{ConsentLevel, ContentType, GivenConsent, Method},
};
use futures::executor::block_on;

use crate::{
    compliance::{NOTICES, notice},
    world::{CENTER, CONSUMER, NUMBER, OTHER, World},
};

fn world() -> World {
    let center = format!(
        "{CENTER}\n[outbound]\nenabled = true\nnumbers = [{{ number = '{NUMBER}' }}]\n[notifications]\nnumbers = ['{NOTICES}']\n[compliance]\nscore = 60\n\
         [[compliance.campaigns]]\nid = 'offers'\nuse_case = 'LOW_VOLUME'\nnumbers = ['{NOTICES}']\n"
    );
    World::with(&center, Arc::new(MemoryStore::new()))
}

fn remarked(world: &World) -> Vec<RemarkedText> {
    let found = block_on(world.engine.remarked_texts(None, 100)).unwrap();
    found.into_iter().map(|(_, text)| text).collect()
}

const ADVERTISES: &str = "Acme: 20% off everything today, use code SAVE20. Reply STOP to opt out.";

#[test]
fn dlc_5_remarks_of_texts_that_left_can_be_read() {
    let world = world();
    for (key, to) in [("1", CONSUMER), ("2", OTHER)] {
        block_on(world.engine.notify(notice(key, to, ADVERTISES, ContentType::Informational)))
            .unwrap();
        world.settle();
        world.pass(TimeDelta::minutes(1));
    }
    let parcel = notice(
        "3",
        CONSUMER,
        "Acme: your parcel is here. Reply STOP to opt out.",
        ContentType::Informational,
    );
    block_on(world.engine.notify(parcel)).unwrap();
    world.settle();
    assert_eq!(world.sent_with("SAVE20"), 2);
    let texts = remarked(&world);
    let to: Vec<String> = texts.iter().map(|text| text.line.consumer.to_string()).collect();
    assert_eq!(to, [OTHER, CONSUMER], "the newest first, and none without a remark");
    let remark = &texts[0].remarks[0];
    assert_eq!((remark.rule.as_str(), remark.category.as_str()), ("advertises", "advertises"));
    assert_eq!(remark.reason, "advertises, but is not sent as a promotion");
    assert!(!remark.words.is_empty() && ADVERTISES.contains(&remark.words[0]), "{remark:?}");
    // A page at a time.
    let first = block_on(world.engine.remarked_texts(None, 1)).unwrap();
    let second = block_on(world.engine.remarked_texts(Some(&first[0].0), 1)).unwrap();
    assert_eq!([first[0].1.clone(), second[0].1.clone()].as_slice(), texts);
    let health = block_on(world.engine.campaign_health()).unwrap();
    let (_, day) = health[0].health.days().next().unwrap();
    assert_eq!(day.remarked, [("advertises".to_owned(), 2)].into());
}

#[test]
fn dlc_5_remarks_are_kept_for_a_quarter() {
    let world = world();
    let advertise = |world: &World, key: &str| {
        let notice = notice(key, CONSUMER, ADVERTISES, ContentType::Informational);
        block_on(world.engine.notify(notice)).unwrap();
    };
    advertise(&world, "1");
    world.settle();
    assert_eq!(remarked(&world).len(), 1);
    world.pass(TimeDelta::days(93));
    advertise(&world, "2");
    world.settle();
    assert_eq!(remarked(&world).len(), 1, "the old one is gone");
}

/// A refusal at the door is told, and counted, like one of the gate.
#[test]
fn dlc_4_what_is_refused_when_it_is_asked_for_is_told_with_who_asked() {
    let mut world = world();
    let promotion = |world: &World, key: &str, consent| {
        let notice = notice(key, CONSUMER, ADVERTISES, ContentType::Promotional);
        block_on(world.engine.notify(Notice { consent, ..notice }))
    };
    let none = promotion(&world, "1", None).unwrap_err().to_string();
    assert_eq!(none, "a promotional text needs written consent; none is on record");
    let express = GivenConsent {
        method: Method::Agent,
        level: ConsentLevel::Express,
        given: Some("2026-03-01T00:00:00Z".parse().unwrap()),
        ..crate::world::form()
    };
    assert!(
        promotion(&world, "2", Some(express.clone())).is_err(),
        "express consent is too little"
    );
    let parcel = notice(
        "3",
        CONSUMER,
        "Acme: your parcel is here. Reply STOP to opt out.",
        ContentType::Informational,
    );
    block_on(world.engine.notify(Notice { consent: Some(express), ..parcel })).unwrap();
    let held = promotion(&world, "4", None).unwrap_err().to_string();
    assert_eq!(
        held,
        "a promotional text needs written consent; on record is express consent since 2026-03-01"
    );
    world.settle();
    world.text_from(CONSUMER, NOTICES, "STOP");
    let out = promotion(&world, "5", None);
    assert!(matches!(out, Err(EngineError::NotBegun(OutboundRefusal::DoNotContact))));
    let stopped = block_on(world.engine.stopped_texts()).unwrap();
    let told: Vec<(Option<&str>, String)> =
        stopped.iter().map(|text| (text.by.as_deref(), text.reasons.join("; "))).collect();
    let shop = Some("shop");
    assert_eq!(told.len(), 4);
    assert_eq!(told[0], (shop, "the end user has opted out: do not contact".into()));
    assert_eq!((&told[1], &told[3]), (&(shop, held), &(shop, none)), "the newest first");
    assert!(stopped.iter().all(|text| text.id.is_none() && text.until.is_none()));
    let health = block_on(world.engine.campaign_health()).unwrap();
    let (_, day) = health[0].health.days().next().unwrap();
    assert_eq!(
        day.refused,
        [("do_not_contact".to_owned(), 1), ("no_consent".to_owned(), 3)].into()
    );
}

#[test]
fn dlc_4_a_chat_that_may_not_begin_is_told_and_a_mistake_of_the_request_is_not() {
    let world = world();
    let chat = |body: &str| NewChat {
        consumer: OTHER.parse().unwrap(),
        number: NUMBER.parse().unwrap(),
        body: body.into(),
        agent: Some("ana".parse().unwrap()),
        language: None,
        ticket: None,
        by_program: false,
        consent: None,
        key: None,
    };
    assert!(block_on(world.engine.begin_chat(chat("Hello"))).is_err());
    let mistaken = NewChat { number: NOTICES.parse().unwrap(), ..chat("Hello") };
    assert!(block_on(world.engine.begin_chat(mistaken)).is_err());
    let stopped = block_on(world.engine.stopped_texts()).unwrap();
    let by: Vec<Option<&str>> = stopped.iter().map(|text| text.by.as_deref()).collect();
    assert_eq!(by, [Some("agent ana")], "{stopped:?}");
}

/// In sessions and outside of them: a person looks at both.
#[test]
fn sms_16_what_may_be_a_revocation_is_listed() {
    let mut world = world();
    world.text_from(CONSUMER, NOTICES, "I think you have the wrong number");
    world.pass(TimeDelta::minutes(1));
    world.text_from(OTHER, NUMBER, "Hello");
    world.text_from(OTHER, NUMBER, "I think you have the wrong number");
    let found = block_on(world.engine.suspected_texts(None, 9)).unwrap();
    let told: Vec<(String, bool)> = found
        .iter()
        .map(|(_, text)| (text.line.consumer.to_string(), text.session.is_some()))
        .collect();
    assert_eq!(told, [(OTHER.to_owned(), true), (CONSUMER.to_owned(), false)], "{found:?}");
    assert_eq!(
        (&*found[0].1.rule, &*found[0].1.phrase),
        ("wrong-number", "I think you have the wrong number")
    );
}
