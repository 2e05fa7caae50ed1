//! One exchange: a request is read, answered as its format has it, and remembered with what it was told.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawPathParams, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use serde_json::{Value, json};

use super::account::account;
use super::ask::{Ask, Incoming};
use super::body::{Step, body};
use super::dialect::{Dialect, Endpoint, Event, Rendered};
use super::failure::Failure;
use super::faults::{Fault, HANG};
use super::json::{field, set};
use super::memory::Memory;
use super::openai;

/// The header in which a client can put wishes that it cannot put into the name of a model.
const WISH: &str = "x-vendor-wish";

/// A route that leads to an endpoint.
pub(super) fn serve(endpoint: &'static Endpoint) -> MethodRouter<Memory> {
    choose(move |target| Some((endpoint, target.to_owned())))
}

/// A route on which the last part of the path tells the endpoint, and the target that is left of it.
pub(super) fn choose<C>(choice: C) -> MethodRouter<Memory>
where
    C: Fn(&str) -> Option<(&'static Endpoint, String)> + Clone + Send + Sync + 'static,
{
    post(move |memory: State<Memory>, parts: RawPathParams, uri: Uri, headers: HeaderMap, body: Bytes| {
        let chosen = choice(parts.iter().last().map(|(_, part)| part).unwrap_or_default());
        exchange(memory.0, chosen, uri, headers, body)
    })
}

async fn exchange(
    memory: Memory,
    chosen: Option<(&'static Endpoint, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let ticket = memory.record(&uri, &headers, &body);
    let (response, told) = match chosen {
        Some((endpoint, target)) => {
            let wish = headers.get(WISH).and_then(|wish| wish.to_str().ok()).unwrap_or_default().to_owned();
            let parsed = serde_json::from_slice(&body).map_err(|_| Failure::NotJson);
            let incoming = |body| Incoming { memory: memory.clone(), uri, target, wish, body };
            match parsed.map(incoming).and_then(endpoint.read) {
                Ok(ask) => answer(endpoint, &ask).await,
                Err(failure) => refuse(endpoint.dialect, &failure),
            }
        }
        None => refuse(&openai::DIALECT, &Failure::unknown_url(&Method::POST, &uri)),
    };
    memory.answered(ticket, told);
    response
}

async fn answer(endpoint: &Endpoint, ask: &Ask) -> (Response, Value) {
    let fault = Fault::of(&ask.wishes);
    let wait = ask.wishes.delay().or((fault == Some(Fault::Hang)).then_some(HANG));
    if let Some(wait) = wait {
        tokio::time::sleep(wait).await;
    }
    let dialect = endpoint.dialect;
    let refusal = fault.and_then(|fault| fault.refusal(|| ask.incoming.memory.is_first(ask)));
    let (mut response, told) = match (refusal, fault.and_then(Fault::instead)) {
        (Some(failure), _) => refuse(dialect, &failure),
        (None, Some((content_type, text))) => {
            (([(CONTENT_TYPE, content_type)], text).into_response(), told(StatusCode::OK, json!({})))
        }
        (None, None) => give(endpoint, ask, fault).await,
    };
    for (name, value) in (dialect.headers)(&ask.hash("request")) {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    (response, told)
}

/// An answer, and the account of it.
async fn give(endpoint: &Endpoint, ask: &Ask, fault: Option<Fault>) -> (Response, Value) {
    let dialect = endpoint.dialect;
    let (tokens, mut rendered) = (endpoint.render)(ask);
    if let Some(fault) = fault {
        rendered = fault.spoil(rendered, dialect);
    }
    let mut account = match &rendered {
        Rendered::Whole(whole) => account(&[whole]),
        Rendered::Stream(events) => account(&events.iter().map(|event| &event.data).collect::<Vec<_>>()),
    };
    // A stream that OpenAI was not asked to count tells nothing.
    let is_told = !field(&account, "/usage").is_null();
    if is_told && fault.is_none_or(Fault::is_harmless) {
        set(&mut account, "tokens", tokens.told(dialect.tells));
    }
    let response = match rendered {
        Rendered::Whole(whole) => send(&whole, fault).await,
        Rendered::Stream(events) => {
            set(&mut account, "pieces", json!(events.len()));
            stream(&events, dialect, ask, fault)
        }
    };
    (response, told(StatusCode::OK, account))
}

async fn send(whole: &Value, fault: Option<Fault>) -> Response {
    if let Some(pause) = fault.and_then(Fault::pause) {
        tokio::time::sleep(pause).await;
    }
    if fault.is_some_and(Fault::cuts) {
        return half(&whole.to_string());
    }
    Json(whole).into_response()
}

/// Half a JSON text, then the end of the connection.
fn half(text: &str) -> Response {
    let half: String = text.chars().take(text.chars().count() / 2).collect();
    let body = body(vec![Step::Send(half.into()), Step::Cut]);
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

fn stream(events: &[Event], dialect: &Dialect, ask: &Ask, fault: Option<Fault>) -> Response {
    let framing = dialect.framing;
    let mut steps: Vec<Step> = events.iter().map(|event| Step::Send(framing.frame(event))).collect();
    match fault {
        Some(fault) if fault.cuts() => steps.push(Step::Cut),
        Some(Fault::StreamError) => {}
        _ => steps.extend(framing.end().map(Step::Send)),
    }
    if let Some(pause) = ask.wishes.every().or(fault.and_then(Fault::pause)) {
        steps = steps.into_iter().flat_map(|step| [Step::Pause(pause), step]).collect();
    }
    let headers = [(CONTENT_TYPE, framing.content_type()), (CACHE_CONTROL, "no-cache")];
    (headers, body(steps)).into_response()
}

/// A failure, and the account of it.
pub(super) fn refuse(dialect: &Dialect, failure: &Failure) -> (Response, Value) {
    let (status, error) = (dialect.error)(failure);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(&error)).into_response();
    if failure.passes() {
        let headers = response.headers_mut();
        headers.insert("retry-after-ms", HeaderValue::from_static("1"));
        headers.insert("retry-after", HeaderValue::from_static("0"));
    }
    (response, told(status, error))
}

fn told(status: StatusCode, mut account: Value) -> Value {
    set(&mut account, "status", json!(status.as_u16()));
    account
}
