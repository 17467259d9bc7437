//! One process, and one store in it, serves a file, whatever name it is opened by.

use std::{
    collections::BTreeSet,
    fs::{File, Metadata, OpenOptions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{OpenError, open::look_at_head};

/// Whoever may read the file reads what consumers wrote: its owner alone.
const OWNER_ALONE: u32 = 0o600;
/// What everybody on the machine may do with a file.
const EVERYBODY: u32 = 0o007;

/// The files that this process serves: device and number. SQLite's own locks end when the process closes a file that it has
/// open elsewhere, so that a second store must not even open it.
static SERVED: Mutex<BTreeSet<(u64, u64)>> = Mutex::new(BTreeSet::new());

/// A database file that is ours alone, as long as this lives.
#[derive(Debug)]
pub(crate) struct Lock {
    /// The lock of the file itself: links lead to it, and nobody takes it away as a file beside it.
    _file: File,
    /// The file beside it, which older programs lock.
    _beside: File,
    /// Dropped last: until then no other store of this process opens the file.
    _served: Served,
}

impl Lock {
    /// Creates the file if there is none, for its owner alone, and locks it.
    pub(crate) fn take(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io { path: path.into(), source };
        let in_use = || OpenError::InUse { path: path.into() };
        make(path).map_err(failed)?;
        let served = Served::new(number(&std::fs::metadata(path).map_err(failed)?));
        let served = served.ok_or_else(in_use)?;
        // What is another program's is left as it is, with nothing beside it.
        look_at_head(path)?;
        for name in [path.into(), named(path, "-wal"), named(path, "-shm")] {
            close_to_everybody(&name).map_err(failed)?;
        }
        let beside = beside(path);
        make(&beside).map_err(failed)?;
        let beside = OpenOptions::new().write(true).open(beside).and_then(locked);
        let file = File::open(path).and_then(locked).map_err(failed)?.ok_or_else(in_use)?;
        let beside = beside.map_err(failed)?.ok_or_else(in_use)?;
        if number(&file.metadata().map_err(failed)?) != served.0 {
            // It was replaced in between.
            return Err(in_use());
        }
        Ok(Self { _file: file, _beside: beside, _served: served })
    }
}

/// The mark that this process serves a file.
#[derive(Debug)]
struct Served((u64, u64));

impl Served {
    /// `None` if the process serves it already.
    fn new(file: (u64, u64)) -> Option<Self> {
        let mut all = SERVED.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(file).then(|| Self(file))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        SERVED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

fn number(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Beside the file that a name leads to, so that each link has the same one.
fn beside(path: &Path) -> PathBuf {
    named(&path.canonicalize().unwrap_or_else(|_| path.into()), ".lock")
}

fn named(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Makes a file for its owner alone, if it is not there.
fn make(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    match options.create_new(true).write(true).mode(OWNER_ALONE).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// Takes away what everybody on the machine may do with a file of an older version; what its group may do stays.
fn close_to_everybody(path: &Path) -> io::Result<()> {
    let mut permissions = match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?.permissions(),
    };
    if permissions.mode() & EVERYBODY == 0 {
        return Ok(());
    }
    permissions.set_mode(permissions.mode() & !EVERYBODY);
    match std::fs::set_permissions(path, permissions) {
        // It is somebody else's, who has made it so.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

/// The file with its lock; nothing if somebody else has it.
fn locked(file: File) -> io::Result<Option<File>> {
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_is_served_once_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let name = |name: &str| folder.path().join(name);
        let lock = Lock::take(&name("a")).unwrap();
        symlink(name("a"), name("symbolic")).unwrap();
        std::fs::hard_link(name("a"), name("hard")).unwrap();
        std::fs::remove_file(name("a.lock")).unwrap();
        for other in ["a", "symbolic", "hard"] {
            let refused = Lock::take(&name(other)).unwrap_err();
            assert!(matches!(refused, OpenError::InUse { .. }), "{other}: {refused}");
        }
        drop(lock);
        assert!(Lock::take(&name("hard")).is_ok());
    }

    #[test]
    fn a_file_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        drop(Lock::take(&path).unwrap());
        assert_eq!((mode(&path), mode(&beside(&path))), (0o600, 0o600));
        // As older versions made it; and a group that an operator has let in.
        for (before, after) in [(0o644, 0o640), (0o660, 0o660)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(before)).unwrap();
            drop(Lock::take(&path).unwrap());
            assert_eq!(mode(&path), after, "{before:o}");
        }
    }
}
