//! Chains from the signer's certificate to a root.

use frontdesk_timestamp::{
    Authority, MAX_CHAIN, MAX_SIGNATURE_CHECKS, Request, StampError, verify,
};

use crate::{
    MESSAGE, NONCE, refused, verdict,
    workshop::{Key, Profile, Workshop},
};

#[test]
fn a_chain_may_have_intermediates_in_any_order() {
    let workshop = Workshop::new();
    workshop.root("root", Key::Rsa2048);
    workshop.certificate("upper", Key::P384, "root", "intermediate");
    workshop.certificate("lower", Key::Rsa2048, "upper", "intermediate");
    workshop.certificate("tsa", Key::P256, "lower", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    for chain in [
        &["lower", "upper"][..],
        &["upper", "lower"],
        &["root", "upper", "lower"],
        &["root", "tsa", "lower", "upper"],
    ] {
        let profile = Profile { chain, ..Profile::default() };
        let reply = workshop.reply(&request, &profile);
        let stamp = verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
        assert_eq!(stamp.authority, "CN=tsa,O=Example");
    }
    // A gap, which the configured certificates may fill.
    let profile = Profile { chain: &["lower"], ..Profile::default() };
    let reply = workshop.reply(&request, &profile);
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    refused(
        result,
        "CN=upper,O=Example, which issued the certificate of CN=lower,O=Example, is not known",
    );
    verdict(&workshop, &request, &reply, MESSAGE, &["upper", "root"]).unwrap();
    verdict(&workshop, &request, &reply, MESSAGE, &["root", "upper"]).unwrap();
}

#[test]
fn an_issuer_must_be_an_authority() {
    let workshop = Workshop::new();
    workshop.root("root", Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    for (section, expected) in [
        ("intermediate", None),
        ("plain_authority", None),
        ("no_authority", Some("it is not an authority's, but issued a certificate")),
        ("no_constraints", Some("it is not an authority's, but issued a certificate")),
        ("no_cert_sign", Some("its keyUsage is not for certificates")),
        ("authority_critical", Some("the critical extension 1.2.3.4.5 is not known")),
    ] {
        let signer = format!("tsa_{section}");
        workshop.certificate(section, Key::P256, "root", section);
        workshop.certificate(&signer, Key::P256, section, "tsa");
        let chain = &[section];
        let reply =
            workshop.reply(&request, &Profile { signer: &signer, chain, ..Profile::default() });
        let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
        match expected {
            None => assert_eq!(result.unwrap().authority, format!("CN={signer},O=Example")),
            Some(expected) => {
                refused(result, &format!("the certificate of CN={section},O=Example: {expected}"));
            }
        }
    }
}

#[test]
fn a_path_length_constraint_is_kept() {
    let workshop = Workshop::new();
    workshop.root("root", Key::P256);
    workshop.certificate("upper", Key::P256, "root", "path_length_0");
    workshop.certificate("lower", Key::P256, "upper", "intermediate");
    workshop.certificate("direct", Key::P256, "upper", "tsa");
    workshop.certificate("below", Key::P256, "lower", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let chain = &["upper", "lower"];
    let reply = |signer| workshop.reply(&request, &Profile { signer, chain, ..Profile::default() });
    verdict(&workshop, &request, &reply("direct"), MESSAGE, &["root"]).unwrap();
    let result = verdict(&workshop, &request, &reply("below"), MESSAGE, &["root"]);
    refused(result, "CN=upper,O=Example: it allows 0 authorities beneath it; there are 1");
}

/// The new certificate of a root, issued by the old one to itself.
#[test]
fn a_self_issued_certificate_does_not_count_in_a_path() {
    let workshop = Workshop::new();
    workshop.self_signed("root", Key::P256, "path_length_0");
    let renewed = ["-subj", "/O=Example/CN=root", "-CA", "root.pem", "-CAkey", "root.key"];
    workshop.certify("renewed", Key::P256, "intermediate", &renewed);
    workshop.certificate("tsa", Key::P256, "renewed", "tsa_of_key");
    let request = Request::new(MESSAGE, NONCE);
    let profile = Profile { chain: &["renewed"], ..Profile::default() };
    let reply = workshop.reply(&request, &profile);
    verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
}

/// OpenSSL follows 100 certificates.
#[test]
fn a_chain_has_five_certificates_at_most() {
    let workshop = Workshop::new();
    workshop.root("a1", Key::P256);
    for (upper, lower) in [("a1", "a2"), ("a2", "a3"), ("a3", "a4"), ("a4", "a5")] {
        workshop.certificate(lower, Key::P256, upper, "intermediate");
    }
    workshop.certificate("fifth", Key::P256, "a4", "tsa");
    workshop.certificate("sixth", Key::P256, "a5", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let chain = &["a2", "a3", "a4", "a5"];
    let reply = |signer| workshop.reply(&request, &Profile { signer, chain, ..Profile::default() });
    verdict(&workshop, &request, &reply("fifth"), MESSAGE, &["a1"]).unwrap();
    let authority = Authority::from_pem(&workshop.pem(&["a1"])).unwrap();
    let result = verify(request.as_bytes(), &reply("sixth"), MESSAGE, &authority);
    assert_eq!(MAX_CHAIN, 5);
    assert_eq!(result, Err(StampError::ChainLength { subject: "CN=a2,O=Example".into() }));
}

/// An authority may have renewed its key under the same name.
#[test]
fn two_roots_of_one_name_are_told_apart_by_their_keys() {
    let (workshop, other) = (Workshop::new(), Workshop::new());
    for workshop in [&workshop, &other] {
        workshop.root("root", Key::P256);
        workshop.certificate("tsa", Key::P256, "root", "tsa");
    }
    workshop.adopt(&other, "root", "renewed");
    let request = Request::new(MESSAGE, NONCE);
    for reply in [&workshop, &other].map(|workshop| workshop.reply(&request, &Profile::default())) {
        for trusted in [["root", "renewed"], ["renewed", "root"]] {
            verdict(&workshop, &request, &reply, MESSAGE, &trusted).unwrap();
        }
    }
}

/// A signer's certificate that is a root itself.
#[test]
fn a_signer_may_be_trusted_itself() {
    let workshop = Workshop::new();
    workshop.self_signed("tsa", Key::P256, "tsa");
    workshop.root("root", Key::P256);
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &Profile::default());
    verdict(&workshop, &request, &reply, MESSAGE, &["tsa"]).unwrap();
    let result = verdict(&workshop, &request, &reply, MESSAGE, &["root"]);
    refused(
        result,
        "CN=tsa,O=Example, which issued the certificate of CN=tsa,O=Example, is not known",
    );
}

#[test]
fn an_ed25519_authority_can_be_a_root() {
    let workshop = Workshop::new();
    workshop.root("root", Key::Ed25519);
    workshop.certificate("tsa", Key::P256, "root", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let reply = workshop.reply(&request, &Profile::default());
    verdict(&workshop, &request, &reply, MESSAGE, &["root"]).unwrap();
}

#[test]
fn a_damaged_or_unusable_certificate_is_named_by_its_place() {
    let workshop = Workshop::new();
    workshop.root("root", Key::P256);
    workshop.certificate("tsa", Key::P256, "root", "tsa");
    let (root, tsa) = (workshop.pem(&["root"]), workshop.pem(&["tsa"]));
    let error = |pem: &str| Authority::from_pem(pem).unwrap_err().to_string();
    let with_text = format!("# roots\r\n{}\nsubject: us\n{tsa}", root.replace('\n', "\r\n"));
    let authority = Authority::from_pem(&with_text).unwrap();
    assert_eq!(authority.roots().collect::<Vec<_>>(), ["CN=root,O=Example"]);

    assert_eq!(error(&tsa), "none of the 1 certificates is a root");
    let cut = &tsa[..tsa.len() - 10];
    assert_eq!(
        error(&format!("{root}{cut}")),
        "certificate 2: it is malformed: its last line is missing"
    );
    let no_base64 = tsa.replace("MII", "M!I");
    assert!(
        error(&format!("{root}{no_base64}")).starts_with("certificate 2: it is malformed: Invalid")
    );
    let start = root.find("MII").unwrap();
    for place in (start..start + 300).filter(|place| root.as_bytes()[*place] != b'\n') {
        let mut damaged = root.clone().into_bytes();
        damaged[place] = if damaged[place] == b'A' { b'B' } else { b'A' };
        let damaged = String::from_utf8(damaged).unwrap();
        match Authority::from_pem(&format!("{root}{damaged}{tsa}")) {
            // With another issuer or subject it is no root.
            Ok(authority) => assert_eq!(authority.roots().count(), 1, "{place}"),
            Err(error) => {
                assert!(error.to_string().starts_with("certificate 2: "), "{place}: {error}");
            }
        }
    }
    workshop.root("p521", Key::P521);
    assert_eq!(
        error(&workshop.pem(&["root", "p521"])),
        "certificate 2: the algorithm 1.3.132.0.35 is not supported"
    );
    assert_eq!(error(&root.repeat(17)), "there are 17 certificates; 16 are the limit");
    assert!(Authority::from_pem(&root.repeat(16)).is_ok());
    assert_eq!(
        error(&" ".repeat(65_537)),
        "the certificates have 65537 bytes; 65536 are the limit"
    );
}

/// Every certificate has the same name, so that each may have issued each.
#[test]
fn a_reply_cannot_have_many_signatures_checked() {
    let workshop = Workshop::new();
    let subject = ["-subj", "/CN=x"];
    let names: Vec<String> = (1..=14).map(|number| format!("x{number}")).collect();
    for name in names.iter().map(String::as_str).chain(["x", "root"]) {
        workshop.certify(name, Key::P256, "root", &subject);
    }
    let by_root = ["-CA", "root.pem", "-CAkey", "root.key"];
    workshop.certify("right", Key::P256, "root", &[&subject[..], &by_root].concat());
    workshop.certificate("tsa", Key::P256, "right", "tsa");
    let request = Request::new(MESSAGE, NONCE);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let chain = &[&names, &["right"][..]].concat();
    let reply = workshop.reply(&request, &Profile { chain, ..Profile::default() });
    let verify = |trusted: &[&str]| {
        let authority = Authority::from_pem(&workshop.pem(trusted)).unwrap();
        verify(request.as_bytes(), &reply, MESSAGE, &authority)
    };
    // 31 for the signer's certificate, the next for the one that issued it.
    assert_eq!(MAX_SIGNATURE_CHECKS, 32);
    verify(&[&["root", "x"], &names[..]].concat()).unwrap();
    verify(&[&["x", "root"], &names[..]].concat()).unwrap_err();
}
