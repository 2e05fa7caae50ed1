//! `{role, parts}`: the shape of `gen_ai.input.messages` and `gen_ai.output.messages`.

use std::borrow::Cow;

use super::blobs::substitute;
use crate::json::{Doc, Node, Object, list, quote};

/// Text that stands where it was read, or was put together.
pub(crate) type Text<'a> = Cow<'a, str>;

/// One message.
#[derive(Clone, Debug)]
pub(crate) struct Message<'a> {
    /// `system`, `user`, `assistant` or `tool`; a role nobody knows stays as it is.
    pub role: Text<'a>,
    /// What it is made of, in order.
    pub parts: Vec<Part<'a>>,
    /// Why the model stopped, on output messages.
    pub finish_reason: Option<Text<'a>>,
}

/// A part of a message, named as the conventions name it.
#[derive(Clone, Debug)]
pub(crate) enum Part<'a> {
    /// Words.
    Text(Text<'a>),
    /// The model's thinking, as far as the vendor shows it.
    Reasoning(Text<'a>),
    /// The model wants a tool.
    ToolCall { id: Option<Text<'a>>, name: Text<'a>, arguments: Data<'a> },
    /// What a tool gave back. The conventions (0.33.0) call it `response`, as OpenTelemetry does.
    ToolCallResponse { id: Option<Text<'a>>, response: Data<'a> },
    /// Binary data, which is never kept; its size in bytes where that can be told.
    Blob { modality: Text<'a>, mime_type: Text<'a>, size: Option<usize> },
    /// Data behind an address.
    Uri { modality: Text<'a>, mime_type: Text<'a>, uri: Text<'a> },
    /// Data that the vendor holds.
    File { modality: Text<'a>, mime_type: Text<'a>, file_id: Text<'a> },
    /// Something else, as it was.
    Other(Node<'a>),
    /// Parts that were written before, as JSON with commas between them.
    Written(&'a str),
}

/// A value inside a part.
#[derive(Clone, Debug)]
pub(crate) enum Data<'a> {
    /// As it stands in the payload.
    Node(Node<'a>),
    /// A text.
    Text(Text<'a>),
    /// JSON that was put together, or stood inside a string.
    Json(String),
}

/// What stands where binary data was.
pub(super) const SUBSTITUTE: &str = "[Blob substitute]";

impl<'a> Message<'a> {
    /// What a model says.
    pub fn answer(parts: Vec<Part<'a>>) -> Self {
        Self { role: Cow::Borrowed("assistant"), parts, finish_reason: None }
    }

    /// The same with its reason to stop.
    pub fn stopped(mut self, reason: Option<Text<'a>>) -> Self {
        self.finish_reason = reason;
        self
    }

    /// Writes it as JSON.
    pub fn write(&self, out: &mut String) {
        Object::begin(out)
            .text("role", &self.role)
            .member("parts", |out| list(out, &self.parts, |out, part| part.write(out)))
            .maybe("finish_reason", self.finish_reason.as_deref())
            .end();
    }
}

impl Part<'_> {
    /// Whether this is a text or a thought without a word; a stream has no such parts.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(content) | Self::Reasoning(content) if content.is_empty())
    }

    /// About how many bytes it is written with.
    pub fn length(&self) -> usize {
        /// Its type, the names of its members, quotes and commas.
        const AROUND: usize = 32;
        let content = match self {
            Self::Text(content) | Self::Reasoning(content) => content.len(),
            Self::ToolCall { name, arguments, .. } => name.len() + arguments.length(),
            Self::ToolCallResponse { response, .. } => response.length(),
            Self::Blob { .. } | Self::File { .. } => AROUND,
            Self::Uri { uri, .. } => uri.len(),
            Self::Other(part) => part.length(),
            Self::Written(json) => json.len(),
        };
        AROUND + content
    }

    /// Writes it as JSON.
    pub fn write(&self, out: &mut String) {
        let typed = |out, kind| Object::begin(out).text("type", kind);
        match self {
            Self::Text(content) => typed(out, "text").text("content", content).end(),
            Self::Reasoning(content) => typed(out, "reasoning").text("content", content).end(),
            Self::ToolCall { id, name, arguments } => typed(out, "tool_call")
                .maybe("id", id.as_deref())
                .text("name", name)
                .member("arguments", |out| arguments.write(out))
                .end(),
            Self::ToolCallResponse { id, response } => typed(out, "tool_call_response")
                .maybe("id", id.as_deref())
                .member("response", |out| response.write(out))
                .end(),
            Self::Blob { modality, mime_type, size } => {
                let blob = typed(out, "blob")
                    .text("modality", modality)
                    .text("mime_type", mime_type)
                    .text("content", SUBSTITUTE);
                match size {
                    Some(size) => blob.member("size", |out| out.push_str(&size.to_string())).end(),
                    None => blob.end(),
                }
            }
            Self::Uri { modality, mime_type, uri } => typed(out, "uri")
                .text("modality", modality)
                .text("mime_type", mime_type)
                .text("uri", uri)
                .end(),
            Self::File { modality, mime_type, file_id } => typed(out, "file")
                .text("modality", modality)
                .text("mime_type", mime_type)
                .text("file_id", file_id)
                .end(),
            Self::Other(part) => part.write_with(out, &substitute),
            Self::Written(json) => out.push_str(json),
        }
    }
}

impl Data<'_> {
    fn length(&self) -> usize {
        match self {
            Self::Node(node) => node.length(),
            Self::Text(text) => text.len(),
            Self::Json(json) => json.len(),
        }
    }

    /// Writes it as JSON.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Node(node) => node.write_with(out, &substitute),
            Self::Text(text) => quote(out, text),
            Self::Json(json) => out.push_str(json),
        }
    }
}

/// The structure that a text holds, as vendors write arguments; text that holds none stays text.
pub(crate) fn structure(text: Text<'_>) -> Data<'_> {
    if text.trim().is_empty() {
        return Data::Json("{}".to_owned());
    }
    match Doc::parse(text.as_bytes()) {
        Some(doc) if doc.root().is_object() || doc.root().is_array() => Data::Json(doc.root().compact()),
        _ => Data::Text(text),
    }
}

impl<'a> From<Node<'a>> for Data<'a> {
    /// A value as structure, also where it is a text that holds one.
    fn from(node: Node<'a>) -> Self {
        node.str().map_or(Self::Node(node), structure)
    }
}
