//! Who lives: each process holds the lock of a file of its own in the folder.
//!
//! The lock is `std`'s (`flock`, on Windows `LockFileEx`): it belongs to the open file, so it ends with the
//! process however that ends, two drivers of one process exclude each other, and closing another file does not
//! lose it, as it would with POSIX record locks. One lock a process and not one a file: a long outage leaves
//! more envelopes than a process may have open files.
//!
//! Somebody may clean up such a file, which is empty and old. So its owner looks for it and makes it again; and who
//! finds envelopes of an owner without a file puts one there that asks, and takes over if nobody locks that in time.

use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use spanwire::config::SPOOL_LOOK;

use super::{folder, name::owner_file};

/// How often another number is tried where a claimer was faster than the lock.
const TRIES: u64 = 8;

/// What stands in a file that asks its owner whether it lives.
const ASKED: &[u8] = b"?";

/// How long an owner has to answer: it looks twice meanwhile.
const TIME_TO_ANSWER: Duration = SPOOL_LOOK.saturating_mul(2);

/// This process as the owner of envelopes.
pub(super) struct Owner {
    pub number: u64,
    /// What the system says of its file, from when that was made.
    pub metadata: Metadata,
    lock: Lock,
}

/// The lock that says that this process lives.
#[derive(Clone, Debug)]
pub struct Lock(Arc<Mutex<Option<File>>>);

impl Lock {
    /// Lets go of it in a forked child, whose copy would keep it held after the parent's end. The parent keeps
    /// its own. Never waits.
    pub fn forget_in_child(&self) {
        if let Ok(mut file) = self.0.try_lock() {
            // Closing the copy unlocks nothing.
            file.take();
        }
    }
}

impl Owner {
    /// Takes a number near the one that was drawn.
    pub fn new(folder: &Path, drawn: u64) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::WouldBlock);
        for number in (0..TRIES).map(|more| drawn.wrapping_add(more)) {
            let path = folder.join(owner_file(number));
            match create(&path) {
                Ok(file) => {
                    if let Some((file, metadata)) = locked(file, &path) {
                        let lock = Lock(Arc::new(Mutex::new(Some(file))));
                        return Ok(Self { number, metadata, lock });
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    pub fn lock(&self) -> Lock {
        self.lock.clone()
    }

    /// Makes sure that its file is there: somebody who cleans up may remove it, as it is empty and never read.
    pub fn hold(&mut self, folder: &Path) {
        let path = folder.join(owner_file(self.number));
        if is_at(&self.metadata, &path) {
            return;
        }
        let opened = open(&path).or_else(|_| create(&path));
        // Where somebody has that lock he is taking over, and is done before the next time.
        if let Some((file, metadata)) = opened.ok().and_then(|file| locked(file, &path)) {
            let _ = file.set_len(0);
            self.metadata = metadata;
            *self.lock.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        }
    }

    /// Lets its file look young to who cleans up by age.
    pub fn touch(&self, folder: &Path) {
        if let Ok(file) = open(&folder.join(owner_file(self.number))) {
            let _ = file.set_modified(SystemTime::now());
        }
    }
}

/// The right to take over what a dead process left; nobody else has it until this is dropped.
pub(super) struct Estate {
    pub owner: u64,
    _lock: File,
}

/// `None` where that owner lives or may, or somebody else is taking over.
pub(super) fn estate(folder: &Path, owner: u64) -> Option<Estate> {
    let path = folder.join(owner_file(owner));
    let file = open(&path).ok()?;
    if is_asked(&file) {
        return None;
    }
    locked(file, &path).map(|(lock, _)| Estate { owner, _lock: lock })
}

/// Whether that owner is seen to live: then it counts itself what it misses.
pub(super) fn lives(folder: &Path, owner: u64) -> bool {
    let file = open(&folder.join(owner_file(owner)));
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Asks an owner without a file whether it lives: it takes the file that is put there for its own, by its next look.
pub(super) fn ask(folder: &Path, owner: u64) {
    if let Ok(mut file) = create(&folder.join(owner_file(owner))) {
        let _ = file.write_all(ASKED);
    }
}

/// Whether there is still time for an answer.
fn is_asked(file: &File) -> bool {
    let Ok(metadata) = file.metadata() else { return true };
    let age = metadata.modified().ok().and_then(|asked| asked.elapsed().ok());
    metadata.len() > 0 && age.is_some_and(|age| age < TIME_TO_ANSWER)
}

impl Estate {
    /// There is nothing left to take over.
    pub fn close(self, folder: &Path) {
        // Removed while it is still locked.
        let _ = fs::remove_file(folder.join(owner_file(self.owner)));
    }
}

fn open(path: &Path) -> io::Result<File> {
    // A pipe would wait for somebody who reads.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    OpenOptions::new().write(true).open(path)
}

fn create(path: &Path) -> io::Result<File> {
    folder::private(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// Locks it, unless somebody else has: he may have removed it before this one could.
fn locked(file: File, path: &Path) -> Option<(File, Metadata)> {
    let metadata = file.try_lock().ok().and_then(|()| file.metadata().ok())?;
    is_at(&metadata, path).then_some((file, metadata))
}

/// Whether that file is still the one of that name.
fn is_at(file: &Metadata, path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| is_same(file, &found))
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Elsewhere a file that is open cannot be replaced by another of its name.
#[cfg(not(unix))]
const fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
