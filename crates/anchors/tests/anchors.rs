//! Each anchor takes heads, and stands by them (DLC-3).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

use std::{
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use frontdesk::{
    Anchor, AnchorError,
    tendlc::{Digest, HeadKey, LedgerHead, Receipt, SignedHead},
};
use frontdesk_anchors::{HeadsFile, SettingsError, TimeStamps, Webhook};
use frontdesk_timestamp::Authority;

fn head(size: u64) -> SignedHead {
    let key = HeadKey::new("acme", &[7; 32]).unwrap();
    let (origin, root) = ("frontdesk.example.com/acme".into(), Digest::of(&size.to_be_bytes()));
    let at = "2026-11-27T15:00:00Z".parse().unwrap();
    key.sign(LedgerHead { origin, size, root, at }).unwrap()
}

/// A service at a free port: what it gets, and its address.
async fn serve(service: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    format!("http://{address}/")
}

#[tokio::test]
async fn dlc_3_a_file_keeps_heads_in_order_and_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("heads.jsonl");
    let vault = HeadsFile::new("vault", &path);
    assert_eq!(vault.heads().await.unwrap(), []);
    for size in [1, 2, 2, 1, 3] {
        vault.anchor(&head(size)).await.unwrap();
    }
    assert_eq!(vault.heads().await.unwrap(), [head(1), head(2), head(3)]);
    let receipt = Receipt::default();
    assert_eq!(vault.check(&head(2), &receipt).await, Ok(None));
    let never = vault.check(&head(4), &receipt).await.unwrap_err();
    assert!(matches!(never, AnchorError::Mismatch { .. }), "{never}");

    // The power fails in the middle of a line.
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &text[..text.len() - 40]).unwrap();
    assert_eq!(vault.heads().await.unwrap(), [head(1), head(2)]);
    vault.anchor(&head(3)).await.unwrap();
    assert_eq!(vault.heads().await.unwrap(), [head(1), head(2), head(3)]);

    // Somebody writes into it.
    std::fs::write(&path, text.replace("acme", "acma")).unwrap();
    assert!(vault.check(&head(1), &receipt).await.is_err());
    std::fs::write(&path, format!("hello\n{text}")).unwrap();
    let told = vault.heads().await.unwrap_err().to_string();
    assert!(told.contains("line 1 is no head"), "{told}");
}

#[tokio::test]
async fn a_folder_that_is_missing_is_told() {
    let vault = HeadsFile::new("vault", "/nowhere/heads.jsonl");
    let told = vault.anchor(&head(1)).await.unwrap_err();
    assert!(
        matches!(&told, AnchorError::Unavailable { reason, .. } if reason.contains("/nowhere/heads.jsonl")),
        "{told}"
    );
    let told = vault.heads().await.unwrap_err().to_string();
    assert!(told.contains("/nowhere/heads.jsonl"), "{told}");
}

#[tokio::test]
async fn dlc_3_a_webhook_gets_the_head_as_text() {
    let got: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let ear = got.clone();
    let service = Router::new().route(
        "/",
        post(async move |headers: HeaderMap, body: String| {
            let token = headers.get("authorization").unwrap().to_str().unwrap().to_owned();
            ear.lock().unwrap().push((token, body));
            "kept as 17"
        }),
    );
    let url = serve(service).await;
    let hook = Webhook::new("auditor", &url, Some("secret".into())).unwrap();
    let receipt = hook.anchor(&head(1)).await.unwrap();
    assert_eq!(receipt.answer.as_bytes(), b"kept as 17");
    assert_eq!(*got.lock().unwrap(), [("Bearer secret".to_owned(), head(1).to_string())]);
    assert!(!format!("{hook:?}").contains("secret"));
}

#[tokio::test]
async fn what_a_service_answers_says_what_is_done_about_it() {
    let status = Arc::new(AtomicU16::new(503));
    let answer = status.clone();
    let service = Router::new().route(
        "/",
        post(async move || {
            let status = StatusCode::from_u16(answer.load(Ordering::SeqCst)).unwrap();
            (status, [("retry-after", "7")], "x".repeat(70_000))
        }),
    );
    let hook = Webhook::new("auditor", &serve(service).await, None).unwrap();
    let asked = async |code: u16| {
        status.store(code, Ordering::SeqCst);
        hook.anchor(&head(1)).await.unwrap_err()
    };
    for code in [503, 500, 429] {
        let told = asked(code).await;
        assert!(matches!(told, AnchorError::Unavailable { retry_after: Some(7), .. }), "{told}");
    }
    for code in [401, 404, 302, 200] {
        let told = asked(code).await;
        assert!(matches!(told, AnchorError::Misconfigured { .. }), "{code}: {told}");
    }
    let nobody = Webhook::new("auditor", "http://127.0.0.1:9/", None).unwrap();
    let told = nobody.anchor(&head(1)).await.unwrap_err();
    assert!(matches!(told, AnchorError::Unavailable { .. }), "{told}");
    for wrong in ["", "vault", "ftp://example.com/", "file:///etc/passwd"] {
        assert!(
            matches!(Webhook::new("auditor", wrong, None), Err(SettingsError::Url { .. })),
            "{wrong}"
        );
    }
}

/// A time-stamp authority of OpenSSL's.
struct Tsa {
    folder: tempfile::TempDir,
}

impl Tsa {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = r"
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamper]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
signer_cert = tsa.pem
certs = tsa.pem
signer_key = tsa.key
";
        std::fs::write(folder.path().join("openssl.cnf"), config).unwrap();
        std::fs::write(folder.path().join("serial"), "01\n").unwrap();
        let tsa = Self { folder };
        tsa.run("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=Root -days 30 -config openssl.cnf -extensions ca");
        tsa.run("req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Stamps -config openssl.cnf");
        tsa.run("x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile openssl.cnf -extensions stamper");
        tsa
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        let done = command.args(arguments.split(' ')).current_dir(self.path()).output();
        let done = done.unwrap_or_else(|error| panic!("install the package openssl: {error}"));
        assert!(done.status.success(), "{arguments}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn authority(&self) -> Authority {
        let pem = std::fs::read_to_string(self.path().join("ca.pem")).unwrap();
        Authority::from_pem(&pem).unwrap()
    }

    fn reply(&self, request: &[u8]) -> Vec<u8> {
        std::fs::write(self.path().join("q.tsq"), request).unwrap();
        self.run("ts -reply -queryfile q.tsq -config openssl.cnf -section tsa -out r.tsr");
        std::fs::read(self.path().join("r.tsr")).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dlc_3_an_authority_puts_its_time_to_a_head_and_openssl_agrees() {
    let tsa = Arc::new(Tsa::new());
    let authority = tsa.clone();
    let service = Router::new().route(
        "/",
        post(async move |headers: HeaderMap, body: Bytes| {
            assert_eq!(headers.get("content-type").unwrap(), "application/timestamp-query");
            authority.reply(&body)
        }),
    );
    let url = serve(service).await;
    let stamps = TimeStamps::new("tsa", &url, tsa.authority()).unwrap();
    let receipt = stamps.anchor(&head(1)).await.unwrap();
    assert!(stamps.check(&head(1), &receipt).await.unwrap().is_some());
    std::fs::write(tsa.path().join("head.txt"), head(1).to_string()).unwrap();
    std::fs::write(tsa.path().join("kept.tsr"), receipt.answer.as_bytes()).unwrap();
    tsa.run("ts -verify -data head.txt -in kept.tsr -CAfile ca.pem");

    let other_head = stamps.check(&head(2), &receipt).await.unwrap_err();
    assert!(matches!(other_head, AnchorError::Mismatch { .. }), "{other_head}");
    let stranger = TimeStamps::new("tsa", &url, Tsa::new().authority()).unwrap();
    let other_authority = stranger.check(&head(1), &receipt).await.unwrap_err();
    assert!(matches!(other_authority, AnchorError::Mismatch { .. }), "{other_authority}");
    let none = stamps.check(&head(1), &Receipt::default()).await;
    assert!(none.is_err());
}
