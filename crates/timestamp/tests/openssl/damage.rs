//! The stored reply of `tests/data`, whole and damaged. `UPDATE=1` makes it anew.

use std::{env, fs, path::Path};

use frontdesk_timestamp::{Authority, MAX_REPLY_BYTES, Request, Stamp, StampError, verify};
use proptest::prelude::*;

use crate::{
    MESSAGE,
    der::appended,
    workshop::{Key, Profile, Workshop},
};

/// The nonce of the example in the README.
const NONCE: u64 = 0x5eed_0123_4567_89ab;

struct Stored {
    request: Vec<u8>,
    reply: Vec<u8>,
    root: String,
    authority: Authority,
}

impl Stored {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        if env::var_os("UPDATE").is_some() {
            record(&folder);
        }
        let root = fs::read_to_string(folder.join("root.pem")).unwrap();
        Self {
            request: Request::new(MESSAGE, NONCE).as_bytes().to_vec(),
            reply: fs::read(folder.join("reply.tsr")).unwrap(),
            authority: Authority::from_pem(&root).unwrap(),
            root,
        }
    }

    fn verify(&self, reply: &[u8]) -> Result<Stamp, StampError> {
        verify(&self.request, reply, MESSAGE, &self.authority)
    }
}

/// An authority called Stamps under a root and an intermediate one.
fn record(folder: &Path) {
    let workshop = Workshop::new();
    workshop.root("Root", Key::P256);
    workshop.certificate("Stamping", Key::P256, "Root", "intermediate");
    workshop.certificate("Stamps", Key::Rsa2048, "Stamping", "tsa_signing");
    let profile = Profile { signer: "Stamps", chain: &["Stamping"], ..Profile::default() };
    let reply = workshop.reply(&Request::new(MESSAGE, NONCE), &profile);
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("reply.tsr"), reply).unwrap();
    fs::write(folder.join("root.pem"), workshop.pem(&["Root"])).unwrap();
}

#[test]
fn the_stored_reply_verifies() {
    let stored = Stored::load();
    let stamp = stored.verify(&stored.reply).unwrap();
    assert_eq!(stamp.authority, "CN=Stamps,O=Example");
    assert_eq!((stamp.serial.as_str(), stamp.policy.as_str()), ("01", "1.2.3.4.1"));
}

/// Each bit of the reply: an error, or it was of no account and the stamp is the same.
#[test]
fn a_flipped_bit_never_makes_another_stamp() {
    let stored = Stored::load();
    let stamp = stored.verify(&stored.reply).unwrap();
    let mut without_account = 0;
    for bit in 0..8 * stored.reply.len() {
        let mut reply = stored.reply.clone();
        reply[bit / 8] ^= 1 << (bit % 8);
        if let Ok(found) = stored.verify(&reply) {
            assert_eq!(found, stamp, "bit {bit}");
            without_account += 1;
        }
    }
    // The status, versions, the list of digests, and the parameters of algorithms outside of signed parts.
    assert!(without_account < 8 * 20, "{without_account} bits are of no account");
}

#[test]
fn a_cut_or_extended_reply_is_an_error() {
    let stored = Stored::load();
    for length in 0..stored.reply.len() {
        stored.verify(&stored.reply[..length]).unwrap_err();
        stored.verify(&stored.reply[stored.reply.len() - length..]).unwrap_err();
    }
    let mut reply = stored.reply.clone();
    reply.push(0);
    stored.verify(&reply).unwrap_err();
    reply.resize(MAX_REPLY_BYTES + 1, 0);
    assert_eq!(stored.verify(&reply), Err(StampError::Size { bytes: MAX_REPLY_BYTES + 1 }));
}

/// NULL at the end of each constructed value.
#[test]
fn a_value_too_much_is_an_error() {
    let stored = Stored::load();
    let replies: Vec<_> = appended(&stored.reply, &[5, 0]).collect();
    assert!(replies.len() > 60, "{}", replies.len());
    let verified = replies.iter().filter(|reply| stored.verify(reply).is_ok());
    // The set of digests and the digest in it, and the set of certificates, which may have other kinds.
    assert_eq!(verified.count(), 3);
    let requests: Vec<_> = appended(&stored.request, &[5, 0]).collect();
    assert_eq!(requests.len(), 3);
    for request in requests {
        verify(&request, &stored.reply, MESSAGE, &stored.authority).unwrap_err();
    }
}

/// A certificate names its signature's algorithm twice, and signs one of them.
#[test]
fn a_certificate_has_one_signature_algorithm() {
    let stored = Stored::load();
    let ecdsa_with_sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let places = stored.reply.windows(8).enumerate();
    let mut places = places.filter(|(_, window)| *window == ecdsa_with_sha256);
    let (place, _) = places.nth(1).unwrap();
    let mut reply = stored.reply.clone();
    reply[place + 7] = 3;
    let error = stored.verify(&reply).unwrap_err().to_string();
    assert!(error.contains("it names two signature algorithms"), "{error}");
}

#[test]
fn a_damaged_request_is_an_error() {
    let stored = Stored::load();
    for bit in 0..8 * stored.request.len() {
        let mut request = stored.request.clone();
        request[bit / 8] ^= 1 << (bit % 8);
        verify(&request, &stored.reply, MESSAGE, &stored.authority).unwrap_err();
    }
}

proptest! {
    #[test]
    fn garbage_is_an_error(garbage in prop::collection::vec(any::<u8>(), 0..200)) {
        let stored = Stored::load();
        prop_assert!(stored.verify(&garbage).is_err());
        prop_assert!(verify(&garbage, &stored.reply, MESSAGE, &stored.authority).is_err());
    }

    /// Bytes of the reply that are overwritten, removed, or put in twice, several times.
    #[test]
    fn a_damaged_reply_never_makes_another_stamp(
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..3, any::<u8>(), 1..20_usize), 1..4),
    ) {
        let stored = Stored::load();
        let mut reply = stored.reply.clone();
        for (place, kind, byte, length) in damages {
            let place = place.index(reply.len());
            let end = (place + length).min(reply.len());
            match kind {
                0 => reply[place..end].fill(byte),
                1 => drop(reply.drain(place..end)),
                _ => {
                    let twice = reply[place..end].to_vec();
                    reply.splice(place..place, twice);
                }
            }
            if reply.is_empty() {
                reply.push(byte);
            }
        }
        if let Ok(found) = stored.verify(&reply) {
            prop_assert_eq!(found, stored.verify(&stored.reply).unwrap());
        }
    }

    /// A damaged root may still be read, where its own signature is none to check. It is no other root then.
    #[test]
    fn a_damaged_root_is_refused(place in any::<prop::sample::Index>(), byte in 32_u8..127) {
        let stored = Stored::load();
        let mut root = stored.root.into_bytes();
        let place = place.index(root.len());
        root[place] = byte;
        let root = String::from_utf8(root).unwrap();
        if let Ok(authority) = Authority::from_pem(&root) {
            let roots: Vec<_> = authority.roots().collect();
            prop_assert_eq!(roots, ["CN=Root,O=Example"]);
        }
    }
}
