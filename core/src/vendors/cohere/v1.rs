//! `POST /v1/chat`, the chat before: what the user says stands beside the history, an answer is no message.
//! Source: the API reference of version 1, "Chat (v1)", and the types of the `cohere` packages.

use super::{Answer, Node, Reading, failure, usage};
use crate::{
    config::{InputMessages, MAX_MESSAGES},
    json::Object,
    messages::{Conversation, Data, Message, Part, instructions},
};

/// Whether a request, an answer or an event is of this version.
pub(super) fn is_request(payload: Node<'_>) -> bool {
    payload.get("message").is_string() && !payload.has("messages")
}

pub(super) fn is_response(payload: Node<'_>) -> bool {
    payload.get("text").is_string()
}

pub(super) fn request(payload: Node<'_>, reading: &mut Reading) {
    if reading.keep.inputs {
        let mut conversation = Conversation {
            system: instructions(payload.get("preamble")),
            messages: history(payload.get("chat_history"), reading),
            removed: 0,
        };
        let results = payload.get("tool_results").items().map(result);
        let results = reading.as_many_as_fit(results, MAX_MESSAGES);
        let asked = payload.get("message").words().map(Part::Text);
        for (role, parts) in [("tool", results), ("user", asked.into_iter().collect())] {
            if !parts.is_empty() {
                conversation.messages.push(Message { role: role.into(), parts, finish_reason: None });
            }
        }
        reading.conversation(&conversation);
    }
    reading.tools(payload.get("tools").items(), |out, tool| {
        let named = Object::begin(out).text("type", "function").entry("name", tool.get("name"));
        let described = named.entry("description", tool.get("description"));
        described.entry("parameters", tool.get("parameter_definitions")).end();
    });
}

/// What was said before, as far as policy wants it.
fn history<'a>(history: Node<'a>, reading: &mut Reading) -> Vec<Message<'a>> {
    let last = history.items().enumerate().filter(|(_, item)| item.get("role").is("CHATBOT")).last();
    let from = match reading.keep.messages {
        InputMessages::All => 0,
        InputMessages::SinceLastResponse => last.map_or(0, |(at, _)| at),
    };
    let room = history.items().count().saturating_sub(MAX_MESSAGES).max(from);
    reading.removed.messages += room - from;
    history.items().skip(room).map(message).filter(|message| !message.parts.is_empty()).collect()
}

fn message(item: Node<'_>) -> Message<'_> {
    let (role, said) = (item.get("role").str().unwrap_or_default(), item.get("message").words());
    let role = match &*role {
        "CHATBOT" => "assistant".into(),
        "USER" | "TOOL" | "SYSTEM" => role.to_lowercase().into(),
        _ => role,
    };
    let parts = said.into_iter().map(Part::Text).chain(item.get("tool_calls").items().map(call));
    let parts = parts.chain(item.get("tool_results").items().map(result));
    Message { role, parts: parts.take(MAX_MESSAGES).collect(), finish_reason: None }
}

/// Calls have no ids in this version.
fn call(call: Node<'_>) -> Part<'_> {
    let name = call.get("name").str().unwrap_or_default();
    Part::ToolCall { id: None, name, arguments: Data::Node(call.get("parameters")) }
}

/// What a tool gave back names the call, and by that its tool.
fn result(result: Node<'_>) -> Part<'_> {
    Part::ToolCallResponse {
        id: result.at(&["call", "name"]).words(),
        response: Data::Node(result.get("outputs")),
    }
}

pub(super) fn response(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.id", payload.any(&["response_id", "generation_id"]));
    reading.usage = usage(payload.get("meta"));
    let reason = payload.get("finish_reason");
    if let Some(error) = failure(reason, Node::MISSING) {
        reading.fail(error);
    }
    reading.finish_reasons(reason.str().into_iter());
    if reading.keep.outputs {
        let parts = payload.get("text").words().map(Part::Text).into_iter();
        let parts = parts.chain(payload.get("tool_calls").items().map(call)).take(MAX_MESSAGES).collect();
        reading.said(Message::answer(parts).stopped(reason.words()));
    }
}

/// Where the pieces of a stream stand.
const TEXT: u64 = 0;

/// Takes an event; the last one has the whole answer, which [`response`] reads the rest of.
pub(super) fn event(event: Node<'_>, answer: &mut Answer) -> bool {
    match event.get("event_type").str().as_deref() {
        Some("text-generation") => answer.text(TEXT, &event.get("text").str().unwrap_or_default()),
        Some("tool-calls-generation") => {
            for item in event.get("tool_calls").items() {
                if let Some(target) = answer.call(answer.next().max(TEXT + 1)) {
                    target.push(Node::MISSING, item.get("name"), item.get("parameters"));
                }
            }
            true
        }
        _ => false,
    }
}
