//! The center's one sequence over the ledger: entries are sealed, heads are made and given to others (DLC-3).

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk::{
    Anchor, AnchorError, AnchorEvidence, Heads, LedgerProblem, LedgerReport, MemoryAnchor,
    store::{MemoryStore, WorkState},
    tendlc::{Erasure, HeadKey, Proof, Receipt, SignedHead, seal_leaf},
    types::Instant,
    verify_ledger,
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World};

pub(crate) fn key() -> Arc<HeadKey> {
    Arc::new(HeadKey::new("acme", &[7; 32]).unwrap())
}

/// A host whose heads are signed and given to anchors.
pub(crate) fn world(anchors: Vec<Arc<dyn Anchor>>) -> World {
    let mut world = World::new();
    world.heads = Heads { key: Some(key()), anchors, ..Heads::default() };
    world.restart(CENTER)
}

pub(crate) fn verify(world: &World) -> LedgerReport {
    let now = world.engine.now();
    block_on(verify_ledger(&*world.store, &"acme".parse().unwrap(), &world.heads, now)).unwrap()
}

pub(crate) fn proof(world: &World, of: &str) -> Proof {
    block_on(world.engine.consent_proofs(of.parse().unwrap(), None)).unwrap().remove(0)
}

/// Whether the heads of a proof prove each of its entries, by nothing but the proof.
fn proves(proof: &Proof) -> bool {
    proof.history.iter().all(|entry| {
        let Some(seal) = &entry.seal else { return false };
        let key = frontdesk::tendlc::LedgerKey {
            consumer: proof.consumer,
            programme: proof.programme.clone(),
        };
        let leaf = seal_leaf(&key, entry.number, &entry.digest);
        let head = proof.heads.iter().find(|head| head.head.head().size == seal.inclusion.size);
        head.is_some_and(|head| {
            key_is_good(&head.head) && seal.inclusion.proves(leaf, head.head.head().root)
        })
    })
}

fn key_is_good(head: &SignedHead) -> bool {
    key().verifier().verifies(head)
}

#[test]
fn dlc_3_an_entry_is_sealed_within_a_second_and_anchored_within_the_hour() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![vault.clone()]);
    world.text("Hello?");
    world.text_from(OTHER, NUMBER, "START");
    world.pass(TimeDelta::seconds(1));
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert_eq!((report.sealed, report.unsealed), (report.entries, 0), "{report}");
    // The first head is due at once, the next an hour later.
    let first = block_on(vault.heads()).unwrap();
    assert_eq!(first.len(), 1);
    world.text("STOP");
    assert_eq!(block_on(vault.heads()).unwrap(), first);
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert_eq!(report.coverage.last().unwrap().head, None, "{report}");
    world.pass(TimeDelta::hours(1));
    assert_eq!(block_on(vault.heads()).unwrap().len(), 2);
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert!(report.coverage.iter().all(|part| part.anchors == ["vault"]), "{report}");
    // Nothing was entered since: no head is made.
    world.pass(TimeDelta::hours(5));
    assert_eq!(block_on(vault.heads()).unwrap().len(), 2);
    for consumer in [CONSUMER, OTHER] {
        assert!(proves(&proof(&world, consumer)));
    }
    let stop = proof(&world, CONSUMER).history.pop().unwrap();
    assert_eq!(
        stop.seal.unwrap().after,
        Some(first[0].head().size),
        "it was put in after that head"
    );
}

#[test]
fn dlc_3_a_proof_says_where_no_anchor_has_a_head() {
    let mut world = World::new();
    world.text("Hello?");
    let told = proof(&world, CONSUMER).to_string();
    assert!(
        told.contains("consistent in itself. No anchor has a head that covers entry 1"),
        "{told}"
    );
    let vault = Arc::new(MemoryAnchor::new("vault"));
    world.heads = Heads { key: Some(key()), anchors: vec![vault], ..Heads::default() };
    let world = world.restart(CENTER);
    world.pass(TimeDelta::seconds(1));
    let told = proof(&world, CONSUMER).to_string();
    assert!(told.contains("covered by a head that an anchor has"), "{told}");
    assert!(told.contains("vault has it"), "{told}");
}

#[test]
fn dlc_3_many_entries_are_sealed_in_one_go_and_proven_by_few_digests() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let world = world(vec![vault]);
    let mut list = String::from("consumer,programme,consent,method,given,wording,evidence\n");
    for n in 0..3_000 {
        list += &format!("+1202{:07},{NUMBER},express,paper,2026-03-01,Yes,sheet\n", 2_000_000 + n);
    }
    block_on(world.engine.import_consent(&list, ("list.csv", "robin"))).unwrap();
    block_on(world.engine.ledger_head()).unwrap();
    block_on(world.engine.dispatch()).unwrap();
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert_eq!((report.sealed, report.unsealed), (3_000, 0));
    for n in [0, 1, 255, 256, 1_999, 2_999] {
        let proof = proof(&world, &format!("+1202{:07}", 2_000_000 + n));
        assert!(proves(&proof));
        let seal = proof.history[0].seal.clone().unwrap();
        assert!(seal.inclusion.path.len() <= 12, "{}", seal.inclusion.path.len());
    }
}

/// An authority that does not answer, then answers.
#[derive(Debug, Default)]
struct Absent(AtomicU32);

#[async_trait]
impl Anchor for Absent {
    fn name(&self) -> &'static str {
        "absent"
    }

    async fn anchor(&self, _: &SignedHead) -> Result<Receipt, AnchorError> {
        if self.0.fetch_add(1, Ordering::SeqCst) < 3 {
            return Err(AnchorError::Unavailable { reason: "no answer".into(), retry_after: None });
        }
        Ok(Receipt { answer: b"yes".to_vec().into(), ..Receipt::default() })
    }

    async fn check(
        &self,
        _: &SignedHead,
        receipt: &Receipt,
    ) -> Result<Option<Instant>, AnchorError> {
        if receipt.answer.as_bytes() == b"yes" {
            return Ok(Some("2026-11-20T17:02:00Z".parse().unwrap()));
        }
        Err(AnchorError::Mismatch { reason: "not mine".into() })
    }

    fn evidence(&self) -> AnchorEvidence {
        AnchorEvidence::Receipt
    }
}

#[test]
fn dlc_3_an_anchor_that_does_not_answer_is_asked_again_and_nothing_waits_for_it() {
    let absent = Arc::new(Absent::default());
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![absent, vault.clone()]);
    world.text("Hello?");
    assert_eq!(block_on(vault.heads()).unwrap().len(), 1, "the other has it");
    assert!(world.sent_with("Acme") > 0, "texts leave");
    assert!(proof(&world, CONSUMER).heads[0].anchors.iter().all(|had| had.anchor == "vault"));
    for _ in 0..4 {
        world.pass(TimeDelta::minutes(1));
    }
    let anchors = proof(&world, CONSUMER).heads.remove(0).anchors;
    let at = |name: &str| anchors.iter().find(|had| had.anchor == name).unwrap().at;
    assert_eq!(at("absent"), Some("2026-11-20T17:02:00Z".parse().unwrap()));
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
}

#[test]
fn dlc_3_an_anchor_that_is_not_configured_any_more_is_told_as_unchecked() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![vault]);
    world.text("Hello?");
    world.heads.anchors.clear();
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert!(!report.heads[0].anchors[0].checked);
    // The work for an anchor that is gone is given up.
    let world = world.restart(CENTER);
    world.pass(TimeDelta::minutes(1));
    let dead = block_on(world.store.work(&"acme".parse().unwrap(), WorkState::Dead, 9)).unwrap();
    assert!(dead.is_empty());
}

#[test]
fn dlc_3_a_key_that_is_replaced_stays_known_and_one_that_is_lost_is_told() {
    let mut world = world(Vec::new());
    world.text("Hello?");
    let former = key().verifier();
    world.heads.key = Some(Arc::new(HeadKey::new("acme-2", &[8; 32]).unwrap()));
    world.heads.former_keys = vec![former];
    let mut world = world.restart(CENTER);
    world.text("START");
    world.pass(TimeDelta::hours(1));
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    let signed: Vec<_> = report.heads.iter().map(|head| head.signed_by.clone()).collect();
    assert_eq!(signed, [["acme"], ["acme-2"]]);
    world.heads.former_keys.clear();
    let report = verify(&world);
    let unsigned: Vec<_> = report
        .problems
        .iter()
        .filter(|problem| matches!(problem, LedgerProblem::Signature { .. }))
        .collect();
    assert_eq!(unsigned.len(), 1, "{report}");
}

#[test]
fn dlc_3_two_hosts_seal_each_entry_once() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![vault]);
    let beside = world.beside(CENTER);
    for (n, body) in ["Hello?", "START", "STOP", "START"].iter().enumerate() {
        world.text(body);
        world.clock.advance(TimeDelta::seconds(1));
        let (one, other) = block_on(async { futures::join!(world.engine.tick(), beside.tick()) });
        assert!(one.is_ok() && other.is_ok(), "{n}: {one:?} {other:?}");
    }
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert_eq!(report.sealed, report.entries);
}

#[test]
fn dlc_3_what_retention_drops_keeps_its_place() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![vault]);
    for body in ["Hello?", "START", "STOP", "START"] {
        world.text(body);
        world.pass(TimeDelta::days(1));
    }
    world.pass(TimeDelta::days(6 * 365));
    let dropped =
        block_on(world.engine.prune_ledger(frontdesk::tendlc::Retention::default())).unwrap();
    assert!(dropped > 0);
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert_eq!((report.dropped, report.sealed), (dropped, dropped + report.entries));
    assert!(proves(&proof(&world, CONSUMER)));
}

/// A ledger of before there were heads: its entries are old, and their seal is of today. Nobody could tell retention from theft.
#[test]
fn dlc_3_what_was_sealed_of_late_stays_however_old_it_is() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = World::new();
    for body in ["Hello?", "START", "STOP", "START"] {
        world.text(body);
        world.pass(TimeDelta::days(1));
    }
    world.pass(TimeDelta::days(6 * 365));
    world.heads = Heads { key: Some(key()), anchors: vec![vault], ..Heads::default() };
    let world = world.restart(CENTER);
    world.pass(TimeDelta::seconds(1));
    let prune = |world: &World| {
        block_on(world.engine.prune_ledger(frontdesk::tendlc::Retention::default())).unwrap()
    };
    world.pass(TimeDelta::days(4 * 365));
    assert_eq!(prune(&world), 0);
    world.pass(TimeDelta::days(2));
    assert!(prune(&world) > 0);
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
}

#[test]
fn dlc_3_an_erasure_leaves_everything_whole_and_is_an_entry_itself() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![vault]);
    for body in ["Hello?", "START", "STOP"] {
        world.text(body);
    }
    world.text_from(OTHER, NUMBER, "Hello?");
    world.pass(TimeDelta::hours(1));
    let consumer = CONSUMER.parse().unwrap();
    let before = proof(&world, CONSUMER);
    let erase = |world: &World, reason: &str| {
        let erasure = Erasure::new(reason, "robin (credential 00112233)").unwrap();
        block_on(world.engine.erase_evidence(consumer, &erasure)).unwrap()
    };
    assert_eq!(erase(&world, "asked for by letter"), before.history.len() as u64);
    assert_eq!(erase(&world, "once more"), 0, "nothing is left");
    world.pass(TimeDelta::hours(1));
    let after = proof(&world, CONSUMER);
    assert_eq!(
        (after.standing, after.level, after.since),
        (before.standing, before.level, before.since)
    );
    assert_eq!(after.history.len(), before.history.len() + 1);
    let blank = |entry: &frontdesk::tendlc::ProvenEntry| {
        entry.entry.wording.is_empty() && entry.entry.evidence.is_empty()
    };
    let (erasure, erased) = after.history.split_last().unwrap();
    assert!(erased.iter().all(blank), "{after}");
    assert_eq!(erasure.entry.wording, "asked for by letter");
    let told = after.to_string();
    assert!(told.contains("entered by: robin (credential 00112233)"), "{told}");
    // A later erasure blanks what was entered since, and not the reason of this one.
    world.text("Hello again");
    assert_eq!(erase(&world, "once more"), 0, "an opted out consumer's text is no entry");
    world.text("START");
    assert_eq!(erase(&world, "once more"), 1);
    assert!(proof(&world, CONSUMER).to_string().contains("reason: asked for by letter"));
    assert!(after.to_string().contains("wording and evidence were erased up to entry"), "{after}");
    assert!(!proof(&world, OTHER).history.iter().any(blank), "another's stay");
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert!(proves(&after));
}

#[test]
fn dlc_3_an_empty_ledger_has_no_head() {
    let world = World::with(CENTER, Arc::new(MemoryStore::new()));
    assert_eq!(block_on(world.engine.ledger_head()).unwrap(), None);
    assert!(verify(&world).is_whole());
}
