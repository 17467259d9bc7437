//! HRS-9: told once that it is closed, and when it opens.

use chrono::TimeDelta;
use frontdesk::types::{EndReason, Fact};

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World, tell};

/// Sales observes holidays: Thanksgiving whole, the day after until noon.
fn center() -> String {
    let sales = "name = \"Sales\"";
    let hours = "[queues.hours]
zone = \"America/New_York\"
open = { mon-fri = \"09:00-17:00\" }
holidays = [\"US\"]
[[queues]]
id = \"night\"";
    let config = CENTER.replacen("[[queues]]\nid = \"night\"", hours, 1);
    assert!(config != CENTER && CENTER.contains(sales));
    config
        + "
[[queues]]
id = 'es'
parent = 'main'
name = 'Español'
language = 'es'
[[holidays]]
name = 'Thanksgiving'
dates = '4th thu nov'
folder = 'US'
text = { en = '@{COMPANY_NAME}: happy Thanksgiving! Back @{NEXT_REOPEN_HOUR}.', es = '¡Feliz día! Volvemos @{NEXT_REOPEN_HOUR}.' }
voice = 'Happy Thanksgiving.'
[[holidays]]
name = 'Day after Thanksgiving'
dates = '2026-11-27'
time = '00:00-12:00'
folder = 'US'
"
}

#[test]
fn hrs_3_a_holiday_says_its_own_words_and_the_next_opening() {
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&center(), store);
    // It is noon on Friday the 20th; on Thursday evening it is out of hours and a holiday.
    world.pass(TimeDelta::days(6));
    world.text_from(CONSUMER, NUMBER, "Hello");
    let session = world.text_from(CONSUMER, NUMBER, "Sales").unwrap();
    assert_eq!(world.sent().last().unwrap(), "Acme: happy Thanksgiving! Back Friday 12:00 PM.");
    assert_eq!(world.row(session).ended.unwrap().1, EndReason::AfterHours);
    world.text_from(OTHER, NUMBER, "Hello");
    world.text_from(OTHER, NUMBER, "Español");
    world.text_from(OTHER, NUMBER, "Sales");
    assert_eq!(world.sent().last().unwrap(), "¡Feliz día! Volvemos viernes 12:00.");
    // On Friday morning another holiday without words: the after-hours message.
    world.pass(TimeDelta::hours(21));
    world.text_from("+12025550125", NUMBER, "Hello");
    world.text_from("+12025550125", NUMBER, "Sales");
    assert!(world.sent().last().unwrap().contains("12:00 PM"), "{:?}", world.sent().last());
    assert_eq!(world.sent_with("happy Thanksgiving"), 1);
    // Noon: open.
    world.pass(TimeDelta::hours(3));
    world.text_from("+12025550126", NUMBER, "Hello");
    let session = world.text_from("+12025550126", NUMBER, "Sales").unwrap();
    assert_eq!(&*world.row(session).status, "queued");
}

#[test]
fn hrs_9_a_closed_queue_sends_on_and_circles_are_refused() {
    let night = "name = \"Night desk\"";
    let to = |to: &str| CENTER.replacen(night, &format!("{night}\nafter_hours = 'queue:{to}'"), 1);
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&to("sales"), store);
    world.text("Hello");
    let session = world.text("3").unwrap();
    assert_eq!(world.row(session).queue, Some("sales".parse().unwrap()));
    assert_eq!(world.sent_with("closed"), 0);
    let forwarded = |fact: &Fact| {
        matches!(fact, Fact::Forwarded { from, to, reason: EndReason::AfterHours }
            if from.as_str() == "night" && to.as_str() == "sales")
    };
    assert_eq!(world.count(forwarded), 1);
    tell(
        &to("sales"),
        &[
            (
                "after_hours = 'queue:sales'",
                "after_hours = 'queue:sale'",
                "queues[3].after_hours: there is no queue `sale` that consumers wait in",
            ),
            (
                "after_hours = 'queue:sales'",
                "after_hours = 'queue:main'",
                "queues[3].after_hours: there is no queue `main` that consumers wait in",
            ),
            (
                "after_hours = 'queue:sales'",
                "after_hours = 'queue:night'",
                "queues[3].after_hours: the queues send consumers round in a circle: night → night",
            ),
            (
                "name = \"Sales\"",
                "name = \"Sales\"\nafter_hours = 'queue:night'",
                "queues[3].after_hours: the queues send consumers round in a circle: night → sales → night",
            ),
        ],
    );
}

#[test]
fn hrs_3_a_mistake_about_holidays_is_told_with_its_path() {
    tell(
        &center(),
        &[
            ("'4th thu nov'", "'5th thu nov'", "holidays[0].dates: `5th` is not which one"),
            ("'4th thu nov'", "'02/30'", "holidays[0].dates: `02/30` is not a date"),
            ("'Thanksgiving'", "'A holiday with a name too long'", "holidays[0].name: "),
            ("'Day after Thanksgiving'", "'Thanksgiving'", "holidays[1].name: `Thanksgiving` is"),
            ("'Day after Thanksgiving'", "'US'", "holidays[1].name: `US` is"),
            ("'00:00-12:00'", "'12:00'", "holidays[1].time: "),
            (
                "[\"US\"]",
                "[\"UK\"]",
                "queues[2].hours.holidays[0]: there is no holiday or folder `UK`",
            ),
            ("@{NEXT_REOPEN_HOUR}.', es", "@{AGENT}.', es", "holidays[0].text.en: "),
            ("es = '¡Feliz", "de = '¡Feliz", "holidays[0].text.de: "),
            ("[\"US\"]", "[\"*\", \"Thanksgiving\"]", ""),
        ],
    );
}

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
