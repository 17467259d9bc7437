//! Replies of a real authority, `openssl ts`, and OpenSSL's own judgement of each: ours must be the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "a test reads and writes its files")]

mod chains;
mod damage;
mod der;
mod replies;
mod tokens;
mod workshop;

use frontdesk_timestamp::{Authority, Request, Stamp, StampError, verify};
use workshop::{Key, Profile, Workshop};

const MESSAGE: &[u8] = b"head 17 of the ledger";
/// Its first bit is set: as an INTEGER it has nine bytes.
const NONCE: u64 = 0xfeed_0123_4567_89ab;

/// A root, and an authority that it certified, both of one kind of key.
fn usual(key: Key) -> (Workshop, Profile<'static>) {
    let workshop = Workshop::new();
    workshop.root("root", key);
    workshop.certificate("tsa", key, "root", "tsa");
    (workshop, Profile::default())
}

/// Our verdict, which must be OpenSSL's too.
#[track_caller]
fn verdict(
    workshop: &Workshop,
    request: &Request,
    reply: &[u8],
    message: &[u8],
    trusted: &[&str],
) -> Result<Stamp, StampError> {
    let authority = Authority::from_pem(&workshop.pem(trusted)).unwrap();
    let ours = verify(request.as_bytes(), reply, message, &authority);
    let theirs = workshop.openssl_verifies(request, reply, message, trusted, None);
    assert_eq!(ours.is_ok(), theirs.is_ok(), "ours: {ours:?}, OpenSSL's: {theirs:?}");
    ours
}

#[track_caller]
fn refused(result: Result<Stamp, StampError>, expected: &str) {
    let error = result.expect_err(expected).to_string();
    assert!(error.contains(expected), "{error}");
}
