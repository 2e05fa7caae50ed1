//! One envelope that is ready to leave.

use std::sync::Arc;

use super::{Category, Counts};
use crate::{batch::Batch, client::Settings, envelope, ids::TraceId, time::Timestamp};

/// An envelope in the outbox.
#[derive(Debug)]
pub(crate) struct Entry {
    /// `None` where it was found on disk.
    pub trace_id: Option<TraceId>,
    /// Of what was found, the category is not known before it was brought back.
    pub counts: Counts,
    pub is_known: bool,
    pub content: Content,
    pub disk: Disk,
    /// Requests that met no server, and looks that did not find the disk.
    pub tries: u32,
    /// When it may try again.
    pub resume: Option<Timestamp>,
    pub is_in_flight: bool,
}

/// Where its bytes are.
#[derive(Debug)]
pub(crate) enum Content {
    /// Not written as an envelope yet.
    Batch(Batch),
    /// An envelope without `sent_at`.
    Envelope(Arc<[u8]>),
    /// On disk alone; the host may have been asked to bring it back.
    Away { is_asked: bool },
}

/// What is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disk {
    /// Nothing: there is no spool, or it could not be written.
    Nothing,
    /// The host is asked to write it.
    Asked,
    /// All of it.
    Stored,
}

/// Bytes of an entry beside its own: itself, and its places in maps, which are half empty; in the host's, too, where
/// it is on disk. Measured (`tests/tests/memory.rs`).
pub(super) const FRAME_BYTES: usize = 560;

impl Entry {
    /// Waits in memory alone.
    pub fn in_memory(batch: Batch) -> Self {
        Self::new(Some(batch.trace_id), batch.counts(), Content::Batch(batch), Disk::Nothing)
    }

    /// Goes to disk first.
    pub fn for_disk(settings: &Settings, batch: &Batch) -> Self {
        let bytes = envelope::waiting(settings, batch).into();
        Self::new(Some(batch.trace_id), batch.counts(), Content::Envelope(bytes), Disk::Asked)
    }

    /// Is on disk, and nobody has looked into it.
    pub const fn found(spans: usize) -> Self {
        let counts = Counts { category: Category::Span, spans };
        Self::new(None, counts, Content::Away { is_asked: false }, Disk::Stored)
    }

    const fn new(trace_id: Option<TraceId>, counts: Counts, content: Content, disk: Disk) -> Self {
        let is_known = trace_id.is_some();
        Self { trace_id, counts, is_known, content, disk, tries: 0, resume: None, is_in_flight: false }
    }

    /// Bytes of memory that it takes, without the copy of it that is on its way.
    pub fn held(&self) -> usize {
        match &self.content {
            Content::Batch(batch) => batch.held(),
            Content::Envelope(_) | Content::Away { .. } => self.behind() + FRAME_BYTES,
        }
    }

    /// Bytes of memory that it does without once it is on disk alone.
    pub fn behind(&self) -> usize {
        if let Content::Envelope(bytes) = &self.content { bytes.len() } else { 0 }
    }

    /// What limits hold for it, where that is known.
    pub fn category(&self) -> Option<Category> {
        self.is_known.then_some(self.counts.category)
    }

    /// Whether it can leave as it is.
    pub const fn is_here(&self) -> bool {
        !matches!(self.content, Content::Away { .. })
    }

    /// The bytes that leave at `now`.
    pub fn leaving(&self, settings: &Settings, now: Timestamp) -> Vec<u8> {
        match &self.content {
            Content::Batch(batch) => envelope::leaving(settings, batch, now),
            Content::Envelope(bytes) => envelope::stamped(bytes, now),
            Content::Away { .. } => Vec::new(),
        }
    }
}
