//! Messages: what is asked.

use serde_json::Value;

use crate::vendor::ask::{Ask, Call, Incoming, Message, Tool, ToolChoice, count, named, read_content};
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, text};

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let max_tokens = count(&incoming.body, "/max_tokens").ok_or(Failure::Missing("max_tokens"))?;
    Ok(Ask { max_tokens: Some(max_tokens), ..read_prompt(incoming)? })
}

/// A request that need not say how long the answer may be.
pub(super) fn read_prompt(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let messages = field(&body, "/messages").as_array().ok_or(Failure::Missing("messages"))?;
    let system = read_content(field(&body, "/system"));
    let system = (!system.is_empty()).then(|| Message::new("system", system));
    let disabled = field(&body, "/tool_choice/disable_parallel_tool_use").as_bool().unwrap_or(false);
    let blank = Ask::new(incoming, model);
    Ok(Ask {
        messages: system.into_iter().chain(messages.iter().flat_map(read_message)).collect(),
        tools: list(&body, "/tools").filter_map(read_tool).collect(),
        tool_choice: read_choice(field(&body, "/tool_choice")),
        parallel_tool_calls: !disabled,
        stream: field(&body, "/stream").as_bool().unwrap_or(false),
        schema: read_schema(&body),
        thinks: blank.thinks || matches!(text(&body, "/thinking/type"), "enabled" | "adaptive"),
        ..blank
    })
}

/// A message of the API holds the results of tools beside what the user says: each becomes its own.
fn read_message(message: &Value) -> Vec<Message> {
    let content = field(message, "/content");
    let blocks = |kind: &'static str| list(content, "").filter(move |block| text(block, "/type") == kind);
    let results = blocks("tool_result").map(|block| Message {
        tool_call_id: text(block, "/tool_use_id").to_owned(),
        ..Message::new("tool", read_content(field(block, "/content")))
    });
    let calls: Vec<Call> = blocks("tool_use").map(read_call).collect();
    let said = read_content(content);
    let rest = (!said.is_empty() || !calls.is_empty())
        .then(|| Message { calls, ..Message::new(text(message, "/role"), said) });
    results.chain(rest).collect()
}

fn read_call(block: &Value) -> Call {
    Call {
        id: text(block, "/id").to_owned(),
        name: text(block, "/name").to_owned(),
        arguments: field(block, "/input").to_string(),
    }
}

/// Tools that the vendor runs itself have a type of their own, and are not called here.
fn read_tool(tool: &Value) -> Option<Tool> {
    let is_custom = matches!(text(tool, "/type"), "" | "custom");
    is_custom.then(|| Tool {
        name: text(tool, "/name").to_owned(),
        parameters: field(tool, "/input_schema").clone(),
    })
}

fn read_choice(choice: &Value) -> ToolChoice {
    match text(choice, "/type") {
        "none" => ToolChoice::None,
        "any" => ToolChoice::Required,
        "tool" => ToolChoice::Function(text(choice, "/name").to_owned()),
        _ => ToolChoice::Auto,
    }
}

/// Where the format is asked for today, and where it was in the beta.
fn read_schema(body: &Value) -> Option<Value> {
    let formats = [field(body, "/output_config/format"), field(body, "/output_format")];
    let format = formats.into_iter().find(|format| text(format, "/type") == "json_schema")?;
    Some(field(format, "/schema").clone())
}
