//! The threads that talk to SQLite: one writes, two read. The writer takes all that wait into one
//! transaction, so that they share one sync of the disk.

use std::{
    fs::File,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread::JoinHandle,
};

use frontdesk::store::StoreError;
use futures::channel::oneshot;
use rusqlite::{Connection, ErrorCode};

use crate::open;

/// How many jobs share a transaction at the most.
const GROUP: usize = 512;
/// How many threads read.
const READERS: usize = 2;

/// Told to the job's caller once the transaction is through, or not.
type Reply = Box<dyn FnOnce(Result<(), &StoreError>) + Send>;
type WriteJob = Box<dyn FnOnce(&Connection) -> Reply + Send>;
type ReadJob = Box<dyn FnOnce(&Connection) + Send>;

/// The file and its threads. They end when it is dropped, after what was given to them.
#[derive(Debug)]
pub(crate) struct Database {
    writes: Option<Sender<WriteJob>>,
    reads: Option<Sender<ReadJob>>,
    threads: Vec<JoinHandle<()>>,
    _lock: File,
}

impl Database {
    pub(crate) fn open(path: &Path, lock: File) -> rusqlite::Result<Self> {
        let (writes, write_jobs) = mpsc::channel();
        let (reads, read_jobs) = mpsc::channel();
        let read_jobs = Arc::new(Mutex::new(read_jobs));
        let connection = open::writer(path)?;
        let mut threads = vec![std::thread::spawn(move || write_loop(&connection, &write_jobs))];
        for _ in 0..READERS {
            let connection = open::reader(path)?;
            let jobs = Arc::clone(&read_jobs);
            threads.push(std::thread::spawn(move || read_loop(&connection, &jobs)));
        }
        Ok(Self { writes: Some(writes), reads: Some(reads), threads, _lock: lock })
    }

    /// Runs a job on the writer. Its own failure takes back what it did and nothing else; success is
    /// reported when it is durable.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = oneshot::channel();
        let job: WriteJob = Box::new(move |connection| {
            let done = in_savepoint(connection, job);
            Box::new(move |committed| {
                let done = match committed {
                    Ok(()) => done,
                    Err(error) => Err(again(error)),
                };
                // A caller who is gone needs no answer.
                let _ = sender.send(done);
            })
        });
        let sent = self.writes.as_ref().is_some_and(|writes| writes.send(job).is_ok());
        if !sent {
            return Err(closed());
        }
        receiver.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Runs a job on a reader.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = oneshot::channel();
        let job: ReadJob = Box::new(move |connection| {
            let _ = sender.send(job(connection));
        });
        let sent = self.reads.as_ref().is_some_and(|reads| reads.send(job).is_ok());
        if !sent {
            return Err(closed());
        }
        receiver.await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.writes = None;
        self.reads = None;
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

/// What SQLite's error means to the engine.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full(error.to_string()),
        // A second open session on a line, by the unique index.
        Some(ErrorCode::ConstraintViolation) => StoreError::Conflict,
        _ => StoreError::Backend(Box::new(error)),
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    job: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let run =
        |sql: &str| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    run("SAVEPOINT job").map_err(failed)?;
    let done = job(connection);
    if done.is_err() && !connection.is_autocommit() {
        run("ROLLBACK TO job").map_err(failed)?;
    }
    if !connection.is_autocommit() {
        run("RELEASE job").map_err(failed)?;
    }
    done
}

fn write_loop(connection: &Connection, jobs: &Receiver<WriteJob>) {
    let mut replies: Vec<Reply> = Vec::with_capacity(GROUP);
    while let Ok(first) = jobs.recv() {
        let mut outcome = connection.execute_batch("BEGIN IMMEDIATE").map_err(failed);
        let mut next = Some(first);
        while let Some(job) = next {
            replies.push(job(connection));
            if outcome.is_ok() && connection.is_autocommit() {
                // A full disk or a failed write ends the whole transaction: nobody's work is there, and
                // whatever the last job did after that stands alone and is not wanted.
                outcome = Err(StoreError::Full("the transaction was rolled back by SQLite".into()));
            }
            let more = outcome.is_ok() && replies.len() < GROUP;
            next = if more { jobs.try_recv().ok() } else { None };
        }
        if outcome.is_ok() {
            outcome = connection.execute_batch("COMMIT").map_err(failed);
        }
        if outcome.is_err() && !connection.is_autocommit() {
            // Nothing else can be done about a rollback that fails: the next transaction says so.
            let _ = connection.execute_batch("ROLLBACK");
        }
        for reply in replies.drain(..) {
            reply(outcome.as_ref().copied());
        }
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
