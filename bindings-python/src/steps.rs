//! The steps of a stream: what another one gives, piece by piece, shown to a watcher. One is taken for every piece that
//! a program reads, and would be several functions of Python.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyException, PyStopIteration},
    intern,
    prelude::*,
    sync::PyOnceLock,
};

use crate::json::Any;

/// Takes the steps of an iterator, and tells the watcher of each, and how it ended.
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Steps {
    iterator: Py<PyAny>,
    watcher: Py<PyAny>,
    /// Who is shown each piece, if anybody: a true answer hides it from the program.
    see: Option<Py<PyAny>>,
    /// Those that are being taken: what is closed meanwhile, the stream closes itself.
    taken: AtomicUsize,
    is_left: AtomicBool,
}

#[pymethods]
impl Steps {
    #[new]
    const fn new(iterator: Py<PyAny>, watcher: Py<PyAny>, see: Option<Py<PyAny>>) -> Self {
        Self { iterator, watcher, see, taken: AtomicUsize::new(0), is_left: AtomicBool::new(false) }
    }

    /// Whether the next piece is being fetched.
    #[getter]
    fn is_stepping(&self) -> bool {
        self.taken.load(Relaxed) > 0
    }

    /// Whether a loop was left, and nobody has asked for more since.
    #[getter]
    fn is_left(&self) -> bool {
        self.is_left.load(Relaxed)
    }

    /// One loop over a stream, which it keeps.
    fn loop_over(slf: Py<Self>, stream: Py<PyAny>) -> Loop {
        Loop { steps: slf, stream }
    }

    const fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Any<'py>> {
        self.taken.fetch_add(1, Relaxed);
        self.is_left.store(false, Relaxed);
        let piece = self.piece(py);
        let piece = piece.map_err(|error| self.tell_end(py, &error).err().unwrap_or(error));
        self.taken.fetch_sub(1, Relaxed);
        piece
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.iterator)?;
        visit.call(&self.watcher)?;
        visit.call(&self.see)
    }
}

impl Steps {
    /// The next piece that the program is to see.
    fn piece<'py>(&self, py: Python<'py>) -> PyResult<Any<'py>> {
        static NEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        // An iterator's last word may have a value, which only this hands over.
        let next = NEXT.import(py, "builtins", "next")?;
        loop {
            let piece = next.call1((&self.iterator,))?;
            let Some(see) = &self.see else { return Ok(piece) };
            let hidden = see.bind(py).call1((&piece,)).and_then(|hidden| hidden.is_truthy());
            if !hidden.or_else(|error| contain(py, "a piece of a stream", error).map(|()| false))? {
                return Ok(piece);
            }
        }
    }

    /// Tells that there is no next piece, and why. What goes wrong with the watcher is not the program's.
    fn tell_end(&self, py: Python<'_>, error: &PyErr) -> PyResult<()> {
        let watcher = self.watcher.bind(py);
        let told = if error.is_instance_of::<PyStopIteration>(py) {
            watcher.call_method0(intern!(py, "ended"))
        } else {
            watcher.call_method1(intern!(py, "failed"), (error.value(py),))
        };
        told.map(drop).or_else(|wrong| contain(py, "a stream", wrong))
    }
}

/// Says that something could not be recorded; an error that ends the program goes on.
fn contain(py: Python<'_>, what: &str, error: PyErr) -> PyResult<()> {
    if !error.is_instance_of::<PyException>(py) {
        return Err(error);
    }
    let state = py.import(intern!(py, "spanwire._state"))?;
    state.call_method1(intern!(py, "not_recorded"), (what, error.value(py))).map(drop)
}

/// One loop over a stream: when it is left, the stream is let go. Another loop may still go on.
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Loop {
    steps: Py<Steps>,
    stream: Py<PyAny>,
}

#[pymethods]
impl Loop {
    const fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Any<'py>> {
        self.steps.get().__next__(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.steps)?;
        visit.call(&self.stream)
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        self.steps.get().is_left.store(true, Relaxed);
    }
}
