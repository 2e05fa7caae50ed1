//! Chat completions: what is asked.

use serde_json::Value;

use super::{chunks, completion, model, models};
use crate::vendor::answers::Answer;
use crate::vendor::ask::{Ask, Call, Incoming, Message, Tool, ToolChoice, count, read_content};
use crate::vendor::dialect::Rendered;
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, text};
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = model(&incoming.target, &body)?;
    let messages = field(&body, "/messages").as_array().ok_or(Failure::Missing("messages"))?;
    let blank = Ask::new(incoming, &model);
    Ok(Ask {
        messages: messages.iter().map(read_message).collect(),
        tools: list(&body, "/tools").map(|tool| read_tool(tool, "/function")).collect(),
        tool_choice: read_choice(field(&body, "/tool_choice"), "/function/name"),
        parallel_tool_calls: field(&body, "/parallel_tool_calls").as_bool().unwrap_or(true),
        stream: field(&body, "/stream").as_bool().unwrap_or(false),
        schema: read_schema(field(&body, "/response_format")),
        max_tokens: count(&body, "/max_completion_tokens").or_else(|| count(&body, "/max_tokens")),
        choices: count(&body, "/n").unwrap_or(1).clamp(1, 8),
        thinks: blank.thinks || models::reasons(&model),
        ..blank
    })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let rendered = if ask.stream {
        Rendered::Stream(chunks::chunks(ask, &answer))
    } else {
        Rendered::Whole(completion::whole(ask, &answer))
    };
    (Tokens::of(ask, &answer), rendered)
}

fn read_message(message: &Value) -> Message {
    Message {
        role: text(message, "/role").to_owned(),
        text: read_content(field(message, "/content")),
        calls: list(message, "/tool_calls").map(read_call).collect(),
        tool_call_id: text(message, "/tool_call_id").to_owned(),
        tool_name: String::new(),
    }
}

/// A call as it stands in an assistant's message.
pub(in crate::vendor) fn read_call(call: &Value) -> Call {
    Call {
        id: text(call, "/id").to_owned(),
        name: text(call, "/function/name").to_owned(),
        arguments: text(call, "/function/arguments").to_owned(),
    }
}

/// A tool on offer, whose name and parameters stand below a pointer.
pub(in crate::vendor) fn read_tool(tool: &Value, pointer: &str) -> Tool {
    Tool {
        name: text(tool, &format!("{pointer}/name")).to_owned(),
        parameters: field(tool, &format!("{pointer}/parameters")).clone(),
    }
}

/// A choice of tools: a word, or the name of a function at a pointer.
pub(in crate::vendor) fn read_choice(choice: &Value, name: &str) -> ToolChoice {
    match (choice.as_str(), text(choice, name)) {
        (Some("none"), _) => ToolChoice::None,
        (Some("required" | "any"), _) => ToolChoice::Required,
        (_, "") => ToolChoice::Auto,
        (_, name) => ToolChoice::Function(name.to_owned()),
    }
}

fn read_schema(format: &Value) -> Option<Value> {
    match text(format, "/type") {
        "json_schema" => Some(field(format, "/json_schema/schema").clone()),
        "json_object" => Some(Value::Null),
        _ => None,
    }
}
