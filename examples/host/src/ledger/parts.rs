//! The `[host.ledger]` section: the key that signs heads, and the anchors.

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{NaiveDate, TimeDelta};
use frontdesk::{
    Anchor, Heads, Problem,
    tendlc::{HeadKey, HeadVerifier, KnownDifference, LedgerHead},
};
use frontdesk_anchors::{HeadsFile, TimeStamps, Webhook};
use frontdesk_timestamp::Authority;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{output, secrets, settings::HostError};

/// The environment variable with the token for anchors of the kind `webhook`, or with `_FILE` the path of a file that has it.
const WEBHOOK_TOKEN: &str = "FRONTDESK_ANCHOR_TOKEN";
/// Most anchors of a host.
const MOST_ANCHORS: usize = 16;
/// Minutes between two heads, without a setting.
const EVERY_MINUTES: u32 = 60;
/// Most differences that are explained.
const MOST_KNOWN: usize = 100;
/// Longest explanation, in characters.
const LONGEST_REASON: usize = 500;
/// Longest file of a key or of certificates, in bytes.
const LONGEST_FILE: u64 = 64 * 1024;

/// How the heads of the consent ledger are made, and to whom they are given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LedgerSection {
    /// The ledger's name in its heads, which no other ledger has: `frontdesk.example.com/acme`. The center's id without one.
    #[serde(default)]
    origin: Option<String>,
    /// The file of the key that signs heads, made by `frontdesk ledger key`. Heads are not signed without one.
    #[serde(default)]
    pub(super) key: Option<PathBuf>,
    /// Public keys of before, `name+id+key`: heads that they signed are good.
    #[serde(default)]
    former_keys: Vec<String>,
    /// Minutes between two heads, 60 by default.
    #[serde(default = "every")]
    #[schemars(range(min = 1, max = 10_080))]
    minutes: u32,
    /// Those who get every head.
    #[serde(default)]
    pub(super) anchors: Vec<AnchorSection>,
    /// Differences between the ledger and its heads that are explained for good; looks and proofs tell them with their reason.
    #[serde(default)]
    known: Vec<KnownSection>,
}

/// A difference between the ledger and its heads that the operator has explained.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KnownSection {
    /// The size of the head that it is about.
    #[schemars(range(min = 1))]
    size: u64,
    /// Why it is no change of entries: `clock was 12 h ahead`, `backup of 2026-11-20 restored`.
    reason: String,
    /// The day on which it was explained: `2026-11-28`.
    #[schemars(with = "String")]
    on: NaiveDate,
}

fn every() -> u32 {
    EVERY_MINUTES
}

/// Somebody who gets every head.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum AnchorSection {
    /// A file on a disk that the operator of the database cannot write anew.
    File {
        /// The anchor's name.
        name: String,
        /// The file; heads are appended to it.
        path: PathBuf,
    },
    /// A time-stamp authority (RFC 3161).
    TimeStamp {
        /// The anchor's name.
        name: String,
        /// Where it is asked: `http://timestamp.example.com`.
        url: String,
        /// The file with the certificates that are trusted (PEM): roots, and others on the way to the signer.
        certificates: PathBuf,
    },
    /// A service of somebody else, which gets heads by HTTP POST.
    Webhook {
        /// The anchor's name.
        name: String,
        /// Where.
        url: String,
    },
}

impl AnchorSection {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::File { name, .. } | Self::TimeStamp { name, .. } | Self::Webhook { name, .. } => {
                name
            }
        }
    }
}

/// Mistakes of the section beside its shape.
pub(crate) fn wrong_meaning(section: &LedgerSection) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |path: String, message: String| problems.push(Problem { path, message });
    if section.minutes == 0 || section.minutes > 10_080 {
        add(
            "host.ledger.minutes".into(),
            format!("found {}, allowed are 1 to 10080", section.minutes),
        );
    }
    if let Some(Err(error)) = section.origin.as_deref().map(LedgerHead::check_origin) {
        add("host.ledger.origin".into(), error.to_string());
    }
    for (i, key) in section.former_keys.iter().enumerate() {
        if let Err(error) = key.parse::<HeadVerifier>() {
            add(format!("host.ledger.former_keys[{i}]"), error.to_string());
        }
    }
    if section.anchors.len() > MOST_ANCHORS {
        let told = format!("found {}, at most {MOST_ANCHORS} are allowed", section.anchors.len());
        add("host.ledger.anchors".into(), told);
    }
    for (i, anchor) in section.anchors.iter().enumerate() {
        let path = |field: &str| format!("host.ledger.anchors[{i}].{field}");
        let name = anchor.name();
        if name.is_empty()
            || name.len() > 64
            || name.contains(|char: char| char.is_whitespace() || char.is_control())
        {
            add(
                path("name"),
                format!("{name:?} is no name: allowed are 1 to 64 bytes without spaces"),
            );
        }
        if let AnchorSection::File { path: of_heads, .. } = anchor
            && (of_heads.as_os_str().is_empty() || section.key.as_ref() == Some(of_heads))
        {
            let told = "an anchor needs a file of its own; heads would be written behind the key";
            add(path("path"), format!("found {:?}: {told}", of_heads.display().to_string()));
        }
        if section.anchors.iter().take(i).any(|other| other.name() == name) {
            add(path("name"), format!("`{name}` is the name of another anchor"));
        }
        if let AnchorSection::TimeStamp { url, .. } | AnchorSection::Webhook { url, .. } = anchor
            && let Err(error) = Webhook::new(name, url, None)
        {
            add(path("url"), error.to_string());
        }
    }
    problems.extend(wrong_known(&section.known));
    problems
}

/// Mistakes of what is explained.
fn wrong_known(known: &[KnownSection]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |path: String, message: String| problems.push(Problem { path, message });
    if known.len() > MOST_KNOWN {
        let told = format!("found {}, at most {MOST_KNOWN} are allowed", known.len());
        add("host.ledger.known".into(), told);
    }
    for (i, KnownSection { size, reason, .. }) in known.iter().enumerate() {
        let path = |field: &str| format!("host.ledger.known[{i}].{field}");
        if reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON {
            let told = format!("say why, in 1 to {LONGEST_REASON} characters");
            add(path("reason"), told);
        }
        if *size == 0 || known.iter().take(i).any(|other| other.size == *size) {
            add(path("size"), format!("{size} is the size of no head, or explained already"));
        }
    }
    problems
}

fn file(what: &str, path: &Path) -> Result<String, HostError> {
    let named = || format!("{what} {}", path.display());
    let size = std::fs::metadata(path).map_err(HostError::io(named()))?.len();
    if size > LONGEST_FILE {
        return Err(HostError::Refused(format!(
            "{}: it has {size} bytes; allowed are {LONGEST_FILE}",
            named()
        )));
    }
    std::fs::read_to_string(path).map_err(HostError::io(named()))
}

/// Key and anchors, as they are configured. Without a section nothing is signed, and nobody gets a head.
pub(crate) fn heads(section: Option<&LedgerSection>) -> Result<Heads, HostError> {
    let Some(section) = section else { return Ok(Heads::default()) };
    let refused =
        |error: &dyn std::fmt::Display| HostError::Refused(format!("host.ledger: {error}"));
    let key = match &section.key {
        None => None,
        Some(path) => {
            let text = file("the key of the ledger", path)?;
            Some(Arc::new(text.trim().parse::<HeadKey>().map_err(|error| refused(&error))?))
        }
    };
    let former = section.former_keys.iter().map(|key| key.parse::<HeadVerifier>());
    let former_keys = former.collect::<Result<_, _>>().map_err(|error| refused(&error))?;
    let anchors = section.anchors.iter().map(anchor).collect::<Result<_, _>>()?;
    let every = TimeDelta::minutes(section.minutes.into());
    let known = section.known.iter().map(|KnownSection { size, reason, on }| KnownDifference {
        size: *size,
        reason: reason.clone(),
        on: *on,
    });
    let (origin, known) = (section.origin.clone(), known.collect());
    Ok(Heads { origin, key, former_keys, anchors, every, known })
}

fn anchor(section: &AnchorSection) -> Result<Arc<dyn Anchor>, HostError> {
    let wrong = |error: &dyn std::fmt::Display| {
        HostError::Refused(format!("the anchor `{}`: {error}", section.name()))
    };
    Ok(match section {
        AnchorSection::File { name, path } => Arc::new(HeadsFile::new(name, path)),
        AnchorSection::TimeStamp { name, url, certificates } => {
            let pem = file("the certificates of an anchor", certificates)?;
            let authority = Authority::from_pem(&pem).map_err(|error| wrong(&error))?;
            Arc::new(TimeStamps::new(name, url, authority).map_err(|error| wrong(&error))?)
        }
        AnchorSection::Webhook { name, url } => {
            let token = secrets::read(WEBHOOK_TOKEN)?;
            Arc::new(Webhook::new(name, url, token).map_err(|error| wrong(&error))?)
        }
    })
}

/// Makes a key, and its file.
pub(super) fn new_key(name: &str, path: &Path) -> Result<(), HostError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(HostError::Random)?;
    let key = HeadKey::new(name, &random)
        .map_err(|error| HostError::Refused(format!("--name: {error}")))?;
    let named = || format!("the key's file {}", path.display());
    // A key that is there is never written over.
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    let mut file = file.map_err(HostError::io(named()))?;
    let written = writeln!(file, "{}", key.secret()).and_then(|()| file.sync_all());
    written.map_err(HostError::io(named()))?;
    output::line(format_args!(
        "{}\n\nThis is the public key: whoever has it can check the signature of heads. The secret is in {};\nkeep a copy where the database is not. In the configuration:\n\n[host.ledger]\nkey = {}",
        key.verifier(),
        path.display(),
        toml::Value::from(path.display().to_string())
    ))
}
