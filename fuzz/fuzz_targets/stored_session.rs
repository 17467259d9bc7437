#![no_main]
//! Any bytes are a stored session or an error; what was read writes itself back.
use frontdesk::sms::Session;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(session) = Session::from_stored(bytes) {
        let stored = session.to_stored().expect("it can be written");
        assert!(Session::from_stored(&stored).is_ok_and(|again| again.to_stored().is_ok_and(|again| again == stored)));
    }
});
