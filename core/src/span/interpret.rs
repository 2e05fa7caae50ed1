//! The back room: what was written down of a span becomes its name, status and attributes.

use std::{borrow::Cow, time::Duration};

use super::{
    Change, Content, Policy, Recording,
    derive::{Facts, shortened},
    kind::{Argument, Kind, argument, text_of},
    usage::{self, tokens_of},
};
use crate::{
    attributes::{
        Attributes, Key, Value,
        registry::{Known, known},
    },
    client::Settings,
    config::{InputMessages, Options},
    json::{Json, Node},
    messages::{Conversation, Removed, answers, fit, instructions, write_messages, write_parts},
    time::Timestamp,
    trace::TraceContext,
    vendors::{Transcript, provider_named},
};

/// The op of a span, which programs may set like an attribute.
const OP: Known = known!("sentry.op");

/// A span as it goes to the wire.
#[derive(Debug)]
pub(crate) struct Interpreted {
    pub name: String,
    pub is_error: bool,
    pub attributes: Attributes,
    pub links: Vec<(TraceContext, Attributes)>,
    /// Content that there was no room for.
    pub removed: Removed,
    /// What could not be kept as it came.
    pub notices: Vec<String>,
}

/// Reads everything that was written down.
pub(crate) fn interpret(recording: Recording, settings: &Settings) -> Interpreted {
    let new = Reader::new(&recording, settings);
    let mut reader = recording.early.map_or(new, |early| early.reader());
    reader.read(recording.changes, recording.policy);
    reader.duration = recording.end.since(recording.start);
    reader.finish(&recording.kind, recording.agent_name.as_deref(), settings.options())
}

/// What was said of a span by hand, and beside it what its vendor said.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    kind: Kind,
    name: Option<String>,
    to_agent: Option<String>,
    attributes: Attributes,
    links: Vec<(TraceContext, Attributes)>,
    failure: Option<bool>,
    transcript: Transcript,
    policy: Policy,
    duration: Duration,
    removed: Removed,
    notices: Vec<String>,
}

impl Reader {
    pub fn new(recording: &Recording, settings: &Settings) -> Self {
        let mut attributes = Attributes::with_room();
        recording.scope.apply(&mut attributes, recording.kind.is_ai());
        if let (Some(key), Some(subject)) = (recording.kind.subject_key(), &recording.subject) {
            attributes.set(key, subject.as_str());
        }
        Self {
            kind: recording.kind.clone(),
            name: recording.name.clone(),
            to_agent: None,
            attributes,
            links: Vec::new(),
            failure: None,
            transcript: Transcript::new(recording.start, settings.options().input_messages),
            policy: recording.policy,
            duration: Duration::ZERO,
            removed: Removed::default(),
            notices: Vec::new(),
        }
    }

    /// Reads changes in their order, by the policy that holds for them.
    pub fn read(&mut self, changes: Vec<(Timestamp, Change)>, policy: Policy) {
        self.policy = policy;
        changes.into_iter().for_each(|(at, change)| self.apply(at, change));
    }

    /// Nothing follows of what the vendor says.
    pub fn close(&mut self) {
        self.transcript.close();
    }

    /// Brings what was read so far under the limit of a span, which is looked at again when all of it is known.
    pub fn fit(&mut self, limit: usize) {
        self.removed.add(fit(&mut self.attributes, limit));
        self.removed.add(fit(self.transcript.attributes(), limit));
    }

    /// About how many bytes of memory it takes.
    pub fn held(&mut self) -> usize {
        let links: usize = self.links.iter().map(|(_, attributes)| attributes.held()).sum();
        self.attributes.held() + self.transcript.attributes().held() + links
    }

    fn apply(&mut self, at: Timestamp, change: Change) {
        if self.keeps(&change) {
            self.removed.add(change.left_out());
        }
        match change {
            Change::Attribute(key, value) => self.set(key.into(), value),
            Change::Attributes(json) => self.set_all(json.doc().root()),
            Change::Arguments(json) => self.each(json.doc().root(), Self::argument),
            Change::Content(content, json, gathered) => {
                if self.policy.keeps(content.is_output(), gathered) {
                    self.content(content, json.doc().root());
                }
            }
            Change::Usage(json) => {
                self.each(json.doc().root(), |reader, name, value| reader.count(&name, value));
            }
            Change::Name(name) => self.name = Some(shortened(name)),
            Change::Status { ok, message } => {
                self.failure = Some(!ok);
                if let Some(message) = message {
                    self.attributes.set(known!("sentry.status.message"), message);
                }
            }
            Change::Request(json, format, gathered) => {
                self.transcript.request(&json, format, self.policy.keeps(false, gathered));
            }
            Change::Response(json, gathered) => {
                self.transcript.response(&json, self.policy.keeps(true, gathered));
            }
            Change::Chunk(json, gathered) => {
                self.transcript.chunk(at, &json, self.policy.keeps(true, gathered));
            }
            Change::Exception { kind, message } => self.exception(kind, message),
            Change::Link(context, json) => self.link(*context, &json),
        }
    }

    /// Whether policy lets the content of a change through.
    fn keeps(&self, change: &Change) -> bool {
        match change {
            Change::Content(content, _, gathered) => self.policy.keeps(content.is_output(), *gathered),
            Change::Request(_, _, gathered) => self.policy.keeps(false, *gathered),
            Change::Response(_, gathered) | Change::Chunk(_, gathered) => self.policy.keeps(true, *gathered),
            _ => true,
        }
    }

    /// Calls `each` with every member of an object; anything else is said and left out.
    fn each(&mut self, object: Node<'_>, mut each: impl FnMut(&mut Self, Cow<'_, str>, Node<'_>)) {
        if object.is_object() {
            object.members().for_each(|(key, value)| each(self, key.text(), value));
        } else if object.is_some() {
            // Without what it says: that is the program's, and may be long.
            self.notices.push(
                "attributes and counts must be an object by name; something else was left out".to_owned(),
            );
        }
    }

    fn set(&mut self, key: Key<'_>, value: Value) {
        if matches!(&key, Key::Own(name) if name.is_empty()) {
            self.notices.push("an attribute without a name was left out".to_owned());
            return;
        }
        // An op set like an attribute, as code for other SDKs does, is the span's op.
        if key == Key::Known(OP)
            && let Some(op) = value.as_str()
        {
            self.kind = Kind::of_op(op);
            return;
        }
        self.attributes.set(key, value);
    }

    fn set_node<'k>(&mut self, key: impl Into<Key<'k>>, value: Node<'_>) {
        if let Some(value) = Value::from_node(value) {
            self.set(key.into(), value);
        }
    }

    /// The attributes of an object.
    fn set_all(&mut self, attributes: Node<'_>) {
        /// Those of a structure inside count as well, and become one text.
        const USUAL: usize = 32;
        self.attributes.reserve(attributes.most_members().min(USUAL));
        self.each(attributes, |reader, key, value| reader.set_node(key, value));
    }

    /// A count that was set by hand: like every attribute it stays what it is where it is no number of tokens, and
    /// lint says so.
    fn count(&mut self, name: &str, value: Node<'_>) {
        match (usage::key_of(name), tokens_of(value)) {
            (Some(key), Some(count)) => self.attributes.set(key, count),
            (Some(key), None) => self.set_node(key, value),
            (None, _) => self.notices.push(format!("`{name}` is no count of tokens; it was left out")),
        }
    }

    fn argument(&mut self, name: Cow<'_, str>, value: Node<'_>) {
        match argument(&self.kind, &name) {
            _ if !value.is_some() => {}
            Some(Argument::Attribute(key)) => self.set_node(key, value),
            Some(Argument::Input) => self.content(Content::Input, value),
            Some(Argument::System) => self.content(Content::System, value),
            Some(Argument::ToAgent) => self.to_agent = text_of(value),
            Some(Argument::Attributes) => self.set_all(value),
            Some(Argument::Policy) => {}
            Some(Argument::Provider) => {
                if let Some(name) = value.str()
                    && let Some(provider) = provider_named(&name)
                {
                    self.attributes.set(known!("gen_ai.provider.name"), provider);
                }
            }
            None => {
                self.notices.push(format!("`{name}` is no argument here; it was kept as an attribute"));
                self.set_node(name, value);
            }
        }
    }

    fn content(&mut self, content: Content, value: Node<'_>) {
        match content {
            Content::Input => {
                let conversation = Conversation::read(value, InputMessages::All);
                self.removed.messages += conversation.removed;
                conversation.write(&mut self.attributes);
            }
            Content::System => {
                let parts = instructions(value);
                if !parts.is_empty() {
                    self.attributes.set(known!("gen_ai.system_instructions"), write_parts(&parts));
                }
            }
            Content::Output => {
                let messages = answers(value);
                if !messages.is_empty() {
                    self.attributes.set(known!("gen_ai.output.messages"), write_messages(&messages));
                }
            }
            Content::ToolArguments => self.set_node(known!("gen_ai.tool.call.arguments"), value),
            Content::ToolResult => self.set_node(known!("gen_ai.tool.call.result"), value),
        }
    }

    /// The first one stays: the same error is often recorded again on its way out of the block.
    fn exception(&mut self, kind: String, message: String) {
        self.failure = Some(true);
        if self.attributes.contains(known!("exception.type")) {
            return;
        }
        self.attributes.set_default(known!("error.type"), kind.as_str());
        self.attributes.set(known!("exception.type"), kind);
        if !message.is_empty() {
            self.attributes.set(known!("exception.message"), message);
        }
    }

    fn link(&mut self, context: TraceContext, json: &Json) {
        let mut attributes = Attributes::default();
        for (key, value) in json.doc().root().members() {
            if let Some(value) = Value::from_node(value) {
                attributes.set(key.text(), value);
            }
        }
        self.links.push((context, attributes));
    }

    fn finish(self, started_as: &Kind, agent_name: Option<&str>, options: &Options) -> Interpreted {
        let facts = Facts {
            kind: self.kind,
            name: self.name,
            to_agent: self.to_agent,
            attributes: self.attributes,
            failure: self.failure,
            removed: self.removed,
            duration: self.duration,
            conventions: options.conventions,
        };
        let mut derived = facts.settle(self.transcript.finish(), started_as, agent_name);
        let mut removed = derived.removed;
        removed.add(fit(&mut derived.attributes, options.max_content_bytes));
        let name = derived.span_name();
        Interpreted {
            name,
            is_error: derived.failure.unwrap_or(false),
            attributes: derived.attributes,
            links: self.links,
            removed,
            notices: self.notices,
        }
    }
}
