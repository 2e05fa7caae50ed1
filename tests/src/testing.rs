//! What the tests of both servers share: requests over a real socket.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

/// An agent for which no status is an error.
pub(crate) fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).build().into()
}

pub(crate) fn get(url: &str) -> String {
    agent().get(url).call().unwrap().body_mut().read_to_string().unwrap()
}

pub(crate) fn get_json(url: &str) -> Value {
    serde_json::from_str(&get(url)).unwrap()
}

pub(crate) fn post(url: &str, body: &Value) -> Response<Body> {
    agent().post(url).send(body.to_string()).unwrap()
}

pub(crate) fn text(mut response: Response<Body>) -> String {
    response.body_mut().read_to_string().unwrap()
}

pub(crate) fn json(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response)).unwrap()
}

pub(crate) fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Every byte that comes back for a request, until the server closes the connection.
pub(crate) fn exchange(base: &str, head: &str, body: &str) -> String {
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(stream, "{head}\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}
