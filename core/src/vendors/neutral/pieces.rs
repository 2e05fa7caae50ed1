//! Pieces of a neutral answer -> the answer that would have come at once.

use super::{Answer, Chunks, HEAD, Node, Reading, Usage};
use crate::{config::MAX_PIECES, messages::read_parts};

/// The answer as far as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    /// What of [`HEAD`] came, in its order.
    head: [Option<String>; HEAD.len()],
    usage: Usage,
    answer: Answer,
    /// The part that more words of the same sort go on with.
    open: Option<(Words, u64)>,
    calls: Vec<Called>,
}

/// Sorts of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    Text,
    Reasoning,
}

/// A call that may go on, and its part.
#[derive(Clone, Debug)]
struct Called {
    id: Option<String>,
    index: Option<i64>,
    number: u64,
}

impl Chunks for Pieces {
    fn push(&mut self, chunk: Node<'_>) -> bool {
        if chunk.is_string() {
            return self.words(Words::Text, chunk);
        }
        let mut has_content = false;
        for (name, value) in chunk.members().filter(|(_, value)| value.is_some()) {
            has_content |= match &*name.text() {
                "text" => self.words(Words::Text, value),
                "reasoning" => self.words(Words::Reasoning, value),
                "tool_call" => self.call(value),
                "part" => self.part(value),
                name => self.aside(name, value),
            };
        }
        has_content
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        for (text, (_, key)) in self.head.into_iter().zip(HEAD) {
            if let Some(text) = text {
                reading.attributes.set(key, text);
            }
        }
        reading.usage = self.usage;
        self.answer.tell(reading);
    }
}

impl Pieces {
    fn words(&mut self, sort: Words, more: Node<'_>) -> bool {
        let Some(more) = more.words() else { return false };
        let number = match self.open {
            Some((open, number)) if open == sort => number,
            _ => self.answer.next(),
        };
        self.open = Some((sort, number));
        match sort {
            Words::Text => self.answer.text(number, &more),
            Words::Reasoning => self.answer.reasoning(number, &more),
        }
    }

    fn part(&mut self, part: Node<'_>) -> bool {
        self.open = None;
        self.answer.whole(self.answer.next(), &read_parts(part));
        true
    }

    fn call(&mut self, call: Node<'_>) -> bool {
        let number = self.known(call).unwrap_or_else(|| self.begin(call));
        if let Some(target) = self.answer.call(number) {
            target.push(call.get("id"), call.get("name"), call.get("arguments"));
        }
        true
    }

    /// The call that a piece goes on with.
    fn known(&self, call: Node<'_>) -> Option<u64> {
        let (id, index) = (call.get("id").words(), call.get("index").i64());
        let is_same = |called: &&Called| match (index, &id) {
            (Some(_), None) => called.index == index,
            (_, Some(id)) => called.id.as_deref() == Some(id),
            (None, None) => call.get("name").words().is_none(),
        };
        self.calls.iter().rev().find(is_same).map(|called| called.number)
    }

    fn begin(&mut self, call: Node<'_>) -> u64 {
        self.open = None;
        let number = self.answer.next();
        if self.calls.len() < MAX_PIECES {
            let id = call.get("id").words().map(Into::into);
            self.calls.push(Called { id, index: call.get("index").i64(), number });
        }
        number
    }

    /// What is said beside the answer itself.
    fn aside(&mut self, name: &str, value: Node<'_>) -> bool {
        match name {
            "usage" => self.usage = Usage::from_api(value).or(self.usage),
            "finish_reason" => self.answer.stop(value),
            "finish_reasons" => {
                self.answer.stop(if value.is_array() {
                    value.items().next().unwrap_or(value)
                } else {
                    value
                });
            }
            _ => {
                let place = HEAD.iter().zip(&mut self.head).find(|((head, _), _)| *head == name);
                if let (Some((_, text)), Some(value)) = (place, value.words()) {
                    *text = Some(value.into_owned());
                }
            }
        }
        false
    }
}
