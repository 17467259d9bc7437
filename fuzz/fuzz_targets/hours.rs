#![no_main]
//! Any hours are read or refused; what was read answers at any instant.
use frontdesk::{hours::Schedule, types::from_millis};

libfuzzer_sys::fuzz_target!(|input: (&str, &str, i64)| {
    let (days, spans, millis) = input;
    if let Ok(week) = Schedule::parse("America/New_York", [(days, spans)]) {
        let at = from_millis(millis % 4_102_444_800_000);
        assert_eq!(
            week.is_open(at),
            matches!(week.status(at), frontdesk::hours::Status::Open { .. })
        );
    }
});
