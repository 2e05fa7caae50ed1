//! Transactions: one segment with its descendants as one event, for servers that do not know span v2
//! (event payloads, "Transaction Payload").

use std::sync::Arc;

use sentry_types::protocol::v7::SpanStatus;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use super::{Frame, seconds};
use crate::{
    attributes::{Attributes, Value},
    client::Settings,
    config::{MAX_ITEM_BYTES, MAX_TRANSACTION_CHARS, Platform},
    ids::{SpanId, TraceId},
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
    origin: &'static str,
    status: SpanStatus,
    pub start: Timestamp,
    end: Timestamp,
    data: Box<RawValue>,
    links: Vec<Link>,
    user: User,
}

impl Part {
    /// Writes a span's attributes. `None` where it is larger than an event may be, even without its content.
    pub fn new(context: &TraceContext, frame: Frame, span: &mut Interpreted) -> Option<Self> {
        let op = match span.attributes.remove("sentry.op") {
            Some(Value::String(op)) => op,
            _ => String::new(),
        };
        let status = status(span, frame.is_abandoned);
        let mut data = write(&span.attributes)?;
        // The largest value goes first, until the rest fits.
        while data.get().len() + EVENT_BYTES > MAX_ITEM_BYTES {
            span.removed.characters += span.attributes.remove_largest()?;
            data = write(&span.attributes)?;
        }
        Some(Self {
            trace_id: context.trace_id,
            span_id: context.span_id,
            sampling: Arc::clone(&context.sampling),
            parent_span_id: frame.parent_span_id,
            name: span.name.clone(),
            op,
            origin: frame.origin,
            status,
            start: frame.start,
            end: frame.end,
            data,
            links: span
                .links
                .iter()
                .filter_map(|(target, attributes)| Link::new(target, attributes))
                .collect(),
            user: User::of(&span.attributes),
        })
    }

    /// About how many bytes it takes in an event.
    pub fn len(&self) -> usize {
        self.data.get().len() + self.name.len() + SPAN_BYTES
    }

    /// Bytes of memory behind it, beside itself.
    pub fn held(&self) -> usize {
        /// What an allocator adds to its pieces.
        const PIECES_BYTES: usize = 4 * 16;
        let links = self.links.iter().map(|link| link.attributes.get().len() + size_of::<Link>());
        let user = &self.user;
        let user = [&user.id, &user.email, &user.username, &user.ip_address].into_iter().flatten();
        self.data.get().len()
            + self.name.capacity()
            + self.op.capacity()
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
    let event = Event {
        event_id: &event_id,
        kind: "transaction",
        platform: settings.platform().event_platform(),
        transaction: shortened(&segment.name),
        transaction_info: Source { source: "custom" },
        start_timestamp: segment.start,
        timestamp: segment.end,
        release: options.release.as_deref().unwrap_or_default(),
        environment: &options.environment,
        server_name: options.server_name.as_deref().unwrap_or(server_name),
        sdk: Named { name: sdk_name, version: sdk_version },
        user: &segment.user,
        contexts: Contexts {
            trace: trace(segment),
            runtime: Named { name: runtime_name, version: runtime_version },
        },
        spans: spans.iter().map(|span| (trace(span), span)).map(child).collect(),
    };
    let json = serde_json::to_vec(&event).unwrap_or_default();
    (event_id, json)
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

fn write(attributes: &Attributes) -> Option<Box<RawValue>> {
    serde_json::value::to_raw_value(&Plain(attributes)).ok()
}

/// Attributes as plain values: without the types that span v2 has.
struct Plain<'a>(&'a Attributes);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.0.iter() {
            map.serialize_entry(key, &value.plain())?;
        }
        map.end()
    }
}

/// A span elsewhere, with attributes as plain values.
#[derive(Debug, Serialize)]
struct Link {
    trace_id: TraceId,
    span_id: SpanId,
    #[serde(skip_serializing_if = "Option::is_none")]
    sampled: Option<bool>,
    attributes: Box<RawValue>,
}

impl Link {
    fn new(target: &TraceContext, attributes: &Attributes) -> Option<Self> {
        let TraceContext { trace_id, span_id, sampled, .. } = *target;
        Some(Self { trace_id, span_id, sampled, attributes: write(attributes)? })
    }
}

#[derive(Serialize)]
struct Event<'a> {
    event_id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    platform: &'static str,
    transaction: &'a str,
    transaction_info: Source,
    #[serde(serialize_with = "seconds")]
    start_timestamp: Timestamp,
    #[serde(serialize_with = "seconds")]
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "str::is_empty")]
    release: &'a str,
    environment: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    server_name: &'a str,
    sdk: Named<'a>,
    #[serde(skip_serializing_if = "User::is_empty")]
    user: &'a User,
    contexts: Contexts<'a>,
    spans: Vec<Child<'a>>,
}

#[derive(Serialize)]
struct Source {
    source: &'static str,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    version: &'a str,
}

impl Named<'_> {
    fn is_empty(&self) -> bool {
        self.name.is_empty()
    }
}

#[derive(Serialize)]
struct Contexts<'a> {
    trace: Trace<'a>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    runtime: Named<'a>,
}

#[derive(Serialize)]
struct Trace<'a> {
    trace_id: TraceId,
    span_id: SpanId,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<SpanId>,
    op: &'a str,
    origin: &'a str,
    status: String,
    data: &'a RawValue,
    #[serde(skip_serializing_if = "<[Link]>::is_empty")]
    links: &'a [Link],
}

fn trace(part: &Part) -> Trace<'_> {
    Trace {
        trace_id: part.trace_id,
        span_id: part.span_id,
        parent_span_id: part.parent_span_id,
        op: &part.op,
        origin: part.origin,
        status: part.status.to_string(),
        data: &part.data,
        links: &part.links,
    }
}

#[derive(Serialize)]
struct Child<'a> {
    #[serde(flatten)]
    trace: Trace<'a>,
    description: &'a str,
    #[serde(serialize_with = "seconds")]
    start_timestamp: Timestamp,
    #[serde(serialize_with = "seconds")]
    timestamp: Timestamp,
}

fn child<'a>((trace, part): (Trace<'a>, &'a Part)) -> Child<'a> {
    Child { trace, description: &part.name, start_timestamp: part.start, timestamp: part.end }
}

/// The user of a segment, as events have it.
#[derive(Debug, Serialize)]
struct User {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
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

    fn is_empty(&self) -> bool {
        matches!(self, Self { id: None, email: None, username: None, ip_address: None })
    }
}
