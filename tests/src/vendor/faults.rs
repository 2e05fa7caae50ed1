//! What a model's name can ask to go wrong, so that any client can ask for it, in any format.

use std::time::Duration;

use serde_json::{Value, json};

use super::dialect::{Dialect, Event, Rendered};
use super::failure::Failure;
use super::json::set;
use super::wishes::Wishes;

/// The wait before each piece of a slow answer: long enough to be seen in a duration.
const SLOW: Duration = Duration::from_millis(20);

/// How long a request that is never answered is held, unless the client leaves before: longer than any
/// test waits, shorter than anybody would.
pub(super) const HANG: Duration = Duration::from_secs(60);

/// Members that hold what was said, in one format or another.
const SAID: [&str; 16] = [
    "candidates",
    "choices",
    "content",
    "content_block",
    "data",
    "delta",
    "embeddings",
    "item",
    "message",
    "output",
    "part",
    "response",
    "results",
    "start",
    "text",
    "embedding",
];

/// Members that are promised beside what was said.
const PROMISED: [&str; 20] = [
    "created",
    "created_at",
    "finishReason",
    "finish_reason",
    "id",
    "index",
    "meta",
    "metrics",
    "model",
    "modelVersion",
    "object",
    "prompt_eval_count",
    "eval_count",
    "responseId",
    "role",
    "status",
    "stopReason",
    "stop_reason",
    "usage",
    "usageMetadata",
];

/// One way to go wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// `fault-429-once`: every first of two equal requests is refused.
    TooManyOnce,
    /// `fault-500-once`: the same with an error of the server.
    ServerOnce,
    /// `fault-429`: always too many requests.
    TooMany,
    /// `fault-500`: always an error of the server.
    Server,
    /// `fault-529`: always too much to do.
    Overloaded,
    /// `fault-401`: the key is wrong.
    Unauthorized,
    /// `fault-400`: always an error of the client.
    BadRequest,
    /// `fault-cut`: the connection ends in the middle of the body.
    Cut,
    /// `fault-slow`: every piece is late.
    Slow,
    /// `fault-hang`: no answer.
    Hang,
    /// `fault-null-choices`: what holds the answer is `null`.
    NullChoices,
    /// `fault-missing-fields`: the answer is there, what is promised beside it is not.
    MissingFields,
    /// `fault-nonsense`: JSON, but nothing of what the API promises.
    Nonsense,
    /// `fault-html`: a page of HTML in the place of JSON.
    Html,
    /// `fault-empty`: no byte.
    Empty,
    /// `fault-stream-error`: an error stands where the rest of the answer should be.
    StreamError,
}

/// In this order: a name that begins with another one comes first.
const FAULTS: [(&str, Fault); 16] = [
    ("fault-429-once", Fault::TooManyOnce),
    ("fault-500-once", Fault::ServerOnce),
    ("fault-429", Fault::TooMany),
    ("fault-500", Fault::Server),
    ("fault-529", Fault::Overloaded),
    ("fault-401", Fault::Unauthorized),
    ("fault-400", Fault::BadRequest),
    ("fault-cut", Fault::Cut),
    ("fault-slow", Fault::Slow),
    ("fault-hang", Fault::Hang),
    ("fault-null-choices", Fault::NullChoices),
    ("fault-missing-fields", Fault::MissingFields),
    ("fault-nonsense", Fault::Nonsense),
    ("fault-html", Fault::Html),
    ("fault-empty", Fault::Empty),
    ("fault-stream-error", Fault::StreamError),
];

impl Fault {
    /// The fault that is wished for.
    pub(super) fn of(wishes: &Wishes) -> Option<Self> {
        FAULTS.iter().find(|(name, _)| wishes.has(name)).map(|(_, fault)| *fault)
    }

    /// The failure that is answered instead of anything else.
    pub(super) fn refusal(self, is_first: impl FnOnce() -> bool) -> Option<Failure> {
        match self {
            Self::TooManyOnce => is_first().then_some(Failure::TooMany),
            Self::ServerOnce => is_first().then_some(Failure::Server),
            Self::TooMany => Some(Failure::TooMany),
            Self::Server => Some(Failure::Server),
            Self::Overloaded => Some(Failure::Overloaded),
            Self::Unauthorized => Some(Failure::Unauthorized),
            Self::BadRequest => Some(Failure::Unsupported("temperature")),
            _ => None,
        }
    }

    /// The wait before every piece.
    pub(super) fn pause(self) -> Option<Duration> {
        (self == Self::Slow).then_some(SLOW)
    }

    /// What is sent instead of an answer, as bytes that are no JSON.
    pub(super) fn instead(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Html => Some(("text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>")),
            Self::Empty => Some(("application/json", "")),
            _ => None,
        }
    }

    /// Whether the body ends before it is complete.
    pub(super) fn cuts(self) -> bool {
        self == Self::Cut
    }

    /// Whether the answer is all there.
    pub(super) fn is_harmless(self) -> bool {
        matches!(self, Self::TooManyOnce | Self::ServerOnce | Self::Slow)
    }

    /// An answer as the fault would have it.
    pub(super) fn spoil(self, rendered: Rendered, dialect: &Dialect) -> Rendered {
        match rendered {
            Rendered::Whole(whole) => Rendered::Whole(self.spoil_whole(whole, dialect)),
            Rendered::Stream(events) => Rendered::Stream(self.spoil_stream(events, dialect)),
        }
    }

    fn spoil_whole(self, mut whole: Value, dialect: &Dialect) -> Value {
        match self {
            Self::NullChoices => null_said(&mut whole),
            Self::MissingFields => break_promises(&mut whole),
            Self::Nonsense => whole = nonsense(),
            Self::StreamError => whole = (dialect.error)(&Failure::Server).1,
            _ => {}
        }
        whole
    }

    fn spoil_stream(self, mut events: Vec<Event>, dialect: &Dialect) -> Vec<Event> {
        match self {
            Self::Cut | Self::StreamError => events.truncate(events.len() / 2),
            Self::NullChoices => events.iter_mut().for_each(|event| null_said(&mut event.data)),
            Self::MissingFields => events.iter_mut().for_each(|event| break_promises(&mut event.data)),
            Self::Nonsense => {
                let name = events.first().map_or("", |event| event.name);
                events = vec![Event::new(name, nonsense()), Event::new(name, json!({ "weather": "fine" }))];
            }
            _ => {}
        }
        if self == Self::StreamError {
            events.push((dialect.in_band)(&Failure::Server));
        }
        events
    }
}

fn null_said(answer: &mut Value) {
    for name in SAID {
        if answer.get(name).is_some() {
            set(answer, name, Value::Null);
        }
    }
}

/// Takes out members, whatever they are in.
fn break_promises(answer: &mut Value) {
    match answer {
        Value::Object(members) => {
            members.retain(|name, _| !PROMISED.contains(&name.as_str()));
            members.values_mut().for_each(break_promises);
        }
        Value::Array(elements) => elements.iter_mut().for_each(break_promises),
        _ => {}
    }
}

fn nonsense() -> Value {
    json!([{ "weather": "fine" }, 7, null, ["choices"]])
}
