//! The threads that talk to SQLite: one writes, one looks up what a text needs, two read lists. The writer takes all that
//! wait into one transaction, so that they share one sync of the disk.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvError, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use frontdesk::store::StoreError;
use futures::channel::oneshot;
use rusqlite::{Connection, ErrorCode};

use crate::{
    lock::Lock,
    open,
    room::{Room, Space},
};

/// How many jobs share a transaction at the most.
const GROUP: usize = 512;
/// How long a transaction stays open for those who shared the last one: about as long as a sync of a
/// good disk takes.
const PATIENCE: Duration = Duration::from_micros(100);
/// How many threads read lists.
const LIST_READERS: usize = 2;
/// After so long without anything to write the write-ahead log is taken over and cut.
const IDLE: Duration = Duration::from_secs(1);

/// A piece of writing. It may be run again, when the transaction it shared had to be taken back.
trait WriteJob: Send {
    /// Does it, inside of a transaction; false if it failed.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Whether it may use the room that is kept for revocations.
    fn revokes(&self) -> bool;

    /// Whether its last run failed for want of room, or of a disk that works.
    fn was_unwritten(&self) -> bool;

    /// Tells the caller how it went, once the transaction is through or not.
    fn reply(self: Box<Self>, committed: Result<(), &StoreError>);
}

struct Task<T, F, A> {
    work: F,
    after: A,
    revokes: bool,
    done: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F, A> WriteJob for Task<T, F, A>
where
    F: Fn(&Connection) -> Result<T, StoreError> + Send,
    A: FnOnce(&Result<T, StoreError>) + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        let done = (self.work)(connection);
        self.done.insert(done).is_ok()
    }

    fn revokes(&self) -> bool {
        self.revokes
    }

    fn was_unwritten(&self) -> bool {
        matches!(self.done, Some(Err(StoreError::Full(_) | StoreError::Backend(_))))
    }

    fn reply(self: Box<Self>, committed: Result<(), &StoreError>) {
        let done = match committed {
            Ok(()) => self.done.unwrap_or_else(|| Err(closed())),
            Err(error) => Err(again(error)),
        };
        (self.after)(&done);
        // A caller who is gone needs no answer.
        let _ = self.caller.send(done);
    }
}

type ReadJob = Box<dyn FnOnce(&Connection) + Send>;

/// The file and its threads. They end when it is dropped, after what was given to them.
#[derive(Debug)]
pub(crate) struct Database {
    writes: Option<Sender<Box<dyn WriteJob>>>,
    look_ups: Option<Sender<ReadJob>>,
    lists: Option<Sender<ReadJob>>,
    threads: Vec<JoinHandle<()>>,
    room: Arc<Room>,
    /// `None` where it is only read.
    _lock: Option<Lock>,
}

impl Database {
    pub(crate) fn open(path: &Path, lock: Lock) -> rusqlite::Result<Self> {
        let (writes, write_jobs) = mpsc::channel();
        let connection = open::writer(path)?;
        let room = Arc::new(Room::of(path));
        let shared = Arc::clone(&room);
        let mut threads =
            vec![std::thread::spawn(move || write_loop(&connection, &write_jobs, &shared))];
        let look_ups = readers(path, 1, &mut threads)?;
        let lists = readers(path, LIST_READERS, &mut threads)?;
        let (writes, look_ups, lists) = (Some(writes), Some(look_ups), Some(lists));
        Ok(Self { writes, look_ups, lists, threads, room, _lock: Some(lock) })
    }

    /// Without a writer: another process may serve the file meanwhile.
    pub(crate) fn open_to_read(path: &Path) -> rusqlite::Result<Self> {
        let mut threads = Vec::new();
        let look_ups = readers(path, 1, &mut threads)?;
        let lists = readers(path, LIST_READERS, &mut threads)?;
        let (look_ups, lists) = (Some(look_ups), Some(lists));
        let room = Arc::new(Room::of(path));
        Ok(Self { writes: None, look_ups, lists, threads, room, _lock: None })
    }

    /// Whether nothing can be written.
    pub(crate) fn only_reads(&self) -> bool {
        self.writes.is_none()
    }

    /// Runs a job on the writer, perhaps more than once; only its last run counts. Its own failure takes
    /// back what it did and nothing else; success is reported when it is durable.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write_then(work, |_| {}, false).await
    }

    /// Like [`Database::write`]; `after` sees the outcome before the caller does, and also when the
    /// caller is gone. A job that `revokes` consent may use the room that is kept for such.
    pub(crate) async fn write_then<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T, StoreError> + Send + 'static,
        after: impl FnOnce(&Result<T, StoreError>) + Send + 'static,
        revokes: bool,
    ) -> Result<T, StoreError> {
        let (caller, receiver) = oneshot::channel();
        let job = Box::new(Task { work, after, revokes, done: None, caller });
        let sent = self.writes.as_ref().is_some_and(|writes| writes.send(job).is_ok());
        if !sent {
            return Err(closed());
        }
        receiver.await.unwrap_or_else(|_| Err(closed()))
    }

    /// How much room the file has, and whether writing goes well.
    pub(crate) fn room(&self) -> &Room {
        &self.room
    }

    /// Looks up single rows by their keys. No list is ever before it: a text that arrives waits for nobody who reads.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        read(self.look_ups.as_ref(), job).await
    }

    /// Reads a list, however long it is.
    pub(crate) async fn list<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        read(self.lists.as_ref(), job).await
    }
}

/// Threads that read, and the way to them.
fn readers(
    path: &Path,
    count: usize,
    threads: &mut Vec<JoinHandle<()>>,
) -> rusqlite::Result<Sender<ReadJob>> {
    let (sender, jobs) = mpsc::channel();
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..count {
        let connection = open::reader(path)?;
        let jobs = Arc::clone(&jobs);
        threads.push(std::thread::spawn(move || read_loop(&connection, &jobs)));
    }
    Ok(sender)
}

async fn read<T: Send + 'static>(
    reader: Option<&Sender<ReadJob>>,
    job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (sender, receiver) = oneshot::channel();
    let job: ReadJob = Box::new(move |connection| {
        let _ = sender.send(job(connection));
    });
    let sent = reader.is_some_and(|reader| reader.send(job).is_ok());
    if !sent {
        return Err(closed());
    }
    receiver.await.unwrap_or_else(|_| Err(closed()))
}

impl Drop for Database {
    fn drop(&mut self) {
        self.writes = None;
        self.look_ups = None;
        self.lists = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unknown("the database thread has ended".into())
}

/// An error like another, for everybody who shared a transaction.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full(reason) => StoreError::Full(reason.clone()),
        other => StoreError::Backend(other.to_string().into()),
    }
}

/// Runs a statement that is kept prepared; the answer is how many rows it changed.
pub(crate) fn execute(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<usize, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map_err(failed)
}

/// What SQLite's error means to the engine. A constraint that is broken is an error like any other: statements that may
/// meet another version say so themselves.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full(error.to_string()),
        _ => StoreError::Backend(Box::new(error)),
    }
}

fn write_loop(connection: &Connection, jobs: &Receiver<Box<dyn WriteJob>>, room: &Room) {
    let mut group: Vec<Box<dyn WriteJob>> = Vec::with_capacity(GROUP);
    let mut expected = 1;
    let mut written = false;
    loop {
        let first = match next_job(jobs, written) {
            Ok(Some(first)) => first,
            Ok(None) => {
                written = !cut_log(connection);
                continue;
            }
            Err(RecvError) => return,
        };
        written = true;
        let revokes = first.revokes();
        group.push(first);
        let outcome = room.make(connection, revokes).and_then(|space| match space {
            Space::Free => {
                let well = quick(connection, jobs, &mut group, expected);
                expected = group.len();
                if well { Ok(()) } else { careful(connection, &mut group) }
            }
            Space::Reserve => careful(connection, &mut group),
        });
        room.wrote(outcome.is_ok() && !group.iter().any(|job| job.was_unwritten()));
        for job in group.drain(..) {
            job.reply(outcome.as_ref().copied());
        }
    }
}

/// The next job; `None` if there was something to write, and has been nothing for a while.
fn next_job(
    jobs: &Receiver<Box<dyn WriteJob>>,
    written: bool,
) -> Result<Option<Box<dyn WriteJob>>, RecvError> {
    if !written {
        return jobs.recv().map(Some);
    }
    match jobs.recv_timeout(IDLE) {
        Ok(job) => Ok(Some(job)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(RecvError),
    }
}

/// Takes the write-ahead log over into the file and cuts it to nothing. False while a reader needs it still.
fn cut_log(connection: &Connection) -> bool {
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    // A failure is met again, and told, by the next commit.
    busy.is_ok_and(|busy: i64| busy == 0)
}

/// All that wait, in one transaction. False if a job or the transaction failed: then nothing is there.
fn quick(
    connection: &Connection,
    jobs: &Receiver<Box<dyn WriteJob>>,
    group: &mut Vec<Box<dyn WriteJob>>,
    expected: usize,
) -> bool {
    let patient_until = Instant::now() + PATIENCE;
    let mut well = run(connection, "BEGIN IMMEDIATE").is_ok();
    let mut next = 0;
    while let Some(job) = group.get_mut(next).filter(|_| well) {
        well = job.run(connection);
        next += 1;
        if well && next == group.len() && next < GROUP {
            group.extend(jobs.try_recv().ok().or_else(|| {
                // As many as the last time are probably on their way, just answered.
                let left = patient_until.saturating_duration_since(Instant::now());
                if next < expected { jobs.recv_timeout(left).ok() } else { None }
            }));
        }
    }
    well = well && run(connection, "COMMIT").is_ok();
    if !well {
        take_back(connection);
    }
    well
}

/// Each job in its own savepoint, so that a failure takes back only what its job did.
fn careful(connection: &Connection, group: &mut [Box<dyn WriteJob>]) -> Result<(), StoreError> {
    let outcome = each_by_itself(connection, group);
    if outcome.is_err() {
        take_back(connection);
    }
    outcome
}

fn each_by_itself(
    connection: &Connection,
    group: &mut [Box<dyn WriteJob>],
) -> Result<(), StoreError> {
    run(connection, "BEGIN IMMEDIATE")?;
    for job in group {
        run(connection, "SAVEPOINT job")?;
        let well = job.run(connection);
        if connection.is_autocommit() {
            // A full disk or a failed write ends the whole transaction: nobody's work is there.
            let reason = "the transaction was rolled back by SQLite";
            return Err(StoreError::Full(reason.into()));
        }
        if !well {
            run(connection, "ROLLBACK TO job")?;
        }
        run(connection, "RELEASE job")?;
    }
    run(connection, "COMMIT")
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]))
        .map(drop)
        .map_err(failed)
}

fn take_back(connection: &Connection) {
    if !connection.is_autocommit() {
        // Nothing else can be done about a rollback that fails: the next transaction says so.
        let _ = run(connection, "ROLLBACK");
    }
}

fn read_loop(connection: &Connection, jobs: &Mutex<Receiver<ReadJob>>) {
    loop {
        // The lock is held only while waiting for the next job.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(connection),
            Err(_) => return,
        }
    }
}
