//! A place in a trace that JavaScript holds: an open span, or a caller's span in another process.

use napi::bindgen_prelude::Result;
use napi_derive::napi;
use spanwire_driver::{
    OpenSpan,
    spanwire::{
        attributes::Value,
        json::Json,
        span::{Change, Gathered},
        time::Timestamp,
        trace::TraceContext,
        vendors::Format,
    },
};

use crate::wrong;

/// An open span, or a place that only is one. A span ends at the latest when JavaScript lets go of it.
#[napi]
pub struct Handle {
    place: Place,
}

enum Place {
    Span(OpenSpan),
    Elsewhere(TraceContext),
}

impl Handle {
    pub(crate) const fn of_span(span: OpenSpan) -> Self {
        Self { place: Place::Span(span) }
    }

    pub(crate) const fn of_context(context: TraceContext) -> Self {
        Self { place: Place::Elsewhere(context) }
    }

    pub(crate) const fn context(&self) -> &TraceContext {
        match &self.place {
            Place::Span(span) => span.context(),
            Place::Elsewhere(context) => context,
        }
    }

    fn change(&mut self, change: Change) {
        if let Place::Span(span) = &mut self.place {
            span.change(change);
        }
    }
}

#[napi]
impl Handle {
    /// 32 hex digits.
    #[napi(getter)]
    pub fn trace_id(&self) -> String {
        self.context().trace_id.to_string()
    }

    /// 16 hex digits.
    #[napi(getter)]
    pub fn span_id(&self) -> String {
        self.context().span_id.to_string()
    }

    /// Whether changes are still kept.
    #[napi(getter)]
    pub fn is_recording(&self) -> bool {
        matches!(&self.place, Place::Span(span) if span.is_recording())
    }

    /// The headers that carry this place on; names and values in turn.
    #[napi]
    pub fn headers(&self, with_traceparent: bool) -> Vec<String> {
        let headers = self.context().headers(with_traceparent);
        headers.pairs().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).collect()
    }

    /// A string attribute.
    #[napi]
    pub fn text(&mut self, key: String, value: String) {
        self.change(Change::Attribute(key, Value::String(value)));
    }

    /// A number as attribute; `is_integer` says that it is exact.
    #[napi]
    pub fn number(&mut self, key: String, value: f64, is_integer: bool) {
        let value = if is_integer { Value::Int(value as i64) } else { Value::double(value) };
        self.change(Change::Attribute(key, value));
    }

    /// A boolean attribute.
    #[napi]
    pub fn flag(&mut self, key: String, value: bool) {
        self.change(Change::Attribute(key, Value::Bool(value)));
    }

    /// A value as JSON text; `what` is the change's name.
    #[napi]
    pub fn json(&mut self, what: String, json: String, automatically: bool) {
        if let Some(change) = Change::of_json(&what, Json::new(json), gathered(automatically)) {
            self.change(change);
        }
    }

    /// What went to a vendor. Throws where nobody reads the format.
    #[napi]
    pub fn request(&mut self, json: String, format: Option<String>, automatically: bool) -> Result<()> {
        let format = Format::find(format.as_deref()).map_err(wrong)?;
        self.change(Change::Request(Json::new(json), format, gathered(automatically)));
        Ok(())
    }

    /// A name that beats the derived one.
    #[napi]
    pub fn name(&mut self, name: String) {
        self.change(Change::Name(name));
    }

    /// How it ended, by a word.
    #[napi]
    pub fn status(&mut self, word: String, message: Option<String>) {
        self.change(Change::status(&word, message.as_deref()));
    }

    /// Something was thrown.
    #[napi]
    pub fn exception(&mut self, kind: String, message: String) {
        self.change(Change::Exception { kind, message });
    }

    /// A span elsewhere that belongs to this one, with attributes as JSON text.
    #[napi]
    pub fn link(&mut self, to: &Handle, attributes: String) {
        self.change(Change::Link(Box::new(to.context().clone()), Json::new(attributes)));
    }

    /// Ends the span, now or at so many milliseconds since the epoch.
    #[napi]
    pub fn end(&mut self, milliseconds: Option<f64>) {
        if let Place::Span(span) = &mut self.place {
            span.end(milliseconds.map(|milliseconds| Timestamp::from_seconds(milliseconds / 1e3)));
        }
    }
}

const fn gathered(automatically: bool) -> Gathered {
    if automatically { Gathered::Automatically } else { Gathered::ByHand }
}
