use frontdesk_types::Region;

use super::*;
use crate::ImportError;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn listed(day: &str) -> Scrub {
    let checked = at(&format!("2026-{day}T00:00:00Z"));
    Scrub::new(ScrubList::NationalDoNotCall, ScrubResult::Listed, checked, "list.csv")
}

#[test]
fn dlc_4_the_newest_check_of_a_list_holds_and_remembers_when_the_number_was_first_found() {
    let mut scrubs = Scrubs::default();
    assert!(scrubs.record(listed("10-01")));
    assert!(!scrubs.record(listed("10-01")), "the very same");
    assert!(!scrubs.record(listed("09-01")), "an older one");
    assert!(scrubs.record(listed("11-01")));
    let held = scrubs.of(ScrubList::NationalDoNotCall).unwrap();
    assert_eq!(
        (held.checked, held.effective()),
        (listed("11-01").checked, at("2026-10-01T00:00:00Z"))
    );
    // It was taken off the list, and put on it again.
    assert!(scrubs.record(Scrub { result: ScrubResult::Clear, ..listed("11-10") }));
    assert!(scrubs.record(listed("11-20")));
    let held = scrubs.of(ScrubList::NationalDoNotCall).unwrap();
    assert_eq!(held.effective(), at("2026-11-20T00:00:00Z"));
    assert_eq!(scrubs.iter().count(), 1);
    assert!(!scrubs.record(Scrub { result: ScrubResult::Unknown, ..listed("11-21") }));
    let mut scrubs = Scrubs::default();
    assert!(scrubs.record(Scrub { result: ScrubResult::Unknown, ..listed("11-21") }));
    assert!(scrubs.record(listed("11-20")), "it is of no version");
    // The day on which it was listed is not forgotten by a version that does not tell it.
    let since = at("2026-05-01T00:00:00Z");
    assert!(scrubs.record(Scrub { since: Some(since), ..listed("11-22") }));
    assert!(scrubs.record(listed("11-23")) && !scrubs.record(listed("11-23")));
    assert_eq!(scrubs.of(ScrubList::NationalDoNotCall).unwrap().effective(), since);
}

/// The database is asked whether a number was disconnected since consent was given: each such answer is news.
#[test]
fn dlc_4_a_disconnection_counts_up_to_the_last_check_unless_the_file_tells_its_day() {
    let gone = |day: &str| Scrub {
        list: ScrubList::ReassignedNumbers,
        result: ScrubResult::Disconnected,
        ..listed(day)
    };
    let mut scrubs = Scrubs::default();
    assert!(scrubs.record(gone("10-01")) && scrubs.record(gone("11-01")));
    let effective = |scrubs: &Scrubs| scrubs.of(ScrubList::ReassignedNumbers).unwrap().effective();
    assert_eq!(effective(&scrubs), at("2026-11-01T00:00:00Z"));
    let since = Some(at("2026-10-20T00:00:00Z"));
    assert!(scrubs.record(Scrub { since, ..gone("11-10") }));
    assert_eq!(effective(&scrubs), at("2026-10-20T00:00:00Z"));
    assert!(scrubs.record(gone("11-20")), "without a day of its own");
    assert_eq!(effective(&scrubs), at("2026-11-20T00:00:00Z"));
}

#[test]
fn scrubs_are_stored_as_a_list_and_words_are_those_of_serde() {
    let mut scrubs = Scrubs::default();
    assert!(scrubs.record(listed("10-01")));
    let json = serde_json::to_string(&scrubs).unwrap();
    assert_eq!(
        json,
        r#"[{"list":"national_do_not_call","result":"listed","checked":"2026-10-01T00:00:00Z","first":"2026-10-01T00:00:00Z","source":"list.csv"}]"#
    );
    assert_eq!(serde_json::from_str::<Scrubs>(&json).unwrap(), scrubs);
    for list in ScrubList::ALL {
        assert_eq!(serde_json::to_value(list).unwrap(), list.word());
        assert_eq!(ScrubList::named(list.word()), Some(list));
    }
    for result in ScrubResult::ALL {
        assert_eq!(serde_json::to_value(result).unwrap(), result.word());
    }
    let long = Scrub::new(
        ScrubList::Internal,
        ScrubResult::Clear,
        at("2026-10-01T00:00:00Z"),
        &"x".repeat(300),
    );
    assert_eq!(long.source.len(), Scrub::LONGEST_SOURCE);
}

fn read(rows: &str) -> Result<Vec<ImportedScrub>, ImportError> {
    let list = format!("consumer,list,result,checked,since\n{rows}");
    import_scrubs(&list, "november.csv", Some(Region::US), at("2026-11-21T00:00:00Z"))
}

#[test]
fn dlc_4_results_of_checks_are_read_with_their_dates() {
    let rows = "(202) 555-0123,national_do_not_call,listed,2026-11-20,\n+12025550124,deactivated_numbers,disconnected,2026-11-20T08:00:00Z,2026-11-02\n";
    let read = read(rows).unwrap();
    let told: Vec<String> = read.iter().map(|row| row.scrub.to_string()).collect();
    assert_eq!(
        told,
        [
            "national do-not-call registry: listed, checked on 2026-11-20 (november.csv)",
            "deactivation files: disconnected, checked on 2026-11-20 (november.csv)"
        ]
    );
    assert_eq!(read[1].scrub.since, Some(at("2026-11-02T00:00:00Z")));
    assert_eq!(read[0].consumer.to_string(), "+12025550123");
}

#[test]
fn dlc_4_every_wrong_row_of_a_list_of_checks_is_told_with_line_and_column() {
    let rows = "+12025550123,internal,listed,2026-11-20,
12,dnc,perhaps,soon,
+12025550123,internal,clear,2026-11-20,
+12025550124,internal,disconnected,2026-12-01,
\"+12025550125\",reassigned_numbers,listed,2026-11-20,2026-11-21T00:00:00Z
";
    let told = read(rows).unwrap_err().to_string();
    insta::assert_snapshot!(told, @r"
    line 3, consumer: not a phone number
    line 3, list: `dnc`; allowed are deactivated_numbers, internal, litigators, national_do_not_call, reassigned_numbers, state_do_not_call
    line 3, result: `perhaps`; allowed are clear, disconnected, listed, reassigned, unknown
    line 3, checked: `soon`; allowed is a date or an instant, like 2026-03-01T10:00:00Z
    line 4, consumer: stands there for this list in line 2, too
    line 5, result: `disconnected`; allowed are clear, listed, unknown
    line 5, checked: `2026-12-01` has not been yet
    line 6, result: `listed`; allowed are clear, disconnected, reassigned, unknown
    line 6, since: is later than `checked`
    ");
    let error = import_scrubs(
        "consumer,list\n+12025550123,internal\n",
        "",
        None,
        at("2026-11-21T00:00:00Z"),
    );
    assert!(
        matches!(&error, Err(ImportError::Document(why)) if why.contains("the column `result` is missing")),
        "{error:?}"
    );
    let short = read("+12025550123,internal\n").unwrap_err().to_string();
    assert_eq!(short, "line 2, row: has 2 fields; line 1 names 5 columns");
}

#[test]
fn dlc_4_one_wrong_row_of_a_million_is_told_with_its_place() {
    use std::fmt::Write as _;
    let mut rows = String::with_capacity(60_000_000);
    for n in 0..1_000_000 {
        let result = if n == 765_431 { "cleer" } else { "clear" };
        writeln!(rows, "+1202{:07},national_do_not_call,{result},2026-11-20,", 2_000_000 + n)
            .unwrap();
    }
    let told = read(&rows).unwrap_err().to_string();
    assert_eq!(told, "line 765433, result: `cleer`; allowed are clear, listed, unknown");
}
