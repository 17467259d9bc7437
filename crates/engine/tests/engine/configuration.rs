//! Every mistake is told, with its path and what is allowed.

use std::sync::Arc;

use frontdesk::{Center, store::MemoryStore};

use crate::world::{CENTER, World, problems, tell};

#[test]
fn a_mistake_is_told_with_its_path() {
    assert_eq!(problems(CENTER), "");
    let table = [
        ("id = \"acme\"", "id = \"Acme!\"", "center.id: "),
        ("company = \"Acme\"", "company = \" \"", "center.company: is empty"),
        ("company = \"Acme\"", "", "center.company: is missing"),
        ("company = \"Acme\"", "company = 7", "center.company: "),
        ("[\"en\", \"es\"]", "[\"en\", \"klingon\"]", "center.languages[1]: "),
        ("[\"en\", \"es\"]", "[]", "center.languages: is empty"),
        ("[\"en\", \"es\"]", "[\"en\", \"en\"]", "center.languages[1]: `en` stands there twice"),
        (
            "company = \"Acme\"",
            "company = \"Acme\"\nregion = \"XX\"",
            "center.region: `XX` is not a region",
        ),
        (
            "company = \"Acme\"",
            "company = \"Acme\"\nregion = \"USA\"",
            "center.region: this is not a region: a region has two letters",
        ),
        (
            "[support]\ncontact",
            "[support]\nkontact",
            "support.kontact: there is no such setting; allowed are contact",
        ),
        ("\"ALTO\"", "\"HELP\"", "words.opt_out[0]: `HELP` is a command word with another meaning"),
        ("\"ALTO\"", "\"!!\"", "words.opt_out[0]: "),
        (
            "fallback = \"sales\"",
            "fallback = \"sails\"",
            "menu.fallback: there is no queue `sails`; the queues are ",
        ),
        ("fallback = \"sales\"", "tries = 99", "menu.tries: found 99, allowed are 0 to 20"),
        ("id = \"billing\"", "id = \"main\"", "queues[1].id: "),
        (
            "parent = \"main\"\nname = \"Sales\"",
            "parent = \"mian\"\nname = \"Sales\"",
            "queues[2].parent: ",
        ),
        ("\"+12025550101\"", "\"+12025550100\"", "queues[4].numbers: "),
        ("\"+12025550101\"", "\"2025550101\"", "queues[4].numbers[0]: "),
        ("\"+12025550101\"", "\"+19999999999\"", "queues[4].numbers[0]: "),
        ("\"pay\"", "\"stop\"", "queues[1].keywords[0]: "),
        ("\"pay\"", "\"Sales\"", ""),
        ("name = \"Sales\"", "name = \"Help\"", "queues[2].name: "),
        ("name = \"Sales\"", "name = \"Billing\"", "queues[2].name: "),
        (
            "name = \"Sales\"",
            "name = \"Sales\"\nlanguage = \"fr\"",
            "queues[2].language: `fr` is not one of",
        ),
        (
            "agents = [\"ben\"]",
            "agents = [\"bob\"]",
            "queues[2].agents[0]: there is no agent `bob`; the agents are ana, ben",
        ),
        ("agents = [\"ben\"]", "teams = [\"t\"]", "queues[2].teams[0]: there is no team `t`"),
        (
            "numbers = [\"+12025550100\"]",
            "numbers = [\"+12025550100\"]\nagents = [\"ana\"]",
            "queues[0]: only a queue that consumers wait in",
        ),
        ("America/New_York", "America/New_Yorck", "queues[3].hours.zone: "),
        ("22:00-02:00", "25:00-02:00", "queues[3].hours.open.mon-fri: "),
        ("mon-fri", "mon-frid", "queues[3].hours.open.mon-frid: "),
        ("chats = 2", "chats = 0", "agents[0].chats: found 0, allowed are 1 to 100"),
        ("name = \"Ana\"", "name = \"\"", "agents[0].name: is empty"),
        ("id = \"ben\"", "id = \"ana\"", "agents[1].id: "),
        (
            "[support]",
            "[messages.en]\ngreeting = \"Hi @{COMPANY}\"\n[support]",
            "messages.en.greeting: ",
        ),
        ("[support]", "[messages.en]\nhelp = \"Hi @{AGENT}\"\n[support]", "messages.en.help: "),
        (
            "[support]",
            "[messages.en]\nhallo = \"Hi\"\n[support]",
            "messages.en.hallo: there is no such message; allowed are ",
        ),
        (
            "[support]",
            "[messages.fr]\nhelp = \"Oui\"\n[support]",
            "messages.fr: `fr` is not one of",
        ),
        (
            "[support]",
            "[timers]\nexpiration = 0\n[support]",
            "timers.expiration: found 0, allowed are 1 to 43200",
        ),
        ("[support]", "[support", "line "),
    ];
    tell(CENTER, &table);
}

#[test]
fn a_mistake_about_chats_and_numbers_is_told_with_its_path() {
    tell(
        CENTER,
        &[
            (
                "[support]",
                "[sending]\nper_minute = 0\n[support]",
                "sending.per_minute: found 0, allowed are 1 to 60000",
            ),
            (
                "[support]",
                "[sending]\nnumbers = { '+12025550199' = 6 }\n[support]",
                "sending.numbers.+12025550199: is not a number of this center",
            ),
            ("[support]", "[sending]\nnumbers = { '+12025550100' = 6 }\n[support]", ""),
            (
                "[support]",
                "[media]\nlimit_mb = 0\n[support]",
                "media.limit_mb: found 0, allowed are 1 to 50",
            ),
            (
                "[support]",
                "[timers]\nchat_timeout = 30\ndismissal = 31\n[support]",
                "timers.dismissal: found 31, but chats end after 30 (chat_timeout)",
            ),
            (
                "[support]",
                "[timers]\ndismissal = 5\ndismissal_warning = 5\n[support]",
                "timers.dismissal_warning: found 5, but chats are dismissed after 5",
            ),
            (
                "[support]",
                "[timers]\ntransfer_seconds = 9\n[support]",
                "timers.transfer_seconds: found 9, allowed are 10 to 86400",
            ),
            (
                "[support]",
                "[transfers]\nlimit = 2\nlast_to = \"main\"\n[support]",
                "transfers.last_to: is a menu",
            ),
            (
                "[support]",
                "[transfers]\nlast_to = \"nowhere\"\n[support]",
                "transfers.last_to: there is no queue `nowhere`",
            ),
            (
                "[support]",
                "[[shortcuts]]\nkeyword = \"hi\"\nmessage = \"@{QUEUE_SIZE}\"\n[support]",
                "shortcuts[0].message: @{QUEUE_SIZE} has no meaning",
            ),
            (
                "[support]",
                "[[shortcuts]]\nkeyword = \"hi\"\nmessage = \"a\"\n[[shortcuts]]\nkeyword = \"Hi!\"\nmessage = \"b\"\n[support]",
                "shortcuts[1].keyword: `Hi!` is that of shortcuts[0]",
            ),
            ("[support]", "[outbound]\nenabled = true\n[support]", "outbound.numbers: is empty"),
            (
                "[support]",
                "[outbound]\nnumbers = [{ number = \"+12025550177\" }]\ncountries = [\"U\"]\n[support]",
                "outbound.numbers[0].queue: a queue is needed",
            ),
            (
                "[support]",
                "[outbound]\ncountries = [\"USA\"]\n[support]",
                "outbound.countries[0]: ",
            ),
            (
                "[support]",
                "[notifications]\nnumbers = [\"+12025550100\"]\n[support]",
                "notifications.numbers[0]: is a number of chats too",
            ),
            ("name = \"Ana\"", "name = \"Ana\"\nnumbers = [\"+1202\"]", "agents[0].numbers[0]: "),
            ("name = \"Ana\"", "name = \"Ana\"\nemail = \"ana\"", "agents[0].email: `ana` is no"),
            (
                "[support]",
                "[revocation]\npossible = \"perhaps\"\n[support]",
                "revocation.possible: ",
            ),
        ],
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let many = CENTER
        .replace("company = \"Acme\"", "company = \"\"")
        .replace("\"+12025550100\"", "\"+1202\"")
        .replace("parent = \"main\"\nname = \"Sales\"", "parent = \"mian\"\nname = \"STOP\"")
        .replace("America/New_York", "Mars/Olympus")
        .replace("agents = [\"ana\", \"ben\"]", "agents = [\"ana\", \"eve\"]")
        .replace("chats = 2", "chats = 1000");
    insta::assert_snapshot!(problems(&many), @r"
    center.company: is empty; it stands in every greeting
    agents[0].chats: found 1000, allowed are 1 to 100
    agents[1].chats: found 1000, allowed are 1 to 100
    queues[0].numbers[0]: a phone number has 7 to 15 digits, found 4
    queues[2].parent: there is no queue `mian`; the queues are main, billing, sales, night, shop
    queues[2].name: `STOP` is the command word STOP; texting it would never reach the menu
    queues[1].agents[1]: there is no agent `eve`; the agents are ana, ben
    queues[3].hours.zone: `Mars/Olympus` is not a time zone: allowed are names of the IANA database, like America/New_York
    ");
    let shape = CENTER
        .replace("company = \"Acme\"", "firm = \"Acme\"")
        .replace("chats = 2", "chats = \"two\"")
        .replace("keywords = [\"pay\"]", "keywords = \"pay\"");
    insta::assert_snapshot!(problems(&shape), @r#"
    agents[0].chats: found "two", allowed is a whole number
    agents[1].chats: found "two", allowed is a whole number
    center.company: is missing
    center.firm: there is no such setting; allowed are company, id, languages, region
    queues[1].keywords: found "pay", allowed is a list
    "#);
}

#[test]
fn the_schema_describes_every_section() {
    let schema = Center::schema();
    for section in [
        "center", "support", "words", "menu", "timers", "hours", "messages", "queues", "teams",
        "agents", "host",
    ] {
        assert!(
            schema["properties"][section].is_object() || schema["properties"][section] == true,
            "{section}"
        );
    }
    assert_eq!(schema["additionalProperties"], false);
}

/// C9: what providers would refuse is a mistake of the configuration, with path, length and limit.
#[test]
fn sms_9_a_text_that_cannot_leave_as_one_is_told_with_its_length() {
    let long = "x".repeat(1_601);
    let nearly = "x".repeat(1_550);
    let told = |section: String, expected: &str| {
        let told = problems(&CENTER.replacen("[support]", &format!("{section}\n[support]"), 1));
        let begins = |line: &str| line.starts_with(expected);
        assert!(told.lines().any(begins), "expected {expected:?}, told {:?}", told.get(..200));
    };
    for kind in ["greeting", "help", "waiting", "prompt", "after_hours"] {
        told(
            format!("[messages.en]\n{kind} = '{long}'"),
            &format!("messages.en.{kind}: takes up to 1601 characters, at most 1600 are allowed"),
        );
    }
    // The opt-in text is added to the first greeting.
    told(
        format!("[messages.en]\ngreeting = '{nearly}'"),
        "messages.en.greeting: takes up to 1642 characters with the opt-in text of a first greeting",
    );
    told(
        format!("[[shortcuts]]\nkeyword = 'a'\nmessage = '{long}'"),
        "shortcuts[0].message: takes up to 1601 characters",
    );
    let own = CENTER.replacen(
        "name = \"Billing\"\n",
        &format!("name = \"Billing\"\nmessages = {{ en = {{ waiting = '{long}' }} }}\n"),
        1,
    );
    let told = problems(&own);
    assert!(
        told.starts_with("queues[1].messages.en.waiting: takes up to 1601"),
        "{:?}",
        told.get(..200)
    );
}

/// C10: a text of the center's own goes before one that comes along, in each language of the chain.
#[test]
fn sms_10_the_centers_own_texts_go_before_those_that_come_along() {
    let center = |own: &str| {
        let languages = CENTER.replace("[\"en\", \"es\"]", "[\"en\", \"es\", \"fr-CA\"]");
        Center::load(&languages.replacen("[support]", &format!("{own}\n[support]"), 1)).unwrap()
    };
    let greeting = |center: &Center, language: &str| {
        let kind = frontdesk::sms::MessageKind::Greeting;
        let found = center.session_config().template(None, kind, language.parse().unwrap());
        found.unwrap().to_string()
    };
    let (en, fr, ca) = (
        "[messages.en]\ngreeting = 'Hi'\n",
        "[messages.fr]\ngreeting = 'Salut'\n",
        "[messages.fr-CA]\ngreeting = 'Allo'\n",
    );
    for (own, expected) in [
        (String::new(), "Bienvenue chez @{COMPANY_NAME}."),
        (en.to_owned(), "Hi"),
        ([en, fr].concat(), "Salut"),
        ([fr, en].concat(), "Salut"),
        ([en, fr, ca].concat(), "Allo"),
        ([ca, en].concat(), "Allo"),
    ] {
        assert_eq!(greeting(&center(&own), "fr-CA"), expected, "{own}");
    }
    assert_eq!(greeting(&center(en), "es"), "Hi", "the default language is in every chain");
}

#[test]
fn sms_17_a_name_that_means_something_else_is_refused() {
    for name in ["2", "24", "1.", "(3)", "２", "२", "②"] {
        tell(
            CENTER,
            &[(
                "name = \"Billing\"",
                &format!("name = \"{name}\""),
                &format!("queues[1].name: `{name}` would be taken for the number of an option"),
            )],
        );
    }
    tell(
        CENTER,
        &[
            (
                "name = \"Sales\"",
                "name = \"Pay\"",
                "queues[2].name: `Pay` in en is a keyword of queue `billing`: it would mean both",
            ),
            ("name = \"Billing\"", "name = \"Pay\"", ""),
            ("name = \"Sales\"", "name = \"24 h service\"", ""),
            (
                "fallback = \"sales\"",
                "fallback = \"main\"",
                "menu.fallback: is a menu; a queue that consumers wait in is needed",
            ),
        ],
    );
}

#[test]
fn sms_9_check_asks_for_an_alternative_where_a_value_may_be_unknown() {
    let with = |waiting: &str| {
        let own = format!("[messages.en]\nwaiting = '{waiting}'\n[support]");
        Center::load(&CENTER.replacen("[support]", &own, 1)).unwrap()
    };
    let center = with("You are number @{QUEUE_SIZE}; wait @{ESTIMATED_WAIT_TIME_IN_MINUTES}.");
    let told: Vec<String> = center.texts_with_holes().iter().map(ToString::to_string).collect();
    let expected = "messages.en.waiting: @{ESTIMATED_WAIT_TIME_IN_MINUTES} may be unknown: write after @{ELSE} what is said then";
    assert!(told.iter().any(|told| told == expected), "{told:?}");
    let text = "You are number @{QUEUE_SIZE}; wait @{ESTIMATED_WAIT_TIME_IN_MINUTES}.@{ELSE}You are number @{QUEUE_SIZE}.";
    let center = with(text);
    assert!(center.texts_with_holes().is_empty());
    // Nobody has waited yet, so that nobody knows how long it takes.
    let own = format!("[messages.en]\nwaiting = '{text}'\n[support]");
    let mut world =
        World::with(&CENTER.replacen("[support]", &own, 1), Arc::new(MemoryStore::new()));
    world.text("pay");
    assert_eq!(world.sent().last().map(String::as_str), Some("You are number 1."));
}

#[test]
fn sms_33_territories_of_the_united_states_are_texted_as_they_are() {
    let world = World::with(&crate::stage::center(), Arc::new(MemoryStore::new()));
    let begin = |consumer: &str| {
        let new = frontdesk::NewChat {
            consumer: consumer.parse().unwrap(),
            number: crate::world::NUMBER.parse().unwrap(),
            body: "Hello".into(),
            agent: None,
            language: None,
            ticket: None,
            consent: Some("they asked for it by phone".into()),
            by_program: true,
            key: None,
        };
        futures::executor::block_on(world.engine.begin_chat(new)).map(drop)
    };
    // Puerto Rico, Guam, American Samoa, the U.S. Virgin Islands, the Northern Mariana Islands.
    for consumer in ["+17872345678", "+16713001234", "+16846221234", "+13407712345", "+16702341234"]
    {
        assert!(begin(consumer).is_ok(), "{consumer}: {:?}", begin(consumer));
    }
    for consumer in ["+18762101234", "+14165550123"] {
        let refused = begin(consumer).unwrap_err().to_string();
        assert!(refused.contains("country"), "{consumer}: {refused}");
    }
}
