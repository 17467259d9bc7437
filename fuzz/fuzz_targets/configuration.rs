#![no_main]
//! Any text is a configuration that can be trusted, or a list of problems.
libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(problems) = frontdesk::Center::load(text) {
        assert!(!problems.0.is_empty());
    }
});
