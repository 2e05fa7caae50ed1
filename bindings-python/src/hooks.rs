//! Functions of the user's program: what they are asked goes as Python values, what they answer comes back.

use std::sync::Arc;

use pyo3::{
    prelude::*,
    types::{PyBool, PyBytes},
};
use spanwire_driver::{BeforeSendSpan, Callable, Hooks, Verdict};

use crate::json::{Any, json_of, swallow};

/// The hooks of the driver over functions of Python.
pub fn hooks(transport: Option<Py<PyAny>>, before_send_span: Option<Py<PyAny>>) -> Hooks {
    Hooks {
        transport: transport.map(callable),
        before_send_span: before_send_span.map(self::before_send_span),
    }
}

/// A Python function as a transport; what it raises is why the envelope could not go.
fn callable(function: Py<PyAny>) -> Callable {
    Arc::new(move |envelope| {
        let called = Python::try_attach(|py| {
            let called = function.call1(py, (PyBytes::new(py, envelope),));
            called.inspect_err(|error| swallow(py, error)).map(drop).map_err(|error| error.to_string())
        });
        called.unwrap_or_else(|| Err(ENDED.to_owned()))
    })
}

/// A Python function that sees spans before they leave: a dict in, and a dict or None back.
fn before_send_span(function: Py<PyAny>) -> BeforeSendSpan {
    Arc::new(move |mapping| {
        let asked = Python::try_attach(|py| {
            let answer = dict_of(py, mapping).and_then(|span| function.bind(py).call1((span,)));
            match answer.inspect_err(|error| swallow(py, error)) {
                Ok(answer) if answer.is_none() => Verdict::Drop,
                Ok(answer) => Verdict::Keep(json_of(&answer)),
                Err(error) => Verdict::Failed(error.to_string()),
            }
        });
        asked.unwrap_or_else(|| Verdict::Failed(ENDED.to_owned()))
    })
}

const ENDED: &str = "the interpreter has ended";

/// What a `traces_sampler` answers; `None` where it raises, or gives what is neither number nor truth value.
pub fn ask_sampler(sampler: &Bound<'_, PyAny>, question: &str) -> Option<f64> {
    let py = sampler.py();
    let answer = dict_of(py, question).and_then(|question| sampler.call1((question,)));
    let answer = answer.inspect_err(|error| swallow(py, error)).ok()?;
    match answer.cast::<PyBool>() {
        Ok(flag) => Some(f64::from(u8::from(flag.is_true()))),
        Err(_) => answer.extract().ok(),
    }
}

fn dict_of<'py>(py: Python<'py>, json: &str) -> PyResult<Any<'py>> {
    py.import("json")?.call_method1("loads", (json,))
}
