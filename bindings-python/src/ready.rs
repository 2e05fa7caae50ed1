//! Something to await that is there already.

use pyo3::{exceptions::PyStopIteration, prelude::*};

/// An awaitable that gives its value at once: nothing that Spanwire does has to be waited for.
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Ready(pub Py<PyAny>);

#[pymethods]
impl Ready {
    const fn __await__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    const fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<()> {
        Err(PyStopIteration::new_err((self.0.clone_ref(py),)))
    }
}
