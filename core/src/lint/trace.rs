//! Spans beside each other: ids, times, segments, and the agent that others run in.

use std::collections::HashMap;

use super::{Findings, Seen, finding::Rule, seen::Form};
use crate::span::Kind;

/// Spans by trace and id.
type Spans<'a> = HashMap<(&'a str, &'a str), &'a Seen>;

/// Seconds that floats of today's times cannot tell apart.
const RESOLUTION: f64 = 1e-6;

/// Looks at all spans of a file together.
pub(super) fn check(spans: &[Seen], findings: &mut Findings) {
    let mut known: Spans<'_> = HashMap::new();
    for span in spans {
        findings.at(span.place());
        if known.insert((&span.trace_id, &span.span_id), span).is_some() {
            findings.error(Rule::Duplicate, "span_id", "its span_id is there twice");
        }
    }
    for span in spans {
        findings.at(span.place());
        check_time(span, &known, findings);
        check_agent(span, &known, findings);
        if span.form == Form::SpanV2 {
            check_segment(span, &known, findings);
        }
    }
}

fn parent<'a>(span: &'a Seen, known: &Spans<'a>) -> Option<&'a Seen> {
    known.get(&(span.trace_id.as_str(), span.parent_span_id.as_deref()?)).copied()
}

fn check_time(span: &Seen, known: &Spans<'_>, findings: &mut Findings) {
    let Some(parent) = parent(span, known) else { return };
    let (Some((start, end)), Some((from, to))) = (span.time, parent.time) else { return };
    if start + RESOLUTION < from {
        findings.warning(Rule::Time, "start_timestamp", "it starts before its parent");
    }
    if end > to + RESOLUTION {
        findings.warning(Rule::Time, "end_timestamp", "it ends after its parent");
    }
}

/// Requests and tools carry the name of the agent that they are in.
fn check_agent(span: &Seen, known: &Spans<'_>, findings: &mut Findings) {
    const NAME: &str = "gen_ai.agent.name";
    let kind = |span: &Seen| span.op.as_deref().map(Kind::of_op);
    if !kind(span).is_some_and(|kind| kind.inherits_agent()) || span.attributes.contains(NAME) {
        return;
    }
    let mut above = std::iter::successors(parent(span, known), |span| parent(span, known));
    // A file may say that a span is its own ancestor.
    let agent = above.by_ref().take(known.len()).find(|span| kind(span) == Some(Kind::InvokeAgent));
    if agent.is_some_and(|agent| agent.attributes.contains(NAME)) {
        let message = format!("`{NAME}` is missing; what runs in an agent should have it");
        findings.warning(Rule::Missing, NAME, message);
    }
}

/// What span v2 says of segments and of the program, on every span.
fn check_segment(span: &Seen, known: &Spans<'_>, findings: &mut Findings) {
    const ID: &str = "sentry.segment.id";
    const NAME: &str = "sentry.segment.name";
    let attributes = &span.attributes;
    for key in [ID, NAME, "sentry.origin", "sentry.trace_lifecycle", "sentry.sdk.name", "sentry.sdk.version"]
    {
        if !attributes.contains(key) {
            findings.error(Rule::Missing, key, format!("`{key}` is missing; every span has it"));
        }
    }
    if attributes.text("sentry.trace_lifecycle").is_some_and(|lifecycle| lifecycle != "stream") {
        let message = "`sentry.trace_lifecycle` of a span that is sent by itself is not stream";
        findings.error(Rule::Segment, "sentry.trace_lifecycle", message);
    }
    if !span.is_segment && span.parent_span_id.is_none() {
        findings.error(Rule::Segment, "is_segment", "a span without a parent is no segment");
    }
    if span.is_segment && !attributes.contains("sentry.segment.name.source") {
        let message = "`sentry.segment.name.source` is missing; a segment should have it";
        findings.warning(Rule::Missing, "sentry.segment.name.source", message);
    }
    let Some(id) = attributes.text(ID) else { return };
    let segment = known.get(&(span.trace_id.as_str(), id));
    if span.is_segment != (id == span.span_id) {
        findings.error(Rule::Segment, ID, format!("`{ID}` and is_segment contradict each other"));
    } else if segment.is_some_and(|segment| !segment.is_segment) {
        findings.error(Rule::Segment, ID, format!("`{ID}` names a span that is no segment"));
    }
}
