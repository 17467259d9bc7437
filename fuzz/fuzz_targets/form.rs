#![no_main]
//! Any body is a form or an error; any form is a text, a status, or an error that names a field.
use frontdesk_twilio::{Form, Validator, incoming, status};

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    if let Ok(form) = Form::parse(body) {
        let _ = (incoming(&form), status(&form));
        let validator = Validator::new("token").expect("a token");
        let signature = validator.sign("https://example.com/", &form);
        assert!(validator.verify("https://example.com/", &form, &signature));
    }
});
