//! Deprecated keys -> current ones, as far as the conventions name a replacement.

use super::{Attributes, Value, registry};
use crate::{
    config::InputMessages,
    json::{Doc, Node, Object, list},
    messages::{Conversation, answers, instructions, write_messages, write_parts},
};

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
            let text = text_of(&value);
            let doc = structure(&text);
            Conversation::read(doc.root(), InputMessages::All).write(attributes);
        }
    }
    if let Some(value) = attributes.remove("gen_ai.system.message") {
        let text = text_of(&value);
        let parts = write_parts(&instructions(structure(&text).root()));
        attributes.set_default("gen_ai.system_instructions", parts);
    }
}

/// `response.text` (a text, or a JSON list of texts) and `response.tool_calls` become one answer.
fn translate_answer(attributes: &mut Attributes) {
    let texts = attributes.remove("gen_ai.response.text").map(|value| text_of(&value));
    let calls = attributes.remove("gen_ai.response.tool_calls").map(|value| text_of(&value));
    if attributes.contains("gen_ai.output.messages") || (texts.is_none() && calls.is_none()) {
        return;
    }
    let texts = texts.as_deref().map(structure);
    let calls = calls.as_deref().map(structure);
    let calls = calls.as_ref().map(Doc::root);
    let mut said: Vec<Node<'_>> = match texts.as_ref().map(Doc::root) {
        Some(text) if text.is_array() => text.items().collect(),
        Some(text) => vec![text],
        None => Vec::new(),
    };
    let last = said.pop().unwrap_or(Node::MISSING);
    let mut joined = String::new();
    list(
        &mut joined,
        said.into_iter().map(|text| (text, None)).chain([(last, calls)]),
        |out, (text, calls)| {
            answer(out, text, calls);
        },
    );
    let doc = structure(&joined);
    attributes.set("gen_ai.output.messages", write_messages(&answers(doc.root())));
}

/// A message that an older SDK wrote as a text, with the calls that it wrote beside it.
fn answer(out: &mut String, text: Node<'_>, calls: Option<Node<'_>>) {
    if text.get("role").is_some() && calls.is_none() {
        return text.write(out);
    }
    let content = if text.get("content").is_some() { text.get("content") } else { text };
    let message = Object::begin(out).text("role", "assistant").member("content", |out| content.write(out));
    match calls {
        Some(calls) => message.member("tool_calls", |out| calls.write(out)).end(),
        None => message.end(),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json().to_string(), str::to_owned)
}

/// The JSON inside a text; a text that holds no structure is itself.
fn structure(text: &str) -> Doc<'_> {
    match Doc::parse(text.as_bytes()) {
        Some(doc) if doc.root().is_array() || doc.root().is_object() => doc,
        _ => Doc::string(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value as JsonValue;

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
