//! What a host brings along: functions of its own that the driver calls.

use std::sync::Arc;

use spanwire::{
    delivery::Reason,
    json::Json,
    span::{Finished, Prepared},
};

use crate::{inner::Inner, transport::Callable};

/// Functions of the host; each is `None` where `init` was given none.
#[derive(Clone, Default)]
pub struct Hooks {
    /// Takes envelopes.
    pub transport: Option<Callable>,
    /// Sees spans before they leave.
    pub before_send_span: Option<BeforeSendSpan>,
}

/// A function that sees spans before they leave, as [`Prepared::mapping`] tells them, and says of each what
/// becomes of it. Called on the worker's thread, or on the one that flushes.
pub type BeforeSendSpan = Arc<dyn Fn(&str) -> Verdict + Send + Sync>;

/// What a function says of a span.
#[derive(Debug)]
pub enum Verdict {
    /// It goes like this.
    Keep(Json),
    /// It does not go.
    Drop,
    /// Something went wrong, and why. The span does not go: nobody knows what it was to be rid of.
    Failed(String),
}

/// Reads a span and asks the host about it; one that does not go is marked so.
pub fn prepare(inner: &Inner, finished: Finished) -> Prepared {
    let mut prepared = Prepared::of(finished, &inner.settings);
    let Some(ask) = &inner.hooks.before_send_span else { return prepared };
    let failure = match ask(&prepared.mapping()) {
        Verdict::Keep(mapping) if prepared.change(&mapping) => return prepared,
        Verdict::Keep(_) => Some("it gave back what is no span".to_owned()),
        Verdict::Drop => None,
        Verdict::Failed(why) => Some(why),
    };
    if let Some(why) = failure {
        inner.notice(&format!("before_send_span failed ({why}); the span was dropped"));
    }
    prepared.lose(Reason::BeforeSend);
    prepared
}
