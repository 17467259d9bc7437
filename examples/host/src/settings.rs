//! The `[host]` section of the configuration, tokens, and secrets.

use std::{
    fmt,
    net::SocketAddr,
    num::{NonZeroU16, NonZeroUsize},
    path::{Path, PathBuf},
    time::Duration,
};

use axum::http::Uri;
use frontdesk::{
    Center, Clock, EngineError, SystemClock,
    config::{Checked, Severity},
    types::{AgentId, Instant},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::{
    check::Line,
    config_file::{self, Unreadable},
    connections::Limits,
    host_review,
    ledger::{self, LedgerSection},
    secrets,
    zones::TimeZones,
};

/// The configuration of the demo center.
pub(crate) const DEMO: &str = include_str!("../demo.toml");

/// The environment variable with Twilio's auth token, or with `_FILE` the path of a file that has it.
const TWILIO_TOKEN: &str = "FRONTDESK_TWILIO_AUTH_TOKEN";

/// The warning where campaigns name the provider's ids, and nobody can be asked.
pub(crate) const NO_PROVIDER: &str = "campaigns have ids at Twilio, which is not asked: set [host.twilio], and FRONTDESK_TWILIO_AUTH_TOKEN or FRONTDESK_TWILIO_AUTH_TOKEN_FILE";

/// The defaults of [`Host`]: connections at a time, those from one address, and seconds for the head of a request.
const CONNECTIONS: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();
const CONNECTIONS_PER_ADDRESS: NonZeroUsize = NonZeroUsize::new(2_000).unwrap();
const REQUEST_SECONDS: NonZeroU16 = NonZeroU16::new(20).unwrap();

/// Why the host does not start or a command fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum HostError {
    #[error("--arrivals: {reason}")]
    Arrivals { reason: String },
    #[error("the chart: {0}")]
    Chart(String),
    /// Its errors, as `frontdesk check` tells them.
    #[error("{}", .0.join("\n"))]
    Config(Vec<String>),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("line {line}: {reason}")]
    Input { line: usize, reason: String },
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    #[error("pictures and videos: {0}")]
    Media(frontdesk::store::StoreError),
    #[error(transparent)]
    MediaSource(#[from] frontdesk_media::SourceError),
    #[error("{0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    #[error(transparent)]
    Open(#[from] frontdesk_store_sqlite::OpenError),
    #[error("{stream} cannot be written: {source}")]
    Output { stream: &'static str, source: std::io::Error },
    #[error("no random numbers can be had: {0}")]
    Random(getrandom::Error),
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Twilio(#[from] frontdesk_twilio::SettingsError),
}

impl HostError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// The `[host]` section.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Host {
    /// Where to listen; 127.0.0.1:8080 by default.
    pub(crate) listen: Option<SocketAddr>,
    /// Connections that may be open at a time, 10,000 by default. Beyond that they are refused with 503.
    pub(crate) connections: NonZeroUsize,
    /// Connections that may be open at a time from one address, 2,000 by default. Behind a proxy all have its address:
    /// set it to `connections` there.
    pub(crate) connections_per_address: NonZeroUsize,
    /// Seconds that a client may take for the head of a request, 20 by default, and a connection may be idle. A body may take
    /// as long again, and another second for every 8 KiB.
    pub(crate) request_seconds: NonZeroU16,
    /// The database file; `frontdesk.sqlite` in the current folder by default.
    pub(crate) database: Option<PathBuf>,
    /// How large the database file may become, in bytes: texts are refused (503) before the disk is full. The last sixteenth, at most
    /// 16 MB, is kept for revocations. No limit without.
    #[schemars(range(min = 400_000))]
    pub(crate) database_limit: Option<u64>,
    /// Where pictures and videos are kept: a folder, or the URL of an object store (`s3://bucket/folder`, credentials
    /// in the environment). Beside the database by default.
    pub(crate) media: Option<String>,
    /// How the provider reaches this host: `https://frontdesk.example.com`. Signatures are checked
    /// against it.
    pub(crate) public_url: Option<String>,
    /// Names that this host is reached by, besides that of `public_url`, `localhost` and addresses: pages without a token
    /// answer to no other.
    pub(crate) names: Vec<String>,
    /// Where `/metrics`, `/health` and `/openapi.json` are served without a token, in a network of the operator's own:
    /// `127.0.0.1:9090`. Without it, the first and the last need a token.
    pub(crate) operations: Option<SocketAddr>,
    /// Where outgoing texts go.
    pub(crate) carrier: Carrier,
    /// Twilio's account.
    pub(crate) twilio: Option<TwilioSection>,
    /// How the heads of the consent ledger are made, and to whom they are given (DLC-3).
    pub(crate) ledger: Option<LedgerSection>,
    /// Who may use the API.
    pub(crate) tokens: Vec<Token>,
    /// The folder with the time zones of this machine, used where its release is newer than the bundled one. Without
    /// it, the folder that `TZDIR` names, or `/usr/share/zoneinfo`.
    pub(crate) zoneinfo: Option<PathBuf>,
    /// What was read there.
    #[serde(skip)]
    pub(crate) zones: TimeZones,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            listen: None,
            connections: CONNECTIONS,
            connections_per_address: CONNECTIONS_PER_ADDRESS,
            request_seconds: REQUEST_SECONDS,
            database: None,
            database_limit: None,
            media: None,
            public_url: None,
            names: Vec::new(),
            operations: None,
            carrier: Carrier::default(),
            twilio: None,
            ledger: None,
            tokens: Vec::new(),
            zoneinfo: None,
            zones: TimeZones::default(),
        }
    }
}

impl Host {
    /// The names that this host is reached by, in lower case.
    pub(crate) fn names(&self) -> Vec<String> {
        let public = self.public_url.as_ref().and_then(|url| url.parse::<Uri>().ok());
        let public = public.as_ref().and_then(Uri::host).map(str::to_owned);
        let all = public.into_iter().chain(self.names.iter().cloned());
        all.map(|name| name.to_lowercase()).collect()
    }

    /// The database file; one that the command line names comes first.
    pub(crate) fn database_file(&self, named: Option<&Path>) -> PathBuf {
        let file = named.or(self.database.as_deref());
        file.unwrap_or(Path::new("frontdesk.sqlite")).to_owned()
    }

    /// What connections may take.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            all: self.connections.get(),
            per_address: self.connections_per_address.get(),
            request: Duration::from_secs(self.request_seconds.get().into()),
        }
    }
}

/// Where outgoing texts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Carrier {
    /// To the simulated phone in the console.
    #[default]
    Simulator,
    /// To Twilio.
    Twilio,
}

/// Twilio's account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TwilioSection {
    pub(crate) account_sid: String,
    #[serde(default = "twilio")]
    pub(crate) api_base: String,
    /// Where Twilio says whose network a consumer is on: `https://lookups.twilio.com`. Each question is billed, one a month and
    /// consumer; without it, every carrier's limits hold for everybody (DLC-6).
    #[serde(default)]
    pub(crate) lookup_base: Option<String>,
    /// Where Twilio says where brands and campaigns stand; `https://messaging.twilio.com` by default.
    #[serde(default = "messaging")]
    pub(crate) messaging_base: String,
    /// Minutes from one question about campaigns to the next, 15 by default; 0 asks only when told to.
    #[serde(default = "registration_minutes")]
    #[schemars(range(max = 1_440))]
    pub(crate) registration_minutes: u16,
}

fn twilio() -> String {
    "https://api.twilio.com".into()
}

fn messaging() -> String {
    "https://messaging.twilio.com".into()
}

fn registration_minutes() -> u16 {
    15
}

/// What the bearer of a token may do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
    JsonSchema,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// A program: the Outbound SMS API, calls of the telephony, `/metrics` and `/openapi.json`.
    Api,
    /// Their own desk.
    Agent,
    /// Sees everything, ends sessions.
    Supervisor,
    /// Acts for every agent, too.
    Admin,
}

/// A bearer token, known by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    pub(crate) role: Role,
    /// Whose it is, for the role agent.
    #[schemars(with = "Option<String>")]
    pub(crate) agent: Option<AgentId>,
    /// The person or program that has it, up to 64 characters: the consent ledger names it with what it enters.
    pub(crate) name: Option<String>,
    /// Shows consumers' numbers whole; supervisors and admins see them anyway (SMS-26).
    #[serde(default)]
    pub(crate) numbers: bool,
    /// Shows the pictures and videos of the sessions that it shows; true without (SMS-26).
    pub(crate) media: Option<bool>,
    /// SHA-256 of the token, in hexadecimal.
    pub(crate) sha256: String,
    /// Until when it is good; for ever without.
    #[schemars(with = "Option<String>")]
    pub(crate) expires: Option<Instant>,
}

/// Reads a configuration file, or the demo's.
pub(crate) fn load(path: Option<&Path>) -> Result<(Center, Host), HostError> {
    let (name, text) = match path {
        None => ("the demo configuration".to_owned(), DEMO.to_owned()),
        Some(path) => {
            let name = path.display().to_string();
            let text = config_file::text(path).map_err(|Unreadable { line, message }| {
                invalid(&name, &Checked::unreadable(line, message))
            })?;
            (name, text)
        }
    };
    let zones = TimeZones::read(zoneinfo(&text).as_deref());
    let mut checked = Center::check(&text, &zones.zones, SystemClock.now());
    let host = host(&mut checked);
    let center = checked.center.take().ok_or_else(|| invalid(&name, &checked))?;
    let host = host.ok_or_else(|| invalid(&name, &checked))?;
    Ok((center, Host { zones, ..host }))
}

/// The errors of a configuration, with lines and named blocks.
fn invalid(file: &str, checked: &Checked) -> HostError {
    let errors = checked.findings().iter().filter(|it| it.severity == Severity::Error);
    HostError::Config(errors.map(|finding| Line { file, finding }.to_string()).collect())
}

/// `host.zoneinfo`, before the configuration is checked: hours are read by the zones that it names.
pub(crate) fn zoneinfo(text: &str) -> Option<PathBuf> {
    let document: toml::Table = toml::from_str(text).ok()?;
    document.get("host")?.get("zoneinfo")?.as_str().map(PathBuf::from)
}

/// The host's own section. Everything that is wrong in it is added to what was found.
pub(crate) fn host(checked: &mut Checked) -> Option<Host> {
    let (host, mut problems) = checked.host::<Host>();
    if let Some(host) = &host {
        let meaning = host_review::wrong_meaning(host, &problems, checked);
        problems.0.extend(meaning);
    }
    for problem in problems.0 {
        checked.add(Severity::Error, "invalid", problem);
    }
    for problem in host.iter().flat_map(host_review::agents_without_effect) {
        checked.add(Severity::Warning, "token-agent", problem);
    }
    let section = host.as_ref().and_then(|host| host.ledger.as_ref());
    for (rule, problem) in section.map(ledger::warnings).into_iter().flatten() {
        checked.add(Severity::Warning, rule, problem);
    }
    let unasked = host.as_ref().map(|host| host_review::unasked(host, checked));
    for problem in unasked.into_iter().flatten() {
        checked.add(Severity::Warning, "campaign-unasked", problem);
    }
    host
}

/// Twilio's auth token; the carrier Twilio needs one.
pub(crate) fn twilio_auth_token(host: &Host) -> Result<Option<String>, HostError> {
    let token = secrets::read(TWILIO_TOKEN)?;
    if host.carrier == Carrier::Twilio && token.is_none() {
        return Err(needs_twilio_auth_token());
    }
    Ok(token)
}

/// The missing secret, for those who need it.
pub(crate) fn needs_twilio_auth_token() -> HostError {
    HostError::Refused(format!(
        "the carrier is Twilio, but neither {TWILIO_TOKEN} nor {TWILIO_TOKEN}_FILE has a value; blank ones count as not set"
    ))
}

/// An id that nobody can guess and nobody else has.
pub(crate) fn random_id() -> Result<String, HostError> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(HostError::Random)?;
    Ok(Hex(&bytes).to_string())
}

/// A token and its hash.
pub(crate) fn new_token() -> Result<(String, String), HostError> {
    let token = format!("fd_{}", random_id()?);
    let hash = hash(&token);
    Ok((token, hash))
}

/// The hash that a token is known by.
pub(crate) fn hash(token: &str) -> String {
    Hex(&Sha256::digest(token.as_bytes())).to_string()
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
