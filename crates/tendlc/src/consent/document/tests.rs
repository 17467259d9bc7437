use frontdesk_types::{Instant, Zones};

use super::*;
use crate::{
    Act, AnswerCheck, CheckedAnswer, Confirmation, ConfirmationFate, ConsentLevel, Digest, Entry,
    EntrySeal, Erasure, Evidence, EvidenceDetails, Facts, HeadKey, History, Inclusion, LedgerHead,
    LedgerKey, Method, ProvenHead, Receipt, RevocationChannel, Salt,
};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn entry(when: &str, act: Act, wording: &str, evidence: impl Into<Evidence>) -> Entry {
    Entry { at: at(when), act, wording: wording.into(), evidence: evidence.into() }
}

fn sender() -> Sender {
    Sender {
        legal_name: "Acme & <Sons> LLC".into(),
        address: "1 Harbor Street, Portland, ME 04101".into(),
        brand: "Acme".into(),
        center: "Acme (acme)".into(),
        campaign: "offers".into(),
        numbers: vec!["+12025550100".parse().unwrap()],
    }
}

fn proof_of(consumer: &str, entries: Vec<Entry>) -> Proof {
    let consumer = consumer.parse().unwrap();
    let mut history = History::new(LedgerKey { consumer, programme: "offers".into() });
    for entry in entries {
        history.append(entry, Salt::from([7; 16]));
    }
    Proof::of(&history, history.head(), sender(), at("2026-11-21T15:00:00Z")).unwrap()
}

fn document(proofs: impl IntoIterator<Item = Proof>) -> ProofDocument {
    let zone = Zones::bundled().named("America/New_York").unwrap();
    let made = at("2026-11-21T15:00:00Z");
    ProofDocument {
        sender: Sender { campaign: String::new(), numbers: Vec::new(), ..sender() },
        made_by: "frontdesk",
        times: LocalTimes { center: Some(zone), ..LocalTimes::default() },
        sections: proofs.into_iter().map(|proof| ProofSection::Proof(Box::new(proof))).collect(),
        ..ProofDocument::new("Consent of +12025550123", made)
    }
}

/// A form, a revocation in other words with its confirmation, an erasure; the first two entries are sealed and anchored.
fn dispute() -> Proof {
    let given = at("2026-03-01T00:00:00Z");
    let agreed = Act::Agreed { method: Method::WebForm, level: ConsentLevel::Written, given };
    let details = EvidenceDetails {
        entered_by: Some("Jo at the desk (credential c450cb1122334455)".into()),
        zone: Some(chrono_tz::America::Chicago),
        ..EvidenceDetails::default()
    };
    let form = Evidence::of("form 7".into(), details);
    let out = Act::OptedOut { word: "do-not-text".into(), confirmation: Some("1042-9".into()) };
    let erasure = Erasure::new("asked for by letter", "robin (credential 00112233)").unwrap();
    let mut proof = proof_of(
        "+12025550123",
        vec![
            entry("2026-03-02T09:00:00Z", agreed, "I agree to get offers by text.", form),
            entry("2026-06-01T12:00:00Z", out, "Please do not text me any more", "3f2a"),
            erasure.entry(2, at("2026-07-01T12:00:00Z")),
        ],
    );
    let news = Confirmation {
        message: "1042-9".into(),
        fate: ConfirmationFate::Delivered,
        at: Some(at("2026-06-01T12:00:02Z")),
    };
    proof = proof.confirmed([(2, news)].into());
    let key = HeadKey::new("acme-2026", &[9; 32]).unwrap();
    let head = LedgerHead {
        origin: "desk.example.com/acme".into(),
        size: 2,
        root: Digest::of(b"root"),
        at: at("2026-06-01T13:00:00Z"),
    };
    let answer = CheckedAnswer {
        anchor: "vault".into(),
        check: AnswerCheck::Holds,
        at: None,
        answered: None,
        receipt: Receipt::default(),
    };
    let head = ProvenHead {
        head: key.sign(head).unwrap(),
        signed_by: vec!["acme-2026".into()],
        faults: Vec::new(),
        anchors: vec![answer],
        known: None,
    };
    let seal = |sequence| {
        let path = vec![Digest::of(b"beside")];
        EntrySeal::new(Inclusion { sequence, size: 2, path }, None)
    };
    proof.sealed([(1, seal(0)), (2, seal(1))].into(), vec![head], Vec::new())
}

#[test]
fn dlc_3_a_page_tells_a_proof() {
    let page = document([dispute()]).page().to_string();
    insta::assert_snapshot!("page", page);
    assert!(!page.contains("<script"), "no program runs in it");
}

#[test]
fn dlc_3_a_document_tells_a_proof_as_text() {
    insta::assert_snapshot!("text", document([dispute()]));
}

/// A judge finds the legal person, the maker, the meaning of each word, and what is not shown.
#[test]
fn dlc_3_a_document_names_the_legal_person_explains_its_words_and_says_what_it_does_not_show() {
    let document = document([dispute()]);
    let page = document.page().to_string();
    assert!(
        page.contains("<dt>Sender (legal name)</dt><dd>Acme &amp; &lt;Sons&gt; LLC</dd>"),
        "{page}"
    );
    for told in [document.to_string(), page] {
        for expected in [
            "1 Harbor Street, Portland, ME 04101",
            "frontdesk",
            "(2026-11-21 10:00:00 America/New_York)",
            "offers, a campaign that texts from +12025550100",
            "It does not list the texts that were sent",
            "It says nothing of other senders.",
            "double opt-in",
            "programme",
        ] {
            assert!(told.contains(expected), "{expected} in {told}");
        }
    }
    let nobody = ProofDocument::new("Consent", at("2026-11-21T15:00:00Z")).to_string();
    assert!(nobody.contains("Sender (legal name): not in the configuration"), "{nobody}");
}

/// A date without a time is told as a date, and each moment on the clock that is known.
#[test]
fn dlc_3_given_and_entered_are_told_apart_and_a_date_stays_a_date() {
    let told = document([dispute()]).to_string();
    let given = "1. agreed in a form: written consent\n   given: 2026-03-01\n   entered: 2026-03-02 09:00:00 UTC = 2026-03-02 03:00:00 America/Chicago\n";
    assert!(told.contains(given), "{told}");
    assert!(!told.contains("2026-03-01 00:00:00"), "no midnight was told: {told}");
    let text = "   given: 2026-06-01 12:00:00 UTC = 2026-06-01 08:00:00 America/New_York\n";
    assert!(told.contains(text), "{told}");
    let agreed = proof_of("+12025550123", vec![dispute().history[0].entry.clone()]);
    let told = document([agreed]).to_string();
    let now =
        "Now: written consent, since 2026-03-01, by entry 1 (agreed in a form: written consent)\n";
    assert!(told.contains(now), "{told}");
}

/// A revocation that was entered after newer consent does not look like the last word.
#[test]
fn dlc_3_a_revocation_that_took_nothing_back_says_so() {
    let agreed = Act::Agreed {
        method: Method::WebForm,
        level: ConsentLevel::Express,
        given: at("2026-11-20T10:00:00Z"),
    };
    let letter =
        Act::Revoked { channel: RevocationChannel::Mail, given: at("2026-11-10T00:00:00Z") };
    let (first, second) = ("2026-11-20T10:00:00Z", "2026-11-21T09:00:00Z");
    let outlived = [(first, agreed.clone(), false), (second, letter.clone(), true)];
    let holds = [(first, letter, false), (second, agreed, false)];
    for entries in [outlived, holds] {
        let is_outlived: Vec<bool> = entries.iter().map(|(_, _, outlived)| *outlived).collect();
        let entries = entries.into_iter().map(|(when, act, _)| entry(when, act, "", "x")).collect();
        let proof = proof_of("+12025550123", entries);
        let found: Vec<bool> = proof.history.iter().map(|proven| proven.outlived).collect();
        assert_eq!(found, is_outlived);
        let told = document([proof]).to_string();
        let words = "it took nothing back: consent was given after it";
        assert_eq!(told.contains(words), is_outlived.contains(&true), "{told}");
    }
}

/// A list tells when a consumer took consent back, and not when the system of before honoured it.
#[test]
fn dlc_3_a_revocation_of_a_list_is_taken_over_and_not_late() {
    let act = Act::Revoked { channel: RevocationChannel::List, given: at("2026-04-01T00:00:00Z") };
    let entries = vec![entry("2026-11-20T15:00:00Z", act, "", "old system")];
    let proof = proof_of("+12025550123", entries).clocked(Facts::standard());
    assert!(proof.history[0].clock.is_some_and(|clock| clock.is_late()));
    let told = document([proof]).to_string();
    let expected = "taken over from a list; to be honoured by 2026-04-15 by the system of before";
    assert!(told.contains(expected) && !told.contains("days late"), "{told}");
}

#[test]
fn dlc_3_a_revocation_in_other_words_is_told_without_the_id_of_a_rule() {
    let told = document([dispute()]).to_string();
    assert!(!told.contains("do-not-text"), "{told}");
    for expected in [
        "2. opted out in their own words\n",
        "   the one confirmation (message 1042-9) was delivered, on 2026-06-01 12:00:02 UTC",
        "   wording: Please do not text me any more\n",
        "   evidence: message 3f2a\n",
        "3. wording and evidence were erased up to entry 2\n",
        "   reason: asked for by letter\n   evidence: entered by: robin (credential 00112233)\n",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

/// Digests stand in the annex alone, and each head once.
#[test]
fn dlc_3_the_numbers_for_computers_stand_once_in_the_annex() {
    let other = proof_of("+12025550124", vec![dispute().history[1].entry.clone()]);
    let (one, digest) = (dispute(), dispute().history[0].digest.to_string());
    let both = document([one.clone(), Proof { heads: one.heads, ..other }]);
    for told in [both.to_string(), both.page().to_string()] {
        let (sections, annex) = told.split_once("A1. Consent of +12025550123").unwrap();
        assert!(!sections.contains(&digest) && annex.contains(&digest), "{told}");
        for once in ["\u{2014} acme-2026 ", "SHA-256 of the digest before", "Head 2 of"] {
            assert_eq!(told.matches(once).count(), 1, "{once} in {told}");
        }
        assert!(annex.contains("1 of all entries, in head 2"), "{told}");
        assert!(sections.contains("A1.1") && sections.contains("A2.1"), "{told}");
    }
    let json = serde_json::to_value(dispute()).unwrap();
    let seal = &json["history"][0]["seal"];
    assert_eq!((&seal["place"], &seal["inclusion"]["sequence"]), (&1.into(), &0.into()));
}

#[test]
fn dlc_3_a_list_begins_with_a_summary() {
    let mut document = document([dispute()]);
    assert!(!document.to_string().contains("SUMMARY"), "one history needs none");
    let nobody = "+12025550188".parse().unwrap();
    document.sections.push(ProofSection::nothing(nobody, None));
    document.sections.push(ProofSection::Broken { consumer: nobody, error: "entry 1".into() });
    let told = document.to_string();
    let line = "- number: +12025550123; programme: offers; standing now: no consent: the consumer has opted out; since: 2026-06-01 12:00:00 UTC (2026-06-01 08:00:00 America/New_York); by: entry 2 (opted out in their own words)\n";
    assert!(told.contains(line), "{told}");
    assert!(told.contains("- number: +12025550188; standing now: nothing was entered\n"), "{told}");
    assert!(told.contains("Consent of +12025550188: NOT what was entered: entry 1"), "{told}");
    let page = document.page().to_string();
    assert!(page.find("<table class=\"summary\">") < page.find("<table class=\"history\">"));
    let nothing = "<td>+12025550188</td><td>–</td><td>nothing was entered</td>";
    assert!(page.contains(nothing), "{page}");
}

#[test]
fn dlc_3_a_period_without_entries_is_told_as_one() {
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2026-02-01T12:30:00Z"));
    let mut document = document([]);
    document.sections.push(ProofSection::no_entry(from, to, None));
    document.sections.push(ProofSection::no_entry(from, to, Some(&"C1".into())));
    let told = document.to_string();
    let none = "No entry was made between 2026-01-01 00:00 UTC and 2026-02-01 12:30 UTC.";
    assert!(told.contains(none), "{told}");
    let none = "No entry was made for the programme C1 between 2026-01-01 00:00 UTC and";
    assert!(told.contains(none), "{told}");
    assert!(!told.contains("Nothing was ever entered"), "{told}");
}

/// A consumer's text is no part of the page's markup, whatever it is.
#[test]
fn dlc_3_the_words_of_a_consumer_stand_on_the_page_as_text() {
    let first = |wording: &str| {
        proof_of(
            "+12025550123",
            vec![entry("2026-11-21T15:00:00Z", Act::WroteFirst, wording, "SM1")],
        )
    };
    let wording = "<script>alert(1)</script> \"'& \u{202e}pots \u{7}</td>";
    let mut document = document([first(wording)]);
    document.title = "<b>".into();
    let page = document.page().to_string();
    for markup in ["<script", "<b>", "</td> ", "\u{202e}", "\u{7}", "<Sons>"] {
        assert!(!page.contains(markup), "{markup}");
    }
    let told =
        "&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39;&amp; [U+202E]pots [U+0007]&lt;/td&gt;";
    assert!(page.contains(told), "{page}");
    assert_eq!(page.matches("<td>").count(), page.matches("</td>").count());
    document.sections =
        vec![ProofSection::Proof(Box::new(first("Hello\u{1b}[2J\u{7}\r\u{0}\n\u{202e}pots")))];
    let text = document.to_string();
    let told = "wording: Hello[U+001B][2J[U+0007][U+000D][U+0000]\n      [U+202E]pots\n";
    assert!(text.contains(told), "{text}");
    assert!(!text.contains(|char: char| char.is_control() && char != '\n'), "{text:?}");
}
