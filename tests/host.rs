//! Starts the real host for a test, on a free port of the loopback interface, and stops it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use frontdesk_twilio::{Form, Validator};
use serde_json::Value;
use sha2::{Digest, Sha256};

mod forms;
mod prism;
mod real;

pub use forms::{encode, signature_with_key};
pub use prism::Prism;
pub use real::{filter, json_lines, real_messages, real_texts};

/// The auth token that the hosts of the tests check signatures with.
pub const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// How a provider reaches hosts with [`twilio_host`].
pub const PUBLIC_URL: &str = "https://frontdesk.example.com";
/// The Twilio account of [`twilio_host`].
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// The token of the agent Ana in [`center`].
pub const ANA: &str = "token-ana";
/// A supervisor's.
pub const SUPERVISOR: &str = "token-supervisor";
/// An admin's.
pub const ADMIN: &str = "token-admin";
/// A program's, for the Outbound SMS API.
pub const PROGRAM: &str = "token-program";
/// An admin's of yesterday.
pub const EXPIRED: &str = "token-expired";
/// How long to wait for what must come.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The host's program: `FRONTDESK_BIN`, or built now beside the test itself.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(path) = std::env::var_os("FRONTDESK_BIN") {
            return path.into();
        }
        let test = std::env::current_exe().expect("the test's own path");
        // target/<profile>/deps/<test>
        let folder = test.ancestors().nth(2).expect("the folder of the profile");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "-p", "frontdesk-host", "--bin", "frontdesk"]);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo runs").success(), "the host does not build");
        folder.join("frontdesk")
    })
}

/// A file of the `tests/` folder.
pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A small center with tokens for every role, and what else is to stand in its `[host]` section.
pub fn center(host: &str) -> String {
    let mut text = format!(
        r#"
[center]
id = "test"
company = "Acme"
[[queues]]
id = "main"
name = "Acme"
numbers = ["+12025550100"]
[[queues]]
id = "billing"
parent = "main"
name = "Billing"
agents = ["ana", "ben"]
[[queues]]
id = "repairs"
parent = "main"
name = "Repairs"
agents = ["ben"]
[[agents]]
id = "ana"
name = "Ana"
chats = 100
[[agents]]
id = "ben"
name = "Ben"
chats = 100
[host]
{host}
"#
    );
    let roles =
        ["role = 'agent'\nagent = 'ana'", "role = 'supervisor'", "role = 'admin'", "role = 'api'"];
    let expired = "role = 'admin'\nexpires = 2026-01-01T00:00:00Z";
    let tokens = [ANA, SUPERVISOR, ADMIN, PROGRAM, EXPIRED];
    for (token, role) in tokens.into_iter().zip(roles.into_iter().chain([expired])) {
        let hash = Sha256::digest(token.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(text, "[[host.tokens]]\n{role}\nsha256 = '{hash}'");
    }
    text
}

/// [`center`] with Twilio, or its stand-in at `api_base`, as the carrier.
pub fn twilio_host(api_base: &str) -> String {
    center(&format!(
        "carrier = 'twilio'\npublic_url = '{PUBLIC_URL}'\n\
         [host.twilio]\naccount_sid = '{ACCOUNT}'\napi_base = '{api_base}'"
    ))
}

/// A running host.
#[derive(Debug)]
pub struct Host {
    child: Child,
    /// `http://127.0.0.1:12345`
    pub url: String,
    /// The token that it printed, if it made one.
    pub token: String,
    log: PathBuf,
}

/// An answer: status and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Host {
    /// Starts a host in a folder: database and log are there, and `center.toml` if `config` is given.
    pub fn start(folder: &Path, config: Option<&str>) -> Self {
        Self::try_start(folder, config)
            .unwrap_or_else(|log| panic!("the host did not start: {log}"))
    }

    /// Starts a host with environment variables, instead of the one with [`AUTH_TOKEN`].
    pub fn start_with(folder: &Path, config: Option<&str>, variables: &[(&str, &str)]) -> Self {
        Self::launch(folder, config, variables)
            .unwrap_or_else(|log| panic!("the host did not start: {log}"))
    }

    /// Starts a host; the error is what it wrote before it gave up.
    pub fn try_start(folder: &Path, config: Option<&str>) -> Result<Self, String> {
        Self::launch(folder, config, &[("FRONTDESK_TWILIO_AUTH_TOKEN", AUTH_TOKEN)])
    }

    fn launch(
        folder: &Path,
        config: Option<&str>,
        variables: &[(&str, &str)],
    ) -> Result<Self, String> {
        let log = folder.join("log");
        let mut command = Command::new(program());
        command.arg("serve").args(["--listen", "127.0.0.1:0"]);
        if let Some(config) = config {
            std::fs::write(folder.join("center.toml"), config)
                .expect("the configuration is written");
            command.arg("center.toml");
        }
        let mut child = command
            .current_dir(folder)
            .env_remove("FRONTDESK_TWILIO_AUTH_TOKEN")
            .envs(variables.iter().copied())
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(&log).expect("the log"))
            .spawn()
            .expect("the host runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("its first line");
        let Some((_, rest)) = line.trim().split_once(" is open at ") else {
            child.wait().expect("it ends");
            return Err(std::fs::read_to_string(&log).unwrap_or_default());
        };
        let (url, fragment) = rest.rsplit_once('/').expect("a URL");
        let token = fragment.strip_prefix("#token=").unwrap_or_default().to_owned();
        Ok(Self { child, url: url.to_owned(), token, log })
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log")
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Pulls the plug.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill").arg(self.id().to_string()).status().expect("kill runs");
        assert!(asked.success());
        self.child.wait().expect("it ends")
    }

    /// A request to the API with a bearer token and a JSON body.
    pub fn call(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.url))
            .header("Authorization", format!("Bearer {token}"));
        if body.is_some() {
            request = request.header("Content-Type", "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        answer(request.body(body).expect("a request"))
    }

    /// A list in a body of its own type.
    pub fn list(&self, token: &str, path: &str, body: &str) -> Answer {
        let request = ureq::http::Request::post(format!("{}/api/v1{path}", self.url))
            .header("Authorization", format!("Bearer {token}"))
            .header("Content-Type", "text/csv");
        answer(request.body(body.to_owned()).expect("a request"))
    }

    /// A call of the Outbound SMS API, with Basic auth if there is one.
    pub fn program(
        &self,
        auth: Option<(&str, &str)>,
        method: &str,
        path: &str,
        body: &str,
    ) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/apps/api/v1{path}", self.url));
        if let Some((user, password)) = auth {
            let basic = BASE64.encode(format!("{user}:{password}"));
            request = request.header("Authorization", format!("Basic {basic}"));
        }
        answer(request.body(body.to_owned()).expect("a request"))
    }

    /// A webhook that is signed for the public URL, and not for the address that it happens to come by.
    pub fn signed_for_public(&self, path: &str, form: &str) -> Answer {
        self.signed_for(PUBLIC_URL, path, form)
    }

    fn signed_for(&self, origin: &str, path: &str, form: &str) -> Answer {
        let parsed = Form::parse(form.as_bytes()).expect("a form");
        let validator = Validator::new(AUTH_TOKEN).expect("a token");
        let signature = validator.sign(&format!("{origin}{path}"), &parsed);
        self.webhook(path, form.as_bytes(), Some(&signature))
    }

    /// GET as admin; must succeed.
    pub fn get(&self, path: &str) -> Value {
        let answer = self.call(ADMIN, "GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    /// A request as it is: a path from the root, headers, a body.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.body(body.to_owned()).expect("a request"))
    }

    /// The OpenAPI document.
    pub fn document(&self) -> Value {
        let bearer = format!("Bearer {ADMIN}");
        self.raw("GET", "/openapi.json", &[("Authorization", &bearer)], "").json()
    }

    /// The metrics.
    pub fn metrics(&self) -> String {
        let request = ureq::http::Request::get(format!("{}/metrics", self.url))
            .header("Authorization", format!("Bearer {ADMIN}"));
        let answer = answer(request.body(()).expect("a request"));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// POST as admin; must succeed.
    pub fn post(&self, path: &str, body: &Value) {
        let answer = self.call(ADMIN, "POST", path, Some(body));
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
    }

    /// A form to a webhook, with or without a signature.
    pub fn webhook(&self, path: &str, form: &[u8], signature: Option<&str>) -> Answer {
        let mut request = ureq::http::Request::post(format!("{}{path}", self.url))
            .header("Content-Type", "application/x-www-form-urlencoded");
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        answer(request.body(form).expect("a request"))
    }

    /// A signed form to a webhook.
    pub fn signed(&self, path: &str, form: &str) -> Answer {
        self.signed_for(&self.url, path, form)
    }

    /// A text as Twilio posts it.
    pub fn text(&self, sid: &str, from: &str, body: &str) -> Answer {
        let form = [("MessageSid", sid), ("From", from), ("To", "+12025550100"), ("Body", body)];
        self.signed("/webhooks/twilio/messages", &encode(&form))
    }

    /// Everything in the log of events, after the first `after` positions.
    pub fn events(&self) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.get(&format!("/events?after={after}"));
            let page = page.as_array().expect("a list");
            let Some(last) = page.last() else { return all };
            after = last["position"].as_u64().expect("a position");
            all.extend(page.iter().cloned());
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answer(request: ureq::http::Request<impl ureq::AsSendBody>) -> Answer {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .build()
        .new_agent();
    let mut response = agent.run(request).expect("an answer");
    let status = response.status().as_u16();
    let mut body = String::new();
    response.body_mut().as_reader().read_to_string(&mut body).expect("a body");
    Answer { status, body }
}

/// Looks again and again until something is there.
pub fn eventually<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "{what} did not come");
        std::thread::yield_now();
    }
}
