//! Mistakes are told at once, each by itself: none hides another (EXT-2).

use super::{CLEAN, assert_found, changed, check};

fn told(config: &str) -> Vec<String> {
    let checked = check(config);
    checked.findings().iter().map(|it| format!("{}: {}", it.path, it.message)).collect()
}

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
            "[[compliance.campaigns]]\nid = \"offers\"\nuse_case = \"MARKETING\"\nstatus = \"active\"\nnumbers = [\"{number}\"]\n[sending.numbers]\n\"{number}\" = 5\n[[agents]]"
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
