//! A span, as Python holds it: the Python class below it adds names for the changes, the block and streams.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use spanwire_driver::OpenSpan;
use spanwire_driver::spanwire::span::{Change, Gathered, Kind, Start};
use spanwire_driver::spanwire::{
    error::UnknownOperation,
    json::Json,
    time::Timestamp,
    trace,
    vendors::{Format, origin_of},
};

use crate::driver::Driver;
use crate::json::{Any, attribute_of, described, json_of, text_from, type_name, wire_json_of};
use crate::trace::{Scope, TraceContext, headers, told};
use crate::wrong;

/// One span; where nothing is sent, only its place.
#[pyclass(frozen, subclass, weakref, module = "spanwire._spanwire")]
pub struct Span(Mutex<State>);

struct State {
    span: Option<OpenSpan>,
    /// Where children hang when there is no span.
    place: Option<trace::TraceContext>,
    /// Whether it stands for a request to a model.
    is_request: bool,
    /// A handoff of which nobody knows yet whether a block follows.
    is_mark: bool,
}

impl State {
    /// No block followed: a mark ends when it began.
    fn settle(&mut self) {
        if std::mem::take(&mut self.is_mark)
            && let Some(span) = &mut self.span
        {
            span.end(Some(Timestamp::from_micros(0)));
        }
    }

    fn place(&self) -> Option<&trace::TraceContext> {
        self.span.as_ref().map(OpenSpan::context).or(self.place.as_ref())
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.settle();
    }
}

impl Span {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what `change` makes. It is made before the lock is taken: it may run the user's code.
    fn change(&self, change: impl FnOnce() -> Change) {
        if self.is_recording() {
            let change = change();
            if let Some(span) = &mut self.state().span {
                span.change(change);
            }
        }
    }
}

#[pymethods]
impl Span {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one call from Python, by position")]
    fn new(
        py: Python<'_>,
        driver: Option<&Bound<'_, Driver>>,
        call: &str,
        detail: Option<&Any<'_>>,
        subject: Option<&Any<'_>>,
        name: Option<&Any<'_>>,
        integration: Option<&str>,
        parent: Option<&Any<'_>>,
        scope: &Bound<'_, Scope>,
        arguments: Option<&Bound<'_, PyDict>>,
        is_mark: bool,
    ) -> PyResult<Self> {
        let detail = detail.map(text_from).unwrap_or_default();
        let kind = kind_of(call, &detail).map_err(wrong)?;
        let (place, is_request) = (parent.and_then(place_of), kind.is_request());
        let Some(driver) = driver.map(Bound::get).filter(|driver| driver.0.is_active()) else {
            return Ok(Self(Mutex::new(State { span: None, place, is_request, is_mark: false })));
        };
        let (subject, name) = (subject.map(text_from), name.map(text_from));
        let start = Start {
            kind,
            subject: subject.as_deref(),
            name: name.as_deref(),
            origin: origin_of(integration),
            parent: place.as_ref(),
            scope: Arc::clone(&scope.get().0),
            sample_rate: None,
        };
        let span = driver.start(py, start, arguments);
        Ok(Self(Mutex::new(State { span: Some(span), place: None, is_request, is_mark })))
    }

    fn _place(&self) -> Option<[String; 2]> {
        self.state().place().map(told)
    }

    fn _headers(&self, with_traceparent: bool) -> Vec<(&'static str, String)> {
        self.state().place().map_or_else(Vec::new, |place| headers(place, with_traceparent))
    }

    #[getter]
    fn _is_request(&self) -> bool {
        self.state().is_request
    }

    #[getter]
    fn is_recording(&self) -> bool {
        let mut state = self.state();
        state.settle();
        state.span.as_ref().is_some_and(OpenSpan::is_recording)
    }

    fn set_attribute(&self, key: &Any<'_>, value: &Any<'_>) {
        self.change(|| match attribute_of(value) {
            Some(value) => Change::Attribute(text_from(key), value),
            None => Change::Attributes(
                [(key, value)].into_py_dict(key.py()).as_deref().map_or_else(|_| Json::default(), json_of),
            ),
        });
    }

    /// Everything else that takes one value, `more` being the format of a request or the message of a
    /// status. What is not set `by_hand` is kept as the policy says.
    #[pyo3(signature = (what, value, by_hand, more=None))]
    fn _change(&self, what: &str, value: &Any<'_>, by_hand: bool, more: Option<&Any<'_>>) -> PyResult<()> {
        let more = more.map(text_from);
        let format = Format::find(more.as_deref().filter(|_| what == "request")).map_err(wrong)?;
        let gathered = if by_hand { Gathered::ByHand } else { Gathered::Automatically };
        self.change(|| match what {
            "status" => Change::status(&text_from(value), more.as_deref()),
            "name" => Change::Name(text_from(value)),
            "exception" => Change::Exception { kind: type_name(value), message: described(value) },
            "request" => Change::Request(wire_json_of(value), format, gathered),
            _ => {
                let is_wire = matches!(what, "response" | "chunk");
                let json = if is_wire { wire_json_of(value) } else { json_of(value) };
                Change::of_json(what, json, gathered).unwrap_or_else(|| Change::Attributes(Json::default()))
            }
        });
        Ok(())
    }

    #[pyo3(signature = (to, attributes=None))]
    fn add_link(&self, to: &Any<'_>, attributes: Option<&Any<'_>>) {
        if let Some(place) = place_of(to) {
            self.change(|| Change::Link(Box::new(place), attributes.map_or_else(Json::default, json_of)));
        }
    }

    #[pyo3(signature = (timestamp=None))]
    fn end(&self, timestamp: Option<&Any<'_>>) {
        let end = timestamp.and_then(|timestamp| timestamp.extract().ok()).map(Timestamp::from_seconds);
        let mut state = self.state();
        state.settle();
        if let Some(span) = &mut state.span {
            span.end(end);
        }
    }

    /// A block begins: a mark becomes a span that lasts.
    fn _enter(&self) {
        self.state().is_mark = false;
    }

    /// Ends the span at its last change.
    fn _let_go(&self) {
        let mut state = self.state();
        state.place = state.place().cloned();
        let span = state.span.take();
        // What goes with it may be a function of the program: whatever that does when it goes may ask for this span.
        drop(state);
        drop(span);
    }
}

/// What a call of the API makes, with the op or operation that it takes.
fn kind_of(call: &str, detail: &str) -> Result<Kind, UnknownOperation> {
    match call {
        "start_span" => Ok(Kind::of_op(detail)),
        "ai_request" => Kind::of_request(detail),
        call => Kind::of_call(call),
    }
}

/// Where a span or trace context stands; `None` for anything else, and for one that is nowhere.
pub fn place_of(value: &Any<'_>) -> Option<trace::TraceContext> {
    match value.cast::<Span>() {
        Ok(span) => span.get().state().place().cloned(),
        Err(_) => value.cast::<TraceContext>().ok()?.get().0.clone(),
    }
}
