//! What is read of a span before its end: one that gathers more than may wait for the back room is read on the
//! spot, so that it holds no more than what will be sent of it.

use super::{Policy, Recording, interpret::Reader};
use crate::client::Settings;

/// What was said so far.
#[derive(Clone, Debug)]
pub(super) struct Early {
    reader: Reader,
    /// The same with what policy keeps back, where there is a Spotlight beside the main destination.
    everything: Option<Reader>,
}

impl Early {
    fn new(recording: &Recording, settings: &Settings) -> Self {
        let reader = || Reader::new(recording, settings);
        let has_second = settings.options().spotlight.is_some() && !settings.is_spotlight();
        Self { reader: reader(), everything: has_second.then(reader) }
    }

    /// What the main destination is told.
    pub fn reader(self) -> Reader {
        self.reader
    }

    /// The same for Spotlight.
    pub fn for_spotlight(&mut self) {
        if let Some(everything) = self.everything.take() {
            self.reader = everything;
        }
    }

    fn readers(&mut self) -> impl Iterator<Item = &mut Reader> {
        [Some(&mut self.reader), self.everything.as_mut()].into_iter().flatten()
    }
}

impl Recording {
    /// Reads what has gathered; only what a span can hold of it takes memory from now on.
    pub(super) fn read_early(&mut self, settings: &Settings) {
        let mut early = self.early.take().unwrap_or_else(|| Box::new(Early::new(self, settings)));
        let changes = std::mem::take(&mut self.changes);
        if let Some(everything) = &mut early.everything {
            everything.read(changes.clone(), Policy::ALL);
        }
        early.reader.read(changes, self.policy);
        self.captured_bytes = 0;
        self.keep(early, settings);
    }

    /// Reads the rest as well: nothing follows.
    pub(super) fn read_whole(&mut self, settings: &Settings) {
        self.read_early(settings);
        if let Some(mut early) = self.early.take() {
            early.readers().for_each(Reader::close);
            self.keep(early, settings);
        }
    }

    fn keep(&mut self, mut early: Box<Early>, settings: &Settings) {
        early.readers().for_each(|reader| reader.fit(settings.options().max_content_bytes));
        self.held_bytes = early.readers().map(|reader| reader.held()).sum();
        self.early = Some(early);
    }
}
