//! A folder of envelopes that outlives the process.

use std::collections::{BTreeMap, HashMap};

use spanwire::delivery::{SpoolCommand, SpoolId};

use crate::common::Numbers;

#[derive(Debug, Default)]
pub struct Disk {
    /// By age.
    files: BTreeMap<u64, File>,
    /// What the living process calls them.
    names: HashMap<SpoolId, u64>,
    next: u64,
    /// The system has no file descriptors left, or something like that.
    pub is_unreadable: bool,
}

#[derive(Debug)]
struct File {
    bytes: Vec<u8>,
    spans: usize,
}

/// What became of a command, for the client.
pub enum Done {
    Stored(SpoolId, bool),
    Loaded(SpoolId, Option<Vec<u8>>),
    Unread(SpoolId),
    Removed,
}

impl Disk {
    pub fn obey(&mut self, numbers: &mut Numbers, command: SpoolCommand) -> Done {
        match command {
            SpoolCommand::Store { id, .. } if numbers.once_in(50) => Done::Stored(id, false),
            SpoolCommand::Store { id, bytes, spans } => {
                let text = String::from_utf8_lossy(&bytes);
                let header = text.lines().next().unwrap();
                assert!(!header.contains("sent_at"), "written when it leaves: {header}");
                self.names.insert(id, self.next);
                self.files.insert(self.next, File { bytes: bytes.to_vec(), spans });
                self.next += 1;
                Done::Stored(id, true)
            }
            SpoolCommand::Load { id } if self.is_unreadable || numbers.once_in(50) => Done::Unread(id),
            SpoolCommand::Load { id } => Done::Loaded(id, self.file(id).map(|file| file.bytes.clone())),
            SpoolCommand::Remove { id } => {
                let file = self.names.remove(&id).expect("it was stored");
                self.files.remove(&file).expect("it was there");
                Done::Removed
            }
        }
    }

    /// Makes room as a real folder does: the oldest goes.
    pub fn evict(&mut self) -> Option<(SpoolId, usize)> {
        let (number, file) = self.files.pop_first()?;
        let id = self.names.iter().find(|(_, file)| **file == number).map(|(id, _)| *id)?;
        self.names.remove(&id);
        Some((id, file.spans))
    }

    /// The process has died; what it left, the oldest first, is named by the next one.
    pub fn inherit(&mut self, mut name: impl FnMut(usize) -> SpoolId) {
        self.names = self.files.iter().map(|(number, file)| (name(file.spans), *number)).collect();
    }

    /// Each envelope.
    pub fn envelopes(&self) -> impl Iterator<Item = &[u8]> {
        self.files.values().map(|file| file.bytes.as_slice())
    }

    /// Spans in all of it.
    pub fn spans(&self) -> usize {
        self.files.values().map(|file| file.spans).sum()
    }

    fn file(&self, id: SpoolId) -> Option<&File> {
        self.files.get(self.names.get(&id)?)
    }
}
