//! Authorities, certificates and replies, made by the `openssl` program in a temporary folder.

use std::{fs, path::PathBuf, process::Command};

use frontdesk_timestamp::Request;
use tempfile::TempDir;

use crate::der::{Parts, granted};

/// Extensions of certificates, by what a certificate is for, and the files of `openssl ca`.
const CONFIGURATION: &str = "
[req]
distinguished_name = nobody
[nobody]

[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 2.5.29.32.0
[plain_authority]
basicConstraints = CA:true
[path_length_0]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[no_authority]
basicConstraints = critical, CA:false
[no_constraints]
keyUsage = critical, keyCertSign
[no_cert_sign]
basicConstraints = critical, CA:true
keyUsage = critical, cRLSign
[authority_critical]
basicConstraints = critical, CA:true
1.2.3.4.5 = critical, DER:05:00

[tsa]
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
[tsa_signing]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature, nonRepudiation
basicConstraints = critical, CA:false
subjectAltName = DNS:stamps.example
[tsa_no_use]
extendedKeyUsage = critical, timeStamping
2.5.29.15 = critical, DER:03:01:00
[tsa_of_key]
extendedKeyUsage = critical, timeStamping
authorityKeyIdentifier = keyid:always
[no_purpose]
basicConstraints = CA:false
[not_critical]
extendedKeyUsage = timeStamping
[two_purposes]
extendedKeyUsage = critical, timeStamping, serverAuth
[code_signing]
extendedKeyUsage = critical, codeSigning
[tsa_enciphering]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature, keyEncipherment
[tsa_critical]
extendedKeyUsage = critical, timeStamping
1.2.3.4.5 = critical, DER:05:00

[ca]
default_ca = dated
[dated]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
organizationName = optional
commonName = supplied
";

/// A kind of key, of an authority or a signer.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    Ed25519,
    P256,
    P384,
    P521,
    Rsa2048,
}

impl Key {
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Ed25519 => &["-newkey", "ed25519"],
            Self::P256 => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Self::P384 => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
            Self::P521 => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
            Self::Rsa2048 => &["-newkey", "rsa:2048"],
        }
    }
}

/// How `openssl ts -reply` answers.
#[derive(Clone, Copy)]
pub(crate) struct Profile<'a> {
    pub(crate) signer: &'a str,
    /// Further certificates in the reply, in this order.
    pub(crate) chain: &'a [&'a str],
    pub(crate) signer_digest: &'a str,
    /// The digest that names the signer's certificate.
    pub(crate) certificate_digest: &'a str,
    /// Whether the signed attributes name the certificates of `chain`, too.
    pub(crate) names_chain: bool,
    /// Digits of the fraction of a second.
    pub(crate) precision: u8,
    /// Whether the stamp names its authority.
    pub(crate) names_itself: bool,
}

impl Default for Profile<'_> {
    fn default() -> Self {
        Self {
            signer: "tsa",
            chain: &[],
            signer_digest: "sha256",
            certificate_digest: "sha256",
            names_chain: false,
            precision: 3,
            names_itself: true,
        }
    }
}

/// How `openssl cms -sign` makes a token that `openssl ts -reply` would not make.
#[derive(Clone, Copy)]
pub(crate) struct Cms<'a> {
    pub(crate) signers: &'a [&'a str],
    pub(crate) content_type: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) options: &'a [&'a str],
}

impl Default for Cms<'_> {
    fn default() -> Self {
        Self {
            signers: &["tsa"],
            content_type: "1.2.840.113549.1.9.16.1.4",
            digest: "sha256",
            options: &["-cades"],
        }
    }
}

/// A folder with keys (`name.key`) and certificates (`name.pem`).
pub(crate) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let workshop = Self { folder: TempDir::new().unwrap() };
        workshop.write("cnf", CONFIGURATION.as_bytes());
        workshop.write("index", b"");
        workshop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The program's output, or its complaint if it failed.
    fn try_openssl(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            // The machine's own settings stay out of it.
            .env("OPENSSL_CONF", "cnf")
            .output()
            .expect("openssl cannot be started: install Debian's package `openssl` (3.0 or later)");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    #[track_caller]
    fn openssl(&self, arguments: &[&str]) -> String {
        self.try_openssl(arguments).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    }

    /// An authority that certified itself, for ten years.
    pub(crate) fn root(&self, name: &str, key: Key) {
        self.self_signed(name, key, "root");
    }

    pub(crate) fn self_signed(&self, name: &str, key: Key, section: &str) {
        self.certify(name, key, section, &[]);
    }

    /// A key and its certificate by an issuer, with the extensions of a section.
    pub(crate) fn certificate(&self, name: &str, key: Key, issuer: &str, section: &str) {
        let (pem, issuer) = (format!("{issuer}.pem"), format!("{issuer}.key"));
        self.certify(name, key, section, &["-CA", &pem, "-CAkey", &issuer]);
    }

    pub(crate) fn certify(&self, name: &str, key: Key, section: &str, more: &[&str]) {
        let file = format!("{name}.key");
        let key = [key.options(), &["-noenc", "-keyout", &file]].concat();
        self.request(name, section, &[&key, more].concat());
    }

    /// Another certificate in the place of one, for the same key.
    pub(crate) fn recertify(&self, name: &str, section: &str, more: &[&str]) {
        let key = format!("{name}.key");
        self.request(name, section, &[&["-key", &key], more].concat());
    }

    fn request(&self, name: &str, section: &str, more: &[&str]) {
        let (subject, pem) = (format!("/O=Example/CN={name}"), format!("{name}.pem"));
        let base = ["req", "-config", "cnf", "-x509", "-days", "3650", "-subj", &subject];
        let files = ["-extensions", section, "-out", &pem];
        self.openssl(&[&base[..], &files, more].concat());
    }

    /// A signer's certificate that is valid from one date to another: `20200101000000Z`.
    pub(crate) fn dated(&self, name: &str, issuer: &str, from: &str, until: &str) {
        let (pem, key) = (format!("{issuer}.pem"), format!("{issuer}.key"));
        self.date(name, "tsa", from, until, &["-cert", &pem, "-keyfile", &key]);
    }

    pub(crate) fn dated_root(&self, name: &str, from: &str, until: &str) {
        let key = format!("{name}.key");
        self.date(name, "root", from, until, &["-selfsign", "-keyfile", &key]);
    }

    fn date(&self, name: &str, section: &str, from: &str, until: &str, issuer: &[&str]) {
        let subject = format!("/O=Example/CN={name}");
        let (key, pem) = (format!("{name}.key"), format!("{name}.pem"));
        let base = ["req", "-config", "cnf", "-noenc", "-subj", &subject, "-keyout", &key];
        self.openssl(&[&base, Key::P256.options(), &["-out", "csr"]].concat());
        let base = ["ca", "-config", "cnf", "-batch", "-notext", "-in", "csr", "-out", &pem];
        let dates = ["-extensions", section, "-startdate", from, "-enddate", until];
        self.openssl(&[&base[..], &dates, issuer].concat());
    }

    /// The certificates, one after the other.
    pub(crate) fn pem(&self, names: &[&str]) -> String {
        let read = |name: &&str| String::from_utf8(self.read(&format!("{name}.pem"))).unwrap();
        names.iter().map(read).collect()
    }

    /// Takes over a certificate from another workshop.
    pub(crate) fn adopt(&self, other: &Self, name: &str, as_name: &str) {
        self.write(&format!("{as_name}.pem"), other.pem(&[name]).as_bytes());
    }

    pub(crate) fn openssl_request(&self, message: &[u8], digest: &str) -> Vec<u8> {
        self.write("message", message);
        self.openssl(&["ts", "-query", "-data", "message", digest, "-cert", "-out", "query"]);
        self.read("query")
    }

    pub(crate) fn reply(&self, request: &Request, profile: &Profile<'_>) -> Vec<u8> {
        self.reply_to(request.as_bytes(), profile)
    }

    pub(crate) fn reply_to(&self, request: &[u8], profile: &Profile<'_>) -> Vec<u8> {
        let Profile { signer, chain, signer_digest, certificate_digest, precision, .. } = profile;
        let yes_or_no = |value| if value { "yes" } else { "no" };
        let names_chain = yes_or_no(profile.names_chain);
        let names_itself = yes_or_no(profile.names_itself);
        let settings = format!(
            "[tsa]\ndefault_tsa = ours\n[ours]\nserial = ./serial\nsigner_digest = {signer_digest}\n\
             default_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\n\
             accuracy = secs:1, millisecs:500, microsecs:100\nclock_precision_digits = {precision}\n\
             ordering = yes\ntsa_name = {names_itself}\ness_cert_id_alg = {certificate_digest}\n\
             ess_cert_id_chain = {names_chain}\n"
        );
        self.write("tsa.cnf", settings.as_bytes());
        self.write("query", request);
        self.write("chain", self.pem(chain).as_bytes());
        let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        let base = ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"];
        let signer = ["-signer", &pem, "-inkey", &key];
        let chain: &[&str] = if chain.is_empty() { &[] } else { &["-chain", "chain"] };
        self.openssl(&[&base, &signer[..], chain].concat());
        self.read("reply")
    }

    /// The fields of a reply, as OpenSSL reads them.
    pub(crate) fn text_of(&self, reply: &[u8]) -> String {
        self.write("reply", reply);
        self.openssl(&["ts", "-reply", "-in", "reply", "-text"])
    }

    pub(crate) fn text_of_request(&self, request: &[u8]) -> String {
        self.write("query", request);
        self.openssl(&["ts", "-query", "-in", "query", "-text"])
    }

    /// The TSTInfo of a reply.
    pub(crate) fn info_of(&self, reply: &[u8]) -> Vec<u8> {
        self.write("reply", reply);
        self.openssl(&["ts", "-reply", "-in", "reply", "-token_out", "-out", "token"]);
        let base = ["cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "token"];
        self.openssl(&[&base[..], &["-out", "info"]].concat());
        self.read("info")
    }

    /// A reply around a token that `openssl cms` signed.
    pub(crate) fn sign(&self, info: &[u8], cms: &Cms<'_>) -> Vec<u8> {
        let files = cms.signers.iter().map(|name| (format!("{name}.pem"), format!("{name}.key")));
        let files: Vec<_> = files.collect();
        let signers = files.iter().flat_map(|(pem, key)| ["-signer", pem, "-inkey", key]);
        self.write("info", info);
        let base = ["cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-outform", "DER"];
        let files = ["-in", "info", "-out", "token", "-md", cms.digest];
        let content = ["-econtent_type", cms.content_type];
        let signers: Vec<_> = signers.collect();
        self.openssl(&[&base[..], &files, &content, &signers, cms.options].concat());
        granted(&self.read("token"))
    }

    /// A reply around a token that is signed with Ed25519, over SHA-512 (RFC 8419), after its parts were changed.
    pub(crate) fn sign_with_ed25519(
        &self,
        info: &[u8],
        signer: &str,
        change: impl FnOnce(&mut Parts),
    ) -> Vec<u8> {
        let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        self.openssl(&["x509", "-in", &pem, "-outform", "DER", "-out", "certificate"]);
        self.openssl(&["pkey", "-in", &key, "-pubout", "-outform", "DER", "-out", "public"]);
        let mut parts = Parts::new(info, self.read("certificate"), &self.read("public"));
        change(&mut parts);
        self.write("signed", &parts.signed());
        let base = ["pkeyutl", "-sign", "-rawin", "-inkey", &key, "-in", "signed"];
        self.openssl(&[&base[..], &["-out", "signature"]].concat());
        granted(&parts.token(info, &self.read("signature")))
    }

    /// OpenSSL's judgement: of the reply to the request, and of the stamp for the message.
    pub(crate) fn openssl_verifies(
        &self,
        request: &Request,
        reply: &[u8],
        message: &[u8],
        trusted: &[&str],
        at: Option<i64>,
    ) -> Result<(), String> {
        self.write("query", request.as_bytes());
        self.write("message", message);
        self.write("reply", reply);
        self.write("trusted", self.pem(trusted).as_bytes());
        let at = at.map(|at| at.to_string());
        let base = ["ts", "-verify", "-in", "reply", "-CAfile", "trusted", "-untrusted", "trusted"];
        let at: Vec<&str> = at.iter().flat_map(|at| ["-attime", at]).collect();
        for subject in [["-queryfile", "query"], ["-data", "message"]] {
            self.try_openssl(&[&base[..], &subject, &at].concat())?;
        }
        Ok(())
    }
}
