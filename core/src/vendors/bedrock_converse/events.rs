//! Events of `ConverseStream` -> the message that would have come at once.
//! Source: the API reference of Bedrock Runtime, `ConverseStreamOutput`.

use super::{Answer, Chunks, Node, Reading, Usage, usage};
use crate::messages::read_parts;

/// The members that name an event. In the SDKs an event is the value of one of them; over the wire its name
/// is a header, and the payload is the event alone.
const NAMES: [&str; 6] =
    ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"];

/// The message as far as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Building {
    model: Option<String>,
    usage: Option<Usage>,
    answer: Answer,
}

impl Chunks for Building {
    fn push(&mut self, chunk: Node<'_>) -> bool {
        let named = chunk.any(&NAMES);
        let event = if named.is_object() { named } else { chunk };
        let (mut number, mut start, mut delta) = (0, Node::MISSING, Node::MISSING);
        for (key, value) in event.members() {
            match &*key.text() {
                "contentBlockIndex" => {
                    number = value.i64().and_then(|index| u64::try_from(index).ok()).unwrap_or(0);
                }
                "start" => start = value,
                "delta" => delta = value,
                "stopReason" => self.answer.stop(value),
                "usage" if value.is_object() => self.usage = Some(usage(value)),
                "trace" => {
                    let model = value.at(&["promptRouter", "invokedModelId"]).words();
                    self.model = model.map(Into::into).or(self.model.take());
                }
                _ => {}
            }
        }
        // One event is one or the other.
        if start.is_object() { self.begin_block(number, start) } else { self.go_on(number, delta) }
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        if let Some(model) = self.model {
            reading.attributes.set("gen_ai.response.model", model);
        }
        reading.usage = self.usage.unwrap_or(reading.usage);
        self.answer.tell(reading);
    }
}

impl Building {
    /// Only calls begin with something; texts and thoughts are told by their first delta.
    fn begin_block(&mut self, number: u64, start: Node<'_>) -> bool {
        let call = start.get("toolUse");
        if !call.is_object() {
            return false;
        }
        if let Some(target) = self.answer.call(number) {
            target.push(call.get("toolUseId"), call.get("name"), Node::MISSING);
        }
        true
    }

    /// A block goes on. Signatures, and citations, which say where a text comes from, have no place in the
    /// conventions.
    fn go_on(&mut self, number: u64, delta: Node<'_>) -> bool {
        let mut has_content = false;
        for (key, value) in delta.members() {
            has_content |= match &*key.text() {
                "text" => self.answer.text(number, &value.str().unwrap_or_default()),
                "reasoningContent" => self.thought(number, delta, value),
                "toolUse" => {
                    if let Some(target) = self.answer.call(number) {
                        target.push(Node::MISSING, Node::MISSING, value.get("input"));
                    }
                    true
                }
                "image" => self.answer.data(number, "image", value.at(&["source", "bytes"])),
                _ => false,
            };
        }
        has_content
    }

    fn thought(&mut self, number: u64, delta: Node<'_>, thought: Node<'_>) -> bool {
        if thought.get("redactedContent").is_some() {
            self.answer.whole(number, &read_parts(delta));
            return true;
        }
        self.answer.reasoning(number, &thought.get("text").str().unwrap_or_default())
    }
}
