//! Revocations by mail, phone and other ways, with the clock of ten business days (DLC-3; 47 CFR 64.1200(a)(10)).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    EngineError, EnteredRevocation, Notice, OutboundRefusal, RequestKey, RevocationRefusal,
    store::MemoryStore,
    tendlc::{ContentType, GivenRevocation, RevocationChannel, Standing},
    types::{Fact, PhoneNumber},
    verify_ledger,
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World};

const NOTICES: &str = "+12025550120";
const OFFERS: &str = "+12025550121";

/// Two numbers for notices, one of them of a campaign.
fn world() -> World {
    let campaign = format!("id = 'C1'\nuse_case = 'LOW_VOLUME'\nnumbers = ['{OFFERS}']");
    let center = format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}', '{OFFERS}']\n[[compliance.campaigns]]\n{campaign}\n"
    );
    World::with(&center, Arc::new(MemoryStore::new()))
}

fn consumer() -> PhoneNumber {
    CONSUMER.parse().unwrap()
}

fn notify(world: &World, from: &str, key: &str, kind: ContentType) -> Result<(), EngineError> {
    let notice = Notice {
        consumer: consumer(),
        number: from.parse().unwrap(),
        body: format!("Acme: notice {key}. Reply STOP to opt out."),
        key: RequestKey::new("shop", key).unwrap(),
        consent: None,
        kind,
    };
    block_on(world.engine.notify(notice))?;
    world.settle();
    Ok(())
}

/// Written consent of the consumer to both, of March.
fn agree(world: &World) {
    let row =
        |programme| format!("{CONSUMER},{programme},written,paper,2026-03-01,I agree.,sheet 7\n");
    let header = "consumer,programme,consent,method,given,wording,evidence";
    let list = format!("{header}\n{}{}", row(NOTICES), row("C1"));
    block_on(world.engine.import_consent(&list, ("consent.csv", "robin"))).unwrap();
}

fn letter(given: &str) -> GivenRevocation {
    GivenRevocation {
        channel: RevocationChannel::Mail,
        given: given.parse().unwrap(),
        wording: "Please send me no more texts.".into(),
        evidence: "letter 4711".into(),
    }
}

fn revoke(
    world: &World,
    programme: Option<&str>,
    revocation: &GivenRevocation,
) -> Result<Vec<EnteredRevocation>, EngineError> {
    let programme = programme.map(Into::into);
    let entered = block_on(world.engine.revoke(consumer(), programme.as_ref(), revocation));
    world.settle();
    entered
}

/// The main scenario: a letter of ten days ago is entered on November 20, while a promotion waits for the morning.
#[test]
fn dlc_3_a_letter_stops_every_text_at_once_and_the_proof_tells_that_it_was_in_time() {
    let world = world();
    agree(&world);
    world.pass(TimeDelta::hours(12));
    notify(&world, OFFERS, "1", ContentType::Promotional).unwrap();
    let entered = revoke(&world, Some("C1"), &letter("2026-11-10T15:00:00Z")).unwrap();
    let [entered] = &entered[..] else { panic!("{entered:?}") };
    assert!(entered.is_new);
    assert_eq!(entered.standing, Standing::OptedOut);
    // Veterans Day and two weekends do not count.
    let clock = entered.clock.unwrap();
    assert_eq!((clock.due.to_string().as_str(), clock.is_late()), ("2026-11-25", false));
    world.pass(TimeDelta::hours(12));
    assert_eq!(world.sent_with("notice 1."), 0, "it was waiting");
    let refused = notify(&world, OFFERS, "2", ContentType::Informational);
    assert!(matches!(refused, Err(EngineError::NotBegun(OutboundRefusal::DoNotContact))));
    notify(&world, NOTICES, "3", ContentType::Informational).unwrap();
    assert_eq!(world.sent_with("notice 3."), 1, "it is another programme");
    let proof = block_on(world.engine.consent_proofs(consumer(), Some(&"C1".into()))).unwrap();
    let told = proof[0].to_string();
    assert!(told.contains("revoked by letter\n   to be honoured by 2026-11-25, entered in time\n   given: 2026-11-10 15:00:00 UTC\n   entered: 2026-11-21 05:00:00 UTC\n   wording: Please send me no more texts.\n   evidence: letter 4711\n"), "{told}");
    assert_eq!(world.count(|fact| matches!(fact, Fact::OptedOut { word } if word == "mail")), 1);
    let now = world.engine.now();
    let center = "acme".parse().unwrap();
    let report = block_on(verify_ledger(&*world.store, &center, &world.heads, now)).unwrap();
    assert_eq!(report.problems, []);
}

#[test]
fn dlc_3_a_revocation_without_a_programme_is_about_all_and_is_entered_once() {
    let mut world = world();
    agree(&world);
    world.text("Hello?");
    let names = |entered: &[EnteredRevocation]| -> Vec<String> {
        entered.iter().map(|one| one.programme.to_string()).collect()
    };
    let first = revoke(&world, None, &letter("2026-11-19T15:00:00Z")).unwrap();
    let all = names(&first);
    for programme in ["C1", NOTICES, NUMBER] {
        assert!(all.iter().any(|name| name == programme), "{programme} is not in {all:?}");
    }
    assert!(!all.iter().any(|name| name == OFFERS), "that is a number of the campaign");
    assert!(first.iter().all(|one| one.is_new && one.standing == Standing::OptedOut));
    world.pass(TimeDelta::hours(1));
    let again = revoke(&world, None, &letter("2026-11-19T15:00:00Z")).unwrap();
    assert_eq!(names(&again), all);
    let same = |one: &EnteredRevocation| (one.entered, one.clock);
    assert!(again.iter().zip(&first).all(|(one, other)| !one.is_new && same(one) == same(other)));
    let known = block_on(world.engine.revocations(consumer())).unwrap();
    assert_eq!(known.len(), all.len(), "each is entered once");
    // A number of a campaign names the campaign; the history of before does not count as a second one.
    let of_number = revoke(&world, Some(OFFERS), &letter("2026-11-19T15:00:00Z")).unwrap();
    assert_eq!((names(&of_number), of_number[0].is_new), (vec!["C1".to_owned()], false));
    assert_eq!(world.sent_with("you are opted out"), 0, "no text asked for a confirmation");
}

#[test]
fn dlc_3_a_revocation_that_is_entered_after_ten_business_days_is_listed_with_its_days() {
    let world = world();
    agree(&world);
    let late = revoke(&world, Some("C1"), &letter("2026-10-01T15:00:00Z")).unwrap();
    let clock = late[0].clock.unwrap();
    assert_eq!(clock.to_string(), "to be honoured by 2026-10-16, entered 35 days late");
    revoke(&world, Some(NOTICES), &letter("2026-11-19T15:00:00Z")).unwrap();
    world.pass(TimeDelta::days(1));
    let phone =
        GivenRevocation { channel: RevocationChannel::Phone, ..letter("2026-11-04T15:00:00Z") };
    revoke(&world, Some(NUMBER), &phone).unwrap();
    revoke(&world, Some("C1"), &letter("2026-10-01T15:00:00Z")).unwrap();
    let late = block_on(world.engine.late_revocations(10)).unwrap();
    let told: Vec<_> =
        late.iter().map(|one| (one.programme.as_str(), one.clock.days_late)).collect();
    assert_eq!(told, [(NUMBER, 2), ("C1", 35)], "the newest first");
    assert_eq!(late[0].channel, RevocationChannel::Phone);
    assert_eq!(block_on(world.engine.late_revocations(1)).unwrap(), late[..1]);
}

#[test]
fn dlc_3_consent_that_was_given_after_a_revocation_holds_although_that_is_entered_later() {
    let world = world();
    agree(&world);
    let entered = revoke(&world, Some("C1"), &letter("2026-02-01T15:00:00Z")).unwrap();
    assert_eq!(entered[0].standing, Standing::Agreed);
    assert_eq!(world.count(|fact| matches!(fact, Fact::OptedOut { .. })), 0);
    notify(&world, OFFERS, "1", ContentType::Informational).unwrap();
    assert_eq!(world.sent_with("notice 1."), 1);
}

#[test]
fn dlc_3_a_revocation_that_cannot_be_is_refused_and_nothing_is_entered() {
    let world = world();
    agree(&world);
    let future = revoke(&world, None, &letter("2026-11-20T17:00:01Z")).unwrap_err();
    assert_eq!(future.to_string(), "given: `2026-11-20 17:00:01 UTC` has not been yet");
    let unknown = revoke(&world, Some("C9"), &letter("2026-11-20T15:00:00Z")).unwrap_err();
    assert!(matches!(
        &unknown,
        EngineError::NotRevoked(RevocationRefusal::NoSuchProgramme(name)) if name.as_str() == "C9"
    ));
    let nothing = GivenRevocation { evidence: "".into(), ..letter("2026-11-20T15:00:00Z") };
    assert!(revoke(&world, None, &nothing).unwrap_err().to_string().starts_with("evidence: "));
    assert_eq!(block_on(world.engine.revocations(consumer())).unwrap(), []);
    assert_eq!(block_on(world.engine.revocations(OTHER.parse().unwrap())).unwrap(), []);
}
