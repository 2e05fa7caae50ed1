//! Who lives: each process holds the lock of a file of its own in the folder.
//!
//! The lock is `std`'s (`flock`, on Windows `LockFileEx`): it belongs to the open file, so it ends with the
//! process however that ends, two drivers of one process exclude each other, and closing another file does not
//! lose it, as it would with POSIX record locks. One lock a process and not one a file: a long outage leaves
//! more envelopes than a process may have open files.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::{Arc, Mutex},
};

use super::{folder, name::owner_file};

/// How often another number is tried where a claimer was faster than the lock.
const TRIES: u64 = 8;

/// This process as the owner of envelopes.
pub(super) struct Owner {
    pub number: u64,
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
            match folder::private(OpenOptions::new().write(true).create_new(true)).open(&path) {
                // Between creating and locking it may be taken for the file of a dead process, and removed.
                Ok(file) if file.try_lock().is_ok() && path.exists() => {
                    return Ok(Self { number, lock: Lock(Arc::new(Mutex::new(Some(file)))) });
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    pub fn lock(&self) -> Lock {
        self.lock.clone()
    }
}

/// The right to take over what a dead process left; nobody else has it until this is dropped.
pub(super) struct Estate {
    pub owner: u64,
    lock: Option<File>,
}

/// `None` where that owner lives, or somebody else is taking over.
pub(super) fn estate(folder: &Path, owner: u64) -> Option<Estate> {
    match OpenOptions::new().write(true).open(folder.join(owner_file(owner))) {
        Ok(file) => file.try_lock().is_ok().then_some(Estate { owner, lock: Some(file) }),
        // Renaming has one winner a file, with a lock or without.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Estate { owner, lock: None }),
        Err(_) => None,
    }
}

impl Estate {
    /// There is nothing left to take over.
    pub fn close(self, folder: &Path) {
        // Removed while it is still locked.
        if self.lock.is_some() {
            let _ = std::fs::remove_file(folder.join(owner_file(self.owner)));
        }
    }
}
