//! A place in a trace that JavaScript holds: an open span, or a caller's span in another process.

use std::rc::Rc;

use spanwire::{
    attributes::Value,
    json::Json,
    span::{Change, Gathered, Span},
    time::Timestamp,
    trace::TraceContext,
    vendors::Format,
};
use wasm_bindgen::prelude::*;

use crate::{
    session::{Shared, timestamp},
    wrong,
};

/// An open span, or a place that only is one. `now` is milliseconds since the epoch.
#[wasm_bindgen]
pub struct Handle {
    place: Place,
}

enum Place {
    Span(Span, Rc<Shared>),
    Elsewhere(TraceContext),
    /// Where there is no parent: wasm-bindgen lends a handle, but no `Option` of one.
    Nowhere,
}

impl Handle {
    pub(crate) const fn of_span(span: Span, shared: Rc<Shared>) -> Self {
        Self { place: Place::Span(span, shared) }
    }

    pub(crate) const fn of_context(context: TraceContext) -> Self {
        Self { place: Place::Elsewhere(context) }
    }

    pub(crate) const fn context(&self) -> Option<&TraceContext> {
        match &self.place {
            Place::Span(span, _) => Some(span.context()),
            Place::Elsewhere(context) => Some(context),
            Place::Nowhere => None,
        }
    }

    pub(crate) fn change(&mut self, now: f64, change: Change) {
        if let Place::Span(span, shared) = &mut self.place {
            span.change(shared.now(now), change);
        }
    }
}

#[wasm_bindgen]
impl Handle {
    /// The place that is none.
    pub fn nowhere() -> Self {
        Self { place: Place::Nowhere }
    }

    /// 32 hex digits.
    #[wasm_bindgen(getter, js_name = traceId)]
    pub fn trace_id(&self) -> String {
        self.context().map(|context| context.trace_id.to_string()).unwrap_or_default()
    }

    /// 16 hex digits.
    #[wasm_bindgen(getter, js_name = spanId)]
    pub fn span_id(&self) -> String {
        self.context().map(|context| context.span_id.to_string()).unwrap_or_default()
    }

    /// Whether changes are still kept.
    #[wasm_bindgen(getter, js_name = isRecording)]
    pub fn is_recording(&self) -> bool {
        matches!(&self.place, Place::Span(span, _) if span.is_recording())
    }

    /// The headers that carry this place on; names and values in turn.
    pub fn headers(&self, with_traceparent: bool) -> Vec<String> {
        let Some(context) = self.context() else { return Vec::new() };
        let headers = context.headers(with_traceparent);
        headers.pairs().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).collect()
    }

    /// A string attribute.
    pub fn text(&mut self, now: f64, key: String, value: String) {
        self.change(now, Change::Attribute(key, value.into()));
    }

    /// A number as attribute; `is_integer` says that it is exact.
    pub fn number(&mut self, now: f64, key: String, value: f64, is_integer: bool) {
        let value = if is_integer { Value::Int(value as i64) } else { Value::double(value) };
        self.change(now, Change::Attribute(key, value));
    }

    /// A boolean attribute.
    pub fn flag(&mut self, now: f64, key: String, value: bool) {
        self.change(now, Change::Attribute(key, Value::Bool(value)));
    }

    /// A value as JSON text; `what` is the change's name.
    pub fn json(&mut self, now: f64, what: &str, json: String, automatically: bool) {
        if let Some(change) = Change::of_json(what, Json::new(json), gathered(automatically)) {
            self.change(now, change);
        }
    }

    /// What went to a vendor.
    ///
    /// # Errors
    /// Nobody reads the format.
    pub fn request(
        &mut self,
        now: f64,
        json: String,
        format: Option<String>,
        automatically: bool,
    ) -> Result<(), JsError> {
        let format = Format::find(format.as_deref()).map_err(wrong)?;
        self.change(now, Change::Request(Json::new(json), format, gathered(automatically)));
        Ok(())
    }

    /// A name that beats the derived one.
    pub fn name(&mut self, now: f64, name: String) {
        self.change(now, Change::Name(name));
    }

    /// How it ended, by a word.
    pub fn status(&mut self, now: f64, word: &str, message: Option<String>) {
        self.change(now, Change::status(word, message.as_deref()));
    }

    /// Something was thrown.
    pub fn exception(&mut self, now: f64, kind: String, message: String) {
        self.change(now, Change::Exception { kind, message });
    }

    /// A span elsewhere that belongs to this one, with attributes as JSON text.
    pub fn link(&mut self, now: f64, to: &Self, attributes: String) {
        if let Some(context) = to.context() {
            self.change(now, Change::Link(Box::new(context.clone()), Json::new(attributes)));
        }
    }

    /// Ends the span, now or at `at`, in milliseconds since the epoch.
    pub fn end(&mut self, now: f64, at: Option<f64>) {
        if let Place::Span(span, shared) = &mut self.place {
            let end: Timestamp = at.map_or_else(|| shared.now(now), timestamp);
            if let Some(finished) = span.finish(end) {
                shared.queue(finished);
            }
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Place::Span(span, shared) = &mut self.place
            && let Some(finished) = span.abandon()
        {
            shared.queue(finished);
        }
    }
}

const fn gathered(automatically: bool) -> Gathered {
    if automatically { Gathered::Automatically } else { Gathered::ByHand }
}
