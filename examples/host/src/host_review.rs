//! Mistakes of the `[host]` section that its shape does not show: what `serve` would refuse at its start, for a reason in the file.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::http::Uri;
use frontdesk::{Problem, Problems, config::Checked};
use frontdesk_twilio::{Registrations, Settings};

use crate::{
    ledger, providers, secrets,
    settings::{Carrier, Host, Role, Token},
};

/// Longest name of a token, in characters.
const LONGEST_TOKEN_NAME: usize = 64;

/// Mistakes that the shape of the section does not show. `shapes` are those of its shape.
pub(crate) fn wrong_meaning(host: &Host, shapes: &Problems, checked: &Checked) -> Vec<Problem> {
    let tokens = host.tokens.iter().enumerate();
    let mut problems: Vec<Problem> =
        tokens.flat_map(|(i, token)| wrong_token(i, token, checked)).collect();
    problems.extend(same_tokens(host));
    for (path, url) in wrong_urls(host) {
        let message = format!(
            "`{url}` is no URL to build on: write `https://name` or `http://name`, with a port or path if there is one"
        );
        problems.push(problem(path, message));
    }
    problems.extend(wrong_places(host));
    problems.extend(host.ledger.iter().flat_map(ledger::wrong_meaning));
    problems.extend(wrong_registrations(checked));
    let needs = ["host.twilio", "host.public_url"];
    let is_told = |it: &Problem| needs.iter().any(|path| it.path.starts_with(path));
    let lacks = host.twilio.is_none() || host.public_url.is_none();
    if host.carrier == Carrier::Twilio && lacks && !shapes.0.iter().any(is_told) {
        let message = "Twilio needs [host.twilio] with account_sid, and host.public_url";
        problems.push(problem("host.carrier", message));
    }
    if host.carrier == Carrier::Twilio
        && let Some(twilio) = &host.twilio
        && let Err(error) = Settings::check_account_sid(&twilio.account_sid)
    {
        problems.push(problem("host.twilio.account_sid", error));
    }
    if let (Some(listen), Some(operations)) = (host.listen, host.operations)
        && meet(listen, operations)
    {
        let message = format!("it is the address of `host.listen`, {listen}: take another port");
        problems.push(problem("host.operations", message));
    }
    // A setting of the wrong shape is told once.
    problems.retain(|it| !shapes.0.iter().any(|shape| shape.path == it.path));
    problems
}

fn problem(path: &str, message: impl ToString) -> Problem {
    Problem { path: path.into(), message: message.to_string() }
}

/// Whether both cannot be listened on.
fn meet(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.port() != 0 && (everywhere || one.ip() == other.ip())
}

/// Where the database and media are kept.
fn wrong_places(host: &Host) -> Vec<Problem> {
    let mut problems = Vec::new();
    let database = host.database.as_deref().map(|path| path.to_string_lossy().into_owned());
    if let Some(found) = database.as_deref().filter(|found| !is_path(found)) {
        let message = format!("{found:?} is no path of a file");
        problems.push(problem("host.database", message));
    }
    match host.media.as_deref() {
        // The URL may have credentials in it.
        Some(url) if providers::is_url(url) => {
            if let Err(error) = providers::object_store(url) {
                problems.push(problem("host.media", format!("it cannot be used: {error}")));
            }
        }
        Some(found) if !is_path(found) => {
            let message = format!("{found:?} is no path of a folder, and no URL of a store");
            problems.push(problem("host.media", message));
        }
        Some(found) if Some(found) == database.as_deref() => {
            problems
                .push(problem("host.media", "it is the file of `host.database`: name a folder"));
        }
        _ => {}
    }
    problems
}

/// SQLite takes some names for databases that nothing keeps.
fn is_path(name: &str) -> bool {
    let kept = !name.starts_with(":memory:") && !name.starts_with("file:");
    kept && !name.trim().is_empty() && !name.contains('\0')
}

/// The mistakes of a token.
fn wrong_token(i: usize, token: &Token, checked: &Checked) -> Vec<Problem> {
    let problem = |field: &str, message: String| Problem {
        path: format!("host.tokens[{i}].{field}"),
        message,
    };
    let mut problems = Vec::new();
    if token.sha256.len() != 64 || !token.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        let message = "64 hexadecimal digits are expected; `frontdesk token` makes them";
        problems.push(problem("sha256", message.into()));
    } else if secrets::is_hash_of_blank(&token.sha256) {
        let message =
            "it is the hash of a blank token, which anybody has; `frontdesk token` makes one";
        problems.push(problem("sha256", message.into()));
    }
    if let Some(name) = &token.name {
        let found = name.chars().count();
        if name.trim().is_empty() || found > LONGEST_TOKEN_NAME || name.contains(char::is_control) {
            let message = format!(
                "found {found} characters; a name has 1 to {LONGEST_TOKEN_NAME}, and no control characters"
            );
            problems.push(problem("name", message));
        }
    }
    match (&token.agent, token.role) {
        (Some(agent), _) if checked.has_agent(agent) == Some(false) => {
            problems.push(problem("agent", format!("there is no agent `{agent}`")));
        }
        (None, Role::Agent) => {
            problems.push(problem("agent", "is missing: whose token is it?".into()));
        }
        _ => {}
    }
    problems
}

/// Tokens that an earlier entry has: of two roles, nobody would know which holds.
fn same_tokens(host: &Host) -> Vec<Problem> {
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
    for (i, token) in host.tokens.iter().enumerate() {
        if token.sha256.is_empty() {
            continue;
        }
        if let Some(first) = known.insert(token.sha256.to_ascii_lowercase(), i) {
            let path = format!("host.tokens[{i}].sha256");
            let message = format!(
                "it is that of host.tokens[{first}]: each token stands there once; `frontdesk token` makes another"
            );
            problems.push(problem(&path, message));
        }
    }
    problems
}

/// Ids of campaigns that Twilio cannot have.
fn wrong_registrations(checked: &Checked) -> Vec<Problem> {
    let all = checked.registrations().iter();
    let wrong = all.flat_map(|(i, ids)| {
        let wrong = Registrations::check_ids(ids).into_iter();
        wrong.map(move |wrong| {
            let path = format!("compliance.campaigns[{i}].provider.{}", wrong.field);
            problem(&path, wrong)
        })
    });
    wrong.collect()
}

/// Campaigns with ids at Twilio, where this host has no account there.
pub(crate) fn unasked(host: &Host, checked: &Checked) -> Vec<Problem> {
    let all = checked.registrations().iter().filter(|_| host.twilio.is_none());
    let message = "nobody is asked where it stands: there is no [host.twilio]";
    all.map(|(i, _)| problem(&format!("compliance.campaigns[{i}].provider"), message)).collect()
}

/// Tokens with an agent who does not limit what they may do.
pub(crate) fn agents_without_effect(host: &Host) -> Vec<Problem> {
    let tokens = host.tokens.iter().enumerate();
    let admins = tokens.filter(|(_, token)| token.role == Role::Admin && token.agent.is_some());
    let message = "limits nothing: a token of the role admin acts for every agent; tokens of one agent have the role agent";
    admins.map(|(i, _)| problem(&format!("host.tokens[{i}].agent"), message)).collect()
}

/// Whether a URL can be built on: it says how, and where, and nothing after the path.
fn is_base(url: &str) -> bool {
    let parsed = url.parse::<Uri>().ok();
    parsed.is_some_and(|parsed| {
        matches!(parsed.scheme_str(), Some("http" | "https"))
            && parsed.host().is_some_and(|host| !host.is_empty())
            && parsed.query().is_none()
            && !url.contains('#')
    })
}

/// The URLs that are none: where they stand, and what they say.
fn wrong_urls(host: &Host) -> impl Iterator<Item = (&'static str, &str)> {
    let twilio = host.twilio.as_ref();
    [
        ("host.public_url", host.public_url.as_deref()),
        ("host.twilio.api_base", twilio.map(|twilio| twilio.api_base.as_str())),
        ("host.twilio.messaging_base", twilio.map(|twilio| twilio.messaging_base.as_str())),
        ("host.twilio.lookup_base", twilio.and_then(|twilio| twilio.lookup_base.as_deref())),
    ]
    .into_iter()
    .filter_map(|(path, url)| Some((path, url?)))
    .filter(|(_, url)| !is_base(url))
}
