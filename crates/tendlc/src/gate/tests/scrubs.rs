//! Lists that consumers are checked against (DLC-4).

use super::*;
use crate::{Scrub, ScrubList, ScrubResult, ScrubRules};

const NATIONAL: ScrubList = ScrubList::NationalDoNotCall;

/// A center that asks for a list.
fn asking(lists: &[ScrubList]) -> GateRules {
    let scrub = ScrubRules { lists: lists.to_vec(), ..ScrubRules::default() };
    GateRules { scrub, ..GateRules::default() }
}

fn checked(list: ScrubList, result: ScrubResult, day: &str) -> Scrubs {
    let mut scrubs = Scrubs::default();
    assert!(scrubs.record(Scrub::new(list, result, at(&format!("{day}T15:00:00Z")), "list.csv")));
    scrubs
}

/// Consent of a level that was given on a day.
fn given(level: ConsentLevel, day: &str) -> Consent {
    let given = at(&format!("{day}T15:00:00Z"));
    Consent::of(&[
        entry(given, Act::Agreed { method: Method::WebForm, level, given }),
        entry(given, Act::OptInTextShown),
    ])
}

/// The promotion of the other tests leaves on 2026-11-23 at 15:00 UTC.
#[test]
fn dlc_4_a_promotion_leaves_only_to_who_was_checked_against_each_list_within_31_days() {
    let promotes = |scrubs| Case { rules: asking(&[NATIONAL]), scrubs, ..case() };
    assert_eq!(promotes(Scrubs::default()).told(), "refuse not_scrubbed");
    let clear = |day| checked(NATIONAL, ScrubResult::Clear, day);
    assert_eq!(promotes(clear("2026-10-23")).told(), "send", "31 days ago to the second");
    assert_eq!(promotes(clear("2026-10-22")).told(), "refuse not_scrubbed");
    let nobody_knows = checked(NATIONAL, ScrubResult::Unknown, "2026-11-22");
    assert_eq!(promotes(nobody_knows).told(), "refuse not_scrubbed");
    let both =
        Case { rules: asking(&[NATIONAL, ScrubList::Litigators]), ..promotes(clear("2026-11-20")) };
    let reasons: Vec<String> = both.decide().reasons.iter().map(ToString::to_string).collect();
    assert_eq!(reasons, ["not checked against the list of litigators"]);
    let old = promotes(clear("2026-10-01")).decide().reasons.remove(0).to_string();
    assert_eq!(
        old,
        "last checked against the national do-not-call registry on 2026-10-01 15:00:00 UTC, 31 days are allowed"
    );
    // Nobody asks for a list: nothing changes.
    assert_eq!(Case { rules: GateRules::default(), ..promotes(Scrubs::default()) }.told(), "send");
}

#[test]
fn dlc_4_a_promotion_waits_while_those_who_check_numbers_cannot_be_reached() {
    let waits = Case {
        rules: asking(&[NATIONAL]),
        scrub_again: Some(at("2026-11-23T16:00:00Z")),
        ..case()
    };
    assert_eq!(waits.told(), "hold 11-23 16:00:00 not_scrubbed");
    let told = waits.decide().reasons.remove(0).to_string();
    assert_eq!(
        told,
        "not checked against the national do-not-call registry; asked again from 2026-11-23 16:00:00 UTC"
    );
}

#[test]
fn dlc_4_a_number_on_a_do_not_call_list_gets_no_promotion_without_written_consent() {
    let on = |list| Case { scrubs: checked(list, ScrubResult::Listed, "2026-11-20"), ..case() };
    for list in [ScrubList::Internal, ScrubList::Litigators, ScrubList::StateDoNotCall] {
        assert_eq!(on(list).told(), "refuse on_list", "{list:?}");
        let again = given(ConsentLevel::Written, "2026-11-21");
        assert_eq!(Case { consent: again, ..on(list) }.told(), "send", "{list:?}: given after it");
        let informs = Case { kind: ContentType::Informational, ..on(list) };
        assert_eq!(informs.told(), "send", "{list:?}: it is no solicitation");
    }
    // Permission in writing lifts the national registry, whichever came first (47 CFR 64.1200(c)(2)(ii)).
    assert_eq!(on(NATIONAL).told(), "send");
    let express = Case { consent: given(ConsentLevel::Express, "2026-11-21"), ..on(NATIONAL) };
    assert_eq!(express.told(), "refuse no_consent on_list");
    // A result holds until another one takes its place, also where nobody asks for the list.
    let old = checked(ScrubList::Internal, ScrubResult::Listed, "2026-01-20");
    let consent = given(ConsentLevel::Written, "2026-01-10");
    assert_eq!(Case { scrubs: old, consent, ..case() }.told(), "refuse on_list");
}

#[test]
fn dlc_4_a_number_that_changed_hands_since_consent_was_given_gets_nothing_but_answers() {
    for (list, result) in [
        (ScrubList::ReassignedNumbers, ScrubResult::Disconnected),
        (ScrubList::ReassignedNumbers, ScrubResult::Reassigned),
        (ScrubList::DeactivatedNumbers, ScrubResult::Disconnected),
    ] {
        let changed = || Case { scrubs: checked(list, result, "2026-11-20"), ..case() };
        assert_eq!(changed().told(), "refuse number_changed");
        let informs = || Case { kind: ContentType::Informational, ..changed() };
        assert_eq!(informs().told(), "refuse number_changed");
        let answer = || Case { scrubs: changed().scrubs, ..reply() };
        assert_eq!(answer().told(), "send", "the consumer wrote");
        let of_the_center = Case { answers: false, ..answer() };
        assert_eq!(of_the_center.told(), "refuse number_changed");
        let answered = Case { last_word: Some(at("2026-11-22T15:00:00Z")), ..of_the_center };
        assert_eq!(answered.told(), "send", "whoever has the number now has written");
        let consent = given(ConsentLevel::Written, "2026-11-21");
        assert_eq!(Case { consent, ..informs() }.told(), "send", "the new consumer agreed");
    }
}
