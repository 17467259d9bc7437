use proptest::prelude::*;

use super::*;
use crate::{
    Act, Address, BrandRank, Entry, Evidence, Facts, Limit, Meter, Method, RevocationScope, Span,
    UseCase,
};

const PURPOSES: [Purpose; 11] = [
    Purpose::Outreach,
    Purpose::AfterHours,
    Purpose::AgentReply,
    Purpose::Assigned,
    Purpose::Greeting,
    Purpose::Help,
    Purpose::NotUnderstood,
    Purpose::OptInConfirmation,
    Purpose::OptOutConfirmation,
    Purpose::Prompt,
    Purpose::Notification,
];

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn entry(when: Instant, act: Act) -> Entry {
    Entry { at: when, act, wording: String::new(), evidence: Evidence::default() }
}

/// Consent of a level, a year old.
fn consented(level: ConsentLevel) -> Consent {
    let given = at("2025-11-21T15:00:00Z");
    Consent::of(&[
        entry(given, Act::Agreed { method: Method::WebForm, level, given }),
        entry(given, Act::OptInTextShown),
    ])
}

/// Everything that a decision is about; a promotion to somebody in New York who agreed to it, at ten in the morning.
#[derive(Debug, Clone)]
struct Case {
    id: MessageId,
    purpose: Purpose,
    kind: ContentType,
    body: &'static str,
    segments: u32,
    answers: bool,
    last_word: Option<Instant>,
    consent: Consent,
    revoked_elsewhere: Option<Instant>,
    revoked_since: Option<Instant>,
    blocked: bool,
    place: Place,
    carrier: Option<Carrier>,
    solicited: Vec<Instant>,
    purchased: Option<Instant>,
    scrubs: Scrubs,
    scrub_again: Option<Instant>,
    campaign: Registered,
    number: Registered,
    rates: Rates,
    counters: Counters,
    rules: GateRules,
    at: Instant,
}

fn case() -> Case {
    Case {
        id: "1-1".into(),
        purpose: Purpose::Notification,
        kind: ContentType::Promotional,
        body: "Harbor Books: our letter of this week",
        segments: 1,
        answers: false,
        last_word: None,
        consent: consented(ConsentLevel::Written),
        revoked_elsewhere: None,
        revoked_since: None,
        blocked: false,
        place: in_state("NY"),
        carrier: Some(Carrier::Att),
        solicited: Vec::new(),
        purchased: None,
        scrubs: Scrubs::default(),
        scrub_again: None,
        campaign: Registered::Active,
        number: Registered::Active,
        rates: rates(),
        counters: Counters::default(),
        rules: GateRules::default(),
        at: at("2026-11-23T15:00:00Z"),
    }
}

fn rates() -> Rates {
    Rates::of(
        Facts::standard().on("2026-11-21".parse().unwrap()),
        "brand",
        "offers",
        UseCase::LowVolume,
        BrandRank::Unvetted,
    )
}

fn support() -> SupportNumber {
    "+12025550100".parse().unwrap()
}

fn in_state(code: &str) -> Place {
    Place::of(
        "+18005550123".parse().unwrap(),
        Some(Address { state: Some(code.parse().unwrap()), zone: None }),
    )
}

impl Case {
    fn decide(&self) -> Decision {
        let message = Outgoing {
            id: &self.id,
            purpose: self.purpose,
            kind: self.kind,
            body: self.body,
            segments: self.segments,
            media: false,
            answers: self.answers,
            last_word: self.last_word,
            judged: None,
            number: support(),
        };
        let recipient = Recipient {
            consent: &self.consent,
            revoked_elsewhere: self.revoked_elsewhere,
            revoked_since: self.revoked_since,
            blocked: self.blocked,
            help_answer: None,
            place: &self.place,
            carrier: self.carrier,
            solicited: &self.solicited,
            purchased: self.purchased,
            scrubs: &self.scrubs,
            scrub_again: self.scrub_again,
        };
        let sending = Sending {
            campaign: self.campaign,
            number: self.number,
            rates: &self.rates,
            counters: &self.counters,
        };
        gate(&message, &recipient, &sending, self.at, &self.rules)
    }

    /// `send`, `refuse` or `hold until …`, and the rules that say so.
    fn told(&self) -> String {
        let Decision { verdict, reasons } = self.decide();
        let verdict = match verdict {
            Verdict::Send => "send".to_owned(),
            Verdict::Refuse => "refuse".to_owned(),
            Verdict::Hold { until } => until.format("hold %m-%d %H:%M:%S").to_string(),
        };
        let rules: Vec<&str> = reasons.iter().map(Reason::rule).collect();
        format!("{verdict} {}", rules.join(" ")).trim_end().to_owned()
    }

    /// As many segments have left as there is room for.
    fn full(mut self, left: Instant) -> Self {
        let limits = self.rates.limits(support(), self.carrier, false);
        let most = limits.iter().map(|limit| limit.most).min().unwrap();
        self.counters.count(&limits, most, left);
        self
    }
}

fn reply() -> Case {
    let (purpose, kind) = (Purpose::AgentReply, ContentType::Conversational);
    Case { purpose, kind, answers: true, ..case() }
}

/// A sender for whom a revocation takes back all.
fn revoke_all() -> GateRules {
    GateRules { revocation_scope: Some(RevocationScope::All), ..GateRules::default() }
}

fn told(table: Vec<(Case, &str)>) {
    for (n, (case, expected)) in table.into_iter().enumerate() {
        assert_eq!(case.told(), expected, "{n}: {:?}", case.decide());
    }
}

/// CTIA 2023, 5.1.1.
#[test]
fn dlc_4_consent_goes_by_the_kind_of_message() {
    let late = at("2026-11-24T03:00:00Z");
    let stop = Act::OptedOut { word: "stop".into(), confirmation: Some("1-1".into()) };
    let opted_out = Consent::of(&[entry(late, stop)]);
    let express = consented(ConsentLevel::Express);
    let implied = Consent::of(&[entry(late, Act::WroteFirst)]);
    let unknown = Consent::default();
    told(vec![
        (case(), "send"),
        (Case { consent: express.clone(), ..case() }, "refuse no_consent"),
        (Case { consent: express, kind: ContentType::Informational, ..case() }, "send"),
        (
            Case { consent: implied.clone(), kind: ContentType::Informational, ..case() },
            "refuse no_consent no_opt_out",
        ),
        (Case { consent: implied, ..reply() }, "send"),
        (Case { consent: unknown.clone(), ..reply() }, "refuse no_consent"),
        (Case { consent: unknown, purpose: Purpose::Outreach, ..reply() }, "refuse no_consent"),
        (Case { consent: opted_out, ..reply() }, "refuse do_not_contact"),
        (Case { blocked: true, ..case() }, "refuse blocked"),
    ]);
}

/// The rule of 2027-01-31 does not fire by itself.
#[test]
fn dlc_4_what_was_written_before_a_revocation_leaves_after_no_start() {
    let since = Some(case().at - TimeDelta::hours(1));
    let out = Case { revoked_since: since, ..case() };
    told(vec![(out, "refuse revoked_since")]);
}

#[test]
fn dlc_7_one_stop_takes_back_all_where_the_host_says_so_and_no_date_does() {
    let hour = |hours: i64| case().at - TimeDelta::hours(hours);
    told(vec![
        (Case { revoked_elsewhere: Some(hour(24)), ..case() }, "send"),
        (
            Case { revoked_elsewhere: Some(hour(24)), rules: revoke_all(), ..case() },
            "refuse revoked_elsewhere",
        ),
        (
            Case {
                revoked_elsewhere: Some(at("2027-02-01T00:00:00Z")),
                at: at("2027-02-02T15:00:00Z"),
                ..case()
            },
            "send",
        ),
        (
            Case {
                revoked_elsewhere: Some(at("2027-02-01T00:00:00Z")),
                at: at("2027-02-02T15:00:00Z"),
                rules: revoke_all(),
                ..case()
            },
            "refuse revoked_elsewhere",
        ),
        (
            Case {
                revoked_elsewhere: Some(at("2024-02-01T00:00:00Z")),
                rules: revoke_all(),
                ..case()
            },
            "send",
        ),
    ]);
}

/// And not for answers.
#[test]
fn dlc_4_quiet_hours_are_for_solicitations() {
    let late = at("2026-11-24T03:00:00Z");
    told(vec![
        (Case { at: late, ..case() }, "hold 11-24 13:00:00 quiet_hours"),
        (Case { at: late, kind: ContentType::Informational, ..case() }, "send"),
        (Case { at: late, answers: true, ..case() }, "send"),
        (Case { at: late, ..reply() }, "send"),
        (
            Case {
                at: late,
                kind: ContentType::Informational,
                rules: GateRules {
                    quiet_hours: vec![ContentType::Informational],
                    ..GateRules::default()
                },
                ..case()
            },
            "hold 11-24 13:00:00 quiet_hours",
        ),
        (Case { at: late, place: Place::Abroad, ..case() }, "send"),
        (Case { place: Place::Unknown, ..case() }, "hold 11-23 18:00:00 quiet_hours"),
    ]);
}

/// What ends in the evening waits for the morning.
#[test]
fn dlc_4_caps_are_those_of_states_and_the_senders_own() {
    let hour = |hours: i64| case().at - TimeDelta::hours(hours);
    let thrice = vec![hour(23), hour(22), hour(1)];
    told(vec![
        (Case { solicited: thrice.clone(), ..case() }, "send"),
        (
            Case { solicited: thrice.clone(), place: in_state("OK"), ..case() },
            "hold 11-23 16:00:00 cap",
        ),
        (
            Case {
                solicited: thrice.clone(),
                place: Place::Unknown,
                at: at("2026-11-23T18:30:00Z"),
                ..case()
            },
            "send",
        ),
        (
            Case { solicited: vec![hour(24), hour(22), hour(1)], place: in_state("OK"), ..case() },
            "send",
        ),
        (
            Case {
                solicited: thrice,
                place: in_state("OR"),
                at: at("2026-11-23T17:00:00Z"),
                ..case()
            },
            "send",
        ),
        (
            Case {
                solicited: vec![hour(3), hour(2), hour(1)],
                place: in_state("OR"),
                at: at("2026-11-23T17:00:00Z"),
                ..case()
            },
            "hold 11-24 16:00:00 cap",
        ),
        (
            Case {
                solicited: vec![hour(3), hour(2), hour(1)],
                place: in_state("OR"),
                at: at("2026-11-23T17:00:00Z"),
                purchased: Some(at("2025-06-23T00:00:00Z")),
                ..case()
            },
            "send",
        ),
        (
            Case {
                solicited: vec![hour(3), hour(2), hour(1)],
                place: in_state("OR"),
                at: at("2026-11-23T17:00:00Z"),
                purchased: Some(at("2025-05-01T00:00:00Z")),
                ..case()
            },
            "hold 11-24 16:00:00 cap",
        ),
        (
            Case {
                solicited: vec![hour(100)],
                rules: GateRules {
                    caps: vec![Cap { count: 1, hours: 168 }],
                    ..GateRules::default()
                },
                ..case()
            },
            "hold 11-26 13:00:00 cap",
        ),
        (
            Case { solicited: vec![hour(13), hour(12), hour(12)], place: in_state("OK"), ..case() },
            "hold 11-24 14:00:00 cap",
        ),
    ]);
}

/// Each alone.
#[test]
fn dlc_4_content_campaign_and_number() {
    told(vec![
        (Case { body: "Visit our casino", ..case() }, "refuse prohibited_content"),
        (Case { body: "Visit our casino", ..reply() }, "send prohibited_content"),
        (Case { body: "https://bit.ly/x", ..reply() }, "refuse shortener"),
        (Case { campaign: Registered::Suspended, ..case() }, "refuse campaign_not_active"),
        (Case { number: Registered::Pending, ..reply() }, "refuse number_not_active"),
        (Case { number: Registered::Pending, place: Place::Abroad, ..reply() }, "send"),
    ]);
}

/// Seventy-five a minute, of which notifications use what is not kept for answers.
#[test]
fn dlc_6_what_is_full_waits() {
    told(vec![
        (case().full(case().at), "hold 11-23 15:01:01 throughput"),
        (reply().full(case().at), "hold 11-23 15:01:01 throughput"),
        (case().full(case().at - TimeDelta::seconds(61)), "send"),
        (Case { segments: 70, ..case() }, "refuse too_many_segments"),
        (Case { segments: 70, ..reply() }, "send"),
        (
            Case { carrier: None, segments: 10, ..case() }.full(case().at),
            "hold 11-23 15:01:01 throughput",
        ),
    ]);
}

#[test]
fn every_reason_is_told_at_once_the_gravest_first() {
    let all = Case {
        consent: consented(ConsentLevel::Express),
        blocked: true,
        at: at("2026-11-24T03:00:00Z"),
        body: "Our casino: https://acme.net/x",
        campaign: Registered::Expired,
        number: Registered::Rejected,
        solicited: vec![at("2026-11-24T02:00:00Z"); 3],
        place: in_state("FL"),
        rules: GateRules {
            content: crate::ContentRules { domains: vec!["acme.com".into()], ..Default::default() },
            ..GateRules::default()
        },
        ..case()
    };
    let decision = all.clone().full(all.at).decide();
    assert_eq!(decision.verdict, Verdict::Refuse);
    insta::assert_json_snapshot!(decision);
    let words: Vec<String> = decision.reasons.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("reasons_in_words", words.join("\n"));
}

/// SMS-11, DLC-7: exactly one confirmation, by the provider or by us, within five minutes.
#[test]
fn the_one_confirmation_passes_the_gate_that_the_opt_out_has_closed() {
    let begin = at("2026-11-24T03:00:00Z");
    let stop =
        |id: Option<&str>| Act::OptedOut { word: "stop".into(), confirmation: id.map(Into::into) };
    let confirmation = |acts: &[Act], id: &str, seconds: i64| {
        let entries: Vec<Entry> = acts.iter().map(|act| entry(begin, act.clone())).collect();
        let at = begin + TimeDelta::seconds(seconds);
        let (purpose, kind) = (Purpose::OptOutConfirmation, ContentType::Conversational);
        Case { id: id.into(), purpose, kind, consent: Consent::of(&entries), at, ..case() }.told()
    };
    assert_eq!(confirmation(&[stop(Some("1-7"))], "1-7", 300), "send");
    assert_eq!(confirmation(&[stop(Some("1-7"))], "1-8", 0), "refuse confirmation_not_due");
    assert_eq!(confirmation(&[stop(None)], "1-7", 0), "refuse confirmation_not_due");
    assert_eq!(confirmation(&[Act::CarrierOptedOut], "1-7", 0), "refuse confirmation_not_due");
    let back = Act::OptedIn { word: "start".into(), confirmation: None, asked: false };
    assert_eq!(confirmation(&[stop(Some("1-7")), back], "1-7", 0), "refuse confirmation_not_due");
    // A provider that is down is no reason to leave the consumer without one; an hour later nobody waits for it.
    assert_eq!(confirmation(&[stop(Some("1-7"))], "1-7", 301), "send confirmation_late");
    assert_eq!(confirmation(&[stop(Some("1-7"))], "1-7", 3_600), "send confirmation_late");
    assert_eq!(confirmation(&[stop(Some("1-7"))], "1-7", 3_601), "refuse confirmation_too_late");
}

fn act(kind: u8, n: usize) -> Act {
    let confirmation = Some(MessageId::from(format!("1-{n}").as_str()));
    match kind {
        0 => Act::WroteFirst,
        1 => Act::OptInTextShown,
        2 => Act::OptedIn { word: "start".into(), confirmation, asked: false },
        3 => Act::CarrierOptedOut,
        4 => Act::AgreedInCall,
        // A list that is older than any revocation.
        5 => Act::Agreed {
            method: Method::Paper,
            level: ConsentLevel::Written,
            given: at("2020-01-01T00:00:00Z"),
        },
        _ => Act::OptedOut { word: "stop".into(), confirmation },
    }
}

/// A limit that a random history may have reached.
fn counters(used: u32, seconds: i64, begin: Instant) -> Counters {
    let mut counters = Counters::default();
    let limits = [
        Limit {
            meter: Meter::AttCampaign("offers".into()),
            most: 75,
            span: Span::Minute,
            pacific: None,
        },
        Limit {
            meter: Meter::TMobileBrand("brand".into()),
            most: 2000,
            span: Span::PacificDay,
            pacific: None,
        },
    ];
    counters.count(&limits[..1], used % 76, begin - TimeDelta::seconds(seconds));
    counters.count(&limits[1..], used, begin - TimeDelta::seconds(seconds));
    counters
}

proptest! {
    /// Invariant 2 of the design, for the gate alone: no message to a revoked consumer, under any order of events.
    #[test]
    fn after_a_revocation_only_its_one_confirmation_leaves(kinds in prop::collection::vec(0_u8..8, 1..12)) {
        let begin = at("2026-11-21T15:00:00Z");
        let mut consent = Consent::default();
        let mut revoked_at = None;
        for (n, kind) in kinds.iter().enumerate() {
            consent.apply(&entry(begin, act(*kind, n)));
            match kind {
                2 => revoked_at = None,
                3 => revoked_at = revoked_at.or(Some(None)),
                6.. => revoked_at = revoked_at.or(Some(Some(n))),
                _ => {}
            }
            let Some(due) = revoked_at else { continue };
            for purpose in PURPOSES {
                for id in 0..=n {
                    let message = MessageId::from(format!("1-{id}").as_str());
                    let allowed = purpose == Purpose::OptOutConfirmation && due == Some(id);
                    let case = Case { id: message, purpose, kind: ContentType::of(purpose), consent: consent.clone(), at: begin, ..case() };
                    prop_assert_eq!(case.decide().verdict == Verdict::Send, allowed);
                }
            }
        }
    }

    /// What is held leaves at the end of the hold if nothing else happens, and no second before.
    #[test]
    fn a_hold_ends_at_the_first_instant_at_which_the_message_may_leave(
        minutes in 0_i64..20_000,
        state in 0_usize..51,
        unknown in prop::bool::weighted(0.1),
        solicited in prop::collection::vec(0_i64..3000, 0..6),
        used in 0_u32..2001,
        seconds in 0_i64..3600,
        carrier in 0_usize..5,
        own in prop::option::of((1_u32..4, 1_u32..100)),
    ) {
        let begin = at("2026-10-20T00:00:30Z") + TimeDelta::minutes(minutes);
        let mut solicited: Vec<Instant> = solicited.into_iter().map(|ago| begin - TimeDelta::minutes(ago)).collect();
        solicited.sort_unstable();
        let code = crate::State::all().filter(|state| !state.is_territory()).nth(state).unwrap();
        let case = Case {
            place: if unknown { Place::Unknown } else { in_state(code.code()) },
            solicited,
            carrier: Carrier::ALL.get(carrier).copied(),
            counters: counters(used, seconds, begin),
            rules: GateRules { caps: own.map(|(count, hours)| Cap { count, hours }).into_iter().collect(), ..GateRules::default() },
            at: begin,
            ..case()
        };
        match case.decide().verdict {
            Verdict::Refuse => prop_assert!(false, "{:?}", case.decide()),
            Verdict::Send => {}
            Verdict::Hold { until } => {
                prop_assert!(until > begin);
                prop_assert_eq!(Case { at: until, ..case.clone() }.decide().verdict, Verdict::Send);
                let before = until - TimeDelta::seconds(1);
                if before > begin {
                    prop_assert_ne!(Case { at: before, ..case.clone() }.decide().verdict, Verdict::Send);
                    prop_assert_eq!(Case { at: before, ..case }.decide().verdict, Verdict::Hold { until });
                }
            }
        }
    }
}

/// D4: a first text to somebody never heard of is refused, unless the host has a reason; and it waits for quiet hours.
#[test]
fn dlc_4_a_chat_begins_with_consent_or_a_reason_and_by_day() {
    let begins = || Case {
        purpose: Purpose::Outreach,
        kind: ContentType::Conversational,
        body: "Harbor Books: may we ask about your order? Reply STOP to opt out.",
        consent: Consent::default(),
        ..case()
    };
    assert_eq!(begins().told(), "refuse no_consent");
    let allowed = || GateRules {
        outreach_without_consent: Some("they ask for it on the web; counsel, memo 7".into()),
        ..GateRules::default()
    };
    assert_eq!(Case { rules: allowed(), ..begins() }.told(), "send");
    let night = at("2026-11-24T08:00:00Z");
    let by_night = Case { rules: allowed(), at: night, ..begins() };
    assert_eq!(by_night.told(), "hold 11-24 13:00:00 quiet_hours");
    let express = || consented(ConsentLevel::Express);
    assert_eq!(Case { consent: express(), ..begins() }.told(), "send");
    let by_night = Case { consent: express(), at: night, ..begins() };
    assert_eq!(by_night.told(), "hold 11-24 13:00:00 quiet_hours");
}

/// D5: what advertises is no information because its sender says so.
#[test]
fn dlc_4_a_text_that_advertises_waits_whatever_it_is_sent_as() {
    let (day, night) = (at("2026-11-23T15:00:00Z"), at("2026-11-24T04:00:00Z"));
    let informs = |at| Case {
        kind: ContentType::Informational,
        body: "Harbor Books: 20% off, buy now, code SAVE20. Reply STOP to opt out.",
        at,
        ..case()
    };
    assert_eq!(informs(day).told(), "send advertises");
    assert_eq!(informs(night).told(), "hold 11-24 13:00:00 quiet_hours advertises");
    let off = GateRules { hold_advertising: false, ..GateRules::default() };
    assert_eq!(Case { rules: off, ..informs(night) }.told(), "send advertises");
    let order = "Harbor Books: your order 4711 is ready. Reply STOP to opt out.";
    assert_eq!(Case { body: order, ..informs(night) }.told(), "send");
    // An agent's offer is an answer for a day after the consumer's last word.
    let offers = |hours| Case {
        body: "We have it in stock, 20% off this week",
        last_word: Some(night - TimeDelta::hours(hours)),
        at: night,
        ..reply()
    };
    assert_eq!(offers(1).told(), "send advertises");
    assert_eq!(offers(73).told(), "hold 11-24 13:00:00 quiet_hours advertises");
    assert_eq!(Case { body: "It is on its way", ..offers(73) }.told(), "send");
}

/// D8: what a carrier or the registry has stopped sends nowhere; a registration that is not through is for the United States.
#[test]
fn dlc_4_a_suspended_campaign_sends_nothing_to_canada_either() {
    let abroad = |campaign| Case { place: Place::Abroad, carrier: None, campaign, ..case() };
    assert_eq!(abroad(Registered::Suspended).told(), "refuse campaign_not_active");
    assert_eq!(abroad(Registered::Pending).told(), "send");
}

mod scrubs;
