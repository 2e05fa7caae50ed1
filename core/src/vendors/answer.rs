//! One answer that comes in pieces, in whatever order the pieces belong to it.

use std::{borrow::Cow, ops::Range};

use super::{Reading, numbered::Numbered};
use crate::{
    config::MAX_PIECES,
    json::{Doc, Node},
    messages::{Message, Part, clip, decoded_size, read_parts, structure, substitute},
};

/// What came of an answer so far; parts are in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Answer {
    parts: Numbered<Piece>,
    /// Why the model stopped.
    pub finish_reason: Option<String>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Reasoning(String),
    Call(Call),
    /// Binary data of that modality, by how many bytes came.
    Data(&'static str, usize),
    /// A part that came whole, as JSON.
    Whole(String),
}

impl Piece {
    fn whole(&self) -> Option<Doc<'_>> {
        if let Self::Whole(json) = self { Doc::parse(json.as_bytes()) } else { None }
    }
}

/// A tool call whose arguments come bit by bit.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub id: Option<String>,
    pub name: String,
    pub arguments: String,
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

    fn piece(&mut self, number: u64, new: fn() -> Piece) -> Option<&mut Piece> {
        self.parts.get_or_insert(number, MAX_PIECES, new)
    }

    /// Takes why the model stopped, where a piece says that.
    pub fn stop(&mut self, reason: Node<'_>) {
        if let Some(reason) = reason.words() {
            self.finish_reason = Some(reason.into_owned());
        }
    }

    /// Goes on with a text; true when that is something.
    pub fn text(&mut self, number: u64, more: &str) -> bool {
        if !more.is_empty()
            && let Some(Piece::Text(text)) = self.piece(number, || Piece::Text(String::new()))
        {
            text.push_str(more);
        }
        !more.is_empty()
    }

    /// Goes on with what the model thinks; true when that is something.
    pub fn reasoning(&mut self, number: u64, more: &str) -> bool {
        if !more.is_empty()
            && let Some(Piece::Reasoning(text)) = self.piece(number, || Piece::Reasoning(String::new()))
        {
            text.push_str(more);
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

    /// Whether the call of that number is known by another id.
    pub fn is_other_call(&self, number: u64, id: &str) -> bool {
        matches!(self.parts.get(number), Some(Piece::Call(Call { id: Some(known), .. })) if known != id)
    }

    /// Goes on with binary data, base64 in the payload, of which only the size is kept; true when that is
    /// something.
    pub fn data(&mut self, number: u64, modality: &'static str, more: Node<'_>) -> bool {
        let bytes = more.content().and_then(|(content, _)| decoded_size(content)).unwrap_or(0);
        if bytes > 0
            && let Some(Piece::Data(kind, sum)) = self.piece(number, || Piece::Data("", 0))
        {
            (*kind, *sum) = (modality, sum.saturating_add(bytes));
        }
        bytes > 0
    }

    /// Whether something of that number came.
    pub fn has(&self, number: u64) -> bool {
        self.parts.get(number).is_some()
    }

    /// Puts a part that came whole in the place of all pieces of those numbers.
    pub fn replace(&mut self, numbers: Range<u64>, part: Node<'_>) {
        self.parts.retain(|number| !numbers.contains(&number));
        self.whole(numbers.start, part);
    }

    /// Puts a part that came whole in the place of what came of it in pieces. Binary data in it goes.
    pub fn whole(&mut self, number: u64, part: Node<'_>) {
        if let Some(piece) = self.piece(number, || Piece::Whole(String::new())) {
            let mut json = String::with_capacity(part.length());
            part.write_with(&mut json, &|text| substitute(text).or_else(|| clip(text)));
            json.shrink_to_fit();
            *piece = Piece::Whole(json);
        }
    }

    /// Hands the parts over that came whole, for `read` to read them where they stand.
    pub fn wholes(&self) -> Vec<Doc<'_>> {
        self.parts.values().filter_map(Piece::whole).collect()
    }

    /// The message, as if it had come at once. `wholes`: what [`Answer::wholes`] gave, each read by `read`.
    pub fn message<'a>(&'a self, wholes: &'a [Doc<'a>], read: fn(Node<'a>) -> Vec<Part<'a>>) -> Message<'a> {
        let mut wholes = wholes.iter();
        let mut parts = Vec::with_capacity(self.parts.values().len());
        for piece in self.parts.values() {
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text.into())),
                Piece::Reasoning(text) => parts.push(Part::Reasoning(text.into())),
                Piece::Call(call) => parts.push(call.part()),
                Piece::Data(modality, size) => parts.push(Part::Blob {
                    modality: Cow::Borrowed(modality),
                    mime_type: Cow::default(),
                    size: Some(*size),
                }),
                Piece::Whole(_) => {
                    parts.extend(wholes.next().map(|doc| read(doc.root())).into_iter().flatten());
                }
            }
        }
        Message::answer(parts).stopped(self.finish_reason.as_deref().map(Cow::Borrowed))
    }

    /// Tells what came, as if it had come at once: why the model stopped, and its message.
    pub fn tell(&self, reading: &mut Reading) {
        reading.finish_reasons(self.finish_reason.as_deref().map(Cow::Borrowed).into_iter());
        if reading.keep.outputs {
            let wholes = self.wholes();
            reading.said(self.message(&wholes, read_parts));
        }
    }
}

impl Call {
    /// Takes what a piece says of the call: ids and names come once, arguments in bits.
    pub fn push(&mut self, id: Node<'_>, name: Node<'_>, arguments: Node<'_>) {
        if let Some(id) = id.words() {
            self.id = Some(id.into_owned());
        }
        self.name.push_str(&name.str().unwrap_or_default());
        match arguments.str() {
            Some(text) => self.arguments.push_str(&text),
            None if arguments.is_object() => arguments.write(&mut self.arguments),
            None => {}
        }
    }

    fn part(&self) -> Part<'_> {
        Part::ToolCall {
            id: self.id.as_deref().map(Cow::Borrowed),
            name: Cow::Borrowed(&self.name),
            arguments: structure(Cow::Borrowed(&self.arguments)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::write_messages;

    #[test]
    fn parts_stand_in_the_order_of_their_numbers() {
        let mut answer = Answer::default();
        assert!(answer.text(1, "Hel") && answer.text(1, "lo") && !answer.text(7, ""));
        assert!(answer.reasoning(0, "Hm"));
        answer.call(2).unwrap().name.push('f');
        assert!(answer.call(1).is_none());
        answer.finish_reason = Some("stop".to_owned());
        assert_eq!(
            write_messages(&[answer.message(&[], |_| Vec::new())]),
            concat!(
                r#"[{"role":"assistant","parts":[{"type":"reasoning","content":"Hm"},"#,
                r#"{"type":"text","content":"Hello"},{"type":"tool_call","name":"f","arguments":{}}],"#,
                r#""finish_reason":"stop"}]"#
            )
        );
        assert_eq!(answer.next(), 3);
    }
}
