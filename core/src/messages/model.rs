//! `{role, parts}`: the shape of `gen_ai.input.messages` and `gen_ai.output.messages`, read from any of
//! the shapes in which programs and vendors write messages.

use serde::Serialize;
use serde_json::{Value, json};

use super::blobs;

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`; a role nobody knows stays as it is.
    pub role: String,
    /// What it is made of, in order.
    pub parts: Vec<Part>,
    /// Why the model stopped, on output messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
}

/// A part of a message, named as the conventions name it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Words.
    Text {
        /// The words.
        content: String,
    },
    /// The model's thinking.
    Reasoning {
        /// The thoughts, as far as the vendor shows them.
        content: String,
    },
    /// The model wants a tool.
    ToolCall {
        /// The call's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The tool.
        name: String,
        /// Arguments, as structure where they are one.
        arguments: Value,
    },
    /// What a tool gave back.
    ToolCallResponse {
        /// The call's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The result. The conventions (0.33.0) call it `response`, as OpenTelemetry does.
        response: Value,
    },
    /// Binary data, which is never kept.
    Blob {
        /// `image`, `audio`, `video` or `document`.
        modality: String,
        /// Media type, where it is known.
        mime_type: String,
        /// `[Blob substitute]`.
        content: String,
        /// Bytes that were there, where that can be told.
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<usize>,
    },
    /// Data behind an address.
    Uri {
        /// `image`, `audio`, `video` or `document`.
        modality: String,
        /// Media type, where it is known.
        mime_type: String,
        /// The address.
        uri: String,
    },
    /// Data that the vendor holds.
    File {
        /// `image`, `audio`, `video` or `document`.
        modality: String,
        /// Media type, where it is known.
        mime_type: String,
        /// The vendor's id.
        file_id: String,
    },
    /// Something else, as it was.
    #[serde(untagged)]
    Other(Value),
}

/// What goes into a model: messages, and beside them what the system says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// `gen_ai.system_instructions`
    pub system: Vec<Part>,
    /// `gen_ai.input.messages`
    pub messages: Vec<Message>,
}

impl Conversation {
    /// Reads a text (what a user says), one message or a list of messages. Total: what is no message is
    /// kept as a part of one.
    pub fn read(value: Value) -> Self {
        let mut conversation = Self::default();
        for message in read_messages(value, "user") {
            if message.role == "system" {
                conversation.system.extend(message.parts);
            } else {
                conversation.messages.push(message);
            }
        }
        conversation
    }

    /// Reads what a model said: a text, one message or a list of messages.
    pub fn read_answers(value: Value) -> Self {
        Self { system: Vec::new(), messages: read_messages(value, "assistant") }
    }
}

/// System instructions: a text, a list of texts, parts or messages.
pub fn instructions(value: Value) -> Vec<Part> {
    read_messages(value, "system").into_iter().flat_map(|message| message.parts).collect()
}

/// The JSON string that goes into an attribute.
pub fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read_messages(value: Value, default_role: &str) -> Vec<Message> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Array(items) if items.iter().any(is_message) => {
            items.into_iter().map(|item| read_message(item, default_role)).collect()
        }
        message @ Value::Object(_) if is_message(&message) => vec![read_message(message, default_role)],
        content => {
            vec![Message { role: default_role.to_owned(), parts: read_parts(content), finish_reason: None }]
        }
    }
}

fn is_message(value: &Value) -> bool {
    value.get("role").is_some() || value.get("parts").is_some() || value.get("tool_calls").is_some()
}

fn read_message(value: Value, default_role: &str) -> Message {
    let role = role(value.get("role").and_then(Value::as_str).unwrap_or(default_role)).to_owned();
    let finish_reason = value.get("finish_reason").and_then(Value::as_str).map(str::to_owned);
    let Value::Object(mut fields) = value else {
        return Message { role, parts: read_parts(value), finish_reason };
    };
    let mut parts = Vec::new();
    for key in ["reasoning_content", "reasoning"] {
        if let Some(content) = fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()) {
            parts.push(Part::Reasoning { content: content.to_owned() });
            break;
        }
    }
    let content = fields.remove("parts").or_else(|| fields.remove("content")).unwrap_or(Value::Null);
    let answered = fields.get("tool_call_id").and_then(Value::as_str).map(str::to_owned);
    if role == "tool" && !is_list_of(&content, "tool_call_response") {
        let response = plain_text(&content).map_or(content, Value::from);
        parts.push(Part::ToolCallResponse { id: answered, response });
    } else {
        parts.extend(read_parts(content));
    }
    if let Some(refusal) = fields.get("refusal").and_then(Value::as_str) {
        parts.push(Part::Text { content: refusal.to_owned() });
    }
    if let Some(Value::Array(calls)) = fields.remove("tool_calls") {
        parts.extend(calls.into_iter().map(wanted_call));
    }
    if let Some(call @ Value::Object(_)) = fields.remove("function_call") {
        parts.push(wanted_call(call));
    }
    Message { role, parts, finish_reason }
}

fn is_list_of(content: &Value, kind: &str) -> bool {
    content
        .as_array()
        .is_some_and(|parts| parts.iter().any(|part| part.get("type").and_then(Value::as_str) == Some(kind)))
}

/// The words of a content that is nothing but text.
fn plain_text(content: &Value) -> Option<String> {
    let parts = content.as_array()?;
    parts
        .iter()
        .map(|part| part.get("text").and_then(Value::as_str))
        .collect::<Option<Vec<_>>>()
        .map(|texts| texts.concat())
}

/// The roles of the conventions for what vendors and frameworks say.
fn role(word: &str) -> &str {
    match word {
        "human" => "user",
        "ai" | "model" => "assistant",
        "function" => "tool",
        "developer" => "system",
        other => other,
    }
}

fn read_parts(content: Value) -> Vec<Part> {
    match content {
        Value::Null => Vec::new(),
        Value::String(text) => vec![Part::Text { content: text }],
        Value::Array(items) => items.into_iter().map(read_part).collect(),
        other => vec![read_part(other)],
    }
}

fn read_part(part: Value) -> Part {
    match known_part(&part) {
        Some(known) => known,
        // The conventions want every part to say its type.
        None if part.get("type").is_some_and(Value::is_string) => Part::Other(part),
        None => Part::Text { content: part.to_string() },
    }
}

/// A part of a type that is known here and holds what that type needs.
fn known_part(part: &Value) -> Option<Part> {
    let text = |key: &str| part.get(key).and_then(Value::as_str).map(str::to_owned);
    let words = || text("text").or_else(|| text("content"));
    Some(match part.get("type").and_then(Value::as_str) {
        None if part.is_string() => Part::Text { content: part.as_str()?.to_owned() },
        None | Some("text" | "input_text" | "output_text") => Part::Text { content: words()? },
        Some("refusal") => Part::Text { content: text("refusal")? },
        Some("reasoning" | "thinking") => Part::Reasoning { content: text("thinking").or_else(words)? },
        Some("tool_call" | "function") => tool_call(part)?,
        Some("tool_call_response") => Part::ToolCallResponse {
            id: text("id"),
            response: part.get("response").or_else(|| part.get("result")).cloned().unwrap_or(Value::Null),
        },
        Some(kind) => blobs::read(kind, part)?,
    })
}

/// A call out of a list of calls; one that makes no sense is kept as it is.
fn wanted_call(call: Value) -> Part {
    tool_call(&call).unwrap_or_else(|| read_part(call))
}

/// `{id, function: {name, arguments}}` or `{id, name, arguments}`, the arguments as text or structure.
fn tool_call(call: &Value) -> Option<Part> {
    let function = call.get("function").unwrap_or(call);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = text(function, "name")?;
    let arguments = function.get("arguments").or_else(|| function.get("args")).unwrap_or(&Value::Null);
    Some(Part::ToolCall { id: text(call, "id"), name, arguments: structure(arguments) })
}

/// The JSON that a text holds; text that holds none stays text.
pub(super) fn structure(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => json!({}),
        Value::String(text) => match crate::json::parse(text.as_bytes()) {
            Some(inner @ (Value::Object(_) | Value::Array(_))) => inner,
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Value {
        let conversation = Conversation::read(value);
        json!({"system": conversation.system, "messages": conversation.messages})
    }

    #[test]
    fn a_text_is_what_the_user_says() {
        assert_eq!(
            read(json!("Hi")),
            json!({"system": [], "messages": [
                {"role": "user", "parts": [{"type": "text", "content": "Hi"}]}
            ]})
        );
    }

    #[test]
    fn roles_and_parts_of_openai() {
        assert_eq!(
            read(json!([
                {"role": "developer", "content": "Be brief."},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}
                ]},
                {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "sunny"}]},
            ])),
            json!({
                "system": [{"type": "text", "content": "Be brief."}],
                "messages": [
                    {"role": "assistant", "parts": [
                        {"type": "tool_call", "id": "c1", "name": "f", "arguments": {"a": 1}}
                    ]},
                    {"role": "tool", "parts": [
                        {"type": "tool_call_response", "id": "c1", "response": "sunny"}
                    ]},
                ]
            })
        );
    }

    #[test]
    fn parts_that_are_already_right_stay() {
        let messages = json!([{"role": "assistant", "parts": [
            {"type": "reasoning", "content": "Hm"}, {"type": "text", "content": "Hi"},
            {"type": "tool_call", "id": "1", "name": "f", "arguments": {}}
        ]}]);
        assert_eq!(read(messages.clone())["messages"], messages);
    }

    #[test]
    fn nonsense_is_kept_and_never_panics() {
        for odd in [json!(3), json!([1, null, "a"]), json!({"a": 1}), json!([{"role": 5}]), json!([[[]]])] {
            assert!(!read(odd)["messages"].as_array().unwrap().is_empty());
        }
        assert_eq!(read(json!(null))["messages"], json!([]));
    }
}
