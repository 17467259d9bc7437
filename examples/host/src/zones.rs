//! The time zones of this machine: its `zoneinfo` folder where that is newer than the bundled release (HRS-4).

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use frontdesk::types::{Instant, Release, Zones};
use serde::Serialize;
use tracing::{info, warn};

/// The folders that are looked for when neither `host.zoneinfo` nor `TZDIR` names one.
const FOLDERS: [&str; 4] =
    ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];
/// The files of a folder that tell its release: Linux has the first, macOS and the BSDs have the second.
const VERSIONS: [&str; 3] = ["tzdata.zi", "+VERSION", "VERSION"];
/// Copies of the zones in other forms, and the zone of the machine.
const OTHERS: [&str; 4] = ["posix", "right", "localtime", "posixrules"];
/// Folders in a folder: `America/Argentina/Ushuaia` has two.
const DEPTH: usize = 3;
/// Entries of a folder that are looked at.
const MAX_ENTRIES: usize = 10_000;
/// Bytes of a file that are read, one more than a zone may have.
const MAX_BYTES: u64 = 64 * 1024 + 1;

/// The time zones that decide, and how they were chosen.
#[derive(Debug, Clone)]
pub(crate) struct TimeZones {
    pub(crate) zones: Zones,
    /// The folder that they are from; `None` is the bundled release.
    folder: Option<PathBuf>,
    /// Why a folder is not used, where an operator may want to know.
    pub(crate) problem: Option<String>,
}

/// The release of the time zone database that decides.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct TimeZonesJson {
    /// `2026f`.
    pub(crate) release: String,
    /// `bundled`, or the folder that it was read from.
    pub(crate) from: String,
    /// Why a folder of this machine is not used, and whether the release is older than a year.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
}

impl Default for TimeZones {
    fn default() -> Self {
        Self::bundled(None)
    }
}

impl TimeZones {
    /// Those of a folder that the operator names, or of the first that there is; the bundled ones if they are as new.
    pub(crate) fn read(named: Option<&Path>) -> Self {
        let variable = || std::env::var_os("TZDIR").filter(|folder| !folder.is_empty());
        let named = named.map(Path::to_owned).or_else(|| variable().map(PathBuf::from));
        let usual = || FOLDERS.iter().map(PathBuf::from).find(|folder| folder.is_dir());
        let Some(folder) = named.or_else(usual) else { return Self::bundled(None) };
        match newer(&folder) {
            Ok(Some(zones)) => Self { zones, folder: Some(folder), problem: None },
            Ok(None) => Self::bundled(None),
            Err(why) => {
                let release = Zones::bundled().release();
                let folder = folder.display();
                Self::bundled(Some(format!(
                    "the time zones of {folder} are not used: {why}; the bundled release {release} decides"
                )))
            }
        }
    }

    fn bundled(problem: Option<String>) -> Self {
        Self { zones: Zones::bundled().clone(), folder: None, problem }
    }

    /// What an operator should know: a folder that cannot be used, or a release that is older than a year.
    pub(crate) fn warnings(&self, now: Instant) -> Vec<String> {
        let release = self.zones.release();
        let old = release.is_older_than_a_year(now).then(|| {
            format!(
                "the time zones are of release {release}, older than a year: install a newer `tzdata` or a newer frontdesk"
            )
        });
        self.problem.iter().cloned().chain(old).collect()
    }

    /// Logs the release of the time zone database that decides.
    pub(crate) fn log(&self, now: Instant) {
        let told = self.json(now);
        info!(release = told.release, from = told.from, "time zones");
        for warning in told.warnings {
            warn!("{warning}");
        }
    }

    pub(crate) fn json(&self, now: Instant) -> TimeZonesJson {
        let folder = self.folder.as_ref().map(|folder| folder.display().to_string());
        TimeZonesJson {
            release: self.zones.release().to_string(),
            from: folder.unwrap_or_else(|| "bundled".into()),
            warnings: self.warnings(now),
        }
    }
}

/// The time zones that were read last.
#[derive(Debug)]
pub(crate) struct CurrentZones(RwLock<TimeZones>);

impl CurrentZones {
    pub(crate) fn new(zones: TimeZones) -> Self {
        Self(RwLock::new(zones))
    }

    pub(crate) fn get(&self) -> TimeZones {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, zones: TimeZones) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = zones;
    }
}

/// The zones of a folder; `None` if the bundled ones are as new.
fn newer(folder: &Path) -> Result<Option<Zones>, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    if entries.count() == 0 {
        return Err("it is empty".into());
    }
    let release = release(folder)?;
    if release <= *Zones::bundled().release() {
        return Ok(None);
    }
    let mut files = Vec::new();
    let mut left = MAX_ENTRIES;
    walk(folder, "", DEPTH, &mut left, &mut files)?;
    let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    Zones::new(release, files).map(Some).map_err(|error| error.to_string())
}

/// The release that a folder says it has.
fn release(folder: &Path) -> Result<Release, String> {
    for name in VERSIONS {
        let path = folder.join(name);
        // To open a pipe would wait for its writer.
        if !fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        let mut beginning = Vec::new();
        file.take(100).read_to_end(&mut beginning).map_err(|error| format!("{name}: {error}"))?;
        let beginning = String::from_utf8_lossy(&beginning);
        let line = beginning.lines().next().unwrap_or_default();
        let version = line.strip_prefix("# version ").unwrap_or(line);
        // It may be anything: it is told as text, and not all of it.
        let version: String = version.chars().take(20).flat_map(char::escape_debug).collect();
        return version.parse().map_err(|error| format!("{name}: {error}"));
    }
    Err(format!("its release is not known, since it has none of {}", VERSIONS.join(", ")))
}

/// Reads every file that is a zone, or has the name of one.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    left: &mut usize,
    files: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        *left = left.checked_sub(1).ok_or("it has too many files")?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || (prefix.is_empty() && OTHERS.contains(&name.as_str())) {
            continue;
        }
        let (path, name) = (entry.path(), format!("{prefix}{name}"));
        let told = |error: std::io::Error| format!("{name}: {error}");
        // A link to nothing is no zone.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if metadata.is_dir() && depth > 1 {
            walk(&path, &format!("{name}/"), depth - 1, left, files)?;
        } else if metadata.is_file() {
            let mut bytes = Vec::new();
            let file = File::open(&path).map_err(told)?;
            file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(told)?;
            if bytes.starts_with(b"TZif") || Zones::is_bundled_name(&name) {
                files.push((name, bytes));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of some zones, with the bytes of others.
    fn folder(version: Option<(&str, &str)>, zones: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        if let Some((name, text)) = version {
            fs::write(folder.path().join(name), text).unwrap();
        }
        for (name, bytes) in zones {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    /// Fifteen hours and a half west of Greenwich, without changes: no zone is like it.
    const STRANGE: &[u8] = b"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04\0\0\0\0\0\0XXX\0TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04\xff\xff&\x08\0\0XXX\0\n<-1530>15:30\n";

    fn vancouver(zones: &Zones) -> String {
        let at = "2026-11-26T16:30:00Z".parse().unwrap();
        zones.named("America/Vancouver").unwrap().local(at).to_string()
    }

    #[test]
    fn hrs_4_a_newer_folder_decides_and_the_bundled_release_otherwise() {
        let strange: &[(&str, &[u8])] = &[("America/Vancouver", STRANGE)];
        for (version, from) in [
            (Some(("tzdata.zi", "# version 2999a\n# ddeps backzone")), "2999a"),
            (Some(("+VERSION", "2999b\n")), "2999b"),
            (Some(("tzdata.zi", "# version 2025b\n")), "bundled"),
            (Some(("tzdata.zi", "# version 2026f\n")), "bundled"),
        ] {
            let folder = folder(version, strange);
            let read = TimeZones::read(Some(folder.path()));
            assert_eq!(read.problem, None, "{version:?}");
            let local = vancouver(&read.zones);
            if from == "bundled" {
                assert_eq!(
                    (read.json(Instant::UNIX_EPOCH).from.as_str(), local.as_str()),
                    (from, "2026-11-26 09:30:00")
                );
            } else {
                assert_eq!(local, "2026-11-26 01:00:00");
                assert_eq!(
                    read.json(Instant::UNIX_EPOCH).from,
                    folder.path().display().to_string()
                );
                assert_eq!(read.json(Instant::UNIX_EPOCH).release, from);
            }
        }
    }

    /// A pipe without a writer would never end.
    #[test]
    fn hrs_4_a_version_file_that_is_a_pipe_is_passed_over() {
        let folder = folder(None, &[("America/Vancouver", STRANGE)]);
        let pipe = folder.path().join("tzdata.zi");
        let made = std::process::Command::new("mkfifo").arg(pipe).status().unwrap();
        assert!(made.success());
        let read = TimeZones::read(Some(folder.path()));
        assert!(read.problem.unwrap().contains("its release is not known"));
    }

    #[test]
    fn hrs_4_a_folder_that_is_missing_empty_or_corrupt_is_told_and_the_bundled_zones_hold() {
        let new = Some(("tzdata.zi", "# version 2999a\n"));
        let named: &[(&str, &[u8])] = &[("America/Vancouver", b"no zone at all")];
        let cut: &[(&str, &[u8])] =
            &[("Asia/Tokyo", STRANGE), ("America/Vancouver", &STRANGE[..70])];
        let whole: &[(&str, &[u8])] = &[("America/Vancouver", STRANGE)];
        for (folder, why) in [
            (folder(None, &[]), "it is empty"),
            (folder(new, &[]), "there is no time zone"),
            (folder(new, named), "America/Vancouver: it does not begin with `TZif`"),
            (folder(new, cut), "America/Vancouver: it cannot be read: "),
            (
                folder(None, whole),
                "its release is not known, since it has none of tzdata.zi, +VERSION, VERSION",
            ),
            (folder(Some(("tzdata.zi", "\u{0}\u{1}")), whole), "tzdata.zi: "),
        ] {
            let read = TimeZones::read(Some(folder.path()));
            let problem = read.problem.clone().unwrap();
            assert!(problem.contains(why), "{problem}");
            assert!(problem.ends_with("; the bundled release 2026f decides"), "{problem}");
            assert_eq!(vancouver(&read.zones), "2026-11-26 09:30:00");
        }
        let missing = TimeZones::read(Some(Path::new("/nowhere/at/all")));
        assert!(missing.problem.unwrap().contains("/nowhere/at/all are not used: No such file"));
    }

    #[test]
    fn a_release_older_than_a_year_is_told() {
        let read = TimeZones::bundled(None);
        assert!(read.warnings("2027-10-01T00:00:00Z".parse().unwrap()).is_empty());
        let told = read.warnings("2027-11-01T00:00:00Z".parse().unwrap());
        assert!(told[0].contains("2026f, older than a year"), "{told:?}");
    }
}
