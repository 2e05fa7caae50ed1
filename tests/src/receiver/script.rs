//! The next answers, as a test wrote them down.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

/// One answer, given `times` times.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Answer {
    /// HTTP status.
    status: u16,
    /// Headers added to the answer.
    headers: BTreeMap<String, String>,
    /// Milliseconds to wait before the answer.
    delay_ms: u64,
    /// How many requests get this answer.
    times: u32,
    /// Closes the connection without an answer.
    cut: bool,
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: 200, headers: BTreeMap::new(), delay_ms: 0, times: 1, cut: false }
    }
}

impl Answer {
    /// None at all: the connection is closed.
    pub(super) fn cut_off() -> Self {
        Self { cut: true, ..Self::default() }
    }

    /// The status a client will see; `None` where there will be no answer.
    pub(super) fn seen_status(&self) -> Option<u16> {
        (!self.cut).then_some(self.status)
    }

    /// Waits if it is to, then answers.
    pub(super) async fn give(self) -> Response {
        if self.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
        }
        if self.cut {
            return cut();
        }
        self.response()
    }

    fn response(&self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let body = if status.is_success() { json!({}) } else { json!({ "detail": "as the script says" }) };
        let mut response = (status, Json(body)).into_response();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }

    /// What is wrong with it, if anything.
    pub(super) fn problem(&self) -> Option<String> {
        if !(200..=599).contains(&self.status) {
            return Some(format!("status {} is not between 200 and 599", self.status));
        }
        let bad = |(name, value): &(&String, &String)| {
            HeaderName::try_from(*name).is_err() || HeaderValue::try_from(*value).is_err()
        };
        self.headers.iter().find(bad).map(|(name, _)| format!("header {name:?} cannot be sent"))
    }
}

/// A body which fails before its first byte: the head was not written yet, so nothing leaves and the
/// connection is closed.
fn cut() -> Response {
    let failing = stream::iter([Err::<Bytes, _>(std::io::Error::other("cut by the script"))]);
    Body::from_stream(failing).into_response()
}

/// Answers in their order.
#[derive(Debug, Default)]
pub(super) struct Script(VecDeque<Answer>);

impl Script {
    /// Reads a list of answers.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub(super) fn read(text: &[u8]) -> Result<Self, String> {
        let answers: VecDeque<Answer> = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        answers.iter().find_map(Answer::problem).map_or(Ok(Self(answers)), Err)
    }

    /// The next answer, if one is written down.
    pub(super) fn next(&mut self) -> Option<Answer> {
        while let Some(mut answer) = self.0.pop_front() {
            if answer.times > 1 {
                self.0.push_front(Answer { times: answer.times - 1, ..answer.clone() });
            }
            if answer.times > 0 {
                answer.times = 1;
                return Some(answer);
            }
        }
        None
    }
}
