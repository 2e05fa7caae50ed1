//! How a vendor writes: what an endpoint reads and gives, and how its answers and errors go over the wire.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::ask::{Ask, Incoming};
use super::bedrock;
use super::failure::Failure;
use super::usage::{Tells, Tokens};

/// One thing that a vendor can be asked for.
pub(super) struct Endpoint {
    pub(super) dialect: &'static Dialect,
    /// What is asked.
    pub(super) read: fn(Incoming) -> Result<Ask, Failure>,
    /// What is answered, faults aside, and what it costs.
    pub(super) render: fn(&Ask) -> (Tokens, Rendered),
}

/// What the endpoints of a vendor have in common.
pub(super) struct Dialect {
    /// The status and the body of a failure.
    pub(super) error: fn(&Failure) -> (u16, Value),
    /// A failure that comes up when a stream has begun.
    pub(super) in_band: fn(&Failure) -> Event,
    pub(super) framing: Framing,
    /// Headers that every answer has, from a hash of the request.
    pub(super) headers: fn(&str) -> Vec<(&'static str, String)>,
    /// The counts that its usage has.
    pub(super) tells: Tells,
}

/// An answer as the vendor writes it.
#[derive(Debug)]
pub(super) enum Rendered {
    /// At once.
    Whole(Value),
    /// In pieces.
    Stream(Vec<Event>),
}

/// One piece of a streamed answer.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Empty where the vendor's events have no names.
    pub(super) name: &'static str,
    pub(super) data: Value,
}

impl Event {
    pub(super) fn new(name: &'static str, data: Value) -> Self {
        Self { name, data }
    }

    pub(super) fn unnamed(data: Value) -> Self {
        Self::new("", data)
    }
}

/// How the pieces of a stream are told apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Framing {
    /// Server-sent events; `done`: the last one says `[DONE]`.
    ServerSent { done: bool },
    /// One line of JSON each.
    Lines,
    /// Amazon's binary event stream.
    Amazon,
    /// The same around what the maker of a model says, as base64.
    AmazonChunks,
}

impl Framing {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::ServerSent { .. } => "text/event-stream; charset=utf-8",
            Self::Lines => "application/x-ndjson",
            Self::Amazon | Self::AmazonChunks => "application/vnd.amazon.eventstream",
        }
    }

    pub(super) fn frame(self, event: &Event) -> Bytes {
        let Event { name, data } = event;
        match self {
            Self::ServerSent { .. } if name.is_empty() => format!("data: {data}\n\n").into(),
            Self::ServerSent { .. } => format!("event: {name}\ndata: {data}\n\n").into(),
            Self::Lines => format!("{data}\n").into(),
            Self::Amazon => bedrock::frame(event),
            Self::AmazonChunks => {
                let bytes = STANDARD.encode(data.to_string());
                bedrock::frame(&Event::new("chunk", json!({ "bytes": bytes })))
            }
        }
    }

    /// What stands at the end of a stream, if anything.
    pub(super) fn end(self) -> Option<Bytes> {
        (self == Self::ServerSent { done: true }).then(|| Bytes::from_static(b"data: [DONE]\n\n"))
    }
}
