//! One call as it went over the wire: a request, then an answer, whole or in pieces.

use super::{Chunks, Format, Reading, Stated, error::WireError, events::Events, frames::Frames, recognise};
use crate::{
    attributes::{Attributes, Value},
    config::InputMessages,
    json::{Doc, Json, Node},
    time::Timestamp,
};

/// Gathers what the wire said, in the order in which it said it.
#[derive(Clone, Debug)]
pub(crate) struct Transcript {
    started: Timestamp,
    /// What the caller said it is, and whose.
    stated: Option<Format>,
    provider: Option<&'static str>,
    /// What the request looked like.
    requested: Option<Format>,
    reading: Reading,
    chunks: Option<Box<dyn Chunks>>,
    events: Events,
    /// The same where they are no text.
    frames: Option<Frames>,
    has_response: bool,
    is_streamed: bool,
    first_content: Option<Timestamp>,
}

impl Transcript {
    pub fn new(started: Timestamp, messages: InputMessages) -> Self {
        Self {
            started,
            stated: None,
            provider: None,
            requested: None,
            reading: Reading::new(messages),
            chunks: None,
            events: Events::default(),
            frames: None,
            has_response: false,
            is_streamed: false,
            first_content: None,
        }
    }

    /// What went out. Without a format, its shape tells. `keep`: whether policy lets its content through.
    pub fn request(&mut self, payload: &Json, stated: Option<Stated>, keep: bool) {
        let doc = payload.doc();
        let inner = inner(payload, &doc);
        let root = inner.as_ref().unwrap_or(&doc).root();
        self.reading.keep.inputs = keep;
        self.stated = stated.and_then(|stated| stated.format);
        self.provider = stated.and_then(|stated| stated.provider);
        self.reading.provider = self.provider;
        self.requested = self.stated.or_else(|| recognise::request(root));
        if let Some(format) = self.requested {
            (format.wire().request)(root, &mut self.reading);
            self.belongs_to(format);
        }
        self.count_refused(root);
    }

    /// Counts the parts of messages that a document had no room for.
    fn count_refused(&mut self, root: Node<'_>) {
        self.reading.removed.messages += root.refused();
    }

    /// What came back at once; also the text of a whole stream.
    pub fn response(&mut self, payload: &Json, keep: bool) {
        self.reading.keep.outputs = keep;
        if self.is_framed(payload) {
            return self.frames(self.started, payload, false);
        }
        let Some(doc) = self.parse(payload) else { return self.bytes(self.started, payload, false) };
        let inner = if self.is_plain() { None } else { inner(payload, &doc) };
        let read = inner.as_ref().unwrap_or(&doc);
        let is_list = doc.root().is_array() && !self.is_answer_list();
        let is_stream = inner.is_none() && (doc.root().is_string() || is_list);
        if is_stream && !self.is_plain() {
            self.pieces(self.started, doc.root(), false);
        } else {
            self.whole(read.root());
        }
        self.count_refused(read.root());
    }

    fn whole(&mut self, root: Node<'_>) {
        if let Some(error) = WireError::read(root) {
            self.reading.fail(error);
        }
        if root.is_array() && !self.is_plain() && !self.is_answer_list() {
            return self.pieces(self.started, root, false);
        }
        let format = self.stated.or_else(|| recognise::agreed(self.requested, recognise::response(root)));
        if let Some(format) = format {
            self.has_response = true;
            (format.wire().response)(root, &mut self.reading);
            self.belongs_to(format);
        }
    }

    /// Whether a text is what a model said, and a list its messages, rather than the text of events.
    fn is_plain(&self) -> bool {
        self.stated == Some(Format::Neutral)
    }

    /// Whether a list is a whole answer, rather than its pieces.
    fn is_answer_list(&self) -> bool {
        matches!(self.stated, Some(Format::TextGeneration | Format::FeatureExtraction))
    }

    /// Notes whose format it is. What is known last is known best: many requests look alike.
    fn belongs_to(&mut self, format: Format) {
        self.reading.provider = self.provider.or(format.wire().provider);
    }

    /// One piece of what came back: an object, several of them in a list, or the text of events.
    pub fn chunk(&mut self, at: Timestamp, payload: &Json, keep: bool) {
        self.reading.keep.outputs = keep;
        if self.is_framed(payload) {
            return self.frames(at, payload, true);
        }
        let doc = if self.events.goes_on() { None } else { self.parse(payload) };
        let Some(doc) = doc else { return self.bytes(at, payload, true) };
        if self.is_said(doc.root()) {
            self.stated = Some(Format::Neutral);
        }
        self.pieces(at, doc.root(), true);
        self.count_refused(doc.root());
    }

    /// Whether a first piece is a text that a model said: nothing tells how it went over the wire.
    fn is_said(&self, piece: Node<'_>) -> bool {
        let is_unknown = self.stated.or(self.requested).is_none() && self.chunks.is_none();
        is_unknown
            && self.events.is_empty()
            && piece.str().is_some_and(|text| !text.is_empty() && !recognise::may_be_wire(&text))
    }

    /// What came back as JSON; `None` where it is the text of events. That is taken as it stands: as a string of
    /// itself it would be held three times.
    fn parse<'a>(&self, payload: &'a Json) -> Option<Doc<'a>> {
        if self.is_plain() { Some(payload.doc()) } else { Doc::parse(payload.bytes()) }
    }

    fn pieces(&mut self, at: Timestamp, root: Node<'_>, is_timed: bool) {
        if let Some(text) = root.str().filter(|_| !self.is_plain()) {
            // A piece that is one object is no part of a text that is cut anywhere.
            let whole = if self.events.is_empty() { Doc::parse(text.as_bytes()) } else { None };
            if let Some(object) = whole.filter(|doc| doc.root().is_object()) {
                self.piece(at, object.root(), is_timed);
                return self.count_refused(object.root());
            }
            self.text(at, &text, is_timed);
        } else if root.is_array() {
            root.items().for_each(|item| self.piece(at, item, is_timed));
        } else {
            self.piece(at, root, is_timed);
        }
    }

    fn text(&mut self, at: Timestamp, text: &str, is_timed: bool) {
        let mut events = std::mem::take(&mut self.events);
        events.push(text, |piece| self.event(at, piece, is_timed));
        self.events = events;
    }

    /// The same for bytes, which may be cut anywhere.
    fn bytes(&mut self, at: Timestamp, payload: &Json, is_timed: bool) {
        let mut events = std::mem::take(&mut self.events);
        events.push_bytes(payload.bytes(), |piece| self.event(at, piece, is_timed));
        self.events = events;
    }

    /// Whether it is a part of a stream that is no text.
    fn is_framed(&self, payload: &Json) -> bool {
        let is_first = self.chunks.is_none() && self.events.is_empty();
        self.frames.is_some() || (is_first && Frames::may_begin(payload.bytes()))
    }

    fn frames(&mut self, at: Timestamp, payload: &Json, is_timed: bool) {
        let mut frames = self.frames.take().unwrap_or_default();
        frames.push(payload.bytes(), |piece| self.event(at, piece, is_timed));
        self.frames = Some(frames);
    }

    fn event(&mut self, at: Timestamp, piece: Node<'_>, is_timed: bool) {
        self.piece(at, piece, is_timed);
        self.count_refused(piece);
    }

    fn piece(&mut self, at: Timestamp, piece: Node<'_>, is_timed: bool) {
        self.is_streamed = true;
        if let Some(error) = WireError::read(piece) {
            self.reading.fail(error);
        }
        if self.chunks.is_none() {
            let format = self.stated.or_else(|| recognise::agreed(self.requested, recognise::chunk(piece)));
            let said = || recognise::is_neutral_piece(piece).then_some(Format::Neutral);
            let Some(format) = format.or_else(said) else { return };
            self.chunks = Some((format.wire().chunks)());
            self.belongs_to(format);
        }
        let has_content = self.chunks.as_mut().is_some_and(|chunks| chunks.push(piece));
        if has_content && is_timed && self.first_content.is_none() {
            self.first_content = Some(at);
        }
    }

    /// What is known so far without the pieces.
    pub fn attributes(&mut self) -> &mut Attributes {
        &mut self.reading.attributes
    }

    /// Puts together what came in pieces: nothing follows.
    pub fn close(&mut self) {
        let at = self.started;
        let events = std::mem::take(&mut self.events);
        self.reading.removed.characters += events.removed;
        events.finish(|piece| {
            self.pieces(at, piece, false);
            self.count_refused(piece);
        });
        // A whole answer that was recorded beside its pieces knows better.
        if let Some(chunks) = self.chunks.take().filter(|_| !self.has_response) {
            chunks.finish(&mut self.reading);
        }
        if std::mem::take(&mut self.is_streamed) {
            self.reading.attributes.set("gen_ai.response.streaming", true);
            if let Some(first) = self.first_content {
                let seconds = first.since(self.started).as_secs_f64();
                self.reading.attributes.set("gen_ai.response.time_to_first_chunk", Value::double(seconds));
            }
        }
    }

    /// Everything that was said.
    pub fn finish(mut self) -> Reading {
        self.close();
        self.reading
    }
}

/// The JSON that a JSON string holds. Text that is no JSON is a string of itself: to look again whether it is
/// JSON would take the room of a second tape beside it.
fn inner<'a>(payload: &Json, doc: &'a Doc<'_>) -> Option<Doc<'a>> {
    if payload.is_string() { doc.root().str().and_then(Doc::of) } else { None }
}
