use super::*;

fn import(list: &str) -> Result<Vec<Imported>, ImportError> {
    let by = ListReader {
        file: "list.csv",
        imported_by: "robin",
        region: Some(Region::US),
        now: "2026-11-21T00:00:00Z".parse().unwrap(),
        is_programme: &|programme| ["offers", "news"].contains(&programme.as_str()),
    };
    import_csv(list, by)
}

fn read(rows: &str) -> Result<Vec<Imported>, ImportError> {
    import(&format!("consumer,programme,consent,method,given,wording,evidence\n{rows}"))
}

#[test]
fn a_list_is_read_with_its_evidence() {
    let imported = read("(202) 555-0123,offers,written,paper,2026-03-01,\"I agree,\nby hand\",paper 4\n+12025550124,offers,opted_out,voice,2026-03-02,\"stop that\",recording 7\n").unwrap();
    let Act::Agreed { method: Method::Paper, level: ConsentLevel::Written, given } =
        imported[0].entry.act
    else {
        panic!()
    };
    assert_eq!(given.to_rfc3339(), "2026-03-01T00:00:00+00:00");
    assert_eq!(
        (imported[0].entry.wording.as_str(), imported[0].entry.evidence.reference.as_str()),
        ("I agree,\nby hand", "paper 4")
    );
    let list = imported[1].entry.evidence.details.as_ref().unwrap().list.as_ref().unwrap();
    assert_eq!(
        (list.file.as_str(), list.imported_by.as_str(), list.line),
        ("list.csv", "robin", 4),
        "the line of the file, not the number of the row"
    );
    let Act::Revoked { channel: RevocationChannel::Phone, given } = imported[1].entry.act else {
        panic!()
    };
    assert_eq!(given.to_rfc3339(), "2026-03-02T00:00:00+00:00");
}

/// Every kind of mistake, in one pass: no second upload for the next one.
#[test]
fn every_wrong_row_is_told_and_nothing_is_imported() {
    let rows = "+12025550123,offers,written,web_form,2026-03-01,ok,form 1
+12025550123,offers,express,web_form,2026-03-01,ok,form 2
12,,perhaps,pigeon,soon,,
+12025550124,offers,written,agent,2027-01-01,ok,note 1
+12025550125,nothing,written,paper,0001-01-01,ok,sheet 1
+12025550126,offers
+12025550127,offers,written,paper,2026-03-01,ok,sheet 1,and more
";
    let told = read(rows).unwrap_err().to_string();
    insta::assert_snapshot!(told, @r"
    line 3, consumer: consent of this moment stands there for this programme in line 2, too
    line 4, consumer: not a phone number
    line 4, programme: is empty
    line 4, wording: is empty
    line 4, evidence: is empty
    line 4, given: `soon`; allowed is a date or an instant, like 2026-03-01T10:00:00Z
    line 4, consent: `perhaps`; allowed are express, written, opted_out
    line 4, method: `pigeon`; allowed are agent, keyword, paper, voice, web_form
    line 5, given: `2027-01-01` has not been yet
    line 5, consent: written, but to an agent: that is express consent
    line 6, programme: `nothing` is neither a campaign nor a number of this center
    line 6, given: `0001-01-01`; there is no consent to texts from before 1991
    line 7, row: has 2 fields; line 1 names 7 columns
    line 8, row: has 8 fields; line 1 names 7 columns
    ");
}

/// An old system's history of one consumer, in whichever order it writes it.
#[test]
fn dlc_3_a_list_may_have_consent_and_revocations_of_one_consumer() {
    let rows = "+12025550123,offers,opted_out,keyword,2026-04-01,STOP,old system
+12025550199,offers,written,paper,2026-03-01,ok,sheet 1
+12025550123,offers,written,web_form,2026-03-01,ok,form 1
+12025550123,offers,written,web_form,2026-05-01,ok,form 2
+12025550123,news,opted_out,keyword,2026-03-01,STOP,old system
+12025550123,news,written,web_form,2026-03-01,ok,form 3
";
    let imported = read(rows).unwrap();
    let of = |programme: &str| {
        let entries = imported.iter().filter(|row| row.key.programme.as_str() == programme);
        let first: Vec<_> =
            entries.filter(|row| !row.key.consumer.to_string().ends_with('9')).collect();
        first.into_iter().map(|row| row.entry.act.revokes()).collect::<Vec<bool>>()
    };
    assert_eq!(of("offers"), [false, true, false], "in the order of `given`");
    assert_eq!(of("news"), [false, true], "a revocation of the same moment is the later one");
    let level = |programme: &str| {
        let entries = imported.iter().filter(|row| row.key.programme.as_str() == programme);
        let entries = entries.filter(|row| !row.key.consumer.to_string().ends_with('9'));
        super::super::Consent::of(entries.map(|row| &row.entry)).level()
    };
    assert_eq!((level("offers"), level("news")), (Some(ConsentLevel::Written), None));
    let twice = format!("{rows}+12025550123,offers,opted_out,keyword,2026-04-01,STOP,old system\n");
    let told = read(&twice).unwrap_err().to_string();
    assert_eq!(
        told,
        "line 8, consumer: a revocation of this moment stands there for this programme in line 2, too"
    );
}

#[test]
fn dlc_3_a_list_without_its_columns_is_no_list() {
    let told = |list: &str| import(list).unwrap_err().to_string();
    let columns = "The first line names the columns: consumer, programme, consent, method, given, wording, evidence; form, ip, user_agent, entered_by may follow";
    for (list, what) in [
        (
            "phone,programme,consent,method,given,wording,evidence,programme\n",
            "the column `consumer` is missing; there is no column `phone`; the column `programme` stands there twice",
        ),
        ("", "names none of the columns"),
        ("x", "names none of the columns"),
        // A row without the names before it: it would be passed over silently.
        ("+12025550123,offers,written,paper,2026-03-01,ok,sheet 1\n", "names none of the columns"),
    ] {
        assert_eq!(told(list), format!("line 1: {what}. {columns}"));
    }
    // Of a file with its mark of byte order, too.
    let row = "+12025550123,offers,written,paper,2026-03-01,ok,sheet 1\n";
    let list = format!("\u{feff}consumer,programme,consent,method,given,wording,evidence\n{row}");
    assert_eq!(import(&list).unwrap().len(), 1);
}
