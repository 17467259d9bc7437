use super::*;

#[test]
fn rules_have_ids_of_their_own_and_say_how_to_mend() {
    let mut ids: Vec<&str> = rules().map(|rule| rule.id).collect();
    assert!(ids.len() >= 60, "{}", ids.len());
    for rule in rules() {
        assert!(!rule.mend.is_empty(), "{}", rule.id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules().count());
}

#[test]
fn words_are_whole_and_links_are_links() {
    use crate::text::{has_phone, host_of, hosts, related, says, tells_stop};
    assert!(says("Get a  LOAN today", &["loan"]) && !says("Sloane's loanword", &["loan"]));
    assert!(tells_stop("Reply STOP to end") && tells_stop("Stop2End") && !tells_stop("Stop"));
    assert_eq!(
        hosts("See (https://www.acme.com/a?b), bit.ly/x and acme.org."),
        ["acme.com", "bit.ly", "acme.org"]
    );
    assert_eq!(hosts("Write to office@acme.com at 9.30 a.m."), [] as [&str; 0]);
    assert_eq!(host_of("https://shop.acme.com/x").as_deref(), Some("shop.acme.com"));
    assert!(related("shop.acme.com", "acme.com") && !related("notacme.com", "acme.com"));
    assert!(has_phone("call (202) 555-0100!") && !has_phone("order 12345, 3 of 4, on 2026"));
}

/// Numbers that a rule goes by are those of the tables.
#[test]
fn a_host_that_has_fewer_numbers_without_a_pool_says_so() {
    let registration: Registration = serde_json::from_str(
        r#"{ "brand": { "entity_type": "NON_PROFIT" }, "campaign": { "use_case": "CHARITY", "numbers": 11 } }"#,
    )
    .unwrap();
    let own = "[[numbers_without_pool]]\nmost = 10\nbasis = { source = 'us', since = '2023-01-01', confidence = 'high' }";
    let facts = [crate::Facts::standard().clone(), crate::Facts::with(own).unwrap()];
    let found = facts.map(|facts| {
        let findings = lint(&registration, facts.on("2026-11-21".parse().unwrap()));
        findings.into_iter().find(|finding| finding.rule == "pool").map(|finding| finding.found)
    });
    assert_eq!(found, [None, Some("is 11 without a pool, allowed are 10".into())]);
}
