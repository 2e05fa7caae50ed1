//! The core for browsers, workers and the edge: one `init`, its spans, scopes and places in a trace, as
//! `bindings-js` calls them. Only strings, numbers and handles cross; JavaScript brings time and randomness.

#![allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands owned values over")]

mod handle;
mod session;

use std::sync::Arc;

use spanwire::{
    config::MAX_INLINE_BYTES,
    inspect,
    json::{Doubles, Json},
    messages::substitute_blob_of,
    scope::Scope,
    span::Kind,
    trace,
    vendors::Format,
};
use wasm_bindgen::prelude::*;

pub use handle::Handle;
pub use session::{Outgoing, Session};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn digits_of(double: f64) -> String;
    #[wasm_bindgen(js_name = Number)]
    fn double_of(digits: &str) -> f64;
}

#[wasm_bindgen(start)]
fn start() {
    Doubles { write: digits_of, read: double_of }.install();
}

/// What spans inherit; never changes.
#[wasm_bindgen]
pub struct ScopeHandle {
    pub(crate) scope: Arc<Scope>,
}

#[wasm_bindgen]
impl ScopeHandle {
    /// A scope with nothing in it.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript knows no Default")]
    pub fn new() -> Self {
        Self { scope: Arc::default() }
    }

    /// This scope changed as an object says: `conversation_id`, `user`, `pipeline`, `attributes`.
    pub fn with(&self, changes: &str) -> Self {
        Self { scope: Arc::new(Scope::clone(&self.scope).with(&Json::new(changes))) }
    }
}

/// The caller's place in its trace, out of a request's headers; names and values in turn.
#[wasm_bindgen(js_name = continueTrace)]
pub fn continue_trace(headers: Vec<String>) -> Option<Handle> {
    trace::continue_trace(session::pairs(&headers)).map(Handle::of_context)
}

/// Bytes of a text that may be copied without a question.
#[wasm_bindgen(js_name = longText)]
pub fn long_text() -> u32 {
    MAX_INLINE_BYTES as u32
}

/// What stands for a text that is binary data, by its beginning and its length.
#[wasm_bindgen(js_name = substituteBlob)]
pub fn substitute_blob(beginning: &str, length: f64) -> Option<String> {
    substitute_blob_of(beginning, length as usize)
}

/// Envelopes as trees a person can read.
///
/// # Errors
/// The bytes are no envelope.
#[wasm_bindgen(js_name = inspectEnvelopes)]
pub fn inspect_envelopes(bytes: &[u8]) -> Result<String, JsError> {
    inspect::render(bytes).map_err(wrong)
}

/// Nothing where there is a request operation, or wire format, of that name.
///
/// # Errors
/// There is none.
#[wasm_bindgen(js_name = checkName)]
pub fn check_name(sort: &str, name: &str) -> Result<(), JsError> {
    match sort {
        "format" => Format::find(Some(name)).map(drop).map_err(wrong),
        _ => Kind::of_request(name).map(drop).map_err(wrong),
    }
}

/// The caller's fault, in the core's words.
fn wrong(error: impl ToString) -> JsError {
    JsError::new(&error.to_string())
}
