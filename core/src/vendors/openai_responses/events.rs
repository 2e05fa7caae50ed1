//! Events of a streamed response -> the response that they build.
//! Source: the API reference, "Streaming events" of responses.

use std::{borrow::Cow, ops::Range};

use super::{Answer, Chunks, Node, Object, Reading, answer as read, head, output, substitute_blob, tell};
use crate::json::Doc;

/// What is kept of a response; the rest repeats the request.
const KEPT: [&str; 9] = [
    "id",
    "model",
    "status",
    "error",
    "incomplete_details",
    "conversation",
    "previous_response_id",
    "usage",
    "output",
];

/// Where the pieces of an item begin: every item has room for as many.
const ROOM: u64 = 1 << 16;
/// Where thoughts begin among the pieces of an item, behind their summaries; a power of two.
const THOUGHTS: u64 = 1 << 15;
/// Speech says no item; it stands after all of them.
const TRANSCRIPT: u64 = u64::MAX - 1;
const SOUND: u64 = u64::MAX;

/// The response as far as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Building {
    /// The response as the events before its end told it, and as the last one did.
    begun: String,
    ended: String,
    answer: Answer,
}

impl Chunks for Building {
    fn push(&mut self, event: Node<'_>) -> bool {
        let kind = event.get("type").str().unwrap_or_default();
        let answer = &mut self.answer;
        match kind.strip_prefix("response.").unwrap_or_default() {
            "output_text.delta" | "refusal.delta" => answer.text(place(event), &text(event, "delta")),
            "reasoning_summary_text.delta" => answer.reasoning(place(event), &text(event, "delta")),
            // The second is the name of `OpenRouter`.
            "reasoning_text.delta" | "reasoning.delta" => {
                answer.reasoning(place(event) | THOUGHTS, &text(event, "delta"))
            }
            "function_call_arguments.delta"
            | "mcp_call_arguments.delta"
            | "custom_tool_call_input.delta"
            | "code_interpreter_call_code.delta" => order(answer, event),
            "audio.transcript.delta" => answer.text(TRANSCRIPT, &text(event, "delta")),
            "audio.delta" => answer.data(SOUND, "audio", event.get("delta")),
            "output_text.done" => late(answer, event, "text"),
            "refusal.done" => late(answer, event, "refusal"),
            "output_item.added" => begin(answer, event),
            "output_item.done" => {
                answer.replace(room(event), &read(event.get("item")).parts);
                false
            }
            "created" | "queued" | "in_progress" => {
                self.begun = kept(event.get("response"));
                false
            }
            "completed" | "incomplete" | "failed" | "cancelled" => {
                self.ended = kept(event.get("response"));
                false
            }
            // What is left repeats pieces, counts steps, or shows pictures before they are done.
            _ => false,
        }
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        let [begun, ended] = [&self.begun, &self.ended].map(|json| Doc::read(json.as_bytes()));
        for response in [&begun, &ended] {
            head(response.root(), reading);
        }
        if !reading.keep.outputs {
            return;
        }
        let whole = output(ended.root().get("output"), reading);
        if whole.is_empty() {
            // The stream was cut, or its server leaves out at the end what it has said before.
            let message = self.answer.message(reading);
            tell(message.parts, ended.root(), reading);
        } else {
            tell(whole, ended.root(), reading);
        }
    }
}

fn kept(response: Node<'_>) -> String {
    let mut json = String::new();
    let mut object = Object::begin(&mut json);
    for (name, value) in response.members().filter(|(name, _)| KEPT.contains(&&*name.text())) {
        object = object.member(&name.text(), |out| value.write_with(out, &substitute_blob));
    }
    object.end();
    json
}

fn text<'a>(event: Node<'a>, name: &str) -> Cow<'a, str> {
    event.get(name).str().unwrap_or_default()
}

fn index(event: Node<'_>, names: &[&str]) -> u64 {
    event.any(names).i64().and_then(|index| u64::try_from(index).ok()).unwrap_or(0)
}

/// Where an item begins.
fn item(event: Node<'_>) -> u64 {
    index(event, &["output_index"]).saturating_mul(ROOM)
}

/// Where all pieces of an item stand.
fn room(event: Node<'_>) -> Range<u64> {
    item(event)..item(event).saturating_add(ROOM)
}

/// Where a piece of an item stands.
fn place(event: Node<'_>) -> u64 {
    let inside = index(event, &["content_index", "summary_index"]).min(THOUGHTS - 1);
    item(event).saturating_add(inside)
}

/// A text that comes at once, where its pieces did not come.
fn late(answer: &mut Answer, event: Node<'_>, name: &str) -> bool {
    !answer.has(place(event)) && answer.text(place(event), &text(event, name))
}

/// More of what a tool is to do.
fn order(answer: &mut Answer, event: Node<'_>) -> bool {
    let more = event.get("delta");
    if let Some(call) = answer.call(item(event)) {
        call.push(Node::MISSING, Node::MISSING, more);
    }
    more.words().is_some()
}

/// An item begins: calls grow by pieces, others are what they are until they are done.
fn begin(answer: &mut Answer, event: Node<'_>) -> bool {
    let new = event.get("item");
    let kind = new.get("type").str().unwrap_or_default();
    let own_name = match &*kind {
        "function_call" | "custom_tool_call" | "mcp_call" => "",
        "code_interpreter_call" => "code_interpreter",
        "message" | "reasoning" => return false,
        _ => {
            answer.whole(item(event), &read(new).parts);
            return false;
        }
    };
    if let Some(call) = answer.call(item(event)) {
        call.name.push_str(own_name);
        call.push(new.any(&["call_id", "id"]), new.get("name"), new.any(&["arguments", "input", "code"]));
    }
    false
}
