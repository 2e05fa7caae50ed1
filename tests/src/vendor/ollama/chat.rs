//! Chat.

use serde_json::{Value, json};

use super::{finish, piece};
use crate::vendor::answers::{Answer, ToolCall};
use crate::vendor::ask::{Ask, Call, Incoming, Message, read_content};
use crate::vendor::dialect::{Event, Rendered};
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, set, text};
use crate::vendor::openai::read_tool;
use crate::vendor::pieces::pieces;
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let messages = field(&body, "/messages").as_array().ok_or(Failure::Missing("messages"))?;
    Ok(Ask {
        messages: messages.iter().map(read_message).collect(),
        tools: list(&body, "/tools").map(|tool| read_tool(tool, "/function")).collect(),
        ..super::read(incoming)?
    })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let tokens = Tokens::of(ask, &answer);
    if ask.stream {
        return (tokens, Rendered::Stream(stream(ask, &answer, &tokens)));
    }
    let mut message = message(&answer.text(), &answer);
    if let Some(thought) = &answer.thought {
        set(&mut message, "thinking", json!(thought));
    }
    (tokens, Rendered::Whole(finish(piece(ask, "message", &message), &answer, &tokens)))
}

/// The thought, the text, the calls at once, and an empty piece with the counts.
fn stream(ask: &Ask, answer: &Answer, tokens: &Tokens) -> Vec<Event> {
    let thought = pieces(answer.thought.as_deref().unwrap_or_default()).into_iter();
    let thought = thought.map(|piece| json!({ "role": "assistant", "content": "", "thinking": piece }));
    let said = answer.pieces.iter().map(|piece| json!({ "role": "assistant", "content": piece }));
    let calls = (!answer.calls.is_empty()).then(|| message("", answer));
    let messages = thought.chain(said).chain(calls).map(|message| piece(ask, "message", &message));
    let last = piece(ask, "message", &json!({ "role": "assistant", "content": "" }));
    messages.chain([finish(last, answer, tokens)]).map(Event::unnamed).collect()
}

fn message(text: &str, answer: &Answer) -> Value {
    let mut message = json!({ "role": "assistant", "content": text });
    if !answer.calls.is_empty() {
        set(&mut message, "tool_calls", answer.calls.iter().map(call).collect());
    }
    message
}

fn call(call: &ToolCall) -> Value {
    json!({ "function": { "name": call.name, "arguments": call.input() } })
}

/// Calls have no ids: a result names its tool.
fn read_message(message: &Value) -> Message {
    let call = |call: &Value| Call {
        id: String::new(),
        name: text(call, "/function/name").to_owned(),
        arguments: field(call, "/function/arguments").to_string(),
    };
    Message {
        calls: list(message, "/tool_calls").map(call).collect(),
        tool_name: text(message, "/tool_name").to_owned(),
        ..Message::new(text(message, "/role"), read_content(field(message, "/content")))
    }
}
