//! CRM-1, CRM-2, CRM-7: the right record gets the right posts, once.

use frontdesk::{
    ContactChoice,
    crm::{Crm, PostKind},
    types::{ContactId, Fact},
};
use futures::executor::block_on;

use crate::world::{World, id};

fn posts(world: &World, contact: &ContactId) -> Vec<PostKind> {
    block_on(world.crm.posts(contact)).unwrap().into_iter().map(|post| post.kind).collect()
}

fn finished(world: &World, session: frontdesk::types::SessionId) {
    world.send(session, "ana", "All good").unwrap();
    block_on(world.engine.end(session, &id("ana"))).unwrap();
    world.settle();
}

#[test]
fn a_stranger_gets_a_contact() {
    let mut world = World::new();
    let session = world.chat();
    finished(&world, session);
    let linked = |fact: &Fact| matches!(fact, Fact::ContactLinked { created: true, .. });
    assert_eq!(world.count(linked), 1);
    let kinds = posts(&world, &ContactId("c-1".into()));
    assert!(matches!(kinds[0], PostKind::Connected { .. }), "{kinds:?}");
    let PostKind::Ended { transcript, .. } = &kinds[1] else { panic!("{kinds:?}") };
    assert!(transcript.contains("pay") && transcript.contains("All good"), "{transcript}");
    assert_eq!(kinds.len(), 2);
}

#[test]
fn a_known_number_is_found_however_it_is_spelled() {
    for spelling in ["(202) 555-0123", "+1 202 555 0123", "202.555.0123 ext. 4"] {
        let mut world = World::new();
        let known = world.crm.add("Kim", spelling);
        let session = world.chat();
        finished(&world, session);
        assert_eq!(posts(&world, &known).len(), 2, "{spelling}");
    }
}

#[test]
fn several_contacts_wait_for_the_agent_to_choose_and_so_do_the_posts() {
    let mut world = World::new();
    let kim = world.crm.add("Kim", "+12025550123");
    let mother = world.crm.add("Kim's mother", "+12025550123");
    let session = world.chat();
    finished(&world, session);
    assert_eq!(block_on(world.engine.contact_candidates(session)).unwrap().len(), 2);
    assert!(posts(&world, &kim).is_empty() && posts(&world, &mother).is_empty());
    let stranger = ContactChoice::Existing(ContactId("c-99".into()));
    assert!(block_on(world.engine.choose_contact(session, stranger)).is_err());

    let choice = ContactChoice::Existing(mother.clone());
    block_on(world.engine.choose_contact(session, choice.clone())).unwrap();
    world.settle();
    assert_eq!((posts(&world, &kim).len(), posts(&world, &mother).len()), (0, 2));
    assert!(block_on(world.engine.contact_candidates(session)).unwrap().is_empty());
    assert!(block_on(world.engine.choose_contact(session, choice)).is_err(), "chosen once");
}

#[test]
fn none_of_several_makes_a_new_contact() {
    let mut world = World::new();
    world.crm.add("Kim", "+12025550123");
    world.crm.add("Kim's mother", "+12025550123");
    let session = world.chat();
    block_on(world.engine.choose_contact(session, ContactChoice::New)).unwrap();
    world.settle();
    assert_eq!(posts(&world, &ContactId("c-3".into())).len(), 1);
}

#[test]
fn a_session_that_no_agent_took_is_posted_nowhere() {
    let mut world = World::new();
    let session = world.text("pay").unwrap();
    block_on(world.engine.end_by_supervisor(session)).unwrap();
    world.settle();
    assert_eq!(world.count(|fact| matches!(fact, Fact::ContactLinked { .. })), 0);
}
