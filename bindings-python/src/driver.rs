//! One `init`, as Python holds it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use pyo3::types::PyDict;
use pyo3::{create_exception, exceptions::PyValueError, prelude::*};
use spanwire_driver::OpenSpan;
use spanwire_driver::spanwire::{
    config,
    span::{Change, Start},
    time::Timestamp,
};

use crate::{
    hooks::{ask_sampler, hooks},
    json::{Any, bytes_of, json_of},
};

create_exception!(spanwire, ConfigError, PyValueError, "An option that `init` cannot take.");

/// Settings, queue and worker of one `init`.
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Driver(pub spanwire_driver::Driver, Option<Py<PyAny>>);

impl Driver {
    /// Starts a span, after `traces_sampler` was asked where there is something to ask. Arguments are written down
    /// only where somebody reads them.
    pub fn start(
        &self,
        py: Python<'_>,
        mut start: Start<'_>,
        arguments: Option<&Bound<'_, PyDict>>,
    ) -> OpenSpan {
        let mut written = None;
        if let Some(sampler) = &self.1 {
            written = arguments.map(|arguments| json_of(arguments));
            if let Some(question) = self.0.question(&start, written.as_ref()) {
                let answer = ask_sampler(sampler.bind(py), &question);
                start.sample_rate = py.detach(|| self.0.sample_rate(answer));
            }
        }
        let mut span = self.0.start(&start);
        if let Some(arguments) = arguments
            && span.is_recording()
        {
            span.change(Change::Arguments(written.unwrap_or_else(|| json_of(arguments))));
        }
        span
    }
}

#[pymethods]
impl Driver {
    #[new]
    fn new(
        options: &Bound<'_, PyDict>,
        platform: (String, String, String, String, String),
        transport: Option<Py<PyAny>>,
        traces_sampler: Option<Py<PyAny>>,
        before_send_span: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let (sdk_name, sdk_version, runtime_name, runtime_version, server_name) = platform;
        let platform = config::Platform { sdk_name, sdk_version, runtime_name, runtime_version, server_name };
        spanwire_driver::Driver::new(&bytes_of(options), platform, hooks(transport, before_send_span))
            .map(|driver| Self(driver, traces_sampler))
            .map_err(|error| ConfigError::new_err(error.to_string()))
    }

    #[getter]
    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    /// Whether outgoing headers have a `traceparent` as well.
    #[getter]
    fn propagates_traceparent(&self) -> bool {
        self.0.settings().options().propagate_traceparent
    }

    /// Whether spans of Sentry's SDK, and of OpenTelemetry, are looked for.
    #[getter]
    fn bridges(&self) -> (bool, bool) {
        let bridge = self.0.settings().options().bridge;
        (bridge.has_sentry(), bridge.has_opentelemetry())
    }

    /// Whether the library of that name may be instrumented by itself.
    fn allows(&self, integration: &str) -> bool {
        self.0.settings().options().allows(integration)
    }

    fn flush(&self, py: Python<'_>, timeout: Option<&Any<'_>>) -> PyResult<bool> {
        let timeout = timeout.and_then(duration);
        until_signal(py, |may_wait| self.0.flush_while(timeout, may_wait))
    }

    fn close(&self, py: Python<'_>, timeout: Option<&Any<'_>>) -> PyResult<bool> {
        let timeout = timeout.and_then(duration);
        until_signal(py, |may_wait| self.0.close_while(timeout, may_wait))
    }

    /// The counts, as JSON.
    fn stats(&self) -> String {
        serde_json::to_string(&self.0.stats()).unwrap_or_default()
    }

    fn after_fork_in_child(&self) {
        self.0.after_fork_in_child();
    }

    /// This moment in seconds, as spans have it.
    fn now(&self) -> f64 {
        self.0.now().seconds()
    }

    fn set_test_clock(&self, seconds: f64) {
        self.0.set_test_clock(Timestamp::from_seconds(seconds));
    }

    /// Says something once, in debug mode.
    pub fn notice(&self, py: Python<'_>, notice: &str) {
        py.detach(|| self.0.notice(notice));
    }
}

/// Waits without the interpreter. What the handler of a signal raises meanwhile, as that of Ctrl-C does, ends the wait.
fn until_signal(py: Python<'_>, wait: impl FnOnce(&dyn Fn() -> bool) -> bool + Send) -> PyResult<bool> {
    let raised = Mutex::new(None);
    let is_gone = py.detach(|| {
        wait(&|| match Python::try_attach(|py| py.check_signals()) {
            Some(Err(error)) => {
                *raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                false
            }
            _ => true,
        })
    });
    raised.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(is_gone), Err)
}

/// A timeout in seconds; what is no number counts as not given.
fn duration(seconds: &Any<'_>) -> Option<Duration> {
    let seconds = seconds.extract::<f64>().ok()?;
    // At most 30 years: a moment so far off can still be added to the clock's.
    Duration::try_from_secs_f64(seconds.clamp(0.0, 1e9)).ok()
}
