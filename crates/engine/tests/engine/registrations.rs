//! Campaigns at their provider: what it says stops texts, and lifts nothing (DLC-8).

use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use frontdesk::{
    Engine, ManualClock, MemoryRegistrations, MockRegistrationLookup, Notice, Parts,
    RegistrationAnswer, RegistrationError, RegistrationIds, RegistrationLookup, RegistrationStatus,
    RegistrationView, RequestKey, async_trait,
    store::{Line, MemoryStore},
    tendlc::{ContentType, Registered},
    types::{
        Delivery, Fact, RegistrationChange,
        RegistrationState::{self, Active, Suspended},
    },
};
use futures::executor::block_on;

use crate::{
    shaky::Shaky,
    world::{CENTER, CONSUMER, World, tell},
};

const NOTICES: &str = "+12025550120";
const OTHER: &str = "+12025550121";
const IDS: &str = "{ brand = 'BN1', service = 'MG1', campaign = 'QE1' }";

/// The center with a campaign that has ids at a provider.
fn config(more: &str) -> String {
    format!(
        "{CENTER}\n[notifications]\nnumbers = ['{NOTICES}', '{OTHER}']\n\
         [[compliance.campaigns]]\nid = 'offers'\nuse_case = 'MARKETING'\nnumbers = ['{NOTICES}']\nprovider = {IDS}\n{more}\n"
    )
}

fn world(more: &str) -> World {
    World::with(&config(more), Arc::new(MemoryStore::new()))
}

/// An answer with these words, and the meaning that they have.
fn status(campaign: (&str, RegistrationState), brand: &str) -> RegistrationStatus {
    let (word, state) = campaign;
    let brand_state = match brand {
        "APPROVED" => "active",
        "SUSPENDED" => "suspended",
        _ => "unknown",
    };
    let json = format!(
        r#"{{"standing":{{"campaign":{{"state":"{}","word":"{word}"}},"brand":{{"state":"{brand_state}","word":"{brand}"}},"identity":"VERIFIED","score":75}},"registry_campaign":"CEXAMPL","numbers":["{NOTICES}"]}}"#,
        state.word()
    );
    serde_json::from_str(&json).unwrap()
}

const VERIFIED: (&str, RegistrationState) = ("VERIFIED", Active);
const SUSPENDED: (&str, RegistrationState) = ("SUSPENDED", Suspended);

fn unavailable() -> RegistrationError {
    RegistrationError::Unavailable { reason: "503".into(), retry_after: None }
}

impl World {
    fn says(&self, campaign: (&str, RegistrationState)) -> RegistrationView {
        self.registrations.set("QE1", Ok(status(campaign, "APPROVED").into()));
        self.refreshed()
    }

    fn refreshed(&self) -> RegistrationView {
        let mut views = block_on(self.engine.refresh_registrations()).unwrap();
        assert_eq!(views.len(), 1);
        views.remove(0)
    }

    fn promote(&self, key: &str, body: &str) {
        let body = format!("Acme: {body}, 20 % off. Reply STOP to opt out.");
        let notice = Notice {
            consumer: CONSUMER.parse().unwrap(),
            number: NOTICES.parse().unwrap(),
            body,
            key: RequestKey::new("shop", key).unwrap(),
            consent: Some(crate::world::form()),
            kind: ContentType::Promotional,
        };
        block_on(self.engine.notify(notice)).unwrap();
        self.settle();
    }

    fn refusals(&self) -> Vec<String> {
        let line = Line { consumer: CONSUMER.parse().unwrap(), number: NOTICES.parse().unwrap() };
        let records = block_on(self.engine.outside_of_sessions(line)).unwrap();
        let facts = records.into_iter().flat_map(|record| record.events).map(|event| event.fact);
        let refused = facts.filter_map(|fact| match fact {
            Fact::Delivery { delivery: Delivery::Refused { reasons, .. }, .. } => Some(reasons),
            _ => None,
        });
        refused.flatten().collect()
    }

    fn changes(&self) -> Vec<RegistrationChange> {
        let facts = self.events().into_iter().map(|event| event.fact);
        facts
            .filter_map(|fact| match fact {
                Fact::RegistrationChanged { campaign, change } if campaign == "offers" => {
                    Some(*change)
                }
                _ => None,
            })
            .collect()
    }

    /// From what to what, as the log has it.
    fn moves(&self) -> Vec<(Option<RegistrationState>, RegistrationState)> {
        let moved =
            |change: RegistrationChange| (change.from.map(|from| from.state()), change.to.state());
        self.changes().into_iter().map(moved).collect()
    }
}

#[test]
fn dlc_8_a_campaign_that_the_provider_suspends_stops_at_once_and_comes_back() {
    let mut world = world("");
    assert_eq!(world.says(VERIFIED).status, Registered::Active);
    world.promote("1", "Mugs");
    assert_eq!(world.sent_with("Mugs"), 1);

    // In the night, a promotion waits in the outbox; the campaign is suspended meanwhile.
    world.pass(TimeDelta::hours(10));
    world.promote("2", "Plates");
    assert_eq!(world.says(SUSPENDED).status, Registered::Suspended);
    world.promote("3", "Bowls");
    world = world.restart(&config(""));
    world.registrations.set("QE1", Err(unavailable()));
    world.pass(TimeDelta::hours(10));
    let view = world.refreshed();
    assert_eq!(view.failure, Some(unavailable()));
    assert_eq!(view.status, Registered::Suspended, "the last answer holds");
    world.promote("4", "Spoons");
    assert_eq!(world.sent().len(), 1, "{:?}", world.sent());
    assert_eq!(world.refusals(), ["the campaign is suspended"; 3]);

    assert_eq!(world.says(VERIFIED).status, Registered::Active);
    world.promote("5", "Forks");
    assert_eq!((world.sent_with("Forks"), world.sent().len()), (1, 2));
    let moves = [(None, Active), (Some(Active), Suspended), (Some(Suspended), Active)];
    assert_eq!(world.moves(), moves);
}

#[test]
fn dlc_8_an_approval_of_the_provider_lifts_no_suspension_of_the_configuration() {
    let world = world("status = 'suspended'");
    let view = world.says(VERIFIED);
    assert_eq!((view.configured, view.status), (Registered::Suspended, Registered::Suspended));
    world.promote("1", "Mugs");
    assert_eq!(world.sent(), [""; 0]);
    assert_eq!(world.refusals(), ["the campaign is suspended"]);
}

#[test]
fn dlc_8_a_word_that_nobody_knows_is_told_and_not_approved() {
    let world = world("");
    let view = world.says(("PAUSED", RegistrationState::Unknown));
    assert_eq!(view.status, Registered::Pending);
    assert_eq!(view.answer.unwrap().1.standing.campaign.word, "PAUSED");
    world.promote("1", "Mugs");
    assert_eq!(world.refusals(), ["the campaign is pending"]);
    assert_eq!(world.changes()[0].to.campaign.word, "PAUSED");
}

#[test]
fn dlc_8_a_suspended_brand_stops_its_campaigns() {
    let world = world("");
    world.registrations.set("QE1", Ok(status(VERIFIED, "SUSPENDED").into()));
    assert_eq!(world.refreshed().status, Registered::Suspended);
    world.promote("1", "Mugs");
    assert_eq!(world.refusals(), ["the campaign is suspended"]);
    // Pages say what the gate says.
    let health = block_on(world.engine.campaign_health()).unwrap();
    assert_eq!(health[0].status, Registered::Suspended);
    let numbers = world.engine.activations().into_iter();
    let of: Vec<_> = numbers.filter(|one| one.status != Registered::Active).collect();
    assert_eq!(of.len(), 1);
    assert_eq!(of[0].number.to_string(), NOTICES);
}

#[test]
fn dlc_8_before_the_first_answer_the_configurations_word_holds() {
    let world = world("");
    world.registrations.set("QE1", Err(unavailable()));
    let view = world.refreshed();
    assert_eq!((view.status, view.failure), (Registered::Active, Some(unavailable())));
    world.promote("1", "Mugs");
    assert_eq!(world.sent().len(), 1);
    assert_eq!(world.changes(), []);
    // A good answer ends the failure.
    assert_eq!(world.says(VERIFIED).failure, None);
    assert_eq!(world.engine.registrations(), [world.refreshed()]);
}

#[test]
fn dlc_8_a_change_is_one_event_however_many_hosts_ask() {
    let world = world("");
    world.says(VERIFIED);
    let other = world.beside(&config(""));
    for engine in [&other, &world.engine, &other] {
        world.clock.advance(TimeDelta::minutes(15));
        let views = block_on(engine.refresh_registrations()).unwrap();
        assert_eq!(views[0].answer.as_ref().unwrap().0, engine.now(), "each answer is dated");
    }
    assert_eq!(world.changes().len(), 1);
    // Numbers, class and score are changes, too.
    let mut better = status(VERIFIED, "APPROVED");
    better.standing.score = Some(90);
    world.registrations.set("QE1", Ok(better.clone().into()));
    block_on(other.refresh_registrations()).unwrap();
    world.refreshed();
    better.numbers = Some([OTHER.parse().unwrap()].into());
    world.registrations.set("QE1", Ok(better.into()));
    let view = world.refreshed();
    assert_eq!(view.unregistered, [NOTICES.parse().unwrap()]);
    let changes = world.changes();
    assert_eq!(changes.len(), 3);
    assert_eq!(
        (changes[1].from.as_ref().unwrap().score, changes[1].to.score),
        (Some(75), Some(90))
    );
    assert_eq!(changes[2].numbers_added, [OTHER.parse().unwrap()]);
    assert_eq!(changes[2].numbers_removed, [NOTICES.parse().unwrap()]);
}

#[test]
fn dlc_8_what_an_answer_lacks_holds_as_before() {
    let world = world("");
    world.says(VERIFIED);
    let part = |campaign| {
        let mut status = status(campaign, "APPROVED");
        (status.standing.brand, status.standing.identity) = (None, None);
        (status.standing.score, status.numbers) = (None, None);
        RegistrationAnswer { status, incomplete: Some(unavailable()) }
    };
    world.registrations.set("QE1", Ok(part(VERIFIED)));
    let view = world.refreshed();
    assert_eq!(view.failure, Some(unavailable()));
    let (_, known) = view.answer.unwrap();
    assert_eq!(known, status(VERIFIED, "APPROVED"));
    assert_eq!(world.changes().len(), 1);
    // A suspension is not missed because the rest cannot be read.
    world.registrations.set("QE1", Ok(part(SUSPENDED)));
    assert_eq!(world.refreshed().status, Registered::Suspended);
    world.promote("1", "Mugs");
    assert_eq!(world.refusals(), ["the campaign is suspended"]);
    let last = world.changes().pop().unwrap();
    assert!(last.numbers_removed.is_empty() && last.to.brand.is_some(), "{last:?}");
}

#[test]
fn dlc_8_an_answer_about_other_ids_says_nothing() {
    let world = world("");
    world.says(SUSPENDED);
    let moved = config("").replace("'QE1'", "'QE2'");
    block_on(world.engine.reconfigure(frontdesk::Center::load(&moved).unwrap())).unwrap();
    let view = world.engine.registrations().remove(0);
    assert_eq!((view.status, view.answer), (Registered::Active, None));
    world.promote("1", "Mugs");
    assert_eq!(world.sent().len(), 1);
    world.registrations.set("QE2", Ok(status(VERIFIED, "APPROVED").into()));
    world.refreshed();
    assert_eq!(world.moves(), [(None, Suspended), (None, Active)]);
}

/// Answers that it is active, after another host has asked and heard that it is suspended.
#[derive(Debug)]
struct Overtaken {
    clock: Arc<ManualClock>,
    other: OnceLock<Engine>,
}

#[async_trait]
impl RegistrationLookup for Overtaken {
    async fn registration(
        &self,
        _: &RegistrationIds,
    ) -> Result<RegistrationAnswer, RegistrationError> {
        self.clock.advance(TimeDelta::seconds(1));
        self.other.get().unwrap().refresh_registrations().await.unwrap();
        self.clock.advance(TimeDelta::seconds(1));
        Ok(status(VERIFIED, "APPROVED").into())
    }
}

#[test]
fn dlc_8_an_answer_that_was_overtaken_lifts_nothing() {
    let world = world("");
    world.registrations.set("QE1", Ok(status(SUSPENDED, "APPROVED").into()));
    let center = || frontdesk::Center::load(&config("")).unwrap();
    let (clock, store) = (Arc::clone(&world.clock), Arc::clone(&world.store));
    let slow = Arc::new(Overtaken { clock: Arc::clone(&clock), other: OnceLock::new() });
    slow.other.set(world.beside(&config(""))).unwrap();
    let lookup: Arc<dyn RegistrationLookup> = slow;
    let registrations = Some(lookup);
    let parts = Parts { store, registrations, clock, ..Parts::in_memory(&center()) };
    let engine = block_on(Engine::open(center(), parts)).unwrap();
    let views = block_on(engine.refresh_registrations()).unwrap();
    assert_eq!(views[0].status, Registered::Suspended);
    assert_eq!(world.moves(), [(None, Suspended)]);
}

#[test]
fn dlc_8_an_answer_of_a_clock_that_was_ahead_does_not_hold_for_ever() {
    let world = world("");
    let now = world.engine.now();
    world.clock.set(now + TimeDelta::days(300));
    world.says(SUSPENDED);
    world.clock.set(now);
    assert_eq!(world.says(VERIFIED).status, Registered::Active);
}

#[test]
fn dlc_8_a_suspension_holds_also_where_it_cannot_be_written_down() {
    let store = Arc::new(Shaky::default());
    let world = World::with(&config(""), Arc::<Shaky>::clone(&store));
    world.says(VERIFIED);
    world.registrations.set("QE1", Ok(status(SUSPENDED, "APPROVED").into()));
    store.fail(0, false);
    assert!(block_on(world.engine.refresh_registrations()).is_err());
    world.promote("1", "Mugs");
    assert_eq!(world.refusals(), ["the campaign is suspended"]);
    // The next round writes it down.
    world.refreshed();
    assert_eq!(world.moves(), [(None, Active), (Some(Active), Suspended)]);
}

#[test]
fn dlc_8_the_campaigns_with_ids_are_asked_for_and_no_others() {
    let other = format!(
        "[[compliance.campaigns]]\nid = 'care'\nuse_case = 'CUSTOMER_CARE'\nnumbers = ['{OTHER}']"
    );
    let world = world(&other);
    let mut lookup = MockRegistrationLookup::new();
    lookup
        .expect_registration()
        .times(1)
        .withf(|ids| (&*ids.brand, &*ids.service, &*ids.campaign) == ("BN1", "MG1", "QE1"))
        .returning(|_| Ok(status(VERIFIED, "APPROVED").into()));
    let center = frontdesk::Center::load(&config(&other)).unwrap();
    let registrations: Option<Arc<dyn RegistrationLookup>> = Some(Arc::new(lookup));
    let store = Arc::clone(&world.store);
    let parts = Parts { store, registrations, ..Parts::in_memory(&center) };
    let engine = block_on(Engine::open(center, parts)).unwrap();
    let views = block_on(engine.refresh_registrations()).unwrap();
    let seen: Vec<_> = views.iter().map(|it| (it.campaign.as_str(), it.answer.is_some())).collect();
    assert_eq!(seen, [("offers", true), ("care", false)]);
    // Without anybody to be asked, that is the failure, and the configuration's word holds.
    let center = frontdesk::Center::load(&config(&other)).unwrap();
    let engine = block_on(Engine::open(center.clone(), Parts::in_memory(&center))).unwrap();
    let views = block_on(engine.refresh_registrations()).unwrap();
    assert!(matches!(views[0].failure, Some(RegistrationError::Misconfigured { .. })));
    assert_eq!((views[0].status, &views[1].failure), (Registered::Active, &None));
}

#[test]
fn dlc_8_memory_knows_what_it_was_told() {
    let ids =
        RegistrationIds { brand: "BN1".into(), service: "MG1".into(), campaign: "QE1".into() };
    let known = MemoryRegistrations::new();
    let unknown = block_on(known.registration(&ids));
    assert!(matches!(unknown, Err(RegistrationError::Misconfigured { .. })));
    let answer = RegistrationAnswer::from(status(VERIFIED, "APPROVED"));
    known.set("QE1", Ok(answer.clone()));
    assert_eq!(block_on(known.registration(&ids)), Ok(answer));
}

#[test]
fn dlc_8_ids_that_cannot_be_some_are_told() {
    let long = format!("'{}'", "x".repeat(101));
    tell(
        &config(""),
        &[
            ("'BN1'", "''", "compliance.campaigns[0].provider.brand: `` is no id"),
            ("'MG1'", "'MG 1'", "compliance.campaigns[0].provider.service: `MG 1` is no id"),
            ("'QE1'", &long, "compliance.campaigns[0].provider.campaign: `xxx"),
            (", campaign = 'QE1'", "", "compliance.campaigns[0].provider.campaign: is missing"),
            ("'QE1'", "'x'", ""),
        ],
    );
}
