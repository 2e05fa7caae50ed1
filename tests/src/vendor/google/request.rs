//! `generateContent`: what is asked.

use serde_json::Value;

use super::member;
use crate::vendor::ask::{Ask, Call, Incoming, Message, Tool, ToolChoice, count, read_content};
use crate::vendor::failure::Failure;
use crate::vendor::json::{list, text};

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = incoming.target.clone();
    let contents = member(&body, "/contents").as_array().ok_or(Failure::Missing("contents"))?;
    let system = read_content(member(&body, "/systemInstruction/parts"));
    let system = (!system.is_empty()).then(|| Message::new("system", system));
    let blank = Ask::new(incoming, &model);
    Ok(Ask {
        messages: system.into_iter().chain(contents.iter().flat_map(read_message)).collect(),
        tools: list(&body, "/tools")
            .flat_map(|tool| list(member(tool, "/functionDeclarations"), ""))
            .map(read_tool)
            .collect(),
        tool_choice: read_choice(member(&body, "/toolConfig/functionCallingConfig")),
        schema: read_schema(member(&body, "/generationConfig")),
        max_tokens: number(&body, "/generationConfig/maxOutputTokens"),
        choices: number(&body, "/generationConfig/candidateCount").unwrap_or(1).clamp(1, 8),
        thinks: blank.thinks || thinks(&model, &body),
        goes_on: member(&body, "/continuationToken").is_string(),
        ..blank
    })
}

fn number(body: &Value, pointer: &str) -> Option<usize> {
    count(member(body, pointer), "")
}

/// These models think unless their budget is nothing.
fn thinks(model: &str, body: &Value) -> bool {
    let is_thinker = model.starts_with("gemini-2.5") || model.starts_with("gemini-3");
    is_thinker && number(body, "/generationConfig/thinkingConfig/thinkingBudget") != Some(0)
}

/// A content holds the results of functions beside what is said: each becomes a message of its own.
fn read_message(content: &Value) -> Vec<Message> {
    let parts = || list(content, "/parts");
    let results = parts().filter_map(|part| part.get("functionResponse")).map(|result| Message {
        tool_call_id: text(result, "/id").to_owned(),
        tool_name: text(result, "/name").to_owned(),
        ..Message::new("tool", member(result, "/response").to_string())
    });
    let calls: Vec<Call> = parts().filter_map(|part| part.get("functionCall")).map(read_call).collect();
    let is_thought = |part: &&Value| member(part, "/thought") == &Value::Bool(true);
    let said = parts().filter(|part| !is_thought(part)).filter_map(|part| member(part, "/text").as_str());
    let said = said.collect::<Vec<_>>().join("\n");
    let role = if text(content, "/role") == "model" { "assistant" } else { "user" };
    let rest = (!said.is_empty() || !calls.is_empty()).then(|| Message { calls, ..Message::new(role, said) });
    results.chain(rest).collect()
}

fn read_call(call: &Value) -> Call {
    Call {
        id: text(call, "/id").to_owned(),
        name: text(call, "/name").to_owned(),
        arguments: member(call, "/args").to_string(),
    }
}

/// Parameters come as the vendor's own kind of schema, or as JSON Schema.
fn read_tool(declaration: &Value) -> Tool {
    let schema = ["/parametersJsonSchema", "/parameters"].map(|pointer| member(declaration, pointer));
    let schema = schema.into_iter().find(|schema| !schema.is_null());
    Tool { name: text(declaration, "/name").to_owned(), parameters: schema.cloned().unwrap_or_default() }
}

fn read_choice(config: &Value) -> ToolChoice {
    match (text(config, "/mode"), text(member(config, "/allowedFunctionNames"), "/0")) {
        ("NONE", _) => ToolChoice::None,
        ("ANY", "") => ToolChoice::Required,
        ("ANY", name) => ToolChoice::Function(name.to_owned()),
        _ => ToolChoice::Auto,
    }
}

fn read_schema(config: &Value) -> Option<Value> {
    let schema = ["/responseJsonSchema", "/responseSchema"].map(|pointer| member(config, pointer));
    let schema = schema.into_iter().find(|schema| !schema.is_null());
    (member(config, "/responseMimeType") == "application/json").then(|| schema.cloned().unwrap_or_default())
}
