//! What every call asks for: the driver, what is current, the scope. Answered here as it is in most programs; where
//! other SDKs are in the process, or something else than a span is current, `spanwire._context` is asked.

use arc_swap::ArcSwapOption;
use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{IntoPyDict, PyDict, PyList, PyTuple},
};

use crate::{driver::Driver, json::Any, span::Span, trace::Scope};

/// The driver of the last `init`.
static DRIVER: ArcSwapOption<Py<Driver>> = ArcSwapOption::const_empty();

static SHARED: PyOnceLock<Shared> = PyOnceLock::new();

/// What there is once in a process; Python has it under the same names.
struct Shared {
    frames: Variable,
    scopes: Variable,
    /// The SDKs that are there.
    bridges: Py<PyList>,
    /// The handoffs that may still become blocks.
    marks: Py<PyDict>,
}

/// A context variable, and its methods.
struct Variable {
    itself: Py<PyAny>,
    get: Py<PyAny>,
    set: Py<PyAny>,
}

impl Variable {
    fn new<'py>(py: Python<'py>, name: &str, default: impl IntoPyObject<'py>) -> PyResult<Self> {
        let default = [("default", default)].into_py_dict(py)?;
        let variable = py.import("contextvars")?.getattr("ContextVar")?.call((name,), Some(&default))?;
        let (get, set) = (variable.getattr("get")?, variable.getattr("set")?);
        Ok(Self { itself: variable.unbind(), get: get.unbind(), set: set.unbind() })
    }

    fn get<'py>(&self, py: Python<'py>) -> PyResult<Any<'py>> {
        self.get.bind(py).call0()
    }
}

impl Shared {
    fn of(py: Python<'_>) -> PyResult<&Self> {
        SHARED.get_or_try_init(py, || {
            Ok(Self {
                frames: Variable::new(py, "spanwire_current", py.None())?,
                scopes: Variable::new(py, "spanwire_scope", Scope::default())?,
                bridges: PyList::empty(py).unbind(),
                marks: PyDict::new(py).unbind(),
            })
        })
    }

    fn has_bridges(&self, py: Python<'_>) -> bool {
        !self.bridges.bind(py).is_empty()
    }
}

/// Gives Python what there is once.
pub fn share(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let shared = Shared::of(module.py())?;
    module.add("frames", &shared.frames.itself)?;
    module.add("scope_var", &shared.scopes.itself)?;
    module.add("bridges", &shared.bridges)?;
    module.add("marks", &shared.marks)
}

/// The driver of the last `init`; None before the first.
#[pyfunction]
pub fn driver(py: Python<'_>) -> Option<Py<Driver>> {
    DRIVER.load().as_deref().map(|driver| driver.clone_ref(py))
}

/// Whether spans are kept at all.
#[pyfunction]
pub fn is_active() -> bool {
    DRIVER.load().as_deref().is_some_and(|driver| driver.get().0.is_active())
}

/// Spans that start from now on are this one's; gives the one whose they were, to whoever comes first.
#[pyfunction]
pub fn set_driver(py: Python<'_>, driver: Py<Driver>) -> Option<Py<Driver>> {
    DRIVER.swap(Some(driver.into())).map(|before| before.clone_ref(py))
}

/// Says something once, in debug mode.
pub fn notice(py: Python<'_>, notice: &str) {
    if let Some(driver) = driver(py) {
        driver.get().notice(py, notice);
    }
}

/// A handoff that was not entered ends with the next thing that its thread does.
pub fn settle_mark(py: Python<'_>) -> PyResult<()> {
    if !Shared::of(py)?.marks.bind(py).is_empty() {
        py.import(intern!(py, "spanwire._state"))?.call_method0(intern!(py, "settle_mark"))?;
    }
    Ok(())
}

/// The place that new spans hang below.
pub fn place(py: Python<'_>) -> PyResult<Any<'_>> {
    let shared = Shared::of(py)?;
    if !shared.has_bridges(py) {
        let frame = shared.frames.get(py)?;
        let Ok(frame) = frame.cast::<PyTuple>() else { return Ok(frame) };
        let place = frame.get_item(0)?;
        if is_span(&place, false) {
            return Ok(place);
        }
    }
    context(py)?.call_method0(intern!(py, "current"))
}

fn is_span(place: &Any<'_>, is_left: bool) -> bool {
    place.cast::<Span>().is_ok_and(|span| span.get()._is_left() == is_left)
}

/// The scope of a new span.
pub fn scope(py: Python<'_>) -> PyResult<Bound<'_, Scope>> {
    let shared = Shared::of(py)?;
    let mut scope = shared.scopes.get(py)?;
    if shared.has_bridges(py) {
        scope = bridging(py)?.call_method1(intern!(py, "scope"), (scope,))?;
    }
    Ok(scope.cast_into()?)
}

/// A span becomes current in this context.
#[pyfunction]
pub fn enter(span: &Bound<'_, Span>) -> PyResult<()> {
    let (py, shared) = (span.py(), Shared::of(span.py())?);
    let outer = shared.frames.get(py)?;
    let is_over = !outer.is_none() && is_span(&outer.get_item(0)?, true);
    if shared.has_bridges(py) || is_over {
        context(py)?.call_method1(intern!(py, "enter"), (span,))?;
    } else {
        shared.frames.set.bind(py).call1(((span, outer, PyTuple::empty(py)),))?;
    }
    Ok(())
}

/// A span is current no more in this context; whether it was.
#[pyfunction]
pub fn leave(span: &Bound<'_, Span>) -> PyResult<bool> {
    let (py, shared) = (span.py(), Shared::of(span.py())?);
    if let Ok(frame) = shared.frames.get(py)?.cast::<PyTuple>()
        && frame.get_item(0)?.is(span)
        && !frame.get_item(2)?.is_truthy()?
    {
        shared.frames.set.bind(py).call1((frame.get_item(1)?,))?;
        Ok(true)
    } else {
        context(py)?.call_method1(intern!(py, "leave"), (span,))?.is_truthy()
    }
}

/// Whether all that this task does is to close an async generator: it has a copy of the context of who has left that.
pub fn closes_a_generator(py: Python<'_>) -> PyResult<bool> {
    context(py)?.call_method0(intern!(py, "closes_a_generator"))?.is_truthy()
}

/// An exception has left the block of a span.
pub fn failed(span: &Bound<'_, Span>, error: &Any<'_>) -> PyResult<()> {
    let py = span.py();
    if Shared::of(py)?.has_bridges(py) {
        bridging(py)?.call_method1(intern!(py, "failed"), (span, error))?;
    }
    Ok(())
}

fn bridging(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "spanwire.bridges"))
}

fn context(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "spanwire._context"))
}
