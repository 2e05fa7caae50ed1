//! Current keys -> deprecated ones: copies for servers and tools that know no others.

use std::borrow::Cow;

use super::{Conventions, MESSAGES, OUTPUT, SYSTEM, TEXT, TOOL_CALLS};
use crate::{
    attributes::{Attributes, Value},
    json::{Doc, Node, Object, list, quote},
    messages::{Removed, fit, size},
};

/// Current keys whose deprecated names hold the same value. Of several names for content the one is written
/// that the Sentry SDKs used: every copy takes room.
const SAME: &[(&str, &[&str])] = &[
    ("gen_ai.provider.name", &["gen_ai.system"]),
    ("gen_ai.response.finish_reasons", &["gen_ai.response.finish_reason"]),
    ("gen_ai.response.time_to_first_chunk", &["gen_ai.response.time_to_first_token"]),
    ("gen_ai.tool.call.arguments", &["gen_ai.tool.input"]),
    ("gen_ai.tool.call.result", &["gen_ai.tool.output"]),
    ("gen_ai.tool.definitions", &["gen_ai.request.available_tools"]),
    (
        "gen_ai.usage.cache_creation.input_tokens",
        &["gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.input_tokens.cache_write"],
    ),
    (
        "gen_ai.usage.cache_read.input_tokens",
        &["gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.input_tokens.cached"],
    ),
    ("gen_ai.usage.input_tokens", &["gen_ai.usage.prompt_tokens"]),
    ("gen_ai.usage.output_tokens", &["gen_ai.usage.completion_tokens"]),
    ("gen_ai.usage.reasoning.output_tokens", &["gen_ai.usage.output_tokens.reasoning"]),
];

/// The same on spans of MCP, whose names of tools and prompts were their own.
const SAME_IN_MCP: &[(&str, &[&str])] = &[
    ("gen_ai.prompt.name", &["mcp.prompt.name"]),
    ("gen_ai.tool.call.result", &["mcp.tool.result.content"]),
    ("gen_ai.tool.name", &["mcp.tool.name"]),
    ("jsonrpc.request.id", &["mcp.request.id"]),
];

/// Writes the attributes of a finished span under the names that were asked for. What was set under a
/// deprecated name is not overwritten. The copies count against `limit` like everything else: where there is
/// no room for both, both say less.
pub(crate) fn write_back(attributes: &mut Attributes, conventions: Conventions, limit: usize) -> Removed {
    /// What is short stays as it is, so that the first guess of how much has to go is too low.
    const TRIES: usize = 4;
    if conventions == Conventions::Current {
        return Removed::default();
    }
    let mut room = limit;
    for left in (0..TRIES).rev() {
        let mut named = attributes.clone();
        let mut removed = fit(&mut named, room);
        let copied = copy(&mut named);
        if conventions == Conventions::Legacy {
            for key in copied {
                named.remove(key);
            }
        }
        let all = size(&named);
        if all <= limit || left == 0 {
            removed.add(fit(&mut named, limit));
            *attributes = named;
            return removed;
        }
        room = usize::try_from(room as u64 * limit as u64 / all as u64).unwrap_or(limit);
    }
    Removed::default()
}

/// Adds the copies; gives the current keys that say nothing any more that their copies do not say.
fn copy(attributes: &mut Attributes) -> Vec<&'static str> {
    let mut copied = Vec::new();
    let is_mcp = attributes.iter().any(|(key, _)| key.starts_with("mcp."));
    let names = if is_mcp { SAME_IN_MCP } else { &[] };
    for (key, old) in names.iter().chain(SAME) {
        if let Some(value) = attributes.get(*key).cloned()
            && !copied.contains(key)
        {
            old.iter().for_each(|old| attributes.set_default(*old, value.clone()));
            copied.push(*key);
        }
    }
    copied.extend(copy_messages(attributes));
    copied.extend(copy_system(attributes));
    copied.extend(copy_answer(attributes));
    copied
}

/// What the system says stands before the messages, as the Sentry SDKs wrote it.
fn copy_messages(attributes: &mut Attributes) -> Option<&'static str> {
    let messages = attributes.get(MESSAGES.0)?;
    let old = match messages.as_str().and_then(|text| Doc::parse(text.as_bytes())) {
        Some(doc) if has_parts(doc.root()) => {
            let system = attributes.text(SYSTEM.0).and_then(|text| Doc::parse(text.as_bytes()));
            let system = system.as_ref().map(Doc::root).filter(|system| system.is_array());
            let system = system.map(|parts| Turn::new("system".into(), parts));
            let turns = system.into_iter().chain(doc.root().items().flat_map(Turn::of_message));
            let mut old = String::new();
            list(&mut old, turns, |out, turn| turn.write(out));
            Value::from(old)
        }
        _ => messages.clone(),
    };
    attributes.set_default("gen_ai.request.messages", old);
    Some(MESSAGES.0)
}

/// The words of the instructions, one after the other; what is not only words stays JSON.
fn copy_system(attributes: &mut Attributes) -> Option<&'static str> {
    let system = attributes.text(SYSTEM.0)?;
    let words = Doc::parse(system.as_bytes()).and_then(|doc| {
        let texts: Option<Vec<String>> =
            doc.root().items().map(|part| Some(text_part(part)?.into_owned())).collect();
        texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join("\n\n"))
    });
    let old = words.unwrap_or_else(|| system.to_owned());
    attributes.set_default("gen_ai.system.message", old);
    Some(SYSTEM.0)
}

/// The texts of all answers are one list, and so are the tools that they want. An answer that holds anything
/// else, like reasoning, has no other place than its own.
fn copy_answer(attributes: &mut Attributes) -> Option<&'static str> {
    let doc = Doc::parse(attributes.text(OUTPUT)?.as_bytes())?;
    if !has_parts(doc.root()) {
        return None;
    }
    let parts = || doc.root().items().flat_map(|message| message.get("parts").items());
    let is_call = |part: &Node<'_>| part.get("type").is("tool_call");
    let is_whole = parts().all(|part| is_call(&part) || text_part(part).is_some());
    let (mut texts, mut calls) = (String::new(), String::new());
    list(&mut texts, parts().filter_map(text_part), |out, text| quote(out, &text));
    list(&mut calls, parts().filter(is_call), call);
    for (key, list) in [(TEXT, texts), (TOOL_CALLS, calls)] {
        if list != "[]" {
            attributes.set_default(key, list);
        }
    }
    is_whole.then_some(OUTPUT)
}

/// Whether this is a list of `{role, parts}`.
fn has_parts(messages: Node<'_>) -> bool {
    messages.is_array() && messages.items().all(|message| message.get("parts").is_array())
}

fn text_part(part: Node<'_>) -> Option<Cow<'_, str>> {
    if part.get("type").is("text") { part.get("content").str() } else { None }
}

/// A message as `{role, content}`.
struct Turn<'a> {
    role: Cow<'a, str>,
    content: Vec<Node<'a>>,
    calls: Vec<Node<'a>>,
    /// What a tool gave back, which was a message of its own.
    answer: Option<Node<'a>>,
}

impl<'a> Turn<'a> {
    fn new(role: Cow<'a, str>, parts: Node<'a>) -> Self {
        let (calls, content) = parts.items().partition(|part: &Node<'_>| part.get("type").is("tool_call"));
        Self { role, content, calls, answer: None }
    }

    /// The results of tools, each by itself, and then the rest of the message.
    fn of_message(message: Node<'a>) -> Vec<Self> {
        let is_answer = |part: &Node<'_>| part.get("type").is("tool_call_response");
        let mut rest = Self::new(message.get("role").str().unwrap_or_default(), message.get("parts"));
        let (answers, content): (Vec<_>, Vec<_>) = rest.content.into_iter().partition(is_answer);
        rest.content = content;
        let is_rest = answers.is_empty() || !rest.content.is_empty() || !rest.calls.is_empty();
        let of_tool = |answer| Self {
            role: "tool".into(),
            content: Vec::new(),
            calls: Vec::new(),
            answer: Some(answer),
        };
        answers.into_iter().map(of_tool).chain(is_rest.then_some(rest)).collect()
    }

    fn write(self, out: &mut String) {
        let turn = Object::begin(out).text("role", &self.role);
        if let Some(answer) = self.answer {
            let turn = turn.maybe("tool_call_id", answer.get("id").str().as_deref());
            return turn.member("content", |out| answer.any(&["response", "result"]).write(out)).end();
        }
        let turn = turn.member("content", |out| content(out, &self.content));
        if self.calls.is_empty() {
            turn.end();
        } else {
            turn.member("tool_calls", |out| list(out, self.calls, call)).end();
        }
    }
}

/// One text is a string; several parts are a list, in which texts are `{type, text}` and others what they are.
fn content(out: &mut String, parts: &[Node<'_>]) {
    let texts: Option<Vec<_>> = parts.iter().map(|part| text_part(*part)).collect();
    match texts.as_deref() {
        Some([]) => quote(out, ""),
        Some([text]) => quote(out, text),
        _ => list(out, parts, |out, part| match text_part(*part) {
            Some(text) => Object::begin(out).text("type", "text").text("text", &text).end(),
            None => part.write(out),
        }),
    }
}

/// `{id, name, arguments}`
fn call(out: &mut String, part: Node<'_>) {
    Object::begin(out)
        .maybe("id", part.get("id").str().as_deref())
        .maybe("name", part.get("name").str().as_deref())
        .member("arguments", |out| part.get("arguments").write(out))
        .end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::legacy::translate;
    use serde_json::{Value as JsonValue, json};

    fn attributes(pairs: &[(&'static str, JsonValue)]) -> Attributes {
        let mut attributes = Attributes::default();
        for (key, value) in pairs {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            attributes.set(*key, text);
        }
        attributes
    }

    fn written(pairs: &[(&'static str, JsonValue)], conventions: Conventions) -> Attributes {
        let mut attributes = attributes(pairs);
        assert_eq!(write_back(&mut attributes, conventions, 100_000), Removed::default());
        attributes
    }

    fn text(content: &str) -> JsonValue {
        json!({"type": "text", "content": content})
    }

    /// A conversation with everything in it that has a deprecated form.
    fn conversation() -> [(&'static str, JsonValue); 5] {
        let call = json!({"type": "tool_call", "id": "c1", "name": "look", "arguments": {"city": "Paris"}});
        let result = |id: &str| json!({"type": "tool_call_response", "id": id, "response": {"sky": "grey"}});
        let image = json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                           "content": "[Blob substitute]"});
        [
            ("gen_ai.system_instructions", json!([text("Be brief."), text("Be kind.")])),
            (
                "gen_ai.input.messages",
                json!([
                    {"role": "user", "parts": [text("Look"), image]},
                    {"role": "assistant", "parts": [text("I look"), call]},
                    {"role": "tool", "parts": [result("c1")]},
                    {"role": "tool", "parts": [result("c2")]},
                    {"role": "user", "parts": [text("And?")]},
                ]),
            ),
            ("gen_ai.output.messages", json!([{"role": "assistant", "parts": [text("Grey."), call]}])),
            ("gen_ai.usage.cache_read.input_tokens", json!("7")),
            ("gen_ai.tool.definitions", json!([{"name": "look"}])),
        ]
    }

    #[test]
    fn messages_as_the_older_sdks_wrote_them() {
        let both = written(&conversation(), Conventions::Both);
        let json = |key: &str| serde_json::from_str::<JsonValue>(both.text(key).unwrap()).unwrap();
        assert_eq!(
            json("gen_ai.request.messages"),
            json!([
                {"role": "system", "content": [
                    {"type": "text", "text": "Be brief."}, {"type": "text", "text": "Be kind."}
                ]},
                {"role": "user", "content": [
                    {"type": "text", "text": "Look"},
                    {"type": "blob", "modality": "image", "mime_type": "image/png",
                     "content": "[Blob substitute]"}
                ]},
                {"role": "assistant", "content": "I look",
                 "tool_calls": [{"id": "c1", "name": "look", "arguments": {"city": "Paris"}}]},
                {"role": "tool", "tool_call_id": "c1", "content": {"sky": "grey"}},
                {"role": "tool", "tool_call_id": "c2", "content": {"sky": "grey"}},
                {"role": "user", "content": "And?"},
            ])
        );
        assert_eq!(both.text("gen_ai.system.message"), Some("Be brief.\n\nBe kind."));
        assert_eq!(json("gen_ai.response.text"), json!(["Grey."]));
        assert_eq!(
            json("gen_ai.response.tool_calls"),
            json!([{"id": "c1", "name": "look", "arguments": {"city": "Paris"}}])
        );
        for (key, value) in [
            ("gen_ai.usage.cache_read_input_tokens", 7.into()),
            ("gen_ai.usage.input_tokens.cached", 7.into()),
            ("gen_ai.request.available_tools", "[{\"name\":\"look\"}]".into()),
        ] {
            assert_eq!(both.get(key), Some(&value));
        }
    }

    #[test]
    fn what_is_written_back_reads_the_same_again() {
        let before = attributes(&conversation());
        let mut legacy = written(&conversation(), Conventions::Legacy);
        assert!(before.iter().all(|(key, _)| !legacy.contains(key)));
        translate(&mut legacy, Conventions::Current);
        assert_eq!(legacy, before);
    }

    #[test]
    fn an_answer_with_reasoning_keeps_its_place() {
        let reasoning = json!({"type": "reasoning", "content": "Hm"});
        let messages = json!([{"role": "assistant", "parts": [reasoning, text("a")]},
                              {"role": "assistant", "parts": [text("b")]}]);
        let legacy = written(&[(OUTPUT, messages)], Conventions::Legacy);
        assert_eq!(legacy.text(TEXT), Some("[\"a\",\"b\"]"));
        assert!(legacy.contains(OUTPUT) && !legacy.contains(TOOL_CALLS));
    }

    #[test]
    fn what_is_no_list_of_messages_is_copied_as_it_is() {
        for odd in [json!("Hi"), json!([{"role": "user", "content": "Hi"}]), json!({"a": 1})] {
            let both = written(&[(MESSAGES.0, odd.clone()), (OUTPUT, odd)], Conventions::Both);
            assert_eq!(both.text("gen_ai.request.messages"), both.text(MESSAGES.0));
            assert!(!both.contains(TEXT));
        }
    }

    #[test]
    fn mcp_spans_have_names_of_their_own() {
        let pairs = [("gen_ai.tool.name", json!("look")), ("gen_ai.tool.call.result", json!("grey"))];
        let plain = written(&pairs, Conventions::Legacy);
        assert_eq!(plain.text("gen_ai.tool.output"), Some("grey"));
        assert_eq!(plain.text("gen_ai.tool.name"), Some("look"));
        let [name, result] = pairs;
        let mcp = written(&[name, result, ("mcp.method.name", json!("tools/call"))], Conventions::Legacy);
        let keys: Vec<&str> = mcp.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["mcp.method.name", "mcp.tool.name", "mcp.tool.result.content"]);
    }

    #[test]
    fn copies_and_originals_share_the_room() {
        let long = |word: &str| text(&word.repeat(4000));
        let message = |role: &str, word: &str| json!({"role": role, "parts": [long(word)]});
        for limit in [1024, 5000, 20_000, 50_000] {
            for conventions in [Conventions::Both, Conventions::Legacy] {
                let mut attributes = attributes(&[
                    (MESSAGES.0, json!([message("user", "old"), message("user", "\"new\"")])),
                    (SYSTEM.0, json!([long("rule")])),
                    (OUTPUT, json!([message("assistant", "answer")])),
                    ("gen_ai.tool.call.result", json!("tool".repeat(4000))),
                    ("gen_ai.prompt", json!("own".repeat(4000))),
                ]);
                let removed = write_back(&mut attributes, conventions, limit);
                assert!(size(&attributes) <= limit, "{limit}: {}", size(&attributes));
                assert!(removed.characters + removed.messages > 0);
                for (key, value) in attributes.iter().filter(|(key, _)| key.contains("messages")) {
                    assert!(Doc::parse(value.as_str().unwrap().as_bytes()).is_some(), "{key}");
                }
            }
        }
    }

    #[test]
    fn current_names_cost_nothing() {
        let mut attributes = attributes(&conversation());
        let before = attributes.clone();
        assert_eq!(write_back(&mut attributes, Conventions::Current, 1), Removed::default());
        assert_eq!(attributes, before);
    }
}
