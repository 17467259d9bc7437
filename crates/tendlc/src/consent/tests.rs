//! Laws of the ledger as a whole.

use chrono::{Months, TimeDelta};
use frontdesk_types::{Instant, MessageId};
use proptest::prelude::*;

use super::*;

fn key() -> LedgerKey {
    LedgerKey { consumer: "+12025550123".parse().unwrap(), programme: "offers".into() }
}

fn salt() -> Salt {
    Salt::from([7; 16])
}

fn begin() -> Instant {
    "2020-01-31T15:00:00Z".parse().unwrap()
}

/// Any act, with a word or a confirmation of its own.
fn act() -> impl Strategy<Value = Act> {
    let id =
        prop::option::of("[0-9]{1,3}").prop_map(|id| id.map(|id| MessageId::from(id.as_str())));
    let level = prop::sample::select(vec![
        ConsentLevel::Implied,
        ConsentLevel::Express,
        ConsentLevel::Written,
    ]);
    prop_oneof![
        (level, 0_i64..4000).prop_map(|(level, days)| Act::Agreed {
            method: Method::WebForm,
            level,
            given: begin() + TimeDelta::days(days - 1000),
        }),
        Just(Act::AgreedInCall),
        Just(Act::CarrierOptedOut),
        Just(Act::OptInTextShown),
        Just(Act::WroteFirst),
        (0_i64..4000).prop_map(|days| Act::Revoked {
            channel: RevocationChannel::Mail,
            given: begin() + TimeDelta::days(days - 1000),
        }),
        any::<bool>().prop_map(|asked| Act::OptedIn {
            word: "yes".into(),
            confirmation: None,
            asked
        }),
        id.clone().prop_map(|confirmation| Act::OptedIn {
            word: "start".into(),
            confirmation,
            asked: false
        }),
        id.prop_map(|confirmation| Act::OptedOut { word: "stop".into(), confirmation }),
    ]
}

/// Entries days apart.
fn entries(most: usize) -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((act(), 0_i64..900, "\\PC{0,12}"), 1..most).prop_map(|acts| {
        let mut at = begin();
        let enter = |(act, days, wording): (Act, i64, String)| {
            at += TimeDelta::days(days) + TimeDelta::milliseconds(1);
            Entry { at, act, evidence: format!("SM{days}").as_str().into(), wording }
        };
        acts.into_iter().map(enter).collect()
    })
}

fn history(entries: &[Entry]) -> History {
    let mut history = History::new(key());
    for entry in entries {
        history.append(entry.clone(), salt());
    }
    history
}

/// One change to a history: a field of an entry, a digest, an entry gone, added, twice, or two of them exchanged.
fn change(history: &mut History, kind: u8, at: usize) -> bool {
    let at = at % history.links.len();
    let before = history.clone();
    let link = &mut history.links[at];
    match kind {
        0 => link.entry.wording.push('.'),
        1 => link.entry.evidence.reference.insert(0, 'S'),
        2 => link.entry.at += TimeDelta::milliseconds(1),
        3 => link.entry.act = Act::OptInTextShown,
        4 => {
            link.entry.act =
                Act::Agreed { method: Method::Paper, level: ConsentLevel::Written, given: begin() }
        }
        5 => link.digest = Head::first(&LedgerKey { programme: "other".into(), ..key() }).digest,
        6 => drop(history.links.remove(at)),
        7 => history.links.insert(at, before.links[at].clone()),
        8 => history.links.rotate_left(at),
        9 => drop(history.append(before.links[at].entry.clone(), salt())),
        10 => history.key.programme = "other".into(),
        11 => history.before.entries += 1,
        12 => link.personal = Personal::Plain,
        13 => {
            let other = Entry { wording: "other".into(), ..link.entry.clone() };
            link.personal = Personal::salted(&other, salt());
        }
        14 => drop(link.erase().then(|| link.entry.wording.push('!'))),
        _ => history.links.truncate(at),
    }
    *history != before
}

proptest! {
    #[test]
    fn dlc_3_any_single_change_is_detected(entries in entries(8), kind in 0_u8..16, at in 0_usize..8, pruned in any::<bool>()) {
        let mut history = history(&entries);
        let head = history.head();
        if pruned {
            history.prune(Retention { years: 1 }, begin() + TimeDelta::days(4000), u64::MAX);
        }
        let whole = history.verify(Some(head));
        prop_assert_eq!(whole, Ok(Consent::of(&entries)));
        if change(&mut history, kind, at) {
            // Whose history it is stands in its first digest; after pruning, in the head that is kept for them.
            let renamed = pruned && kind == 10;
            prop_assert!(history.verify(Some(head)).is_err() || renamed, "{kind} {at}");
        }
    }

    /// An erasure blanks what a person wrote, and leaves the chain whole.
    #[test]
    fn dlc_3_an_erasure_leaves_the_chain_whole(entries in entries(8), which in prop::collection::vec(any::<bool>(), 8)) {
        let mut history = history(&entries);
        let head = history.head();
        let mut last = 0;
        for ((link, erased), number) in history.links.iter_mut().zip(&which).zip(1..) {
            prop_assert!(!*erased || link.erase());
            last = if *erased { number } else { last };
        }
        // Without an entry that tells of it, somebody has taken evidence away.
        let told = history.verify(Some(head));
        prop_assert_eq!(told.is_err(), last > 0);
        let erasure = |through| Entry {
            at: begin() + TimeDelta::days(9000),
            act: Act::Erased { through },
            wording: String::new(),
            evidence: Evidence::default(),
        };
        let mut less = history.clone();
        history.append(erasure(last), salt());
        prop_assert_eq!(history.verify(Some(history.head())), Ok(Consent::of(&entries)));
        if last > 0 {
            less.append(erasure(last - 1), salt());
            prop_assert_eq!(less.verify(Some(less.head())), Err(BrokenChain::Blanked { entry: last }));
        }
        for (link, erased) in history.links.iter().zip(&which) {
            prop_assert!(!*erased || (link.entry.wording.is_empty() && link.entry.evidence.is_empty()));
        }
    }

    /// The years count from the end of what an entry supports: what held at any moment of the retention period follows from
    /// what is kept (D12).
    #[test]
    fn dlc_3_pruning_keeps_what_any_moment_of_the_period_rests_on(
        entries in entries(10), days in 0_i64..6000, years in 0_u32..6
    ) {
        let now = begin() + TimeDelta::days(days);
        let mut kept = history(&entries);
        kept.prune(Retention { years }, now, u64::MAX);
        let oldest = now - Months::new(years * 12);
        let dropped = usize::try_from(kept.before.entries).unwrap();
        for until in dropped..=entries.len() {
            // A moment of the period: after some entry, unless the next one came before the period began.
            if entries.get(until).is_some_and(|next| next.at < oldest) {
                continue;
            }
            let all = Consent::of(&entries[..until]);
            prop_assert_eq!(Consent::of(&entries[dropped..until]), all, "after {} entries", until);
        }
    }

    /// What is dropped is old, and what holds stays what it was.
    #[test]
    fn pruning_changes_nothing_that_holds(entries in entries(10), days in 0_i64..6000, years in 0_u32..6) {
        let now = begin() + TimeDelta::days(days);
        let mut kept = history(&entries);
        kept.prune(Retention { years }, now, u64::MAX);
        let dropped = usize::try_from(kept.before.entries).unwrap();
        let oldest = now - Months::new(years * 12);
        prop_assert!(entries[..dropped].iter().all(|entry| entry.at < oldest));
        prop_assert_eq!(kept.verify(Some(history(&entries).head())), Ok(Consent::of(&entries)));
        let mut again = kept.clone();
        again.prune(Retention { years }, now, u64::MAX);
        prop_assert_eq!(again, kept);
    }

    /// The sixteen bytes say what the fold says.
    #[test]
    fn standings_are_the_fold(entries in entries(12), others in entries(4)) {
        let mut standings = Standings::default();
        let other = LedgerKey { programme: "news".into(), ..key() };
        for entry in &entries {
            standings.apply(&key(), entry);
        }
        for entry in &others {
            standings.apply(&other, entry);
        }
        let (found, fold) = (standings.of(&key()), Consent::of(&entries));
        // A confirmation that is a day old is forgotten: it may not leave any more.
        let asked = (1..=entries.len()).find(|many| {
            Consent::of(&entries[..*many]).confirmation() == fold.confirmation()
        });
        let timely = asked.and_then(|many| entries.get(many - 1)).is_some_and(|asked| {
            entries.iter().chain(&others).all(|entry| entry.at < asked.at + TimeDelta::days(1))
        });
        if timely {
            prop_assert_eq!(&found, &fold);
        }
        prop_assert_eq!((found.standing(), found.level(), found.since()), (fold.standing(), fold.level(), fold.since()));
        prop_assert_eq!(found.opt_in_text_due(), fold.opt_in_text_due());
    }

    /// A number has a history by itself before it joins a campaign: together they say what one history would say of whether the
    /// consumer may be texted, and never that they may where they revoked last.
    #[test]
    fn two_histories_of_one_programme_are_no_way_around_a_revocation(entries in entries(12), places in prop::collection::vec(any::<bool>(), 12)) {
        let (campaign, number) = (Programme::from("C1"), Programme::from("+12025550100"));
        let mut entries = entries;
        let mut ledger = ConsumerLedger::default();
        for (entry, place) in entries.iter_mut().zip(places) {
            // Nobody enters today what is agreed to tomorrow.
            if let Act::Agreed { given, .. } | Act::Revoked { given, .. } = &mut entry.act {
                *given = (*given).min(entry.at);
            }
            ledger.enter(key().consumer, if place { &campaign } else { &number }, entry.clone(), salt());
        }
        let joined = [number.clone(), campaign.clone()];
        let (both, one) = (ledger.consent(&campaign, &joined), Consent::of(&entries));
        // One history forgets an agreement to less than what held, which two remember; it came after the last revocation.
        let revoked = |entry: &Entry| match &entry.act {
            Act::Revoked { given, .. } => Some(*given),
            act => act.revokes().then_some(entry.at),
        };
        let agreed = |entry: &Entry| match &entry.act {
            Act::Agreed { given, .. } => Some(*given),
            Act::OptedIn { .. } => Some(entry.at),
            _ => None,
        };
        let last = entries.iter().filter_map(revoked).max();
        let since = entries.iter().filter_map(agreed).max() > last;
        prop_assert!(!one.is_opted_out() || both.is_opted_out() || since, "{:?} {:?}", one, both);
        prop_assert_eq!(&both, &ledger.consent(&number, std::slice::from_ref(&campaign)));
        let revoked = |name: &Programme| ledger.account(name).is_some_and(|account| account.consent.is_opted_out());
        prop_assert_eq!(ledger.revoked_elsewhere(&campaign, &[]).is_some(), revoked(&number));
        prop_assert_eq!(ledger.revoked_elsewhere(&campaign, &joined), None);
    }

    /// What a store keeps of a consumer is what its entries amount to, also after pruning, and after being written and read.
    #[test]
    fn what_is_kept_is_what_was_entered(entries in entries(10), years in 0_u32..6) {
        let mut ledger = ConsumerLedger::default();
        let programme = key().programme;
        let appended: Vec<Appended> =
            entries.iter().map(|entry| ledger.enter(key().consumer, &programme, entry.clone(), salt())).collect();
        prop_assert!(appended.iter().zip(1..).all(|(one, number)| one.number == number));
        let stored = |ledger: &ConsumerLedger, from: u64| {
            let kept = appended.iter().filter(|one| one.number > from).map(|one| one.link.clone());
            ledger.account(&programme).unwrap().history(key(), kept.collect())
        };
        let whole = stored(&ledger, 0);
        prop_assert_eq!(&whole, &history(&entries));
        let dropped = ledger.prune(whole, Retention { years }, begin() + TimeDelta::days(3000), u64::MAX);
        let text = serde_json::to_string(&ledger).unwrap();
        let read: ConsumerLedger = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &ledger);
        let account = ledger.account(&programme).unwrap();
        let rest = stored(&read, dropped.unwrap_or(0));
        prop_assert_eq!(rest.verify(Some(account.head)), Ok(account.consent.clone()));
        prop_assert_eq!(rest.links.len() as u64, account.head.entries - dropped.unwrap_or(0));
    }
}

/// A dispute: everything about one consumer, as text and as JSON.
#[test]
fn dlc_3_a_proof_tells_everything() {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let entry = |when: &str, act, wording: &str, evidence: &str| Entry {
        at: at(when),
        act,
        wording: wording.into(),
        evidence: evidence.into(),
    };
    let given = at("2026-03-01T10:00:00Z");
    let history = history(&[
        entry(
            "2026-03-02T09:00:00Z",
            Act::Agreed { method: Method::WebForm, level: ConsentLevel::Written, given },
            "I agree to get up to 4 offers a month by text from Harbor Books.\nConsent is no condition of purchase.",
            "https://forms.example/records/4711, 203.0.113.9",
        ),
        entry(
            "2026-03-02T09:00:01Z",
            Act::OptInTextShown,
            "Harbor Books: up to 4 msgs/month …",
            "1042-1",
        ),
        entry(
            "2026-06-01T12:00:00Z",
            Act::OptedOut { word: "stop".into(), confirmation: Some("1042-9".into()) },
            "STOP!",
            "SM1",
        ),
    ]);
    let sender = Sender {
        legal_name: "Harbor Books LLC".into(),
        address: "1 Harbor Street, Portland, ME 04101".into(),
        brand: "Harbor Books".into(),
        center: "Harbor Books (acme)".into(),
        campaign: "C1ABCDE".into(),
        numbers: vec!["+12025550100".parse().unwrap()],
    };
    let proof = Proof::of(&history, history.head(), sender, at("2026-11-21T15:00:00Z")).unwrap();
    assert!(proof.made_by.starts_with("frontdesk "), "{}", proof.made_by);
    let proof = Proof { made_by: "frontdesk", ..proof };
    insta::assert_snapshot!("proof_text", proof);
    insta::assert_json_snapshot!("proof_json", proof);
    let mut changed = history.clone();
    changed.links.pop();
    let refused = Proof::of(&changed, history.head(), Sender::default(), begin()).unwrap_err();
    assert_eq!(refused.to_string(), "the history ends with entry 2, but 3 were entered");
}

/// D12: a consent of 2020 that was relied on until a STOP of yesterday stays for five years more.
#[test]
fn dlc_3_the_years_of_retention_count_from_the_end_of_what_an_entry_supports() {
    let at = |day: &str| -> Instant { format!("{day}T15:00:00Z").parse().unwrap() };
    let entry =
        |day, act| Entry { at: at(day), act, wording: "JOIN".into(), evidence: "SM1".into() };
    let joined = || Act::OptedIn { word: "join".into(), confirmation: None, asked: true };
    let out = || Act::OptedOut { word: "stop".into(), confirmation: None };
    let kept = |entries: &[Entry], day| {
        let mut history = history(entries);
        history.prune(Retention::default(), at(day), u64::MAX);
        history.links.len()
    };
    let again = [entry("2020-01-31", joined()), entry("2026-11-26", joined())];
    assert_eq!(kept(&again, "2026-11-27"), 2, "relied on until yesterday");
    assert_eq!(kept(&again, "2031-11-26"), 2);
    assert_eq!(kept(&again, "2031-11-27"), 1);
    let stopped = [entry("2020-01-31", joined()), entry("2026-11-26", out())];
    assert_eq!(kept(&stopped, "2026-11-27"), 2);
}
