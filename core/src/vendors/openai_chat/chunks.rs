//! Chunks of a chat completion -> the choices that would have come at once.
//! Source: the API reference, "The chat completion chunk object".

use super::{Answer, Chunks, Reading, Usage, failure, head, usage_of};
use crate::{
    config::MAX_CHOICES,
    json::Node,
    messages::{Message, answer as read, read_parts},
    vendors::{answer::Begins, error::WireError, numbered::Numbered},
};

/// Chunks -> one answer a choice.
#[derive(Clone, Debug, Default)]
pub(in crate::vendors) struct Choices {
    id: Option<String>,
    model: Option<String>,
    usage: Option<Usage>,
    error: Option<WireError>,
    choices: Numbered<Answer>,
}

/// Where the pieces of an answer stand in it, in the order in which a whole message is read.
mod place {
    pub const REASONING: u64 = 0;
    pub const TEXT: u64 = 1;
    pub const REFUSAL: u64 = 2;
    pub const TRANSCRIPT: u64 = 3;
    pub const SOUND: u64 = 4;
    /// What stands between texts, at even numbers; the text behind it has the next one.
    pub const BETWEEN: u64 = 8;
    pub const IMAGES: u64 = 1 << 16;
    pub const CALLS: u64 = 1 << 32;
}

impl Chunks for Choices {
    fn push(&mut self, chunk: Node<'_>) -> bool {
        for (target, name) in [(&mut self.id, "id"), (&mut self.model, "model")] {
            if target.is_none() {
                *target = chunk.get(name).words().map(Into::into);
            }
        }
        // Often it comes once, in a chunk of its own, sometimes in every chunk: the last one knows all.
        self.usage = usage_of(chunk).or(self.usage);
        let mut has_content = false;
        for choice in chunk.get("choices").items() {
            let number = index(choice).unwrap_or(0);
            if let Some(answer) = self.choices.get_or_insert(number, MAX_CHOICES, Answer::default) {
                has_content |= take(answer, choice);
            }
            self.error = self.error.take().or_else(|| failure(choice));
        }
        has_content
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        head(self.model.as_deref().map(Into::into), self.id.as_deref().map(Into::into), reading);
        reading.usage = self.usage.unwrap_or(reading.usage);
        if let Some(error) = self.error {
            reading.fail(error);
        }
        reading.finish_reasons(
            self.choices.values().filter_map(|answer| answer.finish_reason.as_deref().map(Into::into)),
        );
        if reading.keep.outputs {
            reading.removed.messages += self.choices.surplus();
            let choices = self.choices.values().filter(|choice| !choice.is_empty());
            let answers: Vec<Message<'_>> = choices.map(|choice| choice.message(reading)).collect();
            reading.output(&answers);
        }
    }
}

fn index(node: Node<'_>) -> Option<u64> {
    node.get("index").i64().and_then(|index| u64::try_from(index).ok())
}

/// Takes a choice of a chunk; true when it brings content.
fn take(answer: &mut Answer, choice: Node<'_>) -> bool {
    if let Some(reason) = choice.get("finish_reason").words() {
        answer.finish_reason = Some(reason.into_owned());
    }
    // A text completion has no delta, only more text.
    let mut has_content = answer.text(place::TEXT, &choice.get("text").str().unwrap_or_default());
    for (name, value) in choice.get("delta").members() {
        has_content |= match &*name.text() {
            "content" => content(answer, value),
            "refusal" => answer.text(place::REFUSAL, &value.str().unwrap_or_default()),
            "reasoning_content" | "reasoning" | "reasoning_details" => {
                is_first_thought(choice.get("delta"), &name.text()) && thought(answer, value)
            }
            "audio" => audio(answer, value),
            "images" => images(answer, value),
            "tool_calls" => (0..).zip(value.items()).fold(false, |_, (position, call)| {
                take_call(answer, index(call).unwrap_or(position), call);
                true
            }),
            "function_call" if value.is_object() => {
                take_call(answer, 0, value);
                true
            }
            _ => false,
        };
    }
    has_content
}

/// Servers that change a name send the same thought under both for a while.
fn is_first_thought(delta: Node<'_>, name: &str) -> bool {
    let says = |name: &&str| delta.get(name).words().is_some() || delta.get(name).items().next().is_some();
    ["reasoning_content", "reasoning", "reasoning_details"].iter().find(|name| says(name)) == Some(&name)
}

/// A text, or details of which some are texts.
fn thought(answer: &mut Answer, thought: Node<'_>) -> bool {
    let mut has_content = answer.reasoning(place::REASONING, &thought.str().unwrap_or_default());
    for detail in thought.items() {
        let text = detail.any(&["text", "summary"]).str().unwrap_or_default();
        has_content |= answer.reasoning(place::REASONING, &text);
    }
    has_content
}

/// A text; Mistral also sends lists of texts, thoughts, and what stands between them.
fn content(answer: &mut Answer, content: Node<'_>) -> bool {
    let mut has_content = say(answer, content);
    for part in content.items() {
        has_content |= if part.get("text").is_string() {
            say(answer, part.get("text"))
        } else if part.get("thinking").is_some() {
            thought(answer, part.get("thinking"))
        } else {
            part.is_object() && between(answer, part)
        };
    }
    has_content
}

/// Goes on with the last text.
fn say(answer: &mut Answer, words: Node<'_>) -> bool {
    let number = last_between(answer).map_or(place::TEXT, |between| between | 1);
    answer.text(number, &words.str().unwrap_or_default())
}

/// References and media come whole.
fn between(answer: &mut Answer, part: Node<'_>) -> bool {
    let number = last_between(answer).map_or(place::BETWEEN, |last| (last | 1).saturating_add(1));
    answer.whole(number, &read_parts(part));
    true
}

fn last_between(answer: &Answer) -> Option<u64> {
    answer.before(place::IMAGES).filter(|number| *number >= place::BETWEEN)
}

fn audio(answer: &mut Answer, audio: Node<'_>) -> bool {
    let words = answer.text(place::TRANSCRIPT, &audio.get("transcript").str().unwrap_or_default());
    answer.data(place::SOUND, "audio", "", audio.get("data")) || words
}

/// The pictures of `OpenRouter` come whole.
fn images(answer: &mut Answer, images: Node<'_>) -> bool {
    let mut has_content = false;
    for image in images.items() {
        has_content = true;
        answer.whole(answer.next().max(place::IMAGES), &read(image).parts);
    }
    has_content
}

fn take_call(answer: &mut Answer, number: u64, call: Node<'_>) {
    let inner = call.any(&["function", "custom"]);
    let function = if inner.is_object() { inner } else { call };
    let number = place::CALLS.saturating_add(number);
    let (id, is_named) = (call.get("id").words(), function.get("name").words().is_some());
    // Gemini gives all its calls the same index.
    let number =
        if is_named { answer.begin(number, Begins::Call(id.as_deref())) } else { answer.begun(number) };
    if let Some(target) = answer.call(number) {
        target.push(call.get("id"), function.get("name"), function.any(&["arguments", "input"]));
    }
}
