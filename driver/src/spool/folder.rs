//! The folder as files: private, written whole, and nothing in it touched that is not ours.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use spanwire::config::{MAX_REJECTED_BYTES, MAX_REJECTED_FILES};

use super::name::{Meaning, Name};

/// Where what is no envelope is put.
const REJECTED: &str = "rejected";

pub(super) struct Folder {
    path: PathBuf,
    /// Written, and not on disk yet should the power fail.
    unsynced: Vec<String>,
}

impl Folder {
    /// Makes it where it is missing, for this user alone.
    pub fn open(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            fs::read_dir(path)?;
        } else {
            make(path)?;
        }
        Ok(Self { path: path.to_owned(), unsynced: Vec::new() })
    }

    /// Makes it again, where somebody has removed it.
    pub fn make_again(&self) {
        if !self.path.exists() {
            let _ = make(&self.path);
        }
    }

    /// Takes the rights of others where it is for nothing else; true where they have none. `mine` is a file of this
    /// process in it.
    pub fn make_private(&self, mine: &Metadata) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            /// What only `/tmp` and its like have: they are for everybody.
            const STICKY: u32 = 0o1000;
            let Ok(folder) = fs::metadata(&self.path) else { return false };
            let is_spool = || listing(&self.path).is_ok_and(|files| files.iter().all(|file| is_ours(file)));
            if mine.uid() == folder.uid() && folder.mode() & STICKY == 0 && is_spool() {
                // Not every file system has rights: what counts is that it can be written.
                let _ = fs::set_permissions(&self.path, PermissionsExt::from_mode(0o700));
            }
            fs::metadata(&self.path).is_ok_and(|folder| folder.mode() & 0o077 == 0)
        }
        #[cfg(not(unix))]
        {
            let _ = mine;
            true
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is in it, in no order.
    pub fn list(&self) -> io::Result<Vec<(String, Meaning)>> {
        let meaning = |file: String| (Meaning::of(&file), file);
        Ok(listing(&self.path)?.into_iter().map(meaning).map(|(meaning, file)| (file, meaning)).collect())
    }

    /// Every envelope, the oldest first.
    pub fn envelopes(&self) -> io::Result<Vec<Name>> {
        let envelope = |(_, meaning)| if let Meaning::Envelope(name) = meaning { Some(name) } else { None };
        let mut names: Vec<_> = self.list()?.into_iter().filter_map(envelope).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Writes an envelope: it is there whole, and on disk, or not at all. Hastily the disk comes with
    /// [`Self::catch_up`]: the end of the process loses nothing before that, and a loss of power what then is torn.
    pub fn write(&mut self, name: &Name, envelope: &[u8], is_hasty: bool) -> io::Result<()> {
        let unfinished = self.path.join(name.unfinished());
        let write = || {
            let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&unfinished)?;
            file.write_all(envelope)?;
            if !is_hasty {
                file.sync_all()?;
            }
            fs::rename(&unfinished, self.path.join(name.file()))?;
            if is_hasty { Ok(()) } else { self.sync() }
        };
        write().inspect_err(|_| {
            let _ = fs::remove_file(&unfinished);
        })?;
        if is_hasty {
            self.unsynced.push(name.file());
        }
        Ok(())
    }

    /// Brings to disk what was written hastily; what is gone meanwhile is no matter.
    pub fn catch_up(&mut self) {
        let files = std::mem::take(&mut self.unsynced);
        for file in &files {
            let _ = File::open(self.path.join(file)).and_then(|file| file.sync_all());
        }
        if !files.is_empty() {
            let _ = self.sync();
        }
    }

    /// The bytes of an envelope; `None` where its file does not hold what its name says.
    pub fn read(&self, name: &Name) -> io::Result<Option<Vec<u8>>> {
        let path = self.path.join(name.file());
        let metadata = fs::symlink_metadata(&path)?;
        // A pipe would never end.
        if !metadata.is_file() || metadata.len() != name.bytes {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(name.bytes).read_to_end(&mut bytes)?;
        let is_whole = bytes.len() as u64 == name.bytes && is_envelope(&bytes);
        Ok(is_whole.then_some(bytes))
    }

    /// Hands an envelope to another owner; false where somebody was faster.
    pub fn rename(&self, from: &Name, to: &Name) -> bool {
        fs::rename(self.path.join(from.file()), self.path.join(to.file())).is_ok()
    }

    /// Removes a file; that it is gone already is no matter. Not synchronised: what comes back after a loss of
    /// power is sent once more, which the server sees by the ids. True where it was there.
    pub fn remove(&self, file: &str) -> bool {
        fs::remove_file(self.path.join(file)).is_ok()
    }

    /// Puts a file aside that is no envelope, whatever it is called, for a person to look at.
    pub fn set_aside(&self, file: &str) {
        let rejected = self.path.join(REJECTED);
        if rejected.is_dir() || make(&rejected).is_ok() {
            let _ = fs::rename(self.path.join(file), rejected.join(file));
            cap(&rejected);
        }
    }

    fn sync(&self) -> io::Result<()> {
        // Elsewhere a folder cannot be opened, and a rename is on disk without.
        if cfg!(unix) { File::open(&self.path)?.sync_all() } else { Ok(()) }
    }
}

/// Keeps the youngest of what was put aside.
fn cap(rejected: &Path) {
    let mut files: Vec<_> = listing(rejected).unwrap_or_default();
    files.sort_unstable();
    let (mut count, mut bytes) = (0, 0);
    for path in files.iter().rev().map(|file| rejected.join(file)) {
        count += 1;
        bytes += fs::symlink_metadata(&path).map_or(0, |metadata| metadata.len());
        if count > MAX_REJECTED_FILES || bytes > MAX_REJECTED_BYTES {
            let _ = fs::remove_file(path);
        }
    }
}

fn is_envelope(bytes: &[u8]) -> bool {
    let envelopes = spanwire::envelope::read_all(bytes).unwrap_or_default();
    matches!(envelopes.as_slice(), [envelope] if !envelope.items.is_empty())
}

#[cfg(unix)]
fn is_ours(file: &str) -> bool {
    file == REJECTED || Meaning::of(file) != Meaning::Other
}

/// The names in a folder; what is no UTF-8 is nobody's here.
fn listing(path: &Path) -> io::Result<Vec<String>> {
    Ok(fs::read_dir(path)?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Files that are made are for this user alone.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
