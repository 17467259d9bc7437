//! The document of proofs through the engine: its sender, its clock, the fate of confirmations, and whose proofs belong to a period
//! (DLC-3).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    DeliveryReport, TransportError, consumers_entered,
    store::MemoryStore,
    tendlc::{Confirmation, ConfirmationFate, Programme, ProofSection},
    types::{Delivery, Instant, MessageId, PhoneNumber},
};
use futures::executor::block_on;

use crate::{
    seal::proof,
    world::{CENTER, CONSUMER, NUMBER, OTHER, SECOND_NUMBER, World, tell},
};

const PERSON: &str = "[compliance]\nlegal_name = 'Acme Stores LLC'\naddress = '1 Harbor Street, Portland, ME 04101'\n";
const HOURS: &str = "[hours]\nzone = 'America/New_York'\nopen = { daily = '24 hours' }\n";

fn confirmation(world: &World) -> Option<Confirmation> {
    proof(world, CONSUMER).history.pop().unwrap().confirmation
}

#[test]
fn dlc_3_a_document_has_the_legal_person_and_the_centers_clock_from_the_configuration() {
    let config = format!("{CENTER}\n{PERSON}{HOURS}");
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    world.text("Hello?");
    let proof = proof(&world, CONSUMER);
    assert_eq!(proof.sender.legal_name, "Acme Stores LLC");
    assert_eq!(proof.sender.center, "Acme (acme)");
    let mut document = world.engine.center().proof_document("Consent", world.engine.now());
    document.sections.push(ProofSection::Proof(Box::new(proof)));
    let told = document.to_string();
    for expected in [
        "Sender (legal name): Acme Stores LLC\nAddress: 1 Harbor Street, Portland, ME 04101\n",
        "Contact center: Acme (acme)\n",
        "2026-11-20 17:00:00 UTC = 2026-11-20 12:00:00 America/New_York\n",
        "1. wrote first: implied consent to that exchange\n",
        "evidence: message IN1\n",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

#[test]
fn dlc_3_a_legal_person_of_the_wrong_form_is_told() {
    let config = format!("{CENTER}\n{PERSON}");
    let long = "x".repeat(301);
    let lines = "\"1 Harbor Street\\nPortland\"";
    tell(
        &config,
        &[
            ("Stores", "Stores, and Sons,", ""),
            (
                "'Acme Stores LLC'",
                "' '",
                "compliance.legal_name: has 0 characters; allowed are 1 to 200",
            ),
            (
                "1 Harbor Street, Portland, ME 04101",
                &long,
                "compliance.address: has 301 characters; allowed are 1 to 300",
            ),
            (
                "'1 Harbor Street, Portland, ME 04101'",
                lines,
                "compliance.address: has a line break or a control character; write one line",
            ),
        ],
    );
}

#[test]
fn dlc_3_a_proof_tells_the_fate_of_the_one_confirmation() {
    let mut world = World::new();
    world.text("STOP");
    let sent = confirmation(&world).unwrap();
    assert_eq!(sent.fate, ConfirmationFate::Sent);
    assert!(sent.at.is_some());
    let report = DeliveryReport {
        id: sent.message,
        line: frontdesk::store::Line {
            consumer: CONSUMER.parse().unwrap(),
            number: NUMBER.parse().unwrap(),
        },
        delivery: Delivery::Delivered,
        opted_out: false,
    };
    block_on(world.engine.delivery_status(report)).unwrap();
    assert_eq!(confirmation(&world).unwrap().fate, ConfirmationFate::Delivered);
    // A second STOP gets none.
    world.text("STOP");
    assert_eq!(confirmation(&world), None);

    let mut world = World::new();
    let code = "30003".into();
    world.carrier.troubles.lock().unwrap().push_back(TransportError::Rejected { code });
    world.text("STOP");
    let failed = confirmation(&world).unwrap();
    assert!(matches!(failed.fate, ConfirmationFate::Failed { .. }), "{failed:?}");
    assert!(proof(&world, CONSUMER).to_string().contains("did not arrive: "));
}

#[test]
fn dlc_3_a_revocation_in_other_words_is_told_as_one() {
    let mut world = World::new();
    world.text("Please do not text me any more");
    let told = proof(&world, CONSUMER).to_string();
    assert!(told.contains("opted out in their own words\n"), "{told}");
    assert!(told.contains("wording: Please do not text me any more\n"), "{told}");
    assert!(told.contains("the one confirmation (message "), "{told}");
}

#[test]
fn dlc_3_a_period_has_the_consumers_with_an_entry_for_the_programme() {
    let mut world = World::new();
    world.text_from(CONSUMER, NUMBER, "Hello?");
    world.pass(TimeDelta::days(1));
    let from = world.engine.now();
    world.text_from(CONSUMER, SECOND_NUMBER, "Hello?");
    world.text_from(OTHER, NUMBER, "Hello?");
    let to = from + TimeDelta::days(1);
    let found = |from: Instant, programme: Option<&str>| -> Vec<PhoneNumber> {
        let (center, programme) = (world.engine.center(), programme.map(Programme::from));
        let found = consumers_entered(&*world.store, &center, from..to, programme.as_ref());
        block_on(found).unwrap()
    };
    let numbers = |all: &[&str]| -> Vec<PhoneNumber> {
        all.iter().map(|number| number.parse().unwrap()).collect()
    };
    assert_eq!(found(from, None), numbers(&[CONSUMER, OTHER]));
    assert_eq!(found(from, Some(NUMBER)), numbers(&[OTHER]));
    assert_eq!(found(from, Some(SECOND_NUMBER)), numbers(&[CONSUMER]));
    assert_eq!(found(from - TimeDelta::days(2), Some(NUMBER)), numbers(&[CONSUMER, OTHER]));
    assert_eq!(found(to, None), []);
}

#[test]
fn dlc_3_a_confirmation_that_the_log_does_not_know_is_told_as_unknown() {
    let message: MessageId = "SM1-reply".into();
    let unknown = Confirmation { message, fate: ConfirmationFate::Unknown, at: None };
    let told = "the one confirmation (message SM1-reply) was due; whether it left is not known";
    assert_eq!(unknown.to_string(), told);
}
