//! The kinds of span: their op, operation name and span name, and what the arguments of a call mean.

use std::borrow::Cow;

use crate::{
    attributes::{
        Attributes,
        registry::{Known, known},
    },
    error::UnknownOperation,
    json::{Json, Node, ends_name},
};

/// What one request to a model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `chat`
    Chat,
    /// `responses`
    Responses,
    /// `text_completion`
    TextCompletion,
    /// `generate_content`
    GenerateContent,
    /// `embeddings`
    Embeddings,
    /// `rerank`
    Rerank,
}

const OPERATIONS: &[Operation] = &[
    Operation::Chat,
    Operation::Responses,
    Operation::TextCompletion,
    Operation::GenerateContent,
    Operation::Embeddings,
    Operation::Rerank,
];

impl Operation {
    /// `gen_ai.operation.name`
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Responses => "responses",
            Self::TextCompletion => "text_completion",
            Self::GenerateContent => "generate_content",
            Self::Embeddings => "embeddings",
            Self::Rerank => "rerank",
        }
    }

    const fn op(self) -> &'static str {
        match self {
            Self::Chat => "gen_ai.chat",
            Self::Responses => "gen_ai.responses",
            Self::TextCompletion => "gen_ai.text_completion",
            Self::GenerateContent => "gen_ai.generate_content",
            Self::Embeddings => "gen_ai.embeddings",
            Self::Rerank => "gen_ai.rerank",
        }
    }

    fn find(name: &str) -> Option<Self> {
        OPERATIONS.iter().copied().find(|operation| operation.name() == name)
    }
}

/// What a span stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One request to a model.
    Request(Operation),
    /// A request whose operation shows in its name or attributes (`op="gen_ai.request"`, as the
    /// documentation of the Sentry SDKs writes it).
    AnyRequest,
    /// One run of an agent.
    InvokeAgent,
    /// An agent is made.
    CreateAgent,
    /// One run of a tool.
    ExecuteTool,
    /// Control passes from one agent to another.
    Handoff,
    /// Anything else, with its op.
    Other(String),
}

impl Kind {
    /// The kind for the name of a call of the API: `chat`, `invoke_agent`, ...
    ///
    /// # Errors
    /// The name is none of them.
    pub fn of_call(name: &str) -> Result<Self, UnknownOperation> {
        match name {
            "invoke_agent" => Ok(Self::InvokeAgent),
            "create_agent" => Ok(Self::CreateAgent),
            "execute_tool" => Ok(Self::ExecuteTool),
            "handoff" => Ok(Self::Handoff),
            operation => Self::of_request(operation),
        }
    }

    /// The kind for a call and what it is about, which with `start_span` is its op, and that which is left of the latter.
    ///
    /// # Errors
    /// There is no such call.
    pub fn of_start<'a>(
        call: &str,
        subject: Option<&'a str>,
    ) -> Result<(Self, Option<&'a str>), UnknownOperation> {
        match call {
            "start_span" => Ok((Self::of_op(subject.unwrap_or_default()), None)),
            call => Ok((Self::of_call(call)?, subject)),
        }
    }

    /// The kind for the operation of a request: what `ai_request` takes.
    ///
    /// # Errors
    /// There is no such operation.
    pub fn of_request(operation: &str) -> Result<Self, UnknownOperation> {
        Operation::find(operation).map(Self::Request).ok_or_else(|| UnknownOperation {
            name: operation.to_owned(),
            allowed: OPERATIONS.iter().map(|operation| operation.name()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The kind that an op stands for; an empty one is `default`, as in the Sentry SDKs.
    pub fn of_op(op: &str) -> Self {
        match op {
            "" => Self::Other("default".to_owned()),
            "gen_ai.request" => Self::AnyRequest,
            _ => op
                .strip_prefix("gen_ai.")
                .and_then(|name| Self::of_call(name).ok())
                .unwrap_or_else(|| Self::Other(op.to_owned())),
        }
    }

    /// The kind with what the span's name and attributes say of it. The documentation's example of a
    /// request calls its operation `invoke_agent`: the op and the name decide, not that.
    pub(crate) fn resolved(self, name: Option<&str>, attributes: &Attributes) -> Self {
        if self != Self::AnyRequest {
            return self;
        }
        let from_name = name.and_then(|name| name.split(' ').next()).and_then(Operation::find);
        let stated = || attributes.text(known!("gen_ai.operation.name")).and_then(Operation::find);
        Self::Request(from_name.or_else(stated).unwrap_or(Operation::Chat))
    }

    /// `sentry.op`
    pub(crate) fn op(&self) -> &str {
        match self {
            Self::Request(operation) => operation.op(),
            Self::AnyRequest => Operation::Chat.op(),
            Self::InvokeAgent => "gen_ai.invoke_agent",
            Self::CreateAgent => "gen_ai.create_agent",
            Self::ExecuteTool => "gen_ai.execute_tool",
            Self::Handoff => "gen_ai.handoff",
            Self::Other(op) => op,
        }
    }

    /// `gen_ai.operation.name`; none for what is not AI.
    pub(crate) fn operation_name(&self) -> Option<&str> {
        self.op().strip_prefix("gen_ai.")
    }

    /// `gen_ai.operation.type`, by its well-known values; none for what is not AI.
    pub(crate) const fn operation_type(&self) -> Option<&'static str> {
        match self {
            Self::Request(_) | Self::AnyRequest => Some("ai_client"),
            Self::InvokeAgent | Self::CreateAgent => Some("agent"),
            Self::ExecuteTool => Some("tool"),
            Self::Handoff => Some("handoff"),
            Self::Other(_) => None,
        }
    }

    /// Whether conversation and pipeline are carried.
    pub(crate) fn is_ai(&self) -> bool {
        self.operation_name().is_some()
    }

    /// Whether this is one request to a model.
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request(_) | Self::AnyRequest)
    }

    /// Whether this makes its children parts of an agent's run.
    pub fn is_agent(&self) -> bool {
        matches!(self, Self::InvokeAgent)
    }

    /// Whether the name of the agent around it belongs on this span.
    pub(crate) fn inherits_agent(&self) -> bool {
        self.is_request() || matches!(self, Self::ExecuteTool)
    }

    /// The attribute that holds what the call's first argument names: a model, an agent, a tool.
    pub(crate) const fn subject_key(&self) -> Option<Known> {
        match self {
            Self::Request(_) | Self::AnyRequest => Some(known!("gen_ai.request.model")),
            Self::InvokeAgent | Self::CreateAgent | Self::Handoff => Some(known!("gen_ai.agent.name")),
            Self::ExecuteTool => Some(known!("gen_ai.tool.name")),
            Self::Other(_) => None,
        }
    }

    /// The span's name, as far as the kind and its subject give one.
    pub(crate) fn span_name(&self, subject: Option<&str>) -> String {
        let operation = self.operation_name().unwrap_or_else(|| self.op());
        match subject.filter(|subject| !subject.is_empty()) {
            Some(agent) if *self == Self::Handoff => ["handoff from ", agent].concat(),
            Some(subject) if self.subject_key().is_some() => [operation, " ", subject].concat(),
            _ => operation.to_owned(),
        }
    }

    /// What the rest of a name in this kind's form stands for: `execute_tool get_weather`.
    pub(crate) fn subject_of<'a>(&self, name: &'a str) -> Option<&'a str> {
        let rest = name.strip_prefix(self.operation_name()?)?.strip_prefix(' ')?;
        match self {
            Self::Handoff => rest.strip_prefix("from ")?.split(" to ").next(),
            _ => Some(rest),
        }
        .filter(|subject| !subject.is_empty())
    }
}

/// Where an argument of a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    /// Into an attribute.
    Attribute(Known),
    /// Into the input messages.
    Input,
    /// Into the system instructions.
    System,
    /// Every member is an attribute.
    Attributes,
    /// The end of a handoff's name.
    ToAgent,
    /// What is kept of what is gathered: see [`super::Policy`].
    Policy,
    /// The provider, by the name that a framework has for it.
    Provider,
}

/// A name in whatever type it was given; nothing where there is none.
pub(crate) fn text_of(value: Node<'_>) -> Option<String> {
    let text = value.str().map_or_else(|| value.compact(), Cow::into_owned);
    (value.is_some() && !text.is_empty()).then_some(text)
}

/// The name of an agent that attributes or arguments of a call bring. Arguments may hold megabytes of messages, and this
/// is the caller's thread: what does not say the name is not read.
pub(super) fn agent_name(json: &Json) -> Option<String> {
    let bytes = json.bytes();
    // By one byte, which is not in every name: `memmem` is 5 KB of the browser's module.
    let mut underscores = memchr::memchr_iter(b'_', bytes);
    let names = [(&b"gen"[..], &b"_ai.agent.name"[..]), (b"agent", b"_name")];
    let is_there = |at: usize| {
        let (before, after) = bytes.split_at_checked(at).unwrap_or_default();
        let is = |(begin, end): &(&[u8], &[u8])| {
            before.ends_with(begin) && after.strip_prefix(*end).is_some_and(ends_name)
        };
        names.iter().any(is)
    };
    if !underscores.any(is_there) {
        return None;
    }
    let doc = json.doc();
    let root = doc.root();
    let given =
        [root, root.get("attributes")].iter().find_map(|object| text_of(object.get("gen_ai.agent.name")));
    given.or_else(|| text_of(root.get("agent_name")))
}

/// What an argument of a call means, by its name in API.md.
pub(crate) fn argument(kind: &Kind, name: &str) -> Option<Argument> {
    macro_rules! attribute {
        ($name:literal) => {
            Argument::Attribute(known!($name))
        };
    }
    Some(match name {
        "model" => attribute!("gen_ai.request.model"),
        "provider" => attribute!("gen_ai.provider.name"),
        "framework_provider" => Argument::Provider,
        "agent_name" | "from_agent" => attribute!("gen_ai.agent.name"),
        "to_agent" => Argument::ToAgent,
        "record_inputs" | "record_outputs" => Argument::Policy,
        "pipeline" => attribute!("gen_ai.pipeline.name"),
        "conversation_id" => attribute!("gen_ai.conversation.id"),
        "messages" => Argument::Input,
        "system_instructions" => Argument::System,
        "attributes" => Argument::Attributes,
        "tools" => attribute!("gen_ai.tool.definitions"),
        "description" => attribute!("gen_ai.tool.description"),
        "arguments" => attribute!("gen_ai.tool.call.arguments"),
        "input" if *kind == Kind::Request(Operation::Embeddings) => attribute!("gen_ai.embeddings.input"),
        "input" => Argument::Input,
        "max_tokens" => attribute!("gen_ai.request.max_tokens"),
        "temperature" => attribute!("gen_ai.request.temperature"),
        "top_p" => attribute!("gen_ai.request.top_p"),
        "top_k" => attribute!("gen_ai.request.top_k"),
        "frequency_penalty" => attribute!("gen_ai.request.frequency_penalty"),
        "presence_penalty" => attribute!("gen_ai.request.presence_penalty"),
        "seed" => attribute!("gen_ai.request.seed"),
        "stop_sequences" => attribute!("gen_ai.request.stop_sequences"),
        "reasoning_level" => attribute!("gen_ai.request.reasoning.level"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ops_and_kinds_are_one_list() {
        for call in ["chat", "responses", "rerank", "invoke_agent", "create_agent", "execute_tool", "handoff"]
        {
            let kind = Kind::of_call(call).unwrap();
            assert_eq!(Kind::of_op(kind.op()), kind);
            assert_eq!(kind.operation_name(), Some(call));
        }
        assert_eq!(Kind::of_op("http.client").operation_name(), None);
        assert!(Kind::of_request("invoke_agent").is_err());
        assert!(Kind::of_call("dance").unwrap_err().to_string().contains("text_completion"));
    }

    #[test]
    fn a_request_of_any_sort_is_told_by_its_name() {
        let mut attributes = Attributes::default();
        attributes.set("gen_ai.operation.name", "embeddings");
        let kind = |name| Kind::AnyRequest.resolved(name, &attributes);
        assert_eq!(kind(Some("rerank r1")), Kind::Request(Operation::Rerank));
        assert_eq!(kind(Some("my request")), Kind::Request(Operation::Embeddings));
        assert_eq!(Kind::AnyRequest.resolved(None, &Attributes::default()), Kind::Request(Operation::Chat));
    }

    #[test]
    fn names_and_their_subjects() {
        assert_eq!(Kind::InvokeAgent.span_name(Some("Ada")), "invoke_agent Ada");
        assert_eq!(Kind::InvokeAgent.span_name(None), "invoke_agent");
        assert_eq!(Kind::ExecuteTool.subject_of("execute_tool get_weather"), Some("get_weather"));
        assert_eq!(Kind::Handoff.subject_of("handoff from A to B"), Some("A"));
        assert_eq!(Kind::ExecuteTool.subject_of("something else"), None);
    }
}
