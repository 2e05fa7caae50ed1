//! What can happen to an open span: written down as it comes, read later.

use super::{Content, Gathered, kind};
use crate::{
    attributes::Value,
    json::{Cut, Json},
    messages::Removed,
    time::Timestamp,
    trace::TraceContext,
    vendors::Stated,
};

/// Everything that can happen to an open span.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// One attribute.
    Attribute(String, Value),
    /// Many attributes, an object.
    Attributes(Json),
    /// Arguments of the call that made the span, an object by the names of the API.
    Arguments(Json),
    /// A piece of content.
    Content(Content, Json, Gathered),
    /// Token counts, an object by the names of `set_usage`.
    Usage(Json),
    /// A name that beats the derived one.
    Name(String),
    /// How it ended, and why.
    Status {
        /// False for an error.
        ok: bool,
        /// In words.
        message: Option<String>,
    },
    /// What went to a vendor.
    Request(Json, Option<Stated>, Gathered),
    /// What a vendor answered.
    Response(Json, Gathered),
    /// One piece of a streamed answer.
    Chunk(Json, Gathered),
    /// Something was thrown.
    Exception {
        /// The class: `error.type`.
        kind: String,
        /// What it said.
        message: String,
    },
    /// A span elsewhere that belongs to this one, with attributes (an object).
    Link(Box<TraceContext>, Json),
}

impl Change {
    /// How a span ended, by a word: `ok`, `error`, or one of the older words of Sentry's transactions
    /// (`internal_error`, `cancelled`, ...), which all are errors and stay as the message.
    pub fn status(word: &str, message: Option<&str>) -> Self {
        let word = word.trim();
        let ok = matches!(word, "ok" | "unset" | "");
        let message = message.or_else(|| (!ok && word != "error").then_some(word));
        Self::Status { ok, message: message.map(str::to_owned) }
    }

    /// The names of changes that are nothing but JSON, in an order that bindings may count by.
    pub const JSON_NAMES: [&str; 9] =
        ["attributes", "usage", "input", "system", "output", "arguments", "result", "response", "chunk"];

    /// A change that is nothing but JSON, by its name in a binding: one of [`Self::JSON_NAMES`]; `None` for any other.
    pub fn of_json(name: &str, json: Json, gathered: Gathered) -> Option<Self> {
        let content = |content, json| Self::Content(content, json, gathered);
        Some(match name {
            "attributes" => Self::Attributes(json),
            "usage" => Self::Usage(json),
            "input" => content(Content::Input, json),
            "system" => content(Content::System, json),
            "output" => content(Content::Output, json),
            "arguments" => content(Content::ToolArguments, json),
            "result" => content(Content::ToolResult, json),
            "response" => Self::Response(json, gathered),
            "chunk" => Self::Chunk(json, gathered),
            _ => return None,
        })
    }

    /// The agent's name, where it brings one: what runs inside is told.
    pub(super) fn agent_name(&self) -> Option<String> {
        match self {
            Self::Attribute(key, Value::String(name)) if key == "gen_ai.agent.name" => Some(name.to_string()),
            Self::Attributes(json) | Self::Arguments(json) => kind::agent_name(json),
            _ => None,
        }
    }

    /// The JSON that it holds.
    const fn json(&self) -> Option<&Json> {
        match self {
            Self::Attributes(json)
            | Self::Arguments(json)
            | Self::Usage(json)
            | Self::Content(_, json, _)
            | Self::Request(json, _, _)
            | Self::Response(json, _)
            | Self::Chunk(json, _)
            | Self::Link(_, json) => Some(json),
            Self::Attribute(..) | Self::Exception { .. } | Self::Name(_) | Self::Status { .. } => None,
        }
    }

    /// What a host left out of it, because it was too large to be written.
    pub(super) fn left_out(&self) -> Removed {
        let Cut { characters, items } = self.json().map(Json::left_out).unwrap_or_default();
        Removed { messages: items as usize, characters: characters as usize }
    }

    /// About how many bytes it holds.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Attribute(key, value) => key.len() + value.as_str().map_or(16, str::len),
            Self::Exception { message, .. } => message.len(),
            Self::Name(name) => name.len(),
            _ => self.json().map_or(0, Json::len),
        }
    }

    /// Bytes of memory behind it, beside itself.
    pub(super) fn held(&self) -> usize {
        let behind = match self {
            Self::Attribute(key, value) => key.capacity() + value.held(),
            Self::Link(..) => size_of::<TraceContext>(),
            Self::Exception { kind, message } => kind.capacity() + message.capacity(),
            Self::Name(name) => name.capacity(),
            Self::Status { message, .. } => message.as_ref().map_or(0, String::capacity),
            _ => 0,
        };
        behind + self.json().map_or(0, Json::held)
    }
}

/// Streams are made of thousands: what is rare and large is boxed.
const _: () = assert!(size_of::<(Timestamp, Change)>() <= 80);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_that_of_a_change() {
        for name in Change::JSON_NAMES {
            assert!(Change::of_json(name, Json::default(), Gathered::ByHand).is_some(), "{name}");
        }
    }
}
