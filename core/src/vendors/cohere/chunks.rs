//! Events of a streamed chat -> the answer that would have come at once.
//! Source: the API reference, "Chat with Streaming".

use super::{Answer, Chunks, Node, Reading, Usage, WireError, failure, usage, v1};

/// The answer as far as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Building {
    id: Option<String>,
    usage: Option<Usage>,
    error: Option<WireError>,
    answer: Answer,
}

/// Where the pieces stand, in the order in which a whole message is read: contents and calls are numbered
/// each by themselves.
mod place {
    pub const PLAN: u64 = 0;
    pub const CONTENT: u64 = 1;
    pub const CALLS: u64 = 1 << 32;
}

impl Chunks for Building {
    fn push(&mut self, event: Node<'_>) -> bool {
        let message = event.at(&["delta", "message"]);
        let index = event.get("index").i64().and_then(|index| u64::try_from(index).ok()).unwrap_or(0);
        match event.get("type").str().as_deref() {
            Some("content-delta" | "content-start") => self.content(index, message.get("content")),
            Some("tool-plan-delta") => {
                self.answer.reasoning(place::PLAN, &message.get("tool_plan").str().unwrap_or_default())
            }
            Some("tool-call-start" | "tool-call-delta") => self.call(index, message.get("tool_calls")),
            Some("message-start") => {
                self.id = event.get("id").words().map(Into::into);
                false
            }
            Some("message-end") => {
                self.end(event.get("delta"));
                false
            }
            // Ends of contents and calls, citations, and the prompt of a debugged call.
            Some(_) => false,
            None => self.first_version(event),
        }
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        if let Some(id) = self.id {
            reading.attributes.set("gen_ai.response.id", id);
        }
        reading.usage = self.usage.unwrap_or(reading.usage);
        if let Some(error) = self.error {
            reading.fail(error);
        }
        self.answer.tell(reading);
    }
}

impl Building {
    fn content(&mut self, index: u64, content: Node<'_>) -> bool {
        let number = place::CONTENT.saturating_add(index);
        let text = |name: &str| content.get(name).str().unwrap_or_default();
        self.answer.text(number, &text("text")) || self.answer.reasoning(number, &text("thinking"))
    }

    fn call(&mut self, index: u64, call: Node<'_>) -> bool {
        let function = call.get("function");
        if let Some(target) = self.answer.call(place::CALLS.saturating_add(index)) {
            target.push(call.get("id"), function.get("name"), function.get("arguments"));
        }
        true
    }

    /// An event of version 1: the first one names the answer, the last one has all of it.
    fn first_version(&mut self, event: Node<'_>) -> bool {
        let answer = event.get("response");
        let id = answer.get("response_id").words().or_else(|| event.get("generation_id").words());
        self.id = id.map(Into::into).or(self.id.take());
        if event.get("event_type").is("stream-end") {
            self.answer.stop(event.get("finish_reason"));
            self.error = failure(event.get("finish_reason"), Node::MISSING);
            self.usage = Some(usage(answer.get("meta")));
        }
        v1::event(event, &mut self.answer)
    }

    fn end(&mut self, delta: Node<'_>) {
        self.answer.stop(delta.get("finish_reason"));
        self.error = failure(delta.get("finish_reason"), delta.get("error"));
        self.usage = Some(usage(delta.get("usage")));
    }
}
