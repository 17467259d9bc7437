//! Forms as providers send them, and their signatures.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use frontdesk_twilio::Form;

/// The signature of a form by the rule of the provider, with any key.
pub fn signature_with_key(key: &[u8], url: &str, form: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let parsed = Form::parse(form.as_bytes()).expect("a form");
    let mut fields: Vec<(&str, &str)> = parsed.fields().collect();
    fields.sort_unstable();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(key).expect("a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64.encode(mac.finalize().into_bytes())
}

/// `application/x-www-form-urlencoded`.
pub fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                    out.push(char::from(byte));
                }
                _ => {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
            out
        })
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}
