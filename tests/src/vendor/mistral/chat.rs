//! Chat completions: OpenAI's with differences in ids, usage, thoughts and streamed calls.

use serde_json::{Value, json};

use crate::vendor::answers::{Answer, ToolCall};
use crate::vendor::ask::{Ask, Incoming, Message, count, named, read_content};
use crate::vendor::dialect::{Event, Rendered};
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, set, text};
use crate::vendor::openai::{CREATED, completion, read_call, read_choice, read_tool};
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let messages = field(&body, "/messages").as_array().ok_or(Failure::Missing("messages"))?;
    let blank = Ask::new(incoming, model);
    Ok(Ask {
        messages: messages.iter().map(read_message).collect(),
        tools: list(&body, "/tools").map(|tool| read_tool(tool, "/function")).collect(),
        tool_choice: read_choice(field(&body, "/tool_choice"), "/function/name"),
        parallel_tool_calls: field(&body, "/parallel_tool_calls").as_bool().unwrap_or(true),
        stream: field(&body, "/stream").as_bool().unwrap_or(false),
        schema: read_schema(field(&body, "/response_format")),
        max_tokens: count(&body, "/max_tokens"),
        choices: count(&body, "/n").unwrap_or(1).clamp(1, 8),
        thinks: blank.thinks || model.starts_with("magistral"),
        ..blank
    })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let tokens = Tokens::of(ask, &answer);
    let finish = json!(completion::finish_reason(&answer));
    let rendered = if ask.stream {
        Rendered::Stream(chunks(ask, &answer, &finish, &tokens))
    } else {
        let calls: Vec<Value> = answer.calls.iter().map(call).collect();
        let calls = if calls.is_empty() { Value::Null } else { json!(calls) };
        let message = json!({ "role": "assistant", "content": content(&answer), "tool_calls": calls });
        let choices = (0..ask.choices)
            .map(|index| json!({ "index": index, "message": message, "finish_reason": finish }));
        let mut whole = frame(ask, "chat.completion", &choices.collect::<Vec<_>>());
        set(&mut whole, "usage", usage(&tokens));
        Rendered::Whole(whole)
    };
    (tokens, rendered)
}

/// The role; what is said in pieces; calls whole; the reason and the usage in the last chunk.
fn chunks(ask: &Ask, answer: &Answer, finish: &Value, tokens: &Tokens) -> Vec<Event> {
    let thought = answer.thought.iter().map(|thought| json!({ "content": [think(thought)] }));
    let said = answer.pieces.iter().map(|piece| json!({ "content": piece }));
    let mut last = json!({ "content": "" });
    if !answer.calls.is_empty() {
        set(&mut last, "tool_calls", answer.calls.iter().enumerate().map(numbered).collect());
    }
    let first = json!({ "role": "assistant", "content": "" });
    let deltas = [first].into_iter().chain(thought).chain(said);
    let deltas = deltas.map(|delta| (delta, &Value::Null)).chain([(last, finish)]);
    let mut chunks: Vec<Value> = deltas
        .map(|(delta, finish)| {
            let choice = |index| json!({ "index": index, "delta": delta, "finish_reason": finish });
            frame(ask, "chat.completion.chunk", &(0..ask.choices).map(choice).collect::<Vec<_>>())
        })
        .collect();
    if let Some(chunk) = chunks.last_mut() {
        set(chunk, "usage", usage(tokens));
    }
    chunks.into_iter().map(Event::unnamed).collect()
}

fn frame(ask: &Ask, object: &str, choices: &[Value]) -> Value {
    json!({
        "id": ask.hash("completion"),
        "object": object,
        "created": CREATED,
        "model": ask.model,
        "choices": choices,
    })
}

fn read_message(message: &Value) -> Message {
    Message {
        calls: list(message, "/tool_calls").map(read_call).collect(),
        tool_call_id: text(message, "/tool_call_id").to_owned(),
        ..Message::new(text(message, "/role"), read_content(field(message, "/content")))
    }
}

fn read_schema(format: &Value) -> Option<Value> {
    match text(format, "/type") {
        "json_schema" => Some(field(format, "/json_schema/schema").clone()),
        "json_object" => Some(Value::Null),
        _ => None,
    }
}

/// A text, or, of models that think, the thought and the text.
fn content(answer: &Answer) -> Value {
    match &answer.thought {
        Some(thought) => json!([think(thought), { "type": "text", "text": answer.text() }]),
        None => json!(answer.text()),
    }
}

fn think(thought: &str) -> Value {
    json!({ "type": "thinking", "thinking": [{ "type": "text", "text": thought }], "closed": true })
}

/// Ids of calls have nine characters.
fn call(call: &ToolCall) -> Value {
    let id: String = call.id.chars().take(9).collect();
    json!({ "id": id, "type": "function", "function": { "name": call.name, "arguments": call.arguments } })
}

fn numbered((index, of): (usize, &ToolCall)) -> Value {
    let mut numbered = call(of);
    set(&mut numbered, "index", json!(index));
    numbered
}

fn usage(tokens: &Tokens) -> Value {
    json!({
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output(),
        "total_tokens": tokens.total(),
    })
}
