//! Ways that lead nowhere, or round (EXT-2).

use super::{Case, assert_found};

#[test]
fn ext_2_ways_that_lead_nowhere_or_round_are_found() {
    let agents = |more: &str| format!("{more}\n[[agents]]");
    let lost = agents("[[queues]]\nid = \"lost\"\nname = \"Lost\"\nagents = [\"ana\"]");
    let hidden = agents(
        "[[queues]]\nid = \"lost\"\nparent = \"main\"\nname = \"Lost\"\nhidden = true\nagents = [\"ana\"]",
    );
    let word = agents(
        "[[queues]]\nid = \"lost\"\nparent = \"main\"\nname = \"Lost\"\nhidden = true\nkeywords = [\"found\"]\nagents = [\"ana\"]",
    );
    let closed = agents(
        "[[queues]]\nid = \"lost\"\nparent = \"main\"\nname = \"Lost\"\nhidden = true\nclosed_to_transfers = true\nagents = [\"ana\"]",
    );
    let offered = agents(
        "[[queues]]\nid = \"lost\"\nparent = \"main\"\nname = \"Lost\"\nhidden = true\nagents = [\"ana\"]\n[after_hours.chat]\nsms = \"queue:lost\"",
    );
    let bots = agents(
        "[[virtual_agents]]\nid = \"a\"\nname = \"A\"\nfallback = \"sales\"\n[[virtual_agents]]\nid = \"b\"\nname = \"B\"\nfallback = \"billing\"",
    );
    let table: &[Case<'_>] = &[
        (&[("[[agents]]", &lost)], &["warning queue-unreachable queues.lost"]),
        (&[("[[agents]]", &hidden)], &["note queue-unreachable queues.lost"]),
        (&[("[[agents]]", &closed)], &["warning queue-unreachable queues.lost"]),
        (&[("[[agents]]", &word)], &[]),
        (&[("[[agents]]", &offered)], &[]),
        (&[("[[agents]]", &lost), ("[[queues]]", "[menu]\nfallback = \"lost\"\n[[queues]]")], &[]),
        (
            &[("[[queues]]", "[menu]\nfallback = \"main\"\n[[queues]]")],
            &["error invalid menu.fallback"],
        ),
        (
            &[
                ("name = \"Billing\"", "name = \"Billing\"\nhidden = true\nkeywords = [\"pay\"]"),
                ("name = \"Sales\"", "name = \"Sales\"\nhidden = true\nkeywords = [\"buy\"]"),
            ],
            &["warning menu-dead-end queues.main"],
        ),
        (
            &[
                ("name = \"Billing\"", "name = \"Billing\"\nvirtual_agent = \"a\""),
                ("name = \"Sales\"", "name = \"Sales\"\nvirtual_agent = \"b\""),
                ("[[agents]]", &bots),
            ],
            &["error invalid virtual_agents.a.fallback", "error invalid virtual_agents.b.fallback"],
        ),
        (
            &[
                ("name = \"Billing\"", "name = \"Billing\"\nvirtual_agent = \"a\""),
                (
                    "[[agents]]",
                    "[[virtual_agents]]\nid = \"a\"\nname = \"A\"\nfallback = \"sales\"\n[[agents]]",
                ),
            ],
            &[],
        ),
        (
            &[(
                "[[agents]]",
                "[[virtual_agents]]\nid = \"a\"\nname = \"A\"\nfallback = \"billing\"\n[[agents]]",
            )],
            &["warning agent-unassigned virtual_agents.a"],
        ),
        (
            &[
                ("name = \"Billing\"", "name = \"Billing\"\nafter_hours = \"queue:sales\""),
                ("name = \"Sales\"", "name = \"Sales\"\nafter_hours = \"queue:billing\""),
            ],
            &["error invalid queues.billing.after_hours"],
        ),
    ];
    for (changes, expected) in table {
        assert_found(changes, expected);
    }
}
