//! The native half of the npm package `spanwire`: one `init`, its spans, scopes and places in a trace, as
//! `bindings-js` calls them. Only strings, numbers and handles cross.

#![allow(
    clippy::needless_pass_by_value,
    reason = "Node-API hands owned values over; the glue that the macros write takes them so"
)]
#![cfg_attr(test, allow(dead_code, reason = "in a test build the macros export nothing"))]

mod handle;
mod hooks;
mod kept;
mod session;

use napi::bindgen_prelude::{Buffer, Error, Result, Status};
use napi_derive::napi;
use spanwire_driver::{
    cli,
    spanwire::{
        config::MAX_INLINE_BYTES, inspect, messages::substitute_blob_of, span::Kind, vendors::Format,
    },
};

/// Envelopes as trees a person can read.
#[napi]
pub fn inspect_envelopes(bytes: Buffer) -> Result<String> {
    inspect::render(&bytes).map_err(wrong)
}

/// Bytes of a text that may be copied without a question.
#[napi]
pub fn long_text() -> u32 {
    MAX_INLINE_BYTES as u32
}

/// What stands for a text that is binary data, by its beginning and its length.
#[napi]
pub fn substitute_blob(beginning: String, length: f64) -> Option<String> {
    substitute_blob_of(&beginning, length as usize)
}

/// Runs the command line; gives the exit code.
#[napi]
pub fn run_command_line(arguments: Vec<String>) -> i32 {
    cli::run(arguments)
}

/// Throws where there is no request operation, or wire format, of that name.
#[napi]
pub fn check_name(sort: String, name: String) -> Result<()> {
    match sort.as_str() {
        "format" => Format::find(Some(&name)).map(drop).map_err(wrong),
        _ => Kind::of_request(&name).map(drop).map_err(wrong),
    }
}

/// The caller's fault, in the core's words.
fn wrong(error: impl ToString) -> Error {
    Error::new(Status::InvalidArg, error.to_string())
}
