//! The scenario: which request gets which answer, whatever format it is in.
//!
//! The first rule that fits decides:
//! 1. `tool_choice` names a function and a user wrote: that call.
//! 2. The result of a tool says "try again": the same call, twice at most.
//! 3. A user or the model's name asks for calls in "parallel": a call of every tool on offer at once,
//!    `get_weather` for Paris and for Rome, handoffs left out.
//! 4. A user mentions "weather" and `get_weather` is on offer: `get_weather({"city":"Paris"})`.
//! 5. The user's last message names tools on offer that have not been called since: these calls, the
//!    first one only without `parallel_tool_calls`.
//! 6. The result of `get_weather` came and a `transfer_to_...` is on offer: that call.
//! 7. `tool_choice` is `required`: a call of every tool on offer that has not been called since the user
//!    wrote, handoffs left out after the first answer; the first one only without `parallel_tool_calls`.
//! 8. A system message mentions "travel" and there are no tools: a suggestion.
//! 9. The request asks for JSON: a sample of its schema.
//! 10. A tool result came: a text that quotes it.
//! 11. Otherwise a text that quotes the last user message.
//!
//! Arguments of calls are a sample of the tool's schema.

use serde_json::{Value, json};

use super::ask::{Ask, Call, Message, ToolChoice};
use super::json::set;
use super::pieces::{pieces, resize};
use super::sample::sample;

const SUGGESTION: &str = "Go to Paris: walk along the Seine in the morning, see the Musée d'Orsay \
                          in the afternoon, and have dinner in Le Marais.";

/// How often a tool that says "try again" is called for one message of the user.
const MOST_TRIES: usize = 3;

const HANDOFF: &str = "transfer_to_";

/// What the model says.
#[derive(Debug)]
pub(super) struct Answer {
    /// What it thought before, of models that think.
    pub(super) thought: Option<String>,
    /// The text in the pieces in which it is streamed; a piece counts as a token.
    pub(super) pieces: Vec<String>,
    pub(super) calls: Vec<ToolCall>,
    pub(super) ending: Ending,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    /// All is said.
    Complete,
    /// It broke off at the limit.
    CutShort,
    /// Tools have to run first.
    Calls,
    /// The model refuses; the text says so.
    Refused,
    /// The model wants to be asked to go on.
    Paused,
}

/// A call of a tool, with its arguments as JSON text.
#[derive(Debug)]
pub(super) struct ToolCall {
    /// Hex digits, for a vendor to make an id of.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: String,
}

impl Answer {
    /// The answer to a request.
    pub(super) fn to(ask: &Ask) -> Self {
        let thought = ask.thinks.then(|| format!("The user says: {}", ask.last_user_text()));
        let (pieces, calls, ending) = said(ask);
        Self { thought, pieces, calls, ending }
    }

    pub(super) fn text(&self) -> String {
        self.pieces.concat()
    }

    /// What models that talk before they call a tool say.
    pub(super) fn plan(&self) -> Option<String> {
        let names: Vec<&str> = self.calls.iter().map(|call| call.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("I will call {}.", names.join(" and ")))
    }

    /// This answer as a message of the conversation; `id` makes the id of a call.
    pub(super) fn as_message(&self, id: fn(&ToolCall) -> String) -> Message {
        let call = |call: &ToolCall| Call {
            id: id(call),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        };
        Message { calls: self.calls.iter().map(call).collect(), ..Message::new("assistant", self.text()) }
    }
}

impl ToolCall {
    /// The arguments as JSON, for vendors that do not send them as text.
    pub(super) fn input(&self) -> Value {
        serde_json::from_str(&self.arguments).unwrap_or_default()
    }
}

fn said(ask: &Ask) -> (Vec<String>, Vec<ToolCall>, Ending) {
    if ask.wishes.has("refusal") {
        return (pieces("I'm sorry, but I can't help with that."), Vec::new(), Ending::Refused);
    }
    let calls = calls(ask);
    if !calls.is_empty() {
        return (Vec::new(), calls, Ending::Calls);
    }
    let is_going_on = ask.goes_on || ask.last_message().is_some_and(|message| message.role == "assistant");
    if ask.wishes.has("pause-turn") && !is_going_on {
        return (pieces("Let me look further into that."), Vec::new(), Ending::Paused);
    }
    let (pieces, ending) = match resize(&text(ask), ask) {
        Some(pieces) => (pieces, Ending::Complete),
        None => shorten(pieces(&text(ask)), ask.max_tokens),
    };
    (pieces, Vec::new(), ending)
}

fn shorten(mut pieces: Vec<String>, limit: Option<usize>) -> (Vec<String>, Ending) {
    match limit {
        Some(limit) if limit < pieces.len() => {
            pieces.truncate(limit);
            (pieces, Ending::CutShort)
        }
        _ => (pieces, Ending::Complete),
    }
}

fn calls(ask: &Ask) -> Vec<ToolCall> {
    let names = match (&ask.tool_choice, ask.last_message()) {
        (ToolChoice::None, _) => Vec::new(),
        (ToolChoice::Function(name), Some(message)) if message.role == "user" => vec![name.as_str()],
        (_, Some(message)) => match again(ask, message) {
            Some(call) => return vec![repeat(ask, call)],
            None => called_by(ask, message),
        },
        (_, None) => Vec::new(),
    };
    let city_of =
        |index: usize| if index > 0 && names.get(index - 1) == names.get(index) { "Rome" } else { "Paris" };
    names.iter().enumerate().map(|(index, name)| call(ask, index, name, city_of(index))).collect()
}

/// The call whose result says that it should be tried again.
fn again<'a>(ask: &'a Ask, message: &Message) -> Option<&'a Call> {
    let call = ask.answered_call().filter(|_| message.mentions("try again"))?;
    (ask.times_called(&call.name) < MOST_TRIES).then_some(call)
}

/// The names of the tools that a message makes the model call.
fn called_by<'a>(ask: &'a Ask, message: &Message) -> Vec<&'a str> {
    let is_user = message.role == "user";
    let is_tool = message.role == "tool";
    let on_offer = || ask.tools.iter().map(|tool| tool.name.as_str());
    let is_new = |name: &&str| ask.times_called(name) == 0;
    let most = if ask.parallel_tool_calls { usize::MAX } else { 1 };
    let weather = on_offer().find(|name| *name == "get_weather");
    if is_user && ask.parallel_tool_calls && (ask.wishes.has("parallel") || message.mentions("parallel")) {
        let tools = on_offer().filter(|name| !name.starts_with(HANDOFF));
        return tools.flat_map(|name| vec![name; if name == "get_weather" { 2 } else { 1 }]).collect();
    }
    if let Some(weather) = weather.filter(|_| is_user && message.mentions("weather")) {
        return vec![weather];
    }
    let named = on_offer().filter(|name| names(ask.last_user_text(), name)).filter(is_new);
    let named: Vec<&str> = named.take(most).collect();
    if (is_user || is_tool) && !named.is_empty() {
        return named;
    }
    let handoff = on_offer().find(|name| name.starts_with(HANDOFF));
    let is_answered = ask.answered_call().is_some_and(|call| call.name == "get_weather");
    if let Some(handoff) = handoff.filter(|_| is_answered) {
        return vec![handoff];
    }
    if ask.tool_choice == ToolChoice::Required && (is_user || is_tool) {
        let tools = on_offer().filter(|name| is_user || !name.starts_with(HANDOFF));
        return tools.filter(is_new).take(most).collect();
    }
    Vec::new()
}

/// Whether a text has a name as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let is_between = |character: char| !character.is_alphanumeric() && character != '_' && character != '-';
    text.split(is_between).any(|word| word == name)
}

fn call(ask: &Ask, index: usize, name: &str, city: &str) -> ToolCall {
    let schema = ask.tool(name).map(|tool| &tool.parameters).unwrap_or(&Value::Null);
    let mut arguments = match sample(schema) {
        arguments @ Value::Object(_) => arguments,
        _ => json!({}),
    };
    let has_city = arguments.get("city").is_some() || arguments == json!({});
    if name == "get_weather" && has_city {
        set(&mut arguments, "city", json!(city));
    }
    identified(ask, index, name, arguments.to_string())
}

fn repeat(ask: &Ask, call: &Call) -> ToolCall {
    identified(ask, 0, &call.name, call.arguments.clone())
}

fn identified(ask: &Ask, index: usize, name: &str, arguments: String) -> ToolCall {
    ToolCall { id: ask.short_hash(&format!("call {index}"), 24), name: name.to_owned(), arguments }
}

fn text(ask: &Ask) -> String {
    let is_system = |role: &str| role == "system" || role == "developer";
    let mut system = ask.messages.iter().filter(|message| is_system(&message.role));
    if ask.tools.is_empty() && system.any(|message| message.mentions("travel")) {
        return SUGGESTION.to_owned();
    }
    match &ask.schema {
        Some(Value::Null) => return json!({ "answer": ask.last_user_text() }).to_string(),
        Some(schema) => return sample(schema).to_string(),
        None => {}
    }
    match ask.last_message() {
        Some(message) if message.role == "tool" => format!("The tool has answered: {}", message.text),
        _ => format!("This is the answer to what you said: {}", ask.last_user_text()),
    }
}
