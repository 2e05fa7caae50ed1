//! What the vendor remembers: requests and what they were told, who has to come again, conversations.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, Uri};
use serde_json::{Map, Value, json};

use super::ask::{Ask, Message};
use super::json::set;

/// Requests that are kept; the oldest ones make room, so that a server can be asked all day.
const MOST_REQUESTS: usize = 10_000;

/// Headers that are kept beside a request's body, with all that begin with one of [`KEPT_PREFIXES`].
const KEPT_HEADERS: [&str; 16] = [
    "accept",
    "anthropic-beta",
    "anthropic-version",
    "api-key",
    "authorization",
    "baggage",
    "content-type",
    "idempotency-key",
    "openai-organization",
    "openai-project",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-api-key",
    "x-goog-api-key",
];

const KEPT_PREFIXES: [&str; 3] = ["x-stainless-", "x-vendor-", "x-goog-api-client"];

/// What is shared by all connections.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    requests: VecDeque<Value>,
    /// How many requests have made room.
    gone: usize,
    /// Counts the times that everything was forgotten.
    age: usize,
    /// The requests that were told to come again, and have not yet.
    refused: HashSet<(String, String, String)>,
    /// What had been said when an answer was given, by the id of the answer.
    conversations: HashMap<String, Vec<Message>>,
}

/// Which request it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    age: usize,
    number: usize,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a request as it came.
    pub(super) fn record(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Ticket {
        let request = json!({
            "path": uri.to_string(),
            "headers": kept_headers(headers),
            "body": serde_json::from_slice(body).unwrap_or(Value::Null),
            "raw": String::from_utf8_lossy(body),
            "answered": null,
        });
        let mut contents = self.lock();
        contents.requests.push_back(request);
        if contents.requests.len() > MOST_REQUESTS {
            contents.requests.pop_front();
            contents.gone += 1;
        }
        Ticket { age: contents.age, number: contents.gone + contents.requests.len() - 1 }
    }

    /// Keeps what a request was told.
    pub(super) fn answered(&self, ticket: Ticket, account: Value) {
        let mut contents = self.lock();
        let index = ticket.number.checked_sub(contents.gone).filter(|_| ticket.age == contents.age);
        if let Some(request) = index.and_then(|index| contents.requests.get_mut(index)) {
            set(request, "answered", account);
        }
    }

    pub(super) fn requests(&self) -> Vec<Value> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(super) fn forget(&self) {
        let mut contents = self.lock();
        *contents = Contents { age: contents.age + 1, ..Contents::default() };
    }

    /// Whether this is the first of a pair: every second request to the same path with the same model and
    /// last user message is let through, so that the next program that sends them meets the same.
    pub(super) fn is_first(&self, ask: &Ask) -> bool {
        let path = ask.incoming.uri.path().to_owned();
        let key = (path, ask.model.clone(), ask.last_user_text().to_owned());
        let mut contents = self.lock();
        let first = !contents.refused.remove(&key);
        if first {
            contents.refused.insert(key);
        }
        first
    }

    /// Keeps what had been said when the answer `id` was given, that answer included.
    pub(super) fn keep(&self, id: &str, messages: Vec<Message>) {
        self.lock().conversations.insert(id.to_owned(), messages);
    }

    pub(super) fn conversation(&self, id: &str) -> Option<Vec<Message>> {
        self.lock().conversations.get(id).cloned()
    }
}

fn kept_headers(headers: &HeaderMap) -> Map<String, Value> {
    let begins = |name: &str| KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let kept = |name: &str| KEPT_HEADERS.contains(&name) || begins(name);
    let kept = headers.iter().filter(|(name, _)| kept(name.as_str()));
    kept.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into())).collect()
}
