//! What a model's name can ask to go wrong, so that any client can ask for it.

use std::time::Duration;

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::error::ApiError;
use super::json::set;
use super::stream::{Step, body, event_stream};

/// The wait before each piece of a slow answer: long enough to be seen in a duration.
const SLOW: Duration = Duration::from_millis(20);

/// One way to go wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// `fault-429-once`: every first of two equal requests is refused.
    TooManyOnce,
    /// `fault-500`: always an error of the server.
    Server,
    /// `fault-400`: always an error of the client.
    BadRequest,
    /// `fault-cut`: the connection ends in the middle of the body.
    Cut,
    /// `fault-slow`: every piece is late.
    Slow,
    /// `fault-null-choices`: `choices` is `null`.
    NullChoices,
    /// `fault-nonsense`: JSON, but nothing of what the API promises.
    Nonsense,
    /// `fault-stream-error`: an error stands where the rest of the answer should be.
    StreamError,
}

impl Fault {
    /// The fault that a model stands for.
    pub(super) fn of(model: &str) -> Option<Self> {
        Some(match model {
            "fault-429-once" => Self::TooManyOnce,
            "fault-500" => Self::Server,
            "fault-400" => Self::BadRequest,
            "fault-cut" => Self::Cut,
            "fault-slow" => Self::Slow,
            "fault-null-choices" => Self::NullChoices,
            "fault-nonsense" => Self::Nonsense,
            "fault-stream-error" => Self::StreamError,
            _ => return None,
        })
    }
}

/// The error that is answered instead of anything else.
pub(super) fn refusal(fault: Option<Fault>, is_first: impl FnOnce() -> bool) -> Option<ApiError> {
    match fault? {
        Fault::TooManyOnce => is_first().then(ApiError::too_many),
        Fault::Server => Some(ApiError::server()),
        Fault::BadRequest => Some(ApiError::refused()),
        _ => None,
    }
}

/// A whole answer, as the fault would have it.
pub(super) async fn whole(fault: Option<Fault>, mut completion: Value) -> Response {
    match fault {
        Some(Fault::Cut) => return half(&completion.to_string()),
        Some(Fault::Slow) => tokio::time::sleep(SLOW).await,
        Some(Fault::NullChoices) => set(&mut completion, "choices", Value::Null),
        Some(Fault::Nonsense) => completion = nonsense(),
        Some(Fault::StreamError) => completion = ApiError::server().json(),
        _ => {}
    }
    Json(completion).into_response()
}

/// A streamed answer, as the fault would have it.
pub(super) fn stream(fault: Option<Fault>, mut chunks: Vec<Value>) -> Response {
    match fault {
        Some(Fault::Cut | Fault::StreamError) => chunks.truncate(chunks.len() / 2),
        Some(Fault::NullChoices) => chunks.iter_mut().for_each(|chunk| set(chunk, "choices", Value::Null)),
        Some(Fault::Nonsense) => chunks = vec![nonsense(), json!({ "weather": "fine" })],
        _ => {}
    }
    let mut steps: Vec<Step> = chunks.iter().map(Step::event).collect();
    match fault {
        Some(Fault::Cut) => steps.push(Step::Cut),
        Some(Fault::StreamError) => steps.push(Step::event(&ApiError::server().json())),
        _ => steps.push(Step::done()),
    }
    if fault == Some(Fault::Slow) {
        steps = steps.into_iter().flat_map(|step| [Step::Pause(SLOW), step]).collect();
    }
    event_stream(steps)
}

/// Half a JSON text, then the end of the connection.
fn half(text: &str) -> Response {
    let half = text.chars().take(text.chars().count() / 2).collect();
    ([(CONTENT_TYPE, "application/json")], body(vec![Step::Text(half), Step::Cut])).into_response()
}

fn nonsense() -> Value {
    json!([{ "weather": "fine" }, 7, null, ["choices"]])
}
