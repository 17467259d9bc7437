//! Lists of consent that are taken in (DLC-3).

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    EngineError, ImportReceipt,
    store::MemoryStore,
    tendlc::{Erasure, Standing},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, OTHER, World};

const NOTICES: &str = "+12025550120";

fn world() -> World {
    let center = format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n[[compliance.campaigns]]\nid = 'C1'\nuse_case = 'LOW_VOLUME'\nnumbers = ['{NOTICES}']\n"
    );
    World::with(&center, Arc::new(MemoryStore::new()))
}

fn import(world: &World, rows: &str) -> Result<ImportReceipt, EngineError> {
    let list = format!("consumer,programme,consent,method,given,wording,evidence\n{rows}\n");
    block_on(world.engine.import_consent(&list, ("list.csv", "robin")))
}

/// A monthly import of the whole list undoes no erasure.
#[test]
fn dlc_3_a_list_does_not_bring_back_what_was_erased() {
    let world = world();
    let list = format!(
        "{CONSUMER},C1,written,web_form,2026-03-01,I agree.,form 1\n{CONSUMER},C1,opted_out,phone,2026-04-01,No more,call 2\n\
         {OTHER},C1,written,web_form,2026-03-01,I agree.,form 2"
    );
    assert_eq!(import(&world, &list).unwrap(), ImportReceipt { entered: 3, known: 0 });
    let erasure = Erasure::default();
    let erased = world.engine.erase_evidence(CONSUMER.parse().unwrap(), &erasure);
    assert_eq!(block_on(erased).unwrap(), 2);
    world.pass(TimeDelta::days(30));
    assert_eq!(import(&world, &list).unwrap(), ImportReceipt { entered: 0, known: 3 });
    let proofs = block_on(world.engine.consent_proofs(CONSUMER.parse().unwrap(), None)).unwrap();
    let history = &proofs[0].history;
    assert_eq!(history.len(), 3, "two rows, and the erasure");
    assert!(history.iter().all(|proven| proven.entry.wording.is_empty()), "{history:?}");
    // Another act, or another moment, is news.
    let newer = format!("{CONSUMER},C1,written,web_form,2026-05-01,I agree.,form 3");
    assert_eq!(import(&world, &newer).unwrap(), ImportReceipt { entered: 1, known: 0 });
}

/// The history of an old system, with both in one file.
#[test]
fn dlc_3_a_file_has_consent_and_revocation_of_one_consumer() {
    let world = world();
    let list = format!(
        "{CONSUMER},C1,opted_out,keyword,2026-04-01,STOP,old system\n{CONSUMER},C1,written,web_form,2026-03-01,I agree.,form 1"
    );
    assert_eq!(import(&world, &list).unwrap(), ImportReceipt { entered: 2, known: 0 });
    assert_eq!(import(&world, &list).unwrap(), ImportReceipt { entered: 0, known: 2 });
    let proofs = block_on(world.engine.consent_proofs(CONSUMER.parse().unwrap(), None)).unwrap();
    assert_eq!(proofs[0].standing, Standing::OptedOut);
    let first = &proofs[0].history[0].entry;
    assert!(!first.act.revokes(), "in the order of `given`: {first:?}");
}
