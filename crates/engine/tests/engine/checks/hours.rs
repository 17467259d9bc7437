//! Hours and what is offered outside of them (EXT-2).

use super::assert_found;

#[test]
fn ext_2_hours_that_are_hardly_meant_are_found() {
    let hours = |zone: &str, open: &str| {
        format!("[hours]\nzone = \"{zone}\"\nopen = {{ {open} }}\n[[queues]]")
    };
    for (zone, open, expected) in [
        ("America/New_York", "mon-fri = '09:00-17:00'", vec![]),
        ("America/Phoenix", "mon-fri = '09:00-17:00'", vec![]),
        ("America/Vancouver", "mon-fri = '09:00-17:00'", vec![]),
        ("EST", "mon-fri = '09:00-17:00'", vec!["warning zone-without-changes hours.zone"]),
        ("Etc/GMT+5", "mon-fri = '09:00-17:00'", vec!["warning zone-without-changes hours.zone"]),
        ("GMT", "mon-fri = '09:00-17:00'", vec!["warning zone-without-changes hours.zone"]),
        ("UTC", "mon-fri = '09:00-17:00'", vec!["note zone-without-changes hours.zone"]),
        ("EST5EDT", "mon-fri = '09:00-17:00'", vec![]),
        (
            "America/New_York",
            "daily = '00:00-23:59'",
            vec!["warning hours-end-at-23-59 hours.open.daily"],
        ),
        (
            "America/New_York",
            "mon = '09:00-12:00, 13:00-23:59'",
            vec!["warning hours-end-at-23-59 hours.open.mon"],
        ),
        ("America/New_York", "daily = '24 hours'", vec![]),
        ("America/New_York", "daily = 'closed'", vec!["warning hours-never-open hours.open"]),
        ("America/New_York", "", vec!["warning hours-never-open hours.open"]),
        ("America/New_York", "mon = '09:00-12:00, 11:00-13:00'", vec!["error invalid hours.open"]),
    ] {
        assert_found(&[("[[queues]]", &hours(zone, open))], &expected);
    }
    // Hours of every kind.
    let shift = "name = \"Ana\"\nshift = { zone = \"EST\", open = { mon = \"09:00-17:00\" } }";
    assert_found(
        &[("name = \"Ana\"", shift)],
        &["warning zone-without-changes agents.ana.shift.zone"],
    );
    let custom = "[[custom_hours]]\nname = \"In Spanish\"\nqueues = [\"sales\"]\nchannels = [\"chat\"]\nhours = { zone = \"EST\", open = { mon = \"closed\" } }\n[[agents]]";
    assert_found(
        &[("[[agents]]", custom)],
        &[
            "warning zone-without-changes custom_hours.\"In Spanish\".hours.zone",
            "warning hours-never-open custom_hours.\"In Spanish\".hours.open",
        ],
    );
    let holidays = |dates: &str, observed: &str| {
        format!(
            "[hours]\nzone = \"America/New_York\"\nopen = {{ daily = \"24 hours\" }}\nholidays = [{observed}]\n[[holidays]]\nname = \"Moving day\"\ndates = \"{dates}\"\n[[queues]]"
        )
    };
    for (dates, observed, expected) in [
        ("2027-03-28", "'*'", vec![]),
        ("12/25", "'Moving day'", vec![]),
        ("12/25", "", vec!["note holiday-unobserved holidays.\"Moving day\""]),
        (
            "2025-03-28, 2025-12-01 to 2025-12-03",
            "'*'",
            vec!["note holiday-over holidays.\"Moving day\".dates"],
        ),
        ("2025-03-28, 12/25", "'*'", vec![]),
    ] {
        assert_found(&[("[[queues]]", &holidays(dates, observed))], &expected);
    }
    // Hours of a queue take nothing of the center's.
    for (own, expected) in [
        ("", vec!["note hours-without-holidays queues.sales.hours"]),
        (", holidays = ['*']", vec![]),
        (", special = [{ dates = '12/24', open = 'closed' }]", vec![]),
    ] {
        let own = format!(
            "name = \"Sales\"\nhours = {{ zone = \"America/New_York\", open = {{ daily = \"24 hours\" }}{own} }}"
        );
        let center = holidays("12/25", "'*'");
        assert_found(&[("[[queues]]", &center), ("name = \"Sales\"", &own)], &expected);
    }
}

#[test]
fn ext_2_offers_outside_of_hours_that_help_nobody_are_found() {
    let open = "open = { mon-fri = \"09:00-17:00\" }";
    let center = format!("[hours]\nzone = \"America/New_York\"\n{open}\n[[queues]]");
    let inherited = ("[[queues]]", center.as_str());
    let leads = ("name = \"Billing\"", "name = \"Billing\"\nafter_hours = \"queue:sales\"");
    let sales = |own: &str| format!("name = \"Sales\"\n{own}");
    let with = |own: &str, expected: &[&str]| {
        assert_found(&[inherited, leads, ("name = \"Sales\"", &sales(own))], expected);
    };
    let closed_too = ["warning after-hours-closed queues.billing.after_hours"];
    // The same hours, inherited or written again; hours within them.
    with("", &closed_too);
    with(&format!("hours = {{ zone = \"America/New_York\", {open} }}"), &closed_too);
    with("hours = { zone = \"America/Chicago\", open = { tue = \"09:00-15:00\" } }", &closed_too);
    // An hour later, a Saturday, a message, a virtual agent that is always there.
    with("hours = { zone = \"America/Chicago\", open = { mon-fri = \"09:00-17:00\" } }", &[]);
    with("hours = { zone = \"America/New_York\", open = { sat = \"09:00-09:30\" } }", &[]);
    with("after_hours = \"message\"", &[]);
    let center_says = format!("[after_hours.chat]\nsms = \"message\"\n{center}");
    assert_found(&[("[[queues]]", &center_says), leads], &[]);
    // A queue that is always open never leads anywhere.
    assert_found(&[leads], &[]);
}

#[test]
fn ext_2_scheduled_calls_that_nobody_makes_are_found() {
    let calls = |more: &str| {
        format!(
            "[hours]\nzone = \"America/New_York\"\nopen = {{ mon-fri = \"09:00-17:00\" }}\n[calls]\nnumber = \"+12025550190\"\n[[calls.queues]]\nid = \"phone\"\nname = \"Phone\"\nafter_hours = {{ web = [\"scheduled_call\"] }}\n{more}[[queues]]"
        )
    };
    let found = ["warning calls-of-nobody calls.queues.phone.after_hours"];
    assert_found(&[("[[queues]]", &calls(""))], &found);
    assert_found(&[("[[queues]]", &calls("agents = [\"ana\"]\n"))], &[]);
}
