//! Places in a trace and scopes, as Python holds them.

use std::sync::Arc;

use pyo3::prelude::*;
use spanwire_driver::spanwire::{scope, trace};

use crate::json::json_of;

/// A caller's place in its trace; or nowhere, which begins a new one.
#[pyclass(frozen, subclass, module = "spanwire._spanwire")]
pub struct TraceContext(pub Option<trace::TraceContext>);

#[pymethods]
impl TraceContext {
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "what pyo3 extracts is owned")]
    fn new(headers: Vec<(String, String)>) -> Self {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Self(trace::continue_trace(headers))
    }

    fn _place(&self) -> Option<[String; 4]> {
        self.0.as_ref().map(told)
    }
}

/// A place as Python is told of it: trace id, span id, `sentry-trace` and `baggage`.
pub fn told(context: &trace::TraceContext) -> [String; 4] {
    let headers = context.headers();
    [context.trace_id.to_string(), context.span_id.to_string(), headers.sentry_trace, headers.baggage]
}

/// What the spans of a block inherit; a change makes a new one.
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
