//! Events of `ConverseStream` -> the message that would have come at once.
//! Source: the API reference of Bedrock Runtime, `ConverseStreamOutput`.

use super::{Answer, Chunks, Node, Reading, Usage, result::ToolResult, usage};
use crate::{
    messages::{Part, media_type, read_parts},
    vendors::answer::Begins,
};

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
    /// What a tool gives back, while it comes: one at a time.
    result: Option<(u64, ToolResult)>,
    /// The media type of the picture that has begun.
    image: String,
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

    fn finish(mut self: Box<Self>, reading: &mut Reading) {
        self.end_result();
        if let Some(model) = self.model {
            reading.attributes.set("gen_ai.response.model", model);
        }
        reading.usage = self.usage.unwrap_or(reading.usage);
        self.answer.tell(reading);
    }
}

impl Building {
    /// A block begins; texts and thoughts are told by their first delta.
    fn begin_block(&mut self, number: u64, start: Node<'_>) -> bool {
        let (call, result) = (start.get("toolUse"), start.get("toolResult"));
        let id = call.get("toolUseId").words();
        let what = if call.is_object() { Begins::Call(id.as_deref()) } else { Begins::Whole };
        let number = self.answer.begin(number, what);
        self.image = media_type("image", &start.at(&["image", "format"]).str().unwrap_or_default()).into();
        if result.is_object() {
            self.end_result();
            self.result = Some((number, ToolResult::begin(result)));
        }
        if call.is_object()
            && let Some(target) = self.answer.call(number)
        {
            target.push(call.get("toolUseId"), call.get("name"), Node::MISSING);
        }
        call.is_object() || result.is_object()
    }

    /// Results are read when the next one begins: until then more of them may come.
    fn end_result(&mut self) {
        if let Some((number, result)) = self.result.take() {
            result.read(|block| self.answer.whole(number, &read_parts(block)));
        }
    }

    /// A block goes on. Signatures, and citations, which say where a text comes from, have no place in the
    /// conventions.
    fn go_on(&mut self, number: u64, delta: Node<'_>) -> bool {
        let (number, mut has_content) = (self.answer.begun(number), false);
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
                "toolResult" => {
                    if let Some((_, result)) = self.result.as_mut().filter(|(begun, _)| *begun == number) {
                        self.answer.lose(value.items().map(|more| result.push(more)).sum());
                    }
                    true
                }
                "image" => self.picture(number, value.get("source")),
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

    /// The bytes of a picture come in pieces, its place in S3 at once.
    fn picture(&mut self, number: u64, source: Node<'_>) -> bool {
        let Some(uri) = source.at(&["s3Location", "uri"]).str() else {
            return self.answer.data(number, "image", &self.image, source.get("bytes"));
        };
        let place = Part::Uri { modality: "image".into(), mime_type: (&*self.image).into(), uri };
        self.answer.whole(number, &[place]);
        true
    }
}
