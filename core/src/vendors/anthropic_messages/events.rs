//! Events of a streamed message -> the message that they build.
//! Source: the API reference, "Streaming Messages".

use super::{Answer, Chunks, Counts, Node, Reading, read_parts, tell};
use crate::vendors::answer::Begins;

/// The message as far as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Building {
    id: Option<String>,
    model: Option<String>,
    counts: Counts,
    /// Whether what came out is counted: what a message starts with is counted before there is any of it.
    is_counted: bool,
    answer: Answer,
    /// The call whose input came whole: pieces that follow nevertheless take its place.
    whole_input: Option<u64>,
}

impl Chunks for Building {
    fn push(&mut self, event: Node<'_>) -> bool {
        let (mut kind, mut index, mut body, mut usage) = (Node::MISSING, 0, Node::MISSING, Node::MISSING);
        for (key, value) in event.members() {
            match &*key.text() {
                "type" => kind = value,
                "index" => index = value.i64().and_then(|index| u64::try_from(index).ok()).unwrap_or(0),
                "delta" | "content_block" | "message" => body = value,
                "usage" => usage = value,
                _ => {}
            }
        }
        match kind.str().as_deref() {
            Some("content_block_delta") => self.go_on(index, body),
            Some("content_block_start") => self.begin_block(index, body),
            Some("message_start") => self.begin(body),
            Some("message_delta") => {
                self.is_counted = true;
                self.counts.take(usage);
                self.stop(body);
                false
            }
            Some("message_stop") => {
                self.is_counted = true;
                false
            }
            // A ping, or an error, which is the transcript's; the SDKs add events of their own,
            // which repeat these.
            _ => false,
        }
    }

    fn finish(mut self: Box<Self>, reading: &mut Reading) {
        if !self.is_counted {
            self.counts.output = None;
        }
        for (text, key) in [(self.model, "gen_ai.response.model"), (self.id, "gen_ai.response.id")] {
            if let Some(text) = text {
                reading.attributes.set(key, text);
            }
        }
        reading.usage = self.counts.usage();
        reading.finish_reasons(self.answer.finish_reason.as_deref().map(Into::into).into_iter());
        if reading.keep.outputs {
            let message = self.answer.message(reading);
            tell(message.parts, message.finish_reason, reading);
        }
    }
}

impl Building {
    fn begin(&mut self, message: Node<'_>) -> bool {
        self.id = message.get("id").words().map(Into::into);
        self.model = message.get("model").words().map(Into::into);
        self.counts.take(message.get("usage"));
        self.stop(message);
        let mut has_content = false;
        for (index, block) in (0..).zip(message.get("content").items()) {
            has_content |= self.begin_block(index, block);
        }
        has_content
    }

    fn stop(&mut self, body: Node<'_>) {
        if let Some(reason) = body.get("stop_reason").words() {
            self.answer.finish_reason = Some(reason.into_owned());
        }
    }

    /// A block begins: texts, thoughts and calls grow, others come whole.
    fn begin_block(&mut self, index: u64, block: Node<'_>) -> bool {
        let text = |name: &str| block.get(name).str().unwrap_or_default();
        let kind = block.get("type").str();
        let id = block.get("id").words();
        let what = match kind.as_deref() {
            Some("text" | "compaction") => Begins::Text,
            Some("thinking") => Begins::Reasoning,
            Some("tool_use" | "server_tool_use" | "mcp_tool_use") => Begins::Call(id.as_deref()),
            _ => Begins::Whole,
        };
        let index = self.answer.begin(index, what);
        match kind.as_deref() {
            Some("text") => self.answer.text(index, &text("text")),
            Some("thinking") => self.answer.reasoning(index, &text("thinking")),
            Some("compaction") => self.answer.text(index, &text("content")),
            Some("tool_use" | "server_tool_use" | "mcp_tool_use") => self.begin_call(index, block),
            Some("fallback") => self.fall_back(index, block),
            Some(_) => {
                self.answer.whole(index, &read_parts(block));
                true
            }
            None => false,
        }
    }

    /// Another model goes on, and the answer is that one's: a whole answer names it from the start.
    fn fall_back(&mut self, index: u64, block: Node<'_>) -> bool {
        if let Some(model) = block.at(&["to", "model"]).words() {
            self.model = Some(model.into_owned());
        }
        self.answer.whole(index, &read_parts(block));
        false
    }

    fn begin_call(&mut self, index: u64, block: Node<'_>) -> bool {
        let input = block.get("input");
        let has_input = input.members().next().is_some();
        if let Some(call) = self.answer.call(index) {
            call.push(block.get("id"), block.get("name"), if has_input { input } else { Node::MISSING });
            self.whole_input = has_input.then_some(index);
        }
        true
    }

    /// A block goes on. What it goes on with is told by its one member beside the type; signatures and
    /// citations, which say where a text comes from, have no place in the conventions.
    fn go_on(&mut self, index: u64, delta: Node<'_>) -> bool {
        let (index, mut has_content) = (self.answer.begun(index), false);
        for (key, value) in delta.members() {
            has_content |= match &*key.text() {
                "text" | "content" => self.answer.text(index, &value.str().unwrap_or_default()),
                "thinking" => self.answer.reasoning(index, &value.str().unwrap_or_default()),
                "partial_json" => self.go_on_with_input(index, value),
                _ => false,
            };
        }
        has_content
    }

    fn go_on_with_input(&mut self, index: u64, json: Node<'_>) -> bool {
        let Some(more) = json.words() else { return false };
        if let Some(call) = self.answer.call(index) {
            if self.whole_input.take() == Some(index) {
                call.arguments.clear();
            }
            call.more(&more);
        }
        true
    }
}
