//! The calls that make a span: a subject, and everything else by name.

use std::sync::Arc;

use pyo3::{intern, prelude::*, types::PyDict};
use spanwire_driver::spanwire::{
    error::UnknownOperation,
    span::{Kind, Start},
    vendors::origin_of,
};

use crate::{
    current,
    json::{Any, text_from},
    span::{Span, place_of},
    wrong,
};

/// The default of every `parent=`: whatever is current.
#[pyclass(frozen, module = "spanwire._spanwire")]
pub struct Current;

#[pymethods]
impl Current {
    #[expect(clippy::unused_self, reason = "Python passes it")]
    const fn __repr__(&self) -> &'static str {
        "CURRENT"
    }

    /// Copied or pickled it is the same one.
    #[expect(clippy::unused_self, reason = "Python passes it")]
    const fn __reduce__(&self) -> &'static str {
        "CURRENT"
    }
}

/// What makes a span, beside where it hangs and its arguments.
#[derive(Default)]
struct Call<'a, 'py> {
    /// A name of the API, and the op or operation that it takes.
    name: &'a str,
    detail: Option<&'a Any<'py>>,
    subject: Option<&'a Any<'py>>,
    span_name: Option<&'a Any<'py>>,
    integration: Option<&'a str>,
    is_mark: bool,
}

impl<'py> Call<'_, 'py> {
    /// Starts the span below `parent`; below whatever is current where there is none.
    fn start(
        &self,
        py: Python<'py>,
        parent: Option<&Any<'py>>,
        arguments: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Span> {
        let kind = self.kind().map_err(wrong)?;
        current::settle_mark(py)?;
        let place = parent
            .map_or_else(|| Ok(place_of(&current::place(py)?)), |parent| PyResult::Ok(place_of(parent)))?;
        let scope = current::scope(py)?;
        let is_request = kind.is_request();
        let (subject, name) = (self.subject.map(text_from), self.span_name.map(text_from));
        let Some(driver) = current::driver(py).filter(|driver| driver.get().0.is_active()) else {
            return Ok(Span::nowhere(place, is_request));
        };
        let start = Start {
            kind,
            subject: subject.as_deref(),
            name: name.as_deref(),
            origin: origin_of(self.integration),
            parent: place.as_ref(),
            scope: Arc::clone(&scope.get().0),
            sample_rate: None,
        };
        let span = driver.get().start(py, start, arguments.filter(|arguments| !arguments.is_empty()));
        // A tool that a library runs may be a function of the program which is decorated as one.
        let tool = subject.filter(|_| self.integration.is_some() && self.name == "execute_tool");
        Ok(Span::new(span, is_request, self.is_mark, tool))
    }

    fn kind(&self) -> Result<Kind, UnknownOperation> {
        let detail = self.detail.map(text_from).unwrap_or_default();
        match self.name {
            "start_span" => Ok(Kind::of_op(&detail)),
            "ai_request" => Kind::of_request(&detail),
            name => Kind::of_call(name),
        }
    }

    /// Starts the span as the API has it, where `parent` is one of the arguments.
    fn made(&self, py: Python<'py>, arguments: Option<&Bound<'py, PyDict>>) -> PyResult<Span> {
        let (key, mut parent) = (intern!(py, "parent"), None);
        if let Some(arguments) = arguments {
            parent = arguments.get_item(key)?;
            if parent.is_some() {
                arguments.del_item(key)?;
            }
        }
        self.start(py, parent.as_ref().filter(|parent| !parent.is_instance_of::<Current>()), arguments)
    }
}

/// Starts a span. `call` is a name of the API, `detail` the op or the operation that it takes, `arguments` a dict of
/// its own, or None.
///
/// Raises:
///     ValueError: there is no such operation.
#[pyfunction]
#[pyo3(signature = (call, subject, parent, arguments, detail=None, name=None, integration=None, is_mark=false))]
#[expect(clippy::too_many_arguments, reason = "one call from Python")]
pub fn begin<'py>(
    call: &str,
    subject: Option<&Any<'py>>,
    parent: &Any<'py>,
    arguments: Option<&Bound<'py, PyDict>>,
    detail: Option<&Any<'py>>,
    name: Option<&Any<'py>>,
    integration: Option<&str>,
    is_mark: bool,
) -> PyResult<Span> {
    let given = (!parent.is_instance_of::<Current>()).then_some(parent);
    let call = Call { name: call, detail, subject, span_name: name, integration, is_mark };
    call.start(parent.py(), given, arguments)
}

/// One request to a model: `operation` is the name of one of the calls below.
///
/// Each of them takes, by name: `provider`, `messages`, `input`, `system_instructions`, `tools`, `max_tokens`,
/// `temperature`, `top_p`, `top_k`, `frequency_penalty`, `presence_penalty`, `seed`, `stop_sequences`,
/// `reasoning_level`, `conversation_id`, `attributes` and `parent`.
///
/// Raises:
///     ValueError: there is no such operation.
#[pyfunction]
#[pyo3(signature = (operation, model=None, **arguments))]
pub fn ai_request<'py>(
    operation: &Any<'py>,
    model: Option<&Any<'py>>,
    arguments: Option<&Bound<'py, PyDict>>,
) -> PyResult<Span> {
    let call = Call { name: "ai_request", detail: Some(operation), subject: model, ..Call::default() };
    call.made(operation.py(), arguments)
}

/// One run of an agent: requests, tools and handoffs inside it hang below it and carry its name.
///
/// By name: `model`, `provider`, `messages`, `system_instructions`, `tools`, `pipeline`, `conversation_id`,
/// `attributes`, `parent`.
#[pyfunction]
#[pyo3(signature = (agent_name=None, **arguments))]
pub fn invoke_agent<'py>(
    py: Python<'py>,
    agent_name: Option<&Any<'py>>,
    arguments: Option<&Bound<'py, PyDict>>,
) -> PyResult<Span> {
    Call { name: "invoke_agent", subject: agent_name, ..Call::default() }.made(py, arguments)
}

/// The calls whose subject has to be there.
macro_rules! calls {
    ($($(#[doc = $doc:literal])+ $name:ident($subject:ident);)+) => {$(
        $(#[doc = $doc])+
        #[pyfunction]
        #[pyo3(signature = ($subject, **arguments))]
        pub fn $name<'py>(
            py: Python<'py>,
            $subject: Option<&Any<'py>>,
            arguments: Option<&Bound<'py, PyDict>>,
        ) -> PyResult<Span> {
            Call { name: stringify!($name), subject: $subject, ..Call::default() }.made(py, arguments)
        }
    )+};
}

calls! {
    /// One request to a chat model. `messages`: a text, or a list of `{role, content}` or `{role, parts}`.
    chat(model);
    /// One request to a model that generates content of any sort.
    generate_content(model);
    /// One request that completes a text.
    text_completion(model);
    /// One request to an API of responses.
    responses(model);
    /// One request for the embeddings of texts: `input`.
    embeddings(model);
    /// One request that puts documents in order.
    rerank(model);
    /// An agent is made: `model`, `provider`, `system_instructions`, `tools`, and what every call takes.
    create_agent(name);
    /// One run of a tool: `arguments`, `description`, and what every call takes.
    ///
    /// Its result goes into `Span.set_result`.
    execute_tool(name);
}
