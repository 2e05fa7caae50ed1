//! Deprecated keys -> current ones, as far as the conventions name a replacement.

use serde_json::{Value as JsonValue, json};

use super::{Attributes, Value, registry};
use crate::messages::{self, Conversation};

/// Moves every deprecated `gen_ai.*` value to the key that replaces it. A current key that is set wins;
/// a deprecated one without replacement stays.
pub fn translate(attributes: &mut Attributes) {
    translate_messages(attributes);
    translate_answer(attributes);
    for entry in registry::entries().filter(|entry| entry.deprecated) {
        let Some(replacement) = entry.replacement else { continue };
        if let Some(value) = attributes.remove(entry.key) {
            attributes.set_default(replacement, value);
        }
    }
}

/// `request.messages` and `prompt`: `{role, content}` becomes `{role, parts}`, and what the system said
/// goes to its own key.
fn translate_messages(attributes: &mut Attributes) {
    for key in ["gen_ai.request.messages", "gen_ai.prompt"] {
        if let Some(value) = attributes.remove(key)
            && !attributes.contains("gen_ai.input.messages")
        {
            let conversation = Conversation::read(read(&value));
            write_input(attributes, &conversation);
        }
    }
    if let Some(value) = attributes.remove("gen_ai.system.message") {
        let instructions = messages::instructions(read(&value));
        attributes.set_default("gen_ai.system_instructions", messages::to_json(&instructions));
    }
}

/// Sets what of a conversation is there.
pub(crate) fn write_input(attributes: &mut Attributes, conversation: &Conversation) {
    if !conversation.messages.is_empty() {
        attributes.set("gen_ai.input.messages", messages::to_json(&conversation.messages));
    }
    if !conversation.system.is_empty() {
        attributes.set_default("gen_ai.system_instructions", messages::to_json(&conversation.system));
    }
}

/// `response.text` (a text, or a JSON list of texts) and `response.tool_calls` become one answer.
fn translate_answer(attributes: &mut Attributes) {
    let text = attributes.remove("gen_ai.response.text");
    let calls = attributes.remove("gen_ai.response.tool_calls");
    if attributes.contains("gen_ai.output.messages") || (text.is_none() && calls.is_none()) {
        return;
    }
    let mut answers: Vec<JsonValue> = match text.as_ref().map(read) {
        Some(JsonValue::Array(texts)) => texts.into_iter().map(answer).collect(),
        Some(JsonValue::Null) | None => Vec::new(),
        Some(other) => vec![answer(other)],
    };
    if let Some(calls) = calls.as_ref().map(read) {
        match answers.last_mut() {
            Some(JsonValue::Object(last)) => {
                last.insert("tool_calls".to_owned(), calls);
            }
            _ => answers.push(json!({"role": "assistant", "tool_calls": calls})),
        }
    }
    let conversation = Conversation::read_answers(JsonValue::Array(answers));
    attributes.set("gen_ai.output.messages", messages::to_json(&conversation.messages));
}

fn answer(content: JsonValue) -> JsonValue {
    match content {
        message @ JsonValue::Object(_) if message.get("role").is_some() => message,
        content => json!({"role": "assistant", "content": content}),
    }
}

/// The JSON inside a string attribute; a string that is no structure is itself.
fn read(value: &Value) -> JsonValue {
    match value {
        Value::String(text) => match crate::json::parse(text.as_bytes()) {
            Some(structure @ (JsonValue::Array(_) | JsonValue::Object(_))) => structure,
            _ => JsonValue::from(text.as_str()),
        },
        other => other.to_json(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(pairs: &[(&'static str, &str)]) -> Vec<(String, JsonValue)> {
        let mut attributes = Attributes::default();
        for (key, value) in pairs {
            attributes.set(*key, *value);
        }
        translate(&mut attributes);
        attributes.iter().map(|(key, value)| (key.to_owned(), value.to_json())).collect()
    }

    #[test]
    fn the_documentations_request() {
        assert_eq!(
            translated(&[
                ("gen_ai.request.messages", r#"[{"role": "user", "content": "Tell me a joke"}]"#),
                ("gen_ai.response.text", r#"["Knock knock"]"#),
                ("gen_ai.usage.prompt_tokens", "7"),
            ]),
            [
                (
                    "gen_ai.input.messages".to_owned(),
                    r#"[{"role":"user","parts":[{"type":"text","content":"Tell me a joke"}]}]"#.into()
                ),
                (
                    "gen_ai.output.messages".to_owned(),
                    r#"[{"role":"assistant","parts":[{"type":"text","content":"Knock knock"}]}]"#.into()
                ),
                ("gen_ai.usage.input_tokens".to_owned(), 7.into()),
            ]
        );
    }

    #[test]
    fn text_and_tool_calls_are_one_answer() {
        assert_eq!(
            translated(&[
                ("gen_ai.response.text", "Let me look"),
                ("gen_ai.response.tool_calls", r#"[{"id": "1", "name": "look", "arguments": "{}"}]"#),
            ]),
            [(
                "gen_ai.output.messages".to_owned(),
                concat!(
                    r#"[{"role":"assistant","parts":[{"type":"text","content":"Let me look"},"#,
                    r#"{"type":"tool_call","id":"1","name":"look","arguments":{}}]}]"#
                )
                .into()
            )]
        );
    }

    #[test]
    fn a_current_key_beats_its_deprecated_twin() {
        assert_eq!(
            translated(&[("gen_ai.tool.input", "old"), ("gen_ai.tool.call.arguments", "new")]),
            [("gen_ai.tool.call.arguments".to_owned(), "new".into())]
        );
    }

    #[test]
    fn what_has_no_replacement_stays() {
        assert_eq!(
            translated(&[("gen_ai.tool.type", "function")]),
            [("gen_ai.tool.type".to_owned(), "function".into())]
        );
    }
}
