//! A small client for each chat format: enough to go through the scenario, the same way in all of them.

use serde_json::{Value, json};

use super::{at, function};

/// One chat format.
pub(super) struct Client {
    pub(super) name: &'static str,
    /// Where a request goes: the model, and whether the answer is streamed.
    pub(super) path: fn(&str, bool) -> String,
    /// A request: the model, the conversation, the tools on offer, and whether the answer is streamed.
    pub(super) request: fn(&str, &[Value], &[&str], bool) -> Value,
    /// What the user says, as a message.
    pub(super) user: fn(&str) -> Value,
    /// The calls of an answer, as name and arguments.
    pub(super) calls: fn(&Value) -> Vec<(String, Value)>,
    pub(super) text: fn(&Value) -> String,
    /// The messages that answer a call with a result.
    pub(super) result: fn(&Value, &str) -> Vec<Value>,
}

pub(super) const CLIENTS: [Client; 8] =
    [OPENAI_CHAT, OPENAI_RESPONSES, ANTHROPIC, GOOGLE, COHERE, MISTRAL, OLLAMA, BEDROCK];

const OPENAI_CHAT: Client = Client {
    name: "openai chat",
    path: |_, _| "/v1/chat/completions".to_owned(),
    request: chat_request,
    user: |text| json!({ "role": "user", "content": text }),
    calls: |answer| {
        calls(at(answer, "/choices/0/message/tool_calls"), "/function/name", "/function/arguments")
    },
    text: |answer| string(answer, "/choices/0/message/content"),
    result: |answer, result| {
        let message = at(answer, "/choices/0/message");
        let id = at(message, "/tool_calls/0/id");
        vec![message.clone(), json!({ "role": "tool", "tool_call_id": id, "content": result })]
    },
};

const OPENAI_RESPONSES: Client = Client {
    name: "openai responses",
    path: |_, _| "/v1/responses".to_owned(),
    request: |model, messages, tools, stream| {
        let tools: Vec<Value> = tools.iter().map(|name| with_type(function(name, "parameters"))).collect();
        json!({ "model": model, "input": messages, "tools": tools, "stream": stream })
    },
    user: |text| json!({ "role": "user", "content": text }),
    calls: |answer| calls(at(answer, "/output"), "/name", "/arguments"),
    text: |answer| string(answer, "/output/0/content/0/text"),
    result: |answer, result| {
        let call = at(answer, "/output/0");
        let id = at(call, "/call_id");
        vec![call.clone(), json!({ "type": "function_call_output", "call_id": id, "output": result })]
    },
};

const ANTHROPIC: Client = Client {
    name: "anthropic",
    path: |_, _| "/v1/messages?beta=true".to_owned(),
    request: |model, messages, tools, stream| {
        let tools: Vec<Value> = tools.iter().map(|name| function(name, "input_schema")).collect();
        json!({ "model": model, "messages": messages, "tools": tools, "stream": stream, "max_tokens": 1000 })
    },
    user: |text| json!({ "role": "user", "content": text }),
    calls: |answer| calls(at(answer, "/content"), "/name", "/input"),
    text: |answer| string(answer, "/content/0/text"),
    result: |answer, result| {
        let id = at(answer, "/content/1/id");
        let content = json!([{ "type": "text", "text": result }]);
        let block = json!({ "type": "tool_result", "tool_use_id": id, "content": content });
        let message = json!({ "role": "assistant", "content": at(answer, "/content") });
        vec![message, json!({ "role": "user", "content": [block] })]
    },
};

const GOOGLE: Client = Client {
    name: "google",
    path: |model, stream| match stream {
        true => format!("/v1beta/models/{model}:streamGenerateContent?alt=sse"),
        false => format!("/v1beta/models/{model}:generateContent"),
    },
    request: |_, messages, tools, _| {
        let tools: Vec<Value> = tools.iter().map(|name| function(name, "parameters")).collect();
        json!({ "contents": messages, "tools": [{ "functionDeclarations": tools }] })
    },
    user: |text| json!({ "role": "user", "parts": [{ "text": text }] }),
    calls: |answer| {
        let parts = at(answer, "/candidates/0/content/parts");
        calls(parts, "/functionCall/name", "/functionCall/args")
    },
    text: |answer| string(answer, "/candidates/0/content/parts/0/text"),
    result: |answer, result| {
        let content = at(answer, "/candidates/0/content");
        let name = at(content, "/parts/0/functionCall/name");
        let response = json!({ "functionResponse": { "name": name, "response": { "result": result } } });
        vec![content.clone(), json!({ "role": "user", "parts": [response] })]
    },
};

const COHERE: Client = Client {
    name: "cohere",
    path: |_, _| "/v2/chat".to_owned(),
    request: chat_request,
    user: |text| json!({ "role": "user", "content": text }),
    calls: |answer| calls(at(answer, "/message/tool_calls"), "/function/name", "/function/arguments"),
    text: |answer| string(answer, "/message/content/0/text"),
    result: |answer, result| {
        let message = at(answer, "/message");
        let id = at(message, "/tool_calls/0/id");
        let document = json!({ "type": "document", "document": { "data": result } });
        vec![message.clone(), json!({ "role": "tool", "tool_call_id": id, "content": [document] })]
    },
};

const MISTRAL: Client =
    Client { name: "mistral", path: |_, _| "/mistral/v1/chat/completions".to_owned(), ..OPENAI_CHAT };

const OLLAMA: Client = Client {
    name: "ollama",
    path: |_, _| "/api/chat".to_owned(),
    request: chat_request,
    user: |text| json!({ "role": "user", "content": text }),
    calls: |answer| calls(at(answer, "/message/tool_calls"), "/function/name", "/function/arguments"),
    text: |answer| string(answer, "/message/content"),
    result: |answer, result| {
        let message = at(answer, "/message");
        let name = at(message, "/tool_calls/0/function/name");
        vec![message.clone(), json!({ "role": "tool", "tool_name": name, "content": result })]
    },
};

const BEDROCK: Client = Client {
    name: "bedrock",
    path: |model, stream| {
        format!("/model/{model}%3A0/{}", if stream { "converse-stream" } else { "converse" })
    },
    request: |_, messages, tools, _| {
        let specification = |name: &&str| {
            let mut specification = function(name, "inputSchema");
            let schema = json!({ "json": at(&specification, "/inputSchema") });
            crate::vendor::json::set(&mut specification, "inputSchema", schema);
            json!({ "toolSpec": specification })
        };
        let tools: Vec<Value> = tools.iter().map(specification).collect();
        json!({ "messages": messages, "toolConfig": { "tools": tools } })
    },
    user: |text| json!({ "role": "user", "content": [{ "text": text }] }),
    calls: |answer| calls(at(answer, "/output/message/content"), "/toolUse/name", "/toolUse/input"),
    text: |answer| string(answer, "/output/message/content/0/text"),
    result: |answer, result| {
        let message = at(answer, "/output/message");
        let id = at(message, "/content/1/toolUse/toolUseId");
        let result = json!({ "toolResult": { "toolUseId": id, "content": [{ "text": result }] } });
        vec![message.clone(), json!({ "role": "user", "content": [result] })]
    },
};

fn chat_request(model: &str, messages: &[Value], tools: &[&str], stream: bool) -> Value {
    let tool = |name: &&str| json!({ "type": "function", "function": function(name, "parameters") });
    let tools: Vec<Value> = tools.iter().map(tool).collect();
    let usage = json!({ "include_usage": true });
    json!({ "model": model, "messages": messages, "tools": tools, "stream": stream, "stream_options": usage })
}

fn with_type(function: Value) -> Value {
    super::with(function, "type", json!("function"))
}

/// The calls in a list; arguments are JSON, or JSON as text.
fn calls(list: &Value, name: &str, arguments: &str) -> Vec<(String, Value)> {
    let call = |part: &Value| {
        let arguments = match at(part, arguments) {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            arguments => arguments.clone(),
        };
        Some((at(part, name).as_str()?.to_owned(), arguments))
    };
    list.as_array().into_iter().flatten().filter_map(call).collect()
}

fn string(answer: &Value, pointer: &str) -> String {
    at(answer, pointer).as_str().unwrap_or_default().to_owned()
}
