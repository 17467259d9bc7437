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

/// A registration of the defects, as a document.
#[allow(clippy::disallowed_methods, reason = "a test reads its files")]
fn document(file: &str) -> toml::Value {
    let path = format!("{}/tests/campaigns/{file}.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The value of a field, like `campaign.samples[1]`. What is missing is made.
fn field<'a>(document: &'a mut toml::Value, path: &str) -> &'a mut toml::Value {
    let parts: Vec<&str> = path.split(['.', '[', ']']).filter(|part| !part.is_empty()).collect();
    parts.into_iter().fold(document, |value, part| match (part.parse::<usize>(), value) {
        (Ok(at), toml::Value::Array(items)) => &mut items[at],
        (_, toml::Value::Table(table)) => {
            table.entry(part).or_insert_with(|| toml::Value::String(String::new()))
        }
        (_, value) => panic!("{path}: {value}"),
    })
}

/// Each example is found where it is bad, and not where it is good, in the registration that has the rule's defect.
#[test]
fn dlc_1_every_rule_has_an_example_that_is_true() {
    let facts = crate::Facts::standard().on("2026-11-27".parse().unwrap());
    let mut wrong = Vec::new();
    for rule in rules() {
        let row = example::ROWS.get(rule.id).unwrap_or_else(|| panic!("{}", rule.id));
        for (value, expected) in [(&row.bad, true), (&row.good, false)] {
            let mut registration = document(&format!("defects/{}", rule.id));
            let place = field(&mut registration, &row.field);
            *place = match value.as_str().and_then(|text| text.strip_prefix('…')) {
                Some(end) => {
                    let mut clean = document("clean/ironwood-tools");
                    format!("{}{end}", field(&mut clean, &row.field).as_str().unwrap()).into()
                }
                None => value.clone(),
            };
            let found = registration.try_into::<Registration>().map(|registration| {
                lint(&registration, facts).iter().any(|finding| {
                    finding.rule == rule.id && finding.path.starts_with(row.field.as_str())
                })
            });
            // A file that is no registration is bad, too: an empty trade.
            if found.unwrap_or(true) != expected {
                wrong.push(format!("{}: {value}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(example::ROWS.len(), rules().count());
}

/// The clean registration of a shop with other words in its flow.
fn with_flow(change: impl Fn(&str) -> String) -> Registration {
    let mut document = document("clean/ironwood-tools");
    let flow = field(&mut document, "campaign.message_flow");
    *flow = change(flow.as_str().unwrap()).into();
    document.try_into().unwrap()
}

fn found(registration: &Registration) -> Vec<(&'static str, Severity)> {
    let findings = lint(registration, crate::Facts::standard().on("2026-11-27".parse().unwrap()));
    findings.iter().map(|finding| (finding.rule, finding.severity)).collect()
}

#[test]
fn dlc_1_what_a_flow_says_is_found_by_its_kind() {
    for (sentence, expected) in [
        ("We text all existing customers.", Some(("flow-implied", Severity::Error))),
        ("Our office messages everyone in our database.", Some(("flow-implied", Severity::Error))),
        ("We may share your number with affiliates.", Some(("flow-shares", Severity::Error))),
        ("Phone numbers are provided to our sponsors.", Some(("flow-shares", Severity::Error))),
        ("They must check the box to sign up.", Some(("flow-forced", Severity::Error))),
        ("They must check the box to sign up for text alerts.", None),
        ("We share numbers with nobody.", None),
        ("We text those alone who checked the box.", None),
    ] {
        let registration = with_flow(|flow| format!("{flow} {sentence}"));
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(found(&registration), expected, "{sentence}");
    }
    let page = "https://www.ironwoodtools.example/texts";
    for (link, home) in [
        ("https://www.ironwoodtools.example", true),
        ("https://ironwoodtools.example/", true),
        ("https://www.ironwoodtools.example/index.html", true),
        ("https://www.ironwoodtools.example/?utm_source=review", true),
        ("https://www.ironwoodtools.example/contact", false),
    ] {
        for on in ["on the public page ", "at "] {
            let registration = with_flow(|flow| {
                flow.replace(&format!("on the public page {page}"), &format!("{on}{link}"))
            });
            let told = found(&registration).iter().any(|(rule, _)| *rule == "flow-home-page");
            assert_eq!(told, home, "{on}{link}");
        }
    }
}

/// A name is no sentence: words of it pass nobody on.
#[test]
fn dlc_1_the_brands_name_is_no_part_of_a_sentence() {
    let mut document = document("clean/orchard-school-board");
    for (path, name) in
        [("brand.display_name", "Vape-Free Schools"), ("brand.company_name", "Vape-Free Schools")]
    {
        *field(&mut document, path) = name.into();
    }
    let old = "Orchard School Board";
    let text = toml::to_string(&document).unwrap().replace(old, "Vape-Free Schools");
    let registration: Registration = toml::from_str(&text).unwrap();
    let told = found(&registration);
    assert!(told.iter().all(|(rule, _)| *rule != "lead-generation"), "{told:?}");
}

/// A field of any length is told, and read no further than it may be long.
#[test]
fn dlc_1_fields_that_are_too_long_are_told_and_cut() {
    let mut document = document("clean/ironwood-tools");
    *field(&mut document, "brand.display_name") = "Iron Wood ".repeat(8_000).into();
    *field(&mut document, "brand.company_name") = "I W ".repeat(20_000).into();
    *field(&mut document, "campaign.description") = "Iron Wood sells tools. ".repeat(4_000).into();
    let registration: Registration = document.try_into().unwrap();
    let told = found(&registration);
    for (rule, count) in [("brand-length", 2), ("description-length", 1)] {
        assert_eq!(told.iter().filter(|(id, _)| *id == rule).count(), count, "{rule}: {told:?}");
    }
}
