//! Places in a trace and scopes, as Python holds them.

use std::sync::Arc;

use pyo3::prelude::*;
use spanwire_driver::spanwire::{scope, trace};

use crate::json::json_of;
use crate::span::place_of;

/// A caller's place in its trace; or nowhere, which begins a new one.
#[pyclass(frozen, subclass, module = "spanwire._spanwire")]
pub struct TraceContext(pub Option<trace::TraceContext>);

#[pymethods]
impl TraceContext {
    /// The place that headers tell of, which may be `inside` of a place of ours.
    #[new]
    #[pyo3(signature = (headers, inside=None))]
    #[expect(clippy::needless_pass_by_value, reason = "what pyo3 extracts is owned")]
    fn new(headers: Vec<(String, String)>, inside: Option<&Bound<'_, PyAny>>) -> Self {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let place = trace::continue_trace(headers);
        Self(match inside.and_then(place_of) {
            Some(ours) => place.map(|place| place.inside(&ours)),
            None => place,
        })
    }

    fn _place(&self) -> Option<[String; 2]> {
        self.0.as_ref().map(told)
    }

    fn _headers(&self, with_traceparent: bool) -> Vec<(&'static str, String)> {
        self.0.as_ref().map_or_else(Vec::new, |place| headers(place, with_traceparent))
    }
}

/// A place as Python is told of it: trace id and span id.
pub fn told(context: &trace::TraceContext) -> [String; 2] {
    [context.trace_id.to_string(), context.span_id.to_string()]
}

/// The headers that carry a place to another service.
pub fn headers(context: &trace::TraceContext, with_traceparent: bool) -> Vec<(&'static str, String)> {
    context.headers(with_traceparent).pairs().map(|(name, value)| (name, value.to_owned())).collect()
}

/// What the spans of a block inherit; a change makes a new one.
#[derive(Default)]
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Scope(pub Arc<scope::Scope>);

#[pymethods]
impl Scope {
    /// An empty scope; or another one, changed as a dict says.
    #[new]
    #[pyo3(signature = (base=None, changes=None))]
    fn new(base: Option<&Bound<'_, Self>>, changes: Option<&Bound<'_, PyAny>>) -> Self {
        let base = base.map(|base| scope::Scope::clone(&base.get().0)).unwrap_or_default();
        Self(Arc::new(changes.map_or(base.clone(), |changes| base.with(&json_of(changes)))))
    }
}
