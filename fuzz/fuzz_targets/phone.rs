#![no_main]
//! Any text is a number or an error; what begins with `+` keeps every digit.
use frontdesk::types::{PhoneNumber, Region};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(number) = PhoneNumber::parse(text, Some(Region::US)) {
        let written = number.to_string();
        assert_eq!(written.parse::<PhoneNumber>(), Ok(number));
        if text.starts_with('+') && text.is_ascii() {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(written[1..], digits);
        }
    }
});
