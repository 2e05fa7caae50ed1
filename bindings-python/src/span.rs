//! A span, as Python holds it.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use pyo3::{
    IntoPyObjectExt,
    exceptions::PyGeneratorExit,
    intern,
    prelude::*,
    types::{IntoPyDict, PyDict},
};
use spanwire_driver::OpenSpan;
use spanwire_driver::spanwire::{
    json::Json,
    span::{
        Change, Content,
        Gathered::{self, Automatically, ByHand},
    },
    time::Timestamp,
    trace,
    vendors::Format,
};

use crate::{
    current,
    json::{Any, attribute_of, described, json_of, text_from, type_name, wire_json_of},
    ready::Ready,
    trace::{TraceContext, headers, told},
    wrong,
};

/// One operation, from its start to `end`.
///
/// As a context manager, sync or async, it is current inside the block and ends with it; an exception that leaves
/// the block marks it as failed and goes on unchanged. Without a block it is open until `end`. After the end every
/// method does nothing.
#[pyclass(frozen, weakref, module = "spanwire")]
pub struct Span(Mutex<State>);

struct State {
    span: Option<OpenSpan>,
    /// Where children hang when there is no span.
    place: Option<trace::TraceContext>,
    /// Whether it stands for a request to a model.
    is_request: bool,
    /// A handoff of which nobody knows yet whether a block follows.
    is_mark: bool,
    /// The tool that a library runs.
    tool: Option<String>,
    /// The thread in which its block was entered last.
    entered: Option<u64>,
    /// Whether it was left where the context in which it was entered knows nothing of it.
    is_left: bool,
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
    pub fn new(span: OpenSpan, is_request: bool, is_mark: bool, tool: Option<String>) -> Self {
        let (span, place, entered, is_left) = (Some(span), None, None, false);
        Self(Mutex::new(State { span, place, is_request, is_mark, tool, entered, is_left }))
    }

    /// Where nothing is sent: only its place.
    pub fn nowhere(place: Option<trace::TraceContext>, is_request: bool) -> Self {
        let (span, is_mark, tool, entered, is_left) = (None, false, None, None, false);
        Self(Mutex::new(State { span, place, is_request, is_mark, tool, entered, is_left }))
    }

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

    fn content(&self, content: Content, value: &Any<'_>) {
        self.change(|| Change::Content(content, json_of(value), ByHand));
    }

    fn request(&self, payload: &Any<'_>, format: Option<&Any<'_>>, gathered: Gathered) -> PyResult<()> {
        let format = Format::find(format.map(text_from).as_deref()).map_err(wrong)?;
        self.change(|| Change::Request(wire_json_of(payload), format, gathered));
        Ok(())
    }
}

#[pymethods]
impl Span {
    /// 32 hex digits; all zeros where nothing is recorded.
    #[getter]
    fn trace_id(&self) -> String {
        self._place().map_or_else(|| "0".repeat(32), |[trace_id, _]| trace_id)
    }

    /// 16 hex digits; all zeros where nothing is recorded.
    #[getter]
    fn span_id(&self) -> String {
        self._place().map_or_else(|| "0".repeat(16), |[_, span_id]| span_id)
    }

    /// Whether changes are still kept: not before `init`, after the end, or where the trace is not sampled.
    #[getter]
    fn is_recording(&self) -> bool {
        let mut state = self.state();
        state.settle();
        state.span.as_ref().is_some_and(OpenSpan::is_recording)
    }

    /// Sets one attribute: a text, number or truth value, or a list of them; anything else becomes JSON text.
    fn set_attribute(&self, key: &Any<'_>, value: &Any<'_>) {
        self.change(|| match attribute_of(value) {
            Some(value) => Change::Attribute(text_from(key), value),
            None => Change::Attributes(
                [(key, value)].into_py_dict(key.py()).as_deref().map_or_else(|_| Json::default(), json_of),
            ),
        });
    }

    /// The same as `set_attribute`, for code written for other SDKs.
    fn set_data(&self, key: &Any<'_>, value: &Any<'_>) {
        self.set_attribute(key, value);
    }

    /// Sets every member of a mapping as an attribute.
    fn set_attributes(&self, attributes: &Any<'_>) {
        self.change(|| Change::Attributes(json_of(attributes)));
    }

    /// Sets a name that beats the derived one.
    fn set_name(&self, name: &Any<'_>) {
        self.change(|| Change::Name(text_from(name)));
    }

    /// Says how it went: `ok`, `error`, or a word that the Sentry SDKs have for an error.
    #[pyo3(signature = (status, message=None))]
    fn set_status(&self, status: &Any<'_>, message: Option<&Any<'_>>) {
        self.change(|| Change::status(&text_from(status), message.map(text_from).as_deref()));
    }

    /// Sets the messages that went in: a text, a message, or a list of them.
    fn set_input(&self, messages: &Any<'_>) {
        self.content(Content::Input, messages);
    }

    /// Sets what came out: a text, a message, or a list of them.
    fn set_output(&self, output: &Any<'_>) {
        self.content(Content::Output, output);
    }

    /// Sets the result of a tool.
    fn set_result(&self, result: &Any<'_>) {
        self.content(Content::ToolResult, result);
    }

    /// Sets token counts: cached tokens are part of the input, reasoning is part of the output.
    #[pyo3(signature = (
        *,
        input_tokens=None,
        output_tokens=None,
        total_tokens=None,
        cache_read_input_tokens=None,
        cache_creation_input_tokens=None,
        reasoning_output_tokens=None,
        **others,
    ))]
    #[expect(clippy::too_many_arguments, reason = "by name")]
    fn set_usage(
        &self,
        py: Python<'_>,
        input_tokens: Option<&Any<'_>>,
        output_tokens: Option<&Any<'_>>,
        total_tokens: Option<&Any<'_>>,
        cache_read_input_tokens: Option<&Any<'_>>,
        cache_creation_input_tokens: Option<&Any<'_>>,
        reasoning_output_tokens: Option<&Any<'_>>,
        others: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let counts = [
            ("input_tokens", input_tokens),
            ("output_tokens", output_tokens),
            ("total_tokens", total_tokens),
            ("cache_read_input_tokens", cache_read_input_tokens),
            ("cache_creation_input_tokens", cache_creation_input_tokens),
            ("reasoning_output_tokens", reasoning_output_tokens),
        ];
        let given = counts.into_iter().filter_map(|(name, count)| Some((name, count?))).into_py_dict(py)?;
        self.change(|| Change::Usage(json_of(&given)));
        for name in others.into_iter().flat_map(|others| others.keys()) {
            current::notice(py, &format!("set_usage does not know `{name}`; it was left out"));
        }
        Ok(())
    }

    /// Takes a request as it went to a vendor; model, messages and settings are read out of it.
    ///
    /// Raises:
    ///     ValueError: there is no such format.
    #[pyo3(signature = (payload, format=None))]
    fn record_request(&self, payload: &Any<'_>, format: Option<&Any<'_>>) -> PyResult<()> {
        self.request(payload, format, ByHand)
    }

    /// Takes a vendor's answer; usage, model, finish reasons and messages are read out of it.
    fn record_response(&self, payload: &Any<'_>) {
        self.change(|| Change::Response(wire_json_of(payload), ByHand));
    }

    /// Takes one piece of a streamed answer: an event, or some of its text or bytes, cut anywhere or in lines.
    fn record_chunk(&self, chunk: &Any<'_>) {
        self.change(|| Change::Chunk(wire_json_of(chunk), ByHand));
    }

    /// Marks the span as failed, with the error's class and message.
    fn record_exception(&self, error: &Any<'_>) {
        self.change(|| Change::Exception { kind: type_name(error), message: described(error) });
    }

    /// Says that a span or trace context elsewhere belongs to this one, with attributes of the link.
    #[pyo3(signature = (to, attributes=None))]
    fn add_link(&self, to: &Any<'_>, attributes: Option<&Any<'_>>) {
        if let Some(place) = place_of(to) {
            self.change(|| Change::Link(Box::new(place), attributes.map_or_else(Json::default, json_of)));
        } else if !to.is_instance_of::<Span>() && !to.is_instance_of::<TraceContext>() {
            current::notice(to.py(), "add_link takes a span or a trace context; something else was left out");
        }
    }

    /// Gives the same pieces and records each one; the span ends when they do, or nobody wants more.
    fn wrap_stream<'py>(slf: &Bound<'py, Self>, iterable: &Any<'py>) -> PyResult<Any<'py>> {
        let py = slf.py();
        py.import(intern!(py, "spanwire._stream"))?.call_method1(intern!(py, "wrap_stream"), (slf, iterable))
    }

    /// Ends it, now or at `timestamp` (seconds since 1970).
    #[pyo3(signature = (timestamp=None))]
    fn end(&self, timestamp: Option<&Any<'_>>) {
        let end = timestamp.and_then(|timestamp| timestamp.extract().ok()).map(Timestamp::from_seconds);
        let mut state = self.state();
        state.settle();
        if let Some(span) = &mut state.span {
            span.end(end);
        }
    }

    fn __enter__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        let mut state = slf.get().state();
        // A mark that becomes a block is a span that lasts.
        state.is_mark = false;
        (state.entered, state.is_left) = (Some(this_thread()), false);
        drop(state);
        current::enter(&slf)?;
        Ok(slf)
    }

    fn __exit__(
        slf: &Bound<'_, Self>,
        _kind: &Any<'_>,
        error: &Any<'_>,
        _traceback: &Any<'_>,
    ) -> PyResult<bool> {
        let is_found = current::leave(slf)?;
        let is_moved = slf.get().state().entered != Some(this_thread());
        let is_left = !is_found
            || (is_moved && error.is_instance_of::<PyGeneratorExit>())
            || (!error.is_none() && current::closes_a_generator(slf.py())?);
        slf.get().state().is_left |= is_left;
        Self::_finish(slf, error)?;
        Ok(false)
    }

    fn __aenter__(slf: Bound<'_, Self>) -> PyResult<Ready> {
        Ok(Ready(Self::__enter__(slf)?.into_any().unbind()))
    }

    fn __aexit__<'py>(
        slf: &Bound<'py, Self>,
        kind: &Any<'py>,
        error: &Any<'py>,
        traceback: &Any<'py>,
    ) -> PyResult<Ready> {
        let is_swallowed = Self::__exit__(slf, kind, error, traceback)?;
        Ok(Ready(is_swallowed.into_py_any(slf.py())?))
    }

    /// Ends it, with the error that it failed with, if it did. That nobody wants more of a generator is no failure.
    fn _finish(slf: &Bound<'_, Self>, error: &Any<'_>) -> PyResult<()> {
        if !error.is_none() && !error.is_instance_of::<PyGeneratorExit>() {
            slf.get().record_exception(error);
            current::failed(slf, error)?;
        }
        slf.get().end(None);
        Ok(())
    }

    /// Ends it at its last change.
    fn _let_go(&self) {
        let mut state = self.state();
        state.place = state.place().cloned();
        let span = state.span.take();
        // What goes with it may be a function of the program: whatever that does when it goes may ask for this span.
        drop(state);
        drop(span);
    }

    /// What was gathered automatically, and is kept as the policy says, by the names of the core; `format` is that of a
    /// request.
    #[pyo3(signature = (what, value, format=None))]
    fn _gather(&self, what: &str, value: &Any<'_>, format: Option<&Any<'_>>) -> PyResult<()> {
        if what == "request" {
            return self.request(value, format, Automatically);
        }
        self.change(|| {
            let is_wire = matches!(what, "response" | "chunk");
            let json = if is_wire { wire_json_of(value) } else { json_of(value) };
            Change::of_json(what, json, Automatically).unwrap_or_else(|| Change::Attributes(Json::default()))
        });
        Ok(())
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

    /// Whether its block was left somewhere else than where it was entered: there it is no place for others.
    #[getter]
    pub fn _is_left(&self) -> bool {
        self.state().is_left
    }

    #[getter]
    fn _tool(&self) -> Option<String> {
        self.state().tool.clone()
    }
}

/// A number that no other thread has. To ask the standard library for it counts a reference to the thread.
fn this_thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    thread_local!(static NUMBER: u64 = NEXT.fetch_add(1, Relaxed));
    NUMBER.with(|number| *number)
}

/// Where a span or trace context stands; `None` for anything else, and for one that is nowhere.
pub fn place_of(value: &Any<'_>) -> Option<trace::TraceContext> {
    match value.cast::<Span>() {
        Ok(span) => span.get().state().place().cloned(),
        Err(_) => value.cast::<TraceContext>().ok()?.get().0.clone(),
    }
}
