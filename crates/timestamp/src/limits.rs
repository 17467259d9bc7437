//! The limits on input from outside. Longer input is an error, never cut.

/// Bytes of a stored request, at most. A request of [`Request::new`](crate::Request::new) has at most 70.
pub const MAX_REQUEST_BYTES: usize = 1024;

/// Bytes of a reply, at most. Replies of public authorities, with their certificates, have 1 to 8 KiB.
pub const MAX_REPLY_BYTES: usize = 64 * 1024;

/// Certificates in the PEM text of an authority, and in a reply, at most.
pub const MAX_CERTIFICATES: usize = 16;

/// Bytes of the PEM text of an authority, at most.
pub const MAX_AUTHORITY_BYTES: usize = 64 * 1024;

/// Certificates in a chain, at most; the signer's and the root's count.
pub const MAX_CHAIN: usize = 5;

/// Signatures of certificates that are checked for one reply, at most. Only certificates whose names fit are
/// checked, so that an honest reply needs fewer than [`MAX_CHAIN`].
pub const MAX_SIGNATURE_CHECKS: usize = 32;

/// Bytes of a stamp's serial number, at most (RFC 3161, 2.4.2: up to 160 bits).
pub const MAX_SERIAL_BYTES: usize = 20;

/// Characters of an authority's status text that an error keeps, at most. The one text that is cut.
pub const MAX_STATUS_CHARS: usize = 500;
