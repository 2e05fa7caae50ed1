//! Where a new span stands, and whether its trace is recorded.

use std::sync::Arc;

use super::{Change, Recording, Start, interpret};
use crate::{
    client::Settings,
    config::TraceLifecycle,
    ids::Drawn,
    json::{Json, Object},
    time::Timestamp,
    trace::{Decision, Inherited, SamplingContext, SegmentRef, TraceContext, sample_rand, sample_rand_of},
};

/// The place of a new span.
pub(super) fn context(settings: &Arc<Settings>, start: &Start<'_>, drawn: &Drawn) -> TraceContext {
    match start.parent {
        Some(parent) => below(settings, start, parent, drawn),
        None => root(settings, start, drawn),
    }
}

fn root(settings: &Arc<Settings>, start: &Start<'_>, drawn: &Drawn) -> TraceContext {
    let rate = start.sample_rate.unwrap_or(settings.options().traces_sample_rate);
    let decision = Decision::new(rate, sample_rand(drawn.sample_rand));
    let segment = own_segment(settings, start, drawn);
    TraceContext {
        trace_id: drawn.trace_id,
        span_id: drawn.span_id,
        sampled: Some(decision.sampled),
        inherited: Arc::new(Inherited {
            sampling: Arc::new(SamplingContext::new(settings, drawn.trace_id, decision, &segment.name)),
            segment: Some(segment),
            agent_name: None,
            agent_run: None,
            foreign_baggage: None,
        }),
    }
}

fn below(settings: &Arc<Settings>, start: &Start<'_>, parent: &TraceContext, drawn: &Drawn) -> TraceContext {
    let decide = |rate| {
        let rand = parent.inherited.sampling.sample_rand().unwrap_or_else(|| sample_rand_of(parent.trace_id));
        Decision::new(rate, rand)
    };
    let decided_here = start.sample_rate.filter(|_| start.is_entry()).map(decide);
    let sampled = match (decided_here, parent.sampled) {
        (Some(decision), _) => decision.sampled,
        (None, Some(sampled)) => sampled,
        (None, None) => decide(settings.options().traces_sample_rate).sampled,
    };
    let is_headless = || parent.inherited.sampling.member("public_key").is_none();
    let inherited = if start.is_entry() {
        let sampling = match decided_here {
            _ if is_headless() => Arc::new(SamplingContext::of_headless(settings, parent.trace_id, sampled)),
            Some(decision) => Arc::new(parent.inherited.sampling.decided(decision)),
            None => Arc::clone(&parent.inherited.sampling),
        };
        let segment = Some(own_segment(settings, start, drawn));
        Arc::new(Inherited { sampling, segment, ..Inherited::clone(&parent.inherited) })
    } else {
        Arc::clone(&parent.inherited)
    };
    TraceContext { trace_id: parent.trace_id, span_id: drawn.span_id, sampled: Some(sampled), inherited }
}

/// The segment that a service's part of a trace begins with.
fn own_segment(settings: &Settings, start: &Start<'_>, drawn: &Drawn) -> SegmentRef {
    let options = settings.options();
    let is_awaited = options.trace_lifecycle == TraceLifecycle::Static || options.spotlight.is_some();
    SegmentRef::new(drawn.span_id, start.span_name().into(), is_awaited)
}

/// See [`super::Span::question`].
pub(super) fn question(settings: &Settings, start: &Start<'_>, arguments: Option<&Json>) -> String {
    let now = Timestamp::default();
    let agent_name = start.parent.and_then(|parent| parent.inherited.agent_name.clone());
    let mut recording = Recording::new(settings, start, agent_name, now);
    recording.changes.extend(arguments.map(|arguments| (now, Change::Arguments(arguments.clone()))));
    let span = interpret(recording, settings);
    let mut out = String::new();
    Object::begin(&mut out)
        .text("name", &span.name)
        .or_null("op", span.attributes.text("sentry.op"))
        .json(
            "parent_sampled",
            match start.parent.and_then(|parent| parent.sampled) {
                Some(true) => "true",
                Some(false) => "false",
                None => "null",
            },
        )
        .member("attributes", |out| span.attributes.write_plain(out))
        .end();
    out
}
