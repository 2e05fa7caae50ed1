//! What the wire said of one call, in the terms of the conventions.

use std::borrow::Cow;

use super::error::WireError;
use crate::{
    attributes::{Attributes, Key, Value},
    config::{InputMessages, MAX_MESSAGES},
    json::{Node, list, quote},
    messages::{Conversation, Message, Part, Removed, instructions, write_messages, write_parts},
    span::Usage,
};

/// What is kept of the content that a call carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    pub inputs: bool,
    pub outputs: bool,
    pub messages: InputMessages,
}

/// Gathers what readers find. Content that policy does not let through is not even read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub keep: Keep,
    pub attributes: Attributes,
    pub usage: Usage,
    pub provider: Option<&'static str>,
    pub error: Option<WireError>,
    pub removed: Removed,
}

impl Reading {
    pub fn new(messages: InputMessages) -> Self {
        Self {
            keep: Keep { inputs: false, outputs: false, messages },
            attributes: Attributes::default(),
            usage: Usage::default(),
            provider: None,
            error: None,
            removed: Removed::default(),
        }
    }

    /// Keeps the members of a payload that are attributes as they are: pairs of a member and its key. A
    /// later pair wins over an earlier one with the same key.
    pub fn parameters(&mut self, payload: Node<'_>, table: &[(&str, &'static str)]) {
        for (name, key) in table {
            if let Some(value) = Value::from_node(payload.get(name)) {
                self.attributes.set(*key, value);
            }
        }
    }

    /// Keeps a text that is there and not empty.
    pub fn text(&mut self, key: &'static str, node: Node<'_>) {
        if let Some(text) = node.words() {
            self.attributes.set(key, text.into_owned());
        }
    }

    /// Takes what goes into the model: a text, a message, or a list of messages.
    pub fn input(&mut self, messages: Node<'_>) {
        if self.keep.inputs {
            let conversation = Conversation::read(messages, self.keep.messages);
            self.conversation(&conversation);
        }
    }

    /// Takes what goes into the model, read already. To be called only where `keep.inputs` says so.
    pub fn conversation(&mut self, conversation: &Conversation<'_>) {
        self.removed.messages += conversation.removed;
        conversation.write(&mut self.attributes);
    }

    /// Takes what the system says, where it stands beside the messages.
    pub fn system(&mut self, system: Node<'_>) {
        if self.keep.inputs {
            let parts = instructions(system);
            if !parts.is_empty() {
                self.attributes.set("gen_ai.system_instructions", write_parts(&parts));
            }
        }
    }

    /// Takes the tools that the model may use, each written by `write`.
    pub fn tools<T>(&mut self, tools: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
        if self.keep.inputs {
            let mut definitions = String::new();
            list(&mut definitions, self.as_many_as_fit(tools, MAX_MESSAGES), write);
            if definitions != "[]" {
                self.attributes.set("gen_ai.tool.definitions", definitions);
            }
        }
    }

    /// Takes a text, or a structure as JSON, that is content going in (what is embedded, a query).
    pub fn content(&mut self, key: impl Into<Key<'static>>, node: Node<'_>) {
        if self.keep.inputs && node.is_some() {
            let text = node.str().map_or_else(|| node.compact(), Cow::into_owned);
            self.attributes.set(key, text);
        }
    }

    /// Takes what is embedded, each input with its parts: a text as it is, several inputs as a list, an input
    /// that is more than one text as its parts. To be called only where `keep.inputs` says so.
    pub fn embedded<'a>(&mut self, inputs: impl Iterator<Item = Vec<Part<'a>>>) {
        let inputs = self.as_many_as_fit(inputs.filter(|parts| !parts.is_empty()), MAX_MESSAGES);
        let mut input = String::new();
        let only = match inputs.as_slice() {
            [only] => only.as_slice(),
            _ => &[],
        };
        match (only, inputs.as_slice()) {
            (_, []) => return,
            ([Part::Text(text)], _) => input.push_str(text),
            (_, several) => list(&mut input, several, |out, parts| match parts.as_slice() {
                [Part::Text(text)] => quote(out, text),
                parts => out.push_str(&write_parts(parts)),
            }),
        }
        self.attributes.set("gen_ai.embeddings.input", input);
    }

    /// Takes what came out.
    pub fn output(&mut self, messages: &[Message<'_>]) {
        if self.keep.outputs && !messages.is_empty() {
            self.attributes.set("gen_ai.output.messages", write_messages(messages));
        }
    }

    /// Takes the one message that came out, if it says anything.
    pub fn said(&mut self, message: Message<'_>) {
        if !message.parts.is_empty() {
            self.output(&[message]);
        }
    }

    /// Takes why the model stopped: one reason, or a list of them as JSON.
    pub fn finish_reasons<'a>(&mut self, reasons: impl Iterator<Item = Cow<'a, str>>) {
        let reasons: Vec<Cow<'a, str>> =
            reasons.filter(|reason| !reason.is_empty()).take(MAX_MESSAGES).collect();
        match reasons.as_slice() {
            [] => {}
            [reason] => self.attributes.set("gen_ai.response.finish_reasons", reason.as_ref()),
            several => {
                let mut text = String::new();
                list(&mut text, several, |out, reason| quote(out, reason));
                self.attributes.set("gen_ai.response.finish_reasons", text);
            }
        }
    }

    /// The first of a list's items, as many as a span holds; the others are counted.
    pub fn as_many_as_fit<T>(&mut self, mut items: impl Iterator<Item = T>, limit: usize) -> Vec<T> {
        let fitting = items.by_ref().take(limit).collect();
        self.removed.messages += items.count();
        fitting
    }

    /// Takes an error, unless there was one before.
    pub fn fail(&mut self, error: WireError) {
        self.error.get_or_insert(error);
    }
}
