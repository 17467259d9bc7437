#![no_main]
//! Any bytes are a time zone or refused; a zone has an offset at any instant, and instants for any local time.
use frontdesk::types::{Zone, from_millis};

libfuzzer_sys::fuzz_target!(|input: (&[u8], i64)| {
    let (bytes, millis) = input;
    if let Ok(zone) = Zone::from_tzif("fuzz", bytes) {
        let at = from_millis(millis % 4_102_444_800_000);
        let local = zone.local(at);
        let instants = zone.instants(local);
        assert!([instants.earliest(), instants.latest()].contains(&Some(at)));
        let _ = zone.midnight(local.date());
    }
});
