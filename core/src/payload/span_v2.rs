//! One span of a span v2 item (span protocol, "Span v2").

use super::Frame;
use crate::{
    attributes::{
        Attributes,
        registry::{Known, known},
        write_typed,
    },
    client::Settings,
    config::{MAX_ITEM_BYTES, Options, Platform},
    json::{Object, list},
    span::Interpreted,
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

/// Writes a span. `None` where it is larger than an item may be, even without its content.
pub(crate) fn encode(
    settings: &Settings,
    context: &TraceContext,
    frame: Frame,
    span: &mut Interpreted,
) -> Option<Encoded> {
    let segment = context.inherited.segment.as_ref();
    let is_segment = segment.is_none_or(|segment| segment.span_id == context.span_id);
    let segment_name = match segment {
        Some(segment) if !is_segment => &*segment.name,
        _ => &span.name,
    };
    let segment_id = segment.map_or(context.span_id, |segment| segment.span_id);
    let attributes = &mut span.attributes;
    attributes.set(known!("sentry.segment.id"), segment_id.digits().as_str());
    attributes.set_default_text(known!("sentry.segment.name"), Some(segment_name));
    if is_segment {
        attributes.set_default_text(known!("sentry.segment.name.source"), Some("custom"));
    }
    attributes.set_default_text(known!("sentry.origin"), Some(frame.origin));
    let mut json = write(context, frame, span, is_segment, settings.common());
    // The largest value goes first, until the rest fits.
    while json.len() > MAX_SPAN_BYTES
        && let Some(characters) = span.attributes.remove_largest()
    {
        span.removed.characters += characters;
        json = write(context, frame, span, is_segment, settings.common());
    }
    (json.len() <= MAX_SPAN_BYTES).then(|| Encoded { json: json.into_bytes(), is_segment })
}

fn write(
    context: &TraceContext,
    frame: Frame,
    span: &Interpreted,
    is_segment: bool,
    common: &Common,
) -> String {
    /// Bytes of a span with some messages. It is freed as soon as its batch has it.
    const USUAL: usize = 4096;
    let mut out = String::with_capacity(USUAL);
    let mut object = Object::begin(&mut out).id("trace_id", context.trace_id).id("span_id", context.span_id);
    if let Some(parent) = frame.parent_span_id {
        object = object.id("parent_span_id", parent);
    }
    object = object
        .text("name", &span.name)
        .text("status", if span.is_error { "error" } else { "ok" })
        .flag("is_segment", is_segment)
        .moment("start_timestamp", frame.start)
        .moment("end_timestamp", frame.end)
        .member("attributes", |out| span.attributes.write(out, common.written()));
    if !span.links.is_empty() {
        object = object.member("links", |out| {
            list(out, &span.links, |out, (target, attributes)| link(out, target, attributes));
        });
    }
    object.end();
    out
}

fn link(out: &mut String, target: &TraceContext, attributes: &Attributes) {
    let mut object = Object::begin(out).id("trace_id", target.trace_id).id("span_id", target.span_id);
    if let Some(sampled) = target.sampled {
        object = object.flag("sampled", sampled);
    }
    object.member("attributes", |out| attributes.write(out, &[])).end();
}

/// What every span says of its program (WIRE: "On every span"): names in their order, and their values as they
/// are written. A span that says something else under such a name is right.
#[derive(Debug)]
pub(crate) struct Common(Vec<(Known, String)>);

impl Common {
    pub fn new(options: &Options, platform: &Platform) -> Self {
        let Platform { sdk_name, sdk_version, runtime_name, runtime_version, server_name } = platform;
        let texts = [
            (known!("process.runtime.name"), runtime_name.as_str()),
            (known!("process.runtime.version"), runtime_version),
            (known!("sentry.environment"), &options.environment),
            (known!("sentry.release"), options.release.as_deref().unwrap_or_default()),
            (known!("sentry.sdk.name"), sdk_name),
            (known!("sentry.sdk.version"), sdk_version),
            (known!("sentry.trace_lifecycle"), "stream"),
            (known!("server.address"), options.server_name.as_ref().unwrap_or(server_name)),
        ];
        let written = |text: &str| {
            let mut out = String::new();
            write_typed(&mut out, &text.into());
            out
        };
        let known = texts.into_iter().filter(|(_, text)| !text.is_empty());
        Self(known.map(|(name, text)| (name, written(text))).collect())
    }

    fn written(&self) -> &[(Known, String)] {
        &self.0
    }
}
