//! Transactions: one segment with its descendants as one event, for servers that do not know span v2
//! (event payloads, "Transaction Payload").

use std::{borrow::Cow, sync::Arc};

use sentry_types::protocol::v7::SpanStatus;

use super::Frame;
use crate::{
    attributes::{Attributes, Value},
    client::Settings,
    config::{MAX_ITEM_BYTES, MAX_TRANSACTION_CHARS, Platform},
    ids::{SpanId, TraceId},
    json::{Object, list},
    span::Interpreted,
    time::Timestamp,
    trace::{SamplingContext, TraceContext},
};

/// Bytes that an event takes beside the data of its spans: ids, times, contexts. Generous.
const EVENT_BYTES: usize = 8 * 1024;
/// Bytes that one span takes beside its data.
const SPAN_BYTES: usize = 512;

/// A span that waits for its segment, written as far as it can be.
#[derive(Debug)]
pub(crate) struct Part {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub sampling: Arc<SamplingContext>,
    parent_span_id: Option<SpanId>,
    name: String,
    op: String,
    origin: Cow<'static, str>,
    status: SpanStatus,
    pub start: Timestamp,
    end: Timestamp,
    /// JSON.
    data: Box<str>,
    links: Vec<Link>,
    user: User,
}

impl Part {
    /// Writes a span's attributes. `None` where it is larger than an event may be, even without its content.
    pub fn new(context: &TraceContext, frame: Frame, span: &mut Interpreted) -> Option<Self> {
        let op = match span.attributes.remove("sentry.op") {
            Some(Value::String(op)) => op.into(),
            _ => String::new(),
        };
        // Set like an attribute, as on span v2, it is the span's.
        let origin = match span.attributes.remove("sentry.origin") {
            Some(Value::String(origin)) if !origin.is_empty() => Cow::Owned(origin.into()),
            _ => Cow::Borrowed(frame.origin),
        };
        let status = status(span, frame.is_abandoned);
        let mut data = write(&span.attributes);
        // The largest value goes first, until the rest fits.
        while data.len() + EVENT_BYTES > MAX_ITEM_BYTES {
            span.removed.characters += span.attributes.remove_largest()?;
            data = write(&span.attributes);
        }
        Some(Self {
            trace_id: context.trace_id,
            span_id: context.span_id,
            sampling: Arc::clone(&context.inherited.sampling),
            parent_span_id: frame.parent_span_id,
            name: span.name.clone(),
            op,
            origin,
            status,
            start: frame.start,
            end: frame.end,
            data,
            links: span.links.iter().map(|(target, attributes)| Link::new(target, attributes)).collect(),
            user: User::of(&span.attributes),
        })
    }

    /// About how many bytes it takes in an event.
    pub fn len(&self) -> usize {
        self.data.len() + self.name.len() + SPAN_BYTES
    }

    /// Bytes of memory behind it, beside itself.
    pub fn held(&self) -> usize {
        /// What an allocator adds to its pieces.
        const PIECES_BYTES: usize = 4 * 16;
        let links = self.links.iter().map(|link| link.attributes.len() + size_of::<Link>());
        let user = &self.user;
        let user = [&user.id, &user.email, &user.username, &user.ip_address].into_iter().flatten();
        self.data.len()
            + self.name.capacity()
            + self.op.capacity()
            + self.origin.len()
            + links.sum::<usize>()
            + user.map(String::capacity).sum::<usize>()
            + PIECES_BYTES
    }
}

/// Whether an event with those parts is within the limits, `bytes` being the sum of their lengths.
pub(crate) const fn fits(bytes: usize) -> bool {
    bytes + EVENT_BYTES <= MAX_ITEM_BYTES
}

/// An event as bytes, and its id.
pub(crate) fn encode(settings: &Settings, segment: &Part, spans: &[Part]) -> (String, Vec<u8>) {
    let event_id = event_id(segment);
    let Platform { sdk_name, sdk_version, runtime_name, runtime_version, server_name } = settings.platform();
    let options = settings.options();
    let named = |out: &mut String, name: &str, version: &str| {
        Object::begin(out).text("name", name).text("version", version).end();
    };
    let mut out = String::new();
    let mut event = Object::begin(&mut out)
        .text("event_id", &event_id)
        .text("type", "transaction")
        .text("platform", settings.platform().event_platform())
        .text("transaction", shortened(&segment.name))
        .json("transaction_info", "{\"source\":\"custom\"}")
        .moment("start_timestamp", segment.start)
        .moment("timestamp", segment.end)
        .maybe("release", options.release.as_deref().filter(|release| !release.is_empty()))
        .text("environment", &options.environment);
    let server_name = options.server_name.as_deref().unwrap_or(server_name);
    event = event
        .maybe("server_name", Some(server_name).filter(|name| !name.is_empty()))
        .member("sdk", |out| named(out, sdk_name, sdk_version));
    if !segment.user.is_empty() {
        event = event.member("user", |out| segment.user.write(out));
    }
    event
        .member("contexts", |out| {
            let mut contexts = Object::begin(out).member("trace", |out| trace(out, segment).end());
            if !runtime_name.is_empty() {
                contexts = contexts.member("runtime", |out| named(out, runtime_name, runtime_version));
            }
            contexts.end();
        })
        .member("spans", |out| {
            list(out, spans, |out, span| {
                let child = trace(out, span).text("description", &span.name);
                child.moment("start_timestamp", span.start).moment("timestamp", span.end).end();
            });
        })
        .end();
    (event_id, out.into_bytes())
}

/// The name as far as the server keeps it.
fn shortened(name: &str) -> &str {
    let end = name.char_indices().nth(MAX_TRANSACTION_CHARS).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or_default()
}

/// The event's id, out of random bytes that are drawn already: the segment's id and the end of its trace's.
fn event_id(segment: &Part) -> String {
    let trace_id = segment.trace_id.to_string();
    format!("{}{}", segment.span_id, trace_id.get(16..).unwrap_or_default())
}

/// The words that a transaction's status may be: those of the older protocol, of which `error` is none.
fn status(span: &Interpreted, is_abandoned: bool) -> SpanStatus {
    let said = span.attributes.text("sentry.status.message").and_then(|word| word.parse().ok());
    match span.is_error {
        false if is_abandoned => SpanStatus::DeadlineExceeded,
        false => SpanStatus::Ok,
        true => said.or_else(|| of_http(&span.attributes)).unwrap_or(SpanStatus::InternalError),
    }
}

/// What an HTTP status is in those words (trace contexts, "Span Status").
fn of_http(attributes: &Attributes) -> Option<SpanStatus> {
    let Some(Value::Int(code)) = attributes.get("http.response.status_code") else { return None };
    Some(match code {
        401 => SpanStatus::Unauthenticated,
        403 => SpanStatus::PermissionDenied,
        404 => SpanStatus::NotFound,
        409 => SpanStatus::AlreadyExists,
        429 => SpanStatus::ResourceExhausted,
        499 => SpanStatus::Cancelled,
        400..=498 => SpanStatus::InvalidArgument,
        501 => SpanStatus::Unimplemented,
        503 => SpanStatus::Unavailable,
        504 => SpanStatus::DeadlineExceeded,
        _ => return None,
    })
}

/// Attributes as plain values: without the types that span v2 has.
fn write(attributes: &Attributes) -> Box<str> {
    let mut out = String::new();
    attributes.write_plain(&mut out);
    out.into_boxed_str()
}

/// A span elsewhere, with attributes as plain values.
#[derive(Debug)]
struct Link {
    trace_id: TraceId,
    span_id: SpanId,
    sampled: Option<bool>,
    /// JSON.
    attributes: Box<str>,
}

impl Link {
    fn new(target: &TraceContext, attributes: &Attributes) -> Self {
        let TraceContext { trace_id, span_id, sampled, .. } = *target;
        Self { trace_id, span_id, sampled, attributes: write(attributes) }
    }

    fn write(&self, out: &mut String) {
        let mut object = Object::begin(out).id("trace_id", self.trace_id).id("span_id", self.span_id);
        if let Some(sampled) = self.sampled {
            object = object.flag("sampled", sampled);
        }
        object.json("attributes", &self.attributes).end();
    }
}

/// Begins a span of an event, or its trace context.
fn trace<'o>(out: &'o mut String, part: &Part) -> Object<'o> {
    let object = Object::begin(out)
        .id("trace_id", part.trace_id)
        .id("span_id", part.span_id)
        .maybe("parent_span_id", part.parent_span_id.map(|id| id.to_string()).as_deref())
        .text("op", &part.op)
        .text("origin", &part.origin)
        .text("status", &part.status.to_string())
        .json("data", &part.data);
    match part.links.as_slice() {
        [] => object,
        links => object.member("links", |out| list(out, links, |out, link| link.write(out))),
    }
}

/// The user of a segment, as events have it.
#[derive(Debug)]
struct User {
    id: Option<String>,
    email: Option<String>,
    username: Option<String>,
    ip_address: Option<String>,
}

impl User {
    fn of(attributes: &Attributes) -> Self {
        let text = |key: &str| attributes.text(key).map(str::to_owned);
        Self {
            id: text("user.id"),
            email: text("user.email"),
            username: text("user.name"),
            ip_address: text("user.ip_address"),
        }
    }

    fn write(&self, out: &mut String) {
        Object::begin(out)
            .maybe("id", self.id.as_deref())
            .maybe("email", self.email.as_deref())
            .maybe("username", self.username.as_deref())
            .maybe("ip_address", self.ip_address.as_deref())
            .end();
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self { id: None, email: None, username: None, ip_address: None })
    }
}
