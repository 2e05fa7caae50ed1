//! One call as it went over the wire: a request, then an answer, whole or in chunks.

use serde_json::Value;

use super::{Format, Reading, WireError, openai_chat};
use crate::{attributes::Value as Attribute, time::Timestamp};

/// Gathers what the wire said, in the order in which it said it.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    started: Timestamp,
    format: Option<Format>,
    reading: Reading,
    chunks: Option<openai_chat::Chunks>,
    first_content: Option<Timestamp>,
}

impl Transcript {
    pub fn new(started: Timestamp) -> Self {
        Self { started, ..Self::default() }
    }

    /// What went out. Without a format, its shape tells.
    pub fn request(&mut self, payload: &Value, format: Option<Format>) {
        self.format = format.or_else(|| Format::recognise(payload));
        match self.format {
            Some(Format::OpenAiChat) => openai_chat::read_request(payload, &mut self.reading),
            None => {}
        }
    }

    /// What came back at once.
    pub fn response(&mut self, payload: &Value) {
        self.reading.error = WireError::read(payload);
        match self.format.or_else(|| Format::recognise(payload)) {
            Some(Format::OpenAiChat) => openai_chat::read_response(payload, &mut self.reading),
            None => {}
        }
    }

    /// One piece of what came back.
    pub fn chunk(&mut self, at: Timestamp, payload: &Value) {
        if let Some(error) = WireError::read(payload) {
            self.reading.error = Some(error);
            return;
        }
        let has_content = self.chunks.get_or_insert_default().push(payload);
        if has_content && self.first_content.is_none() {
            self.first_content = Some(at);
        }
    }

    /// Everything that was said.
    pub fn finish(mut self) -> Reading {
        if let Some(chunks) = self.chunks {
            let whole = chunks.finish();
            openai_chat::read_response(&whole, &mut self.reading);
            self.reading.attributes.set("gen_ai.response.streaming", true);
            if let Some(first) = self.first_content {
                let seconds = first.since(self.started).as_secs_f64();
                self.reading
                    .attributes
                    .set("gen_ai.response.time_to_first_chunk", Attribute::double(seconds));
            }
        }
        self.reading
    }
}
