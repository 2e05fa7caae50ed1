//! Spans as the protocol writes them.

pub(crate) mod span_v2;
