//! Events of a streamed response -> the response that they build.
//! Source: the API reference, "Streaming events" of responses.

use std::{borrow::Cow, ops::Range};

use super::{
    Answer, Chunks, Node, Object, Reading, head, output, parts_of, shell::Shell, substitute_blob, tell,
};
use crate::{config::MAX_PIECES, json::Doc, vendors::numbered::Numbered};

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
    /// Shell calls and their outputs that are under way.
    shells: Numbered<Shell>,
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
            "audio.delta" => answer.data(SOUND, "audio", "", event.get("delta")),
            "output_text.done" => late(answer, event, "text"),
            "refusal.done" => late(answer, event, "refusal"),
            "reasoning_summary_text.done" => late_thought(answer, place(event), event),
            "reasoning_text.done" => late_thought(answer, place(event) | THOUGHTS, event),
            "function_call_arguments.done"
            | "mcp_call_arguments.done"
            | "custom_tool_call_input.done"
            | "code_interpreter_call_code.done" => late_order(answer, event),
            // What is shown of a picture before it is done; the picture itself comes with its item.
            "image_generation_call.partial_image" => event.get("partial_image_b64").words().is_some(),
            "output_item.added" => {
                self.begin_shell(event);
                begin(&mut self.answer, event)
            }
            "output_item.done" => {
                answer.replace(room(event), &parts_of(event.get("item")));
                self.shells.retain(|place| place != item(event));
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
            kind => self.push_shell(kind, event),
        }
    }

    fn finish(mut self: Box<Self>, reading: &mut Reading) {
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
            let answer = &mut self.answer;
            for shell in self.shells.values() {
                shell.read(|item| answer.whole(shell.place, &parts_of(item)));
                answer.lose(shell.removed);
            }
            let message = self.answer.message(reading);
            tell(message.parts, ended.root(), reading);
        } else {
            tell(whole, ended.root(), reading);
        }
    }
}

impl Building {
    /// The shell call or output that an event is about.
    fn shell(&mut self, event: Node<'_>) -> Option<&mut Shell> {
        let place = item(event);
        self.shells.get_or_insert(place, MAX_PIECES, || Shell::new(place))
    }

    fn begin_shell(&mut self, event: Node<'_>) {
        let new = event.get("item");
        if ["shell_call", "shell_call_output"].iter().any(|kind| new.get("type").is(kind))
            && let Some(shell) = self.shell(event)
        {
            shell.id = new.any(&["call_id", "id"]).words().map(Into::into);
        }
    }

    /// Takes an event of a shell. What is left beside repeats pieces, counts steps, or is about the stream itself.
    fn push_shell(&mut self, kind: &str, event: Node<'_>) -> bool {
        let number = index(event, &["command_index"]);
        match kind {
            "shell_call_command.added" | "shell_call_command.delta" | "shell_call_command.done" => {
                let [more, whole] = ["delta", "command"].map(|name| text(event, name));
                self.shell(event).is_some_and(|shell| shell.command(number, &more, &whole))
            }
            "shell_call_output_content.delta" | "shell_call_output_content.done" => {
                let [more, whole] = ["delta", "output"].map(|name| event.get(name));
                self.shell(event).is_some_and(|shell| shell.output(number, more, whole))
            }
            _ => false,
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

fn late_thought(answer: &mut Answer, place: u64, event: Node<'_>) -> bool {
    !answer.has(place) && answer.reasoning(place, &text(event, "text"))
}

/// What a tool is to do, at once, where its pieces did not come.
fn late_order(answer: &mut Answer, event: Node<'_>) -> bool {
    let order = event.any(&["arguments", "input", "code"]);
    match answer.call(item(event)) {
        Some(call) if call.arguments.is_empty() => {
            call.push(Node::MISSING, Node::MISSING, order);
            order.words().is_some()
        }
        _ => false,
    }
}

/// More of what a tool is to do.
fn order(answer: &mut Answer, event: Node<'_>) -> bool {
    let more = event.get("delta");
    match answer.call(item(event)) {
        Some(call) => call.push(Node::MISSING, Node::MISSING, more),
        // Something else has its number: its server gives items none.
        None => answer.lose(more.str().map_or(0, |text| text.chars().count())),
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
            answer.whole(item(event), &parts_of(new));
            return false;
        }
    };
    if let Some(call) = answer.call(item(event)) {
        call.name.push_str(own_name);
        call.push(new.any(&["call_id", "id"]), new.get("name"), new.any(&["arguments", "input", "code"]));
    }
    false
}
