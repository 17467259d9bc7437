//! Settings of the ledger that are no mistakes of the text, but make no heads, or heads that prove little.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use frontdesk::Problem;

use super::parts::{AnchorSection, LedgerSection};

/// The warnings, each with the id of its rule. Files are looked at on this machine: the host's may be another.
pub(crate) fn warnings(section: &LedgerSection) -> Vec<(&'static str, Problem)> {
    let mut found = Vec::new();
    let mut add = |rule, path: String, message: String| {
        found.push((rule, Problem { path, message }));
    };
    let gives_back = |anchor: &AnchorSection| matches!(anchor, AnchorSection::File { .. });
    if !section.anchors.iter().any(gives_back) {
        let message = "no anchor gives its heads back (`kind = \"file\"`): whoever writes the database can make all of it anew, and no look tells. \
                       Add one, or compare heads that somebody keeps with `frontdesk ledger verify --head FILE`";
        add("ledger-witness", "host.ledger.anchors".into(), message.into());
    }
    let key = "host.ledger.key";
    match section.key.as_deref().map(key_problem) {
        None if !section.anchors.is_empty() => {
            let message =
                "heads are given away without a signature: make a key with `frontdesk ledger key`";
            add("ledger-key", key.into(), message.into());
        }
        Some(Some(message)) => add("ledger-key", key.into(), message),
        _ => {}
    }
    for (i, anchor) in section.anchors.iter().enumerate() {
        let (field, looked_at): (_, PathBuf) = match anchor {
            AnchorSection::File { path, .. } => ("path", folder(path)),
            AnchorSection::TimeStamp { certificates, .. } => ("certificates", certificates.clone()),
            AnchorSection::Webhook { .. } => continue,
        };
        if let Err(error) = fs::metadata(&looked_at) {
            let told = format!("{}: {}", looked_at.display(), reason(&error));
            add("ledger-anchor", format!("host.ledger.anchors[{i}].{field}"), told);
        }
    }
    found
}

/// The folder of a file.
fn folder(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A key that cannot be read, or that others read.
fn key_problem(path: &Path) -> Option<String> {
    match fs::metadata(path) {
        Err(error) => Some(format!("{}: {}", path.display(), reason(&error))),
        Ok(data) if data.permissions().mode() & 0o077 != 0 => {
            let mode = data.permissions().mode() & 0o777;
            Some(format!(
                "{}: others may read it (mode {mode:03o}); only its owner should: chmod 600",
                path.display()
            ))
        }
        Ok(_) => None,
    }
}

fn reason(error: &io::Error) -> String {
    format!(
        "cannot be read on this machine ({error}); the host does not start without it, or gives nobody its heads"
    )
}
