#![no_main]
//! Any bytes are a reply, a request and certificates, or refused. The one stamp that can be had is the real one.
use frontdesk_timestamp::{Authority, Request, verify};

const ROOT: &str = include_str!("../../crates/timestamp/tests/data/root.pem");
const REPLY: &[u8] = include_bytes!("../../crates/timestamp/tests/data/reply.tsr");
const MESSAGE: &[u8] = b"head 17 of the ledger";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let authority = Authority::from_pem(ROOT).expect("a root");
    let request = Request::new(MESSAGE, 0x5eed_0123_4567_89ab);
    if let Ok(stamp) = verify(request.as_bytes(), bytes, MESSAGE, &authority) {
        assert_eq!(Ok(stamp), verify(request.as_bytes(), REPLY, MESSAGE, &authority));
    }
    if let Ok(parsed) = Request::parse(bytes) {
        assert_eq!(parsed.as_bytes(), bytes);
    }
    if let Ok(pem) = std::str::from_utf8(bytes) {
        let _ = Authority::from_pem(pem);
    }
});
