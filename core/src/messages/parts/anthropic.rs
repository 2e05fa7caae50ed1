//! Content blocks of Anthropic's messages.

use crate::{json::Node, messages::model::Part};

/// A content block.
pub(super) fn part<'a>(kind: &str, part: Node<'a>) -> Option<Part<'a>> {
    match kind {
        "thinking" => part.any(&["thinking", "text", "content"]).str().map(Part::Reasoning),
        _ => None,
    }
}
