//! Chat: what is asked, and a whole answer.

use serde_json::{Value, json};

use super::{events, id};
use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::{Ask, Incoming, Message, ToolChoice, count, named, read_content};
use crate::vendor::dialect::Rendered;
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, set, text};
use crate::vendor::openai::{read_call, read_tool};
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let messages = field(&body, "/messages").as_array().ok_or(Failure::Missing("messages"))?;
    let blank = Ask::new(incoming, model);
    Ok(Ask {
        messages: messages.iter().map(read_message).collect(),
        tools: list(&body, "/tools").map(|tool| read_tool(tool, "/function")).collect(),
        tool_choice: match text(&body, "/tool_choice") {
            "NONE" => ToolChoice::None,
            "REQUIRED" => ToolChoice::Required,
            _ => ToolChoice::Auto,
        },
        stream: field(&body, "/stream").as_bool().unwrap_or(false),
        schema: read_schema(field(&body, "/response_format")),
        max_tokens: count(&body, "/max_tokens"),
        thinks: blank.thinks || text(&body, "/thinking/type") == "enabled",
        ..blank
    })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let tokens = Tokens::of(ask, &answer);
    if ask.stream {
        return (tokens, Rendered::Stream(events::events(ask, &answer)));
    }
    let mut message = json!({ "role": "assistant" });
    match answer.plan() {
        Some(plan) => {
            set(&mut message, "tool_plan", json!(plan));
            set(&mut message, "tool_calls", answer.calls.iter().map(tool_call).collect());
        }
        None => set(&mut message, "content", json!(contents(&answer))),
    }
    let whole = json!({
        "id": id(ask),
        "message": message,
        "finish_reason": finish_reason(&answer),
        "usage": usage(&tokens),
    });
    (tokens, Rendered::Whole(whole))
}

/// Results of tools are texts or documents.
fn read_message(message: &Value) -> Message {
    let content = field(message, "/content");
    let documents = list(content, "").filter_map(|part| part.pointer("/document/data"));
    let documents = documents.map(|data| data.as_str().map_or_else(|| data.to_string(), str::to_owned));
    let said = Some(read_content(content)).filter(|text| !text.is_empty());
    Message {
        calls: list(message, "/tool_calls").map(read_call).collect(),
        tool_call_id: text(message, "/tool_call_id").to_owned(),
        ..Message::new(
            text(message, "/role"),
            said.unwrap_or_else(|| documents.collect::<Vec<_>>().join("\n")),
        )
    }
}

fn read_schema(format: &Value) -> Option<Value> {
    let schema = ["/json_schema", "/schema"].map(|pointer| field(format, pointer));
    let schema = schema.into_iter().find(|schema| !schema.is_null());
    (text(format, "/type") == "json_object").then(|| schema.cloned().unwrap_or_default())
}

/// The thought, then the text.
pub(super) fn contents(answer: &Answer) -> Vec<Value> {
    let thought = answer.thought.iter().map(|thought| json!({ "type": "thinking", "thinking": thought }));
    thought.chain([json!({ "type": "text", "text": answer.text() })]).collect()
}

fn tool_call(call: &ToolCall) -> Value {
    let function = json!({ "name": call.name, "arguments": call.arguments });
    json!({ "id": call_id(call), "type": "function", "function": function })
}

pub(super) fn call_id(call: &ToolCall) -> String {
    format!("{}_{}", call.name, call.id)
}

pub(super) fn finish_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::Calls => "TOOL_CALL",
        Ending::CutShort => "MAX_TOKENS",
        Ending::Complete | Ending::Refused | Ending::Paused => "COMPLETE",
    }
}

/// What is billed is less than what is counted.
pub(super) fn usage(tokens: &Tokens) -> Value {
    json!({
        "billed_units": { "input_tokens": tokens.uncached(), "output_tokens": tokens.visible },
        "tokens": { "input_tokens": tokens.input, "output_tokens": tokens.output() },
        "cached_tokens": tokens.cache_read,
    })
}
