//! `Converse`: what is asked.

use serde_json::Value;

use crate::vendor::ask::{Ask, Call, Incoming, Message, Tool, ToolChoice, count, read_content};
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, text};

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = incoming.target.clone();
    let messages = field(&body, "/messages").as_array().ok_or(Failure::Missing("messages"))?;
    let system = read_content(field(&body, "/system"));
    let system = (!system.is_empty()).then(|| Message::new("system", system));
    let blank = Ask::new(incoming, &model);
    let thinking = text(&body, "/additionalModelRequestFields/thinking/type");
    Ok(Ask {
        messages: system.into_iter().chain(messages.iter().flat_map(read_message)).collect(),
        tools: list(&body, "/toolConfig/tools").filter_map(read_tool).collect(),
        tool_choice: read_choice(field(&body, "/toolConfig/toolChoice")),
        schema: read_schema(field(&body, "/outputConfig/textFormat/structure/jsonSchema/schema")),
        max_tokens: count(&body, "/inferenceConfig/maxTokens"),
        thinks: blank.thinks || matches!(thinking, "enabled" | "adaptive"),
        ..blank
    })
}

/// A message holds the results of tools beside what is said: each becomes a message of its own.
fn read_message(message: &Value) -> Vec<Message> {
    let content = field(message, "/content");
    let blocks = |member: &'static str| list(content, "").filter_map(move |block| block.get(member));
    let results = blocks("toolResult").map(|result| Message {
        tool_call_id: text(result, "/toolUseId").to_owned(),
        ..Message::new("tool", read_result(field(result, "/content")))
    });
    let calls: Vec<Call> = blocks("toolUse").map(read_call).collect();
    let said = read_content(content);
    let rest = (!said.is_empty() || !calls.is_empty())
        .then(|| Message { calls, ..Message::new(text(message, "/role"), said) });
    results.chain(rest).collect()
}

/// A result is text or JSON.
fn read_result(content: &Value) -> String {
    let json = list(content, "").filter_map(|block| block.get("json")).map(Value::to_string);
    let text = Some(read_content(content)).filter(|text| !text.is_empty());
    text.into_iter().chain(json).collect::<Vec<_>>().join("\n")
}

fn read_call(block: &Value) -> Call {
    Call {
        id: text(block, "/toolUseId").to_owned(),
        name: text(block, "/name").to_owned(),
        arguments: field(block, "/input").to_string(),
    }
}

fn read_tool(tool: &Value) -> Option<Tool> {
    let specification = tool.get("toolSpec")?;
    let parameters = field(specification, "/inputSchema/json").clone();
    Some(Tool { name: text(specification, "/name").to_owned(), parameters })
}

fn read_choice(choice: &Value) -> ToolChoice {
    match (choice.get("any"), text(choice, "/tool/name")) {
        (Some(_), _) => ToolChoice::Required,
        (None, "") => ToolChoice::Auto,
        (None, name) => ToolChoice::Function(name.to_owned()),
    }
}

/// The schema is JSON inside of a string.
fn read_schema(schema: &Value) -> Option<Value> {
    schema.as_str().and_then(|schema| serde_json::from_str(schema).ok())
}
