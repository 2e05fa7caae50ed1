//! Attributes that hold JSON: whether it is, and whether it has the shape of the conventions.

use super::{Findings, Seen, finding::Rule};
use crate::json::{Doc, Node};

/// What an attribute's text should be.
#[derive(Clone, Copy)]
enum Shape {
    /// A list, each item as the function says; it gives what is wrong.
    List(fn(Node<'_>) -> Option<&'static str>),
    /// A list of strings, or one word.
    Words,
    /// JSON, where it looks like a structure.
    Anything,
}

/// The operations whose messages are other objects: states and questions, not what somebody says.
const WITHOUT_MESSAGES: [&str; 3] = ["gen_ai.decide", "gen_ai.extract", "gen_ai.evaluate"];

fn shape_of(key: &str) -> Option<Shape> {
    Some(match key {
        "gen_ai.input.messages" => Shape::List(message),
        "gen_ai.output.messages" => Shape::List(answer),
        "gen_ai.system_instructions" => Shape::List(part),
        "gen_ai.request.messages" => Shape::List(old_message),
        "gen_ai.tool.definitions" | "gen_ai.request.available_tools" | "gen_ai.response.tool_calls" => {
            Shape::List(object)
        }
        "gen_ai.memory.records" => Shape::List(record),
        "gen_ai.response.finish_reasons" | "gen_ai.response.finish_reason" => Shape::Words,
        "gen_ai.tool.call.arguments"
        | "gen_ai.tool.call.result"
        | "gen_ai.tool.input"
        | "gen_ai.tool.output"
        | "gen_ai.request.schema" => Shape::Anything,
        _ => return None,
    })
}

/// Looks at every attribute that should be JSON.
pub(super) fn check(span: &Seen, findings: &mut Findings) {
    let has_messages = !span.op.as_deref().is_some_and(|op| WITHOUT_MESSAGES.contains(&op));
    for (key, value) in span.attributes.iter() {
        let (Some(shape), Some(text)) = (shape_of(key), value.as_str()) else { continue };
        let doc = Doc::parse(text.as_bytes());
        let looks_like_json = text.trim_start().starts_with(['[', '{']);
        let must_be_json = match shape {
            Shape::List(_) => true,
            Shape::Words => text.trim_start().starts_with('['),
            Shape::Anything => looks_like_json,
        };
        let Some(doc) = doc else {
            if must_be_json {
                findings.error(Rule::Json, key, format!("`{key}` cannot be read as JSON"));
            }
            continue;
        };
        let is_exempt = !has_messages && key.ends_with(".messages");
        if let Some(wrong) = fault(shape, doc.root(), is_exempt) {
            findings.error(Rule::Shape, key, format!("`{key}`: {wrong}"));
        }
    }
}

/// What is wrong with a value, by its shape.
fn fault(shape: Shape, root: Node<'_>, is_exempt: bool) -> Option<&'static str> {
    match shape {
        Shape::List(_) if !root.is_array() => Some("it is no list"),
        Shape::List(_) if is_exempt => None,
        Shape::List(item) => root.items().find_map(item),
        Shape::Words if root.is_array() && !root.items().all(Node::is_string) => {
            Some("it is no list of strings")
        }
        Shape::Words | Shape::Anything => None,
    }
}

fn message(message: Node<'_>) -> Option<&'static str> {
    let role = message.get("role").str();
    match role.as_deref() {
        None => Some("a message has no role"),
        Some("system" | "user" | "assistant" | "tool") => {
            let parts = message.get("parts");
            if parts.is_array() {
                parts.items().find_map(part)
            } else {
                Some("a message has no list of parts")
            }
        }
        Some(_) => Some("a role is none of system, user, assistant, tool"),
    }
}

fn answer(answer: Node<'_>) -> Option<&'static str> {
    // What an agent's run brought forth includes what its tools said.
    let is_ours = answer.get("role").is("assistant") || answer.get("role").is("tool");
    message(answer)
        .or_else(|| (!is_ours).then_some("an answer is neither from the assistant nor from a tool"))
}

fn part(part: Node<'_>) -> Option<&'static str> {
    let kind = part.get("type").str();
    match kind.as_deref() {
        None => Some("a part has no type"),
        Some("text" | "reasoning") if !part.get("content").is_string() => {
            Some("a part that is text or reasoning has no content")
        }
        Some("tool_call") if !part.get("name").is_string() => Some("a tool call has no name"),
        Some("tool_call_response") if !part.has("response") && !part.has("result") => {
            Some("the answer of a tool has no response")
        }
        Some(_) => None,
    }
}

fn old_message(message: Node<'_>) -> Option<&'static str> {
    if !message.get("role").is_string() {
        return Some("a message has no role");
    }
    (!message.has("content")).then_some("a message has no content")
}

fn record(record: Node<'_>) -> Option<&'static str> {
    (!record.has("content")).then_some("a record has no content")
}

fn object(item: Node<'_>) -> Option<&'static str> {
    (!item.is_object()).then_some("an item is no object")
}
