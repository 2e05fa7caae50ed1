//! Responses: what is asked, and the conversation that an answer belongs to.

mod events;
mod response;

use serde_json::{Value, json};

use super::completion::call_id;
use super::{headers, model, models, read_choice, read_tool};
use crate::vendor::answers::Answer;
use crate::vendor::ask::{Ask, Call, Incoming, Message, Tool, count, named, read_content};
use crate::vendor::dialect::{Dialect, Event, Framing, Rendered};
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, text};
use crate::vendor::usage::{Tells, Tokens};

pub(super) const DIALECT: Dialect = Dialect {
    error: super::error::json,
    in_band,
    framing: Framing::ServerSent { done: false },
    headers,
    tells: Tells { cache_read: true, cache_write: true, reasoning: true },
};

fn in_band(failure: &Failure) -> Event {
    let code = "server_error";
    let error = json!({
        "type": "error", "code": code, "message": failure.message(), "param": null, "sequence_number": 0,
    });
    Event::new("error", error)
}

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = model(&incoming.target, &body)?;
    let instructions = named(&body, "/instructions").map(|text| Message::new("system", text));
    let earlier = match named(&body, "/previous_response_id") {
        Some(id) => {
            let earlier = incoming.memory.conversation(id);
            earlier.ok_or_else(|| Failure::NoSuchResponse(id.to_owned()))?
        }
        None => Vec::new(),
    };
    let input = body.get("input").ok_or(Failure::Missing("input"))?;
    let blank = Ask::new(incoming, &model);
    Ok(Ask {
        messages: instructions.into_iter().chain(earlier).chain(read_input(input)).collect(),
        tools: list(&body, "/tools").filter_map(read_function).collect(),
        tool_choice: read_choice(field(&body, "/tool_choice"), "/name"),
        parallel_tool_calls: field(&body, "/parallel_tool_calls").as_bool().unwrap_or(true),
        stream: field(&body, "/stream").as_bool().unwrap_or(false),
        schema: read_schema(field(&body, "/text/format")),
        max_tokens: count(&body, "/max_output_tokens"),
        thinks: blank.thinks || models::reasons(&model),
        ..blank
    })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let is_instructions = named(&ask.incoming.body, "/instructions").is_some();
    let said = ask.messages.iter().skip(usize::from(is_instructions)).cloned();
    let conversation = said.chain([answer.as_message(call_id)]).collect();
    ask.incoming.memory.keep(&response::id(ask), conversation);
    let rendered = if ask.stream {
        Rendered::Stream(events::events(ask, &answer))
    } else {
        Rendered::Whole(response::whole(ask, &answer))
    };
    (Tokens::of(ask, &answer), rendered)
}

/// Tools that the vendor runs itself have no name, and are not called here.
fn read_function(tool: &Value) -> Option<Tool> {
    Some(read_tool(tool, "")).filter(|tool| !tool.name.is_empty())
}

fn read_input(input: &Value) -> Vec<Message> {
    match input.as_str() {
        Some(text) => vec![Message::new("user", text)],
        None => list(input, "").filter_map(read_item).collect(),
    }
}

fn read_item(item: &Value) -> Option<Message> {
    match text(item, "/type") {
        "" | "message" => Some(Message::new(text(item, "/role"), read_content(field(item, "/content")))),
        "function_call" => {
            let call = Call {
                id: text(item, "/call_id").to_owned(),
                name: text(item, "/name").to_owned(),
                arguments: text(item, "/arguments").to_owned(),
            };
            Some(Message { calls: vec![call], ..Message::new("assistant", "") })
        }
        "function_call_output" => Some(Message {
            tool_call_id: text(item, "/call_id").to_owned(),
            ..Message::new("tool", read_content(field(item, "/output")))
        }),
        _ => None,
    }
}

fn read_schema(format: &Value) -> Option<Value> {
    match text(format, "/type") {
        "json_schema" => Some(field(format, "/schema").clone()),
        "json_object" => Some(Value::Null),
        _ => None,
    }
}
