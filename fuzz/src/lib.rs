//! What the targets share: one call of a vendor, as an integration hands it over.

use std::sync::Arc;

use spanwire::{
    client::{Client, Destination, Settings},
    config::{Options, Platform},
    json::Json,
    scope::Scope,
    span::{Change, Gathered, Kind, Span, Start},
    time::Timestamp,
    vendors::Format,
};

/// Between the request, the response and each chunk in the bytes of an input.
const SEPARATOR: u8 = 0x1e;

/// Reads a request, a response and chunks in that format (in the one that their shape tells, if none is
/// named), as far as to the bytes of the envelope. The first piece is the request, the second the response,
/// all others are chunks.
pub fn call(format: Option<&str>, data: &[u8]) {
    let options = Options::read(br#"{"send_default_pii": true}"#, |_| None).expect("the options are right");
    let destination = Destination::new("https", "sentry.example.com", "", "42", "public");
    let settings = Arc::new(Settings::new(options, Platform::default(), Some(destination)));
    let start = Start {
        kind: Kind::of_call("chat").expect("there is such a call"),
        subject: None,
        name: None,
        origin: "auto.ai.fuzz",
        parent: None,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    };
    let now = Timestamp::from_seconds(1.0);
    let mut span = Span::start(&settings, &start, now, &[7; 32]);
    let format = Format::find(format).expect("there is such a format");
    for (position, piece) in data.split(|byte| *byte == SEPARATOR).enumerate() {
        let (json, gathered) = (Json::new(piece), Gathered::Automatically);
        span.change(
            now,
            match position {
                0 => Change::Request(json, format, gathered),
                1 if !piece.is_empty() => Change::Response(json, gathered),
                _ => Change::Chunk(json, gathered),
            },
        );
    }
    let mut client = Client::new(settings);
    if let Some(finished) = span.finish(now) {
        client.handle_span(now, finished);
    }
    let transmit = client.poll_transmit(now).expect("the span leaves, whatever it was told");
    spanwire::envelope::read_all(&transmit.body).expect("what leaves is an envelope");
}
