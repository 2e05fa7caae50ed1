//! Spotlight's client: everything sampled, everything recorded, both names, and the main one none the wiser.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{at, chat, settings};
use serde_json::{Value, json};
use spanwire::{
    client::{Client, Settings},
    config::{Options, Platform},
    envelope,
    json::Json,
    span::{Change, Content, Finished, Gathered},
};

fn finished(settings: &Arc<Settings>) -> Finished {
    let mut span = chat(settings, 1);
    let input = Json::text("What is this?");
    span.change(at(0.5), Change::Content(Content::Input, input, Gathered::Automatically));
    span.finish(at(1.0)).unwrap()
}

fn sent(settings: &Arc<Settings>, finished: Finished) -> (String, Value) {
    let mut client = Client::new(Arc::clone(settings));
    client.handle_span(at(1.0), finished);
    let transmit = client.poll_transmit(at(1.0)).unwrap();
    let mut envelopes = envelope::read_all(&transmit.body).unwrap();
    let (header, payload) = envelopes.remove(0).items.remove(0);
    assert_eq!(header["type"], "transaction");
    (transmit.url, serde_json::from_slice(&payload).unwrap())
}

#[test]
fn spotlight_sees_what_is_neither_sampled_nor_recorded() {
    let main = settings(r#"{"traces_sample_rate": 0, "spotlight": "http://localhost:8969/stream"}"#);
    let finished = finished(&main);
    assert!(!finished.is_sampled());
    let spotlight = Arc::new(main.for_spotlight().unwrap());
    assert!(spotlight.for_spotlight().is_none());
    let (url, event) = sent(&spotlight, finished.for_spotlight());
    assert_eq!(url, "http://localhost:8969/stream");
    let data = &event["contexts"]["trace"]["data"];
    for key in ["gen_ai.input.messages", "gen_ai.request.messages"] {
        assert!(data[key].as_str().unwrap().contains("What is this?"), "{key}: {data}");
    }
    let mut client = Client::new(Arc::clone(&main));
    client.handle_span(at(1.0), finished);
    assert!(client.is_idle());
    let stats = client.stats();
    assert_eq!((stats.started, stats.waiting, stats.lost["sample_rate"]), (1, 0, 1));
}

#[test]
fn policy_holds_for_everybody_else() {
    let main = settings(r#"{"spotlight": true}"#);
    let finished = finished(&main);
    let mut client = Client::new(Arc::clone(&main));
    client.handle_span(at(1.0), finished);
    let body = String::from_utf8(client.poll_transmit(at(1.0)).unwrap().body).unwrap();
    assert!(body.contains("gen_ai.request.model") && !body.contains("What is this?"));
}

#[test]
fn spotlight_may_be_the_only_one() {
    let options = Options::read(br#"{"spotlight": true, "traces_sample_rate": 0}"#, |_| None).unwrap();
    let only = Arc::new(Settings::new(options, Platform::default(), None));
    assert!(only.is_spotlight() && only.for_spotlight().is_none());
    let (_, event) = sent(&only, finished(&only));
    assert_eq!(event["transaction"], json!("chat m"));
    let stats = only.ledger().stats();
    assert_eq!((stats.started, stats.waiting), (1, 1), "on its way");
}
