//! Mistakes are told at once, each by itself: none hides another (EXT-2).

use super::{CLEAN, assert_found, changed, check};

fn told(config: &str) -> Vec<String> {
    let checked = check(config);
    checked.findings().iter().map(|it| format!("{}: {}", it.path, it.message)).collect()
}

#[test]
fn ext_2_a_parent_that_is_not_there_is_told_beside_a_queue_without_a_name() {
    let parent = ("id = \"sales\"\nparent = \"main\"", "id = \"sales\"\nparent = \"mian\"");
    for other in ["", "id = \"bil ling\""] {
        let told = told(&changed(&[parent, ("id = \"billing\"", other)]));
        let message =
            "queues.sales.parent: there is no queue `mian`; the queues are main, sales".to_owned();
        assert!(told.contains(&message), "{told:#?}");
    }
}

#[test]
fn ext_2_hours_that_cannot_be_read_hide_nothing_of_theirs() {
    let custom = |hours: &str| {
        let section = format!("[[custom_hours]]\nname = \"A\"\nqueues = [\"ghost\"]\n{hours}\n");
        format!("{section}{CLEAN}")
    };
    let ghost = "custom_hours.A.queues[0]: there is no queue `ghost`, of texts or of the phone";
    for hours in [
        "",
        "hours = { zone = \"X/Y\", open = { mon = \"9:00-10:00\" } }",
        "hours = { zone = \"America/New_York\", open = { mon = \"9\" } }",
        "hours = { zone = \"America/New_York\", open = { mon = \"9:00-10:00\" } }",
    ] {
        let told = told(&custom(hours));
        let count = told.iter().filter(|told| *told == ghost).count();
        assert_eq!(count, 1, "{hours}: {told:#?}");
    }
    let overlap =
        "[hours]\nzone = \"X/Y\"\nopen = { mon = \"09:00-12:00, 11:00-17:00\" }\n[[queues]]";
    let expected = ["error invalid hours.zone", "error invalid hours.open"];
    assert_found(&[("[[queues]]", overlap)], &expected);
    let early = "[hours]\nzone = \"X/Y\"\nopen = { mon = \"9\", tue = \"9:00-23:59\" }\n[[queues]]";
    let expected = [
        "error invalid hours.zone",
        "error invalid hours.open.mon",
        "warning hours-end-at-23-59 hours.open.tue",
    ];
    assert_found(&[("[[queues]]", early)], &expected);
}

#[test]
fn ext_2_what_texts_show_is_told_beside_mistakes() {
    let long = format!(
        "[messages.en]\nprompt = \"{}\"\nwaiting = \"@{{ESTIMATED_WAIT_TIME_IN_MINUTES}}\"\n[[queues]]",
        "a long text ".repeat(20)
    );
    let texts =
        ["note message-long messages.en.prompt", "warning message-hole messages.en.waiting"];
    assert_found(&[("[[queues]]", &long)], &texts);
    for (old, new, error) in [
        ("id = \"acme\"", "id = \"A B\"", "error invalid center.id"),
        ("company", "region = \"ZZ\"\ncompany", "error invalid center.region"),
        ("company", "colour = 1\ncompany", "error invalid center.colour"),
    ] {
        let expected = [&[error], &texts[..]].concat();
        assert_found(&[("[[queues]]", &long), (old, new)], &expected);
    }
    // Nobody knows how long they are.
    let nameless = ("company = \"Acme\"", "company = 5");
    assert_found(&[("[[queues]]", &long), nameless], &["error invalid center.company", texts[1]]);
}

#[test]
fn ext_2_the_phone_menu_is_read_also_without_a_number() {
    let phone = |number: &str| {
        format!(
            "[calls]\nnumber = \"{number}\"\n[[calls.queues]]\nid = \"phone\"\nafter_hours = \"queue:evening\"\n[[calls.queues]]\nid = \"evening\"\n[[custom_hours]]\nqueues = [\"phone\"]\nhours = {{ zone = \"America/New_York\", open = {{ mon = \"9:00-10:00\" }} }}\n[[queues]]"
        )
    };
    let errors = |number: &str| {
        let told = told(&changed(&[("[[queues]]", &phone(number))]));
        told.into_iter().filter(|told| !told.starts_with("calls.number")).collect::<Vec<_>>()
    };
    assert_eq!(errors("+12025550199"), errors("+1202"));
}

#[test]
fn ext_2_a_number_that_is_too_large_is_told_at_its_place() {
    let config = format!("{CLEAN}\n[timers]\n\nchat_timeout = 1e400\ndismissal = -1e999\nx = 1\n");
    let checked = check(&config);
    let told: Vec<String> = checked.findings().iter().map(ToString::to_string).collect();
    let first = CLEAN.lines().count() + 4;
    assert_eq!(told.len(), 3, "{told:#?}");
    assert_eq!(
        told[0],
        format!(
            "line {first}: error: timers.chat_timeout: found \"1e400\", allowed is a whole number"
        )
    );
    assert!(told[1].starts_with(&format!("line {}: error: timers.dismissal: ", first + 1)));
    assert!(told[2].starts_with(&format!("line {}: error: timers.x: ", first + 2)));
}

/// A mistake is told where it is, and what follows from it is not told.
#[test]
fn ext_2_what_follows_from_a_mistake_is_not_told() {
    let parent = ("id = \"sales\"\nparent = \"main\"", "id = \"sales\"\nparent = \"mian\"");
    assert_found(&[parent], &["error invalid queues.sales.parent"]);
    let outbound =
        |numbers: &str| format!("[outbound]\nenabled = true\nnumbers = [{numbers}]\n[[queues]]");
    let number = "error invalid outbound.numbers[0].number";
    let queue = "error invalid outbound.numbers[0].queue";
    for (numbers, expected) in [
        ("", &["error invalid outbound.numbers"][..]),
        ("{ number = \"abc\" }", &[number]),
        ("{ number = \"+12025550110\", queue = \"ghost\" }", &[queue]),
        ("{ number = \"+12025550110\" }", &[queue]),
        ("{ number = \"abc\", queue = \"ghost\" }", &[number, queue]),
    ] {
        assert_found(&[("[[queues]]", &outbound(numbers))], expected);
    }
    let ghost = outbound("{ number = \"+12025550110\", queue = \"ghost\" }");
    let ghost = told(&changed(&[("[[queues]]", &ghost)]));
    let message =
        "outbound.numbers[0].queue: there is no queue `ghost`; the queues are main, billing, sales";
    assert_eq!(ghost, [message]);

    // Members who cannot be read are told, and not that there are none.
    for (old, new, place) in [
        ("agents = [\"ana\", \"ben\"]", "agents = \"ben\"", "sales.agents"),
        ("agents = [\"ana\", \"ben\"]", "groups = 5", "sales.groups"),
        ("parent = \"main\"\nname = \"Sales\"", "parent = 5\nname = \"Sales\"", "sales.parent"),
    ] {
        assert_found(&[(old, new)], &[&format!("error invalid queues.{place}")]);
    }
    // Nor what is looked for in a list that cannot be read.
    let lists = told(&changed(&[(
        "[[agents]]\nid = \"ana\"\nname = \"Ana\"\n\n[[agents]]\nid = \"ben\"",
        "[agents]\nid = \"ana\"",
    )]));
    assert_eq!(lists.len(), 1, "{lists:#?}");

    // An agent's id that another agent has makes no queue of that name either.
    let twice = "name = \"Ben\"\nnumbers = [\"+12025550111\"]\n[[agents]]\nid = \"ben\"\nname = \"Bo\"\nnumbers = [\"+12025550112\"]";
    assert_found(&[("name = \"Ben\"", twice)], &["error invalid agents[2].id"]);
}

#[test]
fn ext_2_a_number_that_is_mistyped_is_told_where_it_is_given() {
    let campaign = |number: &str| {
        format!(
            "[compliance]\nrevocation = \"programme\"\n[[compliance.campaigns]]\nid = \"offers\"\nuse_case = \"MARKETING\"\nstatus = \"active\"\nnumbers = [\"{number}\"]\n[sending.numbers]\n\"{number}\" = 5\n[[agents]]"
        )
    };
    let ours = campaign("+12025550100");
    for number in ["\"+1202555010\"", "\"+120255501000\"", "\"(202) 555-0100\""] {
        let changes = [("\"+12025550100\"", number), ("[[agents]]", &ours)];
        assert_found(&changes, &["error invalid queues.main.numbers[0]"]);
    }
    let lists = [
        ("[\"+12025550100\"]", "\"+12025550100\"", "queues.main.numbers"),
        ("[\"+12025550100\"]", "[12025550100]", "queues.main.numbers[0]"),
    ];
    for (list, shape, place) in lists {
        let changes = [(list, shape), ("[[agents]]", &ours)];
        assert_found(&changes, &[&format!("error invalid {place}")]);
    }
    // Another number is another mistake.
    let other = campaign("+12125559876");
    let expected = [
        "error invalid queues.main.numbers[0]",
        "error invalid compliance.campaigns.offers.numbers[0]",
        "error invalid sending.numbers.+12125559876",
    ];
    let changes = [("\"+12025550100\"", "\"+1202555010\""), ("[[agents]]", &other)];
    assert_found(&changes, &expected);
    let told = told(&changed(&[("\"+12025550100\"", "\"+1202555014\"")]));
    assert!(told[0].contains("`+1202555014` is no possible number"), "{told:#?}");
}

#[test]
fn ext_2_findings_keep_to_their_lines() {
    let keys = "company = \"Acme\"\n\"a\\nb\" = 1\n\"\\u001b[31m\" = 2\n\"\" = 3\n\"\\u202e\" = 4";
    let config = changed(&[("company = \"Acme\"", keys), ("\"billing\"", "\"a\\u001bb\"")]);
    let checked = check(&config);
    let lines: Vec<String> = checked.findings().iter().map(ToString::to_string).collect();
    for (line, start) in lines.iter().zip([
        "line 4: error: center.a\\nb: there is no such setting",
        "line 5: error: center.\\u001B[31m: there is no such setting",
        "line 6: error: center.\"\": there is no such setting",
        "line 7: error: center.\\u202E: there is no such setting",
        "line 15: error: queues.\"a\\u001Bb\".id: `a\\u001Bb` is not a queue id",
    ]) {
        assert!(line.starts_with(start), "{start} in {lines:#?}");
        assert!(!line.contains(char::is_control), "{line:?}");
    }
    assert_eq!(lines.len(), 5);
    // For programs the text is as it was written.
    assert_eq!(checked.findings()[0].path, "center.a\nb");
    let problems = frontdesk::Center::load(&config).unwrap_err().to_string();
    assert_eq!(problems.lines().count(), 5, "{problems}");
}

#[test]
fn ext_2_a_message_lists_twenty_names_the_nearest_first() {
    let queue = |i: usize| {
        format!(
            "[[queues]]\nid = \"q{i}\"\nname = \"Q{i}\"\nparent = \"main\"\nagents = [\"ana\"]\n"
        )
    };
    let many: String = (0..1_000).map(queue).collect();
    let wrong = format!("{CLEAN}{many}")
        .replace("parent = \"main\"\nname = \"Sales\"", "parent = \"q77x\"\nname = \"Sales\"");
    let told = told(&wrong);
    assert_eq!(told.len(), 1, "{told:#?}");
    let start = "queues.sales.parent: there is no queue `q77x`; the queues are q77, q770, q771, ";
    assert!(told[0].starts_with(start) && told[0].ends_with(" and 983 more"), "{told:#?}");
    let all = format!("{CLEAN}{}", many.replace("parent = \"main\"", "parent = \"x\""));
    let size: usize = check(&all).findings().iter().map(|it| it.message.len()).sum();
    assert!(size < 300_000, "{size}");
}

#[test]
fn sms_28_what_looks_like_a_variable_is_found_in_texts_without_them() {
    let agent = "[[virtual_agents]]\nid = \"bot\"\nname = \"Bot\"\nfallback = \"sales\"\ngreeting = \"Hi @{END_USER}\"\nunknown = { en = \"@{X\" }\n[[virtual_agents.rules]]\nwords = [\"a\"]\nanswer = \"@{AGENT}\"\n[[holidays]]\nname = \"H\"\ndates = \"12/25\"\nvoice = \"until @{NEXT_REOPEN_HOUR}\"\n[hours]\nzone = \"America/New_York\"\nopen = { daily = \"9:00-17:00\" }\nholidays = [\"*\"]\n[[agents]]";
    let changes = [
        ("name = \"Billing\"", "name = \"Billing\"\nvirtual_agent = \"bot\""),
        ("[[agents]]", agent),
    ];
    let expected = [
        "virtual_agents.bot.greeting",
        "virtual_agents.bot.unknown.en",
        "virtual_agents.bot.rules[0].answer",
        "holidays.H.voice",
    ];
    let expected = expected.map(|path| format!("warning variable-literal {path}"));
    assert_found(&changes, &expected.each_ref().map(String::as_str));
}

#[test]
fn ext_2_mistakes_of_newcomers_are_told_in_their_words() {
    let table = [
        (
            "name = \"Ben\"",
            "name = \"Ben\"\nchats = \"3\"",
            "found \"3\", allowed is a whole number without quotes",
        ),
        (
            "name = \"Ben\"",
            "name = \"Ben\"\nauto_answer = \"true\"",
            "found \"true\", allowed is true or false without quotes",
        ),
        ("name = \"Ben\"", "name = 5", "found 5, allowed is a text in quotes"),
        (
            "name = \"Ben\"",
            "name = “Ben”",
            "`“` is a curly quote, which TOML does not know: write \" instead",
        ),
        (
            "[[queues]]\nid = \"sales\"",
            "[queues]\nid = \"sales\"",
            "there are several of these: write `[[queues]]` above each of them",
        ),
        (
            "[[agents]]\nid = \"ana\"\nname = \"Ana\"\n\n[[agents]]\nid = \"ben\"",
            "[agents]\nid = \"ana\"",
            "there may be several of these: write `[[agents]]` above each of them",
        ),
        (
            "[[agents]]",
            "[words]\nhelp = []\n[words]\nhelp = []\nback = []\n[[agents]]",
            "duplicate key: the section `words` stands there already, write it once",
        ),
    ];
    for (old, new, expected) in table {
        let checked = check(&changed(&[(old, new)]));
        let told: Vec<&str> = checked.findings().iter().map(|it| it.message.as_str()).collect();
        assert_eq!(told, [expected], "{new}");
    }
}
