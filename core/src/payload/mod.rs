//! Spans as the protocol writes them.

pub(crate) mod span_v2;
pub(crate) mod transaction;

use crate::{ids::SpanId, span::Recording, time::Timestamp};

/// What of a recording the payload needs beside what was read out of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub parent_span_id: Option<SpanId>,
    pub origin: &'static str,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Nobody ended it.
    pub is_abandoned: bool,
    /// Its segment had ended before.
    pub is_orphan: bool,
}

impl Frame {
    pub fn of(recording: &Recording) -> Self {
        Self {
            parent_span_id: recording.parent_span_id,
            origin: recording.origin,
            start: recording.start,
            end: recording.end,
            is_abandoned: recording.is_abandoned,
            is_orphan: recording.is_orphan,
        }
    }
}
