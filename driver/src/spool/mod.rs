//! A folder of envelopes that wait to be answered: whole or not there, for several processes, within bounds.
//!
//! Each envelope is a file, `{created}-{owner}-{sequence}-{spans}-{bytes}.envelope`, and belongs to one process
//! alone, which holds the lock of `{owner}.owner`. Where nobody holds that lock the owner is dead, and the next
//! process takes its envelopes over by renaming them: a rename has one winner. What is called an envelope and is
//! none goes to `rejected/`; everything else in the folder is left alone.

mod folder;
mod name;
mod owner;
mod room;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
    time::Duration,
};

use spanwire::{
    config::{MAX_SPOOL_AGE, MAX_SPOOL_BYTES},
    time::Timestamp,
};
use thiserror::Error;

use folder::Folder;
use name::{Meaning, Name};
pub use owner::Lock;
use owner::{Estate, Owner};

/// Dead owners whose locks are held at the same time: a process may not have many more files open.
const LOCKS: usize = 64;

/// What the folder may hold, all processes together.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes on disk, each file rounded up to whole blocks.
    pub bytes: u64,
    /// How old an envelope may be.
    pub age: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: MAX_SPOOL_BYTES, age: MAX_SPOOL_AGE }
    }
}

/// One envelope of this process; it stays the same until the envelope is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u64);

/// An envelope in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name here.
    pub id: EntryId,
    /// The spans in it, as whoever stored it said.
    pub spans: u64,
    /// Its length.
    pub bytes: u64,
}

/// What came of storing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The envelope that is on disk now.
    pub id: EntryId,
    /// What had to go for it, or was too old: to be counted as `cache_overflow`. What a dead process left may be among
    /// it that [`Spool::claim_orphans`] has not given.
    pub evicted: Vec<Entry>,
}

/// Why an envelope is not on disk.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It is larger than everything that the folder may hold.
    #[error("the envelope is larger than the spool")]
    TooLarge,
    /// The system would not.
    #[error("the spool cannot be written ({0}); make room in `spool_dir`, or name another folder")]
    Io(io::Error),
}

/// Why an envelope cannot be had.
#[derive(Debug, Error)]
pub enum LoadError {
    /// It is not there any more: another process made room (`cache_overflow`), or somebody removed it.
    #[error("the envelope is not in the spool any more")]
    Gone,
    /// Its file does not hold what was stored; it was put aside.
    #[error("the envelope in the spool was damaged; it was put aside into `rejected`")]
    Torn,
    /// The system would not; it may later.
    #[error("the spool cannot be read ({0}); look at the rights of `spool_dir`")]
    Io(io::Error),
}

/// The envelopes that this process sends, among those of others.
pub struct Spool {
    folder: Folder,
    owner: Owner,
    limits: Limits,
    /// What the header of an envelope must name: another project's are not sent to this one.
    dsn: Option<String>,
    /// Nobody else sees what is in the folder.
    is_private: bool,
    mine: BTreeMap<EntryId, Name>,
    /// Of these, what a dead process left and nobody has been told of.
    claimed: BTreeSet<EntryId>,
    /// Evicted, and nobody has been told of it.
    evicted: Vec<Entry>,
    /// The spans of other projects among what was evicted, as far as nobody else counts them.
    foreign: u64,
    /// Dead owners who keep something: another project's, or what could not be read at the last look.
    kept_by: BTreeSet<u64>,
    /// The process ends.
    is_hasty: bool,
    next: u64,
    /// Bytes on disk at the last look, and what was written and removed since.
    used: u64,
    written_since_look: u64,
}

impl Spool {
    /// Opens the folder, made where it is missing. `dsn` is what the header of this process's envelopes says;
    /// `drawn` is a random number.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open(path: &Path, limits: Limits, dsn: Option<&str>, drawn: u64) -> io::Result<Self> {
        let folder = Folder::open(path)?;
        let owner = Owner::new(folder.path(), drawn)?;
        let is_private = folder.make_private(&owner.metadata);
        let dsn = dsn.map(str::to_owned);
        // As if everything had been written: the first envelope looks at the folder.
        let written_since_look = limits.bytes;
        Ok(Self {
            folder,
            owner,
            limits,
            dsn,
            is_private,
            mine: BTreeMap::new(),
            claimed: BTreeSet::new(),
            evicted: Vec::new(),
            foreign: 0,
            kept_by: BTreeSet::new(),
            is_hasty: false,
            next: 0,
            used: 0,
            written_since_look,
        })
    }

    /// Whether others have no rights in the folder. They cannot read what is in its files, in no case.
    pub const fn is_private(&self) -> bool {
        self.is_private
    }

    /// What a forked child has to let go of.
    pub fn lock(&self) -> Lock {
        self.owner.lock()
    }

    /// From now on envelopes are written without waiting for the disk: the process ends, and has little time.
    pub fn hurry(&mut self) {
        self.is_hasty = true;
    }

    /// Waits for the disk, after [`Self::hurry`].
    pub fn catch_up(&mut self) {
        self.folder.catch_up();
    }

    /// Puts an envelope on disk; when this returns no crash can lose it.
    ///
    /// # Errors
    /// It is not on disk. Nothing was evicted for one that is too large.
    pub fn store(&mut self, now: Timestamp, envelope: &[u8], spans: u64) -> Result<Stored, StoreError> {
        let bytes = envelope.len() as u64;
        let (id, name) = self.next_name(now, spans, bytes);
        let charge = name.charge();
        if charge > self.limits.bytes {
            return Err(StoreError::TooLarge);
        }
        self.owner.hold(self.folder.path());
        self.make_room(now, charge);
        self.write(&name, envelope).map_err(StoreError::Io)?;
        self.used = self.used.saturating_add(charge);
        self.written_since_look = self.written_since_look.saturating_add(charge);
        self.mine.insert(id, name);
        Ok(Stored { id, evicted: std::mem::take(&mut self.evicted) })
    }

    fn write(&mut self, name: &Name, envelope: &[u8]) -> io::Result<()> {
        let written = self.folder.write(name, envelope, self.is_hasty);
        if written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            // Somebody has removed the folder.
            self.keep();
            return self.folder.write(name, envelope, self.is_hasty);
        }
        written
    }

    /// The bytes of an envelope.
    ///
    /// # Errors
    /// It cannot be had; after [`LoadError::Gone`] and [`LoadError::Torn`] it never will.
    pub fn load(&mut self, id: EntryId) -> Result<Vec<u8>, LoadError> {
        let Some(name) = self.mine.get(&id) else { return Err(LoadError::Gone) };
        match self.folder.read(name) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => {
                self.folder.set_aside(&name.file());
                self.forget(id);
                Err(LoadError::Torn)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.forget(id);
                Err(LoadError::Gone)
            }
            Err(error) => Err(LoadError::Io(error)),
        }
    }

    /// Removes an envelope that was answered.
    pub fn remove(&mut self, id: EntryId) {
        if let Some(name) = self.forget(id) {
            self.folder.remove(&name.file());
        }
    }

    /// Lets others see that this process lives, whatever somebody has cleaned up; to be called now and then.
    pub fn keep(&mut self) {
        self.folder.make_again();
        self.owner.hold(self.folder.path());
        self.owner.touch(self.folder.path());
    }

    /// Takes over what dead processes left for the same destination; the oldest first.
    pub fn claim_orphans(&mut self) -> Vec<Entry> {
        let Ok(files) = self.folder.list() else { return Vec::new() };
        let (mut owners, mut named) = (BTreeSet::new(), BTreeSet::new());
        for (file, meaning) in files {
            match meaning {
                Meaning::Envelope(Name { owner, .. }) | Meaning::Unfinished(Name { owner, .. }) => {
                    named.insert(owner);
                }
                Meaning::Owner(owner) => drop(owners.insert(owner)),
                Meaning::Foreign => self.folder.set_aside(&file),
                Meaning::Other => {}
            }
        }
        owners.insert(self.owner.number);
        named.difference(&owners).for_each(|owner| owner::ask(self.folder.path(), *owner));
        owners.remove(&self.owner.number);
        let owners: Vec<u64> = owners.into_iter().collect();
        self.kept_by.clear();
        self.claim(&owners);
        let claimed = std::mem::take(&mut self.claimed);
        let mut claimed: Vec<&Name> = claimed.iter().filter_map(|id| self.mine.get(id)).collect();
        claimed.sort_unstable();
        claimed.into_iter().map(Entry::of).collect()
    }

    /// Evicts what is too old, and the oldest where there is too much; gives those of this process and of dead ones
    /// back, to be counted as `cache_overflow`. Those of others are counted where they are missed.
    pub fn sweep(&mut self, now: Timestamp) -> Vec<Entry> {
        self.evict(now, 0);
        std::mem::take(&mut self.evicted)
    }

    /// The spans of other projects that have gone since the last time, and whose processes are dead.
    pub fn foreign(&mut self) -> u64 {
        std::mem::take(&mut self.foreign)
    }

    fn next_name(&mut self, created: Timestamp, spans: u64, bytes: u64) -> (EntryId, Name) {
        let sequence = self.next;
        self.next += 1;
        (EntryId(sequence), Name { created, owner: self.owner.number, sequence, spans, bytes })
    }

    fn forget(&mut self, id: EntryId) -> Option<Name> {
        self.claimed.remove(&id);
        let name = self.mine.remove(&id)?;
        self.used = self.used.saturating_sub(name.charge());
        Some(name)
    }

    /// Takes over what those of these owners left that are dead; false where all of them live.
    fn claim(&mut self, owners: &[u64]) -> bool {
        owners.chunks(LOCKS).filter(|owners| self.claim_some(owners)).count() > 0
    }

    fn claim_some(&mut self, owners: &[u64]) -> bool {
        let estates = owners.iter().map(|owner| owner::estate(self.folder.path(), *owner));
        let estates: BTreeMap<u64, Estate> = estates.flatten().map(|estate| (estate.owner, estate)).collect();
        if estates.is_empty() {
            return false;
        }
        // Listed again: what an owner wrote until it died is complete only now.
        for (file, meaning) in self.folder.list().unwrap_or_default() {
            match meaning {
                Meaning::Unfinished(name) if estates.contains_key(&name.owner) => {
                    self.folder.remove(&file);
                }
                Meaning::Envelope(name) if estates.contains_key(&name.owner) => match self.folder.read(&name)
                {
                    Ok(Some(bytes)) if dsn_of(&bytes) == self.dsn => self.adopt(&name),
                    // Another project's, or it cannot be read now: it stays, and so does its owner.
                    Ok(Some(_)) | Err(_) => drop(self.kept_by.insert(name.owner)),
                    Ok(None) => self.folder.set_aside(&file),
                },
                _ => {}
            }
        }
        let empty = estates.into_values().filter(|estate| !self.kept_by.contains(&estate.owner));
        empty.for_each(|estate| estate.close(self.folder.path()));
        true
    }

    fn adopt(&mut self, orphan: &Name) {
        let (id, name) = self.next_name(orphan.created, orphan.spans, orphan.bytes);
        if self.folder.rename(orphan, &name) {
            self.mine.insert(id, name);
            self.claimed.insert(id);
        }
    }
}

impl Entry {
    const fn of(name: &Name) -> Self {
        Self { id: EntryId(name.sequence), spans: name.spans, bytes: name.bytes }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.mine.is_empty() {
            self.folder.remove(&name::owner_file(self.owner.number));
        }
    }
}

/// The DSN in an envelope's header.
fn dsn_of(envelope: &[u8]) -> Option<String> {
    let header = spanwire::envelope::read_all(envelope).ok()?.into_iter().next()?.header;
    header.get("dsn")?.as_str().map(str::to_owned)
}
