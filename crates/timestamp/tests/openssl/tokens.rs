//! Tokens: attributes, signers and certificates as `openssl cms` can make them.

use frontdesk_timestamp::{Authority, Request, StampError, verify};

use crate::{
    MESSAGE, NONCE,
    der::{Parts, replace, splice, tlv},
    refused, usual, verdict,
    workshop::{Cms, Key, Profile, Workshop},
};

#[test]
fn a_signing_certificate_is_named_by_any_digest() {
    let workshop = Workshop::new();
    workshop.root("root", Key::P256);
    workshop.certificate("upper", Key::P256, "root", "intermediate");
    workshop.certificate("tsa", Key::P256, "upper", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    for certificate_digest in ["sha1", "sha256", "sha384", "sha512"] {
        for names_chain in [false, true] {
            let chain = &["upper"];
            let profile = Profile { chain, certificate_digest, names_chain, ..Profile::default() };
            let reply = workshop.reply(&request, &profile);
            verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
        }
    }
    // A certificate that is named and not of the chain.
    workshop.certificate("stranger", Key::P256, "root", "intermediate");
    let chain = &["stranger", "upper"];
    let profile = Profile { chain, names_chain: true, ..Profile::default() };
    let reply = workshop.reply(&request, &profile);
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    refused(result, "signing-certificate names a certificate that is not of the chain");
}

#[test]
fn a_fraction_of_a_second_is_read() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    for precision in [0, 1, 3, 6] {
        let reply = workshop.reply(&request, &Profile { precision, ..profile });
        let stamp = verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
        let nanos = stamp.at.timestamp_subsec_nanos();
        assert_eq!(nanos % 10_u32.pow(9 - u32::from(precision)), 0);
        let text = workshop.text_of(&reply);
        let time = text.lines().find_map(|line| line.strip_prefix("Time stamp: ")).unwrap();
        let fraction = time.split_once('.').map_or("", |(_, rest)| rest.split(' ').next().unwrap());
        assert_eq!(format!("{nanos:09}").trim_end_matches('0'), fraction, "{time}");
    }
}

#[test]
fn an_attribute_that_is_missing_is_noticed() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &profile));
    let signed = |cms: Cms<'_>| {
        let reply = workshop.sign(&info, &cms);
        verdict(&workshop, &request, &reply, MESSAGE, &["root"])
    };
    signed(Cms::default()).unwrap();
    refused(
        signed(Cms { options: &[], ..Cms::default() }),
        "the signed attribute signing-certificate is missing",
    );
    refused(signed(Cms { options: &["-noattr"], ..Cms::default() }), "the signer is malformed");
    refused(
        signed(Cms { content_type: "1.2.840.113549.1.7.1", ..Cms::default() }),
        "the token holds 1.2.840.113549.1.7.1, not a TSTInfo",
    );
}

#[test]
fn a_token_has_one_signer() {
    let (workshop, profile) = usual(Key::P256);
    workshop.certificate("second", Key::P256, "root", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &profile));
    let reply = workshop.sign(&info, &Cms { signers: &["tsa", "second"], ..Cms::default() });
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    assert_eq!(result, Err(StampError::Signers { count: 2 }));
}

/// The certificate may be configured instead.
#[test]
fn a_reply_may_leave_out_certificates() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &profile));
    let reply = workshop.sign(&info, &Cms { options: &["-cades", "-nocerts"], ..Cms::default() });
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    assert!(matches!(result, Err(StampError::Signer { .. })), "{result:?}");
    verdict(&workshop, &request, &reply, MESSAGE, &["root", "tsa"]).unwrap();
}

/// Two certificates of one issuer, one number and one key: the attribute tells which was meant.
#[test]
fn a_certificate_that_was_not_signed_for_is_no_signers() {
    let workshop = Workshop::new();
    workshop.root("root", Key::P256);
    let serial = ["-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "77"];
    workshop.certify("tsa", Key::P256, "tsa", &serial);
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &Profile::default()));
    let reply = workshop.sign(&info, &Cms { options: &["-cades", "-nocerts"], ..Cms::default() });
    verdict(&workshop, &request, &reply, MESSAGE, &["root", "tsa"]).unwrap();
    workshop.recertify("tsa", "tsa_signing", &serial);
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root", "tsa"]);
    refused(result, "signing-certificate is not the signer's certificate");
}

/// OpenSSL reads signers by issuer and number alone here.
#[test]
fn a_signer_may_be_named_by_its_key() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &profile));
    let reply = workshop.sign(&info, &Cms { options: &["-cades", "-keyid"], ..Cms::default() });
    let authority = Authority::from_pem(&workshop.pem(&["root"])).unwrap();
    verify(request.as_bytes(), &reply, MESSAGE, &authority).unwrap();
}

#[test]
fn a_stamp_that_names_another_authority_is_refused() {
    let (workshop, profile) = usual(Key::P256);
    workshop.certificate("tsb", Key::P256, "root", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &profile);
    let info = workshop.info_of(&reply);
    let other = replace(&info, b"tsa", b"tsb");
    let reply = workshop.sign(&other, &Cms::default());
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    assert_eq!(result, Err(StampError::Tsa { subject: "CN=tsa,O=Example".into() }));
    let reply = workshop.sign(&other, &Cms { signers: &["tsb"], ..Cms::default() });
    verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
}

#[test]
fn a_weak_digest_is_refused() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &profile));
    let reply = workshop.sign(&info, &Cms { digest: "sha1", ..Cms::default() });
    let authority = Authority::from_pem(&workshop.pem(&["root"])).unwrap();
    let result = verify(request.as_bytes(), &reply, MESSAGE, &authority);
    refused(result, "the signer's digest uses the algorithm 1.3.14.3.2.26, which is not supported");
}

/// OpenSSL 3.0 makes no such token: it is put together here, and signed by `openssl pkeyutl`.
#[test]
fn an_ed25519_signer_is_read() {
    let (workshop, profile) = usual(Key::P256);
    let serial = ["-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "77"];
    workshop.certify("edwards", Key::Ed25519, "tsa", &serial);
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &Profile { names_itself: false, ..profile });
    let info = workshop.info_of(&reply);
    let authority = Authority::from_pem(&workshop.pem(&["root"])).unwrap();
    let signed = |change: &dyn Fn(&mut Parts)| {
        let reply = workshop.sign_with_ed25519(&info, "edwards", change);
        verify(request.as_bytes(), &reply, MESSAGE, &authority)
    };
    assert_eq!(signed(&|_| ()).unwrap().authority, "CN=edwards,O=Example");
    let other_key = signed(&|parts| parts.key_id[0] ^= 1);
    assert!(matches!(other_key, Err(StampError::Signer { .. })), "{other_key:?}");
    let other_type = tlv(6, &[&[0x2a, 3]]);
    refused(
        signed(&|parts| parts.content_type.clone_from(&other_type)),
        "holds 1.2.3, not a TSTInfo",
    );

    // Attributes that say something else, or say it twice.
    refused(
        signed(&|parts| parts.attributes[0].1 = vec![other_type.clone()]),
        "the signed attribute content-type is not the token's",
    );
    refused(signed(&|parts| drop(parts.attributes.remove(0))), "content-type is missing");
    refused(signed(&|parts| drop(parts.attributes.remove(1))), "message-digest is missing");
    refused(
        signed(&|parts| parts.attributes.push(parts.attributes[1].clone())),
        "the signed attribute message-digest has not exactly one value",
    );
    let twice = |parts: &mut Parts| {
        let values = &mut parts.attributes[1].1;
        values.push(values[0].clone());
    };
    refused(signed(&twice), "the signed attribute message-digest has not exactly one value");

    // The issuer and the number of the certificate, beside its digest.
    let issued_by = |issuer: &str, serial: u8| {
        let part = |id: u8, text: &str| {
            let text = tlv(12, &[text.as_bytes()]);
            tlv(0x31, &[&tlv(0x30, &[&[6, 3, 0x55, 4, id], &text])])
        };
        let name = tlv(0xa4, &[&tlv(0x30, &[&part(10, "Example"), &part(3, issuer)])]);
        let issuer_serial = tlv(0x30, &[&tlv(0x30, &[&name]), &[2, 1, serial]]);
        signed(&|parts| parts.attributes[2].1 = vec![parts.signing_certificate(&issuer_serial)])
    };
    issued_by("root", 77).unwrap();
    refused(issued_by("root", 78), "signing-certificate is not the signer's certificate");
    refused(issued_by("boot", 77), "signing-certificate is not the signer's certificate");
}

#[test]
fn a_reply_has_sixteen_certificates_at_most() {
    let (workshop, profile) = usual(Key::P256);
    let names: Vec<String> = (1..=16).map(|number| format!("x{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for name in &names {
        workshop.self_signed(name, Key::P256, "root");
    }
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &Profile { chain: &names[..15], ..profile });
    verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
    let reply = workshop.reply(&request, &Profile { chain: &names, ..profile });
    let authority = Authority::from_pem(&workshop.pem(&["root"])).unwrap();
    let result = verify(request.as_bytes(), &reply, MESSAGE, &authority);
    assert_eq!(result, Err(StampError::Certificates { count: 17 }));
}

#[test]
fn the_fields_of_a_stamp_are_judged() {
    let (workshop, profile) = usual(Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let info = workshop.info_of(&workshop.reply(&request, &profile));
    let authority = Authority::from_pem(&workshop.pem(&["root"])).unwrap();
    let signed = |info: &[u8]| {
        let reply = workshop.sign(info, &Cms::default());
        verify(request.as_bytes(), &reply, MESSAGE, &authority)
    };
    signed(&info).unwrap();
    let (version, later) = ([2, 1, 1, 6], [2, 1, 2, 6]);
    refused(
        signed(&replace(&info, &version, &later)),
        "TSTInfo is malformed: the version is not 1",
    );
    // SHA-384, with a digest of 32 bytes.
    let (sha256, sha384) = ([0x65, 3, 4, 2, 1], [0x65, 3, 4, 2, 2]);
    refused(
        signed(&replace(&info, &sha256, &sha384)),
        "the stamp's digest uses the algorithm 2.16.840.1.101.3.4.2.2, which is not supported",
    );

    // INTEGER 1 before the GeneralizedTime.
    let serial = |content: &[u8]| {
        let length = u8::try_from(content.len()).unwrap();
        signed(&splice(&info, &[2, 1, 1, 0x18], &[&[2, length], content, &[0x18]].concat()))
    };
    assert_eq!(serial(&[7; 20]).unwrap().serial, "07".repeat(20));
    assert_eq!(serial(&[&[0][..], &[0xff; 20]].concat()).unwrap().serial, "ff".repeat(20));
    refused(serial(&[7; 21]), "the stamp's serial number 070707");
    refused(serial(&[0xff]), "the stamp's serial number ff is negative");

    // The name at the end of the TSTInfo, and behind it [1] with an extension 1.2.3.
    let end = |extension: &[u8]| {
        let length = u8::try_from(extension.len()).unwrap();
        signed(&splice(
            &info,
            b"\x03tsa",
            &[&b"\x03tsa\xa1"[..], &[length + 2, 0x30, length], extension].concat(),
        ))
    };
    end(&[6, 2, 0x2a, 3, 4, 0]).unwrap();
    refused(
        end(&[6, 2, 0x2a, 3, 1, 1, 0xff, 4, 0]),
        "the stamp's critical extension 1.2.3 is not known",
    );
}
