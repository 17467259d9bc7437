//! The consent ledger through the engine, and what else is known of consumers (DLC-3, DLC-4).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk::{
    CarrierLookup, Center, EngineError, ImportReceipt, LedgerError, LookupError, Notice,
    OutboundRefusal, Profile,
    store::MemoryStore,
    tendlc::{
        Address, Carrier, ContentType, GivenRevocation, Retention, RevocationChannel, Standing,
    },
    types::PhoneNumber,
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, SECOND_NUMBER, World};

const NOTICES: &str = "+12025550120";
const OFFERS: &str = "+12025550121";

/// Two numbers for notices, and what is said of their campaigns.
fn center(compliance: &str) -> String {
    format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}', '{OFFERS}']\n{compliance}")
}

fn world(compliance: &str) -> World {
    World::with(&center(compliance), Arc::new(MemoryStore::new()))
}

fn campaign(id: &str, numbers: &[&str]) -> String {
    format!(
        "[[compliance.campaigns]]\nid = '{id}'\nuse_case = 'LOW_VOLUME'\nnumbers = {numbers:?}\n"
    )
}

/// Sends a notice, and tells what speaks against it.
fn notify(world: &World, from: &str, key: &str, kind: ContentType) -> Result<(), EngineError> {
    let notice = Notice {
        consumer: CONSUMER.parse().unwrap(),
        number: from.parse().unwrap(),
        body: format!("Acme: notice {key}. Reply STOP to opt out."),
        key: frontdesk::RequestKey::new("shop", key).unwrap(),
        consent: Some(crate::world::form()),
        kind,
    };
    block_on(world.engine.notify(notice))?;
    world.settle();
    Ok(())
}

fn informs(world: &World, from: &str, key: &str) -> bool {
    match notify(world, from, key, ContentType::Informational) {
        Ok(()) => world.sent_with(&format!("notice {key}.")) == 1,
        Err(EngineError::NotBegun(OutboundRefusal::DoNotContact)) => false,
        Err(other) => panic!("{other}"),
    }
}

fn consumer() -> PhoneNumber {
    CONSUMER.parse().unwrap()
}

#[test]
fn dlc_3_numbers_of_a_campaign_share_consent() {
    let mut world = world(&campaign("C1", &[NOTICES, OFFERS]));
    world.text_from(CONSUMER, NOTICES, "STOP");
    assert_eq!(world.sent_with("you are opted out"), 1);
    assert!(!informs(&world, OFFERS, "1"), "it is the same programme");
    world.text_from(CONSUMER, OFFERS, "stop");
    assert_eq!(world.sent_with("you are opted out"), 1, "one confirmation");
    world.text_from(CONSUMER, OFFERS, "START");
    assert!(informs(&world, NOTICES, "2"));
    // A number that belongs to no campaign is a programme by itself.
    assert!(world.text_from(CONSUMER, NUMBER, "pay").is_some());
}

#[test]
fn dlc_3_what_was_said_to_a_number_before_it_joined_a_campaign_holds_for_the_campaign() {
    let mut world = world("");
    world.text_from(CONSUMER, NOTICES, "STOP");
    assert!(informs(&world, OFFERS, "1"));
    let both = Center::load(&center(&campaign("C1", &[NOTICES, OFFERS]))).unwrap();
    block_on(world.engine.reconfigure(both)).unwrap();
    assert!(!informs(&world, OFFERS, "2"));
    let mut world = world.restart(&center(&campaign("C1", &[OFFERS, NOTICES])));
    assert!(!informs(&world, OFFERS, "3"));
    world.pass(TimeDelta::minutes(1));
    world.text_from(CONSUMER, OFFERS, "START");
    assert!(informs(&world, NOTICES, "4"), "consent was given after the revocation");
}

/// Consent that is told with a notice and is newer than what is on record counts against a letter of a day between the two.
#[test]
fn dlc_3_newer_consent_is_entered_although_there_is_some() {
    let world = world("");
    let notify = |key: &str, given: &str| {
        let mut form = crate::world::form();
        form.given = Some(given.parse().unwrap());
        let notice = Notice {
            consumer: consumer(),
            number: NOTICES.parse().unwrap(),
            body: format!("Acme: notice {key}. Reply STOP to opt out."),
            key: frontdesk::RequestKey::new("shop", key).unwrap(),
            consent: Some(form),
            kind: ContentType::Informational,
        };
        block_on(world.engine.notify(notice)).unwrap();
        world.settle();
    };
    let entries = || {
        let proofs = block_on(world.engine.consent_proofs(consumer(), None)).unwrap();
        proofs.iter().map(|proof| proof.history.len()).sum::<usize>()
    };
    for (key, given, expected) in [
        ("1", "2026-03-01T10:00:00Z", 1),
        ("2", "2026-11-10T10:00:00Z", 2),
        ("3", "2026-11-10T10:00:00Z", 2),
        ("4", "2026-01-01T10:00:00Z", 2),
    ] {
        notify(key, given);
        assert_eq!(entries(), expected, "{key}");
    }
    let letter = GivenRevocation {
        channel: RevocationChannel::Mail,
        given: "2026-11-01T00:00:00Z".parse().unwrap(),
        wording: "No more texts, please.".into(),
        evidence: "letter 4".into(),
    };
    block_on(world.engine.revoke(consumer(), None, &letter)).unwrap();
    notify("5", "2026-03-01T10:00:00Z");
    assert_eq!(world.sent_with("notice 5"), 1, "the consumer agreed again after the letter");
}

#[test]
fn dlc_7_a_revocation_takes_back_all_where_it_is_set_so() {
    for (scope, leaves) in [("all", false), ("programme", true)] {
        let mut world = world(&format!("[compliance]\nrevocation = '{scope}'\n"));
        assert!(informs(&world, OFFERS, "1"));
        world.pass(TimeDelta::minutes(1));
        world.text_from(CONSUMER, NOTICES, "STOP");
        assert_eq!(informs(&world, OFFERS, "2"), leaves, "{scope}");
        world.pass(TimeDelta::minutes(1));
        world.text_from(CONSUMER, OFFERS, "START");
        assert!(informs(&world, OFFERS, "3"), "{scope}: consent that is given after it holds");
    }
}

#[test]
fn dlc_3_a_proof_tells_what_a_consumer_agreed_to_and_what_they_were_shown() {
    let mut world = world(&campaign("C1", &[NOTICES]));
    world.text("Hello?");
    world.text_from(CONSUMER, NOTICES, "START");
    world.text_from(CONSUMER, NOTICES, "Stop!");
    let all = block_on(world.engine.consent_proofs(consumer(), None)).unwrap();
    let told: Vec<String> = all.iter().map(ToString::to_string).collect();
    // Salts are random, and digests with them.
    let told = told.join("\n\n");
    let is_random = |line: &str| {
        ["digest", "salt of both"].iter().any(|name| line.trim_start().starts_with(name))
    };
    let told: Vec<&str> = told.lines().filter(|line| !is_random(line)).collect();
    insta::assert_snapshot!(told.join("\n"));
    let one = block_on(world.engine.consent_proofs(consumer(), Some(&"C1".into()))).unwrap();
    assert_eq!((one.len(), one[0].standing), (1, Standing::OptedOut));
    assert_eq!(one[0].sender.campaign, "C1");
    let nobody = block_on(world.engine.consent_proofs(OTHER.parse().unwrap(), None)).unwrap();
    assert_eq!(nobody, []);
}

#[test]
fn dlc_3_a_list_is_taken_in_whole_and_once() {
    let mut world = world(&campaign("C1", &[NOTICES]));
    let list = |rows: &str| {
        let header = "consumer,programme,consent,method,given,wording,evidence";
        block_on(world.engine.import_consent(&format!("{header}\n{rows}\n"), ("list.csv", "robin")))
    };
    let agreed = format!("{CONSUMER},C1,written,web_form,2026-03-01,I agree to offers.,form 1");
    let wrong = [
        format!("{agreed}\n{OTHER},C1,written,agent,2026-03-01,Yes,call 2"),
        format!("{agreed}\n{OTHER},C9,written,paper,2026-03-01,Yes,sheet 2"),
        format!("{agreed}\n{OTHER},+12025550199,written,paper,2026-03-01,Yes,sheet 2"),
        format!("{agreed}\n{OTHER},C1,written"),
    ];
    for rows in wrong {
        let refused = list(&rows);
        assert!(matches!(refused, Err(EngineError::Ledger(_))), "{refused:?}");
        assert_eq!(block_on(world.engine.consent_proofs(consumer(), None)).unwrap(), []);
    }
    let opted_out = format!("{OTHER},C1,opted_out,keyword,2026-04-01,STOP,old system");
    let rows = format!("{agreed}\n{opted_out}");
    assert_eq!(list(&rows).unwrap(), ImportReceipt { entered: 2, known: 0 });
    assert_eq!(list(&rows).unwrap(), ImportReceipt { entered: 0, known: 2 });
    let proofs = block_on(world.engine.consent_proofs(consumer(), None)).unwrap();
    assert_eq!((proofs.len(), proofs[0].history.len()), (1, 1));
    assert_eq!(proofs[0].history[0].entry.evidence.reference, "form 1");
    // A promotion needs written consent: it is on record now.
    world.pass(TimeDelta::minutes(1));
    notify(&world, NOTICES, "1", ContentType::Promotional).unwrap();
    assert_eq!(world.sent_with("notice 1."), 1);
    // Who opts out stays out, whatever a list of before says.
    world.text_from(CONSUMER, NOTICES, "STOP");
    let later = "consumer,programme,consent,method,given,wording,evidence\n";
    let again = format!("{later}{CONSUMER},C1,written,paper,2026-03-02,Yes,sheet 7\n");
    block_on(world.engine.import_consent(&again, ("again.csv", "robin"))).unwrap();
    assert!(!informs(&world, NOTICES, "2"));
}

/// A STOP to one number of a campaign is about its others, too: a chat there ends with whatever happens next.
#[test]
fn sms_11_a_chat_on_another_number_of_the_campaign_ends_with_the_next_step() {
    let mut world = world(&campaign("C1", &[NUMBER, NOTICES]));
    let session = world.chat();
    world.text_from(CONSUMER, NOTICES, "STOP");
    let refused = world.send(session, "ana", "Hello").unwrap_err();
    assert!(refused.to_string().contains("opted out"), "{refused}");
    let ended = world.row(session).ended.map(|(_, why)| why);
    assert_eq!(ended, Some(frontdesk::types::EndReason::OptedOut));
    assert_eq!(world.sent_with("Hello"), 0);
    world.log_makes_what_is_stored();
}

#[test]
fn a_list_that_is_too_long_is_refused() {
    let world = world(&campaign("C1", &[NOTICES]));
    let mut list = String::from("consumer,programme,consent,method,given,wording,evidence\n");
    for n in 0..20_001 {
        list += &format!("+1202{:07},C1,express,paper,2026-03-01,Yes,sheet\n", 2_000_000 + n);
    }
    let refused = block_on(world.engine.import_consent(&list, ("list.csv", "robin"))).unwrap_err();
    let EngineError::Ledger(LedgerError::TooLong { found: 20_001 }) = refused else {
        panic!("{refused:?}")
    };
}

#[test]
fn dlc_3_what_no_law_asks_for_any_more_is_dropped_and_what_holds_stays() {
    let mut world = world("");
    for body in ["Hello?", "START", "STOP", "START"] {
        world.text_from(CONSUMER, NOTICES, body);
        world.pass(TimeDelta::days(1));
    }
    world.text_from(OTHER, NOTICES, "STOP");
    let prune = |world: &World| block_on(world.engine.prune_ledger(Retention::default())).unwrap();
    assert_eq!(prune(&world), 0);
    world.pass(TimeDelta::days(6 * 365));
    // That they wrote first; the one's START is what their second START gives back.
    assert_eq!(prune(&world), 2);
    assert_eq!(prune(&world), 0);
    let proof = block_on(world.engine.consent_proofs(consumer(), None)).unwrap().remove(0);
    assert_eq!((proof.before.entries, proof.standing), (1, Standing::Agreed));
    assert!(informs(&world, NOTICES, "1"));
    let other = block_on(world.engine.consent_proofs(OTHER.parse().unwrap(), None)).unwrap();
    assert_eq!(other[0].standing, Standing::OptedOut, "a revocation is kept for good");
}

#[test]
fn dlc_4_quiet_hours_go_by_the_address_where_it_is_known() {
    let mut world = world("");
    // Half past eight in the morning in Washington, half past five in California.
    world.pass(TimeDelta::hours(20) + TimeDelta::minutes(30));
    notify(&world, OFFERS, "1", ContentType::Promotional).unwrap();
    assert_eq!(world.sent_with("notice 1."), 1);
    let address = Address { state: Some("CA".parse().unwrap()), zone: None };
    let profile = Profile { address: Some(address), purchased: None };
    block_on(world.engine.set_profile(consumer(), profile)).unwrap();
    assert_eq!(block_on(world.engine.profile(consumer())).unwrap(), profile);
    notify(&world, OFFERS, "2", ContentType::Promotional).unwrap();
    assert_eq!(world.sent_with("notice 2."), 0);
    world.text_from(CONSUMER, OFFERS, "Hello?");
    world.pass(TimeDelta::hours(4));
    assert_eq!(world.sent_with("notice 2."), 1, "it is morning there, too");
}

#[test]
fn who_is_blocked_gets_nothing_that_was_waiting() {
    let mut world = world("");
    world.pass(TimeDelta::hours(12));
    notify(&world, OFFERS, "1", ContentType::Promotional).unwrap();
    block_on(world.engine.set_blocked(consumer(), true)).unwrap();
    world.pass(TimeDelta::hours(12));
    assert_eq!(world.sent_with("notice 1."), 0);
    // Their STOP is confirmed all the same.
    world.text_from(CONSUMER, SECOND_NUMBER, "STOP");
    assert_eq!(world.sent_with("you are opted out"), 1);
}

/// Somebody who knows everybody's carrier, when there.
#[derive(Debug, Default)]
struct Directory {
    asked: AtomicUsize,
    answer: Mutex<Option<Carrier>>,
    away: Mutex<bool>,
}

#[async_trait]
impl CarrierLookup for Directory {
    async fn carrier(&self, _: PhoneNumber) -> Result<Option<Carrier>, LookupError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if *self.away.lock().unwrap() {
            return Err(LookupError { reason: "no answer".into() });
        }
        Ok(*self.answer.lock().unwrap())
    }
}

#[test]
fn dlc_6_a_carrier_is_asked_for_once_a_month_and_unknown_means_every_limit() {
    let directory = Arc::new(Directory::default());
    let config = center(&campaign("C1", &[NOTICES]));
    let world = World::knowing(&config, Arc::new(MemoryStore::new()), directory.clone());
    let mut key = 0;
    let mut send = |world: &World, times: usize| {
        for _ in 0..times {
            key += 1;
            notify(world, NOTICES, &key.to_string(), ContentType::Informational).unwrap();
        }
        directory.asked.swap(0, Ordering::SeqCst)
    };
    *directory.away.lock().unwrap() = true;
    assert_eq!(send(&world, 2), 2, "who does not answer is asked again");
    *directory.away.lock().unwrap() = false;
    assert_eq!(send(&world, 3), 1, "nobody knows");
    world.pass(TimeDelta::days(1));
    *directory.answer.lock().unwrap() = Some(Carrier::Verizon);
    assert_eq!(send(&world, 3), 1);
    world.pass(TimeDelta::days(29));
    let world = world.restart(&config);
    assert_eq!(send(&world, 1), 0, "it is remembered over a restart");
    world.pass(TimeDelta::days(1));
    assert_eq!(send(&world, 3), 1, "numbers are taken along to other carriers");
    // Of a class T campaign AT&T takes 75 a minute; Verizon says nothing of such a limit.
    let before = world.sent().len();
    send(&world, 100);
    assert_eq!(world.sent().len(), before + 100);
    let world = World::with(&config, Arc::new(MemoryStore::new()));
    send(&world, 100);
    assert!(world.sent().len() < 75, "{}", world.sent().len());
}
