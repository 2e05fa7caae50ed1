//! Deprecated keys -> current ones, as far as the conventions name a replacement.

use super::{Conventions, MESSAGES, OUTPUT, SYSTEM, TEXT, TOOL_CALLS};
use crate::{
    attributes::{
        Attributes, Value,
        registry::{self, Entry, Known},
    },
    config::InputMessages,
    json::{Doc, Node, Object, list, to_text},
    messages::{Conversation, Message, Part, answers, instructions, write_messages, write_parts},
};

/// Moves every deprecated value to the key that replaces it. A current key that is set wins; a deprecated one
/// without replacement, or whose value makes no sense, stays. Where deprecated names are sent as well, what
/// was set under them stays beside what it became.
pub(crate) fn translate(attributes: &mut Attributes, conventions: Conventions) {
    let found = attributes.known().filter_map(Known::entry);
    let replaced: Vec<&Entry> = found.filter(|entry| entry.replacement.is_some()).collect();
    if replaced.is_empty() {
        return;
    }
    let mut reader = Reader { attributes, conventions };
    for key in MESSAGES.1 {
        reader.translate(key, MESSAGES.0, messages);
    }
    for key in SYSTEM.1 {
        reader.translate(key, SYSTEM.0, system);
    }
    reader.answer();
    reader.translate("mcp.tool.result.is_error", "error.type", tool_error);
    for entry in replaced {
        let Some(replacement) = entry.replacement.and_then(registry::find) else { continue };
        let has_another_shape = [MESSAGES.0, SYSTEM.0, OUTPUT].contains(&replacement.key);
        if replacement.kind == entry.kind && !has_another_shape {
            reader.translate(entry.key, replacement.key, |value, attributes| {
                attributes.set(replacement.key, value.clone());
                true
            });
        }
    }
}

struct Reader<'a> {
    attributes: &'a mut Attributes,
    conventions: Conventions,
}

impl Reader<'_> {
    /// Reads the value of a key, if it is set, for the key that replaces it. `read` says whether it could.
    fn translate(&mut self, key: &str, replacement: &str, read: impl Fn(&Value, &mut Attributes) -> bool) {
        let Some(value) = self.attributes.remove(key) else { return };
        let current = self.attributes.get(replacement);
        let is_beaten = current.is_some_and(|current| *current != value);
        let is_read = current.is_some() || read(&value, self.attributes);
        self.keep(key, value, is_read, is_beaten);
    }

    /// Puts a value back where it stays under its deprecated name.
    fn keep(&mut self, key: &str, value: Value, is_read: bool, is_beaten: bool) {
        let stays = match self.conventions {
            Conventions::Current => false,
            // What was set under the current name is what is meant.
            Conventions::Legacy => !is_beaten,
            Conventions::Both => true,
        };
        if stays || !is_read {
            self.attributes.set(key.to_owned(), value);
        }
    }

    /// `response.text` and `response.tool_calls` are one answer.
    fn answer(&mut self) {
        let is_beaten = self.attributes.contains(OUTPUT);
        let (text, calls) = (self.attributes.remove(TEXT), self.attributes.remove(TOOL_CALLS));
        let texts = text.as_ref().map(text_of);
        let wanted = calls.as_ref().and_then(wanted_calls);
        let texts = texts.as_deref().map(said);
        let said = texts.as_ref().map(|doc| answers(doc.root())).unwrap_or_default();
        let wanted_parts = wanted.as_ref().map(|doc| answers(doc.root())).unwrap_or_default();
        if !is_beaten {
            write_answer(self.attributes, said, wanted_parts);
        }
        let is_read = is_beaten || wanted.is_some();
        if let Some(text) = text {
            self.keep(TEXT, text, true, is_beaten);
        }
        if let Some(calls) = calls {
            self.keep(TOOL_CALLS, calls, is_read, is_beaten);
        }
    }
}

/// All texts, and after them all calls, are parts of one message (the conventions'
/// `gen_ai_response_to_output_messages`).
fn write_answer(attributes: &mut Attributes, said: Vec<Message<'_>>, wanted: Vec<Message<'_>>) {
    let reason = said.iter().rev().find_map(|message| message.finish_reason.clone());
    let parts: Vec<Part<'_>> = said.into_iter().chain(wanted).flat_map(|message| message.parts).collect();
    if !parts.is_empty() {
        attributes.set(OUTPUT, write_messages(&[Message::answer(parts).stopped(reason)]));
    }
}

/// `{role, content}` becomes `{role, parts}`, and what the system says goes to its own key. A list of texts is
/// a list of what a user says (the conventions' `gen_ai_request_messages_to_input_messages`).
fn messages(value: &Value, attributes: &mut Attributes) -> bool {
    let text = text_of(value);
    let doc = structure(&text);
    let root = doc.root();
    if root.is_array() && root.items().all(Node::is_string) {
        let say = |text| Message { role: "user".into(), parts: vec![Part::Text(text)], finish_reason: None };
        let messages: Vec<Message<'_>> = root.items().filter_map(Node::str).map(say).collect();
        if !messages.is_empty() {
            attributes.set(MESSAGES.0, write_messages(&messages));
        }
    } else {
        Conversation::read(root, InputMessages::All).write(attributes);
    }
    true
}

fn system(value: &Value, attributes: &mut Attributes) -> bool {
    let text = text_of(value);
    attributes.set(SYSTEM.0, write_parts(&instructions(structure(&text).root())));
    true
}

/// What MCP says with a flag, the conventions say with a type of error, or with none.
fn tool_error(value: &Value, attributes: &mut Attributes) -> bool {
    if *value == Value::Bool(true) {
        attributes.set("error.type", "tool_error");
    }
    matches!(value, Value::Bool(_))
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| to_text(&value.to_json()), str::to_owned)
}

/// The JSON inside a text; a text that holds no structure is itself.
fn structure(text: &str) -> Doc<'_> {
    match Doc::parse(text.as_bytes()) {
        Some(doc) if doc.root().is_array() || doc.root().is_object() => doc,
        _ => Doc::string(text),
    }
}

/// What a model said: a text, a list of texts, or messages. JSON that is none of these is a text, to the
/// letter: models write JSON too.
fn said(text: &str) -> Doc<'_> {
    let is_message = |node: Node<'_>| node.any(&["content", "parts", "role"]).is_some();
    let is_said = |node: Node<'_>| node.is_string() || is_message(node);
    match Doc::parse(text.as_bytes()) {
        Some(doc) if is_said(doc.root()) || (doc.root().is_array() && doc.root().items().all(is_said)) => {
            without_none(&doc).unwrap_or(doc)
        }
        _ => Doc::string(text),
    }
}

/// The same messages without members that are nothing: the Python SDK wrote `None` as a word.
fn without_none<'a>(doc: &Doc<'_>) -> Option<Doc<'a>> {
    let is_none = |message: Node<'_>| message.members().any(|(_, value)| value.is("None"));
    if !is_none(doc.root()) && !doc.root().items().any(is_none) {
        return None;
    }
    let write = |out: &mut String, message: Node<'_>| {
        if !message.is_object() {
            return message.write(out);
        }
        let members = message.members().filter(|(_, value)| !value.is("None"));
        members.fold(Object::begin(out), |object, (key, value)| object.entry(&key.text(), value)).end();
    };
    let mut out = String::new();
    if doc.root().is_array() {
        list(&mut out, doc.root().items(), write);
    } else {
        write(&mut out, doc.root());
    }
    Doc::of(out.into())
}

/// A message that wants tools, out of a list of calls or one call; `None` where it is neither.
fn wanted_calls(value: &Value) -> Option<Doc<'static>> {
    let text = text_of(value);
    let doc = Doc::parse(text.as_bytes())?;
    let root = doc.root();
    let mut message = String::new();
    let write = |out: &mut String| {
        if root.is_object() {
            out.push('[');
            root.write(out);
            out.push(']');
        } else {
            root.write(out);
        }
    };
    Object::begin(&mut message).member("tool_calls", write).end();
    let is_calls = root.is_object() || (root.is_array() && root.items().all(Node::is_object));
    if is_calls { Doc::of(message.into()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as JsonValue, json};

    fn read(pairs: &[(&'static str, &str)], conventions: Conventions) -> Vec<(String, JsonValue)> {
        let mut attributes = Attributes::default();
        for (key, value) in pairs {
            attributes.set(*key, *value);
        }
        translate(&mut attributes, conventions);
        attributes.iter().map(|(key, value)| (key.to_owned(), value.to_json())).collect()
    }

    fn translated(pairs: &[(&'static str, &str)]) -> Vec<(String, JsonValue)> {
        read(pairs, Conventions::Current)
    }

    /// The messages that one deprecated key becomes.
    fn messages_of(key: &'static str, value: &JsonValue) -> JsonValue {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let [(_, messages)] = translated(&[(key, &text)]).try_into().unwrap();
        serde_json::from_str(messages.as_str().unwrap()).unwrap()
    }

    fn text(content: &str) -> JsonValue {
        json!({"type": "text", "content": content})
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
    fn request_messages_in_every_shape() {
        let user = |parts: &[JsonValue]| json!({"role": "user", "parts": parts});
        for (value, wanted) in [
            (json!("hello"), json!([user(&[text("hello")])])),
            (json!(["hello", "world"]), json!([user(&[text("hello")]), user(&[text("world")])])),
            (json!([{"role": "user", "content": "hello"}]), json!([user(&[text("hello")])])),
            (json!([{"role": "user", "message": "hello"}]), json!([user(&[text("hello")])])),
            (
                json!([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]),
                json!([user(&[text("a"), text("b")])]),
            ),
            (json!([{"role": "user", "parts": [text("right")]}]), json!([user(&[text("right")])])),
            (
                json!([{"role": "tool", "content": {"toolCallId": "1", "toolName": "Weather", "output": "rainy"}}]),
                json!([{"role": "tool", "parts": [
                    {"type": "tool_call_response", "id": "1", "response": "rainy"}
                ]}]),
            ),
        ] {
            assert_eq!(messages_of("gen_ai.request.messages", &value), wanted, "{value}");
        }
        assert_eq!(translated(&[("gen_ai.request.messages", "[]")]), []);
    }

    #[test]
    fn response_text_in_every_shape() {
        let answer = |parts: &[JsonValue]| json!([{"role": "assistant", "parts": parts}]);
        for (value, wanted) in [
            (json!("Paris"), answer(&[text("Paris")])),
            (json!("\"Paris\""), answer(&[text("Paris")])),
            (json!(["a", "b"]), answer(&[text("a"), text("b")])),
            (json!({"content": "Paris", "tool_calls": "None", "refusal": "None"}), answer(&[text("Paris")])),
            (json!([{"content": "a", "audio": "None"}, "None"]), answer(&[text("a"), text("None")])),
            (json!([{"role": "assistant", "content": "Paris"}]), answer(&[text("Paris")])),
            (json!([{"role": "assistant", "parts": [text("a")]}, "b"]), answer(&[text("a"), text("b")])),
            (json!("{\"city\": \"Paris\"}"), answer(&[text("{\"city\": \"Paris\"}")])),
            (json!("[1, 2]"), answer(&[text("[1, 2]")])),
        ] {
            assert_eq!(messages_of("gen_ai.response.text", &value), wanted, "{value}");
        }
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
        let call = json!({"name": "look", "arguments": {}});
        assert_eq!(
            messages_of("gen_ai.response.tool_calls", &call),
            json!([{"role": "assistant", "parts": [{"type": "tool_call", "name": "look", "arguments": {}}]}])
        );
    }

    #[test]
    fn what_makes_no_sense_or_has_no_replacement_stays() {
        for pair in [("gen_ai.response.tool_calls", "none"), ("gen_ai.tool.type", "function")] {
            assert_eq!(translated(&[pair]), [(pair.0.to_owned(), pair.1.into())]);
        }
    }

    #[test]
    fn a_current_key_beats_its_deprecated_twin() {
        let pairs = [("gen_ai.tool.input", "old"), ("gen_ai.tool.call.arguments", "new")];
        let current = ("gen_ai.tool.call.arguments".to_owned(), JsonValue::from("new"));
        let old = ("gen_ai.tool.input".to_owned(), JsonValue::from("old"));
        assert_eq!(read(&pairs, Conventions::Current), std::slice::from_ref(&current));
        assert_eq!(read(&pairs, Conventions::Legacy), std::slice::from_ref(&current));
        assert_eq!(read(&pairs, Conventions::Both), [current, old]);
    }

    #[test]
    fn saying_the_same_twice_is_no_contradiction() {
        let pairs = [("gen_ai.tool.name", "look"), ("mcp.tool.name", "look")];
        assert_eq!(read(&pairs, Conventions::Legacy).len(), 2);
        assert_eq!(read(&pairs, Conventions::Current).len(), 1);
    }

    #[test]
    fn what_was_set_under_old_names_stays_where_they_are_sent() {
        let pairs = [("gen_ai.prompt", "Hi"), ("gen_ai.response.text", "Ho"), ("gen_ai.system", "openai")];
        let keys =
            |conventions| read(&pairs, conventions).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let current = ["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.provider.name"];
        let mut both = [&current[..], &pairs.map(|(key, _)| key)].concat();
        both.sort_unstable();
        assert_eq!(keys(Conventions::Current), current);
        assert_eq!(keys(Conventions::Both), both);
        assert_eq!(keys(Conventions::Legacy), both);
    }

    #[test]
    fn mcp_names_are_those_of_gen_ai() {
        assert_eq!(
            translated(&[
                ("mcp.tool.name", "look"),
                ("mcp.prompt.name", "greet"),
                ("mcp.request.id", "7"),
                ("mcp.tool.result.content", "sunny"),
                ("mcp.tool.result.is_error", "true"),
            ])
            .into_iter()
            .map(|(key, value)| format!("{key}={}", value.as_str().unwrap()))
            .collect::<Vec<_>>(),
            [
                "error.type=tool_error",
                "gen_ai.prompt.name=greet",
                "gen_ai.tool.call.result=sunny",
                "gen_ai.tool.name=look",
                "jsonrpc.request.id=7",
            ]
        );
        assert_eq!(translated(&[("mcp.tool.result.is_error", "false")]), []);
        assert_eq!(translated(&[("mcp.tool.result.is_error", "perhaps")]).len(), 1);
    }
}
