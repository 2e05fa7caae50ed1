//! What a tool that Bedrock runs gives back, in pieces -> the block that would have come at once.
//! Source: the API reference of Bedrock Runtime, `ToolResultBlockStart` and `ToolResultBlockDelta`.

use super::Node;
use crate::{
    config::MAX_CAPTURE_BYTES,
    json::{Doc, Object, escape_text},
};

/// The block as far as it came.
#[derive(Clone, Debug)]
pub(super) struct ToolResult {
    id: Option<String>,
    status: Option<String>,
    /// What came, as JSON without the brackets around it.
    content: String,
    /// Whether the last piece is a text, which the next one goes on with.
    is_text: bool,
}

impl ToolResult {
    /// Begins with the id of the call that it answers, and how that went.
    pub fn begin(start: Node<'_>) -> Self {
        let [id, status] = ["toolUseId", "status"].map(|name| start.get(name).words().map(Into::into));
        Self { id, status, content: String::new(), is_text: false }
    }

    /// Takes a piece: texts go on, structures come whole. Gives how many characters there was no room for.
    pub fn push(&mut self, piece: Node<'_>) -> usize {
        /// The end of a text and of the block that it is.
        const END: &str = "\"}";
        if self.content.len() > MAX_CAPTURE_BYTES {
            return piece.length();
        }
        let Some(text) = piece.get("text").str() else {
            self.is_text = false;
            self.separate();
            piece.write(&mut self.content);
            return 0;
        };
        if self.is_text {
            self.content.truncate(self.content.len().saturating_sub(END.len()));
        } else {
            self.separate();
            self.content.push_str("{\"text\":\"");
        }
        escape_text(&mut self.content, &text);
        self.content.push_str(END);
        self.is_text = true;
        0
    }

    fn separate(&mut self) {
        if !self.content.is_empty() {
            self.content.push(',');
        }
    }

    /// Hands over the block as Bedrock would have written it.
    pub fn read(self, then: impl FnOnce(Node<'_>)) {
        let Self { id, status, content, .. } = self;
        let mut json = String::new();
        Object::begin(&mut json)
            .member("toolResult", |out| {
                Object::begin(out)
                    .maybe("toolUseId", id.as_deref())
                    .maybe("status", status.as_deref())
                    .member("content", |out| {
                        out.reserve_exact(content.len() + "[]}}".len());
                        out.push('[');
                        out.push_str(&content);
                        out.push(']');
                    })
                    .end();
            })
            .end();
        drop(content);
        if let Some(doc) = Doc::parse(json.as_bytes()) {
            then(doc.root());
        }
    }
}
