//! Consumers are checked against do-not-call lists and lists of numbers that changed hands before a promotion leaves (DLC-4).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use frontdesk::{
    EngineError, MemoryScrubber, Notice, RequestKey, ScrubImportError, ScrubQuestion, ScrubReceipt,
    Scrubber, ScrubberError,
    store::{Line, MemoryStore},
    tendlc::{ContentType, Scrub, ScrubList, ScrubResult},
    types::{Delivery, Fact, PhoneNumber},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, OTHER, World, tell};

const NOTICES: &str = "+12025550120";
const ASKS: &str = "[compliance.scrub]\nlists = ['national_do_not_call']\n";

fn center(compliance: &str) -> String {
    format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n{compliance}")
}

/// A center at noon of a Friday in New York, with consent of both consumers to offers, given in March.
fn world(compliance: &str, scrubber: Option<Arc<dyn Scrubber>>) -> World {
    let mut world = World::with(&center(compliance), Arc::new(MemoryStore::new()));
    world.scrubber = scrubber;
    let world = world.restart(&center(compliance));
    let row =
        |consumer| format!("{consumer},{NOTICES},written,paper,2026-03-01,I agree.,sheet 7\n");
    let header = "consumer,programme,consent,method,given,wording,evidence";
    let list = format!("{header}\n{}{}", row(CONSUMER), row(OTHER));
    block_on(world.engine.import_consent(&list, ("consent.csv", "robin"))).unwrap();
    world
}

fn send(world: &World, key: &str, kind: ContentType) -> usize {
    let body = format!("Acme: letter {key}. Reply STOP to opt out.");
    let notice = Notice {
        consumer: consumer(),
        number: NOTICES.parse().unwrap(),
        body,
        key: RequestKey::new("shop", key).unwrap(),
        consent: None,
        kind,
    };
    block_on(world.engine.notify(notice)).unwrap();
    world.settle();
    world.sent_with(&format!("letter {key}."))
}

fn promotes(world: &World, key: &str) -> bool {
    send(world, key, ContentType::Promotional) == 1
}

fn consumer() -> PhoneNumber {
    CONSUMER.parse().unwrap()
}

fn import(world: &World, rows: &str) -> Result<ScrubReceipt, EngineError> {
    let list = format!("consumer,list,result,checked\n{rows}");
    block_on(world.engine.import_scrubs(&list, ("november.csv", "robin")))
}

/// Events of texts that are held or refused, in order.
fn told(world: &World) -> Vec<String> {
    let line = Line { consumer: consumer(), number: NOTICES.parse().unwrap() };
    let records = block_on(world.engine.outside_of_sessions(line)).unwrap();
    let facts = records.into_iter().flat_map(|record| record.events).map(|event| event.fact);
    let stopped = facts.filter_map(|fact| match fact {
        Fact::Delivery { delivery: Delivery::Held { reasons, .. }, .. } => {
            Some(format!("held: {}", reasons.join("; ")))
        }
        Fact::Delivery { delivery: Delivery::Refused { reasons, .. }, .. } => {
            Some(format!("refused: {}", reasons.join("; ")))
        }
        _ => None,
    });
    stopped.collect()
}

/// The main scenario: a sender has its list checked every month, and brings the results as a file.
#[test]
fn dlc_4_a_promotion_leaves_only_to_who_was_checked_within_31_days() {
    let world = world(ASKS, None);
    assert!(!promotes(&world, "1"));
    assert_eq!(told(&world), ["refused: not checked against the national do-not-call registry"]);
    assert_eq!(send(&world, "2", ContentType::Informational), 1, "it is no solicitation");
    let clear = format!("{CONSUMER},national_do_not_call,clear,2026-11-20\n");
    assert_eq!(import(&world, &clear).unwrap(), ScrubReceipt { recorded: 1, known: 0 });
    assert_eq!(import(&world, &clear).unwrap(), ScrubReceipt { recorded: 0, known: 1 });
    assert!(promotes(&world, "3"));
    world.pass(TimeDelta::days(30));
    let world = world.restart(&center(ASKS));
    assert!(promotes(&world, "4"), "it is remembered over a restart");
    world.pass(TimeDelta::days(1));
    assert!(!promotes(&world, "5"));
    let [.., last] = &told(&world)[..] else { panic!() };
    assert_eq!(
        last,
        "refused: last checked against the national do-not-call registry on 2026-11-20 00:00:00 UTC, 31 days are allowed"
    );
    let scrubs = block_on(world.engine.scrubs(consumer())).unwrap();
    assert_eq!(
        scrubs[0].to_string(),
        "national do-not-call registry: clear, checked on 2026-11-20 (november.csv, imported by robin)"
    );
}

#[test]
fn dlc_4_a_list_of_checks_is_taken_in_whole_or_not_at_all() {
    let world = world(ASKS, None);
    let clear = format!("{CONSUMER},national_do_not_call,clear,2026-11-20\n");
    let wrong = import(&world, &format!("{clear}{OTHER},national_do_not_call,cleer,2026-11-20\n"));
    let Err(EngineError::Scrubs(ScrubImportError::Import(wrong))) = wrong else { panic!() };
    assert_eq!(wrong.to_string(), "line 3, result: `cleer`; allowed are clear, listed, unknown");
    assert_eq!(block_on(world.engine.scrubs(consumer())).unwrap(), []);
    // More consumers than a commit has; one of them in two lists.
    let number = |n| format!("+1202{:07}", 2_000_000 + n);
    let mut rows = format!("{},internal,listed,2026-11-20\n", number(700));
    for n in 0..1_200 {
        rows += &format!("{},national_do_not_call,clear,2026-11-20\n", number(n));
    }
    assert_eq!(import(&world, &rows).unwrap(), ScrubReceipt { recorded: 1_201, known: 0 });
    let scrubs = block_on(world.engine.scrubs(number(700).parse().unwrap())).unwrap();
    let lists: Vec<ScrubList> = scrubs.iter().map(|scrub| scrub.list).collect();
    assert_eq!(lists, [ScrubList::Internal, ScrubList::NationalDoNotCall]);
    assert_eq!(import(&world, &rows).unwrap(), ScrubReceipt { recorded: 0, known: 1_201 });
}

#[test]
fn dlc_4_who_asked_the_sender_for_no_calls_gets_no_promotion_until_they_agree_in_writing() {
    let mut world = world("", None);
    assert!(promotes(&world, "1"));
    import(&world, &format!("{CONSUMER},internal,listed,2026-11-20\n")).unwrap();
    assert!(!promotes(&world, "2"));
    assert_eq!(
        told(&world),
        ["refused: on the internal do-not-call list since 2026-11-20 00:00:00 UTC"]
    );
    assert_eq!(send(&world, "3", ContentType::Informational), 1);
    world.text_from(CONSUMER, NOTICES, "Hello?");
    let list = format!(
        "consumer,programme,consent,method,given,wording,evidence\n{CONSUMER},{NOTICES},written,paper,2026-11-20T12:00:00Z,Yes.,sheet 8\n"
    );
    block_on(world.engine.import_consent(&list, ("consent.csv", "robin"))).unwrap();
    assert!(promotes(&world, "4"));
}

#[test]
fn dlc_4_a_number_that_was_reassigned_gets_answers_and_nothing_else() {
    let mut world = world("", None);
    import(&world, &format!("{CONSUMER},reassigned_numbers,disconnected,2026-11-20\n")).unwrap();
    assert!(!promotes(&world, "1"));
    assert_eq!(send(&world, "2", ContentType::Informational), 0);
    let [.., last] = &told(&world)[..] else { panic!() };
    assert_eq!(
        last,
        "refused: the number was disconnected since consent was given: reassigned numbers database, 2026-11-20 00:00:00 UTC"
    );
    world.text_from(CONSUMER, NOTICES, "Who is this?");
    assert_eq!(world.sent_with("nobody reads replies"), 1);
}

/// Somebody who checks numbers, when there.
#[derive(Debug, Default)]
struct Clerk {
    lists: MemoryScrubber,
    asked: AtomicUsize,
    question: Mutex<Option<ScrubQuestion>>,
    away: Mutex<bool>,
}

impl Clerk {
    /// A new version of the registry, with some numbers on it.
    fn registry(&self, version: &str, numbers: &[&str]) {
        let numbers = numbers.iter().map(|number| number.parse().unwrap());
        let version = version.parse().unwrap();
        self.lists.set_whole(ScrubList::NationalDoNotCall, version, "the registry", numbers);
    }

    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Scrubber for Clerk {
    async fn scrub(&self, question: &ScrubQuestion) -> Result<Vec<Scrub>, ScrubberError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.question.lock().unwrap() = Some(question.clone());
        if *self.away.lock().unwrap() {
            return Err(ScrubberError { reason: "no answer".into() });
        }
        self.lists.scrub(question).await
    }
}

#[test]
fn dlc_4_who_checks_numbers_is_asked_once_for_a_version_and_a_promotion_waits_for_the_answer() {
    let clerk = Arc::new(Clerk::default());
    clerk.registry("2026-11-20T00:00:00Z", &[OTHER]);
    let world = world(ASKS, Some(clerk.clone()));
    *clerk.away.lock().unwrap() = true;
    assert!(!promotes(&world, "1"));
    assert_eq!(
        told(&world),
        [
            "held: not checked against the national do-not-call registry; asked again from 2026-11-20 18:00:00 UTC"
        ]
    );
    assert_eq!(send(&world, "2", ContentType::Informational), 1);
    assert_eq!(clerk.asked(), 1, "nobody asks for what informs");
    *clerk.away.lock().unwrap() = false;
    world.pass(TimeDelta::hours(1));
    assert_eq!(world.sent_with("letter 1."), 1);
    let question = clerk.question.lock().unwrap().take().unwrap();
    assert_eq!(question.consented, Some("2026-03-01T00:00:00Z".parse().unwrap()));
    assert!(promotes(&world, "3"));
    assert_eq!(clerk.asked(), 1);
    let world = world.restart(&center(ASKS));
    assert!(promotes(&world, "4"), "it is remembered over a restart");
    assert_eq!(clerk.asked(), 0);
    world.pass(TimeDelta::days(31));
    assert!(!promotes(&world, "5"), "the version of November is too old");
    clerk.registry("2026-12-20T00:00:00Z", &[CONSUMER]);
    assert!(promotes(&world, "6"), "written permission lifts the national registry");
    let scrubs = block_on(world.engine.scrubs(consumer())).unwrap();
    assert_eq!(scrubs[0].result, ScrubResult::Listed);
}

#[test]
fn dlc_4_a_list_that_nobody_can_tell_of_is_asked_for_again_after_a_day() {
    let clerk = Arc::new(Clerk::default());
    let world = world(ASKS, Some(clerk.clone()));
    assert!(!promotes(&world, "1") && !promotes(&world, "2"));
    assert_eq!(clerk.asked(), 1);
    assert_eq!(told(&world)[0], "refused: not checked against the national do-not-call registry");
    clerk.registry("2026-11-20T00:00:00Z", &[]);
    assert!(!promotes(&world, "3"));
    world.pass(TimeDelta::days(1));
    assert!(promotes(&world, "4"));
}

#[test]
fn what_is_wrong_with_the_lists_that_are_asked_for_is_told() {
    let asks = format!("{}days = 31\n", center(ASKS));
    tell(
        &asks,
        &[
            ("days = 31", "days = 30", ""),
            ("days = 31", "days = 32", "compliance.scrub.days: found 32, allowed are 1 to 31"),
            ("days = 31", "days = 0", "compliance.scrub.days: found 0, allowed are 1 to 31"),
            (
                "'national_do_not_call'",
                "'internal', 'internal'",
                "compliance.scrub.lists[1]: stands there twice",
            ),
        ],
    );
    let told = crate::world::problems(&asks.replace("national_do_not_call", "dnc"));
    assert!(told.contains("national_do_not_call"), "{told}");
}
