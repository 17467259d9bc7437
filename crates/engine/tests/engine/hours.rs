//! HRS-9: told once that it is closed, and when it opens.

use chrono::TimeDelta;
use frontdesk::types::EndReason;

use crate::world::{NUMBER, OTHER, World};

#[test]
fn after_hours_is_told_once_until_it_opens() {
    let mut world = World::new();
    // Noon on Friday; the night desk opens at ten in the evening.
    world.text("Hello");
    let session = world.text("3").unwrap();
    assert_eq!(world.sent_with("We are closed right now"), 1);
    assert_eq!(world.sent_with("22:00") + world.sent_with("10"), 1, "{:?}", world.sent());
    assert_eq!(world.row(session).ended.unwrap().1, EndReason::AfterHours);
    for _ in 0..3 {
        world.text("Hello");
        world.text("3");
    }
    assert_eq!(world.sent_with("We are closed right now"), 1, "not again in the same closure");
    world.text_from(OTHER, NUMBER, "Hello");
    world.text_from(OTHER, NUMBER, "3");
    assert_eq!(world.sent_with("We are closed right now"), 2, "another consumer was not told");

    // At eleven it is open, and past midnight still.
    world.pass(TimeDelta::hours(11));
    world.text("Hello");
    let session = world.text("3").unwrap();
    assert_eq!(&*world.row(session).status, "queued");
    world.pass(TimeDelta::hours(2));
    world.text_from(OTHER, NUMBER, "Hello");
    let session = world.text_from(OTHER, NUMBER, "3").unwrap();
    assert_eq!(&*world.row(session).status, "queued");
    // The next closure is told again.
    world.pass(TimeDelta::hours(3));
    world.text_from("+12025550125", NUMBER, "Hello");
    world.text_from("+12025550125", NUMBER, "3");
    assert_eq!(world.sent_with("We are closed right now"), 3);
}
