//! The core of Spanwire: what a `gen_ai` span is, how it becomes bytes, and when bytes may leave.
//!
//! Sans-IO: no clock, randomness, environment, file, thread or socket. The host hands over moments, random
//! bytes and answers, and makes the requests that come out:
//!
//! ```
//! use std::sync::Arc;
//! use spanwire::client::{Client, Destination, Settings};
//! use spanwire::config::{Options, Platform};
//! use spanwire::span::{Change, Content, Gathered, Kind, Span, Start};
//! use spanwire::{json::Json, scope::Scope, time::Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let options = Options::read(b"{\"release\": \"shop@1.0\"}", |_| None)?;
//! let destination = Destination::new("https", "sentry.example.com", "", "42", "public");
//! let settings = Arc::new(Settings::new(options, Platform::default(), Some(destination)));
//! let mut client = Client::new(Arc::clone(&settings));
//!
//! let start = Start {
//!     kind: Kind::of_call("chat")?,
//!     subject: Some("gpt-4o-mini"),
//!     name: None,
//!     origin: "manual",
//!     parent: None,
//!     scope: Arc::new(Scope::default()),
//!     sample_rate: None,
//! };
//! let (begin, end) = (Timestamp::from_seconds(1.0), Timestamp::from_seconds(2.5));
//! let mut span = Span::start(&settings, &start, begin, &[7; 32]);
//! span.change(begin, Change::Content(Content::Input, Json::text("Hi"), Gathered::ByHand));
//!
//! // The drain contract: hand in what happened, then poll until nothing comes out.
//! client.handle_span(end, span.finish(end).ok_or("it is open")?);
//! while let Some(transmit) = client.poll_transmit(end) {
//!     assert_eq!(transmit.url, "https://sentry.example.com/api/42/envelope/");
//!     let (status, headers) = (200, [("x-sentry-rate-limits", "")]); // what the server answered
//!     client.handle_response(end, transmit.id, status, headers.into_iter());
//! }
//! assert!(client.is_idle() && client.poll_timeout().is_none());
//! assert_eq!(client.stats().sent, 1);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod attributes;
mod batch;
pub mod client;
pub mod clients;
pub mod config;
pub mod delivery;
pub mod envelope;
pub mod error;
pub mod ids;
pub mod inspect;
pub mod json;
pub mod lint;
pub mod messages;
mod payload;
pub mod scope;
mod settings;
pub mod span;
pub mod testing;
pub mod time;
pub mod trace;
pub mod vendors;
