//! One span of a span v2 item (span protocol, "Span v2").

use serde::Serialize;

use super::{Frame, seconds};
use crate::{
    attributes::Attributes,
    client::Settings,
    config::{MAX_ITEM_BYTES, Platform},
    ids::{SpanId, TraceId},
    span::Interpreted,
    time::Timestamp,
    trace::TraceContext,
};

/// What an item of spans begins and ends with.
pub(crate) const HEAD: &[u8] = b"{\"version\":2,\"items\":[";
/// See [`HEAD`].
pub(crate) const TAIL: &[u8] = b"]}";
/// Bytes of one span at most, so that an item can hold it.
const MAX_SPAN_BYTES: usize = MAX_ITEM_BYTES - HEAD.len() - TAIL.len();

/// A span as bytes, with what its batch has to know of it.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub json: Vec<u8>,
    pub is_segment: bool,
}

#[derive(Serialize)]
struct SpanV2<'a> {
    trace_id: TraceId,
    span_id: SpanId,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<SpanId>,
    name: &'a str,
    status: &'static str,
    is_segment: bool,
    #[serde(serialize_with = "seconds")]
    start_timestamp: Timestamp,
    #[serde(serialize_with = "seconds")]
    end_timestamp: Timestamp,
    attributes: &'a Attributes,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
}

#[derive(Serialize)]
struct Link<'a> {
    trace_id: TraceId,
    span_id: SpanId,
    #[serde(skip_serializing_if = "Option::is_none")]
    sampled: Option<bool>,
    attributes: &'a Attributes,
}

/// Writes a span. `None` where it is larger than an item may be, even without its content.
pub(crate) fn encode(
    settings: &Settings,
    context: &TraceContext,
    frame: Frame,
    span: &mut Interpreted,
) -> Option<Encoded> {
    let segment = context.segment.as_ref();
    let is_segment = segment.is_none_or(|segment| segment.span_id == context.span_id);
    let segment_name = match segment {
        Some(segment) if !is_segment => segment.name.to_string(),
        _ => span.name.clone(),
    };
    let segment_id = segment.map_or(context.span_id, |segment| segment.span_id);
    let attributes = &mut span.attributes;
    attributes.set("sentry.segment.id", segment_id.to_string());
    attributes.set_default_text("sentry.segment.name", Some(&segment_name));
    if is_segment {
        attributes.set_default_text("sentry.segment.name.source", Some("custom"));
    }
    attributes.set_default_text("sentry.origin", Some(frame.origin));
    common(attributes, settings);
    let mut json = write(context, frame, span, is_segment);
    // The largest value goes first, until the rest fits.
    while json.len() > MAX_SPAN_BYTES
        && let Some(characters) = span.attributes.remove_largest()
    {
        span.removed.characters += characters;
        json = write(context, frame, span, is_segment);
    }
    (json.len() <= MAX_SPAN_BYTES).then_some(Encoded { json, is_segment })
}

fn write(context: &TraceContext, frame: Frame, span: &Interpreted, is_segment: bool) -> Vec<u8> {
    let span = SpanV2 {
        trace_id: context.trace_id,
        span_id: context.span_id,
        parent_span_id: frame.parent_span_id,
        name: &span.name,
        status: if span.is_error { "error" } else { "ok" },
        is_segment,
        start_timestamp: frame.start,
        end_timestamp: frame.end,
        attributes: &span.attributes,
        links: span
            .links
            .iter()
            .map(|(target, attributes)| Link {
                trace_id: target.trace_id,
                span_id: target.span_id,
                sampled: target.sampled,
                attributes,
            })
            .collect(),
    };
    serde_json::to_vec(&span).unwrap_or_default()
}

/// What every span says of its program (WIRE: "On every span").
fn common(attributes: &mut Attributes, settings: &Settings) {
    let options = settings.options();
    let Platform { sdk_name, sdk_version, runtime_name, runtime_version, server_name } = settings.platform();
    let server_name = options.server_name.as_ref().unwrap_or(server_name);
    for (key, value) in [
        ("sentry.trace_lifecycle", "stream"),
        ("sentry.sdk.name", sdk_name),
        ("sentry.sdk.version", sdk_version),
        ("sentry.release", options.release.as_deref().unwrap_or_default()),
        ("sentry.environment", &options.environment),
        ("server.address", server_name),
        ("process.runtime.name", runtime_name),
        ("process.runtime.version", runtime_version),
    ] {
        attributes.set_default_text(key, Some(value));
    }
}
