//! What a child needs to know of its parent; cheap to copy, never changed.

use std::sync::Arc;

use super::{Headers, SamplingContext};
use crate::ids::{SpanId, TraceId};

/// The span that a service's part of a trace begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentRef {
    /// `sentry.segment.id`
    pub span_id: SpanId,
    /// `sentry.segment.name`, as it was when this reference was taken.
    pub name: Arc<str>,
}

/// A place in a trace: an open span of this process, or a caller's span in another one.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceContext {
    /// The trace.
    pub trace_id: TraceId,
    /// The span that children hang below.
    pub span_id: SpanId,
    /// Whether the trace is recorded; `None` where nobody has decided yet.
    pub sampled: Option<bool>,
    /// What the envelope header says of the trace.
    pub sampling: Arc<SamplingContext>,
    /// The segment that children belong to; `None` where the parent is in another process.
    pub segment: Option<SegmentRef>,
    /// The agent whose run this is inside of.
    pub agent_name: Option<Arc<str>>,
    /// Members of an incoming `baggage` header that are not ours: passed on untouched.
    pub foreign_baggage: Option<Arc<str>>,
}

impl TraceContext {
    /// The headers that carry this place to another service, `traceparent` among them where it is wanted.
    pub fn headers(&self, with_traceparent: bool) -> Headers {
        Headers::of(self, with_traceparent)
    }
}
