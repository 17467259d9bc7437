//! Replies as they should be, and replies that are not for the request.

use frontdesk_timestamp::{Authority, Failure, Refusal, Request, StampError, verify};

use crate::{
    MESSAGE, NONCE,
    der::{replace, with_time},
    refused, usual, verdict,
    workshop::{Cms, Key, Profile, Workshop},
};

#[test]
fn a_right_reply_is_a_stamp_for_each_kind_of_key() {
    for (key, digest) in [
        (Key::Rsa2048, "sha256"),
        (Key::Rsa2048, "sha512"),
        (Key::P256, "sha256"),
        (Key::P256, "sha384"),
        (Key::P384, "sha384"),
        (Key::P384, "sha256"),
    ] {
        let (workshop, profile) = usual(key);
        let request = Request::new(MESSAGE, NONCE);
        let reply = workshop.reply(&request, &Profile { signer_digest: digest, ..profile });
        let stamp = verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
        let text = workshop.text_of(&reply);
        assert!(
            text.contains(&format!("Serial number: 0x{}", stamp.serial.to_uppercase())),
            "{text}"
        );
        let time = stamp.at.format("%b %e %H:%M:%S").to_string();
        assert!(text.contains(&time), "{time} in {text}");
        assert_eq!(stamp.accuracy.unwrap().as_micros(), 1_500_100);
        assert_eq!(stamp.policy, "1.2.3.4.1");
        assert_eq!(stamp.authority, "CN=tsa,O=Example");
    }
}

#[test]
fn a_request_is_read_by_openssl_and_its_requests_by_us() {
    let workshop = Workshop::new();
    for nonce in [0, 1, 0x80, NONCE, u64::MAX] {
        let text = workshop.text_of_request(Request::new(MESSAGE, nonce).as_bytes());
        assert!(text.contains("Hash Algorithm: sha256"), "{text}");
        assert!(text.contains("Certificate required: yes"), "{text}");
        let nonce = if nonce == 0 { "0".into() } else { format!("{nonce:02X}") };
        assert!(text.contains(&format!("Nonce: 0x{nonce}\n")), "{nonce}: {text}");
    }
    for _ in 0..20 {
        let theirs = workshop.openssl_request(MESSAGE, "-sha256");
        let parsed = Request::parse(&theirs).unwrap();
        assert_eq!(Request::new(MESSAGE, parsed.nonce()), parsed);
    }
}

#[test]
fn a_reply_to_another_request_is_refused() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &profile);

    let other = verdict(&workshop, &request, &reply, b"head 18", &["root"]);
    refused(other, "the request is for another message");
    // Its request, too, is for the other message.
    let other = Request::new(b"head 18", NONCE);
    let result = verdict(&workshop, &other, &reply, b"head 18", &["root"]);
    assert!(matches!(result, Err(StampError::Imprint { .. })), "{result:?}");

    let other = Request::new(MESSAGE, NONCE + 1);
    let result = verdict(&workshop, &other, &reply, MESSAGE, &["root"]);
    let found = Some("00feed0123456789ab".into());
    assert_eq!(result, Err(StampError::Nonce { asked: NONCE + 1, found }));
}

#[test]
fn a_root_that_is_not_configured_is_not_trusted() {
    let (workshop, profile) = usual(Key::P256);
    workshop.root("other", Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &profile);
    assert_eq!(
        verdict(&workshop, &request, &reply, MESSAGE, &["other"]),
        Err(StampError::UntrustedIssuer {
            subject: "CN=tsa,O=Example".into(),
            issuer: "CN=root,O=Example".into(),
        })
    );
    // The same name, another key.
    let impostor = Workshop::new();
    impostor.root("root", Key::P256);
    workshop.adopt(&impostor, "root", "impostor");
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["impostor"]);
    refused(result, "the certificate of CN=tsa,O=Example: its signature is not by the key");
    // A reply that brings its own root along.
    impostor.certificate("tsa", Key::P256, "root", "tsa");
    let forged = impostor.reply(&request, &Profile { chain: &["root"], ..profile });
    let result = verdict(&workshop, &request, &forged, MESSAGE, &["root"]);
    refused(result, "the certificate of CN=tsa,O=Example: its signature is not by the key");
    verdict(&workshop, &request, &forged, MESSAGE, &["impostor"]).unwrap();
    // A certificate of the chain is no root.
    assert!(Authority::from_pem(&workshop.pem(&["tsa"])).is_err());
    verdict(&workshop, &request, &reply, MESSAGE, &["other", "root"]).unwrap();
}

/// For stamps that other signers sign, too.
fn anonymous(profile: Profile<'_>) -> Profile<'_> {
    Profile { names_itself: false, ..profile }
}

#[test]
fn a_signer_whose_certificate_is_for_other_purposes_is_refused() {
    let (workshop, profile) = usual(Key::P256);
    let cases = [
        ("tsa", None),
        ("tsa_signing", None),
        ("no_purpose", Some("its extended key usage is []")),
        ("not_critical", Some("its extended key usage is not critical")),
        ("two_purposes", Some("\"1.3.6.1.5.5.7.3.8\", \"1.3.6.1.5.5.7.3.1\"")),
        ("code_signing", Some("its extended key usage is [\"1.3.6.1.5.5.7.3.3\"]")),
        ("tsa_enciphering", Some("its keyUsage is not for signatures alone")),
        ("tsa_no_use", Some("its keyUsage is not for signatures alone")),
        ("tsa_critical", Some("the critical extension 1.2.3.4.5 is not known")),
    ];
    for (section, _) in cases {
        workshop.certificate(section, Key::P256, "root", section);
    }
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &anonymous(profile)));
    for (section, expected) in cases {
        let reply = workshop.sign(&info, &Cms { signers: &[section], ..Cms::default() });
        let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
        match expected {
            None => assert_eq!(result.unwrap().authority, format!("CN={section},O=Example")),
            Some(expected) => refused(result, expected),
        }
    }
}

#[test]
fn a_certificate_counts_at_the_stamps_instant() {
    let (workshop, profile) = usual(Key::P256);
    workshop.dated("past", "root", "20200101000000Z", "20210101000000Z");
    workshop.dated("future", "root", "20450101000000Z", "20480101000000Z");
    workshop.dated_root("old", "20200101000000Z", "20210101000000Z");
    workshop.dated("past2", "old", "20200101000000Z", "20210101000000Z");
    workshop.certificate("late", Key::P256, "old", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &anonymous(profile)));
    for (name, expected) in
        [("past", "it expired at 2021-01-01"), ("future", "valid from 2045-01-01")]
    {
        let reply = workshop.sign(&info, &Cms { signers: &[name], ..Cms::default() });
        refused(verdict(&workshop, &request, &reply, MESSAGE, &["root"]), expected);
    }

    // A stamp from when it was valid verifies now. OpenSSL has to be told the instant.
    let then = with_time(&info, "20200601120000");
    let reply = workshop.sign(&then, &Cms { signers: &["past2"], ..Cms::default() });
    let authority = Authority::from_pem(&workshop.pem(&["old"])).unwrap();
    let stamp = verify(request.as_bytes(), &reply, MESSAGE, &authority).unwrap();
    assert_eq!(stamp.at.timestamp(), 1_591_012_800);
    let at = |at| workshop.openssl_verifies(&request, &reply, MESSAGE, &["old"], Some(at));
    at(1_591_012_800).unwrap();
    at(1_622_548_800).unwrap_err();

    // An expired root.
    let reply = workshop.sign(&info, &Cms { signers: &["late"], ..Cms::default() });
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["old"]);
    refused(result, "the certificate of CN=old,O=Example: it expired at 2021-01-01");
}

#[test]
fn a_rejection_is_told() {
    let (workshop, profile) = usual(Key::P256);
    let reply = workshop.reply_to(&workshop.openssl_request(MESSAGE, "-sha1"), &profile);
    let request = Request::new(MESSAGE, NONCE);
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    let Err(StampError::Refused { refusal, failures, text }) = result else { panic!("{result:?}") };
    assert_eq!((refusal, failures.as_slice()), (Refusal::Rejection, &[Failure::BadAlgorithm][..]));
    assert!(text.contains("digest algorithm is not supported"), "{text}");

    let sha1 = Request::parse(&workshop.openssl_request(MESSAGE, "-sha1")).unwrap_err();
    assert_eq!(sha1.to_string(), "the request's digest is 1.3.14.3.2.26, not SHA-256");
}

#[test]
fn a_changed_stamp_is_refused() {
    let (workshop, profile) = usual(Key::Rsa2048);
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &profile);
    let info = workshop.info_of(&reply);
    let later = with_time(&info, "20200601120000");
    let tampered = replace(&reply, &info, &later);
    let result = verdict(&workshop, &request, &tampered, MESSAGE, &["root"]);
    refused(result, "the signed attribute message-digest is not the token's");

    // The digest in the attributes changes with it: now the signature is wrong.
    let digest = |bytes: &[u8]| *Request::new(bytes, 0).imprint();
    let tampered = replace(&tampered, &digest(&info), &digest(&later));
    let result = verdict(&workshop, &request, &tampered, MESSAGE, &["root"]);
    refused(result, "the stamp's signature is not by the key of CN=tsa,O=Example");
}
