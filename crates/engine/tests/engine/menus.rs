//! The menus of texts and of calls, in each language, through the whole engine (RTE-1 to RTE-3).

use std::sync::Arc;

use frontdesk::{
    Center,
    store::MemoryStore,
    types::{Channel, EndReason},
};

use crate::{
    calls::new_call,
    world::{CENTER, CONSUMER, World, id, tell},
};

/// In Spanish there is no night desk, but a desk for invoices below billing's menu.
fn center() -> String {
    let spanish = "
[[queues]]
id = 'es'
name = 'Español'
parent = 'main'
language = 'es'
[[queues]]
id = 'facturas'
name = { es = 'Facturas' }
parent = 'main'
languages = ['es']
keywords = ['factura']
agents = ['ben']
[[agents]]";
    let night = "name = \"Night desk\"";
    let config = CENTER.replacen(night, &format!("{night}\nlanguages = [\"en\"]"), 1);
    config.replacen("[[agents]]", spanish, 1)
}

const CALLS: &str = "
[calls]
number = '+12025550160'
copy = { from = 'sms', prefix = 'phone-' }
[[calls.queues]]
id = 'phone-main'
once_per_number = true
over_capacity = [{ waited_seconds = 60, estimate = 5, offers = ['voicemail'] }]
[[calls.queues]]
id = 'phone-sales'
name = 'Sales, on the phone'
over_capacity = [{ waited_seconds = 60, estimate = 5, offers = ['callback', 'queue:phone-vip'] }]
[[calls.queues]]
id = 'phone-vip'
name = 'VIPs'
parent = 'phone-main'
hidden = true
";

fn world(config: &str) -> World {
    World::with(config, Arc::new(MemoryStore::new()))
}

/// The menu of a channel in a language, with names: `main(billing sales)`.
fn menu(center: &Center, channel: Channel, tag: &str) -> String {
    let language = tag.parse().unwrap();
    let tree = center.menu(channel, language).unwrap();
    let node = |id| {
        let hidden = tree.node(id).is_some_and(|node| node.hidden);
        let name = center.queue_name_in(id, language).unwrap();
        if hidden { format!("({name})") } else { name.to_owned() }
    };
    tree.downwards().map(node).collect::<Vec<_>>().join(", ")
}

#[test]
fn rte_1_each_language_has_its_menu_and_the_default_ones_is_the_template() {
    let config = center();
    let center = Center::load(&config).unwrap();
    assert_eq!(
        menu(&center, Channel::Sms, "en"),
        "Acme, Shop, Billing, Sales, Night desk, Español"
    );
    assert_eq!(menu(&center, Channel::Sms, "es"), "Acme, Shop, Billing, Sales, Español, Facturas");
    assert_eq!(center.menu(Channel::Web, "en".parse().unwrap()), None);

    let mut world = world(&config);
    world.text("Hello");
    assert!(
        world
            .sent()
            .last()
            .unwrap()
            .ends_with(":\n1. Billing\n2. Sales\n3. Night desk\n4. Español")
    );
    world.text("factura");
    assert_eq!(world.sent_with("Facturas"), 0, "a keyword of another language's menu is none");
    world.text("4");
    let prompt = world.sent().pop().unwrap();
    assert!(prompt.ends_with(":\n1. Billing\n2. Sales\n3. Facturas"), "{prompt}");
    let session = world.text("factura").unwrap();
    assert_eq!(world.row(session).queue, Some("facturas".parse().unwrap()));
}

#[test]
fn rte_1_a_session_goes_on_over_a_configuration_whose_menus_are_others() {
    let mut world = world(&center());
    world.text("Hello");
    world.text("4");
    let session = world.text("facturas").unwrap();
    world.set_status("ben", frontdesk::types::AgentStatus::Available);
    // The queue leaves the Spanish menu; who waits in it waits on, by its id.
    let other = center().replace("name = { es = 'Facturas' }", "name = 'Invoices'");
    let other = other.replace("languages = ['es']", "languages = ['en']");
    let world = world.restart(&other);
    assert_eq!(world.row(session).queue, Some("facturas".parse().unwrap()));
    world.set_status("ben", frontdesk::types::AgentStatus::Available);
    assert_eq!(world.offered_to("ben"), [session]);
    world.accept(session, "ben").unwrap();
    assert_eq!(world.row(session).agent, Some(id("ben")));
}

#[test]
fn rte_1_the_phone_menu_is_a_copy_with_settings_of_its_own() {
    let config = center() + CALLS;
    let center = Center::load(&config).unwrap();
    assert_eq!(
        menu(&center, Channel::Ivr, "en"),
        "Acme, Shop, Billing, Sales, on the phone, Night desk, (VIPs)"
    );
    // The copies have the languages of their originals.
    assert_eq!(
        menu(&center, Channel::Ivr, "es"),
        "Acme, Shop, Billing, Sales, on the phone, (VIPs), Facturas"
    );
    let leaves: Vec<String> = center.call_queues().map(|(id, _)| id.to_string()).collect();
    let all =
        ["billing", "facturas", "night", "sales", "shop", "vip"].map(|id| format!("phone-{id}"));
    assert_eq!(leaves, all);
    // What is set above holds below, and says where it comes from (RTE-2).
    let settings = |queue: &str| {
        let settings = center.settings(&queue.parse().unwrap()).into_iter();
        let from = settings.map(|setting| {
            let from = setting.from.as_ref().map_or("the center", |from| from.as_str());
            format!("{} from {from}", setting.name)
        });
        from.collect::<Vec<_>>()
    };
    let expected = ["once_per_number from phone-main", "over_capacity from phone-main"];
    assert_eq!(settings("phone-billing"), expected);
    assert_eq!(settings("phone-sales")[1], "over_capacity from phone-sales");
    assert_eq!(settings("phone-shop"), [] as [String; 0]);
    assert_eq!(center.channel_of(&"phone-vip".parse().unwrap()), Some(Channel::Ivr));
}

#[test]
fn rte_2_the_phone_menus_settings_hold_below_them() {
    let config = center() + CALLS;
    let world = world(&config);
    let call = |queue: &str, caller: &str| {
        let new = new_call(&format!("{queue}-{}", &caller[1..]), caller, queue);
        futures::executor::block_on(world.engine.begin_call(new))
    };
    let inherits = call("phone-billing", CONSUMER).unwrap();
    let own = call("phone-sales", "+12025550124").unwrap();
    let none = call("phone-shop", "+12025550125").unwrap();
    assert!(call("phone-main", "+12025550126").is_err(), "nobody waits in a menu");
    world.pass(chrono::TimeDelta::seconds(61));
    let choices = |call| {
        let state = futures::executor::block_on(world.engine.call_state(call)).unwrap();
        let asked = state.asked?;
        let choices = asked.choices().map(|(key, choice)| format!("{key} {choice}"));
        Some(choices.collect::<Vec<_>>().join(", "))
    };
    assert_eq!(choices(inherits).as_deref(), Some("2 voicemail"));
    assert_eq!(choices(own).as_deref(), Some("2 callback, 3 the queue phone-vip"));
    assert_eq!(choices(none), None);
    // A hidden queue takes who is sent there (RTE-3).
    let key = frontdesk::sms::CallInput::KeyPressed {
        question: frontdesk::sms::Question::KeepWaiting,
        key: "3".parse().unwrap(),
    };
    futures::executor::block_on(world.engine.call(own, key)).unwrap();
    let state = futures::executor::block_on(world.engine.call_state(own)).unwrap();
    assert_eq!(state.queue, Some("phone-vip".parse().unwrap()));
    assert_eq!(state.ended, None::<EndReason>);
}

#[test]
fn a_mistake_in_a_menu_is_told_with_its_path() {
    let config = center() + CALLS;
    tell(
        &config,
        &[
            ("languages = ['es']", "languages = ['fr']", "queues[6].languages[0]: `fr`"),
            (
                "id = \"main\"",
                "id = \"main\"\nlanguages = [\"en\"]",
                "queues[6].languages: the menu above, `main`, is not in es",
            ),
            (
                "parent = 'phone-main'",
                "parent = 'phone-mine'",
                "calls.queues[2].parent: there is no queue `phone-mine`; the queues are phone-main",
            ),
            (
                "name = 'Sales, on the phone'",
                "parent = 'phone-shop'",
                "calls.queues[1].parent: is a copy",
            ),
            ("name = 'VIPs'\n", "", "calls.queues[2].name: is missing"),
            ("id = 'phone-vip'", "id = 'phone-sales'", "calls.queues[2].id: "),
            ("prefix = 'phone-'", "prefix = ''", "calls.copy.prefix: `main` is a queue of texts"),
            ("prefix = 'phone-'", "prefix = 'a b'", "calls.copy.prefix: "),
            ("from = 'sms'", "from = 'web'", "calls.copy.from: "),
            (
                "'queue:phone-vip'",
                "'queue:phone-main'",
                "calls.queues[1].over_capacity[0].offers[1]",
            ),
        ],
    );
    let only = center().replace("keywords = [\"pay\"]", "languages = [\"es\"]");
    let menu = only.replace("parent = 'main'\nlanguages", "parent = 'shop'\nlanguages");
    let told = Center::load(&menu).unwrap_err().to_string();
    assert!(told.contains("queues[4].languages: is a menu that has nothing in en"), "{told}");
}
