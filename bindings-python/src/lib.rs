//! `spanwire._spanwire`: what the Python package `spanwire` stands on. Converts values, calls the driver,
//! maps errors; defaults, rules and vendors are in the core.

#![forbid(unsafe_code)]

mod calls;
mod current;
mod driver;
mod hooks;
mod json;
mod ready;
mod span;
mod steps;
mod trace;

use pyo3::{exceptions::PyValueError, prelude::*};
use spanwire_driver::{cli, spanwire};

/// Runs the command line; gives the exit code.
#[pyfunction]
fn run_command(py: Python<'_>, arguments: Vec<String>) -> i32 {
    py.detach(|| cli::run(arguments))
}

/// Envelopes as trees that a person can read.
#[pyfunction]
fn inspect(envelopes: &[u8]) -> PyResult<String> {
    spanwire::inspect::render(envelopes).map_err(wrong)
}

/// What a request to a URL does, and the model that the URL names; nothing for one that goes to no model.
#[pyfunction]
fn endpoint_of(url: &str) -> Option<(&'static str, Option<String>)> {
    spanwire::vendors::endpoint_of(url).map(|endpoint| (endpoint.operation.name(), endpoint.model))
}

/// The caller's fault, in the core's words.
fn wrong(error: impl std::error::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Without a GIL everything in here holds as well: what is shared is behind locks of its own, under which no Python runs.
#[pymodule(gil_used = false)]
fn _spanwire(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("MAX_OPEN_RUNS", spanwire::config::MAX_OPEN_RUNS)?;
    module.add("ConfigError", module.py().get_type::<driver::ConfigError>())?;
    module.add_class::<driver::Driver>()?;
    module.add_class::<span::Span>()?;
    module.add_class::<steps::Steps>()?;
    module.add_class::<trace::TraceContext>()?;
    module.add_class::<trace::Scope>()?;
    module.add_class::<calls::Current>()?;
    module.add("CURRENT", calls::Current)?;
    current::share(module)?;
    for function in [
        wrap_pyfunction!(calls::begin, module)?,
        wrap_pyfunction!(calls::ai_request, module)?,
        wrap_pyfunction!(calls::chat, module)?,
        wrap_pyfunction!(calls::generate_content, module)?,
        wrap_pyfunction!(calls::text_completion, module)?,
        wrap_pyfunction!(calls::responses, module)?,
        wrap_pyfunction!(calls::embeddings, module)?,
        wrap_pyfunction!(calls::rerank, module)?,
        wrap_pyfunction!(calls::invoke_agent, module)?,
        wrap_pyfunction!(calls::create_agent, module)?,
        wrap_pyfunction!(calls::execute_tool, module)?,
        wrap_pyfunction!(current::driver, module)?,
        wrap_pyfunction!(current::is_active, module)?,
        wrap_pyfunction!(current::enter, module)?,
        wrap_pyfunction!(current::leave, module)?,
        wrap_pyfunction!(current::set_driver, module)?,
    ] {
        module.add_function(function)?;
    }
    module.add_function(wrap_pyfunction!(endpoint_of, module)?)?;
    module.add_function(wrap_pyfunction!(inspect, module)?)?;
    module.add_function(wrap_pyfunction!(run_command, module)?)
}
