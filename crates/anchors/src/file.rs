use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use frontdesk::{
    Anchor, AnchorError, AnchorEvidence,
    tendlc::{Receipt, SignedHead},
    types::Instant,
};

/// Longest file of heads, in bytes: some hundred thousand heads.
const LONGEST_FILE: u64 = 64 * 1024 * 1024;

/// A file on a disk that the operator of the database cannot write anew: of another machine, or write-once. Each line has a head
/// as a JSON string, in the order in which it got them. Lines are appended, and synced to the disk.
#[derive(Debug)]
pub struct HeadsFile {
    name: String,
    path: PathBuf,
}

impl HeadsFile {
    /// The file at a path. It is made with the first head.
    pub fn new(name: &str, path: impl Into<PathBuf>) -> Self {
        Self { name: name.to_owned(), path: path.into() }
    }

    /// Does something with the file where it may take its time.
    async fn at_leisure<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, AnchorError> {
        let (path, named) = (self.path.clone(), self.path.display());
        let unavailable = |reason: String| AnchorError::Unavailable { reason, retry_after: None };
        let done = tokio::task::spawn_blocking(move || act(&path)).await;
        match done {
            Ok(done) => done.map_err(|error| unavailable(format!("its file {named}: {error}"))),
            Err(error) => Err(unavailable(format!("its file {named} was not reached: {error}"))),
        }
    }
}

/// Every head of a file. A line that was cut off in the middle of its writing counts for nothing: its head is given again.
fn read(path: &Path) -> io::Result<Vec<SignedHead>> {
    let file = match File::open(path) {
        Ok(file) => file,
        // The first head makes the file. A disk that is not there is another thing.
        Err(error) if error.kind() == io::ErrorKind::NotFound && has_folder(path) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    file.take(LONGEST_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST_FILE {
        let told = format!("it has more than {LONGEST_FILE} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, told));
    }
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines: Vec<&str> = whole.lines().collect();
    let mut heads = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match serde_json::from_str(line) {
            Ok(head) => heads.push(head),
            // It was cut off, and its head given again.
            Err(_) if lines.get(at + 1).is_some_and(|next| next.starts_with(line)) => {}
            Err(error) => {
                let told = format!("line {} is no head: {error}", at + 1);
                return Err(io::Error::new(io::ErrorKind::InvalidData, told));
            }
        }
    }
    Ok(heads)
}

fn has_folder(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.is_none_or(Path::is_dir)
}

fn append(path: &Path, head: &SignedHead) -> io::Result<()> {
    if read(path)?.contains(head) {
        return Ok(());
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut line = serde_json::to_string(head)?;
    line.push('\n');
    // The part that was cut off stays a line of its own.
    if ends_in_a_line(path)? {
        file.write_all(line.as_bytes())?;
    } else {
        file.write_all(format!("\n{line}").as_bytes())?;
    }
    file.sync_all()
}

/// Whether a file is empty or ends with a line feed.
fn ends_in_a_line(path: &Path) -> io::Result<bool> {
    use std::io::{Seek as _, SeekFrom};
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[async_trait]
impl Anchor for HeadsFile {
    fn name(&self) -> &str {
        &self.name
    }

    async fn anchor(&self, head: &SignedHead) -> Result<Receipt, AnchorError> {
        let head = head.clone();
        self.at_leisure(move |path| append(path, &head)).await?;
        Ok(Receipt::default())
    }

    async fn check(&self, head: &SignedHead, _: &Receipt) -> Result<Option<Instant>, AnchorError> {
        let head = head.clone();
        if self.at_leisure(move |path| Ok(read(path)?.contains(&head))).await? {
            return Ok(None);
        }
        Err(AnchorError::Mismatch { reason: "its file does not have this head".into() })
    }

    fn evidence(&self) -> AnchorEvidence {
        AnchorEvidence::Heads
    }

    async fn heads(&self) -> Result<Vec<SignedHead>, AnchorError> {
        self.at_leisure(read).await
    }
}
