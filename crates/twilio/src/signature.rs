use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::Form;

/// The auth token is blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the auth token is blank: anybody could sign with it")]
pub struct BlankToken;

/// Whether a token protects nothing: it is empty, or white space.
pub(crate) fn is_blank(token: &str) -> bool {
    token.trim().is_empty()
}

/// Makes and checks `X-Twilio-Signature`: base64 of HMAC-SHA1, keyed with the account's auth token, over
/// the full URL and the form's fields sorted by name (Twilio's "Webhooks security").
#[derive(Clone)]
pub struct Validator {
    key: Hmac<Sha1>,
}

impl Validator {
    /// With the account's auth token. A blank one is refused: anybody could sign with it.
    pub fn new(auth_token: &str) -> Result<Self, BlankToken> {
        if is_blank(auth_token) {
            return Err(BlankToken);
        }
        let key = Hmac::new_from_slice(auth_token.as_bytes()).map_err(|_| BlankToken)?;
        Ok(Self { key })
    }

    /// The signature of a form that is posted to `url`: the whole public URL, with its query.
    pub fn sign(&self, url: &str, form: &Form<'_>) -> String {
        STANDARD.encode(self.digest(url, form))
    }

    /// Whether the signature is that of the form. Takes the same time wherever they differ. An https or
    /// http URL is tried with and without its standard port, since Twilio's own signers differ in that.
    pub fn verify(&self, url: &str, form: &Form<'_>, signature: &str) -> bool {
        let Ok(given) = STANDARD.decode(signature) else { return false };
        let matches = |url: &str| bool::from(self.digest(url, form).ct_eq(given.as_slice()));
        matches(url) || other_port_form(url).is_some_and(|url| matches(&url))
    }

    fn digest(&self, url: &str, form: &Form<'_>) -> [u8; 20] {
        let mut fields: Vec<(&str, &str)> = form.fields().collect();
        fields.sort_unstable();
        // A name with the same value twice is signed once, as Twilio's libraries do.
        fields.dedup();
        let mut mac = self.key.clone();
        mac.update(url.as_bytes());
        for (name, value) in fields {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// `https://host/…` as `https://host:443/…` and back.
fn other_port_form(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    match host.strip_suffix(port) {
        Some(host) => Some(format!("{scheme}://{host}{path}")),
        None if host.contains(':') => None,
        None => Some(format!("{scheme}://{host}{port}{path}")),
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signatures made by Twilio's own Python package (`tests/twilio_signatures.py` wrote the file).
    #[test]
    fn signatures_agree_with_twilios_own() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../tests/signatures.json")).unwrap();
        let vectors = vectors.as_array().unwrap();
        assert!(vectors.len() >= 50);
        for vector in vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let form = Form::parse(text("body").as_bytes()).unwrap();
            let validator = Validator::new(text("token")).unwrap();
            assert_eq!(validator.sign(text("url"), &form), text("signature"), "{vector}");
            assert!(validator.verify(text("url"), &form, text("signature")));
            assert!(!validator.verify(&format!("{}x", text("url")), &form, text("signature")));
            let other = Validator::new("other").unwrap();
            assert!(!other.verify(text("url"), &form, text("signature")));
        }
    }

    #[test]
    fn a_blank_token_checks_nothing() {
        for blank in ["", " ", "\n", "\u{a0}\t"] {
            assert_eq!(Validator::new(blank).unwrap_err(), BlankToken, "{blank:?}");
        }
    }

    #[test]
    fn the_standard_port_may_be_signed_or_not() {
        let form = Form::parse(b"A=1").unwrap();
        let validator = Validator::new("token").unwrap();
        let signature = validator.sign("https://example.com:443/x?y=1", &form);
        assert!(validator.verify("https://example.com/x?y=1", &form, &signature));
        let signature = validator.sign("https://example.com/x", &form);
        assert!(validator.verify("https://example.com:443/x", &form, &signature));
        assert!(!validator.verify("https://example.com:8443/x", &form, &signature));
        assert!(!validator.verify("https://example.com/x", &form, "no base64!"));
    }
}
