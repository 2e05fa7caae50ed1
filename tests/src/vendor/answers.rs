//! The scenario: which request gets which answer.
//!
//! The first rule that fits decides:
//! 1. `tool_choice` names a function: that call.
//! 2. A user mentions "weather" and `get_weather` is on offer: `get_weather({"city":"Paris"})`.
//! 3. The result of `get_weather` came and `transfer_to_travel_agent` is on offer: that call, with `{}`.
//! 4. A user wrote and `tool_choice` is `required`: a call of every tool on offer, of the first one
//!    only without `parallel_tool_calls`.
//! 5. A system message mentions "travel" and there are no tools: a suggestion.
//! 6. A `response_format` asks for JSON: a sample of its schema.
//! 7. A tool result came: a text that quotes it.
//! 8. Otherwise a text that quotes the last user message.
//!
//! Calls of other tools have a sample of their schema as arguments.

use serde_json::{Value, json};

use super::request::{ChatRequest, ToolChoice};
use super::sample::sample;

const SUGGESTION: &str = "Go to Paris: walk along the Seine in the morning, see the Musée d'Orsay \
                          in the afternoon, and have dinner in Le Marais.";

/// What the model says.
#[derive(Debug)]
pub(super) enum Answer {
    /// A text, and whether it broke off.
    Text { text: String, cut_short: bool },
    /// Calls of tools.
    Calls(Vec<ToolCall>),
}

/// A call of a tool, with its arguments as JSON text.
#[derive(Debug)]
pub(super) struct ToolCall {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: String,
}

impl Answer {
    /// The answer to a request.
    pub(super) fn to(request: &ChatRequest) -> Self {
        calls(request).map_or_else(|| shorten(text(request), request.max_tokens), Self::Calls)
    }

    /// Why it ended.
    pub(super) fn finish_reason(&self) -> &'static str {
        match self {
            Self::Calls(_) => "tool_calls",
            Self::Text { cut_short: true, .. } => "length",
            Self::Text { cut_short: false, .. } => "stop",
        }
    }
}

fn calls(request: &ChatRequest) -> Option<Vec<ToolCall>> {
    if request.tool_choice == ToolChoice::None {
        return None;
    }
    let user = request.last_message().filter(|message| message.role == "user");
    if let (Some(_), ToolChoice::Function(name)) = (user, &request.tool_choice) {
        return Some(vec![call(request, 0, name)]);
    }
    if user.is_some_and(|message| message.mentions("weather")) && request.tool("get_weather").is_some() {
        return Some(vec![call(request, 0, "get_weather")]);
    }
    let transfer = "transfer_to_travel_agent";
    if request.answered_tool() == Some("get_weather") && request.tool(transfer).is_some() {
        return Some(vec![call(request, 0, transfer)]);
    }
    if user.is_some() && request.tool_choice == ToolChoice::Required && !request.tools.is_empty() {
        let count = if request.parallel_tool_calls { request.tools.len() } else { 1 };
        let tools = request.tools.iter().take(count).enumerate();
        return Some(tools.map(|(index, tool)| call(request, index, &tool.name)).collect());
    }
    None
}

fn call(request: &ChatRequest, index: usize, name: &str) -> ToolCall {
    let arguments = match (name, request.tool(name).map(|tool| sample(&tool.parameters))) {
        ("get_weather", _) => json!({ "city": "Paris" }),
        ("transfer_to_travel_agent", _) => json!({}),
        (_, Some(arguments @ Value::Object(_))) => arguments,
        _ => json!({}),
    };
    let hash = request.hash(&format!("call {index}"));
    let id = format!("call_{}", hash.get(..24).unwrap_or_default());
    ToolCall { id, name: name.to_owned(), arguments: arguments.to_string() }
}

fn text(request: &ChatRequest) -> String {
    let is_system = |role: &str| role == "system" || role == "developer";
    let mut system = request.messages.iter().filter(|message| is_system(&message.role));
    if request.tools.is_empty() && system.any(|message| message.mentions("travel")) {
        return SUGGESTION.to_owned();
    }
    match &request.schema {
        Some(Value::Null) => return json!({ "answer": request.last_user_text() }).to_string(),
        Some(schema) => return sample(schema).to_string(),
        None => {}
    }
    match request.last_message() {
        Some(message) if message.role == "tool" => format!("The tool has answered: {}", message.text),
        _ => format!("This is the answer to what you said: {}", request.last_user_text()),
    }
}

fn shorten(text: String, limit: Option<usize>) -> Answer {
    match limit {
        Some(limit) if limit < pieces(&text).count() => {
            Answer::Text { text: pieces(&text).take(limit).collect(), cut_short: true }
        }
        _ => Answer::Text { text, cut_short: false },
    }
}

/// A text in the pieces in which it is streamed: words, each with the space after it. A piece counts
/// as a token.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}
