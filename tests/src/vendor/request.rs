//! A chat completion request, reduced to what the answer depends on.

use serde_json::{Value, json};
use uuid::Uuid;

use super::error::ApiError;
use super::json::{field, list, text};

/// What was asked.
#[derive(Debug)]
pub(super) struct ChatRequest {
    pub(super) model: String,
    pub(super) messages: Vec<Message>,
    pub(super) tools: Vec<Tool>,
    pub(super) tool_choice: ToolChoice,
    pub(super) parallel_tool_calls: bool,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
    /// The schema of the answer, `null` standing for any object.
    pub(super) schema: Option<Value>,
    pub(super) service_tier: String,
    /// Words after which the answer breaks off.
    pub(super) max_tokens: Option<usize>,
    pub(super) choices: usize,
}

/// One message of the conversation.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) role: String,
    pub(super) text: String,
    /// The names of the tools it calls, by call id.
    pub(super) calls: Vec<Call>,
    /// The call that it is the result of.
    pub(super) tool_call_id: String,
}

/// A call of a tool, made in an earlier answer.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: String,
}

/// A tool on offer.
#[derive(Debug)]
pub(super) struct Tool {
    pub(super) name: String,
    /// The schema of its arguments.
    pub(super) parameters: Value,
}

/// Whether tools may or must be called.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum ToolChoice {
    Auto,
    None,
    Required,
    Function(String),
}

impl ChatRequest {
    /// Reads a request body; `deployment` is the model where the path names it.
    pub(super) fn read(body: &[u8], deployment: Option<String>) -> Result<Self, ApiError> {
        let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::not_json())?;
        let model = deployment.unwrap_or_else(|| text(&body, "/model").to_owned());
        if model.is_empty() {
            return Err(ApiError::no_model());
        }
        let messages = field(&body, "/messages").as_array().ok_or_else(ApiError::no_messages)?;
        let max_tokens = count(&body, "/max_completion_tokens").or_else(|| count(&body, "/max_tokens"));
        Ok(Self {
            model,
            messages: messages.iter().map(Message::read).collect(),
            tools: list(&body, "/tools").map(Tool::read).collect(),
            tool_choice: ToolChoice::read(field(&body, "/tool_choice")),
            parallel_tool_calls: field(&body, "/parallel_tool_calls").as_bool().unwrap_or(true),
            stream: field(&body, "/stream").as_bool().unwrap_or(false),
            include_usage: field(&body, "/stream_options/include_usage").as_bool().unwrap_or(false),
            schema: read_schema(field(&body, "/response_format")),
            service_tier: service_tier(text(&body, "/service_tier")),
            max_tokens,
            choices: count(&body, "/n").unwrap_or(1).clamp(1, 8),
        })
    }

    pub(super) fn last_message(&self) -> Option<&Message> {
        self.messages.last()
    }

    pub(super) fn last_user_text(&self) -> &str {
        let user = self.messages.iter().rev().find(|message| message.role == "user");
        user.map(|message| message.text.as_str()).unwrap_or_default()
    }

    pub(super) fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    /// The name of the tool whose result the last message is.
    pub(super) fn answered_tool(&self) -> Option<&str> {
        let id = self.last_message().filter(|message| message.role == "tool")?.tool_call_id.as_str();
        let mut calls = self.messages.iter().rev().flat_map(|message| &message.calls);
        calls.find(|call| call.id == id).map(|call| call.name.as_str())
    }

    /// 32 hex digits that depend on the model, the conversation and the purpose only: not on what a
    /// client in one language adds to its JSON and one in another does not.
    pub(super) fn hash(&self, purpose: &str) -> String {
        let messages: Vec<Value> = self.messages.iter().map(Message::gist).collect();
        let gist = json!([purpose, self.model, messages]).to_string();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, gist.as_bytes()).simple().to_string()
    }
}

impl Message {
    fn read(message: &Value) -> Self {
        Self {
            role: text(message, "/role").to_owned(),
            text: read_content(field(message, "/content")),
            calls: list(message, "/tool_calls").map(Call::read).collect(),
            tool_call_id: text(message, "/tool_call_id").to_owned(),
        }
    }

    fn gist(&self) -> Value {
        let calls: Vec<_> =
            self.calls.iter().map(|call| json!([call.id, call.name, call.arguments])).collect();
        json!([self.role, self.text, calls, self.tool_call_id])
    }

    pub(super) fn mentions(&self, word: &str) -> bool {
        self.text.to_lowercase().contains(word)
    }
}

impl Call {
    fn read(call: &Value) -> Self {
        Self {
            id: text(call, "/id").to_owned(),
            name: text(call, "/function/name").to_owned(),
            arguments: text(call, "/function/arguments").to_owned(),
        }
    }
}

impl Tool {
    fn read(tool: &Value) -> Self {
        Self {
            name: text(tool, "/function/name").to_owned(),
            parameters: field(tool, "/function/parameters").clone(),
        }
    }
}

impl ToolChoice {
    fn read(choice: &Value) -> Self {
        match (choice.as_str(), text(choice, "/function/name")) {
            (Some("none"), _) => Self::None,
            (Some("required"), _) => Self::Required,
            (_, "") => Self::Auto,
            (_, name) => Self::Function(name.to_owned()),
        }
    }
}

/// The text of a content: a string, or parts some of which are text.
fn read_content(content: &Value) -> String {
    let parts = list(content, "").filter_map(|part| field(part, "/text").as_str());
    content.as_str().map_or_else(|| parts.collect::<Vec<_>>().join("\n"), str::to_owned)
}

fn read_schema(format: &Value) -> Option<Value> {
    match text(format, "/type") {
        "json_schema" => Some(field(format, "/json_schema/schema").clone()),
        "json_object" => Some(Value::Null),
        _ => None,
    }
}

/// What was asked for is what is given; `auto` is `default`.
fn service_tier(asked: &str) -> String {
    let tier = if asked.is_empty() || asked == "auto" { "default" } else { asked };
    tier.to_owned()
}

fn count(body: &Value, pointer: &str) -> Option<usize> {
    field(body, pointer).as_u64().and_then(|count| usize::try_from(count).ok())
}
