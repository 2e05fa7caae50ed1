//! The back room: what was written down of a span becomes its name, status and attributes.

use serde_json::Value as JsonValue;

use super::{
    Change, Content, Gathered, Recording,
    kind::{Argument, Kind, argument},
    usage::{self, Usage},
};
use crate::{
    attributes::{Attributes, Value, legacy},
    client::Settings,
    config::{InputMessages, MAX_NAME_CHARS},
    json::Json,
    messages::{self, Conversation, bounded, shorten, since_last_answer},
    time::Timestamp,
    trace::TraceContext,
    vendors::{self, Reading, Transcript},
};

/// A span as it goes to the wire.
#[derive(Debug)]
pub(crate) struct Interpreted {
    pub name: String,
    pub is_error: bool,
    pub attributes: Attributes,
    pub links: Vec<(TraceContext, Attributes)>,
    /// What could not be kept as it came.
    pub notices: Vec<String>,
}

/// Reads everything that was written down.
pub(crate) fn interpret(recording: Recording, settings: &Settings) -> Interpreted {
    let mut reader = Reader::new(&recording, settings);
    for (at, change) in recording.changes {
        reader.apply(at, change);
    }
    reader.finish(&recording.kind, recording.agent_name.as_deref())
}

struct Reader<'a> {
    settings: &'a Settings,
    kind: Kind,
    name: Option<String>,
    to_agent: Option<String>,
    attributes: Attributes,
    links: Vec<(TraceContext, Attributes)>,
    failure: Option<bool>,
    transcript: Transcript,
    gathered: Gathered,
    notices: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(recording: &Recording, settings: &'a Settings) -> Self {
        let mut attributes = Attributes::default();
        recording.scope.apply(&mut attributes, recording.kind.is_ai());
        if let (Some(key), Some(subject)) = (recording.kind.subject_key(), &recording.subject) {
            attributes.set(key, subject.as_str());
        }
        Self {
            settings,
            kind: recording.kind.clone(),
            name: recording.name.clone(),
            to_agent: None,
            attributes,
            links: Vec::new(),
            failure: None,
            transcript: Transcript::new(recording.start),
            gathered: Gathered::ByHand,
            notices: Vec::new(),
        }
    }

    fn apply(&mut self, at: Timestamp, change: Change) {
        match change {
            Change::Attribute(key, value) => self.set(key, value),
            Change::Attributes(json) => self.each(&json, |reader, key, value| reader.set_json(key, value)),
            Change::Arguments(json) => self.each(&json, Self::argument),
            Change::Content(content, json, _) => self.content(content, json.read()),
            Change::Usage(json) => {
                for (key, count) in Usage::from_api(&json.read()).attributes() {
                    self.attributes.set(key, count);
                }
            }
            Change::Name(name) => self.name = Some(name),
            Change::Status { ok, message } => {
                self.failure = Some(!ok);
                if let Some(message) = message {
                    self.attributes.set("sentry.status.message", message);
                }
            }
            Change::Request(json, format, gathered) => {
                self.gathered = gathered;
                self.transcript.request(&json.read(), format);
            }
            Change::Response(json, gathered) => {
                self.gathered = gathered;
                self.transcript.response(&json.read());
            }
            Change::Chunk(json, gathered) => {
                self.gathered = gathered;
                self.transcript.chunk(at, &json.read());
            }
            Change::Exception { kind, message } => self.exception(kind, message),
            Change::Link(context, json) => {
                let mut attributes = Attributes::default();
                if let JsonValue::Object(fields) = json.read() {
                    for (key, value) in fields {
                        if let Some(value) = Value::from_json(value) {
                            attributes.set(key, value);
                        }
                    }
                }
                self.links.push((context, attributes));
            }
        }
    }

    /// Calls `each` with every member of an object; anything else is said and left out.
    fn each(&mut self, json: &Json, mut each: impl FnMut(&mut Self, String, JsonValue)) {
        match json.read() {
            JsonValue::Object(fields) => {
                fields.into_iter().for_each(|(key, value)| each(self, key, value));
            }
            JsonValue::Null => {}
            other => self.notices.push(format!("attributes must be an object by name, not {other}")),
        }
    }

    fn set(&mut self, key: String, value: Value) {
        if key.is_empty() {
            self.notices.push("an attribute without a name was left out".to_owned());
            return;
        }
        // An op set like an attribute, as code for other SDKs does, is the span's op.
        if key == "sentry.op"
            && let Some(op) = value.as_str()
        {
            self.kind = Kind::of_op(op);
            return;
        }
        self.attributes.set(key, value);
    }

    fn set_json(&mut self, key: String, value: JsonValue) {
        if let Some(value) = Value::from_json(value) {
            self.set(key, value);
        }
    }

    fn argument(&mut self, name: String, value: JsonValue) {
        match argument(&self.kind, &name) {
            _ if value.is_null() => {}
            Some(Argument::Attribute(key)) => self.set_json(key.to_owned(), value),
            Some(Argument::Input) => self.content(Content::Input, value),
            Some(Argument::System) => self.content(Content::System, value),
            Some(Argument::ToAgent) => self.to_agent = value.as_str().map(str::to_owned),
            Some(Argument::Attributes) => {
                self.each(&Json::new(value.to_string()), |reader, key, value| reader.set_json(key, value));
            }
            None => {
                self.notices.push(format!("`{name}` is no argument here; it was kept as an attribute"));
                self.set_json(name, value);
            }
        }
    }

    fn content(&mut self, content: Content, value: JsonValue) {
        match content {
            Content::Input => {
                let mut conversation = Conversation::read(value);
                conversation.messages = bounded(conversation.messages);
                legacy::write_input(&mut self.attributes, &conversation);
            }
            Content::System => {
                let instructions = messages::instructions(value);
                self.set_list("gen_ai.system_instructions", &instructions);
            }
            Content::Output => {
                let answers = bounded(Conversation::read_answers(value).messages);
                self.set_list("gen_ai.output.messages", &answers);
            }
            Content::ToolArguments => self.set_json("gen_ai.tool.call.arguments".to_owned(), value),
            Content::ToolResult => self.set_json("gen_ai.tool.call.result".to_owned(), value),
        }
    }

    /// The first one stays: the same error is often recorded again on its way out of the block.
    fn exception(&mut self, kind: String, message: String) {
        self.failure = Some(true);
        if self.attributes.contains("exception.type") {
            return;
        }
        self.attributes.set_default("error.type", kind.as_str());
        self.attributes.set("exception.type", kind);
        if !message.is_empty() {
            self.attributes.set("exception.message", message);
        }
    }

    fn finish(mut self, started_as: &Kind, agent_name: Option<&str>) -> Interpreted {
        legacy::translate(&mut self.attributes);
        let reading = std::mem::take(&mut self.transcript).finish();
        self.merge(reading);
        let is_any = self.kind == Kind::AnyRequest;
        let kind = self.kind.clone().resolved(self.name.as_deref(), &self.attributes);
        if let (Some(key), Some(name)) = (kind.subject_key(), &self.name) {
            self.attributes.set_default_text(key, kind.subject_of(name));
        }
        if kind.inherits_agent() || started_as.inherits_agent() {
            self.attributes.set_default_text("gen_ai.agent.name", agent_name);
        }
        if let Some(operation) = kind.operation_name() {
            if is_any {
                self.attributes.remove("gen_ai.operation.name");
            }
            self.attributes.set_default_text("gen_ai.operation.name", Some(operation));
        }
        if kind.is_request() {
            self.derive_request();
        }
        usage::derive_total(&mut self.attributes);
        self.attributes.set("sentry.op", kind.op());
        let name = self.span_name(&kind);
        for value in self.attributes.values_mut() {
            if let Value::String(text) = value
                && !text.starts_with(['[', '{'])
                && let Some(short) = shorten(text)
            {
                *text = short;
            }
        }
        let is_error = self.failure.unwrap_or(false);
        Interpreted { name, is_error, attributes: self.attributes, links: self.links, notices: self.notices }
    }

    fn derive_request(&mut self) {
        let provider = self.attributes.text("server.address").and_then(vendors::provider_of_host);
        self.attributes.set_default_text("gen_ai.provider.name", provider);
        let model = self.attributes.text("gen_ai.request.model").map(str::to_owned);
        self.attributes.set_default_text("gen_ai.response.model", model.as_deref());
    }

    fn span_name(&self, kind: &Kind) -> String {
        if let Some(name) = self.name.as_deref().filter(|name| !name.is_empty()) {
            return name.chars().take(MAX_NAME_CHARS).collect();
        }
        let subject = kind.subject_key().and_then(|key| self.attributes.text(key));
        let name: String = kind.span_name(subject).chars().take(MAX_NAME_CHARS).collect();
        match &self.to_agent {
            Some(agent) if *kind == Kind::Handoff => format!("{name} to {agent}"),
            _ => name,
        }
    }

    /// What a vendor's own words say goes below everything that was set by hand.
    fn merge(&mut self, reading: Reading) {
        let options = self.settings.options();
        let by_hand = self.gathered == Gathered::ByHand;
        for (key, value) in reading.attributes.iter() {
            if !self.attributes.contains(key) {
                self.attributes.set(key.to_owned(), value.clone());
            }
        }
        for (key, count) in reading.usage.attributes() {
            self.attributes.set_default(key, count);
        }
        if let (Some(provider), true) = (reading.provider, self.kind.is_request()) {
            let host = self.attributes.text("server.address").and_then(vendors::provider_of_host);
            self.attributes.set_default_text("gen_ai.provider.name", host.or(Some(provider)));
        }
        if by_hand || options.record_inputs {
            let messages = match options.input_messages {
                InputMessages::All => reading.input,
                InputMessages::SinceLastResponse => since_last_answer(reading.input),
            };
            self.set_default_list("gen_ai.input.messages", &bounded(messages));
            self.set_default_list("gen_ai.system_instructions", &reading.system);
            self.set_default_list("gen_ai.tool.definitions", &reading.tools);
        }
        if by_hand || options.record_outputs {
            self.set_default_list("gen_ai.output.messages", &bounded(reading.output));
        }
        if let Some(error) = reading.error {
            self.failure.get_or_insert(true);
            self.attributes.set_default_text("error.type", Some(&error.kind));
            self.attributes.set_default_text("sentry.status.message", error.message.as_deref());
        }
    }

    /// Nothing said is nothing kept: no empty list.
    fn set_list<T: serde::Serialize>(&mut self, key: &'static str, list: &[T]) {
        if !list.is_empty() {
            self.attributes.set(key, messages::to_json(&list));
        }
    }

    fn set_default_list<T: serde::Serialize>(&mut self, key: &'static str, list: &[T]) {
        if !list.is_empty() {
            self.attributes.set_default(key, messages::to_json(&list));
        }
    }
}
