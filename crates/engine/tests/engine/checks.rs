//! What `frontdesk check` finds: each configuration with exactly its findings (EXT-2).

use frontdesk::{
    Center,
    config::{Checked, Severity},
    types::Zones,
};

use crate::world::CENTER;

mod at_once;
mod compliance;
mod hours;
mod ways;

/// A center about which there is nothing to say.
const CLEAN: &str = r#"[center]
id = "acme"
company = "Acme"

[[queues]]
id = "main"
name = "Acme"
numbers = ["+12025550100"]

[[queues]]
id = "billing"
parent = "main"
name = "Billing"
agents = ["ana"]

[[queues]]
id = "sales"
parent = "main"
name = "Sales"
agents = ["ana", "ben"]

[[agents]]
id = "ana"
name = "Ana"

[[agents]]
id = "ben"
name = "Ben"
"#;

/// Replacements in the clean center, and the findings then.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

fn check(config: &str) -> Checked {
    Center::check(config, Zones::bundled(), "2026-11-26T12:00:00Z".parse().unwrap())
}

/// Each finding: `warning queue-unserved queues.billing`.
fn found(config: &str) -> Vec<String> {
    let checked = check(config);
    let all = checked.findings().iter();
    all.map(|it| format!("{} {} {}", it.severity, it.rule, it.path)).collect()
}

/// A clean center with other text in the place of some, and what is found in it then.
#[track_caller]
fn assert_found(changes: &[(&str, &str)], expected: &[&str]) {
    let config = changed(changes);
    assert_eq!(found(&config), expected, "{config}");
}

#[track_caller]
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(CLEAN.to_owned(), |config, (old, new)| {
        assert!(config.contains(old), "{old}");
        config.replacen(old, new, 1)
    })
}

#[test]
fn ext_2_a_clean_center_has_no_findings() {
    assert!(found(CLEAN).is_empty(), "{:?}", found(CLEAN));
    assert!(check(CLEAN).center.is_some());
}

#[test]
fn ext_2_queues_agents_and_skills_that_do_not_meet_are_found() {
    let billing = "name = \"Billing\"\nagents = [\"ana\"]";
    let sales = "agents = [\"ana\", \"ben\"]";
    let table: &[Case<'_>] = &[
        (&[(billing, "name = \"Billing\"")], &["warning queue-unserved queues.billing"]),
        (
            &[
                (billing, "name = \"Billing\"\nteams = [\"night\"]"),
                ("[[agents]]", "[[teams]]\nid = \"night\"\nagents = []\n[[agents]]"),
            ],
            &["warning queue-unserved queues.billing", "warning team-empty teams.night.agents"],
        ),
        (&[(sales, "agents = [\"ana\"]")], &["warning agent-unassigned agents.ben"]),
        (
            &[
                (sales, "agents = [\"ana\"]"),
                ("name = \"Ben\"", "name = \"Ben\"\nnumbers = [\"+12025550111\"]"),
            ],
            &[],
        ),
        (
            &[("[[agents]]", "[[teams]]\nid = \"night\"\nagents = [\"ana\"]\n[[agents]]")],
            &["note team-unused teams.night"],
        ),
        (
            &[(
                billing,
                "name = \"Billing\"\nagents = [\"ana\"]\nrouting = { skills = [\"tax\"] }",
            )],
            &["warning skill-missing queues.billing"],
        ),
        // Skills of an agent of another queue do not help.
        (
            &[
                (
                    billing,
                    "name = \"Billing\"\nagents = [\"ana\"]\nrouting = { skills = [\"tax\"] }",
                ),
                ("name = \"Ben\"", "name = \"Ben\"\nskills = [\"tax\"]"),
            ],
            &["warning skill-missing queues.billing"],
        ),
        (
            &[
                (
                    billing,
                    "name = \"Billing\"\nagents = [\"ana\"]\nrouting = { skills = [\"tax\"] }",
                ),
                ("name = \"Ana\"", "name = \"Ana\"\nskills = [\"tax\"]"),
            ],
            &[],
        ),
        // Nobody has both, and after a minute it does not matter.
        (
            &[
                (sales, "agents = [\"ana\", \"ben\"]\nrouting = { skills = [\"tax\", \"law\"] }"),
                ("name = \"Ana\"", "name = \"Ana\"\nskills = [\"tax\"]"),
                ("name = \"Ben\"", "name = \"Ben\"\nskills = [\"law\"]"),
            ],
            &["warning skill-missing queues.sales"],
        ),
        (
            &[(
                billing,
                "name = \"Billing\"\nagents = [\"ana\"]\nrouting = { skills = [\"tax\"], skills_for_seconds = 60 }",
            )],
            &["note skill-missing queues.billing"],
        ),
        // What is set for all is asked in every queue.
        (
            &[("[[queues]]", "[routing]\nlanguage_skill = true\n[[queues]]")],
            &["warning skill-missing queues.billing", "warning skill-missing queues.sales"],
        ),
        (
            &[(
                sales,
                "groups = [{ agents = [\"ana\"], percent = 60 }, { agents = [\"ben\"], percent = 40 }]\nrouting = { allocation_seconds = 0 }",
            )],
            &["warning percent-without-timer queues.sales.groups"],
        ),
        (
            &[(
                sales,
                "groups = [{ agents = [\"ana\"], percent = 60 }, { agents = [\"ben\"], percent = 40 }]",
            )],
            &[],
        ),
    ];
    for (changes, expected) in table {
        assert_found(changes, expected);
    }
}

#[test]
fn ext_2_campaigns_that_are_not_active_and_texts_that_are_missing_are_found() {
    let campaign = |status: &str| {
        format!(
            "[compliance]\nrevocation = \"programme\"\n[[compliance.campaigns]]\nid = \"offers\"\nuse_case = \"MARKETING\"\nstatus = \"{status}\"\nnumbers = [\"+12025550100\"]\n[[agents]]"
        )
    };
    assert_found(&[("[[agents]]", &campaign("active"))], &[]);
    let inactive = ["warning campaign-inactive compliance.campaigns.offers.status"];
    assert_found(&[("[[agents]]", &campaign("pending"))], &inactive);
    assert_found(&[("[[agents]]", &campaign("suspended"))], &inactive);

    let spanish = ("company = \"Acme\"", "company = \"Acme\"\nlanguages = [\"en\", \"es\"]");
    let missing =
        ["warning text-missing queues.billing.name", "warning text-missing queues.sales.name"];
    assert_found(&[spanish], &missing);
    let names = [
        ("name = \"Billing\"", "name = { en = \"Billing\", es = \"Cobros\" }"),
        ("name = \"Sales\"", "name = { en = \"Sales\", es = \"Ventas\" }"),
    ];
    assert_found(&[spanish, names[0], names[1]], &[]);
    let greeting = "[messages.en]\ngreeting = \"Welcome to Acme.\"\n[[queues]]";
    let found = ["warning text-missing messages.en.greeting"];
    assert_found(&[spanish, names[0], names[1], ("[[queues]]", greeting)], &found);
    let shortcut = "[[shortcuts]]\nkeyword = \"bye\"\nmessage = \"Goodbye.\"\n[[agents]]";
    let found = ["warning text-missing shortcuts.bye.message"];
    assert_found(&[spanish, names[0], names[1], ("[[agents]]", shortcut)], &found);
    // A language for which there are no messages.
    let found = ["warning text-missing center.languages[0]"];
    assert_found(&[("company = \"Acme\"", "company = \"Acme\"\nlanguages = [\"cy\"]")], &found);
    let long = format!("[messages.en]\nprompt = \"{}\"\n[[queues]]", "a long text ".repeat(20));
    assert_found(&[("[[queues]]", &long)], &["note message-long messages.en.prompt"]);
}

#[test]
fn ext_2_shapes_that_are_wrong_do_not_hide_mistakes_of_meaning() {
    let wrong = CLEAN
        .replace("company = \"Acme\"", "company = 5")
        .replace("id = \"billing\"", "idd = \"billing\"")
        .replace("name = \"Ben\"", "name = \"Ben\"\nchats = \"two\"\ncolour = \"red\"")
        .replace("parent = \"main\"\nname = \"Sales\"", "parent = \"mian\"\nname = \"Sales\"")
        .replace("\"+12025550100\"", "\"+1202\"");
    let checked = check(&wrong);
    let told: Vec<String> = checked.findings().iter().map(ToString::to_string).collect();
    let expected = [
        "line 3: error: center.company: found 5, allowed is a text in quotes",
        "line 8: error: queues.main.numbers[0]: a phone number has 7 to 15 digits, found 4",
        "line 18: error: queues.sales.parent: there is no queue `mian`; the queues are main, billing, sales",
        "line 29: error: agents.ben.chats: found \"two\", allowed is a whole number",
    ];
    for expected in expected {
        assert!(told.iter().any(|told| told == expected), "{expected}\nin {told:#?}");
    }
    assert!(told.iter().any(|it| {
        it.starts_with("line 30: error: agents.ben.colour: there is no such setting; allowed are ")
    }));
    let misspelt =
        told.iter().find(|it| it.starts_with("line 11: error: queues[1].idd: there is no "));
    assert!(misspelt.is_some_and(|it| it.ends_with("; did you mean `id`?")), "{told:#?}");
    assert_eq!(told.len(), 6, "{told:#?}");
    assert!(checked.center.is_none() && checked.has(Severity::Error));
    assert_eq!(Center::load(&wrong).unwrap_err().0.len(), 6);
}

#[test]
fn ext_2_a_mistake_that_queues_inherit_is_told_once() {
    let timers = "[timers]\nchat_timeout = 10\ndismissal = 30\n[[queues]]";
    assert_found(&[("[[queues]]", timers)], &["error invalid timers.dismissal"]);
    // The timer of every queue with groups, which is set once for all.
    let groups = "groups = [{ agents = [\"ana\"] }, { agents = [\"ben\"] }]";
    let routing = "[routing]\nassignment = \"deltacast\"\ndeltacast_seconds = 40\n[[queues]]";
    assert_found(
        &[
            ("agents = [\"ana\"]", groups),
            ("agents = [\"ana\", \"ben\"]", groups),
            ("[[queues]]", routing),
        ],
        &["error invalid routing.cascade_seconds"],
    );
}

#[test]
fn ext_2_the_first_mistakes_of_syntax_are_told_with_their_lines() {
    let told = |text: &str| {
        let checked = check(text);
        let findings = checked.findings().iter();
        findings.map(|it| (it.line.unwrap_or_default(), it.message.clone())).collect::<Vec<_>>()
    };
    let lines = |text: &str| told(text).into_iter().map(|(line, _)| line).collect::<Vec<_>>();
    assert_eq!(lines("[center]\nid = \ncompany = \"A\"\nname = x\n"), [2, 4]);
    let many = "a = \n".repeat(50);
    assert_eq!(lines(&many).len(), 3, "the later ones follow");
    // A bracket that is not closed makes a mistake of everything after it.
    for (from, to, bracket) in
        [("\"es\"]", "\"es\"", "]"), ("\nname = ", "\nx = { y = 1\nname = ", "}")]
    {
        let broken = CENTER.replacen(from, to, 1);
        assert_ne!(broken, CENTER, "{from}");
        let told = told(&broken);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].1.starts_with("what begins before this is not closed: unclosed"),
            "{told:?}"
        );
        assert!(told[0].1.ends_with(&format!("expected `{bracket}`")), "{told:?}");
    }
}

/// An id that is none hides nothing that stands beside it, or that it is meant by.
#[test]
fn ext_2_wrong_ids_and_numbers_that_are_none_hide_nothing() {
    let id = ("id = \"billing\"", "id = \"bil ling\"");
    let agents = (
        "agents = [\"ana\"]",
        "agents = [\"zoe\"]\nlanguage = inf\nhours = { zone = \"X/Y\", open = { mon = \"9\" } }",
    );
    let parent = ("id = \"sales\"\nparent = \"main\"", "id = \"sales\"\nparent = \"bil ling\"");
    let timers = ("[[agents]]", "[timers]\nexpiration_hours = nan\n[[agents]]");
    // Nothing is told of the queue that is below it.
    let queue = "error invalid queues.\"bil ling\"";
    let expected = [".id", ".agents[0]", ".language", ".hours.zone", ".hours.open.mon"];
    let mut expected: Vec<String> = expected.iter().map(|it| format!("{queue}{it}")).collect();
    expected.push("error invalid timers.expiration_hours".to_owned());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_found(&[id, agents, parent, timers], &expected);
}

#[test]
fn ext_2_warnings_leave_a_center_as_it_is() {
    let center = check(CENTER);
    assert!(center.has(Severity::Warning) && !center.has(Severity::Error));
    assert!(center.center.is_some() && Center::load(CENTER).is_ok());
}

/// The law's date decides nothing by itself: `check` asks for the decision, more loudly the nearer the day is.
#[test]
fn dlc_7_check_reminds_of_the_decision_about_revocations() {
    let campaign = "[[compliance.campaigns]]\nid = \"C1\"\nuse_case = \"MARKETING\"\nnumbers = [\"+12025550100\"]\n";
    let found = |config: &str, now: &str| -> Vec<String> {
        let checked = Center::check(config, Zones::bundled(), now.parse().unwrap());
        let about = checked.findings().iter().filter(|it| it.rule == "revocation-undecided");
        about.map(|it| format!("{} {}", it.severity, it.path)).collect()
    };
    let undecided = format!("{CLEAN}{campaign}");
    assert_eq!(found(&undecided, "2026-10-01T12:00:00Z"), ["note compliance.revocation"]);
    for near in ["2026-11-27T12:00:00Z", "2027-01-31T00:00:00Z", "2028-01-01T00:00:00Z"] {
        assert_eq!(found(&undecided, near), ["warning compliance.revocation"], "{near}");
    }
    for decision in ["programme", "all"] {
        let decided = format!("{CLEAN}[compliance]\nrevocation = \"{decision}\"\n{campaign}");
        assert!(found(&decided, "2026-11-27T12:00:00Z").is_empty(), "{decision}");
    }
    assert!(
        found(CLEAN, "2026-11-27T12:00:00Z").is_empty(),
        "without a campaign there is nothing to decide"
    );
}
