#![doc = include_str!("../README.md")]

mod asn1;
mod authority;
mod certificate;
mod chain;
mod error;
mod info;
mod key;
mod limits;
mod oid;
mod reply;
mod request;
mod signer;
mod token;
mod verify;

pub use authority::{Authority, AuthorityError};
pub use error::{CertificateFault, Failure, Refusal, StampError};
pub use limits::{
    MAX_AUTHORITY_BYTES, MAX_CERTIFICATES, MAX_CHAIN, MAX_REPLY_BYTES, MAX_REQUEST_BYTES,
    MAX_SERIAL_BYTES, MAX_SIGNATURE_CHECKS, MAX_STATUS_CHARS,
};
pub use request::{REPLY_MEDIA_TYPE, REQUEST_MEDIA_TYPE, Request, RequestError};
pub use verify::{Stamp, verify};
