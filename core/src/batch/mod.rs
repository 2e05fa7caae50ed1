//! What leaves together: spans of one trace as one item, gathered until it is time.

mod buckets;
mod segments;

use std::sync::Arc;

pub(crate) use buckets::Buckets;
pub(crate) use segments::Segments;

use crate::{
    delivery::{Category, Counts},
    ids::TraceId,
    trace::SamplingContext,
};

/// One item, ready to leave.
#[derive(Debug)]
pub(crate) struct Batch {
    pub trace_id: TraceId,
    pub sampling: Arc<SamplingContext>,
    pub spans: usize,
    pub kind: Kind,
    /// Drafts of it that are on disk, and go when it is there itself.
    pub drafts: Vec<u64>,
    payload: Vec<u8>,
    /// Bytes of what it shares with its trace, as they were when it was complete: they may grow.
    shared: usize,
}

/// What sort of item it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Spans by themselves.
    Spans,
    /// A segment with its descendants, with the event's id.
    Transaction(String),
}

impl Batch {
    /// The item's payload.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Bytes of its payload.
    pub fn len(&self) -> usize {
        self.payload.len()
    }

    /// Bytes of memory that it takes.
    pub fn held(&self) -> usize {
        /// Beside the payload: itself, and its places in maps, which are half empty. Measured
        /// (`tests/tests/memory.rs`).
        const FRAME_BYTES: usize = 720;
        self.payload.capacity() + self.shared + FRAME_BYTES
    }

    /// What limits and the ledger count it as.
    pub const fn counts(&self) -> Counts {
        let category = match self.kind {
            Kind::Spans => Category::Span,
            Kind::Transaction(_) => Category::Transaction,
        };
        Counts { category, spans: self.spans }
    }
}
