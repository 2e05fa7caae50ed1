//! One `init`, as Python holds it.

use std::{sync::Arc, time::Duration};

use pyo3::types::{PyBytes, PyDict};
use pyo3::{create_exception, exceptions::PyValueError, prelude::*};
use spanwire_driver::Callable;
use spanwire_driver::spanwire::{config, time::Timestamp};

use crate::json::{Any, bytes_of, swallow};

create_exception!(spanwire, ConfigError, PyValueError, "An option that `init` cannot take.");

/// Settings, queue and worker of one `init`.
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Driver(pub spanwire_driver::Driver);

#[pymethods]
impl Driver {
    #[new]
    fn new(
        options: &Bound<'_, PyDict>,
        platform: (String, String, String, String, String),
        transport: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let (sdk_name, sdk_version, runtime_name, runtime_version, server_name) = platform;
        let platform = config::Platform { sdk_name, sdk_version, runtime_name, runtime_version, server_name };
        spanwire_driver::Driver::new(&bytes_of(options), platform, transport.map(callable))
            .map(Self)
            .map_err(|error| ConfigError::new_err(error.to_string()))
    }

    #[getter]
    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    /// Whether the library of that name may be instrumented by itself.
    fn allows(&self, integration: &str) -> bool {
        self.0.settings().options().allows(integration)
    }

    fn flush(&self, py: Python<'_>, timeout: Option<&Any<'_>>) -> bool {
        let timeout = timeout.and_then(duration);
        py.detach(|| self.0.flush(timeout))
    }

    fn close(&self, py: Python<'_>, timeout: Option<&Any<'_>>) -> bool {
        let timeout = timeout.and_then(duration);
        py.detach(|| self.0.close(timeout))
    }

    /// The counts, as JSON.
    fn stats(&self) -> String {
        serde_json::to_string(&self.0.stats()).unwrap_or_default()
    }

    fn after_fork_in_child(&self) {
        self.0.after_fork_in_child();
    }

    fn set_test_clock(&self, seconds: f64) {
        self.0.set_test_clock(Timestamp::from_seconds(seconds));
    }

    /// Says something once, in debug mode.
    fn notice(&self, py: Python<'_>, notice: &str) {
        py.detach(|| self.0.notice(notice));
    }
}

/// A timeout in seconds; what is no number counts as not given.
fn duration(seconds: &Any<'_>) -> Option<Duration> {
    let seconds = seconds.extract::<f64>().ok()?;
    // At most 30 years: a moment so far off can still be added to the clock's.
    Duration::try_from_secs_f64(seconds.clamp(0.0, 1e9)).ok()
}

/// A Python function as a transport; what it raises is why the envelope could not go.
fn callable(function: Py<PyAny>) -> Callable {
    Arc::new(move |envelope| {
        let called = Python::try_attach(|py| {
            let called = function.call1(py, (PyBytes::new(py, envelope),));
            called.inspect_err(|error| swallow(py, error)).map(drop).map_err(|error| error.to_string())
        });
        called.unwrap_or_else(|| Err("the interpreter has ended".to_owned()))
    })
}
