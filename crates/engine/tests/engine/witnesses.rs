//! Those who have heads of the ledger: what their answers are worth, and what a look and a proof make of them (DLC-3).

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk::{
    Anchor, AnchorError, AnchorEvidence, Comparison, Heads, LedgerNote, LedgerProblem,
    LedgerReport, MemoryAnchor, WitnessProblem, compare_ledger, newest_head,
    store::{Commit, ItemWrite},
    tendlc::{Digest, HeadKey, KnownDifference, LedgerHead, Receipt, SignedHead},
    types::Instant,
};
use futures::executor::block_on;
use serde_json::{Value, json};

use crate::{
    seal::{key, proof, verify, world},
    world::{CENTER, CONSUMER, World},
};

const VOUCHES: &str = "since then none of them was changed";

/// An authority whose receipt proves head and moment, by a clock of its own.
#[derive(Debug, Default)]
struct Stamps {
    ahead: Mutex<TimeDelta>,
}

impl Stamps {
    fn ahead(by: TimeDelta) -> Arc<Self> {
        Arc::new(Self { ahead: Mutex::new(by) })
    }
}

#[async_trait]
impl Anchor for Stamps {
    fn name(&self) -> &'static str {
        "tsa"
    }

    async fn anchor(&self, head: &SignedHead) -> Result<Receipt, AnchorError> {
        let at = head.head().at + *self.ahead.lock().unwrap();
        let answer = format!("{at:?} {}", Digest::of(head.to_string().as_bytes()));
        Ok(Receipt { answer: answer.into_bytes().into(), ..Receipt::default() })
    }

    async fn check(
        &self,
        head: &SignedHead,
        receipt: &Receipt,
    ) -> Result<Option<Instant>, AnchorError> {
        let answer = String::from_utf8_lossy(receipt.answer.as_bytes()).into_owned();
        let wrong = || AnchorError::Mismatch { reason: "the stamp is of something else".into() };
        let (at, digest) = answer.split_once(' ').ok_or_else(wrong)?;
        if digest != Digest::of(head.to_string().as_bytes()).to_string() {
            return Err(wrong());
        }
        at.parse().map(Some).map_err(|_| wrong())
    }

    fn evidence(&self) -> AnchorEvidence {
        AnchorEvidence::Receipt
    }
}

/// Somebody who takes heads and says nothing that could be checked.
#[derive(Debug)]
struct Auditor;

#[async_trait]
impl Anchor for Auditor {
    fn name(&self) -> &'static str {
        "auditor"
    }

    async fn anchor(&self, _: &SignedHead) -> Result<Receipt, AnchorError> {
        Ok(Receipt::default())
    }

    async fn check(&self, _: &SignedHead, _: &Receipt) -> Result<Option<Instant>, AnchorError> {
        Ok(None)
    }
}

/// Somebody changes an item of the database; one that is made `Null` is taken away.
fn tamper(world: &World, kind: &'static str, change: impl Fn(&mut Value)) {
    let center = "acme".parse().unwrap();
    for item in block_on(world.store.items(&center, kind, None, 100)).unwrap() {
        let mut value: Value = serde_json::from_slice(&item.value).unwrap();
        change(&mut value);
        let value = (value != Value::Null).then(|| serde_json::to_vec(&value).unwrap());
        put(world, ItemWrite { kind, key: item.key, expected: item.version, value });
    }
}

fn put(world: &World, item: ItemWrite) {
    let commit = Commit { items: vec![item], ..Commit::default() };
    let _ = block_on(world.store.commit(&"acme".parse().unwrap(), commit)).unwrap();
}

fn head(world: &World) -> SignedHead {
    block_on(newest_head(&*world.store, &"acme".parse().unwrap())).unwrap().unwrap()
}

/// A world with one head over a START and a STOP, which an anchor has.
fn anchored(anchor: Arc<dyn Anchor>) -> World {
    let mut world = world(vec![anchor]);
    world.text("START");
    world.text("STOP");
    world.pass(TimeDelta::hours(1));
    assert!(verify(&world).is_whole(), "{}", verify(&world));
    world
}

fn compared(world: &World, comparison: &Comparison) -> LedgerReport {
    let (center, now) = ("acme".parse().unwrap(), world.engine.now());
    block_on(compare_ledger(&*world.store, &center, &world.heads, comparison, now)).unwrap()
}

fn with_head(name: &str, head: &SignedHead) -> Comparison {
    Comparison { heads: vec![(name.to_owned(), head.clone())], ..Comparison::default() }
}

fn told(report: &LedgerReport, of: impl Fn(&LedgerProblem) -> bool) -> bool {
    report.problems.iter().any(of)
}

/// The words of a proof; it vouches for nothing, and tells why.
fn doubts(world: &World, why: &str) {
    let told = proof(world, CONSUMER).to_string();
    assert!(told.contains(why), "{why}: {told}");
    assert!(!told.contains(VOUCHES), "{told}");
    assert!(told.contains("`frontdesk ledger verify` looks at everything"), "{told}");
}

#[test]
fn dlc_3_b2_a_proof_vouches_by_the_checks_of_its_heads() {
    let world = anchored(Stamps::ahead(TimeDelta::seconds(2)));
    let told = proof(&world, CONSUMER).to_string();
    assert!(told.contains(VOUCHES), "{told}");
    assert!(told.contains("signed by acme"), "{told}");
    assert!(told.contains("tsa had it on"), "{told}");
}

#[test]
fn dlc_3_b2_a_proof_does_not_vouch_for_a_head_that_a_stranger_has_signed() {
    let world = anchored(Stamps::ahead(TimeDelta::zero()));
    let stranger = HeadKey::new("acme", &[9; 32]).unwrap();
    tamper(&world, "ledger_head", |head| {
        let signed: SignedHead = head.as_str().unwrap().parse().unwrap();
        *head = json!(stranger.sign(signed.head().clone()).unwrap());
    });
    doubts(&world, "it has no good signature of a known key");
}

#[test]
fn dlc_3_b2_a_receipt_that_does_not_check_is_told_in_the_proof() {
    for receipt in [json!({}), json!({"answer": "anVuaw=="})] {
        let world = anchored(Stamps::ahead(TimeDelta::zero()));
        tamper(&world, "ledger_anchor", |answer| answer["receipt"] = receipt.clone());
        doubts(
            &world,
            "NOT GOOD: the answer of tsa does not check: the stamp is of something else",
        );
    }
    // The authority has another root today, and the operator says so: that does not vouch for anything either.
    let mut world = anchored(Stamps::ahead(TimeDelta::zero()));
    tamper(&world, "ledger_anchor", |answer| answer["receipt"] = json!({}));
    explain(&mut world);
    assert!(verify(&world).is_whole(), "{}", verify(&world));
    let world = world.restart(CENTER);
    let told = proof(&world, CONSUMER).to_string();
    assert!(told.contains("known: the clock was ahead") && !told.contains(VOUCHES), "{told}");
    assert!(told.contains("No anchor that was checked has a head"), "{told}");
}

#[test]
fn dlc_3_b2_the_moment_of_an_answer_is_the_one_of_its_receipt() {
    let world = anchored(Stamps::ahead(TimeDelta::seconds(2)));
    tamper(&world, "ledger_anchor", |answer| answer["at"] = json!("2020-01-01T00:00:00Z"));
    let told_in_proof = proof(&world, CONSUMER).to_string();
    assert!(!told_in_proof.contains("2020-01-01"), "{told_in_proof}");
    let report = verify(&world);
    let moment = |problem: &LedgerProblem| {
        matches!(problem, LedgerProblem::Witness(WitnessProblem::Moment { .. }))
    };
    assert!(told(&report, moment), "{report}");
    let world = anchored(Stamps::ahead(TimeDelta::seconds(2)));
    tamper(&world, "ledger_anchor", |answer| answer["answered"] = json!("2020-01-01T00:00:00Z"));
    assert!(!proof(&world, CONSUMER).to_string().contains("2020-01-01"));
    assert!(verify(&world).to_string().contains("before the head was made"));
}

#[test]
fn dlc_3_b2_a_head_over_other_entries_vouches_for_nothing() {
    let world = anchored(Arc::new(MemoryAnchor::new("vault")));
    tamper(&world, "ledger_head", |head| {
        let signed: SignedHead = head.as_str().unwrap().parse().unwrap();
        let other = LedgerHead { root: Digest::of(b"other"), ..signed.head().clone() };
        *head = json!(key().sign(other).unwrap());
    });
    doubts(&world, "its root is not that of the entries that are kept");
    let world = anchored(Arc::new(MemoryAnchor::new("vault")));
    tamper(&world, "ledger_head", |head| *head = json!("nonsense"));
    doubts(&world, "Of the ledger as a whole: head 0");
}

/// The anchor has a head that this ledger never made: somebody has made all of it anew.
#[test]
fn dlc_3_b2_a_proof_tells_what_an_anchor_has_of_another_ledger() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let world = anchored(vault.clone());
    let other = LedgerHead { root: Digest::of(b"before"), size: 1, ..head(&world).head().clone() };
    block_on(vault.anchor(&key().sign(other).unwrap())).unwrap();
    doubts(&world, "vault has another head of 1 entries");
}

#[test]
fn dlc_3_s3_an_answer_of_an_anchor_that_is_not_configured_covers_nothing() {
    let mut world = world(Vec::new());
    world.text("STOP");
    world.pass(TimeDelta::hours(1));
    let size = head(&world).head().size;
    let answer = json!({"anchor": "notary", "answered": world.engine.now(), "receipt": {}});
    let (key, value) = (format!("{size:020} notary"), serde_json::to_vec(&answer).ok());
    put(&world, ItemWrite { kind: "ledger_anchor", key, expected: 0, value });
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert!(report.coverage.iter().all(|part| part.head.is_none()), "{report}");
    let words = "an answer of `notary`, which is not configured, was not checked";
    assert!(report.to_string().contains(words), "{report}");
    let told = proof(&world, CONSUMER).to_string();
    assert!(told.contains(words) && !told.contains(VOUCHES), "{told}");
}

/// A webhook says nothing that could be checked: a row of its answer is as good as none.
#[test]
fn dlc_3_s3_an_answer_that_proves_nothing_covers_nothing() {
    let world = anchored(Arc::new(Auditor));
    let report = verify(&world);
    assert!(report.coverage.iter().all(|part| part.head.is_none()), "{report}");
    assert!(report.to_string().contains("the answers of `auditor` have nothing"), "{report}");
    let told = proof(&world, CONSUMER).to_string();
    assert!(told.contains("auditor was not asked") && !told.contains(VOUCHES), "{told}");
}

#[test]
fn dlc_3_s3_answers_that_are_taken_out_are_told_where_the_anchor_gives_its_heads_back() {
    let world = anchored(Arc::new(MemoryAnchor::new("vault")));
    tamper(&world, "ledger_anchor", |answer| *answer = Value::Null);
    let report = verify(&world);
    let gone = |problem: &LedgerProblem| {
        matches!(problem, LedgerProblem::Witness(WitnessProblem::AnswersGone { .. }))
    };
    assert!(told(&report, gone), "{report}");
    assert!(report.coverage.iter().all(|part| part.anchors == ["vault"]), "it has the heads");
}

#[test]
fn dlc_3_b3_a_head_that_somebody_else_has_kept_shows_a_ledger_that_was_made_anew() {
    let honest = anchored(Arc::new(Auditor));
    let forged = anchored(Arc::new(Auditor));
    let report = compared(&honest, &with_head("mail.txt", &head(&honest)));
    let given = format!("head {} of mail.txt, signed by acme, is of", head(&honest).head().size);
    assert!(report.is_whole() && report.to_string().contains(&given), "{report}");
    let report = compared(&forged, &with_head("mail.txt", &head(&honest)));
    let elsewise =
        |problem: &LedgerProblem| matches!(problem, LedgerProblem::AnchoredElsewise { .. });
    assert!(told(&report, elsewise), "{report}");
    let stranger = HeadKey::new("acme", &[9; 32]).unwrap();
    let unknown = stranger.sign(head(&honest).head().clone()).unwrap();
    let report = compared(&honest, &with_head("mail.txt", &unknown));
    assert!(report.to_string().contains("no good signature of a known key"), "{report}");
    let elsewhere = LedgerHead { origin: "other".into(), ..head(&honest).head().clone() };
    let report = compared(&honest, &with_head("mail.txt", &key().sign(elsewhere).unwrap()));
    assert!(!report.is_whole() && report.to_string().contains("of another ledger, other"));
}

#[test]
fn dlc_3_b3_entries_that_are_much_older_than_their_first_head_are_told() {
    let mut world = World::new();
    world.text("STOP");
    world.pass(TimeDelta::days(30));
    let vault = Arc::new(MemoryAnchor::new("vault"));
    world.heads = Heads { key: Some(key()), anchors: vec![vault], ..Heads::default() };
    let world = world.restart(CENTER);
    world.pass(TimeDelta::seconds(1));
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    let late = report.notes.iter().find(|note| matches!(note, LedgerNote::CoveredLate { .. }));
    let late = late.unwrap_or_else(|| panic!("{report}")).to_string();
    assert!(late.contains("covered only by head") && late.contains(", 30 days after"), "{late}");
}

#[test]
fn dlc_3_s7_a_backup_that_is_older_than_the_anchor_is_told_as_that() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let world = anchored(vault.clone());
    let last = head(&world).head().clone();
    let again = LedgerHead { at: last.at + TimeDelta::hours(1), ..last.clone() };
    block_on(vault.anchor(&key().sign(again).unwrap())).unwrap();
    let report = verify(&world);
    assert!(report.is_whole(), "the same entries: {report}");
    let same = format!("`vault` has head {}, which this copy does not", last.size);
    assert!(report.to_string().contains(&same), "{report}");
    let later = LedgerHead { size: last.size + 1, root: Digest::of(b"later"), ..last };
    block_on(vault.anchor(&key().sign(later).unwrap())).unwrap();
    let report = verify(&world);
    assert!(!report.is_whole(), "{report}");
    let words = "this copy is older, or entries were taken away";
    assert!(report.to_string().contains(words), "{report}");
    let report = compared(&world, &Comparison { is_copy: true, ..Comparison::default() });
    assert!(report.is_whole() && report.to_string().contains("made after this copy"), "{report}");
}

/// The operator explains, for every head, what a look would tell for ever.
fn explain(world: &mut World) {
    let sizes: Vec<u64> = verify(world).heads.iter().map(|head| head.size).collect();
    let (reason, on) = ("the clock was ahead".to_owned(), "2026-11-28".parse().unwrap());
    let known = |size| KnownDifference { size, reason: reason.clone(), on };
    world.heads.known = sizes.into_iter().map(known).collect();
}

#[test]
fn dlc_3_s7_an_authority_whose_clock_is_another_is_told_until_it_is_explained() {
    for (ahead, words) in [
        (TimeDelta::minutes(-10), "before it was made"),
        (TimeDelta::days(1), "after its answer had come"),
    ] {
        let mut world = world(vec![Stamps::ahead(ahead)]);
        world.text("STOP");
        world.pass(TimeDelta::hours(1));
        let report = verify(&world);
        assert!(!report.is_whole() && report.to_string().contains(words), "{report}");
        explain(&mut world);
        let report = verify(&world);
        assert!(report.is_whole(), "{report}");
        let told = report.to_string();
        assert!(told.contains("known: the clock was ahead (explained on 2026-11-28)"), "{told}");
        let world = world.restart(CENTER);
        let told = proof(&world, CONSUMER).to_string();
        assert!(told.contains("known: the clock was ahead"), "{told}");
    }
}

#[test]
fn dlc_3_s7_a_head_that_was_made_ahead_of_time_is_explained_for_good() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = world(vec![vault]);
    let right = world.engine.now();
    world.clock.set(right + TimeDelta::hours(12));
    world.text("Hello?");
    world.pass(TimeDelta::seconds(2));
    world.clock.set(right + TimeDelta::minutes(1));
    world.text("STOP");
    world.pass(TimeDelta::seconds(2));
    let report = verify(&world);
    let backdated = |problem: &LedgerProblem| matches!(problem, LedgerProblem::Backdated { .. });
    assert!(told(&report, backdated), "{report}");
    explain(&mut world);
    let report = verify(&world);
    assert!(report.is_whole(), "{report}");
    assert!(report.to_string().contains("entries say that they are older than head"), "{report}");
    assert!(report.to_string().contains("differences are explained by the operator"), "{report}");
}

#[test]
fn dlc_3_each_configured_anchor_is_named_with_its_newest_head() {
    let vault: Arc<dyn Anchor> = Arc::new(MemoryAnchor::new("vault"));
    let mut world = anchored(vault);
    world.heads.anchors.push(Arc::new(MemoryAnchor::new("second")));
    let report = verify(&world);
    let size = head(&world).head().size;
    assert!(report.to_string().contains(&format!("anchor `vault`: its newest head is {size}")));
    assert!(report.to_string().contains("anchor `second`: it has no head"), "{report}");
    let within = |hours| Comparison {
        newest_within: Some(TimeDelta::hours(hours)),
        ..Comparison::default()
    };
    assert!(compared(&world, &within(2)).is_whole());
    world.pass(TimeDelta::hours(3));
    let report = compared(&world, &within(2));
    let words = "no anchor has a head of the last 2 hours";
    assert!(!report.is_whole() && report.to_string().contains(words), "{report}");
}

/// M11: a ledger that was made anew, or an older copy that goes on, is told with the next head.
#[test]
fn dlc_3_a_host_is_told_that_an_anchor_has_heads_of_another_ledger() {
    let vault = Arc::new(MemoryAnchor::new("vault"));
    let mut world = anchored(vault.clone());
    let next_head = |world: &mut World, word| {
        world.text(word);
        world.pass(TimeDelta::hours(1));
        std::mem::take(&mut *world.ear.2.lock().unwrap())
    };
    assert_eq!(next_head(&mut world, "START"), [], "its own heads");
    let other = LedgerHead { root: Digest::of(b"before"), size: 1, ..head(&world).head().clone() };
    block_on(vault.anchor(&key().sign(other).unwrap())).unwrap();
    assert_eq!(next_head(&mut world, "STOP"), [("vault".to_owned(), 1)]);
    let (reason, on) = ("a copy was restored".to_owned(), "2026-11-28".parse().unwrap());
    world.heads.known = vec![KnownDifference { size: 1, reason, on }];
    let mut world = world.restart(CENTER);
    assert_eq!(next_head(&mut world, "START"), [], "it is explained");
}
