//! Spans as programs make them.

use std::sync::Arc;

use spanwire::{
    client::{Destination, Settings},
    config::{Options, Platform},
    scope::Scope,
    span::{Change, Finished, Kind, Span, Start},
    time::Timestamp,
    trace::TraceContext,
};

/// Settings of `options`, a JSON object, with a destination.
#[must_use]
pub fn settings(options: &str) -> Arc<Settings> {
    let options = Options::read(options.as_bytes(), |_| None).unwrap();
    let destination = Destination::new("https", "sentry.example.com", "", "42", "public");
    Arc::new(Settings::new(options, Platform::default(), Some(destination)))
}

/// A moment.
#[must_use]
pub const fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

/// Starts a span of a call of the API.
#[must_use]
pub fn start(
    settings: &Arc<Settings>,
    call: &str,
    subject: &str,
    parent: Option<&TraceContext>,
    seed: u64,
) -> Span {
    let mut entropy = [7; 32];
    for (byte, target) in seed.to_le_bytes().into_iter().zip(entropy.iter_mut().skip(16)) {
        *target = byte;
    }
    let start = Start {
        kind: Kind::of_call(call).unwrap(),
        subject: Some(subject),
        name: None,
        origin: "manual",
        parent,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    };
    Span::start(settings, &start, now(), &entropy)
}

/// A finished chat span with those changes.
#[must_use]
pub fn chat(settings: &Arc<Settings>, changes: impl IntoIterator<Item = Change>) -> Finished {
    let mut span = start(settings, "chat", "gpt-4o-mini", None, 1);
    for change in changes {
        span.change(now(), change);
    }
    span.finish(now()).unwrap()
}
