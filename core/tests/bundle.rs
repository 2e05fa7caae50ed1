//! Spans that a host has kept to itself and hands over together.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{at, chat, settings, spans};
use spanwire::{
    client::{Client, Settings},
    delivery::{Inbox, Waiting},
    span::{Bundle, Span},
};

/// Parent, halves of the id, start, last change, end, number of changes: a second ago, half a second ago.
const NUMBERS: [f64; 7] = [5.0, 1.0, 2.0, 9_000.0, 9_500.0, f64::NAN, 2.0];
const TEXTS: &str = "execute_tool\u{1f}search\u{1f}\u{1f}openai\u{1f}{\"description\":\u{1e}a \"tool\"\n\u{1e}}\u{1f}\
                     c\u{1e}42\u{1e}\u{1f}0{\"k\":1}\u{1f}";

fn bundle(parent: &Span, numbers: &[f64], texts: &str) -> Bundle {
    let place_of = |number| (number == 5).then(|| parent.context().clone());
    Bundle::new(at(10.0), 10_000.0, Arc::default(), numbers, texts.to_owned(), place_of)
}

fn taken(settings: &Arc<Settings>, bundle: Bundle) -> Client {
    let mut client = Client::new(settings.clone());
    for span in bundle.spans(settings) {
        client.handle_span(at(10.0), span);
    }
    client.handle_flush();
    client
}

#[test]
fn each_is_what_it_would_be_alone() {
    let settings = settings(r#"{"send_default_pii": true}"#);
    let parent = chat(&settings, 7);
    settings.ledger().start(2);
    let mut later = NUMBERS;
    (later[2], later[5]) = (3.0, 1_700_000_009_750.0);
    let two = [NUMBERS, later].concat();
    let mut client = taken(&settings, bundle(&parent, &two, &TEXTS.repeat(2)));
    let sent = spans(&client.poll_transmit(at(10.0)).unwrap().body);
    let ends = [(at(9.5), "0000000100000002"), (at(9.75), "0000000100000003")];
    for (span, (end, id)) in sent.iter().zip(ends) {
        assert_eq!(span["name"], "execute_tool search");
        assert_eq!((&span["span_id"], &span["parent_span_id"]), (&id.into(), &"0707070707070707".into()));
        assert_eq!(span["start_timestamp"].as_f64(), Some(at(9.0).seconds()));
        assert_eq!(span["end_timestamp"].as_f64(), Some(end.seconds()));
        let value = |key: &str| span["attributes"][key]["value"].clone();
        assert_eq!(value("sentry.origin"), "auto.ai.openai");
        assert_eq!(value("gen_ai.tool.description"), "a \"tool\"\n");
        assert_eq!(value("gen_ai.tool.call.result"), "42");
        assert_eq!(value("k"), 1);
    }
    assert_eq!(sent.len(), 2);
}

#[test]
fn one_that_is_still_open_goes_on() {
    let settings = settings("{}");
    let parent = chat(&settings, 7);
    let mut span = bundle(&parent, &NUMBERS, TEXTS).open(&settings).unwrap();
    assert!(span.is_recording() && span.context().trace_id == parent.context().trace_id);
    let finished = span.finish(at(11.0)).unwrap();
    let mut client = Client::new(settings);
    client.handle_span(at(11.0), finished);
    client.handle_flush();
    let sent = spans(&client.poll_transmit(at(11.0)).unwrap().body);
    assert_eq!(sent[0]["end_timestamp"].as_f64(), Some(at(11.0).seconds()));
}

#[test]
fn what_is_lost_of_them_is_counted() {
    let lost = |options: &str, act: &dyn Fn(&Arc<Settings>, Bundle)| {
        let settings = settings(options);
        let parent = chat(&settings, 7);
        settings.ledger().start(3);
        act(&settings, bundle(&parent, &NUMBERS.repeat(3), &TEXTS.repeat(2)));
        settings.ledger().stats().lost
    };
    // One of three is below nobody; its texts are its own.
    let settings = settings("{}");
    let parent = chat(&settings, 7);
    settings.ledger().start(3);
    let mut numbers = NUMBERS.repeat(3);
    (numbers[7], numbers[15]) = (6.0, 3.0);
    let told = bundle(&parent, &numbers, &TEXTS.replace("search", "a").repeat(3)).spans(&settings);
    assert_eq!((told.len(), settings.ledger().stats().lost["internal_sdk_error"]), (2, 1));
    // Of three numbers and the texts of two.
    let told = lost("{}", &|settings, bundle| assert_eq!(bundle.spans(settings).len(), 2));
    assert_eq!(told.get("internal_sdk_error"), Some(&1));
    let driven_out = |settings: &Arc<Settings>, bundle: Bundle| {
        let mut inbox = Inbox::default();
        inbox.push(settings, bundle);
        let Some(waiting @ Waiting::Bundle(_)) = inbox.pop() else { panic!("no bundle") };
        waiting.lose(settings, spanwire::delivery::Reason::QueueOverflow);
        assert!(inbox.is_empty() && inbox.bytes() == 0);
    };
    assert_eq!(lost("{}", &driven_out).get("queue_overflow"), Some(&3));
    // The parent's own, and three that only Spotlight would have seen.
    let beside = r#"{"traces_sample_rate": 0, "spotlight": true}"#;
    assert_eq!(lost(beside, &driven_out).get("sample_rate"), Some(&4));
}
