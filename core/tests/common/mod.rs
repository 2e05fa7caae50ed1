//! A client on a made-up clock.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use serde_json::Value;
use spanwire::{
    client::{Client, Destination, Settings},
    config::{Options, Platform},
    scope::Scope,
    span::{Change, Kind, Span, Start},
    time::Timestamp,
};

/// Numbers that look random and are the same every time (xorshift64*).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % bound
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// Settings of `options`, with a destination.
pub fn settings(options: &str) -> Arc<Settings> {
    let options = Options::read(options.as_bytes(), |_| None).unwrap();
    let destination = Destination::new("https", "sentry.example.com", "", "42", "public");
    Arc::new(Settings::new(options, Platform::default(), Some(destination)))
}

/// A moment.
pub fn at(seconds: f64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000.0 + seconds)
}

/// A chat span that begins at 0; `seed` makes its ids.
pub fn chat(settings: &Arc<Settings>, seed: u8) -> Span {
    let start = Start {
        kind: Kind::of_call("chat").unwrap(),
        subject: Some("m"),
        name: None,
        origin: "auto.ai.test",
        parent: None,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    };
    Span::start(settings, &start, at(0.0), &[seed; 32])
}

/// Hands a finished chat span with those changes over.
pub fn finish(client: &mut Client, settings: &Arc<Settings>, seed: u8, changes: Vec<Change>) {
    let mut span = chat(settings, seed);
    for change in changes {
        span.change(at(0.5), change);
    }
    client.handle_span(at(1.0), span.finish(at(1.0)).unwrap());
}

/// The spans of an envelope.
pub fn spans(envelope: &[u8]) -> Vec<Value> {
    spanwire::envelope::read_all(envelope)
        .unwrap()
        .into_iter()
        .flat_map(|envelope| envelope.items)
        .filter(|(header, _)| header.get("type").unwrap() == "span")
        .flat_map(|(_, payload)| {
            let payload: Value = serde_json::from_slice(&payload).unwrap();
            payload.get("items").unwrap().as_array().unwrap().clone()
        })
        .collect()
}

/// The value of an attribute.
pub fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a Value> {
    span.get("attributes")?.get(key)?.get("value")
}
