//! What a child needs to know of its parent; cheap to copy, never changed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use super::{Headers, SamplingContext};
use crate::{
    ids::{SpanId, TraceId},
    span::AgentRun,
};

/// The span that a service's part of a trace begins with.
#[derive(Clone, Debug)]
pub struct SegmentRef {
    /// `sentry.segment.id`
    pub span_id: SpanId,
    /// `sentry.segment.name`, as it was when this reference was taken.
    pub name: Arc<str>,
    /// Whether it has ended; `None` where spans leave one by one and nobody asks.
    has_ended: Option<Arc<AtomicBool>>,
}

impl SegmentRef {
    /// The segment that begins with that span. `is_awaited`: whether its spans wait for its end.
    pub(crate) fn new(span_id: SpanId, name: Arc<str>, is_awaited: bool) -> Self {
        Self { span_id, name, has_ended: is_awaited.then(Arc::default) }
    }

    /// A span of this segment ends: the segment itself, after which nothing belongs to it any more, or another
    /// one. True for a span that comes too late.
    pub(crate) fn end(&self, span_id: SpanId) -> bool {
        let Some(has_ended) = &self.has_ended else { return false };
        if span_id == self.span_id {
            has_ended.store(true, Relaxed);
            return false;
        }
        has_ended.load(Relaxed)
    }

    /// Whether the segment has ended, wherever its span is.
    pub(crate) fn is_over(&self) -> bool {
        self.has_ended.as_ref().is_some_and(|has_ended| has_ended.load(Relaxed))
    }
}

impl PartialEq for SegmentRef {
    fn eq(&self, other: &Self) -> bool {
        (self.span_id, &self.name) == (other.span_id, &other.name)
    }
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
    /// What its children have as well, unless they begin something of their own.
    pub inherited: Arc<Inherited>,
}

/// What goes from a span to its children: most of a trace's spans share one of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Inherited {
    /// What the envelope header says of the trace.
    pub sampling: Arc<SamplingContext>,
    /// The segment that children belong to; `None` where the parent is in another process.
    pub segment: Option<SegmentRef>,
    /// The agent whose run this is inside of.
    pub agent_name: Option<Arc<str>>,
    /// That run itself; of an agent's own span, its run.
    pub agent_run: Option<Arc<AgentRun>>,
    /// Members of an incoming `baggage` header that are not ours: passed on untouched.
    pub foreign_baggage: Option<Arc<str>>,
}

impl TraceContext {
    /// This place, another SDK's span that was opened inside a span of ours: what is inherited is ours.
    #[must_use]
    pub fn inside(self, ours: &Self) -> Self {
        if self.trace_id == ours.trace_id { Self { span_id: self.span_id, ..ours.clone() } } else { self }
    }

    /// The place of a span below this one that is no agent's.
    #[must_use]
    pub fn below(&self, span_id: SpanId) -> Self {
        Self { span_id, ..self.clone() }
    }

    /// The headers that carry this place to another service, `traceparent` among them where it is wanted.
    pub fn headers(&self, with_traceparent: bool) -> Headers {
        Headers::of(self, with_traceparent)
    }
}
