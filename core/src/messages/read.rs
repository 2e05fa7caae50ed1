//! Messages out of any of the shapes in which programs and vendors write them.

use std::borrow::Cow;

use super::{
    model::{Data, Message, Part, Text},
    parts,
};
use crate::{
    attributes::{Attributes, registry::known},
    config::{InputMessages, MAX_MESSAGES, MAX_PARTS},
    json::{Node, list},
};

/// What goes into a model: messages, and beside them what the system says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversation<'a> {
    /// `gen_ai.system_instructions`
    pub system: Vec<Part<'a>>,
    /// `gen_ai.input.messages`
    pub messages: Vec<Message<'a>>,
    /// How many messages, and parts of what the system says, there was no room for.
    pub removed: usize,
}

impl<'a> Conversation<'a> {
    /// Reads a text (what a user says), one message or a list of messages. Total: what is no message is
    /// kept as a part of one. Messages that are not kept are not read either.
    pub fn read(input: Node<'a>, keep: InputMessages) -> Self {
        if !is_list_of_messages(input) {
            return Self { messages: answers_of(input, "user"), ..Self::default() };
        }
        let is_system = |item: &Node<'a>| parts::role_of(*item).is_some_and(|word| role(&word) == "system");
        let mut instructions =
            input.items().filter(is_system).flat_map(|item| read_message(item, "system").parts);
        let system = instructions.by_ref().take(MAX_MESSAGES).collect();
        let without_room = instructions.count();
        let talk: Vec<Node<'a>> = newest(input.items().filter(|item| !is_system(item)));
        let total = input.items().count() - input.items().filter(is_system).count();
        let from = match keep {
            InputMessages::All => 0,
            InputMessages::SinceLastResponse => last_answer(&talk),
        };
        let (messages, old) = read_newest(talk.get(from..).unwrap_or_default(), "user");
        let mut conversation = Self {
            system,
            messages: Vec::with_capacity(messages.len()),
            removed: total - talk.len() + old + without_room,
        };
        messages.into_iter().for_each(|message| conversation.push(message));
        conversation
    }

    /// Writes what of it is there; system instructions that were given by themselves stay.
    pub fn write(&self, attributes: &mut Attributes) {
        if !self.messages.is_empty() {
            attributes.set(known!("gen_ai.input.messages"), write_messages(&self.messages));
        }
        if !self.system.is_empty() {
            attributes.set_default(known!("gen_ai.system_instructions"), write_parts(&self.system));
        }
    }

    /// Neighbours that are pieces of one answer (items of OpenAI's responses) are one message.
    fn push(&mut self, message: Message<'a>) {
        match self.messages.last_mut() {
            Some(last) if last.role == "assistant" && message.role == "assistant" => {
                last.parts.extend(message.parts);
            }
            _ => self.messages.push(message),
        }
    }
}

/// The last ones of a list, as many as a span holds.
fn newest<'a>(items: impl Iterator<Item = Node<'a>> + Clone) -> Vec<Node<'a>> {
    let surplus = items.clone().count().saturating_sub(MAX_MESSAGES);
    items.skip(surplus).collect()
}

/// Reads messages as long as there is room for their parts, the newest first, and tells how many there was no
/// room for: parts of a few letters take many times what their text does.
fn read_newest<'a>(items: &[Node<'a>], default_role: &'a str) -> (Vec<Message<'a>>, usize) {
    let mut room = MAX_PARTS;
    let mut messages = Vec::with_capacity(items.len());
    for item in items.iter().rev() {
        if room == 0 || !item.has_room() {
            break;
        }
        let mut message = read_message(*item, default_role);
        message.parts.shrink_to_fit();
        room = room.saturating_sub(message.parts.len());
        messages.push(message);
    }
    messages.reverse();
    let without_room = items.len() - messages.len();
    (messages, without_room)
}

/// Where the last answer of the model begins: all its items, one after the other.
fn last_answer(talk: &[Node<'_>]) -> usize {
    let is_answer = |item: &Node<'_>| parts::role_of(*item).is_some_and(|word| role(&word) == "assistant");
    let Some(last) = talk.iter().rposition(is_answer) else { return 0 };
    talk.iter().take(last).rposition(|item| !is_answer(item)).map_or(0, |before| before + 1)
}

/// Reads one message of a model; where it says nothing, it has no parts.
pub(crate) fn answer(message: Node<'_>) -> Message<'_> {
    let mut answer = read_message(message, "assistant");
    answer.parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    answer
}

/// Reads what a model said: a text, one message or a list of messages.
pub(crate) fn answers(output: Node<'_>) -> Vec<Message<'_>> {
    answers_of(output, "assistant")
}

/// System instructions: a text, a list of texts, parts or messages.
pub(crate) fn instructions(system: Node<'_>) -> Vec<Part<'_>> {
    answers_of(system, "system").into_iter().flat_map(|message| message.parts).collect()
}

/// `[{role, parts}, ...]`
pub(crate) fn write_messages(messages: &[Message<'_>]) -> String {
    /// Its role and the names of its members.
    const AROUND: usize = 32;
    let parts = messages.iter().flat_map(|message| &message.parts).map(Part::length).sum::<usize>();
    let mut out = String::with_capacity(parts + messages.len() * AROUND);
    list(&mut out, messages, |out, message| message.write(out));
    without_slack(out)
}

/// `[{type, ...}, ...]`
pub(crate) fn write_parts(parts: &[Part<'_>]) -> String {
    let mut out = String::with_capacity(parts.iter().map(Part::length).sum());
    list(&mut out, parts, |out, part| part.write(out));
    without_slack(out)
}

/// A text that does not hold much more memory than it needs: to move it for a few bytes is not worth while.
fn without_slack(mut text: String) -> String {
    /// The part of it that may be slack.
    const SLACK: usize = 8;
    if text.capacity() - text.len() > text.len() / SLACK {
        text.shrink_to_fit();
    }
    text
}

fn answers_of<'a>(value: Node<'a>, default_role: &'a str) -> Vec<Message<'a>> {
    if !value.is_some() || (value.is_array() && value.items().next().is_none()) {
        Vec::new()
    } else if is_list_of_messages(value) {
        read_newest(&newest(value.items()), default_role).0
    } else if is_message(value) {
        vec![read_message(value, default_role)]
    } else {
        vec![Message { role: default_role.into(), parts: parts::read(value), finish_reason: None }]
    }
}

fn is_list_of_messages(value: Node<'_>) -> bool {
    value.items().any(is_message)
}

fn is_message(value: Node<'_>) -> bool {
    value.is_object()
        && (value.members().any(|(key, _)| key.is("role") || key.is("parts") || key.is("tool_calls"))
            || parts::role_of(value).is_some())
}

fn read_message<'a>(value: Node<'a>, default_role: &'a str) -> Message<'a> {
    let word = parts::role_of(value).unwrap_or(default_role.into());
    let mut role: Text<'a> = match role(&word) {
        known if *known == *word => word.clone(),
        known => Cow::Owned(known.to_owned()),
    };
    let finish_reason = value.get("finish_reason").str();
    if !value.is_object() {
        return Message { role, parts: parts::read(value), finish_reason };
    }
    let said = value.get("content");
    if said.is_string()
        && role != "tool"
        && value.members().all(|(key, _)| key.is("role") || key.is("content"))
    {
        // Most messages are no more than that, and need not be asked for everything else.
        return Message { role, parts: parts::read(said), finish_reason };
    }
    let mut read: Vec<Part<'a>> = parts::thought(value).into_iter().collect();
    let content = value.any(&["parts", "content", "message"]);
    if let Some(item) = parts::item(value) {
        read.extend(item);
    } else if role == "tool" && !is_answered(content) {
        // The AI SDK says inside the content which call it answers.
        let inside = content.get("toolCallId");
        let answer = if inside.is_some() { content.any(&["output", "result"]) } else { content };
        let id = value.any(&["tool_call_id", "tool_name", "name"]).str().or_else(|| inside.str());
        read.push(Part::ToolCallResponse { id, response: response(answer) });
    } else {
        read.extend(parts::read(content));
    }
    read.extend(value.get("refusal").words().map(Part::Text));
    read.extend(parts::beside(value));
    read.extend(parts::wanted_calls(value.get("tool_calls")));
    let call = value.get("function_call");
    if call.is_object() {
        read.push(parts::wanted_call(call));
    }
    if read.is_empty() && !content.is_some() && parts::role_of(value).is_none() && is_item(value) {
        read.extend(parts::read(value));
    }
    let is_response = |part: &Part<'_>| matches!(part, Part::ToolCallResponse { .. });
    if role == "user" && !read.is_empty() && read.iter().all(is_response) {
        // Anthropic and Google let the user say what a tool gave back.
        role = "tool".into();
    }
    Message { role, parts: read, finish_reason }
}

/// Whether this is an item that nobody here knows, or a reference to one.
fn is_item(value: Node<'_>) -> bool {
    value.any(&["type", "id"]).is_some()
}

/// Whether a content says itself which call it answers.
fn is_answered(content: Node<'_>) -> bool {
    parts::any(content, |part| matches!(part, Part::ToolCallResponse { .. }))
}

/// What a tool gave back: the words of a content that is nothing but text, parts where there is media among
/// them, else the content.
pub(super) fn response(content: Node<'_>) -> Data<'_> {
    if let Some(words) = words(content) {
        return Data::Text(words.into());
    }
    let is_media = |part: &Part<'_>| matches!(part, Part::Blob { .. } | Part::Uri { .. } | Part::File { .. });
    if !content.is_string() && parts::any(content, is_media) {
        Data::Json(write_parts(&parts::read(content)))
    } else {
        Data::Node(content)
    }
}

/// The words of a list that is nothing but text.
pub(super) fn words(content: Node<'_>) -> Option<String> {
    let mut words = String::new();
    let is_text = content.is_array()
        && content.items().all(|part| part.get("text").str().map(|text| words.push_str(&text)).is_some());
    is_text.then_some(words)
}

/// The roles of the conventions for what vendors and frameworks say.
fn role(word: &str) -> &str {
    match word {
        "human" => "user",
        "ai" | "model" => "assistant",
        "function" => "tool",
        "developer" => "system",
        // Pieces that LangChain has put together.
        "HumanMessageChunk" => "user",
        "AIMessageChunk" => "assistant",
        "SystemMessageChunk" => "system",
        "ToolMessageChunk" | "FunctionMessageChunk" => "tool",
        "USER" | "User" => "user",
        "CHATBOT" => "assistant",
        "SYSTEM" => "system",
        "TOOL" => "tool",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Doc;
    use serde_json::{Value, json};

    fn read(value: &Value) -> Value {
        let text = value.to_string();
        let doc = Doc::parse(text.as_bytes()).unwrap();
        let conversation = Conversation::read(doc.root(), InputMessages::All);
        let value = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        json!({"system": value(write_parts(&conversation.system)),
               "messages": value(write_messages(&conversation.messages))})
    }

    #[test]
    fn roles_of_langchain() {
        let roles = |word: &str| role(word).to_owned();
        assert_eq!(["human", "ai"].map(roles), ["user", "assistant"]);
        let chunks = ["HumanMessageChunk", "AIMessageChunk", "SystemMessageChunk", "ToolMessageChunk"];
        assert_eq!(chunks.map(roles), ["user", "assistant", "system", "tool"]);
    }

    #[test]
    fn a_text_is_what_the_user_says() {
        assert_eq!(
            read(&json!("Hi")),
            json!({"system": [], "messages": [
                {"role": "user", "parts": [{"type": "text", "content": "Hi"}]}
            ]})
        );
    }

    #[test]
    fn roles_and_parts_of_openai() {
        assert_eq!(
            read(&json!([
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
        assert_eq!(read(&messages)["messages"], messages);
    }

    #[test]
    fn only_the_turn_at_hand_is_read() {
        let talk = |roles: &[&str]| -> String {
            roles.iter().map(|role| json!({"role": role, "content": role})).collect::<Value>().to_string()
        };
        let kept = |roles: &[&str]| {
            let text = talk(roles);
            let doc = Doc::parse(text.as_bytes()).unwrap();
            let conversation = Conversation::read(doc.root(), InputMessages::SinceLastResponse);
            assert_eq!(conversation.system.len(), roles.iter().filter(|role| **role == "system").count());
            conversation.messages.iter().map(|message| message.role.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(kept(&["system", "user", "ai", "user", "assistant", "tool"]), ["assistant", "tool"]);
        assert_eq!(kept(&["user", "system", "user"]), ["user", "user"]);
    }

    #[test]
    fn nonsense_is_kept_and_never_panics() {
        for odd in [json!(3), json!([1, null, "a"]), json!({"a": 1}), json!([{"role": 5}]), json!([[[]]])] {
            assert!(!read(&odd)["messages"].as_array().unwrap().is_empty());
        }
        assert_eq!(read(&json!(null))["messages"], json!([]));
    }

    #[test]
    fn messages_share_the_room_for_parts_and_the_newest_have_it_first() {
        let many = json!({"role": "user", "content": vec!["a"; MAX_PARTS]});
        let text =
            json!([{"role": "user", "content": "old"}, many, {"role": "user", "content": "new"}]).to_string();
        let doc = Doc::parse(text.as_bytes()).unwrap();
        let conversation = Conversation::read(doc.root(), InputMessages::All);
        let parts: Vec<usize> = conversation.messages.iter().map(|message| message.parts.len()).collect();
        assert_eq!((parts, conversation.removed), (vec![MAX_PARTS, 1], 1));
        assert!(!doc.root().has_room());
    }
}
