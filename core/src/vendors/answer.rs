//! One answer that comes in pieces, in whatever order the pieces belong to it.

use std::{borrow::Cow, ops::Range};

use super::{Reading, numbered::Numbered};
use crate::{
    config::{MAX_CAPTURE_BYTES, MAX_PIECES},
    json::{Node, list},
    messages::{Message, Part, decoded_size, shorten, structure},
};

/// What came of an answer so far; parts are in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    parts: Numbered<Piece>,
    /// Why the model stopped.
    pub finish_reason: Option<String>,
    /// Characters that there was no room for.
    removed: usize,
    /// The number of a part that began where something else stood, and the one that it has instead.
    moved: Option<(u64, u64)>,
}

/// What a part is that begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Begins<'a> {
    Text,
    Reasoning,
    /// A call, by its id.
    Call(Option<&'a str>),
    /// Something that comes whole.
    Whole,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Reasoning(String),
    Call(Call),
    /// Binary data of that modality and media type, by how many bytes came.
    Data(&'static str, String, usize),
    /// What came whole, as the JSON list of its parts.
    Whole(String),
}

/// A tool call whose arguments come bit by bit.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    pub id: Option<String>,
    pub name: String,
    pub arguments: String,
    /// Characters of them that there was no room for.
    removed: usize,
}

impl Answer {
    /// Whether nothing came at all.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.finish_reason.is_none()
    }

    /// The number after the last part.
    pub fn next(&self) -> u64 {
        self.parts.last().map_or(0, |last| last.saturating_add(1))
    }

    /// The largest number of a part below that one.
    pub fn before(&self, number: u64) -> Option<u64> {
        self.parts.before(number)
    }

    fn piece(&mut self, number: u64, new: fn() -> Piece) -> Option<&mut Piece> {
        self.parts.get_or_insert(number, MAX_PIECES, new)
    }

    /// Characters of what is handed over whole went before.
    pub fn lose(&mut self, characters: usize) {
        self.removed += characters;
    }

    /// Takes why the model stopped, where a piece says that.
    pub fn stop(&mut self, reason: Node<'_>) {
        if let Some(reason) = reason.words() {
            self.finish_reason = Some(reason.into_owned());
        }
    }

    /// A part begins: gives the number that it has. That is its own, unless something else stands there, as with
    /// servers that give all parts the same: then it comes behind all others.
    pub fn begin(&mut self, number: u64, what: Begins<'_>) -> u64 {
        let is_its_own = match (self.parts.get(number), what) {
            (None, _)
            | (Some(Piece::Text(_)), Begins::Text)
            | (Some(Piece::Reasoning(_)), Begins::Reasoning) => true,
            (Some(Piece::Call(call)), Begins::Call(id)) => {
                call.id.is_none() || id.is_none() || call.id.as_deref() == id
            }
            _ => false,
        };
        let place = if is_its_own { number } else { self.next() };
        self.moved = (!is_its_own).then_some((number, place));
        place
    }

    /// The number that the part has which goes on.
    pub fn begun(&self, number: u64) -> u64 {
        self.moved.filter(|(from, _)| *from == number).map_or(number, |(_, place)| place)
    }

    /// Goes on with a text; true when that is something.
    pub fn text(&mut self, number: u64, more: &str) -> bool {
        if !more.is_empty() {
            self.removed += match self.piece(number, || Piece::Text(String::new())) {
                Some(Piece::Text(text)) => grow(text, more),
                other => without_place(other, more),
            };
        }
        !more.is_empty()
    }

    /// Goes on with what the model thinks; true when that is something.
    pub fn reasoning(&mut self, number: u64, more: &str) -> bool {
        if !more.is_empty() {
            self.removed += match self.piece(number, || Piece::Reasoning(String::new())) {
                Some(Piece::Reasoning(text)) => grow(text, more),
                other => without_place(other, more),
            };
        }
        !more.is_empty()
    }

    /// The call of that number, to go on with; `None` where something else has that number.
    pub fn call(&mut self, number: u64) -> Option<&mut Call> {
        match self.piece(number, || Piece::Call(Call::default())) {
            Some(Piece::Call(call)) => Some(call),
            _ => None,
        }
    }

    /// Goes on with binary data, base64 in the payload, of which only the size is kept; true when that is
    /// something.
    pub fn data(&mut self, number: u64, modality: &'static str, mime_type: &str, more: Node<'_>) -> bool {
        let bytes = more.content().and_then(|(content, _)| decoded_size(content)).unwrap_or(0);
        if bytes > 0
            && let Some(Piece::Data(kind, mime, sum)) =
                self.piece(number, || Piece::Data("", String::new(), 0))
        {
            (*kind, *mime, *sum) = (modality, mime_type.to_owned(), sum.saturating_add(bytes));
        }
        bytes > 0
    }

    /// Whether something of that number came.
    pub fn has(&self, number: u64) -> bool {
        self.parts.get(number).is_some()
    }

    /// Puts a part that came whole in the place of all pieces of those numbers.
    pub fn replace(&mut self, numbers: Range<u64>, parts: &[Part<'_>]) {
        self.parts.retain(|number| !numbers.contains(&number));
        self.whole(numbers.start, parts);
    }

    /// Puts what came whole in the place of what came of it in pieces. It is written at once: what it stood in
    /// is gone when the answer is.
    pub fn whole(&mut self, number: u64, parts: &[Part<'_>]) {
        if let Some(piece) = self.piece(number, || Piece::Whole(String::new())) {
            let mut json = String::with_capacity(parts.iter().map(Part::length).sum());
            list(&mut json, parts.iter().filter(|part| !part.is_empty()), |out, part| part.write(out));
            json.shrink_to_fit();
            *piece = Piece::Whole(json);
        }
    }

    /// The message, as if it had come at once; pieces that there was no room for are counted.
    pub fn message(&self, reading: &mut Reading) -> Message<'_> {
        let calls = self.parts.values().filter_map(|piece| match piece {
            Piece::Call(call) => Some(call.removed),
            _ => None,
        });
        reading.removed.characters += self.removed + calls.sum::<usize>();
        reading.removed.messages += self.parts.surplus();
        let mut parts = Vec::with_capacity(self.parts.values().len());
        for piece in self.parts.values() {
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text.into())),
                Piece::Reasoning(text) => parts.push(Part::Reasoning(text.into())),
                Piece::Call(call) => parts.push(call.part()),
                Piece::Data(modality, mime_type, size) => parts.push(Part::Blob {
                    modality: Cow::Borrowed(modality),
                    mime_type: mime_type.into(),
                    size: Some(*size),
                }),
                Piece::Whole(json) => {
                    let inside = json.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                    parts.extend(inside.filter(|inside| !inside.is_empty()).map(Part::Written));
                }
            }
        }
        Message::answer(parts).stopped(self.finish_reason.as_deref().map(Cow::Borrowed))
    }

    /// Tells what came, as if it had come at once: why the model stopped, and its message.
    pub fn tell(&self, reading: &mut Reading) {
        reading.finish_reasons(self.finish_reason.as_deref().map(Cow::Borrowed).into_iter());
        if reading.keep.outputs {
            let message = self.message(reading);
            reading.said(message);
        }
    }
}

impl Call {
    /// Takes what a piece says of the call: ids and names come once, arguments in bits.
    pub fn push(&mut self, id: Node<'_>, name: Node<'_>, arguments: Node<'_>) {
        let is_known = id.words().is_some_and(|id| self.id.as_deref() == Some(&*id));
        if let Some(id) = id.words() {
            self.id = Some(id.into_owned());
        }
        // Some servers say with every bit which call it is of.
        if !(is_known && name.is(&self.name)) {
            self.name.push_str(&name.str().unwrap_or_default());
        }
        match arguments.str() {
            Some(text) => self.more(&text),
            None if arguments.is_object() => self.more(&arguments.compact()),
            None => {}
        }
    }

    /// Goes on with the arguments.
    pub fn more(&mut self, text: &str) {
        self.removed += grow(&mut self.arguments, text);
    }

    fn part(&self) -> Part<'_> {
        Part::ToolCall {
            id: self.id.as_deref().map(Cow::Borrowed),
            name: Cow::Borrowed(&self.name),
            arguments: structure(Cow::Borrowed(&self.arguments)),
        }
    }
}

/// How many characters go where something else has their number; pieces beyond all numbers are counted as such.
fn without_place(other: Option<&mut Piece>, more: &str) -> usize {
    other.map_or(0, |_| more.chars().count())
}

/// Goes on with a text that may never end: beyond what may wait for a reader its middle goes. Tells how many
/// characters that were.
pub(super) fn grow(text: &mut String, more: &str) -> usize {
    text.push_str(more);
    if text.len() <= MAX_CAPTURE_BYTES {
        return 0;
    }
    let Some((short, gone)) = shorten(text, MAX_CAPTURE_BYTES / 2) else { return 0 };
    *text = short;
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::InputMessages, messages::write_messages};

    #[test]
    fn parts_stand_in_the_order_of_their_numbers() {
        let mut answer = Answer::default();
        assert!(answer.text(1, "Hel") && answer.text(1, "lo") && !answer.text(7, ""));
        assert!(answer.reasoning(0, "Hm"));
        answer.call(2).unwrap().name.push('f');
        assert!(answer.call(1).is_none());
        answer.finish_reason = Some("stop".to_owned());
        assert_eq!(
            write_messages(&[answer.message(&mut Reading::new(InputMessages::All))]),
            concat!(
                r#"[{"role":"assistant","parts":[{"type":"reasoning","content":"Hm"},"#,
                r#"{"type":"text","content":"Hello"},{"type":"tool_call","name":"f","arguments":{}}],"#,
                r#""finish_reason":"stop"}]"#
            )
        );
        assert_eq!(answer.next(), 3);
    }

    #[test]
    fn a_part_that_has_no_number_of_its_own_comes_behind_the_others() {
        let mut answer = Answer::default();
        let number = answer.begin(0, Begins::Text);
        answer.text(number, "Hi");
        for (id, arguments) in [("a", "[1]"), ("b", "[2]")] {
            let number = answer.begin(0, Begins::Call(Some(id)));
            answer.call(number).unwrap().id = Some(id.to_owned());
            answer.call(answer.begun(0)).unwrap().more(arguments);
        }
        answer.text(answer.begun(0), "lost");
        let mut reading = Reading::new(InputMessages::All);
        let parts = answer.message(&mut reading).parts;
        assert!(
            matches!(&parts[..], [Part::Text(_), Part::ToolCall { .. }, Part::ToolCall { .. }]),
            "{parts:?}"
        );
        assert_eq!(reading.removed.characters, 4, "what has no place is counted");
    }
}
