//! What was asked, in no vendor's words: as much of a request as an answer depends on.

use axum::http::Uri;
use serde_json::{Value, json};
use uuid::Uuid;

use super::json::{field, list, text};
use super::memory::Memory;
use super::wishes::Wishes;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) memory: Memory,
    pub(super) uri: Uri,
    /// What the path names, the model most of the time; empty where it names nothing.
    pub(super) target: String,
    /// The header `x-vendor-wish`.
    pub(super) wish: String,
    pub(super) body: Value,
}

/// What was asked.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) model: String,
    pub(super) messages: Vec<Message>,
    pub(super) tools: Vec<Tool>,
    pub(super) tool_choice: ToolChoice,
    pub(super) parallel_tool_calls: bool,
    pub(super) stream: bool,
    /// The schema of the answer, `null` standing for any object.
    pub(super) schema: Option<Value>,
    /// Pieces after which the answer breaks off.
    pub(super) max_tokens: Option<usize>,
    pub(super) choices: usize,
    /// Whether the model thinks before it answers, which its usage tells.
    pub(super) thinks: bool,
    /// Whether the model is asked to go on with an answer that paused.
    pub(super) goes_on: bool,
    pub(super) wishes: Wishes,
    pub(super) incoming: Incoming,
}

/// One message of the conversation. A result of a tool is always one of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    /// `system`, `developer`, `user`, `assistant` or `tool`.
    pub(super) role: String,
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
    /// The call that it is the result of.
    pub(super) tool_call_id: String,
    /// The tool that it is the result of, where the vendor has it.
    pub(super) tool_name: String,
}

/// A call of a tool, made in an earlier answer.
#[derive(Clone, Debug)]
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

impl Ask {
    /// A request about nothing yet; a vendor's reader fills in what its format has.
    pub(super) fn new(incoming: Incoming, model: &str) -> Self {
        let wishes = Wishes::new(model, &incoming.wish);
        Self {
            model: model.to_owned(),
            messages: Vec::new(),
            tools: Vec::new(),
            tool_choice: ToolChoice::Auto,
            parallel_tool_calls: true,
            stream: false,
            schema: None,
            max_tokens: None,
            choices: 1,
            thinks: wishes.has("thinking"),
            goes_on: false,
            wishes,
            incoming,
        }
    }

    /// What only one format has: the value at a JSON pointer into the request.
    pub(super) fn option(&self, pointer: &str) -> &Value {
        field(&self.incoming.body, pointer)
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

    /// The call whose result the last message is.
    pub(super) fn answered_call(&self) -> Option<&Call> {
        let result = self.last_message().filter(|message| message.role == "tool")?;
        let mut calls = self.messages.iter().rev().flat_map(|message| &message.calls);
        calls.find(|call| match result.tool_name.as_str() {
            "" => call.id == result.tool_call_id,
            name => call.name == name,
        })
    }

    /// How often a tool has been called since the user's last message.
    pub(super) fn times_called(&self, name: &str) -> usize {
        let turn = self.messages.iter().rev().take_while(|message| message.role != "user");
        turn.flat_map(|message| &message.calls).filter(|call| call.name == name).count()
    }

    /// 32 hex digits that depend on the model, the conversation, the names of the tools and the purpose
    /// only: not on what a client in one language adds to its JSON and one in another does not.
    pub(super) fn hash(&self, purpose: &str) -> String {
        let messages: Vec<Value> = self.messages.iter().map(Message::gist).collect();
        let tools: Vec<&str> = self.tools.iter().map(|tool| tool.name.as_str()).collect();
        let gist = json!([purpose, self.model, messages, tools]).to_string();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, gist.as_bytes()).simple().to_string()
    }

    /// The first `digits` of the hash.
    pub(super) fn short_hash(&self, purpose: &str, digits: usize) -> String {
        self.hash(purpose).chars().take(digits).collect()
    }
}

impl Message {
    pub(super) fn new(role: &str, text: impl Into<String>) -> Self {
        Self { role: role.to_owned(), text: text.into(), ..Self::default() }
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

/// The text of a content: a string, or parts some of which have text.
pub(super) fn read_content(content: &Value) -> String {
    let parts = list(content, "").filter_map(|part| field(part, "/text").as_str());
    content.as_str().map_or_else(|| parts.collect::<Vec<_>>().join("\n"), str::to_owned)
}

/// A text at a JSON pointer that has to be there and not be empty.
pub(super) fn named<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    Some(text(body, pointer)).filter(|text| !text.is_empty())
}

/// The count at a JSON pointer.
pub(super) fn count(body: &Value, pointer: &str) -> Option<usize> {
    field(body, pointer).as_u64().and_then(|count| usize::try_from(count).ok())
}
