//! The receiver over a real socket: what it keeps, and what it answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Body, Error};

use crate::BlockingServers;
use crate::testing::{agent, exchange, get, get_json, header, post, text};

const AUTH: &str = "Sentry sentry_key=key, sentry_version=7, sentry_client=spanwire.test/0.1.0";

fn envelope() -> String {
    let header = json!({
        "sent_at": "2026-01-01T00:00:00.000Z",
        "dsn": "http://key@127.0.0.1/42",
        "sdk": { "name": "spanwire.test", "version": "0.1.0" },
    });
    format!("{header}\n{{\"type\":\"client_report\",\"length\":2}}\n{{}}\n")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn try_send(servers: &BlockingServers, encoding: &str, body: &[u8]) -> Result<Response<Body>, Error> {
    let request = agent().post(format!("{}/prefix/api/42/envelope/", servers.receiver()));
    let request = request.header("content-type", "application/x-sentry-envelope");
    request.header("x-sentry-auth", AUTH).header("content-encoding", encoding).send(body)
}

fn send(servers: &BlockingServers) -> Response<Body> {
    try_send(servers, "identity", envelope().as_bytes()).unwrap()
}

fn script(servers: &BlockingServers, answers: &Value) {
    assert_eq!(post(&format!("{}/__answer", servers.receiver()), answers).status(), 200);
}

/// One field of every envelope that was kept.
fn kept(servers: &BlockingServers, pointer: &str) -> Vec<Value> {
    let envelopes = get_json(&format!("{}/__envelopes", servers.receiver()));
    let envelopes = envelopes.as_array().unwrap().iter();
    envelopes.map(|envelope| envelope.pointer(pointer).cloned().unwrap()).collect()
}

#[test]
fn plain_and_gzipped_envelopes_are_read_alike() {
    let servers = BlockingServers::start().unwrap();
    assert_eq!(text(send(&servers)), "{}");
    let packed = gzip(&envelope());
    try_send(&servers, "gzip", &packed).unwrap();
    assert_eq!(kept(&servers, "/findings"), [json!([]), json!([])]);
    assert_eq!(kept(&servers, "/body"), [json!(envelope()), json!(envelope())]);
    assert_eq!(kept(&servers, "/encoding"), ["identity", "gzip"]);
    assert_eq!(kept(&servers, "/wire_bytes"), [envelope().len(), packed.len()]);
    assert_eq!(kept(&servers, "/path"), ["/prefix/api/42/envelope/"; 2]);
    assert_eq!(kept(&servers, "/headers/x-sentry-auth"), [AUTH, AUTH]);
    assert_eq!(kept(&servers, "/envelope/sdk/name"), ["spanwire.test"; 2]);
    assert_eq!(kept(&servers, "/items/0/header/type"), ["client_report"; 2]);
    assert_eq!(kept(&servers, "/items/0/payload"), [json!({}), json!({})]);
    assert_eq!(get(&format!("{}/__envelopes.raw", servers.receiver())), envelope().repeat(2));
}

#[test]
fn bad_encodings_are_findings() {
    let servers = BlockingServers::start().unwrap();
    try_send(&servers, "gzip", envelope().as_bytes()).unwrap();
    try_send(&servers, "br", envelope().as_bytes()).unwrap();
    let findings = kept(&servers, "/findings/0");
    let starts = findings.iter().zip(["the body cannot be read as gzip", "unknown content encoding: br"]);
    assert_eq!(findings.len(), 2);
    assert!(starts.into_iter().all(|(finding, start)| finding.as_str().unwrap().starts_with(start)));
}

#[test]
fn a_browser_needs_no_preflight() {
    let servers = BlockingServers::start().unwrap();
    let query = "sentry_key=key&sentry_version=7&sentry_client=spanwire.test%2F0.1.0";
    let request = agent().post(format!("{}/api/42/envelope/?{query}", servers.receiver()));
    let response = request.header("content-type", "text/plain;charset=UTF-8").send(envelope()).unwrap();
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(kept(&servers, "/findings"), [json!([])]);
    assert_eq!(kept(&servers, "/query"), [query]);
    let preflights = format!("{}/__preflights", servers.receiver());
    assert_eq!(get_json(&preflights), json!(0));
    for path in ["/api/42/envelope/", "/__answer"] {
        let head = format!("OPTIONS {path} HTTP/1.1\r\nconnection: close");
        assert!(exchange(servers.receiver(), &head, "").starts_with("HTTP/1.1 204"));
    }
    assert_eq!(get_json(&preflights), json!(1));
}

#[test]
fn scripted_answers_are_used_up_in_order() {
    let servers = BlockingServers::start().unwrap();
    let limited = json!({ "status": 429, "headers": { "retry-after": "1" }, "times": 2 });
    script(
        &servers,
        &json!([limited, { "status": 503 }, { "headers": { "x-sentry-rate-limits": "1:span" } }]),
    );
    let answers: Vec<_> = (0..5).map(|_| send(&servers)).collect();
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(statuses, [429, 429, 503, 200, 200]);
    let values: Vec<_> = answers.iter().map(|answer| header(answer, "retry-after")).collect();
    assert_eq!(values, ["1", "1", "", "", ""]);
    let values: Vec<_> = answers.iter().map(|answer| header(answer, "x-sentry-rate-limits")).collect();
    assert_eq!(values, ["", "", "", "1:span", ""]);
    assert_eq!(kept(&servers, "/status"), [429, 429, 503, 200, 200]);
    assert_eq!(get(&format!("{}/__envelopes.raw", servers.receiver())), envelope().repeat(2));
}

#[test]
fn a_cut_answer_has_not_one_byte() {
    let servers = BlockingServers::start().unwrap();
    script(&servers, &json!([{ "cut": true, "times": 2 }]));
    let head = format!("POST /api/42/envelope/ HTTP/1.1\r\nx-sentry-auth: {AUTH}");
    assert_eq!(exchange(servers.receiver(), &head, &envelope()), "");
    assert!(try_send(&servers, "identity", envelope().as_bytes()).is_err());
    assert_eq!(send(&servers).status(), 200);
    assert_eq!(kept(&servers, "/status"), [json!(null), json!(null), json!(200)]);
    assert_eq!(get(&format!("{}/__envelopes.raw", servers.receiver())), envelope());
}

#[test]
fn a_delayed_answer_is_late() {
    let servers = BlockingServers::start().unwrap();
    script(&servers, &json!([{ "delay_ms": 50 }]));
    let start = Instant::now();
    assert_eq!(send(&servers).status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(50));
}

#[test]
fn a_script_with_a_mistake_is_refused() {
    let servers = BlockingServers::start().unwrap();
    for wrong in [
        json!({}),
        json!([{ "state": 429 }]),
        json!([{ "status": 99 }]),
        json!([{ "headers": { "a b": "" } }]),
    ] {
        assert_eq!(post(&format!("{}/__answer", servers.receiver()), &wrong).status(), 400, "{wrong}");
    }
}

fn break_it(servers: &BlockingServers, faults: &Value) {
    assert_eq!(post(&format!("{}/__faults", servers.receiver()), faults).status(), 200);
}

/// How so many requests were answered, 0 for none.
fn statuses(servers: &BlockingServers, count: usize) -> Vec<u16> {
    let one = || try_send(servers, "identity", envelope().as_bytes());
    (0..count).map(|_| one().map_or(0, |answer| answer.status().as_u16())).collect()
}

#[test]
fn a_share_of_requests_fails_and_a_seed_says_which() {
    let servers = BlockingServers::start().unwrap();
    let faults = json!({ "share": 0.3, "seed": 7, "answers": [{ "cut": true }, { "status": 503 }] });
    break_it(&servers, &faults);
    let first = statuses(&servers, 60);
    break_it(&servers, &faults);
    assert_eq!(statuses(&servers, 60), first);
    let count = |status| first.iter().filter(|seen| **seen == status).count();
    assert_eq!(count(200) + count(503) + count(0), 60);
    assert!((30..55).contains(&count(200)) && count(503) > 0 && count(0) > 0, "{first:?}");
    break_it(&servers, &json!({ "share": 0 }));
    script(&servers, &json!([{ "status": 500 }]));
    assert_eq!(statuses(&servers, 2), [500, 200]);
}

#[test]
fn a_server_that_is_down_answers_nobody_and_keeps_nothing() {
    let servers = BlockingServers::start().unwrap();
    break_it(&servers, &json!({ "down_ms": 600_000 }));
    assert_eq!(statuses(&servers, 2), [0, 0]);
    assert_eq!(get_json(&format!("{}/__envelopes", servers.receiver())), json!([]));
    break_it(&servers, &json!({}));
    assert_eq!(statuses(&servers, 1), [200]);
}

#[test]
fn a_summary_counts_what_was_taken() {
    let servers = BlockingServers::start().unwrap();
    let payload = json!({ "items": [{ "span_id": "a" }, { "span_id": "b" }] }).to_string();
    let report =
        json!({ "discarded_events": [{ "reason": "r", "category": "span", "quantity": 3 }] }).to_string();
    let head = r#"{"sent_at":"2026-01-01T00:00:00Z","sdk":{"name":"n","version":"1"}}"#;
    let body =
        format!("{head}\n{{\"type\":\"span\"}}\n{payload}\n{{\"type\":\"client_report\"}}\n{report}\n");
    script(&servers, &json!([{ "status": 503 }, { "cut": true }]));
    for _ in 0..4 {
        let _ = try_send(&servers, "identity", body.as_bytes());
    }
    let summary = get_json(&format!("{}/__summary", servers.receiver()));
    assert_eq!(summary["envelopes"], 4);
    assert_eq!((&summary["spans"], &summary["distinct"]), (&json!(4), &json!(2)));
    assert_eq!(summary["statuses"], json!({ "200": 2, "503": 1, "cut": 1 }));
    assert_eq!(summary["reported"], json!({ "span:r": 6 }));
}

#[test]
fn faults_with_a_mistake_are_refused() {
    let servers = BlockingServers::start().unwrap();
    for wrong in [json!({ "share": 2 }), json!({ "shre": 1 }), json!({ "answers": [{ "status": 99 }] })] {
        assert_eq!(post(&format!("{}/__faults", servers.receiver()), &wrong).status(), 400, "{wrong}");
    }
}

#[test]
fn only_an_envelope_path_takes_envelopes() {
    let servers = BlockingServers::start().unwrap();
    for path in ["/api/42/envelope", "/api/x/envelope/", "/api/42/store/", "/42/envelope/"] {
        assert_eq!(post(&format!("{}{path}", servers.receiver()), &json!({})).status(), 404, "{path}");
    }
    assert_eq!(get_json(&format!("{}/__envelopes", servers.receiver())), json!([]));
}

#[test]
fn a_reset_forgets_everything() {
    let servers = BlockingServers::start().unwrap();
    script(&servers, &json!([{ "times": 1 }, { "status": 500 }]));
    send(&servers);
    exchange(servers.receiver(), "OPTIONS /api/42/envelope/ HTTP/1.1\r\nconnection: close", "");
    post(&format!("{}/__reset", servers.receiver()), &json!({}));
    assert_eq!(get_json(&format!("{}/__envelopes", servers.receiver())), json!([]));
    assert_eq!(get_json(&format!("{}/__preflights", servers.receiver())), json!(0));
    assert_eq!(send(&servers).status(), 200);
}
